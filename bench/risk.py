"""A thousand draws and sixteen thousand runs of a project's risk, beside what they may take.

    .venv/bin/python bench/risk.py

Every draw simulates and rates the pool's year in quarter-hours and reckons its money.
"""

import os
import sys
import time
from pathlib import Path

from exotherm.plan.risk import try_assumptions
from exotherm.plan.sensitivity import sense
from exotherm.usecases.workspace import load_workspace, ready

DRAWS, DRAWS_S_MAX = 1_000, 20.0
RUNS, RUNS_S_MAX = 16_384, 60.0
POOL = Path(__file__).parents[1] / "examples" / "pool"


def main() -> int:
    whole = ready(load_workspace(POOL))
    assert whole is not None
    parts = (whole.site, whole.contract, whole.surroundings)
    threads = min(2, os.cpu_count() or 1)
    # Compiled code is loaded before anything is timed.
    try_assumptions(*parts, draws=20, threads=threads)
    begun, used = time.perf_counter(), time.process_time()
    try_assumptions(*parts, draws=DRAWS, threads=threads)
    draws_s, cpu_s = time.perf_counter() - begun, time.process_time() - used
    begun = time.perf_counter()
    found = sense(*parts, runs=RUNS, threads=threads)
    runs_s = time.perf_counter() - begun
    print(f"{threads} threads")
    print(f"{DRAWS:,} draws of the whole plant   {draws_s:6.1f} s, bar {DRAWS_S_MAX:.0f} s", end="")
    print(f"   ({1000.0 * cpu_s / DRAWS:.0f} ms of processor a draw)")
    print(f"{found.runs:,} runs for the indices    {runs_s:6.1f} s, bar {RUNS_S_MAX:.0f} s", end="")
    print(f"   (foretold to {100.0 * found.fit_error_frac:.2f} % of the spread)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
