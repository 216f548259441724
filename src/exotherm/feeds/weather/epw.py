"""Weather files: EnergyPlus weather (EPW).

Format: U.S. Department of Energy, EnergyPlus Auxiliary Programs, weather file data dictionary.
Eight header lines, then hours 1 to 24 of local standard time in 35 columns. A value that belongs
to the hour before its mark is laid on that hour.
"""

from collections.abc import Iterator

from exotherm.core.findings import Finding
from exotherm.feeds.weather.hours import (
    Line,
    Unreadable,
    cell_number,
    gather,
    read_offset,
    refused,
    without_zone,
)
from exotherm.site.series import Weather

_HEADERS = 8
_COLUMNS = 35
_MONTH, _DAY, _HOUR = 1, 2, 3
_OUTDOOR, _HUMIDITY, _GLOBAL, _WIND = 6, 8, 13, 21
_CITY, _COUNTRY, _SOURCE, _OFFSET = 1, 3, 4, 8
_TEMPERATURE_MISSING = 99.9
_REMEDY = "Give an EnergyPlus weather file as it was downloaded, unchanged."


def read_epw(text: str, *, file: str) -> tuple[Weather | None, tuple[Finding, ...]]:
    """Read an EnergyPlus weather file, or explain what is wrong with it.

    Hours are local standard time, which the header gives against UTC. Missing values are 99.9 °C,
    999 % and 999 m/s, 9999 W/m².
    """
    lines = text.splitlines()
    headers = lines[:_HEADERS]
    kinds = [line.partition(",")[0].strip().upper() for line in headers]
    if len(kinds) < _HEADERS or kinds[0] != "LOCATION" or kinds[-1] != "DATA PERIODS":
        return None, (_not_epw(file),)
    location = [cell.strip() for cell in headers[0].split(",")]
    offset_h = read_offset(location[_OFFSET]) if len(location) > _OFFSET else None
    if offset_h is None:
        return None, (_no_zone(file),)
    per_hour = headers[-1].split(",", maxsplit=3)[2:3] or [""]
    if per_hour[0].strip() != "1":
        return None, (_not_hourly(file, per_hour[0].strip()),)
    source = f"EPW {location[_CITY]}, {location[_COUNTRY]} ({location[_SOURCE]})"
    return gather(file, _lines(lines), source=source, utc_offset_h=offset_h)


def _lines(lines: list[str]) -> Iterator[Line | Unreadable]:
    for number, line in enumerate(lines[_HEADERS:], start=_HEADERS + 1):
        if not line.strip():
            continue
        cells = line.split(",")
        if len(cells) != _COLUMNS:
            yield Unreadable(number, f"has {len(cells)} columns, where EPW has {_COLUMNS}")
            continue
        try:
            month, day, hour = int(cells[_MONTH]), int(cells[_DAY]), int(cells[_HOUR])
        except ValueError:
            yield Unreadable(number, "has no time and temperature that can be read")
            continue
        outdoor = cells[_OUTDOOR].strip()
        if cell_is(outdoor, _TEMPERATURE_MISSING):
            yield Unreadable(number, "marks the temperature as missing (99.9)")
            continue
        yield Line(
            number,
            month,
            day,
            hour - 1,
            outdoor,
            cell_number(cells, _HUMIDITY, 999.0) / 100.0,
            cell_number(cells, _GLOBAL, 9999.0),
            cell_number(cells, _WIND, 999.0),
        )


def cell_is(cell: str, code: float) -> bool:
    """Tell whether a cell is the code of a missing value."""
    try:
        return float(cell) == code
    except ValueError:
        return False


def _not_epw(file: str) -> Finding:
    return refused(
        "weather.not-epw",
        file,
        "This is not an EnergyPlus weather file: its eight header lines do not go from "
        "`LOCATION` to `DATA PERIODS`.",
        _REMEDY,
    )


def _no_zone(file: str) -> Finding:
    return without_zone(
        file,
        "The line `LOCATION` has no time zone between \N{MINUS SIGN}12 and 14 hours in its ninth "
        "cell, so the hours cannot be put into UTC.",
        _REMEDY,
        line=1,
    )


def _not_hourly(file: str, per_hour: str) -> Finding:
    return refused(
        "weather.not-hourly",
        file,
        f"The line `DATA PERIODS` says {per_hour or 'nothing'} where it counts the records of an "
        "hour; a typical year has one.",
        "Give the hourly version of the file.",
        line=_HEADERS,
    )
