"""Captured bytes of a bus, as people keep them: as hexadecimal text, or as they were. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from exotherm.devices.errors import UnreadableTelegram
from exotherm.devices.mbus.frame import (
    LONG_OVERHEAD,
    LONG_START,
    SHORT_START,
    length_of,
    read_frame,
)

_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_COMMENT = re.compile(r"(?:#|//).*")
_SEPARATORS = re.compile(r"[\s,;:|{}\[\]()\"'_-]+")
_PREFIX = re.compile(r"(?:0|\\)[xX]")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_STARTS = frozenset({0x10, 0x68, 0xE5})


class NotHexadecimal(ValueError):  # noqa: N818 - read as a sentence: it is not hexadecimal
    """A text is no hexadecimal digits; ``line`` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Piece:
    """A frame at its place in the bytes, or bytes that are none, with what is wrong of them."""

    at: int
    data: bytes
    trouble: str = ""


def bytes_of(content: bytes) -> bytes:
    """Give the bytes that a file holds: as they are, or as the hexadecimal digits of a text.

    Digits may stand together or apart, with 0x or with commas, and behind # or // stands what is
    no digit. Raises NotHexadecimal.
    """
    text = _text_of(content)
    if text is None:
        return content
    digits: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        digits.extend(_digits_of(_COMMENT.sub("", line), number))
    joined = "".join(digits)
    if len(joined) % 2:
        lines = text.count("\n") + 1
        raise NotHexadecimal(f"it has {len(joined)} digits, and the last byte only one", lines)
    return bytes.fromhex(joined)


def _text_of(content: bytes) -> str | None:
    """Give the text of a file, or None where it holds bytes."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        binary = content[0] in _STARTS
        return None if binary else content.decode("latin-1")
    return None if content[:1] in {b"h", b"\x10"} and _CONTROLS.search(text) else text


def _digits_of(line: str, number: int) -> Iterator[str]:
    for token in _SEPARATORS.split(_PREFIX.sub(" 0x", line)):
        digits = token.removeprefix("0x")
        if digits and not _HEXADECIMAL.fullmatch(digits):
            shown = digits if len(digits) <= 20 else f"{digits[:20]}…"
            raise NotHexadecimal(f"{shown!r} is no hexadecimal number", number)
        if digits:
            yield digits.zfill(2) if token != digits else digits


def frames_of(stream: bytes) -> Iterator[Piece]:
    """Cut bytes into frames, each right by its checksum, and the pieces between that are none."""
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
