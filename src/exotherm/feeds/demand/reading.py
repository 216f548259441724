"""Reading a measured demand: from a table of any length to mean power per step."""

import re
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from exotherm.core.findings import Finding, Severity, Where, has_errors
from exotherm.core.period import Period, write_instant
from exotherm.core.units import format_number
from exotherm.feeds.demand.clock import Timed, read_times
from exotherm.feeds.demand.length import (
    STEPS,
    Reading,
    explain_length,
    local_year,
    periods_of,
    reading_of,
)
from exotherm.feeds.demand.months import alone, months_misplaced
from exotherm.feeds.demand.other_year import (
    days_in_year,
    laid_on,
    steps_in_year,
    year_of_dates,
    year_of_times,
)
from exotherm.feeds.demand.parquet import read_parquet
from exotherm.feeds.demand.suspicion import suspicions
from exotherm.feeds.demand.table import KWH_PER_VALUE, LISTED, Row, Table, read_table
from exotherm.site.series import (
    HOURS_OF_YEAR,
    FloatArray,
    HeatDemand,
    hour_of_typical_year,
)

_HOUR = timedelta(hours=1)
_DAYS_MAX = 366
_DATE = re.compile(r"\d{4}-\d{2}")
_Read = tuple[HeatDemand | None, tuple[Finding, ...]]


def read_demand(
    content: str | bytes,
    *,
    file: str,
    year: int,
    zone: ZoneInfo,
    profile: FloatArray | None = None,
    heat_kw_rated: float | None = None,
) -> _Read:
    """Read a year of measured heat as mean power per step, or explain what is wrong with it.

    ``content`` is the text of a CSV, or the bytes of a Parquet file with the same columns. The one
    column of heat is `heat_kw` (mean power), `heat_kwh` or `heat_mwh` (energy of each step). A
    column `time` may tell the beginning of each hour, half-hour or quarter-hour, with an offset or
    by the local clock of ``zone``. Without it the number of values tells what they are (see
    explain_length), from local new year of ``year`` on and without clock changes. Heat that was
    measured in another year is laid on ``year``, see `other_year`.

    Days, months and a year become hours: in the proportions of ``profile``, shape (8760,), which
    months and a year need, as heat of the hours of a typical year in UTC; days without one are
    spread evenly. ``heat_kw_rated`` of the customer's boiler tells values in wrong units.
    """
    if isinstance(content, bytes):
        table, findings = read_parquet(content, file=file, zone=zone)
    else:
        table, findings = read_table(content, file=file)
    if table is None:
        return None, findings
    if _has_fine_times(table):
        demand, findings = _by_times(table, file=file, year=year, zone=zone)
    else:
        demand, findings = _by_number(table, file=file, year=year, zone=zone, profile=profile)
    if demand is None:
        return None, findings
    return demand, (*findings, *suspicions(file, demand, heat_kw_rated=heat_kw_rated))


def _has_fine_times(table: Table) -> bool:
    """Tell whether times are those of hours or finer; days and months go by their number."""
    return len(table.rows) > _DAYS_MAX and any(row.time for row in table.rows)


# --- By their number


def _by_number(
    table: Table, *, file: str, year: int, zone: ZoneInfo, profile: FloatArray | None
) -> _Read:
    dated = [row for row in table.rows if _DATE.match(row.time)]
    measured = year_of_dates(dated, otherwise=year)
    reading = reading_of(len(table.rows), year=measured)
    if reading is None:
        return None, (_bad_length(file, len(table.rows), measured),)
    misplaced = _misplaced(file, dated, measured)
    if not dated and reading.each == "months":
        misplaced = months_misplaced(file, table.rows)
    if not dated and reading.each == "year":
        misplaced = alone(file, table.rows[0])
    if misplaced:
        return None, misplaced
    values = np.array([row.value for row in table.rows])
    if reading.step is not None:
        heat_kw = _mean_kw(values, table.column, reading.step / _HOUR)
        return _demand(heat_kw, reading.step, table, file, local_year(year, zone)), ()
    if profile is None and reading.each != "days":
        return None, (_profile_needed(file, reading),)
    if reading.each == "days" and measured != year:
        values = days_in_year(values, measured=measured, year=year)
    heat_kw = _spread(values, table.column, reading, year=year, zone=zone, profile=profile)
    notes = () if profile is not None else (_flat_days(file),)
    if measured != year:
        notes = (*notes, laid_on(file, reading.each, measured=measured, year=year))
    return _demand(heat_kw, _HOUR, table, file, local_year(year, zone)), notes


def _misplaced(file: str, dated: list[Row], year: int) -> tuple[Finding, ...]:
    """Find the first day or month out of the year or out of order; dates are in ISO 8601.

    As many as a year has, all of the year and each later than the one before, are all of them.
    """
    for row in dated:
        if not row.time.startswith(f"{year}-"):
            return (_outside(file, row.number, row.time, str(year)),)
    for one, two in pairwise(dated):
        if one.time >= two.time:
            return (_repeated(file, two.number, two.time),)
    return ()


def _mean_kw(values: FloatArray, column: str, hours: FloatArray | float) -> FloatArray:
    kwh_per_value = KWH_PER_VALUE[column]
    if kwh_per_value is None:
        return values
    return np.asarray(values * kwh_per_value / hours, dtype=np.float64)


def _spread(
    values: FloatArray,
    column: str,
    reading: Reading,
    *,
    year: int,
    zone: ZoneInfo,
    profile: FloatArray | None,
) -> FloatArray:
    """Spread the heat of days, months or a year over their hours, in the profile's proportions."""
    periods = periods_of(reading, year=year, zone=zone)
    owner = _owners(periods, local_year(year, zone))
    hours = np.bincount(owner, minlength=len(periods))
    mean_kw = _mean_kw(values, column, hours.astype(np.float64))[owner]
    if profile is None:
        return mean_kw
    weight = _laid_on(profile, local_year(year, zone))
    weight_mean = np.bincount(owner, weights=weight) / hours
    # A period without any weight is spread evenly, so that no heat is lost.
    flat = weight_mean[owner] <= 0.0
    share = np.where(flat, 1.0, weight / np.where(flat, 1.0, weight_mean[owner]))
    return np.asarray(mean_kw * share, dtype=np.float64)


def _owners(periods: tuple[Period, ...], whole: Period) -> NDArray[np.int_]:
    """Find the period that each hour of a year begins in.

    Where clocks change by half an hour a month begins within an hour.
    """
    starts = np.array([period.start.timestamp() for period in periods])
    hours = whole.start.timestamp() + 3600.0 * np.arange(whole.duration // _HOUR)
    return np.searchsorted(starts, hours, side="right") - 1


def _laid_on(profile: FloatArray, period: Period) -> FloatArray:
    assert profile.shape == (HOURS_OF_YEAR,)
    assert (profile >= 0).all()
    starts = (each.start for each in period.split(_HOUR))
    return np.array([profile[hour_of_typical_year(start)] for start in starts])


# --- By their times


def _by_times(table: Table, *, file: str, year: int, zone: ZoneInfo) -> _Read:
    clocked = read_times(file, table.rows, zone)
    if not clocked.values:
        return None, clocked.findings
    step = _step_of(clocked.values)
    if step is None:
        return None, (_bad_length(file, len(table.rows), year),)
    measured = year_of_times(clocked.values, zone)
    whole = local_year(measured, zone)
    values, notes = _from_beginnings(file, (*clocked.values, *clocked.twice), whole, step)
    placed, findings = _place(file, values, whole, step)
    findings = (*clocked.findings, *notes, *findings)
    if has_errors(findings):
        return None, findings
    heat_kw = _mean_kw(placed, table.column, step / _HOUR)
    if measured != year:
        heat_kw = steps_in_year(heat_kw, step, measured=measured, year=year, zone=zone)
        findings = (*findings, laid_on(file, "steps", measured=measured, year=year))
    return _demand(heat_kw, step, table, file, local_year(year, zone)), findings


def _step_of(values: tuple[Timed, ...]) -> timedelta | None:
    instants = sorted(value.instant for value in values)
    apart = Counter(two - one for one, two in pairwise(instants))
    step = apart.most_common(1)[0][0]
    return step if step in STEPS else None


def _from_beginnings(
    file: str, values: tuple[Timed, ...], whole: Period, step: timedelta
) -> tuple[tuple[Timed, ...], tuple[Finding, ...]]:
    """Move times that stand at the end of their step; a whole year tells by its two ends."""
    instants = [value.instant for value in values]
    if min(instants) != whole.start + step or max(instants) != whole.end:
        return values, ()
    moved = tuple(Timed(value.number, value.instant - step, value.value) for value in values)
    return moved, (_stamped_at_end(file, values[0].number),)


def _place(
    file: str, values: tuple[Timed, ...], whole: Period, step: timedelta
) -> tuple[FloatArray, tuple[Finding, ...]]:
    placed = np.full(whole.duration // step, np.nan)
    findings: list[Finding] = []
    for value in values:
        index, rest = divmod(value.instant - whole.start, step)
        if not 0 <= index < placed.size or rest:
            span = f"{write_instant(whole.start)} to {write_instant(whole.end)}"
            findings.append(_outside(file, value.number, write_instant(value.instant), span))
        elif not np.isnan(placed[index]):
            findings.append(_repeated(file, value.number, write_instant(value.instant)))
        else:
            placed[index] = value.value
    missing = [whole.start + int(index) * step for index in np.flatnonzero(np.isnan(placed))]
    gaps = (_missing(file, missing, placed.size),) if missing else ()
    return placed, (*findings[:LISTED], *gaps)


def _demand(
    heat_kw: FloatArray, step: timedelta, table: Table, file: str, whole: Period
) -> HeatDemand:
    assert heat_kw.size == whole.duration // step
    return HeatDemand(
        start=whole.start, step=step, heat_kw=heat_kw, source=table.remarks or f"measured, {file}"
    )


# --- In words


def _bad_length(file: str, rows: int, year: int) -> Finding:
    return Finding(
        code="demand.bad-length",
        severity=Severity.ERROR,
        where=Where(file=file),
        message=f"{explain_length(rows, year=year)}.",
        remedy="Give every step of the year once, or monthly sums; a column `time` tells the year "
        "and shows where a step is missing.",
        data={"values": rows},
    )


def _profile_needed(file: str, reading: Reading) -> Finding:
    of_what = "One value" if reading.each == "year" else "Twelve months"
    return Finding(
        code="demand.profile-needed",
        severity=Severity.ERROR,
        where=Where(file=file),
        message=f"{of_what} of heat tells how much, not when: a profile is needed to lay it on "
        "hours.",
        remedy="Name a load profile as this customer's `profile`, or give daily or hourly values.",
    )


def _flat_days(file: str) -> Finding:
    return Finding(
        code="demand.days-spread-evenly",
        severity=Severity.NOTE,
        where=Where(file=file),
        message="Each day's heat is spread evenly over its hours, so peaks within the day do not "
        "show.",
        remedy="Name a load profile, or give hourly values, where the peak decides.",
    )


def _stamped_at_end(file: str, line: int) -> Finding:
    return Finding(
        code="demand.stamped-at-end",
        severity=Severity.NOTE,
        where=Where(file=file, line=line),
        message="The times run from the end of the year's first step to the end of its last: each "
        "is read as the end of its step.",
        remedy="Nothing needs to be done.",
    )


def _outside(file: str, line: int, time: str, span: str) -> Finding:
    return Finding(
        code="demand.time-outside-year",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"The time {time} is not the beginning of a step of the year, {span}.",
        remedy="Give one calendar year by the local clock, each step at its beginning.",
    )


def _repeated(file: str, line: int, time: str) -> Finding:
    return Finding(
        code="demand.time-repeated",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"The time {time} is in the file before, or is out of order.",
        remedy="Keep one line for each step, in the order of time.",
    )


def _missing(file: str, missing: list[datetime], steps: int) -> Finding:
    shown = ", ".join(write_instant(instant) for instant in missing[:LISTED])
    more = f" and {format_number(len(missing) - LISTED, 0)} more" if len(missing) > LISTED else ""
    return Finding(
        code="demand.steps-missing",
        severity=Severity.ERROR,
        where=Where(file=file),
        message=f"{format_number(len(missing), 0)} of the year's {format_number(steps, 0)} steps "
        f"are missing: {shown}{more}.",
        remedy="Complete them from the meter, or give monthly sums with a profile; no gap is "
        "filled by a guess.",
        data={"missing": len(missing)},
    )
