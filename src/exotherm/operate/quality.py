"""How far an answer may be believed: checked against its point, its meter and the answer before.

A sample that fails a check is kept as suspect or invalid, with a finding that says why; nothing is
corrected, and a bill only takes good ones.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from exotherm.core.findings import Finding
from exotherm.core.register import advance_of
from exotherm.core.samples import Point, Quality, Sample
from exotherm.operate.complaints import (
    clock_missing,
    clock_off,
    frozen,
    out_of_range,
    reports_fault,
    serial_mismatch,
    too_fast,
    value_jumps,
    values_disagree,
    went_backwards,
)
from exotherm.operate.limits import Limits
from exotherm.operate.memory import Before, LastAnswer
from exotherm.operate.telegram import Answer, invalid, samples_of
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, KJ_PER_KWH, density_kg_per_m3

# A clock that tells minutes may stand still for so long between two answers that are both new.
_CLOCK_RESOLUTION = timedelta(minutes=2)
# A meter shows power and flow with few digits, and averages them over times of its own.
_APART_KW, _APART_FRAC = 2.0, 0.2

ANSWERED_CODES = frozenset(
    {
        "meter.clock-missing",
        "meter.clock-off",
        "meter.frozen",
        "meter.no-answer",
        "meter.register-too-fast",
        "meter.register-went-backwards",
        "meter.reports-fault",
        "meter.resolution-changed",
        "meter.serial-mismatch",
        "meter.unit-changed",
        "meter.unreadable-telegram",
        "meter.value-invalid",
        "meter.value-jumps",
        "meter.value-missing",
        "meter.value-out-of-range",
        "meter.values-disagree",
    }
)
"""What every answer shows anew: such a finding is gone once an answer comes without it."""

SPOILING_CODES = frozenset({"meter.frozen", "meter.clock-off", "meter.clock-missing"})
"""What makes every value of an answer suspect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The samples to keep of an answer, each with its quality, and all that is to be told of it.

    An answer that is not ``new`` came within the resolution of the meter's clock after another one,
    and has neither.
    """

    samples: tuple[Sample, ...]
    findings: tuple[Finding, ...]
    new: bool = True


def judge(
    answer: Answer, *, serial: str, points: Mapping[str, Point], before: Before, limits: Limits
) -> Judged:
    """Judge an answer of a meter whose number in the site file is ``serial``.

    ``points`` are those of this meter by name.
    """
    if _same_moment(answer, before):
        return Judged(samples=(), findings=(), new=False)
    if answer.serial is not None and answer.serial.lstrip("0") != serial.lstrip("0"):
        samples, _ = samples_of(answer, points)
        return Judged(samples=invalid(samples), findings=(serial_mismatch(answer, serial),))
    samples, findings = samples_of(answer, points)
    of_meter = tuple(_findings_of_meter(answer, before, limits))
    judged = [
        _judge_sample(sample, points[sample.point], before.good.get(sample.point), limits)
        for sample in samples
    ]
    kept = tuple(sample for sample, _ in judged)
    if any(found.code in SPOILING_CODES for found in of_meter) or answer.in_error:
        kept = tuple(_suspect(sample) for sample in kept)
    of_samples = tuple(found for _, found in judged if found is not None)
    crossed = tuple(_check_across(answer, kept, points))
    return Judged(samples=kept, findings=(*of_meter, *findings, *of_samples, *crossed))


def _suspect(sample: Sample) -> Sample:
    return sample.worsened(Quality.SUSPECT)


def _same_moment(answer: Answer, before: Before) -> bool:
    """Tell whether the answer was given in the same minute of the meter's clock as the last.

    What was recorded is told apart by the store: another value of the same moment is a conflict.
    """
    last = before.answer
    return (
        last is not None
        and answer.clock != "recorded"
        and answer.source_at == last.source_at
        and abs(answer.received_at - last.received_at) < _CLOCK_RESOLUTION
    )


def _findings_of_meter(answer: Answer, before: Before, limits: Limits) -> Iterator[Finding]:
    if answer.status:
        yield reports_fault(answer)
    if answer.clock != "own":
        pass
    elif answer.source_at is None:
        yield clock_missing(answer)
    elif abs(answer.source_at - answer.received_at) > limits.clock_off_max:
        yield clock_off(answer, answer.source_at, limits)
    last = before.answer if answer.clock != "recorded" else None
    if last is not None and _is_frozen(answer, last):
        yield frozen(answer, last)


def _is_frozen(answer: Answer, last: LastAnswer) -> bool:
    """Tell whether the same answer came again, as from a cache or a meter that stands still.

    The clock decides where there is one: a meter that never advances its access number is fresh as
    long as its time goes on. Where both are told, both have to stand still.
    """
    if abs(answer.received_at - last.received_at) < _CLOCK_RESOLUTION:
        return False
    same_number = answer.access_number is None or answer.access_number == last.access_number
    if answer.source_at is None:
        return answer.access_number is not None and same_number
    return same_number and answer.source_at == last.source_at


def _judge_sample(
    sample: Sample, point: Point, good: Sample | None, limits: Limits
) -> tuple[Sample, Finding | None]:
    if sample.quality is not Quality.GOOD:
        return sample, None
    found = _out_of_range(sample, point, limits)
    if found is None and good is not None:
        check = _wrong_advance if point.kind == "register" else _wrong_jump
        found = check(sample, point, good, limits)
    return (sample, None) if found is None else (_suspect(sample), found)


def _check_across(
    answer: Answer, samples: Iterable[Sample], points: Mapping[str, Point]
) -> Iterator[Finding]:
    """Hold a heat meter's power against its own flow and temperatures; nothing becomes suspect.

    The certified register is counted by the meter itself; what disagrees beside it explains less.
    """
    told = {
        one.point: float(points[one.point].value_of(one.count))
        for one in samples
        if one.quality is Quality.GOOD
    }
    names = [f"{answer.meter}.{name}" for name in ("heat_kw", "flow_m3h", "supply_c", "return_c")]
    if not told.keys() >= set(names):
        return
    heat_kw, flow_m3h, supply_c, return_c = (told[name] for name in names)
    mass_kg_per_h = flow_m3h * density_kg_per_m3(return_c)
    carried_kw = mass_kg_per_h * HEAT_CAPACITY_KJ_PER_KGK * (supply_c - return_c) / KJ_PER_KWH
    apart_kw = abs(heat_kw - carried_kw)
    if apart_kw > _APART_KW + _APART_FRAC * max(abs(heat_kw), abs(carried_kw)):
        yield values_disagree(answer, heat_kw=heat_kw, carried_kw=carried_kw)


def _out_of_range(sample: Sample, point: Point, limits: Limits) -> Finding | None:
    value = point.value_of(sample.count)
    if point.kind == "register":
        low, high = 0.0, float(point.value_of(point.register.modulus - 1))
    elif point.name in limits.range:
        low, high = limits.range[point.name]
    else:
        return None
    if low <= float(value) <= high:
        return None
    return out_of_range(sample, point, low=low, high=high)


def _wrong_jump(sample: Sample, point: Point, good: Sample, limits: Limits) -> Finding | None:
    """Compare a value of the moment with the last good one before, where its rate is known."""
    elapsed = sample.source_at - good.source_at
    per_minute = limits.per_minute_max.get(point.name)
    if per_minute is None or elapsed <= timedelta(0):
        return None
    change_max = per_minute * max(1.0, elapsed / timedelta(minutes=1))
    change = abs(float(point.value_of(sample.count - good.count)))
    return value_jumps(sample, point, good, change_max) if change > change_max else None


def _wrong_advance(sample: Sample, point: Point, good: Sample, limits: Limits) -> Finding | None:
    """Compare a register with its last good reading before; an older reading proves nothing."""
    elapsed = sample.source_at - good.source_at
    if elapsed <= timedelta(0):
        return None
    known_max = limits.count_max(point, elapsed)
    # Where nothing is known of the plant a register may have gone a tenth of its round.
    count_max = point.register.modulus // 10 if known_max is None else known_max
    advance = advance_of(
        point.register, earlier=good.count, later=sample.count, count_max=count_max
    )
    if advance is None:
        return went_backwards(sample, point, good, count_max)
    if advance.count > count_max:
        return too_fast(sample, point, good, count_max)
    return None
