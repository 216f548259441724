"""Values of the moment: packed as they come in, and packed small once their day is closed.

``hot`` has a row for each second; ``chunk`` one for each point and day (UTC). A sample belongs to
its point and instant: the first that comes stays, whatever comes again, late or in another order.
"""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np

from exotherm.core.samples import Sample
from exotherm.store.base import Connected
from exotherm.store.packed import (
    RECORD,
    Series,
    empty_series,
    in_order,
    joined,
    marks_of,
    pack,
    read_records,
    said_by,
    unpack,
)
from exotherm.store.rows import bytes_of
from exotherm.store.values import instant_of, seconds_of

DAY_S = 86_400
_ALWAYS_FITS = 1 << 62
_CHUNK_COLUMNS = (
    "point_id, day, samples, good, first_at, last_at, count_min, count_max, count_sum,"
    " count_first, count_last, packed"
)
_PUT_CHUNK = f"""
    INSERT INTO chunk ({_CHUNK_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (point_id, day) DO UPDATE SET
        samples = excluded.samples, good = excluded.good, first_at = excluded.first_at,
        last_at = excluded.last_at, count_min = excluded.count_min, count_max = excluded.count_max,
        count_sum = excluded.count_sum, count_first = excluded.count_first,
        count_last = excluded.count_last, packed = excluded.packed
    WHERE excluded.samples > chunk.samples
"""  # noqa: S608 - a constant of this module


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """What came of compacting: days closed, chunks written, samples that left ``hot``."""

    days: int
    chunks: int
    samples: int


class Kept(NamedTuple):
    """A sample and the count that its point and instant had already, None where it had none."""

    sample: Sample
    there: int | None


class Telemetry(Connected):
    """The part of the store that keeps values of the moment."""

    def compact(self, before: datetime) -> Compacted:
        """Pack the days (UTC) that are over by an instant into chunks, each in one transaction.

        Late samples of a day that is packed already join its chunks. It may be interrupted at any
        moment and called again: every sample is in ``hot`` or in a chunk, never in both or neither.
        """
        days = chunks = samples = 0
        last_day = seconds_of(before) // DAY_S - 1
        for day in self._hot_days(last_day):
            with self._writing(durable=False) as connection:
                rows = _hot_rows(connection, day * DAY_S, (day + 1) * DAY_S - 1)
                with self._ours():
                    written, taken = _close_day(connection, day, rows)
                connection.execute(
                    "DELETE FROM hot WHERE source_at BETWEEN ? AND ?",
                    (day * DAY_S, (day + 1) * DAY_S - 1),
                )
            days, chunks, samples = days + 1, chunks + written, samples + taken
        return Compacted(days=days, chunks=chunks, samples=samples)

    def _hot_days(self, last_day: int) -> list[int]:
        """List the days up to the last one that have samples in ``hot``."""
        days: list[int] = []
        day = -1
        while True:
            (row,) = self._rows(
                "SELECT MIN(source_at) FROM hot WHERE source_at >= ?", ((day + 1) * DAY_S,)
            )
            if not isinstance(row[0], int) or row[0] // DAY_S > last_day:
                return days
            day = row[0] // DAY_S
            days.append(day)

    def _keep_moments(
        self, connection: sqlite3.Connection, ids: Mapping[str, int], samples: Iterable[Sample]
    ) -> list[Kept]:
        """Keep samples by their seconds; tell of each what was there already."""
        by_second: dict[int, list[Sample]] = {}
        for sample in samples:
            by_second.setdefault(seconds_of(sample.source_at), []).append(sample)
        newest_day = _newest_chunk_day(connection)
        answers: list[Kept] = []
        for second, own in by_second.items():
            points = [ids[one.point] for one in own]
            known, blob = _known_at(connection, second, points, late=second // DAY_S <= newest_day)
            new: dict[int, Sample] = {}
            for point, sample in zip(points, own, strict=True):
                answers.append(Kept(sample, known.get(point)))
                if point not in known:
                    new[point], known[point] = sample, sample.count
            if new:
                _put_second(connection, second, new, blob)
        return answers

    def _moments(self, ids: Mapping[str, int], first: int, last: int) -> dict[str, Series]:
        """Give the samples of points from one second to another, both included, in order."""
        with self._as_of_now(), self._ours():
            hot = _hot_of(self._connection, ids.values(), first, last)
            found = {}
            for name, point in ids.items():
                rows = self._rows(
                    "SELECT packed FROM chunk WHERE point_id = ? AND day BETWEEN ? AND ?"
                    " ORDER BY day",
                    (point, first // DAY_S, last // DAY_S),
                )
                parts = [unpack(bytes_of(row[0])) for row in rows]
                series = in_order(joined([*parts, hot.get(point, empty_series())]))
                inside = (series.source_at >= first) & (series.source_at <= last)
                found[name] = series.taken(inside)
            return found


def samples_of_series(name: str, series: Series) -> tuple[Sample, ...]:
    """Give the samples of a series of one point. Raises ValueError for marks that say nothing."""
    columns = (column.tolist() for column in series)
    return tuple(
        Sample(
            point=name,
            source_at=instant_of(second),
            received_at=instant_of(second + delay),
            count=count,
            quality=said_by(marks)[0],
            origin=said_by(marks)[1],
        )
        for second, delay, count, marks in zip(*columns, strict=True)
    )


def _newest_chunk_day(connection: sqlite3.Connection) -> int:
    (day,) = connection.execute("SELECT MAX(day) FROM chunk").fetchone()
    return -1 if day is None else int(day)


def _known_at(
    connection: sqlite3.Connection, second: int, points: Collection[int], *, late: bool
) -> tuple[dict[int, int], bytes]:
    """Give the counts that points have of a second, and the records that ``hot`` has of it."""
    row = connection.execute("SELECT samples FROM hot WHERE source_at = ?", (second,)).fetchone()
    blob = b"" if row is None else bytes(row[0])
    known = {point: count for point, _, count, _ in RECORD.iter_unpack(blob)}
    if late:
        for point in points:
            known |= _in_chunk(connection, point, second)
    return known, blob


def _in_chunk(connection: sqlite3.Connection, point: int, second: int) -> dict[int, int]:
    row = connection.execute(
        "SELECT packed FROM chunk WHERE point_id = ? AND day = ?", (point, second // DAY_S)
    ).fetchone()
    if row is None:
        return {}
    series = unpack(row[0])
    place = int(np.searchsorted(series.source_at, second))
    if place == len(series.source_at) or series.source_at[place] != second:
        return {}
    return {point: int(series.counts[place])}


def _put_second(
    connection: sqlite3.Connection, second: int, new: Mapping[int, Sample], blob: bytes
) -> None:
    records = {
        point: RECORD.pack(
            point,
            seconds_of(one.received_at) - second,
            one.count,
            marks_of(one.quality, one.origin),
        )
        for point, one in new.items()
    }
    for place in range(0, len(blob), RECORD.size):
        record = blob[place : place + RECORD.size]
        records[RECORD.unpack(record)[0]] = record
    connection.execute(
        "INSERT INTO hot (source_at, samples) VALUES (?, ?)"
        " ON CONFLICT (source_at) DO UPDATE SET samples = excluded.samples",
        (second, b"".join(records[point] for point in sorted(records))),
    )


def _hot_rows(
    connection: sqlite3.Connection, first: int, last: int
) -> tuple[list[int], list[bytes]]:
    rows = connection.execute(
        "SELECT source_at, samples FROM hot WHERE source_at BETWEEN ? AND ? ORDER BY source_at",
        (first, last),
    ).fetchall()
    return [int(row[0]) for row in rows], [bytes_of(row[1]) for row in rows]


def _hot_of(
    connection: sqlite3.Connection, points: Collection[int], first: int, last: int
) -> dict[int, Series]:
    """Give what ``hot`` has of points in a time, each in order."""
    seconds, blobs = _hot_rows(connection, first, last)
    if not blobs:
        return {}
    of_point, series = read_records(blobs, seconds)
    return {point: series.taken(np.flatnonzero(of_point == point)) for point in points}


def _close_day(
    connection: sqlite3.Connection, day: int, rows: tuple[list[int], list[bytes]]
) -> tuple[int, int]:
    """Write the chunks of a day out of its rows in ``hot``; give how many, and of how many."""
    of_point, series = read_records(rows[1], rows[0])
    before = dict(
        connection.execute("SELECT point_id, packed FROM chunk WHERE day = ?", (day,)).fetchall()
    )
    order = np.argsort(_narrow(of_point), kind="stable")
    of_point, series = of_point[order], series.taken(order)
    edges = np.concatenate(([0], np.flatnonzero(np.diff(of_point)) + 1, [len(of_point)]))
    chunks = []
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        point, own = int(of_point[start]), series.taken(slice(start, end))
        if point in before:
            own = in_order(joined([unpack(before[point]), own]))
        chunks.append(_chunk(point, day, own))
    connection.executemany(_PUT_CHUNK, chunks)
    return len(chunks), len(of_point)


def _narrow(of_point: np.ndarray) -> np.ndarray:
    """Give the points in 16 bits where they fit: such are sorted by their digits, far faster."""
    return of_point.astype(np.uint16) if of_point.max() < 1 << 16 else of_point


def _chunk(point: int, day: int, series: Series) -> tuple[object, ...]:
    """Give the row of a point's day: what is asked most often in clear, and all of it packed."""
    good = series.counts if not series.marks.any() else series.counts[series.good]
    clear: tuple[int | None, ...] = (None, None, None, None, None)
    if len(good):
        least, most = int(good.min()), int(good.max())
        fits = max(abs(least), abs(most)) * len(good) < _ALWAYS_FITS
        clear = (least, most, int(good.sum()) if fits else None, int(good[0]), int(good[-1]))
    return (
        *(point, day, len(series.counts), len(good)),
        *(int(series.source_at[0]), int(series.source_at[-1])),
        *(*clear, pack(series)),
    )
