"""Real M-Bus telegrams as three other decoders read them, beside ours, and what decides.

libmbus is there as the XML that it wrote; pyMeterBus and pymbusparser are run. Values are compared
in one base unit a quantity, so that only a real difference is one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import meterbus
import pymbusparser
from lxml import etree
from meterbus.exceptions import MBusFrameDecodeError

from exotherm.devices.mbus.frame import build_long
from exotherm.devices.mbus.record import Function, Record
from exotherm.devices.mbus.telegram import read_telegram

GOLDEN = Path(__file__).parents[1] / "golden" / "mbus"
NAMES = tuple(path.stem for path in sorted(GOLDEN.glob("*.hex")))
PEERS = ("libmbus", "pyMeterBus", "pymbusparser")
LEFT_OUT = "not read"
# What no telegram here shows, as one record each: the misreadings that the decoders are known for.
MADE = {
    "a float of energy": "05 06 00 50 9A 44",
    "energy times ten": "04 86 77 7B 00 00 00",
    "energy times a thousand": "04 86 7D 7B 00 00 00",
    "gigajoules of the second table": "04 FB 08 64 00 00 00",
    "a time with seconds": "06 6D 2D 26 4C D6 17 00",
    "a time marked as invalid": "04 6D A1 15 E9 17",
    "the last day of a month": "04 6D 32 37 1F 15",
    "a date that is none": "02 6C 00 00",
    "sixteen bytes": "0D FD 3A F0 01" + " 00" * 15,
    "the least of the integers": "04 06 00 00 00 80",
    "a battery of unknown life": "02 FD 74 FF FF",
    "a float that is no number": "05 06 00 00 C0 7F",
    "a time of the next century": "04 6D 00 40 01 01",
    "an energy that is not there": "04 86 15 00 00 00 00",
    "an energy for each hour": "04 86 22 05 00 00 00",
    "digits of variable length": "0D 06 C2 34 12",
    "a rating factor of an allocator": "02 FB 68 00 18",
}
_REFUSALS = (MBusFrameDecodeError, KeyError)
"""How pyMeterBus answers a fixed structure, and a VIF that it does not know."""

_FUNCTIONS = {
    "actual": "instantaneous",
    "instantaneous": "instantaneous",
    "maximum": "maximum",
    "minimum": "minimum",
    "value during error state": "error",
    "error": "error",
    "error_state": "error",
}
# Every spelling of a unit: the base unit, and how many of it one is.
_BASE: dict[str, tuple[str, Decimal]] = {
    name: (base, Decimal(factor))
    for base, names in {
        "Wh": {"Wh": "1", "W.h": "1", "WH": "1", "kWh": "1e3"},
        "J": {"J": "1", "GJ": "1e9"},
        "W": {"W": "1", "kW": "1e3"},
        "m³": {"l": "1e-3", "m^3": "1", "M3": "1", "m3": "1", "m³": "1"},
        "m³/h": {"m^3/h": "1", "M3_H": "1", "m3.h-1": "1", "m³/h": "1"},
        "m³/input pulse 0": {"m³/input pulse 0": "1"},
        "kWh/h": {"kWh/h": "1"},
        "°C": {"°C": "1", "C": "1", "Cel": "1"},
        "K": {"K": "1"},
        "s": {"s": "1", "SECONDS": "1", "min": "60", "h": "3600", "days": "86400", "d": "86400"},
    }.items()
    for name, factor in names.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A value as some decoder shows it: in its base unit where that is known, else as it is."""

    value: Decimal | str | None
    unit: str
    function: str
    storage: int
    tariff: int

    def __str__(self) -> str:
        number = f"{self.value:f}" if isinstance(self.value, Decimal) else self.value or "no value"
        if "." in number and isinstance(self.value, Decimal):
            number = number.rstrip("0").rstrip(".")
        function = "" if self.function == "instantaneous" else f" ({self.function})"
        return f"{number[:24]} {self.unit}".strip() + function


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One value on which a peer and we differ, and the clause that decides; empty where none is."""

    telegram: str
    peer: str
    place: int
    raw: str
    theirs: str
    ours: str
    clause: str


def frame_of(name: str) -> bytes:
    if name in MADE:
        data = bytes.fromhex("78563412 2440 01 04 55 00 0000" + MADE[name])
        return build_long(control=8, address=1, information=0x72, data=data)
    return bytes.fromhex((GOLDEN / f"{name}.hex").read_text("ascii"))


def readings(name: str, peer: str) -> list[Reading]:
    """Give what a peer reads from a telegram; its record of manufacturer's data is left out.

    Nothing where it refuses the telegram, or breaks down over it.
    """
    found = {"libmbus": _of_libmbus, "pyMeterBus": _of_pymeterbus, "pymbusparser": _of_parser}
    try:
        return list(found[peer](name))
    except _REFUSALS:
        return []


def our_readings(name: str) -> list[tuple[Record, Reading]]:
    return [(record, _ours(record)) for record in read_telegram(frame_of(name)).records]


def disagreements() -> Iterator[Disagreement]:
    """Give every value on which a peer and we differ, in the order of the telegrams."""
    for name in (*NAMES, *MADE):
        ours = our_readings(name)
        for peer in PEERS[1:] if name in MADE else PEERS:
            theirs = readings(name, peer)
            for place, (record, our) in enumerate(ours):
                their = theirs[place] if place < len(theirs) else None
                if their is None or not _agree(our, their):
                    yield Disagreement(
                        telegram=name,
                        peer=peer,
                        place=place,
                        raw=record.raw,
                        theirs=LEFT_OUT if their is None else str(their),
                        ours=f"no value: {record.reason}" if record.value is None else str(our),
                        clause=_clause(record, their, name if not theirs else ""),
                    )


def _ours(record: Record) -> Reading:
    value = record.value
    if isinstance(value, int | Decimal):
        # A unit in plain text is a word of its maker, which nobody turns into another.
        told = "" if record.quantity.startswith("text:") else record.unit
        number, unit = _in_base(Decimal(value), told)
        shown: Decimal | str | None = number
    else:
        shown, unit = _text(value), record.unit
    return Reading(
        value=shown,
        unit=unit,
        function=record.function.value,
        storage=record.storage,
        tariff=record.tariff,
    )


def _text(value: str | date | datetime | time | None) -> str | None:
    return value.isoformat() if isinstance(value, date | time) else value


def _in_base(number: Decimal, unit: str) -> tuple[Decimal, str]:
    base, factor = _BASE.get(unit, ("", Decimal(1)))
    return number * factor, base


def _of_libmbus(name: str) -> Iterator[Reading]:
    # The files say that they are Latin-1, and are UTF-8.
    text = (GOLDEN / f"{name}.norm.xml").read_text("utf-8").partition("?>")[2]
    for record in etree.fromstring(text).iterfind("DataRecord"):
        told = {str(child.tag): child.text or "" for child in record}
        # A fixed structure has no storage here, and an unknown VIF tells nothing.
        function = told.get("Function", "Instantaneous value")
        if function in {"Manufacturer specific", "More records follow"}:
            continue
        yield _reading(
            told.get("Value", ""),
            told.get("Unit", ""),
            function,
            int(told.get("StorageNumber", 0)),
            int(told.get("Tariff", 0)),
        )


def _of_pymeterbus(name: str) -> Iterator[Reading]:
    for record in meterbus.load(frame_of(name)).records:
        told = record.interpreted
        function = told["function"].partition(".")[2].removesuffix("_VALUE").lower()
        if function in {"special_function", "more_records_follow"}:
            continue
        yield _reading(
            str(told["value"]),
            told["unit"].partition(".")[2],
            function,
            told["storage_number"],
            record.dib.tariff or 0,
        )


def _of_parser(name: str) -> Iterator[Reading]:
    for told in pymbusparser.parse(frame_of(name))["records"]:
        function = told["function"].lower().removesuffix(" value")
        if "manufacturer" in function or "more records" in function:
            continue
        yield _reading(
            _value_of_parser(told.get("value")),
            told.get("unit") or "",
            function,
            told["storage_number"],
            told["tariff"],
        )


def _value_of_parser(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    told = value.get("value", value)
    if not isinstance(told, dict):
        return str(told)
    return "-".join(str(told.get(part)) for part in ("year", "month", "day"))


def _reading(value: str, unit: str, function: str, storage: int, tariff: int) -> Reading:
    try:
        number, base = _in_base(Decimal(value), unit)
    except InvalidOperation:
        shown: Decimal | str = value
        base = ""
    else:
        shown = number
    return Reading(
        value=shown,
        unit=base,
        function=_FUNCTIONS[function.lower().removesuffix(" value")],
        storage=storage,
        tariff=tariff,
    )


def _agree(ours: Reading, theirs: Reading) -> bool:
    places = (ours.function, ours.storage, ours.tariff, ours.unit)
    if places != (theirs.function, theirs.storage, theirs.tariff, theirs.unit):
        return False
    if ours.value is not None and ours.value == theirs.value:
        return True
    if isinstance(ours.value, Decimal) and isinstance(theirs.value, Decimal):
        # They print six decimals, or a binary float.
        close = abs(ours.value) * Decimal("1e-9") + Decimal("0.0000006")
        return abs(ours.value - theirs.value) <= close
    ours_shown, shown = str(ours.value), str(theirs.value).replace(" ", "T").removesuffix("Z")
    return ours.value is not None and shown.startswith(ours_shown[: len(shown)])


def _clause(record: Record, theirs: Reading | None, refused: str) -> str:
    """Name what decides a difference; empty where nobody has found out yet.

    ``refused`` is a telegram of which the peer reads nothing at all.
    """
    if theirs is None and refused:
        telegram = read_telegram(frame_of(refused))
        if telegram.version is None:
            return FIXED
        return SIGNATURE if telegram.signature else EACH_FOR_ITSELF
    if theirs is None:
        return EACH_FOR_ITSELF
    return next((clause for holds, clause in _DECIDING if holds(record)), "")


SIGNATURE = (
    "EN 13757-7, configuration field: Before 2005 the field was a signature, and no value of it "
    "meant encryption"
)
EACH_FOR_ITSELF = "EN 13757-3, data records: Each record says its own length, so none spoils others"
FIXED = "EN 13757-3, fixed structure (CI 73): It has two counters, which are values like others"
TYPE_A = "EN 13757-3, annex A, type A: A digit A to F is no number"
TYPE_B = "EN 13757-3, annex A, type B: The least of the integers marks an invalid value"
TYPE_F = "EN 13757-3, annex A, types F and I: Bit IV marks an invalid time"
TYPE_F_PARTS = "EN 13757-3, annex A, types F and G: Day 31 is a day, day 0 is every day"
NO_DATE = "EN 13757-3, annex A, type G: Month 0 is no month"
TYPE_I = "EN 13757-3, annex A, type I: Six bytes are a time with seconds"
EVENT = "EN 13757-3, combinable VIFE E110 1f1b: The data are when it ended, not the quantity"
PULSE = "EN 13757-3, combinable VIFE E010 100p: A volume for each input pulse is not a volume"
FACTOR = "EN 13757-3, combinable VIFE E111 0nnn and E111 1101: The value is multiplied"
FLOAT = "EN 13757-3, value information block: The VIF's power of ten holds for every data field"
GIGAJOULES = "EN 13757-3, alternate extension FB, E000 100n: It counts tenths of GJ"
LVAR = "EN 13757-3, data field 1101b: LVAR F0 to F4 are 16 to 32 bytes of binary number"
EVERY_YEAR = "EN 13757-3, annex A, type F: Year 127 is every year, so this is no date"
TYPE_C = "EN 13757-3, annex A, type C: All ones mark an invalid value where there is no sign"
TYPE_H = "EN 13757-3, annex A, type H: What is not a number is no value"
CENTURY = "EN 13757-3, annex A, type F: Two bits count the hundreds of years from 1900"
RECORD_ERROR = "EN 13757-3, record errors, E001 0101: The meter says that there are no data"
RATE = "EN 13757-3, combinable VIFE E010 0010: An energy for each hour is not an energy"
LVAR_DIGITS = "EN 13757-3, data field 1101b: LVAR C0 to C9 and D0 to D9 are digits"
MANUFACTURERS = (
    "EN 13757-3, VIF E111 1111: Only the manufacturer knows what it is, so its number is no value"
)
RESERVED = "EN 13757-3, tables of VIF codes: A reserved code has no meaning to give"
EXCEEDED = "EN 13757-3, combinable VIFE E101 ufnn: The data are how long a limit was exceeded"
HISTORIC = (
    "EN 13757-3, fixed structure, unit 3E: Counter 2 has the unit of counter 1, at a past date"
)
RATING = "EN 13757-3, alternate extension FB, E110 1000: It counts 4096ths"

_DECIDING: tuple[tuple[Callable[[Record], bool], str], ...] = (
    (lambda record: record.value is None and record.function is Function.ERROR, TYPE_A),
    (lambda record: record.reason.startswith("only its manufacturer"), MANUFACTURERS),
    (lambda record: record.reason.endswith("is not known"), RESERVED),
    (lambda record: "type B" in record.reason, TYPE_B),
    (lambda record: "bit IV" in record.reason, TYPE_F),
    (lambda record: "type G" in record.reason, NO_DATE),
    (lambda record: record.reason.startswith("it is a repeating date"), EVERY_YEAR),
    (lambda record: "end-of-last" in record.qualifiers, EVENT),
    (lambda record: "limit-exceeded" in "".join(record.qualifiers), EXCEEDED),
    (lambda record: "per input pulse 0" in record.qualifiers, PULSE),
    (lambda record: record.raw[1:4] == "66d", TYPE_I),
    (lambda record: isinstance(record.value, datetime) and record.value.day == 31, TYPE_F_PARTS),
    (lambda record: record.raw[:6] in {"048677", "04867d"}, FACTOR),
    (lambda record: "type C" in record.reason, TYPE_C),
    (lambda record: "type H" in record.reason, TYPE_H),
    (lambda record: record.reason.startswith("the meter reports"), RECORD_ERROR),
    (lambda record: record.raw == "046d00400101", CENTURY),
    (lambda record: "per h" in record.qualifiers, RATE),
    (lambda record: record.raw.startswith("0d06c"), LVAR_DIGITS),
    (lambda record: record.raw.startswith("02fb68"), RATING),
    (lambda record: record.raw[1] == "5" and isinstance(record.value, Decimal), FLOAT),
    (lambda record: record.raw.startswith("04fb08"), GIGAJOULES),
    (lambda record: record.raw.startswith(("0dfd3af0", "0d7c025750f0")), LVAR),
    (lambda record: record.raw == "35010000", HISTORIC),
)
