"""Our own BACnet/IP application: what asks, and what stands in for a device in tests."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

from bacpypes3.app import Application
from bacpypes3.local.device import DeviceObject
from bacpypes3.local.networkport import NetworkPortObject

_INSTANCE = 4_194_302
_OUR_VENDOR = 999


class _Refreshed(Application):  # type: ignore[misc]  # bacpypes3 is untyped
    """An application that brings its objects up to date before it answers."""

    refresh: Callable[[], None] = staticmethod(lambda: None)

    async def indication(self, apdu: Any) -> None:  # noqa: ANN401 - bacpypes3 is untyped
        self.refresh()
        await super().indication(apdu)


def make_application(
    place: str,
    *objects: object,
    name: str = "exotherm",
    instance: int = _INSTANCE,
    refresh: Callable[[], None] | None = None,
) -> Application:
    """Make an application that listens at a place like 127.0.0.1/24:47808 and has some objects.

    ``refresh`` is called before each request is answered. Raises OSError where the place is taken.
    """
    device = DeviceObject(
        objectIdentifier=f"device,{instance}",
        objectName=name,
        vendorIdentifier=_OUR_VENDOR,
        maxApduLengthAccepted=1024,
        segmentationSupported="segmentedBoth",
        maxSegmentsAccepted=64,
    )
    port = NetworkPortObject(place, objectIdentifier="network-port,1", objectName="NetworkPort-1")
    application = _Refreshed.from_object_list([device, port, *objects])
    if refresh is not None:
        application.refresh = refresh
    return application


async def listening(application: Application) -> None:
    """Wait until an application listens; one that is closed before leaves its sockets open."""
    layers = application.link_layers.values()
    # bacpypes3 tells nobody when it is ready; it waits for the same tasks before it first sends.
    await asyncio.gather(*(task for layer in layers for task in layer.server._transport_tasks))  # noqa: SLF001


def place_towards(host: str) -> str:
    """Give a place of this machine from which a host is reached, on a port that is free.

    Raises OSError where no way leads there.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as towards:
        towards.connect((host, 9))
        ours = towards.getsockname()[0]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind((ours, 0))
        return f"{ours}/24:{free.getsockname()[1]}"
