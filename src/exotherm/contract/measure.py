"""What the readings of a period say: its edges, the register's advance, every interval's situation.

Bill and evidence call the same functions, so they cannot disagree about a kilowatt hour. Registers
win: heat is the exact advance of the billed register, samples of the moment only explain it. Only
readings of good quality count; their order and repetitions do not matter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from exotherm.contract.outcome import Judgement, Outcome, Situation, outcome, tally_of
from exotherm.contract.rate import Consumption
from exotherm.contract.register_walk import Advanced, Edges, advance_over, edges_of, good_readings
from exotherm.contract.terms import Contract
from exotherm.core.findings import Finding, Severity, Where, has_errors
from exotherm.core.period import Period
from exotherm.core.samples import Point, Sample
from exotherm.core.units import format_number

__all__ = [
    "Advanced",
    "Edges",
    "Measured",
    "MeasuredInterval",
    "Metered",
    "advance_over",
    "consumption_of",
    "edges_of",
    "situations_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredInterval:
    """What is known of an interval, and the exact heat that the billed register counted in it.

    Flow in m³/h and return temperature in °C at the interval's end; None where not measured.
    """

    situation: Situation
    heat_count: int
    bridged: bool
    """lies in a gap between readings; all heat of the gap stands at its last interval"""
    flow_m3h: float | None
    return_c: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """A period as its meter tells it: nothing here stands against billing it."""

    consumption: Consumption
    edges: Edges
    advanced: Advanced
    intervals: tuple[MeasuredInterval, ...]
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What came of measuring a period: the result where nothing blocks, and all findings."""

    metered: Metered | None
    findings: tuple[Finding, ...]


def consumption_of(
    contract: Contract,
    *,
    points: Mapping[str, Point],
    samples: Iterable[Sample],
    period: Period,
    heat_kw_max: float,
) -> Measured:
    """Measure a period by the contract, or explain each thing that stands against it.

    ``points`` are the site's points by name; ``heat_kw_max`` is the largest heat the plant can
    deliver, by which a roll-over of the register is told from a fault.
    """
    unfit = _check_points(contract, points)
    if unfit:
        return Measured(metered=None, findings=unfit)
    readings = good_readings(samples)
    point = points[contract.delivered_heat.point]
    own = readings.get(point.name, ())
    edges = edges_of(contract, point=point, samples=own, period=period)
    if not isinstance(edges, Edges):
        return Measured(metered=None, findings=edges)
    advanced = advance_over(
        contract, point=point, samples=own, edges=edges, heat_kw_max=heat_kw_max
    )
    if has_errors(advanced.findings):
        return Measured(metered=None, findings=advanced.findings)
    intervals = situations_of(
        contract, points=points, readings=readings, period=period, advanced=advanced
    )
    judgements = tuple(outcome(contract, one.situation) for one in intervals)
    metered = Metered(
        consumption=_consumption(point, period, intervals, judgements),
        edges=edges,
        advanced=advanced,
        intervals=intervals,
        judgements=judgements,
    )
    findings = (*advanced.findings, *_unjudged(contract, intervals, judgements))
    return Measured(metered=metered, findings=findings)


def _unjudged(
    contract: Contract,
    intervals: tuple[MeasuredInterval, ...],
    judgements: tuple[Judgement, ...],
) -> tuple[Finding, ...]:
    """Say how many intervals outside of gaps no reading tells: that costs the one who bears it."""
    silent = sum(
        one.outcome is Outcome.NOT_MEASURED and not interval.bridged
        for interval, one in zip(intervals, judgements, strict=True)
    )
    if not silent:
        return ()
    return (
        Finding(
            code="meter.intervals-not-measured",
            severity=Severity.WARNING,
            where=Where(path=contract.delivered_heat.supply_point),
            message=f"Heat was metered in {format_number(silent, 0)} of "
            f"{format_number(len(intervals), 0)} quarter-hours without its temperature. By the "
            f"contract they count as {contract.availability.not_measured_is}.",
            remedy="Look at the meter's sensors; the heat itself is billed from its register.",
            data={"intervals": silent},
        ),
    )


def situations_of(
    contract: Contract,
    *,
    points: Mapping[str, Point],
    readings: Mapping[str, Sequence[Sample]],
    period: Period,
    advanced: Advanced,
) -> tuple[MeasuredInterval, ...]:
    """Tell for every interval of a period what is known of it and the heat counted in it.

    ``readings`` are the good samples of each point in the order of their time. An interval is
    measured where the billed register was read in it: after its start, at or before its end. The
    heat of all intervals is the register's advance exactly; the heat of a gap is known as a whole
    only and stands at the gap's last interval.
    """
    step = timedelta(minutes=contract.availability.interval_min)
    intervals = tuple(period.split(step))
    heats = _heat_of_intervals(advanced, period=period, step=step, number=len(intervals))
    meter = points[contract.delivered_heat.point].meter

    def at_ends(name: str) -> dict[int, float]:
        point, own = points.get(name), readings.get(name, ())
        return {_slot(one, period, step): float(point.value_of(one.count)) for one in own if point}

    flow = at_ends(contract.delivered_heat.flow_point)
    supply = at_ends(contract.delivered_heat.supply_point)
    power, back = at_ends(f"{meter}.heat_kw"), at_ends(f"{meter}.return_c")
    measured = tuple(
        MeasuredInterval(
            situation=_situation(
                interval,
                heat,
                flow_m3h=flow.get(index),
                heat_kw=power.get(index),
                supply_c=supply.get(index),
            ),
            heat_count=heat.count,
            bridged=heat.bridged,
            flow_m3h=flow.get(index),
            return_c=back.get(index),
        )
        for index, (interval, heat) in enumerate(zip(intervals, heats, strict=True))
    )
    assert sum(one.heat_count for one in measured) == advanced.count
    return measured


@dataclass(slots=True)
class _Heat:
    """The heat counted in an interval while the walk through the readings is under way."""

    count: int = 0
    read: bool = False
    bridged: bool = False
    grew: bool | None = None
    """whether the register advanced within this interval alone; None where that is not known"""


def _slot(sample: Sample, period: Period, step: timedelta) -> int:
    """Give the number of the interval that a reading belongs to; at an edge it is the earlier."""
    return -((period.start - sample.source_at) // step) - 1


def _heat_of_intervals(
    advanced: Advanced, *, period: Period, step: timedelta, number: int
) -> tuple[_Heat, ...]:
    heats = tuple(_Heat() for _ in range(number))
    at_ends = {
        _slot(one.sample, period, step): one.count_since_opening for one in advanced.readings
    }
    slots = sorted(at_ends)
    for before, slot in pairwise(slots):
        count = at_ends[slot] - at_ends[before]
        heats[slot].read = True
        if slot - before == 1:
            heats[slot].count = count
            heats[slot].grew = count > 0
            continue
        for missed in heats[max(before + 1, 0) : slot]:
            missed.bridged = True
        heats[slot].bridged = slot == 0
        # A gap that begins before the period has no interval of its own where it ends in the first.
        heats[max(slot - 1, 0)].count = count
        heats[slot].grew = None if count else False
    return heats


def _situation(
    interval: Period,
    heat: _Heat,
    *,
    flow_m3h: float | None,
    heat_kw: float | None,
    supply_c: float | None,
) -> Situation:
    """Put together what the readings at an interval's end say of it."""
    if not heat.read:
        return Situation(interval=interval, called=None, heated=None, supply_c=None)
    # A coarse register may stand still for an interval in which heat flowed: power tells then.
    signs = [heat_kw > 0] if heat_kw is not None else []
    if heat.grew is not None:
        signs.append(heat.grew)
    calls = [flow_m3h > 0] if flow_m3h is not None else []
    if heat.grew:
        calls.append(True)
    return Situation(
        interval=interval,
        called=any(calls) if calls else None,
        heated=any(signs) if signs else None,
        supply_c=supply_c,
    )


def _consumption(
    point: Point,
    period: Period,
    intervals: Sequence[MeasuredInterval],
    judgements: Sequence[Judgement],
) -> Consumption:
    reduced = sum(
        interval.heat_count
        for interval, judged in zip(intervals, judgements, strict=True)
        if judged.outcome is Outcome.REDUCED and not interval.bridged
    )
    return Consumption(
        period=period,
        heat_kwh=point.value_of(sum(one.heat_count for one in intervals)),
        reduced_heat_kwh=point.value_of(reduced),
        tally=tally_of(judged.outcome for judged in judgements),
    )


def _check_points(contract: Contract, points: Mapping[str, Point]) -> tuple[Finding, ...]:
    terms = contract.delivered_heat
    findings = [
        _unknown_point(field, name, points)
        for field, name in (
            ("point", terms.point),
            ("supply_point", terms.supply_point),
            ("flow_point", terms.flow_point),
        )
        if name not in points
    ]
    billed = points.get(terms.point)
    if billed and (billed.kind != "register" or billed.register != contract.registers.format):
        findings.append(_unlike_contract(contract, billed))
    return tuple(findings)


def _unknown_point(field: str, name: str, points: Mapping[str, Point]) -> Finding:
    return Finding(
        code="contract.point-unknown",
        severity=Severity.ERROR,
        where=Where(path=f"delivered_heat.{field}"),
        message=f"The contract names `{name}`, but no meter of the site tells it.",
        remedy=f"Name one of the site's points: {', '.join(sorted(points)) or 'it has none yet'}.",
        data={"point": name},
    )


def _unlike_contract(contract: Contract, point: Point) -> Finding:
    agreed = contract.registers.format
    return Finding(
        code="contract.register-differs",
        severity=Severity.ERROR,
        where=Where(path=point.name),
        message=f"`{point.name}` is a {point.kind} in {point.unit} with {point.digits} digits, "
        f"{point.decimals} after the point; clause MET-3 bills a register in {agreed.unit} "
        f"with {agreed.digits} digits, {agreed.decimals} after the point.",
        remedy="Correct `[registers]` in the contract or the meter's profile in the site, "
        "whichever differs from the meter's display.",
        data={
            "point": point.name,
            "digits": point.digits,
            "decimals": point.decimals,
            "unit": point.unit,
        },
    )
