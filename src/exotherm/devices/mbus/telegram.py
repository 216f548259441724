"""What a meter answers: EN 13757-3 telegrams, read strictly. Pure.

The open decoders each misread real billing telegrams (a float without its power of ten, a display
code taken for thirteen megawatts); here a value is exact and understood, or says why it is neither.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from exotherm.devices.errors import UnreadableTelegram
from exotherm.devices.mbus.fixed import read_fixed_medium, read_fixed_records
from exotherm.devices.mbus.frame import RSP_UD, FrameKind, read_frame, unreadable
from exotherm.devices.mbus.records import SUMMER_TIME, Record, RecordBlock, read_records

_VARIABLE_STRUCTURE = 0x72
_FIXED_STRUCTURE = 0x73
_APPLICATION_ERROR = 0x70
_ACD_AND_DFC = 0x30
_HEADER_SIZE = 12
_NO_DATA = frozenset({FrameKind.ACK, FrameKind.SHORT})
_AES_MODES = frozenset({5, 7})
_DES_MODES = frozenset({2, 3})
_CLEAR_MARK = b"\x2f\x2f"

MEDIA = {
    0x00: "other",
    0x01: "oil",
    0x02: "electricity",
    0x03: "gas",
    0x04: "heat",
    0x05: "steam",
    0x06: "warm-water",
    0x07: "water",
    0x08: "heat-cost-allocator",
    0x09: "compressed-air",
    0x0A: "cooling-outlet",
    0x0B: "cooling-inlet",
    0x0C: "heat-inlet",
    0x0D: "heat-and-cooling",
    0x0E: "bus",
    0x0F: "unknown",
    0x10: "irrigation-water",
    0x11: "water-data-logger",
    0x12: "gas-data-logger",
    0x13: "gas-converter",
    0x14: "calorific-value",
    0x15: "hot-water",
    0x16: "cold-water",
    0x17: "dual-water",
    0x18: "pressure",
    0x19: "analogue-to-digital",
    0x1A: "smoke-detector",
    0x1B: "room-sensor",
    0x1C: "gas-detector",
    0x20: "breaker",
    0x21: "valve",
    0x25: "customer-unit",
    0x28: "waste-water",
    0x29: "garbage",
    0x31: "communication-controller",
}
_STATUS_WORDS = {0x04: "power low", 0x08: "permanent error", 0x10: "temporary error"}
_APPLICATION_STATUS = ("", "busy", "application error", "abnormal condition")
_APPLICATION_ERRORS = (
    "no cause given",
    "it does not know this request",
    "the request is too long",
    "too many records",
    "premature end of a record",
    "too many DIFEs",
    "too many VIFEs",
    "reserved",
    "it is too busy",
    "it was asked too often",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telegram:
    """One answer of a meter: who it is, how it is, and what it counts.

    ``access_number`` advances with each answer, so a frozen meter or a gateway's cache shows.
    ``encrypted`` tells that there are records which nobody can read without the meter's key.
    """

    address: int
    identification: str
    manufacturer: str
    version: int | None
    medium: str
    access_number: int
    status: int
    signature: int
    encrypted: bool
    records: tuple[Record, ...]
    manufacturer_data: str
    more_follows: bool

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
            "records": [record.to_json() for record in self.records],
            "manufacturer_data": self.manufacturer_data,
            "more_follows": self.more_follows,
        }


def read_telegram(frame_bytes: bytes) -> Telegram:
    """Read the frame with which a meter answers a request for its data.

    Raises UnreadableTelegram where the frame is damaged, is no such answer, or its records cannot
    be told apart. A record that is well formed but bad never spoils another.
    """
    frame = read_frame(frame_bytes)
    if frame.kind in _NO_DATA or frame.control & ~_ACD_AND_DFC != RSP_UD:
        raise unreadable(f"it is a frame of kind {frame.kind.value}, not a meter's data")
    if frame.information == _APPLICATION_ERROR:
        raise _application_error(frame.data)
    if frame.information == _VARIABLE_STRUCTURE:
        return _read_variable(frame.address, frame.data)
    if frame.information == _FIXED_STRUCTURE:
        return _read_fixed(frame.address, frame.data)
    raise unreadable(f"its CI field {frame.information:02X} is neither 72 nor 73")


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


def read_manufacturer(code: int) -> str:
    """Give the three letters of a manufacturer's code, or its hex digits where it has none."""
    letters = "".join(chr(64 + (code >> shift & 0x1F)) for shift in (10, 5, 0))
    plain = code < 0x8000 and letters.isalpha()
    return letters if plain else f"{code:04X}"


def write_manufacturer(letters: str) -> int:
    """Give the code of a manufacturer's three letters A to Z."""
    assert len(letters) == 3, letters
    assert all("A" <= letter <= "Z" for letter in letters), letters
    first, second, third = (ord(letter) - 64 for letter in letters)
    return first << 10 | second << 5 | third


def _read_variable(address: int, data: bytes) -> Telegram:
    if len(data) < _HEADER_SIZE:
        raise unreadable(f"its header has {len(data)} bytes where {_HEADER_SIZE} are due")
    body = data[_HEADER_SIZE:]
    signature = int.from_bytes(data[10:12], "little")
    encrypted = _is_encrypted(signature, body)
    block = RecordBlock(records=()) if encrypted else read_records(body)
    return Telegram(
        address=address,
        identification=data[3::-1].hex().upper(),
        manufacturer=read_manufacturer(int.from_bytes(data[4:6], "little")),
        version=data[6],
        medium=MEDIA.get(data[7], f"reserved-{data[7]:02x}"),
        access_number=data[8],
        status=data[9],
        signature=signature,
        encrypted=encrypted,
        records=block.records,
        manufacturer_data=block.manufacturer_data.hex(),
        more_follows=block.more_follows,
    )


def _read_fixed(address: int, data: bytes) -> Telegram:
    records = read_fixed_records(data)
    return Telegram(
        address=address,
        identification=data[3::-1].hex().upper(),
        manufacturer="",
        version=None,
        medium=read_fixed_medium(data),
        access_number=data[4],
        # Bits 0 and 1 say here how the counters are written, and are read with them.
        status=data[5] & 0xFC,
        signature=0,
        encrypted=False,
        records=records,
        manufacturer_data="",
        more_follows=False,
    )


def _is_encrypted(word: int, body: bytes) -> bool:
    """Tell a configuration word that announces encrypted records from an old signature field.

    Before 2005 the field was a signature and any value of it may come with plain records. It is
    taken for a configuration word only where its mode is one in use, the length it gives is
    possible, and the records do not begin with the two fillers that decryption would show.
    """
    mode = (word >> 8) & 0x1F
    if body.startswith(_CLEAR_MARK):
        return False
    if mode in _AES_MODES:
        size = 16 * (word >> 4 & 0x0F)
    elif mode in _DES_MODES:
        size = word & 0xFF
    else:
        return False
    return 0 < size <= len(body) and size % 8 == 0


def _application_error(data: bytes) -> UnreadableTelegram:
    code = data[0] if data else 0
    known = code < len(_APPLICATION_ERRORS)
    cause = _APPLICATION_ERRORS[code] if known else "a cause of its manufacturer"
    return UnreadableTelegram(
        f"The meter answers with application error {code} instead of values: {cause}.",
        remedy="Read the meter again in a minute, and less often if it says that it is busy.",
    )
