"""Compact frames (EN 13757-3, annex G): values alone, whose heads stood in a full frame. Pure.

A compact frame tells by a checksum which heads it means, and by a second one what the full frame
would be. Where a full frame of these heads is at hand and both agree, the full frame is made anew
and read like any other; otherwise nothing of it is read.
"""

from collections.abc import Iterable, Iterator, Mapping

from exotherm.devices.errors import UnreadableTelegram
from exotherm.devices.mbus.checksum import crc_of
from exotherm.devices.mbus.cut import Break, end_of_dib, end_of_vib, size_of_variable
from exotherm.devices.mbus.header import VARIABLE_STRUCTURES, read_header
from exotherm.devices.mbus.payload import Payload

Heads = tuple[bytes, ...]
"""The heads of a full frame's records in their order: each its DIB and VIB."""

Formats = Mapping[int, Heads]
"""The heads that are known, by the checksum of all their bytes."""

COMPACT_STRUCTURES = frozenset({0x73, 0x79, 0x7B})
"""The CI fields of compact frames: with a long header, with none, and with a short one."""

_FORMAT_FRAMES = frozenset({0x69, 0x6A, 0x6B})
_BIG_ENDIAN = frozenset({0x76})
_REMEDY = (
    "Have the meter send full frames, or put a full frame of the same meter into the file as well."
)
_SPECIAL = 0x0F
_FILLER = 0x2F
_VARIABLE = 0x0D
_CHECKSUMS_SIZE = 4
_SIZES = (0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, 0, 6)


def formats_of(payloads: Iterable[Payload]) -> dict[int, Heads]:
    """Give the heads that full frames and format frames tell, by their checksum.

    What is damaged, encrypted or of another kind tells none.
    """
    found: dict[int, Heads] = {}
    for each in payloads:
        try:
            heads = tuple(_heads_told(each))
        except (UnreadableTelegram, Break):
            continue
        if heads:
            found[crc_of(b"".join(heads))] = heads
    return found


def _heads_told(payload: Payload) -> Iterator[bytes]:
    if payload.information in VARIABLE_STRUCTURES - _BIG_ENDIAN:
        header = read_header(payload.information, payload.data)
        if header.encryption_mode is None:
            yield from _heads_in(header.body, with_data=True)
    elif payload.information in _FORMAT_FRAMES:
        body = read_header(payload.information, payload.data).body
        heads = tuple(_heads_in(body[3:], with_data=False))
        # Behind its length stands the checksum of the heads: without it nothing tells them apart.
        if body[1:3] == crc_of(b"".join(heads)).to_bytes(2, "little"):
            yield from heads


def _heads_in(body: bytes, *, with_data: bool) -> Iterator[bytes]:
    """Give the heads of records; raises Break where they cannot all be told apart.

    A frame with its manufacturer's own data breaks as well: nothing tells the length of these.
    """
    at = 0
    while at < len(body):
        if body[at] == _FILLER:
            at += 1
            continue
        end = _end_of_head(body, at)
        yield body[at:end]
        at = end + (_size_of_data(body[at], body, end) if with_data else 0)
    if at > len(body):
        raise Break("it ends inside the data of a record")


def unfold(body: bytes, formats: Formats) -> bytes:
    """Make the records of the full frame for which a compact frame stands.

    ``body`` is what follows its header. Raises UnreadableTelegram where no known heads have its
    format signature, or what they give is not the full frame of its second checksum.
    """
    if len(body) < _CHECKSUMS_SIZE:
        raise _unreadable("which ends inside its checksums")
    signature, full_crc = (int.from_bytes(body[at : at + 2], "little") for at in (0, 2))
    heads = formats.get(signature)
    if heads is None:
        raise _unreadable(
            f"and no full frame with its format signature {signature:04X} is at hand to tell what "
            "its values mean"
        )
    records = _joined(heads, body[_CHECKSUMS_SIZE:])
    if records is None or crc_of(records) != full_crc:
        raise _unreadable(
            f"whose values do not fit the checksum {full_crc:04X} that it gives its full frame"
        )
    return records


def _joined(heads: Heads, data: bytes) -> bytes | None:
    full = bytearray()
    at = 0
    for head in heads:
        try:
            end = at + _size_of_data(head[0], data, at)
        except Break:
            return None
        full += head + data[at:end]
        at = end
    return bytes(full) if at == len(data) else None


def _end_of_head(body: bytes, at: int) -> int:
    if body[at] & 0x0F == _SPECIAL:
        raise Break(f"the DIF {body[at]:02X} has no data of its own")
    return end_of_vib(body, end_of_dib(body, at))


def _size_of_data(dif: int, data: bytes, at: int) -> int:
    field = dif & 0x0F
    return size_of_variable(data, at) if field == _VARIABLE else _SIZES[field]


def _unreadable(why: str) -> UnreadableTelegram:
    return UnreadableTelegram(
        f"The telegram is unreadable: it is a compact frame, {why}.", remedy=_REMEDY
    )
