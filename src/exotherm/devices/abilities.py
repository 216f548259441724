"""What a device can do, whatever it speaks: four abilities, and the value that each gives.

A device has those that its profile gives it. Nothing here opens a connection.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from exotherm.core.samples import Quality
from exotherm.core.units import label_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One quantity as a device told it.

    ``number`` is exact and in the unit that the quantity's name carries; it is None where there is
    none, and ``reason`` says why it is not good. ``source_at`` is the device's own time and None
    where the protocol has none; ``received_at`` is ours. An old value keeps its old time.
    """

    quantity: str
    number: Decimal | None
    source_at: datetime | None
    received_at: datetime
    quality: Quality
    reason: str = ""

    @property
    def unit(self) -> str:
        """The unit as people read it: kW, °C, kWh."""
        return label_of(self.quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a device says it is; a part is empty where it does not say."""

    maker: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    about: str = ""


class ReadsRegister(Protocol):
    """A device that counts: energy, volume."""

    async def read_register(self, quantity: str) -> Value:
        """Read one register; raises UnableToReachMeter, UnreadableRegisters, UnableToLogIn."""


class ReadsPower(Protocol):
    """A device that tells a power."""

    async def read_power(self) -> Value:
        """Read its power in kW; raises as `ReadsRegister` does."""


class ReadsTemperature(Protocol):
    """A device that tells temperatures."""

    async def read_temperature(self, quantity: str) -> Value:
        """Read one temperature in °C; raises as `ReadsRegister` does."""


class AcceptsSetPoint(Protocol):
    """A device that may be told what to do, within what its profile allows."""

    async def accept_set_point(self, quantity: str, number: Decimal) -> Decimal:
        """Write a set-point and give the number written, which is held within the bounds.

        Raises UnableToWrite where the profile does not allow it or its budget is spent.
        """
