"""A line to a device: what each protocol's adapter does, and nothing more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from exotherm.core.hosts import is_loopback, place_of
from exotherm.devices.abilities import Identity
from exotherm.devices.profile import SetPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a device answers.

    ``host`` is a name or an address, the path of a serial line, or a folder. ``unit`` is the device
    on a bus or its BACnet instance; ``member`` names one of several that a service has: a chassis,
    or what stands for the device in MQTT topics. ``serial`` is a serial line's baud rate, bits,
    parity and stop bits, as in 19200 8E1.
    """

    host: str
    port: int = 0
    unit: int = 1
    member: str = ""
    serial: str = "19200 8E1"

    def __str__(self) -> str:
        """Write the place as people do."""
        return place_of(self.host, self.port) if self.port else self.host

    @property
    def is_loopback(self) -> bool:
        """Whether what is sent there stays on this machine, by its name alone."""
        return is_loopback(self.host)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """What a device told of one quantity: a number in the quantity's unit, or why there is none.

    ``reason`` with a number says why it is not to be trusted.
    """

    number: Decimal | None
    reason: str = ""
    source_at: datetime | None = None


class Line(Protocol):
    """An open connection to one device, made when it is needed and anew after a failure."""

    async def fetch(self) -> Mapping[str, Raw]:
        """Read everything that the profile describes, by quantity.

        Raises UnableToReachMeter, UnreadableRegisters or UnableToLogIn.
        """

    async def identify(self) -> Identity:
        """Ask the device who it is; raises as `fetch` does."""

    async def write(self, set_point: SetPoint, number: Decimal) -> None:
        """Write a set-point in its quantity's unit; raises UnableToWrite, or as `fetch` does."""

    async def close(self) -> None:
        """Let go of the connection."""
