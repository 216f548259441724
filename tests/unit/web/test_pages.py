"""The pages over HTTP: page and JSON twin say the same, nothing can be changed, nothing leaks."""

import asyncio
import hashlib
import json
import logging
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html
from operated_pool import NOW, copy_pool, operate_pool

from exotherm.core.errors import UnableTo
from exotherm.core.units import format_number, format_quantity
from exotherm.render.templating import digits
from exotherm.store.sqlite import open_store
from exotherm.web import pages
from exotherm.web.app import make_app

TWINS = {
    "/": "/today.json",
    "/site": "/site.json",
    "/plan": "/plan.json",
    "/invoices": "/invoices.json",
    "/invoices/EX-2026-0001": "/invoices/EX-2026-0001.json",
    "/evidence": "/evidence.json",
    "/evidence/2026-10": "/evidence/2026-10.json",
}
EVERY_PAGE = pytest.mark.parametrize("address", TWINS)


class Client:
    """Asks the application itself, without a socket."""

    def __init__(self, folder: Path, *, raises: bool) -> None:
        app = make_app(folder, now=lambda: NOW)
        self._transport = httpx.ASGITransport(app=app, raise_app_exceptions=raises)

    def request(self, method: str, address: str, headers: dict[str, str] | None = None):
        async def ask() -> httpx.Response:
            base = "http://127.0.0.1"
            async with httpx.AsyncClient(transport=self._transport, base_url=base) as client:
                return await client.request(method, address, headers=headers)

        return asyncio.run(ask())

    def get(self, address: str, headers: dict[str, str] | None = None):
        return self.request("GET", address, headers)


def client_of(folder: Path, *, raises: bool = True) -> Client:
    return Client(folder, raises=raises)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("web") / "pool"
    operate_pool(folder)
    return folder


@pytest.fixture(scope="module")
def client(folder) -> Client:
    return client_of(folder)


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Client:
    """A workspace with its files and nothing else."""
    return client_of(copy_pool(tmp_path_factory.mktemp("bare") / "pool").folder)


def parsed(page: str) -> Any:
    return html.fromstring(page)


def said(page: str) -> str:
    return " ".join(parsed(page).text_content().split())


def plain(shown: str) -> str:
    return " ".join(shown.split())


@EVERY_PAGE
def test_every_page_names_its_twin_and_the_twin_is_there(client, address):
    page = parsed(client.get(address).text)
    (link,) = page.xpath("//link[@rel='alternate' and @type='application/json']/@href")
    assert link == TWINS[address]
    twin = client.get(link)
    assert twin.status_code == 200
    assert twin.headers["content-type"] == "application/json"
    assert isinstance(twin.json(), dict)


@EVERY_PAGE
def test_every_page_keeps_to_the_strict_policy(client, address):
    answer = client.get(address)
    assert answer.headers["content-security-policy"].startswith("default-src 'self';")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    page = parsed(answer.text)
    assert page.xpath("//*[@style] | //style | //script | //*[@onclick]") == []
    assert [one for one in re.findall(r'(?:href|src)="([^"]+)"', answer.text) if "//" in one] == []


@EVERY_PAGE
def test_every_page_can_be_read_by_everybody(client, address):
    page = parsed(client.get(address).text)
    assert page.get("lang") == "en"
    assert len(page.findall(".//h1")) == 1
    assert page.xpath("//a[@class='skip']/@href") == ["#content"]
    assert page.xpath("//*[@id='content']")[0].tag == "main"
    assert len(page.xpath("//nav//a[@aria-current='page']")) == 1
    assert all(table.find("caption") is not None for table in page.findall(".//table"))
    assert all(one.get("aria-label") for one in page.xpath("//*[local-name()='svg'][@role='img']"))
    identities = page.xpath("//@id")
    assert len(set(identities)) == len(identities)


class TestSameNumbers:
    """The page shows the numbers of its twin, written as people read them."""

    def test_today(self, client):
        page, twin = said(client.get("/").text), client.get("/today.json").json()
        assert twin["state"]["word"] in page
        assert f"{twin['now']['heat_kw']:.1f} kW" in page
        assert f"{twin['now']['supply_c']:.1f} °C" in page
        assert plain(digits(twin["last_invoice"]["total_amount"])) in page

    def test_site(self, client):
        page, twin = said(client.get("/site").text), client.get("/site.json").json()
        for point in twin["points"]:
            shown = format_quantity(
                f"a_{point['unit']}", point["value"], decimals=point["decimals"]
            )
            assert plain(shown) in page
        assert plain(format_quantity("heat_kwh", twin["history"]["heat_kwh"])) in page

    def test_plan(self, client):
        page, twin = said(client.get("/plan").text), client.get("/plan.json").json()
        assert plain(twin["verdict_text"]) in page
        for shown in (
            format_number(twin["npv"], 0),
            format_number(twin["heat_demand_kwh"], 0),
            format_number(twin["delivery_cost_per_kwh"], 4),
            format_quantity("payback_years", twin["payback_years"]),
            *(format_quantity("npv", one["npv"]) for one in twin["setbacks"]),
        ):
            assert plain(shown) in page

    def test_invoice(self, client):
        page = said(client.get("/invoices/EX-2026-0001").text)
        twin = client.get("/invoices/EX-2026-0001.json").json()
        invoice = twin["invoice"]
        amounts = [invoice["net_amount"], invoice["vat_amount"], invoice["total_amount"]]
        for line in invoice["lines"]:
            amounts += [line["quantity"], line["price"], line["amount"]]
        assert [one for one in amounts if plain(digits(one)) not in page] == []
        assert invoice["metering"]["opening_shown"] in page
        assert invoice["metering"]["closing_shown"] in page

    def test_evidence(self, client):
        page = said(client.get("/evidence/2026-10").text)
        twin = client.get("/evidence/2026-10.json").json()
        assert all(plain(sentence) in page for sentence in twin["statement"])
        assert all(file["sha256"] in page for file in twin["files"])
        assert all(command in page for command in twin["verify"]["commands"])
        for factor in twin["factors"].values():
            assert plain(digits(factor["value"])) in page


class TestFiles:
    @pytest.mark.parametrize(
        ("address", "kind", "media"),
        [
            ("/invoices/EX-2026-0001.pdf", "invoice", "application/pdf"),
            ("/invoices/EX-2026-0001.xml", "e-invoice", "application/xml"),
            ("/evidence/2026-10.zip", "evidence", "application/zip"),
        ],
    )
    def test_documents_come_as_they_were_issued(self, client, folder, address, kind, media):
        answer = client.get(address)
        with open_store(folder / "exotherm.db") as store:
            (document,) = store.documents(kind)
        assert answer.content == document.content
        assert hashlib.sha256(answer.content).hexdigest() == document.sha256
        assert answer.headers["content-type"] == media
        assert answer.headers["content-disposition"].startswith(
            f'attachment; filename="{document.number}'
        )

    def test_the_report_has_the_policy_of_its_own_style(self, client):
        answer = client.get("/plan/report")
        assert answer.headers["content-security-policy"].startswith("default-src 'none';")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert client.get("/plan.json").json()["verdict_text"] in parsed(answer.text).findtext(
            ".//h1"
        )

    @pytest.mark.parametrize("address", ["/static/style.css", "/static/icon.svg", "/favicon.ico"])
    def test_what_pages_ask_for_is_there(self, client, address):
        assert client.get(address).status_code == 200


class TestRefusals:
    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
    @pytest.mark.parametrize("address", ["/", "/invoices/EX-2026-0001", "/plan.json"])
    def test_nothing_can_be_changed(self, client, method, address):
        answer = client.request(method, address)
        assert answer.status_code == 405
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}

    def test_heads_are_answered(self, client):
        answer = client.request("HEAD", "/plan")
        assert (answer.status_code, answer.content) == (200, b"")

    @pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.4"])
    def test_a_foreign_name_for_this_machine_is_refused(self, client, host):
        answer = client.get("/", headers={"Host": host})
        assert answer.status_code == 400
        assert "Riverside" not in answer.text

    @pytest.mark.parametrize("host", ["127.0.0.1:8099", "localhost:8099", "localhost"])
    def test_its_own_names_are_answered(self, client, host):
        assert client.get("/static/icon.svg", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize(
        "address",
        [
            "/nothing",
            "/invoices/EX-2026-0002",
            "/invoices/EX-2026-0001.exe",
            "/invoices/..%2f..%2fsite.toml",
            "/evidence/2026-09",
            "/evidence/2026-10%00",
            "/site?day=yesterday",
            "/static/../app.py",
        ],
    )
    def test_what_is_not_there_is_said_in_our_voice(self, client, address):
        answer = client.get(address)
        assert answer.status_code == 404
        page = parsed(answer.text)
        assert page.findtext(".//h1") == "This page is not there"
        assert answer.headers["content-security-policy"].startswith("default-src 'self';")

    def test_a_twin_that_is_not_there_is_said_in_json(self, client):
        answer = client.get("/invoices/EX-2026-0002.json")
        assert answer.status_code == 404
        assert answer.json()["text"].startswith("No invoice has the number EX-2026-0002.")

    def test_what_a_person_sends_is_never_markup(self, client):
        answer = client.get("/invoices/<script>alert(1)<%2fscript>")
        assert "<script>" not in answer.text


class TestFaults:
    def test_ours_show_no_traceback_and_are_logged(self, folder, monkeypatch, caplog):
        def break_it(*_args, **_kwargs):
            raise KeyError("secret-detail")

        monkeypatch.setattr(pages, "show_today", break_it)
        with caplog.at_level(logging.ERROR, logger="exotherm.web"):
            answer = client_of(folder, raises=False).get("/")
        assert answer.status_code == 500
        assert "secret-detail" not in answer.text
        assert "Traceback" not in answer.text
        assert parsed(answer.text).findtext(".//h1").startswith("This is a fault in exotherm")
        assert answer.headers["content-security-policy"].startswith("default-src 'self';")
        assert "secret-detail" in caplog.text

    def test_the_outside_worlds_say_the_remedy(self, folder, monkeypatch):
        def fail(*_args, **_kwargs):
            raise UnableTo("The store is locked", remedy="Wait until the other program ends.")

        monkeypatch.setattr(pages, "show_today", fail)
        answer = client_of(folder).get("/today.json")
        assert answer.status_code == 503
        assert "Wait until the other program ends." in answer.json()["text"]


class TestEmptyStates:
    @pytest.mark.parametrize(
        ("address", "command"),
        [
            ("/", "exotherm operate poll"),
            ("/site", "exotherm operate poll"),
            ("/invoices", "exotherm bill close"),
            ("/evidence", "exotherm prove pack"),
        ],
    )
    def test_say_the_next_command(self, bare, address, command):
        commands = parsed(bare.get(address).text).xpath("//pre/code/text()")
        assert [one for one in commands if one.startswith(command)] != []

    @pytest.mark.parametrize("address", ["/", "/site", "/plan", "/plan/report"])
    def test_a_folder_without_files_says_what_is_missing(self, tmp_path, address):
        page = client_of(tmp_path).get(address)
        assert page.status_code == 200
        assert f"exotherm check {tmp_path}" in page.text
        assert "<code>site.toml</code>" in page.text

    def test_showing_a_workspace_makes_nothing_in_it(self, tmp_path):
        folder = copy_pool(tmp_path / "pool").folder
        before = sorted(path.name for path in folder.iterdir())
        client = client_of(folder)
        for address in ("/", "/site", "/invoices", "/evidence"):
            client.get(address)
        assert sorted(path.name for path in folder.iterdir()) == before


def test_a_changed_file_is_read_again(tmp_path):
    folder = copy_pool(tmp_path / "pool").folder
    client = client_of(folder)
    assert client.get("/site.json").json()["site"]["name"] == "Riverside Pool"
    file = folder / "site.toml"
    file.write_text(file.read_text().replace('"Riverside Pool"', '"Another Pool of the Town"'))
    assert client.get("/site.json").json()["site"]["name"] == "Another Pool of the Town"


def test_json_is_that_of_the_use_case(client, folder):
    with open_store(folder / "exotherm.db") as store:
        issued = json.loads(store.documents("invoice")[0].json)
    assert client.get("/invoices/EX-2026-0001.json").json()["invoice"] == issued
