"""Solving a dispatch that stands in files, and writing its schedule."""

import csv
import io
import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from exotherm.core.errors import UnableTo
from exotherm.core.findings import Finding, Severity, Where
from exotherm.feeds.dispatch_files import SizingCosts, read_dispatch
from exotherm.plant.dispatch.problem import Dispatch
from exotherm.plant.dispatch.repair import dispatch_with_lowest_load
from exotherm.plant.dispatch.sizing import Sizes, size_year
from exotherm.plant.dispatch.solve import Infeasible, Schedule, dispatch_year
from exotherm.plant.dispatch.starts import Started, dispatch_with_starts
from exotherm.usecases.files import WorkspaceFiles, write_whole

SCHEDULE_COLUMNS = (
    "t",
    "direct_kw",
    "heat_pump_power_kw",
    "heat_pump_kw",
    "boiler_kw",
    "rejected_kw",
    "content_kwh",
    "heat_price_per_kwh",
)
_SOLVES, _SHORT_MS = 5, 100.0
_Found = TypeVar("_Found")
_YEAR_H, _YEAR_SLACK_H = 8760.0, 48.0
_GAP_FRAC_MAX = 1e-6


class UnableToWriteSchedule(UnableTo):
    """The schedule could not be written where it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatched:
    """What came of files: the schedule, the sizes where they were asked for, and all findings."""

    problem: Dispatch | None
    schedule: Schedule | None
    sizes: Sizes | None
    solve_ms: float
    findings: tuple[Finding, ...]
    starts: int | None = None
    """how often the heat pump starts, where that costs"""

    @property
    def proved(self) -> Schedule | Sizes | None:
        """What was asked for, with its cost and the bound that proves it."""
        return self.sizes or self.schedule


def dispatch_files(
    series: Path,
    parameters: Path,
    *,
    to_size: bool,
    load_frac_min: float = 0.0,
    cost_per_start: float = 0.0,
) -> Dispatched:
    """Read and solve a dispatch. ``solve_ms`` is the solve alone, with what it needs in memory.

    Starts cost something only where the heat pump has a lowest load.
    """
    own, other = WorkspaceFiles(series.parent), WorkspaceFiles(parameters.parent)
    texts = own.text(series.name), other.text(parameters.name)
    if texts[0] is None or texts[1] is None:
        return _nothing((*own.findings, *other.findings))
    read = read_dispatch(
        texts[0],
        texts[1],
        series_file=series.name,
        parameters_file=parameters.name,
        to_size=to_size,
    )
    if read.problem is None:
        return _nothing(read.findings)
    _warm(read.problem)
    asked = (read.problem, read.sizing, load_frac_min, cost_per_start)
    found, solve_ms = _timed(lambda: _solve(*asked))
    starts = found.starts if isinstance(found, Started) else None
    if isinstance(found, Started):
        found = found.schedule
    if isinstance(found, Infeasible):
        return Dispatched(
            problem=read.problem,
            schedule=None,
            sizes=None,
            solve_ms=solve_ms,
            findings=(_infeasible(read.problem, found, series.name),),
        )
    sizes = found if isinstance(found, Sizes) else None
    schedule = found.schedule if isinstance(found, Sizes) else found
    problem = read.problem
    if sizes is not None:
        problem = problem.sized(heat_pump_kw_max=sizes.heat_pump_kw, tank_kwh=sizes.tank_kwh)
    return Dispatched(
        problem=problem,
        schedule=schedule,
        sizes=sizes,
        solve_ms=solve_ms,
        findings=tuple(_doubts(problem, found, series.name, is_mended=load_frac_min > 0.0)),
        starts=starts,
    )


def _timed(solve: Callable[[], _Found]) -> tuple[_Found, float]:
    """Solve, and tell in how many milliseconds; what takes few is solved again, the least counts.

    The first solve is the first to touch its memory, and others want the processor as well.
    """
    least_ms = math.inf
    for _ in range(_SOLVES):
        started = time.perf_counter()
        found = solve()
        least_ms = min(least_ms, 1000.0 * (time.perf_counter() - started))
        if least_ms > _SHORT_MS:
            break
    return found, least_ms


def _solve(
    problem: Dispatch,
    sizing: SizingCosts | None,
    load_frac_min: float,
    cost_per_start: float,
) -> Schedule | Sizes | Started | Infeasible:
    if sizing is None and load_frac_min and cost_per_start:
        return dispatch_with_starts(
            problem, load_frac_min=load_frac_min, cost_per_start=cost_per_start
        )
    if sizing is None and load_frac_min:
        return dispatch_with_lowest_load(problem, load_frac_min)
    if sizing is None:
        return dispatch_year(problem)
    largest = problem.sized(heat_pump_kw_max=sizing.heat_pump_kw_max, tank_kwh=sizing.tank_kwh_max)
    return size_year(
        largest,
        heat_pump_cost_per_kw=sizing.heat_pump_cost_per_kw,
        tank_cost_per_kwh=sizing.tank_cost_per_kwh,
    )


def _warm(problem: Dispatch) -> None:
    """Load the compiled code on a problem of one step."""
    one = np.ones(1)
    costs = SizingCosts(
        heat_pump_kw_max=1.0, tank_kwh_max=1.0, heat_pump_cost_per_kw=1.0, tank_cost_per_kwh=1.0
    )
    tiny = Dispatch(
        source_kw=one,
        demand_kw=one,
        direct_kw_max=one,
        cop=2.0 * one,
        electricity_per_kwh=one,
        step_h=problem.step_h,
        heat_pump_kw_max=1.0,
        tank_kwh=1.0,
        tank_loss_frac_per_h=0.01,
        boiler_kw_max=1.0,
        boiler_cost_per_kwh=1.0,
        rejection_frac=0.0,
    )
    _solve(tiny, costs, 0.0, 0.0)
    _solve(tiny, None, 0.5, 1.0)


def _nothing(findings: tuple[Finding, ...]) -> Dispatched:
    return Dispatched(problem=None, schedule=None, sizes=None, solve_ms=0.0, findings=findings)


def _doubts(
    problem: Dispatch, found: Schedule | Sizes, file: str, *, is_mended: bool
) -> Iterator[Finding]:
    """Say what a reader should doubt: sizes of less than a year, a cost that is not proved."""
    hours = problem.steps * problem.step_h
    if isinstance(found, Sizes) and abs(hours - _YEAR_H) > _YEAR_SLACK_H:
        yield Finding(
            code="dispatch.not-a-year",
            severity=Severity.WARNING,
            where=Where(file=file),
            message=f"The series has {hours:g} hours, but the costs of sizes are a year's: they "
            "come out too small for less than a year, too large for more.",
            remedy="Give a whole year, or multiply the costs by the share of a year.",
            data={"hours": hours},
        )
    if not is_mended and found.gap_frac > _GAP_FRAC_MAX:
        yield Finding(
            code="dispatch.gap-left",
            severity=Severity.WARNING,
            where=Where(file=file),
            message=f"The cost is not proved to be the least: it may be up to "
            f"{100.0 * found.gap_frac:.3g} % too high.",
            remedy="Look for values that differ by many powers of ten, such as a tank that loses "
            "nearly all in a step.",
            data={"gap_frac": found.gap_frac},
        )


def _infeasible(problem: Dispatch, found: Infeasible, file: str) -> Finding:
    # The header is the first line of the file.
    return Finding(
        code="dispatch.demand-unmet",
        severity=Severity.ERROR,
        where=Where(file=file, line=found.step + 2),
        message=f"No dispatch meets the demand: up to step {found.step} all supply and a full tank "
        f"give less than is asked, {problem.demand_kw[found.step]:g} kW in that step.",
        remedy="Enlarge boiler, heat pump or tank, or ask for less heat.",
        data={"step": found.step},
    )


def dispatched_json(done: Dispatched) -> dict[str, object]:
    """Give what came of it as plain values."""
    schedule, sizes, proved = done.schedule, done.sizes, done.proved
    if schedule is None or proved is None:
        return {"objective": None, "feasible": False, "solve_ms": done.solve_ms}
    given: dict[str, object] = {
        "objective": proved.cost,
        "feasible": True,
        "objective_min": proved.cost_min,
        "gap_frac": proved.gap_frac,
        "solve_ms": done.solve_ms,
        "steps": int(schedule.content_kwh.size),
    }
    if done.starts is not None:
        given["starts"] = done.starts
    if sizes is not None:
        given |= {
            "hp_el_kw": sizes.heat_pump_kw,
            "tank_kwh": sizes.tank_kwh,
            "years_tried": len(sizes.tried),
        }
    return given


def write_schedule(done: Dispatched, path: Path, *, inputs: tuple[Path, ...]) -> None:
    """Write the schedule as CSV, one line a step; the content is that at its end.

    Never over one of the ``inputs``.
    """
    write_table(path, SCHEDULE_COLUMNS, _rows(done), inputs=inputs)


def write_table(
    path: Path, columns: Iterable[str], rows: Iterable[Iterable[str]], *, inputs: tuple[Path, ...]
) -> None:
    """Write a schedule's table as CSV, never over one of the ``inputs``."""
    if path.suffix.lower() != ".csv" or any(path.exists() and path.samefile(own) for own in inputs):
        raise UnableToWriteSchedule(
            f"{path} is not a file that a schedule is written to",
            remedy="Name a file that ends in .csv and is none of those that were read.",
        )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    try:
        write_whole(path, text.getvalue().encode())
    except OSError as error:
        raise UnableToWriteSchedule(
            f"{path} cannot be written: {error.strerror}",
            remedy="Name another file with --out.",
        ) from error


def _rows(done: Dispatched) -> Iterator[list[str]]:
    schedule, problem = done.schedule, done.problem
    assert schedule is not None
    assert problem is not None
    columns = (
        schedule.direct_kw,
        schedule.heat_pump_power_kw,
        schedule.heat_pump_power_kw * problem.cop,
        schedule.boiler_kw,
        schedule.rejected_kw,
        schedule.content_kwh,
        schedule.heat_price_per_kwh,
    )
    for step, values in enumerate(zip(*columns, strict=True)):
        yield [str(step), *(repr(round(float(value), 9) + 0.0) for value in values)]
