"""What a device told, as samples: exact counts of each point's last decimal, or why there is none.

Whatever the protocol, an answer is the same value here: a list of what was told, each with the unit
in which it was told. Only a value that is valid and in the commissioned unit is good.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.period import write_instant
from exotherm.core.samples import Point, Quality, Sample
from exotherm.core.units import format_quantity, label_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One value as a device told it; ``reason`` says why it does not stand behind the value.

    ``value`` is exact and in ``unit``, which is a label as people read it: kWh, m³, °C. It is None
    where there is no number.
    """

    point: str
    value: Decimal | None
    unit: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of one meter: who it says it is, its own time, and what it told.

    ``source_at`` is None where the device has no clock or does not know the time, ``serial`` and
    ``access_number`` where the protocol has none. ``status`` are the words of its status byte;
    ``in_error`` tells that by it the values themselves are in doubt. ``clock`` says whether the
    device has one, has none and is asked for values of the moment, or hands over what was recorded.
    """

    meter: str
    received_at: datetime
    source_at: datetime | None
    told: tuple[Told, ...]
    serial: str | None = None
    access_number: int | None = None
    status: tuple[str, ...] = ()
    in_error: bool = False
    clock: Literal["own", "none", "recorded"] = "own"

    @property
    def at(self) -> datetime:
        """The time of the values: the meter's, or ours where it has none."""
        return self.source_at or self.received_at


def samples_of(
    answer: Answer, points: Mapping[str, Point]
) -> tuple[tuple[Sample, ...], tuple[Finding, ...]]:
    """Give the samples that an answer holds, and what stands against the others.

    ``points`` are those that the meter should tell, by name. A value in another unit than the
    commissioned one becomes an invalid sample of its digits as told; what has no number at all
    becomes none.
    """
    by_point = {told.point: told for told in answer.told}
    samples: list[Sample] = []
    findings: list[Finding] = []
    for name, point in points.items():
        told = by_point.get(name)
        if told is None:
            findings.append(_missing(answer, point))
            continue
        sample, found = _sample_of(answer, point, told)
        samples.extend(sample)
        findings.extend(found)
    return tuple(samples), tuple(findings)


def invalid(samples: Iterable[Sample]) -> tuple[Sample, ...]:
    """Give the same samples as invalid."""
    return tuple(sample.worsened(Quality.INVALID) for sample in samples)


def _sample_of(
    answer: Answer, point: Point, told: Told
) -> tuple[tuple[Sample, ...], tuple[Finding, ...]]:
    if told.value is None or told.reason:
        return (), (_invalid(answer, point, told),)
    count = point.count_of(told.value)
    if told.unit != label_of(point.name):
        sample = _sample(answer, point, count, Quality.INVALID)
        return (sample,), (_unit_changed(answer, point, told),)
    if point.kind == "register" and point.value_of(count) != told.value:
        return (), (_too_fine(answer, point, told),)
    return (_sample(answer, point, count, Quality.GOOD),), ()


def _sample(answer: Answer, point: Point, count: int, quality: Quality) -> Sample:
    return Sample(
        point=point.name,
        source_at=answer.at,
        received_at=answer.received_at,
        count=count,
        quality=quality,
    )


def _missing(answer: Answer, point: Point) -> Finding:
    return Finding(
        code="meter.value-missing",
        severity=Severity.WARNING,
        where=Where(path=point.name),
        message=f"The answer of {answer.meter} at {write_instant(answer.at)} does not tell "
        f"{point.name}.",
        remedy="Check that the meter has the profile that the site file names for it, and which "
        "records it is set to send.",
        data={"at": write_instant(answer.at)},
    )


def _invalid(answer: Answer, point: Point, told: Told) -> Finding:
    reason = told.reason or "it gives no number"
    return Finding(
        code="meter.value-invalid",
        severity=Severity.WARNING,
        where=Where(path=point.name),
        message=f"The meter marks {point.name} at {write_instant(answer.at)} as invalid: {reason}. "
        "Nothing is stored for it.",
        remedy="Look at the meter's display and error code, and at its sensors and their wires.",
        data={"at": write_instant(answer.at), "reason": reason},
    )


def _unit_changed(answer: Answer, point: Point, told: Told) -> Finding:
    commissioned = label_of(point.name)
    return Finding(
        code="meter.unit-changed",
        severity=Severity.ERROR,
        where=Where(path=point.name),
        message=f"{point.name} is told in {told.unit or 'no unit'} at {write_instant(answer.at)} "
        f"({told.value} {told.unit}); it was commissioned in {commissioned}. "
        "The reading is kept as invalid and never billed.",
        remedy=f"Set the meter back to {commissioned}, or find out whether it was changed for "
        "another one; a new meter takes a new name in the site file.",
        data={
            "at": write_instant(answer.at),
            "unit_told": told.unit,
            "unit_commissioned": commissioned,
            "value": str(told.value),
        },
    )


def _too_fine(answer: Answer, point: Point, told: Told) -> Finding:
    assert told.value is not None
    shown = format_quantity(point.name, told.value, decimals=max(0, -_exponent(told.value)))
    return Finding(
        code="meter.resolution-changed",
        severity=Severity.ERROR,
        where=Where(path=point.name),
        message=f"{point.name} is told as {shown} at {write_instant(answer.at)}; it was "
        f"commissioned with {point.decimals} decimals, and a register is never rounded. Nothing is "
        "stored for it.",
        remedy="Set the meter back to the resolution it was commissioned with.",
        data={
            "at": write_instant(answer.at),
            "value": str(told.value),
            "decimals_commissioned": point.decimals,
        },
    )


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), value
    return exponent
