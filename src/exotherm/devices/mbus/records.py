"""The records of a telegram (EN 13757-3, variable structure): each judged by itself. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from exotherm.devices.mbus.cut import (
    Break,
    end_of_dib,
    end_of_vib,
    size_of_variable,
    with_text_first,
)
from exotherm.devices.mbus.frame import unreadable
from exotherm.devices.mbus.record import SUMMER_TIME, Function, Record, RecordBlock
from exotherm.devices.mbus.values import (
    Decoded,
    is_summer_time,
    read_bcd,
    read_flags,
    read_float,
    read_identity,
    read_moment,
    read_nothing,
    read_rating,
    read_rating_digits,
    read_raw,
    read_signed,
    read_unsigned,
    read_variable,
    read_variable_unsigned,
)
from exotherm.devices.mbus.vif import Coding, Meaning, meaning_of

_IDLE_FILLER = 0x2F
_MANUFACTURER_DATA = 0x0F
_MORE_FOLLOWS = 0x1F
_VARIABLE = -1
_VARIABLE_BINARY = 0xE0
_INTEGERS = frozenset({0x01, 0x02, 0x03, 0x04, 0x06, 0x07})
_DIGITS = frozenset({0x09, 0x0A, 0x0B, 0x0C, 0x0E})
_READER_OF_INTEGERS = {
    Coding.COUNT: read_unsigned,
    Coding.IDENTITY: read_unsigned,
    Coding.BITS: read_flags,
}
_ERROR_REASON = "the meter gives it as a value during an error"
_TEXT_REASON = "a text stands where a number is due"


_Reader = Callable[[bytes, int], Decoded]

_FUNCTIONS = tuple(Function)
_SIZES = (0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, _VARIABLE, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What the bytes before the data say; telegrams repeat the same few heads forever."""

    size: int
    decode: _Reader
    meaning: Meaning
    function: Function
    storage: int
    tariff: int
    subunit: int
    reason: str


def read_records(body: bytes, *, big_endian: bool = False) -> RecordBlock:
    """Read the records behind a telegram's header.

    A bad value spoils only its own record. ``big_endian`` is mode 2, in which the first byte of a
    value is its highest. Raises UnreadableTelegram where a record's length cannot be told, because
    nothing behind it can be trusted then.
    """
    block = scan_records(body, big_endian=big_endian)
    if block.broken:
        raise unreadable(block.broken)
    return block


def scan_records(body: bytes, *, big_endian: bool = False) -> RecordBlock:
    """Read the records as far as they can be told apart, for a person to look at."""
    records: list[Record] = []
    at, end = 0, len(body)
    while at < end:
        dif = body[at]
        if dif == _IDLE_FILLER:
            at += 1
            continue
        if dif in {_MANUFACTURER_DATA, _MORE_FOLLOWS}:
            return RecordBlock(
                records=tuple(records),
                manufacturer_data=body[at + 1 :],
                more_follows=dif == _MORE_FOLLOWS,
            )
        try:
            record, size = _read_record(body, at, len(records), big_endian=big_endian)
        except Break as reason:
            return _broken_block(records, str(reason), rest=body[at:])
        records.append(record)
        at += size
    return RecordBlock(records=tuple(records))


def _broken_block(records: list[Record], why: str, *, rest: bytes) -> RecordBlock:
    return RecordBlock(
        records=tuple(
            replace(record, reason=record.reason or f"the telegram is broken behind it: {why}")
            for record in records
        ),
        broken=why,
        rest=rest,
    )


def _read_record(body: bytes, at: int, place: int, *, big_endian: bool) -> tuple[Record, int]:
    vib_at = end_of_dib(body, at)
    data_at = end_of_vib(body, vib_at)
    vib = with_text_first(body[vib_at:data_at], big_endian=big_endian)
    head = _head_of(body[at:vib_at], vib)
    size = head.size if head.size != _VARIABLE else size_of_variable(body, data_at)
    data_end = data_at + size
    if data_end > len(body):
        raise Break(f"it ends inside the data of record {place}")
    data = body[data_at:data_end]
    if big_endian:
        data = data[:1] + data[:0:-1] if head.size == _VARIABLE else data[::-1]
    return _record(head, data, body[at:data_end]), data_end - at


def _record(head: _Head, data: bytes, raw: bytes) -> Record:
    meaning = head.meaning
    value, reason = head.decode(data, meaning.exponent)
    qualifiers = meaning.qualifiers
    if meaning.coding is Coding.MOMENT and is_summer_time(data):
        qualifiers = (*qualifiers, SUMMER_TIME)
    unit = meaning.unit
    if unit and isinstance(value, str):
        # A text has no unit; where a unit in plain text is its name, it is what it should be.
        reason, unit = ("", "") if meaning.quantity.startswith("text:") else (_TEXT_REASON, unit)
    return Record(
        quantity=meaning.quantity,
        unit=unit,
        value=value,
        function=head.function,
        storage=head.storage,
        tariff=head.tariff,
        subunit=head.subunit,
        qualifiers=qualifiers,
        reason=head.reason or reason,
        raw=raw.hex(),
    )


@lru_cache(maxsize=4096)
def _head_of(dib: bytes, vib: bytes) -> _Head:
    dif = dib[0]
    field = dif & 0x0F
    if field == 0x0F:
        raise Break(f"the DIF {dif:02X} is reserved")
    storage, tariff, subunit = (dif >> 6) & 0x01, 0, 0
    for place, extension in enumerate(dib[1:]):
        storage |= (extension & 0x0F) << (4 * place + 1)
        tariff |= ((extension >> 4) & 0x03) << (2 * place)
        subunit |= ((extension >> 6) & 0x01) << place
    function = _FUNCTIONS[(dif >> 4) & 0x03]
    meaning = meaning_of(vib)
    return _Head(
        size=_SIZES[field],
        decode=_reader_of(field, meaning.coding),
        meaning=meaning,
        function=function,
        storage=storage,
        tariff=tariff,
        subunit=subunit,
        reason=meaning.reason or (_ERROR_REASON if function is Function.ERROR else ""),
    )


def _reader_of(field: int, coding: Coding) -> _Reader:
    """Choose how the data are read: by what the value means first, then by the data field."""
    if coding is Coding.RAW:
        return read_raw
    if field in {0x00, 0x08}:
        return read_nothing
    if coding in _READERS_OF:
        readers, other = _READERS_OF[coding]
        return readers.get(field, other)
    if field == 0x05:
        return read_float
    if field == 0x0D:
        return read_variable if coding is Coding.NUMBER else read_variable_unsigned
    if field >= 0x09:
        return read_bcd
    if field == 0x07 and coding is Coding.IDENTITY:
        return read_identity
    return _READER_OF_INTEGERS.get(coding, read_signed)


def _read_variable_moment(data: bytes, exponent: int) -> Decoded:
    if data[0] >= _VARIABLE_BINARY:
        return None, "a time of variable length (type M) is not read"
    return _read_wrong_moment(data, exponent)


def _read_wrong_moment(_data: bytes, _exponent: int) -> Decoded:
    return None, "a date or time is not written as digits, a float or a text"


def _read_wrong_rating(_data: bytes, _exponent: int) -> Decoded:
    return None, "a rating factor is not written as a float or a text"


_INTEGER_RATINGS: dict[int, _Reader] = dict.fromkeys(_INTEGERS, read_rating)
_DIGIT_RATINGS: dict[int, _Reader] = dict.fromkeys(_DIGITS, read_rating_digits)
_READERS_OF: dict[Coding, tuple[dict[int, _Reader], _Reader]] = {
    Coding.MOMENT: (
        dict.fromkeys(_INTEGERS, read_moment) | {0x0D: _read_variable_moment},
        _read_wrong_moment,
    ),
    Coding.RATING: (_INTEGER_RATINGS | _DIGIT_RATINGS, _read_wrong_rating),
}
"""The readers of what has only some data fields, by field, and the one that says so of others."""
