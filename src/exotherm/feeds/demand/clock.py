"""Times of measured values: by an offset or by the local clock, which changes twice a year.

Files tell their clock by what they do where it changes. One that has the skipped hour of spring
and the repeated hour of autumn only once stayed in winter time all year.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from exotherm.core.findings import Finding, Severity, Where
from exotherm.feeds.demand.table import LISTED, Row

YEARS = range(1900, 2200)
"""years that a time can mean; others are typing errors, and a calendar has ends"""


@dataclass(frozen=True, slots=True)
class Timed:
    """A value at its instant in UTC, and the line it is from."""

    number: int
    instant: datetime
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocked:
    """What came of reading times. ``twice`` are values that stand for the repeated hour too."""

    values: tuple[Timed, ...]
    twice: tuple[Timed, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_times(file: str, rows: tuple[Row, ...], zone: ZoneInfo) -> Clocked:
    """Read the times of all rows, in ISO 8601: all with an offset, or all by the local clock."""
    read = [(row, _read(row.time)) for row in rows]
    bad = [_unreadable(file, row) for row, time in read if time is None]
    if bad:
        return Clocked(values=(), findings=tuple(bad[:LISTED]))
    times = [(row, time) for row, time in read if time is not None]
    local = [(row, time) for row, time in times if time.tzinfo is None]
    if not local:
        return Clocked(values=tuple(Timed(r.number, t.astimezone(UTC), r.value) for r, t in times))
    if len(local) < len(times):
        return Clocked(values=(), findings=(_mixed(file, local[0][0]),))
    return _by_local_clock(file, local, zone)


def _read(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.year in YEARS else None


def _by_local_clock(file: str, local: list[tuple[Row, datetime]], zone: ZoneInfo) -> Clocked:
    if local[0][1] > local[-1][1]:
        # Newest first: then the second of two equal times is that before clocks go back.
        local.reverse()
    count = Counter(time for _, time in local)
    skipped = [row for row, time in local if _is_skipped(time, zone)]
    repeated = {time for time in count if _is_repeated(time, zone)}
    once = {time for time in repeated if count[time] == 1}
    if skipped and once == repeated:
        values = tuple(
            Timed(row.number, _in_winter_time(time, zone), row.value) for row, time in local
        )
        return Clocked(values=values, findings=(_not_changed(file, skipped[0]),))
    if skipped:
        return Clocked(values=(), findings=(_extra(file, skipped[0]),))
    seen: Counter[datetime] = Counter()
    values_of: list[Timed] = []
    twice: list[Timed] = []
    for row, time in local:
        # The first of two equal times is that before clocks go back.
        fold = min(seen[time], 1) if time in repeated else 0
        seen[time] += 1
        aware = time.replace(tzinfo=zone, fold=fold)
        values_of.append(Timed(row.number, aware.astimezone(UTC), row.value))
        if time in once:
            later = time.replace(tzinfo=zone, fold=1).astimezone(UTC)
            twice.append(Timed(row.number, later, row.value))
    findings = (_once(file, twice[0]),) if twice else ()
    return Clocked(values=tuple(values_of), twice=tuple(twice), findings=findings)


def _offsets(time: datetime, zone: ZoneInfo) -> tuple[timedelta, timedelta]:
    first = time.replace(tzinfo=zone, fold=0).utcoffset()
    second = time.replace(tzinfo=zone, fold=1).utcoffset()
    assert first is not None
    assert second is not None
    return first, second


def _is_repeated(time: datetime, zone: ZoneInfo) -> bool:
    before, after = _offsets(time, zone)
    return before > after


def _is_skipped(time: datetime, zone: ZoneInfo) -> bool:
    before, after = _offsets(time, zone)
    return before < after


def _in_winter_time(time: datetime, zone: ZoneInfo) -> datetime:
    """Read a time by the smaller offset of its year; Dublin's table calls summer the standard."""
    offsets = [_offsets(datetime(time.year, month, 1), zone)[0] for month in (1, 7)]  # noqa: DTZ001
    return (time - min(offsets)).replace(tzinfo=UTC)


def _unreadable(file: str, row: Row) -> Finding:
    return Finding(
        code="demand.bad-time",
        severity=Severity.ERROR,
        where=Where(file=file, line=row.number),
        message=f"The time is {row.time or 'empty'}, which is not written by ISO 8601.",
        remedy="Write 2025-10-26T02:00 by the local clock, or 2025-10-26T02:00+01:00.",
    )


def _mixed(file: str, row: Row) -> Finding:
    return Finding(
        code="demand.bad-time",
        severity=Severity.ERROR,
        where=Where(file=file, line=row.number),
        message=f"The time {row.time} has no offset from UTC, while other lines have one.",
        remedy="Write all times with an offset, or all by the local clock.",
    )


def _not_changed(file: str, row: Row) -> Finding:
    return Finding(
        code="demand.clock-not-changed",
        severity=Severity.WARNING,
        where=Where(file=file, line=row.number),
        message=f"The file has {row.time}, an hour that the local clock skips, and has the hour "
        "that it repeats in autumn only once: it is read as winter time all year.",
        remedy="Write times with their offset from UTC if the meter's clock was another.",
    )


def _extra(file: str, row: Row) -> Finding:
    return Finding(
        code="demand.clock-hour-extra",
        severity=Severity.ERROR,
        where=Where(file=file, line=row.number),
        message=f"The file has {row.time}, an hour that the local clock skips in spring, yet "
        "repeats an hour in autumn as the local clock does.",
        remedy="Remove the hour if it is a filler, or write times with their offset from UTC.",
    )


def _once(file: str, first: Timed) -> Finding:
    return Finding(
        code="demand.clock-hour-missing",
        severity=Severity.WARNING,
        where=Where(file=file, line=first.number),
        message="The hour that the local clock repeats in autumn is in the file only once; its "
        "heat is taken for both.",
        remedy="Write times with their offset from UTC; if the value is the sum of both hours, "
        "halve it and give both.",
    )
