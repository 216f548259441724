"""A year of every example, beside the bound that no simulation can pass: reading its inputs once.

    make bench

Prints the best of several runs on one machine in one go: ratios hold where absolute times drift.
Nothing here gates a change. The bars are those the plant was built to: 10 ms for an hourly year
and 40 ms in quarter-hours of a full site (heat pump, 10 layers), 1,000 scenario years on two cores
in 6 s and 300 MB, and a first `plan run` with nothing compiled in 15 s.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np

from exotherm.core.kernel import kernel
from exotherm.physics.computing import FloatArray
from exotherm.plan.year import year_period
from exotherm.plant.build import build_plant, initial_state
from exotherm.plant.expose import Exposure, expose
from exotherm.plant.parts import Flows, Laid
from exotherm.plant.simulate import simulate, sum_year
from exotherm.usecases.workspace import Ready, load_workspace, ready

EXAMPLES = Path(__file__).parent.parent / "examples"
FULL_SITE = "district-heating"
SCENARIOS = 1_000
_BARS_MS = {60: 10.0, 15: 40.0}


@kernel
def read_only(laid: Laid, rows: int) -> FloatArray:
    """Read every input once and write as many results as a simulation does."""
    steps, fields = laid.moments.shape
    table = np.empty((rows, steps))
    for step in range(steps):
        seen = 0.0
        for field in range(fields):
            seen += laid.moments[step, field]
        for load in range(laid.orders.shape[1]):
            seen += laid.orders[step, load, 0] + laid.orders[step, load, 1]
            seen += laid.orders[step, load, 2]
        for row in range(rows):
            table[row, step] = seen
    return table


def best_ms(work: Callable[[], object], *, times: int = 15) -> float:
    work()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begin))
    return min(taken)


def load(name: str) -> Ready:
    workspace = ready(load_workspace(EXAMPLES / name))
    assert workspace is not None, name
    return workspace


def exposed(workspace: Ready, minutes: int) -> Exposure:
    step = timedelta(minutes=minutes)
    return expose(workspace.site, workspace.surroundings, year_period(workspace.site), step=step)


def print_years() -> None:
    print(f"{'a year of':<18} {'steps':>8} {'ms':>8} {'reading ms':>11} {'ratio':>6} {'bar ms':>7}")
    for folder in sorted(file.parent for file in EXAMPLES.glob("*/site.toml")):
        workspace = load(folder.name)
        plant = build_plant(workspace.site)
        start = initial_state(plant)
        for minutes in (60, 15, 1):
            exposure = exposed(workspace, minutes)
            times = 3 if minutes == 1 else 15
            year = best_ms(partial(simulate, plant, exposure, start), times=times)
            bound = best_ms(partial(read_only, exposure.laid, len(Flows._fields)), times=times)
            bar = f"{_BARS_MS[minutes]:.0f}" if minutes in _BARS_MS else ""
            print(
                f"{folder.name:<18} {exposure.steps:>8} {year:>8.1f} {bound:>11.2f} "
                f"{year / bound:>6.1f} {bar:>7}"
            )


def scenario(exposure: Exposure, number: int) -> Exposure:
    """Give a year with other servers and another demand, as a study of risk draws them."""
    busier, colder = 0.7 + 0.6 * (number % 37) / 37, 0.8 + 0.4 * (number % 31) / 31
    conditions = exposure.conditions
    return Exposure(
        period=exposure.period,
        step_h=exposure.step_h,
        conditions=conditions._replace(
            it_kw=conditions.it_kw * busier,
            captured_kw=conditions.captured_kw * busier,
            load_kw=conditions.load_kw * colder,
        ),
    )


def print_scenarios() -> None:
    """Run a thousand scenario years by two threads, each year a sum of its flows."""
    workspace = load(FULL_SITE)
    plant, exposure = build_plant(workspace.site), exposed(workspace, 60)
    start = initial_state(plant)

    def run(number: int) -> float:
        return sum_year(plant, scenario(exposure, number), start)["delivered_kw"]

    run(0)
    begin = time.perf_counter()
    with ThreadPoolExecutor(max_workers=2) as pool:
        delivered = list(pool.map(run, range(SCENARIOS)))
    taken_s = time.perf_counter() - begin
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n{SCENARIOS} scenario years of {FULL_SITE} on two threads: {taken_s:.1f} s (bar 6 s), "
        f"{memory_mb:.0f} MB (bar 300 MB); delivered {min(delivered) / 1000:.0f} to "
        f"{max(delivered) / 1000:.0f} MWh"
    )


def print_first_run() -> None:
    """Run a study as after installation: nothing compiled yet; then again."""
    with tempfile.TemporaryDirectory() as cache:
        command = [sys.executable, "-m", "exotherm", "plan", "run", str(EXAMPLES / FULL_SITE)]
        environment = {"XDG_CACHE_HOME": cache, "PATH": "/usr/bin:/bin"}
        taken = []
        for _ in range(2):
            begin = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, env=environment)
            taken.append(time.perf_counter() - begin)
    print(
        f"\n`exotherm plan run`: {taken[0]:.1f} s the first time (bar 15 s), then {taken[1]:.1f} s"
    )


def main() -> None:
    # Scenarios first: the memory is the most that the process ever held.
    print_scenarios()
    print()
    print_years()
    print_first_run()


if __name__ == "__main__":
    main()
