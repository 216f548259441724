"""Samples in the store: readings of registers as rows, values of the moment packed, as one."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.ledger import Entry, EntryKind, standing
from exotherm.core.period import Period, write_instant
from exotherm.core.samples import Origin, Point, Quality, Sample
from exotherm.core.units import format_quantity
from exotherm.store.chain import FIRST, link_of
from exotherm.store.events import save_finding
from exotherm.store.ledger import Ledger
from exotherm.store.packed import Series, empty_series, in_order, joined, marks_of
from exotherm.store.points import Points
from exotherm.store.rows import Row, int_of, sample_of
from exotherm.store.telemetry import Kept, Telemetry, samples_of_series
from exotherm.store.values import Saved, instant_of, seconds_of

_NO_MARGIN = timedelta(0)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CORRECTING = (EntryKind.CORRECTION, EntryKind.WITHDRAWAL)
_INSERT_SAMPLE = """
    INSERT INTO sample (point_id, seq, source_at, received_at, count, quality, origin, link)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_PUT_LAST = """
    INSERT INTO last (point_id, quality, source_at, received_at, count, origin)
    VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (point_id, quality) DO UPDATE SET source_at = excluded.source_at,
        received_at = excluded.received_at, count = excluded.count, origin = excluded.origin
    WHERE excluded.source_at > last.source_at
"""


class Samples(Points, Telemetry, Ledger):
    """The part of the store that keeps samples and gives them as they stand."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection, path)
        self._old_until: dict[str, int] | None = None

    def save_samples(self, samples: Iterable[Sample]) -> Saved:
        """Keep samples of known points, in the order given.

        The same sample again is passed over. Another count for an instant that has one is refused,
        and both counts are kept in an event ``meter.conflicting-sample``. Readings of registers are
        on the disk when this returns.
        """
        samples = tuple(samples)
        names = {one.point for one in samples}
        points, ids = self._points_of(names), self._ids(names)
        for sample in samples:
            assert sample.point in points, f"{sample.point} is not a point of this store"
        rows = [one for one in samples if points[one.point].kind == "register"]
        moments = [one for one in samples if points[one.point].kind == "instant"]
        with self._writing(durable=bool(rows)) as connection, self._ours():
            kept = self._kept_of_old(ids, moments)
            again = {id(one.sample) for one in kept}
            kept += _keep_readings(connection, ids, rows)
            fresh = [one for one in moments if id(one) not in again]
            kept += self._keep_moments(connection, ids, fresh)
            connection.executemany(_PUT_LAST, _newest(ids, kept))
            refused = [one for one in kept if one.there not in (None, one.sample.count)]
            for sample, there in refused:
                assert there is not None
                found = _conflict(points[sample.point], sample, there)
                apart = f"{write_instant(sample.source_at)} {sample.count}"
                save_finding(connection, found, at=sample.received_at, apart=apart)
        stored = sum(one.there is None for one in kept)
        return Saved(
            stored=stored,
            repeated=len(kept) - stored - len(refused),
            refused=tuple(one.sample for one in refused),
        )

    def _kept_of_old(self, ids: Mapping[str, int], moments: Iterable[Sample]) -> list[Kept]:
        """Find what an older version keeps of values of the moment: it had them among readings."""
        if self._old_until is None:
            rows = self._rows(
                "SELECT name, (SELECT MAX(source_at) FROM sample WHERE point_id = point.id)"
                " FROM point WHERE kind = 'instant'"
            )
            self._old_until = {str(name): int_of(at) for name, at in rows if at is not None}
        return [
            Kept(one, count)
            for one in moments
            if seconds_of(one.source_at) <= self._old_until.get(one.point, -1)
            and (count := _kept_count(self._connection, ids[one.point], one)) is not None
        ]

    def samples(
        self,
        points: Collection[str],
        period: Period,
        margin: timedelta = _NO_MARGIN,
        *,
        known_at: datetime | None = None,
    ) -> dict[str, tuple[Sample, ...]]:
        """Give the samples of points by the device's time, both edges of the period included.

        The sample at the end belongs to it since a register that is read there closes the period.
        ``margin`` widens the period on both sides. Every point asked for has an entry. Corrections
        of the ledger count; with ``known_at``, all is as it was known at that instant.
        """
        found = self.series(points, period.start - margin, period.end + margin, known_at=known_at)
        with self._ours():
            return {name: samples_of_series(name, series) for name, series in found.items()}

    def series(
        self,
        points: Collection[str],
        start: datetime,
        end: datetime,
        *,
        known_at: datetime | None = None,
    ) -> dict[str, Series]:
        """Give the samples of points as columns, from one instant to another, both included."""
        first, last = seconds_of(start), seconds_of(end)
        ids = self._ids(points)
        entries = standing(self.entries(points), known_at=known_at)
        found = {}
        for name, moments in self._moments(ids, first, last).items():
            series = in_order(joined([self._readings(ids[name], first, last), moments]))
            if known_at is not None:
                known = series.source_at + series.delay <= seconds_of(known_at)
                series = series.taken(known)
            found[name] = _corrected(series, name, entries, first=first, last=last)
        return {name: found.get(name, empty_series()) for name in points}

    def _readings(self, point: int, first: int, last: int) -> Series:
        rows = self._rows(
            "SELECT source_at, received_at - source_at, count, quality, origin FROM sample"
            " WHERE point_id = ? AND source_at BETWEEN ? AND ? ORDER BY source_at",
            (point, first, last),
        )
        if not rows:
            return empty_series()
        *numbers, quality, origin = zip(*rows, strict=True)
        with self._ours():
            marks = [_MARKS.get(said) or _marks(said) for said in zip(quality, origin, strict=True)]
            return Series(*(np.array(one, dtype=np.int64) for one in (*numbers, marks)))

    def readings_at(self, registers: Collection[str], edge: datetime) -> dict[str, Sample]:
        """Give the last good reading of each register at or before an instant, where it has one.

        Two such edges tell a month: see `core.ledger` for jumps in between.
        """
        ids, second = self._ids(registers), seconds_of(edge)
        found: dict[str, Sample] = {}
        for name, point in ids.items():
            rows = self._read(
                "SELECT ?, source_at, received_at, count, quality, origin FROM sample"
                " WHERE point_id = ? AND source_at <= ? AND quality = 'good'"
                " ORDER BY source_at DESC LIMIT 1",
                sample_of,
                (name, point, second),
            )
            found |= {one.point: one for one in rows}
        for name in {one.point for one in self.entries() if one.kind in _CORRECTING} & set(ids):
            stands = self.samples([name], Period(_EPOCH, edge))[name]
            good = [one for one in stands if one.quality is Quality.GOOD]
            found.pop(name, None)
            if good:
                found[name] = good[-1]
        return found

    def last_samples(
        self, quality: Quality | None = None, *, until: datetime | None = None
    ) -> dict[str, Sample]:
        """Give each point's newest sample by its own time, of one quality if that is asked for.

        With ``until`` what was received after that instant is passed over.
        """
        columns = "point_id, source_at, received_at, count, quality, origin"
        if quality is None:
            rows = self._rows(f"SELECT {columns} FROM last")  # noqa: S608 - a constant
        else:
            rows = self._rows(
                f"SELECT {columns} FROM last WHERE quality = ?",  # noqa: S608 - a constant
                (quality.value,),
            )
        with self._ours():
            newest = self._newest_of(rows)
        for name, at in self._corrected_since(newest).items():
            newest.pop(name, None)
            all_of_it = self.samples([name], Period(_EPOCH, at))[name]
            fitting = [one for one in all_of_it if quality in (None, one.quality)]
            if fitting:
                newest[name] = fitting[-1]
        if until is None:
            return newest
        kept = {name: one for name, one in newest.items() if one.received_at <= until}
        return kept | self._last_until(newest.keys() - kept.keys(), until, quality)

    def _last_until(
        self, names: Iterable[str], until: datetime, quality: Quality | None
    ) -> dict[str, Sample]:
        """Look back for the last samples of points: over a day, some weeks, then all there is."""
        found: dict[str, Sample] = {}
        for back in (timedelta(days=1), timedelta(days=32), until - _EPOCH):
            left = [name for name in names if name not in found]
            for name, own in self.samples(left, Period(until - back, until)).items():
                fitting = [
                    one
                    for one in own
                    if one.received_at <= until and quality in (None, one.quality)
                ]
                if fitting:
                    found[name] = fitting[-1]
        return found

    def first_at(self) -> datetime | None:
        """Give the instant of the oldest sample, None where there is none."""
        (row,) = self._rows(
            "SELECT MIN(at) FROM (SELECT MIN(source_at) AS at FROM hot"
            " UNION ALL SELECT MIN(first_at) FROM chunk"
            " UNION ALL SELECT MIN(source_at) FROM sample) AS oldest"
        )
        return None if row[0] is None else instant_of(int_of(row[0]))

    def last_at(self) -> datetime | None:
        """Give the instant of the latest sample, None where there is none."""
        (row,) = self._rows(
            "SELECT MAX(at) FROM (SELECT MAX(source_at) AS at FROM hot"
            " UNION ALL SELECT MAX(last_at) FROM chunk"
            " UNION ALL SELECT MAX(source_at) FROM sample) AS latest"
        )
        return None if row[0] is None else instant_of(int_of(row[0]))

    def _newest_of(self, rows: Iterable[Row]) -> dict[str, Sample]:
        """Give the newest of the rows of each point; a point has one for each quality at most."""
        newest: dict[str, Sample] = {}
        for row in rows:
            sample = sample_of((self._name_of(row[0]), *row[1:]))
            known = newest.setdefault(sample.point, sample)
            if known.source_at < sample.source_at:
                newest[sample.point] = sample
        return newest

    def _corrected_since(self, newest: Mapping[str, Sample]) -> dict[str, datetime]:
        """Name the points of which a correction reaches to the newest sample or beyond."""
        corrected: dict[str, datetime] = {}
        for entry in self.entries():
            if entry.kind in _CORRECTING:
                corrected[entry.point] = max(entry.at, corrected.get(entry.point, entry.at))
        return {
            name: at
            for name, at in corrected.items()
            if name not in newest or at >= newest[name].source_at
        }


_MARKS = {
    (quality.value, origin.value): marks_of(quality, origin)
    for quality in Quality
    for origin in Origin
}


def _marks(said: tuple[object, object]) -> int:
    """Give the number of a quality and an origin in words. Raises ValueError for other words."""
    quality, origin = said
    return marks_of(Quality(str(quality)), Origin(str(origin)))


def _kept_count(connection: sqlite3.Connection, point: int, sample: Sample) -> int | None:
    row = connection.execute(
        "SELECT count FROM sample WHERE point_id = ? AND source_at = ?",
        (point, seconds_of(sample.source_at)),
    ).fetchone()
    return None if row is None else int(row[0])


def _keep_readings(
    connection: sqlite3.Connection, ids: Mapping[str, int], readings: Iterable[Sample]
) -> list[Kept]:
    """Keep readings at the ends of their points' chains; tell of each what was there already."""
    heads: dict[str, tuple[int, bytes]] = {}
    kept = []
    for sample in readings:
        point = ids[sample.point]
        kept.append(Kept(sample, _kept_count(connection, point, sample)))
        if kept[-1].there is not None:
            continue
        if sample.point not in heads:
            heads[sample.point] = connection.execute(
                "SELECT seq, link FROM sample WHERE point_id = ? ORDER BY seq DESC LIMIT 1",
                (point,),
            ).fetchone() or (-1, FIRST)
        seq, before = heads[sample.point]
        times = (seconds_of(sample.source_at), seconds_of(sample.received_at))
        row = (seq + 1, *times, sample.count, sample.quality.value, sample.origin.value)
        link = link_of(before, (sample.point, *row))
        connection.execute(_INSERT_SAMPLE, (point, *row, link))
        heads[sample.point] = (seq + 1, link)
    return kept


def _newest(ids: Mapping[str, int], kept: Iterable[Kept]) -> Iterator[tuple[object, ...]]:
    """Give the newest of the samples that were stored, of each point and quality, as rows."""
    newest: dict[tuple[str, Quality], Sample] = {}
    for sample, there in kept:
        key = (sample.point, sample.quality)
        if there is None and (key not in newest or newest[key].source_at < sample.source_at):
            newest[key] = sample
    for one in newest.values():
        times = (seconds_of(one.source_at), seconds_of(one.received_at))
        yield (ids[one.point], one.quality.value, *times, one.count, one.origin.value)


def _corrected(
    series: Series, name: str, entries: Iterable[Entry], *, first: int, last: int
) -> Series:
    """Put what the standing corrections of a point say in place of what was stored."""
    stands = {
        seconds_of(entry.at): entry
        for entry in entries
        if entry.kind is EntryKind.CORRECTION
        and entry.point == name
        and first <= seconds_of(entry.at) <= last
    }
    if not stands:
        return series
    rows = [
        (
            *(at, seconds_of(entry.known_at) - at, entry.count_after),
            marks_of(entry.quality or Quality.GOOD, Origin.HAND),
        )
        for at, entry in stands.items()
        if entry.count_after is not None
    ]
    untouched = series.taken(~np.isin(series.source_at, list(stands)))
    said = np.array(rows, dtype=np.int64).reshape(-1, len(Series._fields))
    return in_order(joined([untouched, Series(*said.T)]))


def _conflict(point: Point, sample: Sample, kept: int) -> Finding:
    at = write_instant(sample.source_at)
    return Finding(
        code="meter.conflicting-sample",
        severity=Severity.ERROR,
        where=Where(path=point.name),
        message=(
            f"For {at} {point.name} is stored as {_shown(point, kept)}; now the meter gives "
            f"{_shown(point, sample.count)} for the same time. The first stays."
        ),
        remedy=(
            "Compare the meter's display with both values, and look for a second device that "
            "answers at this address or a clock that was set back."
        ),
        data={"source_at": at, "count_kept": kept, "count_refused": sample.count},
    )


def _shown(point: Point, count: int) -> str:
    return format_quantity(point.name, point.value_of(count), decimals=point.decimals)
