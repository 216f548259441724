"""Captured bytes of a bus, as people keep them: as hexadecimal text, or as they were. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from exotherm.devices.errors import UnreadableTelegram
from exotherm.devices.mbus.frame import (
    LONG_OVERHEAD,
    LONG_START,
    SHORT_START,
    length_of,
    read_frame,
)
from exotherm.devices.mbus.header import VARIABLE_STRUCTURES, read_header
from exotherm.devices.mbus.records import scan_records
from exotherm.devices.mbus.wireless import cut_wireless

_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_COMMENT = re.compile(r"(?:#|//).*")
_SEPARATORS = re.compile(r"[\s,;:|{}\[\]()<>$%=\"'_-]+")
_PREFIX = re.compile(r"(?:0|\\)[xX]")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]+")
_CLOCK = re.compile(
    r"\s*\[?(?:\d{4}-[01]\d-[0-3]\d[ T])?"
    r"(?:[01]?\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,]\d+)?Z?\]?(?=\s|$)"
)
"""The time of day, and perhaps the date before it, that a log puts in front of a line."""

_DUMP = re.compile(r"\s*([0-9A-Fa-f]{4,8})(?::|(?=  )|(?=\s*$))\s*(.*)")
"""A line of a dump: how many bytes stand before it, its bytes, and the same as characters."""

_RUN = re.compile(
    r"(?<![0-9A-Za-z])(?:0[xX])?[0-9A-Fa-f]{2}"
    r"(?:[ \t,;:-]*(?:0[xX])?[0-9A-Fa-f]{2})*(?![0-9A-Za-z])"
)
"""Digits of bytes in a line of other words."""

_SHORTEST = 5
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_STARTS = frozenset({0x10, 0x68, 0xE5})


class NotHexadecimal(ValueError):  # noqa: N818 - read as a sentence: it is not hexadecimal
    """A text is no hexadecimal digits; ``line`` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class Link(StrEnum):
    """What a piece of a capture was carried by."""

    WIRED = "wired"
    WIRELESS = "wireless"
    BARE = "bare"
    """Nothing: it begins with its CI field."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A frame at its place in the bytes, or bytes that are none, with what is wrong of them."""

    at: int
    data: bytes
    trouble: str = ""
    link: Link = Link.WIRED


def bytes_of(content: bytes) -> bytes:
    """Give the bytes that a file holds: as they are, or as the hexadecimal digits of a text.

    Digits may stand together or apart, with 0x or with commas; in a dump, with how many bytes stand
    before; in a log, behind a time and between other words. Behind # or // stands what is no digit.
    Raises NotHexadecimal.
    """
    text = _text_of(content)
    if text is None:
        return content
    lines = [_CLOCK.sub("", _COMMENT.sub("", line), count=1) for line in text.splitlines()]
    dumped = _dumped(lines)
    if dumped:
        return dumped
    try:
        joined = "".join(_digits_in(lines))
    except NotHexadecimal:
        logged = _logged(lines)
        if not logged and not _CONTROLS.search(text):
            raise
        # No text has such characters: these are bytes that begin in the middle of something.
        return logged or content
    if len(joined) % 2:
        reason = f"it has {len(joined)} digits, and the last byte only one"
        raise NotHexadecimal(reason, len(lines))
    return bytes.fromhex(joined)


def _dumped(lines: list[str]) -> bytes:
    """Read a dump, whose every line tells rightly how many bytes stand before it; else nothing."""
    found = bytearray()
    for line in filter(str.strip, lines):
        match = _DUMP.fullmatch(line)
        if not match or int(match[1], 16) != len(found):
            return b""
        digits = match[2].partition("|" if "|" in match[2] else "  ")[0]
        try:
            found += bytes.fromhex(digits)
        except ValueError:
            return b""
    return bytes(found)


def _logged(lines: list[str]) -> bytes:
    """Read the longest run of digits of each line, where there is a right frame in what that gives.

    What is shorter than any frame and in none is another number of the log.
    """
    runs = (max(_RUN.findall(line), key=len, default="") for line in lines)
    digits = "".join(_SEPARATORS.sub("", _PREFIX.sub("", run)) for run in runs)
    pieces = tuple(frames_of(bytes.fromhex(digits)))
    if not any(len(piece.data) > _SHORTEST and not piece.trouble for piece in pieces):
        return b""
    kept = (piece for piece in pieces if not piece.trouble or len(piece.data) >= _SHORTEST)
    return b"".join(piece.data for piece in kept)


def _text_of(content: bytes) -> str | None:
    """Give the text of a file, or None where it holds bytes."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if len(content) > 1 and not any(content[1::2]):
        return content.decode("utf-16-le", errors="replace")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        binary = content[0] in _STARTS
        return None if binary else content.decode("latin-1")
    return None if content[:1] in {b"h", b"\x10"} and _CONTROLS.search(text) else text


def _digits_in(lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        yield from _digits_of(line, number)


def _digits_of(line: str, number: int) -> Iterator[str]:
    for token in _SEPARATORS.split(_PREFIX.sub(" 0x", line)):
        digits = token.removeprefix("0x").removesuffix("h").removesuffix("H")
        if digits and not _HEXADECIMAL.fullmatch(digits):
            shown = digits if len(digits) <= 20 else f"{digits[:20]}…"
            raise NotHexadecimal(f"{shown!r} is no hexadecimal number", number)
        if digits:
            yield digits.zfill(2) if token != digits else digits


def frames_of(stream: bytes) -> Iterator[Piece]:
    """Cut bytes into frames, each right by its checksum, and the pieces between that are none.

    Where no frame of the wired bus is among them, and wireless telegrams follow each other from end
    to end, or all is one payload whose records can be told apart, these are the pieces.
    """
    wired = tuple(_wired_frames_of(stream))
    if any(len(piece.data) > _SHORTEST and not piece.trouble for piece in wired):
        yield from wired
        return
    wireless = cut_wireless(stream)
    at = 0
    for telegram in wireless:
        yield Piece(at, telegram, link=Link.WIRELESS)
        at += len(telegram)
    if not wireless and _is_payload(stream):
        yield Piece(0, stream, link=Link.BARE)
    elif not wireless:
        yield from wired


def _is_payload(stream: bytes) -> bool:
    """Tell whether all of it is a CI field, its header and records, one of them with a value."""
    if not stream or stream[0] not in VARIABLE_STRUCTURES:
        return False
    try:
        header = read_header(stream[0], stream[1:])
    except UnreadableTelegram:
        return False
    block = scan_records(header.body, big_endian=header.big_endian)
    encrypted = header.encryption_mode is not None
    return encrypted or (not block.broken and any(record.valid for record in block.records))


def _wired_frames_of(stream: bytes) -> Iterator[Piece]:
    at = 0
    while at < len(stream):
        size, trouble = _look(stream, at)
        if trouble and not size:
            size = _next_start(stream, at + 1) - at
        yield Piece(at, stream[at : at + size], trouble)
        at += size


def _look(stream: bytes, at: int) -> tuple[int, str]:
    """Give the size of the frame that begins here and what is wrong of it; no size if none does."""
    try:
        size = length_of(stream[at : at + LONG_OVERHEAD])
        if size is None:
            return 0, "it ends inside the head of a frame"
        read_frame(stream[at : at + size])
    except UnreadableTelegram as error:
        reason = str(error).removeprefix("The telegram is unreadable: ").removesuffix(".")
        whole = "checksum" in reason
        return (length_of(stream[at : at + LONG_OVERHEAD]) or 0) if whole else 0, reason
    return size, ""


def _next_start(stream: bytes, at: int) -> int:
    """Find where a right frame begins again, or the end."""
    for place in range(at, len(stream)):
        if stream[place] in {LONG_START, SHORT_START} and not _look(stream, place)[1]:
            return place
    return len(stream)
