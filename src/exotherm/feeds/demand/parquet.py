"""A measured demand in Parquet: its columns as the rows that a CSV would have.

Nothing of pyarrow is imported before a file of this kind is read.
"""

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from exotherm.core.findings import Finding, Severity, Where
from exotherm.feeds.demand.table import ROWS_MAX, TIME, Table, heat_column, read_rows

if TYPE_CHECKING:
    from pyarrow import Array, DataType
    from pyarrow.parquet import ParquetFile

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXT_MAX = 40
"""no time is longer; a column may repeat one text of megabytes in few bytes"""
_DAMAGED = (OSError, ValueError, KeyError, OverflowError, MemoryError)
"""what pyarrow raises for files that are none, encrypted or damaged"""


def read_parquet(
    content: bytes, *, file: str, zone: ZoneInfo
) -> tuple[Table | None, tuple[Finding, ...]]:
    """Read the one column of heat, and times where there are any, or say what is wrong.

    Columns are named as in CSV. Times are timestamps, days or texts by ISO 8601: those with a
    zone are shown by the clock of ``zone``, those without are by it already. Rows are numbered
    from 1 on.
    """
    try:
        from pyarrow import ArrowException, BufferReader
        from pyarrow.parquet import ParquetFile, read_schema
    except ImportError:
        return None, (_not_installed(file),)
    try:
        texts = [TIME] if TIME in read_schema(BufferReader(content)).names else []
        with ParquetFile(BufferReader(content), read_dictionary=texts) as stored:
            return _table_of(stored, file=file, zone=zone)
    except (ArrowException, *_DAMAGED):
        return None, (_not_parquet(file),)


def _table_of(
    stored: "ParquetFile", *, file: str, zone: ZoneInfo
) -> tuple[Table | None, tuple[Finding, ...]]:
    types = {field.name: field.type for field in stored.schema_arrow}
    column, findings = heat_column(stored.schema_arrow.names, file=file)
    if column is None:
        return None, findings
    wrong = _wrong_types(types, column, file=file)
    if wrong:
        return None, wrong
    cells = islice(_cells(stored, column, zone, timed=TIME in types), ROWS_MAX + 1)
    rows, findings = read_rows(cells, column, file=file)
    return (None, findings) if findings else (Table(column, rows), ())


def _wrong_types(types: dict[str, "DataType"], column: str, *, file: str) -> tuple[Finding, ...]:
    from pyarrow import types as kinds

    heat, time = types[column], types.get(TIME)
    numbers = (kinds.is_integer, kinds.is_floating, kinds.is_decimal)
    times = (kinds.is_timestamp, kinds.is_date, kinds.is_dictionary)
    if not any(is_one(heat) for is_one in numbers):
        return (_wrong_type(file, "demand.bad-value", column, str(heat), "numbers"),)
    if time is not None and not any(is_one(time) for is_one in times):
        return (_wrong_type(file, "demand.bad-time", TIME, str(time), "timestamps"),)
    return ()


def _cells(
    stored: "ParquetFile", column: str, zone: ZoneInfo, *, timed: bool
) -> Iterator[tuple[int, str, str]]:
    """Give number, time and value of each row as a CSV would write them."""
    number = 0
    columns = [TIME, column] if timed else [column]
    for batch in stored.iter_batches(columns=columns, use_threads=False):
        values = batch.column(column).to_pylist()
        times = _times(batch.column(TIME), zone) if timed else [""] * len(values)
        for time, value in zip(times, values, strict=True):
            number += 1
            yield number, time, "" if value is None or not math.isfinite(value) else str(value)


def _times(times: "Array", zone: ZoneInfo) -> list[str]:
    from pyarrow import int64, timestamp, types

    if types.is_dictionary(times.type):
        texts = [str(text or "")[:_TEXT_MAX] for text in times.dictionary.to_pylist()]
        return ["" if at is None else texts[at] for at in times.indices.to_pylist()]
    if types.is_date(times.type):
        return [day.isoformat() if isinstance(day, date) else "" for day in times.to_pylist()]
    counted = times.cast(timestamp("us", tz=times.type.tz), safe=False).cast(int64())
    clock = None if times.type.tz is None else zone
    return [_time(microseconds, clock) for microseconds in counted.to_pylist()]


def _time(microseconds: int | None, clock: ZoneInfo | None) -> str:
    if microseconds is None:
        return ""
    time = _EPOCH + timedelta(microseconds=microseconds)
    return (time.astimezone(clock) if clock else time.replace(tzinfo=None)).isoformat()


# --- In words


def _wrong_type(file: str, code: str, column: str, kind: str, wanted: str) -> Finding:
    return Finding(
        code=code,
        severity=Severity.ERROR,
        where=Where(file=file),
        message=f"The column `{column}` is of the type {kind}, so it holds no {wanted}.",
        remedy=f"Store {wanted} in this column, or write the file as CSV.",
    )


def _not_parquet(file: str) -> Finding:
    return Finding(
        code="demand.not-parquet",
        severity=Severity.ERROR,
        where=Where(file=file),
        message=f"`{file}` cannot be read as Parquet: it is of another kind, encrypted or damaged.",
        remedy="Write the file anew; a CSV has a name that ends in .csv.",
    )


def _not_installed(file: str) -> Finding:
    return Finding(
        code="demand.parquet-not-installed",
        severity=Severity.ERROR,
        where=Where(file=file),
        message=f"`{file}` is a Parquet file, and what reads those is not installed.",
        remedy="Install it with `pip install 'exotherm[parquet]'`, or write the file as CSV.",
    )
