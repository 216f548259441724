"""The meters of a site as they stand in its file: where each hangs, how it talks, what it tells."""

from collections.abc import Iterable
from typing import Annotated, Literal, get_args

from annotated_types import Ge, Le
from pydantic import Field, PrivateAttr, model_validator

from exotherm.core.documents import Document, default
from exotherm.core.samples import Point

Protocol = Literal[
    "mbus-tcp",
    "mbus-serial",
    "modbus-tcp",
    "modbus-rtu",
    "snmp",
    "redfish",
    "bacnet",
    "mqtt",
    "csv",
]
Measured = Literal["heat", "rejected", "it", "site", "auxiliary", "fuel"]
PORTS: dict[str, int] = {
    "modbus-tcp": 502,
    "snmp": 161,
    "redfish": 443,
    "bacnet": 47808,
    "mqtt": 1883,
}
"""The port of each protocol where the file gives none; the others have none."""
MBUS = ("mbus-tcp", "mbus-serial")
"""M-Bus behind a level converter on the network, and on a serial port of this machine"""
_SCHEMES = ("https", "http")
_MBUS_LINE = "2400 8E1"
_ON_A_BUS = (*MBUS, "modbus-tcp", "modbus-rtu")
_BY_HEAT: tuple[Measured, ...] = ("heat", "rejected")
_BY_ELECTRICITY: tuple[Measured, ...] = ("it", "site", "auxiliary", "fuel")
_BUS_ADDRESS_MAX = 250

_HEAT_METER = (
    Point(name="heat_kwh", kind="register", unit="kwh", decimals=0, digits=8),
    Point(name="volume_m3", kind="register", unit="m3", decimals=2, digits=8),
    Point(name="heat_kw", kind="instant", unit="kw", decimals=1),
    Point(name="flow_m3h", kind="instant", unit="m3h", decimals=3),
    Point(name="supply_c", kind="instant", unit="c", decimals=2),
    Point(name="return_c", kind="instant", unit="c", decimals=2),
)
_PLANT_ROOM = (
    Point(name="power_kw", kind="instant", unit="kw", decimals=2),
    Point(name="it_kwh", kind="register", unit="kwh", decimals=1),
    Point(name="site_kwh", kind="register", unit="kwh", decimals=1),
    Point(name="auxiliary_kwh", kind="register", unit="kwh", decimals=1),
    Point(name="fuel_kwh", kind="register", unit="kwh", decimals=0),
    Point(name="coolant_c", kind="instant", unit="c", decimals=2),
)
POINTS_OF_PROFILE = {"heat-meter": _HEAT_METER, "plantroom": _PLANT_ROOM}
"""What a meter of each profile tells; how its bytes say so is the devices' room."""


class Meter(Document):
    """A meter that is read: where it hangs, how it talks, what it tells."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """name of the meter in this workspace"""
    protocol: Protocol
    """how it talks"""
    host: str = "127.0.0.1"
    """address of meter, gateway or broker; path of a serial line; folder of dropped files"""
    port: Annotated[int, Ge(0), Le(65535)] = default(
        0, source="by protocol: Modbus 502, SNMP 161, Redfish 443, BACnet 47808, MQTT 1883"
    )
    """TCP or UDP port"""
    address: Annotated[int, Ge(0), Le(4194302)] = default(
        1, source="the factory's setting of most devices"
    )
    """primary address on M-Bus, device id on Modbus, instance on BACnet"""
    member: str = ""
    """which of several a Redfish service has, or what stands for the device in MQTT topics"""
    line: str = Field(default="19200 8E1", pattern=r"^[0-9]{3,6} [78][NEO][12]$")
    """a serial line's baud rate, data bits, parity and stop bits; M-Bus 2400 8E1 if left out"""
    profile: str
    """what it tells and how: a profile known to the program, or a profile file in the workspace"""
    measures: Measured | None = None
    """what an electricity or heat meter counts; `rejected` is heat on its way outdoors"""
    part_of: str | None = None
    """name of the meter before it, which counts all that its parts count, so that they prove it"""
    serial: str = Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._/-]{0,31}$")
    """identification number, as printed on the meter"""
    utc_offset_h: Annotated[float, Ge(-14), Le(14)]
    """the meter's own clock against UTC; meters stay in winter time"""

    _points: tuple[Point, ...] = PrivateAttr(default=())

    @model_validator(mode="after")
    def _is_of_its_protocol(self) -> "Meter":
        self.fill({"port": PORTS.get(self.protocol, 0)})
        if self.protocol == "mbus-serial":
            self.fill({"line": _MBUS_LINE})
            if not self.line.endswith(" 8E1"):
                raise ValueError("M-Bus has 8 data bits, even parity and one stop bit: `8E1`")
        if self.protocol == "mbus-tcp" and not self.port:
            raise ValueError("an M-Bus converter has no usual port, so `port` is given")
        scheme, mark, _ = self.host.partition("://")
        if mark and self.protocol != "redfish":
            raise ValueError(f"the `host` of {self.protocol} is written without `{scheme}://`")
        if mark and scheme not in _SCHEMES:
            ways = " or ".join(f"`{one}://`" for one in _SCHEMES)
            raise ValueError(f"Redfish is spoken by {ways}, never by `{scheme}://`")
        if self.protocol in MBUS and not (self.serial.isdigit() and len(self.serial) <= 8):
            raise ValueError("an M-Bus meter's `serial` has up to eight digits and nothing else")
        if self.protocol in _ON_A_BUS and self.address > _BUS_ADDRESS_MAX:
            raise ValueError(f"an `address` on a bus is at most {_BUS_ADDRESS_MAX}")
        return self

    @property
    def points(self) -> tuple[Point, ...]:
        """What it tells, each named without the meter; nothing while its profile is not known."""
        return POINTS_OF_PROFILE.get(self.profile, self._points)

    @property
    def countable(self) -> tuple[Measured, ...]:
        """What it can count, one of which is ``measures``; nothing while its profile is unknown."""
        return kinds_counted_by(point.name for point in self.points)

    def telling(self, points: tuple[Point, ...], *, profile: str) -> "Meter":
        """Give the same meter with what its device profile tells, and where that profile is."""
        known = self.model_copy(update={"profile": profile})
        known._points = points  # noqa: SLF001 - of its own kind
        return known


def kinds_counted_by(quantities: Iterable[str]) -> tuple[Measured, ...]:
    """Give what a meter that tells these quantities can count.

    Power in ``power_kw`` is electric, heat is told as heat; a register of energy alone may be
    either's. A boiler's fuel may be electricity.
    """
    told = set(quantities)
    of_heat = bool(told & {"heat_kw", "heat_kwh"})
    of_electricity = "power_kw" in told
    either = "energy_kwh" in told and not (of_heat or of_electricity)
    return tuple(
        kind
        for kind in get_args(Measured)
        if (kind in _BY_HEAT and (of_heat or either))
        or (kind in _BY_ELECTRICITY and (of_electricity or either))
        or f"{kind}_kwh" in told
    )
