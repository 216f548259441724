from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.core.findings import Severity
from exotherm.core.samples import Point, Quality, Sample
from exotherm.operate.limits import Limits, limits_of
from exotherm.operate.memory import Before
from exotherm.operate.quality import ANSWERED_CODES, judge
from exotherm.operate.telegram import Answer, Told
from exotherm.store.values import LastAnswer

AT = datetime(2026, 10, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
HEAT = Point(name="heat_meter.heat_kwh", kind="register", unit="kwh", decimals=0, digits=8)
SUPPLY = Point(name="heat_meter.supply_c", kind="instant", unit="c", decimals=2)
LIMITS = Limits(range={SUPPLY.name: (-10.0, 110.0)}, per_hour_max={HEAT.name: 76.0})
# 76 kW for 16 minutes, and the one count that a register shows late.
COUNT_MAX = 21


def answer(heat=None, supply=None, **changed):
    told = []
    if heat is not None:
        told.append(Told(point=HEAT.name, value=Decimal(heat), unit="kWh"))
    if supply is not None:
        told.append(Told(point=SUPPLY.name, value=Decimal(supply), unit="°C"))
    plain = Answer(
        meter="heat_meter",
        received_at=AT,
        source_at=AT,
        told=tuple(told),
        serial="61440112",
        access_number=8,
    )
    return replace(plain, **changed)


def before(heat=None, *, ago=QUARTER, access_number=7, source_at=None):
    good = {}
    if heat is not None:
        good[HEAT.name] = Sample(
            point=HEAT.name,
            source_at=AT - ago,
            received_at=AT - ago,
            count=heat,
            quality=Quality.GOOD,
        )
    last = LastAnswer(
        meter="heat_meter",
        access_number=access_number,
        source_at=source_at or AT - ago,
        received_at=AT - ago,
    )
    return Before(answer=last, good=good)


def judged(given_answer, known=None, serial="61440112"):
    names = {told.point for told in given_answer.told}
    return judge(
        given_answer,
        serial=serial,
        points={point.name: point for point in (HEAT, SUPPLY) if point.name in names},
        before=known or Before(),
        limits=LIMITS,
    )


def told_of(result):
    return (
        [sample.quality for sample in result.samples],
        [found.code for found in result.findings],
    )


GOOD: tuple[list[Quality], list[str]] = ([Quality.GOOD], [])


def test_a_first_answer_is_good():
    assert told_of(judged(answer(heat=100))) == GOOD


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        (100, 100, GOOD),
        (100, 100 + COUNT_MAX, GOOD),
        (100, 101 + COUNT_MAX, ([Quality.SUSPECT], ["meter.register-too-fast"])),
        (100, 99, ([Quality.SUSPECT], ["meter.register-went-backwards"])),
        (99_999_995, 5, GOOD),
        (99_999_995, COUNT_MAX - 5, GOOD),
        (99_999_995, COUNT_MAX - 4, ([Quality.SUSPECT], ["meter.register-went-backwards"])),
    ],
)
def test_a_register_advances_as_far_as_the_plant_can_move_it(earlier, later, expected):
    assert told_of(judged(answer(heat=later), before(earlier))) == expected


def test_a_register_that_went_backwards_names_both_readings():
    (found,) = judged(answer(heat=40), before(100)).findings
    assert found.severity is Severity.ERROR
    assert found.where.path == "heat_meter.heat_kwh"
    for part in ("40\u00a0kWh", "100\u00a0kWh", "2026-10-01T00:00:00Z", "2026-09-30T23:45:00Z"):
        assert part in found.message
    assert found.data == {
        "source_at": "2026-10-01T00:00:00Z",
        "count": 40,
        "source_at_before": "2026-09-30T23:45:00Z",
        "count_before": 100,
        "count_max": COUNT_MAX,
    }


def test_a_late_reading_proves_nothing_against_a_newer_one():
    assert told_of(judged(answer(heat=40), before(100, ago=-QUARTER))) == GOOD


@given(earlier=st.integers(0, 10**8 - 1), later=st.integers(0, 10**8 - 1))
def test_good_means_that_the_plant_can_have_gone_from_one_to_the_other(earlier, later):
    qualities, _ = told_of(judged(answer(heat=later), before(earlier)))
    assert qualities == [
        Quality.GOOD if (later - earlier) % 10**8 <= COUNT_MAX else Quality.SUSPECT
    ]


@pytest.mark.parametrize("supply", ["-10.00", "36.27", "110.00"])
def test_a_temperature_in_its_range_is_good(supply):
    assert told_of(judged(answer(supply=supply))) == GOOD


@pytest.mark.parametrize("supply", ["-10.01", "110.01", "327.67"])
def test_a_temperature_out_of_its_range_is_suspect(supply):
    result = judged(answer(supply=supply))
    assert told_of(result) == ([Quality.SUSPECT], ["meter.value-out-of-range"])


@pytest.mark.parametrize("heat", [-1, 10**8])
def test_a_register_beyond_its_digits_is_suspect(heat):
    result = judged(answer(heat=heat))
    assert told_of(result) == ([Quality.SUSPECT], ["meter.value-out-of-range"])


FROZEN = ([Quality.SUSPECT], ["meter.frozen"])


def test_the_same_answer_a_quarter_of_an_hour_later_is_frozen():
    stale = answer(heat=100, source_at=AT, received_at=AT + timedelta(minutes=4))
    known = before(100, ago=timedelta(0), access_number=8)
    assert told_of(judged(stale, known)) == FROZEN
    assert told_of(judged(replace(stale, access_number=None), known)) == FROZEN


def test_without_a_clock_the_access_number_tells_what_is_frozen():
    silent = answer(heat=100, source_at=None)
    _, codes = told_of(judged(silent, before(100, access_number=8)))
    assert codes == ["meter.clock-missing", "meter.frozen"]
    _, codes = told_of(judged(silent, before(100, access_number=7)))
    assert codes == ["meter.clock-missing"]


def test_a_meter_whose_time_goes_on_is_not_frozen():
    assert told_of(judged(answer(heat=100), before(100, access_number=8))) == GOOD


def test_an_answer_within_the_same_minute_is_nothing_new():
    again = answer(heat=101, received_at=AT + timedelta(seconds=50))
    result = judged(again, before(100, ago=timedelta(0), source_at=AT))
    assert (result.samples, result.findings, result.new) == ((), (), False)


@pytest.mark.parametrize(("off_min", "good"), [(5, True), (-5, True), (6, False), (-6, False)])
def test_a_clock_that_is_off_makes_readings_suspect(off_min, good):
    result = judged(answer(heat=100, source_at=AT + timedelta(minutes=off_min)))
    assert told_of(result) == (GOOD if good else ([Quality.SUSPECT], ["meter.clock-off"]))
    assert result.samples[0].source_at == AT + timedelta(minutes=off_min)


def test_a_clock_that_is_off_says_by_how_much():
    (found,) = judged(answer(heat=100, source_at=AT - timedelta(minutes=61))).findings
    assert "61\u00a0min slow" in found.message
    assert found.data["off_min"] == -61.0


def test_another_meter_at_the_address_is_never_billed():
    result = judged(answer(heat=5), before(100), serial="61440113")
    assert told_of(result) == ([Quality.INVALID], ["meter.serial-mismatch"])
    assert "61440112" in result.findings[0].message
    assert "61440113" in result.findings[0].message


def test_leading_noughts_of_a_number_do_not_matter():
    assert told_of(judged(answer(heat=5, serial="00000042"), serial="42")) == GOOD


@pytest.mark.parametrize(("in_error", "quality"), [(True, Quality.SUSPECT), (False, Quality.GOOD)])
def test_a_fault_that_the_meter_reports_is_told(in_error, quality):
    result = judged(answer(heat=5, status=("power low",), in_error=in_error))
    assert told_of(result) == ([quality], ["meter.reports-fault"])
    assert "power low" in result.findings[0].message


def test_every_code_that_an_answer_can_have_is_gone_with_a_better_answer():
    seen = {
        found.code
        for result in (
            judged(answer(heat=40), before(100)),
            judged(answer(heat=900), before(100)),
            judged(answer(supply="200")),
            judged(answer(heat=1, source_at=None), before(access_number=8)),
            judged(answer(heat=1, source_at=AT - QUARTER)),
            judged(answer(heat=1, status=("power low",))),
            judged(answer(heat=1), serial="1"),
        )
        for found in result.findings
    }
    assert len(seen) == 8
    assert seen <= ANSWERED_CODES


def test_limits_come_from_the_ratings_of_the_site(pool_site):
    limits = limits_of(pool_site)
    assert limits.per_hour_max["rack.it_kwh"] == pytest.approx(1.5 * 28.0)
    assert limits.per_hour_max["rack.fuel_kwh"] == pytest.approx(1.5 * 180.0 / 0.8)
    assert limits.per_hour_max["heat_meter.volume_m3"] == pytest.approx(
        1.5 * pool_site.delivery.flow_kgs * 3.6
    )
    assert limits.range["rack.power_kw"] == pytest.approx((-0.1 * 42.0, 42.0))
    assert 28.0 < limits.per_hour_max["heat_meter.heat_kwh"] < 100.0
    assert "heat_meter.supply_c" not in limits.per_hour_max
