"""Register maps as data, and everything that can be wrong in one."""

from decimal import Decimal

import pytest

from exotherm.core.findings import Severity
from exotherm.devices.modbus.profile import Register, load_profile, read_profile

GOOD = """
title = "A gateway"
function = "input"
[clock]
address = 100
[[registers]]
quantity = "power_kw"
address = 102
encoding = "int16"
scale = 0.01
decimals = 2
invalid = 0x8000
"""


def codes(text: str) -> list[str]:
    return [finding.code for finding in read_profile(text).findings]


def test_reads_a_profile_with_an_exact_scale() -> None:
    read = read_profile(GOOD)
    assert not read.findings
    register_map = read.document
    assert register_map is not None
    assert (
        register_map.title,
        register_map.function,
        register_map.address,
        register_map.length,
    ) == ("A gateway", "input", 100, 3)
    expected = Register(
        quantity="power_kw",
        address=102,
        encoding="int16",
        scale=Decimal("0.01"),
        decimals=2,
        invalid=0x8000,
    )
    assert (expected,) == register_map.registers


def test_the_plant_room_has_all_quantities_of_the_rack() -> None:
    register_map = load_profile("plantroom")
    expected = {
        "power_kw": 2,
        "coolant_c": 2,
        "it_kwh": 1,
        "site_kwh": 1,
        "auxiliary_kwh": 1,
        "fuel_kwh": 0,
    }
    assert expected == {each.quantity: each.decimals for each in register_map.registers}
    assert register_map.clock is not None
    assert (register_map.address, register_map.length) == (0, 14)


REGISTER = '[[registers]]\nquantity = "{}"\naddress = {}\nencoding = "{}"\ndecimals = {}\n'
HEAD = 'title = "x"\nfunction = "holding"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title =", ["document.not-toml"]),
        ("", ["document.field-missing"] * 3),
        (HEAD + "registers = []", ["profile.registers-missing"]),
        (HEAD + REGISTER.format("a_kw", 70000, "int16", 1), ["document.wrong-value"]),
        (HEAD + REGISTER.format("a_kw", 1, "int128", 1), ["document.wrong-value"]),
        (HEAD + REGISTER.format("A kw", 1, "int16", 1), ["document.wrong-value"]),
        (HEAD + REGISTER.format("a_kw", 1, "int16", "1\nscale = 0"), ["document.wrong-value"]),
        (HEAD + REGISTER.format("a_kw", 1, "int16", "1\nunit = 'kW'"), ["document.unknown-field"]),
        (HEAD + REGISTER.format("power", 1, "int16", 1), ["profile.quantity-without-unit"]),
        (
            HEAD + REGISTER.format("a_kw", 1, "uint32", 0) + REGISTER.format("b_kw", 2, "int16", 0),
            ["profile.registers-overlap"],
        ),
        (
            HEAD + REGISTER.format("a_kw", 1, "int16", 0) + REGISTER.format("a_kw", 2, "int16", 0),
            ["profile.quantity-twice"],
        ),
        (
            HEAD
            + REGISTER.format("a_kw", 1, "int16", 0)
            + REGISTER.format("b_kw", 126, "int16", 0),
            ["profile.block-too-long"],
        ),
        (
            HEAD + REGISTER.format("a_kw", 1, "int16", "1\nscale = 0.01"),
            ["profile.decimals-too-few"],
        ),
    ],
)
def test_finds_what_is_wrong_and_gives_no_map(text: str, expected: list[str]) -> None:
    read = read_profile(text, file="a.toml")
    assert expected == [finding.code for finding in read.findings]
    assert read.document is None
    assert all(finding.remedy and finding.where.file == "a.toml" for finding in read.findings)


def test_collects_all_findings() -> None:
    text = HEAD + REGISTER.format("power", 1, "uint32", 0) + REGISTER.format("power", 2, "int16", 0)
    expected = [
        "profile.registers-overlap",
        "profile.quantity-twice",
        "profile.quantity-without-unit",
        "profile.quantity-without-unit",
    ]
    assert expected == codes(text)


def test_warns_of_a_counter_in_a_float_and_still_gives_the_map() -> None:
    read = read_profile(HEAD + REGISTER.format("it_kwh", 1, "float32", 1))
    assert read.document is not None
    (finding,) = read.findings
    assert Severity.WARNING is finding.severity
    assert str(finding.where) == "profile.toml:6 (registers[0].encoding)"
