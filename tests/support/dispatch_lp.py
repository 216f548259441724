"""The same dispatch as a linear program, for HiGHS: an independent second way."""

from dataclasses import dataclass

import highspy
import numpy as np

from exotherm.plant.dispatch.merit import Sources
from exotherm.plant.dispatch.problem import Dispatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """What HiGHS found: the least cost, or None where no dispatch meets the demand."""

    cost: float | None
    heat_pump_kw_max: float
    tank_kwh: float


def solve_lp(
    problem: Dispatch,
    *,
    heat_pump_cost: float | None = None,
    tank_cost: float | None = None,
    ahead: tuple[float, float] | None = None,
) -> Solved:
    """Solve by HiGHS; with costs per kW and kWh the heat pump and the tank are free up to theirs.

    ``ahead`` are the content at the start and what a kilowatt-hour at the end is worth; without it
    the end is the beginning.
    Variables of a step: power, direct, rejected, boiler, content at its end.
    """
    steps, step_h = problem.steps, problem.step_h
    sized = heat_pump_cost is not None
    at = np.arange(steps)
    power, direct, rejected, boiler, content = (number * steps + at for number in range(5))
    columns = 5 * steps + (2 if sized else 0)
    upper = np.full(columns, highspy.kHighsInf)
    cost = np.zeros(columns)
    cost[power] = problem.electricity_per_kwh * step_h
    cost[rejected] = problem.rejection_frac * problem.electricity_per_kwh * step_h
    cost[boiler] = problem.boiler_cost_per_kwh * step_h
    upper[direct] = problem.direct_kw_max
    upper[boiler] = problem.boiler_kw_max
    ones = np.ones(steps)
    entries = [
        (at, power, problem.cop - 1.0),
        (at, direct, ones),
        (at, rejected, ones),
        (steps + at, power, problem.cop),
        (steps + at, direct, ones),
        (steps + at, boiler, ones),
        (steps + at, content, -ones / step_h),
        (steps + at, np.roll(content, 1), problem.kept_frac / step_h * ones),
    ]
    lower_row = [problem.source_kw, problem.demand_kw]
    upper_row = [problem.source_kw, problem.demand_kw]
    if ahead is not None:
        # The first step begins with what is given, and what is left at the end is paid for.
        entries[-1] = (steps + at[1:], content[:-1], problem.kept_frac / step_h * ones[1:])
        given = problem.demand_kw.copy()
        given[0] -= problem.kept_frac * ahead[0] / step_h
        lower_row[1] = upper_row[1] = given
        cost[content[-1]] = -ahead[1]
    if sized:
        assert heat_pump_cost is not None
        assert tank_cost is not None
        cost[5 * steps :] = heat_pump_cost, tank_cost
        upper[5 * steps :] = problem.heat_pump_kw_max, problem.tank_kwh
        entries += [
            (2 * steps + at, power, ones),
            (2 * steps + at, np.full(steps, 5 * steps), -ones),
            (3 * steps + at, content, ones),
            (3 * steps + at, np.full(steps, 5 * steps + 1), -ones),
        ]
        lower_row.append(np.full(2 * steps, -highspy.kHighsInf))
        upper_row.append(np.zeros(2 * steps))
    else:
        upper[power] = problem.heat_pump_kw_max
        upper[content] = problem.tank_kwh
    solver = _solver(cost, upper, entries, np.concatenate(lower_row), np.concatenate(upper_row))
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        assert solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible
        return Solved(cost=None, heat_pump_kw_max=0.0, tank_kwh=0.0)
    values = solver.getSolution().col_value
    return Solved(
        cost=solver.getInfo().objective_function_value,
        heat_pump_kw_max=values[5 * steps] if sized else problem.heat_pump_kw_max,
        tank_kwh=values[5 * steps + 1] if sized else problem.tank_kwh,
    )


def _silent() -> highspy.Highs:
    solver: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)  # noqa: FBT003 - as HiGHS has it
    return solver


def _solver(
    cost: np.ndarray,
    upper: np.ndarray,
    entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
    lower_row: np.ndarray,
    upper_row: np.ndarray,
) -> highspy.Highs:
    rows, columns, values = (
        np.concatenate([entry[part] for entry in entries]) for part in range(3)
    )
    # In a year of one step its content is before and after it, so entries of one place are added.
    places, found = np.unique(columns * lower_row.size + rows, return_inverse=True)
    values = np.bincount(found, weights=values)
    columns, rows = np.divmod(places, lower_row.size)
    starts = np.zeros(cost.size + 1, dtype=np.int32)
    np.add.at(starts, columns + 1, 1)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = cost.size, lower_row.size
    program.col_cost_, program.col_lower_, program.col_upper_ = cost, np.zeros(cost.size), upper
    program.row_lower_, program.row_upper_ = lower_row, upper_row
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.cumsum(starts).tolist()
    program.a_matrix_.index_ = rows.tolist()
    program.a_matrix_.value_ = values.astype(np.float64)
    solver = _silent()
    solver.passModel(program)
    solver.run()
    return solver


def solve_lowest_load(
    problem: Dispatch, load_frac_min: float, *, cost_per_start: float = 0.0
) -> float | None:
    """Give the least cost with a lowest load by HiGHS's branch and bound; None without one.

    A whole number per step says whether the heat pump runs; each start of it costs.
    """
    steps = problem.steps
    solver = _silent()
    solver.setOptionValue("mip_rel_gap", 1e-9)
    h, fan = problem.step_h, problem.rejection_frac
    power, direct, rejected, boiler, content, runs = (
        [
            solver.addVariable(lb=0.0, ub=float(most), obj=float(cost))
            for most, cost in zip(
                np.broadcast_to(top, steps), np.broadcast_to(price, steps), strict=True
            )
        ]
        for top, price in (
            (problem.heat_pump_kw_max, problem.electricity_per_kwh * h),
            (problem.direct_kw_max, 0.0),
            (highspy.kHighsInf, fan * problem.electricity_per_kwh * h),
            (problem.boiler_kw_max, problem.boiler_cost_per_kwh * h),
            (problem.tank_kwh, 0.0),
            (1.0, 0.0),
        )
    )
    for step in range(steps):
        cop = float(problem.cop[step])
        solver.changeColIntegrality(runs[step].index, highspy.HighsVarType.kInteger)
        solver.addConstr(
            direct[step] + (cop - 1.0) * power[step] + rejected[step]
            == float(problem.source_kw[step])
        )
        solver.addConstr(
            direct[step]
            + cop * power[step]
            + boiler[step]
            + (problem.kept_frac / h) * content[step - 1]
            - (1.0 / h) * content[step]
            == float(problem.demand_kw[step])
        )
        top = problem.heat_pump_kw_max
        solver.addConstr(power[step] <= top * runs[step])
        solver.addConstr(power[step] >= load_frac_min * top * runs[step])
        if cost_per_start:
            started = solver.addVariable(lb=0.0, ub=1.0, obj=cost_per_start)
            solver.addConstr(started >= runs[step] - runs[step - 1])
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return float(solver.getInfo().objective_function_value)


def cost_of_sources(problem: Sources) -> float:
    """Solve many sources with one store by HiGHS: the least cost, demand that is unmet in it.

    Variables of a step: each source, what is unmet, content at the end.
    """
    steps, count = problem.heat_kw_max.shape
    at = np.arange(steps)
    heat = [number * steps + at for number in range(count)]
    unmet, content = count * steps + at, (count + 1) * steps + at
    columns = (count + 2) * steps
    upper, cost = np.full(columns, highspy.kHighsInf), np.zeros(columns)
    for number, places in enumerate(heat):
        upper[places] = problem.heat_kw_max[:, number]
        cost[places] = problem.cost_per_kwh[:, number] * problem.step_h
    upper[unmet], upper[content] = problem.demand_kw, problem.store_kwh
    cost[unmet] = problem.unmet_cost_per_kwh * problem.step_h
    matrix = np.zeros((steps, columns))
    for places in (*heat, unmet):
        matrix[at, places] = 1.0
    matrix[at, content] -= 1.0 / problem.step_h
    matrix[at, np.roll(content, 1)] += problem.kept_frac / problem.step_h
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = columns, steps
    program.col_cost_, program.col_lower_, program.col_upper_ = cost, np.zeros(columns), upper
    program.row_lower_ = program.row_upper_ = problem.demand_kw
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.arange(steps + 1, dtype=np.int32) * columns
    program.a_matrix_.index_ = np.tile(np.arange(columns, dtype=np.int32), steps)
    program.a_matrix_.value_ = matrix.ravel()
    solver: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)  # noqa: FBT003 - as HiGHS has it
    solver.passModel(program)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(solver.getInfo().objective_function_value)
