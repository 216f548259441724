#!/usr/bin/env python3
"""Kill the writer of a store at random moments, and count what is lost and what is there twice.

    .venv/bin/python tools/kill_rounds.py --rounds 1000

In each round a process writes batches (readings of registers, values of the moment, a message for
the outbox), packs days that are over, and says of each batch that it is kept; after a random time
it is ended with SIGKILL. Then the store is opened again: every batch that was said to be kept has
to be there, whole and once, the one that was under way whole or not at all, and every chain has to
verify. The next writer sends the last three batches again. Ends with 1 where anything is amiss.

This is the end of a process at any moment, not of the machine's power.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from exotherm.core.period import Period
from exotherm.core.samples import Point, Quality, Sample
from exotherm.store.sqlite import Store, open_store
from exotherm.store.verify import verify_store

START = datetime(2026, 10, 1, tzinfo=UTC)
STEP = timedelta(hours=1)
REGISTERS = [
    Point(name=f"meter_{number}.heat_kwh", kind="register", unit="kwh", decimals=0, digits=8)
    for number in range(2)
]
MOMENTS = [
    Point(name=f"meter_{number}.supply_c", kind="instant", unit="c", decimals=2)
    for number in range(20)
]
AGAIN = 3


def batch(number: int) -> list[Sample]:
    """Give the samples of a batch; every third has no register and need not reach the disk."""
    points = [*MOMENTS, *(REGISTERS if number % 3 else [])]
    at = START + number * STEP
    return [
        Sample(
            point=point.name,
            source_at=at,
            received_at=at + timedelta(seconds=2),
            count=1000 * number + place,
            quality=Quality.GOOD,
        )
        for place, point in enumerate(points)
    ]


def write(path: Path, first: int, said: int) -> None:
    """Write batches for ever, and say of each that it is kept."""
    with open_store(path) as store:
        store.keep_points([*REGISTERS, *MOMENTS])
        number = first
        while True:
            if number % 3:
                with store.together():
                    store.save_samples(batch(number))
                    store.put_messages([(f"batch {number}", b"it is there")], at=START)
            else:
                store.save_samples(batch(number))
            os.write(said, b"%d\n" % number)
            if number % 7 == 0:
                store.compact(START + number * STEP)
            number += 1


def killed(path: Path, first: int, chance: random.Random) -> int:
    """Let a writer begin with a batch, kill it, and give the last one that it said was kept."""
    reading, said = os.pipe()
    writer = os.fork()
    if not writer:
        os.close(reading)
        try:
            write(path, first, said)
        finally:
            os._exit(1)
    os.close(said)
    heard = os.read(reading, 64)
    time.sleep(chance.uniform(0.0, 0.03))
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    while more := os.read(reading, 65536):
        heard += more
    os.close(reading)
    whole, _, _ = heard.rpartition(b"\n")
    return int(whole.split(b"\n")[-1]) if whole else first - 1


def amiss(store: Store, kept: int) -> list[str]:
    """Say what does not fit with batches up to a number being kept, and perhaps the next one."""
    months = Period(START, START + (kept + 2) * STEP)
    found = store.samples([point.name for point in (*REGISTERS, *MOMENTS)], months)
    there = sorted(
        (sample for samples in found.values() for sample in samples),
        key=lambda one: (one.source_at, one.point),
    )

    def until(last: int) -> list[Sample]:
        samples = [one for number in range(last + 1) for one in batch(number)]
        return sorted(samples, key=lambda one: (one.source_at, one.point))

    last = kept + 1 if len(there) > len(until(kept)) else kept
    wrong = [f"{one.message}" for one in verify_store(store).findings]
    if there != until(last):
        wrong.append(f"{len(there)} samples are there of {len(until(last))} up to batch {last}")
    keys = [one.key for one in store.waiting_messages("fleet", most=10**9)]
    if keys != [f"batch {number}" for number in range(last + 1) if number % 3]:
        wrong.append(f"{len(keys)} messages do not go with the samples up to batch {last}")
    return wrong


def main() -> int:
    """Run the rounds and say what came of them."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    # A file grows with every round, and with it the time to check it all.
    parser.add_argument("--fresh", type=int, default=50, help="begin a new file every so many")
    given = parser.parse_args()
    chance = random.Random(given.seed)  # noqa: S311 - moments, no secrets
    kept, faults, batches = -1, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for done in range(given.rounds):
            path = Path(folder) / f"{done // given.fresh}.db"
            kept = -1 if done % given.fresh == 0 else kept
            said = killed(path, max(kept + 1 - AGAIN, 0), chance)
            kept = max(kept, said)
            with open_store(path) as store:
                wrong = amiss(store, kept)
                # The batch under way may have been kept: then it is sent again like the others.
            batches += said >= 0
            for one in wrong:
                print(f"round {done}: {one}", file=sys.stderr)  # noqa: T201
            faults += bool(wrong)
    print(f"{given.rounds} rounds, {batches} killed while writing, {faults} with a fault")  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
