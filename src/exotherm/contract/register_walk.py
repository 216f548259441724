"""The billed register from edge to edge: which readings close a period, and the way between them.

Every step between two readings is looked at: a register that went backwards, or further than the
plant can deliver, is a fault to be explained by a person and never a quantity on a bill.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

from exotherm.contract.terms import Contract
from exotherm.core.findings import Finding, Severity, Where, has_errors
from exotherm.core.ledger import between
from exotherm.core.period import Period, write_instant
from exotherm.core.register import Break, advance_across
from exotherm.core.samples import Point, Quality, Sample
from exotherm.core.units import NO_BREAK_SPACE, format_number, format_quantity

_SECOND = timedelta(seconds=1)
# Meters tell the time of a reading to the minute, so a step may be a minute longer at either end.
_CLOCK_SLACK = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """The readings that open and close a period."""

    point: Point
    opening: Sample
    closing: Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkedReading:
    """A reading and how far the register had come since the opening one."""

    sample: Sample
    count_since_opening: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The time between two readings in which others are missing; its heat is known as a whole."""

    period: Period
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """The register's way from the opening to the closing reading.

    The readings hold exact running sums only where the findings have no error.
    """

    readings: tuple[WalkedReading, ...]
    gaps: tuple[Gap, ...]
    rolled_over: bool
    breaks: tuple[Break, ...]
    """jumps on the way that the meter ledger explains"""
    findings: tuple[Finding, ...]

    @property
    def count(self) -> int:
        """How far the register advanced, in counts of its last digit."""
        assert not has_errors(self.findings), "a register with errors has no advance"
        return self.readings[-1].count_since_opening


def good_readings(samples: Iterable[Sample]) -> dict[str, tuple[Sample, ...]]:
    """Sort the good samples of each point by their time, each reading once."""
    first: dict[tuple[str, datetime, int], Sample] = {}
    for sample in samples:
        if sample.quality is not Quality.GOOD:
            continue
        known = first.setdefault((sample.point, sample.source_at, sample.count), sample)
        if sample.received_at < known.received_at:
            first[(sample.point, sample.source_at, sample.count)] = sample
    by_point: dict[str, list[Sample]] = {}
    for sample in first.values():
        by_point.setdefault(sample.point, []).append(sample)
    return {
        point: tuple(sorted(those, key=lambda one: (one.source_at, one.count)))
        for point, those in by_point.items()
    }


def edges_of(
    contract: Contract, *, point: Point, samples: Iterable[Sample], period: Period
) -> Edges | tuple[Finding, ...]:
    """Find the readings that open and close a period, or explain which edge has none.

    The reading of an edge is the last good one at or before it (MET-4), not older than agreed.
    """
    own = good_readings(samples).get(point.name, ())
    opening, closing = (
        _reading_at(contract, own, edge=edge) for edge in (period.start, period.end)
    )
    if opening and closing:
        return Edges(point=point, opening=opening, closing=closing)
    return tuple(
        _missing_at_edge(contract, point, own, edge=edge, name=name)
        for name, edge, found in (("start", period.start, opening), ("end", period.end, closing))
        if not found
    )


def advance_over(
    contract: Contract,
    *,
    point: Point,
    samples: Iterable[Sample],
    edges: Edges,
    heat_kw_max: float,
    breaks: Sequence[Break] = (),
) -> Advanced:
    """Walk the register from the opening to the closing reading through every good one between.

    ``heat_kw_max`` is the largest heat the plant can deliver. A step backwards is a roll-over only
    where the plant can have gone that far over the top (core.register). ``breaks`` are the jumps
    of this register that are explained: the old meter's way to its last reading and the new one's
    from its first both count.
    """
    own = [
        sample
        for sample in good_readings(samples).get(point.name, ())
        if edges.opening.source_at <= sample.source_at <= edges.closing.source_at
    ]
    walked = [WalkedReading(sample=own[0], count_since_opening=0)]
    findings: list[Finding] = []
    gaps: list[Gap] = []
    rolled_over = False
    for earlier, later in pairwise(own):
        elapsed = later.source_at - earlier.source_at
        count_max = _count_max(point, heat_kw_max, elapsed)
        step = advance_across(
            point.register,
            earlier=earlier.count,
            later=later.count,
            breaks=between(breaks, earlier.source_at, later.source_at),
            count_max=count_max,
        )
        if not elapsed:
            findings.append(_conflict(contract, point, earlier, later))
        elif step is None:
            findings.append(_went_backwards(contract, point, earlier, later))
        elif step.count > count_max:
            findings.append(_too_fast(contract, point, earlier, later, heat_kw_max=heat_kw_max))
        count = step.count if step else 0
        rolled_over |= bool(step and step.rolled_over)
        so_far = walked[-1].count_since_opening + count
        walked.append(WalkedReading(sample=later, count_since_opening=so_far))
        if _readings_missing(contract, elapsed):
            gaps.append(Gap(period=Period(earlier.source_at, later.source_at), count=count))
    findings.extend(_findings_of_gaps(contract, point, gaps))
    return Advanced(
        readings=tuple(walked),
        gaps=tuple(gaps),
        rolled_over=rolled_over,
        breaks=between(breaks, own[0].source_at, own[-1].source_at),
        findings=tuple(findings),
    )


def _reading_at(contract: Contract, own: Sequence[Sample], *, edge: datetime) -> Sample | None:
    oldest = edge - timedelta(minutes=contract.reading_plan.edge_gap_min_max)
    fitting = [sample for sample in own if oldest <= sample.source_at <= edge]
    return fitting[-1] if fitting else None


def _count_max(point: Point, heat_kw_max: float, elapsed: timedelta) -> int:
    """Give the most that the register can count in a time, its last digit included."""
    hours = Decimal((elapsed + _CLOCK_SLACK) // _SECOND) / 3600
    counts = (Decimal(str(heat_kw_max)) * hours).scaleb(point.decimals)
    return int(counts.to_integral_value(ROUND_CEILING)) + 1


def _readings_missing(contract: Contract, elapsed: timedelta) -> bool:
    """Tell whether a planned reading is missing; half an interval is left to the reader's clock."""
    return elapsed > 1.5 * timedelta(minutes=contract.reading_plan.interval_min)


def write_local(contract: Contract, instant: datetime) -> str:
    """Write an instant by the contract's clock, to the minute: ``2026-10-25 02:15 CEST``."""
    return instant.astimezone(contract.zone).strftime("%Y-%m-%d %H:%M %Z")


def _name(contract: Contract, point: Point) -> str:
    return f"Meter {contract.heat_meter.serial} ({point.name})"


def _shown(point: Point, count: int) -> str:
    """Write a count as on the display; one that has too many digits for it as it is."""
    if not 0 <= count < point.register.modulus:
        return format_quantity(point.name, point.value_of(count), decimals=point.decimals)
    return f"{point.register.write(count)}{NO_BREAK_SPACE}kWh"


def _fault(
    code: str, contract: Contract, point: Point, earlier: Sample, later: Sample, message: str
) -> Finding:
    return Finding(
        code=code,
        severity=Severity.ERROR,
        where=Where(path=point.name),
        message=message,
        remedy="Look at the meter's display and log. Where the meter was exchanged or reset, enter "
        "its last reading before and its first reading after (`exotherm operate exchange`, "
        "`reset`); otherwise correct the wrong reading (`correct`). Then close the period again.",
        data={
            "serial": contract.heat_meter.serial,
            "point": point.name,
            "earlier_at": write_instant(earlier.source_at),
            "earlier_count": earlier.count,
            "later_at": write_instant(later.source_at),
            "later_count": later.count,
        },
    )


def _went_backwards(contract: Contract, point: Point, earlier: Sample, later: Sample) -> Finding:
    message = (
        f"{_name(contract, point)} went backwards: it shows {_shown(point, earlier.count)} at "
        f"{write_local(contract, earlier.source_at)} and {_shown(point, later.count)} at "
        f"{write_local(contract, later.source_at)}."
    )
    return _fault("meter.register-went-backwards", contract, point, earlier, later, message)


def _conflict(contract: Contract, point: Point, one: Sample, other: Sample) -> Finding:
    message = (
        f"{_name(contract, point)} has two readings of "
        f"{write_local(contract, one.source_at)}: {_shown(point, one.count)} and "
        f"{_shown(point, other.count)}."
    )
    return _fault("meter.conflicting-sample", contract, point, one, other, message)


def _too_fast(
    contract: Contract, point: Point, earlier: Sample, later: Sample, *, heat_kw_max: float
) -> Finding:
    message = (
        f"{_name(contract, point)} shows {_shown(point, earlier.count)} at "
        f"{write_local(contract, earlier.source_at)} and {_shown(point, later.count)} at "
        f"{write_local(contract, later.source_at)}: more than a plant of "
        f"{format_quantity('heat_kw', heat_kw_max)} can deliver in that time."
    )
    return _fault("meter.register-too-fast", contract, point, earlier, later, message)


def _missing_at_edge(
    contract: Contract, point: Point, own: Sequence[Sample], *, edge: datetime, name: str
) -> Finding:
    before = [sample for sample in own if sample.source_at <= edge]
    last = (
        f"the last good one before is of {write_local(contract, before[-1].source_at)}"
        if before
        else "there is none before it at all"
    )
    allowed = format_quantity("gap_min", contract.reading_plan.edge_gap_min_max)
    return Finding(
        code="meter.reading-missing-at-edge",
        severity=Severity.ERROR,
        where=Where(path=point.name),
        message=f"{_name(contract, point)} has no good reading in the {allowed} up to the {name} "
        f"of the period, {write_local(contract, edge)}; {last}.",
        remedy="Fetch that reading from the meter's own log, or take it from its display, and "
        "enter it with its time; then close the period again.",
        data={
            "serial": contract.heat_meter.serial,
            "point": point.name,
            "edge": write_instant(edge),
            "last_reading_at": write_instant(before[-1].source_at) if before else None,
        },
    )


def _findings_of_gaps(contract: Contract, point: Point, gaps: Sequence[Gap]) -> tuple[Finding, ...]:
    longest = timedelta(hours=contract.missing_data.gap_h_max)
    too_long = [gap for gap in gaps if gap.period.duration > longest]
    bridged = [gap for gap in gaps if gap.period.duration <= longest]
    findings = [_gap_too_long(contract, point, gap) for gap in too_long]
    if bridged:
        findings.append(_gaps_bridged(contract, point, bridged))
    return tuple(findings)


def _span(contract: Contract, gap: Gap) -> str:
    return (
        f"{write_local(contract, gap.period.start)} to {write_local(contract, gap.period.end)} "
        f"({format_quantity('gap_h', gap.period.hours, decimals=2)})"
    )


def _gap_too_long(contract: Contract, point: Point, gap: Gap) -> Finding:
    allowed = format_quantity("gap_h", contract.missing_data.gap_h_max)
    return Finding(
        code="meter.gap-too-long",
        severity=Severity.ERROR,
        where=Where(path=point.name),
        message=f"{_name(contract, point)} has no good reading from {_span(contract, gap)}; "
        f"clause MET-9 bridges at most {allowed}.",
        remedy="Import the readings of that time from the meter's log; if there are none, agree "
        "the quantity with the customer and enter the agreed reading with its time.",
        data=_data_of_gaps(contract, point, (gap,)),
    )


def _gaps_bridged(contract: Contract, point: Point, gaps: Sequence[Gap]) -> Finding:
    spans = "; ".join(
        f"{_span(contract, gap)}: "
        f"{format_quantity(point.name, point.value_of(gap.count), decimals=point.decimals)}"
        for gap in gaps
    )
    times = "once" if len(gaps) == 1 else f"{format_number(len(gaps), 0)} times"
    return Finding(
        code="meter.gap-bridged",
        severity=Severity.WARNING,
        where=Where(path=point.name),
        message=f"{_name(contract, point)} misses readings {times}: {spans}. The register ran on, "
        "so the heat is known; the intervals in between count as not measured.",
        remedy="Import the missing readings from the meter's log if it keeps one.",
        data=_data_of_gaps(contract, point, gaps),
    )


def _data_of_gaps(contract: Contract, point: Point, gaps: Sequence[Gap]) -> dict[str, object]:
    return {
        "serial": contract.heat_meter.serial,
        "point": point.name,
        "gaps": [
            {
                "from": write_instant(gap.period.start),
                "to": write_instant(gap.period.end),
                "count": gap.count,
            }
            for gap in gaps
        ],
    }
