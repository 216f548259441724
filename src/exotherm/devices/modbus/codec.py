"""Values in 16-bit registers and out of them, exactly. Pure."""

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from exotherm.devices.modbus.profile import Register, RegisterMap

Number = int | float | Decimal

_COUNT_MAX = 10**18
_FLOAT = {"float32": ">f", "float64": ">d"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusReading:
    """One reading of a device: a count by quantity, all of the moment that its clock tells.

    A count is None where the device marks the value as invalid; ``source_at`` is None where the
    device has no clock or does not know the time.
    """

    counts: Mapping[str, int | None]
    source_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusImage:
    """What a device shows at one moment: values by quantity in their unit, None for invalid."""

    values: Mapping[str, Number | None]
    at: datetime


def decode_block(register_map: RegisterMap, words: Sequence[int]) -> ModbusReading:
    """Read a block of registers that begins at the map's address."""
    assert len(words) == register_map.length, len(words)
    clock = register_map.clock_register
    epoch_s = _count_at(clock, register_map, words) if clock else None
    return ModbusReading(
        counts={
            register.quantity: _count_at(register, register_map, words)
            for register in register_map.registers
        },
        source_at=datetime.fromtimestamp(epoch_s, UTC) if epoch_s else None,
    )


def encode_block(register_map: RegisterMap, image: ModbusImage) -> list[int]:
    """Write a device's image as the block of registers that begins at the map's address.

    Gaps between registers are nought. A number that does not fit its encoding, and None where the
    profile has no pattern for it, raise AssertionError.
    """
    words = [0] * register_map.length
    shown: list[tuple[Register, Number | None]] = [
        (register, image.values[register.quantity]) for register in register_map.registers
    ]
    if clock := register_map.clock_register:
        shown.append((clock, int(image.at.timestamp())))
    for register, value in shown:
        start = register.address - register_map.address
        words[start : start + register.width] = encode_value(register, value)
    return words


def decode_value(register: Register, words: Sequence[int]) -> int | None:
    """Read the count of a register's last decimal, or None where the device has no value."""
    data = _data_of(register, words)
    if int.from_bytes(data, "big") == register.invalid_pattern:
        return None
    if register.is_float:
        (number,) = struct.unpack(_FLOAT[register.encoding], data)
        if not math.isfinite(number):
            return None
        value = Decimal(number)
    else:
        signed = register.encoding.startswith("int")
        value = Decimal(int.from_bytes(data, "big", signed=signed))
    shown = value * register.scale + register.offset
    count = int(shown.scaleb(register.decimals).to_integral_value())
    return count if abs(count) < _COUNT_MAX else None


def encode_value(register: Register, value: Number | None) -> list[int]:
    """Write a value in its unit as 16-bit words; the inverse of `decode_value`."""
    size = 2 * register.width
    if value is not None and not math.isfinite(value):
        value = None
    if register.is_float:
        number = math.nan if value is None else float(_told(register, value))
        return _words_of(register, struct.pack(_FLOAT[register.encoding], number))
    if value is None:
        assert register.invalid_pattern is not None, register.quantity
        return _words_of(register, register.invalid_pattern.to_bytes(size, "big"))
    raw = int(_told(register, value).to_integral_value())
    signed = register.encoding.startswith("int")
    limit = 1 << (8 * size - signed)
    assert (-limit if signed else 0) <= raw < limit, (register.quantity, raw)
    return _words_of(register, raw.to_bytes(size, "big", signed=signed))


def _told(register: Register, value: Number) -> Decimal:
    return (Decimal(value) - register.offset) / register.scale


def _count_at(register: Register, register_map: RegisterMap, words: Sequence[int]) -> int | None:
    start = register.address - register_map.address
    return decode_value(register, words[start : start + register.width])


def _data_of(register: Register, words: Sequence[int]) -> bytes:
    ordered = words if register.word_order == "big" else words[::-1]
    return b"".join(word.to_bytes(2, "big") for word in ordered)


def _words_of(register: Register, data: bytes) -> list[int]:
    words = [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
    return words if register.word_order == "big" else words[::-1]
