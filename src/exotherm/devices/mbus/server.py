"""Simulated meters behind a TCP level converter on loopback, one or several on a bus."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import zip_longest
from types import TracebackType
from typing import Self

from exotherm.devices.errors import UnreadableTelegram, unable_to_listen
from exotherm.devices.mbus.frame import length_of, read_frame
from exotherm.devices.mbus.slave import Conversation, MeterImage, SimulatedMeter

_SILENCE = 0xFF


class MbusBus:
    """Meters on one bus, served to every client that connects to its level converter."""

    def __init__(
        self, meters: Sequence[SimulatedMeter], *, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.meters = tuple(meters)
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

    def join(self, session: "_Session") -> None:
        """Remember a client's session."""
        self._sessions.add(session)

    def leave(self, session: "_Session") -> None:
        """Forget a client's session."""
        self._sessions.discard(session)


class MbusMeter(SimulatedMeter):
    """One meter on a bus of its own."""

    def __init__(
        self, image: Callable[[], MeterImage], *, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        super().__init__(image)
        self._bus = MbusBus((self,), host=host, port=port)

    @property
    def port(self) -> int:
        """The port it listens on, known once it is started."""
        return self._bus.port

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
        await self._bus.start()

    async def close(self) -> None:
        """End all connections and stop listening."""
        await self._bus.close()


class _Session(asyncio.Protocol):
    """One client, and its conversation with each meter."""

    def __init__(self, bus: MbusBus) -> None:
        self._bus = bus
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._conversations = tuple(Conversation(meter) for meter in bus.meters)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._bus.join(self)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._bus.leave(self)

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
                answers = [each.answer(frame) for each in self._conversations]
                self._send(collide(answers))
        except UnreadableTelegram:
            # A slave never answers what it cannot read; the master asks again.
            self._received.clear()

    def _send(self, answer: bytes) -> None:
        if answer and self._transport is not None:
            self._transport.write(answer)


def collide(answers: Sequence[bytes]) -> bytes:
    """Give what a master hears where meters answer at once: a bit is 0 where any of them sends 0.

    Slaves send by drawing current, which adds up on the bus. Acknowledgements fall together; of
    longer answers, each begins a byte later than the one before, as no two meters are equally fast.
    """
    heard = bytearray()
    speaking = [answer for answer in answers if answer]
    late = [b"\xff" * turn * (len(each) > 1) + each for turn, each in enumerate(speaking)]
    for together in zip_longest(*late, fillvalue=_SILENCE):
        byte = _SILENCE
        for one in together:
            byte &= one
        heard.append(byte)
    return bytes(heard)
