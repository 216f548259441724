"""What a planned year says of its customers and of its heat pump, each computed a second way."""

from datetime import timedelta

import pytest
from other_sites import network, pool_and_school, school_by_cold_plates, school_by_heat_pump

from exotherm.plan.year import simulate_year, year_period
from exotherm.plant.expose import expose

HOUR = timedelta(hours=1)


def test_customers_are_summed_with_their_water(pool_site, pool_surroundings):
    """Heat is flow times the difference, so the mean return follows from heat and supply too."""
    site = school_by_cold_plates(pool_site)
    year = simulate_year(site, pool_surroundings)
    conditions = expose(site, pool_surroundings, year_period(site), step=HOUR).conditions
    assert [load.name for load in year.loads] == [
        "Hill School: space heat",
        "Hill School: hot water",
        "Hill School: circulation",
    ]
    for column, load in enumerate(year.loads):
        heat_kw, supply_c = conditions.load_kw[:, column], conditions.load_supply_c[:, column]
        flow = heat_kw / (supply_c - conditions.load_return_c[:, column])
        assert load.heat_kwh == pytest.approx(heat_kw.sum())
        assert load.supply_c_max == pytest.approx(supply_c[heat_kw > 0].max())
        by_heat_c = ((flow * supply_c).sum() - heat_kw.sum()) / flow.sum()
        assert load.return_c_mean == pytest.approx(by_heat_c)


def test_the_pools_water_asks_what_its_boiler_alone_would_give(pool_site, pool_surroundings):
    year = simulate_year(pool_site, pool_surroundings)
    (pool,) = year.loads
    assert pool.heat_kwh == pytest.approx(year.boiler_alone.energy_kwh("backup_kw"))
    assert (pool.name, pool.supply_c_max, pool.return_c_mean) == ("pool water", None, None)


def test_all_that_is_asked_is_the_demand(pool_site, pool_surroundings):
    year = simulate_year(pool_and_school(pool_site), pool_surroundings)
    sums = year.boiler_alone.energy_kwh
    given = sums("backup_kw") + sums("delivered_kw") + sums("unmet_kw")
    assert year.heat_demand_kwh == pytest.approx(given)


def test_a_networks_own_share_is_out_of_reach(pool_site, pool_surroundings):
    year = simulate_year(network(pool_site), pool_surroundings)
    assert [load.is_reached for load in year.loads] == [True, False]


def test_a_heat_pumps_year(pool_site, pool_surroundings):
    year = simulate_year(school_by_heat_pump(pool_site), pool_surroundings)
    pump, flows = year.heat_pump, year.with_heat.flows
    assert pump is not None
    assert pump.full_load_h * year.heat_pump_kw_rated == pytest.approx(pump.heat_kwh)
    assert pump.cop == pytest.approx(
        flows["heat_pump_kw"].sum() / flows["heat_pump_power_kw"].sum()
    )
    assert 2.0 < pump.cop < 8.0


def test_a_site_without_a_heat_pump_has_no_year_of_it(pool_site, pool_surroundings):
    assert simulate_year(pool_site, pool_surroundings).heat_pump is None
