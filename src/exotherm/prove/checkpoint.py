"""Checkpoints: a signed statement of what a log holds (C2SP tlog-checkpoint and signed-note).

A note is text, an empty line and signatures. A checkpoint is a note whose text gives the origin
of the log, the number of its leaves and their root. Keys are Ed25519; their public half is
written as a "vkey": ``<name>+<key id, 8 hex digits>+<base64 of 0x01 and the public key>``.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_NAME = re.compile(r"[!-*,-~]+")
_SIGNATURE_LINE = re.compile(r"\u2014 ([^\s+\x00-\x1f]+) ([A-Za-z0-9+/]+={0,2})\n")
_BODY = re.compile(r"[^\x00-\x09\x0b-\x1f]*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """An operator's key: its name, its secret half (never shown), and the vkey to publish."""

    name: str
    private: bytes = field(repr=False)
    vkey: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a log held when it was signed: origin, number of leaves, root, further lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def origin_of(slug: str) -> str:
    """Give the origin line, which is also the key name, of a site's log."""
    return f"exotherm/{slug}"


def new_key(name: str) -> SigningKey:
    """Make a new signing key from the operating system's randomness."""
    return key_from_private(name, Ed25519PrivateKey.generate().private_bytes_raw())


def key_from_private(name: str, private: bytes) -> SigningKey:
    """Give the signing key of 32 secret bytes. Raises ValueError for a bad name or length."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"a key's name has no spaces and no plus sign: {name!r}")
    public = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    return SigningKey(name=name, private=private, vkey=_write_vkey(name, public))


def key_id_of(name: str, public: bytes) -> bytes:
    """Give the four bytes by which a note says which key signed it."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def read_vkey(vkey: str) -> tuple[str, bytes]:
    """Read a vkey into its name and public key. Raises ValueError where its parts disagree."""
    name, _, rest = vkey.partition("+")
    raw = _decode64(rest.partition("+")[2])
    if len(raw) != 33 or raw[:1] != _ED25519 or not _NAME.fullmatch(name):
        raise ValueError(f"not a verification key for Ed25519: {vkey!r}")
    if vkey != _write_vkey(name, raw[1:]):
        raise ValueError(f"the key id does not belong to the key: {vkey!r}")
    return name, raw[1:]


def sign_note(body: str, key: SigningKey) -> str:
    """Sign a text, which ends with a line feed, and give the whole note."""
    if not _BODY.fullmatch(body):
        raise ValueError("a note's text has no control characters and ends with a line feed")
    private = Ed25519PrivateKey.from_private_bytes(key.private)
    key_id = key_id_of(key.name, private.public_key().public_bytes_raw())
    blob = base64.b64encode(key_id + private.sign(body.encode())).decode()
    return f"{body}\n\u2014 {key.name} {blob}\n"


def verify_note(note: str, *, vkey: str) -> str:
    """Give the text of a note that the key signed. Raises ValueError where it did not.

    Lines by other keys are passed over, as the format asks of a reader.
    """
    name, public = read_vkey(vkey)
    body, signatures = split_note(note)
    for signer, blob in signatures:
        if signer != name or blob[:4] != key_id_of(name, public):
            continue
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(blob[4:], body.encode())
        except InvalidSignature:
            raise ValueError(f"the signature by {name} does not fit the text") from None
        return body
    raise ValueError(f"the note carries no signature by {name}")


def split_note(note: str) -> tuple[str, tuple[tuple[str, bytes], ...]]:
    """Split a note into its text and its signatures (name, key id and signature).

    Raises ValueError where it is not written as a note.
    """
    text, empty_line, tail = note.rpartition("\n\n")
    body = text + "\n"
    matches = list(_SIGNATURE_LINE.finditer(tail))
    if not empty_line or not matches or "".join(match[0] for match in matches) != tail:
        raise ValueError("not a signed note: text, an empty line, signature lines")
    if not _BODY.fullmatch(body):
        raise ValueError("a note's text has no control characters")
    return body, tuple((match[1], _decode64(match[2])) for match in matches)


def write_checkpoint(checkpoint: Checkpoint) -> str:
    """Write the text of a checkpoint, ready to be signed."""
    root = base64.b64encode(checkpoint.root).decode()
    lines = (checkpoint.origin, str(checkpoint.size), root, *checkpoint.extensions)
    if not all(lines) or any("\n" in line for line in lines):
        raise ValueError("the lines of a checkpoint are not empty and stand on one line each")
    return "".join(f"{line}\n" for line in lines)


def read_checkpoint(body: str) -> Checkpoint:
    """Read the text of a checkpoint. Raises ValueError for any other way to write it."""
    lines = body.split("\n")
    if len(lines) < 4 or not re.fullmatch(r"0|[1-9][0-9]{0,17}", lines[1]):
        raise ValueError("a checkpoint has three lines or more: origin, number of leaves, root")
    checkpoint = Checkpoint(
        origin=lines[0],
        size=int(lines[1]),
        root=_decode64(lines[2]),
        extensions=tuple(lines[3:-1]),
    )
    if len(checkpoint.root) != 32 or write_checkpoint(checkpoint) != body:
        raise ValueError("not a checkpoint: origin, size, root, further lines")
    return checkpoint


def _write_vkey(name: str, public: bytes) -> str:
    shown = base64.b64encode(_ED25519 + public).decode()
    return f"{name}+{key_id_of(name, public).hex()}+{shown}"


def _decode64(text: str) -> bytes:
    """Decode base64 that is written in the one canonical way. Raises ValueError otherwise."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {text!r}") from error
    if base64.b64encode(raw).decode() != text:
        raise ValueError(f"not canonical base64: {text!r}")
    return raw
