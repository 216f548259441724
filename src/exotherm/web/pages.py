"""The pages: each asks a use case for its values and shows them."""

from collections.abc import Callable
from datetime import date
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from exotherm.render.report import STATE_OF_VERDICT, report_policy
from exotherm.render.study_charts import render_study_charts
from exotherm.usecases.billing import E_INVOICE, INVOICE
from exotherm.usecases.carbon import planned_emissions
from exotherm.usecases.show import (
    show_evidence,
    show_evidences,
    show_invoice,
    show_invoices,
    show_plan,
    show_plan_missing,
    show_site,
    show_today,
)
from exotherm.usecases.show_papers import find_document, find_pack
from exotherm.usecases.study import report_of
from exotherm.web.answers import ICON, answer, attachment, site_style
from exotherm.web.desk import Desk
from exotherm.web.live_charts import (
    History,
    LiveSite,
    render_day_heat,
    render_day_temperatures,
    render_now,
)

Page = Callable[[Request], Response]
_NO_STUDY: dict[str, object] = {"charts": None, "tone": "idle"}
_KINDS = {"pdf": (INVOICE, "application/pdf"), "xml": (E_INVOICE, "application/xml")}


def routes_of(desk: Desk) -> list[Route]:
    """List the addresses of the pages; a page and its JSON twin are one function."""
    pages = Pages(desk)
    listed: list[tuple[str, Page]] = [
        ("/", pages.today),
        ("/today.json", pages.today),
        ("/site", pages.site),
        ("/site.json", pages.site),
        ("/plan", pages.plan),
        ("/plan.json", pages.plan),
        ("/plan/report", pages.report),
        ("/invoices", pages.invoices),
        ("/invoices.json", pages.invoices),
        ("/invoices/{number}.json", pages.invoice),
        ("/invoices/{number}.{suffix:str}", pages.invoice_file),
        ("/invoices/{number}", pages.invoice),
        ("/evidence", pages.evidences),
        ("/evidence.json", pages.evidences),
        ("/evidence/{month}.json", pages.evidence),
        ("/evidence/{month}.zip", pages.evidence_file),
        ("/evidence/{month}", pages.evidence),
        ("/static/style.css", _style),
        ("/static/icon.svg", _icon),
        ("/favicon.ico", _icon),
    ]
    return [Route(path, page, methods=["GET"]) for path, page in listed]


class Pages:
    """The pages of one workspace."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def today(self, request: Request) -> Response:
        """Answer whether everyone is warm and whether anything waits for a person."""
        with self._desk.store() as store:
            shown = show_today(self._desk.workspace(), store, now=self._desk.now())
        return answer(request, "today", shown, twin="/today.json")

    def site(self, request: Request) -> Response:
        """Answer what flows where now, and how the day went."""
        day = _day(request)
        with self._desk.store() as store:
            shown = show_site(self._desk.workspace(), store, now=self._desk.now(), day=day)
        twin = f"/site.json?day={day}" if day else "/site.json"
        return answer(request, "site", shown, twin=twin, drawn=_site_charts(shown))

    def plan(self, request: Request) -> Response:
        """Answer whether it is worth building, and what if."""
        made = self._desk.study()
        if made is None:
            workspace = self._desk.workspace()
            shown = show_plan_missing(workspace.findings, folder=str(workspace.folder))
            return answer(request, "plan", shown, twin="/plan.json", drawn=_NO_STUDY)
        study, parts = made
        return answer(
            request,
            "plan",
            show_plan(study, parts.site, parts.contract, carbon=planned_emissions(parts, study)),
            twin="/plan.json",
            drawn={
                "charts": render_study_charts(study, parts.site),
                "tone": STATE_OF_VERDICT[study.verdict],
            },
        )

    def report(self, request: Request) -> Response:
        """Give the whole study as one page that can be kept; where there is none, say why."""
        made = self._desk.study()
        if made is None:
            return self.plan(request)
        study, parts = made
        html = report_of(study, parts, made_at=self._desk.now())
        return HTMLResponse(html, headers={"Content-Security-Policy": report_policy()})

    def invoices(self, request: Request) -> Response:
        """Answer what was billed."""
        with self._desk.store() as store:
            shown = show_invoices(store, folder=str(self._desk.folder), now=self._desk.now())
        return answer(request, "invoices", shown, twin="/invoices.json")

    def invoice(self, request: Request) -> Response:
        """Answer what is owed, and why."""
        number = request.path_params["number"]
        with self._desk.store() as store:
            shown = show_invoice(store, number, now=self._desk.now()) if store else None
        if shown is None:
            raise HTTPException(404, f"No invoice has the number {number}.")
        return answer(request, "invoice", shown, twin=f"/invoices/{number}.json")

    def invoice_file(self, request: Request) -> Response:
        """Give the bytes of an invoice as they were issued."""
        number, suffix = request.path_params["number"], request.path_params["suffix"]
        if suffix not in _KINDS:
            raise HTTPException(404, f"Invoices are kept as {' and '.join(_KINDS)}.")
        kind, media = _KINDS[suffix]
        with self._desk.store() as store:
            found = find_document(store, kind, number) if store else None
        if found is None:
            raise HTTPException(404, f"No invoice has the number {number}.")
        return attachment(found.content, name=f"{number}.{suffix}", kind=media)

    def evidences(self, request: Request) -> Response:
        """Answer what was proved."""
        with self._desk.store() as store:
            shown = show_evidences(store, folder=str(self._desk.folder), zone=self._zone())
        return answer(request, "evidences", shown, twin="/evidence.json")

    def evidence(self, request: Request) -> Response:
        """Answer what may be claimed, how sure it is, and how to check it."""
        month = request.path_params["month"]
        with self._desk.store() as store:
            shown = show_evidence(store, month, zone=self._zone()) if store else None
        if shown is None:
            raise HTTPException(404, f"No evidence pack is of {month}.")
        return answer(request, "evidence", shown, twin=f"/evidence/{month}.json")

    def evidence_file(self, request: Request) -> Response:
        """Give the bytes of the newest pack of a month as they were issued."""
        month = request.path_params["month"]
        with self._desk.store() as store:
            found = find_pack(store, month, zone=self._zone()) if store else None
        if found is None:
            raise HTTPException(404, f"No evidence pack is of {month}.")
        return attachment(found.content, name=f"{found.number}.zip", kind="application/zip")

    def _zone(self) -> str:
        site = self._desk.workspace().site
        return site.site.zone if site else "UTC"


def _style(_: Request) -> Response:
    return Response(site_style(), media_type="text/css")


def _icon(_: Request) -> Response:
    return Response(ICON, media_type="image/svg+xml")


def _day(request: Request) -> date | None:
    """Read the day that is asked for; none at all where the address names none."""
    text = request.query_params.get("day")
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise HTTPException(404, "A day is written like 2026-10-14.") from None


def _site_charts(shown: dict[str, object]) -> dict[str, object]:
    now = cast("dict[str, float | None] | None", shown["now"])
    history = cast("History | None", shown["history"])
    site = cast("LiveSite | None", shown["site"])
    promise = cast("dict[str, float] | None", shown["promise"])
    charts: dict[str, object] = {"now_chart": None, "heat_chart": None, "warm_chart": None}
    if now is not None:
        has_heat_pump = site is not None and site["has_heat_pump"]
        charts["now_chart"] = render_now(
            now["power_kw"], now["heat_kw"], has_heat_pump=has_heat_pump
        )
    if history is not None and site is not None:
        promised = promise["supply_c_min"] if promise else None
        charts["heat_chart"] = render_day_heat(history, site["zone"])
        charts["warm_chart"] = render_day_temperatures(history, site["zone"], promised)
    return charts
