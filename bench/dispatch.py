"""Exact dispatch beside raw HiGHS: the same problem, the same optimum, in one run.

    make bench
    python bench/dispatch.py SERIES.csv PARAMS.json      # any problem that stands in files

Ratios hold where absolute times drift. The bars: a year of 8,760 hours in 6 ms once warm and 80
times as fast as HiGHS, 35,040 quarter-hours in five times that, sizes in 0.5 s, 1,000 years on two
cores in 3 s.
"""

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from dispatch_lp import solve_lp

from exotherm.feeds.dispatch_files import read_dispatch
from exotherm.plant.dispatch.problem import Dispatch
from exotherm.plant.dispatch.sizing import Sizes, size_year
from exotherm.plant.dispatch.solve import Schedule, dispatch_year

SCENARIOS = 1_000
_SIZE_COSTS = {"heat_pump_cost_per_kw": 314.0, "tank_cost_per_kwh": 2.18}


def made_year(step_h: float, *, seed: int = 7) -> Dispatch:
    """Make a year of a 100 kW data centre with customers in winter, the same at any step."""
    hours = 8_760
    hour = np.arange(hours)
    rng = np.random.default_rng(seed)
    winter = 0.5 * (1.0 + np.cos(2 * np.pi * (hour - 360) / hours))
    day = np.cos(2 * np.pi * (hour % 24 - 15) / 24)
    noise = np.convolve(rng.standard_normal(hours), np.exp(-np.arange(60) / 20), mode="same")
    demand_kw = np.maximum(5.0, 20.0 + 120.0 * winter + 10.0 * day + 3.0 * noise)
    price = 0.13 + 0.04 * winter + 0.03 * day + 0.01 * noise
    copies = round(1.0 / step_h)
    return Dispatch(
        source_kw=np.repeat(100.0 + 3.0 * day, copies),
        demand_kw=np.repeat(demand_kw, copies),
        direct_kw_max=np.repeat(20.0 + 0.2 * (demand_kw - 20.0).clip(0.0), copies),
        cop=np.repeat(5.5 - 1.5 * winter, copies),
        electricity_per_kwh=np.repeat(price, copies),
        step_h=step_h,
        heat_pump_kw_max=30.0,
        tank_kwh=600.0,
        tank_loss_frac_per_h=0.002,
        boiler_kw_max=400.0,
        boiler_cost_per_kwh=0.0815,
        rejection_frac=0.03,
    )


def best_ms(work: Callable[[], object], *, times: int) -> float:
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begin))
    return min(taken)


def print_dispatch(name: str, problem: Dispatch, *, bar_ms: float) -> None:
    found = dispatch_year(problem)
    assert isinstance(found, Schedule)
    own_ms = best_ms(lambda: dispatch_year(problem), times=15)
    lp = solve_lp(problem)
    lp_ms = best_ms(lambda: solve_lp(problem), times=2)
    assert lp.cost is not None
    apart = abs(found.cost - lp.cost) / abs(lp.cost)
    print(
        f"{name:<30} {own_ms:>8.1f} {lp_ms:>10.0f} {lp_ms / own_ms:>7.0f} {bar_ms:>7.0f} "
        f"{found.cost:>14.4f} {apart:>8.0e} {found.gap_frac:>8.0e}"
    )


def print_sizes(name: str, problem: Dispatch, costs: dict[str, float]) -> None:
    found = size_year(problem, **costs)
    assert isinstance(found, Sizes)
    own_ms = best_ms(lambda: size_year(problem, **costs), times=3)

    def by_highs() -> float | None:
        return solve_lp(
            problem,
            heat_pump_cost=costs["heat_pump_cost_per_kw"],
            tank_cost=costs["tank_cost_per_kwh"],
        ).cost

    lp_ms = best_ms(by_highs, times=1)
    cost = by_highs()
    assert cost is not None
    apart = abs(found.cost - cost) / abs(cost)
    print(
        f"{name:<30} {own_ms:>8.1f} {lp_ms:>10.0f} {lp_ms / own_ms:>7.0f} {500:>7.0f} "
        f"{found.cost:>14.4f} {apart:>8.0e} {found.gap_frac:>8.0e}"
    )


def print_scenarios(problem: Dispatch) -> None:
    """Dispatch years of other prices, demand and sizes, side by side in threads."""
    rng = np.random.default_rng(1)
    factors = rng.uniform(0.7, 1.3, (SCENARIOS, 4))

    def one(row: np.ndarray) -> bool:
        year = replace(
            problem,
            demand_kw=problem.demand_kw * row[0],
            electricity_per_kwh=problem.electricity_per_kwh * row[1],
            heat_pump_kw_max=problem.heat_pump_kw_max * row[2],
            tank_kwh=problem.tank_kwh * row[3],
        )
        found = dispatch_year(year)
        return isinstance(found, Schedule) and found.is_optimal

    workers = min(2, os.cpu_count() or 1)
    begin = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        proved = sum(pool.map(one, factors))
    taken = time.perf_counter() - begin
    print(
        f"\n{SCENARIOS} exact years in {workers} threads: {taken:.2f} s (bar 3 s), "
        f"{proved} proved to be the optimum"
    )


def main() -> None:
    print(
        f"{'dispatch':<30} {'ms':>8} {'HiGHS ms':>10} {'ratio':>7} {'bar ms':>7} {'cost':>14} "
        f"{'apart':>8} {'gap':>8}"
    )
    if len(sys.argv) == 3:
        series, parameters = map(Path, sys.argv[1:])
        read = read_dispatch(
            series.read_text(),
            parameters.read_text(),
            series_file=series.name,
            parameters_file=parameters.name,
            to_size=True,
        )
        assert read.problem is not None, read.findings
        assert read.sizing is not None
        print_dispatch(series.name, read.problem, bar_ms=6.0)
        largest = read.problem.sized(
            heat_pump_kw_max=read.sizing.heat_pump_kw_max, tank_kwh=read.sizing.tank_kwh_max
        )
        costs = {
            "heat_pump_cost_per_kw": read.sizing.heat_pump_cost_per_kw,
            "tank_cost_per_kwh": read.sizing.tank_cost_per_kwh,
        }
        print_sizes("sizes", largest, costs)
        print_scenarios(read.problem)
        return
    hourly = made_year(1.0)
    print_dispatch("a year in hours", hourly, bar_ms=6.0)
    print_dispatch("a year in quarter-hours", made_year(0.25), bar_ms=30.0)
    print_sizes("sizes", hourly.sized(heat_pump_kw_max=200.0, tank_kwh=20_000.0), _SIZE_COSTS)
    print_scenarios(hourly)


if __name__ == "__main__":
    main()
