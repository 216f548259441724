"""A year of the plant, beside the bound that no simulation can pass: reading its inputs once.

    make bench

Prints medians in one run on one machine; ratios hold where absolute times drift. Nothing here
gates a change.
"""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np

from exotherm.core.kernel import kernel
from exotherm.feeds.utilisation import read_utilisation
from exotherm.feeds.weather import read_pvgis
from exotherm.physics.computing import FloatArray
from exotherm.plan.year import year_period
from exotherm.plant.build import Exposure, build_plant, expose, initial_state
from exotherm.plant.simulate import simulate
from exotherm.site.reading import read_site

POOL = Path(__file__).parent.parent / "examples" / "pool"


@kernel
def read_only(
    it_kw: FloatArray,
    outdoor_c: FloatArray,
    mains_c: FloatArray,
    activity: FloatArray,
    makeup_kgs: FloatArray,
    columns: int,
) -> FloatArray:
    """Read every input once and write as many results as a simulation does."""
    table = np.empty((it_kw.size, columns))
    for step in range(it_kw.size):
        seen = it_kw[step] + outdoor_c[step] + mains_c[step] + activity[step] + makeup_kgs[step]
        for column in range(columns):
            table[step, column] = seen
    return table


def median_ms(work: Callable[[], object], *, times: int = 15) -> float:
    work()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begin))
    return statistics.median(taken)


def main() -> None:
    site = read_site((POOL / "site.toml").read_text("utf-8")).document
    weather, _ = read_pvgis((POOL / "weather.csv").read_text("utf-8"), file="weather.csv")
    trace, _ = read_utilisation(
        (POOL / "utilisation.csv").read_text("utf-8"),
        file="utilisation.csv",
        column="cpu_util_percent",
        in_percent=True,
    )
    assert site is not None
    assert weather is not None
    assert trace is not None
    plant = build_plant(site)
    print(f"{'a year of the pool':<24} {'steps':>8} {'ms':>8} {'bound ms':>9} {'ratio':>6}")
    for minutes in (60, 15, 1):
        exposure = expose(site, weather, trace, year_period(site), step=timedelta(minutes=minutes))
        year = median_ms(lambda e=exposure: simulate(plant, e, initial_state(plant)))  # type: ignore[misc]
        bound = median_ms(lambda e=exposure: bound_of(e))  # type: ignore[misc]
        name = f"steps of {minutes} min"
        print(f"{name:<24} {exposure.steps:>8} {year:>8.2f} {bound:>9.2f} {year / bound:>6.1f}")


def bound_of(exposure: Exposure) -> FloatArray:
    return read_only(
        exposure.it_kw,
        exposure.outdoor_c,
        exposure.mains_c,
        exposure.activity,
        exposure.makeup_kgs,
        25,
    )


if __name__ == "__main__":
    main()
