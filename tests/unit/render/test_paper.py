"""Pages set on paper: what the page says, the paper says."""

import contextlib
import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import etree, html

from exotherm.plan.study import make_study
from exotherm.render.paper import render_paper
from exotherm.render.paper_blocks import blocks_of
from exotherm.render.report import render_study

MADE_AT = datetime(2026, 3, 1, 9, 30, 15, 123_456, tzinfo=UTC)


@pytest.fixture(scope="module")
def page(pool_site, pool_contract, pool_surroundings) -> str:
    study = make_study(pool_site, pool_contract, pool_surroundings)
    return render_study(study, pool_site, pool_contract, made_at=MADE_AT)


@pytest.fixture(scope="module")
def blocks(page) -> list[dict[str, Any]]:
    return blocks_of(main_of(page))


def main_of(page: str) -> Any:
    return html.document_fromstring(page).find(".//main")


def spoken(value) -> Iterator[str]:
    """All words of blocks, in order; runs are pairs of a style and words."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("drawing", "alt", "kind", "look", "state", "level"):
                yield from spoken(inner)
    elif isinstance(value, tuple):
        yield value[1] if value[0] != "break" else " "
    elif isinstance(value, list):
        for inner in value:
            yield from spoken(inner)
        yield " "


def words_of(text: str) -> list[str]:
    return text.split()


def test_paper_says_what_the_page_says(page, blocks):
    """A second way: the page's words as lxml reads them, less what unfolds and what is drawn."""
    main = main_of(page)
    for unread in main.xpath(".//details | .//svg"):
        unread.drop_tree()
    for element in main.iter():
        # Blocks end words, as they do on a screen.
        if element.tag not in ("code", "span", "b", "small"):
            element.tail = f" {element.tail or ''}"
    wanted = sorted(words_of(main.text_content()))
    assert sorted(words_of("".join(spoken(blocks)))) == wanted


def test_every_chart_is_drawn_in_the_sheets_colours(blocks):
    charts = [one for one in flat(blocks) if one["kind"] == "chart"]
    assert len(charts) >= 7
    for chart in charts:
        assert chart["alt"]
        assert "var(" not in chart["drawing"]
        assert "light-dark" not in chart["drawing"]
        assert "NaN" not in chart["drawing"]
        drawn = etree.fromstring(chart["drawing"].encode())
        for filled in drawn.iter():
            used = filled.get("fill") or filled.get("clip-path") or ""
            found = re.fullmatch(r"url\(#(.+)\)", used)
            if found:
                assert drawn.xpath(f"//*[@id='{found[1]}']"), found[1]


def flat(blocks) -> Iterator[dict[str, Any]]:
    for one in blocks:
        yield one
        yield from flat(one.get("blocks", []))
        for cell in one.get("cells", []):
            yield from flat(cell)


def test_the_same_page_makes_the_same_archive(page):
    paper = render_paper(page, made_at=MADE_AT, foot="Riverside Pool")
    assert paper == render_paper(page, made_at=MADE_AT, foot="Riverside Pool")
    assert paper.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("markup", "runs"),
    [
        ("<p>  one\n  two </p>", [("", "one two")]),
        ("<p>one <b>two</b>, three</p>", [("", "one "), ("strong", "two"), ("", ", three")]),
        ("<p><code>a</code><br>\n b</p>", [("code", "a"), ("break", ""), ("", "b")]),
        ("<p>7 <small>kWh</small></p>", [("", "7 "), ("small", "kWh")]),
        ('<p>a <span class="muted">b</span></p>', [("", "a "), ("muted", "b")]),
        ("<p></p>", []),
    ],
)
def test_white_space_is_a_browsers(markup, runs):
    (block,) = blocks_of(html.fragment_fromstring(markup, create_parent="main"))
    assert block["runs"] == runs


def sizes_by_sheet(archive: bytes) -> list[set[bytes]]:
    """Give the sizes of type on each sheet of an archive."""
    sheets = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", archive, re.DOTALL):
        with contextlib.suppress(zlib.error):
            drawn = zlib.decompress(packed)
            if b" Tf" in drawn:
                sheets.append(set(re.findall(rb"/f\d+ ([\d.]+) Tf", drawn)))
    return sheets


@pytest.mark.parametrize("before", [40, 43, 46, 48, 50])
def test_a_heading_and_its_sentence_stay_with_their_table(before):
    """However full the sheet is before: the heading's 13 points are where the table's 8 are."""
    rows = "".join(f"<tr><td>Row {number}</td><td>{number}</td></tr>" for number in range(6))
    page = (
        '<html lang="en"><head><title>A page</title></head><body><main><h1>A page</h1>'
        f"{'<p>Words.</p>' * before}<h2>A heading</h2><p>A sentence.</p>"
        f"<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody>{rows}</tbody></table>"
        "</main></body></html>"
    )
    sheets = sizes_by_sheet(render_paper(page, made_at=MADE_AT, foot="a page"))
    (headed,) = (sizes for sizes in sheets if b"13" in sizes)
    assert b"8" in headed
