"""What a register shows of a period when readings are missing: the least and the most it can be.

A benefit is counted at the least, a burden at the most. Both bounds only widen when readings are
taken away, so losing data never makes a claim larger.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Context, Decimal, localcontext
from enum import StrEnum
from itertools import pairwise

from exotherm.core.period import Period
from exotherm.core.register import Break, advance_across
from exotherm.core.samples import Point, Quality, Sample
from exotherm.prove.lines import SECONDS_PER_HOUR, utc_s_of

EXACT = Context(prec=50)
"""The precision of every calculation before its one rounding; the verifier uses the same."""
CLOCK_SLACK_S = 120
"""Meters tell the time of a reading to the minute: a step may be a minute longer at either end."""
_SCALE = {"wh": -3, "kwh": 0, "mwh": 3}


class Role(StrEnum):
    """What a register stands for in the account of energy."""

    SITE = "site"
    """All electricity of the data centre at its supply (E_DC)."""
    IT = "it"
    """Electricity of the servers at the output of the UPS (E_IT)."""
    DELIVERED = "delivered"
    """Heat handed over at the delivery point (E_reuse)."""
    AUXILIARY = "auxiliary"
    """Electricity used only to deliver heat."""
    FUEL = "fuel"
    """Fuel of the customer's backup boiler, gross calorific value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterUse:
    """Which point stands for a role, and the most that can pass it in kW.

    ``kw_max`` decides between a roll-over and a fault, and fills what was not measured where that
    is a burden. ``point`` is None where the role has no meter: the burden then counts in full.
    """

    point: str | None
    kw_max: Decimal
    source: str
    """where ``kw_max`` is from: a rating plate, a fuse"""
    breaks: tuple[Break, ...] = ()
    """jumps of the register that the meter ledger explains, in order of time"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a register shows of a period; the counts are None where nothing is to be believed."""

    point: str | None
    opening_count: int | None
    closing_count: int | None
    least_kwh: Decimal
    most_kwh: Decimal
    implausible: bool
    """the register went backwards, or faster than it can; it then counts as not measured"""


@dataclass(frozen=True, slots=True)
class _Window:
    """A period in whole seconds; readings at most ``slack`` outside stand for its ends."""

    start: int
    end: int
    slack: int

    def __contains__(self, utc_s: int) -> bool:
        return self.start - self.slack <= utc_s <= self.end + self.slack

    def clamp(self, utc_s: int) -> int:
        return min(max(utc_s, self.start), self.end)


def measure_register(
    *,
    use: RegisterUse,
    point: Point | None,
    samples: Sequence[Sample],
    period: Period,
    boundary_s: int = 0,
) -> Measured:
    """Tell the least and the most kWh that a register can have advanced in a period.

    Only good readings count. The least is what lies between the first and the last of them. The
    most allows ``kw_max`` wherever no reading says otherwise, with the slack of the meter's clock,
    and one count for the digit that a register cuts off. A reading up to ``boundary_s`` outside
    the period stands for its end. A register that shows far more than the most has a fault.
    """
    window = _Window(utc_s_of(period.start), utc_s_of(period.end), boundary_s)
    with localcontext(EXACT):
        if point is None:
            hours = Decimal(window.end - window.start) / SECONDS_PER_HOUR
            return _unmeasured(None, use.kw_max * hours, implausible=False)
        rate = counts_per_hour(point, use.kw_max)
        readings = _good_readings(samples, window)
        unwrapped = _unwrap(point, readings, rate, use.breaks)
        doubt = 2 * (rate * CLOCK_SLACK_S + SECONDS_PER_HOUR)
        least = unwrapped[-1][1] - unwrapped[0][1] if unwrapped else 0
        most = _most(unwrapped, window, rate) if unwrapped else 0
        if not unwrapped or least > most + _ceiling(doubt):
            full = _ceiling(rate * (window.end - window.start) + doubt)
            return _unmeasured(point.name, kwh_of(point, full), implausible=bool(readings))
        return Measured(
            point=point.name,
            opening_count=readings[0][1],
            closing_count=readings[-1][1],
            least_kwh=kwh_of(point, least),
            most_kwh=kwh_of(point, max(least, most)),
            implausible=False,
        )


def _unmeasured(point: str | None, most_kwh: Decimal, *, implausible: bool) -> Measured:
    return Measured(
        point=point,
        opening_count=None,
        closing_count=None,
        least_kwh=Decimal(0),
        most_kwh=most_kwh,
        implausible=implausible,
    )


def kwh_of(point: Point, count: int) -> Decimal:
    """Give the exact kWh of a count. Raises ValueError where the point counts no energy."""
    return Decimal(count).scaleb(_scale_of(point) - point.decimals)


def counts_per_hour(point: Point, kw: Decimal) -> Decimal:
    """Give how many counts an energy register advances in an hour at a power."""
    return kw.scaleb(point.decimals - _scale_of(point))


def _scale_of(point: Point) -> int:
    scale = _SCALE.get(point.unit.lower())
    if scale is None or point.kind != "register":
        raise ValueError(f"{point.name} is no energy register in Wh, kWh or MWh")
    return scale


def _good_readings(samples: Sequence[Sample], window: _Window) -> list[tuple[int, int]]:
    """List time and count of the readings that may be believed, in order of time."""
    good = (sample for sample in samples if sample.quality is Quality.GOOD)
    ordered = sorted(good, key=lambda sample: (sample.source_at, sample.received_at))
    timed = ((utc_s_of(sample.source_at), sample.count) for sample in ordered)
    return [(utc_s, count) for utc_s, count in timed if utc_s in window]


def _unwrap(
    point: Point, readings: Sequence[tuple[int, int]], rate: Decimal, breaks: Sequence[Break]
) -> list[tuple[int, int]] | None:
    """Count on over roll-overs and jumps, or None where a step is more than the plant can do."""
    if any(not 0 <= count < point.register.modulus for _, count in readings):
        return None
    unwrapped = list(readings[:1])
    for (before_s, earlier), (after_s, later) in pairwise(readings):
        seconds = after_s - before_s + CLOCK_SLACK_S
        count_max = int(rate * seconds / SECONDS_PER_HOUR) + 1
        advance = advance_across(
            point.register,
            earlier=earlier,
            later=later,
            breaks=[one for one in breaks if before_s < utc_s_of(one.at) <= after_s],
            count_max=count_max,
        )
        if advance is None or advance.count > count_max:
            return None
        unwrapped.append((after_s, unwrapped[-1][1] + advance.count))
    return unwrapped


def _most(unwrapped: Sequence[tuple[int, int]], window: _Window, rate: Decimal) -> int:
    """Give the most counts from the start to the end that agree with every reading.

    At the end the register can stand no higher than any reading allows at full power since, at
    the start no lower than any allows at full power until then. In counts times 3600 s.
    """

    def within(seconds: int) -> Decimal:
        return SECONDS_PER_HOUR + rate * (seconds + CLOCK_SLACK_S) if seconds else Decimal(0)

    timed = [(window.clamp(utc_s), count * SECONDS_PER_HOUR) for utc_s, count in unwrapped]
    highest = min(count + within(window.end - at) for at, count in timed)
    lowest = max(count - within(at - window.start) for at, count in timed)
    return _ceiling(highest - lowest)


def _ceiling(count_seconds: Decimal) -> int:
    return int((count_seconds / SECONDS_PER_HOUR).to_integral_value(rounding=ROUND_CEILING))


def measured_hours(samples: Sequence[Sample], period: Period) -> frozenset[int]:
    """List the hours of a period, numbered from nought, in which a good reading was taken."""
    good = (sample.source_at for sample in samples if sample.quality is Quality.GOOD)
    return frozenset(hour_of(at, period) for at in good if at in period)


def hour_of(instant: datetime, period: Period) -> int:
    """Give the number of the hour of a period in which an instant lies."""
    return (utc_s_of(instant) - utc_s_of(period.start)) // SECONDS_PER_HOUR


def hours_in(period: Period) -> int:
    """Count the hours of a period; a last one that is cut off counts."""
    return -((utc_s_of(period.start) - utc_s_of(period.end)) // SECONDS_PER_HOUR)
