"""``exotherm bill``: preview and close a month, list what was issued."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from exotherm.bill.explain import write_amount, write_price, write_quantity, write_unit
from exotherm.bill.invoice import Invoice
from exotherm.cli.options import (
    as_json,
    at_now,
    for_month,
    ready_workspace,
    stop_with_findings,
    workspace_folder,
)
from exotherm.cli.output import findings_json, note, say, say_json, say_table, show_findings


@click.group("bill")
def bill_command() -> None:
    """Close a month: register difference, rated lines, invoice as PDF and UBL."""


@bill_command.command("preview")
@workspace_folder
@for_month
@as_json
@at_now
def preview(folder: Path, *, month: str, as_json: bool, now: datetime) -> int:
    """Show the invoice of a month as it would be issued now; nothing is stored."""
    from exotherm.store.sqlite import open_store
    from exotherm.usecases.billing import preview_invoice

    workspace = ready_workspace(folder, as_json=as_json)
    if workspace is None:
        return 1
    issued_on = now.astimezone(workspace.contract.zone).date()
    with open_store(workspace.store) as store:
        closed = preview_invoice(workspace, store, month, issued_on=issued_on)
    if closed.invoice is None:
        return stop_with_findings(closed.findings, as_json=as_json)
    data = {"invoice": closed.invoice.to_json(), "findings": findings_json(closed.findings)}
    if as_json:
        say_json(data)
        return 0
    show_findings(closed.findings)
    _say_invoice(closed.invoice)
    note("This is a preview; nothing was issued.")
    return 0


@bill_command.command("close")
@workspace_folder
@for_month
@click.option("--yes", is_flag=True, help="Issue without asking; needed where nobody can answer.")
@as_json
@at_now
def close(folder: Path, *, month: str, yes: bool, as_json: bool, now: datetime) -> int:
    r"""Issue the invoice of a month, for good.

    \b
    Example:
      exotherm bill close riverside --month 2026-10

    Exits with 1 and the findings where one stands against the invoice.
    """
    from exotherm.store.sqlite import open_store
    from exotherm.usecases.billing import Issued, issue_invoice, preview_invoice

    workspace = ready_workspace(folder, as_json=as_json)
    if workspace is None:
        return 1
    issued_on = now.astimezone(workspace.contract.zone).date()
    with open_store(workspace.store) as store:
        if not yes:
            closed = preview_invoice(workspace, store, month, issued_on=issued_on)
            if closed.invoice is None:
                return stop_with_findings(closed.findings, as_json=as_json)
            _ask(closed.invoice, as_json=as_json)
        issued = issue_invoice(workspace, store, month, issued_on=issued_on)
    if not isinstance(issued, Issued):
        return stop_with_findings(issued, as_json=as_json)
    if as_json:
        say_json(
            {
                "invoice": issued.invoice.to_json(),
                "files": [str(path) for path in issued.files],
                "findings": findings_json(issued.findings),
            }
        )
        return 0
    show_findings(issued.findings)
    _say_invoice(issued.invoice)
    for path in issued.files:
        say(f"wrote {path}")
    return 0


@bill_command.command("export")
@workspace_folder
@click.argument("number")
@as_json
def export(folder: Path, *, number: str, as_json: bool) -> int:
    r"""Write the PDF and XML of an issued invoice again, as they were issued.

    \b
    Example:
      exotherm bill export riverside EX-2026-0001
    """
    from exotherm.store.sqlite import open_store
    from exotherm.usecases.billing import write_invoice_files

    workspace = ready_workspace(folder, as_json=as_json)
    if workspace is None:
        return 1
    with open_store(workspace.store) as store:
        files = write_invoice_files(workspace, store, number)
    if as_json:
        say_json({"number": number, "files": [str(path) for path in files]})
    else:
        for path in files:
            say(f"wrote {path}")
    return 0


@bill_command.command("list")
@workspace_folder
@as_json
def list_issued(folder: Path, *, as_json: bool) -> int:
    """List the invoices that were issued."""
    import json

    from exotherm.store.sqlite import open_store
    from exotherm.usecases.billing import INVOICE

    workspace = ready_workspace(folder, as_json=as_json)
    if workspace is None:
        return 1
    with open_store(workspace.store) as store:
        invoices = [json.loads(document.json) for document in store.documents(INVOICE)]
    if as_json:
        say_json({"invoices": invoices})
        return 0
    for invoice in invoices:
        say(
            f"{invoice['number']}  {invoice['period_start'][:10]}  "
            f"{invoice['total_amount']} {invoice['currency']}  due {invoice['due_on']}"
        )
    if not invoices:
        say(f"No invoices yet. `exotherm bill close {folder} --month YYYY-MM` issues one.")
    return 0


def _ask(invoice: Invoice, *, as_json: bool) -> None:
    if not as_json:
        _say_invoice(invoice)
    if as_json or not sys.stdin.isatty():
        raise click.UsageError("Issuing cannot be undone; add --yes where nobody can be asked.")
    click.confirm("Issue this invoice? It cannot be undone", abort=True, err=True)


def _say_invoice(invoice: Invoice) -> None:
    say(f"Invoice {invoice.number}, due {invoice.due_on}", style="bold")
    say_table(_invoice_rows(invoice))


def _invoice_rows(invoice: Invoice) -> Iterator[tuple[str, ...]]:
    yield "Line", "quantity × price", "amount"
    for line in invoice.lines:
        yield (
            f"{line.clause:<7} {line.description}",
            f"{write_quantity(line)} {write_unit(line)} × {write_price(line)}",
            write_amount(invoice, line.amount),
        )
    yield "Net", "", write_amount(invoice, invoice.net_amount)
    yield "VAT", "", write_amount(invoice, invoice.vat_amount)
    yield "To pay", "", write_amount(invoice, invoice.total_amount)
