"""Device profiles: what is known of a product, as a document that a person can read and mend.

One file describes one product by one protocol: where each value is, how it is written, how often it
may be asked for, what may be written to it, and the publication that says so. Drivers are such
files; the code knows protocols only.
"""

from collections.abc import Mapping
from decimal import Decimal
from importlib.resources import files
from typing import Annotated, Literal

from annotated_types import Ge, Le
from pydantic import Field, model_validator

from exotherm.core.documents import Document, default
from exotherm.core.samples import Point
from exotherm.core.units import unit_of
from exotherm.devices.modbus.profile import Register, RegisterMap

Protocol = Literal["modbus", "snmp", "redfish", "bacnet", "mqtt", "csv"]
Kind = Literal["register", "instant"]
Scale = Annotated[Decimal, Field(gt=0)]


class Told(Document):
    """What every protocol's values have in common."""

    quantity: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """name of the quantity, ending with its unit, as in power_kw"""
    kind: Kind = "instant"
    """whether it only advances, as a register does, or is a value of the moment"""
    decimals: int = Field(ge=0, le=9)
    """how many decimals of the value are kept"""
    digits: int = Field(default=9, ge=1, le=18)
    """how many digits a register counts with before it begins again at nought"""
    scale: Scale = Decimal(1)
    """what the number is multiplied by to give the value in the quantity's unit"""
    offset: Decimal = Decimal(0)
    """what is added then"""

    @property
    def point(self) -> Point:
        """The value as a point, named without its meter."""
        return point_of(self.quantity, self.kind, self.decimals, self.digits)

    def value_of(self, number: Decimal) -> Decimal:
        """Give the value that a number of the device stands for, in the quantity's unit."""
        return number * self.scale + self.offset

    def number_of(self, value: Decimal) -> Decimal:
        """Give the number by which the device tells a value; the inverse of `value_of`."""
        return (value - self.offset) / self.scale


class SetPoint(Document):
    """A value that may be written, within bounds, by a budget."""

    quantity: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """name of the quantity, ending with its unit"""
    scale: Scale = Decimal(1)
    """what the device's number is multiplied by to give the value in the quantity's unit"""
    low: Decimal
    """least value that is ever written, in the quantity's unit"""
    high: Decimal
    """largest value that is ever written"""
    volatile: bool
    """whether the device forgets it without power; what it keeps wears its memory out"""
    writes_per_day_max: Annotated[int, Ge(1), Le(86400)] | None = None
    """write budget: how often in 24 hours it may be written at most"""
    lease_s: Annotated[int, Ge(1), Le(86400)] | None = None
    """after how long the device falls back by itself where it is not written again"""
    about: str = ""
    """what the device does with it"""


class ModbusTold(Register):
    """A value in Modbus registers."""

    kind: Kind = "instant"
    """whether it only advances, as a register does, or is a value of the moment"""
    digits: int = Field(default=9, ge=1, le=18)
    """how many digits a register counts with before it begins again at nought"""

    @property
    def point(self) -> Point:
        """The value as a point, named without its meter."""
        return point_of(self.quantity, self.kind, self.decimals, self.digits)


class ModbusSetPoint(SetPoint):
    """A holding register that may be written."""

    address: int = Field(ge=0, le=0xFFFF)
    """address of its first register, counted from 0"""
    encoding: Literal["uint16", "int16", "uint32", "int32", "float32"]
    """how the number is written"""
    word_order: Literal["big", "little"] = "big"
    """whether the high word stands first (big) or last (little)"""


_OID = r"^1(\.(0|[1-9][0-9]{0,9})){3,60}$"


class SnmpTold(Told):
    """A value at an object identifier."""

    oid: str = Field(pattern=_OID)
    """where it is, index included"""
    digits_oid: str | None = Field(default=None, pattern=_OID)
    """where the device says how many of its number's digits are decimals"""
    invalid: int | None = None
    """number by which the device says that it has no value"""


class RedfishTold(Told):
    """A value in the tree of a Redfish service."""

    paths: tuple[str, ...] = Field(min_length=1)
    """where it may be, the best place first: links to follow from a member, then `#` and a JSON
    pointer"""


class BacnetTold(Told):
    """The present value of a BACnet object."""

    object: str = Field(pattern=r"^[a-z-]+,[0-9]{1,7}$")
    """type and instance of the object, as in analog-input,3"""
    units: str = ""
    """units that the object must have, by their BACnet name; any where left out"""


class BacnetSetPoint(SetPoint):
    """A commandable BACnet object that may be written."""

    object: str = Field(pattern=r"^analog-(value|output),[0-9]{1,7}$")
    """type and instance of the object"""
    priority: Annotated[int, Ge(8), Le(16)] = default(
        10, source="8 is the operator's by hand, 16 the default; a controller takes 9 to 15"
    )
    """slot of the priority array that is written and relinquished"""


class MqttTold(Told):
    """A value in the messages of a topic."""

    topic: str = Field(pattern=r"^[^#+\x00]+$")
    """topic; {address} stands for what the site file names"""
    field: str = ""
    """JSON pointer to the number in a JSON payload; left out, the payload is the number"""
    time_field: str = ""
    """JSON pointer to the time of the value: ISO 8601 or seconds since 1970"""


class CsvTold(Told):
    """A value in a column of a file."""

    column: str
    """heading of its column"""


class DeviceProfile(Document):
    """What is known of a product, whatever it speaks."""

    title: str = Field(min_length=3, max_length=80)
    """what the device is, for people"""
    protocol: Protocol
    """what it speaks"""
    models: tuple[str, ...]
    """models that the profile is for"""
    firmware: str = "any"
    """firmware that it was written for"""
    verified: Literal["document", "device"]
    """whether its values are from the sources alone, or were held against a device"""
    sources: tuple[str, ...] = Field(min_length=1)
    """where its registers are from"""
    interval_s_min: Annotated[float, Ge(0.1), Le(86400)] = default(
        1.0, source="no maker forbids a second"
    )
    """shortest time from one reading to the next that the device bears"""
    clock: Literal["own", "none", "recorded"] = "none"
    """whether it tells its own time, has none, or hands over what was recorded earlier"""
    notes: tuple[str, ...] = ()
    """what one should know before trusting it"""


class ModbusProfile(DeviceProfile):
    """A Modbus device."""

    protocol: Literal["modbus"]
    """what it speaks"""
    function: Literal["holding", "input"]
    """which of the device's two tables of registers is read"""
    span_max: Annotated[int, Ge(1), Le(125)] = 125
    """how many registers it gives in one answer"""
    registers: tuple[ModbusTold, ...] = Field(min_length=1)
    """the values"""
    set_points: tuple[ModbusSetPoint, ...] = ()
    """what may be written"""

    def blocks(self) -> tuple[RegisterMap, ...]:
        """Give the requests that read everything: registers that touch are of one moment."""
        ordered = sorted(self.registers, key=lambda each: each.address)
        groups: list[list[ModbusTold]] = []
        for each in ordered:
            fits = groups and each.address == groups[-1][-1].end
            if fits and each.end - groups[-1][0].address <= self.span_max:
                groups[-1].append(each)
            else:
                groups.append([each])
        return tuple(
            RegisterMap(title=self.title, function=self.function, registers=tuple(group))
            for group in groups
        )


class SnmpProfile(DeviceProfile):
    """A device that is asked by SNMP."""

    protocol: Literal["snmp"]
    """what it speaks"""
    enterprise: str = Field(pattern=_OID)
    """how its sysObjectID begins"""
    model_oid: str | None = Field(default=None, pattern=_OID)
    """where it tells its model"""
    serial_oid: str | None = Field(default=None, pattern=_OID)
    """where it tells its serial number"""
    values: tuple[SnmpTold, ...] = Field(min_length=1)
    """the values"""


class RedfishProfile(DeviceProfile):
    """A service controller that speaks Redfish."""

    protocol: Literal["redfish"]
    """what it speaks"""
    collection: Literal["/redfish/v1/Chassis", "/redfish/v1/PowerEquipment/RackPDUs"]
    """collection whose members have the values"""
    values: tuple[RedfishTold, ...] = Field(min_length=1)
    """the values"""


class BacnetProfile(DeviceProfile):
    """A BACnet/IP device."""

    protocol: Literal["bacnet"]
    """what it speaks"""
    values: tuple[BacnetTold, ...] = Field(min_length=1)
    """the values"""
    set_points: tuple[BacnetSetPoint, ...] = ()
    """what may be written"""


class MqttProfile(DeviceProfile):
    """A device behind an MQTT broker."""

    protocol: Literal["mqtt"]
    """what it speaks"""
    serial_field: str = ""
    """JSON pointer to the serial number in a payload"""
    values: tuple[MqttTold, ...] = Field(min_length=1)
    """the values"""


class CsvProfile(DeviceProfile):
    """Files that somebody drops into a folder."""

    protocol: Literal["csv"]
    """what it speaks"""
    pattern: str = "*.csv"
    """which files of the folder are for this meter"""
    separator: Literal[",", ";", "\t"]
    """what stands between two cells"""
    decimal: Literal[".", ","]
    """the decimal sign"""
    time_column: str
    """heading of the column with the time"""
    time_format: str
    """how the time is written, as Python's strptime has it"""
    zone: str = "UTC"
    """time zone of the times, by its IANA name"""
    encoding: Literal["utf-8", "latin-1"] = "utf-8"
    """how the letters are written"""
    serial_column: str = ""
    """heading of the column with the meter's number, where there is one"""
    values: tuple[CsvTold, ...] = Field(min_length=1)
    """the values"""

    @model_validator(mode="after")
    def _are_two_signs(self) -> "CsvProfile":
        if self.separator == self.decimal:
            raise ValueError("the decimal sign cannot also stand between two cells")
        return self


Profile = ModbusProfile | SnmpProfile | RedfishProfile | BacnetProfile | MqttProfile | CsvProfile
MODELS: Mapping[str, type[DeviceProfile]] = {
    "modbus": ModbusProfile,
    "snmp": SnmpProfile,
    "redfish": RedfishProfile,
    "bacnet": BacnetProfile,
    "mqtt": MqttProfile,
    "csv": CsvProfile,
}
"""The document of each protocol."""


def values_of(profile: Profile) -> tuple[ModbusTold | Told, ...]:
    """Give all values that a profile describes."""
    return profile.registers if isinstance(profile, ModbusProfile) else profile.values


def points_of_profile(profile: Profile) -> tuple[Point, ...]:
    """Give all values of a profile as points, named without their meter."""
    return tuple(each.point for each in values_of(profile))


def set_points_of(profile: Profile) -> tuple[SetPoint, ...]:
    """Give what a profile lets be written."""
    return profile.set_points if isinstance(profile, ModbusProfile | BacnetProfile) else ()


def point_of(quantity: str, kind: Kind, decimals: int, digits: int) -> Point:
    """Make the point of a quantity; a name without a unit makes a point without one."""
    unit = unit_of(quantity)
    return Point(
        name=quantity,
        kind=kind,
        unit=unit.suffix if unit else "",
        decimals=decimals,
        digits=digits,
    )


def profile_names(protocol: str | None = None) -> tuple[str, ...]:
    """List the device profiles that come with the package, of one protocol or all."""
    folder = files("exotherm.devices").joinpath("profiles", "equipment")
    names = sorted(
        entry.name.removesuffix(".toml")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    )
    return tuple(name for name in names if protocol is None or f'"{protocol}"' in _head(name))


def profile_text(name: str) -> str:
    """Give the text of a device profile that comes with the package."""
    folder = files("exotherm.devices").joinpath("profiles", "equipment")
    return folder.joinpath(f"{name}.toml").read_text("utf-8")


def _head(name: str) -> str:
    """Give the line of a profile that names its protocol."""
    lines = profile_text(name).splitlines()
    return next((line for line in lines if line.startswith("protocol")), "")
