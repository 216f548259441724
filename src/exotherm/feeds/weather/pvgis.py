"""Weather files: PVGIS typical meteorological years."""

import math
import re
from collections.abc import Iterator

from exotherm.core.findings import Finding
from exotherm.feeds.weather.hours import Line, Unreadable, cell_number, gather, refused
from exotherm.site.series import Weather

_HEADER = "time(UTC),"
_TIME = re.compile(r"\d{8}:\d{4}$")
_MISSING = math.inf


def read_pvgis(text: str, *, file: str) -> tuple[Weather | None, tuple[Finding, ...]]:
    """Read a PVGIS typical year (CSV download), or explain what is wrong with it.

    The file names each hour in UTC; its months come from different years, so only month, day and
    hour count. Every hour of a year must be there once: no gap is filled.
    """
    lines = text.splitlines()
    header = next((number for number, line in enumerate(lines) if line.startswith(_HEADER)), None)
    if header is None or "T2m" not in lines[header].split(","):
        return None, (_not_pvgis(file),)
    source = next((line for line in lines if line.startswith("PVGIS")), "PVGIS")
    return gather(file, _lines(lines, header), source=source, utc_offset_h=0.0)


def _lines(lines: list[str], header: int) -> Iterator[Line | Unreadable]:
    names = lines[header].split(",")
    temperature = names.index("T2m")
    humidity, irradiance, wind = (
        names.index(name) if name in names else None for name in ("RH", "G(h)", "WS10m")
    )
    for number, line in enumerate(lines[header + 1 :], start=header + 2):
        cells = line.split(",")
        time = cells[0]
        if not _TIME.match(time):
            return
        if temperature >= len(cells):
            yield Unreadable(number, "has no time and temperature that can be read")
            continue
        yield Line(
            number,
            int(time[4:6]),
            int(time[6:8]),
            int(time[9:11]),
            cells[temperature],
            cell_number(cells, humidity, _MISSING) / 100.0,
            cell_number(cells, irradiance, _MISSING),
            cell_number(cells, wind, _MISSING),
        )


def _not_pvgis(file: str) -> Finding:
    return refused(
        "weather.not-pvgis",
        file,
        "This is not a PVGIS typical year: no line begins with `time(UTC),T2m,…`.",
        "Download a TMY as CSV from PVGIS for the site, and keep the file unchanged.",
    )
