"""Weather files: TMY3 of the National Renewable Energy Laboratory.

Format: Wilcox and Marion, Users manual for TMY3 data sets, NREL/TP-581-43156 (2008): a line about
the station, a line of column names, then hours 01:00 to 24:00 of local standard time, each laid on
the hour before its mark. Besides, the short form with month, day and hour in columns of their own,
which does not tell its clock.
"""

import csv
from collections.abc import Iterator

from exotherm.core.findings import Finding
from exotherm.feeds.weather.epw import cell_is
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

_MISSING = -9900.0
_DATE, _TIME = "Date (MM/DD/YYYY)", "Time (HH:MM)"
_LONG = ("Dry-bulb (C)", "RHum (%)", "GHI (W/m^2)", "Wspd (m/s)")
_SHORT = ("dry_bulb_C", "rel_hum_pct", "ghi_Wh_m2", "wind_m_s")
_SHORT_TIME = ("month", "day", "hour")
_NAME, _STATE, _OFFSET = 1, 2, 3
_UNREADABLE = "has no time and temperature that can be read"


def read_tmy3(
    text: str, *, file: str, utc_offset_h: float | None = None
) -> tuple[Weather | None, tuple[Finding, ...]]:
    """Read a TMY3 file in its original or its short form, or explain what is wrong with it.

    ``utc_offset_h`` is the standard time of a file in short form against UTC; the original form
    has its own in the first line. Missing values are -9900.
    """
    rows = [_cells(line) for line in text.splitlines()]
    if rows and {*_SHORT_TIME, _SHORT[0]} <= set(rows[0]):
        if utc_offset_h is None:
            return None, (_short_without_zone(file),)
        return gather(file, _short(rows), source=f"TMY3 {file}", utc_offset_h=utc_offset_h)
    if len(rows) < 2 or not {_DATE, _TIME, _LONG[0]} <= set(rows[1]):
        return None, (_not_tmy3(file),)
    station = [cell.strip() for cell in rows[0]]
    offset_h = read_offset(station[_OFFSET]) if len(station) > _OFFSET else None
    if offset_h is None:
        return None, (_long_without_zone(file),)
    source = f"NREL TMY3 {station[_NAME]}, {station[_STATE]}"
    return gather(file, _long(rows), source=source, utc_offset_h=offset_h)


def _short(rows: list[list[str]]) -> Iterator[Line | Unreadable]:
    month, day, hour = (rows[0].index(name) for name in _SHORT_TIME)
    columns = _columns(rows[0], _SHORT)
    for number, cells in enumerate(rows[1:], start=2):
        if cells:
            time = tuple(cells[index] for index in (month, day, hour) if index < len(cells))
            yield _line(number, time, cells, columns)


def _long(rows: list[list[str]]) -> Iterator[Line | Unreadable]:
    date, time = rows[1].index(_DATE), rows[1].index(_TIME)
    columns = _columns(rows[1], _LONG)
    for number, cells in enumerate(rows[2:], start=3):
        if cells:
            day = cells[date].split("/")[:2] if date < len(cells) else []
            hour = cells[time].partition(":")[0] if time < len(cells) else ""
            yield _line(number, (*day, hour), cells, columns)


def _cells(line: str) -> list[str]:
    """Split one line; only the station's name is ever in quotes."""
    if '"' not in line:
        return line.split(",") if line.strip() else []
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []


def _columns(names: list[str], wanted: tuple[str, ...]) -> list[int | None]:
    return [names.index(name) if name in names else None for name in wanted]


def _line(
    number: int, time: tuple[str, ...], cells: list[str], columns: list[int | None]
) -> Line | Unreadable:
    outdoor, humidity, irradiance, wind = columns
    try:
        month, day, hour = (int(part) for part in time)
    except ValueError:
        return Unreadable(number, _UNREADABLE)
    if outdoor is None or outdoor >= len(cells):
        return Unreadable(number, _UNREADABLE)
    if cell_is(cells[outdoor], _MISSING):
        return Unreadable(number, "marks the temperature as missing (\N{MINUS SIGN}9900)")
    return Line(
        number,
        month,
        day,
        hour - 1,
        cells[outdoor],
        cell_number(cells, humidity, _MISSING) / 100.0,
        cell_number(cells, irradiance, _MISSING),
        cell_number(cells, wind, _MISSING),
    )


def _not_tmy3(file: str) -> Finding:
    return refused(
        "weather.not-tmy3",
        file,
        f"This is not a TMY3 file: no line of column names has `{_DATE}` and `{_LONG[0]}`, or "
        f"`month`, `day`, `hour` and `{_SHORT[0]}`.",
        "Give a TMY3 file as it was downloaded, unchanged.",
    )


def _short_without_zone(file: str) -> Finding:
    return without_zone(
        file,
        "A TMY3 file in short form does not tell its clock, so its hours cannot be put into UTC.",
        "Say its standard time against UTC, or give the original file, whose first line has it.",
        line=1,
    )


def _long_without_zone(file: str) -> Finding:
    return without_zone(
        file,
        "The first line has no time zone between \N{MINUS SIGN}12 and 14 hours in its fourth "
        "cell, so the hours cannot be put into UTC.",
        "Give a TMY3 file as it was downloaded, unchanged.",
        line=1,
    )
