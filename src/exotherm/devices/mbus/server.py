"""A heat meter for the twin: an M-Bus slave behind a TCP level converter on loopback."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import Self

from exotherm.devices.errors import UnreadableTelegram, unable_to_listen
from exotherm.devices.mbus.frame import (
    FRAME_COUNT_BIT,
    REQ_UD2,
    RSP_UD,
    SELECT,
    SELECTED_ADDRESS,
    SND_NKE,
    SND_UD,
    Frame,
    FrameKind,
    build_ack,
    build_long,
    length_of,
    read_frame,
)
from exotherm.devices.mbus.header import write_manufacturer

_VARIABLE_STRUCTURE = 0x72
_HEAT = 0x04
_VERSION = 1
_REGISTER_MODULUS = 10**8


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterImage:
    """What the heat meter shows at one moment.

    The two registers are exact and below their roll-over at eight digits; volume has two decimals.
    Power (one decimal), flow (three) and temperatures (two) are shown rounded. ``clock`` is the
    meter's own time without a zone, told to the minute.
    """

    identification: str
    heat_kwh: int
    volume_m3: Decimal
    heat_kw: Decimal
    flow_m3h: Decimal
    supply_c: Decimal
    return_c: Decimal
    clock: datetime
    status: int = 0
    access_number: int = 0
    address: int = 1
    manufacturer: str = "EXO"


def build_telegram(image: MeterImage) -> bytes:
    """Build the answer of a heat meter whose values, read back, are exactly those of the image."""
    data = b"".join(
        (
            _header(image),
            b"\x0c\x78" + _bcd(int(image.identification)),
            b"\x0c\x06" + _bcd(image.heat_kwh),
            b"\x0c\x14" + _bcd(_whole(image.volume_m3, 2)),
            b"\x04\x2d" + _binary(image.heat_kw, 1, size=4),
            b"\x04\x3b" + _binary(image.flow_m3h, 3, size=4),
            b"\x02\x59" + _binary(image.supply_c, 2, size=2),
            b"\x02\x5d" + _binary(image.return_c, 2, size=2),
            b"\x04\x6d" + _type_f(image.clock),
        )
    )
    return build_long(
        control=RSP_UD, address=image.address, information=_VARIABLE_STRUCTURE, data=data
    )


def _header(image: MeterImage) -> bytes:
    return (
        _bcd(int(image.identification))
        + write_manufacturer(image.manufacturer).to_bytes(2, "little")
        + bytes((_VERSION, _HEAT, image.access_number, image.status, 0, 0))
    )


def _bcd(count: int) -> bytes:
    assert 0 <= count < _REGISTER_MODULUS, count
    return bytes.fromhex(f"{count:08d}")[::-1]


def _whole(value: Decimal, decimals: int) -> int:
    count = value.scaleb(decimals)
    assert count == int(count), value
    return int(count)


def _binary(value: Decimal, decimals: int, *, size: int) -> bytes:
    count = int(value.scaleb(decimals).to_integral_value())
    return count.to_bytes(size, "little", signed=True)


def _type_f(clock: datetime) -> bytes:
    assert 2000 <= clock.year <= 2099, clock
    year = clock.year - 2000
    century = 1 << 5
    low = clock.day | (year & 0x07) << 5
    high = clock.month | (year & 0x78) << 1
    return bytes((clock.minute, clock.hour | century, low, high))


class MbusMeter:
    """A meter that answers every client with the image that a function gives at that moment.

    ``mute`` makes it silent and ``garble`` makes it answer with a wrong byte, for tests and
    exercises. The access number advances with every new answer, and not with a repeated one.
    """

    def __init__(
        self, image: Callable[[], MeterImage], *, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.mute = False
        self.garble = False
        self.answered = 0
        self._image = image
        self._host = host
        self._port = port
        self._server: asyncio.Server | None = None
        self._sessions: set[_Session] = set()

    @property
    def port(self) -> int:
        """The port it listens on, known once it is started."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Begin to listen."""
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(lambda: _Session(self), self._host, self._port)
        except OSError as error:
            raise unable_to_listen(self._host, self._port) from error

    async def close(self) -> None:
        """End all connections and stop listening."""
        for session in tuple(self._sessions):
            session.end()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def image(self) -> MeterImage:
        """Take what the meter shows now."""
        return self._image()

    def next_telegram(self) -> bytes:
        """Build a new answer, which advances the access number."""
        image = replace(self._image(), access_number=self.answered & 0xFF)
        self.answered += 1
        return build_telegram(image)

    def join(self, session: "_Session") -> None:
        """Remember a client's session."""
        self._sessions.add(session)

    def leave(self, session: "_Session") -> None:
        """Forget a client's session."""
        self._sessions.discard(session)


class _Session(asyncio.Protocol):
    """One client: its frame count bit, the answer that it may ask for again, its selection."""

    def __init__(self, meter: MbusMeter) -> None:
        self._meter = meter
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._selected = False
        self._last_control: int | None = None
        self._last_answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._meter.join(self)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._meter.leave(self)

    def end(self) -> None:
        """End the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._received += data
        try:
            while (length := length_of(self._received)) and len(self._received) >= length:
                frame = read_frame(bytes(self._received[:length]))
                del self._received[:length]
                self._send(self._answer(frame))
        except UnreadableTelegram:
            # A slave never answers what it cannot read; the master asks again.
            self._received.clear()

    def _send(self, answer: bytes) -> None:
        if not answer or self._meter.mute or self._transport is None:
            return
        if self._meter.garble:
            middle = len(answer) // 2
            flipped = bytes((answer[middle] ^ 0x01,))
            answer = answer[:middle] + flipped + answer[middle + 1 :]
        self._transport.write(answer)

    def _answer(self, frame: Frame) -> bytes:
        if frame.address == SELECTED_ADDRESS and frame.information == SELECT:
            return self._select(frame)
        if not self._is_called(frame.address) or frame.kind is not FrameKind.SHORT:
            return b""
        if frame.control == SND_NKE:
            self._forget()
            return build_ack()
        if frame.control & ~FRAME_COUNT_BIT == REQ_UD2:
            return self._telegram(frame.control)
        return b""

    def _is_called(self, address: int) -> bool:
        if address == SELECTED_ADDRESS:
            return self._selected
        return address == self._meter.image().address

    def _telegram(self, control: int) -> bytes:
        """Answer anew, or the same again where the frame count bit has not changed."""
        if control != self._last_control:
            self._last_answer = self._meter.next_telegram()
            self._last_control = control
        return self._last_answer

    def _select(self, frame: Frame) -> bytes:
        if frame.control & ~FRAME_COUNT_BIT != SND_UD & ~FRAME_COUNT_BIT or len(frame.data) != 8:
            return b""
        self._forget()
        self._selected = _is_selected_by(frame.data, self._meter.image())
        return build_ack() if self._selected else b""

    def _forget(self) -> None:
        self._selected = False
        self._last_control = None


def _is_selected_by(wanted: bytes, image: MeterImage) -> bool:
    """Compare nibble by nibble, where F in the identification and FF elsewhere match anything."""
    own = _header(image)[:8]
    digits = zip(wanted[:4].hex(), own[:4].hex(), strict=True)
    return (
        all(digit in {"f", mine} for digit, mine in digits)
        and wanted[4:6] in {b"\xff\xff", own[4:6]}
        and all(byte in {0xFF, mine} for byte, mine in zip(wanted[6:], own[6:], strict=True))
    )
