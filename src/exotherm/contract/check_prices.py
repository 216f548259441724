"""Checks of single prices: their size, their steps, and hours that a change of clocks swallows."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import combinations, pairwise

from exotherm.contract.case import Case, Check, celsius
from exotherm.contract.check_price_size import price_of_other_size
from exotherm.contract.proration import month_of, share_of_month
from exotherm.contract.terms.tariff import HourPrice
from exotherm.core.findings import Finding
from exotherm.core.period import MONTH_NAMES, Period, local_midnight, write_day
from exotherm.core.units import format_quantity

# Colder days than this have not been recorded where heat is sold.
_OUTDOOR_C_COLDEST = -40.0

_Place = tuple[str | int, ...]


def _prices(case: Case) -> Iterator[tuple[_Place, Decimal]]:
    """Give every price of the tariff with its place, without those of ``check_money``."""
    for table, clause in case.contract.clauses.items():
        if not clause.number.startswith("TAR-"):
            continue
        for field in type(clause).model_fields:
            value = getattr(clause, field)
            if isinstance(value, Decimal) and (table, field) not in _CHECKED_ELSEWHERE:
                yield (table, field), value
            if isinstance(value, tuple):
                yield from _prices_of_steps((table, field), value)


_CHECKED_ELSEWHERE = {("standing_fee", "price_per_month"), ("energy_price", "price_per_kwh")}


def _prices_of_steps(place: _Place, steps: Sequence[object]) -> Iterator[tuple[_Place, Decimal]]:
    for index, step in enumerate(steps):
        price = getattr(step, "price_per_kwh", None)
        if isinstance(price, Decimal):
            yield (*place, index, "price_per_kwh"), price


def _no_price_is_negative(case: Case) -> Iterator[Finding]:
    """Check that no price is below nought: a bill could not carry it."""
    for place, price in _prices(case):
        if price < 0:
            yield case.source.error(
                "contract.price-negative",
                *place,
                message=f"This price is {case.price(str(place[-1]), price)}; an invoice carries no "
                "negative price.",
                remedy="Give a price of nought or more; what the supplier pays is a gate fee "
                "(TAR-10).",
                price=str(price),
            )


def _prices_are_per_kilowatt_hour(case: Case) -> Iterator[Finding]:
    """Check that prices of energy are per kilowatt hour, not per MWh nor in cents (X3)."""
    fuel = Decimal(str(case.site.economics.fuel_per_kwh))
    for place, price in _prices(case):
        if str(place[-1]).endswith("per_kwh"):
            found = price_of_other_size(case, *place, price=price, fuel_per_kwh=fuel)
            if found is not None:
                yield found


def _tiers_rise(case: Case) -> Iterator[Finding]:
    """Check that the tiers of the energy price stand in order, each once."""
    energy = case.contract.energy_price
    for index, (before, tier) in enumerate(pairwise(energy.tiers if energy else ()), start=1):
        if tier.from_kwh <= before.from_kwh:
            yield _out_of_order(
                case,
                ("energy_price", "tiers", index),
                f"The tier beyond {format_quantity('from_kwh', tier.from_kwh)} stands after the "
                f"one beyond {format_quantity('from_kwh', before.from_kwh)}.",
                is_repeated=tier.from_kwh == before.from_kwh,
            )


def _out_of_order(case: Case, place: _Place, message: str, *, is_repeated: bool) -> Finding:
    if is_repeated:
        return _overlap(case, place, message)
    return case.source.error(
        "contract.price-steps-out-of-order",
        *place,
        message=message,
        remedy="List the steps in rising order.",
    )


def _overlap(case: Case, place: _Place, message: str) -> Finding:
    return case.source.error(
        "contract.price-steps-overlap",
        *place,
        message=message,
        remedy="Let one price hold at a time.",
    )


def _months_have_one_price(case: Case) -> Iterator[Finding]:
    """Check that no month is in two seasons of the energy price."""
    energy, seen = case.contract.energy_price, dict[int, int]()
    for index, season in enumerate(energy.seasons if energy else ()):
        for month in season.months:
            if month in seen:
                yield _overlap(
                    case,
                    ("energy_price", "seasons", index, "months"),
                    f"{MONTH_NAMES[month - 1]} has the prices of seasons {seen[month] + 1} and "
                    f"{index + 1}.",
                )
            seen.setdefault(month, index)


def _hours_have_one_price(case: Case) -> Iterator[Finding]:
    """Check that no hour of the week has two prices."""
    energy = case.contract.energy_price
    for (first, one), (second, other) in combinations(enumerate(energy.hours if energy else ()), 2):
        shared = set(one.weekdays) & set(other.weekdays)
        start, end = max(one.starts_at, other.starts_at), min(one.ends_at, other.ends_at)
        if shared and start < end:
            yield _overlap(
                case,
                ("energy_price", "hours", second),
                f"From {start:02d}:00 to {end:02d}:00 the prices {first + 1} and {second + 1} of "
                "some hours hold both.",
            )


def _outdoor_steps_are_whole(case: Case) -> Iterator[Finding]:
    """Check that outdoor steps stand from cold to warm, each once, and reach the coldest day."""
    outdoor = case.contract.outdoor_price
    steps = outdoor.steps if outdoor else ()
    for index, (before, step) in enumerate(pairwise(steps), start=1):
        if step.outdoor_c_min <= before.outdoor_c_min:
            yield _out_of_order(
                case,
                ("outdoor_price", "steps", index),
                f"The step from {celsius(step.outdoor_c_min)} stands after the one from "
                f"{celsius(before.outdoor_c_min)}.",
                is_repeated=step.outdoor_c_min == before.outdoor_c_min,
            )
    coldest = min((step.outdoor_c_min for step in steps), default=_OUTDOOR_C_COLDEST)
    if coldest > _OUTDOOR_C_COLDEST:
        yield case.source.error(
            "contract.price-steps-incomplete",
            "outdoor_price",
            "steps",
            message=f"The coldest step begins at {celsius(coldest)}: a colder day has no price.",
            remedy=f"Begin the coldest step at {celsius(_OUTDOOR_C_COLDEST)} or below.",
            outdoor_c_min=coldest,
        )


def _hours_outlast_the_clock(case: Case) -> Iterator[Finding]:
    """Check that no price of some hours falls into the hour that a change of clocks skips (X19)."""
    energy = case.contract.energy_price
    if energy is None or not energy.hours:
        return
    for day, skipped in _skipped_hours(case):
        for index, price in enumerate(energy.hours):
            if day.isoweekday() in price.weekdays and _is_skipped(price, skipped):
                yield case.source.warning(
                    "contract.price-hours-skipped",
                    "energy_price",
                    "hours",
                    index,
                    message=f"On {write_day(day)} the clock goes forward over all hours of this "
                    f"price, {price.starts_at:02d}:00 to {price.ends_at:02d}:00; in autumn it "
                    "holds for them twice.",
                    remedy="Let the price begin or end at another hour, or know that it is so.",
                    day=str(day),
                )


def _is_skipped(price: HourPrice, skipped: set[int]) -> bool:
    return set(range(price.starts_at, price.ends_at)) <= skipped


def _skipped_hours(case: Case) -> Iterator[tuple[date, set[int]]]:
    """Give the days of the first year of the term on which hours do not exist, and which."""
    contract = case.contract
    first = contract.term.starts_on.toordinal()
    for ordinal in range(first, first + 366):
        day = date.fromordinal(ordinal)
        start, end = (
            local_midnight(date.fromordinal(one), contract.zone) for one in (ordinal, ordinal + 1)
        )
        if end - start < timedelta(days=1):
            lived = Period(start, end).split(timedelta(minutes=15))
            hours = {part.start.astimezone(contract.zone).hour for part in lived}
            yield day, set(range(24)) - hours


def _edges_are_prorated_alike(case: Case) -> Iterator[Finding]:
    """Tell where a term that begins or ends within a month of 743 or 745 hours pays by hours (X19).

    By hours the part with the change of clocks differs from its days; both are right, and only
    one is agreed.
    """
    contract, fee = case.contract, case.contract.standing_fee
    if fee is None or contract.proration.term_edge == "days":
        return
    term = contract.term_period
    for field, edge in (("starts_on", term.start), ("ends_on", term.end - timedelta(seconds=1))):
        month = month_of(contract, edge)
        part = month.overlap(term)
        assert part is not None
        if part == month or month.hours % 24 == 0:
            continue
        by_hours = share_of_month(contract, part)
        by_days = _days_in(case, part) / _days_in(case, month)
        difference = abs(by_hours - by_days) * fee.price_per_month
        if difference >= Decimal("0.005"):
            yield case.source.note(
                "contract.clock-change-in-fee",
                "term",
                field,
                message=f"The month of {write_day(getattr(contract.term, field))} has "
                f"{month.hours:.0f} hours. By hours, as BIL-12 says, its standing fee differs from "
                f"that by days by {case.price('difference_amount', difference)}.",
                remedy="Nothing has to be done; `proration.term_edge` decides.",
                hours=month.hours,
                difference_amount=str(round(difference, 4)),
            )


def _days_in(case: Case, period: Period) -> Decimal:
    first, last = (_ordinal(case, instant) for instant in (period.start, period.end))
    return Decimal(last - first)


def _ordinal(case: Case, instant: datetime) -> int:
    return instant.astimezone(case.contract.zone).date().toordinal()


PRICE_CHECKS: tuple[Check, ...] = (
    _no_price_is_negative,
    _prices_are_per_kilowatt_hour,
    _tiers_rise,
    _months_have_one_price,
    _hours_have_one_price,
    _outdoor_steps_are_whole,
    _hours_outlast_the_clock,
    _edges_are_prorated_alike,
)
