"""Samples in bytes: plain records while they come in, a few bits each once their day is closed.

A record holds one sample of one second. A packed series holds a point's samples of a day: times,
delays, counts and marks each as a column. A column that goes in even steps is two numbers; any
other is written as differences (or as what lies above its least value, whichever is smaller),
zigzag, byte by byte in planes, and all of it deflated. Whole 64-bit numbers come back exactly,
whatever they are.
"""

import struct
import zlib
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from exotherm.core.samples import Origin, Quality

Ints = npt.NDArray[np.int64]

RECORD = struct.Struct("<IqqB")
"""point, seconds from measured to received, count, marks"""
_RECORD_FIELDS = np.dtype([("point", "<u4"), ("delay", "<i8"), ("count", "<i8"), ("marks", "u1")])

QUALITIES = (Quality.GOOD, Quality.SUSPECT, Quality.INVALID)
ORIGINS = (Origin.DEVICE, Origin.HAND, Origin.IMPORT)
_QUALITY_BITS, _QUALITY_MASK = 2, 0b11
_MARKS = {
    (quality, origin): origin_number << _QUALITY_BITS | quality_number
    for quality_number, quality in enumerate(QUALITIES)
    for origin_number, origin in enumerate(ORIGINS)
}
_SAID = {marks: said for said, marks in _MARKS.items()}
# Fast, and within a twentieth of the smallest on counts of meters.
_LEVEL = 1
_EVEN, _STEPS, _ABOVE = 0, 1, 2
_COLUMN = struct.Struct("<BBqq")
_HEAD = struct.Struct("<I")


class Series(NamedTuple):
    """Samples of one point or several as columns, all of the same length."""

    source_at: Ints
    delay: Ints
    counts: Ints
    marks: Ints

    @property
    def good(self) -> npt.NDArray[np.bool_]:
        """Which samples are good."""
        good: npt.NDArray[np.bool_] = (self.marks & _QUALITY_MASK) == 0
        return good

    def taken(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.intp] | slice) -> "Series":
        """Give the samples chosen, in the order chosen."""
        return Series(*(column[chosen] for column in self))


def empty_series() -> Series:
    """Give a series without samples."""
    return Series(*(np.empty(0, dtype=np.int64) for _ in range(4)))


def joined(parts: list[Series]) -> Series:
    """Put series one after the other."""
    if not parts:
        return empty_series()
    return Series(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def in_order(series: Series) -> Series:
    """Give samples in order of time, the first of those of one instant alone."""
    order = np.argsort(series.source_at, kind="stable")
    ordered = series.taken(order)
    if len(order) < 2:
        return ordered
    new = np.concatenate(([True], np.diff(ordered.source_at) != 0))
    return ordered.taken(new)


def marks_of(quality: Quality, origin: Origin) -> int:
    """Give the number that stands for a quality and an origin."""
    return _MARKS[quality, origin]


def said_by(marks: int) -> tuple[Quality, Origin]:
    """Give the quality and origin that a number stands for. Raises ValueError for any other."""
    said = _SAID.get(marks)
    if said is None:
        raise ValueError(f"marks of a sample are {marks}")
    return said


def read_records(blobs: list[bytes], source_at: list[int]) -> tuple[Ints, Series]:
    """Give the points and the samples in rows of records, one row for each second.

    Raises ValueError where a row is not made of whole records.
    """
    sizes = np.array([len(blob) for blob in blobs], dtype=np.int64)
    if np.any(sizes % RECORD.size):
        raise ValueError("a row of samples is cut off")
    records = np.frombuffer(b"".join(blobs), dtype=_RECORD_FIELDS)
    series = Series(
        source_at=np.repeat(np.array(source_at, dtype=np.int64), sizes // RECORD.size),
        delay=records["delay"].astype(np.int64),
        counts=records["count"].astype(np.int64),
        marks=records["marks"].astype(np.int64),
    )
    return records["point"].astype(np.int64), series


def pack(series: Series) -> bytes:
    """Pack samples of one point that are in order of time."""
    columns = b"".join(_column(column) for column in series)
    return zlib.compress(_HEAD.pack(len(series.source_at)) + columns, _LEVEL)


def unpack(packed: bytes) -> Series:
    """Give the samples that ``pack`` packed. Raises ValueError for anything else."""
    try:
        content = zlib.decompress(packed)
        (number,) = _HEAD.unpack_from(content)
        columns, place = [], _HEAD.size
        for _ in Series._fields:
            column, place = _read_column(content, place, number)
            columns.append(column)
    except (struct.error, zlib.error, IndexError) as error:
        raise ValueError(f"packed samples are damaged: {error}") from error
    if place != len(content):
        raise ValueError("packed samples are damaged: something follows them")
    return Series(*columns)


def _column(values: Ints) -> bytes:
    """Write a column: how, the bytes of each number, two numbers, and the numbers in planes.

    Sums and differences wrap around at 64 bits and come back the same way.
    """
    first = int(values[0])
    steps = np.diff(values)
    if len(steps) == 0 or bool((steps == steps[0]).all()):
        return _COLUMN.pack(_EVEN, 0, first, int(steps[0]) if len(steps) else 0)
    zigzag = (steps << 1) ^ (steps >> 63)
    least = int(values.min())
    above = values - least
    # Read as unsigned: a difference that wrapped is large, not negative.
    widest, highest = (int(column.view(np.uint64).max()) for column in (zigzag, above))
    # Noise around a mean is smaller above its least value, a drift or a counter in steps.
    if highest <= widest and highest < 1 << 63:
        width = _width(highest)
        return _COLUMN.pack(_ABOVE, width, least, 0) + _planes(above, width)
    width = _width(widest)
    return _COLUMN.pack(_STEPS, width, first, 0) + _planes(zigzag, width)


def _width(largest: int) -> int:
    """Give how many bytes hold a number: 1, 2, 4 or 8."""
    return next(width for width in (1, 2, 4, 8) if largest < 1 << (8 * width))


def _planes(values: Ints, width: int) -> bytes:
    """Write the lowest byte of every number, then the next of every number, and so on."""
    narrow = values.astype(f"<u{width}")
    if width == 1:
        return narrow.tobytes()
    return narrow.view(np.uint8).reshape(-1, width).T.tobytes()


def _read_column(content: bytes, place: int, number: int) -> tuple[Ints, int]:
    how, width, first, step = _COLUMN.unpack_from(content, place)
    place += _COLUMN.size
    if how == _EVEN:
        if step == 0:
            return np.full(number, first, dtype=np.int64), place
        return first + step * np.arange(number, dtype=np.int64), place
    length = number - 1 if how == _STEPS else number
    if how not in (_STEPS, _ABOVE) or width not in (1, 2, 4, 8):
        raise IndexError(f"no way {how} of {width} bytes")
    end = place + length * width
    raw = np.frombuffer(content[place:end], dtype=np.uint8)
    if len(raw) != length * width:
        raise IndexError("cut off")
    whole = np.ascontiguousarray(raw.reshape(width, length).T)
    values = whole.view(f"<u{width}").ravel().astype(np.uint64).view(np.int64)
    if how == _ABOVE:
        return values + first, end
    steps = (values.view(np.uint64) >> np.uint64(1)).view(np.int64) ^ -(values & 1)
    column = np.empty(number, dtype=np.int64)
    column[0], column[1:] = first, steps
    return np.cumsum(column), end
