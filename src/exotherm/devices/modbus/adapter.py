"""A Modbus device by its profile."""

from collections.abc import Mapping
from decimal import Decimal

from exotherm.devices.abilities import Identity
from exotherm.devices.errors import UnableToWrite
from exotherm.devices.line import Address, Raw
from exotherm.devices.modbus.codec import encode_value
from exotherm.devices.modbus.line import ModbusLine
from exotherm.devices.modbus.profile import Register
from exotherm.devices.profile import ModbusProfile, ModbusSetPoint, SetPoint


class ModbusAdapter:
    """Reads the blocks of a profile one after the other, and writes its set-points."""

    def __init__(self, profile: ModbusProfile, address: Address, *, timeout_s: float) -> None:
        self._profile = profile
        self._line = ModbusLine(
            address.host,
            address.port,
            device_id=address.unit,
            timeout_s=timeout_s,
            serial=None if address.port else address.serial,
        )

    async def fetch(self) -> Mapping[str, Raw]:
        """Read all registers, by quantity."""
        told: dict[str, Raw] = {}
        for block in self._profile.blocks():
            reading = await self._line.read_registers(block)
            for register in block.registers:
                count = reading.counts[register.quantity]
                told[register.quantity] = (
                    Raw(number=None, reason="its registers hold the pattern for no value")
                    if count is None
                    else Raw(number=Decimal(count).scaleb(-register.decimals))
                )
        return told

    async def identify(self) -> Identity:
        """Give what the device says of itself by function 43, which few have; else nothing."""
        return Identity(**await self._line.read_identification())

    async def write(self, set_point: SetPoint, number: Decimal) -> None:
        """Write a set-point by function 16."""
        assert isinstance(set_point, ModbusSetPoint), set_point
        register = Register(
            quantity=set_point.quantity,
            address=set_point.address,
            encoding=set_point.encoding,
            word_order=set_point.word_order,
            scale=set_point.scale,
            decimals=0,
        )
        try:
            words = encode_value(register, number)
        except AssertionError as error:
            raise UnableToWrite(
                f"{number} does not fit the register of `{set_point.quantity}`.",
                remedy="Correct the bounds in the profile.",
            ) from error
        await self._line.write_words(set_point.address, words)

    async def close(self) -> None:
        """Let go of the connection."""
        self._line.close()
