"""What there is to say of an answer that fails a check: numbers, times, and the next step. Pure."""

from datetime import datetime, timedelta

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.period import write_instant
from exotherm.core.samples import Point, Sample
from exotherm.core.units import format_quantity
from exotherm.operate.limits import Limits
from exotherm.operate.memory import LastAnswer
from exotherm.operate.telegram import Answer


def out_of_range(sample: Sample, point: Point, *, low: float, high: float) -> Finding:
    """Say that a value cannot be what this site's point is."""
    return Finding(
        code="meter.value-out-of-range",
        severity=Severity.WARNING,
        where=Where(path=point.name),
        message=f"{point.name} shows {_shown(point, sample)} at {write_instant(sample.source_at)}; "
        f"on this site it lies between {format_quantity(point.name, low)} and "
        f"{format_quantity(point.name, high)}. The reading is kept as suspect.",
        remedy="Check the sensor and its wires, and the ratings in the site file.",
        data=_facts(sample) | {"low": low, "high": high},
    )


def went_backwards(sample: Sample, point: Point, good: Sample, count_max: int) -> Finding:
    """Say that a register shows less than before and cannot have rolled over."""
    over = sample.count - good.count + point.register.modulus
    return Finding(
        code="meter.register-went-backwards",
        severity=Severity.ERROR,
        where=Where(path=point.name),
        message=f"{point.name} shows {_shown(point, sample)} at {write_instant(sample.source_at)}, "
        f"less than the {_shown(point, good)} of {write_instant(good.source_at)}. Over the top it "
        f"would have gone {_quantity(point, over)}, where {_quantity(point, count_max)} are "
        "possible. The reading is kept as suspect and not billed.",
        remedy="Read the meter's display. Where the meter was changed, give the new one a new name "
        "in the site file and keep the old one's last reading.",
        data=_facts(sample) | _facts_before(good) | {"count_max": count_max},
    )


def too_fast(sample: Sample, point: Point, good: Sample, count_max: int) -> Finding:
    """Say that a register went further than the plant can have moved it."""
    went = sample.count - good.count
    return Finding(
        code="meter.register-too-fast",
        severity=Severity.WARNING,
        where=Where(path=point.name),
        message=f"{point.name} went {_quantity(point, went)} from "
        f"{write_instant(good.source_at)} to {write_instant(sample.source_at)}, where "
        f"{_quantity(point, count_max)} are possible. It is kept as suspect and not billed.",
        remedy="Read the meter's display; check its pulse weight and the ratings in the site file.",
        data=_facts(sample) | _facts_before(good) | {"count_max": count_max},
    )


def value_jumps(sample: Sample, point: Point, good: Sample, change_max: float) -> Finding:
    """Say that a value went further than anything at this place can."""
    return Finding(
        code="meter.value-jumps",
        severity=Severity.WARNING,
        where=Where(path=point.name),
        message=f"{point.name} goes from {_shown(point, good)} at {write_instant(good.source_at)} "
        f"to {_shown(point, sample)} at {write_instant(sample.source_at)}; "
        f"{format_quantity('change_k', change_max)} are possible in that time. It is kept as "
        "suspect.",
        remedy="Check the sensor and its wires: one that comes loose jumps like this.",
        data=_facts(sample) | _facts_before(good),
    )


def values_disagree(answer: Answer, *, heat_kw: float, carried_kw: float) -> Finding:
    """Say that a heat meter's power is not what its flow and temperatures carry."""
    swapped = heat_kw * carried_kw <= 0.0 or carried_kw < 0.0
    hint = (
        "Supply and return look swapped: compare the sensors with the pipes they sit on."
        if swapped
        else "Check the pulse value of the flow part, and both temperature sensors."
    )
    return Finding(
        code="meter.values-disagree",
        severity=Severity.WARNING,
        where=Where(path=answer.meter),
        message=f"{answer.meter} tells {format_quantity('heat_kw', heat_kw)} at "
        f"{write_instant(answer.at)}, but by its own flow and temperatures the water carries "
        f"{format_quantity('heat_kw', carried_kw)}.",
        remedy=hint,
        data={
            "at": write_instant(answer.at),
            "heat_kw": round(heat_kw, 3),
            "carried_kw": round(carried_kw, 3),
        },
    )


def serial_mismatch(answer: Answer, serial: str) -> Finding:
    """Say that another meter answers than the one in the site file."""
    return Finding(
        code="meter.serial-mismatch",
        severity=Severity.ERROR,
        where=Where(path=answer.meter),
        message=f"The meter that answers as {answer.meter} at {write_instant(answer.at)} has "
        f"the number {answer.serial}; the site file says {serial}. Its readings "
        "are kept as invalid.",
        remedy="Compare both with the number printed on the meter. A new meter takes a new name "
        "in the site file; a wrong one at this address is a matter of wiring.",
        data={
            "at": write_instant(answer.at),
            "serial_told": answer.serial,
            "serial_expected": serial,
        },
    )


def clock_off(answer: Answer, source_at: datetime, limits: Limits) -> Finding:
    """Say by how much the meter's clock differs from ours."""
    off_min = (source_at - answer.received_at) / timedelta(minutes=1)
    limit_min = limits.clock_off_max / timedelta(minutes=1)
    return Finding(
        code="meter.clock-off",
        severity=Severity.WARNING,
        where=Where(path=answer.meter),
        message=f"The clock of {answer.meter} shows {write_instant(source_at)} at "
        f"{write_instant(answer.received_at)}: it is {format_quantity('off_min', abs(off_min))} "
        f"{'fast' if off_min > 0 else 'slow'}, where {format_quantity('off_min', limit_min)} are "
        "allowed. Its readings are kept as suspect.",
        remedy="Set the meter's clock, or its `utc_offset_h` in the site file; meters stay in "
        "winter time.",
        data={
            "source_at": write_instant(source_at),
            "received_at": write_instant(answer.received_at),
            "off_min": round(off_min, 1),
        },
    )


def clock_missing(answer: Answer) -> Finding:
    """Say that an answer has no time of its own."""
    return Finding(
        code="meter.clock-missing",
        severity=Severity.WARNING,
        where=Where(path=answer.meter),
        message=f"The answer of {answer.meter} at {write_instant(answer.received_at)} has no valid "
        "time. Its readings are kept as suspect under the time at which they came.",
        remedy="Set the meter's clock, and have it send its date and time.",
        data={"received_at": write_instant(answer.received_at)},
    )


def frozen(answer: Answer, last: LastAnswer) -> Finding:
    """Say that an answer is the one before again."""
    number = (
        f" with access number {answer.access_number}" if answer.access_number is not None else ""
    )
    return Finding(
        code="meter.frozen",
        severity=Severity.ERROR,
        where=Where(path=answer.meter),
        message=f"{answer.meter} gives at {write_instant(answer.received_at)} the answer of "
        f"{write_instant(last.received_at)} again{number}: the meter stands still, or a gateway "
        "answers from its memory.",
        remedy="Switch off the cache of the gateway, or restart the meter's interface.",
        data={
            "source_at": write_instant(answer.at),
            "received_at": write_instant(answer.received_at),
            "received_before": write_instant(last.received_at),
            "access_number": answer.access_number,
        },
    )


def reports_fault(answer: Answer) -> Finding:
    """Say what the meter's status byte says."""
    words = ", ".join(answer.status)
    kept = " Its readings are kept as suspect." if answer.in_error else ""
    return Finding(
        code="meter.reports-fault",
        severity=Severity.WARNING,
        where=Where(path=answer.meter),
        message=f"{answer.meter} reports at {write_instant(answer.at)}: {words}.{kept}",
        remedy="Look up the error on the meter's display in its manual; a battery that runs low is "
        "changed by who owns the meter.",
        data={"at": write_instant(answer.at), "status": list(answer.status)},
    )


def _shown(point: Point, sample: Sample) -> str:
    return _quantity(point, sample.count)


def _quantity(point: Point, count: int) -> str:
    return format_quantity(point.name, point.value_of(count), decimals=point.decimals)


def _facts(sample: Sample) -> dict[str, object]:
    return {"source_at": write_instant(sample.source_at), "count": sample.count}


def _facts_before(good: Sample) -> dict[str, object]:
    return {"source_at_before": write_instant(good.source_at), "count_before": good.count}
