"""The meter ledger: what people enter of a meter, and what follows from it. Pure.

An exchange, a reset, an overflow explain a jump of a register; a correction replaces what stands
for a point at an instant. Every entry has an author, by role, and evidence; none is ever changed,
but a later one may withdraw it. What is known of a month at an instant follows from the readings
and the entries known by then, in whatever order they came.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from exotherm.core.period import Period
from exotherm.core.register import Break, RegisterFormat, advance_across
from exotherm.core.samples import Quality, Sample


class EntryKind(StrEnum):
    """What an entry of the ledger says."""

    EXCHANGE = "exchange"
    """The meter was changed for another one: last reading of the old, first of the new."""
    RESET = "reset"
    """The register was set back: last reading before, first reading after."""
    OVERFLOW = "overflow"
    """The register ran over its top, where readings are too sparse to show it."""
    CORRECTION = "correction"
    """What stands for a point at an instant, in place of what was stored; or that nothing does."""
    WITHDRAWAL = "withdrawal"
    """An earlier entry was wrong and counts no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: what it says of which point and instant, since when that is known, and by whom.

    ``count_before`` and ``count_after`` are the last and the first count around a jump. Of a
    correction they are the count that was stored, if any, and the one that stands, None where none
    does. ``number`` is given by the ledger, from 1 on.
    """

    kind: EntryKind
    point: str
    at: datetime
    known_at: datetime
    author: str
    evidence: str
    count_before: int | None = None
    count_after: int | None = None
    quality: Quality | None = None
    """how far what a correction says may be believed; None for every other kind"""
    withdraws: int | None = None
    number: int = 0


_JUMPS = frozenset({EntryKind.EXCHANGE, EntryKind.RESET, EntryKind.OVERFLOW})


def standing(entries: Iterable[Entry], *, known_at: datetime | None = None) -> tuple[Entry, ...]:
    """Give the entries that count, as known at an instant or now, in order of their numbers."""
    known = [one for one in entries if known_at is None or one.known_at <= known_at]
    withdrawn = {one.withdraws for one in known if one.kind is EntryKind.WITHDRAWAL}
    return tuple(
        sorted(
            (
                one
                for one in known
                if one.kind is not EntryKind.WITHDRAWAL and one.number not in withdrawn
            ),
            key=lambda one: one.number,
        )
    )


def breaks_of(entries: Iterable[Entry], point: str) -> tuple[Break, ...]:
    """Give the jumps of a register that standing entries explain, in order of time."""
    jumps = (_break(one) for one in entries if one.point == point and one.kind in _JUMPS)
    return tuple(sorted(jumps, key=_at))


def _at(one: Break) -> datetime:
    return one.at


def _break(entry: Entry) -> Break:
    assert entry.count_before is not None, entry
    assert entry.count_after is not None, entry
    return Break(
        at=entry.at,
        why=entry.kind.value,
        count_before=entry.count_before,
        count_after=entry.count_after,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A reading's instant, and how far the register had come since the first one."""

    at: datetime
    count: int


def count_on(
    register: RegisterFormat,
    readings: Sequence[Sample],
    breaks: Sequence[Break],
    *,
    count_max: int | None = None,
) -> tuple[Counted, ...] | None:
    """Count a register on from reading to reading, over its top and over known breaks, or None.

    ``readings`` are of one point in order of time; only good ones count. ``count_max`` is the most
    it can go from one to the next, a tenth of its round where nothing is known. None where it went
    backwards or further: that is for a person to explain.
    """
    good = [one for one in readings if one.quality is Quality.GOOD]
    most = register.modulus // 10 if count_max is None else count_max
    counted = [Counted(at=one.source_at, count=0) for one in good[:1]]
    for earlier, later in pairwise(good):
        advance = advance_across(
            register,
            earlier=earlier.count,
            later=later.count,
            breaks=between(breaks, earlier.source_at, later.source_at),
            count_max=most,
        )
        if advance is None or advance.count > most:
            return None
        counted.append(Counted(at=later.source_at, count=counted[-1].count + advance.count))
    return tuple(counted)


def between(breaks: Iterable[Break], earlier: datetime, later: datetime) -> tuple[Break, ...]:
    """Give the breaks after one reading and up to another."""
    return tuple(one for one in breaks if earlier < one.at <= later)


def advances_in(counted: Sequence[Counted], parts: Iterable[Period]) -> tuple[int | None, ...]:
    """Tell how far a register went in each part of time; None where nothing tells it.

    The reading of an edge is the last one at or before it; a part in which nothing was read, or
    which none opens, is not told. Parts that follow each other sum to the advance from the first
    edge to the last exactly, since they share their edges: what ran on while nothing was read
    stands at the part of the next reading.
    """
    instants = [one.at for one in counted]
    found = []
    for part in parts:
        first, last = (bisect_right(instants, edge) for edge in (part.start, part.end))
        told = first > 0 and last > first
        found.append(counted[last - 1].count - counted[first - 1].count if told else None)
    return tuple(found)
