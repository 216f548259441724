"""The pages in a real browser: quiet console, nothing leaves this machine, numbers as in JSON."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import uvicorn
from operated_pool import NOW, operate_pool

from exotherm.core.units import format_number
from exotherm.render.templating import digits
from exotherm.web.app import make_app

TWINS = {
    "/": "/today.json",
    "/site": "/site.json",
    "/plan": "/plan.json",
    "/plan/report": "/plan.json",
    "/invoices": "/invoices.json",
    "/invoices/EX-2026-0001": "/invoices/EX-2026-0001.json",
    "/evidence": "/evidence.json",
    "/evidence/2026-10": "/evidence/2026-10.json",
}
EVERY_PAGE = pytest.mark.parametrize("address", TWINS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("browser") / "pool"
    operate_pool(folder)
    return folder


@pytest.fixture(scope="module")
def base(folder) -> Iterator[str]:
    """Serve the workspace on a free port of loopback."""
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        app = make_app(folder, now=lambda: NOW)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture
def visit(browser, base):
    """Open a page and give it with what it complained of and all that it asked for."""
    pages = []

    def open_page(address: str, **context):
        page = browser.new_page(**context)
        pages.append(page)
        complaints: list[str] = []
        requests: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else 0)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        answer = page.goto(f"{base}{address}", wait_until="load")
        assert answer.status == 200
        return page, complaints, requests

    yield open_page
    for page in pages:
        page.close()


def twin_of(page, base: str, address: str):
    answer = page.request.get(f"{base}{TWINS[address]}")
    return json.loads(answer.text())


def text_of(page) -> str:
    return " ".join(page.locator("main").inner_text().split())


def plain(shown: str) -> str:
    return " ".join(shown.split())


@EVERY_PAGE
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_opens_quietly_and_stays_on_this_machine(visit, base, address, scheme):
    _, complaints, requests = visit(address, color_scheme=scheme)
    assert complaints == []
    outside = [url for url in requests if not url.startswith((f"{base}/", "data:"))]
    assert (outside, bool(requests)) == ([], True)


@EVERY_PAGE
@pytest.mark.parametrize("width", [320, 1280])
def test_is_no_wider_than_the_screen(visit, address, width):
    page, _, _ = visit(address, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@EVERY_PAGE
def test_key_numbers_are_those_of_the_twin(visit, base, address):
    page, _, _ = visit(address)
    twin, shown = twin_of(page, base, address), text_of(page)
    match twin["page"]:
        case "today" | "site":
            wanted = [f"{twin['now']['heat_kw']:.1f} kW", f"{twin['now']['supply_c']:.1f} °C"]
        case "plan":
            wanted = [
                twin["verdict_text"],
                format_number(twin["npv"], 0),
                format_number(twin["heat_demand_kwh"], 0),
                format_number(twin["delivery_cost_per_kwh"], 4),
            ]
        case "invoices":
            wanted = [digits(one["total_amount"]) for one in twin["invoices"]]
        case "invoice":
            wanted = [digits(twin["invoice"][name]) for name in ("net_amount", "total_amount")]
        case "evidences":
            wanted = [one["number"] for one in twin["packs"]]
        case "evidence":
            wanted = [twin["statement"][0], twin["verify"]["key"], twin["file"]["sha256"]]
    assert wanted
    assert [one for one in wanted if plain(one) not in shown] == []


def test_charts_are_drawn_and_unfold_into_tables_without_script(visit):
    page, _, _ = visit("/plan", java_script_enabled=False)
    months = page.locator("#months")
    column = months.locator("svg[role=img] > rect").first.bounding_box()
    assert column["height"] > 20
    assert column["width"] > 5
    assert not months.locator("table").is_visible()
    months.locator("summary").click()
    assert months.locator("table").is_visible()


def test_the_keyboard_reaches_the_content_first(visit):
    page, _, _ = visit("/site")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_state_is_a_dot_and_a_word(visit):
    page, _, _ = visit("/")
    state = page.locator("h1 .state")
    assert state.inner_text() == "Delivering"
    colour = state.evaluate("one => getComputedStyle(one, '::before').backgroundColor")
    assert colour not in ("", "rgba(0, 0, 0, 0)")


def test_the_report_prints_on_paper(visit):
    page, _, _ = visit("/plan/report")
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594" in paper or b"/MediaBox [0 0 595" in paper


def test_an_invoice_can_be_kept_as_a_file(visit, tmp_path):
    page, _, _ = visit("/invoices/EX-2026-0001")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Invoice as PDF").click()
    kept = tmp_path / "kept.pdf"
    waiting.value.save_as(kept)
    assert waiting.value.suggested_filename == "EX-2026-0001.pdf"
    assert kept.read_bytes().startswith(b"%PDF")
