"""A Modbus device simulated from its profile: its registers show what a function tells."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from exotherm.devices.errors import unable_to_listen
from exotherm.devices.modbus.codec import ModbusImage, Number, encode_block
from exotherm.devices.modbus.profile import RegisterMap
from exotherm.devices.profile import ModbusProfile

Values = Mapping[str, Number | None]


class SimulatedModbus:
    """A device with the registers of a profile and no others; set-points are kept as written.

    A block with a value of None for which the profile has no pattern is answered as a failure.
    """

    def __init__(
        self,
        profile: ModbusProfile,
        values: Callable[[], Values],
        *,
        device_id: int = 1,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self._blocks = {block.address: block for block in profile.blocks()}
        self._profile = profile
        self._values = values
        self._device_id = device_id
        self._address = (host, port)
        self._server: ModbusTcpServer | None = None
        self.written: dict[str, list[int]] = {}

    @property
    def port(self) -> int:
        """The port it listens on, known once it is started."""
        assert self._server is not None
        listener = self._server.transport
        assert isinstance(listener, asyncio.Server)
        port: int = listener.sockets[0].getsockname()[1]
        return port

    async def __aenter__(self) -> Self:
        shown = [
            SimData(start, values=[0] * block.length, datatype=DataType.REGISTERS, readonly=True)
            for start, block in self._blocks.items()
        ]
        taken = [
            SimData(
                each.address,
                values=[0] * (2 if "32" in each.encoding else 1),
                datatype=DataType.REGISTERS,
            )
            for each in self._profile.set_points
        ]
        simulated = sorted((*shown, *taken), key=lambda data: data.address)
        device = SimDevice(id=self._device_id, simdata=simulated, action=self._refresh)
        self._server = ModbusTcpServer(device, address=self._address)
        try:
            await self._server.serve_forever(background=True)
        except RuntimeError as error:
            raise unable_to_listen(*self._address) from error
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _refresh(
        self,
        _function: int,
        start: int,
        address: int,
        _count: int,
        registers: list[int],
        written: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        if written is not None:
            for each in self._profile.set_points:
                if each.address == address:
                    self.written[each.quantity] = [int(word) for word in written]
            return None
        for begin, block in self._blocks.items():
            offset = begin - start
            if offset >= 0 and offset + block.length <= len(registers):
                image = ModbusImage(values=self._values(), at=datetime.now(UTC))
                if not _can_show(block, image.values):
                    return ExcCodes.DEVICE_FAILURE
                registers[offset : offset + block.length] = encode_block(block, image)
        return None


def _can_show(block: RegisterMap, values: Values) -> bool:
    return all(
        values[each.quantity] is not None or each.is_float or each.invalid_pattern is not None
        for each in block.registers
    )
