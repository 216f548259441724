"""How many values a year has, and so what each of them is."""

from calendar import isleap
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from exotherm.core.period import Period, local_midnight, month_period
from exotherm.core.units import format_number

_FINE = {24: "hours", 48: "half-hours", 96: "quarter-hours"}
STEPS = frozenset(timedelta(days=1) / per_day for per_day in _FINE)
"""the steps that a series with times may have"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the values of a series are: ``step`` is None for days, months and a year.

    Days and months are not equally long where clocks change.
    """

    each: str
    step: timedelta | None


def reading_of(rows: int, *, year: int) -> Reading | None:
    """Tell what each value of a year is by their number, or None where no reading fits.

    1 is the year, 12 are months, 365 or 366 days, and 24, 48 or 96 a day are hours, half-hours
    and quarter-hours: 8,760, 17,520 and 35,040, or 8,784, 17,568 and 35,136 in a leap year.
    """
    days = 366 if isleap(year) else 365
    if rows in (1, 12, days):
        return Reading(each={1: "year", 12: "months", days: "days"}[rows], step=None)
    per_day, rest = divmod(rows, days)
    if rest or per_day not in _FINE:
        return None
    return Reading(each=_FINE[per_day], step=timedelta(days=1) / per_day)


def explain_length(rows: int, *, year: int) -> str:
    """Say in words how a number of values is read: "8,760 values are the hours of 2025"."""
    shown = format_number(rows, 0)
    reading = reading_of(rows, year=year)
    if reading is not None:
        is_or_are = "value is" if rows == 1 else "values are"
        return f"{shown} {is_or_are} the {reading.each} of {year}"
    other = reading_of(rows, year=2023 if isleap(year) else 2024)
    if other is not None:
        kind = "a year of 365 days" if isleap(year) else "a leap year"
        return f"{shown} values would be the {other.each} of {kind}, which {year} is not"
    return f"{shown} values are no whole year of hours, half-hours, quarter-hours, days or months"


def local_year(year: int, zone: ZoneInfo) -> Period:
    """Give a calendar year as it is lived in a zone."""
    return Period(month_period(year, 1, zone).start, month_period(year + 1, 1, zone).start)


def periods_of(reading: Reading, *, year: int, zone: ZoneInfo) -> tuple[Period, ...]:
    """Give the days, months or the year that coarse values stand for, clock changes included."""
    whole = local_year(year, zone)
    if reading.each == "year":
        return (whole,)
    if reading.each == "months":
        return tuple(month_period(year, month, zone) for month in range(1, 13))
    first = whole.start.astimezone(zone).date()
    midnights = [
        local_midnight(first + timedelta(days=day), zone)
        for day in range((366 if isleap(year) else 365) + 1)
    ]
    return tuple(map(Period, midnights, midnights[1:]))
