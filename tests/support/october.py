"""October 2026 at the example pool: a month of readings made by rule, in whole counts.

The register starts at 12 345 and counts 3, 2 or 4 kWh in a quarter-hour with a call for heat.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from exotherm.bill.close import Closed, close_month
from exotherm.bill.invoice import Invoice
from exotherm.contract.reading import read_contract
from exotherm.contract.terms import Contract
from exotherm.core.period import Period, month_period
from exotherm.core.samples import Point, Quality, Sample

GOLDEN = Path(__file__).parents[1] / "golden" / "invoice"
ROME = ZoneInfo("Europe/Rome")
OCTOBER = month_period(2026, 10, ROME)
QUARTER = timedelta(minutes=15)
HEAT_KW_MAX = 40.0
OPENING_COUNT = 12_345

HEAT = "heat_meter.heat_kwh"
POWER = "heat_meter.heat_kw"
FLOW = "heat_meter.flow_m3h"
SUPPLY = "heat_meter.supply_c"
RETURN = "heat_meter.return_c"

POINTS = {
    point.name: point
    for point in (
        Point(name=HEAT, kind="register", unit="kwh", decimals=0, digits=8),
        Point(name=POWER, kind="instant", unit="kw", decimals=1),
        Point(name=FLOW, kind="instant", unit="m3h", decimals=3),
        Point(name=SUPPLY, kind="instant", unit="c", decimals=2),
        Point(name=RETURN, kind="instant", unit="c", decimals=2),
    )
}


def example_contract(edit: Callable[[str], str] = lambda text: text) -> Contract:
    """Read the pool's contract as the golden invoice has it, changed as a person would."""
    text = (GOLDEN / "contract.toml").read_text(encoding="utf-8")
    contract = read_contract(edit(text)).document
    assert contract is not None
    return contract


def local(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=ROME).astimezone(UTC)


def sample(point: str, at: datetime, count: int, quality: Quality = Quality.GOOD) -> Sample:
    return Sample(
        point=point,
        source_at=at,
        received_at=at + timedelta(seconds=2),
        count=count,
        quality=quality,
    )


def telegram(at: datetime, *, heat: int, power: int, flow: int, supply: int) -> Iterator[Sample]:
    """All points of one reading of the heat meter."""
    yield sample(HEAT, at, heat)
    yield sample(POWER, at, power)
    yield sample(FLOW, at, flow)
    yield sample(SUPPLY, at, supply)
    yield sample(RETURN, at, supply - 1000)


def perfect_month(*, first: int = OPENING_COUNT) -> list[Sample]:
    """Heat as promised in every quarter-hour: 3, 2, 4, 3, 2, 4 … kWh."""
    samples = list(telegram(OCTOBER.start, heat=first, power=110, flow=1050, supply=3120))
    count = first
    for number, interval in enumerate(OCTOBER.split(QUARTER)):
        count += (3, 2, 4)[number % 3]
        samples += telegram(interval.end, heat=count, power=110, flow=1050, supply=3120)
    return samples


# 20 hours without heat, 6 quarter-hours too cool, 5 readings missing, and 2 hours each night
# without a call for heat.
OUTAGE = Period(local(14, 6), local(15, 2))
COOL = Period(local(20, 18), local(20, 19, 30))
MISSING = Period(local(25, 2), local(25, 2) + 5 * QUARTER)


def lived_month(*, first: int = OPENING_COUNT) -> list[Sample]:
    """A month with what happens in a month; the credit of the first band is due."""
    samples = list(telegram(OCTOBER.start, heat=first, power=110, flow=1050, supply=3120))
    count = first
    for number, interval in enumerate(OCTOBER.split(QUARTER)):
        hour = interval.start.astimezone(ROME).hour
        out, still = interval.start in OUTAGE, hour in {3, 4}
        count += 0 if out or still else (3, 2, 4)[number % 3]
        if interval.start in MISSING:
            continue
        samples += telegram(
            interval.end,
            heat=count,
            power=0 if out or still else 110,
            flow=0 if still and not out else 1050,
            supply=2890 if interval.start in COOL else 3120,
        )
    return samples


def close_october(
    samples: list[Sample], contract: Contract | None = None, *, evidence_key: str | None = None
) -> Closed:
    return close_month(
        contract or example_contract(),
        points=POINTS,
        samples=samples,
        period=OCTOBER,
        number="2026-0010",
        issued_on=date(2026, 11, 2),
        heat_kw_max=HEAT_KW_MAX,
        evidence_key=evidence_key,
    )


def october_invoice(
    samples: list[Sample], contract: Contract | None = None, *, evidence_key: str | None = None
) -> Invoice:
    invoice = close_october(samples, contract, evidence_key=evidence_key).invoice
    assert invoice is not None
    return invoice
