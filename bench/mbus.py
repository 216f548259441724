"""Our M-Bus decoder beside pyMeterBus and pymbusparser, and a million damaged telegrams.

    make bench
    python bench/mbus.py                        # telegrams a second
    python bench/mbus.py --damaged 1000000      # and so many damaged ones

The bars: 3,000 Kamstrup telegrams of 253 bytes a second on one core; of a million damaged telegrams
with right checksums no uncaught exception and no valid-looking value from an invalid record.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import meterbus
import pymbusparser

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from mbus_fuzz import tally
from mbus_peers import NAMES, frame_of

from exotherm.devices.mbus.telegram import read_telegram

KAMSTRUP = frame_of("kamstrup_multical_601")
BAR_PER_S = 3_000
ROUNDS = 7
ROUND_S = 0.3
SEED = 2026


def read_by_pymeterbus(frame: bytes) -> object:
    """Read a telegram and every value of it, as its own command line does."""
    return [record.parsed_value for record in meterbus.load(frame).records]


def frames_per_s(read: Callable[[bytes], object], frame: bytes) -> float:
    """Measure how many telegrams a second are read, with every value of each."""
    count, begin = 0, time.perf_counter()
    while (took_s := time.perf_counter() - begin) < ROUND_S:
        read(frame)
        count += 1
    return count / took_s


def compare() -> None:
    """Print telegrams a second of each decoder; their rounds take turns, so that load is shared."""
    decoders: dict[str, Callable[[bytes], object]] = {
        "exotherm": read_telegram,
        "pyMeterBus": read_by_pymeterbus,
        "pymbusparser": pymbusparser.parse,
    }
    rates: dict[str, list[float]] = {name: [] for name in decoders}
    for _ in range(ROUNDS):
        for name, read in decoders.items():
            rates[name].append(frames_per_s(read, KAMSTRUP))
    ours = statistics.median(rates["exotherm"])
    print(f"Kamstrup Multical 601, {len(KAMSTRUP)} bytes, one core")
    for name, measured in rates.items():
        rate = statistics.median(measured)
        print(
            f"  {name:<14} {rate:>9,.0f} telegrams/s   exotherm {ours / rate:>6.2f} times as fast"
        )
    print(
        f"  {'bar':<14} {BAR_PER_S:>9,} telegrams/s   {'held' if ours >= BAR_PER_S else 'MISSED'}"
    )


def damage(count: int) -> int:
    """Read damaged telegrams, print what came of them, and give how many went wrong."""
    begin = time.perf_counter()
    counts, objections = tally([frame_of(name) for name in NAMES], SEED, count)
    took_s = time.perf_counter() - begin
    print(f"{count:,} damaged telegrams in {took_s:.0f} s, seed {SEED}")
    wrong = ("uncaught exceptions", "valid-looking values from invalid records")
    for what in ("read", "refused", "valid records", "invalid records", *wrong):
        print(f"  {what:<42} {counts[what]:>12,}")
    for objection in objections[:10]:
        print(f"    {objection}")
    return len(objections)


def main() -> int:
    """Run the comparison and, where asked for, the damage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--damaged", type=int, default=0, help="how many damaged telegrams to read")
    arguments = parser.parse_args()
    compare()
    return min(damage(arguments.damaged), 1) if arguments.damaged else 0


if __name__ == "__main__":
    sys.exit(main())
