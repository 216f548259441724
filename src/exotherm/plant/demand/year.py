"""The hours of a calendar year as it is lived at a place, with its clock and its weather."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from exotherm.core.period import Period, local_midnight
from exotherm.physics.building import lagged_outdoor_c
from exotherm.physics.computing import FloatArray, IntArray
from exotherm.plant.clock import hours_of_day, local_times, typical_days, weekdays
from exotherm.site.customers import Closed, OpeningHours
from exotherm.site.series import HOURS_OF_YEAR

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The hours from one local new year to the next, 8,760 or 8,784, each with its place in it.

    Arrays have one value per hour. ``day`` counts the days lived by the local clock from 0, of 23
    or 25 hours where it changes; ``weekday`` is 1 on a Monday, ``date`` is 100 times the month
    and the day. ``typical_day`` is the local day in a year without 29 February. ``felt_c`` is the
    outdoor air as buildings feel it, with three days' memory.
    """

    period: Period
    day: IntArray
    hour: IntArray
    weekday: IntArray
    date: IntArray
    typical_day: IntArray
    typical_hour: IntArray
    """hour of the typical year of weather that each hour begins in"""
    part: float
    """share of each hour that falls into the next hour of UTC: a half in India"""
    outdoor_c: FloatArray
    felt_c: FloatArray
    southern: bool = False
    """whether winter is in July"""

    @property
    def days(self) -> int:
        """The number of days."""
        return int(self.day[-1]) + 1


def year_at(zone: ZoneInfo, number: int, outdoor_c: FloatArray, *, southern: bool = False) -> Year:
    """Lay a typical year of outdoor air, 8,760 hours of UTC, on a calendar year of a place."""
    calendar = _calendar_of(zone, number)
    laid_c = lay(outdoor_c, calendar.typical_hour, calendar.part)
    return replace(
        calendar,
        outdoor_c=laid_c,
        felt_c=lagged_outdoor_c(laid_c, steps_per_day=24),
        southern=southern,
    )


@lru_cache(maxsize=16)
def _calendar_of(zone: ZoneInfo, number: int) -> Year:
    """Give a calendar year without its weather; thousands of scenarios share one."""
    period = period_of_year(zone, number)
    starts = _hours_of(period)
    local = local_times(zone, starts)
    local_days = local.astype("datetime64[D]")
    months = local.astype("datetime64[M]")
    nothing = np.zeros(starts.size)
    calendar = Year(
        period=period,
        day=_count_days(local_days),
        hour=hours_of_day(local),
        weekday=weekdays(local),
        date=100 * (months.astype(np.int64) % 12 + 1)
        + (local_days - months.astype("datetime64[D]")).astype(np.int64)
        + 1,
        typical_day=typical_days(local),
        typical_hour=_typical_hours(starts),
        part=period.start.minute / 60.0,
        outdoor_c=nothing,
        felt_c=nothing,
    )
    for kept in fields(calendar):
        values = getattr(calendar, kept.name)
        if isinstance(values, np.ndarray):
            values.setflags(write=False)
    return calendar


def period_of_year(zone: ZoneInfo, number: int) -> Period:
    """Give a calendar year as it is lived in a zone."""
    return Period(
        local_midnight(date(number, 1, 1), zone), local_midnight(date(number + 1, 1, 1), zone)
    )


def lay(values: FloatArray, typical_hour: IntArray, part: float) -> FloatArray:
    """Lay the hours of a typical year on those of a calendar year.

    Where the place's hours begin within those of UTC each is the mean of the two it lies in.
    """
    laid = values[typical_hour]
    if part == 0.0:
        return laid
    return np.asarray((1.0 - part) * laid + part * np.roll(laid, -1), dtype=np.float64)


def is_open(opening: Iterable[OpeningHours], year: Year) -> BoolArray:
    """Tell for every hour whether it is one of the opening hours."""
    opened = np.zeros(year.hour.size, dtype=np.bool_)
    for hours in opening:
        today = np.isin(year.weekday, hours.weekdays)
        opened |= today & (year.hour >= hours.opens_at) & (year.hour < hours.closes_at)
    return opened


def is_closed(closed: Iterable[Closed], year: Year) -> BoolArray:
    """Tell for every hour whether its day is a holiday; a span may pass new year."""
    shut = np.zeros(year.hour.size, dtype=np.bool_)
    for span in closed:
        first, last = _date(span.from_day), _date(span.to_day)
        after, before = year.date >= first, year.date <= last
        shut |= (after & before) if first <= last else (after | before)
    return shut


def _date(text: str) -> int:
    month, _, day = text.partition("-")
    return 100 * int(month) + int(day)


def _count_days(local_days: np.ndarray) -> IntArray:
    """Number the days; one that a zone skipped, as Samoa did, has no number."""
    is_new = np.diff(local_days).astype(np.int64) > 0
    return np.concatenate(([0], np.cumsum(is_new, dtype=np.int64)))


def _hours_of(period: Period) -> np.ndarray:
    """Give the beginnings of a period's hours; the last may pass its end where a zone has moved."""
    hours = int(np.ceil(period.hours))
    start = np.datetime64(period.start.replace(tzinfo=None), "s")
    return np.asarray(start + np.arange(hours) * np.timedelta64(3600, "s"))


def _typical_hours(starts: np.ndarray) -> IntArray:
    hour = starts.astype("datetime64[h]")
    return np.asarray((typical_days(hour) * 24 + hours_of_day(hour)) % HOURS_OF_YEAR)
