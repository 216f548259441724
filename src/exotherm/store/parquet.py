"""Samples as Parquet, for tools that ask in other ways. Nothing of pyarrow is imported before."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from exotherm.core.period import Period
from exotherm.core.samples import Point, Sample
from exotherm.store.errors import UnableToExport
from exotherm.store.sqlite import Store

if TYPE_CHECKING:
    from pyarrow import RecordBatch, Schema

_PART = timedelta(days=31)
_LAST = timedelta(seconds=1)


def export_parquet(store: Store, target: Path, points: Iterable[Point], period: Period) -> int:
    """Write the samples of points in a period into one file, and give how many there are.

    Rows come point by point in order of time: value as a number of its unit, and the exact count
    with its decimals beside it. Raises UnableToExport.
    """
    if target.exists():
        raise UnableToExport(
            f"{target} is there already", remedy="Name a file that is not there yet."
        )
    if not target.parent.is_dir():
        what = "is a file, no folder" if target.parent.exists() else "is not there"
        raise UnableToExport(
            f"{target} cannot be written: {target.parent} {what}",
            remedy="Make that folder first, or name a file in one that is there; nothing was "
            "written.",
        )
    try:
        from pyarrow.parquet import ParquetWriter
    except ImportError as error:
        raise UnableToExport(
            "Parquet is written by pyarrow, which is not installed",
            remedy="Run `pip install 'exotherm[parquet]'`.",
        ) from error
    part, rows, schema = target.with_name(target.name + ".part"), 0, _schema()
    try:
        with part.open("wb") as file, ParquetWriter(file, schema, compression="zstd") as writer:
            for batch in _batches(store, points, period, schema):
                writer.write_batch(batch)
                rows += batch.num_rows
        part.rename(target)
    except OSError as error:
        raise _unwritten(target, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return rows


def _unwritten(target: Path, error: OSError) -> UnableToExport:
    """Say why a file could not be written, by the name that was asked for."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    why = os.strerror(error.errno) if error.errno else str(error)
    return UnableToExport(
        f"{target} cannot be written: {why}",
        remedy="Make room on its disk, or name a file on another, then try again."
        if full
        else f"Give this user the right to write in {target.parent}, or name a file elsewhere.",
        retryable=full,
    )


def _schema() -> "Schema":
    import pyarrow as pa

    return pa.schema(
        [
            ("point", pa.dictionary(pa.int32(), pa.string())),
            ("source_at", pa.timestamp("s", tz="UTC")),
            ("received_at", pa.timestamp("s", tz="UTC")),
            ("value", pa.float64()),
            ("unit", pa.dictionary(pa.int32(), pa.string())),
            ("count", pa.int64()),
            ("decimals", pa.int8()),
            ("quality", pa.dictionary(pa.int32(), pa.string())),
            ("origin", pa.dictionary(pa.int32(), pa.string())),
        ]
    )


def _batches(
    store: Store, points: Iterable[Point], period: Period, schema: "Schema"
) -> Iterator["RecordBatch"]:
    """Read a month of a point at a time, so that years need no more memory than that."""
    for point in points:
        for part in period.split(_PART):
            # Parts share their edges; the sample of an edge belongs to the later one.
            until = part.end if part.end == period.end else part.end - _LAST
            inside = Period(part.start, max(until, part.start + _LAST))
            samples = store.samples([point.name], inside)[point.name]
            if samples:
                yield _batch(point, samples, schema)


def _batch(point: Point, samples: tuple[Sample, ...], schema: "Schema") -> "RecordBatch":
    import pyarrow as pa

    number = len(samples)
    columns: tuple[list[str] | list[datetime] | list[float] | list[int], ...] = (
        [point.name] * number,
        [one.source_at for one in samples],
        [one.received_at for one in samples],
        [float(point.value_of(one.count)) for one in samples],
        [point.unit] * number,
        [one.count for one in samples],
        [point.decimals] * number,
        [one.quality.value for one in samples],
        [one.origin.value for one in samples],
    )
    arrays = [
        pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
