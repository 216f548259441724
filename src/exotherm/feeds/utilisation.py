"""Utilisation traces: how busy servers were, hour by hour, as operators publish it."""

import csv
from collections.abc import Mapping, Sequence

import numpy as np

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.units import format_number
from exotherm.site.series import Utilisation

_HOURS_OF_WEEK = 168
_ROWS_MAX = 10 * 366 * 24
_LISTED = 5
_BYTE_ORDER_MARK = "\ufeff"


def read_utilisation(
    text: str, *, file: str, column: str, in_percent: bool, source: str = ""
) -> tuple[Utilisation | None, tuple[Finding, ...]]:
    """Read an hourly trace from one column of a CSV, or explain what is wrong with it.

    Lines that begin with ``#`` are remarks. The trace is repeated through the year, so a length
    that is no whole number of weeks is said in a note.
    """
    lines = list(enumerate(text.removeprefix(_BYTE_ORDER_MARK).splitlines(), start=1))
    remarks = [line[1:].strip() for _, line in lines if line.startswith("#")]
    data = [(number, line) for number, line in lines if line.strip() and not line.startswith("#")]
    table = csv.DictReader(line for _, line in data)
    if column not in (table.fieldnames or ()):
        return None, (_no_column(file, column, list(table.fieldnames or ())),)
    values: list[float] = []
    findings: list[Finding] = []
    for row in table:
        if None in row and len(findings) < _LISTED:
            number = data[table.line_num - 1][0]
            findings.append(_too_many(file, number, row, table.fieldnames or ()))
        value = _share(row[column], in_percent=in_percent)
        if value is None and len(findings) < _LISTED:
            number = data[table.line_num - 1][0]
            findings.append(_bad_value(file, number, row[column], in_percent=in_percent))
        values.append(value or 0.0)
    if not values or len(values) > _ROWS_MAX:
        findings.append(_bad_length(file, len(values)))
    if findings:
        return None, tuple(findings)
    trace = Utilisation(
        utilisation_frac=np.array(values), source=source or " ".join(remarks) or file
    )
    return trace, (
        *_whole_weeks(file, len(values)),
        *_suspicions(file, max(values), in_percent=in_percent),
    )


def _share(cell: str | None, *, in_percent: bool) -> float | None:
    try:
        value = float(cell or "") / (100.0 if in_percent else 1.0)
    except ValueError:
        return None
    return value if 0.0 <= value <= 1.0 else None


def _no_column(file: str, column: str, columns: list[str]) -> Finding:
    return Finding(
        code="utilisation.column-missing",
        severity=Severity.ERROR,
        where=Where(file=file, line=1),
        message=f"The file has no column `{column}`; it has {', '.join(columns) or 'none'}.",
        remedy="Name the column of the file in `computing.utilisation_column`.",
    )


def _bad_value(file: str, line: int, cell: str | None, *, in_percent: bool) -> Finding:
    bounds = "0 to 100" if in_percent else "0 to 1"
    return Finding(
        code="utilisation.bad-value",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"Utilisation is {cell or 'empty'}, but it lies within {bounds}.",
        remedy="Correct the line; `computing.utilisation_in_percent` says which of the two it is.",
    )


def _too_many(
    file: str, line: int, row: Mapping[str | None, object], columns: Sequence[str]
) -> Finding:
    more = row[None]
    assert isinstance(more, list)
    return Finding(
        code="utilisation.bad-value",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"The line has {len(columns) + len(more)} values for {len(columns)} columns.",
        remedy="Columns are parted by commas, so decimals have a point.",
    )


def _bad_length(file: str, rows: int) -> Finding:
    return Finding(
        code="utilisation.bad-length",
        severity=Severity.ERROR,
        where=Where(file=file),
        message=f"The trace has {format_number(rows, 0)} hours; it needs at least one and at most "
        f"{format_number(_ROWS_MAX, 0)}.",
        remedy="Give hourly values; a week or four is enough, they repeat.",
    )


def _suspicions(file: str, busiest_frac: float, *, in_percent: bool) -> tuple[Finding, ...]:
    """Say where values read as per cent never pass one, as shares do."""
    if not in_percent or not 0.0 < busiest_frac <= 0.01:
        return ()
    return (
        Finding(
            code="utilisation.looks-like-shares",
            severity=Severity.WARNING,
            where=Where(file=file),
            message="Read as per cent, the servers are never busier than "
            f"{format_number(100 * busiest_frac, 2)} %; are these shares from 0 to 1?",
            remedy="Set `computing.utilisation_in_percent` to false where 1 means fully busy.",
            data={"busiest_frac": busiest_frac},
        ),
    )


def _whole_weeks(file: str, rows: int) -> tuple[Finding, ...]:
    if rows % _HOURS_OF_WEEK == 0:
        return ()
    return (
        Finding(
            code="utilisation.no-whole-weeks",
            severity=Severity.NOTE,
            where=Where(file=file),
            message=f"The trace has {rows} hours, no whole number of weeks, so weekdays shift "
            "as it repeats.",
            remedy="Cut it to whole weeks where weekends matter.",
        ),
    )
