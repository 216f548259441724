"""What the calendar of a contract says of an interval: season, closure, window, a usual hour."""

from collections.abc import Callable
from datetime import date, timedelta

from exotherm.contract.rules import Hour
from exotherm.contract.terms import Contract
from exotherm.contract.terms.calendar import YearlySpan
from exotherm.core.period import Period

InSeason = Callable[[date], bool | None]
"""Tells whether a day lies in a season that the weather decides; None where the dates do."""


def WHOLE_YEAR(_: date) -> bool | None:  # noqa: N802 - a constant that is called
    """Say that no weather decides."""
    return None


def hour_of(contract: Contract, interval: Period, in_season: InSeason = WHOLE_YEAR) -> Hour:
    """Give what the calendar says of an interval, by the day and hour in which it begins.

    What is closed is closed in season and out of it; a window counts only where something is owed.
    """
    day = interval.start.astimezone(contract.zone).date()
    of_day = hour_of_day(contract, day, in_season)
    if of_day in (Hour.NORMAL, Hour.COMMISSIONING) and in_maintenance(contract, interval):
        return Hour.MAINTENANCE
    return of_day


def hour_of_day(contract: Contract, day: date, in_season: InSeason) -> Hour:
    """Give what holds for a whole day, its maintenance window aside."""
    closures = contract.closures
    if closures and any(is_within(day, one.span) for one in closures.closures):
        return Hour.CLOSED
    if not _is_season(contract, day, in_season):
        return Hour.OFF_SEASON
    commissioning = contract.commissioning
    if commissioning and day < commissioning.promise_from:
        return Hour.COMMISSIONING
    return Hour.NORMAL


def _is_season(contract: Contract, day: date, in_season: InSeason) -> bool:
    season = contract.season
    if season.by == "all year":
        return True
    if season.by == "dates":
        return any(is_within(day, span) for span in season.spans)
    told = in_season(day)
    assert season.weather is not None
    # Whoever asks without weather gets what the contract says of a silent station.
    return season.weather.is_season_when_silent if told is None else told


def is_within(day: date, span: YearlySpan) -> bool:
    """Tell whether a day lies in a yearly span; a span may run over new year."""
    first, last = _number(span.first), _number(span.last)
    own = day.month * 100 + day.day
    return first <= own <= last if first <= last else own >= first or own <= last


def _number(day_of_year: str) -> int:
    month, day = day_of_year.split("-")
    return int(month) * 100 + int(day)


def in_maintenance(contract: Contract, interval: Period) -> bool:
    """Tell whether an interval lies in a planned window, by the contract's clock."""
    start = interval.start.astimezone(contract.zone)
    last = (interval.end - timedelta(microseconds=1)).astimezone(contract.zone)
    clause = contract.maintenance
    if start.date() != last.date() or any(is_within(start.date(), one) for one in clause.blackouts):
        return False
    return any(
        start.isoweekday() == window.weekday
        and window.starts_at <= start.hour
        and last.hour < window.ends_at
        for window in clause.windows
    )
