"""Checks of what is promised beside the heat: fallback, maintenance, term, clock."""

import math
from collections.abc import Iterator
from datetime import date, timedelta

from exotherm.contract.case import Case, Check, kw, own_heat
from exotherm.contract.hours import is_within
from exotherm.contract.terms.calendar import MaintenanceWindow, YearlySpan
from exotherm.core.findings import Finding
from exotherm.core.period import write_day
from exotherm.core.sentences import counted
from exotherm.core.units import format_quantity
from exotherm.site.customers import OpeningHours
from exotherm.site.hours import hours_of_use

# Notice of planned interruptions that customers of heat are used to (Heat Trust; AVB section 5).
_NOTICE_DAYS_USUAL = 5
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _fallback_suffices(case: Case) -> Iterator[Finding]:
    """Check that the fallback replaces what is promised and is the boiler that is there."""
    fallback, promised_kw = case.contract.fallback_plant, case.contract.capacity.heat_kw
    if fallback.heat_kw < promised_kw:
        yield case.source.error(
            "contract.fallback-too-small",
            "fallback_plant",
            "heat_kw",
            message=f"{kw(promised_kw)} are promised, but the fallback gives "
            f"{kw(fallback.heat_kw)}: when servers stop, the customer gets cold.",
            remedy="Enlarge the fallback or promise less.",
            fallback_kw=fallback.heat_kw,
            promised_kw=promised_kw,
        )
    boiler_kw = case.site.boiler.heat_kw_rated
    if fallback.owner == "customer" and fallback.heat_kw != boiler_kw:
        yield case.source.warning(
            "contract.fallback-differs",
            "fallback_plant",
            "heat_kw",
            message=f"The contract counts on a fallback of {kw(fallback.heat_kw)}; "
            f"{own_heat(case.site)} in the site file gives {kw(boiler_kw)}.",
            remedy="Read its plate or contract and write the same output into both files.",
            fallback_kw=fallback.heat_kw,
            boiler_kw=boiler_kw,
        )


def _maintenance_is_announced(case: Case) -> Iterator[Finding]:
    """Check that planned windows are announced in time (X10)."""
    notice = case.contract.interruption_notice
    if notice is not None and notice.lead_days < _NOTICE_DAYS_USUAL:
        yield case.source.warning(
            "contract.maintenance-notice-short",
            "interruption_notice",
            "lead_days",
            message=f"Planned maintenance has {notice.lead_days} of the usual "
            f"{_NOTICE_DAYS_USUAL} days of notice.",
            remedy=f"Give {_NOTICE_DAYS_USUAL} days of notice.",
            lead_days=notice.lead_days,
        )


def _maintenance_hours_suffice(case: Case) -> Iterator[Finding]:
    """Check that all windows of a year fit into the hours that are excused.

    Otherwise nobody could tell which of the windows are excused and which are not.
    """
    clause = case.contract.maintenance
    weekly_h = sum(window.ends_at - window.starts_at for window in clause.windows)
    weeks = (366 - _blackout_days(clause.blackouts)) / 7
    open_h = math.ceil(weeks) * weekly_h
    if open_h > clause.hours_h_max:
        yield case.source.error(
            "contract.maintenance-hours-short",
            "maintenance",
            "hours_h_max",
            message=f"The windows are open for up to {format_quantity('open_h', open_h)} in a "
            f"year, but only {format_quantity('open_h', clause.hours_h_max)} are excused: which "
            "windows count is undefined.",
            remedy="Take fewer or shorter windows, or excuse as many hours as they have.",
            open_h=open_h,
            hours_h_max=clause.hours_h_max,
        )


def _blackout_days(spans: tuple[YearlySpan, ...]) -> int:
    year = [date(2024, 1, 1) + timedelta(days=number) for number in range(366)]
    return sum(any(is_within(day, span) for span in spans) for day in year)


def _maintenance_avoids_people(case: Case) -> Iterator[Finding]:
    """Check that the excused windows lie outside the customers' hours of use.

    Where people live or lie ill there is no such hour, and no finding.
    """
    for number, window in enumerate(case.contract.maintenance.windows):
        for hours in hours_of_use(case.site):
            for opening in hours.openings:
                shared_h = _shared_hours(opening, window)
                if shared_h and (opening.opens_at, opening.closes_at) != (0, 24):
                    yield _in_use(case, number, window, hours.who, opening, shared_h)


def _in_use(
    case: Case,
    number: int,
    window: MaintenanceWindow,
    who: str,
    opening: OpeningHours,
    shared_h: int,
) -> Finding:
    return case.source.warning(
        "contract.maintenance-in-opening-hours",
        "maintenance",
        "windows",
        number,
        message=f"The window of {_WEEKDAYS[window.weekday - 1]} {window.starts_at} to "
        f"{window.ends_at} o'clock takes {format_quantity('shared_h', shared_h)} of the "
        f"hours in which {who} is in use, {opening.opens_at} to {opening.closes_at}.",
        remedy="Move the window to hours in which nobody is there.",
        shared_h=shared_h,
    )


def _shared_hours(opening: OpeningHours, window: MaintenanceWindow) -> int:
    if window.weekday not in opening.weekdays:
        return 0
    ends_at = min(window.ends_at, opening.closes_at)
    return max(0, ends_at - max(window.starts_at, opening.opens_at))


def _term_covers_plan(case: Case) -> Iterator[Finding]:
    """Check that the planned year lies inside the term, so that it can be rated."""
    year, term = case.site.study.year, case.contract.term
    if date(year, 1, 1) < term.starts_on or date(year, 12, 31) > term.ends_on:
        yield case.source.warning(
            "contract.year-outside-term",
            "term",
            "starts_on",
            message=f"The planned year {year} does not lie within the term from "
            f"{write_day(term.starts_on)} to {write_day(term.ends_on)}.",
            remedy="Plan a full year of the term: correct `year` in `[study]` or the term.",
            year=year,
            starts_on=term.starts_on.isoformat(),
            ends_on=term.ends_on.isoformat(),
        )


def _notice_is_reachable(case: Case) -> Iterator[Finding]:
    """Check that the day of notice before renewal lies inside the term."""
    term = case.contract.term
    # The term is over on the day after its last; notice is due whole months before that.
    over = date.fromordinal(term.ends_on.toordinal() + 1)
    due = (over.year * 12 + over.month - term.notice_months, over.day)
    if due <= (term.starts_on.year * 12 + term.starts_on.month, term.starts_on.day):
        yield case.source.error(
            "contract.notice-not-reachable",
            "term",
            "notice_months",
            message=f"{counted(term.notice_months, 'month')} of notice do not fit into the term "
            f"from {write_day(term.starts_on)} to {write_day(term.ends_on)}: it would renew before "
            "anybody could end it.",
            remedy="Shorten the notice or lengthen the term.",
            notice_months=term.notice_months,
        )


def _zones_agree(case: Case) -> Iterator[Finding]:
    """Check that contract and site live by the same clock."""
    ours, theirs = case.contract.calendar.zone, case.site.site.zone
    if ours != theirs:
        yield case.source.error(
            "contract.zone-differs",
            "calendar",
            "zone",
            message=f"The contract follows the clock of {ours}, the site that of {theirs}: "
            "October would begin at two instants.",
            remedy="Write the zone of the place into both files.",
            contract=ours,
            site=theirs,
        )


PROMISE_CHECKS: tuple[Check, ...] = (
    _zones_agree,
    _fallback_suffices,
    _maintenance_is_announced,
    _maintenance_hours_suffice,
    _maintenance_avoids_people,
    _term_covers_plan,
    _notice_is_reachable,
)
