"""The line of the capacity fee: for how many kilowatts, by contract, peak or weather (TAR-3)."""

from collections.abc import Iterator
from decimal import Decimal
from statistics import linear_regression

from exotherm.contract.consumption import DayHeat
from exotherm.contract.contract_year import contract_year
from exotherm.contract.draft import Draft, RatedLine
from exotherm.contract.proration import plain
from exotherm.contract.terms.tariff import CapacityFee
from exotherm.core.units import format_number


def capacity_fee(draft: Draft) -> Iterator[RatedLine]:
    """Make the line of the capacity fee, and settle the year's peak when the year ends."""
    clause = draft.contract.capacity_fee
    if clause is None:
        return
    measured = _measured_kw(draft, clause)
    billed = _billed_kw(draft, clause, measured)
    draft.capacity_kw = billed
    price = draft.book.price("capacity fee", clause.price_per_kw_month)
    of = clause.basis if measured is not None or clause.if_unknown is None else clause.if_unknown
    text = f"Capacity of {_shown(billed)} kW, {of}"
    yield draft.line("TAR-3", text, plain(billed * draft.share), "kw_month", price)
    if clause.basis == "peak of twelve months":
        yield from _settled(draft, billed, price)


def _measured_kw(draft: Draft, clause: CapacityFee) -> Decimal | None:
    """Give the measured kilowatts, rounded to a tenth; None where too little was measured."""
    if clause.basis == "contracted capacity":
        return None
    if clause.basis == "outdoor regression":
        assert clause.outdoor_c_design is not None
        assert clause.outdoor_c_max is not None
        assert clause.cold_days_min is not None
        value = heat_kw_at(
            _days(draft),
            outdoor_c_design=clause.outdoor_c_design,
            outdoor_c_max=clause.outdoor_c_max,
            cold_days_min=clause.cold_days_min,
        )
    elif clause.basis == "peak of the month":
        value = draft.consumption.heat_kw_peak
    else:
        value = None if draft.consumption.heat_kw_peak is None else max(_peaks(draft))
    return None if value is None else draft.rounded(Decimal(str(value)), 1)


def _peaks(draft: Draft) -> list[float]:
    """Give the measured peaks of the contract year so far, this period's among them."""
    before = [month.consumption.heat_kw_peak for month in draft.year.months] if draft.year else []
    return [one for one in (*before, draft.consumption.heat_kw_peak) if one is not None]


def _days(draft: Draft) -> tuple[DayHeat, ...]:
    before = draft.year.months if draft.year else ()
    days = [day for month in before for day in month.consumption.daily]
    return (*days, *draft.consumption.daily)


def _billed_kw(draft: Draft, clause: CapacityFee, measured: Decimal | None) -> Decimal:
    smallest = None if clause.heat_kw_min is None else Decimal(str(clause.heat_kw_min))
    billed = measured
    if billed is None and clause.if_unknown == "smallest billed capacity":
        billed = smallest
    if billed is None:
        billed = Decimal(str(draft.contract.capacity.in_month(draft.month)))
    return billed if smallest is None else max(billed, smallest)


def _settled(draft: Draft, billed: Decimal, price: Decimal) -> Iterator[RatedLine]:
    """Bill earlier months of the contract year up to its largest heat, when it ends."""
    period = draft.consumption.period
    if period.end < contract_year(draft.contract, period.start).covered.end:
        return
    if draft.year is None:
        draft.unsettled.append("TAR-3")
        return
    lacking = [
        (billed - month.capacity_kw) * month.share
        for month in draft.year.months
        if month.capacity_kw is not None and month.capacity_kw < billed
    ]
    if lacking:
        text = f"Earlier months of the year, settled to its largest heat of {_shown(billed)} kW"
        yield draft.line("TAR-3", text, plain(sum(lacking, Decimal(0))), "kw_month", price)


def _shown(kilowatts: Decimal) -> str:
    return format_number(kilowatts, 1)


def heat_kw_at(
    days: tuple[DayHeat, ...],
    *,
    outdoor_c_design: float,
    outdoor_c_max: float,
    cold_days_min: int,
) -> float | None:
    """Give the mean heat of a day at a design temperature, in kW; None where days are too few.

    The daily means of the days below ``outdoor_c_max`` are put on a straight line by least
    squares, as Stockholm Exergi's retail prices take the capacity from daily energy over 24 hours
    at −15 °C.
    """
    cold = [
        (day.outdoor_c_mean, day.heat_kw_mean)
        for day in days
        if day.outdoor_c_mean is not None
        and day.heat_kw_mean is not None
        and day.outdoor_c_mean < outdoor_c_max
    ]
    outdoor, heat = [day[0] for day in cold], [day[1] for day in cold]
    if len(cold) < cold_days_min or len(set(outdoor)) < 2:
        return None
    slope, intercept = linear_regression(outdoor, heat)
    return max(slope * outdoor_c_design + intercept, 0.0)
