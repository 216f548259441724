"""The records of a telegram (EN 13757-3, variable structure): each judged by itself. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from exotherm.devices.mbus.frame import unreadable
from exotherm.devices.mbus.values import (
    Decoded,
    Value,
    is_summer_time,
    lvar_size,
    read_bcd,
    read_float,
    read_moment,
    read_nothing,
    read_raw,
    read_signed,
    read_unsigned,
    read_variable,
)
from exotherm.devices.mbus.vif import Coding, Meaning, meaning_of

SUMMER_TIME = "summer-time"
"""Qualifies a moment that the meter tells in summer time."""

_IDLE_FILLER = 0x2F
_MANUFACTURER_DATA = 0x0F
_MORE_FOLLOWS = 0x1F
_EXTENSIONS_MAX = 10
_VARIABLE = -1
_INTEGERS = frozenset({0x01, 0x02, 0x03, 0x04, 0x06, 0x07})
_ERROR_REASON = "the meter gives it as a value during an error"
_TEXT_REASON = "a text stands where a number is due"


class Function(StrEnum):
    """What a value is of its quantity: the function field of the DIF."""

    INSTANTANEOUS = "instantaneous"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    ERROR = "error"
    """The value during an error: never billed."""


_FUNCTIONS = tuple(Function)
_SIZES = (0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, _VARIABLE, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One value of a telegram: exact, with its unit, its place, and why it is not to be used.

    ``value`` is None where there is none; ``reason`` is empty where the value is valid. ``raw`` is
    the whole record as hexadecimal bytes.
    """

    quantity: str
    unit: str
    value: Value | None
    function: Function
    storage: int
    tariff: int
    subunit: int
    qualifiers: tuple[str, ...]
    reason: str
    raw: str

    @property
    def valid(self) -> bool:
        """Whether the meter stands behind the value and we know what it means."""
        return not self.reason

    @property
    def current(self) -> bool:
        """Whether it is the plain value of now: no storage, tariff, part, limit or error."""
        return (
            self.function is Function.INSTANTANEOUS
            and not (self.storage or self.tariff or self.subunit)
            and self.qualifiers in {(), (SUMMER_TIME,)}
        )

    def to_json(self) -> dict[str, object]:
        """Give the same record as plain JSON values; decimals and moments as text."""
        value = self.value
        if isinstance(value, Decimal):
            shown: object = f"{value:f}"
        elif isinstance(value, datetime | date | time):
            shown = value.isoformat()
        else:
            shown = value
        return {
            "quantity": self.quantity,
            "unit": self.unit,
            "value": shown,
            "function": self.function.value,
            "storage": self.storage,
            "tariff": self.tariff,
            "subunit": self.subunit,
            "qualifiers": list(self.qualifiers),
            "valid": self.valid,
            "reason": self.reason,
            "raw": self.raw,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBlock:
    """All records of a telegram, its manufacturer's own data, and whether more records follow."""

    records: tuple[Record, ...]
    manufacturer_data: bytes = b""
    more_follows: bool = False


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


def read_records(body: bytes) -> RecordBlock:
    """Read the records behind a telegram's header.

    A bad value spoils only its own record. Raises UnreadableTelegram where a record's length cannot
    be told, because nothing behind it can be trusted then.
    """
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
        vib_at = _end_of_chain(body, at)
        data_at = _end_of_vib(body, vib_at)
        head = _head_of(body[at:vib_at], body[vib_at:data_at])
        size = head.size if head.size != _VARIABLE else _variable_size(body, data_at)
        if data_at + size > end:
            raise unreadable(f"it ends inside the data of record {len(records)}")
        records.append(_record(head, body[data_at : data_at + size], body[at : data_at + size]))
        at = data_at + size
    return RecordBlock(records=tuple(records))


def _record(head: _Head, data: bytes, raw: bytes) -> Record:
    meaning = head.meaning
    value, reason = head.decode(data, meaning.exponent)
    qualifiers = meaning.qualifiers
    if meaning.coding is Coding.MOMENT and is_summer_time(data):
        qualifiers = (*qualifiers, SUMMER_TIME)
    if meaning.unit and isinstance(value, str):
        reason = _TEXT_REASON
    return Record(
        quantity=meaning.quantity,
        unit=meaning.unit,
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
        raise unreadable(f"more than {_EXTENSIONS_MAX} extension bytes follow each other")
    if at >= end:
        raise unreadable("it ends inside the head of a record")
    return at + 1


def _end_of_vib(body: bytes, at: int) -> int:
    """Find the end of a VIF, of its text if it is written in one, and of its VIFEs."""
    if at >= len(body) or body[at] & 0x7F != 0x7C:
        return _end_of_chain(body, at)
    text_end = at + 2 + body[at + 1] if at + 1 < len(body) else len(body) + 1
    if text_end > len(body):
        raise unreadable("it ends inside a unit in plain text")
    return _end_of_chain(body, text_end) if body[at] & 0x80 else text_end


def _variable_size(body: bytes, at: int) -> int:
    if at >= len(body):
        raise unreadable("it ends before the length of a record")
    size = lvar_size(body[at])
    if size is None:
        raise unreadable(f"the variable length {body[at]:02X} is reserved")
    return 1 + size


@lru_cache(maxsize=4096)
def _head_of(dib: bytes, vib: bytes) -> _Head:
    dif = dib[0]
    field = dif & 0x0F
    if field == 0x0F:
        raise unreadable(f"the DIF {dif:02X} is reserved")
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
        return read_variable
    if field >= 0x09:
        return read_bcd
    return read_unsigned if coding is Coding.BITS else read_signed


def _read_wrong_moment(_data: bytes, _exponent: int) -> Decoded:
    return None, "a date or time is not written as digits, a float or a text"
