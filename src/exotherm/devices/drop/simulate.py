"""A file of readings simulated from its profile. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from exotherm.devices.profile import CsvProfile


def file_of(
    profile: CsvProfile,
    rows: Iterable[tuple[datetime, Mapping[str, Decimal | None]]],
    *,
    serial: str = "12345678",
) -> bytes:
    """Write rows of instants and values as the maker of such files does."""
    names = [profile.time_column, *([profile.serial_column] if profile.serial_column else [])]
    lines = [profile.separator.join((*names, *(value.column for value in profile.values)))]
    for at, values in rows:
        cells = [at.astimezone(ZoneInfo(profile.zone)).strftime(profile.time_format)]
        cells += [serial] if profile.serial_column else []
        for value in profile.values:
            shown = values[value.quantity]
            cells.append("" if shown is None else f"{value.number_of(shown):f}")
        lines.append(
            profile.separator.join(
                cell.replace(".", profile.decimal) if at_value else cell
                for cell, at_value in _marked(cells, len(names))
            )
        )
    return ("\n".join(lines) + "\n").encode(profile.encoding)


def _marked(cells: list[str], first: int) -> Iterable[tuple[str, bool]]:
    """Mark the cells that hold numbers."""
    return ((cell, place >= first) for place, cell in enumerate(cells))
