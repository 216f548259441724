"""Pricing months that have not happened, by the contract's own ``rate()``.

Either a month is stated by its quantities, or the planned year of the workspace gives them all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from exotherm.contract.draft import AMOUNT_UNITS
from exotherm.contract.outcome import Tally
from exotherm.contract.rate import Consumption, Rated, rate, vat_on
from exotherm.contract.terms import Contract, clauses_of
from exotherm.core.period import name_of_month, read_month
from exotherm.plan.rating import Month, rate_months
from exotherm.plan.year import simulate_year
from exotherm.usecases.workspace import Ready

_NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What somebody says a month was; what is left out was nought, or was not measured."""

    heat_kwh: Decimal
    reduced_heat_kwh: Decimal = _NOUGHT
    unrequested_heat_kwh: Decimal = _NOUGHT
    failed_intervals: int = 0
    excused_intervals: int = 0
    not_measured_intervals: int = 0
    return_c: float | None = None
    supply_c: float | None = None
    peak_kw: float | None = None
    heat_pump_kwh: Decimal | None = None


def price_stated(contract: Contract, month: str, stated: Stated) -> Month:
    """Rate a month of the billed term by stated quantities; raises ValueError where none can be.

    The year before it is not known, so what belongs to a contract year is not settled.
    """
    period = read_month(month, contract.zone).overlap(contract.billed_period)
    if period is None:
        raise ValueError(f"{month} lies outside the time that the contract bills.")
    if stated.reduced_heat_kwh + stated.unrequested_heat_kwh > stated.heat_kwh:
        raise ValueError("Heat below the promise or not asked for is a part of all heat.")
    intervals = round(period.hours * 60 / contract.availability.interval_min)
    others = stated.failed_intervals + stated.excused_intervals + stated.not_measured_intervals
    if others > intervals:
        raise ValueError(f"{month} has {intervals} quarter-hours, fewer than these {others}.")
    consumption = Consumption(
        period=period,
        heat_kwh=stated.heat_kwh,
        reduced_heat_kwh=stated.reduced_heat_kwh,
        unrequested_heat_kwh=stated.unrequested_heat_kwh,
        tally=Tally(
            delivered=intervals - others,
            failed=stated.failed_intervals,
            excused=stated.excused_intervals,
            not_measured=stated.not_measured_intervals,
        ),
        return_c_mean=stated.return_c,
        supply_c_mean=stated.supply_c,
        heat_kw_peak=stated.peak_kw,
        heat_pump_power_kwh=stated.heat_pump_kwh,
    )
    return Month(period=period, consumption=consumption, rated=rate(contract, consumption))


def price_planned(workspace: Ready) -> tuple[Month, ...]:
    """Rate every month of the planned year that the contract bills, by its simulated meter."""
    return rate_months(workspace.contract, simulate_year(workspace.site, workspace.surroundings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """Months with what they cost together."""

    months: tuple[Month, ...]
    net_amount: Decimal
    vat_amount: Decimal
    unsettled: tuple[str, ...]
    """clauses that could not be settled in one of them, each in words"""

    @property
    def total_amount(self) -> Decimal:
        """What is to be paid."""
        return self.net_amount + self.vat_amount


def sum_up(contract: Contract, months: Iterable[Month]) -> Priced:
    """Add up months; VAT is rounded on each bill, as it will be."""
    priced = tuple(months)
    titles = {kind.number: kind.title for kind in clauses_of().values()}
    open_clauses = dict.fromkeys(clause for one in priced for clause in one.rated.unsettled)
    return Priced(
        months=priced,
        net_amount=sum((one.rated.net_amount for one in priced), _NOUGHT),
        vat_amount=sum((vat_on(contract, one.rated.net_amount) for one in priced), _NOUGHT),
        unsettled=tuple(
            f"{clause} ({titles[clause]}) is not settled here: the months before in the contract "
            "year, or a reading that it needs, are not known."
            for clause in open_clauses
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseSum:
    """What a clause comes to over months."""

    clause: str
    text: str
    quantity: Decimal | None
    """None where it counts shares of amounts, which differ from month to month"""
    unit: str
    amount: Decimal


def sums_of_clauses(months: Iterable[Month]) -> tuple[ClauseSum, ...]:
    """Sum the lines of months by clause and unit, in the order of the bill."""
    sums: dict[tuple[str, str], ClauseSum] = {}
    for line in (line for one in months for line in one.rated.lines):
        words = line.text.partition(":")[0].partition(",")[0]
        before = sums.get((line.clause, line.unit))
        counted = None if line.unit in AMOUNT_UNITS else line.quantity
        if before is not None and counted is not None and before.quantity is not None:
            counted += before.quantity
        sums[line.clause, line.unit] = ClauseSum(
            clause=line.clause,
            text=before.text if before else words,
            quantity=counted,
            unit=line.unit,
            amount=line.amount + (before.amount if before else _NOUGHT),
        )
    return tuple(sums.values())


def priced_json(contract: Contract, priced: Priced) -> dict[str, object]:
    """Give priced months as plain values; amounts keep their digits as text.

    Of one month its lines stand at the top as well.
    """
    only = _rated_json(priced.months[0].rated) if len(priced.months) == 1 else {}
    return {
        **only,
        "currency": contract.currency,
        "net_amount": str(priced.net_amount),
        "vat_frac": str(contract.vat.vat_frac),
        "vat_amount": str(priced.vat_amount),
        "total_amount": str(priced.total_amount),
        "unsettled": list(priced.unsettled),
        "months": [_month_json(contract, one) for one in priced.months],
        "clauses": [
            {
                "clause": one.clause,
                "description": one.text,
                "quantity": None if one.quantity is None else str(one.quantity),
                "unit": one.unit,
                "amount": str(one.amount),
            }
            for one in sums_of_clauses(priced.months)
        ],
    }


def _month_json(contract: Contract, month: Month) -> dict[str, object]:
    return {
        "month": name_of_month(month.period, contract.zone),
        "heat_kwh": str(month.consumption.heat_kwh),
        **_rated_json(month.rated),
    }


def _rated_json(rated: Rated) -> dict[str, object]:
    return {
        "net_amount": str(rated.net_amount),
        "available_frac": None if rated.available_frac is None else str(rated.available_frac),
        "lines": [
            {
                "clause": line.clause,
                "description": line.text,
                "quantity": str(line.quantity),
                "unit": line.unit,
                "price": str(line.price),
                "amount": str(line.amount),
            }
            for line in rated.lines
        ],
    }
