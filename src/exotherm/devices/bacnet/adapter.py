"""A BACnet/IP device: present values with their units, reliability and out-of-service."""

import asyncio
import math
import socket
from collections.abc import Awaitable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from bacpypes3.apdu import AbortPDU, ErrorRejectAbortNack
from bacpypes3.app import Application
from bacpypes3.basetypes import ErrorType
from bacpypes3.pdu import Address as BacnetAddress
from bacpypes3.primitivedata import Null

from exotherm.core.units import format_quantity
from exotherm.devices.abilities import Identity
from exotherm.devices.bacnet.local import make_application, place_towards
from exotherm.devices.errors import UnableToReachMeter, UnableToWrite, UnreadableRegisters
from exotherm.devices.line import Address, Raw
from exotherm.devices.profile import BacnetProfile, BacnetSetPoint, BacnetTold, SetPoint
from exotherm.devices.reaching import look_up, unable_to_connect

_ASKED = ("present-value", "units", "reliability", "out-of-service")
_SILENT = ("no-fault-detected", "")
_Told = Mapping[tuple[str, str], Any]
_T = TypeVar("_T")


class BacnetAdapter:
    """Reads objects of one device; what it commanded it lets go of when it is closed."""

    def __init__(
        self, profile: BacnetProfile | None, address: Address, *, timeout_s: float
    ) -> None:
        self._profile = profile
        self._address = address
        self._timeout_s = timeout_s
        self._host = address.host
        self._app: Application | None = None
        self._commanded: dict[str, int] = {}
        self._turn = asyncio.Lock()

    @property
    def _there(self) -> BacnetAddress:
        return BacnetAddress(f"{self._host}:{self._address.port}")

    async def fetch(self) -> Mapping[str, Raw]:
        """Read all values of the profile."""
        assert self._profile is not None
        values = self._profile.values
        told = await self.read([value.object for value in values])
        return {value.quantity: raw_of(value, told) for value in values}

    async def identify(self) -> Identity:
        """Ask by Who-Is which device answers there, then for its names."""
        async with self._turn:
            app = await self._open()
            answers = await self._within(app.who_is(address=self._there, timeout=self._wait))
            if not answers:
                raise self._silent()
            device = str(answers[0].iAmDeviceIdentifier[1])
            names = ("vendor-name", "model-name", "firmware-revision", "object-name")
            told = await self._read_each(app, [f"device,{device}"], names)
        word = {name: str(told.get((f"device,{device}", name), "") or "") for name in names}
        return Identity(
            maker=word["vendor-name"],
            model=word["model-name"],
            firmware=word["firmware-revision"],
            about=f"device {device} {word['object-name']}".strip(),
        )

    async def objects(self) -> tuple[str, ...]:
        """List the analog objects that the device has.

        Raises UnableToReachMeter or UnreadableRegisters.
        """
        async with self._turn:
            app = await self._open()
            answers = await self._within(app.who_is(address=self._there, timeout=self._wait))
            if not answers:
                raise self._silent()
            device = f"device,{answers[0].iAmDeviceIdentifier[1]}"
            told = await self._read_each(app, [device], ("object-list",))
        found = told.get((device, "object-list")) or ()
        return tuple(f"{kind},{number}" for kind, number in found if str(kind).startswith("analog"))

    async def read(self, objects: Sequence[str]) -> _Told:
        """Read value, units, reliability and out-of-service of some objects.

        Raises UnableToReachMeter or UnreadableRegisters.
        """
        async with self._turn:
            app = await self._open()
            try:
                return await self._read_together(app, objects)
            except ErrorRejectAbortNack as refused:
                if isinstance(refused, AbortPDU) and "no-response" in str(refused):
                    raise self._silent() from refused
                # Many controllers know only the service for one property at a time.
                return await self._read_each(app, objects, _ASKED)

    async def write(self, set_point: SetPoint, number: Decimal) -> None:
        """Command an object in its slot of the priority array."""
        assert isinstance(set_point, BacnetSetPoint), set_point
        raw = float(number / set_point.scale)
        async with self._turn:
            await self._command(set_point.object, raw, set_point.priority)
            self._commanded[set_point.object] = set_point.priority

    async def close(self) -> None:
        """Relinquish what was commanded and let go of the socket."""
        app = self._app
        if app is None:
            return
        try:
            for name, priority in self._commanded.items():
                await self._command(name, Null(()), priority)
        finally:
            self._commanded = {}
            self._app = None
            app.close()

    @property
    def _wait(self) -> int:
        return max(1, math.ceil(self._timeout_s))

    async def _open(self) -> Application:
        if self._app is None:
            try:
                host, port = self._address.host, self._address.port
                _, self._host = await look_up(host, port, family=socket.AF_INET)
                self._app = make_application(place_towards(self._host))
            except (OSError, UnicodeError) as error:
                raise unable_to_connect(
                    f"The device on {self._address}",
                    error,
                    wait_s=self._timeout_s,
                    remedy="BACnet/IP goes by UDP and IPv4.",
                ) from error
        return self._app

    async def _command(self, name: str, raw: object, priority: int) -> None:
        app = await self._open()
        try:
            await self._within(
                app.write_property(self._there, name, "present-value", raw, priority=priority)
            )
        except ErrorRejectAbortNack as refused:
            raise UnableToWrite(
                f"{self._address} refuses to have {name} set: {refused}.",
                remedy="Check that the object is commandable and who may write to it.",
            ) from refused

    async def _read_together(self, app: Application, objects: Sequence[str]) -> _Told:
        asked: list[Any] = []
        for name in objects:
            asked += [name, list(_ASKED)]
        answer = await self._within(app.read_property_multiple(self._there, asked))
        return {
            (f"{kind},{number}", str(name)): value
            for (kind, number), name, _, value in answer
            if not isinstance(value, ErrorType)
        }

    async def _read_each(
        self, app: Application, objects: Sequence[str], names: Sequence[str]
    ) -> _Told:
        told: dict[tuple[str, str], Any] = {}
        for object_ in objects:
            for name in names:
                try:
                    told[object_, name] = await self._within(
                        app.read_property(self._there, object_, name)
                    )
                except ErrorRejectAbortNack as refused:
                    if isinstance(refused, AbortPDU):
                        raise self._silent() from refused
        return told

    async def _within(self, asking: Awaitable[_T]) -> _T:
        try:
            return await asyncio.wait_for(asking, self._timeout_s + 1.0)
        except TimeoutError as error:
            raise self._silent() from error
        except (ValueError, TypeError, AttributeError) as error:
            raise UnreadableRegisters(
                f"{self._address} answers with something that is no BACnet.",
                remedy="Check that the profile fits the device.",
            ) from error

    def _silent(self) -> UnableToReachMeter:
        wait = format_quantity("wait_s", self._timeout_s, decimals=1)
        return UnableToReachMeter(
            f"No BACnet device answers on {self._address} within {wait}.",
            remedy="Check address and port, and that no firewall keeps UDP from it.",
        )


def raw_of(value: BacnetTold, told: _Told) -> Raw:
    """Give what a device told of a value, and why it is not to be believed."""
    number = told.get((value.object, "present-value"))
    if not isinstance(number, int | float) or not math.isfinite(number):
        return Raw(number=None, reason=f"the device has no number in {value.object}")
    # A real has 24 bits, so seven digits are its own and what follows is not.
    shown = value.value_of(Decimal(f"{number:.7g}"))
    units = str(told.get((value.object, "units"), ""))
    if value.units and units != value.units:
        told_in = units or "no units"
        return Raw(number=None, reason=f"it is in {told_in}, where {value.units} was agreed")
    reliability = str(told.get((value.object, "reliability"), ""))
    if reliability not in _SILENT:
        return Raw(number=None, reason=f"its reliability is {reliability}")
    if told.get((value.object, "out-of-service")):
        return Raw(number=shown, reason="it is out of service: somebody set it by hand")
    return Raw(number=shown)
