"""The store beside its bars, and beside what it is measured against: a plain table of rows.

    make bench

A thousand points a minute, quantised like sensors (0.01 °C, noise of five digits), as samples with
times, quality and origin. Prints the best or the whole of one run on one machine in one go: ratios
hold where absolute times drift. Nothing here gates a change. The peer is SQLite as most use it: one
row a sample, keyed by point and time, with the same settings.
"""

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from exotherm.core.period import Period
from exotherm.core.register import advance_of
from exotherm.core.samples import Point, Quality, Sample
from exotherm.store.sqlite import Store, open_store
from exotherm.store.steps import steps_of

START = datetime(2026, 10, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
POINTS = [
    Point(name=f"meter_{number}.supply_c", kind="instant", unit="c", decimals=2)
    for number in range(1000)
]
REGISTERS = [
    Point(name=f"site_{number}.heat_kwh", kind="register", unit="kwh", decimals=0, digits=8)
    for number in range(100)
]


def best_ms(work: Callable[[], object], *, times: int = 7) -> float:
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begin))
    return min(taken)


def written_bytes() -> int:
    """Give what this process has had written to disks, as Linux counts it."""
    for line in Path("/proc/self/io").read_text(encoding="ascii").splitlines():
        if line.startswith("write_bytes:"):
            return int(line.split()[1])
    return 0


def say(what: str, value: str, bar: str, beside: str = "") -> None:
    print(f"{what:<46} {value:>20}   {bar:<22} {beside}")


def day_of_counts(seed: int = 1) -> np.ndarray:
    noise = np.random.default_rng(seed)
    slow = 3000 + 300 * np.sin(np.arange(1440) / 229)[:, None] * noise.uniform(0.2, 1, 1000)
    return np.round(slow + noise.normal(0, 5, (1440, 1000))).astype(np.int64)


def minute_of(number: int, counts: np.ndarray) -> list[Sample]:
    at = START + number * MINUTE
    received = at + timedelta(seconds=2)
    return [
        Sample(
            point=point.name,
            source_at=at,
            received_at=received,
            count=count,
            quality=Quality.GOOD,
        )
        for point, count in zip(POINTS, counts.tolist(), strict=True)
    ]


def live_day(store: Store, counts: np.ndarray) -> tuple[float, float]:
    """Keep a day in transactions of a minute; give the seconds of keeping and the worst minute."""
    taken = []
    for number, row in enumerate(counts):
        samples = minute_of(number, row)
        begin = time.perf_counter()
        store.save_samples(samples)
        taken.append(time.perf_counter() - begin)
    return sum(taken), max(taken)


def peer_day(path: Path, counts: np.ndarray) -> tuple[float, float]:
    """Keep minutes as plain rows; give the seconds that takes and the GB that it writes."""
    before = written_bytes()
    with closing(sqlite3.connect(path, isolation_level=None)) as rows:
        rows.execute("PRAGMA journal_mode = WAL")
        rows.execute("PRAGMA synchronous = NORMAL")
        rows.execute(
            "CREATE TABLE sample (point, at, received, count, quality, PRIMARY KEY (point, at))"
            " WITHOUT ROWID"
        )
        begin = time.perf_counter()
        for number, row in enumerate(counts):
            at = number * 60
            rows.execute("BEGIN")
            rows.executemany(
                "INSERT INTO sample VALUES (?, ?, ?, ?, 0)",
                [(point, at, at + 2, count) for point, count in enumerate(row.tolist())],
            )
            rows.execute("COMMIT")
        taken_s = time.perf_counter() - begin
    return taken_s, (written_bytes() - before) / 1e9


def print_live(folder: Path) -> None:
    counts, path = day_of_counts(), folder / "live.db"
    with open_store(path) as store:
        store.keep_points([*POINTS, *REGISTERS])
        before = written_bytes()
        live_s, worst_s = live_day(store, counts)
        begin = time.perf_counter()
        done = store.compact(START + DAY)
        packing_s = time.perf_counter() - begin
        day_gb = (written_bytes() - before) / 1e9
        assert done.samples == counts.size
        newest_ms = best_ms(store.last_samples, times=25)
    with closing(sqlite3.connect(path)) as asking:
        (size,) = asking.execute("SELECT SUM(LENGTH(packed)) FROM chunk").fetchone()
    first, peer = counts[: 4 * 60], folder / "peer.db"
    peer_s, peer_gb = peer_day(peer, first)
    say(
        "live ingest, 1,000 samples a transaction",
        f"{counts.size / live_s / 1e3:,.0f} k/s",
        "bar 100 k/s",
        f"a row each, while few are there: {first.size / peer_s / 1e3:,.0f} k/s;"
        f" slowest minute {1000 * worst_s:.0f} ms",
    )
    say(
        "compaction of that day, as it came to chunks",
        f"{done.samples / packing_s / 1e6:.2f} M/s",
        "bar 3 M/s",
        f"{1000 * packing_s:.0f} ms for {done.samples / 1e6:.2f} M samples, deleting included",
    )
    say(
        "size of a quantised sample, times and all",
        f"{size / counts.size:.2f} B",
        "bar 1 B",
        f"a row each: {peer.stat().st_size / first.size:.0f} B",
    )
    say(
        "written for that day, 1,000 points a minute",
        f"{day_gb:.3f} GB",
        "bar 0.2 GB",
        f"a row each, by its first hours: {6 * peer_gb:.3f} GB (more as it grows)",
    )
    say("newest sample of 1,000 points", f"{newest_ms:.2f} ms", "bar 2 ms")


def fill_year(store: Store, point: Point) -> int:
    """Put a year of one point into the store, a sample a minute; give how many there are."""
    noise = np.random.default_rng(2)
    for day in range(365):
        drift = 3000 + 400 * np.sin((day * 1440 + np.arange(1440)) / 3000)
        counts = np.round(drift + noise.normal(0, 5, 1440)).astype(np.int64).tolist()
        start = START + day * DAY
        store.save_samples(
            Sample(
                point=point.name,
                source_at=start + number * MINUTE,
                received_at=start + number * MINUTE,
                count=count,
                quality=Quality.GOOD,
            )
            for number, count in enumerate(counts)
        )
        store.compact(start + DAY)
    return 365 * 1440


def print_year(folder: Path) -> None:
    year = Period(START, START + 365 * DAY)
    point = POINTS[0]
    with open_store(folder / "year.db") as store:
        store.keep_points([point])
        number = fill_year(store, point)

        def ask() -> int:
            series = store.series([point.name], year.start, year.end)[point.name]
            return len(steps_of(point, series, year, 15 * MINUTE).start)

        assert ask() == number // 15
        say(
            f"a year of one point ({number:,}) in 15-min steps",
            f"{best_ms(ask):.1f} ms",
            "bar 50 ms",
            "mean, least, most, last of 35,040 steps",
        )


def print_month(folder: Path) -> None:
    """A hundred sites with a register each, read every quarter-hour for a month and a bit."""
    with open_store(folder / "month.db") as store:
        store.keep_points(REGISTERS)
        for day in range(33):
            store.save_samples(
                Sample(
                    point=point.name,
                    source_at=START + day * DAY + number * 15 * MINUTE,
                    received_at=START + day * DAY + number * 15 * MINUTE,
                    count=1000 * place + 96 * day + number,
                    quality=Quality.GOOD,
                )
                for place, point in enumerate(REGISTERS)
                for number in range(96)
            )
        edges = (START + DAY, START + 32 * DAY)
        names = [point.name for point in REGISTERS]

        def ask() -> int:
            opening, closing = (store.readings_at(names, edge) for edge in edges)
            advances = (
                advance_of(
                    point.register,
                    earlier=opening[point.name].count,
                    later=closing[point.name].count,
                    count_max=point.register.modulus // 10,
                )
                for point in REGISTERS
            )
            return sum(one.count for one in advances if one is not None)

        assert ask() == 100 * 31 * 96
        say("month totals of 100 sites from register edges", f"{best_ms(ask):.2f} ms", "bar 10 ms")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the store beside its bars.")
    parser.add_argument("--folder", type=Path, help="where to put the databases; a real disk")
    with tempfile.TemporaryDirectory(dir=parser.parse_args().folder) as name:
        folder = Path(name)
        print_live(folder)
        print_year(folder)
        print_month(folder)


if __name__ == "__main__":
    main()
