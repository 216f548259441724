"""A BACnet/IP device simulated from its profile."""

import socket
from collections.abc import Mapping
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

from bacpypes3.app import Application
from bacpypes3.local.analog import (
    AnalogInputObject,
    AnalogOutputObject,
    AnalogValueObject,
    AnalogValueObjectCmd,
)

from exotherm.devices.bacnet.local import make_application
from exotherm.devices.errors import unable_to_listen
from exotherm.devices.profile import BacnetProfile

_KINDS: Mapping[str, Any] = {
    "analog-input": AnalogInputObject,
    "analog-value": AnalogValueObject,
    "analog-output": AnalogOutputObject,
}


class SimulatedBacnet:
    """A device with the objects of a profile; ``objects`` may be changed while it serves."""

    def __init__(
        self,
        profile: BacnetProfile,
        values: Mapping[str, Decimal],
        *,
        port: int,
        host: str = "127.0.0.1",
        instance: int = 599,
    ) -> None:
        self.port = port
        self.objects: dict[str, Any] = {}
        self._profile = profile
        self._values = values
        self._host = host
        self._instance = instance
        self._app: Application | None = None

    async def __aenter__(self) -> Self:
        # bacpypes3 would wait for the port for ever, so it is tried before.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tried:
            try:
                tried.bind((self._host, self.port))
            except OSError as error:
                raise unable_to_listen(self._host, self.port) from error
        for value in self._profile.values:
            number = float(value.number_of(self._values[value.quantity]))
            kind = _KINDS[value.object.partition(",")[0]]
            self.objects[value.object] = _made(
                kind, value.object, value.quantity, number, value.units
            )
        for each in self._profile.set_points:
            commandable = _made(AnalogValueObjectCmd, each.object, each.quantity, 0.0, "")
            self.objects[each.object] = commandable
        self._app = make_application(
            f"{self._host}/24:{self.port}",
            *self.objects.values(),
            name=self._profile.title,
            instance=self._instance,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._app is not None:
            self._app.close()
            self._app = None


def _made(kind: Any, object_: str, name: str, number: float, units: str) -> Any:  # noqa: ANN401 - bacpypes3 is untyped
    return kind(
        objectIdentifier=object_,
        objectName=name,
        presentValue=number,
        units=units or "no-units",
        statusFlags=[0, 0, 0, 0],
        eventState="normal",
        outOfService=False,
        reliability="no-fault-detected",
    )
