"""Whether the lines of a trace follow each other hour by hour, where the file tells their hours."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from exotherm.core.findings import Finding, Severity, Where
from exotherm.feeds.columns import Columns

_TIMES = ("time", "timestamp")
_HOUR_COLUMN = "hour"
_HOUR = timedelta(hours=1)
_Steps = list[tuple[int, str, str, timedelta]]
"""of each line after the first: its number, what is written before and in it, and the time between
"""


def check_hours(table: Columns, *, file: str, zone: ZoneInfo) -> Iterator[Finding]:
    """Find holes, doubled hours and wrong order by a column `time`, `timestamp` or `hour`."""
    name = next((one for one in (*_TIMES, _HOUR_COLUMN) if one in table.names), None)
    if name is None or len(table.lines) < 2:
        return
    at = table.names.index(name)
    written = [(number, line[at]) for number, line in table.lines]
    texts = [text for _, text in written]
    apart = _between_hours(texts) if name == _HOUR_COLUMN else _between_times(texts, zone)
    if apart is None:
        yield _unread(file, name, *written[0])
        return
    steps = [
        (number, before, text, step)
        for ((_, before), (number, text)), step in zip(pairwise(written), apart, strict=True)
    ]
    usual = Counter(apart).most_common(1)[0][0]
    if usual not in (_HOUR, timedelta(0), -_HOUR):
        yield _not_hourly(file, *steps[0])
        return
    yield from (_out_of_step(file, *step) for step in steps if step[-1] != _HOUR)


def _between_hours(texts: Sequence[str]) -> list[timedelta] | None:
    """Count between running numbers; hours of the day or week begin again after their last."""
    if not all(text.isdecimal() and len(text) < 7 for text in texts):
        return None
    hours = [int(text) for text in texts]
    first, last = min(hours), max(hours)
    is_round = (first, last) in {(0, 23), (1, 24), (0, 167), (1, 168)}
    return [
        _HOUR if is_round and (one, two) == (last, first) else (two - one) * _HOUR
        for one, two in pairwise(hours)
    ]


def _between_times(texts: Sequence[str], zone: ZoneInfo) -> list[timedelta] | None:
    """Count between times: with their offset, by a clock that never changes, or local."""
    try:
        times = [datetime.fromisoformat(text) for text in texts]
    except ValueError:
        return None
    if len({time.tzinfo is None for time in times}) > 1:
        return None
    plain = [two - one for one, two in pairwise(times)]
    if times[0].tzinfo is not None or all(step == _HOUR for step in plain):
        return plain
    # The second of two equal times is that after clocks went back.
    local = [
        time.replace(tzinfo=zone, fold=int(place > 0 and times[place - 1] == time)).astimezone(UTC)
        for place, time in enumerate(times)
    ]
    return [two - one for one, two in pairwise(local)]


def _unread(file: str, name: str, line: int, text: str) -> Finding:
    example = "a whole number" if name == _HOUR_COLUMN else "a time like 2025-10-26T02:00"
    return Finding(
        code="utilisation.hours-unread",
        severity=Severity.NOTE,
        where=Where(file=file, line=line),
        message=f"The column `{name}` does not hold {example} in every line, so a hole in the "
        f"trace would not be noticed; it begins with “{text[:40]}”.",
        remedy="Write times by ISO 8601, all with an offset or none, or see yourself that no hour "
        "is missing.",
    )


def _not_hourly(file: str, line: int, before: str, text: str, step: timedelta) -> Finding:
    return Finding(
        code="utilisation.not-hourly",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"After {before} comes {text}, and so on: the lines are {_spell(step)} apart, and "
        "a trace has one for each hour.",
        remedy="Give the mean of each hour.",
    )


def _out_of_step(file: str, line: int, before: str, text: str, step: timedelta) -> Finding:
    problem = (
        "the hour is there twice"
        if not step
        else f"{_spell(step - _HOUR)} are missing"
        if step > _HOUR
        else "the lines are out of order"
    )
    return Finding(
        code="utilisation.hour-out-of-step",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"After {before} comes {text}: {problem}.",
        remedy="Give each hour once, in the order of time; no gap is filled by a guess. Whole "
        "weeks without a hole are enough.",
    )


def _spell(step: timedelta) -> str:
    minutes = round(abs(step) / timedelta(minutes=1))
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
