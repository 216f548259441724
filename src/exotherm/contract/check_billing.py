"""Checks of the bill's papers: tax, form, proration, disputes, final bill."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import get_args

from exotherm.contract.case import Case, Check
from exotherm.contract.spans import days, months
from exotherm.contract.terms.components import Component
from exotherm.contract.terms.payment import EInvoiceFormat
from exotherm.core.findings import Finding
from exotherm.core.period import write_day

# Steps that make no line of their own, so nothing is taxed there.
_WITHOUT_A_LINE: tuple[Component, ...] = ("indexation", "VAT")
_MONTH_DAYS_MIN = 28


def _every_component_has_vat(case: Case) -> Iterator[Finding]:
    """Check that VAT is told for every component of the price, and for no other (X12)."""
    order, taxed = case.contract.composition.order, case.contract.vat.applies_to
    open_ = [one for one in order if one not in taxed and one not in _WITHOUT_A_LINE]
    unused = [one for one in taxed if one not in order]
    if open_:
        yield case.source.error(
            "contract.vat-nature-missing",
            "vat",
            "applies_to",
            message=f"The price has {_quoted(open_)}, but BIL-9 does not say what VAT "
            f"{'that bears' if len(open_) == 1 else 'those bear'}.",
            remedy="Add what is missing to `applies_to`; your tax adviser knows whether it bears "
            "the same VAT.",
            components=open_,
        )
    if unused:
        yield case.source.warning(
            "contract.vat-component-unused",
            "vat",
            "applies_to",
            message=f"VAT applies to {_quoted(unused)}, which the price does not have (TAR-4).",
            remedy="Remove it from `applies_to`, or add it to the order of `[composition]`.",
            components=unused,
        )


def _quoted(words: list[Component]) -> str:
    return ", ".join(f"“{word}”" for word in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mandate:
    """From when businesses of a country send each other which invoices."""

    since: date
    formats: tuple[EInvoiceFormat, ...]


_EUROPEAN: tuple[EInvoiceFormat, ...] = (
    "EN 16931 (UBL)",
    "EN 16931 (CII)",
    "Peppol BIS Billing 3",
    "XRechnung",
    "Factur-X",
)
# Duty to send, from the latest date where it begins by size; a tax adviser confirms it.
_MANDATES: Mapping[str, _Mandate] = {
    "BE": _Mandate(since=date(2026, 1, 1), formats=("Peppol BIS Billing 3", "EN 16931 (UBL)")),
    "DE": _Mandate(since=date(2028, 1, 1), formats=_EUROPEAN),
    "FR": _Mandate(
        since=date(2027, 9, 1), formats=("EN 16931 (UBL)", "EN 16931 (CII)", "Factur-X")
    ),
    "IT": _Mandate(since=date(2019, 1, 1), formats=("FatturaPA",)),
    "PL": _Mandate(since=date(2026, 4, 1), formats=("FA(3)",)),
}
_NATIONAL: Mapping[EInvoiceFormat, str] = {"FatturaPA": "IT", "FA(3)": "PL", "XRechnung": "DE"}


def _invoice_is_accepted(case: Case) -> Iterator[Finding]:
    """Check that the form of the invoice is one that the customer's country takes."""
    invoice, parties = case.contract.e_invoice, case.contract.parties
    if invoice is None:
        return
    country = parties.customer.country
    own = _NATIONAL.get(invoice.format)
    if own is not None and own != country:
        yield _not_accepted(
            case,
            f"{invoice.format} is the form of {own}, but the customer is in {country}.",
            ("EN 16931 (UBL)",),
        )
        return
    mandate = _MANDATES.get(country) if country == parties.supplier.country else None
    if mandate is None or _is_domestic(case) or case.contract.term.ends_on < mandate.since:
        return
    if invoice.format not in mandate.formats:
        yield _not_accepted(
            case,
            f"From {write_day(mandate.since)} a business in {country} invoices another by machine, "
            f"and {invoice.format} is not one of the forms for that.",
            mandate.formats,
        )


def _not_accepted(case: Case, message: str, formats: tuple[EInvoiceFormat, ...]) -> Finding:
    assert set(formats) <= set(get_args(EInvoiceFormat))
    return case.source.warning(
        "contract.e-invoice-not-accepted",
        "e_invoice",
        "format",
        message=message,
        remedy=f"Write one of {', '.join(formats)}, or ask your tax adviser what holds for you.",
        formats=list(formats),
    )


def _is_domestic(case: Case) -> bool:
    status = case.contract.regulatory_status
    return status is not None and status.customer_class == "domestic"


def _content_is_of_a_chosen_pack(case: Case) -> Iterator[Finding]:
    """Check that a bill follows the content of a rule pack which the contract names (X23)."""
    content, status = case.contract.bill_content, case.contract.regulatory_status
    if content is None or content.profile is None:
        return
    packs = status.packs if status is not None else ()
    if content.profile not in packs:
        yield case.source.warning(
            "contract.profile-not-chosen",
            "bill_content",
            "profile",
            message=f"A bill has the content of “{content.profile}”, but PAR-3 does not name that "
            "rule pack, so its other rules are not checked.",
            remedy=f'Add "{content.profile}" to `regulatory_status.packs`, or leave `profile` out.',
            profile=content.profile,
            packs=list(packs),
        )


def _capacity_change_is_split(case: Case) -> Iterator[Finding]:
    """Check that a capacity that may change within a period has a basis to split by (X18)."""
    contract = case.contract
    may_change = contract.capacity_change is not None
    has_fee = "capacity fee" in contract.composition.order
    if may_change and has_fee and contract.proration.capacity_change is None:
        yield case.source.error(
            "contract.proration-undefined",
            "proration",
            "capacity_change",
            message="The customer may reduce the capacity (LEG-18), but BIL-12 does not say how "
            "the capacity fee is split in that month.",
            remedy='Write `capacity_change = "days"`, or "hours".',
            event="capacity change",
        )


def _degree_days_can_be_counted(case: Case) -> Iterator[Finding]:
    """Check that what is split by degree-days has an outdoor temperature to count them by (X18)."""
    split = case.contract.proration
    fields = [
        field for field in ("price_change", "vat_change") if getattr(split, field) == "degree-days"
    ]
    if fields and not _outdoor_temperature_is_named(case):
        yield case.source.error(
            "contract.proration-without-weather",
            "proration",
            fields[0],
            message="Heat is split by degree-days, but no clause names whose outdoor temperature "
            "counts.",
            remedy="Name a station in `[season.weather]` (CAL-2) or an `outdoor_point` (QOS-2), or "
            "split by hours.",
            fields=fields,
        )


def _outdoor_temperature_is_named(case: Case) -> bool:
    contract = case.contract
    return (
        contract.proration.degree_day_station is not None
        or contract.season.weather is not None
        or contract.supply_temperature.outdoor_point is not None
        or contract.outdoor_price is not None
    )


def _disputes_outlast_the_due_day(case: Case) -> Iterator[Finding]:
    """Check that an invoice can still be disputed when it is due."""
    disputed, due_days = case.contract.disputed_amounts, case.contract.payment.due_days
    if disputed is not None and disputed.window_months * _MONTH_DAYS_MIN < due_days:
        yield case.source.warning(
            "contract.dispute-window-short",
            "disputed_amounts",
            "window_months",
            message=f"An invoice can be disputed for {months(disputed.window_months)}, but is due "
            f"after {days(due_days)}: the right ends before the payment.",
            remedy="Leave time to dispute after the day on which an invoice is due.",
            window_months=disputed.window_months,
            due_days=due_days,
        )


def _disputes_lead_to_a_refund(case: Case) -> Iterator[Finding]:
    """Check that what a dispute finds out can still be refunded."""
    disputed, look_back = case.contract.disputed_amounts, case.contract.look_back
    limit = look_back.limit_of("billing error") if look_back is not None else None
    if disputed is None or limit is None:
        return
    if disputed.window_months > limit.refund_months:
        yield case.source.warning(
            "contract.dispute-without-refund",
            "disputed_amounts",
            "window_months",
            message=f"An invoice can be disputed for {months(disputed.window_months)}, but BIL-7 "
            f"refunds an error of the bill for at most {months(limit.refund_months)}.",
            remedy="Look back as far as an invoice can be disputed.",
            window_months=disputed.window_months,
            refund_months=limit.refund_months,
        )


def _final_bill_has_its_reading(case: Case) -> Iterator[Finding]:
    """Check that the last reading can be taken as agreed, and before the final bill is due."""
    final, assignment = case.contract.final_bill, case.contract.assignment
    access = case.contract.data_access
    if final is None:
        return
    if assignment is not None and assignment.run_off_reading_days > final.deadline_days:
        yield case.source.error(
            "contract.final-bill-before-reading",
            "final_bill",
            "deadline_days",
            message=f"The final bill is due {days(final.deadline_days)} after the end, but the "
            f"meter may be read {days(assignment.run_off_reading_days)} after it (LEG-5).",
            remedy="Read the meter earlier, or leave more time for the final bill.",
            deadline_days=final.deadline_days,
            run_off_reading_days=assignment.run_off_reading_days,
        )
    if final.reading == "from afar" and access is not None and not access.remote:
        yield case.source.error(
            "contract.final-reading-not-remote",
            "final_bill",
            "reading",
            message="The last reading is taken from afar, but the meter is read on the spot "
            "(MET-5).",
            remedy='Write `reading = "by both parties"`, or have the meter read from afar.',
        )


BILLING_CHECKS: tuple[Check, ...] = (
    _every_component_has_vat,
    _invoice_is_accepted,
    _content_is_of_a_chosen_pack,
    _capacity_change_is_split,
    _degree_days_can_be_counted,
    _disputes_outlast_the_due_day,
    _disputes_lead_to_a_refund,
    _final_bill_has_its_reading,
)
