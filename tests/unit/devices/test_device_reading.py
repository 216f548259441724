"""The profiles of the package as documents, and what is said of wrong ones."""

import struct
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.core.findings import Severity
from exotherm.core.units import unit_of
from exotherm.devices.modbus.codec import decode_value, encode_value
from exotherm.devices.modbus.profile import Register
from exotherm.devices.profile import (
    ModbusProfile,
    points_of_profile,
    profile_names,
    profile_text,
    set_points_of,
)
from exotherm.devices.reading import UnknownProfile, load_device_profile, read_device_profile

NAMES = profile_names()
HEAD = """
title = "Some meter"
protocol = "{}"
models = ["any"]
verified = "document"
sources = ["its manual"]
"""


def test_there_are_profiles_of_all_kinds_of_equipment() -> None:
    protocols = [load_device_profile(name).protocol for name in NAMES]
    assert len(NAMES) >= 20
    assert set(protocols) == {"modbus", "snmp", "redfish", "bacnet", "mqtt", "csv"}
    assert {name for one in set(protocols) for name in profile_names(one)} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_stands_against_a_profile_but_that_floats_lose_counts(name: str) -> None:
    read = read_device_profile(profile_text(name), file=f"{name}.toml")
    assert read.document is not None
    assert {found.code for found in read.findings} <= {"profile.register-as-float"}
    assert all(found.severity is Severity.WARNING and found.where.line for found in read.findings)
    profile = load_device_profile(name)
    assert all(len(source) > 7 for source in profile.sources)
    assert all(unit_of(point.name) is not None for point in points_of_profile(profile))
    assert all(
        (point.kind == "register") == (point.unit in ("kwh", "m3"))
        for point in points_of_profile(profile)
    )
    for set_point in set_points_of(profile):
        assert set_point.volatile or set_point.writes_per_day_max
        assert set_point.low < set_point.high


@pytest.mark.parametrize("name", profile_names("modbus"))
def test_a_request_reads_only_registers_of_the_profile_and_no_more_than_the_device_gives(
    name: str,
) -> None:
    profile = load_device_profile(name)
    assert isinstance(profile, ModbusProfile)
    described = {address for each in profile.registers for address in range(each.address, each.end)}
    read = [
        address
        for block in profile.blocks()
        for address in range(block.address, block.address + block.length)
    ]
    assert sorted(read) == sorted(described)
    assert all(block.length <= profile.span_max for block in profile.blocks())


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["profile.protocol-unknown"]),
        ("protocol = 7", ["profile.protocol-unknown"]),
        ("protocol =", ["document.not-toml"]),
        (HEAD.format("snmp"), ["document.field-missing", "document.field-missing"]),
        (
            HEAD.format("snmp") + 'enterprise = "nonsense"\n'
            '[[values]]\nquantity = "power_kw"\noid = "1.3.6.1.4.1.1"\ndecimals = 1\n',
            ["document.wrong-value"],
        ),
        (
            HEAD.format("snmp") + 'enterprise = "1.3.6.1.4.1.1"\n'
            '[[values]]\nquantity = "power"\noid = "1.3.6.1.4.1.1"\ndecimals = 1\n',
            ["profile.quantity-without-unit"],
        ),
        (
            HEAD.format("snmp") + 'enterprise = "1.3.6.1.4.1.1"\n'
            '[[values]]\nquantity = "power_kw"\noid = "1.3.6.1.4.1.1"\n'
            "scale = 1000\ndecimals = 1\n",
            ["profile.scale-impossible"],
        ),
        (
            HEAD.format("csv") + 'separator = ","\ndecimal = ","\ntime_column = "t"\n'
            'time_format = "%Y"\n[[values]]\nquantity = "power_kw"\ncolumn = "p"\ndecimals = 1\n',
            ["document.wrong-value"],
        ),
        (
            HEAD.format("modbus") + 'function = "input"\n'
            '[[registers]]\nquantity = "supply_c"\naddress = 1\n'
            'encoding = "float64"\ndecimals = 1\n'
            '[[registers]]\nquantity = "return_c"\naddress = 4\nencoding = "int16"\ndecimals = 1\n',
            ["profile.registers-overlap"],
        ),
    ],
)
def test_wrong_profiles_are_explained(text: str, codes: list[str]) -> None:
    read = read_device_profile(text, file="a.toml")
    assert read.document is None
    assert [found.code for found in read.findings] == codes
    assert all(found.remedy and found.where.file == "a.toml" for found in read.findings)


def test_a_profile_that_is_not_there_is_said(tmp_path) -> None:
    with pytest.raises(UnknownProfile, match="no device profile `nope`"):
        load_device_profile("nope")
    with pytest.raises(UnknownProfile, match="no device profile"):
        load_device_profile("../../etc/passwd")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("protocol = 3", encoding="utf-8")
    with pytest.raises(UnknownProfile, match="none that the program speaks"):
        load_device_profile(str(wrong))


def register(encoding: str, **more: object) -> Register:
    return Register.model_validate(
        {"quantity": "energy_kwh", "address": 0, "encoding": encoding, "decimals": 0, **more}
    )


@given(st.integers(0, 2**64 - 2), st.sampled_from(["big", "little"]))
def test_a_count_of_64_bits_is_exact_or_nothing(number: int, order: str) -> None:
    each = register("uint64", no_value="all ones", word_order=order)
    words = encode_value(each, number)
    # Independently of the codec: the bytes of the number, high word first.
    packed = struct.unpack(">4H", struct.pack(">Q", number))
    assert words == list(packed if order == "big" else packed[::-1])
    assert decode_value(each, words) == (number if number < 10**18 else None)


@pytest.mark.parametrize(
    ("encoding", "no_value", "words"),
    [
        ("uint64", "all ones", [0xFFFF] * 4),
        ("int64", "lowest", [0x8000, 0, 0, 0]),
        ("int32", "highest", [0x7FFF, 0xFFFF]),
        ("int16", "lowest", [0x8000]),
        ("uint16", "all ones", [0xFFFF]),
    ],
)
def test_patterns_of_no_value(encoding: str, no_value: str, words: list[int]) -> None:
    each = register(encoding, no_value=no_value)
    assert decode_value(each, words) is None
    assert encode_value(each, None) == words


def test_kelvin_become_degrees_and_doubles_keep_their_digits() -> None:
    kelvin = Register.model_validate(
        {
            "quantity": "liquid_c",
            "address": 321,
            "encoding": "uint16",
            "scale": Decimal("0.01"),
            "offset": Decimal("-273.15"),
            "decimals": 2,
        }
    )
    assert decode_value(kelvin, [33515]) == 6200
    assert encode_value(kelvin, Decimal(62)) == [33515]
    double = register("float64", scale=Decimal("0.001"), decimals=3)
    words = list(struct.unpack(">4H", struct.pack(">d", 123456789012.0)))
    assert decode_value(double, words) == 123456789012
    assert decode_value(double, list(struct.unpack(">4H", struct.pack(">d", float("nan"))))) is None
