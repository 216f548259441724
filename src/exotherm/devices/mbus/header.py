"""Who a telegram is from, in the four headers of EN 13757-7, and whether its records are encrypted.

Pure. The long header names the meter, the short one leaves that to the link, one kind has none.
"""

from dataclasses import dataclass, replace

from exotherm.devices.mbus.frame import unreadable

_LONG_SIZE = 12
_SHORT_SIZE = 4
_LONG = frozenset({0x6B, 0x72, 0x73, 0x76})
_BIG_ENDIAN = frozenset({0x76})
_SHORT = frozenset({0x6A, 0x7A, 0x7B})
VARIABLE_STRUCTURES = frozenset({0x72, 0x76, 0x78, 0x7A})
"""The CI fields behind which full records follow: with a long, a short and no header."""

_AES_MODES = frozenset({5, 7})
_DES_MODES = frozenset({2, 3})
_DERIVED_KEY = 7
_HAS_COUNTER, _HAS_VERSION = 0x2000, 0x40
_CLEAR_MARK = b"\x2f\x2f"
ENCRYPTION_MODES = {
    2: "DES-CBC, zero initial vector",
    3: "DES-CBC",
    4: "AES-128-CBC, zero initial vector",
    5: "AES-128-CBC",
    7: "AES-128-CBC with a derived key",
    8: "AES-128-CTR with CMAC",
    9: "AES-128-GCM",
    10: "AES-128-CCM",
    13: "TLS",
}
"""What a configuration word may announce, by its mode."""

_UNCHECKED_MODES = frozenset(ENCRYPTION_MODES) - _AES_MODES - _DES_MODES

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
    0x32: "unidirectional-repeater",
    0x33: "bidirectional-repeater",
    0x36: "radio-converter-system-side",
    0x37: "radio-converter-meter-side",
}
_CODE_OF_MEDIUM = {name: code for code, name in MEDIA.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Who the meter is and how it is; empty or None where the kind of header does not tell.

    ``encryption_mode`` is None where the records are plain, whatever ``signature`` may look like;
    otherwise ``encrypted`` are the bytes that nobody can read without the key. ``body`` is what
    can be read: all records, or those behind the encrypted ones.
    """

    identification: str
    manufacturer: str
    version: int | None
    medium: str
    access_number: int | None
    status: int
    signature: int
    encryption_mode: int | None
    encrypted: bytes
    body: bytes
    big_endian: bool

    @property
    def in_clear(self) -> bool:
        """Whether the records begin with the two fillers that decryption would show."""
        return self.body.startswith(_CLEAR_MARK)

    @property
    def suspicion(self) -> str:
        """The encryption that the word may announce though nothing in the bytes shows it, or none.

        Of the modes that the field hardly uses no length tells whether it is a word or a signature.
        """
        mode = mode_of(self.signature)
        plain = self.encryption_mode is not None or self.in_clear
        return "" if plain or mode not in _UNCHECKED_MODES else ENCRYPTION_MODES[mode]


def read_header(information: int, data: bytes) -> Header:
    """Read the header that stands behind a CI field of full, compact and format frames.

    Raises UnreadableTelegram where it is cut short.
    """
    size = _LONG_SIZE if information in _LONG else _SHORT_SIZE if information in _SHORT else 0
    if len(data) < size:
        raise unreadable(f"its header has {len(data)} bytes where {size} are due")
    big_endian = information in _BIG_ENDIAN
    named, common = data[: max(size - _SHORT_SIZE, 0)], data[max(size - _SHORT_SIZE, 0) : size]
    if big_endian:
        named = named[3::-1] + named[5:3:-1] + named[6:]
        common = common[:2] + common[:1:-1]
    signature = int.from_bytes(common[2:], "little")
    mode, encrypted, body = _split(signature, data[size:])
    identification, manufacturer, version, medium = _names_in(named)
    return Header(
        identification=identification,
        manufacturer=manufacturer,
        version=version,
        medium=medium,
        access_number=common[0] if common else None,
        status=common[1] if common else 0,
        signature=signature,
        encryption_mode=mode,
        encrypted=encrypted,
        body=body,
        big_endian=big_endian,
    )


def with_sender(header: Header, sender: bytes) -> Header:
    """Put in who it is from: eight bytes, as a long header has them."""
    identification, manufacturer, version, medium = _names_in(sender)
    return replace(
        header,
        identification=identification,
        manufacturer=manufacturer,
        version=version,
        medium=medium,
    )


def _names_in(named: bytes) -> tuple[str, str, int | None, str]:
    if not named:
        return "", "", None, ""
    return (
        named[3::-1].hex().upper(),
        read_manufacturer(int.from_bytes(named[4:6], "little")),
        named[6],
        MEDIA.get(named[7], f"reserved-{named[7]:02x}"),
    )


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


def secondary_of(identification: str, manufacturer: str, version: int | None, medium: str) -> str:
    """Give the 16 hex digits that select exactly this meter, from what its long header told."""
    plain = manufacturer.isalpha() and len(manufacturer) == 3
    code = write_manufacturer(manufacturer) if plain else int(manufacturer, 16)
    kind = _CODE_OF_MEDIUM.get(medium)
    if kind is None:
        kind = int(medium.removeprefix("reserved-"), 16)
    tail = code.to_bytes(2, "little") + bytes((version or 0, kind))
    return identification + tail.hex().upper()


def mode_of(signature: int) -> int:
    """Give the encryption mode that a signature has where it is a configuration word."""
    return (signature >> 8) & 0x1F


def _split(word: int, body: bytes) -> tuple[int | None, bytes, bytes]:
    """Tell a configuration word that announces encrypted records from an old signature field.

    Before 2005 the field was a signature and any value of it may come with plain records. It is
    taken for a configuration word only where its mode is one in use, the length it gives is
    possible, and the records do not begin with the two fillers that decryption would show.
    """
    mode = mode_of(word)
    extension = _extension_of(word, body) if mode == _DERIVED_KEY else 0
    for begin in (0, extension):
        if body[begin:].startswith(_CLEAR_MARK):
            return None, b"", body[begin:]
    if mode in _AES_MODES:
        size = 16 * (word >> 4 & 0x0F)
    elif mode in _DES_MODES:
        size = word & 0xFF
    else:
        return None, b"", body
    if not 0 < size <= len(body) - extension or size % 8:
        return None, b"", body
    end = extension + size
    return mode, body[extension:end], body[end:]


def _extension_of(word: int, body: bytes) -> int:
    """Give the bytes that stand behind the configuration word of mode 7: 1, and what it announces.

    A bit of the word announces a message counter of 4 bytes, one of the first byte a key version.
    """
    version = 1 if body and body[0] & _HAS_VERSION else 0
    return 1 + (4 if word & _HAS_COUNTER else 0) + version
