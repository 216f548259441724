"""The study of every example in a real browser: on a telephone and a screen nothing sticks out."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from exotherm.usecases.new import EXAMPLES
from exotherm.usecases.study import report_of, study_workspace
from exotherm.usecases.workspace import load_workspace, ready

FOLDER = Path(__file__).parents[2] / "examples"
MADE_AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
# Words of a drawing that reach over the edge of the card it stands in.
STICKING_OUT = """() => [...document.querySelectorAll("figure.chart svg text")].filter((one) => {
  const words = one.getBoundingClientRect();
  const card = one.closest("figure").getBoundingClientRect();
  return words.width > 0 && (words.left < card.left || words.right > card.right);
}).map((one) => one.textContent)"""


# Tables that reach beyond what is seen, where nothing shades the edge in the colour they stand on.
UNSHADED = """() => [...document.querySelectorAll(".scroll")].filter((one) => {
  const shades = getComputedStyle(one).backgroundImage;
  let behind = one;
  const ground = (element) => getComputedStyle(element).backgroundColor;
  while (ground(behind) === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
  return one.scrollWidth > one.clientWidth && !(shades.split("linear-gradient").length === 5
    && shades.includes(ground(behind)));
}).map((one) => one.getAttribute("aria-label"))"""


@pytest.fixture(scope="module", params=EXAMPLES)
def page_of(request, tmp_path_factory) -> Path:
    """Write the study of an example as a file, as people get it."""
    workspace = ready(load_workspace(FOLDER / request.param))
    assert workspace is not None
    report = report_of(study_workspace(workspace), workspace, made_at=MADE_AT)
    page: Path = tmp_path_factory.mktemp("study") / f"{request.param}.html"
    page.write_text(report, encoding="utf-8")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_sticks_out(browser, page_of, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(page_of.as_uri(), wait_until="load")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate(UNSHADED) == []
    page.close()


def test_only_a_pool_is_spoken_of_as_one(page_of):
    before, _, _ = page_of.read_text(encoding="utf-8").partition("<h2>Assumptions</h2>")
    _, _, body = before.partition("<body>")
    spoken = re.sub(r"<[^>]*>", " ", body).lower()
    assert ("pool" in spoken) == (page_of.stem == "pool")
