"""Scenarios and single faults of a proposal: what was lived is what is told."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sites import SCHOOL, building_site

from exotherm.plan.changes import with_utilisation
from exotherm.plan.proposal_faults import (
    AFTER_H,
    Broken,
    coldest_steps,
    lasts_of,
    part_of,
    try_faults,
)
from exotherm.plan.proposal_scenarios import (
    COLD_YEARS,
    Scenario,
    coldest_of,
    degree_hours,
    try_scenarios,
    with_cold,
    with_spells,
)
from exotherm.plan.year import STEP, simulate_year
from exotherm.plant.build import build_plant, initial_state
from exotherm.plant.expose import expose
from exotherm.plant.simulate import simulate
from exotherm.site.faults import Faults, Spread
from exotherm.usecases.workspace import load_workspace, ready

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="module")
def pool(pool_site, pool_contract, pool_surroundings):
    return pool_site, pool_contract, pool_surroundings


@pytest.fixture(scope="module")
def year(pool_site, pool_surroundings):
    return simulate_year(pool_site, pool_surroundings)


@pytest.fixture(scope="module")
def scenarios(pool, year):
    site, contract, surroundings = pool
    return try_scenarios(site, contract, surroundings, year)


@pytest.fixture(scope="module")
def faults(pool, year):
    site, contract, surroundings = pool
    return try_faults(site, contract, surroundings, year)


@pytest.fixture(scope="module")
def block():
    whole = ready(load_workspace(EXAMPLES / "housing-block"))
    assert whole is not None
    parts = whole.site, whole.contract, whole.surroundings
    return (*parts, simulate_year(whole.site, whole.surroundings))


def scenario(scenarios, kind):
    return next(one for one in scenarios.tried if one.scenario is kind)


def fault(faults, kind):
    return next(one for one in faults.tried if one.broken is kind)


# --- Scenarios


def test_the_usual_year_is_the_year_of_the_study(scenarios, year):
    served = scenarios.usual.served
    assert served.service_kwh == pytest.approx(year.with_heat.energy_kwh("delivered_kw"))
    assert served.own_kwh == pytest.approx(year.with_heat.energy_kwh("backup_kw"))
    assert scenarios.usual.wanted_kwh == pytest.approx(year.heat_demand_kwh)
    flows = year.with_heat.flows
    after_a_week = slice(7 * 96, None)
    called = flows["called"][after_a_week] > 0
    lowest = float(flows["supply_c"][after_a_week][called].min())
    # What is owed is a part of what is called for: more than the capacity is excused.
    assert served.supply is not None
    assert served.supply.supply_c is not None
    assert lowest <= served.supply.supply_c <= lowest + 2.0


def test_less_work_is_lived_with_less_work(scenarios, pool):
    site, _, surroundings = pool
    lived = simulate_year(site, with_utilisation(surroundings, 0.70)).with_heat
    told = scenario(scenarios, Scenario.LESS_WORK)
    assert told.served.service_kwh == pytest.approx(lived.energy_kwh("delivered_kw"))
    assert told.served.service_kwh < scenarios.usual.served.service_kwh
    assert told.served.own_kwh > scenarios.usual.served.own_kwh


def test_work_in_spells_is_as_much_work(pool):
    own = pool[2].utilisation.utilisation_frac
    for mean in (float(own.mean()), 0.8):
        given = replace(pool[2].utilisation, utilisation_frac=np.full(168, mean))
        spells = with_spells(replace(pool[2], utilisation=given)).utilisation.utilisation_frac
        assert spells.mean() == pytest.approx(mean)
        assert spells[0] > spells[-1]


def test_the_cold_year_is_the_coldest_of_those_drawn_and_asks_for_more(block):
    site, contract, surroundings, year = block
    cold = coldest_of(site, surroundings)
    more = degree_hours(cold) / degree_hours(surroundings.weather)
    assert more > 1.0
    told = scenario(try_scenarios(site, contract, surroundings, year), Scenario.COLD)
    changed = with_cold(site, more)
    lived = simulate_year(changed, replace(surroundings, weather=cold))
    assert told.wanted_kwh == pytest.approx(lived.heat_demand_kwh)
    # Hot water asks for the same in any year.
    assert 1.0 < told.wanted_kwh / year.heat_demand_kwh < more
    assert f"coldest of {COLD_YEARS}" in told.assumed


@pytest.mark.parametrize("method", ["degree hours", "room"])
def test_a_building_of_stated_heat_and_one_of_stated_loss_both_want_more_in_the_cold(
    pool_site, pool_surroundings, method
):
    cold = coldest_of(pool_site, pool_surroundings)
    more = degree_hours(cold) / degree_hours(pool_surroundings.weather)
    heat = {**SCHOOL, "method": method, "hot_water_l_per_m2_day": 0.0}
    for building in (heat, {**heat, "loss_w_per_k": 4000.0}):
        site = building_site(pool_site, building)
        usual = simulate_year(site, pool_surroundings).heat_demand_kwh
        lived = replace(pool_surroundings, weather=cold)
        colder = simulate_year(with_cold(site, more), lived).heat_demand_kwh
        assert 1.0 < colder / usual
        # Not twice: once for the heat that is stated, or once for the air.
        assert colder / usual == pytest.approx(more, abs=0.06)


def test_without_weather_that_varies_no_cold_year_is_made_up(pool, year):
    site, contract, surroundings = pool
    steady = site.model_copy(update={"spread": Spread(month_k=0.0)})
    tried = try_scenarios(steady, contract, surroundings, year)
    assert Scenario.COLD not in [one.scenario for one in tried.tried]
    assert any("No cold year" in one for one in tried.left_out)


def test_hours_with_own_heat_are_those_in_which_it_runs(scenarios, year):
    told = scenario(scenarios, Scenario.OWN_HEAT).served
    flows = year.with_heat.flows
    running = flows["backup_kw"] > 0
    assert told.hours == pytest.approx(running.sum() / 4)
    assert told.service_kwh == pytest.approx(flows["delivered_kw"][running].sum() / 4)
    starts = sum(1 for at in range(1, running.size) if running[at] and not running[at - 1]) + int(
        running[0]
    )
    assert told.own_starts == starts


# --- Faults: how long, and where


@pytest.mark.parametrize("broken", Broken)
def test_nine_of_ten_faults_are_over_by_then(pool_site, broken):
    lasts_h, basis = lasts_of(pool_site, broken)
    stated = Faults.model_validate({"charging": {"repair_h": 10.0}})
    repair_h = {
        Broken.HEAT_PUMP: 44.0,
        Broken.MOVED_WORK: 48.0,
        Broken.GRID: 1.5,
    }.get(broken, 24.0)
    assert 1.0 - math.exp(-lasts_h / repair_h) >= 0.9
    assert 1.0 - math.exp(-(lasts_h - 1.0) / repair_h) < 0.9
    assert "default" in basis
    other = pool_site.model_copy(update={"faults": stated})
    if broken in (Broken.CHARGING, Broken.COOLER, Broken.BOILER):
        assert lasts_of(other, broken)[0] == 24.0
        assert "stated" in lasts_of(other, broken)[1]


def test_the_coldest_stretch_is_the_coldest_of_all(pool_surroundings):
    outdoor_c = np.repeat(pool_surroundings.weather.outdoor_c, 4)
    first, last = coldest_steps(outdoor_c, 200)
    means = [outdoor_c[at : at + 200].mean() for at in range(672, outdoor_c.size - 200)]
    assert last - first == 200
    assert outdoor_c[first:last].mean() == pytest.approx(min(means))
    assert first >= 672


def test_a_year_lived_in_parts_is_the_year_lived_whole(pool, year):
    site, _, surroundings = pool
    exposure = expose(site, surroundings, year.period, step=STEP)
    plant, state = build_plant(site), initial_state(build_plant(site))
    parts = []
    for first, last in ((0, 5_000), (5_000, 5_300), (5_300, exposure.steps)):
        lived = simulate(plant, part_of(exposure, first, last), state)
        state = lived.end
        parts.append(lived.flows["delivered_kw"])
    assert (np.concatenate(parts) == year.with_heat.flows["delivered_kw"]).all()


# --- Faults: what is told


def test_every_part_there_is_fails_once(faults, block):
    kinds = [one.broken for one in faults.tried]
    assert kinds == [one for one in Broken if one is not Broken.HEAT_PUMP]
    site, contract, surroundings, year = block
    assert [one.broken for one in try_faults(site, contract, surroundings, year).tried] == [*Broken]


def test_a_pool_stays_warm_in_every_fault_but_that_of_its_own_boiler(faults):
    assert [one.broken for one in faults.short] == [Broken.BOILER]
    assert faults.own_kw_max <= 180.0
    cold = fault(faults, Broken.BOILER).served
    assert cold.pool_c_min is not None
    lacks_kwh = (28.0 - cold.pool_c_min) * 375.0 * 995.6 * 4.18 / 3600.0
    assert cold.short_kwh == pytest.approx(lacks_kwh, rel=0.01)


def test_without_delivery_nothing_is_delivered_and_all_of_it_counts(faults):
    told = fault(faults, Broken.DELIVERY)
    assert told.failed_h == told.lasts_h
    assert told.served.supply is not None
    assert told.served.supply.supply_c is None
    assert told.counted_as == "supplier's plant"
    # All that is delivered is of the day after.
    assert told.served.service_kwh < told.wanted_kwh * AFTER_H / told.lasts_h


def test_what_the_grid_does_is_excused_and_what_the_boiler_does_is_nobodys(faults):
    grid, boiler = fault(faults, Broken.GRID), fault(faults, Broken.BOILER)
    assert (grid.failed_h, grid.excused_h) == (0.0, grid.lasts_h)
    assert (boiler.counted_as, boiler.failed_h, boiler.excused_h) == (None, 0.0, 0.0)


def test_servers_that_are_off_are_no_danger_and_those_without_a_cooler_are(faults, block):
    assert fault(faults, Broken.SERVERS).servers_off_h == 56.0
    assert fault(faults, Broken.SERVERS).servers_safe
    assert faults.unsafe == ()
    site, contract, surroundings, year = block
    (alone,) = try_faults(site, contract, surroundings, year).unsafe
    assert alone.broken is Broken.COOLER
    rejected_kw = year.with_heat.flows["rejected_kw"]
    first = round((alone.starts_at - year.period.start) / STEP)
    over = np.flatnonzero(rejected_kw[first : first + 224] > 0.8)
    assert alone.servers_off_h == pytest.approx((224 - over[0]) / 4)


def test_a_cooler_too_small_makes_the_servers_too_warm(pool):
    site, contract, surroundings = pool
    small = site.rejection.model_copy(update={"heat_kw_rated": 3.0})
    site = site.model_copy(update={"rejection": small})
    lived = simulate_year(site, surroundings)
    told = fault(try_faults(site, contract, surroundings, lived), Broken.DELIVERY)
    assert not told.servers_safe
    assert told.served.coolant_c_max is not None
    assert told.served.coolant_c_max > 50.0


def test_a_customer_without_own_heat_is_told_so(pool):
    site, contract, surroundings = pool
    bare = site.boiler.model_copy(update={"heat_kw_rated": 0.0})
    site = site.model_copy(update={"boiler": bare})
    told = try_faults(site, contract, surroundings, simulate_year(site, surroundings))
    assert not told.has_own_heat
    assert Broken.BOILER not in [one.broken for one in told.tried]
    assert Broken.SERVERS in [one.broken for one in told.short]
    assert told.own_kw_max == 0.0
