"""Samples: what a device said, when it said it, when we heard it, and how far to believe it."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from exotherm.core.register import RegisterFormat


class Quality(StrEnum):
    """How far a sample may be believed."""

    GOOD = "good"
    SUSPECT = "suspect"
    """The device answered, but a check of range, rate or freshness speaks against the value."""
    INVALID = "invalid"
    """The device itself marks the value as wrong; it never enters a bill or a claim."""


class Origin(StrEnum):
    """Which way a sample came."""

    DEVICE = "device"
    """A device told it."""
    HAND = "hand"
    """A person took it off a display, or corrected what a device told."""
    IMPORT = "import"
    """It was read from a file, such as a meter's own log."""


_WORSE = {Quality.GOOD: 0, Quality.SUSPECT: 1, Quality.INVALID: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One quantity that a meter tells, named ``<meter>.<quantity with unit>``.

    Every sample of a point is an exact whole count of its last decimal. A ``register`` only
    advances and may roll over at its ``digits``; an ``instant`` is a value of the moment.
    """

    name: str
    kind: Literal["register", "instant"]
    unit: str
    decimals: int
    digits: int = 9

    @property
    def meter(self) -> str:
        """The meter that tells this point."""
        return self.name.partition(".")[0]

    @property
    def register(self) -> RegisterFormat:
        """How this point counts."""
        return RegisterFormat(unit=self.unit, digits=self.digits, decimals=self.decimals)

    def value_of(self, count: int) -> Decimal:
        """Give the exact value that a count of this point stands for."""
        return Decimal(count).scaleb(-self.decimals)

    def count_of(self, value: float | Decimal) -> int:
        """Give the count nearest to a value; the only way by which a float becomes a count."""
        return int((Decimal(value) * Decimal(10) ** self.decimals).to_integral_value())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One value of one point: the device's time, ours, quality and origin, never to be changed.

    ``source_at`` is when the device measured, ``received_at`` when we heard of it. Both are set
    when a sample is made of what was told; the one change there is, ``worsened``, leaves them
    alone, so no code gives an old value a new time.
    """

    point: str
    source_at: datetime
    received_at: datetime
    count: int
    quality: Quality
    origin: Origin = Origin.DEVICE

    def worsened(self, quality: Quality) -> "Sample":
        """Give the same sample with this quality, or with its own where that is worse already."""
        if _WORSE[quality] <= _WORSE[self.quality]:
            return self
        return replace(self, quality=quality)
