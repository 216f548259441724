"""The data types of EN 13757-3, annex A: bytes to exact values. Pure.

Every reader takes the data and the power of ten, and gives the value with an empty reason, or the
reason why there is none. Numbers never pass through binary floating point.
"""

import struct
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Context, Decimal, Inexact, InvalidOperation

Value = int | Decimal | str | date | datetime | time
"""A whole number, an exact decimal, a text, or a moment of the meter's own clock without a zone."""

Decoded = tuple[Value | None, str]

# Wide enough for any float64 and any 64-byte integer; a rounding would be our bug and raises.
_EXACT = Context(prec=1200, traps=[Inexact, InvalidOperation])
_LVAR_DOUBLE = 0xF8
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)), "�")
_EVERY_YEAR = 127
_REPEATING = "it is a repeating date, not one date"


def scale_exactly(count: int, exponent: int) -> int | Decimal:
    """Give count times ten to the exponent: an int where that is whole, else a Decimal."""
    if exponent >= 0:
        factor: int = 10**exponent
        return count * factor
    return Decimal(count).scaleb(exponent, _EXACT)


def read_nothing(_data: bytes, _exponent: int) -> Decoded:
    """Read a record that carries no data."""
    return None, "the record carries no data"


def read_signed(data: bytes, exponent: int) -> Decoded:
    """Read a signed binary integer (type B), whose least value stands for "invalid"."""
    count = int.from_bytes(data, "little", signed=True)
    if count == -1 << (8 * len(data) - 1):
        return None, "the meter marks the value as invalid (type B)"
    return scale_exactly(count, exponent), ""


def read_unsigned(data: bytes, exponent: int) -> Decoded:
    """Read an unsigned binary integer (type C), whose greatest value stands for "invalid"."""
    if data.count(0xFF) == len(data):
        return None, "the meter marks the value as invalid (type C)"
    return scale_exactly(int.from_bytes(data, "little"), exponent), ""


def read_flags(data: bytes, exponent: int) -> Decoded:
    """Read flags as the number whose bits they are (type D)."""
    return scale_exactly(int.from_bytes(data, "little"), exponent), ""


def read_rating(data: bytes, exponent: int) -> Decoded:
    """Read an unsigned binary integer that counts 4096ths (type C), as an exact decimal."""
    return _in_4096ths(read_unsigned(data, 0), exponent)


def read_rating_digits(data: bytes, exponent: int) -> Decoded:
    """Read decimal digits that count 4096ths (type A), as an exact decimal."""
    return _in_4096ths(read_bcd(data, 0), exponent)


def _in_4096ths(decoded: Decoded, exponent: int) -> Decoded:
    count, reason = decoded
    if not isinstance(count, int):
        return count, reason
    # A 4096th is 2 to the -12, and so 5 to the 12 of 10 to the -12.
    return scale_exactly(count * 5**12, exponent - 12), reason


def read_identity(data: bytes, _exponent: int) -> Decoded:
    """Read the eight bytes that select a meter as the 16 digits in which people write them."""
    if data.count(0xFF) == len(data):
        return None, "the meter marks the value as invalid (type C)"
    return (data[3::-1] + data[4:]).hex().upper(), ""


def read_bcd(data: bytes, exponent: int) -> Decoded:
    """Read decimal digits (type A); an F in the highest place is a minus sign.

    Any other digit A to F is what a display shows instead of a number, and no value.
    """
    digits = data[::-1].hex()
    if digits.isdecimal():
        return scale_exactly(int(digits), exponent), ""
    if digits[0] == "f" and digits[1:].isdecimal():
        return scale_exactly(-int(digits[1:]), exponent), ""
    return None, f"the digits {digits.upper()} are a display code, not a number (type A)"


def read_float(data: bytes, exponent: int) -> Decoded:
    """Read a 32-bit float (type H) as the exact decimal that its bits stand for."""
    return _decimal_of(struct.unpack("<f", data)[0], exponent)


def _decimal_of(number: float, exponent: int) -> Decoded:
    value = Decimal(number)
    if not value.is_finite():
        return None, "the meter marks the value as not a number (type H)"
    # Zero has a sign in a float, and none as a reading.
    return (value or abs(value)).scaleb(exponent, _EXACT), ""


def read_moment(data: bytes, _exponent: int) -> Decoded:
    """Read a date (type G), a time (J), or both (F and I), told apart by their length."""
    reader = _MOMENTS.get(len(data))
    if reader is None:
        return None, f"no date or time has {len(data)} bytes"
    try:
        return reader(data)
    except ValueError:
        return None, f"{data[::-1].hex().upper()} is no date or time there is"


def read_raw(_data: bytes, _exponent: int) -> Decoded:
    """Leave alone what we cannot know the meaning of; its bytes stay in the record."""
    return None, "kept as bytes only"


def is_summer_time(data: bytes) -> bool:
    """Tell whether a date with time says that it is in summer time."""
    return (len(data) == 4 and data[1] & 0x80 > 0) or (len(data) == 6 and data[0] & 0x40 > 0)


def lvar_size(lvar: int) -> int | None:
    """Give the bytes that follow a variable-length byte (LVAR), or None for a reserved code.

    CA to CF, DA to DF (digits) and F8 (a float of 8 bytes) are reserved since 2013; they are read
    as the edition of 2004 has them, because meters of that time say so.
    """
    if lvar <= 0xBF:
        return lvar
    if lvar <= 0xEF:
        return lvar & 0x0F
    if lvar <= 0xF4:
        return 4 * (lvar - 0xEC)
    return {0xF5: 48, 0xF6: 64, _LVAR_DOUBLE: 8}.get(lvar)


def read_text(content: bytes) -> str:
    """Read a text in ISO 8859-1 whose last character comes first; padding is left out.

    A control character is shown as one that nobody can read, so that no meter writes to a terminal.
    """
    return content[::-1].decode("latin-1").strip("\0").translate(_CONTROLS)


def read_variable(data: bytes, exponent: int) -> Decoded:
    """Read data of variable length: its LVAR byte, then a text, digits or a binary integer."""
    return _read_variable(data, exponent, read_signed)


def read_variable_unsigned(data: bytes, exponent: int) -> Decoded:
    """Read data of variable length, in which a binary integer has no sign."""
    return _read_variable(data, exponent, read_flags)


def _read_variable(
    data: bytes, exponent: int, read_integer: Callable[[bytes, int], Decoded]
) -> Decoded:
    lvar, content = data[0], data[1:]
    if lvar <= 0xBF:
        return read_text(content), ""
    if not content:
        return read_nothing(content, exponent)
    if lvar == _LVAR_DOUBLE:
        return _decimal_of(struct.unpack("<d", content)[0], exponent)
    if lvar >= 0xE0:
        return read_integer(content, exponent)
    return _read_variable_digits(content, exponent, negative=lvar >= 0xD0)


def _read_variable_digits(content: bytes, exponent: int, *, negative: bool) -> Decoded:
    """Read digits whose sign the length byte tells, so that a sign among them is one too many."""
    value, reason = read_bcd(content, exponent)
    if not isinstance(value, int | Decimal):
        return value, reason
    if content[-1] >= 0xF0:
        return None, "the digits have a sign of their own beside that of their length (type A)"
    return (-value if negative else value), reason


def _year(two_digits: int) -> int:
    """Give the year of a two-digit one: 00 to 80 are 2000 to 2080, as EN 13757-3 recommends."""
    if two_digits > 99:
        raise ValueError(two_digits)
    return two_digits + (2000 if two_digits <= 80 else 1900)


def _two_digit_year(low: int, high: int) -> int:
    return (low >> 5) | ((high & 0xF0) >> 1)


def _repeats(low: int, high: int) -> bool:
    day, month = low & 0x1F, high & 0x0F
    return day == 0 or month in {0, 15} or _two_digit_year(low, high) == _EVERY_YEAR


def _date(low: int, high: int, century: int = 0) -> date:
    two_digits = _two_digit_year(low, high)
    year = 1900 + 100 * century + two_digits if century else _year(two_digits)
    if two_digits > 99:
        raise ValueError(two_digits)
    return date(year, high & 0x0F, low & 0x1F)


def _read_type_g(data: bytes) -> Decoded:
    if data in {b"\x00\x00", b"\xff\xff"}:
        return None, "the meter has no date to tell (type G)"
    if _repeats(data[0], data[1]):
        return None, _REPEATING
    return _date(data[0], data[1]), ""


def _read_type_f(data: bytes) -> Decoded:
    minute, hour, low, high = data
    if minute & 0x80:
        return None, "the meter marks its time as invalid (type F, bit IV)"
    if not any(data):
        return None, "the meter has no time to tell (type F)"
    if _repeats(low, high) or minute & 0x3F == 63 or hour & 0x1F == 31:
        return None, _REPEATING
    day = _date(low, high, century=(hour >> 5) & 0x03)
    return datetime.combine(day, time(hour & 0x1F, minute & 0x3F)), ""


def _read_type_i(data: bytes) -> Decoded:
    second, minute, hour, low, high, _week = data
    if minute & 0x80:
        return None, "the meter marks its time as invalid (type I, bit IV)"
    if not any(data):
        return None, "the meter has no time to tell (type I)"
    clock = (hour & 0x1F, minute & 0x3F, second & 0x3F)
    if _repeats(low, high) or clock[0] == 31 or 63 in clock[1:]:
        return None, _REPEATING
    return datetime.combine(_date(low, high), time(*clock)), ""


def _read_type_j(data: bytes) -> Decoded:
    if data == b"\xff\xff\xff":
        return None, "the meter marks its time as invalid (type J)"
    second, minute, hour = data
    if second == 63 or minute == 63 or hour == 31:
        return None, "it is a repeating time, not one time"
    return time(hour, minute, second), ""


_MOMENTS = {2: _read_type_g, 3: _read_type_j, 4: _read_type_f, 6: _read_type_i}
