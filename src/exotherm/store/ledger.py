"""The meter ledger in the store: entries are added, chained, and never changed."""

from collections.abc import Collection
from dataclasses import replace

from exotherm.core.ledger import Entry, EntryKind
from exotherm.core.samples import Quality
from exotherm.store.base import Connected
from exotherm.store.chain import ENTRY_COLUMNS, FIRST, link_of
from exotherm.store.rows import Row, int_of
from exotherm.store.values import instant_of, seconds_of

_INSERT_ENTRY = (
    f"INSERT INTO ledger ({ENTRY_COLUMNS}, link) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
)
_SELECT_ENTRIES = (
    "SELECT number, ledger.kind, name, at, known_at, author, evidence, count_before, count_after,"
    " quality, withdraws FROM ledger JOIN point ON point.id = ledger.point_id"
)


class Ledger(Connected):
    """The part of the store that keeps what people enter of meters."""

    def save_entry(self, entry: Entry) -> Entry:
        """Keep an entry under the next number, and give it with that number."""
        with self._writing() as connection:
            (point,) = connection.execute(
                "SELECT id FROM point WHERE name = ?", (entry.point,)
            ).fetchone()
            number, before = connection.execute(
                "SELECT number, link FROM ledger ORDER BY number DESC LIMIT 1"
            ).fetchone() or (0, FIRST)
            row = (
                *(number + 1, entry.kind.value, point),
                *(seconds_of(entry.at), seconds_of(entry.known_at), entry.author, entry.evidence),
                *(entry.count_before, entry.count_after),
                entry.quality.value if entry.quality else None,
                entry.withdraws,
            )
            connection.execute(_INSERT_ENTRY, (*row, link_of(before, row)))
        return replace(entry, number=number + 1)

    def entries(self, points: Collection[str] | None = None) -> tuple[Entry, ...]:
        """Give the entries of some points, or all, in order of their numbers."""
        entries = self._read(f"{_SELECT_ENTRIES} ORDER BY number", _entry_of)
        return tuple(one for one in entries if points is None or one.point in points)


def _entry_of(row: Row) -> Entry:
    number, kind, point, at, known_at, author, evidence, before, after, quality, withdraws = row
    return Entry(
        number=int_of(number),
        kind=EntryKind(str(kind)),
        point=str(point),
        at=instant_of(int_of(at)),
        known_at=instant_of(int_of(known_at)),
        author=str(author),
        evidence=str(evidence),
        count_before=_int_or_none(before),
        count_after=_int_or_none(after),
        quality=None if quality is None else Quality(str(quality)),
        withdraws=_int_or_none(withdraws),
    )


def _int_or_none(value: object) -> int | None:
    return None if value is None else int_of(value)
