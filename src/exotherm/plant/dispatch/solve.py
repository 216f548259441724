"""The cheapest dispatch of a year whose end is its beginning, with the proof that it is."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from exotherm.physics.computing import FloatArray
from exotherm.plant.dispatch.problem import Dispatch
from exotherm.plant.dispatch.supply import Supply, lay_supply
from exotherm.plant.dispatch.value import (
    FEASIBLE_FRAC,
    ROUNDED_FRAC,
    Marks,
    Run,
    Value,
    bound_of_prices,
    part_of_run,
    prices_of_run,
    run_forwards,
    sum_of,
    value_backwards,
)

GAP_FRAC_MAX = 1e-9
"""relative gap up to which a dispatch counts as the optimum"""
_LAPS_MAX = 6
_BISECTIONS_MAX = 100
_PRICED_STEPS = 100_000
_NO_LAP = Marks(np.empty((0, 0)), Value(0.0, np.empty(0), np.empty(0)), -1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Schedule:
    """A dispatch of every step, in kW, and its cost.

    ``cost`` is that of the whole time; no dispatch costs less than ``cost_min``, which the prices
    prove. ``heat_price_per_kwh`` is what a kilowatt-hour more of demand would cost in each step.
    """

    direct_kw: FloatArray
    heat_pump_power_kw: FloatArray
    boiler_kw: FloatArray
    unmet_kw: FloatArray
    rejected_kw: FloatArray
    content_kwh: FloatArray
    """in the tank at the end of each step"""
    heat_price_per_kwh: FloatArray
    cost: float
    cost_min: float

    @property
    def gap_frac(self) -> float:
        """How far the cost may be above the least one, relative to it."""
        return max(0.0, self.cost - self.cost_min) / max(1.0, abs(self.cost))

    @property
    def is_optimal(self) -> bool:
        """Whether the prices prove that no dispatch costs less, up to rounding."""
        return self.gap_frac <= GAP_FRAC_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Infeasible:
    """No dispatch meets the demand: the last step up to which even a full tank does not."""

    step: int


def dispatch_year(problem: Dispatch) -> Schedule | Infeasible:
    """Find the cheapest dispatch whose tank ends as full as it began.

    Laps through the year settle what content is worth: once a lap ends as the one before, no
    dispatch is cheaper. Where laps do not settle (a tank that is never full or empty), the worth
    of what is left at the end is found by halving instead.
    """
    return solve_desk(Desk(problem))


def solve_desk(desk: "Desk") -> Schedule | Infeasible:
    """Solve a problem that was laid out; see ``dispatch_year``."""
    return desk.solve()


def dispatch_ahead(
    problem: Dispatch, *, start_kwh: float, worth_per_kwh: float
) -> Schedule | Infeasible:
    """Find the cheapest dispatch of the time ahead, for a plan that is made anew before its end.

    The tank begins with ``start_kwh``; each kilowatt-hour left at the end counts as
    ``worth_per_kwh``, such as the price of heat that a longer outlook gives. ``cost`` is that of
    running alone, and ``cost_min`` what any dispatch costs that leaves as much.
    """
    assert 0.0 <= start_kwh <= problem.tank_kwh
    desk = Desk(problem)
    last = Value(0.0, np.array([-worth_per_kwh]), np.array([problem.tank_kwh]))
    marks = desk.back(last, _NO_LAP)
    if marks.short >= 0:
        return Infeasible(step=marks.short)
    run = desk.forward(marks, start_kwh)
    if run.missed_kwh > desk.slack_kwh:
        return Infeasible(step=int(np.argmin(run.content_kwh)))
    return desk.schedule_ahead(run, start_kwh, worth_per_kwh)


class Settled(Protocol):
    """A schedule that says whether it is proved to be the cheapest."""

    @property
    def is_optimal(self) -> bool:
        """Whether prices prove that no dispatch costs less, up to rounding."""
        ...


_Schedule = TypeVar("_Schedule", bound=Settled)


class Year(ABC, Generic[_Schedule]):
    """Supply and demand of a year with a store, laid out for the kernels; a kind reads its runs."""

    def __init__(
        self, supply: Supply, demand_kwh: FloatArray, *, kept: float, tank_kwh: float
    ) -> None:
        self.supply = supply
        self.demand_kwh = demand_kwh
        self.kept = kept
        self.tank_kwh = tank_kwh

    @abstractmethod
    def schedule(self, run: Run) -> _Schedule:
        """Read a run: what each part does, what it costs, and the proof."""

    def solve(self) -> _Schedule | Infeasible:
        """Find the cheapest run whose store ends as full as it began; see ``dispatch_year``."""
        last = Value(0.0, np.zeros(1), np.array([self.tank_kwh]))
        marks = self.back(last, _NO_LAP)
        for _ in range(_LAPS_MAX):
            if marks.short >= 0:
                return Infeasible(step=marks.short)
            again = self.back(marks.first, marks)
            run = self.round_trip(again)
            if run is not None:
                schedule = self.schedule(run)
                if schedule.is_optimal:
                    return schedule
            marks = again
        return self.by_halving(marks)

    def prices(self, run: Run) -> FloatArray:
        """Give what a kilowatt-hour more of demand would cost; see ``prices_of_run``."""
        return prices_of_run(
            self.supply, run, self.kept, self.tank_kwh, self._laps, -math.inf, math.inf
        )

    def bound(self, prices: FloatArray) -> float:
        """Give a cost that no dispatch can be below; see ``bound_of_prices``."""
        return bound_of_prices(self.supply, self.demand_kwh, self.kept, self.tank_kwh, prices)

    @property
    def slack_kwh(self) -> float:
        """Demand that may be missed in rounding."""
        rounded = ROUNDED_FRAC * self.tank_kwh * self.demand_kwh.size
        return FEASIBLE_FRAC * (1e-3 + float(np.abs(self.demand_kwh).sum())) + rounded

    @property
    def _laps(self) -> int:
        """How often prices go round a year at most; short ones have to go more often."""
        return max(2, math.ceil(_PRICED_STEPS / self.demand_kwh.size))

    def back(self, last: Value, lap: Marks) -> Marks:
        """Go a lap backwards; see ``value_backwards``."""
        return value_backwards(self.supply, self.demand_kwh, self.kept, self.tank_kwh, last, lap)

    def forward(self, marks: Marks, start_kwh: float) -> Run:
        """Go a lap forwards; see ``run_forwards``."""
        return run_forwards(self.supply, self.demand_kwh, self.kept, marks.until_kwh, start_kwh)

    def round_trip(self, marks: Marks) -> Run | None:
        """Run laps until one ends as it began; None where none does."""
        start = marks.first.low_kwh
        for _ in range(_LAPS_MAX):
            run = self.forward(marks, start)
            end = float(run.content_kwh[-1])
            if abs(end - start) <= 1e-12 * (1.0 + self.tank_kwh):
                return run if run.missed_kwh <= self.slack_kwh else None
            start = end
        return None

    # --- Where laps do not settle

    def by_halving(self, marks: Marks) -> _Schedule | Infeasible:
        """Find the worth of a kilowatt-hour left at the end at which as much is left as was there.

        More worth leaves more. Between two worths next to each other one of which leaves too little
        and one too much, a mean of their runs leaves just as much, and costs the least of all,
        since all of it is convex.
        """
        low, high = self._worths()
        runs: list[tuple[float, Run] | None] = [None, None]
        most = self._at_worth(high)
        if most is None or most[0] < -self.slack_kwh:
            # Even where all supply runs, less is left than was there.
            return Infeasible(step=self._emptied(most, marks))
        for _ in range(_BISECTIONS_MAX):
            worth = 0.5 * (low + high)
            found = self._at_worth(worth)
            assert found is not None, "it was feasible at another worth"
            excess, _ = found
            if excess >= 0.0:
                high, runs[1] = worth, found
            else:
                low, runs[0] = worth, found
            if excess == 0.0 or high - low <= 1e-15 * max(1.0, abs(high)):
                break
        return self.schedule(_mean_of(*runs))

    def _emptied(self, most: tuple[float, Run] | None, marks: Marks) -> int:
        return marks.short if most is None else int(np.argmin(most[1].content_kwh))

    def _worths(self) -> tuple[float, float]:
        """Give worths between which that of the tank's content lies."""
        most = float(np.abs(self.supply.cost_per_kwh).max(initial=0.0))
        spread = (most + 1.0) / max(self.kept**self.demand_kwh.size, 1e-12)
        return -spread, spread

    def _at_worth(self, worth: float) -> tuple[float, Run] | None:
        """Give how much more is left than was there, at a worth, and the run."""
        tank = self.tank_kwh
        marks = self.back(Value(0.0, np.array([-worth]), np.array([tank])), _NO_LAP)
        if marks.short >= 0:
            return None
        cheap = marks.first.slope < -worth
        start = marks.first.low_kwh + float(marks.first.length_kwh[cheap].sum())
        run = self.forward(marks, start)
        return float(run.content_kwh[-1]) - start, run


class Desk(Year[Schedule]):
    """A problem laid out for the kernels.

    ``power_kw_min`` and ``power_kw_max``, shape (steps,), are what the heat pump has to draw and
    may draw in each step; left out, it may do what it likes. What it has to draw is taken off
    demand and source beforehand.
    """

    def __init__(
        self,
        problem: Dispatch,
        *,
        power_kw_min: FloatArray | None = None,
        power_kw_max: FloatArray | None = None,
    ) -> None:
        self.problem = problem
        steps = problem.steps
        most = np.full(steps, problem.heat_pump_kw_max) if power_kw_max is None else power_kw_max
        self.least_kw = np.zeros(steps) if power_kw_min is None else power_kw_min
        demand_kwh = (problem.demand_kw - problem.cop * self.least_kw) * problem.step_h
        supply = lay_supply(
            problem.source_kw - (problem.cop - 1.0) * self.least_kw,
            problem.demand_kw,
            problem.direct_kw_max,
            problem.cop,
            problem.electricity_per_kwh,
            most - self.least_kw,
            problem.step_h,
            problem.boiler_kw_max,
            problem.boiler_cost_per_kwh,
            problem.rejection_frac,
            problem.unmet_cost_per_kwh,
        )
        super().__init__(supply, demand_kwh, kept=problem.kept_frac, tank_kwh=problem.tank_kwh)

    def schedule(self, run: Run) -> Schedule:
        """Read a run: what each part of the plant does, what it costs, and the proof."""
        prices = self.prices(run)
        return self._read(run, prices, self.bound(prices))

    def schedule_ahead(self, run: Run, start_kwh: float, worth_per_kwh: float) -> Schedule:
        """Read a run that ends where it likes; see ``dispatch_ahead``."""
        tank_kwh, end_kwh = self.tank_kwh, float(run.content_kwh[-1])
        slack_kwh = FEASIBLE_FRAC * (1.0 + tank_kwh)
        prices = prices_of_run(
            self.supply,
            run,
            self.kept,
            tank_kwh,
            1,
            -math.inf if end_kwh >= tank_kwh - slack_kwh else worth_per_kwh,
            math.inf if end_kwh <= slack_kwh else worth_per_kwh,
        )
        first, last = float(prices[0]), float(prices[-1])
        # The bound of a year that closes, with its joint undone: the start is given, the end paid.
        joint = min(0.0, last - self.kept * first) * tank_kwh
        ends = min(0.0, last - worth_per_kwh) * tank_kwh - self.kept * first * start_kwh
        bound = self.bound(prices)
        return self._read(run, prices, bound - joint + ends + worth_per_kwh * end_kwh)

    def _read(self, run: Run, prices: FloatArray, bound: float) -> Schedule:
        problem, supply, used = self.problem, self.supply, run.used_kwh
        direct_kw = part_of_run(used, supply.direct) / problem.step_h
        power_kw = self.least_kw + part_of_run(used, supply.power) / problem.step_h
        taken_kw = direct_kw + (problem.cop - 1.0) * power_kw
        per_kw = problem.step_h * problem.electricity_per_kwh
        left_kw = problem.source_kw - (problem.cop - 1.0) * self.least_kw
        base = sum_of(per_kw * (problem.rejection_frac * left_kw + self.least_kw))
        return Schedule(
            direct_kw=direct_kw,
            heat_pump_power_kw=power_kw,
            boiler_kw=part_of_run(used, supply.boiler) / problem.step_h,
            unmet_kw=part_of_run(used, supply.unmet) / problem.step_h,
            rejected_kw=problem.source_kw - taken_kw,
            content_kwh=run.content_kwh,
            heat_price_per_kwh=prices,
            cost=base + sum_of(part_of_run(used, supply.cost_per_kwh)),
            cost_min=base + bound,
        )


def _mean_of(below: tuple[float, Run] | None, above: tuple[float, Run] | None) -> Run:
    """Mix two runs so that as much is left as was there."""
    if below is None or above is None:
        only = below or above
        assert only is not None
        return only[1]
    short, over = -below[0], above[0]
    share = short / (short + over) if short + over > 0.0 else 0.0
    return Run(
        (1.0 - share) * below[1].content_kwh + share * above[1].content_kwh,
        (1.0 - share) * below[1].used_kwh + share * above[1].used_kwh,
        max(below[1].missed_kwh, above[1].missed_kwh),
    )
