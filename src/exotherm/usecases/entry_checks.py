"""Holding what a person enters of a meter against the readings around it.

What the register cannot have done is refused by whoever enters; what it hardly can have done, by
the plant's ratings, is kept with a warning: a person may have seen what the ratings do not say.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.ledger import Entry, EntryKind, breaks_of, standing
from exotherm.core.period import Period, write_instant
from exotherm.core.register import advance_of
from exotherm.core.samples import Point, Quality
from exotherm.operate.limits import Limits
from exotherm.store.sqlite import Store

UNLIKELY_CODE = "meter.entry-unlikely"
_LOOK_AROUND = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a register is known to have shown at an instant."""

    at: datetime
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known of a register next before and next after an instant."""

    before: Known | None
    after: Known | None


def known_around(store: Store, point: Point, at: datetime) -> Around:
    """Find the good readings around an instant, and what is entered of jumps there."""
    breaks = breaks_of(standing(store.entries([point.name])), point.name)
    around = Period(at - _LOOK_AROUND, at + _LOOK_AROUND)
    good = [
        Known(at=one.source_at, count=one.count)
        for one in store.samples([point.name], around)[point.name]
        if one.quality is Quality.GOOD
    ]
    before = [one for one in good if one.at < at]
    before += [Known(at=one.at, count=one.count_after) for one in breaks if one.at <= at]
    after = [one for one in good if one.at > at]
    after += [Known(at=one.at, count=one.count_before) for one in breaks if one.at > at]
    return Around(
        before=max(before, key=lambda one: one.at, default=None),
        after=min(after, key=lambda one: one.at, default=None),
    )


def way_of(point: Point, limits: Limits, earlier: Known, later: Known) -> tuple[int | None, int]:
    """Tell how far a register went from one to another, None for backwards, and how far it can."""
    most = count_max_of(point, limits, later.at - earlier.at)
    way = advance_of(point.register, earlier=earlier.count, later=later.count, count_max=most)
    return (None if way is None else way.count), most


def count_max_of(point: Point, limits: Limits, elapsed: timedelta) -> int:
    """Give how far a register can have gone; a tenth of its round where nothing is known."""
    most = limits.count_max(point, elapsed)
    return point.register.modulus // 10 if most is None else most


def unlikely(point: Point, limits: Limits, entry: Entry, around: Around) -> Iterator[Finding]:
    """Say what of a kept entry does not fit what is known around it."""
    if entry.kind is not EntryKind.CORRECTION and around.before is None:
        yield _unlikely(
            point, entry, f"no good reading of {point.name} lies in the 400 days before it"
        )
    if entry.count_after is None:
        return
    entered = Known(at=entry.at, count=entry.count_after)
    if entry.kind is EntryKind.CORRECTION and around.before is not None:
        yield from _too_far(point, limits, entry, around.before, entered)
    if around.after is not None:
        yield from _too_far(point, limits, entry, entered, around.after)


def _too_far(
    point: Point, limits: Limits, entry: Entry, earlier: Known, later: Known
) -> Iterator[Finding]:
    went, most = way_of(point, limits, earlier, later)
    if went is not None and went <= most:
        return
    way = f"at most {point.value_of(most)} are possible in between" if went else "it only advances"
    yield _unlikely(
        point,
        entry,
        f"by it {point.name} shows {point.value_of(earlier.count)} at "
        f"{write_instant(earlier.at)} and {point.value_of(later.count)} at "
        f"{write_instant(later.at)}, and {way}",
    )


def _unlikely(point: Point, entry: Entry, what: str) -> Finding:
    return Finding(
        code=UNLIKELY_CODE,
        severity=Severity.WARNING,
        where=Where(path=point.name),
        message=f"Entry {entry.number} of {write_instant(entry.at)} is kept, but {what}.",
        remedy="Check its digits and its instant against what shows it; a slip is taken back with "
        f"`exotherm operate withdraw {entry.number}`.",
        data={"entry": entry.number, "at": write_instant(entry.at)},
    )
