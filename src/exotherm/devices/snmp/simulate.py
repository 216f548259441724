"""An SNMP agent simulated from a profile: its objects, and the records for snmpsim. Pure."""

from collections.abc import Mapping
from decimal import Decimal

from exotherm.devices.profile import SnmpProfile, SnmpTold

INTEGER, TEXT, OID, COUNTER, GAUGE, COUNTER_64 = "2", "4", "6", "65", "66", "70"
"""The kinds of objects, by the tags that they have on the wire."""
_SYSTEM = "1.3.6.1.2.1.1"
_WORD = 1 << 32


def objects_of(
    profile: SnmpProfile,
    values: Mapping[str, Decimal | None],
    *,
    digits: int = 1,
    serial: str = "SIM-1",
) -> dict[str, tuple[str, str]]:
    """Give an agent's objects by their identifiers, in their order: kind, and what each shows.

    ``digits`` is how many decimals the device states where the profile asks it. A value of None is
    told by the number that the profile has for no value, or left out where it has none. Numbers
    are gauges and counters as real MIBs have them, and plain integers only below nought.
    """
    rows = {
        f"{_SYSTEM}.1.0": (TEXT, f"{profile.title}, simulated"),
        f"{_SYSTEM}.2.0": (OID, profile.enterprise),
    }
    if profile.model_oid:
        rows[profile.model_oid] = (TEXT, profile.models[0])
    if profile.serial_oid:
        rows[profile.serial_oid] = (TEXT, serial)
    for value in profile.values:
        stated = digits if value.digits_oid else 0
        if value.digits_oid:
            rows[value.digits_oid] = (INTEGER, str(stated))
        shown = values[value.quantity]
        if shown is not None:
            number = int(value.number_of(shown).scaleb(stated).to_integral_value())
            rows[value.oid] = (_kind(value, number), str(number))
        elif value.invalid is not None:
            rows[value.oid] = (INTEGER, str(value.invalid))
    return dict(sorted(rows.items(), key=lambda row: parts_of(row[0])))


def records_of(
    profile: SnmpProfile,
    values: Mapping[str, Decimal | None],
    *,
    digits: int = 1,
    serial: str = "SIM-1",
) -> str:
    """Write an agent's objects as a .snmprec file; see `objects_of`."""
    objects = objects_of(profile, values, digits=digits, serial=serial)
    return "".join(f"{oid}|{tag}|{text}\n" for oid, (tag, text) in objects.items())


def parts_of(oid: str) -> tuple[int, ...]:
    """Give an identifier as its numbers, by which identifiers are ordered."""
    return tuple(int(part) for part in oid.split("."))


def _kind(value: SnmpTold, number: int) -> str:
    if number < 0:
        return INTEGER
    if number >= _WORD:
        return COUNTER_64
    return COUNTER if value.kind == "register" else GAUGE
