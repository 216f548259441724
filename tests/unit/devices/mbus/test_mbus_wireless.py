"""Wireless telegrams in each form that receivers hand them on, and payloads without any link."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.devices.errors import UnreadableTelegram
from exotherm.devices.mbus.checksum import crc_of
from exotherm.devices.mbus.frame import build_long
from exotherm.devices.mbus.payload import Payload
from exotherm.devices.mbus.telegram import Telegram, inspect_payload
from exotherm.devices.mbus.wireless import cut_wireless, read_wireless
from exotherm.usecases.decode_mbus import Decoded, decode_capture

# Manufacturer PAD, number 12345678, version 1, heat: as a wireless link has it.
SENDER = bytes.fromhex("2440 78563412 01 04")
RECORDS = bytes.fromhex("0C0678563412 025AC502 42 6C BF1C")
SHORT = bytes.fromhex("7A 2A 00 0000") + RECORDS
LONG_HISTORY = bytes.fromhex("7A 2A 00 0000") + b"\x2f" * 140 + RECORDS


def bare(payload: bytes, *, control: int = 0x44) -> bytes:
    body = bytes((control,)) + SENDER + payload
    return bytes((len(body),)) + body


def _sealed(block: bytes) -> bytes:
    return block + crc_of(block).to_bytes(2, "big")


def format_a(payload: bytes) -> bytes:
    """A block of ten bytes, then blocks of sixteen, a checksum behind each and none counted."""
    plain = bare(payload)
    rest = plain[10:]
    blocks = [plain[:10], *(rest[at : at + 16] for at in range(0, len(rest), 16))]
    return b"".join(map(_sealed, blocks))


def format_b(payload: bytes) -> bytes:
    """Up to 126 bytes and a checksum, then the rest and its own, all of them counted."""
    plain = bare(payload)
    checksums = 1 if len(plain) <= 126 else 2
    counted = bytes((plain[0] + 2 * checksums,)) + plain[1:]
    parts = [counted] if checksums == 1 else [counted[:126], counted[126:]]
    return b"".join(map(_sealed, parts))


def told(payload: Payload) -> Telegram:
    return inspect_payload(payload)


def decoded(content: bytes) -> Decoded:
    return decode_capture(content.hex().encode(), file="x")


@pytest.mark.parametrize("payload", [SHORT, LONG_HISTORY])
@pytest.mark.parametrize(
    ("dress", "codes"),
    [(bare, ["capture.unchecked"]), (format_a, []), (format_b, [])],
)
def test_reads_a_telegram_in_each_form(
    dress: Callable[[bytes], bytes], codes: list[str], payload: bytes
) -> None:
    seen = decoded(dress(payload))
    (telegram,) = seen.telegrams
    assert codes == [finding.code for finding in seen.findings]
    assert (telegram.identification, telegram.manufacturer, telegram.version, telegram.medium) == (
        "12345678",
        "PAD",
        1,
        "heat",
    )
    assert (telegram.address, telegram.access_number) == (None, 0x2A)
    shown = [record.to_json()["value"] for record in telegram.records]
    assert [12345678, "70.9", "2013-12-31"] == shown
    assert all(record.valid for record in telegram.records)


def test_a_header_of_its_own_goes_before_the_link() -> None:
    """A radio converter sends under its own name, for the meter that the long header tells."""
    header = bytes.fromhex("72 44332211 2D2C 19 07 55 04 0000")
    telegram = told(read_wireless(bare(header + RECORDS)))
    assert (telegram.identification, telegram.manufacturer, telegram.medium) == (
        "11223344",
        "KAM",
        "water",
    )
    assert (telegram.access_number, telegram.status_words) == (0x55, ("power low",))


@pytest.mark.parametrize(
    "ahead",
    [
        "8C 20 33",
        "8E 20 33 2440 11111111 01 04",
        "8C 20 33 90 02 0000",
        "8C 20 33 90 0F 002C 25 09000000 0102030405060708",
        "8D 20 33 00000000 CRC",
        "8F 20 33 2440 11111111 01 04 00000000 CRC",
        # The bits say encrypted, and the checksum that a receiver has decrypted it.
        "8D 20 33 00000020 CRC",
    ],
)
def test_the_layers_between_are_taken_off(ahead: str) -> None:
    payload = b"\x78" + RECORDS
    seal = crc_of(payload).to_bytes(2, "little").hex()
    telegram = told(read_wireless(bare(bytes.fromhex(ahead.replace("CRC", seal)) + payload)))
    assert [12345678, Decimal("70.9")] == [record.value for record in telegram.records[:2]]
    assert (telegram.identification, telegram.access_number) == ("12345678", 0x33)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("8D 20 33 00000020 0000 78 0C0678563412", "its extended link layer encrypts it"),
        ("8D 20 33 00000000 0000 78 0C0678563412", "the checksum of its extended link layer"),
        ("8C 20", "it ends inside its extended link layer"),
        ("8C 20 33", "it ends before its CI field"),
        ("90 02 0140 78 0C0678563412", "one of several fragments"),
        ("90 02 0200 78 0C0678563412", "one of several fragments"),
        ("90 0F 002C 25", "it ends inside its authentication layer"),
        ("90 02 0000", "it ends before its CI field"),
    ],
)
def test_says_why_a_link_leaves_nothing_to_read(payload: str, reason: str) -> None:
    with pytest.raises(UnreadableTelegram, match=reason):
        read_wireless(bare(bytes.fromhex(payload)))
    (finding,) = decoded(bare(bytes.fromhex(payload))).findings
    assert finding.code == "capture.telegram-unreadable"


def test_several_telegrams_are_cut_by_their_lengths() -> None:
    stream = bare(SHORT) + format_a(SHORT) + bare(b"\x78" + RECORDS, control=0x46)
    assert [len(bare(SHORT)), len(format_a(SHORT)), len(bare(b"\x78" + RECORDS))] == [
        len(each) for each in cut_wireless(stream)
    ]
    seen = decoded(stream)
    assert len(seen.telegrams) == 3
    (finding,) = [each for each in seen.findings if each.code == "capture.unchecked"]
    assert finding.data == {"telegrams": 2}


def test_what_is_cut_short_is_no_telegram() -> None:
    whole = format_a(SHORT)
    for size in range(1, len(whole)):
        seen = decode_capture(whole[:size], file="x")
        # Without its last checksums a telegram of format A is no longer one from end to end.
        assert not any(record.valid for each in seen.telegrams for record in each.records)


@given(at=st.integers(0, len(format_a(SHORT)) * 8 - 1))
def test_no_flipped_bit_passes_the_checksums(at: int) -> None:
    damaged = bytearray(format_a(SHORT))
    damaged[at // 8] ^= 1 << at % 8
    assert not any(payload.checked for payload in map(_read, cut_wireless(bytes(damaged))))


def _read(telegram: bytes) -> Payload:
    try:
        return read_wireless(telegram)
    except UnreadableTelegram:
        return Payload(0, b"", checked=False)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_payload_or_the_reason_why_not(rest: bytes) -> None:
    whole = bare(rest[:200])
    assert isinstance(_read(whole), Payload)


@pytest.mark.parametrize(
    "payload",
    [SHORT, b"\x78" + RECORDS, bytes.fromhex("72 78563412 2440 01 04 2A 00 0000") + RECORDS],
)
def test_a_payload_alone_is_read_and_marked_as_unchecked(payload: bytes) -> None:
    seen = decoded(payload)
    (telegram,) = seen.telegrams
    assert [12345678, Decimal("70.9")] == [record.value for record in telegram.records[:2]]
    assert ["capture.unchecked"] == [finding.code for finding in seen.findings]


@pytest.mark.parametrize("payload", [SHORT[:-1], SHORT[:4], b"\x78\x00\x06", b"\x72" + b"\x00" * 8])
def test_what_cannot_be_told_apart_is_no_payload(payload: bytes) -> None:
    seen = decoded(payload)
    assert seen.telegrams == ()
    assert "capture.frame-damaged" in [finding.code for finding in seen.findings]


def test_a_frame_of_the_wired_bus_goes_before_what_looks_like_a_payload() -> None:
    """What stands before it begins with a CI field and a word that may announce encryption."""
    frame = build_long(control=8, address=5, information=0x78, data=RECORDS)
    seen = decode_capture(bytes.fromhex("7A 2A 00 1005") + b"\xa5" * 16 + frame, file="x")
    (telegram,) = seen.telegrams
    assert (telegram.address, len(telegram.records)) == (5, 3)
    assert ["capture.frame-damaged"] == [finding.code for finding in seen.findings]
