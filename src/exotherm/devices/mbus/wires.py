"""The way to a bus: a level converter on TCP or on a serial port, and the bytes that come in."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from exotherm.core.hosts import place_of
from exotherm.devices.errors import UnableToReachMeter, UnreadableTelegram
from exotherm.devices.reaching import unable_to_connect

if TYPE_CHECKING:
    from serial import Serial

BAUD = 2400
"""What a meter speaks unless it was set otherwise."""

BAUDS = (300, 600, 1200, 2400, 4800, 9600, 19200, 38400)
_BITS_PER_BYTE = 11
_LONGEST_FRAME = 261
_SELECTION = 17
# A slave answers within 11 to 330 bit times and 50 ms (EN 13757-2); a converter takes its time too.
_ANSWER_BITS = 330
_PATIENCE_S = 0.25
_QUIET_S = 0.1
# Answers lie on top of each other, so all of them together are hardly longer than the longest; at
# 300 baud, the slowest, that takes 10 s. Whatever goes on after both is no bus.
_RESTLESS_BYTES = 4 * _LONGEST_FRAME
_RESTLESS_S = 15.0
_TCP_REMEDY = "See that no other master holds the level converter's only connection."
_SERIAL_REMEDY = (
    "Check that the level converter is plugged in, that its port is named right, that no other "
    "program holds it, and that you may use it (on Linux: the group dialout)."
)


class Transport(Protocol):
    """What a line needs of a connection; asyncio's own transports have it."""

    def write(self, data: bytes) -> None:
        """Send bytes."""

    def abort(self) -> None:
        """Let go of the connection at once."""


class Wire(asyncio.Protocol):
    """The bytes that came in since the last request."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.arrival = asyncio.Event()
        self.lost = False

    def data_received(self, data: bytes) -> None:
        """Keep what came in."""
        self.received += data
        self.arrival.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Remember that nothing comes in any more."""
        del exc
        self.lost = True
        self.arrival.set()

    async def settle(self) -> bool:
        """Wait until nothing more comes in, forget what did, and tell whether anything did.

        Raises UnreadableTelegram where bytes come in without end.
        """
        now_s = asyncio.get_running_loop().time
        heard, heard_bytes, end_s = False, 0, now_s() + _RESTLESS_S
        while True:
            self.received.clear()
            self.arrival.clear()
            try:
                async with asyncio.timeout(_QUIET_S):
                    await self.arrival.wait()
            except TimeoutError:
                return heard
            heard, heard_bytes = True, heard_bytes + len(self.received)
            if self.lost:
                return heard
            if heard_bytes > _RESTLESS_BYTES or now_s() > end_s:
                raise _restless()


class Way(Protocol):
    """A way to a bus that can be opened, and shown to a person."""

    @property
    def timeout_s(self) -> float:
        """How long an answer may take unless somebody says otherwise."""

    @property
    def call_s(self) -> float:
        """How long an acknowledgement may take."""

    @property
    def remedy(self) -> str:
        """What to do where it cannot be opened."""

    async def open(self, timeout_s: float) -> tuple[Transport, Wire]:
        """Open it. Raises UnableToReachMeter."""


@dataclass(frozen=True, slots=True)
class TcpWay:
    """A level converter with a network port."""

    host: str
    port: int
    timeout_s: float = 2.0
    call_s: float = 0.6
    remedy: str = _TCP_REMEDY

    def __str__(self) -> str:
        return place_of(self.host, self.port)

    async def open(self, timeout_s: float) -> tuple[Transport, Wire]:
        """Connect to it. Raises UnableToReachMeter."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout_s):
                return await loop.create_connection(Wire, self.host, self.port)
        except (OSError, UnicodeError) as error:
            raise unable_to_connect(
                f"The level converter on {self}", error, wait_s=timeout_s, remedy=self.remedy
            ) from error


@dataclass(frozen=True, slots=True)
class SerialWay:
    """A level converter on a serial port: eight data bits, even parity, one stop bit."""

    path: str
    baud: int = BAUD
    remedy: str = _SERIAL_REMEDY

    def __str__(self) -> str:
        return f"{self.path} at {self.baud} baud"

    @property
    def timeout_s(self) -> float:
        """How long the longest frame takes at this speed, with the meter's time to think."""
        return self._wait_s(_LONGEST_FRAME)

    @property
    def call_s(self) -> float:
        """How long an acknowledgement takes at this speed, behind the selection that asks for it.

        A port that has not yet sent all it was given only seems to wait for the answer.
        """
        return self._wait_s(1 + _SELECTION)

    def _wait_s(self, size: int) -> float:
        return (_ANSWER_BITS + _BITS_PER_BYTE * size) / self.baud + _PATIENCE_S

    async def open(self, timeout_s: float) -> tuple[Transport, Wire]:
        """Open the port. Raises UnableToReachMeter, also where pyserial is not installed."""
        del timeout_s
        try:
            from serial import PARITY_EVEN, Serial, SerialException
        except ImportError:
            raise UnableToReachMeter(
                f"Serial ports such as {self.path} need pyserial, which is not installed.",
                remedy="Install exotherm with its extra: `pip install 'exotherm[operate]'`.",
                retryable=False,
            ) from None
        try:
            port = Serial(self.path, self.baud, parity=PARITY_EVEN, timeout=0, exclusive=True)
        except (OSError, SerialException, ValueError) as error:
            errno = getattr(error, "errno", None)
            why = os.strerror(errno) if errno else "it is no serial port"
            raise UnableToReachMeter(
                f"The level converter on {self.path} cannot be used: {why}.", remedy=self.remedy
            ) from error
        wire = Wire()
        return SerialTransport(port, wire), wire


class SerialTransport:
    """A serial port that hands every byte to a wire as it comes in."""

    def __init__(self, port: "Serial", wire: Wire) -> None:
        self._port = port
        self._wire = wire
        self._stop: Callable[[], object] | None = None
        loop, descriptor = asyncio.get_running_loop(), port.fileno()
        loop.add_reader(descriptor, self._read)
        self._stop = lambda: loop.remove_reader(descriptor)

    def write(self, data: bytes) -> None:
        """Send bytes; what a request needs fits the port's buffer."""
        try:
            self._port.write(data)
        except OSError:
            self._lose()

    def abort(self) -> None:
        """Close the port."""
        if self._stop is not None:
            self._stop()
            self._stop = None
            self._port.close()

    def _read(self) -> None:
        try:
            data = self._port.read(4096)
        except OSError:
            self._lose()
            return
        if data:
            self._wire.data_received(data)

    def _lose(self) -> None:
        self.abort()
        self._wire.connection_lost(None)


def _restless() -> UnreadableTelegram:
    return UnreadableTelegram(
        "Bytes come in without end, asked or not: this is no M-Bus, or one full of noise.",
        remedy="Check that address and port are those of an M-Bus level converter, that it passes "
        "bytes on as they are (transparent), and that its speed is that of the meters.",
    )
