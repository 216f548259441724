"""Instants laid on the calendar: days of a typical year, and the wall clock of a place."""

from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

_DAY_S = 86_400


def typical_days(hours: np.ndarray) -> np.ndarray:
    """Give the day of a year without 29 February, which is lived as the 28th; 0 to 364."""
    years = hours.astype("datetime64[Y]")
    day = (hours.astype("datetime64[D]") - years.astype("datetime64[D]")).astype(int)
    year = years.astype(int) + 1970
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return np.asarray(np.where(leap & (day >= 59), day - 1, day))


def local_times(zone: ZoneInfo, starts: np.ndarray) -> np.ndarray:
    """Give the local wall-clock time of instants in UTC.

    Clocks change on any second (Adelaide's on a half hour of UTC), at most once a day.
    """
    if not starts.size:
        return starts
    seconds = starts.astype("datetime64[s]").astype(np.int64)
    changed_s, offsets_s = _offsets(zone, int(seconds.min()), int(seconds.max()))
    offset_s = offsets_s[np.searchsorted(changed_s, seconds, side="right")]
    return np.asarray(starts + offset_s.astype("timedelta64[s]"))


def weekdays(local: np.ndarray) -> np.ndarray:
    """Give the day of the week of local times, Monday is 1."""
    return np.asarray((local.astype("datetime64[D]").astype(np.int64) + 3) % 7 + 1)


def hours_of_day(local: np.ndarray) -> np.ndarray:
    """Give the hour of the clock of local times, 0 to 23."""
    return np.asarray(
        (local.astype("datetime64[h]") - local.astype("datetime64[D]")).astype(np.int64)
    )


@lru_cache(maxsize=64)
def _offsets(zone: ZoneInfo, first_s: int, last_s: int) -> tuple[np.ndarray, np.ndarray]:
    """Find the instants at which clocks change, and the offsets from UTC before and after them.

    Asked once a day; where two days differ, the day is halved down to the second.
    """
    midnights = range(first_s // _DAY_S * _DAY_S, last_s + 2 * _DAY_S, _DAY_S)
    of_day = [_offset_s(zone, second) for second in midnights]
    changed_s: list[int] = []
    offsets_s = of_day[:1]
    for index, (before, after) in enumerate(pairwise(of_day)):
        if before != after:
            changed_s.append(_change_s(zone, midnights[index], midnights[index + 1]))
            offsets_s.append(after)
    return np.array(changed_s, dtype=np.int64), np.array(offsets_s, dtype=np.int64)


def _change_s(zone: ZoneInfo, low_s: int, high_s: int) -> int:
    before = _offset_s(zone, low_s)
    while high_s - low_s > 1:
        middle_s = (low_s + high_s) // 2
        if _offset_s(zone, middle_s) == before:
            low_s = middle_s
        else:
            high_s = middle_s
    return high_s


def _offset_s(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())
