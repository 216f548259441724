"""Telegrams of wireless M-Bus (EN 13757-4): the link off, the payload as wires carry it. Pure.

A receiver hands a telegram on in one of three forms: as it was sent in frame format A, with a
checksum behind each block; in format B, with one behind two blocks; or with all of them taken off.
"""

from collections.abc import Iterator

from exotherm.devices.mbus.checksum import crc_of
from exotherm.devices.mbus.frame import unreadable
from exotherm.devices.mbus.payload import Payload

_FIRST_BLOCK = 10
_BLOCK = 16
_CRC = 2
_LONGEST_OF_ONE_CRC = 128
_CARRIES_DATA = frozenset({0x44, 0x46, 0x08, 0x18, 0x28, 0x38})
"""SND_NR and SND_IR, with which a meter speaks unasked, and RSP_UD with ACD and DFC."""

_SHORTEST = 11
_ELL_SIZES = {0x8C: 2, 0x8D: 8, 0x8E: 10, 0x8F: 16}
"""The extended link layers: their bytes behind the CI field."""

_ELL_ENCRYPTS = frozenset({0x8D, 0x8F})
_AUTHENTICATION = 0x90
_MORE_FRAGMENTS = 0x4000
_FRAGMENT_NUMBER = 0x00FF


def cut_wireless(stream: bytes) -> tuple[bytes, ...]:
    """Cut bytes into wireless telegrams, or give none where they are not such from end to end."""
    return tuple(_cut(stream)) if _consists_of_telegrams(stream) else ()


def read_wireless(telegram: bytes) -> Payload:
    """Take the link off one wireless telegram, and the extended link and authentication layers.

    Raises UnreadableTelegram where one of several fragments, an encrypted link, a wrong checksum or
    a cut end leaves nothing to read.
    """
    bare, checked = _bare_of(telegram)
    sender = bare[4:8] + bare[2:4] + bare[8:10]
    access_number, rest = _without_extended_link(bare[_FIRST_BLOCK:])
    rest = _without_authentication(rest)
    if not rest:
        raise unreadable("it ends before its CI field")
    return Payload(
        information=rest[0],
        data=rest[1:],
        sender=sender,
        access_number=access_number,
        checked=checked,
    )


def _consists_of_telegrams(stream: bytes) -> bool:
    at = 0
    while at < len(stream):
        size = _size_at(stream, at)
        if not size:
            return False
        at += size
    return at > 0


def _cut(stream: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(stream):
        size = _size_at(stream, at)
        yield stream[at : at + size]
        at += size


def _size_at(stream: bytes, at: int) -> int:
    """Give the bytes of the telegram that begins here, zero where none does."""
    if len(stream) - at < _SHORTEST or stream[at + 1] not in _CARRIES_DATA:
        return 0
    length = stream[at] + 1
    with_checksums = _size_in_format_a(length)
    if _blocks_of_format_a(stream[at : at + with_checksums], length):
        return with_checksums
    return length if _SHORTEST <= length <= len(stream) - at else 0


def _size_in_format_a(length: int) -> int:
    blocks = 1 + -(-(length - _FIRST_BLOCK) // _BLOCK)
    return length + _CRC * blocks


def _bare_of(telegram: bytes) -> tuple[bytes, bool]:
    """Give the bytes without checksums, and whether there were some that are right."""
    length = telegram[0] + 1
    blocks = _blocks_of_format_a(telegram, length) or _blocks_of_format_b(telegram)
    if blocks:
        return b"".join(blocks), True
    return telegram, False


def _blocks_of_format_a(telegram: bytes, length: int) -> list[bytes]:
    if len(telegram) != _size_in_format_a(length):
        return []
    ends = [_FIRST_BLOCK, *range(_FIRST_BLOCK + _BLOCK, length, _BLOCK), length]
    blocks, at = [], 0
    for begin, end in zip([0, *ends[:-1]], ends, strict=True):
        block = _checked(telegram[at : at + end - begin + _CRC])
        if not block:
            return []
        blocks.append(block)
        at += end - begin + _CRC
    return blocks


def _blocks_of_format_b(telegram: bytes) -> list[bytes]:
    if len(telegram) <= _LONGEST_OF_ONE_CRC:
        parts = [telegram]
    else:
        parts = [telegram[:_LONGEST_OF_ONE_CRC], telegram[_LONGEST_OF_ONE_CRC:]]
    blocks = [_checked(part) for part in parts]
    return blocks if all(blocks) else []


def _checked(block: bytes) -> bytes:
    """Give a block without the checksum at its end, highest byte first; nothing if it is wrong."""
    content, told = block[:-_CRC], block[-_CRC:]
    return content if crc_of(content) == int.from_bytes(told, "big") else b""


def _without_extended_link(data: bytes) -> tuple[int | None, bytes]:
    """Take off the extended link layer (EN 13757-4, 13.2); its second byte is an access number."""
    size = _ELL_SIZES.get(data[0]) if data else None
    if size is None:
        return None, data
    if len(data) <= size:
        raise unreadable("it ends inside its extended link layer")
    rest = data[1 + size :]
    if data[0] in _ELL_ENCRYPTS:
        session, told = data[size - 5 : size - 1], data[size - 1 : size + 1]
        if crc_of(rest) != int.from_bytes(told, "little"):
            encrypted = session[3] >> 5
            raise unreadable(
                "its extended link layer encrypts it (AES-128-CTR)"
                if encrypted
                else "the checksum of its extended link layer is wrong"
            )
    return data[2], rest


def _without_authentication(data: bytes) -> bytes:
    """Take off the authentication and fragmentation layer (EN 13757-7, clause 6)."""
    if not data or data[0] != _AUTHENTICATION:
        return data
    if len(data) < 4 or len(data) < 2 + data[1]:
        raise unreadable("it ends inside its authentication layer")
    control = int.from_bytes(data[2:4], "little")
    if control & _MORE_FRAGMENTS or control & _FRAGMENT_NUMBER > 1:
        raise unreadable("it is one of several fragments of a message")
    return data[2 + data[1] :]
