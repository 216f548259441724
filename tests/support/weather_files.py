"""Weather files of every format, made by rule: the same year told in each format's own way.

The air is 10 °C in the mean, 8 K colder on 1 January than in the mean, and warmest at 15 h local
time; the value of a local hour tells which hour it is.
"""

import math
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

Hour = tuple[datetime, float]


def outdoor_c(hour: datetime) -> float:
    """The temperature of the hour that begins at a local standard time, to a tenth."""
    day = hour.timetuple().tm_yday
    year = math.cos(2 * math.pi * (day - 1) / 365)
    swing = math.cos(2 * math.pi * (hour.hour - 15) / 24)
    return round(10 - 8 * year + 3 * swing, 1)


def hours(year: int = 2001) -> Iterator[Hour]:
    hour = datetime(year, 1, 1)  # noqa: DTZ001
    while hour.year == year:
        yield hour, outdoor_c(hour)
        hour += timedelta(hours=1)


def epw(*, offset: str = "1.0", per_hour: str = "1", year: int = 2001) -> str:
    headers = [
        f"LOCATION,Somewhere,-,ITA,Made by rule,000000,45.00,8.00,{offset},250.0",
        "DESIGN CONDITIONS,0",
        "TYPICAL/EXTREME PERIODS,0",
        "GROUND TEMPERATURES,0",
        "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
        "COMMENTS 1,made for a test",
        "COMMENTS 2,",
        f"DATA PERIODS,1,{per_hour},Data,Sunday, 1/ 1,12/31",
    ]
    return "\n".join([*headers, *(_epw_line(*hour) for hour in hours(year))]) + "\n"


def _epw_line(hour: datetime, air_c: float) -> str:
    cells = ["0"] * 35
    cells[0:6] = [str(hour.year), str(hour.month), str(hour.day), str(hour.hour + 1), "60", "?9"]
    cells[6:10] = [f"{air_c:.1f}", "2.0", "80", "98000"]
    cells[13] = "120"
    cells[21] = "2.5"
    return ",".join(cells)


def tmy3(*, offset: str = "-7.0", year: int = 2001) -> str:
    lines = [
        f'724666,"SOMEWHERE, UP",CO,{offset},39.742,-105.179,1829',
        "Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),Dry-bulb (C),RHum (%),Wspd (m/s)",
    ]
    lines += [
        f"{hour:%m/%d/%Y},{hour.hour + 1:02d}:00,120,{air_c:.1f},80,2.5"
        for hour, air_c in hours(year)
    ]
    return "\n".join(lines) + "\n"


def tmy3_short(year: int = 2001) -> str:
    lines = ["month,day,hour,dry_bulb_C,dew_point_C,rel_hum_pct,ghi_Wh_m2,wind_m_s"]
    lines += [
        f"{hour.month},{hour.day},{hour.hour + 1},{air_c:.1f},2.0,80,120,2.5"
        for hour, air_c in hours(year)
    ]
    return "\n".join(lines) + "\n"


def try_2011(year: int = 2001) -> str:
    lines = [
        "TRY12   Made by rule   (Klimaregion 12)",
        "MM Monat    {1..12}",
        "",
        "RG    IS  MM  DD  HH  N   WR     WG       t       p       x   RF   W    B    D IK    A",
        "***",
    ]
    lines += [
        f"12     1  {hour.month:2d}  {hour.day:2d}  {hour.hour + 1:2d}"
        f"  8  230    2.5  {air_c:6.1f}   993.6     4.3   80   2   70   50 1   320"
        for hour, air_c in hours(year)
    ]
    return "\n".join(lines) + "\n"


def try_2017(year: int = 2001) -> str:
    lines = [
        "Koordinatensystem : Lambert konform konisch",
        "Art des TRY       : mittleres Jahr",
        "      RW      HW MM DD HH     t    p  WR   WG N    x  RF    B    D   A    E IL",
        "***",
    ]
    lines += [
        f" 4011500 2630500 {hour.month:2d} {hour.day:2d} {hour.hour + 1:2d} {air_c:5.1f}  994 230"
        "  2.5 8  4.3  80   70   50 320 -334  1"
        for hour, air_c in hours(year)
    ]
    return "\n".join(lines) + "\n"


def edited(text: str, line: int, edit: Callable[[list[str]], list[str]]) -> str:
    """Change the cells of one line, counted from 1, parted by commas."""
    lines = text.splitlines()
    lines[line - 1] = ",".join(edit(lines[line - 1].split(",")))
    return "\n".join(lines) + "\n"


def cell(text: str, line: int, column: int, value: str) -> str:
    """Put a value into one cell, the line counted from 1 and the column from 0."""
    return edited(text, line, lambda cells: [*cells[:column], value, *cells[column + 1 :]])
