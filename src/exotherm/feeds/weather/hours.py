"""What all weather files share: lines become the hours of a year, and what is wrong is named."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.sentences import counted
from exotherm.core.units import format_number
from exotherm.physics.weather import to_utc
from exotherm.site.series import HOURS_OF_YEAR, FloatArray, Weather

_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS_BEFORE = tuple(sum(_MONTH_DAYS[:month]) for month in range(12))
# Air warmer or colder than this has not been measured anywhere people live.
_OUTDOOR_C_MIN, _OUTDOOR_C_MAX = -70.0, 60.0
_OFFSET_H_MIN, _OFFSET_H_MAX = -12.0, 14.0
_LISTED = 5
_OPTIONAL = ("relative humidity", "global irradiance", "wind speed")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a weather file, read. ``hour`` is 0 to 23, the beginning of its hour.

    ``outdoor`` is the cell as it stands; humidity as a share, irradiance in W/m² and wind in m/s
    are NaN where the file marks them as missing.
    """

    number: int
    month: int
    day: int
    hour: int
    outdoor: str
    humidity_frac: float = math.nan
    global_w_per_m2: float = math.nan
    wind_ms: float = math.nan


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One line that could not be read, and why, to follow the words "The line"."""

    number: int
    problem: str


def gather(
    file: str, lines: Iterable[Line | Unreadable], *, source: str, utc_offset_h: float
) -> tuple[Weather | None, tuple[Finding, ...]]:
    """Lay lines on the hours of a typical year in UTC, or explain what is wrong with them.

    A 29 February is left out, with a note. Every other hour must be there once.
    """
    year = np.full((4, HOURS_OF_YEAR), math.nan)
    findings: list[Finding] = []
    seen = 0
    leap_line = 0
    for line in lines:
        seen += 1
        if isinstance(line, Line) and (line.month, line.day) == (2, 29):
            leap_line = leap_line or line.number
            continue
        problem = line.problem if isinstance(line, Unreadable) else _take(line, year)
        if problem and len(findings) < _LISTED:
            findings.append(_bad_line(file, line.number, problem))
    findings.extend(_missing_hours(file, year[0], seen))
    if findings:
        return None, tuple(findings)
    notes = (*_leap_day(file, leap_line), *_incomplete(file, year))
    return _weather(year, source=source, utc_offset_h=utc_offset_h), notes


def cell_number(cells: Sequence[str], column: int | None, missing: float) -> float:
    """Read a number that may be missing: NaN where it is absent, unreadable or at its code.

    Every format marks a missing value by one code; what lies beyond it counts as missing too.
    """
    if column is None or column >= len(cells):
        return math.nan
    try:
        value = float(cells[column])
    except ValueError:
        return math.nan
    beyond = value <= missing if missing < 0 else value >= missing
    return math.nan if beyond or value < 0 or not math.isfinite(value) else value


def read_offset(cell: str) -> float | None:
    """Read the hours by which a file's clock is before UTC, or None where they cannot be."""
    try:
        offset_h = float(cell)
    except ValueError:
        return None
    return offset_h if _OFFSET_H_MIN <= offset_h <= _OFFSET_H_MAX else None


def refused(code: str, file: str, message: str, remedy: str, *, line: int | None = None) -> Finding:
    """Say that a file is not what it is read as."""
    return Finding(
        code=code,
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=message,
        remedy=remedy,
    )


def without_zone(file: str, message: str, remedy: str, *, line: int | None = None) -> Finding:
    """Say that a file does not tell its clock, so its hours cannot be put into UTC."""
    return refused("weather.zone-missing", file, message, remedy, line=line)


def _take(line: Line, year: FloatArray) -> str:
    """Put one line into its hour; give what is wrong with it, or nothing."""
    if not (1 <= line.month <= 12 and 1 <= line.day <= _MONTH_DAYS[line.month - 1]):
        return "names a day that is not in the calendar"
    if not 0 <= line.hour <= 23:
        return "names an hour that no day has"
    try:
        outdoor_c = float(line.outdoor)
    except ValueError:
        return "has no time and temperature that can be read"
    if not _OUTDOOR_C_MIN < outdoor_c < _OUTDOOR_C_MAX:
        return f"says {line.outdoor.strip()} °C outdoors, which cannot be"
    hour = (_DAYS_BEFORE[line.month - 1] + line.day - 1) * 24 + line.hour
    if not math.isnan(year[0, hour]):
        return f"repeats the hour {_name_of_hour(hour)}"
    humidity_frac = min(line.humidity_frac, 1.0) if line.humidity_frac <= 1.1 else math.nan
    year[:, hour] = outdoor_c, humidity_frac, line.global_w_per_m2, line.wind_ms
    return ""


def _weather(year: FloatArray, *, source: str, utc_offset_h: float) -> Weather:
    outdoor_c, *others = (to_utc(hours, utc_offset_h=utc_offset_h) for hours in year)
    humidity_frac, global_w_per_m2, wind_ms = (
        hours if np.isfinite(hours).all() else None for hours in others
    )
    return Weather(
        outdoor_c=outdoor_c,
        source=source,
        humidity_frac=humidity_frac,
        global_w_per_m2=global_w_per_m2,
        wind_ms=wind_ms,
    )


def _bad_line(file: str, number: int, problem: str) -> Finding:
    return Finding(
        code="weather.bad-value",
        severity=Severity.ERROR,
        where=Where(file=file, line=number),
        message=f"The line {problem}.",
        remedy="Download the file again, or correct the line from its source; nothing is guessed.",
    )


def _missing_hours(file: str, outdoor_c: FloatArray, seen: int) -> list[Finding]:
    missing = np.flatnonzero(np.isnan(outdoor_c))
    if not missing.size:
        return []
    shown = ", ".join(_name_of_hour(int(hour)) for hour in missing[:_LISTED])
    more = f" and {missing.size - _LISTED} more" if missing.size > _LISTED else ""
    return [
        Finding(
            code="weather.hours-missing",
            severity=Severity.ERROR,
            where=Where(file=file),
            message=f"The year has {format_number(seen, 0)} lines and lacks "
            f"{format_number(missing.size, 0)} of its {format_number(HOURS_OF_YEAR, 0)} hours: "
            f"{shown}{more}.",
            remedy="Give every hour of a year once; a plan on a year with holes would be a guess.",
            data={"lines": seen, "missing": int(missing.size)},
        )
    ]


def _leap_day(file: str, line: int) -> tuple[Finding, ...]:
    if not line:
        return ()
    return (
        Finding(
            code="weather.leap-day-left-out",
            severity=Severity.NOTE,
            where=Where(file=file, line=line),
            message="The file has a 29 February, which a typical year has not; it is left out.",
            remedy="Leave it so: a plan lives 29 February as the 28th.",
        ),
    )


def _incomplete(file: str, year: FloatArray) -> tuple[Finding, ...]:
    """Note what the file has for some hours only; what it has for none is not worth a word."""
    findings = []
    for name, hours in zip(_OPTIONAL, year[1:], strict=True):
        missing = int(np.isnan(hours).sum())
        if 0 < missing < HOURS_OF_YEAR:
            first = _name_of_hour(int(np.flatnonzero(np.isnan(hours))[0]))
            message = (
                f"The {name} is missing in {counted(missing, 'hour')}, first on {first}, "
                "so it is not used at all."
            )
            findings.append(
                Finding(
                    code="weather.column-incomplete",
                    severity=Severity.NOTE,
                    where=Where(file=file),
                    message=message,
                    remedy="Give a file that has it for every hour where it matters; "
                    "temperature alone is enough for a plan.",
                    data={"missing": missing},
                )
            )
    return tuple(findings)


def _name_of_hour(hour: int) -> str:
    day = datetime.fromordinal(datetime(2001, 1, 1, tzinfo=UTC).toordinal() + hour // 24)
    return f"{day:%d %b} {hour % 24:02d}:00"
