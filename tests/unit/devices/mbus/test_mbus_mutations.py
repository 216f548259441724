"""Damage that a checksum does not show: always a telegram or UnreadableTelegram, nothing else."""

import json
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mbus_fuzz import tally
from mbus_oracle import objection_to
from mbus_peers import NAMES, frame_of

from exotherm.devices.errors import UnreadableTelegram
from exotherm.devices.mbus.frame import build_long
from exotherm.devices.mbus.record import Function, Record
from exotherm.devices.mbus.records import read_records
from exotherm.devices.mbus.telegram import Telegram, inspect_telegram, read_telegram

FRAMES = [frame_of(name) for name in NAMES]
MUTATIONS = 30_000


def _read(frame: bytes) -> Telegram | None:
    try:
        return read_telegram(frame)
    except UnreadableTelegram:
        return None


def test_tens_of_thousands_of_damaged_frames() -> None:
    counts, objections = tally(FRAMES, 13757, MUTATIONS)
    assert [] == objections
    assert counts["read"] + counts["refused"] == MUTATIONS
    # Every outcome is met often, or the test would show nothing.
    assert MUTATIONS // 10 < counts["read"] < MUTATIONS * 9 // 10
    assert counts["valid records"] > MUTATIONS
    assert counts["invalid records"] > MUTATIONS // 10


def test_the_second_opinion_agrees_on_every_undamaged_value() -> None:
    # The counters of a fixed structure have no head to judge them by.
    telegrams = [read_telegram(frame) for frame in FRAMES if frame[6] != 0x73]
    records = [record for telegram in telegrams for record in telegram.records]
    assert [] == [objection for record in records if (objection := objection_to(record))]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("0c2bbdebdddd", 13131113),
        ("040600000080", -2147483648),
        ("0406e7910000", Decimal("37351.1")),
        ("04067b000000", Decimal("0.123")),
        ("05060000c07f", 1),
        ("3c0612345678", 78563412),
        ("02fb680018", 6144),
        ("02fb680018", Decimal("1.25")),
        ("0406", None),
    ],
)
def test_the_second_opinion_objects(raw: str, value: int | Decimal | None) -> None:
    record = Record(
        quantity="energy",
        unit="kWh",
        value=value,
        function=Function.INSTANTANEOUS,
        storage=0,
        tariff=0,
        subunit=0,
        qualifiers=(),
        reason="",
        raw=raw,
    )
    assert objection_to(record)


@given(
    field=st.integers(0, 15),
    function=st.integers(0, 3),
    vib=st.lists(st.integers(0, 127), min_size=1, max_size=4),
    data=st.binary(min_size=70, max_size=70),
)
def test_any_record_is_what_its_bytes_say(
    field: int, function: int, vib: list[int], data: bytes
) -> None:
    chain = bytes(code | 0x80 for code in vib[:-1]) + bytes(vib[-1:])
    body = bytes((field | function << 4,)) + chain + data
    try:
        records = read_records(body).records
    except UnreadableTelegram:
        return
    assert [] == [objection for record in records if (objection := objection_to(record))]


@given(
    information=st.sampled_from([0x70, 0x71, 0x72, 0x73, 0x76, 0x77, 0x78, 0x7A, 0x6F]),
    data=st.binary(max_size=252),
)
@example(information=0x72, data=bytes(12) + b"\x84" * 11)
@example(information=0x72, data=bytes(12) + b"\x0d\xfd\x3a\xf6" + bytes(range(64)))
@example(information=0x72, data=bytes(12) + b"\x0d\xfd\x3a\xf8\x01" + bytes(7))
@example(information=0x72, data=bytes(12) + b"\x05\x86" + b"\xf0" * 9 + b"\x70\x01\x00\x00\x00")
def test_any_bytes_in_a_right_frame(information: int, data: bytes) -> None:
    frame = build_long(control=8, address=1, information=information, data=data)
    telegram = _read(frame)
    if telegram is not None:
        json.dumps(telegram.to_json(), allow_nan=False)
        assert all(record.valid or record.reason for record in telegram.records)
        assert all(record.value is not None for record in telegram.records if record.valid)
        return
    try:
        shown = inspect_telegram(frame)
    except UnreadableTelegram:
        return
    json.dumps(shown.to_json(), allow_nan=False)
    assert not any(record.valid for record in shown.records)


@given(st.binary(max_size=300))
def test_any_bytes_at_all(frame: bytes) -> None:
    _read(frame)
