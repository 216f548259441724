"""The codes of EN 13757-3:2018 that say what a value is: its tables 10 to 14, as tables.

Values are given in one unit a quantity, so that only the exponent tells a Wh meter from an MWh
meter: energy in kWh (or GJ where the meter counts joules), power in kW, volume in m³, flow in m³/h.
"""

from dataclasses import dataclass
from enum import StrEnum

DURATION_UNITS = ("s", "min", "h", "days")


class Coding(StrEnum):
    """How the data of a value are to be taken, besides what the DIF says."""

    NUMBER = "number"
    """Type B: signed."""
    COUNT = "count"
    """Type C: unsigned, all ones for "invalid"."""
    BITS = "bits"
    """Type D: flags, each bit for itself."""
    MOMENT = "moment"
    """Types F, G, I and J (and M, which is not read): a date, a time, or both."""
    RATING = "rating"
    """Type C or A, in 4096ths: the factors of a heat cost allocator."""
    IDENTITY = "identity"
    """Type C; in 8 bytes what selects the meter, as its header tells it."""
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
    0x78: Meaning(quantity="fabrication-number", coding=Coding.COUNT),
    0x79: Meaning(quantity="enhanced-identification", coding=Coding.IDENTITY),
    0x7A: Meaning(quantity="bus-address", coding=Coding.COUNT),
    0x7E: Meaning(
        quantity="unknown",
        coding=Coding.RAW,
        reason="the VIF 7E stands for any, and does not tell which",
    ),
}

# Behind FB: the alternate extension. American units and Fahrenheit are from the edition of 2004,
# and reserved since; code 23 is left out, because the editions disagree on it.
_FB_DECADES: tuple[_Decade, ...] = (
    (0x00, 2, "energy", "kWh", 2),
    (0x02, 2, "reactive-energy", "kvarh", 0),
    (0x04, 2, "apparent-energy", "kVAh", 0),
    (0x08, 2, "energy", "GJ", -1),
    (0x0C, 4, "energy", "Mcal", -1),
    (0x10, 2, "volume", "m³", 2),
    (0x14, 4, "reactive-power", "kvar", -3),
    (0x28, 2, "power", "kW", 2),
    (0x2C, 4, "frequency", "Hz", -3),
    (0x30, 2, "power", "GJ/h", -1),
    (0x34, 4, "apparent-power", "kVA", -3),
    (0x58, 4, "supply-temperature", "°F", -3),
    (0x5C, 4, "return-temperature", "°F", -3),
    (0x60, 4, "temperature-difference", "°F", -3),
    (0x64, 4, "external-temperature", "°F", -3),
    (0x70, 4, "temperature-limit", "°F", -3),
    (0x74, 4, "temperature-limit", "°C", -3),
    (0x78, 8, "cumulated-maximum-power", "kW", -6),
)
_FB_UNSIGNED: tuple[_Decade, ...] = (
    (0x18, 2, "mass", "kg", 5),
    (0x1A, 2, "relative-humidity", "%", -1),
)
_FB_SINGLES = {
    0x20: Meaning(quantity="volume", unit="ft³"),
    0x21: Meaning(quantity="volume", unit="ft³", exponent=-1),
    0x22: Meaning(quantity="volume", unit="US gal", exponent=-1),
    0x24: Meaning(quantity="flow", unit="US gal/min", exponent=-3),
    0x25: Meaning(quantity="flow", unit="US gal/min"),
    0x26: Meaning(quantity="flow", unit="US gal/h"),
    0x2A: Meaning(quantity="phase-between-voltages", unit="°", exponent=-1),
    0x2B: Meaning(quantity="phase-of-current", unit="°", exponent=-1),
    0x68: Meaning(quantity="rating-factor", coding=Coding.RATING),
    0x69: Meaning(
        quantity="rating-factor-output",
        coding=Coding.RAW,
        reason="it is a thermal output (Kq), which is told in watts or in 4096ths",
    ),
    0x6A: Meaning(quantity="rating-factor-coupling", coding=Coding.RATING),
    0x6B: Meaning(quantity="rating-factor-room-side", coding=Coding.RATING),
    0x6C: Meaning(quantity="rating-factor-heater-side", coding=Coding.RATING),
    0x6D: Meaning(quantity="rating-factor-low-temperature", coding=Coding.RATING),
    0x6E: Meaning(quantity="rating-factor-display", coding=Coding.RATING),
}

# Behind FD: the main extension.
_FD_DECADES: tuple[_Decade, ...] = (
    (0x00, 4, "credit", "currency", -3),
    (0x04, 4, "debit", "currency", -3),
    (0x40, 16, "voltage", "V", -9),
    (0x50, 16, "current", "A", -12),
)
_FD_DURATIONS = ((0x24, "storage-interval"), (0x34, "tariff-period"))
_FD_UNSIGNED_DURATIONS = ((0x2C, "duration-since-readout"), (0x3C, "transmission-period"))
_FD_COUNTS = {
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
    0x12: "user-access-code",
    0x13: "operator-access-code",
    0x14: "system-operator-access-code",
    0x15: "developer-access-code",
    0x16: "password",
    0x1E: "retries",
    0x20: "first-storage-number",
    0x21: "last-storage-number",
    0x22: "storage-block-size",
    0x23: "tariff-and-subunit-descriptor",
    0x2A: "operator-specific",
    0x2B: "second-of-the-minute",
    0x60: "reset-count",
    0x61: "cumulation-count",
    0x62: "control-signal",
    0x63: "weekday",
    0x64: "week-number",
    0x67: "supplier-information",
    0x75: "stop-count",
}
_FD_BITS = {
    0x17: "error-flags",
    0x18: "error-mask",
    0x1A: "digital-output",
    0x1B: "digital-input",
    0x1F: "remote-control",
    0x66: "parameter-activation",
}
# What these hold has an inner structure that is not ours to read.
_FD_CONTAINERS = {
    0x19: "security-key",
    0x3B: "wireless-container",
    0x76: "manufacturer-container",
}
_FD_SINGLES = {
    0x1C: Meaning(quantity="baud-rate", unit="Bd", coding=Coding.COUNT),
    0x1D: Meaning(quantity="response-delay", unit="bit times", coding=Coding.COUNT),
    0x28: Meaning(quantity="storage-interval", unit="months"),
    0x29: Meaning(quantity="storage-interval", unit="years"),
    0x30: Meaning(quantity="tariff-start", coding=Coding.MOMENT),
    0x31: Meaning(quantity="tariff-duration", unit="min", coding=Coding.COUNT),
    0x32: Meaning(quantity="tariff-duration", unit="h", coding=Coding.COUNT),
    0x33: Meaning(quantity="tariff-duration", unit="days", coding=Coding.COUNT),
    0x38: Meaning(quantity="tariff-period", unit="months"),
    0x39: Meaning(quantity="tariff-period", unit="years"),
    0x3A: Meaning(quantity="dimensionless"),
    0x65: Meaning(quantity="time-of-day-change", coding=Coding.MOMENT),
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
    0x72: Meaning(
        quantity="daylight-saving",
        coding=Coding.RAW,
        reason="a rule of summer time (type K) is not read",
    ),
    0x73: Meaning(
        quantity="listening-window",
        coding=Coding.RAW,
        reason="a listening window (type L) is not read",
    ),
    0x74: Meaning(quantity="battery-remaining", unit="days", coding=Coding.COUNT),
}
FD_FD = {
    0x00: Meaning(quantity="selected-application", coding=Coding.COUNT),
    0x02: Meaning(quantity="battery-remaining", unit="months", coding=Coding.COUNT),
    0x03: Meaning(quantity="battery-remaining", unit="years", coding=Coding.COUNT),
}
"""Behind FD FD: the second level of the main extension."""


def _table(
    decades: tuple[_Decade, ...],
    durations: tuple[tuple[int, str], ...],
    singles: dict[int, Meaning],
    coding: Coding = Coding.NUMBER,
) -> dict[int, Meaning]:
    table = dict(singles)
    for first, count, quantity, unit, exponent in decades:
        for step in range(count):
            power = exponent + step
            table[first + step] = Meaning(
                quantity=quantity, unit=unit, exponent=power, coding=coding
            )
    for first, quantity in durations:
        for step, unit in enumerate(DURATION_UNITS):
            table[first + step] = Meaning(quantity=quantity, unit=unit, coding=coding)
    return table


def _named(names: dict[int, str], coding: Coding, reason: str = "") -> dict[int, Meaning]:
    return {
        code: Meaning(quantity=name, coding=coding, reason=reason) for code, name in names.items()
    }


PRIMARY = _table(_PRIMARY_DECADES, _PRIMARY_DURATIONS, _PRIMARY_SINGLES)
"""What a VIF without extension means, by its seven bits."""

FB = _table(_FB_DECADES, (), _FB_SINGLES) | _table(_FB_UNSIGNED, (), {}, Coding.COUNT)
"""What the byte behind FB means."""

FD = _table(
    _FD_DECADES,
    _FD_DURATIONS,
    _FD_SINGLES
    | _named(_FD_COUNTS, Coding.COUNT)
    | _named(_FD_BITS, Coding.BITS)
    | _named(_FD_CONTAINERS, Coding.RAW, "its inner structure is not read"),
) | _table((), _FD_UNSIGNED_DURATIONS, {}, Coding.COUNT)
"""What the byte behind FD means."""
