"""Compact frames: read where a full frame tells what their values mean, and else not at all."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.cli.main import run
from exotherm.devices.errors import UnreadableTelegram
from exotherm.devices.mbus.checksum import crc_of
from exotherm.devices.mbus.compact import Heads, formats_of, unfold
from exotherm.devices.mbus.frame import build_long, read_frame
from exotherm.devices.mbus.payload import Payload
from exotherm.devices.mbus.telegram import inspect_telegram, read_telegram
from exotherm.usecases.decode_mbus import decode_capture

LONG_HEADER = bytes.fromhex("78563412244001045500 0000")
# Head and data of each record: digits, a date, a unit in plain text, and data of variable length.
RECORDS = (
    ("0C 06", "78 56 34 12"),
    ("42 6C", "BF 1C"),
    ("02 FC 03 48 52 25 74", "D4 11"),
    ("0D FD 11", "03 43 42 41"),
    ("8C 10 06", "01 00 00 00"),
)
HEADS = tuple(bytes.fromhex(head) for head, _ in RECORDS)
VALUES = [12345678, "2013-12-31", "45.64", "ABC", 1]
FULL_RECORDS = bytes.fromhex("".join(head + data for head, data in RECORDS))
DATA = bytes.fromhex("".join(data for _, data in RECORDS))


def by_hand(data: bytes) -> bytes:
    """Divide by the polynomial bit for bit, as long division is done on paper."""
    bits = [bit == "1" for byte in data for bit in f"{byte:08b}"] + [False] * 16
    divisor = [bit == "1" for bit in f"{0x13D65:017b}"]
    for at in range(len(bits) - 16):
        if bits[at]:
            bits[at : at + 17] = [a != b for a, b in zip(bits[at : at + 17], divisor, strict=True)]
    rest = "".join("0" if bit else "1" for bit in bits[-16:])
    return int(rest, 2).to_bytes(2, "little")


def full(records: bytes = FULL_RECORDS) -> bytes:
    return build_long(control=8, address=5, information=0x72, data=LONG_HEADER + records)


def compact(
    data: bytes = DATA, *, records: bytes = FULL_RECORDS, information: int = 0x79, header: str = ""
) -> bytes:
    body = by_hand(b"".join(HEADS)) + by_hand(records) + data
    return build_long(
        control=8, address=5, information=information, data=bytes.fromhex(header) + body
    )


def formats_in(*frames: bytes) -> dict[int, Heads]:
    read = (read_frame(frame) for frame in frames)
    return formats_of(Payload(frame.information, frame.data) for frame in read)


def test_the_checksum_is_that_of_the_standard() -> None:
    """The catalogue of CRC algorithms gives C2B7 as the check value of CRC-16/EN-13757."""
    assert crc_of(b"123456789") == 0xC2B7
    assert crc_of(b"") == 0xFFFF


@given(st.binary(max_size=80))
def test_the_checksum_is_the_rest_of_a_division(data: bytes) -> None:
    assert by_hand(data) == crc_of(data).to_bytes(2, "little")


@pytest.mark.parametrize(
    ("information", "header", "identification", "access_number"),
    [
        (0x79, "", "", None),
        (0x7B, "2A 00 00 00", "", 0x2A),
        (0x73, "78 56 34 12 24 40 01 04 2A 00 00 00", "12345678", 0x2A),
    ],
)
def test_a_compact_frame_is_read_as_the_full_one(
    information: int, header: str, identification: str, access_number: int | None
) -> None:
    frame = compact(information=information, header=header)
    telegram = inspect_telegram(frame, formats_in(full(), frame))
    assert (identification, access_number) == (telegram.identification, telegram.access_number)
    assert read_telegram(full()).records == telegram.records
    assert VALUES == [record.to_json()["value"] for record in telegram.records]


def test_the_heads_of_a_format_frame_will_do() -> None:
    heads = b"".join(HEADS)
    body = bytes((len(heads) + 2,)) + by_hand(heads) + heads
    format_frame = build_long(control=8, address=5, information=0x69, data=body)
    assert len(inspect_telegram(compact(), formats_in(format_frame)).records) == len(RECORDS)
    wrong = build_long(control=8, address=5, information=0x69, data=body[:-1] + b"\x07")
    assert {} == formats_in(wrong)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (compact(DATA[:-1]), "do not fit the checksum"),
        (compact(DATA + b"\x00"), "do not fit the checksum"),
        (compact(b"\x79" + DATA[1:]), "do not fit the checksum"),
        (compact(records=FULL_RECORDS[:-1]), "do not fit the checksum"),
        (compact(DATA[:8] + b"\xf7" + DATA[9:]), "do not fit the checksum"),
        (build_long(control=8, address=5, information=0x79, data=b"\x01"), "inside its checksums"),
    ],
)
def test_values_that_do_not_fit_are_not_read(frame: bytes, reason: str) -> None:
    with pytest.raises(UnreadableTelegram, match=reason):
        inspect_telegram(frame, formats_in(full()))


@pytest.mark.parametrize(
    "other",
    [
        b"",
        full(FULL_RECORDS[:-2]),
        full(FULL_RECORDS + bytes.fromhex("0F AA")),
        full(b"\x0c\x13" + FULL_RECORDS[2:]),
        build_long(
            control=8,
            address=5,
            information=0x72,
            data=LONG_HEADER[:10] + b"\x20\x05" + FULL_RECORDS,
        ),
    ],
)
def test_without_its_full_frame_nothing_of_it_is_read(other: bytes) -> None:
    with pytest.raises(UnreadableTelegram, match="no full frame with its format signature"):
        inspect_telegram(compact(), formats_in(*([other] if other else [])))


def test_a_capture_of_both_is_read_in_any_order() -> None:
    for frames in ((full(), compact()), (compact(), full())):
        decoded = decode_capture(b"".join(frames), file="x")
        assert decoded.good
        assert [len(RECORDS)] * 2 == [len(telegram.records) for telegram in decoded.telegrams]


def test_the_command_says_what_a_lone_compact_frame_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "compact.hex"
    file.write_text(compact().hex())
    assert run(["operate", "decode", "mbus", str(file), "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["code"] == "capture.telegram-unreadable"
    assert f"format signature {crc_of(b''.join(HEADS)):04X}" in finding["message"]
    assert "full frame of the same meter" in finding["remedy"]


@given(at=st.integers(0, len(DATA) * 8 - 1))
def test_no_flipped_bit_gives_a_value(at: int) -> None:
    data = bytearray(DATA)
    data[at // 8] ^= 1 << at % 8
    with pytest.raises(UnreadableTelegram):
        inspect_telegram(compact(bytes(data)), formats_in(full()))


@given(
    body=st.binary(max_size=60),
    heads=st.lists(st.binary(min_size=2).filter(lambda head: head[0] & 0x0F != 0x0F), max_size=6),
)
def test_any_bytes_give_records_or_the_reason(body: bytes, heads: list[bytes]) -> None:
    signature = int.from_bytes(body[:2], "little")
    try:
        records = unfold(body, {signature: tuple(heads)})
    except UnreadableTelegram:
        return
    assert crc_of(records).to_bytes(2, "little") == body[2:4]
