"""Entering what happened to a meter: exchange, reset, overflow, correction, and its withdrawal.

An entry is only taken where it explains: the way to the last reading before a jump and from the
first one after it must be one that the plant can have gone. Readings after a jump that were kept
as suspect for no other reason than the jump become good by corrections with the same author.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from exotherm.core.errors import UnableTo
from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.ledger import Entry, EntryKind, breaks_of, standing
from exotherm.core.period import Period, write_instant
from exotherm.core.samples import Point, Quality, Sample
from exotherm.operate.limits import Limits, limits_of
from exotherm.operate.quality import SPOILING_CODES
from exotherm.site.document import Site, points_of
from exotherm.store.sqlite import Store
from exotherm.store.values import Event
from exotherm.usecases.entry_checks import (
    Around,
    Known,
    count_max_of,
    known_around,
    unlikely,
    way_of,
)
from exotherm.usecases.hand_reading import count_shown, wrong_words

ENTRY_CODE = "meter.ledger-entry"
_EXPLAINED = "explained by entry"
_SECOND = timedelta(seconds=1)


class UnableToEnter(UnableTo):
    """What a person would enter does not explain what the register shows, or is not known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who says something of a meter, by role, what shows it, and when it is entered."""

    author: str
    evidence: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """An entry as it was kept, how many readings it made good, and what does not fit it."""

    entry: Entry
    made_good: int = 0
    findings: tuple[Finding, ...] = ()


def enter_jump(
    site: Site,
    store: Store,
    *,
    kind: EntryKind,
    point_name: str,
    at: datetime,
    last: Decimal | None,
    first: Decimal | None,
    said: Said,
) -> Entered:
    """Keep that a register jumped at an instant: what it showed last before, and first after.

    An overflow needs neither. Raises UnableToEnter, and UnableToEnterReading for what the register
    cannot show.
    """
    points = points_of(site)
    point = _register(points, point_name)
    _check_said(said, at)
    entry = Entry(
        kind=kind,
        point=point.name,
        at=at,
        known_at=said.now,
        author=said.author,
        evidence=said.evidence,
        count_before=point.register.modulus if last is None else count_shown(point, last),
        count_after=0 if first is None else count_shown(point, first),
    )
    store.keep_site(site.site.name, points.values())
    limits = limits_of(site)
    with store.together():
        around = known_around(store, point, at)
        _check_explains(store, point, entry, limits, around)
        kept = store.save_entry(entry)
        suspects = tuple(_explained(store, point, kept, limits))
        for sample in suspects:
            store.save_entry(_made_good(sample, kept))
    findings = tuple(unlikely(point, limits, kept, around))
    return Entered(entry=kept, made_good=len(suspects), findings=findings)


def enter_correction(
    site: Site, store: Store, *, point_name: str, at: datetime, value: Decimal | None, said: Said
) -> Entered:
    """Keep what stands for a point at an instant in place of what was stored, or that nothing does.

    What was stored stays, and is shown for any time before this was known. Raises UnableToEnter,
    and UnableToEnterReading for what the register cannot show.
    """
    points = points_of(site)
    point = points.get(point_name)
    if point is None:
        raise UnableToEnter(
            f"{point_name} is no point of this site", remedy=f"It has {', '.join(points)}."
        )
    _check_said(said, at)
    store.keep_site(site.site.name, points.values())
    # The store keeps whole seconds.
    at = at.replace(microsecond=0)
    stored = [
        one
        for one in store.samples([point.name], Period(at, at + _SECOND))[point.name]
        if one.source_at == at
    ]
    if not stored and value is None:
        raise UnableToEnter(
            f"{point.name} has no reading of {write_instant(at)}",
            remedy="`exotherm store query` shows what there is; name the instant of a reading.",
        )
    entry = Entry(
        kind=EntryKind.CORRECTION,
        point=point.name,
        at=at,
        known_at=said.now,
        author=said.author,
        evidence=said.evidence,
        count_before=stored[0].count if stored else None,
        count_after=None if value is None else _count_of(point, value),
        quality=None if value is None else Quality.GOOD,
    )
    if point.kind != "register" or entry.count_after is None:
        return Entered(entry=store.save_entry(entry))
    with store.together():
        around, limits = known_around(store, point, at), limits_of(site)
        _check_forwards(point, entry, limits, around)
        kept = store.save_entry(entry)
    return Entered(entry=kept, findings=tuple(unlikely(point, limits, kept, around)))


def withdraw_entry(store: Store, number: int, said: Said) -> Entered:
    """Keep that an entry was wrong and counts no more, and the corrections that it brought with it.

    Raises UnableToEnter where there is no such entry that still counts.
    """
    entries = store.entries()
    found = next((one for one in standing(entries) if one.number == number), None)
    if found is None:
        raise UnableToEnter(
            f"The ledger has no entry {number} that counts",
            remedy="`exotherm operate ledger` lists them.",
        )
    _check_said(said, found.known_at)
    brought = [
        one
        for one in standing(entries)
        if one.kind is EntryKind.CORRECTION and one.evidence == _by_entry(found)
    ]
    with store.together():
        for one in brought:
            store.save_entry(_withdrawal(one, said))
        return Entered(entry=store.save_entry(_withdrawal(found, said)))


def _withdrawal(entry: Entry, said: Said) -> Entry:
    return Entry(
        kind=EntryKind.WITHDRAWAL,
        point=entry.point,
        at=entry.at,
        known_at=said.now,
        author=said.author,
        evidence=said.evidence,
        withdraws=entry.number,
    )


def _register(points: Mapping[str, Point], name: str) -> Point:
    point = points.get(name)
    if point is None or point.kind != "register":
        registers = ", ".join(one.name for one in points.values() if one.kind == "register")
        raise UnableToEnter(
            f"{name} is no register of this site", remedy=f"Registers are {registers}."
        )
    return point


def _check_said(said: Said, at: datetime) -> None:
    if at > said.now:
        raise UnableToEnter(
            f"{write_instant(at)} has not come yet", remedy="Enter it once it has happened."
        )
    if wrong := wrong_words(said.author, said.evidence):
        raise UnableToEnter(wrong, remedy="Say who enters it, by role, and what shows it.")


def _count_of(point: Point, value: Decimal) -> int:
    if point.kind == "register":
        return count_shown(point, value)
    count = value.scaleb(point.decimals)
    if count != count.to_integral_value() or abs(count) >= 10**point.digits:
        raise UnableToEnter(
            f"{value} is nothing that {point.name} can show",
            remedy=f"It has {point.digits} digits, {point.decimals} behind the point.",
        )
    return int(count)


def _check_explains(
    store: Store, point: Point, entry: Entry, limits: Limits, around: Around
) -> None:
    """Hold a jump against the last good reading, over what else is known to have happened."""
    breaks = breaks_of(standing(store.entries([point.name])), point.name)
    if any(one.at == entry.at for one in breaks):
        raise UnableToEnter(
            f"{point.name} has a jump at {write_instant(entry.at)} already",
            remedy="Withdraw the entry that is wrong, then enter this one.",
        )
    assert entry.count_before is not None
    if around.before is None:
        return
    shown = Known(at=entry.at, count=entry.count_before)
    went, most = way_of(point, limits, around.before, shown)
    if went is None or went > most:
        raise UnableToEnter(
            f"{point.name} showed {point.value_of(around.before.count)} at "
            f"{write_instant(around.before.at)}; it cannot have shown "
            f"{point.value_of(entry.count_before)} at {write_instant(entry.at)}",
            remedy="Check the digits of the last reading, and the instant.",
        )


def _check_forwards(point: Point, entry: Entry, limits: Limits, around: Around) -> None:
    """Refuse a correction by which a register would have gone backwards."""
    assert entry.count_after is not None
    corrected = Known(at=entry.at, count=entry.count_after)
    if around.before is None:
        return
    went, _ = way_of(point, limits, around.before, corrected)
    if went is None:
        raise UnableToEnter(
            f"{point.name} showed {point.value_of(around.before.count)} at "
            f"{write_instant(around.before.at)}; it cannot have shown less, "
            f"{point.value_of(corrected.count)}, at {write_instant(entry.at)}",
            remedy="Check the digits. Where that earlier reading is wrong, correct it first; where "
            "the meter was exchanged or reset in between, enter that first.",
        )


def _explained(store: Store, point: Point, jump: Entry, limits: Limits) -> Iterator[Sample]:
    """Give the readings since a jump that are suspect for no other reason than the jump."""
    assert jump.count_after is not None
    since = Period(jump.at, jump.known_at + _SECOND)
    spoilt = [
        (one.first_at, one.last_at)
        for one in store.events(since)
        if one.place == point.meter and one.code in SPOILING_CODES
    ]
    at, count = jump.at, jump.count_after
    for sample in store.samples([point.name], since)[point.name]:
        most = count_max_of(point, limits, sample.source_at - at)
        if not count <= sample.count <= count + most:
            return
        if sample.quality is Quality.SUSPECT:
            if any(first <= sample.received_at <= last for first, last in spoilt):
                continue
            yield sample
        at, count = sample.source_at, sample.count


def _made_good(sample: Sample, jump: Entry) -> Entry:
    return Entry(
        kind=EntryKind.CORRECTION,
        point=sample.point,
        at=sample.source_at,
        known_at=jump.known_at,
        author=jump.author,
        evidence=_by_entry(jump),
        count_before=sample.count,
        count_after=sample.count,
        quality=Quality.GOOD,
    )


def _by_entry(entry: Entry) -> str:
    return f"{_EXPLAINED} {entry.number}: {entry.evidence}"


def came_with_another(entry: Entry) -> bool:
    """Tell whether an entry is one of the many that make readings good by another entry."""
    return entry.kind is EntryKind.CORRECTION and entry.evidence.startswith(_EXPLAINED)


def notes_of_ledger(store: Store, period: Period) -> tuple[Finding, ...]:
    """Say what was entered of a period and counts, in the order in which it was entered."""
    points = store.points()
    return tuple(
        _told(points[one.point], one)
        for one in _telling(store)
        if period.start <= one.at <= period.end
    )


def standing_events(store: Store) -> tuple[Event, ...]:
    """Give what stands open, by its beginning; of notes of one kind at a place the newest.

    Entries that count are told as such notes.
    """
    points = store.points()
    entries = sorted(_telling(store), key=lambda one: one.at)
    # Databases of before keep the first entry of a point as an event that nothing ends.
    kept = [one for one in store.standing_events() if one.code != ENTRY_CODE]
    noted = [_event(_told(points[one.point], one), one.at) for one in entries]
    told: dict[object, Event] = {}
    for number, one in enumerate(sorted([*kept, *noted], key=lambda one: one.first_at)):
        told[(one.code, one.place) if one.severity is Severity.NOTE else number] = one
    return tuple(sorted(told.values(), key=lambda one: one.first_at))


def _telling(store: Store) -> list[Entry]:
    return [one for one in standing(store.entries()) if not came_with_another(one)]


def _event(found: Finding, at: datetime) -> Event:
    return Event(
        code=found.code,
        severity=found.severity,
        place=found.where.path,
        message=found.message,
        remedy=found.remedy,
        data=found.data,
        first_at=at,
        last_at=at,
        times=1,
        cleared_at=None,
    )


def _told(point: Point, entry: Entry) -> Finding:
    return Finding(
        code=ENTRY_CODE,
        severity=Severity.NOTE,
        where=Where(path=point.name),
        message=f"{entry.author} entered of {write_instant(entry.at)}: {words_of(point, entry)} "
        f"(entry {entry.number}; {entry.evidence}).",
        remedy="Keep what shows it as long as the invoice.",
        data={
            "entry": entry.number,
            "kind": entry.kind.value,
            "author": entry.author,
            "evidence": entry.evidence,
        },
    )


def words_of(point: Point, entry: Entry) -> str:
    """Say what an entry says."""

    def shown(count: int | None) -> str:
        if count is None:
            return "nothing"
        whole = point.kind == "register" and 0 <= count <= point.register.modulus
        return point.register.write_last(count) if whole else f"{point.value_of(count):f}"

    before, after = shown(entry.count_before), shown(entry.count_after)
    words = {
        EntryKind.EXCHANGE: f"meter exchanged, {before} was the last and {after} the first",
        EntryKind.RESET: f"register reset, {before} before and {after} after",
        EntryKind.OVERFLOW: "register ran over its top",
        EntryKind.CORRECTION: f"{after} is good as it was read"
        if entry.count_after == entry.count_before
        else f"{after} stands in place of {before}",
        EntryKind.WITHDRAWAL: f"entry {entry.withdraws} counts no more",
    }
    return words[entry.kind]
