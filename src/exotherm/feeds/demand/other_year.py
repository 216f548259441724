"""A measured year laid on another: what was measured lies in the past, what is planned ahead.

Each day takes the nearest one by the calendar that has its weekday, so weekends stay weekends, and
the heat of the year stays what it was.
"""

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.period import local_midnight
from exotherm.feeds.demand.clock import YEARS, Timed
from exotherm.feeds.demand.table import Row
from exotherm.site.series import FloatArray

_DAY = timedelta(days=1)


def year_of_times(values: tuple[Timed, ...], zone: ZoneInfo) -> int:
    """Give the year that most of the times lie in: that of the middle one."""
    instants = sorted(value.instant for value in values)
    return instants[len(instants) // 2].astimezone(zone).year


def year_of_dates(dated: list[Row], *, otherwise: int) -> int:
    """Give the year of most dates, which begin with it; ``otherwise`` where none can be meant."""
    years = Counter(int(row.time[:4]) for row in dated).most_common(1)
    return years[0][0] if years and years[0][0] in YEARS else otherwise


def steps_in_year(
    heat_kw: FloatArray, step: timedelta, *, measured: int, year: int, zone: ZoneInfo
) -> FloatArray:
    """Lay the steps of a measured year on those of another; both begin at local new year.

    A day that is shorter or longer by an hour in one of the two loses or repeats its last.
    """
    begins = np.array([_steps_before(day, step, zone) for day in _days(measured)])
    pieces = []
    for day, twin in zip(_days(year), twin_days(measured=measured, year=year), strict=True):
        steps = (local_midnight(day + _DAY, zone) - local_midnight(day, zone)) // step
        ends = begins[twin + 1] if twin + 1 < begins.size else heat_kw.size
        pieces.append(heat_kw[np.minimum(begins[twin] + np.arange(steps), ends - 1)])
    return _with_heat_of(heat_kw, np.concatenate(pieces))


def days_in_year(values: FloatArray, *, measured: int, year: int) -> FloatArray:
    """Lay the values of a measured year's days on those of another."""
    return _with_heat_of(values, values[twin_days(measured=measured, year=year)])


def twin_days(*, measured: int, year: int) -> list[int]:
    """Give for each day of a year the number of the measured day that it takes."""
    return [_twin(day, measured) for day in _days(year)]


def _twin(day: date, measured: int) -> int:
    leap_day = (day.month, day.day) == (2, 29)
    same = date(measured, day.month, 28 if leap_day else day.day)
    twin = same + timedelta(days=(day.weekday() - same.weekday() + 3) % 7 - 3)
    if twin.year != measured:
        twin += timedelta(days=7 if twin.year < measured else -7)
    return (twin - date(measured, 1, 1)).days


def _days(year: int) -> list[date]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _steps_before(day: date, step: timedelta, zone: ZoneInfo) -> int:
    return (local_midnight(day, zone) - local_midnight(date(day.year, 1, 1), zone)) // step


def _with_heat_of(measured: FloatArray, laid: FloatArray) -> FloatArray:
    total = laid.sum()
    return np.asarray(laid * (measured.sum() / total if total > 0.0 else 1.0), dtype=np.float64)


def laid_on(file: str, each: str, *, measured: int, year: int) -> Finding:
    """Say that heat of a year is laid on another, with ``each`` what its values are."""
    coarse = each in ("months", "year")
    how = "it is taken as it is" if coarse else "each day takes the nearest one of the same weekday"
    return Finding(
        code="demand.other-year",
        severity=Severity.NOTE,
        where=Where(file=file),
        message=f"The heat was measured in {measured} and is planned for {year}: {how}.",
        remedy="Nothing needs to be done; holidays that moved from year to year are not moved.",
        data={"measured": measured, "planned": year},
    )
