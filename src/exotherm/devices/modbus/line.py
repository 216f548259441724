"""The Modbus client, over TCP or a serial line: reads a register map as one block."""

import asyncio
import contextlib
import errno
from types import TracebackType
from typing import Self

from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from pymodbus.constants import ExcCodes
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ExceptionResponse, ModbusPDU

from exotherm.core.hosts import place_of
from exotherm.core.units import format_quantity
from exotherm.devices.errors import UnableToReachMeter, UnableToWrite, UnreadableRegisters
from exotherm.devices.modbus.codec import ModbusReading, decode_block
from exotherm.devices.modbus.profile import RegisterMap
from exotherm.devices.reaching import unable_to_connect, why_unreached

_CONNECT_REMEDY = "Some devices take no second connection, or have Modbus switched off at first."
_SERIAL_REMEDY = (
    "Check that the adapter is plugged in, that you may use it (group dialout), that nothing else "
    "has it open, and that it can be set to this speed and parity."
)
_LINE_ERRORS: tuple[type[Exception], ...] = (OSError, ValueError)
with contextlib.suppress(ImportError):  # only there where serial lines are files
    import termios

    _LINE_ERRORS += (termios.error,)
_Client = AsyncModbusTcpClient | AsyncModbusSerialClient
_PASSING = {
    ExcCodes.ACKNOWLEDGE,
    ExcCodes.DEVICE_BUSY,
    ExcCodes.GATEWAY_PATH_UNAVIABLE,
    ExcCodes.GATEWAY_NO_RESPONSE,
}


class ModbusLine:
    """One connection to a Modbus device, made when it is needed and anew after a failure.

    With ``serial``, as in 19200 8E1, ``host`` is the path of a serial line and ``port`` unused.
    """

    def __init__(
        self,
        host: str,
        port: int = 502,
        *,
        device_id: int = 1,
        timeout_s: float = 2.0,
        serial: str | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._device_id = device_id
        self._timeout_s = timeout_s
        self._serial = serial
        self._turn = asyncio.Lock()
        self._client: _Client | None = None

    @property
    def _place(self) -> str:
        return self._host if self._serial else place_of(self._host, self._port)

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

    async def read_identification(self) -> dict[str, str]:
        """Ask for maker, model and firmware by function 43; nothing where the device has it not.

        Raises UnableToReachMeter where no connection is made.
        """
        async with self._turn:
            client = await self._connect()
            try:
                answer = await client.read_device_information(device_id=self._device_id)
            except ModbusException:
                self.close()
                return {}
        told = {} if answer.isError() else getattr(answer, "information", {})
        texts = {key: bytes(text).decode("ascii", "replace") for key, text in told.items()}
        named = {"maker": texts.get(0), "model": texts.get(1), "firmware": texts.get(2)}
        return {part: text.strip() for part, text in named.items() if text}

    async def write_words(self, address: int, words: list[int]) -> None:
        """Write holding registers by function 16; raises UnableToWrite or UnableToReachMeter."""
        async with self._turn:
            try:
                client = await self._connect()
                answer = await client.write_registers(address, words, device_id=self._device_id)
            except ModbusException as error:
                self.close()
                raise UnableToReachMeter(
                    f"Device {self._device_id} on {self._place} does not answer.",
                    remedy="Read back what it does before writing again.",
                ) from error
        if answer.isError():
            raise UnableToWrite(
                f"Device {self._device_id} on {self._place} refuses register {address}.",
                remedy="Check that it is switched to outside control, and the profile's address.",
            )

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
                f"Device {self._device_id} on {self._place} does not answer within {wait}.",
                remedy="Check the device's id and its bus behind the gateway, then read it again.",
            ) from error
        return self._words_of(answer, register_map)

    def _words_of(self, answer: ModbusPDU, register_map: RegisterMap) -> list[int]:
        name = f"Device {self._device_id} on {self._place}"
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

    async def _connect(self) -> _Client:
        if self._client is not None and self._client.connected:
            return self._client
        self.close()
        self._client = self._new_client()
        try:
            connected = await self._client.connect()
        except _LINE_ERRORS:
            # A line that cannot be set to this speed or parity.
            connected = False
        if not connected:
            raise await self._unconnected()
        return self._client

    async def _unconnected(self) -> UnableToReachMeter:
        if self._serial:
            return UnableToReachMeter(
                f"The line on {self._host} takes no connection.", remedy=_SERIAL_REMEDY
            )
        why = await why_unreached(self._host, self._port, wait_s=self._timeout_s)
        return unable_to_connect(
            f"The device on {self._place}",
            why or ConnectionResetError(errno.ECONNRESET, ""),
            wait_s=self._timeout_s,
            remedy=_CONNECT_REMEDY,
        )

    def _new_client(self) -> _Client:
        quick = {"timeout": self._timeout_s, "retries": 0, "reconnect_delay": 0}
        if self._serial is None:
            return AsyncModbusTcpClient(self._host, port=self._port, **quick)  # type: ignore[arg-type]
        rate, _, frame = self._serial.partition(" ")
        return AsyncModbusSerialClient(
            self._host,
            baudrate=int(rate),
            bytesize=int(frame[0]),
            parity=frame[1],
            stopbits=int(frame[2]),
            **quick,  # type: ignore[arg-type]
        )
