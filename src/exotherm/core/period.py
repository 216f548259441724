"""Periods of time: half-open, aware, in UTC inside; the contract's zone says what "October" is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The instants from ``start`` up to but not including ``end``, both aware and kept in UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for instant in (self.start, self.end):
            if instant.tzinfo is None:
                raise ValueError(f"a period needs an aware instant, not {instant!r}")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.start >= self.end:
            raise ValueError(f"a period ends after it starts, not {self.start} to {self.end}")

    @property
    def duration(self) -> timedelta:
        """The length of the period."""
        return self.end - self.start

    @property
    def hours(self) -> float:
        """The length in hours: 743, 744 or 745 for a month of 31 days where clocks change."""
        return self.duration / timedelta(hours=1)

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= instant < self.end

    def overlap(self, other: "Period") -> "Period | None":
        """Give the part that both periods share, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None

    def split(self, step: timedelta, zone: ZoneInfo | None = None) -> Iterator["Period"]:
        """Walk through the period in steps; the last one is shorter where it does not fit.

        With a ``zone`` steps of whole days are as they are lived there: 23 or 25 hours long where
        its clocks change.
        """
        if zone is not None and not step % _DAY:
            yield from self._split_days(step, zone)
            return
        start = self.start
        while start < self.end:
            end = min(start + step, self.end)
            yield Period(start, end)
            start = end

    def _split_days(self, step: timedelta, zone: ZoneInfo) -> Iterator["Period"]:
        shown, start, number = (
            self.start.astimezone(zone).replace(tzinfo=None, fold=0),
            self.start,
            0,
        )
        while start < self.end:
            number += 1
            end = min((shown + number * step).replace(tzinfo=zone).astimezone(UTC), self.end)
            yield Period(start, end)
            start = end


@lru_cache(maxsize=4096)
def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """Give the instant at which a day begins in a zone, in UTC."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def days_period(first: date, last: date, zone: ZoneInfo) -> Period:
    """Give the days from one to another as they are lived in a zone, the last one included."""
    after = date.fromordinal(last.toordinal() + 1)
    return Period(local_midnight(first, zone), local_midnight(after, zone))


def month_period(year: int, month: int, zone: ZoneInfo) -> Period:
    """Give a calendar month as it is lived in a zone, clock changes included."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return Period(local_midnight(date(year, month, 1), zone), local_midnight(following, zone))


def read_month(text: str, zone: ZoneInfo) -> Period:
    """Read a month written ``2026-10`` as the period it is in a zone. Raises ValueError."""
    year, _, month = text.partition("-")
    if not (len(year) == 4 and len(month) == 2 and (year + month).isdigit()):
        raise ValueError(f"a month is written like 2026-10, not {text!r}")
    return month_period(int(year), int(month), zone)


def months_of(period: Period, zone: ZoneInfo) -> Iterator[Period]:
    """Walk through the calendar months that a period touches, cut at its ends."""
    start = period.start
    while start < period.end:
        local = start.astimezone(zone)
        month = month_period(local.year, local.month, zone)
        yield Period(start, min(month.end, period.end))
        start = month.end


def name_of_month(period: Period, zone: ZoneInfo) -> str:
    """Write the month in which a period starts: ``2026-10``."""
    return period.start.astimezone(zone).strftime("%Y-%m")


def write_instant(instant: datetime) -> str:
    """Write an instant as files and JSON carry it: ``2026-10-01T00:00:00Z``."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def write_day(day: date) -> str:
    """Write a day as people read it, in English whatever the machine's language: ``1 Nov 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def read_day(text: str) -> date:
    """Read a day as ``write_day`` writes it. Raises ValueError for anything else."""
    day, _, rest = text.partition(" ")
    month, _, year = rest.partition(" ")
    if month not in _MONTHS:
        raise ValueError(f"a day is written like 1 Nov 2026, not {text!r}")
    return date(int(year), _MONTHS.index(month) + 1, int(day))
