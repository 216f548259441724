"""The Modbus TCP client: reads a device's register map as one block."""

import asyncio
from types import TracebackType
from typing import Self

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.constants import ExcCodes
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ExceptionResponse, ModbusPDU

from exotherm.core.units import format_quantity
from exotherm.devices.errors import UnableToReachMeter, UnreadableRegisters
from exotherm.devices.modbus.codec import ModbusReading, decode_block
from exotherm.devices.modbus.profile import RegisterMap

_CONNECT_REMEDY = (
    "Check that the device has power and network, that its address and port are right, and that "
    "its Modbus server is switched on."
)
_PASSING = {
    ExcCodes.ACKNOWLEDGE,
    ExcCodes.DEVICE_BUSY,
    ExcCodes.GATEWAY_PATH_UNAVIABLE,
    ExcCodes.GATEWAY_NO_RESPONSE,
}


class ModbusLine:
    """One connection to a Modbus device, made when it is needed and anew after a failure."""

    def __init__(
        self, host: str, port: int = 502, *, device_id: int = 1, timeout_s: float = 2.0
    ) -> None:
        self._host = host
        self._port = port
        self._device_id = device_id
        self._timeout_s = timeout_s
        self._turn = asyncio.Lock()
        self._client: AsyncModbusTcpClient | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection; the next read makes a new one."""
        if self._client is not None:
            self._client.close()
            self._client = None

    async def read_registers(self, register_map: RegisterMap) -> ModbusReading:
        """Read all values of a map in one request, so that they are of one moment.

        Raises UnableToReachMeter where the device does not answer, and UnreadableRegisters where it
        answers with a Modbus exception or with too few registers.
        """
        async with self._turn:
            try:
                words = await self._read_block(register_map)
            except BaseException:
                self.close()
                raise
        return decode_block(register_map, words)

    async def _read_block(self, register_map: RegisterMap) -> list[int]:
        client = await self._connect()
        holding = register_map.function == "holding"
        read = client.read_holding_registers if holding else client.read_input_registers
        try:
            answer = await read(
                register_map.address, count=register_map.length, device_id=self._device_id
            )
        except ModbusException as error:
            wait = format_quantity("wait_s", self._timeout_s, decimals=1)
            raise UnableToReachMeter(
                f"Device {self._device_id} on {self._host}:{self._port} does not answer within "
                f"{wait}.",
                remedy="Check the device's id and its bus behind the gateway, then read it again.",
            ) from error
        return self._words_of(answer, register_map)

    def _words_of(self, answer: ModbusPDU, register_map: RegisterMap) -> list[int]:
        name = f"Device {self._device_id} on {self._host}:{self._port}"
        last = register_map.address + register_map.length - 1
        block = f"registers {register_map.address} to {last}"
        if isinstance(answer, ExceptionResponse):
            raise UnreadableRegisters(
                f"{name} answers with Modbus exception {answer.exception_code} for {block}.",
                remedy=f"Check that the profile “{register_map.title}” fits the device.",
                retryable=answer.exception_code in _PASSING,
            )
        if len(answer.registers) != register_map.length:
            raise UnreadableRegisters(
                f"{name} gives {len(answer.registers)} of {register_map.length} {block}.",
                remedy="Read the device again.",
            )
        return list(answer.registers)

    async def _connect(self) -> AsyncModbusTcpClient:
        if self._client is not None and self._client.connected:
            return self._client
        self.close()
        self._client = AsyncModbusTcpClient(
            self._host,
            port=self._port,
            timeout=self._timeout_s,
            retries=0,
            reconnect_delay=0,
        )
        if not await self._client.connect():
            raise UnableToReachMeter(
                f"The device on {self._host}:{self._port} takes no connection.",
                remedy=_CONNECT_REMEDY,
            )
        return self._client
