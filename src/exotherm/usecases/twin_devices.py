"""The devices by which a twin shows what it is, each by the protocol that its profile speaks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from exotherm.core.errors import UnableTo
from exotherm.devices.credentials import Credentials, credentials_of
from exotherm.devices.line import Address
from exotherm.devices.opening import speaking
from exotherm.devices.profile import (
    BacnetProfile,
    ModbusProfile,
    MqttProfile,
    RedfishProfile,
    SnmpProfile,
)
from exotherm.devices.reading import load_device_profile
from exotherm.site.meters import Meter

HOST = "127.0.0.1"
TWIN = Credentials(
    community="twin", user="twin", auth_key="twin-auth-key", priv_key="twin-priv-key"
)
"""What the twin's SNMP agents take where nothing else is given for a meter; it opens nothing."""
_IN_PROCESS_S = 0.1


class UnableToServe(UnableTo):
    """The twin cannot stand in for a meter."""


class ServedDevice(Protocol):
    """A simulated device that serves while it is entered."""

    @property
    def port(self) -> int:
        """The port on which it answers."""

    async def __aenter__(self) -> Self:
        """Begin to serve; raises UnableToListen."""

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End serving."""


@runtime_checkable
class PublishedDevice(ServedDevice, Protocol):
    """A simulated device that does not wait until it is asked."""

    async def publish(self) -> None:
        """Publish what it shows now; raises UnableToReachMeter and UnableToLogIn."""


@runtime_checkable
class CommandedDevice(ServedDevice, Protocol):
    """A simulated device whose set-points others may write."""

    @property
    def set_points(self) -> dict[str, float]:
        """What each set-point stands at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where the twin's MQTT meters publish, and whom to tell where nobody is there.

    Without ``on_trouble`` a broker that is missing ends the twin.
    """

    address: Address | None = None
    on_trouble: Callable[[UnableTo], None] | None = None


def credentials_for(meter: Meter) -> Credentials:
    """Give what opens the twin's device of a meter: what is given for it, or the twin's own."""
    given = credentials_of(meter.name)
    if meter.protocol != "snmp" or given.user or given.community:
        return given
    return replace(given, community=TWIN.community)


def place_of(meter: Meter) -> str:
    """Say where the twin's device of a meter answers, and what opens it where that is the twin's.

    What is given for the meter is not shown.
    """
    place = f"{meter.host.removeprefix('http://')}:{meter.port}"
    if meter.protocol == "mqtt":
        return f"{place}, where it publishes as {meter.member or meter.name}"
    given = credentials_of(meter.name)
    if meter.protocol != "snmp" or given.user or given.community:
        return place
    prefix = f"EXOTHERM_{meter.name.upper()}_"
    return (
        f"{place}; {prefix}COMMUNITY={TWIN.community} opens it, or by v3 "
        f"{prefix}USER={TWIN.user} {prefix}AUTH_KEY={TWIN.auth_key} "
        f"{prefix}PRIV_KEY={TWIN.priv_key}"
    )


def device_of(
    meter: Meter,
    values: Callable[[], Mapping[str, Decimal | None]],
    *,
    at: Callable[[], datetime],
    port: int,
    broker: Broker,
) -> ServedDevice | None:
    """Make the device of a meter that is known by a profile; nothing listens before it is entered.

    None for an MQTT meter while there is no broker and that may be told. Raises UnableToServe where
    a broker is missing, and UnableToSpeak where the protocol's library is not installed.
    """
    profile = load_device_profile(meter.profile)
    if isinstance(profile, MqttProfile):
        return _publishing(meter, profile, lambda: (at(), values()), broker)
    with speaking(profile.protocol):
        if isinstance(profile, RedfishProfile):
            from exotherm.devices.redfish.twin import RedfishTwin

            return RedfishTwin(
                profile,
                values,
                member=meter.member or "1",
                serial=meter.serial,
                host=HOST,
                port=port,
            )
        if isinstance(profile, SnmpProfile):
            from exotherm.devices.snmp.twin import SnmpTwin

            taken = _filled(credentials_of(meter.name))
            return SnmpTwin(
                profile, values, credentials=taken, serial=meter.serial, host=HOST, port=port
            )
        if isinstance(profile, BacnetProfile):
            from exotherm.devices.bacnet.simulate import SimulatedBacnet

            return SimulatedBacnet(profile, values, instance=meter.address, host=HOST, port=port)
        if isinstance(profile, ModbusProfile):
            from exotherm.devices.modbus.simulate import SimulatedModbus

            return SimulatedModbus(profile, values, device_id=meter.address, host=HOST, port=port)
    raise AssertionError(f"no device of {meter.protocol} can be served")


def _publishing(
    meter: Meter,
    profile: MqttProfile,
    values: Callable[[], tuple[datetime, Mapping[str, Decimal | None]]],
    broker: Broker,
) -> ServedDevice | None:
    if broker.address is None:
        error = UnableToServe(
            f"{meter.name} speaks MQTT, and the twin has no broker to publish to.",
            remedy=f"Start one on this machine, as with `mosquitto -p {meter.port}`, and give "
            f"--broker {HOST}:{meter.port}; never the broker of real devices, for the twin's "
            "values would be taken for theirs.",
        )
        if broker.on_trouble is None:
            raise error
        broker.on_trouble(error)
        return None
    with speaking("mqtt"):
        from exotherm.devices.mqtt.twin import MqttTwin

        return MqttTwin(
            profile,
            values,
            broker=broker.address,
            credentials=credentials_of(meter.name),
            member=meter.member,
            serial=meter.serial,
            every_s=1.0 if broker.on_trouble else _IN_PROCESS_S,
            on_trouble=broker.on_trouble,
        )


def _filled(given: Credentials) -> Credentials:
    """Give what an agent takes: what is given for its meter, and the twin's own for the rest."""
    return replace(
        given,
        community=given.community or TWIN.community,
        user=given.user or TWIN.user,
        auth_key=given.auth_key or TWIN.auth_key,
        priv_key=given.priv_key or TWIN.priv_key,
    )
