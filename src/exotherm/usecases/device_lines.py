"""Asking devices that are known by a profile, whatever they speak."""

from collections.abc import Callable, Iterable
from datetime import datetime

from exotherm.core.units import label_of
from exotherm.devices.abilities import Identity, Value
from exotherm.devices.credentials import Credentials, credentials_of
from exotherm.devices.device import Device
from exotherm.devices.line import Address
from exotherm.devices.opening import open_device
from exotherm.devices.profile import Profile
from exotherm.devices.reading import load_device_profile
from exotherm.operate.telegram import Answer, Told
from exotherm.site.meters import Meter

Now = Callable[[], datetime]
CredentialsOf = Callable[[Meter], Credentials]
_SPOKEN = {
    "modbus-tcp": "modbus",
    "modbus-rtu": "modbus",
    "snmp": "snmp",
    "redfish": "redfish",
    "bacnet": "bacnet",
    "mqtt": "mqtt",
    "csv": "csv",
}


def own_credentials(meter: Meter) -> Credentials:
    """Give what opens a meter: what stands under its name in the environment or the file."""
    return credentials_of(meter.name)


def protocol_of(meter: Meter) -> str | None:
    """Give the protocol of the device profiles that a meter may have; none for M-Bus."""
    return _SPOKEN.get(meter.protocol)


def address_of(meter: Meter) -> Address:
    """Give where a meter's device answers."""
    return Address(
        host=meter.host,
        port=meter.port,
        unit=meter.address,
        member=meter.member,
        serial=meter.line,
    )


class DeviceLines:
    """The devices of a site, opened when they are first asked and kept."""

    def __init__(self, *, timeout_s: float, credentials: CredentialsOf = own_credentials) -> None:
        self._timeout_s = timeout_s
        self._credentials = credentials
        self._devices: dict[str, Device] = {}
        self._identities: dict[str, Identity] = {}

    async def ask(self, meter: Meter, *, now: Now) -> Answer:
        """Ask a device for everything that its profile describes.

        Raises UnableTo in one of its kinds, as the protocol's line does.
        """
        device = self._device(meter, now)
        try:
            if meter.name not in self._identities and device.profile.protocol != "modbus":
                self._identities[meter.name] = await device.identify()
            values = await device.read()
        except BaseException:
            # Whoever answers after a break may be another.
            self._identities.pop(meter.name, None)
            raise
        identity = self._identities.get(meter.name, Identity())
        return answer_of_values(values, meter, device.profile, serial=identity.serial)

    async def close(self) -> None:
        """Let go of all connections."""
        for device in self._devices.values():
            await device.close()

    def _device(self, meter: Meter, now: Now) -> Device:
        if meter.name not in self._devices:
            self._devices[meter.name] = open_device(
                load_device_profile(meter.profile),
                address_of(meter),
                now=now,
                credentials=self._credentials(meter),
                timeout_s=self._timeout_s,
            )
        return self._devices[meter.name]


def answer_of_values(
    values: Iterable[Value], meter: Meter, profile: Profile, *, serial: str = ""
) -> Answer:
    """Give a device's values as an answer; of several times it has the oldest."""
    values = tuple(values)
    times = [value.source_at for value in values if value.source_at is not None]
    return Answer(
        meter=meter.name,
        received_at=max(value.received_at for value in values),
        source_at=min(times, default=None),
        told=tuple(
            Told(
                point=f"{meter.name}.{value.quantity}",
                value=value.number,
                unit=label_of(value.quantity),
                reason=value.reason,
            )
            for value in values
        ),
        serial=serial or None,
        clock=profile.clock,
    )
