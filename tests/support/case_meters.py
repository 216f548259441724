"""What the example's heat meter says, judged as the program judges it, for cases of its faults."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from exotherm.core.findings import Finding
from exotherm.core.samples import Point
from exotherm.operate.limits import Limits, limits_of
from exotherm.operate.memory import Before
from exotherm.operate.quality import judge
from exotherm.operate.telegram import Answer, Told
from exotherm.site.document import Meter, Site, points_of
from exotherm.site.reading import read_site
from exotherm.store.values import LastAnswer
from exotherm.usecases.asking import MeterLines
from exotherm.usecases.polling import Poller

NOW = datetime(2026, 10, 12, 6, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
_SITE = Path(__file__).parents[2] / "examples" / "pool" / "site.toml"
_TOLD = {
    "heat_kwh": ("15342", "kWh"),
    "volume_m3": ("4391.07", "m³"),
    "heat_kw": ("12.1", "kW"),
    "flow_m3h": ("1.798", "m³/h"),
    "supply_c": ("34.12", "°C"),
    "return_c": ("28.31", "°C"),
}


@lru_cache(maxsize=1)
def example_site() -> Site:
    site = read_site(_SITE.read_text(encoding="utf-8")).document
    assert site is not None
    return site


def heat_meter() -> Meter:
    return example_site().meters[0]


def heat_meter_points() -> dict[str, Point]:
    points = points_of(example_site())
    return {name: point for name, point in points.items() if point.meter == heat_meter().name}


@lru_cache(maxsize=1)
def limits() -> Limits:
    return limits_of(example_site())


def answer(**told: tuple[str, str] | None) -> Answer:
    """An answer as the heat meter gives it, with other values and units; None leaves one out."""
    values = _TOLD | told
    return Answer(
        meter=heat_meter().name,
        received_at=NOW,
        source_at=NOW,
        told=tuple(
            Told(point=f"{heat_meter().name}.{name}", value=Decimal(said[0]), unit=said[1])
            for name, said in values.items()
            if said is not None
        ),
        serial=heat_meter().serial,
        access_number=18,
    )


def without_value(one: Answer, quantity: str, reason: str) -> Answer:
    """The same answer, in which the meter itself does not stand behind a value."""
    told = (
        replace(each, value=None, reason=reason) if each.point.endswith(f".{quantity}") else each
        for each in one.told
    )
    return replace(one, told=tuple(told))


def last_answer(ago: timedelta = QUARTER) -> LastAnswer:
    """The answer that the heat meter gave before."""
    at = NOW - ago
    return LastAnswer(meter=heat_meter().name, access_number=17, source_at=at, received_at=at)


def judged(one: Answer, *, before: LastAnswer | None = None) -> tuple[Finding, ...]:
    """Everything that is to be told of an answer of the heat meter."""
    return judge(
        one,
        serial=heat_meter().serial,
        points=heat_meter_points(),
        before=Before(answer=before or last_answer()),
        limits=limits(),
    ).findings


async def asked(meter: Meter) -> tuple[Finding, ...]:
    """Everything that is to be told of asking a meter by its protocol."""
    site = example_site().model_copy(update={"meters": (meter,)})
    async with MeterLines(site, retries=0) as lines:
        return (await Poller(site, lines, now=lambda: NOW).ask(meter)).findings


def ask(meter: Meter) -> tuple[Finding, ...]:
    return asyncio.run(asked(meter))
