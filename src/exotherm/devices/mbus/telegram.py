"""What a meter answers: EN 13757-3 telegrams, read strictly. Pure.

The open decoders each misread real billing telegrams (a float without its power of ten, a display
code taken for thirteen megawatts); here a value is exact and understood, or says why it is neither.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from exotherm.devices.mbus.compact import COMPACT_STRUCTURES, Formats, unfold
from exotherm.devices.mbus.fixed import SIZE as FIXED_SIZE
from exotherm.devices.mbus.fixed import read_fixed_medium, read_fixed_records
from exotherm.devices.mbus.frame import RSP_UD, FrameKind, read_frame, unreadable
from exotherm.devices.mbus.header import (
    ENCRYPTION_MODES,
    VARIABLE_STRUCTURES,
    Header,
    mode_of,
    read_header,
    with_sender,
)
from exotherm.devices.mbus.payload import Payload
from exotherm.devices.mbus.record import SUMMER_TIME, Function, Record, RecordBlock
from exotherm.devices.mbus.records import scan_records
from exotherm.devices.mbus.refusals import refusal_of

_FIXED_STRUCTURES = {0x73: False, 0x77: True}
"""The CI fields of the fixed structure, and whether their bytes come in mode 2."""

_ACD_AND_DFC = 0x30
_NO_DATA = frozenset({FrameKind.ACK, FrameKind.SHORT})
_OTHER_KINDS = {
    **dict.fromkeys((0x66, 0x67, 0x68), "it tells an application selected, and no values"),
    **dict.fromkeys((0x69, 0x6A, 0x6B), "it is a format frame, which has no values"),
    **dict.fromkeys((*range(0x20), 0x7C, 0x7D), "it speaks DLMS, not M-Bus"),
    **dict.fromkeys((0x7E, 0x7F), "it describes its values by OBIS codes, not by M-Bus records"),
    **dict.fromkeys((0x8A, 0x8B), "it is a header alone, without values"),
    **dict.fromkeys((0x87, 0x88, 0x89), "it manages the radio network, and has no values"),
    **dict.fromkeys((0xC1, 0xC2, 0xC4, 0xC5), "it is about firmware or keys, and has no values"),
    **dict.fromkeys(range(0xA0, 0xB8), "only its manufacturer knows what it means"),
}
_STATUS_WORDS = {0x04: "power low", 0x08: "permanent error", 0x10: "temporary error"}
_APPLICATION_STATUS = ("", "busy", "application error", "abnormal condition")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telegram:
    """One answer of a meter: who it is, how it is, and what it counts.

    ``address`` is that of the wired bus; None where the telegram came another way.
    ``access_number`` advances with each answer, so a frozen meter or a gateway's cache shows; it is
    None in the kind of telegram that has no header. ``encryption_mode`` tells that there are
    records, in ``encrypted_data``, which nobody can read without the meter's key. ``broken`` says
    why the records cannot be told apart, and only `inspect_telegram` gives such a telegram.
    """

    address: int | None
    identification: str
    manufacturer: str
    version: int | None
    medium: str
    access_number: int | None
    status: int
    signature: int
    encryption_mode: int | None
    encrypted_data: str
    records: tuple[Record, ...]
    manufacturer_data: str
    more_follows: bool
    broken: str = ""

    @property
    def encrypted(self) -> bool:
        """Whether some of its records are encrypted."""
        return self.encryption_mode is not None

    @property
    def status_words(self) -> tuple[str, ...]:
        """What the status byte says is wrong, empty where nothing is."""
        application = _APPLICATION_STATUS[self.status & 0x03]
        words = [application] if application else []
        words += [word for bit, word in _STATUS_WORDS.items() if self.status & bit]
        if self.status & 0xE0:
            words.append(f"manufacturer's status {self.status & 0xE0:02X}")
        return tuple(words)

    def current(self, quantity: str, unit: str = "") -> Record | None:
        """Find the plain value of now of a quantity in a unit, or None.

        None also where several records claim to be it: a bill never guesses which one is meant.
        """
        found = [
            record
            for record in self.records
            if record.quantity == quantity and record.unit == unit and record.current
        ]
        return found[0] if len(found) == 1 else None

    @property
    def clock(self) -> Record | None:
        """The meter's own date and time, as a naive datetime in the record's value."""
        return self.current("datetime")

    def to_json(self) -> dict[str, object]:
        """Give the same telegram as plain JSON values."""
        return {
            "address": self.address,
            "identification": self.identification,
            "manufacturer": self.manufacturer,
            "version": self.version,
            "medium": self.medium,
            "access_number": self.access_number,
            "status": self.status,
            "status_words": list(self.status_words),
            "signature": self.signature,
            "encrypted": self.encrypted,
            "encryption_mode": self.encryption_mode,
            "encrypted_data": self.encrypted_data,
            "records": [record.to_json() for record in self.records],
            "manufacturer_data": self.manufacturer_data,
            "more_follows": self.more_follows,
        }


def read_telegram(frame_bytes: bytes) -> Telegram:
    """Read the frame with which a meter answers a request for its data.

    Raises UnreadableTelegram where the frame is damaged, is no such answer, or its records cannot
    be told apart. A record that is well formed but bad never spoils another.
    """
    telegram = inspect_telegram(frame_bytes)
    if telegram.broken:
        raise unreadable(telegram.broken)
    return telegram


def inspect_telegram(frame_bytes: bytes, formats: Formats | None = None) -> Telegram:
    """Read a frame as `read_telegram`, but show one whose records cannot be told apart.

    Of such a one no record is valid; its last is what nobody can tell apart. ``formats`` are the
    heads that compact frames may leave out.
    """
    frame = read_frame(frame_bytes)
    if frame.kind in _NO_DATA or frame.control & ~_ACD_AND_DFC != RSP_UD:
        raise unreadable(f"it is a frame of kind {frame.kind.value}, not a meter's data")
    return inspect_payload(Payload(frame.information, frame.data, address=frame.address), formats)


def inspect_payload(payload: Payload, formats: Formats | None = None) -> Telegram:
    """Read what a link layer carried, as `inspect_telegram` does."""
    information, data = payload.information, payload.data
    refusal = refusal_of(information, data)
    if refusal is not None:
        raise refusal
    if information in VARIABLE_STRUCTURES:
        return _read_variable(payload, _header_of(payload))
    if information in _FIXED_STRUCTURES and len(data) <= FIXED_SIZE:
        return _read_fixed(payload.address, data, big_endian=_FIXED_STRUCTURES[information])
    if information in COMPACT_STRUCTURES:
        return _read_compact(payload, _header_of(payload), formats or {})
    raise unreadable(_OTHER_KINDS.get(information) or f"its CI field {information:02X} is not read")


def source_time(
    record_datetime: datetime, utc_offset: timedelta, *, summer_time: bool = False
) -> datetime:
    """Give the UTC instant of a time that a meter's clock shows.

    ``utc_offset`` is the meter's fixed offset in winter, +1 h for Central Europe; ``summer_time``
    is what the record says of itself (`says_summer_time`).
    """
    assert record_datetime.tzinfo is None, record_datetime
    shift = utc_offset + timedelta(hours=1) if summer_time else utc_offset
    return (record_datetime - shift).replace(tzinfo=UTC)


def says_summer_time(record: Record) -> bool:
    """Tell whether a moment's record says that it is in summer time."""
    return SUMMER_TIME in record.qualifiers


def _header_of(payload: Payload) -> Header:
    """Read the header; what it leaves to the link, the link of a wireless telegram tells."""
    header = read_header(payload.information, payload.data)
    if header.version is None and payload.sender:
        header = with_sender(header, payload.sender)
    if header.access_number is None:
        header = replace(header, access_number=payload.access_number)
    return header


def _read_variable(payload: Payload, header: Header) -> Telegram:
    block = scan_records(header.body, big_endian=header.big_endian)
    if block.broken and header.encryption_mode is not None:
        # What stands behind the encrypted bytes is theirs in some way that only the key shows.
        block = RecordBlock(records=())
    broken = block.broken and f"{block.broken}{_perhaps_encrypted(header)}"
    if header.suspicion and not all(record.valid for record in block.records):
        # One in fourteen runs of random bytes can be told apart into records with a value in them,
        # and only one in 250 into valid ones alone.
        broken = broken or f"not all of its records are valid{_perhaps_encrypted(header)}"
        block = replace(block, records=_distrusted(block.records, broken))
    rest = (_unreadable_rest(block.rest, broken),) if block.rest else ()
    return Telegram(
        address=payload.address,
        identification=header.identification,
        manufacturer=header.manufacturer,
        version=header.version,
        medium=header.medium,
        access_number=header.access_number,
        status=header.status,
        signature=header.signature,
        encryption_mode=header.encryption_mode,
        encrypted_data=header.encrypted.hex(),
        records=block.records + rest,
        manufacturer_data=block.manufacturer_data.hex(),
        more_follows=block.more_follows,
        broken=broken,
    )


def _read_compact(payload: Payload, header: Header, formats: Formats) -> Telegram:
    records = b"" if header.encryption_mode is not None else unfold(header.body, formats)
    return _read_variable(payload, replace(header, body=records))


def _distrusted(records: tuple[Record, ...], why: str) -> tuple[Record, ...]:
    return tuple(replace(record, reason=record.reason or why) for record in records)


def _perhaps_encrypted(header: Header) -> str:
    mode = ENCRYPTION_MODES.get(mode_of(header.signature))
    if header.in_clear or not header.signature or mode is None:
        return ""
    return f"; its configuration word {header.signature:04X} may announce encryption ({mode})"


def _unreadable_rest(rest: bytes, reason: str) -> Record:
    return Record(
        quantity="unknown",
        unit="",
        value=None,
        function=Function.INSTANTANEOUS,
        storage=0,
        tariff=0,
        subunit=0,
        qualifiers=(),
        reason=reason,
        raw=rest.hex(),
    )


def _read_fixed(address: int | None, data: bytes, *, big_endian: bool) -> Telegram:
    records = read_fixed_records(data, big_endian=big_endian)
    digits = data[:4] if big_endian else data[3::-1]
    return Telegram(
        address=address,
        identification=digits.hex().upper(),
        manufacturer="",
        version=None,
        medium=read_fixed_medium(data),
        access_number=data[4],
        # Bits 0 and 1 say here how the counters are written, and are read with them.
        status=data[5] & 0xFC,
        signature=0,
        encryption_mode=None,
        encrypted_data="",
        records=records,
        manufacturer_data="",
        more_follows=False,
    )
