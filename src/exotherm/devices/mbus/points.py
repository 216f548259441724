"""A heat meter's telegram as counts of the site's points. Pure."""

from collections.abc import Iterable
from decimal import Decimal

from exotherm.core.samples import Point
from exotherm.devices.mbus.record import Record
from exotherm.devices.mbus.telegram import Telegram

# What a point is called after its meter, and the quantity and unit of the record that tells it.
# A meter that counts joules has no `heat_kwh`: a billed unit is commissioned, never converted.
RECORD_OF_POINT = {
    "heat_kwh": ("energy", "kWh"),
    "volume_m3": ("volume", "m³"),
    "heat_kw": ("power", "kW"),
    "flow_m3h": ("flow", "m³/h"),
    "supply_c": ("supply-temperature", "°C"),
    "return_c": ("return-temperature", "°C"),
}


def read_heat_meter(telegram: Telegram, points: Iterable[Point]) -> dict[str, int | None]:
    """Give the count of each point that the telegram tells, by the point's name.

    None stands for a value that the meter itself marks as invalid, and for a register whose last
    digit the point cannot hold: a bill never rounds a register. A point that the telegram does not
    tell is missing.
    """
    counts: dict[str, int | None] = {}
    for point in points:
        wanted = RECORD_OF_POINT.get(point.name.partition(".")[2])
        record = telegram.current(*wanted) if wanted else None
        if record is not None:
            counts[point.name] = _count(point, record) if record.valid else None
    return counts


def _count(point: Point, record: Record) -> int | None:
    if not isinstance(record.value, int | Decimal):
        return None
    value = Decimal(record.value)
    count = point.count_of(value)
    if point.kind == "register" and point.value_of(count) != value:
        return None
    return count
