"""The dialects of CSV that people and their programs write, for every file of measured values.

Lines that begin with ``#`` are remarks. Columns are parted by commas, or by semicolons, and then
decimals by commas where any line has one.
"""

import csv
import math
from dataclasses import dataclass

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The names of a file's columns, and its lines: each its number and as many cells as names."""

    names: tuple[str, ...]
    lines: tuple[tuple[int, list[str]], ...]
    longer: tuple[tuple[int, int], ...]
    """lines that hold more than there are names, as number and how many cells"""
    remarks: str
    decimal_commas: bool

    def number_of(self, cell: str) -> float | None:
        """Read a number as this file writes them; see ``read_number``."""
        return read_number(cell, decimal_commas=self.decimal_commas)


def read_number(cell: str, *, decimal_commas: bool = False) -> float | None:
    """Read a number; a point where decimals are commas may part thousands, so it is refused."""
    if decimal_commas and "." in cell:
        return None
    try:
        value = float(cell.replace(",", ".") if decimal_commas else cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def read_columns(text: str, *, rows_max: int) -> Columns:
    """Part a text into lines and cells; one line more than ``rows_max`` tells that it has more."""
    numbered = list(enumerate(text.removeprefix(_BYTE_ORDER_MARK).splitlines(), start=1))
    remarks = " ".join(line[1:].strip() for _, line in numbered if line.startswith("#"))
    data = [(number, line) for number, line in numbered if line.strip() and line[0] != "#"]
    header = data[0][1] if data else ""
    delimiter = ";" if ";" in header else ","
    names = tuple(name.strip() for name in _cells(header, delimiter)) if data else ()
    found = [(number, _cells(line, delimiter)) for number, line in data[1 : rows_max + 2]]
    return Columns(
        names=names,
        lines=tuple(
            (number, [cell.strip() for cell in (*cells, *[""] * len(names))][: len(names)])
            for number, cells in found
        ),
        longer=tuple(
            (number, len(cells))
            for number, cells in found
            if any(cell.strip() for cell in cells[len(names) :])
        ),
        remarks=remarks,
        decimal_commas=delimiter == ";" and any("," in line for _, line in data[1:]),
    )


def _cells(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
