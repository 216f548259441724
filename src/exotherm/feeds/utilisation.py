"""Utilisation traces: how busy servers were, hour by hour, as operators publish it."""

from zoneinfo import ZoneInfo

import numpy as np

from exotherm.core.findings import Finding, Severity, Where, has_errors
from exotherm.core.sentences import counted
from exotherm.core.units import format_number
from exotherm.feeds.columns import Columns, read_columns, shown_names
from exotherm.feeds.utilisation_hours import check_hours
from exotherm.site.series import HOURS_OF_YEAR, Utilisation

_HOURS_OF_WEEK = 168
_YEARS = (HOURS_OF_YEAR, HOURS_OF_YEAR + 24)
_ROWS_MAX = 10 * 366 * 24
_LISTED = 5
_UTC = ZoneInfo("UTC")


def read_utilisation(
    text: str,
    *,
    file: str,
    column: str,
    in_percent: bool,
    source: str = "",
    zone: ZoneInfo = _UTC,
) -> tuple[Utilisation | None, tuple[Finding, ...]]:
    """Read an hourly trace from one column of a CSV, or explain what is wrong with it.

    See ``columns`` for the dialects. The trace is repeated through the year, so a length that is
    no whole number of weeks is said in a note. A column `time` or `hour` shows holes; times
    without an offset are by the clock of ``zone``.
    """
    table = read_columns(text, rows_max=_ROWS_MAX)
    if column not in table.names:
        return None, (_no_column(file, column, table),)
    cells = [(number, line[table.names.index(column)]) for number, line in table.lines]
    read = [(number, cell, _share(table, cell, in_percent=in_percent)) for number, cell in cells]
    values = [value for *_, value in read if value is not None]
    findings = [*table.too_many_values(file=file)]
    bad = [
        _bad_value(file, number, cell, in_percent=in_percent, value=table.number_of(cell))
        for number, cell, value in read
        if value is None
    ]
    findings += bad[:_LISTED]
    if not read or len(read) > _ROWS_MAX:
        findings.append(_bad_length(file, len(read)))
    if findings:
        return None, tuple(findings)
    findings += [*check_hours(table, file=file, zone=zone)][:_LISTED]
    if has_errors(findings):
        return None, tuple(findings)
    trace = Utilisation(utilisation_frac=np.array(values), source=source or table.remarks or file)
    return trace, (
        *findings,
        *_length(file, len(values)),
        *_suspicions(file, max(values), in_percent=in_percent),
    )


def _share(table: Columns, cell: str, *, in_percent: bool) -> float | None:
    value = table.number_of(cell)
    if value is None:
        return None
    share = value / (100.0 if in_percent else 1.0)
    return share if 0.0 <= share <= 1.0 else None


def _no_column(file: str, column: str, table: Columns) -> Finding:
    return Finding(
        code="utilisation.column-missing",
        severity=Severity.ERROR,
        where=Where(file=file, line=1),
        message=f"The file has no column `{column}`; it has {shown_names(table.names)}.",
        remedy="Name the column of the file in `computing.utilisation_column`.",
    )


def _bad_value(
    file: str, line: int, cell: str, *, in_percent: bool, value: float | None
) -> Finding:
    which = "`computing.utilisation_in_percent`"
    is_per_cent = not in_percent and value is not None and 1.0 < value <= 100.0
    return Finding(
        code="utilisation.bad-value",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"Utilisation is {cell[:40] or 'empty'}, but it lies within "
        f"{'0 to 100' if in_percent else '0 to 1'}.",
        remedy=f"Set {which} to true where {value:g} is in per cent, or correct the line."
        if is_per_cent
        else f"Correct the line; {which} says which of the two it is.",
    )


def _bad_length(file: str, rows: int) -> Finding:
    return Finding(
        code="utilisation.bad-length",
        severity=Severity.ERROR,
        where=Where(file=file),
        message=f"The trace has {counted(rows, 'hour')}; it needs at least one and at most "
        f"{format_number(_ROWS_MAX, 0)}.",
        remedy="Give hourly values; a week or four is enough, they repeat.",
    )


def _suspicions(file: str, busiest_frac: float, *, in_percent: bool) -> tuple[Finding, ...]:
    """Say where servers never work, or values read as per cent never pass one, as shares do."""
    if busiest_frac == 0.0:
        return (_never_busy(file),)
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


def _never_busy(file: str) -> Finding:
    return Finding(
        code="utilisation.never-busy",
        severity=Severity.WARNING,
        where=Where(file=file),
        message="Utilisation is 0 in every hour, so the servers give the heat of idling alone.",
        remedy="Look whether this is the right column; export the trace again where it failed.",
    )


def _length(file: str, rows: int) -> tuple[Finding, ...]:
    """Say how a trace that is neither whole weeks nor a year goes on through the year."""
    if rows % _HOURS_OF_WEEK == 0 or rows in _YEARS:
        return ()
    if HOURS_OF_YEAR // 2 < rows < HOURS_OF_YEAR:
        return (_year_incomplete(file, rows),)
    return (
        Finding(
            code="utilisation.no-whole-weeks",
            severity=Severity.NOTE,
            where=Where(file=file),
            message=f"The trace has {counted(rows, 'hour')}, no whole number of weeks, so weekdays "
            "shift as it repeats.",
            remedy="Cut it to whole weeks where weekends matter.",
        ),
    )


def _year_incomplete(file: str, rows: int) -> Finding:
    lacking = HOURS_OF_YEAR - rows
    return Finding(
        code="utilisation.year-incomplete",
        severity=Severity.WARNING,
        where=Where(file=file),
        message=f"The trace has {format_number(rows, 0)} of the year's "
        f"{format_number(HOURS_OF_YEAR, 0)} hours; its beginning stands again for the last "
        f"{format_number(lacking, 0)}.",
        remedy="Complete the year, or cut the trace to whole weeks that may stand for all.",
        data={"lacking": lacking},
    )
