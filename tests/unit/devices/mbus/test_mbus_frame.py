"""Frames of the link layer: exact, and refused with the byte that is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.devices.errors import UnreadableTelegram
from exotherm.devices.mbus.frame import (
    Frame,
    FrameKind,
    build_ack,
    build_long,
    build_short,
    length_of,
    read_frame,
)

# The examples of the M-Bus documentation: initialise and ask meter 5.
SND_NKE_5 = bytes.fromhex("10 40 05 45 16")
REQ_UD2_5 = bytes.fromhex("10 7B 05 80 16")
LONG = bytes.fromhex("68 04 04 68 08 05 72 01 80 16")


def test_builds_the_frames_that_a_master_begins_with() -> None:
    assert build_short(control=0x40, address=5) == SND_NKE_5
    assert build_short(control=0x7B, address=5) == REQ_UD2_5
    assert build_ack() == b"\xe5"


def test_reads_each_kind_of_frame() -> None:
    control = bytes.fromhex("68 03 03 68 53 FE 50 A1 16")
    assert Frame(FrameKind.ACK) == read_frame(b"\xe5")
    assert Frame(FrameKind.SHORT, 0x40, 5) == read_frame(SND_NKE_5)
    assert Frame(FrameKind.CONTROL, 0x53, 0xFE, 0x50) == read_frame(control)
    assert Frame(FrameKind.LONG, 8, 5, 0x72, b"\x01") == read_frame(LONG)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("", "it ends after 0 bytes where more are due"),
        ("00", "it begins with 00 where E5, 10 or 68 is due"),
        ("E5 E5", "1 bytes follow its stop byte"),
        ("10 40 05 45", "it ends after 4 bytes where 5 are due"),
        ("10 40 05 46 16", "its checksum is 46 where 45 is due"),
        ("10 40 05 45 17", "its stop byte is 17 where 16 is due"),
        ("68 04 05 68 08 05 72 01 80 16", "its two length bytes differ: 04 and 05"),
        ("68 02 02 68 08 05 0D 16", "its length is 2 where 3 is the least"),
        ("68 04 04 69 08 05 72 01 80 16", "its second start byte is 69 where 68 is due"),
        ("68 04 04 68 08 05 72 01 80", "it ends after 9 bytes where 10 are due"),
        ("68 04 04 68 08 05 72 02 80 16", "its checksum is 80 where 81 is due"),
        ("68 04 04 68 08 05 72 01 80 16 00", "1 bytes follow its stop byte"),
    ],
)
def test_refuses_a_damaged_frame_with_the_byte_that_is_wrong(frame: str, reason: str) -> None:
    with pytest.raises(UnreadableTelegram) as caught:
        read_frame(bytes.fromhex(frame))
    assert f"The telegram is unreadable: {reason}." == str(caught.value)
    assert caught.value.retryable
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("prefix", "length"),
    [("", None), ("E5", 1), ("10", 5), ("68", None), ("68 F7 F7", None), ("68 F7 F7 68", 253)],
)
def test_tells_the_length_of_a_frame_from_its_first_bytes(prefix: str, length: int | None) -> None:
    assert length == length_of(bytes.fromhex(prefix))


@given(
    control=st.integers(0, 255),
    address=st.integers(0, 255),
    information=st.integers(0, 255),
    data=st.binary(max_size=252),
)
def test_reads_back_every_long_frame_that_it_builds(
    control: int, address: int, information: int, data: bytes
) -> None:
    frame = build_long(control=control, address=address, information=information, data=data)
    kind = FrameKind.LONG if data else FrameKind.CONTROL
    assert Frame(kind, control, address, information, data) == read_frame(frame)
    assert len(frame) == length_of(frame[:4])


@given(data=st.binary(max_size=60), at=st.integers(0, 65), flip=st.integers(1, 255))
def test_never_reads_a_frame_with_one_wrong_byte(data: bytes, at: int, flip: int) -> None:
    frame = bytearray(build_long(control=8, address=5, information=0x72, data=data))
    at %= len(frame)
    frame[at] ^= flip
    with pytest.raises(UnreadableTelegram):
        read_frame(bytes(frame))
