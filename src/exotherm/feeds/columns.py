"""The dialects of CSV that people and their programs write, for every file of theirs that is read.

Lines that begin with ``#`` are remarks. Columns are parted by commas, or by semicolons, and then
decimals by commas where any line has one.
"""

import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.sentences import counted
from exotherm.core.units import format_number

_BYTE_ORDER_MARK = "\ufeff"
_DECIMAL_COMMA = re.compile(r'(?:^|;)\s*"?[-+]?\d*,\d+(?:[eE][-+]?\d+)?"?\s*(?:;|$)')
_LISTED = 5
_NAMES_SHOWN, _CHARACTERS_SHOWN = 12, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The names of a file's columns, and its lines: each its number and as many cells as names."""

    names: tuple[str, ...]
    lines: tuple[tuple[int, list[str]], ...]
    longer: tuple[tuple[int, int], ...]
    """lines that hold more than there are names, as number and how many cells"""
    remarks: str
    decimal_commas: bool

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Give each line with its number, its cells by the names of their columns."""
        for number, cells in self.lines:
            yield number, dict(zip(self.names, cells, strict=True))

    def too_many_values(self, *, file: str) -> tuple[Finding, ...]:
        """Find lines with more cells than there are names: their cells cannot be told apart."""
        return tuple(
            _too_many_values(file, number, cells, len(self.names))
            for number, cells in self.longer[:_LISTED]
        )

    def too_many_lines(self, *, file: str, rows_max: int) -> tuple[Finding, ...]:
        """Find that there are more lines than are read, of which none may be lost unsaid."""
        return tuple(
            _too_many_lines(file, number, rows_max)
            for number, _ in self.lines[rows_max : rows_max + 1]
        )

    def digits_of(self, cell: str) -> str | None:
        """Give a number's digits with a point, however this file parts decimals; see below."""
        return digits_of(cell, decimal_commas=self.decimal_commas)

    def number_of(self, cell: str) -> float | None:
        """Read a number as this file writes them; see ``read_number``."""
        return read_number(cell, decimal_commas=self.decimal_commas)


def shown_names(names: Sequence[str]) -> str:
    """List columns for a message, not more and not longer than anybody reads."""
    shown = [name[:_CHARACTERS_SHOWN] for name in names[:_NAMES_SHOWN]]
    more = [f"and {len(names) - _NAMES_SHOWN} more"] if len(names) > _NAMES_SHOWN else []
    return ", ".join([*shown, *more]) or "none"


def digits_of(cell: str, *, decimal_commas: bool = False) -> str | None:
    """Give the digits of a number with a point for its decimals.

    A point where decimals are commas may part thousands, so it is refused: None.
    """
    if not decimal_commas:
        return cell
    return None if "." in cell else cell.replace(",", ".")


def read_number(cell: str, *, decimal_commas: bool = False) -> float | None:
    """Read a finite number, or give None; see ``digits_of``."""
    digits = digits_of(cell, decimal_commas=decimal_commas)
    try:
        value = math.nan if digits is None else float(digits)
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
        decimal_commas=delimiter == ";"
        and any("," in line and _DECIMAL_COMMA.search(line) for _, line in data[1:]),
    )


def _cells(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _too_many_values(file: str, line: int, values: int, columns: int) -> Finding:
    return Finding(
        code="csv.too-many-values",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"The line has {counted(values, 'value')} for {counted(columns, 'column')}.",
        remedy="Between commas decimals have a point, and a text with a comma stands in quotes; "
        "with decimal commas part columns by semicolons.",
    )


def _too_many_lines(file: str, line: int, lines_max: int) -> Finding:
    return Finding(
        code="csv.too-many-lines",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"The file has more than {format_number(lines_max, 0)} lines below its first; "
        "from this one on nothing would be read.",
        remedy="Split the file, or take out what is not needed.",
    )
