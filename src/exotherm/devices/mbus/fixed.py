"""The older telegrams of fixed structure (CI 73): two counters, their units, and no more. Pure."""

from exotherm.devices.mbus.frame import unreadable
from exotherm.devices.mbus.record import Function, Record
from exotherm.devices.mbus.values import read_bcd, read_signed

SIZE = 16
_HISTORIC = 0x3E

# The first of the codes that rise by a power of ten, how many, quantity, unit, first power of ten.
_DECADES = (
    (0x02, 9, "energy", "kWh", -3),
    (0x0B, 9, "energy", "GJ", -6),
    (0x14, 9, "power", "kW", -3),
    (0x1D, 9, "power", "GJ/h", -6),
    (0x26, 9, "volume", "m³", -6),
    (0x2F, 9, "flow", "m³/h", -6),
)
_UNITS = {
    first + step: (quantity, unit, exponent + step)
    for first, count, quantity, unit, exponent in _DECADES
    for step in range(count)
} | {
    0x38: ("temperature", "°C", -3),
    0x39: ("heat-cost-units", "", 0),
    0x3F: ("dimensionless", "", 0),
}

MEDIA = (
    "other",
    "oil",
    "electricity",
    "gas",
    "heat",
    "steam",
    "hot-water",
    "water",
    "heat-cost-allocator",
    "unknown",
    "gas",
    "heat",
    "hot-water",
    "water",
    "heat-cost-allocator",
    "unknown",
)


def read_fixed_medium(body: bytes) -> str:
    """Read the medium, whose four bits are spread over the two unit bytes."""
    return MEDIA[(body[6] >> 6) | ((body[7] >> 4) & 0x0C)]


def read_fixed_records(body: bytes, *, big_endian: bool = False) -> tuple[Record, Record]:
    """Read the two counters of a telegram with fixed structure.

    ``body`` is what follows the CI field. A counter 2 marked as historic has the unit of counter 1
    and is the value at the last fixed date. Raises UnreadableTelegram on a wrong length.
    """
    if len(body) != SIZE:
        raise unreadable(f"its fixed structure has {len(body)} bytes where {SIZE} are due")
    status, codes = body[5], (body[6] & 0x3F, body[7] & 0x3F)
    order = -1 if big_endian else 1
    stored = 1 if status & 0x02 else 0
    first = _record(body[8:12][::order], codes[0], binary=bool(status & 0x01), storage=stored)
    historic = codes[1] == _HISTORIC
    second = _record(
        body[12:16][::order],
        codes[0] if historic else codes[1],
        binary=bool(status & 0x01),
        storage=1 if historic else stored,
    )
    return first, second


def _record(data: bytes, code: int, *, binary: bool, storage: int) -> Record:
    known = _UNITS.get(code)
    quantity, unit, exponent = known or ("unknown", "", 0)
    value, reason = (read_signed if binary else read_bcd)(data, exponent)
    if known is None:
        value, reason = None, f"the unit code {code:02X} is no plain unit"
    return Record(
        quantity=quantity,
        unit=unit,
        value=value,
        function=Function.INSTANTANEOUS,
        storage=storage,
        tariff=0,
        subunit=0,
        qualifiers=(),
        reason=reason,
        raw=data.hex(),
    )
