"""A heat pump whose starts cost: when it runs is chosen by prices of heat, with a certified gap.

Prices of heat part the year into its steps. At given prices the best times to run are found
exactly, step by step with two states; whatever the prices, what they give is a cost that no
dispatch can be below (Lagrangian relaxation of the heat balance, as for units of power plants:
Muckstadt and Koenig, Operations Research 25, 1977). The dispatch at those times is solved exactly,
and its prices are tried next; then a spell or a pause is taken out where that is cheaper.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from exotherm.core.kernel import kernel
from exotherm.physics.computing import FloatArray
from exotherm.plant.dispatch.problem import Dispatch
from exotherm.plant.dispatch.relaxed import branch_starts, relax_starts
from exotherm.plant.dispatch.repair import dispatch_with_lowest_load
from exotherm.plant.dispatch.solve import Desk, Infeasible, Schedule, dispatch_year, solve_desk

BoolArray = NDArray[np.bool_]

_ROUNDS = 12
_TRIALS_MAX = 60
_STEPS_TRIED_MAX = 50_000
_GAP_FRAC_SMALL = 2e-6
_STEPS_BRANCHED_MAX, _NODES_MAX = 400, 2_000
_SLACK_FRAC = 1e-9
_ROUNDED = (0.05, 0.25, 0.5, 0.75, 0.95)
"""shares of a relaxed step above which it is tried whole"""
_NEVER = 1e300


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Started:
    """A dispatch with its starts: ``schedule.cost`` has them in it, ``cost_min`` bounds both."""

    schedule: Schedule
    running: BoolArray
    """the steps in which the heat pump runs"""

    @property
    def starts(self) -> int:
        """How often it starts; the year closes on itself."""
        return int((self.running & ~np.roll(self.running, 1)).sum())


def dispatch_with_starts(
    problem: Dispatch, *, load_frac_min: float, cost_per_start: float
) -> Started | Infeasible:
    """Find a good dispatch of a heat pump that rests, or runs at its lowest load or above.

    ``load_frac_min`` is above nought: a heat pump that may run at no load never has to stop.
    """
    assert 0.0 < load_frac_min <= 1.0
    assert cost_per_start >= 0.0
    convex = dispatch_year(problem)
    if isinstance(convex, Infeasible):
        return convex
    search = _Search(problem, load_frac_min, cost_per_start)
    search.try_prices(convex.heat_price_per_kwh)
    mended = dispatch_with_lowest_load(problem, load_frac_min)
    if isinstance(mended, Schedule):
        search.keep(mended, _runs(problem, mended))
    search.relax()
    search.follow_prices()
    search.take_out()
    search.branch()
    if search.best is None:
        assert isinstance(mended, Infeasible)
        return mended
    best = search.best
    bound = min(max(search.bound, convex.cost_min), best.schedule.cost)
    return replace(best, schedule=replace(best.schedule, cost_min=bound))


def _runs(problem: Dispatch, schedule: Schedule) -> BoolArray:
    slack_kw = _SLACK_FRAC * (1.0 + problem.heat_pump_kw_max)
    return schedule.heat_pump_power_kw > slack_kw


class _Search:
    """The best dispatch found, the best bound, and prices that were not tried yet."""

    def __init__(self, problem: Dispatch, load_frac_min: float, cost_per_start: float) -> None:
        self._problem = problem
        self._lowest_kw = load_frac_min * problem.heat_pump_kw_max
        self._cost_per_start = cost_per_start
        self._desk = Desk(problem)
        # What a desk's bound leaves out: the cost of rejecting all of the source.
        per_kw = problem.step_h * problem.rejection_frac * problem.electricity_per_kwh
        self._rejecting = math.fsum(per_kw * problem.source_kw)
        lifted = problem.cop - 1.0
        # Where the source cannot feed its lowest load it never runs.
        self._most_kw = np.minimum(
            problem.heat_pump_kw_max,
            np.divide(
                problem.source_kw, lifted, out=np.full(problem.steps, np.inf), where=lifted > 0.0
            ),
        )
        self._can_run = self._most_kw >= self._lowest_kw
        self._tried: set[bytes] = set()
        self._next: list[FloatArray] = []
        self.bound = -np.inf
        self.best: Started | None = None

    @property
    def is_good(self) -> bool:
        """Whether nothing that is left to find is worth it."""
        if self.best is None:
            return False
        cost = self.best.schedule.cost
        return cost - self.bound <= _GAP_FRAC_SMALL * max(1.0, abs(cost))

    def relax(self) -> None:
        """Take prices and times from the relaxed program: there the bound is best."""
        if self.is_good:
            return
        relaxed = relax_starts(
            self._problem,
            lowest_kw=self._lowest_kw,
            most_kw=self._most_kw,
            cost_per_start=self._cost_per_start,
        )
        if relaxed is None:
            return
        self.try_prices(relaxed.heat_price_per_kwh)
        for share in _ROUNDED:
            self._dispatch(relaxed.running_frac > share)

    def follow_prices(self) -> None:
        """Let prices choose the times and the times give prices, while any are new."""
        mean: FloatArray | None = None
        for number in range(_ROUNDS):
            if not self._next or self.is_good:
                return
            prices = self._next.pop()
            self._next.clear()
            # Prices swing between two sets of times; their running mean settles.
            mean = prices if mean is None else mean + (prices - mean) / (number + 1)
            self.try_prices(prices)
            self.try_prices(mean)

    def try_prices(self, prices: FloatArray) -> None:
        """Bound the cost by prices, and dispatch at the times that they choose."""
        rests, runs, free = self._worths(prices)
        running, least = _best_times(rests, runs, self._cost_per_start)
        bound = self._rejecting + self._desk.bound(prices) + math.fsum((least, -math.fsum(free)))
        self.bound = max(self.bound, bound)
        self._dispatch(running)

    def take_out(self) -> None:
        """Take out spells and pauses, the shortest first, where the whole is cheaper without."""
        if self._problem.steps > _STEPS_TRIED_MAX:
            return
        for _ in range(_TRIALS_MAX):
            best = self.best
            if best is None or self.is_good:
                return
            if not any(self._dispatch(other) for other in _without_one(best.running)):
                return

    def branch(self) -> None:
        """Branch and bound where the time is short enough for it."""
        if self.is_good or self._problem.steps > _STEPS_BRANCHED_MAX:
            return
        branched = branch_starts(
            self._problem,
            lowest_kw=self._lowest_kw,
            most_kw=self._most_kw,
            cost_per_start=self._cost_per_start,
            nodes_max=_NODES_MAX,
        )
        if branched is not None:
            self.bound = max(self.bound, self._rejecting + branched.cost_min)
            self._dispatch(branched.running)

    def keep(self, schedule: Schedule, running: BoolArray) -> bool:
        """Count the starts of a dispatch, and keep it if it is the best so far."""
        found = Started(schedule=schedule, running=running)
        cost = schedule.cost + self._cost_per_start * found.starts
        if self.best is not None and cost >= self.best.schedule.cost:
            return False
        self.best = replace(found, schedule=replace(schedule, cost=cost))
        return True

    def _dispatch(self, running: BoolArray) -> bool:
        running = running & self._can_run
        key = running.tobytes()
        if key in self._tried:
            return False
        self._tried.add(key)
        desk = Desk(
            self._problem,
            power_kw_min=np.where(running, self._lowest_kw, 0.0),
            power_kw_max=np.where(running, self._problem.heat_pump_kw_max, 0.0),
        )
        found = solve_desk(desk)
        if isinstance(found, Infeasible):
            return False
        self._next.append(found.heat_price_per_kwh)
        return self.keep(found, running)

    def _worths(self, prices: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Give each step's least cost less the worth of its heat: at rest, running, and free."""
        lowest = np.full(self._problem.steps, self._lowest_kw)
        nothing = np.zeros(self._problem.steps)
        rests = self._worth(prices, nothing)
        runs = np.where(self._can_run, self._least_between(prices, lowest, self._most_kw), _NEVER)
        return rests, runs, self._least_between(prices, nothing, self._most_kw)

    def _least_between(self, prices: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
        """Take the least over powers: at an end, or where direct use leaves no source over."""
        problem = self._problem
        lifted = problem.cop - 1.0
        left = np.maximum(0.0, problem.source_kw - problem.direct_kw_max)
        bend = np.divide(left, lifted, out=high.copy(), where=lifted > 0.0)
        high = np.maximum(low, high)
        worths = (self._worth(prices, power) for power in (low, high, np.clip(bend, low, high)))
        return np.asarray(np.minimum.reduce(list(worths)), dtype=np.float64)

    def _worth(self, prices: FloatArray, power_kw: FloatArray) -> FloatArray:
        """Give the cost of a power less the worth of its heat, with the best direct use beside."""
        problem = self._problem
        rejecting = problem.rejection_frac * problem.electricity_per_kwh
        source_kw = np.maximum(0.0, problem.source_kw - (problem.cop - 1.0) * power_kw)
        gain = rejecting + prices
        direct_kw = np.where(gain > 0.0, np.minimum(problem.direct_kw_max, source_kw), 0.0)
        paid = problem.electricity_per_kwh * power_kw + rejecting * source_kw
        heat = prices * problem.cop * power_kw + gain * direct_kw
        return np.asarray(problem.step_h * (paid - heat), dtype=np.float64)


@kernel
def _best_times(
    rests: FloatArray, runs: FloatArray, cost_per_start: float
) -> tuple[BoolArray, float]:
    """Choose when to run at the least cost, starts included, in a year that closes on itself.

    Shapes (steps,). Both states of the last step are tried as what comes before the first.
    """
    steps = rests.size
    best, chosen = np.inf, np.zeros(steps, dtype=np.bool_)
    came = np.zeros((2, steps), dtype=np.bool_)
    for before in range(2):
        cost = np.array([np.inf, np.inf])
        cost[before] = 0.0
        for step in range(steps):
            started = cost[0] + cost_per_start
            came[0, step] = cost[1] < cost[0]
            came[1, step] = cost[1] <= started
            rested = min(cost[0], cost[1]) + rests[step]
            cost[1] = min(cost[1], started) + runs[step]
            cost[0] = rested
        if cost[before] < best:
            best = cost[before]
            state = before
            for step in range(steps - 1, -1, -1):
                chosen[step] = state == 1
                state = 1 if came[state, step] else 0
    return chosen, best


def _without_one(running: BoolArray) -> Iterator[BoolArray]:
    """Give the same times without one of their spells or pauses, the shortest first."""
    edges = np.flatnonzero(running != np.roll(running, 1))
    if edges.size == 0:
        return
    ends = np.append(edges[1:], edges[0] + running.size)
    order = np.argsort(ends - edges, kind="stable")[:_TRIALS_MAX]
    for place in order:
        steps = np.arange(edges[place], ends[place]) % running.size
        other = running.copy()
        other[steps] = ~running[steps[0]]
        yield other
