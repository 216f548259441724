"""Records with known answers, among them every misreading found in the open decoders."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.devices.errors import UnreadableTelegram
from exotherm.devices.mbus.frame import build_long
from exotherm.devices.mbus.header import read_manufacturer, write_manufacturer
from exotherm.devices.mbus.record import Function, Record
from exotherm.devices.mbus.records import read_records
from exotherm.devices.mbus.telegram import (
    inspect_telegram,
    read_telegram,
    says_summer_time,
    source_time,
)

HEADER = bytes.fromhex("78 56 34 12 24 40 01 04 55 00 00 00")


def one(record: str) -> Record:
    (found,) = read_records(bytes.fromhex(record)).records
    return found


@pytest.mark.parametrize(
    ("record", "quantity", "unit", "value"),
    [
        # The VIF decides the power of ten, the data field how it is written.
        ("01 03 7B", "energy", "kWh", Decimal("0.123")),
        ("02 06 E8 03", "energy", "kWh", 1000),
        ("03 07 01 00 00", "energy", "kWh", 10),
        ("04 06 FF FF FF FF", "energy", "kWh", -1),
        ("06 06 00 00 00 00 00 01", "energy", "kWh", 2**40),
        ("07 06 FF FF FF FF FF FF FF 7F", "energy", "kWh", 2**63 - 1),
        ("0C 06 78 56 34 12", "energy", "kWh", 12345678),
        ("0E 03 12 90 78 56 34 12", "energy", "kWh", Decimal("123456789.012")),
        ("09 5B 42", "supply-temperature", "°C", 42),
        ("0A 5A 27 02", "supply-temperature", "°C", Decimal("22.7")),
        ("0B 3B 27 01 00", "flow", "m³/h", Decimal("0.127")),
        ("04 0E 02 00 00 00", "energy", "GJ", Decimal("0.002")),
        ("04 2D 5B 01 00 00", "power", "kW", Decimal("34.7")),
        ("02 62 FE FF", "temperature-difference", "K", Decimal("-0.2")),
        ("04 13 0A 00 00 00", "volume", "m³", Decimal("0.010")),
        ("04 FB 00 08 00 00 00", "energy", "kWh", 800),
        ("04 FB 01 08 00 00 00", "energy", "kWh", 8000),
        ("02 22 10 00", "on-time", "h", 16),
        ("02 FD 17 03 80", "error-flags", "", 0x8003),
        ("0C 78 17 58 85 06", "fabrication-number", "", 6855817),
        ("02 FD 48 E3 08", "voltage", "V", Decimal("227.5")),
    ],
)
def test_reads_a_value_exactly(record: str, quantity: str, unit: str, value: object) -> None:
    found = one(record)
    assert (quantity, unit, value, "") == (found.quantity, found.unit, found.value, found.reason)
    assert found.valid
    assert isinstance(found.value, type(value))


# pymbusparser 0.5 leaves out the power of ten of a float: a thousandth of the energy is billed.
@pytest.mark.parametrize(
    ("record", "unit", "value"),
    [
        ("05 06 00 50 9A 44", "kWh", Decimal("1234.5")),
        ("05 2B 00 00 20 41", "kW", Decimal("0.010")),
        ("05 2E A0 C8 51 46", "kW", Decimal("13426.15625")),
        ("05 3B 00 00 00 3F", "m³/h", Decimal("0.0005")),
        ("05 5B 90 D3 07 43", "°C", Decimal("135.826416015625")),
    ],
)
def test_applies_the_power_of_ten_to_a_float(record: str, unit: str, value: Decimal) -> None:
    assert (unit, value) == (one(record).unit, one(record).value)


def test_keeps_a_float_as_exactly_the_decimal_of_its_bits() -> None:
    assert Decimal("0.100000001490116119384765625") == one("05 5B CD CC CC 3D").value


@pytest.mark.parametrize("bits", ["00 00 C0 7F", "00 00 80 7F", "00 00 80 FF"])
def test_a_float_that_is_not_a_number_is_no_value(bits: str) -> None:
    found = one(f"05 06 {bits}")
    assert (found.value, found.valid) == (None, False)
    assert found.reason == "the meter marks the value as not a number (type H)"


# pyMeterBus 0.8 leaves out the multiplicative corrections.
@pytest.mark.parametrize(
    ("vife", "value"),
    [
        ("70", Decimal("0.000123")),
        ("74", Decimal("1.23")),
        ("75", Decimal("12.3")),
        ("76", 123),
        ("77", 1230),
        ("7D", 123000),
        ("F7 7D", 1230000),
        ("F4 7D", 1230),
    ],
)
def test_applies_multiplicative_corrections(vife: str, value: object) -> None:
    found = one(f"04 86 {vife} 7B 00 00 00")
    assert ("energy", "kWh", value) == (found.quantity, found.unit, found.value)
    assert found.current


# libmbus and pyMeterBus take display codes for digits: thirteen megawatts of a meter that stands.
@pytest.mark.parametrize(
    ("record", "shown"),
    [
        ("0C 2B BD EB DD DD", "DDDDEBBD"),
        ("0B 3B BD EB DD", "DDEBBD"),
        ("0C 2A DD B4 EB DD", "DDEBB4DD"),
        ("0A 5A FF FF", "FFFF"),
        ("0A 5A 1F 02", "021F"),
        ("09 5B E5", "E5"),
    ],
)
def test_a_display_code_is_no_number(record: str, shown: str) -> None:
    found = one(record)
    assert (found.value, found.valid) == (None, False)
    assert f"the digits {shown} are a display code, not a number (type A)" == found.reason


def test_an_f_in_the_highest_digit_is_a_minus_sign() -> None:
    assert Decimal("-0.18") == one("0B 61 18 00 F0").value
    assert one("09 5B F5").value == -5


def test_one_bad_record_spoils_no_other() -> None:
    block = read_records(bytes.fromhex("0C 06 01 00 00 00 0C 2B BD EB DD DD 0C 14 02 00 00 00"))
    assert [record.valid for record in block.records] == [True, False, True]
    assert [1, None, Decimal("0.02")] == [record.value for record in block.records]


def test_a_value_during_an_error_is_marked_and_not_current() -> None:
    found = one("3B 2D 99 99 99")
    assert Function.ERROR is found.function
    assert found.reason == "the meter gives it as a value during an error"
    assert not found.current


@pytest.mark.parametrize(
    ("record", "value"),
    [
        # pyMeterBus does not know type I, pymbusparser reads day 31 as "every day".
        ("04 6D 1A 2F 65 11", datetime.fromisoformat("2011-01-05T15:26")),
        ("04 6D 09 0D CD 13", datetime.fromisoformat("2014-03-13T13:09")),
        ("04 6D 3B 17 9F 1C", datetime.fromisoformat("2012-12-31T23:59")),
        ("06 6D 2D 26 4C D6 17 00", datetime.fromisoformat("2014-07-22T12:38:45")),
        ("06 6D 1E 2B 31 D6 27 00", datetime.fromisoformat("2022-07-22T17:43:30")),
        ("03 6D 1E 2B 11", time(17, 43, 30)),
        ("02 6C BF 1C", date(2013, 12, 31)),
        ("02 6C 01 01", date(2000, 1, 1)),
        ("02 6C 21 A1", date(2081 - 100, 1, 1)),
        ("04 6D 00 40 01 01", datetime.fromisoformat("2100-01-01T00:00")),
    ],
)
def test_reads_dates_and_times(record: str, value: object) -> None:
    assert (value, "") == (one(record).value, one(record).reason)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("04 6D A1 15 E9 17", "the meter marks its time as invalid (type F, bit IV)"),
        ("06 6D 2D A6 4C D6 17 00", "the meter marks its time as invalid (type I, bit IV)"),
        # libmbus and pyMeterBus read year 127, "every year", as 2027.
        ("04 6D 00 00 E1 F1", "it is a repeating date, not one date"),
        ("02 6C E1 F1", "it is a repeating date, not one date"),
        ("02 6C E0 11", "it is a repeating date, not one date"),
        ("02 6C C1 1F", "it is a repeating date, not one date"),
        ("04 6D 3F 0C C1 11", "it is a repeating date, not one date"),
        ("04 6D 00 1F C1 11", "it is a repeating date, not one date"),
        ("02 6C 00 00", "the meter has no date to tell (type G)"),
        ("02 6C FF FF", "the meter has no date to tell (type G)"),
        ("04 6D 00 00 00 00", "the meter has no time to tell (type F)"),
        ("03 6D FF FF FF", "the meter marks its time as invalid (type J)"),
        ("02 6C DE 12", "12DE is no date or time there is"),
        ("02 6C 81 C1", "C181 is no date or time there is"),
        ("04 6D 00 18 C1 11", "11C11800 is no date or time there is"),
        ("01 6C 01", "no date or time has 1 bytes"),
        ("0C 6D 00 00 00 00", "a date or time is not written as digits, a float or a text"),
    ],
)
def test_what_is_no_date_is_no_value(record: str, reason: str) -> None:
    assert (None, reason) == (one(record).value, one(record).reason)


def test_a_meters_clock_becomes_an_instant_by_its_fixed_offset() -> None:
    shown = datetime.fromisoformat("2026-07-01T14:00")
    hour = timedelta(hours=1)
    assert datetime(2026, 7, 1, 13, 0, tzinfo=UTC) == source_time(shown, hour)
    assert datetime(2026, 7, 1, 12, 0, tzinfo=UTC) == source_time(shown, hour, summer_time=True)
    assert not says_summer_time(one("04 6D 1A 2F 65 11"))
    assert says_summer_time(one("04 6D 1A AF 65 11"))
    assert datetime.fromisoformat("2011-01-05T15:26") == one("04 6D 1A AF 65 11").value


# libmbus and pyMeterBus lose the unit of FB 08 and 09.
@pytest.mark.parametrize(("code", "value"), [("08", Decimal("10.0")), ("09", 100)])
def test_reads_gigajoules_of_the_alternate_table(code: str, value: object) -> None:
    found = one(f"04 FB {code} 64 00 00 00")
    assert ("energy", "GJ", value) == (found.quantity, found.unit, found.value)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("04 6F 01 00 00 00", "the VIF 6F is not known"),
        ("04 FB 6F 01 00 00 00", "the VIF FB 6F is not known"),
        ("04 FB 06 01 00 00 00", "the VIF FB 06 is not known"),
        ("04 FB 23 01 00 00 00", "the VIF FB 23 is not known"),
        (
            "02 FB 69 01 00",
            "it is a thermal output (Kq), which is told in watts or in 4096ths",
        ),
        ("05 FB 68 00 00 80 3F", "a rating factor is not written as a float or a text"),
        ("0D FB 68 E1 01", "a rating factor is not written as a float or a text"),
        ("02 FB 68 FF FF", "the meter marks the value as invalid (type C)"),
        ("0A FB 68 FA FF", "the digits FFFA are a display code, not a number (type A)"),
        ("04 FD FD 7E 01 00 00 00", "the VIF FD FD 7E is not known"),
        ("04 7B 01 00 00 00", "the VIF 7B is not known"),
        ("04 7E 17 09 00 00", "the VIF 7E stands for any, and does not tell which"),
        ("05 FE 28 00 00 80 3F", "the VIF 7E stands for any, and does not tell which"),
        ("04 FD 72 01 00 00 00", "a rule of summer time (type K) is not read"),
        ("0D FD 73 EB" + " 01" * 11, "a listening window (type L) is not read"),
        ("0D 6D E6 01 02 03 04 05 06", "a time of variable length (type M) is not read"),
        ("0D 6D 02 31 32", "a date or time is not written as digits, a float or a text"),
        ("04 FD 76 01 00 00 00", "its inner structure is not read"),
        ("07 79" + " FF" * 8, "the meter marks the value as invalid (type C)"),
        # All ones are no value where the table wants type C, and not minus one day.
        ("02 FD 74 FF FF", "the meter marks the value as invalid (type C)"),
        ("02 FB 1A FF FF", "the meter marks the value as invalid (type C)"),
        ("01 FD 2E FF", "the meter marks the value as invalid (type C)"),
        ("01 FD 7C 01", "the VIF FD 7C is not known"),
        ("04 86 3F 01 00 00 00", "it declares an OBIS code"),
        ("04 86 3D 01 00 00 00", "it is in a unit that is not metric (annex C)"),
        ("04 86 FC 0D 01 00 00 00", "it is in a unit that is not metric (annex C)"),
        ("04 86 10 01 00 00 00", "the VIFE 10 is not known"),
        ("04 86 FC 1F 01 00 00 00", "the VIFE FC 1F is not known"),
        ("04 86 7C 01 00 00 00", "the VIFE FC 00 is not known"),
        ("04 86 1F 01 00 00 00", "several values stand in the record (compact profile)"),
        ("02 FD 08 FF FF", "the meter marks the value as invalid (type C)"),
        ("02 FF 52 F4 01", "only its manufacturer knows what the value means"),
        ("04 86 15 00 00 00 00", "the meter reports: no data available"),
        ("04 86 7A 01 00 00 00", "an additive correction goes with it that is not applied"),
        ("04 06 00 00 00 80", "the meter marks the value as invalid (type B)"),
        ("00 06", "the record carries no data"),
        ("08 06", "the record carries no data"),
        ("0D 06 02 31 32", "a text stands where a number is due"),
    ],
)
def test_keeps_what_it_cannot_use_as_bytes_with_the_reason(record: str, reason: str) -> None:
    found = one(record)
    assert (False, reason) == (found.valid, found.reason)
    assert record.replace(" ", "").lower() == found.raw


@pytest.mark.parametrize(
    ("record", "qualifiers", "unit", "value"),
    [
        ("04 90 28 0B 00 00 00", ("per input pulse 0",), "m³/input pulse 0", Decimal("0.000011")),
        ("04 AD 6F 32 14 7A 18", ("end-of-last",), "", datetime.fromisoformat("2011-08-26T20:50")),
        ("04 BE 50 10 00 00 00", ("duration-of-first-lower-limit-exceeded",), "s", 16),
        ("02 DB 48 50 00", ("upper-limit",), "°C", 80),
        ("02 DA 49 03 00", ("count-of-upper-limit-exceeded",), "", 3),
        ("04 93 3C 03 00 00 00", ("backward-only",), "m³", Decimal("0.003")),
        ("04 86 FF 0A 01 00 00 00", ("manufacturer-specific 0A",), "kWh", 1),
        ("44 ED 7E 3B 17 9E 14", ("future",), "", datetime.fromisoformat("2012-04-30T23:59")),
    ],
)
def test_a_qualified_value_is_not_the_plain_one(
    record: str, qualifiers: tuple[str, ...], unit: str, value: object
) -> None:
    found = one(record)
    assert (qualifiers, unit, value) == (found.qualifiers, found.unit, found.value)
    assert not found.current


@pytest.mark.parametrize(
    ("dib", "place"),
    [
        ("04", (0, 0, 0)),
        ("44", (1, 0, 0)),
        ("84 10", (0, 1, 0)),
        ("84 40", (0, 0, 1)),
        ("84 80 40", (0, 0, 2)),
        ("C4 C0 40", (1, 0, 3)),
        ("84 90 10", (0, 5, 0)),
        ("84 8F 0F", (510, 0, 0)),
        # A last DIFE of 00 closes the chain, and is one more than the ten.
        ("84 00", (0, 0, 0)),
        ("C4 8F 00", (31, 0, 0)),
        ("84" + " 80" * 9 + " 81 00", (1 << 37, 0, 0)),
        ("C4 81 01", (35, 0, 0)),
    ],
)
def test_reads_storage_tariff_and_subunit(dib: str, place: tuple[int, int, int]) -> None:
    found = one(f"{dib} 06 01 00 00 00")
    assert place == (found.storage, found.tariff, found.subunit)
    assert found.current is (place == (0, 0, 0))


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("05 6F 6C 6C 65 48", "Hello"),
        ("00", ""),
        ("C2 34 12", 1234),
        ("D2 34 12", -1234),
        ("E2 FE FF", -2),
        # Reserved since 2013, as the edition of 2004 has them.
        ("CA 09 08 07 06 05 04 03 02 01 00", 10203040506070809),
        ("F8 00 00 00 00 00 00 0A 40", Decimal("3.25")),
        # pyMeterBus reads these sixteen bytes as a temperature.
        ("F0 01" + " 00" * 15, 1),
    ],
)
def test_reads_data_of_variable_length(data: str, value: object) -> None:
    found = one(f"0D FD 3A {data}")
    assert (value, "") == (found.value, found.reason)


def test_reads_a_unit_in_plain_text_with_its_extension() -> None:
    found = one("02 FC 03 48 52 25 74 D4 11")
    assert ("text:%RH", "%RH") == (found.quantity, found.unit)
    assert Decimal("45.64") == found.value
    assert one("01 7C 00 05").value == 5
    named = one("0D 7C 08 44 49 20 2E 74 73 75 63 03 43 42 41")
    assert ("text:cust. ID", "", "ABC", True) == (
        named.quantity,
        named.unit,
        named.value,
        named.valid,
    )


# In the standard of 2018 the text of a unit stands behind the VIFEs (annex C.2), and in meters of
# the field before them.
@pytest.mark.parametrize(
    "record",
    [
        "02 FC 03 48 52 25 74 D4 11",
        "02 FC 74 03 48 52 25 D4 11",
        "02 FC F0 75 03 48 52 25 D4 11",
        "02 FC F2 76 03 48 52 25 D4 11",
    ],
)
def test_reads_the_text_of_a_unit_on_either_side_of_its_extensions(record: str) -> None:
    found = one(record)
    exponent = {"F0": -7, "F2": -4}.get(record[6:8], -2)
    assert ("text:%RH", "%RH", "") == (found.quantity, found.unit, found.reason)
    assert Decimal(4564).scaleb(exponent) == found.value


@pytest.mark.parametrize("vib", ["FC 74 03 25 52 48", "FC 03 25 52 48 74"])
def test_a_unit_in_plain_text_is_in_reading_order_in_mode_2(vib: str) -> None:
    block = read_records(bytes.fromhex(f"02 {vib} 11 D4"), big_endian=True)
    assert [("%RH", Decimal("45.64"))] == [(each.unit, each.value) for each in block.records]


def test_a_text_never_writes_to_a_terminal() -> None:
    assert "\ufffd[2Jx" == one("0D FD 11 07 00 00 78 4A 32 5B 1B").value
    assert "text:\ufffd" == one("01 7C 01 1B 05").quantity


def test_fillers_are_skipped_and_manufacturer_data_end_the_records() -> None:
    block = read_records(bytes.fromhex("2F 2F 02 06 01 00 2F 0F AA BB"))
    assert (
        len(block.records),
        block.manufacturer_data,
        block.more_follows,
    ) == (1, b"\xaa\xbb", False)
    assert read_records(bytes.fromhex("02 06 01 00 1F")).more_follows


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("04", "it ends inside the head of a record"),
        ("84", "it ends inside the head of a record"),
        ("04 86", "it ends inside the head of a record"),
        ("02 06 01 00 04 06 01 00", "it ends inside the data of record 1"),
        (
            "84" + " 80" * 10 + " 01 06 01 00 00 00",
            "more than 10 extension bytes follow each other",
        ),
        ("04 86" + " F6" * 10 + " 76 01", "more than 10 extension bytes follow each other"),
        ("02 7C 09 41 42", "it ends inside a unit in plain text"),
        ("02 7C", "it ends inside a unit in plain text"),
        ("02 FC 74 03 48 52", "it ends inside a unit in plain text"),
        ("02 FC 03 48 07 25 74 D4 11", "it ends inside a unit in plain text"),
        (
            "02 FC" + " F6" * 10 + " 76 03 48 52 25 D4 11",
            "more than 10 extension bytes follow each other",
        ),
        ("0D 06", "it ends before the length of a record"),
        ("0D 06 F7", "the variable length F7 is reserved"),
        ("3F 06", "the DIF 3F is reserved"),
        ("7F", "it ends inside the head of a record"),
    ],
)
def test_refuses_records_that_cannot_be_told_apart(body: str, reason: str) -> None:
    with pytest.raises(UnreadableTelegram, match="unreadable") as caught:
        read_records(bytes.fromhex(body))
    assert f"The telegram is unreadable: {reason}." == str(caught.value)


def frame(body: str, *, signature: str = "00 00", information: int = 0x72) -> bytes:
    data = HEADER[:10] + bytes.fromhex(signature) + bytes.fromhex(body)
    return build_long(control=8, address=5, information=information, data=data)


def test_reads_who_the_meter_is() -> None:
    telegram = read_telegram(frame("0C 06 01 00 00 00"))
    assert (
        telegram.address,
        telegram.identification,
        telegram.manufacturer,
        telegram.version,
        telegram.medium,
        telegram.access_number,
        telegram.status,
    ) == (5, "12345678", "PAD", 1, "heat", 0x55, 0)


# pymbusparser takes the signature of old meters for encryption and gives no record at all.
@pytest.mark.parametrize("signature", ["00 00", "FF FF", "27 B6", "01 00", "80 05"])
def test_an_old_signature_is_not_taken_for_encryption(signature: str) -> None:
    telegram = read_telegram(frame("0C 06 01 00 00 00", signature=signature))
    assert not telegram.encrypted
    assert len(telegram.records) == 1


@pytest.mark.parametrize("signature", ["10 05", "10 07", "10 02"])
def test_encrypted_records_are_told_and_not_guessed(signature: str) -> None:
    telegram = read_telegram(
        frame("00" + "A5" * 16 if signature == "10 07" else "A5" * 16, signature=signature)
    )
    assert telegram.encrypted
    assert telegram.encrypted_data == "a5" * 16
    assert telegram.records == ()


# Mode 7 has a byte more behind its configuration word, and bits that announce a message counter and
# a key version behind that one (EN 13757-7, 7.7.5).
@pytest.mark.parametrize(
    ("signature", "extension"),
    [
        ("10 07", "10"),
        ("10 07", "50 07"),
        ("10 27", "10 01 02 03 04"),
        ("10 27", "50 01 02 03 04 07"),
    ],
)
def test_the_extension_of_mode_7_is_not_taken_for_records(signature: str, extension: str) -> None:
    records = "0C 06 01 00 00 00"
    telegram = read_telegram(frame(extension + "A5" * 16 + records, signature=signature))
    assert (7, "a5" * 16) == (telegram.encryption_mode, telegram.encrypted_data)
    assert [1] == [record.value for record in telegram.records]
    decrypted = read_telegram(frame(f"{extension} 2F 2F {records}", signature=signature))
    assert not decrypted.encrypted
    assert [1] == [record.value for record in decrypted.records]


def test_records_behind_the_encrypted_ones_are_read() -> None:
    telegram = read_telegram(frame("A5" * 16 + "0C 06 01 00 00 00", signature="10 05"))
    assert telegram.encryption_mode == 5
    assert [1] == [record.value for record in telegram.records]


def test_says_that_records_out_of_step_may_be_encrypted() -> None:
    with pytest.raises(UnreadableTelegram, match=r"0900 may announce encryption \(AES-128-GCM\)"):
        read_telegram(frame("3F", signature="00 09"))


def test_fillers_in_clear_show_that_records_out_of_step_are_not_encrypted() -> None:
    with pytest.raises(UnreadableTelegram) as caught:
        read_telegram(frame("2F 2F 3F 00 00", signature="10 05"))
    assert str(caught.value) == "The telegram is unreadable: the DIF 3F is reserved."


def test_a_word_that_may_announce_encryption_lets_no_doubtful_records_pass() -> None:
    """Behind a mode that no length proves, only records that are all valid are plain ones."""
    doubtful = frame("0C 06 01 00 00 00 01 6F 05", signature="00 09")
    with pytest.raises(
        UnreadableTelegram,
        match=r"not all of its records are valid; its configuration word 0900 may announce",
    ):
        read_telegram(doubtful)
    shown = inspect_telegram(doubtful)
    assert [1, None] == [record.value for record in shown.records]
    assert not any(record.valid for record in shown.records)
    for body, signature in (
        ("0C 06 01 00 00 00", "00 09"),
        ("2F 2F 0C 06 01 00 00 00 01 6F 05", "00 09"),
        ("0C 06 01 00 00 00 01 6F 05", "00 16"),
    ):
        assert read_telegram(frame(body, signature=signature)).records[0].valid


def test_hardly_any_encrypted_bytes_pass_for_records() -> None:
    chance = random.Random(13757)  # noqa: S311 - repeatable bytes, no secret
    passed = 0
    for turn in range(4000):
        body = chance.randbytes(16 * (1 + turn % 6)).hex()
        try:
            telegram = read_telegram(frame(body, signature=f"00 {8 + turn % 3:02X}"))
        except UnreadableTelegram:
            continue
        passed += any(record.valid for record in telegram.records)
    assert passed < 4000 // 100


def test_records_that_are_already_decrypted_are_read() -> None:
    telegram = read_telegram(frame("2F 2F 0C 06 01 00 00 00" + " 2F" * 8, signature="10 05"))
    assert not telegram.encrypted
    assert len(telegram.records) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (0x00, ()),
        (0x01, ("busy",)),
        (0x46, ("application error", "power low", "manufacturer's status 40")),
        (0x18, ("permanent error", "temporary error")),
        (0x03, ("abnormal condition",)),
    ],
)
def test_says_what_the_status_means(status: int, words: tuple[str, ...]) -> None:
    data = HEADER[:9] + bytes((status, 0, 0))
    telegram = read_telegram(build_long(control=8, address=5, information=0x72, data=data))
    assert words == telegram.status_words


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("E5", "The telegram is unreadable: it is a frame of kind ack, not a meter's data."),
        (
            "10 08 05 0D 16",
            "The telegram is unreadable: it is a frame of kind short, not a meter's data.",
        ),
        (
            "68 04 04 68 53 05 72 01 CB 16",
            "The telegram is unreadable: it is a frame of kind long, not a meter's data.",
        ),
        (
            "68 04 04 68 08 05 70 08 85 16",
            "The meter answers with application error 8 instead of values: it is too busy.",
        ),
        (
            "68 04 04 68 08 05 71 04 82 16",
            "The meter answers with an alarm instead of values; its alarm bits are 04.",
        ),
        (
            "68 08 08 68 08 05 6E 00 00 00 00 03 7E 16",
            "The meter answers with application error 3 instead of values: too many records.",
        ),
        (
            "68 04 04 68 08 05 50 00 5D 16",
            "The telegram is unreadable: its CI field 50 is not read.",
        ),
        (
            "68 04 04 68 08 05 79 00 86 16",
            "The telegram is unreadable: it is a compact frame, which ends inside its checksums.",
        ),
        (
            "68 03 03 68 08 05 66 73 16",
            "The telegram is unreadable: it tells an application selected, and no values.",
        ),
        (
            "68 03 03 68 08 05 0F 1C 16",
            "The telegram is unreadable: it speaks DLMS, not M-Bus.",
        ),
        (
            "68 04 04 68 08 05 70 10 8D 16",
            "The meter answers with application error 16 instead of values: access is denied.",
        ),
        (
            "68 04 04 68 08 05 70 63 E0 16",
            "The meter answers with application error 99 instead of values: its own cause.",
        ),
        (
            "68 03 03 68 08 05 A5 B2 16",
            "The telegram is unreadable: only its manufacturer knows what it means.",
        ),
        (
            "68 04 04 68 08 05 72 01 80 16",
            "The telegram is unreadable: its header has 1 bytes where 12 are due.",
        ),
    ],
)
def test_refuses_what_is_no_telegram(answer: str, message: str) -> None:
    with pytest.raises(UnreadableTelegram) as caught:
        read_telegram(bytes.fromhex(answer))
    assert message == str(caught.value)


def test_reads_a_telegram_with_a_short_header_and_one_without() -> None:
    record = bytes.fromhex("0C 06 01 00 00 00")
    short = read_telegram(
        build_long(control=8, address=5, information=0x7A, data=b"\x55\x04\x00\x00" + record)
    )
    assert (short.identification, short.manufacturer, short.medium, short.version) == (
        "",
        "",
        "",
        None,
    )
    assert (short.access_number, short.status_words) == (0x55, ("power low",))
    bare = read_telegram(build_long(control=8, address=5, information=0x78, data=record))
    assert (bare.access_number, bare.status) == (None, 0)
    for telegram in (short, bare):
        assert [1] == [each.value for each in telegram.records]


def test_mode_2_has_the_highest_byte_first() -> None:
    """The same telegram in both orders of bytes is the same, but for its raw bytes."""
    low_first = (
        HEADER[:10] + b"\x34\x12",
        "0C 06 78 56 34 12 04 6D 1A 2F 65 11 05 5B 00 00 20 41",
        "0D 7C 02 42 41 03 79 78 77 0D FD 3A C2 34 12",
    )
    high_first = (
        bytes.fromhex("12 34 56 78 40 24 01 04 55 00 12 34"),
        "0C 06 12 34 56 78 04 6D 11 65 2F 1A 05 5B 41 20 00 00",
        "0D 7C 02 41 42 03 77 78 79 0D FD 3A C2 12 34",
    )
    first, second = (
        read_telegram(
            build_long(
                control=8,
                address=5,
                information=information,
                data=header + bytes.fromhex(one + two),
            )
        )
        for information, (header, one, two) in ((0x72, low_first), (0x76, high_first))
    )
    assert ["12345678", "PAD", 0x1234] == [
        second.identification,
        second.manufacturer,
        second.signature,
    ]
    assert first.to_json() | {"records": []} == second.to_json() | {"records": []}
    assert [replace(each, raw="") for each in first.records] == [
        replace(each, raw="") for each in second.records
    ]
    assert [12345678, "wxy", 1234] == [second.records[place].value for place in (0, 3, 4)]


def test_the_older_fixed_structure_in_mode_2() -> None:
    data = bytes.fromhex("12 34 56 78 0A 01 05 29 00 00 27 10 00 00 00 05")
    telegram = read_telegram(build_long(control=8, address=5, information=0x77, data=data))
    assert telegram.identification == "12345678"
    assert [10000, Decimal("0.005")] == [record.value for record in telegram.records]


def test_shows_a_broken_telegram_with_nothing_valid_in_it() -> None:
    broken = frame("0C 06 01 00 00 00 0C 2B BD EB DD DD 0C 14 02 00")
    telegram = inspect_telegram(broken)
    assert telegram.broken == "it ends inside the data of record 2"
    assert [1, None, None] == [record.value for record in telegram.records]
    assert not any(record.valid for record in telegram.records)
    assert telegram.records[2].raw == "0c140200"
    with pytest.raises(UnreadableTelegram, match="it ends inside the data of record 2"):
        read_telegram(broken)


@pytest.mark.parametrize(
    ("record", "quantity", "unit", "value"),
    [
        ("04 FB 04 05 00 00 00", "apparent-energy", "kVAh", 5),
        ("04 FB 0D 05 00 00 00", "energy", "Mcal", 5),
        ("04 FB 21 05 00 00 00", "volume", "ft³", Decimal("0.5")),
        ("02 FB 5A 05 00", "supply-temperature", "°F", Decimal("0.5")),
        ("02 FB 2B 05 00", "phase-of-current", "°", Decimal("0.5")),
        ("04 FD 01 05 00 00 00", "credit", "currency", Decimal("0.05")),
        ("02 FB 68 00 18", "rating-factor", "", Decimal("1.5")),
        ("0A FB 6A 48 20", "rating-factor-coupling", "", Decimal("0.5")),
        ("01 FB 6E 01", "rating-factor-display", "", Decimal("0.000244140625")),
        ("02 FD 74 10 0E", "battery-remaining", "days", 3600),
        ("02 FB 1B FE FF", "relative-humidity", "%", 65534),
        ("03 FD 65 00 1E 06", "time-of-day-change", "", time(6, 30)),
        ("02 FD 1C 60 09", "baud-rate", "Bd", 2400),
        ("07 79 04 03 02 01 24 40 01 04", "enhanced-identification", "", "0102030424400104"),
        ("0C 79 04 03 02 01", "enhanced-identification", "", 1020304),
        ("01 FD FD 02 07", "battery-remaining", "months", 7),
        ("01 FD 67 0F", "supplier-information", "", 15),
        ("02 FD 1B FF FF", "digital-input", "", 0xFFFF),
        ("02 FD 97 1D 04 00", "error-flags", "", 4),
        ("02 AB FC 01 05 00", "power", "kW", Decimal("0.005")),
        ("04 ED FC 13 1A 2F 65 11", "datetime", "", datetime.fromisoformat("2011-01-05T15:26")),
        ("02 87 A2 2F 05 00", "energy", "kWh/h/K", 50),
        ("0D FD 17 E2 FE FF", "error-flags", "", 0xFFFE),
    ],
)
def test_reads_the_extension_tables(record: str, quantity: str, unit: str, value: object) -> None:
    found = one(record)
    assert (quantity, unit, value, "") == (found.quantity, found.unit, found.value, found.reason)


def test_long_integers_are_text_in_json_and_short_ones_numbers() -> None:
    assert "9007199254740993" == one("07 06 01 00 00 00 00 00 20 00").to_json()["value"]
    assert 9007199254740992 == one("07 06 00 00 00 00 00 00 20 00").to_json()["value"]


def test_current_never_guesses_between_two_records() -> None:
    alone = read_telegram(frame("0C 06 01 00 00 00 8C 10 06 02 00 00 00 3C 06 03 00 00 00"))
    record = alone.current("energy", "kWh")
    assert record is not None
    assert record.value == 1
    twice = read_telegram(frame("0C 06 01 00 00 00 0C 06 02 00 00 00"))
    assert twice.current("energy", "kWh") is None
    assert alone.current("energy", "GJ") is None


def test_reads_the_older_fixed_structure() -> None:
    """The M-Bus documentation's example: water, 1 l now and 135 l at the fixed date, in BCD."""
    example = "68 13 13 68 08 05 73 78 56 34 12 0A 00 E9 7E 01 00 00 00 35 01 00 00 3C 16"
    telegram = read_telegram(bytes.fromhex(example))
    assert (
        telegram.identification,
        telegram.medium,
        telegram.access_number,
        telegram.manufacturer,
        telegram.version,
    ) == ("12345678", "water", 10, "", None)
    now, before = telegram.records
    assert ("volume", "m³", Decimal("0.001"), 0) == (now.quantity, now.unit, now.value, now.storage)
    assert (Decimal("0.135"), 1, True) == (before.value, before.storage, before.valid)


def test_reads_binary_counters_and_unknown_units_of_the_fixed_structure() -> None:
    data = bytes.fromhex("78 56 34 12 0A 01 05 3A 10 27 00 00 01 00 00 00")
    telegram = read_telegram(build_long(control=8, address=5, information=0x73, data=data))
    energy, unknown = telegram.records
    assert (
        energy.quantity,
        energy.unit,
        energy.value,
        energy.valid,
    ) == ("energy", "kWh", 10000, True)
    assert (unknown.value, unknown.reason) == (None, "the unit code 3A is no plain unit")
    with pytest.raises(UnreadableTelegram, match="15 bytes where 16 are due"):
        read_telegram(build_long(control=8, address=5, information=0x73, data=data[:-1]))


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3))
def test_manufacturers_go_there_and_back(letters: str) -> None:
    assert letters == read_manufacturer(write_manufacturer(letters))


def test_knows_manufacturers_by_their_codes() -> None:
    assert (
        read_manufacturer(0x2C2D),
        read_manufacturer(0x4024),
        read_manufacturer(0),
        read_manufacturer(0xFFFF),
    ) == ("KAM", "PAD", "0000", "FFFF")


def _by_hand(count: int, exponent: int) -> Decimal:
    """Compute the value with text only, independently of how the decoder scales."""
    return Decimal(f"{count}e{exponent}")


def test_every_power_of_ten_of_energy_volume_and_power_is_right() -> None:
    for step, (first, lowest) in product(
        range(8), [(0x00, -6), (0x10, -6), (0x28, -6), (0x38, -6)]
    ):
        found = one(f"04 {first + step:02X} 7B 00 00 00")
        assert _by_hand(123, lowest + step) == found.value


@given(st.integers(0, 99_999_999), st.integers(0, 7))
def test_digits_and_integers_give_the_same_value(count: int, step: int) -> None:
    digits = bytes.fromhex(f"{count:08d}")[::-1].hex()
    integer = count.to_bytes(4, "little").hex()
    assert one(f"0C 0{step} {digits}").value == one(f"04 0{step} {integer}").value
    assert _by_hand(count, step - 6) == one(f"0C 0{step} {digits}").value
