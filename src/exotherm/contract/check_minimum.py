"""Checks of what is due in any case and what comes back: minimum, limits, credits, exclusions."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from exotherm.contract.case import Case, Check, percent
from exotherm.contract.hours import is_within
from exotherm.contract.outcome import Outcome, Tally, table_of
from exotherm.contract.proration import month_of
from exotherm.contract.rate import Consumption, Rated, YearSoFar, rate
from exotherm.contract.rules import Judgement
from exotherm.contract.terms import clauses_of
from exotherm.core.findings import Finding
from exotherm.core.units import format_quantity

_HOURS_PER_DAY = 24
_ANY_YEAR = date(2023, 1, 1)


def _minimum_is_reachable(case: Case) -> Iterator[Finding]:
    """Check that the plant can give what the customer has to take in a year (X7).

    Capacity by month times the days of the season, without closed days, less the hours of
    maintenance and of heat that may be held back.
    """
    contract = case.contract
    clause = contract.take_or_pay
    if clause is None:
        return
    reachable = reachable_kwh(case)
    if reachable < float(clause.heat_kwh_min) * _open_share(case):
        yield case.source.error(
            "contract.minimum-not-reachable",
            "take_or_pay",
            "heat_kwh_min",
            message=f"The customer pays for {format_quantity('heat_kwh', clause.heat_kwh_min)} a "
            "year, but capacity, season, closures and maintenance leave "
            f"{format_quantity('heat_kwh', reachable)} that can be delivered.",
            remedy="Lower the minimum to what can be delivered.",
            heat_kwh_min=clause.heat_kwh_min,
            reachable_kwh=round(reachable, 3),
        )


def reachable_kwh(case: Case) -> float:
    """Give the most heat that a contract can have delivered in a year of 365 days, in kWh."""
    contract = case.contract
    year = (_ANY_YEAR + timedelta(days=number) for number in range(365))
    owed = [day for day in year if _is_owed(case, day)]
    by_day = [contract.capacity.in_month(day.month) * _HOURS_PER_DAY for day in owed]
    lost_h = contract.maintenance.hours_h_max + (contract.firmness.curtailed_h_max or 0.0)
    share = max(1.0 - lost_h / (_HOURS_PER_DAY * len(owed)), 0.0) if owed else 0.0
    return sum(by_day) * share


def _open_share(case: Case) -> float:
    """Give the share of the minimum that closed days leave, where they reduce it (CAL-5)."""
    closures = case.contract.closures
    if closures is None or not closures.reduce_minimum:
        return 1.0
    year = [_ANY_YEAR + timedelta(days=number) for number in range(365)]
    owed = sum(_is_owed(case, day) for day in year)
    closed = sum(any(is_within(day, one.span) for one in closures.closures) for day in year)
    return owed / (owed + closed) if owed + closed else 1.0


def _is_owed(case: Case, day: date) -> bool:
    """Tell whether heat may be owed on a day; a season by weather may be any day."""
    contract = case.contract
    season, closures = contract.season, contract.closures
    if closures is not None and any(is_within(day, one.span) for one in closures.closures):
        return False
    return season.by != "dates" or any(is_within(day, span) for span in season.spans)


def _minimum_has_a_price(case: Case) -> Iterator[Finding]:
    """Check that a minimum at the energy price has one."""
    clause, contract = case.contract.take_or_pay, case.contract
    if clause is None or clause.priced == "own price":
        return
    if contract.energy_price is None and contract.outdoor_price is None:
        yield case.source.error(
            "contract.minimum-without-price",
            "take_or_pay",
            "priced",
            message=f"{format_quantity('heat_kwh', clause.heat_kwh_min)} a year are paid for at "
            "the energy price (TAR-6), but the contract has none.",
            remedy='Write `priced = "own price"` with a `price_per_kwh`, or add `[energy_price]`.',
        )


def _limit_leaves_the_fees(case: Case) -> Iterator[Finding]:
    """Check that the fees of a month without heat do not reach its cap already (X17)."""
    limits = case.contract.price_limits
    if limits is None or limits.month_amount_max is None or not _can_be_rated(case):
        return
    fees = _worst_month(case, failed=False).lines
    fixed = sum((line.amount for line in fees if line.clause != "TAR-7"), Decimal(0))
    if fixed > limits.month_amount_max:
        yield case.source.warning(
            "contract.limit-below-fees",
            "price_limits",
            "month_amount_max",
            message=f"A month costs at most {case.price('cap_amount', limits.month_amount_max)}, "
            f"but its fees alone are {case.price('fees_amount', fixed)}: heat would cost nothing.",
            remedy="Raise the cap above the fees, or lower the fees.",
            month_amount_max=str(limits.month_amount_max),
            fees_amount=str(fixed),
        )


def _can_be_rated(case: Case) -> bool:
    """Tell whether nothing that another check finds keeps the contract from being rated."""
    contract = case.contract
    prices = (contract.energy_price, contract.outdoor_price)
    return any(one is not None for one in prices) or contract.take_or_pay is None


def _worst_month(case: Case, *, failed: bool) -> Rated:
    """Rate the first whole month of the term without heat, all of it failed or all kept."""
    contract = case.contract
    month = month_of(contract, contract.term_period.start)
    if month.start < contract.term_period.start:
        month = month_of(contract, month.end)
    month = month.overlap(contract.term_period) or month
    tally = Tally(failed=1) if failed else Tally(delivered=1)
    consumption = Consumption(period=month, heat_kwh=Decimal(0), tally=tally)
    return rate(contract, consumption, year=YearSoFar())


def _credits_leave_a_bill(case: Case) -> Iterator[Finding]:
    """Check that the credits of a month without any heat do not exceed its bill (X6)."""
    contract = case.contract
    limits = contract.credit_limits
    if "credit" not in contract.composition.order or not _can_be_rated(case):
        return
    lines = _worst_month(case, failed=True).lines
    credited = -sum((line.amount for line in lines if line.clause == "CRD-1"), Decimal(0))
    before = sum((line.amount for line in lines if line.clause not in ("CRD-1", "CRD-2")),
                 Decimal(0))  # fmt: skip
    if credited <= before or (limits is not None and limits.above_bill == "paid out"):
        return
    yield case.source.warning(
        "contract.credit-above-bill",
        "service_credit",
        "bands",
        message=f"In a month without any heat {case.price('credit_amount', credited)} are "
        f"credited, but the bill is {case.price('bill_amount', before)}: the rest is lost.",
        remedy="Credit less, or say in CRD-2 that it is paid out.",
        credit_amount=str(credited),
        bill_amount=str(before),
    )


def _bill_stays_positive(case: Case) -> Iterator[Finding]:
    """Tell where the contract lets a bill become negative (X6)."""
    contract = case.contract
    direction, limits = contract.payment_direction, contract.credit_limits
    paid_out = limits is not None and limits.above_bill == "paid out"
    fee = direction.gate_fee_per_kwh
    if fee and direction.payer == "customer" and direction.netting == "set off on one bill":
        yield case.source.note(
            "contract.bill-may-be-negative",
            "payment_direction",
            "gate_fee_per_kwh",
            message=f"The gate fee of {case.price('fee_per_kwh', fee)} is taken off the bill, "
            "which may become negative in a month with much heat.",
            remedy="Nothing has to be done; the supplier then owes the customer.",
        )
    elif paid_out and contract.service_credit.base == "standing fee":
        yield case.source.note(
            "contract.bill-may-be-negative",
            "credit_limits",
            "above_bill",
            message="Credits above the bill are paid out (CRD-2), so a bill may become negative.",
            remedy="Nothing has to be done; the supplier then owes the customer.",
        )


def _credit_reaches_its_band(case: Case) -> Iterator[Finding]:
    """Check that the limit of a month does not cut off the highest band (X6)."""
    limits, contract = case.contract.credit_limits, case.contract
    if limits is None:
        return
    highest = max(band.credit_frac for band in contract.service_credit.bands)
    if highest > limits.month_frac_max:
        yield case.source.warning(
            "contract.credit-above-limit",
            "credit_limits",
            "month_frac_max",
            message=f"The worst band credits {percent(highest)} (CRD-1), but at most "
            f"{percent(limits.month_frac_max)} of a month are credited (CRD-2).",
            remedy="Let the limit be the highest band, or lower the band.",
            credit_frac=highest,
            month_frac_max=limits.month_frac_max,
        )


def _exclusions_are_closed(case: Case) -> Iterator[Finding]:
    """Check that CRD-3 names every clause that takes an interval out of the count, and no other."""
    contract = case.contract
    clause = contract.credit_exclusions
    if clause is None:
        return
    numbers = {own.number: table for table, own in contract.clauses.items()}
    known = {own.number for own in clauses_of().values()}
    for index, number in enumerate(clause.references):
        if number not in numbers:
            words = "is not in this contract" if number in known else "does not exist"
            yield case.source.error(
                "contract.exclusion-unknown",
                "credit_exclusions",
                "references",
                index,
                message=f"CRD-3 refers to clause {number}, which {words}.",
                remedy="Refer to clauses of this contract that excuse.",
                clause=number,
            )
    for number in sorted(_excusing(case) - set(clause.references)):
        yield case.source.error(
            "contract.exclusion-not-listed",
            "credit_exclusions",
            "references",
            message=f"Clause {number} takes quarter-hours out of the count, but the closed list of "
            "CRD-3 does not name it.",
            remedy=f'Add "{number}" to `references`, or change `[{numbers[number]}]`.',
            clause=number,
        )


def _excusing(case: Case) -> set[str]:
    """Give the clauses by which an interval is excused, or without obligation."""
    contract = case.contract
    table = table_of(contract)
    found = map(table.look_up, table.all_facts())
    out = (Outcome.EXCUSED, Outcome.NO_OBLIGATION)
    excusing = {one.clause for one in found if isinstance(one, Judgement) and one.outcome in out}
    # HEAT-3 prices what comes without obligation; that nothing is owed is said elsewhere.
    never = {"HEAT-3"}
    if contract.season.by == "all year":
        never.add("CAL-2")
    if contract.closures is None or not contract.closures.closures:
        never.add("CAL-5")
    return (excusing - never) & {own.number for own in contract.clauses.values()}


MINIMUM_CHECKS: tuple[Check, ...] = (
    _minimum_is_reachable,
    _minimum_has_a_price,
    _limit_leaves_the_fees,
    _credits_leave_a_bill,
    _bill_stays_positive,
    _credit_reaches_its_band,
    _exclusions_are_closed,
)
