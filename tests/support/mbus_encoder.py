"""A meter on paper: any value written as EN 13757-3 has it, without a line of the decoder.

Quantities stand in the standard's own units (Wh, J, W, m³), so that the decoder's choice of kWh and
GJ is checked by computing, not by copying its tables.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction

from hypothesis import strategies as st

Told = Fraction | str | date | datetime | time

# VIB, how many codes follow with ten times the one before, power of ten of the first in the
# standard's unit, and what the decoder calls the unit, with how many of it the standard's one is.
SCALED: tuple[tuple[str, int, int, str, str], ...] = (
    ("00", 8, -3, "kWh", "1/1000"),
    ("08", 8, 0, "GJ", "1/1000000000"),
    ("10", 8, -6, "m³", "1"),
    ("18", 8, -3, "kg", "1"),
    ("28", 8, -3, "kW", "1/1000"),
    ("30", 8, 0, "GJ/h", "1/1000000000"),
    ("38", 8, -6, "m³/h", "1"),
    ("40", 8, -7, "m³/min", "1"),
    ("48", 8, -9, "m³/s", "1"),
    ("50", 8, -3, "kg/h", "1"),
    ("58", 4, -3, "°C", "1"),
    ("5C", 4, -3, "°C", "1"),
    ("60", 4, -3, "K", "1"),
    ("64", 4, -3, "°C", "1"),
    ("68", 4, -3, "bar", "1"),
    ("FB00", 2, -1, "kWh", "1000"),
    ("FB08", 2, -1, "GJ", "1"),
    ("FB10", 2, 2, "m³", "1"),
    ("FB28", 2, -1, "kW", "1000"),
    ("FB2C", 4, -3, "Hz", "1"),
    ("FB30", 2, -1, "GJ/h", "1"),
    ("FD40", 16, -9, "V", "1"),
    ("FD50", 16, -12, "A", "1"),
)
FUNCTIONS = ("instantaneous", "maximum", "minimum", "error")
_INTEGER_FIELDS = {1: 1, 2: 2, 3: 3, 4: 4, 6: 6, 8: 7}
_DIGIT_FIELDS = {1: 9, 2: 10, 3: 11, 4: 12, 6: 14}
_FLOAT, _VARIABLE = 5, 13


@dataclass(frozen=True, slots=True)
class Written:
    """A record in its three parts, and what a reader must make of it; ``value`` None if invalid."""

    field: int
    vib: bytes
    data: bytes
    unit: str
    value: Told | None
    function: int
    storage: int
    tariff: int
    subunit: int

    @property
    def valid(self) -> bool:
        return self.value is not None and FUNCTIONS[self.function] != "error"

    def to_bytes(self, *, big_endian: bool = False) -> bytes:
        data = self.data
        if big_endian:
            head = 1 if self.field == _VARIABLE else 0
            data = data[:head] + data[head:][::-1]
        return self._dib() + self.vib + data

    def _dib(self) -> bytes:
        """Write four bits of the storage, two of the tariff, one of the subunit in each DIFE."""
        storage, tariff, subunit = self.storage >> 1, self.tariff, self.subunit
        extensions = []
        while storage or tariff or subunit:
            extensions.append((subunit & 1) << 6 | (tariff & 3) << 4 | storage & 15)
            storage, tariff, subunit = storage >> 4, tariff >> 2, subunit >> 1
        dif = self.field | self.function << 4 | (self.storage & 1) << 6
        chain = [dif, *extensions]
        return bytes([byte | 0x80 for byte in chain[:-1]] + chain[-1:])


def framed(records: bytes, *, big_endian: bool = False) -> bytes:
    """Put records behind a header and into a frame with its checksum."""
    named = bytes.fromhex("12345678 4024 0104" if big_endian else "78563412 2440 0104")
    payload = bytes((8, 5, 0x76 if big_endian else 0x72)) + named + bytes((0x55, 0, 0, 0)) + records
    assert len(payload) <= 255, len(payload)
    return (
        bytes((0x68, len(payload), len(payload), 0x68))
        + payload
        + bytes((sum(payload) % 256, 0x16))
    )


Draw = Callable[[st.SearchStrategy[int]], int]


@st.composite
def written(draw: Draw, *, invalid: bool = False) -> Written:
    """Draw a record of any kind; with ``invalid`` one that marks its value as none."""
    kinds = _INVALID if invalid else _VALID
    field, vib, data, unit, value = kinds[draw(st.integers(0, len(kinds) - 1))](draw)
    return Written(
        field=field,
        vib=vib,
        data=data,
        unit=unit,
        value=value,
        function=draw(st.integers(0, 3)),
        storage=draw(st.integers(0, 3) | st.integers(0, 2**41 - 1)),
        tariff=draw(st.integers(0, 3) | st.integers(0, 2**20 - 1)),
        subunit=draw(st.integers(0, 1) | st.integers(0, 2**10 - 1)),
    )


_Parts = tuple[int, bytes, bytes, str, Told | None]


def _scale(draw: Draw) -> tuple[bytes, str, Fraction]:
    """Draw a quantity, perhaps with multiplicative corrections: VIB, unit, and what one counts."""
    vib_hex, count, power, unit, factor = SCALED[draw(st.integers(0, len(SCALED) - 1))]
    step = draw(st.integers(0, count - 1))
    vib = bytearray(bytes.fromhex(vib_hex))
    vib[-1] += step
    power += step
    for _ in range(draw(st.integers(0, 2))):
        correction = draw(st.integers(0, 8))
        vib[-1] |= 0x80
        vib.append(0x7D if correction == 8 else 0x70 + correction)
        power += 3 if correction == 8 else correction - 6
    return bytes(vib), unit, Fraction(factor) * Fraction(10) ** power


def _integer(draw: Draw) -> _Parts:
    vib, unit, one = _scale(draw)
    size = draw(st.sampled_from(sorted(_INTEGER_FIELDS)))
    bound = 1 << (8 * size - 1)
    count = draw(st.integers(1 - bound, bound - 1))
    data = count.to_bytes(size, "little", signed=True)
    return _INTEGER_FIELDS[size], vib, data, unit, count * one


def _digits(draw: Draw) -> _Parts:
    vib, unit, one = _scale(draw)
    size = draw(st.sampled_from(sorted(_DIGIT_FIELDS)))
    count = draw(st.integers(1 - 10 ** (2 * size - 1), 10 ** (2 * size) - 1))
    text = f"{count:0{2 * size}d}" if count >= 0 else f"F{-count:0{2 * size - 1}d}"
    return _DIGIT_FIELDS[size], vib, bytes.fromhex(text)[::-1], unit, count * one


def _float(draw: Draw) -> _Parts:
    vib, unit, one = _scale(draw)
    mantissa, exponent = draw(st.integers(-(2**24) + 1, 2**24 - 1)), draw(st.integers(-60, 60))
    number = Fraction(mantissa) * Fraction(2) ** exponent
    return _FLOAT, vib, struct.pack("<f", float(number)), unit, number * one


def _variable_integer(draw: Draw) -> _Parts:
    vib, unit, one = _scale(draw)
    size = draw(st.sampled_from([*range(1, 17), 20, 24, 28, 32, 48, 64]))
    bound = 1 << (8 * size - 1)
    count = draw(st.integers(1 - bound, bound - 1))
    length = {48: 0xF5, 64: 0xF6}.get(size, 0xE0 + size if size < 16 else 0xEC + size // 4)
    data = bytes((length,)) + count.to_bytes(size, "little", signed=True)
    return _VARIABLE, vib, data, unit, count * one


def _variable_digits(draw: Draw) -> _Parts:
    vib, unit, one = _scale(draw)
    size, sign = draw(st.integers(1, 9)), draw(st.sampled_from([1, -1]))
    count = draw(st.integers(0, 10 ** (2 * size) - 1))
    length = (0xC0 if sign == 1 else 0xD0) + size
    data = bytes((length,)) + bytes.fromhex(f"{count:0{2 * size}d}")[::-1]
    return _VARIABLE, vib, data, unit, sign * count * one


def _text(draw: Draw) -> _Parts:
    codes = [draw(st.integers(0x20, 0x7E)) for _ in range(draw(st.integers(0, 20)))]
    text = "".join(map(chr, codes))
    return _VARIABLE, b"\xfd\x11", bytes((len(codes), *codes[::-1])), "", text


def _unsigned(draw: Draw) -> _Parts:
    """Write what never has a sign, and takes all ones as "invalid": a count of resets, type C."""
    size = draw(st.sampled_from(sorted(_INTEGER_FIELDS)))
    count = draw(st.integers(0, (1 << 8 * size) - 2))
    return _INTEGER_FIELDS[size], b"\xfd\x60", count.to_bytes(size, "little"), "", Fraction(count)


def _flags(draw: Draw) -> _Parts:
    size = draw(st.sampled_from(sorted(_INTEGER_FIELDS)))
    bits = draw(st.integers(0, (1 << 8 * size) - 1))
    return _INTEGER_FIELDS[size], b"\xfd\x17", bits.to_bytes(size, "little"), "", Fraction(bits)


def _moment(draw: Draw) -> datetime:
    """Draw a second of the hundred years that two digits tell: 1981 to 2080."""
    days, rest = divmod(draw(st.integers(0, 36_525 * 86_400 - 1)), 86_400)
    day = date.fromordinal(date(1981, 1, 1).toordinal() + days)
    return datetime.combine(day, time(rest // 3600, rest // 60 % 60, rest % 60))


def _day_bytes(day: date) -> list[int]:
    year = day.year % 100
    return [day.day | (year & 7) << 5, day.month | (year >> 3) << 4]


def _date(draw: Draw) -> _Parts:
    day = _moment(draw).date()
    return 2, b"\x6c", bytes(_day_bytes(day)), "", day


def _minute(draw: Draw) -> _Parts:
    moment = _moment(draw).replace(second=0)
    century = 0 if draw(st.booleans()) else (moment.year - 1900) // 100
    data = [moment.minute, moment.hour | century << 5, *_day_bytes(moment)]
    return 4, b"\x6d", bytes(data), "", moment


def _second(draw: Draw) -> _Parts:
    moment = _moment(draw)
    leap = 0x80 if draw(st.booleans()) else 0
    weekday = draw(st.integers(0, 7)) << 5
    week = draw(st.integers(0, 53))
    data = [moment.second | leap, moment.minute, moment.hour | weekday, *_day_bytes(moment), week]
    return 6, b"\x6d", bytes(data), "", moment


def _of_day(draw: Draw) -> _Parts:
    moment = _moment(draw).time()
    return 3, b"\x6d", bytes((moment.second, moment.minute, moment.hour)), "", moment


def _least(draw: Draw) -> _Parts:
    vib, unit, _ = _scale(draw)
    size = draw(st.sampled_from(sorted(_INTEGER_FIELDS)))
    return _INTEGER_FIELDS[size], vib, bytes(size - 1) + b"\x80", unit, None


def _all_ones(draw: Draw) -> _Parts:
    size = draw(st.sampled_from(sorted(_INTEGER_FIELDS)))
    return _INTEGER_FIELDS[size], b"\xfd\x60", b"\xff" * size, "", None


def _display_code(draw: Draw) -> _Parts:
    field, vib, data, unit, _ = _digits(draw)
    digits = list(data[::-1].hex())
    # An F in the first place would be a sign.
    place = draw(st.integers(0, len(digits) - 1))
    digits[place] = "ABCDE"[draw(st.integers(0, 4))]
    return field, vib, bytes.fromhex("".join(digits))[::-1], unit, None


def _not_a_number(draw: Draw) -> _Parts:
    vib, unit, _ = _scale(draw)
    bits = draw(st.sampled_from([0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001, 0xFFFFFFFF]))
    return _FLOAT, vib, bits.to_bytes(4, "little"), unit, None


def _marked_minute(draw: Draw) -> _Parts:
    _, vib, data, unit, _ = _minute(draw)
    return 4, vib, bytes((data[0] | 0x80, *data[1:])), unit, None


def _marked_second(draw: Draw) -> _Parts:
    _, vib, data, unit, _ = _second(draw)
    return 6, vib, bytes((data[0], data[1] | 0x80, *data[2:])), unit, None


def _no_such_day(draw: Draw) -> _Parts:
    days = ((31, 2), (30, 2), (31, 4), (31, 11), (1, 13), (1, 0), (0, 1))
    day, month = days[draw(st.integers(0, len(days) - 1))]
    return 2, b"\x6c", bytes((day | 0x40, month | 0x10)), "", None


def _reported(draw: Draw) -> _Parts:
    field, vib, data, unit, _ = _integer(draw)
    error = draw(
        st.sampled_from([*range(0x01, 0x08), *range(0x0B, 0x10), *range(0x15, 0x19), 0x1C])
    )
    return field, vib[:-1] + bytes((vib[-1] | 0x80, error)), data, unit, None


_VALID: tuple[Callable[[Draw], _Parts], ...] = (
    _integer,
    _digits,
    _float,
    _variable_integer,
    _variable_digits,
    _text,
    _unsigned,
    _flags,
    _date,
    _minute,
    _second,
    _of_day,
)
_INVALID: tuple[Callable[[Draw], _Parts], ...] = (
    _least,
    _all_ones,
    _display_code,
    _not_a_number,
    _marked_minute,
    _marked_second,
    _no_such_day,
    _reported,
)
