"""What heat costs the customer over the contract's term, with the service and without.

Conservative throughout: all assumptions are drawn at once (``risk``), and of what is good for the
customer the tenth is told that one in ten draws is below, of what is not the tenth that one in ten
is above. The service's costs are told high and those it is held against low.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from exotherm.contract.terms import Contract
from exotherm.physics.computing import FloatArray
from exotherm.plan.cash import Operation, rates_of
from exotherm.plan.finance import npv_of
from exotherm.plan.own_heat import (
    Situation,
    customer_cash,
    heat_bills,
    in_situation,
    own_heat,
    situations_of,
)
from exotherm.plan.risk_desk import RiskDesk
from exotherm.plan.risk_ranges import OF_THE_TERM, RISK_FACTORS, Range, RiskFactor
from exotherm.site.document import Site
from exotherm.site.economics import BoilerRenewal, Economics

TAIL_FRAC = 0.10
"""share of the draws that may come out worse than what a proposal says"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What the customer's heat costs in each year of the term, year 0 first; not negative."""

    alone: tuple[float, ...]
    """without the service: own fuel, and what is replaced"""
    served: tuple[float, ...]
    """with it: heat bills, what fuel is still needed, and what is replaced"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Amounts that nine of ten draws keep to, each on its bad side."""

    alone_min: float
    served_max: float
    saved_min: float
    """what the service saves at least, draw by draw; negative where it may cost more"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """The term in one situation, as present value and as the plain sum of its years."""

    situation: Situation
    present: Bounds
    summed: Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class SteadyYear:
    """A year once all servers are there, at the prices of the first, that nine of ten keep to."""

    heat_kwh_min: float
    bill_max: float
    bill_per_kwh_max: float | None
    """all that is paid for a delivered kilowatt-hour, fees included; None without heat"""
    fuel_alone_min: float
    fuel_served_max: float
    saved_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """How far one assumption alone moves what the service saves over the term."""

    factor: RiskFactor
    range: Range
    saved_at_low: float
    saved_at_high: float

    @property
    def saved_min(self) -> float:
        """What is saved at the end that is worse for the customer."""
        return min(self.saved_at_low, self.saved_at_high)

    @property
    def swing(self) -> float:
        """By how much both ends differ."""
        return abs(self.saved_at_high - self.saved_at_low)


@dataclass(frozen=True, slots=True, kw_only=True)
class LifetimeCost:
    """What heat costs the customer over the term; before VAT, in the currency of the site."""

    years: int
    left_months: int
    """months of the term beyond its whole years, which are not counted"""
    discount_frac: float
    """rate by which the customer's later years count less, in real terms"""
    draws: int
    year: SteadyYear
    lifetimes: tuple[Lifetime, ...]
    """the boiler kept first"""
    renewal: BoilerRenewal | None
    moves: tuple[Moves, ...]
    """assumptions that move what is saved, the one that moves it most first"""

    @property
    def kept(self) -> Lifetime:
        """The term against the boiler that is kept."""
        return self.lifetimes[0]


def term_years(contract: Contract) -> tuple[int, int]:
    """Count the whole years of a contract's term, at least one, and the months beyond them."""
    first, after = contract.term.starts_on, contract.term.ends_on + timedelta(days=1)
    months = 12 * (after.year - first.year) + after.month - first.month
    if after < _months_later(first, months):
        months -= 1
    return max(1, months // 12), months % 12 if months >= 12 else 0


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, min(day.day, 28))


def costs_of(economics: Economics, operation: Operation, situation: Situation) -> Costs:
    """Lay out what heat costs the customer in each year; ``economics`` has the contract's term."""
    own = own_heat(in_situation(economics, situation), operation)
    bills = heat_bills(economics, operation)
    return Costs(
        alone=own.alone,
        served=tuple(cost + bill for cost, bill in zip(own.served, bills, strict=True)),
    )


def lifetime_cost(
    site: Site,
    contract: Contract,
    desk: RiskDesk,
    *,
    draws: int,
    threads: int,
    on_draw: Callable[[int], None] = lambda _: None,
) -> LifetimeCost:
    """Draw all assumptions at once, many times, and say what nine of ten draws keep to."""
    years, left_months = term_years(contract)
    book = _Book(site.economics.model_copy(update={"term_years": years}))
    values = [tuple(row) for row in desk.values_of(draws).tolist()]
    pool = ThreadPoolExecutor(threads)
    try:
        for number, (row, operation) in enumerate(
            zip(values, pool.map(desk.operation_at, values), strict=True), start=1
        ):
            book.note(row, _kept_to(desk, row, operation, years))
            on_draw(number)
        moves = tuple(pool.map(lambda factor: _moves(desk, book, factor), _MOVING))
    finally:
        # Who stops it waits for the draws that run, not for all that were asked for.
        pool.shutdown(cancel_futures=True)
    mine, other = site.economics.discount_frac, site.economics.customer_discount_frac
    return LifetimeCost(
        years=years,
        left_months=left_months,
        discount_frac=mine if other is None else other,
        draws=draws,
        year=book.steady_year(),
        lifetimes=tuple(book.lifetimes()),
        renewal=site.economics.boiler_renewal,
        moves=tuple(sorted((one for one in moves if one.swing > 0.5), key=lambda one: -one.swing)),
    )


# What was paid for the plant is the operator's own, and whether to stay the customer's.
_OTHERS = frozenset({RiskFactor.INVESTMENT, RiskFactor.CUSTOMER})
_MOVING = tuple(factor for factor in RISK_FACTORS if factor not in _OTHERS)


def _kept_to(
    desk: RiskDesk, values: tuple[float, ...], operation: Operation, years: int
) -> Operation:
    """Give an operation in a course that the customer keeps to the end of the term."""
    course = desk.course_at(values, years)
    return replace(operation, course=replace(course, ends_after_years=math.inf))


def _moves(desk: RiskDesk, book: "_Book", factor: RiskFactor) -> Moves:
    own = desk.ranges[factor]

    def saved(value: float) -> float:
        values = tuple(value if one is factor else desk.ranges[one].plan for one in RISK_FACTORS)
        operation = desk.operation_at(desk.plan if factor in OF_THE_TERM else values)
        return book.saved(values, _kept_to(desk, values, operation, book.economics.term_years))

    return Moves(
        factor=factor, range=own, saved_at_low=saved(own.low), saved_at_high=saved(own.high)
    )


def at_least(values: FloatArray) -> float:
    """Give the value that one in ten is below, itself one of them and none rosier."""
    return float(np.quantile(values, TAIL_FRAC, method="lower"))


def at_most(values: FloatArray) -> float:
    """Give the value that one in ten is above, itself one of them and none rosier."""
    return float(np.quantile(values, 1.0 - TAIL_FRAC, method="higher"))


@dataclass(slots=True)
class _Book:
    """Draws as they come in: the costs of each situation, and the figures of a steady year."""

    economics: Economics
    _costs: dict[Situation, list[tuple[float, ...]]] = field(default_factory=dict)
    _years: list[tuple[float, ...]] = field(default_factory=list)

    def note(self, values: tuple[float, ...], operation: Operation) -> None:
        """Enter a draw."""
        economics = self._priced(values)
        rate = rates_of(economics)[1]
        for situation in situations_of(economics, economics.term_years):
            costs = costs_of(economics, operation, situation)
            alone, served = npv_of(rate, costs.alone), npv_of(rate, costs.served)
            sums = (sum(costs.alone), sum(costs.served))
            self._costs.setdefault(situation, []).append((alone, served, *sums))
        one = operation
        bill_per_kwh = one.heat_revenue / one.heat_delivered_kwh if one.heat_delivered_kwh else 0.0
        fuel_served = one.fuel_alone - one.fuel_saved
        self._years.append(
            (one.heat_delivered_kwh, one.heat_revenue, bill_per_kwh, one.fuel_alone, fuel_served)
        )

    def saved(self, values: tuple[float, ...], operation: Operation) -> float:
        """Give the present value of what is saved while the boiler is kept."""
        kept = in_situation(self._priced(values), Situation.KEPT)
        return npv_of(rates_of(kept)[1], customer_cash(kept, operation))

    def _priced(self, values: tuple[float, ...]) -> Economics:
        by: Mapping[RiskFactor, float] = dict(zip(RISK_FACTORS, values, strict=True))
        fuel = by[RiskFactor.FUEL] * self.economics.fuel_per_kwh
        return self.economics.model_copy(update={"fuel_per_kwh": fuel})

    def lifetimes(self) -> Iterator[Lifetime]:
        """Say what nine of ten draws keep to in each situation."""
        for situation, draws in self._costs.items():
            alone, served, alone_sum, served_sum = np.array(draws).T
            yield Lifetime(
                situation=situation,
                present=_bounds(alone, served),
                summed=_bounds(alone_sum, served_sum),
            )

    def steady_year(self) -> SteadyYear:
        """Say what nine of ten draws keep to in a year."""
        heat_kwh, bill, bill_per_kwh, fuel_alone, fuel_served = np.array(self._years).T
        return SteadyYear(
            heat_kwh_min=at_least(heat_kwh),
            bill_max=at_most(bill),
            bill_per_kwh_max=at_most(bill_per_kwh[heat_kwh > 0]) if heat_kwh.any() else None,
            fuel_alone_min=at_least(fuel_alone),
            fuel_served_max=at_most(fuel_served),
            saved_min=at_least(fuel_alone - fuel_served - bill),
        )


def _bounds(alone: FloatArray, served: FloatArray) -> Bounds:
    return Bounds(
        alone_min=at_least(alone), served_max=at_most(served), saved_min=at_least(alone - served)
    )
