"""A Modbus device for the twin: serves a register map from what a function shows."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from exotherm.devices.errors import unable_to_listen
from exotherm.devices.modbus.codec import ModbusImage, encode_block
from exotherm.devices.modbus.profile import RegisterMap


class ModbusTwin:
    """A device whose registers are written anew, all at once, for each request.

    ``mute`` makes it silent, for tests and exercises. Its registers are read-only.
    """

    def __init__(
        self,
        register_map: RegisterMap,
        image: Callable[[], ModbusImage],
        *,
        device_id: int = 1,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.mute = False
        self._map = register_map
        self._image = image
        self._device_id = device_id
        self._address = (host, port)
        self._server: ModbusTcpServer | None = None

    @property
    def port(self) -> int:
        """The port it listens on, known once it is started."""
        assert self._server is not None
        listener = self._server.transport
        assert isinstance(listener, asyncio.Server)
        port: int = listener.sockets[0].getsockname()[1]
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
        block = SimData(
            address=self._map.address,
            values=[0] * self._map.length,
            datatype=DataType.REGISTERS,
            readonly=True,
        )
        device = SimDevice(id=self._device_id, simdata=[block], action=self._refresh)
        self._server = ModbusTcpServer(
            device, address=self._address, trace_packet=self._pass_or_mute
        )
        try:
            await self._server.serve_forever(background=True)
        except RuntimeError as error:
            raise unable_to_listen(*self._address) from error

    async def close(self) -> None:
        """End all connections and stop listening."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _refresh(
        self,
        _function: int,
        start: int,
        _address: int,
        _count: int,
        registers: list[int],
        _written: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        assert start == self._map.address, start
        registers[:] = encode_block(self._map, self._image())
        return None

    def _pass_or_mute(self, sending: bool, packet: bytes) -> bytes:  # noqa: FBT001 - pymodbus calls it
        return b"" if sending and self.mute else packet
