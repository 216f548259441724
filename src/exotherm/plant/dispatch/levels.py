"""Dispatch of two temperature levels, as a linear program.

What the source reaches by itself serves the lower level alone; the heat pump and the boiler serve
both. Each level has its share of one store, so there are two contents that limit each other, and
the value of one is no longer a function of a single number: HiGHS solves it instead.
"""

from dataclasses import dataclass

import highspy
import numpy as np

from exotherm.physics.computing import FloatArray
from exotherm.plant.dispatch.program import program_of, silent_solver

_VARIABLES, _ROWS = 7, 4
_SERIES = (
    "source_kw",
    "low_demand_kw",
    "high_demand_kw",
    "direct_kw_max",
    "cop",
    "heat_pump_kw_max",
    "electricity_per_kwh",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Levels:
    """A plant over steps of one length whose demand is of two levels; the series are (steps,).

        direct + (cop - 1) power ≤ source
        direct + down + boiler_low = low_demand + (low_end - kept low_start) / step_h
        cop power + boiler_high = high_demand + down + (high_end - kept high_start) / step_h
        low_end / tank_low_kwh + high_end / tank_kwh ≤ 1

    ``down`` is warm heat that serves the lower level; a full store holds ``tank_low_kwh`` of the
    source's own heat or ``tank_kwh`` of the warmest. The end of the time is its beginning. The cost
    is that of the heat pump's electricity, of the cooler's for what of the source is left, and of
    the boiler's heat.
    """

    source_kw: FloatArray
    low_demand_kw: FloatArray
    high_demand_kw: FloatArray
    direct_kw_max: FloatArray
    cop: FloatArray
    heat_pump_kw_max: FloatArray
    """electric power that the heat pump may draw"""
    electricity_per_kwh: FloatArray
    step_h: float
    tank_low_kwh: float
    tank_kwh: float
    tank_loss_frac_per_h: float
    boiler_cost_per_kwh: float
    rejection_frac: float
    """electricity of the cooler per heat that it rejects"""

    def __post_init__(self) -> None:
        for name in _SERIES:
            values = getattr(self, name)
            assert values.shape == self.source_kw.shape, name
            assert np.isfinite(values).all(), name
        assert (self.cop >= 1.0).all()
        assert (self.tank_low_kwh > 0.0) == (self.tank_kwh > 0.0)

    @property
    def steps(self) -> int:
        """The number of steps."""
        return int(self.source_kw.size)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelsDispatched:
    """The cheapest dispatch, in kW, its cost, and what more of the plant would save of it."""

    direct_kw: FloatArray
    heat_pump_power_kw: FloatArray
    boiler_kw: FloatArray
    low_kwh: FloatArray
    high_kwh: FloatArray
    cost: float
    saved_per_store: float
    """what the cost of the whole time falls by for another store like this, by its slope"""
    saved_per_heat_pump_kw: float
    """and for another electric kilowatt of heat pump, wherever it may run"""


def dispatch_levels(problem: Levels) -> LevelsDispatched:
    """Find the cheapest dispatch; the boiler is as large as it has to be, so there is one."""
    program = _program(problem)
    solver = silent_solver()
    solver.passModel(program)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal, "the boiler gives the rest"
    solution = solver.getSolution()
    values = np.array(solution.col_value).reshape(_VARIABLES, problem.steps)
    direct, power, _, boiler_low, boiler_high, low, high = values
    taken_kwh = problem.step_h * problem.electricity_per_kwh * problem.source_kw
    price_of_power = np.array(solution.col_dual).reshape(_VARIABLES, problem.steps)[1]
    store_duals = np.array(solution.row_dual).reshape(_ROWS, problem.steps)[3]
    return LevelsDispatched(
        direct_kw=direct,
        heat_pump_power_kw=power,
        boiler_kw=boiler_low + boiler_high,
        low_kwh=low,
        high_kwh=high,
        cost=float(solver.getInfo().objective_function_value)
        + problem.rejection_frac * float(taken_kwh.sum()),
        saved_per_store=-float(np.minimum(store_duals, 0.0).sum()),
        saved_per_heat_pump_kw=-float(
            np.minimum(price_of_power, 0.0)[problem.heat_pump_kw_max > 0.0].sum()
        ),
    )


def _program(problem: Levels) -> highspy.HighsLp:
    """Lay out the program: seven variables and four rows a step."""
    steps, step_h = problem.steps, problem.step_h
    at = np.arange(steps)
    direct, power, down, boiler_low, boiler_high, low, high = (
        number * steps + at for number in range(_VARIABLES)
    )
    cost = np.zeros(_VARIABLES * steps)
    upper = np.full(_VARIABLES * steps, highspy.kHighsInf)
    not_rejected = -problem.rejection_frac * problem.electricity_per_kwh * step_h
    cost[direct] = not_rejected
    cost[power] = problem.electricity_per_kwh * step_h + not_rejected * (problem.cop - 1.0)
    cost[boiler_low] = cost[boiler_high] = problem.boiler_cost_per_kwh * step_h
    upper[direct], upper[power] = problem.direct_kw_max, problem.heat_pump_kw_max
    ones = np.ones(steps)
    kept = float((1.0 - problem.tank_loss_frac_per_h) ** step_h)
    source, lower, higher, store = (number * steps + at for number in range(_ROWS))
    entries = [
        (source, direct, ones),
        (source, power, problem.cop - 1.0),
        (lower, direct, ones),
        (lower, down, ones),
        (lower, boiler_low, ones),
        (lower, low, -ones / step_h),
        (lower, np.roll(low, 1), kept / step_h * ones),
        (higher, power, problem.cop),
        (higher, boiler_high, ones),
        (higher, down, -ones),
        (higher, high, -ones / step_h),
        (higher, np.roll(high, 1), kept / step_h * ones),
        (store, low, _room(problem.tank_low_kwh) * ones),
        (store, high, _room(problem.tank_kwh) * ones),
    ]
    nothing = np.zeros(steps)
    return program_of(
        entries,
        cost=cost,
        upper=upper,
        row_lower=np.concatenate(
            [nothing - highspy.kHighsInf, problem.low_demand_kw, problem.high_demand_kw, nothing]
        ),
        row_upper=np.concatenate(
            [
                problem.source_kw,
                problem.low_demand_kw,
                problem.high_demand_kw,
                ones if problem.tank_kwh > 0.0 else nothing,
            ]
        ),
    )


def _room(full_kwh: float) -> float:
    """Give the share of the store that a kilowatt-hour takes; a store of nothing has no room."""
    return 1.0 / full_kwh if full_kwh > 0.0 else 1.0
