"""Weather files: PVGIS typical meteorological years."""

import math
import re
from datetime import UTC, datetime

import numpy as np

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.units import format_number
from exotherm.site.series import HOURS_OF_YEAR, Weather, hour_of_typical_year

_HEADER = "time(UTC),"
_TIME = re.compile(r"\d{8}:\d{4}$")
# Air warmer or colder than this has not been measured anywhere people live.
_OUTDOOR_C_MIN, _OUTDOOR_C_MAX = -70.0, 60.0
_LISTED = 5


def read_pvgis(text: str, *, file: str) -> tuple[Weather | None, tuple[Finding, ...]]:
    """Read a PVGIS typical year (CSV download), or explain what is wrong with it.

    The file names each hour in UTC; its months come from different years, so only month, day and
    hour count. Every hour of a year must be there once: no gap is filled.
    """
    lines = text.splitlines()
    header = next((number for number, line in enumerate(lines) if line.startswith(_HEADER)), None)
    if header is None:
        return None, (_not_pvgis(file),)
    columns = lines[header].split(",")
    if "T2m" not in columns:
        return None, (_not_pvgis(file),)
    outdoor_c = np.full(HOURS_OF_YEAR, math.nan)
    findings: list[Finding] = []
    seen = 0
    for number, line in enumerate(lines[header + 1 :], start=header + 2):
        cells = line.split(",")
        if not _TIME.match(cells[0]):
            break
        seen += 1
        problem = _take(cells, columns.index("T2m"), outdoor_c)
        if problem and len(findings) < _LISTED:
            findings.append(_bad_line(file, number, problem))
    findings.extend(_missing_hours(file, outdoor_c, seen))
    if findings:
        return None, tuple(findings)
    source = next((line for line in lines if line.startswith("PVGIS")), "PVGIS")
    return Weather(outdoor_c=outdoor_c, source=source), ()


def _take(cells: list[str], column: int, outdoor_c: np.ndarray) -> str:
    """Put one line's temperature into its hour; give what is wrong with it, or nothing."""
    try:
        instant = datetime.strptime(cells[0], "%Y%m%d:%H%M").replace(tzinfo=UTC)
        value = float(cells[column])
    except (ValueError, IndexError):
        return "has no time and temperature that can be read"
    if not _OUTDOOR_C_MIN < value < _OUTDOOR_C_MAX:
        return f"says {cells[column]} °C outdoors, which cannot be"
    hour = hour_of_typical_year(instant)
    if not math.isnan(outdoor_c[hour]):
        return f"repeats the hour {instant:%d %b %H:%M}"
    outdoor_c[hour] = value
    return ""


def _not_pvgis(file: str) -> Finding:
    return Finding(
        code="weather.not-pvgis",
        severity=Severity.ERROR,
        where=Where(file=file),
        message="This is not a PVGIS typical year: no line begins with `time(UTC),T2m,…`.",
        remedy="Download a TMY as CSV from PVGIS for the site, and keep the file unchanged.",
    )


def _bad_line(file: str, number: int, problem: str) -> Finding:
    return Finding(
        code="weather.bad-value",
        severity=Severity.ERROR,
        where=Where(file=file, line=number),
        message=f"The line {problem}.",
        remedy="Download the file again, or correct the line from its source; nothing is guessed.",
    )


def _missing_hours(file: str, outdoor_c: np.ndarray, seen: int) -> list[Finding]:
    missing = np.flatnonzero(np.isnan(outdoor_c))
    if not missing.size:
        return []
    shown = ", ".join(_name_of_hour(int(hour)) for hour in missing[:_LISTED])
    more = f" and {format_number(missing.size - _LISTED, 0)} more" if missing.size > _LISTED else ""
    return [
        Finding(
            code="weather.hours-missing",
            severity=Severity.ERROR,
            where=Where(file=file),
            message=f"The year has {format_number(seen, 0)} lines and lacks "
            f"{format_number(missing.size, 0)} of its {format_number(HOURS_OF_YEAR, 0)} hours: "
            f"{shown}{more}.",
            remedy="Give all hours of a year in UTC; a plan on a year with holes would be a guess.",
            data={"lines": seen, "missing": int(missing.size)},
        )
    ]


def _name_of_hour(hour: int) -> str:
    day = datetime.fromordinal(datetime(2001, 1, 1, tzinfo=UTC).toordinal() + hour // 24)
    return f"{day:%d %b} {hour % 24:02d}:00"
