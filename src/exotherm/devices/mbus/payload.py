"""What a link layer carries, whichever it is: a CI field, and the data behind it. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Payload:
    """An application's data, and what the link tells that their header may leave out.

    ``address`` is that of the wired bus. ``sender`` are the eight bytes of a wireless link in the
    order of a long header, ``access_number`` is that of an extended link layer. ``checked`` is
    whether a checksum stood behind the bytes.
    """

    information: int
    data: bytes
    address: int | None = None
    sender: bytes = b""
    access_number: int | None = None
    checked: bool = True
