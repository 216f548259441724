"""Checks of when people are there: opening hours and holidays of pools and buildings."""

from collections.abc import Iterator

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.site.check_words import SiteCheck
from exotherm.site.customers import OpeningHours
from exotherm.site.document import Site
from exotherm.site.hours import hours_of_use

# A 29 February is lived as the 28th in other years.
_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _hours_hold(site: Site, source: Source) -> Iterator[Finding]:
    """Check that opening hours run forward and do not cover each other."""
    for hours in hours_of_use(site):
        for index, opening in enumerate(hours.openings):
            if opening.opens_at > opening.closes_at:
                yield source.error(
                    "site.opening-backwards",
                    *hours.path,
                    index,
                    message=f"Here {hours.who} opens at {opening.opens_at} and closes at "
                    f"{opening.closes_at}, before it opens.",
                    remedy="Write hours after midnight as an opening of the next day.",
                    opens_at=opening.opens_at,
                    closes_at=opening.closes_at,
                )
            days = _days_twice(opening, hours.openings[:index])
            if days:
                yield source.error(
                    "site.opening-overlaps",
                    *hours.path,
                    index,
                    message=f"Weekday {', '.join(map(str, days))} of {hours.who} is open twice at "
                    "the same hour.",
                    remedy="List each weekday once in an opening, and give its hours once.",
                    weekdays=list(days),
                )


def _days_twice(opening: OpeningHours, earlier: tuple[OpeningHours, ...]) -> tuple[int, ...]:
    days = {day for day in opening.weekdays if opening.weekdays.count(day) > 1}
    for other in earlier:
        if max(opening.opens_at, other.opens_at) < min(opening.closes_at, other.closes_at):
            days |= set(opening.weekdays) & set(other.weekdays)
    return tuple(sorted(days))


def _somebody_comes(site: Site, source: Source) -> Iterator[Finding]:
    """Check that what counts only in hours of use has such hours."""
    pool = site.pool
    if pool is not None and pool.bathers_per_day and not _is_ever_open(pool.opening):
        yield source.warning(
            "site.never-open",
            "pool",
            "opening",
            message="There are bathers, but the pool is never open, so none of their fresh water "
            "is counted.",
            remedy="Add `[[pool.opening]]` with hours, or set `bathers_per_day` to 0.",
            bathers_per_day=pool.bathers_per_day,
        )
    for index, building in enumerate(site.buildings):
        if _is_ever_open(building.opening):
            continue
        yield source.warning(
            "site.never-open",
            "buildings",
            index,
            "opening",
            message=f"`{building.name}` is never in use, so it is always kept at its lowered "
            "temperature.",
            remedy="Give `opening` hours, or leave it out for those usual in such a building.",
        )


def _is_ever_open(openings: tuple[OpeningHours, ...]) -> bool:
    return any(one.weekdays and one.closes_at > one.opens_at for one in openings)


def _holidays_are_days(site: Site, source: Source) -> Iterator[Finding]:
    """Check that holidays begin and end on days that are in the calendar."""
    for index, building in enumerate(site.buildings):
        for number, closed in enumerate(building.closed):
            for field, day in (("from_day", closed.from_day), ("to_day", closed.to_day)):
                month, day_of_month = (int(part) for part in day.split("-"))
                if day_of_month <= _DAYS_OF_MONTH[month - 1]:
                    continue
                yield source.error(
                    "site.day-not-in-calendar",
                    "buildings",
                    index,
                    "closed",
                    number,
                    field,
                    message=f"`{building.name}` has a holiday with `{field}` {day}, a day that no "
                    "year has.",
                    remedy=f"The last day of that month is {day[:3]}{_last_day(month)}.",
                    day=day,
                )


def _last_day(month: int) -> int:
    return 28 if month == 2 else _DAYS_OF_MONTH[month - 1]


HOUR_CHECKS: tuple[SiteCheck, ...] = (
    _hours_hold,
    _somebody_comes,
    _holidays_are_days,
)
