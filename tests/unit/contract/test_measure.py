from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from october import (
    COOL,
    FLOW,
    HEAT,
    HEAT_KW_MAX,
    MISSING,
    OCTOBER,
    OPENING_COUNT,
    OUTAGE,
    POINTS,
    POWER,
    QUARTER,
    SUPPLY,
    example_contract,
    lived_month,
    local,
    perfect_month,
    sample,
    telegram,
)

from exotherm.contract.measure import (
    Edges,
    Measured,
    MeasuredInterval,
    Metered,
    advance_over,
    consumption_of,
    edges_of,
)
from exotherm.contract.outcome import Outcome, Tally
from exotherm.core.findings import Severity
from exotherm.core.period import Period
from exotherm.core.samples import Point, Quality, Sample

CONTRACT = example_contract()
POINT = POINTS[HEAT]
DAY = Period(local(7), local(8))


def measure(
    samples: list[Sample], period: Period = OCTOBER, points: dict[str, Point] = POINTS
) -> Measured:
    return consumption_of(
        CONTRACT, points=points, samples=samples, period=period, heat_kw_max=HEAT_KW_MAX
    )


def metered(samples: list[Sample], period: Period = OCTOBER) -> Metered:
    result = measure(samples, period)
    assert result.metered is not None, result.findings
    return result.metered


def codes(result: Measured) -> list[str]:
    return [finding.code for finding in result.findings]


def quarter_hours(*heat: int | None, period: Period = DAY, first: int = 100) -> list[Sample]:
    """Register readings at the ends of the first quarter-hours; None is a missing reading."""
    samples = [sample(HEAT, period.start, first)]
    for number, count in enumerate(heat, start=1):
        if count is not None:
            samples.append(sample(HEAT, period.start + number * QUARTER, count))
    return samples


# Edges


def test_a_perfect_month_has_2980_quarter_hours_and_its_registers_difference() -> None:
    month = metered(perfect_month())
    assert Tally(delivered=2980 - 32, excused=32) == month.consumption.tally
    # 2980 = 993 times 3 + 2 + 4, and one more 3
    assert Decimal(993 * 9 + 3) == month.consumption.heat_kwh
    assert month.edges.opening.count == OPENING_COUNT
    assert OCTOBER.end == month.edges.closing.source_at


def test_the_reading_of_an_edge_is_the_last_good_one_at_or_before_it() -> None:
    at = DAY.start
    samples = [
        sample(HEAT, at - timedelta(minutes=59), 90),
        sample(HEAT, at - timedelta(minutes=10), 95),
        sample(HEAT, at - timedelta(minutes=5), 96, Quality.SUSPECT),
        sample(HEAT, at, 97, Quality.INVALID),
        sample(HEAT, at + timedelta(seconds=1), 98),
        sample(HEAT, DAY.end, 200),
        sample(HEAT, DAY.end + QUARTER, 203),
    ]
    edges = edges_of(CONTRACT, point=POINT, samples=samples, period=DAY)
    assert isinstance(edges, Edges)
    assert (edges.opening.count, edges.closing.count) == (95, 200)


@pytest.mark.parametrize(("minutes", "found"), [(60, True), (61, False)])
def test_an_edge_reading_may_be_as_old_as_agreed_and_no_older(minutes: int, found: bool) -> None:  # noqa: FBT001
    samples = [
        sample(HEAT, DAY.start - timedelta(minutes=minutes), 100),
        sample(HEAT, DAY.end, 200),
    ]
    edges = edges_of(CONTRACT, point=POINT, samples=samples, period=DAY)
    assert found == isinstance(edges, Edges)


def test_both_edges_without_a_reading_are_told_at_once() -> None:
    samples = [sample(HEAT, DAY.start - timedelta(hours=2), 100)]
    result = measure(samples, DAY)
    assert codes(result) == ["meter.reading-missing-at-edge"] * 2
    start, end = result.findings
    assert "61440112" in start.message
    assert "2026-10-07 00:00 CEST" in start.message
    assert "2026-10-06 22:00 CEST" in start.message
    assert "2026-10-08 00:00 CEST" in end.message
    assert Severity.ERROR is end.severity


def test_without_any_reading_the_finding_says_so() -> None:
    result = measure([], DAY)
    assert "there is none before it at all" in result.findings[0].message


# The register's way


def test_a_register_that_went_backwards_stops_the_month_and_shows_both_readings() -> None:
    samples = perfect_month()
    at = local(25, 3, 0)  # after the clocks went back: CET
    samples = [
        replace(one, count=12_000) if one.point == HEAT and one.source_at == at else one
        for one in samples
    ]
    result = measure(samples)
    assert result.metered is None
    # down to 12 000 and up again by more than the plant can deliver
    assert codes(result) == ["meter.register-went-backwards", "meter.register-too-fast"]
    finding = result.findings[0]
    assert "Meter 61440112 (heat_meter.heat_kwh) went backwards" in finding.message
    assert "00012000\u00a0kWh at 2026-10-25 03:00 CET" in finding.message
    assert "at 2026-10-25 02:45 CET" in finding.message
    assert "exchanged or reset" in finding.remedy
    assert finding.data["later_count"] == 12_000


def test_a_step_back_is_found_between_readings_of_one_interval() -> None:
    samples = [
        *quarter_hours(103),
        sample(HEAT, DAY.start + timedelta(minutes=7), 104),
        sample(HEAT, DAY.end, 110),
    ]
    assert codes(measure(samples, DAY))[0] == "meter.register-went-backwards"


def test_a_roll_over_is_an_advance() -> None:
    samples = perfect_month(first=99_999_000)
    rolled = [
        replace(one, count=one.count % 10**8) if one.point == HEAT else one for one in samples
    ]
    month = metered(rolled)
    assert month.advanced.rolled_over
    assert Decimal(8940) == month.consumption.heat_kwh
    assert sum(one.heat_count for one in month.intervals) == month.advanced.count


def test_a_reset_near_the_top_is_not_taken_for_a_roll_over() -> None:
    samples = quarter_hours(99_999_980, 60, first=99_999_975)
    edges = edges_of(CONTRACT, point=POINT, samples=samples, period=Period(DAY.start, local(7, 1)))
    assert isinstance(edges, Edges)
    advanced = advance_over(
        CONTRACT, point=POINT, samples=samples, edges=edges, heat_kw_max=HEAT_KW_MAX
    )
    # 80 kWh over the top in a quarter of an hour is more than 40 kW can do
    assert [one.code for one in advanced.findings] == ["meter.register-went-backwards"]


def test_a_register_that_went_too_fast_is_never_billed() -> None:
    samples = [
        replace(one, count=one.count + 50_000)
        if one.point == HEAT and one.source_at > local(12)
        else one
        for one in perfect_month()
    ]
    result = measure(samples)
    assert codes(result) == ["meter.register-too-fast"]
    assert "40.0\u00a0kW" in result.findings[0].message


def test_two_different_readings_of_one_time_contradict_each_other() -> None:
    samples = [*perfect_month(), sample(HEAT, local(12), OPENING_COUNT + 3171)]
    assert "meter.conflicting-sample" in codes(measure(samples))


def test_suspect_and_invalid_readings_never_enter_the_register() -> None:
    wrong = [
        sample(HEAT, local(12, 0, 5), 5, Quality.SUSPECT),
        sample(HEAT, local(12, 0, 6), 90_000_000, Quality.INVALID),
    ]
    assert metered(perfect_month()) == metered([*perfect_month(), *wrong])


# Gaps


def without(samples: list[Sample], gap: Period) -> list[Sample]:
    """Leave out the readings after the start of a period and before its end."""
    return [one for one in samples if not gap.start < one.source_at < gap.end]


def test_a_short_gap_is_bridged_by_the_register_and_told() -> None:
    gap = Period(local(9, 10), local(9, 12))
    result = measure(without(perfect_month(), gap))
    assert codes(result) == ["meter.gap-bridged"]
    assert Severity.WARNING is result.findings[0].severity
    assert "2026-10-09 10:00 CEST to 2026-10-09 12:00 CEST" in result.findings[0].message
    assert result.metered is not None
    assert Decimal(8940) == result.metered.consumption.heat_kwh
    assert result.metered.consumption.tally.not_measured == 7


def test_the_heat_of_a_gap_stands_at_its_last_interval() -> None:
    samples = [*quarter_hours(103, None, None, 112, 114), sample(HEAT, DAY.end, 114)]
    day = metered(samples, DAY)
    assert tuple(one.heat_count for one in day.intervals[:5]) == (3, 0, 9, 0, 2)
    assert [one.bridged for one in day.intervals[:5]] == [False, True, True, False, False]


def test_one_missing_reading_is_a_gap_too() -> None:
    samples = [*quarter_hours(103, None, 109, 111), sample(HEAT, DAY.end, 111)]
    day = metered(samples, DAY)
    assert tuple(one.heat_count for one in day.intervals[:4]) == (3, 6, 0, 2)


def test_after_a_gap_without_heat_the_next_interval_had_none() -> None:
    samples = [*quarter_hours(103, None, 103, None, 105), sample(HEAT, DAY.end, 105)]
    day = metered(samples, DAY)
    heated = [one.situation.heated for one in day.intervals[:5]]
    # 2 kWh over the second gap may be of either interval, and no power was read to tell
    assert heated == [True, None, False, None, None]


def test_a_gap_longer_than_agreed_stops_the_month() -> None:
    exactly = Period(local(9), local(11))
    longer = Period(local(9), local(11) + QUARTER)
    assert codes(measure(without(perfect_month(), exactly))) == ["meter.gap-bridged"]
    result = measure(without(perfect_month(), longer))
    assert codes(result) == ["meter.gap-too-long"]
    assert "at most 48.0\u00a0h" in result.findings[0].message
    assert result.metered is None


def test_readings_missing_before_the_closing_one_leave_intervals_not_measured() -> None:
    samples = [one for one in perfect_month() if one.source_at <= OCTOBER.end - 2 * QUARTER]
    month = metered(samples)
    assert month.consumption.tally.not_measured == 2
    assert month.intervals[-1].heat_count == 0
    assert Decimal(8940 - 4 - 3) == month.consumption.heat_kwh


def test_heat_of_an_old_opening_reading_is_billed_but_never_at_the_lower_price() -> None:
    start = DAY.start - 3 * QUARTER
    samples = [
        *telegram(start, heat=100, power=110, flow=1050, supply=2000),
        *telegram(DAY.start + QUARTER, heat=112, power=110, flow=1050, supply=2000),
        *telegram(DAY.start + 2 * QUARTER, heat=115, power=110, flow=1050, supply=2000),
        sample(HEAT, DAY.end, 115),
    ]
    day = metered(samples, DAY)
    assert Decimal(15) == day.consumption.heat_kwh
    assert Decimal(3) == day.consumption.reduced_heat_kwh
    assert day.consumption.tally.reduced == 2


# Situations


def interval(**changes: int | None) -> MeasuredInterval:
    """The first quarter-hour of a day, with one reading at its end."""
    counts: dict[str, int | None] = {HEAT: 103, POWER: 120, FLOW: 1050, SUPPLY: 3120}
    names = {"heat": HEAT, "power": POWER, "flow": FLOW, "supply": SUPPLY}
    counts |= {names[name]: count for name, count in changes.items()}
    samples = [sample(HEAT, DAY.start, 100)]
    samples += [
        sample(point, DAY.start + QUARTER, count)
        for point, count in counts.items()
        if count is not None
    ]
    closing = counts[HEAT] or 100
    return metered([*samples, sample(HEAT, DAY.end, closing)], DAY).intervals[0]


@pytest.mark.parametrize(
    ("changes", "called", "heated"),
    [
        ({}, True, True),
        ({"flow": 0}, True, True),  # the register advanced, so heat was taken
        ({"flow": 0, "heat": 100, "power": 0}, False, False),
        ({"heat": 100, "power": 0}, True, False),
        ({"heat": 100}, True, True),  # the register is coarser than a quarter-hour's heat
        ({"flow": None}, True, True),
        ({"flow": None, "heat": 100}, None, True),
        ({"power": None, "heat": 100}, True, False),
        ({"heat": None}, None, None),
    ],
)
def test_what_is_known_of_an_interval(
    changes: dict[str, int | None],
    called: bool | None,  # noqa: FBT001
    heated: bool | None,  # noqa: FBT001
) -> None:
    situation = interval(**changes).situation
    assert (called, heated) == (situation.called, situation.heated)


def test_temperatures_come_from_the_end_of_the_interval() -> None:
    assert interval().situation.supply_c == 31.2
    assert interval(supply=None).situation.supply_c is None


def test_a_lived_month_is_judged_interval_by_interval() -> None:
    month = metered(lived_month())
    tally = month.consumption.tally
    outage = OUTAGE.duration // QUARTER
    assert outage == 80
    assert outage == tally.failed
    assert COOL.duration // QUARTER == tally.reduced
    assert MISSING.duration // QUARTER == tally.not_measured
    # four Tuesdays, two hours each
    assert tally.excused == 4 * 8
    assert tally.total == 2980
    reduced = [
        one
        for one, judged in zip(month.intervals, month.judgements, strict=True)
        if judged.outcome is Outcome.REDUCED
    ]
    assert Decimal(sum(one.heat_count for one in reduced)) == month.consumption.reduced_heat_kwh


# Points


def test_a_point_that_the_site_does_not_tell_is_named() -> None:
    points = {name: point for name, point in POINTS.items() if name != FLOW}
    result = measure(perfect_month(), points=points)
    assert codes(result) == ["contract.point-unknown"]
    assert result.findings[0].where.path == "delivered_heat.flow_point"


def test_a_register_unlike_the_contracts_is_not_billed() -> None:
    tenths = Point(name=HEAT, kind="register", unit="kwh", decimals=1, digits=8)
    result = measure(perfect_month(), points=POINTS | {HEAT: tenths})
    assert codes(result) == ["contract.register-differs"]


# Properties


@st.composite
def readings(draw: st.DrawFn) -> list[Sample]:
    """A day of whole telegrams with missing, repeated and additional ones, in any order."""
    first = draw(st.integers(0, 10**8 - 1))
    steps = draw(st.lists(st.integers(0, 8), min_size=96, max_size=96))
    kept = draw(st.lists(st.booleans(), min_size=95, max_size=95))
    jitter = draw(st.lists(st.integers(0, 7), min_size=96, max_size=96))
    samples = list(telegram(DAY.start, heat=first, power=0, flow=0, supply=3000))
    count = first
    for number, step in enumerate(steps, start=1):
        count = (count + step) % 10**8
        if number == len(steps) or kept[number - 1]:
            at = DAY.start + number * QUARTER
            at -= timedelta(minutes=0 if number == len(steps) else jitter[number - 1])
            samples += telegram(at, heat=count, power=10 * step, flow=100 * step, supply=2900)
    repeated = draw(st.lists(st.sampled_from(samples), max_size=5))
    return draw(st.permutations([*samples, *repeated]))


@settings(max_examples=60, deadline=None)
@given(readings())
def test_intervals_sum_to_the_register_whatever_is_missing(samples: list[Sample]) -> None:
    day = metered(samples, DAY)
    first, last = day.edges.opening.count, day.edges.closing.count
    assert (last - first) % 10**8 == sum(one.heat_count for one in day.intervals)
    assert Decimal((last - first) % 10**8) == day.consumption.heat_kwh
    assert day.consumption.tally.total == 96
    not_read = [one for one in day.intervals if one.situation.heated is None]
    assert len(not_read) == day.consumption.tally.not_measured


@settings(max_examples=30, deadline=None)
@given(readings(), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(samples: list[Sample], random: Random) -> None:
    again = [*samples, *samples[:7]]
    random.shuffle(again)
    assert measure(samples, DAY) == measure(again, DAY)
