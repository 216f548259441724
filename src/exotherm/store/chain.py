"""Chains: each reading, event and entry carries a hash over itself and the one before it.

The readings of a point are one chain, the events are one, the entries of the ledger are one. A link
is SHA-256 over the link before (nothing for the first) and the row as one line of JSON. Nobody can
change, take away or put in a row without every later link showing it; that the last ones are all
there shows against a head that was kept elsewhere: in a backup, or in evidence.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exotherm.store.rows import Row

SAMPLE_COLUMNS = "seq, source_at, received_at, count, quality, origin"
EVENT_COLUMNS = "id, code, severity, place, apart, message, remedy, data, first_at"
ENTRY_COLUMNS = (
    "number, kind, point_id, at, known_at, author, evidence, count_before, count_after, quality,"
    " withdraws"
)
FIRST = b""
"""The link before the first row of a chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How far a chain goes: its name, its number of rows, and the link of the last one."""

    chain: str
    rows: int
    link: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Torn:
    """The first row of a chain that is not as it was written, by its number."""

    chain: str
    row: int


def link_of(before: bytes, row: Sequence[object]) -> bytes:
    """Give the link of a row that follows another one."""
    line = json.dumps(list(row), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(before + line.encode()).digest()


def link_old_rows(connection: sqlite3.Connection) -> None:
    """Give the rows of an older version their links, in the order in which they were written."""
    for (point,) in connection.execute("SELECT id FROM point ORDER BY id").fetchall():
        name, rows = _samples(connection, point)
        for row, link in _linked(rows, name):
            connection.execute(
                "UPDATE sample SET link = ? WHERE point_id = ? AND seq = ?", (link, point, row[0])
            )
    events = connection.execute(f"SELECT {EVENT_COLUMNS}, link FROM event ORDER BY id")  # noqa: S608
    for row, link in _linked(events.fetchall()):
        connection.execute("UPDATE event SET link = ? WHERE id = ?", (link, row[0]))


def check_chains(connection: sqlite3.Connection) -> Iterator[Head | Torn]:
    """Walk every chain, and give its head, or the first row that does not fit."""
    for (point,) in connection.execute("SELECT id FROM point ORDER BY id").fetchall():
        name, rows = _samples(connection, point)
        if rows:
            yield _walk(name, rows, first_number=0, named=name)
    events = connection.execute(f"SELECT {EVENT_COLUMNS}, link FROM event ORDER BY id")  # noqa: S608
    yield _walk("events", events.fetchall(), first_number=1)
    entries = connection.execute(f"SELECT {ENTRY_COLUMNS}, link FROM ledger ORDER BY number")  # noqa: S608
    yield _walk("ledger", entries.fetchall(), first_number=1)


def _samples(connection: sqlite3.Connection, point: int) -> tuple[str, list[Row]]:
    (name,) = connection.execute("SELECT name FROM point WHERE id = ?", (point,)).fetchone()
    rows = connection.execute(
        f"SELECT {SAMPLE_COLUMNS}, link FROM sample WHERE point_id = ? ORDER BY seq",  # noqa: S608
        (point,),
    )
    return str(name), rows.fetchall()


def _linked(rows: Sequence[Row], *named: str) -> Iterator[tuple[Row, bytes]]:
    """Give each row without its stored link, and the link that it should have."""
    before = FIRST
    for row in rows:
        before = link_of(before, (*named, *row[:-1]))
        yield row[:-1], before


def _walk(
    chain: str, rows: Sequence[Row], *, first_number: int, named: str | None = None
) -> Head | Torn:
    before = FIRST
    names = () if named is None else (named,)
    for number, (row, (_, link)) in enumerate(
        zip(rows, _linked(rows, *names), strict=True), first_number
    ):
        if row[0] != number or row[-1] != link:
            return Torn(chain=chain, row=number)
        before = link
    return Head(chain=chain, rows=len(rows), link=before)
