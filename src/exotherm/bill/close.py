"""Closing a month: from readings to an invoice, or to all that stands against one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from exotherm.bill.invoice import Invoice, make_invoice
from exotherm.contract.hours import WHOLE_YEAR, InSeason
from exotherm.contract.index import Missing, PriceBook, Release
from exotherm.contract.interruption import Interruption
from exotherm.contract.measure import Metered, consumption_of
from exotherm.contract.rate import Rated, YearSoFar, rate
from exotherm.contract.terms import Contract
from exotherm.core.findings import Finding, Severity, Where, has_errors
from exotherm.core.period import Period, local_midnight, write_day
from exotherm.core.register import Break
from exotherm.core.samples import Point, Sample
from exotherm.core.units import format_quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known beside the readings: interruptions, the season, indices, the year so far."""

    interruptions: tuple[Interruption, ...] = ()
    in_season: InSeason = WHOLE_YEAR
    releases: tuple[Release, ...] = ()
    year: YearSoFar | None = None
    """the contract year before the period; None where it is not known"""
    breaks: tuple[Break, ...] = ()
    """jumps of the billed register that the meter ledger explains"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """What came of closing a period: the invoice where no error stands, and all findings."""

    invoice: Invoice | None
    metered: Metered | None
    """the period as measured, also where another error keeps it from being billed"""
    findings: tuple[Finding, ...]


def close_month(
    contract: Contract,
    *,
    points: Mapping[str, Point],
    samples: Iterable[Sample],
    period: Period,
    number: str,
    issued_on: date,
    heat_kw_max: float,
    evidence_key: str | None = None,
    known: Known | None = None,
) -> Closed:
    """Close a month of the contract's clock, or the part of one that the term covers.

    ``points`` are the site's points by name; ``heat_kw_max`` is the largest heat the plant can
    deliver. The same readings make the same invoice in any order.
    """
    known = known or Known()
    measured = consumption_of(
        contract,
        points=points,
        samples=samples,
        period=period,
        heat_kw_max=heat_kw_max,
        interruptions=known.interruptions,
        in_season=known.in_season,
        breaks=known.breaks,
    )
    book = PriceBook.on(
        contract,
        period.start.astimezone(contract.zone).date(),
        known.releases,
        known_on=issued_on,
    )
    findings = (*_check_period(contract, period, issued_on), *_check_vat(contract))
    findings = (*findings, *measured.findings, *_check_index(book))
    if measured.metered is None or has_errors(findings) or isinstance(book, Missing):
        return Closed(invoice=None, metered=measured.metered, findings=findings)
    rated = rate(contract, measured.metered.consumption, book=book, year=known.year)
    findings = (*findings, *_unsettled(rated))
    invoice = make_invoice(
        contract,
        rated,
        measured.metered,
        number=number,
        issued_on=issued_on,
        evidence_key=evidence_key,
    )
    return Closed(invoice=invoice, metered=measured.metered, findings=findings)


def _check_index(book: PriceBook | Missing) -> tuple[Finding, ...]:
    if not isinstance(book, Missing):
        return ()
    month = f"{book.month:%Y-%m}"
    lacks = (
        f"has no value for {month}"
        if book.why == "no release"
        else f"has a value for {month}, but nothing joins its base with that of the contract"
    )
    return (
        Finding(
            code="bill.index-missing",
            severity=Severity.ERROR,
            where=Where(file="indices.csv"),
            message=f"The prices of this month follow the index “{book.series}”, which {lacks}.",
            remedy="Add the line of that release to `indices.csv`; without it no price is known.",
            data={"series": book.series, "month": month},
        ),
    )


def _unsettled(rated: Rated) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            code="bill.not-settled",
            severity=Severity.WARNING,
            where=Where(path=clause),
            message=f"Clause {clause} is not settled on this bill: the months before it in the "
            "contract year, or a reading that it needs, are not known.",
            remedy="Settle it by hand between the parties, or complete the readings first.",
            data={"clause": clause},
        )
        for clause in rated.unsettled
    )


def _check_period(contract: Contract, period: Period, issued_on: date) -> tuple[Finding, ...]:
    last_day = (period.end - timedelta(microseconds=1)).astimezone(contract.zone).date()
    findings = []
    term = contract.billed_period
    if period.start < term.start or period.end > term.end:
        findings.append(_outside_term(contract, period, last_day))
    if local_midnight(issued_on, contract.zone) < period.end:
        findings.append(_not_over(last_day, issued_on))
    if last_day > contract.heat_meter.verified_until:
        findings.append(_not_verified(contract, last_day))
    return tuple(findings)


def _outside_term(contract: Contract, period: Period, last: date) -> Finding:
    start = period.start.astimezone(contract.zone).date()
    return Finding(
        code="bill.period-outside-term",
        severity=Severity.ERROR,
        where=Where(path="term"),
        message=f"The period from {write_day(start)} to {write_day(last)} is not within the term "
        f"of contract {contract.contract.reference}, {write_day(contract.term.starts_on)} to "
        f"{write_day(contract.term.ends_on)}.",
        remedy="Close a month of the term, or correct the dates of clause LEG-1.",
        data={"starts_on": str(contract.term.starts_on), "ends_on": str(contract.term.ends_on)},
    )


def _not_over(last_day: date, issued_on: date) -> Finding:
    return Finding(
        code="bill.period-not-over",
        severity=Severity.ERROR,
        where=Where(path="billing_period"),
        message=f"The invoice would be of {write_day(issued_on)}, but its period runs until the "
        f"end of {write_day(last_day)}.",
        remedy=f"Close it on {write_day(last_day + timedelta(days=1))} or later.",
        data={"last_day": str(last_day), "issued_on": str(issued_on)},
    )


def _not_verified(contract: Contract, last_day: date) -> Finding:
    meter = contract.heat_meter
    return Finding(
        code="meter.verification-expired",
        severity=Severity.ERROR,
        where=Where(path="heat_meter.verified_until"),
        message=f"The verification of meter {meter.serial} is valid until "
        f"{write_day(meter.verified_until)}; the period runs until {write_day(last_day)}.",
        remedy="Have the meter verified or exchanged and enter the new date in clause MET-1; "
        "what was read in between is for both parties to agree.",
        data={"serial": meter.serial, "verified_until": str(meter.verified_until)},
    )


def _check_vat(contract: Contract) -> tuple[Finding, ...]:
    """Check that rate and category go together (EN 16931 BR-S-5, BR-Z-5, BR-E-5)."""
    vat = contract.vat
    if (vat.category == "S") == (vat.vat_frac > 0):
        return ()
    needed = "above nought" if vat.category == "S" else "nought"
    return (
        Finding(
            code="contract.vat-differs",
            severity=Severity.ERROR,
            where=Where(path="vat.vat_frac"),
            message=f"VAT of category {vat.category} has a rate {needed}, not "
            f"{format_quantity('vat_frac', vat.vat_frac)}.",
            remedy="Correct category or rate in clause BIL-9; your tax adviser knows which.",
            data={"category": vat.category, "vat_frac": vat.vat_frac},
        ),
    )
