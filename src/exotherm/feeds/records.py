"""What people write down beside the meters: interruptions with their causes, values of indices.

Both are CSV files with a header; see ``columns`` for the dialects.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from exotherm.contract.index_values import Release
from exotherm.contract.interruption import Interruption
from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.period import Period
from exotherm.feeds.columns import Columns, read_columns

INTERRUPTION_COLUMNS = ("from", "until", "cause", "announced_at")
RELEASE_COLUMNS = ("series", "month", "value", "base_year", "released_on")
_ROWS_MAX = 100_000
_LISTED = 5
_Row = Mapping[str, str]
_Value = TypeVar("_Value")


def read_interruptions(
    text: str, *, file: str, causes: tuple[str, ...]
) -> tuple[tuple[Interruption, ...], tuple[Finding, ...]]:
    """Read interruptions: from and until as instants with their offset, a cause of the contract.

    ``announced_at`` is left empty where nobody announced it.
    """

    def read(row: _Row, _: Columns) -> Interruption:
        if row["cause"] not in causes:
            known = ", ".join(f"“{cause}”" for cause in causes)
            raise ValueError(f"the cause “{row['cause']}” is none that the contract names: {known}")
        announced = row["announced_at"]
        return Interruption(
            period=Period(_instant(row["from"]), _instant(row["until"])),
            cause=row["cause"],
            announced_at=_instant(announced) if announced else None,
        )

    return _read(text, read, file=file, columns=INTERRUPTION_COLUMNS)


def read_releases(text: str, *, file: str) -> tuple[tuple[Release, ...], tuple[Finding, ...]]:
    """Read values of indices as they were released: one line for each series, month and release."""

    def read(row: _Row, table: Columns) -> Release:
        value = _number(row["value"], table)
        if value <= 0:
            raise ValueError(f"an index is above nought, not {row['value']}")
        return Release(
            series=row["series"],
            month=_day(f"{row['month']}-01"),
            value=value,
            base_year=row["base_year"],
            released_on=_day(row["released_on"]),
        )

    return _read(text, read, file=file, columns=RELEASE_COLUMNS)


def _read(
    text: str, read: Callable[[_Row, Columns], _Value], *, file: str, columns: tuple[str, ...]
) -> tuple[tuple[_Value, ...], tuple[Finding, ...]]:
    table = read_columns(text, rows_max=_ROWS_MAX)
    lacking = [name for name in columns if name not in table.names]
    if lacking:
        return (), (_no_column(file, lacking, columns),)
    values: list[_Value] = []
    findings = [
        *table.too_many_values(file=file),
        *table.too_many_lines(file=file, rows_max=_ROWS_MAX),
    ]
    for number, row in table.rows():
        try:
            values.append(read(row, table))
        except ValueError as error:
            if len(findings) < _LISTED:
                findings.append(_bad_line(file, number, str(error)))
    return tuple(values), tuple(findings)


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no instant like 2026-10-14T06:00+02:00") from error
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} lacks its offset, as in 2026-10-14T06:00+02:00")
    return instant


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no day like 2026-10-14, or no month like 2026-10") from error


def _number(text: str, table: Columns) -> Decimal:
    try:
        number = Decimal(table.digits_of(text) or "")
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is no number") from error
    if not number.is_finite() or number > Decimal(10) ** 9:
        raise ValueError(f"{text!r} is no value of an index")
    return number


def _no_column(file: str, lacking: list[str], columns: tuple[str, ...]) -> Finding:
    return Finding(
        code="records.column-missing",
        severity=Severity.ERROR,
        where=Where(file=file, line=1),
        message=f"The file lacks {', '.join(f'`{name}`' for name in lacking)} in its first line.",
        remedy=f"Write this line first: `{','.join(columns)}`.",
    )


def _bad_line(file: str, line: int, why: str) -> Finding:
    return Finding(
        code="records.bad-line",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"The line cannot be read: {why}.",
        remedy="Correct the line; a wrong record would change a bill.",
    )
