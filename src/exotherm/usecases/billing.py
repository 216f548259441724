"""Closing a month: readings from the store, the invoice, its documents back into the store."""

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from exotherm.bill.close import Closed, close_month
from exotherm.bill.invoice import Invoice
from exotherm.contract.terms import Contract
from exotherm.core.errors import UnableTo
from exotherm.core.findings import Finding, Severity, Where, has_errors
from exotherm.core.period import Period, name_of_month, read_month, write_day
from exotherm.operate.limits import limits_of
from exotherm.operate.simulated import SIMULATED_CODE
from exotherm.render.pdf import render_invoice_pdf
from exotherm.render.ubl import render_ubl
from exotherm.site.document import Site, points_of
from exotherm.store.sqlite import Store
from exotherm.usecases.contract_samples import contract_samples
from exotherm.usecases.files import write_whole
from exotherm.usecases.hand_reading import HAND_READING_CODE
from exotherm.usecases.keys import load_or_make_keys
from exotherm.usecases.meter_ledger import notes_of_ledger
from exotherm.usecases.records import known_of, read_records
from exotherm.usecases.workspace import Ready

INVOICE, E_INVOICE = "invoice", "e-invoice"
INVOICE_FOLDER = "invoices"
_NOTED_CODES = frozenset({SIMULATED_CODE, HAND_READING_CODE})


class UnableToWriteInvoice(UnableTo):
    """The files of an invoice could not be written; what was issued stays issued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """An invoice that was issued, and the files a person can send."""

    invoice: Invoice
    findings: tuple[Finding, ...]
    files: tuple[Path, ...]


def preview_invoice(workspace: Ready, store: Store, month: str, *, issued_on: date) -> Closed:
    """Make the invoice of a month as it would be issued now, and change nothing.

    Raises ValueError for what is no month.
    """
    contract = workspace.contract
    period = billed_period(contract, month)
    billed = _already_billed(store, contract, period)
    if billed:
        return Closed(invoice=None, metered=None, findings=billed)
    key = load_or_make_keys(
        workspace.folder,
        site_name=workspace.site.site.name,
        named=_named_key(store),
    )
    records = read_records(workspace.folder, contract)
    if has_errors(records.findings):
        return Closed(invoice=None, metered=None, findings=records.findings)
    points, most = points_of(workspace.site), heat_kw_max(workspace.site, contract)
    closed = close_month(
        contract,
        points=points,
        samples=contract_samples(contract, store, period),
        period=period,
        number=store.next_number(INVOICE, f"EX-{issued_on.year}-"),
        issued_on=issued_on,
        heat_kw_max=most,
        evidence_key=key.signing.vkey,
        known=known_of(
            contract,
            records,
            store,
            points,
            period=period,
            heat_kw_max=most,
            known_on=issued_on,
        ),
    )
    return replace(closed, findings=(*closed.findings, *notes_on_readings(store, period)))


def notes_on_readings(store: Store, period: Period) -> tuple[Finding, ...]:
    """Say what of a period's readings no meter sent: simulated, taken by hand, or entered."""
    noted = [event.finding for event in store.events(period) if event.code in _NOTED_CODES]
    return (*noted, *notes_of_ledger(store, period))


def _named_key(store: Store) -> str:
    """Give the key that the last issued invoice names, or nothing where none was issued."""
    issued = store.documents(INVOICE)
    return str(json.loads(issued[-1].json).get("evidence_key") or "") if issued else ""


def issue_invoice(
    workspace: Ready, store: Store, month: str, *, issued_on: date
) -> Issued | tuple[Finding, ...]:
    """Close a month for good: store its invoice under the next number and write its files.

    Gives the findings where one stands against it; then nothing was issued.
    """
    closed = preview_invoice(workspace, store, month, issued_on=issued_on)
    invoice = closed.invoice
    if invoice is None:
        return closed.findings
    text = json.dumps(invoice.to_json(), ensure_ascii=False, allow_nan=False)
    pdf, xml = render_invoice_pdf(invoice), render_ubl(invoice)
    with store.together():
        for kind, content in ((INVOICE, pdf), (E_INVOICE, xml)):
            store.save_document(
                kind=kind,
                number=invoice.number,
                issued_on=invoice.issued_on,
                period=invoice.period,
                text=text,
                content=content,
            )
    files = write_invoice_files(workspace, store, invoice.number)
    return Issued(invoice=invoice, findings=closed.findings, files=files)


def write_invoice_files(workspace: Ready, store: Store, number: str) -> tuple[Path, ...]:
    """Write an issued invoice's PDF and XML into the workspace, as they are stored.

    Raises UnableToWriteInvoice; the invoice then stays issued, and this can be tried again.
    """
    folder = workspace.folder / INVOICE_FOLDER
    files = []
    try:
        for kind, suffix in ((INVOICE, "pdf"), (E_INVOICE, "xml")):
            document = next((one for one in store.documents(kind) if one.number == number), None)
            if document is None:
                raise UnableToWriteInvoice(
                    f"No invoice {number} was issued",
                    remedy="`exotherm bill list` names those that were.",
                )
            path = folder / f"{number}.{suffix}"
            write_whole(path, document.content)
            files.append(path)
    except OSError as error:
        raise UnableToWriteInvoice(
            f"{number} is issued and stored, but {folder} cannot be written: {error.strerror}",
            remedy=f"Make room, then run `exotherm bill export {workspace.folder} {number}`.",
            retryable=True,
        ) from error
    return tuple(files)


def billed_period(contract: Contract, month: str) -> Period:
    """Give the part of a month that the contract's term covers, or the month where none is."""
    period = read_month(month, contract.zone)
    return period.overlap(contract.billed_period) or period


def heat_kw_max(site: Site, contract: Contract) -> float:
    """Give the largest heat that can pass the billed register, by the plant's ratings."""
    return limits_of(site).per_hour_max.get(contract.delivered_heat.point, 0.0)


def _already_billed(store: Store, contract: Contract, period: Period) -> tuple[Finding, ...]:
    for document in store.documents(INVOICE):
        if document.period.overlap(period) is None:
            continue
        return (
            Finding(
                code="bill.already-issued",
                severity=Severity.ERROR,
                where=Where(path=name_of_month(period, contract.zone)),
                message=f"Invoice {document.number} of {write_day(document.issued_on)} bills "
                "this month.",
                remedy="An issued invoice is never made again; correct it by a new document.",
                data={"number": document.number},
            ),
        )
    return ()
