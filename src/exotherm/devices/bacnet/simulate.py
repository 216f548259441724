"""A BACnet/IP device simulated from its profile: for each request it shows anew what it is told."""

import socket
from collections.abc import Callable, Mapping
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

from exotherm.devices.bacnet.local import listening, make_application
from exotherm.devices.errors import unable_to_listen
from exotherm.devices.profile import BacnetProfile

_KINDS: Mapping[str, Any] = {
    "analog-input": AnalogInputObject,
    "analog-value": AnalogValueObject,
    "analog-output": AnalogOutputObject,
}


class SimulatedBacnet:
    """A device with the objects of a profile; ``objects`` may be changed while it serves.

    A value of None is told by the object's reliability. Set-points are commanded through their
    priority array and fall back to nought where everybody has let go of them.
    """

    def __init__(
        self,
        profile: BacnetProfile,
        values: Callable[[], Mapping[str, Decimal | None]],
        *,
        port: int = 0,
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

    @property
    def set_points(self) -> dict[str, float]:
        """What each set-point stands at."""
        return {
            each.quantity: float(self.objects[each.object].presentValue)
            for each in self._profile.set_points
        }

    async def __aenter__(self) -> Self:
        # bacpypes3 would wait for the port for ever, so it is tried before.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tried:
            try:
                tried.bind((self._host, self.port))
            except OSError as error:
                raise unable_to_listen(self._host, self.port) from error
            self.port = tried.getsockname()[1]
        for value in self._profile.values:
            kind = _KINDS[value.object.partition(",")[0]]
            self.objects[value.object] = _made(kind, value.object, value.quantity, value.units)
        for each in self._profile.set_points:
            commandable = _made(AnalogValueObjectCmd, each.object, each.quantity, "")
            self.objects[each.object] = commandable
        self._app = make_application(
            f"{self._host}/24:{self.port}",
            *self.objects.values(),
            name=self._profile.title,
            instance=self._instance,
            refresh=self._refresh,
        )
        await listening(self._app)
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

    def _refresh(self) -> None:
        values = self._values()
        for value in self._profile.values:
            shown, told = values[value.quantity], self.objects[value.object]
            if shown is not None:
                told.presentValue = float(value.number_of(shown))
            told.reliability = "no-sensor" if shown is None else "no-fault-detected"


def _made(kind: Any, object_: str, name: str, units: str) -> Any:  # noqa: ANN401 - bacpypes3 is untyped
    return kind(
        objectIdentifier=object_,
        objectName=name,
        presentValue=0.0,
        units=units or "no-units",
        statusFlags=[0, 0, 0, 0],
        eventState="normal",
        outOfService=False,
        reliability="no-fault-detected",
    )
