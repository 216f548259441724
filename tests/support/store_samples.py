"""Points and samples for tests of the store: a register, and values of the moment."""

from datetime import UTC, datetime, timedelta

from exotherm.core.period import Period
from exotherm.core.samples import Origin, Point, Quality, Sample

HEAT = Point(name="heat_meter.heat_kwh", kind="register", unit="kwh", decimals=0, digits=8)
SUPPLY = Point(name="heat_meter.supply_c", kind="instant", unit="c", decimals=2)
RETURN = Point(name="heat_meter.return_c", kind="instant", unit="c", decimals=2)
POINTS = (HEAT, SUPPLY, RETURN)
START = datetime(2026, 10, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WEEK = Period(START, START + 7 * DAY)


def told(
    minute: int,
    count: int,
    point: Point = SUPPLY,
    quality: Quality = Quality.GOOD,
    *,
    delay_s: int = 2,
    origin: Origin = Origin.DEVICE,
) -> Sample:
    """A sample of a minute since the start, heard of a little later."""
    at = START + minute * MINUTE
    return Sample(
        point=point.name,
        source_at=at,
        received_at=at + timedelta(seconds=delay_s),
        count=count,
        quality=quality,
        origin=origin,
    )
