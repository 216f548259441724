"""Real telegrams: read as before, and from the meters that libmbus takes them to be from."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from exotherm.devices.mbus.telegram import read_telegram
from exotherm.usecases.decode_mbus import decode_capture

GOLDEN = Path(__file__).parents[3] / "golden" / "mbus"
FRAMES = sorted(GOLDEN.glob("*.hex"))
NAMES = [path.stem for path in FRAMES]

_PHYSICAL = {"kWh", "GJ", "kW", "GJ/h", "m³", "m³/h", "°C", "K"}
DURING_ERROR = "DIF function field 3: a value during an error is not a value of the meter"

# Where libmbus gives the number and names the function, and we give the number marked as invalid.
MARKED_INVALID = {
    (name, place): DURING_ERROR
    for name, places in {
        "SEN_Sensus-PolluTherm": (4, 5, 6),
        "THI_cma10": (8, 9),
        "itron_cf_51": (3, 5, 6, 7),
        "itron_cf_55": (3, 5, 6, 7),
        "itron_cf_echo_2": (3, 4),
    }.items()
    for place in places
}
REFUSED = json.loads((GOLDEN / "refused.json").read_text("utf-8"))


def _frame(name: str) -> bytes:
    return bytes.fromhex((GOLDEN / f"{name}.hex").read_text())


@pytest.mark.parametrize("name", NAMES)
def test_reads_a_real_telegram_as_its_golden_file_says(name: str) -> None:
    expected = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    assert expected == read_telegram(_frame(name)).to_json()


def _theirs(name: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    # The files say that they are Latin-1, and are UTF-8.
    text = (GOLDEN / f"{name}.norm.xml").read_text("utf-8").partition("?>")[2]
    root = etree.fromstring(text)
    header = {str(child.tag): child.text or "" for child in root[0]}
    records = [
        {str(child.tag): child.text or "" for child in record}
        for record in root.iterfind("DataRecord")
    ]
    return header, records


def test_marks_as_invalid_what_the_meter_gives_during_an_error() -> None:
    physical = {
        (name, place)
        for name in NAMES
        for place, record in enumerate(read_telegram(_frame(name)).records)
        if record.unit in _PHYSICAL and record.value is not None and not record.valid
    }
    assert set(MARKED_INVALID) == physical


@pytest.mark.parametrize("name", NAMES)
def test_agrees_with_libmbus_on_who_the_meter_is(name: str) -> None:
    header, theirs = _theirs(name)
    telegram = read_telegram(_frame(name))
    assert header["Id"].zfill(8) == telegram.identification
    assert int(header["AccessNumber"]) == telegram.access_number
    assert int(header["Status"], 16) == telegram.status
    if "Version" in header:
        # Of a code without letters they make three @, and we show its digits.
        letters = telegram.manufacturer.replace("0000", "@@@")
        told = (header["Manufacturer"], int(header["Version"]), int(header["Signature"], 16))
        assert told == (letters, telegram.version, telegram.signature)
    else:
        assert (telegram.manufacturer, telegram.version) == ("", None)
    # libmbus counts the manufacturer's data as one record more, even where there are none.
    empty = _frame(name)[-3] == 0x0F
    extra = 1 if telegram.manufacturer_data or telegram.more_follows or empty else 0
    assert len(telegram.records) <= len(theirs) <= len(telegram.records) + 1
    assert len(theirs) - len(telegram.records) in {0, extra}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_refuses_a_bad_frame_and_says_why(name: str) -> None:
    case = REFUSED[name]
    decoded = decode_capture(case["bytes"].encode(), file=name)
    told = [f"{finding.code}: {finding.message}" for finding in decoded.findings]
    assert case["told"] == told
    assert not any(record.valid for each in decoded.telegrams for record in each.records)


def test_reads_the_billed_values_of_a_multical_601() -> None:
    telegram = read_telegram(_frame("kamstrup_multical_601"))
    wanted = [
        ("energy", "kWh", 37351),
        ("volume", "m³", Decimal("561.08")),
        ("power", "kW", Decimal("34.7")),
        ("flow", "m³/h", Decimal("0.543")),
        ("supply-temperature", "°C", Decimal("101.69")),
        ("return-temperature", "°C", Decimal("46.16")),
    ]
    for quantity, unit, value in wanted:
        record = telegram.current(quantity, unit)
        assert record is not None
        assert record.valid
        assert value == record.value
    assert telegram.clock is not None
    assert datetime.fromisoformat("2011-01-05T15:26") == telegram.clock.value


def write_goldens() -> None:
    """Write the expected files anew, after a change that was meant."""
    for name in NAMES:
        text = json.dumps(read_telegram(_frame(name)).to_json(), indent=1, ensure_ascii=False)
        (GOLDEN / f"{name}.json").write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    write_goldens()
