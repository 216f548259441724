"""Measured heat as Parquet, with times of any type that such a file can have."""

from collections.abc import Sequence

import pyarrow as pa
from pyarrow import parquet


def parquet_of(**columns: "pa.Array | Sequence[object]") -> bytes:
    """Write columns into the bytes of a Parquet file; plain lists get the type that fits them."""
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.table(columns), sink)
    return bytes(sink.getvalue())
