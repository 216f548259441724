from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from exotherm.core.samples import Point, Quality, Sample
from exotherm.operate.telegram import Answer, Told, samples_of

AT = datetime(2026, 10, 1, tzinfo=UTC)
HEAT = Point(name="heat_meter.heat_kwh", kind="register", unit="kwh", decimals=0, digits=8)
SUPPLY = Point(name="heat_meter.supply_c", kind="instant", unit="c", decimals=2)
POINTS = {HEAT.name: HEAT, SUPPLY.name: SUPPLY}


def answer(*told):
    return Answer(
        meter="heat_meter", received_at=AT + timedelta(seconds=1), source_at=AT, told=told
    )


def told(point, value, unit, reason=""):
    number = None if value is None else Decimal(value)
    return Told(point=point.name, value=number, unit=unit, reason=reason)


def test_valid_values_in_their_unit_are_good_samples_of_exact_counts():
    samples, findings = samples_of(
        answer(told(HEAT, "123265", "kWh"), told(SUPPLY, "36.27", "°C")), POINTS
    )
    assert findings == ()
    assert [(one.point, one.count, one.quality) for one in samples] == [
        ("heat_meter.heat_kwh", 123265, Quality.GOOD),
        ("heat_meter.supply_c", 3627, Quality.GOOD),
    ]
    assert {(one.source_at, one.received_at) for one in samples} == {
        (AT, AT + timedelta(seconds=1))
    }


@pytest.mark.parametrize(
    ("value", "unit", "reason", "code", "kept"),
    [
        ("443", "GJ", "", "meter.unit-changed", (443, Quality.INVALID)),
        ("100", "", "", "meter.unit-changed", (100, Quality.INVALID)),
        (None, "kWh", "its digits are no number", "meter.value-invalid", None),
        ("7", "kWh", "value during an error", "meter.value-invalid", None),
        ("123.4", "kWh", "", "meter.resolution-changed", None),
    ],
)
def test_what_cannot_be_billed_is_never_good(value, unit, reason, code, kept):
    points = {HEAT.name: HEAT}
    samples, (found,) = samples_of(answer(told(HEAT, value, unit, reason)), points)
    assert (found.code, found.where.path) == (code, HEAT.name)
    assert found.remedy
    assert "2026-10-01T00:00:00Z" in found.message
    assert [(one.count, one.quality) for one in samples] == ([] if kept is None else [kept])


def test_a_point_that_is_not_told_has_no_sample_and_a_finding():
    samples, (found,) = samples_of(answer(told(SUPPLY, "36.27", "°C")), POINTS)
    assert [one.point for one in samples] == [SUPPLY.name]
    assert (found.code, found.where.path) == ("meter.value-missing", HEAT.name)


def test_an_instant_is_rounded_to_its_last_decimal():
    samples, findings = samples_of(answer(told(SUPPLY, "36.2749", "°C")), {SUPPLY.name: SUPPLY})
    assert findings == ()
    assert samples[0].count == 3627


def test_an_answer_without_a_clock_has_our_time():
    without = Answer(
        meter="heat_meter", received_at=AT, source_at=None, told=(told(HEAT, "1", "kWh"),)
    )
    samples, _ = samples_of(without, {HEAT.name: HEAT})
    assert samples == (
        Sample(point=HEAT.name, source_at=AT, received_at=AT, count=1, quality=Quality.GOOD),
    )
