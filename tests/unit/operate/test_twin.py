from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.core.period import Period, month_period
from exotherm.operate.twin import STEP, advance, image, prolong, start_twin
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, density_kg_per_m3
from exotherm.plan.year import simulate_year
from exotherm.plant.build import build_plant, initial_state
from exotherm.site.document import POINTS_OF_PROFILE

POINTS = {point.name: point for points in POINTS_OF_PROFILE.values() for point in points}
REGISTERS = {
    "heat_kwh": "delivered_kw",
    "it_kwh": "it_kw",
    "site_kwh": "site_kw",
    "auxiliary_kwh": "auxiliary_kw",
    "fuel_kwh": "fuel_kw",
}


def same_state(one, other):
    return list(one.layers_c) == list(other.layers_c) and one.pool_c == other.pool_c


@pytest.fixture(scope="module")
def october(pool_site):
    return month_period(2026, 10, pool_site.zone)


@pytest.fixture(scope="module")
def twin(pool_site, pool_surroundings, october):
    return start_twin(pool_site, pool_surroundings, period=october)


@pytest.fixture(scope="module")
def year(pool_site, pool_surroundings):
    return simulate_year(pool_site, pool_surroundings).with_heat


def test_a_month_of_the_twin_is_that_month_of_the_plan_within_a_count(twin, october, year):
    start, end = image(twin).counts, image(advance(twin, october.end)).counts
    plan = year.part(october)
    for name, flow in REGISTERS.items():
        counts = float(plan[flow].sum() * 0.25) * 10 ** POINTS[name].decimals
        assert abs(end[name] - start[name] - counts) < 1, name
    volume_m3 = sum(
        kgs * 900.0 / density_kg_per_m3(back_c)
        for kgs, back_c in zip(plan["flow_kgs"], plan["return_c"], strict=True)
    )
    assert abs(end["volume_m3"] - start["volume_m3"] - 100 * volume_m3) < 1


def test_every_quarter_of_the_twin_is_that_quarter_of_the_plan(twin, october, year):
    plan = year.part(october)
    for index in range(2980):
        twin = advance(twin, october.start + (index + 1) * STEP)
        counts = image(twin).counts
        assert counts["supply_c"] == POINTS["supply_c"].count_of(float(plan["supply_c"][index]))
        assert counts["power_kw"] == POINTS["power_kw"].count_of(float(plan["it_kw"][index]))
    assert twin.at == october.end


def test_registers_count_from_the_new_year_on(twin, october, year):
    """The plan's own running sum, cut to whole kilowatt-hours, is what the register shows."""
    past = Period(year.period.start, october.start)
    assert image(twin).counts["heat_kwh"] == int(year.part(past)["delivered_kw"].sum() * 0.25)


def test_flow_and_temperatures_tell_the_same_heat(twin, october):
    shown = image(advance(twin, october.start + 40 * STEP)).counts
    density = density_kg_per_m3(shown["return_c"] / 100)
    lift_k = (shown["supply_c"] - shown["return_c"]) / 100
    heat_kw = shown["flow_m3h"] / 1000 / 3600 * density * HEAT_CAPACITY_KJ_PER_KGK * lift_k
    assert heat_kw == pytest.approx(shown["heat_kw"] / 10, rel=0.01)


def test_the_new_year_itself_is_cold_and_has_counted_nothing(pool_site, pool_surroundings, year):
    first = Period(year.period.start, year.period.start + timedelta(days=1))
    fresh = start_twin(pool_site, pool_surroundings, period=first)
    assert same_state(fresh.state, initial_state(build_plant(pool_site)))
    assert {image(fresh).counts[name] for name in (*REGISTERS, "volume_m3")} == {0}


def test_a_register_begins_again_at_nought_behind_its_last_digit(
    pool_site, pool_surroundings, october, twin
):
    shown = image(twin).counts["heat_kwh"]
    opening = {"heat_kwh": 99_999_999 - shown}
    rolling = start_twin(pool_site, pool_surroundings, period=october, opening=opening)
    assert image(rolling).counts["heat_kwh"] == 99_999_999
    later = image(advance(rolling, october.end)).counts["heat_kwh"]
    plain = image(advance(twin, october.end)).counts["heat_kwh"]
    assert later == plain - shown - 1


@settings(max_examples=30, deadline=None)
@given(minutes=st.lists(st.integers(0, 90), max_size=8))
def test_the_way_to_an_instant_does_not_matter(twin, october, minutes):
    stepped, at = twin, october.start
    for step in minutes:
        at += timedelta(minutes=step)
        earlier = image(stepped).counts
        stepped = advance(stepped, at)
        later = image(stepped).counts
        assert all(later[name] >= earlier[name] for name in (*REGISTERS, "volume_m3"))
    assert image(stepped) == image(advance(twin, at))


def test_within_a_step_registers_move_with_its_mean_flow(twin, october):
    third = advance(twin, october.start + timedelta(minutes=5))
    whole = advance(twin, october.start + STEP)
    part = third.registers.it_kwh, image(third).counts["it_kwh"]
    assert part[0] == twin.registers.it_kwh
    counted = (whole.registers.it_kwh - twin.registers.it_kwh) / 3
    assert part[1] == int((twin.registers.it_kwh + counted) * 10)


def test_a_twin_never_goes_back_nor_beyond_what_is_known(twin, october):
    later = advance(twin, october.start + STEP)
    with pytest.raises(AssertionError):
        advance(later, october.start)
    with pytest.raises(AssertionError):
        advance(later, october.end + timedelta(seconds=1))


def test_a_prolonged_twin_lives_on_as_if_it_had_been_known_all_along(
    twin, october, pool_site, pool_surroundings
):
    middle = october.start + timedelta(days=3, minutes=7)
    short = start_twin(
        pool_site,
        pool_surroundings,
        period=Period(october.start, october.start + timedelta(days=4)),
    )
    short = advance(short, middle)
    longer = prolong(short, pool_site, pool_surroundings, until=october.end)
    assert image(advance(longer, october.end)) == image(advance(twin, october.end))


def test_a_year_after_the_planned_one_goes_on_from_it(pool_site, pool_surroundings, year):
    following = Period(year.period.end, year.period.end + timedelta(days=1))
    later = start_twin(pool_site, pool_surroundings, period=following)
    assert image(later).counts["it_kwh"] == int(year.energy_kwh("it_kw") * 10)
    assert same_state(later.state, year.end)


def test_an_earlier_year_begins_with_itself(pool_site, pool_surroundings):
    start = datetime(2025, 1, 1, 23, tzinfo=UTC)
    early = start_twin(
        pool_site,
        pool_surroundings,
        period=Period(start, start + timedelta(days=1)),
    )
    # One day of at most 28 kW.
    assert 0 < image(early).counts["it_kwh"] < 10 * 28 * 24 + 10 * 28
