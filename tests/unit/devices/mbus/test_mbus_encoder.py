"""What another hand writes by the standard is read back: each value, unit and place, or none."""

from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from mbus_encoder import FUNCTIONS, SCALED, Told, Written, framed, written
from mbus_oracle import objection_to

from exotherm.devices.errors import UnreadableTelegram
from exotherm.devices.mbus.record import Record
from exotherm.devices.mbus.telegram import read_telegram

ROOM = 200
"""Bytes of records that fit into a frame beside its header."""


def fitting(records: list[Written]) -> list[Written]:
    kept: list[Written] = []
    for record in records:
        if sum(len(each.to_bytes()) for each in (*kept, record)) <= ROOM:
            kept.append(record)
    return kept


def told(record: Record) -> Told | None:
    value = record.value
    return Fraction(value) if isinstance(value, int | Decimal) else value


def check(record: Record, of: Written) -> None:
    assert (FUNCTIONS[of.function], of.storage, of.tariff, of.subunit) == (
        record.function.value,
        record.storage,
        record.tariff,
        record.subunit,
    )
    assert of.valid is record.valid
    assert bool(record.reason) is not record.valid
    if of.value is not None:
        assert (of.unit, of.value) == (record.unit, told(record))
        assert type(of.value) is type(told(record))
    if of.value is None:
        assert record.value is None
    plain = of.valid and not (of.function or of.storage or of.tariff or of.subunit)
    assert record.current or not plain


@given(records=st.lists(written(), max_size=12).map(fitting), big_endian=st.booleans())
def test_what_is_written_is_read(records: list[Written], *, big_endian: bool) -> None:
    body = b"".join(record.to_bytes(big_endian=big_endian) for record in records)
    found = read_telegram(framed(body, big_endian=big_endian)).records
    assert len(records) == len(found)
    for record, of in zip(found, records, strict=True):
        check(record, of)
        assert record.raw == of.to_bytes(big_endian=big_endian).hex()
        assert objection_to(record, big_endian=big_endian) == ""


@given(
    before=st.lists(written(), max_size=4).map(fitting),
    bad=written(invalid=True),
    after=st.lists(written(), max_size=4).map(fitting),
)
def test_what_is_written_as_invalid_spoils_itself_alone(
    before: list[Written], bad: Written, after: list[Written]
) -> None:
    records = fitting([bad, *before, *after])
    at = len(before) if len(records) == 1 + len(before) + len(after) else 0
    records = [*records[1 : at + 1], bad, *records[at + 1 :]]
    found = read_telegram(framed(b"".join(record.to_bytes() for record in records))).records
    assert len(records) == len(found)
    for record, of in zip(found, records, strict=True):
        check(record, of)
    assert not found[at].valid


@given(records=st.lists(written(), min_size=1, max_size=6).map(fitting), data=st.data())
def test_one_flipped_bit_is_refused_by_the_checksum(
    records: list[Written], data: st.DataObject
) -> None:
    frame = bytearray(framed(b"".join(record.to_bytes() for record in records)))
    at = data.draw(st.integers(0, len(frame) * 8 - 1))
    frame[at // 8] ^= 1 << at % 8
    with pytest.raises(UnreadableTelegram):
        read_telegram(bytes(frame))


@given(
    records=st.lists(written() | written(invalid=True), min_size=1, max_size=8).map(fitting),
    data=st.data(),
)
def test_a_flipped_bit_under_a_right_checksum_gives_no_other_value_than_its_bytes(
    records: list[Written], data: st.DataObject
) -> None:
    """And what stands before it stays what it was, or is not valid at all."""
    parts = [record.to_bytes() for record in records]
    body = bytearray(b"".join(parts))
    at = data.draw(st.integers(0, len(body) * 8 - 1))
    body[at // 8] ^= 1 << at % 8
    try:
        found = read_telegram(framed(bytes(body))).records
    except UnreadableTelegram:
        return
    assert [] == [objection for record in found if (objection := objection_to(record))]
    untouched = 0
    while sum(map(len, parts[: untouched + 1])) <= at // 8:
        untouched += 1
    for record, of in zip(found[:untouched], records[:untouched], strict=True):
        check(record, of)


@pytest.mark.parametrize("family", SCALED, ids=lambda family: family[0])
def test_every_code_of_a_family_is_ten_times_the_one_before(
    family: tuple[str, int, int, str, str],
) -> None:
    vib_hex, count, power, unit, factor = family
    for step in range(count):
        vib = bytes.fromhex(vib_hex)
        vib = vib[:-1] + bytes((vib[-1] + step,))
        (record,) = read_telegram(
            framed(b"\x02" + vib + (-123).to_bytes(2, "little", signed=True))
        ).records
        assert told(record) == -123 * Fraction(factor) * Fraction(10) ** (power + step)
        assert record.unit == unit


@pytest.mark.parametrize("kind", [Fraction, str, date, datetime, time])
def test_every_kind_of_value_is_written(kind: type) -> None:
    """Or the properties above would say less than they seem to."""
    find(
        written(), lambda record: type(record.value) is kind, settings=settings(max_examples=10_000)
    )
