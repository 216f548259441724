"""What a month of heat costs: one pure function for forecast, invoice and evidence alike."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from exotherm.contract.capacity_fee import capacity_fee
from exotherm.contract.consumption import Consumption, DayHeat, SlotHeat
from exotherm.contract.contract_year import BilledMonth, YearSoFar, contract_year
from exotherm.contract.draft import Draft, LineUnit, RatedLine
from exotherm.contract.heat_lines import below_spec_heat, heat, unrequested_heat
from exotherm.contract.index import PriceBook
from exotherm.contract.outcome import Tally
from exotherm.contract.rate_lines import (
    availability_fee,
    pass_through,
    return_bonus,
    shared_savings,
    standing_fee,
)
from exotherm.contract.settle import credit, price_limits, take_or_pay
from exotherm.contract.terms import Contract
from exotherm.contract.terms.components import Component
from exotherm.core.money import round_money
from exotherm.core.sentences import counted

__all__ = [
    "Consumption",
    "DayHeat",
    "LineUnit",
    "Rated",
    "RatedLine",
    "SlotHeat",
    "YearSoFar",
    "availability",
    "bill_credit",
    "rate",
    "rate_in_turn",
    "vat_on",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """The lines of a period and their exact sum, without VAT."""

    lines: tuple[RatedLine, ...]
    net_amount: Decimal
    available_frac: Decimal | None
    """None where no interval counts"""
    year: YearSoFar | None = field(default=None, compare=False)
    """the contract year with this period, for the next one; None where it is not known"""
    unsettled: tuple[str, ...] = ()
    """clauses that could not be settled, since the year before or a reading is not known"""

    def __post_init__(self) -> None:
        assert sum((line.amount for line in self.lines), Decimal(0)) == self.net_amount


def _nothing(_: Draft) -> Iterable[RatedLine]:
    """Make no line: indexation is in the prices, VAT on the sum of the lines."""
    return ()


_LINES: Mapping[Component, Callable[[Draft], Iterable[RatedLine]]] = {
    "standing fee": standing_fee,
    "capacity fee": capacity_fee,
    "availability fee": availability_fee,
    "heat": heat,
    "below-spec heat": below_spec_heat,
    "unrequested heat": unrequested_heat,
    "outdoor price": heat,
    "return bonus": return_bonus,
    "shared savings": shared_savings,
    "pass-through": pass_through,
    "take-or-pay": take_or_pay,
    "price limits": price_limits,
    "credit": credit,
    "indexation": _nothing,
    "VAT": _nothing,
}


def rate(
    contract: Contract,
    consumption: Consumption,
    *,
    book: PriceBook | None = None,
    year: YearSoFar | None = None,
) -> Rated:
    """Rate a period by the contract: the lines of its components in their order (TAR-4).

    The period lies within one calendar month of the contract's clock; fees of a part are prorated
    (BIL-12). ``book`` has the prices in force, those of the contract where it is left out.
    ``year`` is the contract year before this period: without it, or where it has a hole, what
    belongs to a year is not settled and is named in ``unsettled``.
    """
    known = year if year is not None and year.reaches(contract, consumption.period) else None
    draft = Draft(
        contract=contract,
        consumption=consumption,
        book=book or PriceBook.at_start(contract),
        year=known,
        available_frac=availability(contract, consumption.tally),
        carried=known.carried if known else (),
    )
    for component in contract.composition.order:
        draft.lines.extend(tuple(_LINES[component](draft)))
    return Rated(
        lines=tuple(draft.lines),
        net_amount=draft.amount,
        available_frac=draft.available_frac,
        year=_year_after(draft),
        unsettled=tuple(draft.unsettled),
    )


def _year_after(draft: Draft) -> YearSoFar | None:
    """Give the contract year with the period that was rated; a new one where it ends."""
    if draft.year is None:
        return None
    period = draft.consumption.period
    if period.end >= contract_year(draft.contract, period.start).covered.end:
        return YearSoFar(carried=draft.carried)
    month = BilledMonth(
        consumption=draft.consumption,
        net_amount=draft.amount,
        credit_base_amount=draft.credit_base_amount,
        credit_due_amount=draft.credit_due_amount,
        credit_amount=draft.credit_amount,
        capacity_kw=draft.capacity_kw,
        share=draft.share,
    )
    return YearSoFar(months=(*draft.year.months, month), carried=draft.carried)


def rate_in_turn(
    contract: Contract,
    consumptions: Iterable[Consumption],
    *,
    book_of: Callable[[Consumption], PriceBook] | None = None,
    year: YearSoFar | None = None,
) -> tuple[Rated, ...]:
    """Rate periods that follow each other, each with the contract year before it.

    The first one begins a contract year, or ``year`` is what came before it. Where it does
    neither, nothing is settled until a contract year begins.
    """
    rated: list[Rated] = []
    for consumption in consumptions:
        start = contract_year(contract, consumption.period.start).covered.start
        if year is None and consumption.period.start == start:
            year = YearSoFar()
        book = book_of(consumption) if book_of else None
        rated.append(rate(contract, consumption, book=book, year=year))
        year = rated[-1].year
    return tuple(rated)


def availability(contract: Contract, tally: Tally) -> Decimal | None:
    """Give the share of counted intervals that were delivered in full (QOS-5).

    It is cut off after 4 places, never rounded up: 2842 of 2930 is less than 97 % and stays so.
    """
    counted = tally.total - tally.excused - tally.no_obligation
    if contract.availability.not_measured_is == "left out":
        counted -= tally.not_measured
    if not counted:
        return None
    return Decimal(tally.delivered * 10_000 // counted).scaleb(-4)


def vat_on(contract: Contract, net_amount: Decimal) -> Decimal:
    """Give the VAT of a bill, rounded once on the sum of its lines (TAR-14)."""
    return round_money(
        net_amount * Decimal(str(contract.vat.vat_frac)),
        rule=contract.rounding.rule,
        currency=contract.currency,
    )


def bill_credit(
    contract: Contract, *, late_days: int = 0, was_wrong: bool = False
) -> tuple[RatedLine, ...]:
    """Give what a bill is reduced by that came late or had to be corrected (CRD-9).

    ``late_days`` are those after the day on which the bill was due to be made.
    """
    clause = contract.bill_credit
    if clause is None:
        return ()
    late = late_days > clause.late_days
    reasons = (
        (late, f"Bill {counted(late_days, 'day')} late", clause.late_amount),
        (was_wrong, "Bill that was wrong", clause.wrong_amount),
    )
    return tuple(
        RatedLine(
            clause="CRD-9",
            text=text,
            quantity=Decimal(-1),
            unit="adjustment",
            price=amount,
            amount=-amount,
        )
        for holds, text, amount in reasons
        if holds and amount
    )
