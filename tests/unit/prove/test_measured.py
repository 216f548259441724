from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.core.period import Period
from exotherm.core.samples import Point, Quality, Sample
from exotherm.prove.measured import (
    RegisterUse,
    hours_in,
    measure_register,
    measured_hours,
)

START = datetime(2026, 10, 1, tzinfo=UTC)
DAY = Period(START, START + timedelta(hours=24))
POINT = Point(name="rack.it_kwh", kind="register", unit="kwh", decimals=1, digits=6)
USE = RegisterUse(point=POINT.name, kw_max=Decimal(100), source="UPS plate")


def at(hour, count, quality=Quality.GOOD):
    instant = START + timedelta(hours=hour)
    return Sample(
        point=POINT.name, source_at=instant, received_at=instant, count=count, quality=quality
    )


def measure(*samples, use=USE, point=POINT, boundary_s=0):
    return measure_register(
        use=use, point=point, samples=samples, period=DAY, boundary_s=boundary_s
    )


def bounds(*samples, **options):
    found = measure(*samples, **options)
    return found.least_kwh, found.most_kwh


def test_readings_at_both_ends_leave_no_doubt():
    found = measure(at(0, 1000), at(12, 7000), at(24, 13000))
    assert (Decimal("1200.0"), Decimal("1200.0")) == (found.least_kwh, found.most_kwh)
    assert (1000, 13000) == (found.opening_count, found.closing_count)


def test_readings_outside_the_period_do_not_count():
    assert bounds(at(0, 1000), at(24, 13000)) == bounds(
        at(-1, 400), at(0, 1000), at(24, 13000), at(25, 13600)
    )


def test_what_lies_before_the_first_and_after_the_last_reading_is_only_in_the_most():
    # By hand: 1000.0 kWh measured; 2 h at 100 kW before and 1 h after, each with a digit of 0.1
    # and two minutes of the clock (3.33 kWh): 1306.87, rounded up to the digit.
    assert (Decimal("1000.0"), Decimal("1306.9")) == bounds(at(2, 1000), at(23, 11000))


def test_a_gap_in_the_middle_is_bridged_by_the_register():
    assert (Decimal("1200.0"), Decimal("1200.0")) == bounds(at(0, 1000), at(24, 13000))


def test_nothing_measured_is_nothing_or_full_power():
    assert (Decimal(0), Decimal("2406.9")) == bounds()
    found = measure()
    assert (None, None, False) == (found.opening_count, found.closing_count, found.implausible)


def test_a_role_without_a_meter_counts_in_full():
    use = RegisterUse(point=None, kw_max=Decimal("2.5"), source="pump plate")
    assert (Decimal(0), Decimal("60.0")) == bounds(use=use, point=None)


def test_a_roll_over_is_followed():
    assert (Decimal("30.0"), Decimal("30.0")) == bounds(at(0, 999_800), at(1, 100), at(24, 100))


@pytest.mark.parametrize(
    "counts",
    [
        ((0, 1000), (12, 999), (24, 2000)),  # backwards
        ((0, 1000), (1, 2035), (24, 3000)),  # faster than 100 kW, a digit and two minutes
        ((0, 999_000), (0.5, 0), (24, 10)),  # over the top, but faster than 100 kW
        ((0, 1000), (24, 1_000_000)),  # more digits than the register has
    ],
)
def test_what_a_register_cannot_do_counts_as_not_measured(counts):
    found = measure(*(at(hour, count) for hour, count in counts))
    assert found.implausible
    assert (Decimal(0), Decimal("2406.9")) == (found.least_kwh, found.most_kwh)
    assert found.opening_count is None


def test_full_power_with_a_digit_and_the_slack_of_the_clock_is_possible():
    assert not measure(at(0, 1000), at(1, 2034), at(24, 3000)).implausible


def test_a_clock_that_shows_minutes_makes_no_fault():
    minute = 1 / 60
    samples = at(0, 1000), at(0, 1005), at(minute, 1036), at(24, 3000)
    found = measure(*samples)
    assert not found.implausible
    assert Decimal("200.0") == found.least_kwh == found.most_kwh


def test_steps_that_are_possible_one_by_one_but_not_together_are_a_fault():
    samples = [at(hour, 1034 * hour) for hour in range(25)]
    assert measure(*samples).implausible
    assert not measure(*samples[:2], at(24, 1100)).implausible


def test_suspect_and_invalid_readings_do_not_count():
    noise = at(6, 999_999, Quality.INVALID), at(7, 0, Quality.SUSPECT)
    assert bounds(at(0, 1000), at(24, 13000)) == bounds(at(0, 1000), *noise, at(24, 13000))


def test_a_reading_near_the_end_stands_for_it_within_the_tolerance():
    second = 1 / 3600
    samples = at(-20 * second, 1000), at(24 + 20 * second, 13000)
    assert (Decimal("1200.0"), Decimal("1200.0")) == bounds(*samples, boundary_s=20)
    assert (Decimal(0), Decimal("2406.9")) == bounds(*samples, boundary_s=19)


def test_megawatt_hours_become_kilowatt_hours():
    point = Point(name=POINT.name, kind="register", unit="mwh", decimals=3, digits=8)
    assert (Decimal(1200), Decimal(1200)) == bounds(at(0, 1000), at(24, 2200), point=point)


def test_what_is_no_energy_is_refused():
    point = Point(name=POINT.name, kind="register", unit="m3", decimals=2, digits=8)
    with pytest.raises(ValueError, match="no energy register"):
        measure(point=point)


REAL_METER = st.lists(st.floats(0, 100), min_size=1, max_size=60)


@given(powers=REAL_METER, first=st.integers(0, 999_999), data=st.data())
def test_taking_readings_away_only_widens_the_bounds(powers, first, data):
    """A real meter: any power up to the most, cut off to the digits shown, read at any time."""
    step_h = 24 / len(powers)
    samples, energy = [], 0.0
    for number, power in enumerate([0.0, *powers]):
        energy += power * step_h
        samples.append(at(number * step_h, (first + int(energy * 10)) % 10**6))
    keep = data.draw(st.lists(st.booleans(), min_size=len(samples), max_size=len(samples)))
    whole = measure(*samples)
    part = measure(*(one for one, kept in zip(samples, keep, strict=True) if kept))
    assert not whole.implausible
    assert not part.implausible
    assert part.least_kwh <= whole.least_kwh <= whole.most_kwh <= part.most_kwh
    assert float(part.least_kwh) - 0.11 <= energy <= float(part.most_kwh) + 0.11


def test_hours_are_those_of_the_period_with_a_good_reading():
    taken = [at(0, 1), at(0.5, 1), at(2.99, 1), at(5, 1, Quality.SUSPECT), at(24, 1)]
    assert frozenset({0, 2}) == measured_hours(taken, DAY)
    assert 24 == hours_in(DAY)
    assert 25 == hours_in(Period(START, START + timedelta(hours=24, seconds=1)))
