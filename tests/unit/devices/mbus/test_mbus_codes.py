"""Every code of the tables of values, with the unit and power of ten of another decoder."""

from decimal import Decimal

import pymbusparser
import pytest

from exotherm.devices.mbus.frame import build_long
from exotherm.devices.mbus.record import Record
from exotherm.devices.mbus.records import read_records

COUNT = 123
HEADER = bytes.fromhex("78563412244001045500 0000")
# Its units, and how many of ours one of them is.
OURS = {
    "W.h": ("kWh", "1e-3"),
    "J": ("GJ", "1e-9"),
    "m3": ("m³", "1"),
    "kg": ("kg", "1"),
    "t": ("kg", "1e3"),
    "W": ("kW", "1e-3"),
    "J.h-1": ("GJ/h", "1e-9"),
    "m3.h-1": ("m³/h", "1"),
    "m3.min-1": ("m³/min", "1"),
    "m3.s-1": ("m³/s", "1"),
    "kg.h-1": ("kg/h", "1"),
    "Cel": ("°C", "1"),
    "K": ("K", "1"),
    "bar": ("bar", "1"),
    "s": ("s", "1"),
    "min": ("min", "1"),
    "h": ("h", "1"),
    "d": ("days", "1"),
    "mo": ("months", "1"),
    "a": ("years", "1"),
    "W (reactive)h": ("kvarh", "1e-3"),
    "W (apparent)h": ("kVAh", "1e-3"),
    "W (reactive)": ("kvar", "1e-3"),
    "W (apparent)": ("kVA", "1e-3"),
    "cal": ("Mcal", "1e-6"),
    "%": ("%", "1"),
    "[ft_i]3": ("ft³", "1"),
    "°": ("°", "1"),
    "Hz": ("Hz", "1"),
    "[degF]": ("°F", "1"),
    "V": ("V", "1"),
    "A": ("A", "1"),
    "$ (local)": ("currency", "1"),
}
PRIMARY = [bytes((code,)) for code in range(0x78) if code not in (0x6C, 0x6D, 0x6E, 0x6F)]
FB = [bytes((0xFB, code)) for code in range(0x80)]
FD = [bytes((0xFD, code)) for code in (*range(8), *range(0x24, 0x2A), *range(0x40, 0x60))]
# Where it is wrong, or where the editions of the standard differ.
NOT_COMPARED = {
    "fb22": "tenths of a gallon until 2004, reserved since",
    "fb23": "a gallon until 2004, an angle in later drafts",
    "fb24": "thousandths of a gallon a minute until 2004, reserved since",
    "fb25": "a gallon a minute until 2004, reserved since",
    "fb26": "a gallon an hour until 2004, reserved since",
    "fb68": "a rating factor in 4096ths, for which it has no unit",
    "fb6a": "a rating factor in 4096ths, for which it has no unit",
    "fb6b": "a rating factor in 4096ths, for which it has no unit",
    "fb6c": "a rating factor in 4096ths, for which it has no unit",
    "fb6d": "a rating factor in 4096ths, for which it has no unit",
    "fb6e": "a rating factor in 4096ths, for which it has no unit",
    "fb78": "it adds a thousandth of the unit",
    "fb79": "it adds a thousandth of the unit",
    "fb7a": "it adds a thousandth of the unit",
    "fb7b": "it adds a thousandth of the unit",
}
COMPARED = [vib for vib in (*PRIMARY, *FB, *FD) if vib.hex() not in NOT_COMPARED]


def ours(vib: bytes) -> Record:
    body = b"\x04" + vib + COUNT.to_bytes(4, "little")
    return read_records(body).records[0]


def theirs(vib: bytes) -> tuple[str, Decimal | None]:
    """Give our unit and the value in it by pymbusparser; no value where it has no unit."""
    data = HEADER + b"\x04" + vib + COUNT.to_bytes(4, "little")
    frame = build_long(control=8, address=1, information=0x72, data=data)
    (told,) = pymbusparser.parse(frame)["records"]
    if told.get("unit") not in OURS:
        return str(told.get("unit") or ""), None
    unit, factor = OURS[told["unit"]]
    return unit, Decimal(told["value"]["value"]) * Decimal(factor)


@pytest.mark.parametrize("vib", COMPARED, ids=bytes.hex)
def test_a_code_has_the_unit_and_power_of_ten_that_another_decoder_gives_it(vib: bytes) -> None:
    own, (unit, value) = ours(vib), theirs(vib)
    if value is None:
        # It has no unit for the code, so neither may we give a number in one.
        assert own.value is None
        assert not own.valid
        return
    assert isinstance(own.value, int | Decimal)
    assert (own.unit, Decimal(own.value)) == (unit, value)


@pytest.mark.parametrize("code", [bytes.fromhex(code) for code in NOT_COMPARED], ids=bytes.hex)
def test_what_is_not_compared_differs(code: bytes) -> None:
    own, (unit, value) = ours(code), theirs(code)
    assert (own.unit, own.value) != (unit, value)


@pytest.mark.parametrize(("code", "exponent"), [(0x70 + step, step - 6) for step in range(8)])
def test_a_multiplicative_correction_is_that_of_another_decoder(code: int, exponent: int) -> None:
    for vif in (0x86, 0x93, 0xAD):
        own, (unit, value) = ours(bytes((vif, code))), theirs(bytes((vif, code)))
        plain = ours(bytes((vif & 0x7F,))).value
        assert isinstance(own.value, int | Decimal)
        assert isinstance(plain, int | Decimal)
        assert (own.unit, Decimal(own.value)) == (unit, value)
        assert Decimal(own.value) == Decimal(plain).scaleb(exponent)
