"""What a value means: the value information block (VIF and VIFEs) of EN 13757-3:2018. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from exotherm.devices.mbus.values import read_text
from exotherm.devices.mbus.vif_tables import (
    DURATION_UNITS,
    FB,
    FD,
    FD_FD,
    PRIMARY,
    Coding,
    Meaning,
)

__all__ = ["Coding", "Meaning", "meaning_of"]

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
# No extension at all, and the multiplicative corrections, as powers of ten.
_POWERS = {0x00: 0, 0x7D: 3} | {0x70 + step: step - 6 for step in range(8)}
_TIMES = {0x36: "s", 0x37: "s/V", 0x38: "s/A"}
_PLAIN_QUALIFIERS = {
    0x12: "average",
    0x1D: "standard-conformant",
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
# With these the data are no plain value of the quantity, and what they are is not read.
_UNREAD = {
    0x13: "several values stand in the record (inverse compact profile)",
    0x14: "it is a relative deviation",
    0x1E: "several values stand in the record (compact profile with registers)",
    0x1F: "several values stand in the record (compact profile)",
    0x3D: "it is in a unit that is not metric (annex C)",
    0x3F: "it declares an OBIS code",
}
# Behind FC in the place of a VIFE: the extension of the combinable codes.
_FURTHER_QUALIFIERS = {
    0x01: "phase-l1",
    0x02: "phase-l2",
    0x03: "phase-l3",
    0x04: "neutral",
    0x05: "phases-l1-l2",
    0x06: "phases-l2-l3",
    0x07: "phases-l3-l1",
    0x08: "quadrant-1",
    0x09: "quadrant-2",
    0x0A: "quadrant-3",
    0x0B: "quadrant-4",
    0x0C: "import-less-export",
    0x0E: "secondary-sensor",
    0x0F: "higher-resolution",
    0x10: "absolute",
    0x14: "to-meter",
    0x15: "from-meter",
}
_FURTHER_CODINGS = {0x11: Coding.COUNT, 0x12: Coding.BITS}


@lru_cache(maxsize=4096)
def meaning_of(vib: bytes) -> Meaning:
    """Tell what a value information block means.

    ``vib`` is the VIF, for a VIF in plain text its length byte and text (last character first), and
    the VIFEs. A code that is not known gives a meaning with a reason: such a value is kept as bytes
    and never used.
    """
    codes = [byte & 0x7F for byte in vib]
    if codes[0] == 0x7C:
        text_end = 2 + vib[1]
        text = read_text(vib[2:text_end])
        return _with_extensions(Meaning(quantity=f"text:{text}", unit=text), codes[text_end:])
    if vib[0] == 0xFB:
        return _with_extensions(_look_up(FB, codes[1], "FB "), codes[2:])
    if vib[:2] == b"\xfd\xfd":
        return _with_extensions(_look_up(FD_FD, codes[2], "FD FD "), codes[3:])
    if vib[0] == 0xFD:
        return _with_extensions(_look_up(FD, codes[1], "FD "), codes[2:])
    if codes[0] == 0x7F:
        reason = "only its manufacturer knows what the value means"
        return Meaning(quantity="manufacturer-specific", coding=Coding.RAW, reason=reason)
    return _with_extensions(_look_up(PRIMARY, codes[0], ""), codes[1:])


def _look_up(table: Mapping[int, Meaning], code: int, prefix: str) -> Meaning:
    return table.get(code) or _unknown(f"the VIF {prefix}{code:02X} is not known")


def _unknown(reason: str) -> Meaning:
    return Meaning(quantity="unknown", coding=Coding.RAW, reason=reason)


def _with_extensions(meaning: Meaning, codes: list[int]) -> Meaning:
    if meaning.quantity == "unknown":
        return meaning
    rest = iter(enumerate(codes))
    for place, code in rest:
        if code == 0x7F:
            its_own = bytes(codes[place + 1 :]).hex().upper()
            return _qualified(meaning, f"manufacturer-specific {its_own}".strip())
        if code == 0x7C:
            _, further = next(rest, (0, 0))
            meaning = _with_further_extension(meaning, further)
        else:
            meaning = _with_extension(meaning, code)
    return meaning


def _with_extension(meaning: Meaning, code: int) -> Meaning:
    if code in _POWERS:
        return replace(meaning, exponent=meaning.exponent + _POWERS[code])
    if code in _PER:
        unit = f"{meaning.unit or '1'}/{_PER[code]}"
        return _qualified(replace(meaning, unit=unit), f"per {_PER[code]}")
    if code in _TIMES:
        unit = f"{meaning.unit or '1'}·{_TIMES[code]}"
        return _qualified(replace(meaning, unit=unit), f"times {_TIMES[code]}")
    if code in _PLAIN_QUALIFIERS:
        return _qualified(meaning, _PLAIN_QUALIFIERS[code])
    if code in _RECORD_ERRORS:
        return _unusable(meaning, f"the meter reports: {_RECORD_ERRORS[code]}")
    if code in _UNREAD:
        return _unusable(meaning, _UNREAD[code])
    return _with_event(meaning, code) or _unknown(f"the VIFE {code:02X} is not known")


def _with_further_extension(meaning: Meaning, code: int) -> Meaning:
    if code in _FURTHER_QUALIFIERS:
        return _qualified(meaning, _FURTHER_QUALIFIERS[code])
    if code in _FURTHER_CODINGS:
        fits = meaning.coding is not Coding.RAW
        return replace(meaning, coding=_FURTHER_CODINGS[code]) if fits else meaning
    if code == 0x0D:
        return _unusable(meaning, _UNREAD[0x3D])
    if code == 0x13:
        return _moment(meaning, "end-of")
    return _unknown(f"the VIFE FC {code:02X} is not known")


def _with_event(meaning: Meaning, code: int) -> Meaning | None:
    """Read the codes that turn a quantity into when, how long or how often something happened."""
    which = "last" if code & 0x04 else "first"
    limit = "upper" if code & 0x08 else "lower"
    edge = "end" if code & 0x01 else "begin"
    if code in (0x41, 0x49):
        return _number(meaning, "", f"count-of-{limit}-limit-exceeded")
    if 0x40 <= code <= 0x4F and code & 0x02:
        return _moment(meaning, f"{edge}-of-{which}-{limit}-limit-exceeded")
    if 0x50 <= code <= 0x5F:
        unit = DURATION_UNITS[code & 0x03]
        return _number(meaning, unit, f"duration-of-{which}-{limit}-limit-exceeded")
    if 0x60 <= code <= 0x67:
        return _number(meaning, DURATION_UNITS[code & 0x03], f"duration-of-{which}")
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


def _unusable(meaning: Meaning, reason: str) -> Meaning:
    return replace(meaning, coding=Coding.RAW, reason=meaning.reason or reason)


def _moment(meaning: Meaning, qualifier: str) -> Meaning:
    return _recoded(meaning, Coding.MOMENT, "", qualifier)


def _number(meaning: Meaning, unit: str, qualifier: str) -> Meaning:
    return _recoded(meaning, Coding.NUMBER, unit, qualifier)


def _recoded(meaning: Meaning, coding: Coding, unit: str, qualifier: str) -> Meaning:
    kept = Coding.RAW if meaning.coding is Coding.RAW else coding
    return _qualified(replace(meaning, unit=unit, exponent=0, coding=kept), qualifier)
