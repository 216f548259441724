"""Weather files: test reference years (TRY) of the German weather service, DWD and BBSR.

Format: a header of free length whose last line but one names the columns and whose last line is
``***``; then hours 1 to 24 of Central European Time without summer time, columns by blanks. The
editions of 2011 and 2017 order their columns differently, so they are found by name. Direct and
diffuse irradiance are both on the horizontal, so their sum is the global one.
"""

from collections.abc import Iterator

from exotherm.core.findings import Finding
from exotherm.feeds.weather.hours import Line, Unreadable, cell_number, gather, refused
from exotherm.site.series import Weather

_END = "***"
_WANTED = ("MM", "DD", "HH", "t")
_CET_OFFSET_H = 1.0
# Wide of the mark on purpose: DWD leaves no value out, but says 999 for a wind without direction.
_MISSING = 9999.0


def read_try(text: str, *, file: str) -> tuple[Weather | None, tuple[Finding, ...]]:
    """Read a test reference year of DWD (``.dat``), or explain what is wrong with it."""
    lines = text.splitlines()
    end = next((number for number, line in enumerate(lines) if line.strip() == _END), None)
    named = [number for number in range(end or 0) if set(_WANTED) <= set(lines[number].split())]
    if end is None or not named:
        return None, (_not_try(file),)
    names = lines[named[-1]].split()
    first = next((line.strip() for line in lines if line.strip()), "TRY")
    source = f"DWD test reference year: {' '.join(first.split())}"
    return gather(file, _lines(lines, end, names), source=source, utc_offset_h=_CET_OFFSET_H)


def _lines(lines: list[str], end: int, names: list[str]) -> Iterator[Line | Unreadable]:
    month, day, hour, outdoor = (names.index(name) for name in _WANTED)
    humidity, direct, diffuse, wind = (
        names.index(name) if name in names else None for name in ("RF", "B", "D", "WG")
    )
    for number, line in enumerate(lines[end + 1 :], start=end + 2):
        cells = line.split()
        if not cells:
            continue
        if len(cells) < len(names):
            yield Unreadable(number, f"has {len(cells)} of the {len(names)} columns")
            continue
        try:
            time = int(cells[month]), int(cells[day]), int(cells[hour]) - 1
        except ValueError:
            yield Unreadable(number, "has no time and temperature that can be read")
            continue
        yield Line(
            number,
            *time,
            cells[outdoor],
            cell_number(cells, humidity, _MISSING) / 100.0,
            cell_number(cells, direct, _MISSING) + cell_number(cells, diffuse, _MISSING),
            cell_number(cells, wind, _MISSING),
        )


def _not_try(file: str) -> Finding:
    return refused(
        "weather.not-try",
        file,
        "This is not a test reference year of DWD: no line of column names with `MM DD HH` and "
        "`t` stands before a line `***`.",
        "Give the `.dat` file as it was downloaded, unchanged.",
    )
