"""An SNMP agent simulated from a profile: the records that snmpsim serves. Pure."""

from collections.abc import Mapping
from decimal import Decimal

from exotherm.devices.profile import SnmpProfile

_INTEGER, _TEXT, _OID = "2", "4", "6"
_SYSTEM = "1.3.6.1.2.1.1"


def records_of(
    profile: SnmpProfile,
    values: Mapping[str, Decimal | None],
    *,
    digits: int = 1,
    serial: str = "SIM-1",
) -> str:
    """Write an agent's objects as a .snmprec file.

    ``digits`` is how many decimals the device states where the profile asks it. A value of None is
    told by the number that the profile has for no value, or left out where it has none.
    """
    rows = {
        f"{_SYSTEM}.1.0": (_TEXT, f"{profile.title}, simulated"),
        f"{_SYSTEM}.2.0": (_OID, profile.enterprise),
    }
    if profile.model_oid:
        rows[profile.model_oid] = (_TEXT, profile.models[0])
    if profile.serial_oid:
        rows[profile.serial_oid] = (_TEXT, serial)
    for value in profile.values:
        stated = digits if value.digits_oid else 0
        if value.digits_oid:
            rows[value.digits_oid] = (_INTEGER, str(stated))
        shown = values[value.quantity]
        if shown is not None:
            number = int(value.number_of(shown).scaleb(stated).to_integral_value())
            rows[value.oid] = (_INTEGER, str(number))
        elif value.invalid is not None:
            rows[value.oid] = (_INTEGER, str(value.invalid))
    ordered = sorted(rows.items(), key=lambda row: [int(part) for part in row[0].split(".")])
    return "".join(f"{oid}|{tag}|{text}\n" for oid, (tag, text) in ordered)
