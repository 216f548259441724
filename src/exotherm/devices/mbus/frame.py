"""The link layer of EN 13757-2: four kinds of frame, their checksums, and nothing else. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from exotherm.devices.errors import UnreadableTelegram

ACK = 0xE5
SHORT_START = 0x10
LONG_START = 0x68
STOP = 0x16

SND_NKE = 0x40
"""Master: initialise the link, forget the frame count bit and any selection."""
SND_UD = 0x53
"""Master: take these user data."""
REQ_UD2 = 0x5B
"""Master: send class 2 data. Bit 5 is the frame count bit (FCB)."""
RSP_UD = 0x08
"""Slave: here are my user data. Bits 4 and 5 are ACD and DFC."""
FRAME_COUNT_BIT = 0x20

ADDRESS_MAX = 250
ANY_ADDRESS = 254
"""Every meter answers to it: of use where there is only one."""

SELECTED_ADDRESS = 253
"""Stands for the slave selected by its identification (secondary addressing)."""

SELECT = 0x52
"""The CI field of user data that select a slave by its identification."""

LONG_OVERHEAD = 6
_REMEDY = (
    "Read the meter again. If it happens often, check the bus for a second meter on the same "
    "address, the level converter's baud rate and parity, and the cable's shield."
)


class FrameKind(StrEnum):
    """The four formats of EN 13757-2."""

    ACK = "ack"
    SHORT = "short"
    CONTROL = "control"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: control field, address, and for the long forms the CI field and user data."""

    kind: FrameKind
    control: int = 0
    address: int = 0
    information: int = 0
    data: bytes = b""


def unreadable(reason: str) -> UnreadableTelegram:
    """Make the error for bytes that no reading can be taken from, with the usual remedy."""
    return UnreadableTelegram(f"The telegram is unreadable: {reason}.", remedy=_REMEDY)


def checksum_of(payload: bytes) -> int:
    """Give the arithmetic sum of the bytes without carries (EN 13757-2, 5.5)."""
    return sum(payload) & 0xFF


def length_of(prefix: bytes | bytearray) -> int | None:
    """Tell how long the frame is that begins so, or None while too few bytes are there.

    Raises UnreadableTelegram where no frame begins so.
    """
    if not prefix:
        return None
    if prefix[0] == ACK:
        return 1
    if prefix[0] == SHORT_START:
        return 5
    if prefix[0] != LONG_START:
        raise unreadable(f"it begins with {prefix[0]:02X} where E5, 10 or 68 is due")
    if len(prefix) < 4:
        return None
    return _length_of_long(prefix) + LONG_OVERHEAD


def read_frame(frame: bytes) -> Frame:
    """Read exactly one frame. Raises UnreadableTelegram naming the byte that is wrong."""
    length = length_of(frame)
    if length is None or len(frame) < length:
        due = "more" if length is None else str(length)
        raise unreadable(f"it ends after {len(frame)} bytes where {due} are due")
    if len(frame) > length:
        raise unreadable(f"{len(frame) - length} bytes follow its stop byte")
    if length == 1:
        return Frame(FrameKind.ACK)
    if length == 5:
        _check_end(frame, frame[1:3])
        return Frame(FrameKind.SHORT, control=frame[1], address=frame[2])
    _check_end(frame, frame[4:-2])
    kind = FrameKind.LONG if length > LONG_OVERHEAD + 3 else FrameKind.CONTROL
    return Frame(kind, frame[4], frame[5], frame[6], frame[7:-2])


def _length_of_long(prefix: bytes | bytearray) -> int:
    length = prefix[1]
    if prefix[2] != length:
        raise unreadable(f"its two length bytes differ: {length:02X} and {prefix[2]:02X}")
    if length < 3:
        raise unreadable(f"its length is {length} where 3 is the least")
    if prefix[3] != LONG_START:
        raise unreadable(f"its second start byte is {prefix[3]:02X} where 68 is due")
    return length


def _check_end(frame: bytes, payload: bytes) -> None:
    if frame[-1] != STOP:
        raise unreadable(f"its stop byte is {frame[-1]:02X} where 16 is due")
    expected = checksum_of(payload)
    if frame[-2] != expected:
        raise unreadable(f"its checksum is {frame[-2]:02X} where {expected:02X} is due")


def build_ack() -> bytes:
    """Build the single character that acknowledges."""
    return bytes((ACK,))


def build_short(*, control: int, address: int) -> bytes:
    """Build a frame of a control field and an address."""
    payload = bytes((control, address))
    return bytes((SHORT_START, *payload, checksum_of(payload), STOP))


def build_long(*, control: int, address: int, information: int, data: bytes = b"") -> bytes:
    """Build a long frame, or a control frame where there are no data. At most 252 data bytes."""
    payload = bytes((control, address, information)) + data
    assert len(payload) <= 255, len(payload)
    head = bytes((LONG_START, len(payload), len(payload), LONG_START))
    return head + payload + bytes((checksum_of(payload), STOP))
