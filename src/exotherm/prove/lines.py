"""Canonical reading lines: one way to write a reading, so that its hash means something.

A line is ``v1,<point>,<seq>,<utc_s>,<count>,<unit>,<decimals>,<quality>`` and a line feed: ASCII,
whole numbers only, no leading noughts. The lines of one point and one hour (UTC) make a block,
and a block with its salt makes a leaf of the tree. Without the salt, the few values that a
reading can take could be tried until one fits a published leaf.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from exotherm.core.samples import Point, Quality, Sample

SECONDS_PER_HOUR = 3600
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WHOLE = r"(0|[1-9][0-9]{0,17})"
_LINE = re.compile(
    rf"v1,([a-z0-9_-]+\.[a-z0-9_-]+),{_WHOLE},{_WHOLE},(0|-?[1-9][0-9]{{0,17}}),"
    r"([A-Za-z0-9_/%]+),([0-9]),(good|suspect|invalid)\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One reading as a line carries it; ``utc_s`` is the device's time, rounded down to seconds."""

    point: str
    seq: int
    utc_s: int
    count: int
    unit: str
    decimals: int
    quality: Quality

    @property
    def hour_s(self) -> int:
        """The first second of the hour (UTC) to which the line belongs."""
        return self.utc_s - self.utc_s % SECONDS_PER_HOUR

    def __str__(self) -> str:
        """Write the line, line feed included."""
        return (
            f"v1,{self.point},{self.seq},{self.utc_s},{self.count},"
            f"{self.unit},{self.decimals},{self.quality.value}\n"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The lines of one point in one hour, with the salt that hides them until they are shown."""

    point: str
    hour_s: int
    lines: tuple[str, ...]
    salt: bytes

    @property
    def data(self) -> bytes:
        """What the leaf of this block is hashed from."""
        return self.salt + "".join(self.lines).encode("ascii")


def utc_s_of(instant: datetime) -> int:
    """Give the whole second, rounded down, of an aware instant."""
    return (instant - _EPOCH) // timedelta(seconds=1)


def write_line(point: Point, sample: Sample, *, seq: int) -> str:
    """Write a sample as its canonical line.

    Raises ValueError where the point's name or unit cannot stand in a line.
    """
    assert sample.point == point.name, (sample.point, point.name)
    line = Line(
        point=point.name,
        seq=seq,
        utc_s=utc_s_of(sample.source_at),
        count=sample.count,
        unit=point.unit,
        decimals=point.decimals,
        quality=sample.quality,
    )
    return str(_checked(str(line)))


def read_line(text: str) -> Line:
    """Read a canonical line. Raises ValueError for any other way to write it."""
    return _checked(text)


def _checked(text: str) -> Line:
    match = _LINE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a canonical reading line: {text!r}")
    point, seq, utc_s, count, unit, decimals, quality = match.groups()
    return Line(
        point=point,
        seq=int(seq),
        utc_s=int(utc_s),
        count=int(count),
        unit=unit,
        decimals=int(decimals),
        quality=Quality(quality),
    )


def write_lines(point: Point, samples: Iterable[Sample]) -> tuple[str, ...]:
    """Write a point's samples as lines in order of time, numbered from nought without a gap."""
    ordered = sorted(samples, key=lambda sample: (sample.source_at, sample.received_at))
    return tuple(write_line(point, sample, seq=seq) for seq, sample in enumerate(ordered))


def salt_of(salt_key: bytes, *, point: str, hour_s: int) -> bytes:
    """Derive the 16 bytes of salt of a block, so that nobody has to keep them."""
    return hmac.new(salt_key, f"{point}|{hour_s}".encode("ascii"), hashlib.sha256).digest()[:16]


def blocks_of(lines: Sequence[str], *, salt_key: bytes) -> tuple[Block, ...]:
    """Group the lines of one point, in order of time, into its salted blocks of an hour."""
    read = [(read_line(text), text) for text in lines]
    return tuple(
        Block(
            point=point,
            hour_s=hour_s,
            lines=tuple(text for _, text in group),
            salt=salt_of(salt_key, point=point, hour_s=hour_s),
        )
        for (point, hour_s), group in groupby(
            read, key=lambda pair: (pair[0].point, pair[0].hour_s)
        )
    )
