"""Opening a device: the adapter of its protocol, imported only when it is needed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from exotherm.devices.credentials import Credentials
from exotherm.devices.device import Device
from exotherm.devices.errors import unable_to_speak
from exotherm.devices.line import Address, Line
from exotherm.devices.profile import (
    BacnetProfile,
    CsvProfile,
    ModbusProfile,
    MqttProfile,
    Profile,
    RedfishProfile,
)

LIBRARIES: Mapping[str, tuple[str, str]] = {
    "modbus": ("Modbus", "pymodbus"),
    "snmp": ("SNMP", "pysnmp"),
    "redfish": ("Redfish", "httpx"),
    "bacnet": ("BACnet/IP", "bacpypes3"),
    "mqtt": ("MQTT", "aiomqtt"),
}
"""What each protocol is called, and the library that speaks it."""
PORTS: Mapping[str, int] = {
    "modbus": 502,
    "snmp": 161,
    "redfish": 443,
    "bacnet": 47808,
    "mqtt": 1883,
}
"""The port of each protocol where none is given."""


def open_device(
    profile: Profile,
    address: Address,
    *,
    now: Callable[[], datetime],
    credentials: Credentials,
    timeout_s: float = 5.0,
    writable: bool = False,
    written: Mapping[str, tuple[datetime, ...]] | None = None,
) -> Device:
    """Make a device of a profile; nothing is sent before the first question.

    Raises UnableToSpeak where the protocol's library is not installed.
    """
    line = _line(profile, address, credentials, timeout_s)
    return Device(profile, line, now=now, writable=writable, written=written)


@contextmanager
def speaking(protocol: str) -> Iterator[None]:
    """Turn the absence of a protocol's library into UnableToSpeak, for what is imported inside."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise unable_to_speak(*LIBRARIES[protocol]) from error


def _line(profile: Profile, address: Address, credentials: Credentials, timeout_s: float) -> Line:
    assert not isinstance(profile, CsvProfile), "files are taken from a folder, not asked for"
    with speaking(profile.protocol):
        if isinstance(profile, ModbusProfile):
            from exotherm.devices.modbus.adapter import ModbusAdapter

            return ModbusAdapter(profile, address, timeout_s=timeout_s)
        if isinstance(profile, BacnetProfile):
            from exotherm.devices.bacnet.adapter import BacnetAdapter

            return BacnetAdapter(profile, address, timeout_s=timeout_s)
        if isinstance(profile, RedfishProfile):
            from exotherm.devices.redfish.adapter import RedfishAdapter

            return RedfishAdapter(profile, address, credentials=credentials, timeout_s=timeout_s)
        if isinstance(profile, MqttProfile):
            from exotherm.devices.mqtt.adapter import MqttAdapter

            return MqttAdapter(profile, address, credentials=credentials, timeout_s=timeout_s)
        from exotherm.devices.snmp.adapter import SnmpAdapter

        return SnmpAdapter(profile, address, credentials=credentials, timeout_s=timeout_s)
