"""Where the parts of a record begin and end: its DIB, its VIB, its data (EN 13757-3, 6.3). Pure."""

from exotherm.devices.mbus.values import lvar_size

_EXTENSIONS_MAX = 10
_PLAIN_TEXT = 0x7C
_SPACE, _DELETE, _LATIN_1 = 0x20, 0x7F, 0xA0


class Break(Exception):  # noqa: N818 - no error of the program: a place where the records end
    """Says why the length of the next record cannot be told."""


def end_of_dib(body: bytes, at: int) -> int:
    """Find the end of a DIF and its DIFEs, up to ten and one of 00 that closes them.

    Raises Break.
    """
    if at < len(body) and body[at] < 0x80:
        return at + 1
    end = _end_of_chain(body, at)
    if end - at - 1 > _EXTENSIONS_MAX + (body[end - 1] == 0x00):
        raise _too_many()
    return end


def end_of_vib(body: bytes, at: int) -> int:
    """Find the end of a VIF, of its text if its unit is written in one, and of its VIFEs.

    Raises Break.
    """
    if at < len(body) and body[at] < _PLAIN_TEXT:
        return at + 1
    if at < len(body) and body[at] & 0x7F == _PLAIN_TEXT:
        return _end_of_text(body, at + 1) if body[at] == _PLAIN_TEXT else _end_of_both(body, at)
    end = _end_of_chain(body, at)
    if end - at - 1 > _EXTENSIONS_MAX:
        raise _too_many()
    return end


def with_text_first(vib: bytes, *, big_endian: bool = False) -> bytes:
    """Give a VIB with its text right behind its VIF, whichever stands first, last character first.

    The standard has the text behind the VIFEs (annex C.2); meters in the field have it before them,
    as the edition of 2004 was read. ``big_endian`` is mode 2, in which a text is in reading order.
    """
    if vib[0] & 0x7F != _PLAIN_TEXT:
        return vib
    at = 1 if vib[0] == _PLAIN_TEXT or _is_text(vib, 1) else _end_of_chain(vib, 1)
    end = at + 1 + vib[at]
    text = vib[at + 1 : end][:: -1 if big_endian else 1]
    return vib[:1] + vib[at : at + 1] + text + vib[1:at] + vib[end:]


def size_of_variable(body: bytes, at: int) -> int:
    """Give the bytes of data of variable length, with the byte that tells it. Raises Break."""
    if at >= len(body):
        raise Break("it ends before the length of a record")
    size = lvar_size(body[at])
    if size is None:
        raise Break(f"the variable length {body[at]:02X} is reserved")
    return 1 + size


def _end_of_both(body: bytes, at: int) -> int:
    """Find the end of a unit in plain text that has VIFEs, before or behind its text."""
    if _is_text(body, at + 1):
        end = _end_of_chain(body, _end_of_text(body, at + 1))
        extensions = end - _end_of_text(body, at + 1)
    else:
        text_at = _end_of_chain(body, at + 1)
        if not _is_text(body, text_at):
            raise Break("it ends inside a unit in plain text")
        end, extensions = _end_of_text(body, text_at), text_at - at - 1
    if extensions > _EXTENSIONS_MAX:
        raise _too_many()
    return end


def _end_of_text(body: bytes, at: int) -> int:
    end = at + 1 + body[at] if at < len(body) else len(body) + 1
    if end > len(body):
        raise Break("it ends inside a unit in plain text")
    return end


def _is_text(body: bytes, at: int) -> bool:
    """Tell whether here stands a length and so many characters that can be printed."""
    if at >= len(body) or not 0 < body[at] < len(body) - at:
        return False
    text = body[at + 1 : at + 1 + body[at]]
    return all(_SPACE <= byte < _DELETE or byte >= _LATIN_1 for byte in text)


def _end_of_chain(body: bytes, at: int) -> int:
    """Find the end of a byte and those that its extension bit announces."""
    end = len(body)
    while at < end and body[at] & 0x80:
        at += 1
    if at >= end:
        raise Break("it ends inside the head of a record")
    return at + 1


def _too_many() -> Break:
    return Break(f"more than {_EXTENSIONS_MAX} extension bytes follow each other")
