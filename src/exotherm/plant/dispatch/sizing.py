"""How large heat pump and tank should be: the least cost of building and running them.

The cost of a year is convex in both sizes, and its prices give its slope for free: what another
kilowatt or kilowatt-hour would have saved. Each year that is dispatched adds a plane that the cost
lies above (Kelley's cutting planes); the lowest point of all planes is tried next, and bounds what
any size can cost.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import highspy
import numpy as np

from exotherm.core.kernel import kernel
from exotherm.physics.computing import FloatArray
from exotherm.plant.dispatch.problem import Dispatch
from exotherm.plant.dispatch.solve import Infeasible, Schedule, dispatch_year

GAP_FRAC_MAX = 1e-8
"""relative gap between the best size found and the least that any could cost"""
_YEARS_MAX = 200
_UNMET_FACTORS = (1.0, 1e3, 1e6)
"""heat that nobody gives is so much dearer than what could give it, while sizes are sought"""
_UNMET_FRAC_MAX = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A size that was tried: its cost with the investment, and the slopes of its year's cost."""

    heat_pump_kw: float
    tank_kwh: float
    cost: float
    per_heat_pump_kw: float
    """what the year's cost changes by for another kilowatt; never positive"""
    per_tank_kwh: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sizes:
    """The cheapest sizes of heat pump and tank, with the proof that no others are cheaper."""

    heat_pump_kw: float
    tank_kwh: float
    cost: float
    """of a year: running, and the yearly cost of what was built"""
    cost_min: float
    """no sizes within the limits cost less"""
    schedule: Schedule
    tried: tuple[Tried, ...]

    @property
    def gap_frac(self) -> float:
        """How far the cost may be above the least one, relative to it."""
        return max(0.0, self.cost - self.cost_min) / max(1.0, abs(self.cost))


def size_year(
    problem: Dispatch, *, heat_pump_cost_per_kw: float, tank_cost_per_kwh: float
) -> Sizes | Infeasible:
    """Find the cheapest sizes up to those of ``problem``, at yearly costs of each kW and kWh."""
    whole = dispatch_year(problem)
    if isinstance(whole, Infeasible):
        return whole
    for factor in _UNMET_FACTORS:
        sizes = _sizes(problem, heat_pump_cost_per_kw, tank_cost_per_kwh, factor)
        if float(sizes.schedule.unmet_kw.max()) <= _UNMET_FRAC_MAX * (
            1.0 + float(problem.demand_kw.max())
        ):
            return sizes
    return Infeasible(step=int(np.argmax(sizes.schedule.unmet_kw)))


def _sizes(
    problem: Dispatch, heat_pump_cost_per_kw: float, tank_cost_per_kwh: float, factor: float
) -> Sizes:
    """Find the cheapest sizes where heat may stay unmet at a price."""
    search = _Search(problem, heat_pump_cost_per_kw, tank_cost_per_kwh, factor)
    best: tuple[Tried, Schedule] | None = None
    for heat_pump_kw, tank_kwh in search.points():
        tried, schedule = search.trial(heat_pump_kw, tank_kwh)
        if best is None or tried.cost < best[0].cost:
            best = tried, schedule
        if best[0].cost - search.cost_min <= GAP_FRAC_MAX * max(1.0, abs(best[0].cost)):
            break
    assert best is not None
    found, schedule = best
    return Sizes(
        heat_pump_kw=found.heat_pump_kw,
        tank_kwh=found.tank_kwh,
        cost=found.cost,
        cost_min=search.cost_min,
        schedule=schedule,
        tried=tuple(search.tried),
    )


class _Search:
    """Tries sizes and keeps the planes that they give."""

    def __init__(
        self,
        problem: Dispatch,
        heat_pump_cost_per_kw: float,
        tank_cost_per_kwh: float,
        unmet_factor: float,
    ) -> None:
        self._limits = (problem.heat_pump_kw_max, problem.tank_kwh)
        self._costs = (heat_pump_cost_per_kw, tank_cost_per_kwh)
        # A kilowatt-hour in one step may take a kilowatt-hour of tank, or as much pump.
        prices = float(np.abs(problem.electricity_per_kwh).max(initial=0.0))
        built = heat_pump_cost_per_kw / problem.step_h + tank_cost_per_kwh
        dearest = 10.0 * (prices + abs(problem.boiler_cost_per_kwh) + built) + 1e-3
        self._problem = replace(
            problem,
            unmet_cost_per_kwh=min(problem.unmet_cost_per_kwh, unmet_factor * dearest),
        )
        self._master = self._new_master()
        self.cost_min = -math.inf
        self.tried: list[Tried] = []

    def points(self) -> Iterator[tuple[float, float]]:
        """Give sizes to try: the middle, then ever again the lowest point of all planes."""
        yield 0.5 * self._limits[0], 0.5 * self._limits[1]
        for _ in range(_YEARS_MAX):
            self._master.run()
            assert self._master.getModelStatus() == highspy.HighsModelStatus.kOptimal
            self.cost_min = self._master.getInfo().objective_function_value
            heat_pump_kw, tank_kwh, _ = self._master.getSolution().col_value
            # HiGHS keeps bounds but for rounding.
            yield (
                min(max(heat_pump_kw, 0.0), self._limits[0]),
                min(max(tank_kwh, 0.0), self._limits[1]),
            )

    def trial(self, heat_pump_kw: float, tank_kwh: float) -> tuple[Tried, Schedule]:
        """Dispatch a year with these sizes and add its plane."""
        sized = self._problem.sized(heat_pump_kw_max=heat_pump_kw, tank_kwh=tank_kwh)
        schedule = dispatch_year(sized)
        assert isinstance(schedule, Schedule), "heat may stay unmet while sizes are sought"
        per_kw = _saved_per_kw(
            schedule.heat_price_per_kwh,
            sized.source_kw,
            sized.direct_kw_max,
            sized.cop,
            sized.electricity_per_kwh,
            sized.step_h,
            heat_pump_kw,
            sized.rejection_frac,
        )
        prices = schedule.heat_price_per_kwh
        stored = np.roll(prices, 1) - sized.kept_frac * prices
        per_kwh = float(stored[stored < 0.0].sum())
        at = schedule.cost_min - per_kw * heat_pump_kw - per_kwh * tank_kwh
        self._master.addRow(
            at, highspy.kHighsInf, 3, np.array([0, 1, 2]), np.array([-per_kw, -per_kwh, 1.0])
        )
        built = self._costs[0] * heat_pump_kw + self._costs[1] * tank_kwh
        tried = Tried(
            heat_pump_kw=heat_pump_kw,
            tank_kwh=tank_kwh,
            cost=schedule.cost + built,
            per_heat_pump_kw=per_kw,
            per_tank_kwh=per_kwh,
        )
        self.tried.append(tried)
        return tried, schedule

    def _new_master(self) -> highspy.Highs:
        """Give the program of two sizes and a year's cost that the planes bound."""
        master: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
        master.setOptionValue("output_flag", False)  # noqa: FBT003 - as HiGHS has it
        for limit, cost in zip(self._limits, self._costs, strict=True):
            master.addCol(cost, 0.0, limit, 0, np.array([]), np.array([]))
        master.addCol(1.0, -highspy.kHighsInf, highspy.kHighsInf, 0, np.array([]), np.array([]))
        return master


@kernel
def _saved_per_kw(
    prices: FloatArray,
    source_kw: FloatArray,
    direct_kw_max: FloatArray,
    cop: FloatArray,
    electricity_per_kwh: FloatArray,
    step_h: float,
    heat_pump_kw: float,
    rejection_frac: float,
) -> float:
    """Give what the year's cost changes by for another kilowatt of the heat pump.

    At each step's price another kilowatt-hour of pumped heat brings its gain, less that of the
    direct use which it displaces where both want the same of the source.
    """
    total = 0.0
    for step in range(prices.size):
        electricity = electricity_per_kwh[step]
        taken = (cop[step] - 1.0) / cop[step]
        pumped_cost = (electricity - rejection_frac * electricity * (cop[step] - 1.0)) / cop[step]
        gain = prices[step] - pumped_cost
        direct_gain = prices[step] + rejection_frac * electricity
        needs_kw = taken * cop[step] * heat_pump_kw
        direct_kw = min(direct_kw_max[step], source_kw[step])
        worth = 0.0
        if gain <= 0.0:
            worth = 0.0
        elif direct_gain <= 0.0:
            worth = gain if needs_kw < source_kw[step] or taken == 0.0 else 0.0
        elif gain >= taken * direct_gain:
            if needs_kw + direct_kw < source_kw[step] or taken == 0.0:
                worth = gain
            elif needs_kw < source_kw[step]:
                worth = gain - taken * direct_gain
        elif needs_kw < source_kw[step] - direct_kw:
            worth = gain
        total -= worth * cop[step] * step_h
    return total
