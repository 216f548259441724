"""The table of a measured demand: its columns, its numbers, and the dialects of CSV."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.units import format_number
from exotherm.feeds.columns import read_columns, read_number, shown_names

TIME, MONTH = "time", "month"
# What a value of each column is in kWh, for one that counts energy; None is mean power in kW.
KWH_PER_VALUE: dict[str, float | None] = {"heat_kw": None, "heat_kwh": 1.0, "heat_mwh": 1000.0}
LISTED = 5
ROWS_MAX = 100_000
_REMEDY = "Correct the line from its source; nothing is guessed."


@dataclass(frozen=True, slots=True)
class Row:
    """One line or row: where it stands, its time as written (empty without a column), its value."""

    number: int
    time: str
    value: float


@dataclass(frozen=True, slots=True)
class Table:
    """All lines of a file, the column they are of, and the remarks above them."""

    column: str
    rows: tuple[Row, ...]
    remarks: str = ""


def read_table(text: str, *, file: str) -> tuple[Table | None, tuple[Finding, ...]]:
    """Read the one column of heat, and times where there are any, or say what is wrong.

    See ``columns`` for the dialects.
    """
    table = read_columns(text, rows_max=ROWS_MAX)
    column, findings = heat_column(list(table.names), file=file)
    if column is None:
        return None, findings
    if table.longer:
        return None, table.too_many_values(file=file)
    at = table.names.index(column)
    time_at = next((table.names.index(name) for name in (TIME, MONTH) if name in table.names), None)
    cells = (
        (number, "" if time_at is None else line[time_at], line[at]) for number, line in table.lines
    )
    rows, findings = read_rows(cells, column, file=file, number_of=table.number_of)
    return (None, findings) if findings else (Table(column, rows, table.remarks), ())


def heat_column(names: list[str], *, file: str) -> tuple[str | None, tuple[Finding, ...]]:
    """Find the one column that holds the heat, by its name."""
    found = [name for name in names if name in KWH_PER_VALUE]
    return (found[0], ()) if len(found) == 1 else (None, (_no_column(file, names),))


def read_rows(
    cells: Iterable[tuple[int, str, str]],
    column: str,
    *,
    file: str,
    number_of: Callable[[str], float | None] = read_number,
) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    """Read rows of number, time and value as written; values are heat, so none is below nought."""
    rows: list[Row] = []
    findings: list[Finding] = []
    for number, time, cell in cells:
        value = number_of(cell)
        if value is None:
            findings.append(_bad_value(file, number, cell))
        elif value < 0:
            findings.append(_negative(file, number, column, value))
        rows.append(Row(number, time, value or 0.0))
    return tuple(rows), tuple(findings[:LISTED])


def _no_column(file: str, names: list[str]) -> Finding:
    wanted = ", ".join(f"`{name}`" for name in KWH_PER_VALUE)
    return Finding(
        code="demand.column-missing",
        severity=Severity.ERROR,
        where=Where(file=file, line=1),
        message=f"The file needs exactly one of the columns {wanted}; it has {shown_names(names)}.",
        remedy="Name the column by its unit: `heat_kw` is mean power, `heat_kwh` and `heat_mwh` "
        "energy of each step. Convert other units first, and gas by boiler efficiency.",
    )


def _bad_value(file: str, line: int, cell: str) -> Finding:
    return Finding(
        code="demand.bad-value",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"The heat is {cell or 'empty'}, which is no number that can be read.",
        remedy="Write 1234.5, or 1234,5 between semicolons, without a mark for thousands.",
    )


def _negative(file: str, line: int, column: str, value: float) -> Finding:
    return Finding(
        code="demand.negative",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"The heat is {format_number(value, 1)}, but `{column}` counts heat that was used "
        "and is never below nought.",
        remedy=f"{_REMEDY} A counter that was exchanged leaves such a line.",
    )
