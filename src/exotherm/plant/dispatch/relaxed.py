"""Times to run a heat pump, relaxed: a step may run by a share. Its prices bound the cost best.

On and off with starts is a path through two states, and what a step may do in either is convex, so
this program's optimum is the best bound that any prices of heat give (Geoffrion, "Lagrangean
relaxation for integer programming", 1974), and its prices give it.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from exotherm.physics.computing import FloatArray
from exotherm.plant.dispatch.problem import Dispatch
from exotherm.plant.dispatch.program import program_of, silent_solver

BoolArray = NDArray[np.bool_]

_VARIABLES, _ROWS = 7, 7
_BALANCE = 0
_ROUNDED_FRAC = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relaxed:
    """What the relaxed program says, each of shape (steps,)."""

    heat_price_per_kwh: FloatArray
    running_frac: FloatArray


def relax_starts(
    problem: Dispatch, *, lowest_kw: float, most_kw: FloatArray, cost_per_start: float
) -> Relaxed | None:
    """Solve the relaxed program; None where HiGHS does not come to its optimum.

    ``most_kw`` is what the heat pump may draw, below ``lowest_kw`` where it cannot run.
    """
    solver = silent_solver()
    solver.passModel(_program(problem, lowest_kw, most_kw, cost_per_start))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    values = np.array(solution.col_value).reshape(_VARIABLES, problem.steps)
    duals = np.array(solution.row_dual).reshape(_ROWS, problem.steps)
    return Relaxed(heat_price_per_kwh=duals[_BALANCE] / problem.step_h, running_frac=values[0])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Branched:
    """The best times that branch and bound found, and what no times cost less than."""

    running: BoolArray
    cost_min: float
    """without the cost of rejecting all of the source"""


def branch_starts(
    problem: Dispatch,
    *,
    lowest_kw: float,
    most_kw: FloatArray,
    cost_per_start: float,
    nodes_max: int,
) -> Branched | None:
    """Branch on when to run, up to a number of nodes, which is the same on every machine."""
    program = _program(problem, lowest_kw, most_kw, cost_per_start)
    whole = [highspy.HighsVarType.kInteger] * problem.steps
    others = [highspy.HighsVarType.kContinuous] * ((_VARIABLES - 1) * problem.steps)
    program.integrality_ = [*whole, *others]
    solver = silent_solver()
    solver.setOptionValue("mip_max_nodes", nodes_max)
    solver.setOptionValue("mip_rel_gap", _ROUNDED_FRAC)
    solver.passModel(program)
    solver.run()
    bound = float(solver.getInfo().mip_dual_bound)
    values = solver.getSolution().col_value
    if not np.isfinite(bound) or len(values) != _VARIABLES * problem.steps:
        return None
    return Branched(
        running=np.array(values[: problem.steps]) > 0.5,
        # It keeps rows to a millionth, so its bound is not surer than that.
        cost_min=bound - _ROUNDED_FRAC * max(1.0, abs(bound)),
    )


def _program(
    problem: Dispatch, lowest_kw: float, most_kw: FloatArray, cost_per_start: float
) -> highspy.HighsLp:
    """Lay out the program; direct use while running and while at rest are apart."""
    steps, step_h = problem.steps, problem.step_h
    at = np.arange(steps)
    runs, starts, used, rested, power, boiler, content = (
        number * steps + at for number in range(_VARIABLES)
    )
    cost = np.zeros(_VARIABLES * steps)
    upper = np.full(_VARIABLES * steps, highspy.kHighsInf)
    not_rejected = -problem.rejection_frac * problem.electricity_per_kwh * step_h
    cost[starts] = cost_per_start
    cost[used] = cost[rested] = not_rejected
    cost[power] = problem.electricity_per_kwh * step_h + not_rejected * (problem.cop - 1.0)
    cost[boiler] = problem.boiler_cost_per_kwh * step_h
    upper[runs] = most_kw >= lowest_kw
    upper[starts] = 1.0
    upper[boiler], upper[content] = problem.boiler_kw_max, problem.tank_kwh
    ones, lifted = np.ones(steps), problem.cop - 1.0
    resting_kw = np.minimum(problem.direct_kw_max, problem.source_kw)
    balance, low, high, source, direct, rest, start = (
        number * steps + at for number in range(_ROWS)
    )
    entries = [
        (balance, used, ones),
        (balance, rested, ones),
        (balance, power, problem.cop),
        (balance, boiler, ones),
        (balance, content, -ones / step_h),
        (balance, np.roll(content, 1), problem.kept_frac / step_h * ones),
        (low, power, ones),
        (low, runs, -lowest_kw * ones),
        (high, power, ones),
        (high, runs, -most_kw),
        (source, used, ones),
        (source, power, lifted),
        (source, runs, -problem.source_kw),
        (direct, used, ones),
        (direct, runs, -problem.direct_kw_max),
        (rest, rested, ones),
        (rest, runs, resting_kw),
        (start, starts, ones),
        (start, runs, -ones),
        (start, np.roll(runs, 1), ones),
    ]
    nothing, endless = np.zeros(steps), np.full(steps, highspy.kHighsInf)
    return program_of(
        entries,
        cost=cost,
        upper=upper,
        row_lower=np.concatenate(
            [problem.demand_kw, nothing, -endless, -endless, -endless, -endless, nothing]
        ),
        row_upper=np.concatenate(
            [problem.demand_kw, endless, nothing, nothing, nothing, resting_kw, endless]
        ),
    )
