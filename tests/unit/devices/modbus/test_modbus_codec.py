"""Values in registers: exact, invalid where the device says so, and the same there and back."""

import math
import struct
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.devices.modbus.codec import (
    ModbusImage,
    decode_block,
    decode_value,
    encode_block,
    encode_value,
)
from exotherm.devices.modbus.profile import Encoding, Register, WordOrder, load_profile


def register(
    encoding: Encoding,
    *,
    word_order: WordOrder = "big",
    scale: str = "1",
    decimals: int = 0,
    invalid: int | None = None,
) -> Register:
    return Register(
        quantity="x_kw",
        address=0,
        encoding=encoding,
        word_order=word_order,
        scale=Decimal(scale),
        decimals=decimals,
        invalid=invalid,
    )


@pytest.mark.parametrize(
    ("told", "words", "count"),
    [
        (register("uint16"), [0xFFFF], 65535),
        (register("int16"), [0xFFFF], -1),
        (register("int16", scale="0.01", decimals=2), [2831], 2831),
        (register("int16", scale="10", decimals=1), [3], 300),
        (register("uint32"), [0x0001, 0x0002], 65538),
        (register("uint32", word_order="little"), [0x0002, 0x0001], 65538),
        (register("int32"), [0xFFFF, 0xFFFE], -2),
        (register("uint32", scale="0.1", decimals=1), [0xFFFF, 0xFFFE], 4294967294),
        # 12.5 is 41480000; half a count goes to the even one.
        (register("float32", decimals=2), [0x4148, 0x0000], 1250),
        (register("float32", decimals=2, word_order="little"), [0x0000, 0x4148], 1250),
        (register("float32", decimals=0), [0x4148, 0x0000], 12),
        (register("float32", decimals=0, scale="0.001"), [0x4640, 0xE600], 12),
        (register("float32"), [0x7FC0, 0x0000], None),
        (register("float32"), [0x7F80, 0x0000], None),
        (register("float32"), [0xFF80, 0x0000], None),
        (register("float32", decimals=2), [0x7F7F, 0xFFFF], None),
        (register("float32", invalid=0xC479C000), [0xC479, 0xC000], None),
        (register("int16", invalid=0x8000), [0x8000], None),
        (register("uint32", invalid=0xFFFFFFFF), [0xFFFF, 0xFFFF], None),
    ],
)
def test_reads_the_exact_count(told: Register, words: list[int], count: int | None) -> None:
    assert count == decode_value(told, words)


@given(st.integers(0, 2**32 - 2), st.sampled_from(["big", "little"]))
def test_counters_come_back_exactly(count: int, word_order: WordOrder) -> None:
    told = register("uint32", word_order=word_order, scale="0.1", decimals=1, invalid=2**32 - 1)
    assert count == decode_value(told, encode_value(told, Decimal(count).scaleb(-1)))
    assert decode_value(told, encode_value(told, None)) is None


@given(st.floats(width=32, min_value=-1e6, max_value=1e6))
def test_floats_give_the_nearest_count(number: float) -> None:
    told = register("float32", decimals=2)
    (bits,) = struct.unpack(">I", struct.pack(">f", number))
    count = decode_value(told, [bits >> 16, bits & 0xFFFF])
    assert count is not None
    assert abs(Decimal(number) * 100 - count) <= Decimal("0.5")
    assert [bits >> 16, bits & 0xFFFF] == encode_value(told, number)


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_writes_what_is_no_value_as_invalid(value: float | None) -> None:
    assert decode_value(register("float32"), encode_value(register("float32"), value)) is None
    told = register("int16", invalid=0x8000)
    assert encode_value(told, value) == [0x8000]


@pytest.mark.parametrize(
    ("encoding", "value"), [("uint16", -1), ("int16", 32768), ("uint16", None)]
)
def test_a_number_that_does_not_fit_is_our_own_fault(encoding: Encoding, value: int | None) -> None:
    with pytest.raises(AssertionError):
        encode_value(register(encoding), value)


def test_a_block_is_of_one_moment() -> None:
    plant_room = load_profile("plantroom")
    at = datetime(2026, 10, 1, 12, 30, 15, tzinfo=UTC)
    values = {
        "power_kw": 41.25,
        "coolant_c": None,
        "it_kwh": Decimal("123456.7"),
        "site_kwh": Decimal("99999999.9"),
        "auxiliary_kwh": 0,
        "fuel_kwh": 77,
    }
    reading = decode_block(plant_room, encode_block(plant_room, ModbusImage(values=values, at=at)))
    expected = {
        "power_kw": 4125,
        "coolant_c": None,
        "it_kwh": 1234567,
        "site_kwh": 999999999,
        "auxiliary_kwh": 0,
        "fuel_kwh": 77,
    }
    assert expected == reading.counts
    assert at == reading.source_at


@pytest.mark.parametrize("words", [[0, 0], [0xFFFF, 0xFFFF]])
def test_a_device_that_does_not_know_the_time_says_none(words: list[int]) -> None:
    plant_room = load_profile("plantroom")
    assert decode_block(plant_room, words + [0] * 12).source_at is None
