"""What the readings of a period say: its edges, the register's advance, every interval's situation.

Bill and evidence call the same functions, so they cannot disagree about a kilowatt hour. Registers
win: heat is the exact advance of the billed register, samples of the moment only explain it. Only
readings of good quality count; their order and repetitions do not matter.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from exotherm.contract.consumption import Consumption, DayHeat
from exotherm.contract.heat_split import Cell, priced_by, slots_of
from exotherm.contract.hours import WHOLE_YEAR, InSeason
from exotherm.contract.interruption import Interruption, interruption_at
from exotherm.contract.outcome import (
    Judgement,
    Outcome,
    Situation,
    outcome,
    supply_c_kept,
    tally_of,
)
from exotherm.contract.price_slots import key_of_month, slot_keys, varies_in_month
from exotherm.contract.register_walk import Advanced, Edges, advance_over, edges_of, good_readings
from exotherm.contract.terms import Contract
from exotherm.core.findings import Finding, Severity, Where, has_errors
from exotherm.core.period import Period
from exotherm.core.register import Break
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
    """What is known of an interval, and the exact heat that the billed register counted in it."""

    situation: Situation
    heat_count: int
    bridged: bool
    """lies in a gap between readings; all heat of the gap stands at its last interval"""

    @property
    def flow_m3h(self) -> float | None:
        """The flow at its end."""
        return self.situation.flow_m3h

    @property
    def return_c(self) -> float | None:
        """The return temperature at its end."""
        return self.situation.return_c


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
    interruptions: Sequence[Interruption] = (),
    in_season: InSeason = WHOLE_YEAR,
    breaks: Sequence[Break] = (),
) -> Measured:
    """Measure a period by the contract, or explain each thing that stands against it.

    ``points`` are the site's points by name; ``heat_kw_max`` is the largest heat the plant can
    deliver, by which a roll-over of the register is told from a fault. ``interruptions`` are those
    that somebody wrote down, with their causes; ``in_season`` tells a season by weather;
    ``breaks`` are the jumps of the billed register that the meter ledger explains.
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
        contract, point=point, samples=own, edges=edges, heat_kw_max=heat_kw_max, breaks=breaks
    )
    if has_errors(advanced.findings):
        return Measured(metered=None, findings=advanced.findings)
    intervals = situations_of(
        contract,
        points=points,
        readings=readings,
        period=period,
        advanced=advanced,
        interruptions=interruptions,
    )
    judgements = tuple(outcome(contract, one.situation, in_season=in_season) for one in intervals)
    metered = Metered(
        consumption=_consumption(contract, point, period, intervals, judgements),
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
    interruptions: Sequence[Interruption] = (),
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

    told = _Told(
        flow_m3h=at_ends(contract.delivered_heat.flow_point),
        supply_c=at_ends(contract.delivered_heat.supply_point),
        heat_kw=at_ends(f"{meter}.heat_kw"),
        return_c=at_ends(f"{meter}.return_c"),
        outdoor_c=at_ends(outdoor_point_of(contract) or ""),
    )
    situations = [
        _situation(interval, heat, told, index, contract, interruptions)
        for index, (interval, heat) in enumerate(zip(intervals, heats, strict=True))
    ]
    measured = tuple(
        MeasuredInterval(situation=situation, heat_count=heat.count, bridged=heat.bridged)
        for situation, heat in zip(_with_dips(contract, situations, step), heats, strict=True)
    )
    assert sum(one.heat_count for one in measured) == advanced.count
    return measured


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the meters tell at the end of each interval, by its number."""

    flow_m3h: Mapping[int, float]
    supply_c: Mapping[int, float]
    heat_kw: Mapping[int, float]
    return_c: Mapping[int, float]
    outdoor_c: Mapping[int, float]


def outdoor_point_of(contract: Contract) -> str | None:
    """Name the point that tells the outdoor temperature, where promise or price follow it."""
    price = contract.outdoor_price
    return contract.supply_temperature.outdoor_point or (price.outdoor_point if price else None)


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
    told: _Told,
    index: int,
    contract: Contract,
    interruptions: Sequence[Interruption],
) -> Situation:
    """Put together what the readings at an interval's end say of it, and what was written down."""
    written = interruption_at(interruptions, interval)
    situation = _as_measured(interval, heat, told, index)
    if written is None:
        return situation
    return replace(situation, **written.facts_at(interval, contract))


def _as_measured(interval: Period, heat: _Heat, told: _Told, index: int) -> Situation:
    heat_kw, flow_m3h = told.heat_kw.get(index), told.flow_m3h.get(index)
    # A coarse register may stand still for an interval in which heat flowed: power tells then.
    signs = [heat_kw > 0] if heat_kw is not None else []
    if heat.grew is not None:
        signs.append(heat.grew)
    calls = [flow_m3h > 0] if flow_m3h is not None else []
    if heat.grew:
        calls.append(True)
    return Situation(
        interval=interval,
        called=any(calls) if calls and heat.read else None,
        heated=any(signs) if signs and heat.read else None,
        supply_c=told.supply_c.get(index) if heat.read else None,
        heat_kw=heat_kw,
        return_c=told.return_c.get(index),
        flow_m3h=flow_m3h,
        outdoor_c=told.outdoor_c.get(index),
    )


def _with_dips(
    contract: Contract, situations: Sequence[Situation], step: timedelta
) -> Iterator[Situation]:
    """Note for each interval for how long the supply has been too cool without a break."""
    lasted = timedelta(0)
    for situation in situations:
        kept_c = supply_c_kept(contract, situation.outdoor_c)
        cool = (
            situation.called
            and situation.heated
            and situation.supply_c is not None
            and situation.supply_c < kept_c
        )
        lasted = lasted + step if cool else timedelta(0)
        yield replace(situation, cool_min=lasted / timedelta(minutes=1) if cool else None)


def _consumption(
    contract: Contract,
    point: Point,
    period: Period,
    intervals: Sequence[MeasuredInterval],
    judgements: Sequence[Judgement],
) -> Consumption:
    cells = _cells(contract, point, intervals, judgements)
    flows = [one.flow_m3h or 0.0 for one in intervals]
    return Consumption(
        period=period,
        heat_kwh=point.value_of(sum(one.heat_count for one in intervals)),
        reduced_heat_kwh=priced_by(cells, "HEAT-2"),
        unrequested_heat_kwh=priced_by(cells, "HEAT-3"),
        tally=tally_of(judged.outcome for judged in judgements),
        slots=slots_of(cells) if varies_in_month(contract) else (),
        return_c_mean=_mean((one.return_c for one in intervals), flows),
        supply_c_mean=_mean((one.situation.supply_c for one in intervals), flows),
        heat_kw_peak=max((_mean_kw(point, one) for one in intervals), default=None),
        daily=tuple(_days(contract, point, intervals)),
    )


def _cells(
    contract: Contract,
    point: Point,
    intervals: Sequence[MeasuredInterval],
    judgements: Sequence[Judgement],
) -> dict[Cell, Decimal]:
    """Sum the heat by price and by the clause that prices it; a gap's is known as a whole only."""
    outdoor = [one.situation.outdoor_c for one in intervals]
    keys = slot_keys(contract, [one.situation.interval for one in intervals], outdoor)
    counts: dict[Cell, int] = {}
    for key, interval, judged in zip(keys, intervals, judgements, strict=True):
        cell = Cell(key, judged.clause if judged.clause in ("HEAT-2", "HEAT-3") else "")
        if interval.bridged:
            cell = Cell(key_of_month(contract, interval.situation.interval.start), "")
        counts[cell] = counts.get(cell, 0) + interval.heat_count
    return {cell: point.value_of(count) for cell, count in counts.items()}


def _mean(values: Iterable[float | None], weights: Sequence[float]) -> float | None:
    """Give the mean of what was measured, weighted; None where nothing was."""
    known = [
        (value, weight)
        for value, weight in zip(values, weights, strict=True)
        if value is not None and weight > 0
    ]
    whole = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / whole if known else None


def _mean_kw(point: Point, one: MeasuredInterval) -> float:
    """Give the mean heat of an interval in kW; nought for a gap, whose heat is known as a whole."""
    if one.bridged:
        return 0.0
    return float(point.value_of(one.heat_count)) / one.situation.interval.hours


def _days(
    contract: Contract, point: Point, intervals: Sequence[MeasuredInterval]
) -> Iterator[DayHeat]:
    """Give each day's mean heat and outdoor temperature, where a capacity is read off them."""
    fee = contract.capacity_fee
    if fee is None or fee.basis != "outdoor regression":
        return
    by_day: dict[date, list[MeasuredInterval]] = {}
    for one in intervals:
        day = one.situation.interval.start.astimezone(contract.zone).date()
        by_day.setdefault(day, []).append(one)
    for day, own in by_day.items():
        outdoor = [one.situation.outdoor_c for one in own]
        heat = float(point.value_of(sum(one.heat_count for one in own)))
        hours = sum(one.situation.interval.hours for one in own)
        yield DayHeat(
            day=day,
            heat_kw_mean=None if any(one.bridged for one in own) else heat / hours,
            outdoor_c_mean=_mean(outdoor, [1.0] * len(own)) if None not in outdoor else None,
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
