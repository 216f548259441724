"""The invoice as a page of paper: PDF/A-3, tagged, the e-invoice inside, always the same bytes.

The template only sets type; every word and number is written out here, by the same functions that
explain the invoice.
"""

import json
from datetime import UTC, datetime, time
from decimal import Decimal
from importlib.resources import files

import typst

from exotherm.bill.explain import (
    explain_breaks,
    explain_kept,
    meter_error_amount,
    source_of_line,
    spell_day,
    spell_days,
    spell_moment,
    write_amount,
    write_price,
    write_quantity,
    write_unit,
)
from exotherm.bill.invoice import Invoice, InvoiceLine
from exotherm.contract.terms import Party
from exotherm.core.errors import UnableTo
from exotherm.core.units import NO_BREAK_SPACE, format_number, format_quantity
from exotherm.render.ubl import render_ubl


class UnableToRender(UnableTo):
    """The typesetter refused the document."""


def render_invoice_pdf(invoice: Invoice) -> bytes:
    """Set an invoice as PDF/A-3 with its UBL attached. Raises UnableToRender.

    Only the fonts inside the typesetter are used, so every machine makes the same bytes.
    """
    template = files("exotherm.render").joinpath("templates/invoice.typ").read_bytes()
    inputs = {
        "data": json.dumps(_data(invoice), ensure_ascii=False),
        "ubl": render_ubl(invoice).decode(),
    }
    return set_pdf(template, inputs, at=datetime.combine(invoice.issued_on, time.min, tzinfo=UTC))


def set_pdf(template: bytes, inputs: dict[str, str], *, at: datetime) -> bytes:
    """Set a template with its inputs as PDF/A-3, dated ``at``. Raises UnableToRender."""
    try:
        page = typst.compile(
            template,
            format="pdf",
            sys_inputs=inputs,
            # An archive with attachments that a screen reader can read out.
            pdf_standards=["a-3a", "ua-1"],
            ignore_system_fonts=True,
            timestamp=at,
        )
    except typst.TypstError as error:
        raise UnableToRender(
            f"the page could not be set: {error}",
            remedy="Look for a letter in names or addresses that no European alphabet has; "
            "otherwise report this with the message.",
        ) from error
    assert isinstance(page, bytes)
    return page


def _data(invoice: Invoice) -> dict[str, object]:
    """Write out all that the template sets."""
    return {
        "title": f"Invoice {invoice.number}",
        "issued": {
            "year": invoice.issued_on.year,
            "month": invoice.issued_on.month,
            "day": invoice.issued_on.day,
        },
        "supplier": _party(invoice.supplier),
        "customer": _party(invoice.customer),
        "particulars": _particulars(invoice),
        "currency": invoice.currency,
        "due_label": f"Amount due for heat in {_days(invoice)}",
        "total": write_amount(invoice, invoice.total_amount),
        "total_figures": _figures(invoice.total_amount),
        "due_on": spell_day(invoice.due_on),
        "lines": [_line(invoice, line) for line in invoice.lines],
        "sums": [
            ["Net", _figures(invoice.net_amount)],
            [f"VAT {_rate(invoice)}", _figures(invoice.vat_amount)],
        ],
        "vat_reason": invoice.vat_reason if invoice.vat_category == "E" else None,
        "readings": _readings(invoice),
        "measured": _measured(invoice),
        "tally": _tally(invoice),
        "kept": f"{_capital(explain_kept(invoice))}.",
        "payment": _payment(invoice),
        "foot": _foot(invoice),
    }


def _party(party: Party) -> dict[str, object]:
    return {
        "name": party.name,
        "lines": [
            party.street,
            f"{party.postcode} {party.city}, {party.country}",
            f"VAT {party.vat_id}",
            party.email,
        ],
    }


def _days(invoice: Invoice) -> str:
    return spell_days(invoice.first_day, invoice.last_day)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _particulars(invoice: Invoice) -> list[list[str]]:
    return [
        ["Invoice number", invoice.number],
        ["Invoice date", spell_day(invoice.issued_on)],
        ["Period", _days(invoice)],
        ["Contract", f"{invoice.contract_reference}, version {invoice.contract_version}"],
        ["Heat meter", invoice.metering.serial],
    ]


def _figures(amount: Decimal) -> str:
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int), amount
    return format_number(amount, max(0, -exponent))


def _rate(invoice: Invoice) -> str:
    per_cent = (invoice.vat_frac * 100).normalize()
    return f"{per_cent:f}{NO_BREAK_SPACE}%"


def _line(invoice: Invoice, line: InvoiceLine) -> dict[str, object]:
    return {
        "clause": line.clause,
        "description": line.description,
        "source": source_of_line(invoice, line),
        "quantity": _at_point(write_quantity(line)),
        "unit": write_unit(line),
        "price": _at_point(write_price(line)),
        "amount": _figures(line.amount),
    }


def _at_point(text: str) -> list[str]:
    """Split a number before its point, so that points can stand one under another."""
    whole, point, rest = text.partition(".")
    return [whole, point + rest]


def _readings(invoice: Invoice) -> list[list[str]]:
    metering = invoice.metering
    register = metering.registers.register
    advance = register.value_of(metering.advance_count)
    return [
        [
            "Opening",
            register.write(metering.registers.opening_count),
            spell_moment(invoice, metering.opening_at),
            metering.reading_type,
        ],
        [
            "Closing",
            register.write(metering.registers.closing_count),
            spell_moment(invoice, metering.closing_at),
            metering.reading_type,
        ],
        ["Heat", format_number(advance, register.decimals), "", ""],
    ]


def _measured(invoice: Invoice) -> list[str]:
    metering = invoice.metering
    meter = (
        f"Meter {metering.serial}, accuracy class {metering.accuracy_class}, verified until "
        f"{spell_day(metering.verified_until)}; {metering.place}."
    )
    sentences = [meter]
    if metering.rolled_over:
        sentences.append("The register passed its highest number and began again at nought.")
    sentences += explain_breaks(invoice)
    if metering.gaps:
        times = "once" if len(metering.gaps) == 1 else f"{len(metering.gaps)} times"
        sentences.append(
            f"Readings in between were missing {times}; the register ran on, so the heat is known."
        )
    error, worth = metering.error_frac_max, meter_error_amount(invoice)
    if error is not None and worth is not None:
        sentences.append(
            "By its class the meter may be wrong by up to "
            f"±{format_quantity('error_frac', error)}, which is ±{write_amount(invoice, worth)} "
            "net; billed is what the register says."
        )
    return sentences


def _tally(invoice: Invoice) -> list[list[str]]:
    tally = invoice.tally
    rows = [
        ("delivered in full", tally.delivered),
        ("cooler than promised", tally.reduced),
        ("unpaid, far too cool", tally.unpaid),
        ("without heat called for", tally.failed),
        ("excused", tally.excused),
        ("not measured", tally.not_measured),
        ("without obligation", tally.no_obligation),
    ]
    # What no usual month has is left out where it is nought.
    rare = ("unpaid, far too cool", "without obligation")
    return [[name, format_number(count, 0)] for name, count in rows if count or name not in rare]


def _payment(invoice: Invoice) -> list[list[str]]:
    iban = NO_BREAK_SPACE.join(
        invoice.iban[start : start + 4] for start in range(0, len(invoice.iban), 4)
    )
    return [
        ["To", invoice.supplier.name],
        ["IBAN", iban],
        ["Reference", invoice.number],
        [
            "Amount",
            f"{write_amount(invoice, invoice.total_amount)}, until {spell_day(invoice.due_on)}",
        ],
    ]


def _foot(invoice: Invoice) -> str:
    foot = (
        f"Invoice {invoice.number} by contract {invoice.contract_reference}, version "
        f"{invoice.contract_version}. The e-invoice (UBL 2.1, EN 16931) is attached to this file."
    )
    if invoice.evidence_key:
        foot += f" Evidence of the period is signed with the key {invoice.evidence_key}."
    return foot
