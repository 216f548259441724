"""Why a device is out of reach: the cause and what to check, the same by every protocol."""

import asyncio
import contextlib
import errno
import os
import socket

from exotherm.core.units import format_quantity
from exotherm.devices.errors import UnableToReachMeter

_PATIENCE_S = 1.0
_NO_WAY = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.ENETDOWN)
_NAMELESS = (
    "no machine is known by this name",
    "Check how the name is written, or give the machine's address in numbers.",
)


def unable_to_connect(
    what: str, error: Exception, *, wait_s: float, remedy: str
) -> UnableToReachMeter:
    """Make the error of what takes no connection, with its cause and what to check first.

    ``what`` is like "The broker on 192.168.1.5:1883"; ``remedy`` is the protocol's own.
    """
    cause, check = _cause_of(error, wait_s)
    return UnableToReachMeter(f"{what} takes no connection: {cause}.", remedy=f"{check} {remedy}")


async def why_unreached(host: str, port: int, *, wait_s: float) -> Exception | None:
    """Tell why nothing connects by TCP, for libraries that keep it to themselves; None if it does.

    It waits no longer than a second: by then a name that nobody knows and a port that is refused
    have been told.
    """
    try:
        async with asyncio.timeout(min(wait_s, _PATIENCE_S)):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, UnicodeError) as error:
        return error
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return None


async def look_up(
    host: str, port: int, *, family: socket.AddressFamily = socket.AF_UNSPEC
) -> tuple[socket.AddressFamily, str]:
    """Give family and number of the address of a name, for protocols that connect to nothing.

    IPv4 goes first. Raises OSError or UnicodeError where there is none, or none of the family.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_DGRAM, family=family)
    kind, _, _, _, place = min(found, key=lambda one: one[0] != socket.AF_INET)
    return socket.AddressFamily(kind), str(place[0])


def _cause_of(error: Exception, wait_s: float) -> tuple[str, str]:
    """Give the cause of a failed connection in words, and what to check for it."""
    if isinstance(error, UnicodeError):
        return _NAMELESS
    if isinstance(error, socket.gaierror):
        if error.errno == socket.EAI_AGAIN:
            return (
                "its name cannot be looked up, as no name server answers",
                "Check this machine's network and name server, or give the address in numbers.",
            )
        if error.errno == getattr(socket, "EAI_ADDRFAMILY", None):
            return "it is no address of this protocol", "Give its address of IPv4."
        return _NAMELESS
    if isinstance(error, TimeoutError):
        wait = format_quantity("wait_s", wait_s, decimals=1)
        return (
            f"nothing comes back within {wait}",
            "Check the address, the device's power and network, and firewalls between.",
        )
    number = getattr(error, "errno", None)
    if isinstance(error, ConnectionRefusedError):
        return (
            "the machine is there and refuses, as nothing listens on this port",
            "Check the port, and that the service is switched on in the device.",
        )
    if number in _NO_WAY:
        return (
            "no way leads there from this machine",
            "Check the address, and this machine's network: cable, address, mask, gateway, VPN.",
        )
    told = os.strerror(number) if number and number > 0 else str(error)
    return told or "it says nothing", "Check address and port."
