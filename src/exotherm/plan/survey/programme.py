"""The programme: what can begin when, what waits for a shutdown, what the end hangs on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from exotherm.site.survey.building import Shutdown

HORIZON_DAYS = 20 * 366
"""how far ahead shutdowns are looked at"""
Run = tuple[int, int]
"""days on end on which the building can be cut off, counted from the start, half-open"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something that takes days and waits for others; with ``shutdown`` for a window as well."""

    name: str
    title: str
    days: int
    after: tuple[str, ...] = ()
    shutdown: bool = False
    is_added: bool = False
    """whether a finding of the survey brings it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """An activity with its days, counted from the start, half-open."""

    activity: Activity
    start: int
    end: int
    waited: int
    """days that it waits for a shutdown after all else is done"""
    slack: int
    """days by which it may end later without moving the end of all"""

    @property
    def is_critical(self) -> bool:
        """Whether the end of all hangs on it."""
        return self.slack == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """All activities in the order in which they begin."""

    starts_on: date
    scheduled: tuple[Scheduled, ...]
    runs: tuple[Run, ...] = ()
    """days on which the building can be cut off; none where nobody has named any"""

    @property
    def days(self) -> int:
        """The length of all."""
        return max((one.end for one in self.scheduled), default=0)

    @property
    def ends_on(self) -> date:
        """The day after the last activity: that of the first heat."""
        return self.starts_on + timedelta(days=self.days)

    @property
    def waited(self) -> int:
        """Days that are lost to waiting for agreed shutdowns."""
        return sum(one.waited for one in self.scheduled)

    @property
    def off_days(self) -> int:
        """The longest that the building is cut off at a time."""
        off = [one.activity.days for one in self.scheduled if one.activity.shutdown]
        return max(off, default=0)

    def day(self, offset: int) -> date:
        """Give the day that lies so many days after the start."""
        return self.starts_on + timedelta(days=offset)


def runs_of(shutdowns: Iterable[Shutdown], *, starts_on: date) -> tuple[Run, ...]:
    """List the days on end on which the building can be cut off, by days since the start."""
    free = set[int]()
    for one in shutdowns:
        first = max(0, (one.from_on - starts_on).days)
        last = min(HORIZON_DAYS, (one.until_on - starts_on).days)
        weekday = starts_on.isoweekday() - 1
        free.update(
            day for day in range(first, last + 1) if (weekday + day) % 7 + 1 in one.weekdays
        )
    runs: list[Run] = []
    for day in sorted(free):
        if runs and runs[-1][1] == day:
            runs[-1] = (runs[-1][0], day + 1)
        else:
            runs.append((day, day + 1))
    return tuple(runs)


def schedule(
    activities: Sequence[Activity], *, starts_on: date, runs: Sequence[Run] | None
) -> Programme | None:
    """Give each activity its earliest days, and how far it may slip; None where no window fits.

    Forward by the earliest end of all that goes before, backward by the latest start of all that
    comes after: the critical path method of Kelley and Walker, 1959. What cuts the building off
    takes the first run of free days that holds all of it; ``runs`` None frees every day. Names are
    distinct, each that is waited for is there, and none waits for itself.
    """
    order = _in_order(activities)
    ends: dict[str, int] = {}
    starts: dict[str, int] = {}
    for one in order:
        ready = max((ends[name] for name in one.after), default=0)
        start = _first_fit(one, ready, runs)
        if start is None:
            return None
        starts[one.name], ends[one.name] = start, start + one.days
    whole = max(ends.values(), default=0)
    latest = _latest_ends(order, whole, runs)
    scheduled = [
        Scheduled(
            activity=one,
            start=starts[one.name],
            end=ends[one.name],
            waited=starts[one.name] - max((ends[name] for name in one.after), default=0),
            slack=latest[one.name] - ends[one.name],
        )
        for one in order
    ]
    scheduled.sort(key=lambda one: (one.start, one.end))
    return Programme(starts_on=starts_on, scheduled=tuple(scheduled), runs=tuple(runs or ()))


def _in_order(activities: Sequence[Activity]) -> list[Activity]:
    """Sort activities so that each stands behind all that it waits for."""
    left, done, order = list(activities), set[str](), list[Activity]()
    while left:
        ready = [one for one in left if done >= set(one.after)]
        assert ready, "phases that wait for each other are found by the check of the file"
        order += ready
        done |= {one.name for one in ready}
        left = [one for one in left if one.name not in done]
    return order


def _first_fit(one: Activity, ready: int, runs: Sequence[Run] | None) -> int | None:
    if runs is None or not one.shutdown or not one.days:
        return ready
    fits = (max(ready, begin) for begin, end in runs if max(ready, begin) + one.days <= end)
    return min(fits, default=None)


def _latest_ends(
    order: Sequence[Activity], whole: int, runs: Sequence[Run] | None
) -> Mapping[str, int]:
    """Give the latest end of each activity that leaves the end of all where it is."""
    latest = {one.name: whole for one in order}
    for one in reversed(order):
        end = latest[one.name]
        if runs is not None and one.shutdown and one.days:
            ends = (min(end, last) for first, last in runs if min(end, last) - one.days >= first)
            end = max(ends, default=end)
            latest[one.name] = end
        for name in one.after:
            latest[name] = min(latest[name], end - one.days)
    return latest
