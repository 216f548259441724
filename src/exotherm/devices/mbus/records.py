"""The records of a telegram (EN 13757-3, variable structure): each judged by itself. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from exotherm.devices.mbus.frame import unreadable
from exotherm.devices.mbus.record import SUMMER_TIME, Function, Record, RecordBlock
from exotherm.devices.mbus.values import (
    Decoded,
    is_summer_time,
    lvar_size,
    read_bcd,
    read_flags,
    read_float,
    read_moment,
    read_nothing,
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
_EXTENSIONS_MAX = 10
_VARIABLE = -1
_INTEGERS = frozenset({0x01, 0x02, 0x03, 0x04, 0x06, 0x07})
_READER_OF_INTEGERS = {Coding.COUNT: read_unsigned, Coding.BITS: read_flags}
_ERROR_REASON = "the meter gives it as a value during an error"
_TEXT_REASON = "a text stands where a number is due"


_FUNCTIONS = tuple(Function)
_SIZES = (0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, _VARIABLE, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What the bytes before the data say; telegrams repeat the same few heads forever."""

    size: int
    decode: Callable[[bytes, int], Decoded]
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
        except _Break as reason:
            return _broken_block(records, str(reason), rest=body[at:])
        records.append(record)
        at += size
    return RecordBlock(records=tuple(records))


class _Break(Exception):  # noqa: N818 - no error of the program: a place where the records end
    """Says why the length of the next record cannot be told."""


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
    vib_at = _end_of_chain(body, at)
    data_at = _end_of_vib(body, vib_at)
    vib = body[vib_at:data_at]
    head = _head_of(body[at:vib_at], _with_text_reversed(vib) if big_endian else vib)
    size = head.size if head.size != _VARIABLE else _variable_size(body, data_at)
    data_end = data_at + size
    if data_end > len(body):
        raise _Break(f"it ends inside the data of record {place}")
    data = body[data_at:data_end]
    if big_endian:
        data = data[:1] + data[:0:-1] if head.size == _VARIABLE else data[::-1]
    return _record(head, data, body[at:data_end]), data_end - at


def _with_text_reversed(vib: bytes) -> bytes:
    if vib[0] & 0x7F != 0x7C:
        return vib
    text_end = 2 + vib[1]
    return vib[:2] + vib[2:text_end][::-1] + vib[text_end:]


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


def _end_of_chain(body: bytes, at: int) -> int:
    """Find the end of a byte and those that its extension bit announces."""
    end = len(body)
    start = at
    while at < end and body[at] & 0x80:
        at += 1
    if at - start > _EXTENSIONS_MAX:
        raise _Break(f"more than {_EXTENSIONS_MAX} extension bytes follow each other")
    if at >= end:
        raise _Break("it ends inside the head of a record")
    return at + 1


def _end_of_vib(body: bytes, at: int) -> int:
    """Find the end of a VIF, of its text if it is written in one, and of its VIFEs."""
    if at >= len(body) or body[at] & 0x7F != 0x7C:
        return _end_of_chain(body, at)
    text_end = at + 2 + body[at + 1] if at + 1 < len(body) else len(body) + 1
    if text_end > len(body):
        raise _Break("it ends inside a unit in plain text")
    return _end_of_chain(body, text_end) if body[at] & 0x80 else text_end


def _variable_size(body: bytes, at: int) -> int:
    if at >= len(body):
        raise _Break("it ends before the length of a record")
    size = lvar_size(body[at])
    if size is None:
        raise _Break(f"the variable length {body[at]:02X} is reserved")
    return 1 + size


@lru_cache(maxsize=4096)
def _head_of(dib: bytes, vib: bytes) -> _Head:
    dif = dib[0]
    field = dif & 0x0F
    if field == 0x0F:
        raise _Break(f"the DIF {dif:02X} is reserved")
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


def _reader_of(field: int, coding: Coding) -> Callable[[bytes, int], Decoded]:
    """Choose how the data are read: by what the value means first, then by the data field."""
    if coding is Coding.RAW:
        return read_raw
    if field in {0x00, 0x08}:
        return read_nothing
    if coding is Coding.MOMENT:
        return read_moment if field in _INTEGERS else _read_wrong_moment
    if field == 0x05:
        return read_float
    if field == 0x0D:
        return read_variable if coding is Coding.NUMBER else read_variable_unsigned
    if field >= 0x09:
        return read_bcd
    return _READER_OF_INTEGERS.get(coding, read_signed)


def _read_wrong_moment(_data: bytes, _exponent: int) -> Decoded:
    return None, "a date or time is not written as digits, a float or a text"
