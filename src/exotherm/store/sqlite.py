"""The store in SQLite: what is kept, how it is read, and nothing that changes what was kept."""

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from exotherm.core.errors import UnableTo
from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.period import Period, write_instant
from exotherm.core.samples import Point, Quality, Sample
from exotherm.core.units import format_quantity
from exotherm.store.connection import connect
from exotherm.store.errors import (
    UnableToIssue,
    UnableToKeepPoint,
    UnableToUseStore,
    changed_by_others,
    explained,
)
from exotherm.store.rows import (
    EVENT_COLUMNS,
    Row,
    answer_of,
    document_of,
    event_of,
    point_of,
    sample_of,
)
from exotherm.store.values import Event, LastAnswer, Saved, StoredDocument, instant_of, seconds_of

_NUMBER_DIGITS = 4
_NO_MARGIN = timedelta(0)
_INSERT_SAMPLE = """
    INSERT INTO sample (point_id, seq, source_at, received_at, count, quality)
    SELECT ?, COALESCE(MAX(seq), -1) + 1, ?, ?, ?, ? FROM sample WHERE point_id = ?
"""
_INSERT_EVENT = """
    INSERT INTO event (id, code, severity, place, apart, message, remedy, data,
                       first_at, last_at, times)
    SELECT COALESCE(MAX(id), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1 FROM event
"""

_Made = TypeVar("_Made")


def open_store(path: Path, *, timeout_s: float = 5.0) -> "Store":
    """Open the database of a workspace, or make it where there is none.

    ``timeout_s`` is how long another writer is waited for. Raises UnableToOpenStore.
    """
    return Store(connect(path, timeout_s=timeout_s), path)


class Store:
    """Append-only samples, events and documents in one SQLite file.

    Instants are kept to the second, rounded down. Every method is one transaction: what it was
    asked to keep is on the disk when it returns, or nothing of it is. All may raise
    UnableToUseStore. Use it from the thread that opened it.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def _writing(
        self, error_type: type[UnableTo] = UnableToUseStore
    ) -> Iterator[sqlite3.Connection]:
        """Hold the one right to write for a transaction, which is kept whole or not at all."""
        if self._connection.in_transaction:
            yield self._connection
            return
        with explained(self.path, error_type, "written"):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise

    def _rows(self, query: str, values: Row = ()) -> list[Row]:
        with explained(self.path, UnableToUseStore, "read"):
            return self._connection.execute(query, values).fetchall()

    def _read(self, query: str, made: Callable[[Row], _Made], values: Row = ()) -> list[_Made]:
        """Make values of rows; a row that this program cannot have written is the world's doing."""
        rows = self._rows(query, values)
        try:
            return [made(row) for row in rows]
        except ValueError as error:
            raise changed_by_others(self.path, error) from error

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep all that is kept inside this block in one transaction, or nothing of it."""
        with self._writing():
            yield

    # Points and samples

    def keep_points(self, points: Iterable[Point]) -> None:
        """Make points known. One that is known already has to be the same.

        Raises UnableToKeepPoint where a point has another kind, unit or digits than it had.
        """
        known = self.points()
        for point in points:
            if known.get(point.name, point) != point:
                raise _point_changed(known[point.name], point)
        with self._writing() as connection:
            connection.executemany(
                "INSERT INTO point (id, name, kind, unit, decimals, digits)"
                " SELECT COALESCE(MAX(id), 0) + 1, ?, ?, ?, ?, ? FROM point WHERE true"
                " ON CONFLICT (name) DO NOTHING",
                [
                    (point.name, point.kind, point.unit, point.decimals, point.digits)
                    for point in points
                    if point.name not in known
                ],
            )

    def points(self) -> dict[str, Point]:
        """Give all points by name."""
        query = "SELECT name, kind, unit, decimals, digits FROM point ORDER BY id"
        return {point.name: point for point in self._read(query, point_of)}

    def save_samples(self, samples: Iterable[Sample]) -> Saved:
        """Keep samples of known points, in the order given.

        The same sample again is passed over. Another count for an instant that has one is refused,
        and both counts are kept in an event ``meter.conflicting-sample``.
        """
        points = self.points()
        stored = repeated = 0
        refused: list[Sample] = []
        with self._writing() as connection:
            ids = dict(connection.execute("SELECT name, id FROM point").fetchall())
            for sample in samples:
                assert sample.point in ids, f"{sample.point} is not a point of this store"
                kept = _kept_count(connection, ids[sample.point], sample)
                if kept is None:
                    _insert_sample(connection, ids[sample.point], sample)
                    stored += 1
                elif kept == sample.count:
                    repeated += 1
                else:
                    refused.append(sample)
                    found = _conflict(points[sample.point], sample, kept)
                    apart = f"{write_instant(sample.source_at)} {sample.count}"
                    _save_finding(connection, found, at=sample.received_at, apart=apart)
        return Saved(stored=stored, repeated=repeated, refused=tuple(refused))

    def samples(
        self, points: Collection[str], period: Period, margin: timedelta = _NO_MARGIN
    ) -> dict[str, tuple[Sample, ...]]:
        """Give the samples of points by the device's time, both edges of the period included.

        The sample at the end belongs to it since a register that is read there closes the period.
        ``margin`` widens the period on both sides. Every point asked for has an entry.
        """
        first = seconds_of(period.start - margin)
        last = seconds_of(period.end + margin)
        return {
            name: tuple(
                self._read(
                    "SELECT ?, source_at, received_at, count, quality FROM sample"
                    " WHERE point_id = (SELECT id FROM point WHERE name = ?)"
                    " AND source_at BETWEEN ? AND ? ORDER BY source_at",
                    sample_of,
                    (name, name, first, last),
                )
            )
            for name in points
        }

    def last_samples(self, quality: Quality | None = None) -> dict[str, Sample]:
        """Give each point's newest sample by its own time, of one quality if that is asked for."""
        wanted = "" if quality is None else quality.value
        newest = self._read(
            "SELECT point.name, source_at, received_at, count, quality FROM point"
            " JOIN sample ON sample.point_id = point.id AND sample.seq = ("
            "  SELECT seq FROM sample WHERE point_id = point.id AND (? = '' OR quality = ?)"
            "  ORDER BY source_at DESC LIMIT 1"
            " ) ORDER BY point.id",
            sample_of,
            (wanted, wanted),
        )
        return {sample.point: sample for sample in newest}

    # Answers and events

    def save_answer(self, answer: LastAnswer) -> None:
        """Remember the last answer of a meter in place of the one before."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO answer (meter, access_number, source_at, received_at)"
                " VALUES (?, ?, ?, ?) ON CONFLICT (meter) DO UPDATE SET"
                " access_number = excluded.access_number, source_at = excluded.source_at,"
                " received_at = excluded.received_at",
                (
                    answer.meter,
                    answer.access_number,
                    seconds_of(answer.source_at),
                    seconds_of(answer.received_at),
                ),
            )

    def last_answers(self) -> dict[str, LastAnswer]:
        """Give the last answer of every meter that ever answered."""
        query = "SELECT meter, access_number, source_at, received_at FROM answer ORDER BY meter"
        return {answer.meter: answer for answer in self._read(query, answer_of)}

    def save_findings(self, findings: Iterable[Finding], *, at: datetime) -> None:
        """Keep findings of an instant; one that still stands at its place is only seen again."""
        with self._writing() as connection:
            for found in findings:
                _save_finding(connection, found, at=at)

    def clear_findings(
        self,
        meter: str,
        codes: Collection[str],
        *,
        at: datetime,
        still: Iterable[Finding] = (),
    ) -> None:
        """Note that what stood against a meter or its points is gone, unless it still stands."""
        standing = {(found.code, found.where.path) for found in still}
        with self._writing() as connection:
            rows = connection.execute(
                "SELECT id, code, place FROM event WHERE cleared_at IS NULL"
            ).fetchall()
            for number, code, place in rows:
                of_meter = place == meter or place.startswith(f"{meter}.")
                if of_meter and code in codes and (code, place) not in standing:
                    connection.execute(
                        "UPDATE event SET cleared_at = ? WHERE id = ?", (seconds_of(at), number)
                    )

    def events(self, period: Period) -> tuple[Event, ...]:
        """Give the events that were seen in a period or around it, in order of their beginning."""
        events = self._read(
            f"SELECT {EVENT_COLUMNS} FROM event"  # noqa: S608 - a constant of this module
            " WHERE first_at < ? AND last_at >= ? ORDER BY first_at, id",
            event_of,
            (seconds_of(period.end), seconds_of(period.start)),
        )
        return tuple(events)

    def standing_events(self) -> tuple[Event, ...]:
        """Give the events that are not gone, in order of their beginning."""
        events = self._read(
            f"SELECT {EVENT_COLUMNS} FROM event"  # noqa: S608 - a constant of this module
            " WHERE cleared_at IS NULL ORDER BY first_at, id",
            event_of,
        )
        return tuple(events)

    # Documents

    def next_number(self, kind: str, prefix: str) -> str:
        """Give the number that the next document of a kind has: the prefix and four digits or more.

        The number is taken only when the document is saved, so none is lost. Raises ValueError for
        a prefix that ends in a digit: nobody could tell where the number begins.
        """
        if prefix[-1:].isdigit():
            raise ValueError(f"a prefix of a number does not end in a digit, not {prefix!r}")
        (row,) = self._rows(
            "SELECT COALESCE(MAX(ordinal), 0) + 1 FROM document WHERE kind = ? AND prefix = ?",
            (kind, prefix),
        )
        return f"{prefix}{row[0]:0{_NUMBER_DIGITS}d}"

    def save_document(
        self,
        *,
        kind: str,
        number: str,
        issued_on: date,
        period: Period,
        text: str,
        content: bytes,
    ) -> StoredDocument:
        """Issue a document for good under the next number of its kind.

        ``text`` is what the document says as JSON, ``content`` its bytes as they are sent. Raises
        UnableToIssue where the number is taken meanwhile or would leave a gap.
        """
        prefix, ordinal = _parts_of(number)
        json.loads(text)
        digest = hashlib.sha256(content).hexdigest()
        edges = (seconds_of(period.start), seconds_of(period.end))
        with self._writing() as connection:
            due = self.next_number(kind, prefix)
            if due != number:
                raise _not_next(kind, number, due)
            connection.execute(
                "INSERT INTO document (kind, prefix, ordinal, number, issued_on, period_start,"
                " period_end, sha256, json, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(kind, prefix, ordinal, number, issued_on.isoformat()),
                    *(*edges, digest, text, content),
                ),
            )
        return StoredDocument(
            kind=kind,
            number=number,
            issued_on=issued_on,
            period=Period(instant_of(edges[0]), instant_of(edges[1])),
            sha256=digest,
            json=text,
            content=content,
        )

    def documents(self, kind: str) -> tuple[StoredDocument, ...]:
        """Give all issued documents of a kind, in order of issue within each prefix.

        Raises UnableToUseStore where the bytes of one are no longer those that were issued.
        """
        documents = self._read(
            "SELECT kind, number, issued_on, period_start, period_end, sha256, json, bytes"
            " FROM document WHERE kind = ? ORDER BY prefix, ordinal",
            document_of,
            (kind,),
        )
        for document in documents:
            if hashlib.sha256(document.content).hexdigest() != document.sha256:
                raise _tampered(self.path, document)
        return tuple(documents)


def _kept_count(connection: sqlite3.Connection, point: int, sample: Sample) -> int | None:
    row = connection.execute(
        "SELECT count FROM sample WHERE point_id = ? AND source_at = ?",
        (point, seconds_of(sample.source_at)),
    ).fetchone()
    return None if row is None else int(row[0])


def _insert_sample(connection: sqlite3.Connection, point: int, sample: Sample) -> None:
    source_at, received_at = seconds_of(sample.source_at), seconds_of(sample.received_at)
    connection.execute(
        _INSERT_SAMPLE,
        (point, source_at, received_at, sample.count, sample.quality.value, point),
    )


def _save_finding(
    connection: sqlite3.Connection, found: Finding, *, at: datetime, apart: str = ""
) -> None:
    place, second = found.where.path, seconds_of(at)
    seen = connection.execute(
        "UPDATE event SET last_at = MAX(last_at, ?), times = times + 1"
        " WHERE cleared_at IS NULL AND place = ? AND code = ? AND apart = ?",
        (second, place, found.code, apart),
    )
    if seen.rowcount:
        return
    data = json.dumps(dict(found.data), ensure_ascii=False, sort_keys=True)
    words = (found.message, found.remedy, data)
    connection.execute(
        _INSERT_EVENT, (found.code, found.severity.value, place, apart, *words, second, second)
    )


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


def _point_changed(known: Point, given: Point) -> UnableToKeepPoint:
    def digits(point: Point) -> str:
        return (
            f"{point.kind} in {point.unit}, {point.digits} digits, {point.decimals} after the point"
        )

    return UnableToKeepPoint(
        f"{known.name} is stored as a {digits(known)}; the site file makes it a {digits(given)}.",
        remedy="Give a new meter a new name in the site file; what was stored keeps its meaning.",
    )


def _parts_of(number: str) -> tuple[str, int]:
    match = re.fullmatch(rf"(.*\D|)(\d{{{_NUMBER_DIGITS},}})", number)
    if match is None:
        raise ValueError(f"a number ends in {_NUMBER_DIGITS} digits or more, not {number!r}")
    return match[1], int(match[2])


def _not_next(kind: str, number: str, due: str) -> UnableToIssue:
    return UnableToIssue(
        f"The {kind} {number} is not issued: the next number is {due}.",
        remedy=f"Make the document anew with the number {due}.",
    )


def _tampered(path: Path, document: StoredDocument) -> UnableToUseStore:
    return UnableToUseStore(
        f"The {document.kind} {document.number} in {path} is not what was issued: its bytes do not "
        f"have the SHA-256 {document.sha256}.",
        remedy="Put back the last backup of this file.",
    )
