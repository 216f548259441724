"""A second opinion on one record of a telegram, from its raw bytes alone.

It is written from the standard without the decoder's tables and readers, and knows less: what it
does not know it does not judge. Its one question is whether a value that is given as valid is what
the bytes say.
"""

import math
import struct
from datetime import date, datetime, time
from decimal import Context, Decimal

from exotherm.devices.mbus.record import Function, Record
from exotherm.devices.mbus.values import Value

_WIDE = Context(prec=1000)
_SIZE_OF_FIELD = {1: 1, 2: 2, 3: 3, 4: 4, 5: 4, 6: 6, 7: 8, 9: 1, 10: 2, 11: 3, 12: 4, 14: 6}
# First VIF, last VIF, and the power of ten of the first, in the units that we give.
_SCALES = (
    (0x00, 0x07, -6),  # energy, kWh
    (0x08, 0x0F, -9),  # energy, GJ
    (0x10, 0x17, -6),  # volume, m³
    (0x28, 0x2F, -6),  # power, kW
    (0x38, 0x3F, -6),  # flow, m³/h
    (0x58, 0x5B, -3),  # supply temperature, °C
    (0x5C, 0x5F, -3),  # return temperature, °C
    (0x60, 0x63, -3),  # temperature difference, K
)


def objection_to(record: Record, *, big_endian: bool = False) -> str:
    """Say why a record that is given as valid is not, or as given is wrong; empty where it is fine.

    Records that are given as invalid are never objected to. ``big_endian`` is mode 2.
    """
    if not record.valid:
        return "" if record.reason else "invalid without a reason"
    raw = bytes.fromhex(record.raw)
    if record.value is None:
        return "valid without a value"
    if record.function is Function.ERROR or (raw[0] >> 4) & 3 == 3:
        return "valid during an error"
    return _objection_to_value(record.value, raw, big_endian=big_endian)


def _objection_to_value(value: Value, raw: bytes, *, big_endian: bool) -> str:
    field = raw[0] & 0x0F
    if field == 0x0D:
        return "" if isinstance(value, str | int | Decimal) else f"{value} of a variable length"
    size = _SIZE_OF_FIELD.get(field)
    if size is None:
        return f"a value in the data field {field:X}"
    data = raw[len(raw) - size :][:: -1 if big_endian else 1]
    if isinstance(value, date | time):
        return _objection_to_moment(value, data)
    if isinstance(value, str):
        return _objection_to_identity(value, raw, data)
    count = _count_of(field, data)
    if count is None:
        return f"a number from {data.hex()}"
    if _counts_4096ths(raw):
        same = _digits(_WIDE.multiply(Decimal(value), Decimal(4096))) == _digits(count)
        # An extension may make it the duration of something, which is counted as it stands.
        if same or not _vib_of(raw)[1] & 0x80:
            return "" if same else f"{value} from {count} 4096ths"
    return _objection_to_number(raw, Decimal(value), count)


def _objection_to_identity(value: str, raw: bytes, data: bytes) -> str:
    """Only what selects a meter is a text without a variable length: its digits and four bytes."""
    if _vib_of(raw)[0] & 0x7F != 0x79 or len(data) != 8 or set(data) == {0xFF}:
        return "a text without a variable length"
    digits = "".join(f"{data[place]:02X}" for place in (3, 2, 1, 0, 4, 5, 6, 7))
    return "" if value == digits else f"{value} from {data.hex()}"


def _counts_4096ths(raw: bytes) -> bool:
    vib = _vib_of(raw)
    return vib[0] == 0xFB and vib[1] & 0x7F in {0x68, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E}


def _vib_of(raw: bytes) -> bytes:
    """Give the bytes from the VIF on."""
    at = 0
    while raw[at] & 0x80:
        at += 1
    return raw[at + 1 :]


def _count_of(field: int, data: bytes) -> Decimal | None:
    """Give the number that the data write, before any power of ten; None where it is none."""
    if field == 5:
        (number,) = struct.unpack("<f", data)
        return Decimal(number) if math.isfinite(number) else None
    if field >= 9:
        digits = "".join(f"{byte:02X}" for byte in reversed(data))
        sign, digits = ("-", "0" + digits[1:]) if digits.startswith("F") else ("", digits)
        return Decimal(sign + digits) if set(digits) <= set("0123456789") else None
    return Decimal(sum(byte << (8 * place) for place, byte in enumerate(data)))


def _objection_to_number(raw: bytes, value: Decimal, count: Decimal) -> str:
    size = _SIZE_OF_FIELD[raw[0] & 0x0F]
    integer = raw[0] & 0x0F <= 7 and raw[0] & 0x0F != 5
    lowest = Decimal(1 << (8 * size - 1))
    possible = {count}
    if integer and count > lowest:
        possible.add(count - 2 * lowest)
    elif integer and count == lowest and _digits(value) == _digits(-lowest) and value < 0:
        return "the least of the integers as a value"
    scale = _scale_of(raw)
    if scale is not None:
        right = value in {each.scaleb(scale, _WIDE) for each in possible}
        return "" if right else f"{value} from {count} at ten to the {scale}"
    same = any(_digits(value) == _digits(each) for each in possible)
    return "" if same else f"{value} from {count}"


def _digits(value: Decimal) -> tuple[int, tuple[int, ...]]:
    """Give sign and digits, which no power of ten changes."""
    text = f"{abs(value):f}".replace(".", "").strip("0")
    return (0 if not text else 1 if value > 0 else -1), tuple(map(int, text))


def _scale_of(raw: bytes) -> int | None:
    """Give the power of ten of a plain VIF of a quantity that is billed or shown with a bill."""
    vif = _vib_of(raw)[0]
    for first, last, exponent in _SCALES:
        if first <= vif <= last:
            return exponent + vif - first
    return None


def _objection_to_moment(value: date | time, data: bytes) -> str:
    if len(data) == 4 and data[0] & 0x80:
        return "a time that is marked as invalid"
    if len(data) == 6 and data[1] & 0x80:
        return "a time that is marked as invalid"
    said = _parts_said(data)
    return "" if _parts(value)[: len(said)] == said else f"{value} from {data.hex()}"


def _parts_said(data: bytes) -> tuple[int, ...]:
    if len(data) == 3:
        return tuple(data[::-1])
    at = 3 if len(data) == 6 else len(data) - 2
    day = (data[at + 1] & 15, data[at] & 31)
    if len(data) == 2:
        return day
    if len(data) == 4:
        return (*day, data[1] & 31, data[0] & 63)
    return (*day, data[2] & 31, data[1] & 63, data[0] & 63)


def _parts(value: date | time) -> tuple[int, ...]:
    if isinstance(value, datetime):
        return (value.month, value.day, value.hour, value.minute, value.second)
    if isinstance(value, date):
        return (value.month, value.day)
    return (value.hour, value.minute, value.second)
