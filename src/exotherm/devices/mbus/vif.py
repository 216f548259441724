"""What a value means: the value information block (VIF and VIFEs) of EN 13757-3, as tables.

Values are given in one unit a quantity, so that only the exponent tells a Wh meter from an MWh
meter: energy in kWh (or GJ where the meter counts joules), power in kW, volume in m³, flow in m³/h.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

EXTENSION = 0x80
_DURATION_UNITS = ("s", "min", "h", "days")


class Coding(StrEnum):
    """How the data of a value are to be taken, besides what the DIF says."""

    NUMBER = "number"
    """Type B: signed."""
    BITS = "bits"
    """Types C and D: unsigned numbers, flags and addresses; never scaled."""
    MOMENT = "moment"
    """Types F, G, I and J: a date, a time, or both."""
    RAW = "raw"
    """Not known to us: kept as bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """The quantity, its unit and the power of ten that the data count; ``reason`` if unusable.

    ``qualifiers`` say what sets the value apart from the plain quantity: a limit, a duration.
    """

    quantity: str
    unit: str = ""
    exponent: int = 0
    coding: Coding = Coding.NUMBER
    qualifiers: tuple[str, ...] = ()
    reason: str = ""


# First code, number of codes, quantity, unit, power of ten of the first code (then rising by one).
_Decade = tuple[int, int, str, str, int]

_PRIMARY_DECADES: tuple[_Decade, ...] = (
    (0x00, 8, "energy", "kWh", -6),
    (0x08, 8, "energy", "GJ", -9),
    (0x10, 8, "volume", "m³", -6),
    (0x18, 8, "mass", "kg", -3),
    (0x28, 8, "power", "kW", -6),
    (0x30, 8, "power", "GJ/h", -9),
    (0x38, 8, "flow", "m³/h", -6),
    (0x40, 8, "flow", "m³/min", -7),
    (0x48, 8, "flow", "m³/s", -9),
    (0x50, 8, "mass-flow", "kg/h", -3),
    (0x58, 4, "supply-temperature", "°C", -3),
    (0x5C, 4, "return-temperature", "°C", -3),
    (0x60, 4, "temperature-difference", "K", -3),
    (0x64, 4, "external-temperature", "°C", -3),
    (0x68, 4, "pressure", "bar", -3),
)
_PRIMARY_DURATIONS = (
    (0x20, "on-time"),
    (0x24, "operating-time"),
    (0x70, "averaging-duration"),
    (0x74, "actuality-duration"),
)
_PRIMARY_SINGLES = {
    0x6C: Meaning(quantity="date", coding=Coding.MOMENT),
    0x6D: Meaning(quantity="datetime", coding=Coding.MOMENT),
    0x6E: Meaning(quantity="heat-cost-units"),
    0x78: Meaning(quantity="fabrication-number", coding=Coding.BITS),
    0x79: Meaning(quantity="enhanced-identification", coding=Coding.BITS),
    0x7A: Meaning(quantity="bus-address", coding=Coding.BITS),
}

# Behind FB: the alternate extension.
_FB_DECADES: tuple[_Decade, ...] = (
    (0x00, 2, "energy", "kWh", 2),
    (0x02, 2, "reactive-energy", "kvarh", 0),
    (0x08, 2, "energy", "GJ", -1),
    (0x0C, 4, "energy", "Mcal", -1),
    (0x10, 2, "volume", "m³", 2),
    (0x14, 4, "reactive-power", "kvar", -3),
    (0x18, 2, "mass", "kg", 5),
    (0x1A, 2, "relative-humidity", "%", -1),
    (0x28, 2, "power", "kW", 2),
    (0x2C, 4, "frequency", "Hz", -3),
    (0x30, 2, "power", "GJ/h", -1),
    (0x34, 4, "apparent-power", "kVA", -3),
    (0x74, 4, "temperature-limit", "°C", -3),
    (0x78, 8, "cumulated-maximum-power", "kW", -6),
)

# Behind FD: the main extension.
_FD_DECADES: tuple[_Decade, ...] = (
    (0x40, 16, "voltage", "V", -9),
    (0x50, 16, "current", "A", -12),
)
_FD_DURATIONS = (
    (0x24, "storage-interval"),
    (0x2C, "duration-since-readout"),
    (0x34, "tariff-period"),
    (0x3C, "transmission-period"),
)
_FD_BITS = {
    0x08: "transmission-count",
    0x09: "medium",
    0x0A: "manufacturer",
    0x0B: "parameter-set",
    0x0C: "model",
    0x0D: "hardware-version",
    0x0E: "firmware-version",
    0x0F: "software-version",
    0x10: "customer-location",
    0x11: "customer",
    0x17: "error-flags",
    0x18: "error-mask",
    0x1A: "digital-output",
    0x1B: "digital-input",
    0x1C: "baud-rate",
    0x1D: "response-delay",
    0x1E: "retries",
    0x20: "first-storage-number",
    0x21: "last-storage-number",
    0x22: "storage-block-size",
    0x60: "reset-count",
    0x61: "cumulation-count",
    0x62: "control-signal",
    0x63: "weekday",
    0x64: "week-number",
    0x66: "parameter-activation",
    0x75: "stop-count",
}
_FD_SINGLES = {
    0x28: Meaning(quantity="storage-interval", unit="months"),
    0x29: Meaning(quantity="storage-interval", unit="years"),
    0x30: Meaning(quantity="tariff-start", coding=Coding.MOMENT),
    0x31: Meaning(quantity="tariff-duration", unit="min"),
    0x32: Meaning(quantity="tariff-duration", unit="h"),
    0x33: Meaning(quantity="tariff-duration", unit="days"),
    0x38: Meaning(quantity="tariff-period", unit="months"),
    0x39: Meaning(quantity="tariff-period", unit="years"),
    0x3A: Meaning(quantity="dimensionless"),
    0x68: Meaning(quantity="duration-since-cumulation", unit="h"),
    0x69: Meaning(quantity="duration-since-cumulation", unit="days"),
    0x6A: Meaning(quantity="duration-since-cumulation", unit="months"),
    0x6B: Meaning(quantity="duration-since-cumulation", unit="years"),
    0x6C: Meaning(quantity="battery-operating-time", unit="h"),
    0x6D: Meaning(quantity="battery-operating-time", unit="days"),
    0x6E: Meaning(quantity="battery-operating-time", unit="months"),
    0x6F: Meaning(quantity="battery-operating-time", unit="years"),
    0x70: Meaning(quantity="battery-change", coding=Coding.MOMENT),
    0x71: Meaning(quantity="radio-level", unit="dBm"),
    0x74: Meaning(quantity="battery-remaining", unit="days"),
}


def _table(
    decades: tuple[_Decade, ...],
    durations: tuple[tuple[int, str], ...],
    singles: dict[int, Meaning],
) -> dict[int, Meaning]:
    table = dict(singles)
    for first, count, quantity, unit, exponent in decades:
        for step in range(count):
            table[first + step] = Meaning(quantity=quantity, unit=unit, exponent=exponent + step)
    for first, quantity in durations:
        for step, unit in enumerate(_DURATION_UNITS):
            table[first + step] = Meaning(quantity=quantity, unit=unit)
    return table


_PRIMARY = _table(_PRIMARY_DECADES, _PRIMARY_DURATIONS, _PRIMARY_SINGLES)
_FB = _table(_FB_DECADES, (), {})
_FD = _table(
    _FD_DECADES,
    _FD_DURATIONS,
    _FD_SINGLES
    | {code: Meaning(quantity=name, coding=Coding.BITS) for code, name in _FD_BITS.items()},
)

_PER = {
    0x20: "s",
    0x21: "min",
    0x22: "h",
    0x23: "day",
    0x24: "week",
    0x25: "month",
    0x26: "year",
    0x27: "revolution",
    0x28: "input pulse 0",
    0x29: "input pulse 1",
    0x2A: "output pulse 0",
    0x2B: "output pulse 1",
    0x2C: "l",
    0x2D: "m³",
    0x2E: "kg",
    0x2F: "K",
    0x30: "kWh",
    0x31: "GJ",
    0x32: "kW",
    0x33: "(K·l)",
    0x34: "V",
    0x35: "A",
}
_TIMES = {0x36: "s", 0x37: "s/V", 0x38: "s/A"}
_PLAIN_QUALIFIERS = {
    0x12: "average",
    0x3A: "uncorrected",
    0x3B: "forward-only",
    0x3C: "backward-only",
    0x3E: "base-conditions",
    0x40: "lower-limit",
    0x48: "upper-limit",
    0x68: "during-lower-limit-exceeded",
    0x69: "leakage",
    0x6C: "during-upper-limit-exceeded",
    0x6D: "overflow",
    0x7E: "future",
}
# A slave reports with these why a record has no value (EN 13757-3, record errors).
_RECORD_ERRORS = {
    0x01: "too many DIFEs",
    0x02: "the storage number is not implemented",
    0x03: "the unit number is not implemented",
    0x04: "the tariff number is not implemented",
    0x05: "the function is not implemented",
    0x06: "the data class is not implemented",
    0x07: "the data size is not implemented",
    0x0B: "too many VIFEs",
    0x0C: "illegal VIF group",
    0x0D: "illegal VIF exponent",
    0x0E: "VIF and DIF do not match",
    0x0F: "the action is not implemented",
    0x15: "no data available",
    0x16: "data overflow",
    0x17: "data underflow",
    0x18: "data error",
    0x1C: "premature end of record",
}


@lru_cache(maxsize=4096)
def meaning_of(vib: bytes) -> Meaning:
    """Tell what a value information block means.

    ``vib`` is the VIF, for a VIF in plain text its length byte and text, and the VIFEs. A code that
    is not known gives a meaning with a reason: such a value is kept as bytes and never used.
    """
    codes = [byte & 0x7F for byte in vib]
    if codes[0] == 0x7C:
        text_end = 2 + vib[1]
        text = vib[2:text_end][::-1].decode("latin-1")
        return _with_extensions(Meaning(quantity=f"text:{text}"), codes[text_end:])
    if vib[0] == 0xFB:
        return _with_extensions(_look_up(_FB, codes[1], "FB "), codes[2:])
    if vib[0] == 0xFD:
        return _with_extensions(_look_up(_FD, codes[1], "FD "), codes[2:])
    if codes[0] == 0x7F:
        reason = "only its manufacturer knows what the value means"
        return Meaning(quantity="manufacturer-specific", coding=Coding.RAW, reason=reason)
    return _with_extensions(_look_up(_PRIMARY, codes[0], ""), codes[1:])


def _look_up(table: dict[int, Meaning], code: int, prefix: str) -> Meaning:
    return table.get(code) or _unknown(f"the VIF {prefix}{code:02X} is not known")


def _unknown(reason: str) -> Meaning:
    return Meaning(quantity="unknown", coding=Coding.RAW, reason=reason)


def _with_extensions(meaning: Meaning, codes: list[int]) -> Meaning:
    for place, code in enumerate(codes):
        if code == 0x7F:
            rest = bytes(codes[place + 1 :]).hex().upper()
            return _qualified(meaning, f"manufacturer-specific {rest}".strip())
        if code == 0x7C:
            rest = bytes(codes[place:]).hex().upper()
            return _unknown(f"the VIFE {rest} is not known")
        meaning = _with_extension(meaning, code)
    return meaning


def _with_extension(meaning: Meaning, code: int) -> Meaning:
    if code == 0x00:
        return meaning
    if 0x70 <= code <= 0x77:
        return replace(meaning, exponent=meaning.exponent + code - 0x76)
    if code == 0x7D:
        return replace(meaning, exponent=meaning.exponent + 3)
    if code in _PER:
        unit = f"{meaning.unit}/{_PER[code]}"
        return _qualified(replace(meaning, unit=unit), f"per {_PER[code]}")
    if code in _TIMES:
        unit = f"{meaning.unit}·{_TIMES[code]}"
        return _qualified(replace(meaning, unit=unit), f"times {_TIMES[code]}")
    if code in _PLAIN_QUALIFIERS:
        return _qualified(meaning, _PLAIN_QUALIFIERS[code])
    if code in _RECORD_ERRORS:
        reason = f"the meter reports: {_RECORD_ERRORS[code]}"
        return replace(meaning, coding=Coding.RAW, reason=meaning.reason or reason)
    return _with_event(meaning, code) or _unknown(f"the VIFE {code:02X} is not known")


def _with_event(meaning: Meaning, code: int) -> Meaning | None:
    """Read the codes that turn a quantity into when, how long or how often something happened."""
    which = "last" if code & 0x04 else "first"
    limit = "upper" if code & 0x08 else "lower"
    edge = "end" if code & 0x01 else "begin"
    if code in (0x41, 0x49):
        counted = replace(meaning, unit="", exponent=0)
        return _qualified(counted, f"count-of-{limit}-limit-exceeded")
    if 0x40 <= code <= 0x4F and code & 0x02:
        return _moment(meaning, f"{edge}-of-{which}-{limit}-limit-exceeded")
    if 0x50 <= code <= 0x5F:
        return _duration(meaning, code, f"duration-of-{which}-{limit}-limit-exceeded")
    if 0x60 <= code <= 0x67:
        return _duration(meaning, code, f"duration-of-{which}")
    if code in (0x6A, 0x6B, 0x6E, 0x6F):
        return _moment(meaning, f"{edge}-of-{which}")
    if code == 0x39:
        return _moment(meaning, "start-of")
    if 0x78 <= code <= 0x7B:
        reason = "an additive correction goes with it that is not applied"
        return replace(meaning, reason=meaning.reason or reason)
    return None


def _qualified(meaning: Meaning, qualifier: str) -> Meaning:
    return replace(meaning, qualifiers=(*meaning.qualifiers, qualifier))


def _moment(meaning: Meaning, qualifier: str) -> Meaning:
    coding = Coding.RAW if meaning.coding is Coding.RAW else Coding.MOMENT
    return _qualified(replace(meaning, unit="", exponent=0, coding=coding), qualifier)


def _duration(meaning: Meaning, code: int, qualifier: str) -> Meaning:
    unit = _DURATION_UNITS[code & 0x03]
    return _qualified(replace(meaning, unit=unit, exponent=0), qualifier)
