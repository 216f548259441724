"""What the project survives: all assumptions off at once, each draw simulated and rated anew.

Draws are points of a quasi-random sequence, so the first hundred are the same whether a hundred or
ten thousand are drawn, by however many threads. Each of a point's numbers is the chance that an
assumption comes out lower; a range's ends are what one in ten lies below and above, and on either
side of the plan the assumption is normally distributed.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from statistics import NormalDist

import numpy as np

from exotherm.contract.outcome import table_of
from exotherm.contract.series import Intervals
from exotherm.contract.terms import Contract
from exotherm.physics.computing import FloatArray
from exotherm.plan.cash import Operation, cash_flows, customer_cash, rates_of
from exotherm.plan.changes import (
    with_demand,
    with_investment,
    with_servers,
    with_table,
    with_utilisation,
    with_warmth,
)
from exotherm.plan.finance import finance_of, npv_of
from exotherm.plan.rating import MEASURED, intervals_of_year, judge_year, rate_judged
from exotherm.plan.revenue_stack import Layer, without_granted
from exotherm.plan.year import STEP, STEP_H, year_period
from exotherm.plant.build import build_plant, initial_state
from exotherm.plant.expose import Exposure, expose, without_servers
from exotherm.plant.outages import Outages, no_outages
from exotherm.plant.simulate import cooling_kwh_alone, sum_and_keep, sum_year
from exotherm.site.document import Site
from exotherm.site.economics import Economics
from exotherm.site.risk import Risk
from exotherm.site.series import Surroundings

_TENTH = NormalDist().inv_cdf(0.9)
_OUTAGE_H = 24.0
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53)
_DIGITS = 32
_SEQUENCE_SEED = 20240
FACTOR_MIN = 0.05
DRAWS_MIN, DRAWS_MAX = 20, 100_000
_BREAK_EVEN_FRAC = 2e-4
"""of the way from the plan to where the search ends: how far off a break-even may be"""
_TRIALS_MAX = 16


class RiskFactor(StrEnum):
    """What may come otherwise, in the words of the report."""

    OUTDOOR = "outdoor temperature"
    UTILISATION = "utilisation of the servers"
    DEMAND = "customers' heat"
    ELECTRICITY = "price of electricity"
    FUEL = "price of the customer's fuel"
    INVESTMENT = "investment"
    HEAT_PUMP = "efficiency of the heat pump"
    DOWNTIME = "downtime of the plant"


FIELD_OF: Mapping[RiskFactor, str] = {
    RiskFactor.OUTDOOR: "outdoor",
    RiskFactor.UTILISATION: "utilisation",
    RiskFactor.DEMAND: "demand",
    RiskFactor.ELECTRICITY: "electricity",
    RiskFactor.FUEL: "fuel",
    RiskFactor.INVESTMENT: "investment",
    RiskFactor.HEAT_PUMP: "heat_pump",
    RiskFactor.DOWNTIME: "downtime",
}
RISK_FACTORS = tuple(RiskFactor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """An assumption's range: what one in ten lies below and above, and what the plan has."""

    low: float
    plan: float
    high: float
    widened: str = ""
    """why it reaches further than the file says; empty where it does not"""

    def at(self, deviate: float) -> float:
        """Give the value at a standard normal deviate: nought is the plan, ±1.28 are the ends."""
        end = self.high if deviate >= 0 else self.low
        return self.plan + (end - self.plan) * abs(deviate) / _TENTH


@dataclass(frozen=True, slots=True)
class Worth:
    """What a draw is worth to both sides over the term, against no heat delivered."""

    operator: float
    customer: float


@dataclass(frozen=True, slots=True)
class Turn:
    """A value between the ends of a range that is worse than both, and what it leaves."""

    value: float
    worth: Worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """What one assumption does on its own."""

    factor: RiskFactor
    range: Range
    at_low: Worth
    at_high: Worth
    break_even: float | None
    """value at which the operator's present value is nought; None within three times the range"""
    turn: Turn | None = None
    """where a heat pump that loses money rests at an end: the price at which it still runs"""

    @property
    def adverse(self) -> float:
        """The operator's present value at the worse end, or between the ends where worse."""
        if self.turn is not None:
            return self.turn.worth.operator
        return min(self.at_low.operator, self.at_high.operator)

    @property
    def swing(self) -> float:
        """By how much the operator's present value differs between both ends."""
        return abs(self.at_high.operator - self.at_low.operator)

    @property
    def adverse_value(self) -> float:
        """The assumption's value that is worst."""
        if self.turn is not None:
            return self.turn.value
        worse_low = self.at_low.operator <= self.at_high.operator
        return self.range.low if worse_low else self.range.high


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskResult:
    """What the project is worth when assumptions fail, one by one and together."""

    planned: Worth
    draws: tuple[Worth, ...]
    values: FloatArray
    """the assumptions of each draw, shape (draws, assumptions)"""
    alone: tuple[Alone, ...]
    """the one that moves most first"""
    worst: Worth
    """all at their worse ends at once"""
    currency: str
    ungranted: Mapping[Layer, float] = field(default_factory=dict)
    """what the plan leaves the operator without each layer that a programme grants"""

    @property
    def _operator(self) -> FloatArray:
        return np.array([draw.operator for draw in self.draws])

    @property
    def loss_frac(self) -> float:
        """The share of draws in which the operator loses."""
        return float((self._operator < 0).mean())

    @property
    def customer_loss_frac(self) -> float:
        """The share of draws in which the customer loses."""
        return float(np.mean([draw.customer < 0 for draw in self.draws]))

    def quantile(self, share: float) -> float:
        """Give the operator's present value that a share of the draws stays below."""
        return float(np.quantile(self._operator, share))

    @property
    def sinking(self) -> tuple[Alone, ...]:
        """Assumptions whose worse end alone makes the project lose."""
        return tuple(one for one in self.alone if one.adverse < 0)

    @property
    def granted(self) -> tuple[Layer, ...]:
        """Layers that a programme grants and without which the plan loses."""
        return tuple(layer for layer, left in self.ungranted.items() if left < 0)


def try_assumptions(
    site: Site,
    contract: Contract,
    surroundings: Surroundings,
    *,
    draws: int,
    threads: int,
    on_draw: Callable[[int], None] = lambda _: None,
) -> RiskResult:
    """Try the plan with its assumptions off, one by one and all at once."""
    assert DRAWS_MIN <= draws <= DRAWS_MAX
    desk = RiskDesk(site, contract, surroundings)
    operation = desk.operation_at(desk.plan)
    values = desk.values_of(draws)
    worths: list[Worth] = []
    with ThreadPoolExecutor(threads) as pool:
        for worth in pool.map(desk.worth, map(tuple, values.tolist())):
            worths.append(worth)
            on_draw(len(worths))
        alone = tuple(pool.map(lambda one: desk.alone(one, operation), RISK_FACTORS))
    worst = desk.worth(tuple(one.adverse_value for one in alone))
    return RiskResult(
        planned=desk.worth_of(desk.plan, operation),
        draws=tuple(worths),
        values=values,
        alone=tuple(sorted(alone, key=lambda one: -one.swing)),
        worst=worst,
        currency=site.site.currency,
        ungranted={
            layer: finance_of(economics, operation).npv
            for layer, economics in without_granted(site.economics).items()
        },
    )


def sequence(draws: int, dimensions: int) -> FloatArray:
    """Give points that fill the unit cube evenly, shape (draws, dimensions): a Halton sequence.

    Coordinate j is the number of the point mirrored at the point in the j-th prime, with every
    digit exchanged by a permutation of its own (Owen, "A randomized Halton algorithm in R", 2017).
    Each point stays what it is however many follow.
    """
    rng = np.random.default_rng(_SEQUENCE_SEED)
    points = np.zeros((draws, dimensions))
    for column, prime in enumerate(_PRIMES[:dimensions]):
        left, weight = np.arange(draws), 1.0
        for _ in range(_DIGITS):
            weight /= prime
            points[:, column] += weight * rng.permutation(prime)[left % prime]
            left //= prime
    return points % 1.0


def ranges_of(site: Site, surroundings: Surroundings) -> dict[RiskFactor, Range]:
    """Give every assumption's range, reaching at least to what is usual where the plan is rosy."""
    given = {name: _range_of(site.risk, field) for name, field in FIELD_OF.items()}
    for name, reach in _usual_reach(site, surroundings):
        low, high = min(given[name].low, reach), max(given[name].high, reach)
        if (low, high) != (given[name].low, given[name].high):
            why = "the plan is rosier than what is usual, so its range reaches that"
            given[name] = replace(given[name], low=low, high=high, widened=why)
    return given


def _range_of(risk: Risk, field: str) -> Range:
    own = getattr(risk, field)
    return Range(low=own.low, plan=own.plan, high=own.high)


# Means of public traces lie from 0.3 to 0.6; beyond that a plan counts on hosting that is full.
_UTILISATION_ROSY, _UTILISATION_USUAL = 0.70, 0.45
# Prices to customers other than households in the EU: electricity 0.09 to 0.28, gas 0.04 to 0.10.
_ELECTRICITY_ROSY, _ELECTRICITY_USUAL = 0.09, 0.18
_FUEL_ROSY, _FUEL_USUAL = 0.10, 0.06
# The heat plants of the examples cost 1,400 to 2,900 EUR per kW of servers.
_INVESTMENT_ROSY, _INVESTMENT_USUAL = 700.0, 1400.0
_LIKE_EURO = ("EUR", "GBP", "CHF")


def _usual_reach(site: Site, surroundings: Surroundings) -> Iterator[tuple[RiskFactor, float]]:
    busy = float(surroundings.utilisation.utilisation_frac.mean())
    if busy > _UTILISATION_ROSY:
        yield RiskFactor.UTILISATION, _UTILISATION_USUAL / busy
    if site.site.currency not in _LIKE_EURO:
        return
    if 0 < site.economics.electricity_per_kwh < _ELECTRICITY_ROSY:
        reach = _ELECTRICITY_USUAL / site.economics.electricity_per_kwh
        yield RiskFactor.ELECTRICITY, reach
    invested = sum(item.amount for item in site.economics.investment)
    per_kw = invested / site.computing.power_kw_rated
    if 0 < per_kw < _INVESTMENT_ROSY:
        yield RiskFactor.INVESTMENT, _INVESTMENT_USUAL / per_kw
    if site.economics.fuel_per_kwh > _FUEL_ROSY:
        yield RiskFactor.FUEL, _FUEL_USUAL / site.economics.fuel_per_kwh


class RiskDesk:
    """A site laid out to be tried with other assumptions."""

    def __init__(self, site: Site, contract: Contract, surroundings: Surroundings) -> None:
        self.ranges = ranges_of(site, surroundings)
        self.plan = tuple(one.plan for one in self.ranges.values())
        self._site, self._contract, self._surroundings = site, contract, surroundings
        self._period = year_period(site)
        self._intervals: Intervals | None = None
        # Made once, before threads ask for it.
        assert table_of(contract).judgements
        if contract.season.weather is None:
            outdoor_c = np.zeros(self._period.duration // STEP)
            self._intervals = intervals_of_year(contract, self._period, outdoor_c=outdoor_c)

    def values_of(self, draws: int) -> FloatArray:
        """Give the assumptions of every draw, with the prices of electricity and fuel together."""
        return self.values_from(deviates_of(sequence(draws, len(RISK_FACTORS))))

    def values_from(self, independent: FloatArray) -> FloatArray:
        """Give the assumptions at standard normal deviates, shape (draws, assumptions).

        That of fuel is what its price has of its own beside that of electricity.
        """
        deviates = independent.copy()
        electricity = RISK_FACTORS.index(RiskFactor.ELECTRICITY)
        fuel = RISK_FACTORS.index(RiskFactor.FUEL)
        shared = self._site.risk.electricity_fuel_correlation
        deviates[:, fuel] = (
            shared * deviates[:, electricity] + math.sqrt(1.0 - shared**2) * deviates[:, fuel]
        )
        return np.array(
            [
                [
                    _bounded(name, self.ranges[name].at(float(one)))
                    for name, one in zip(RISK_FACTORS, row, strict=True)
                ]
                for row in deviates
            ]
        )

    def alone(self, factor: RiskFactor, planned_operation: Operation) -> Alone:
        """Move one assumption on its own: to both ends, and to where the project breaks even."""
        planned = self.worth_of(self.plan, planned_operation)
        own = self.ranges[factor]

        def lived(value: float) -> tuple[Worth, Operation]:
            values = tuple(
                value if name is factor else self.ranges[name].plan for name in RISK_FACTORS
            )
            # What was paid for a plant does not move it.
            is_paid = factor is RiskFactor.INVESTMENT
            operation = planned_operation if is_paid else self.operation_at(values)
            return self.worth_of(values, operation), operation

        (at_low, low), (at_high, high) = lived(own.low), lived(own.high)
        resting = [
            end
            for end, operation in ((own.low, low), (own.high, high))
            if factor in _PRICES_OF_HEAT and _rests(operation, planned_operation)
        ]
        turn = _turn(
            own.plan,
            resting,
            planned,
            better=min(at_low.operator, at_high.operator),
            worth=lambda value: lived(value)[0],
        )
        worse_low = at_low.operator <= at_high.operator
        rises = planned.operator < 0
        end = own.low if worse_low != rises else own.high
        farthest = _bounded(factor, own.plan + 3.0 * (end - own.plan))
        if turn is not None and turn.worth.operator < 0 <= planned.operator:
            farthest = turn.value
        break_even = _break_even(
            lambda value: lived(value)[0].operator, own.plan, farthest, planned.operator
        )
        return Alone(
            factor=factor,
            range=own,
            at_low=at_low,
            at_high=at_high,
            break_even=break_even,
            turn=turn,
        )

    def worth(self, values: tuple[float, ...]) -> Worth:
        """Simulate and rate the planned year with other assumptions, and value the term."""
        return self.worth_of(values, self.operation_at(values))

    def operation_at(self, values: tuple[float, ...]) -> Operation:
        """Simulate and rate the planned year with other assumptions."""
        by = dict(zip(RISK_FACTORS, values, strict=True))
        site, surroundings = self._changed(by)
        return replace(
            self._operation(*self._laid_out(site, surroundings, by)),
            first_years=tuple(
                self._operation(*self._laid_out(with_servers(site, share), surroundings, by))
                for share in site.computing.filled_frac
            ),
        )

    def worth_of(self, values: tuple[float, ...], operation: Operation) -> Worth:
        """Value the term of an operation with other prices and another investment."""
        by = dict(zip(RISK_FACTORS, values, strict=True))
        own = with_investment(self._site, by[RiskFactor.INVESTMENT]).economics
        economics = own.model_copy(update=_prices(own, by))
        mine, other = rates_of(economics)
        return Worth(
            operator=npv_of(mine, [year.net for year in cash_flows(economics, operation)]),
            customer=npv_of(other, customer_cash(economics, operation)),
        )

    def _laid_out(
        self, site: Site, surroundings: Surroundings, by: Mapping[RiskFactor, float]
    ) -> tuple[Site, Exposure]:
        outages = _standstill(self._period.duration // STEP, by[RiskFactor.DOWNTIME])
        lived = expose(site, surroundings, self._period, step=STEP, outages=outages)
        return site, _with_efficiency(lived, by[RiskFactor.HEAT_PUMP])

    def _changed(self, by: Mapping[RiskFactor, float]) -> tuple[Site, Surroundings]:
        site, surroundings = self._site, self._surroundings
        if by[RiskFactor.DEMAND] != 1.0:
            site, surroundings = with_demand(site, surroundings, by[RiskFactor.DEMAND])
        site = with_table(site, "economics", **_prices(self._site.economics, by))
        surroundings = with_utilisation(surroundings, by[RiskFactor.UTILISATION])
        return site, with_warmth(surroundings, by[RiskFactor.OUTDOOR])

    def _operation(self, site: Site, lived: Exposure) -> Operation:
        """Sum the year. What the boiler alone would do is summed in hours."""
        plant, outdoor_c = build_plant(site), lived.conditions.outdoor_c
        start = initial_state(plant)
        year, sums = sum_and_keep(plant, lived, start, MEASURED)
        intervals = self._intervals or intervals_of_year(
            self._contract, self._period, outdoor_c=outdoor_c
        )
        judged = judge_year(self._contract, year, intervals, outdoor_c=outdoor_c)
        months = rate_judged(self._contract, year, judged, outdoor_c=outdoor_c)
        heating = sum_year(plant, without_servers(_in_hours(lived)), start)
        fuel_kwh = heating["fuel_kw"] - sums["fuel_kw"]
        return Operation(
            heat_delivered_kwh=sums["delivered_kw"],
            auxiliary_kwh=sums["auxiliary_kw"],
            cooling_saved_kwh=cooling_kwh_alone(plant, lived) - sums["fan_kw"] - sums["chiller_kw"],
            heat_revenue=float(sum(month.rated.net_amount for month in months)),
            is_indexed="indexation" in self._contract.composition.order,
            fuel_saved=fuel_kwh * site.economics.fuel_per_kwh,
            fuel_alone=heating["fuel_kw"] * site.economics.fuel_per_kwh,
        )


def _prices(economics: Economics, by: Mapping[RiskFactor, float]) -> dict[str, float]:
    return {
        "electricity_per_kwh": by[RiskFactor.ELECTRICITY] * economics.electricity_per_kwh,
        "fuel_per_kwh": by[RiskFactor.FUEL] * economics.fuel_per_kwh,
    }


def deviates_of(chances: FloatArray) -> FloatArray:
    """Give the standard normal deviates of chances between nought and one, of any shape."""
    normal = NormalDist()
    inside = np.clip(chances, 1e-12, 1 - 1e-12)
    return np.array([normal.inv_cdf(float(one)) for one in inside.flat]).reshape(chances.shape)


def _bounded(factor: RiskFactor, value: float) -> float:
    """Keep a value where it means something."""
    if factor is RiskFactor.OUTDOOR:
        return max(-20.0, min(20.0, value))
    if factor is RiskFactor.DOWNTIME:
        return max(0.0, min(1.0, value))
    return max(FACTOR_MIN, value)


def _standstill(steps: int, share: float) -> Outages:
    """Let the plant stand still for a share of the year: a day at a time, evenly apart."""
    outages = no_outages(steps)
    length = round(_OUTAGE_H / STEP_H)
    lost = round(share * steps)
    number = math.ceil(lost / length)
    for outage in range(number):
        first = round((outage + 0.5) * steps / number) - length // 2
        own = min(length, lost - outage * length)
        outages.delivery[max(0, first) : max(0, first) + own] = True
    return outages


def _with_efficiency(lived: Exposure, factor: float) -> Exposure:
    """Give the same exposure with a heat pump that works better or worse."""
    if factor == 1.0:
        return lived
    conditions = lived.conditions
    changed = conditions._replace(
        pump_efficiency_frac=np.clip(conditions.pump_efficiency_frac * factor, 0.0, 1.0)
    )
    return replace(lived, conditions=changed)


def _in_hours(lived: Exposure) -> Exposure:
    """Take every hour's first quarter for the hour: weather, servers and customers are hourly."""
    conditions = lived.conditions
    every = round(1.0 / lived.step_h)
    hourly = {
        name: values[::every]
        for name, values in conditions._asdict().items()
        if name not in ("station_kw_per_k", "acceptance")
    }
    return Exposure(
        period=lived.period,
        step_h=1.0,
        conditions=conditions._replace(**hourly),
        load_names=lived.load_names,
    )


_PRICES_OF_HEAT = (RiskFactor.ELECTRICITY, RiskFactor.FUEL)
_RESTS_FRAC = 0.01
"""of the planned electricity that a plant draws less where its heat pump rests now and then"""
_TURNS = (0.2, 0.4, 0.6, 0.8)
"""parts of the way to an end at which a heat pump rests that are tried"""


def _rests(operation: Operation, planned: Operation) -> bool:
    return operation.auxiliary_kwh < (1.0 - _RESTS_FRAC) * planned.auxiliary_kwh


def _turn(
    plan: float,
    resting: list[float],
    planned: Worth,
    *,
    better: float,
    worth: Callable[[float], Worth],
) -> Turn | None:
    """Find what is worse than both ends of a range: the plan, or a price short of a resting end.

    A heat pump whose heat brings less than its electricity costs loses most just before it rests.
    ``better`` is what the operator has at the worse end.
    """
    if not resting:
        return None
    way = [plan + share * (end - plan) for end in resting for share in _TURNS]
    tried = [Turn(plan, planned), *(Turn(value, worth(value)) for value in way)]
    worst = min(tried, key=lambda one: one.worth.operator)
    return worst if worst.worth.operator < better else None


def _break_even(
    npv: Callable[[float], float], plan: float, farthest: float, planned: float
) -> float | None:
    """Find where the present value changes its sign between the plan and far beyond its range.

    By false position with the end that stays halved (the Illinois rule), since every value is a
    year simulated: four or five where halving the range took twelve.
    """
    if plan == farthest:
        return None
    near, near_npv, far, far_npv = plan, planned, farthest, npv(farthest)
    if (far_npv < 0) == (near_npv < 0):
        return None
    found = far
    for _ in range(_TRIALS_MAX):
        before, found = found, far - far_npv * (far - near) / (far_npv - near_npv)
        found_npv = npv(found)
        if abs(found - before) <= _BREAK_EVEN_FRAC * abs(farthest - plan):
            break
        if (found_npv < 0) == (far_npv < 0):
            near_npv *= 0.5
        else:
            near, near_npv = far, far_npv
        far, far_npv = found, found_npv
    return found
