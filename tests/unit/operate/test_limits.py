import pytest
from changing import changed
from other_sites import (
    SIMULATED_SITES,
    network,
    pool_and_school,
    school_by_cold_plates,
    school_by_heat_pump,
)

from exotherm.operate.limits import limits_of, power_kw_max
from exotherm.plan.year import simulate_year
from exotherm.site.heat_path import heat_path_of

MARGIN = 1.5


def test_the_pool_gets_what_its_exchanger_passes(pool_site):
    per_k = heat_path_of(pool_site).delivery_kw_per_k
    assert power_kw_max(pool_site)["heat_kw"] == pytest.approx(MARGIN * per_k * (50.0 - 28.0))


def test_others_get_what_the_flow_carries(pool_site):
    heat_kw = power_kw_max(network(pool_site))["heat_kw"]
    assert heat_kw == pytest.approx(MARGIN * 1.2 * 4.18 * (50.0 - 35.0))


def test_all_that_cools_counts_in_the_electricity_of_the_site(pool_site):
    plain, cooled = network(pool_site), school_by_heat_pump(pool_site)
    # 28 kW and the pump's 0.4 kW through a machine that gives 4 kW of cold per kilowatt.
    more_kw = power_kw_max(cooled)["site_kw"] - power_kw_max(plain)["site_kw"]
    assert more_kw == pytest.approx(MARGIN * 28.4 / 4.0)
    in_air = school_by_cold_plates(pool_site)
    bare = changed(in_air, air_cooling=None)
    assert power_kw_max(in_air)["site_kw"] > power_kw_max(bare)["site_kw"]


def test_a_heat_pump_counts_at_its_hardest_lift(pool_site):
    kw_max = power_kw_max(school_by_heat_pump(pool_site))
    cop = 0.55 * (70.0 + 273.15) / (70.0 - 5.0)
    assert kw_max["auxiliary_kw"] == pytest.approx(MARGIN * (0.30 + 25.0 * (1.0 / cop + 0.01)))


def test_a_boiler_that_is_held_warm_burns_for_that_too(pool_site):
    site = changed(pool_site, boiler__part_load_frac=0.7, boiler__standby_frac=0.02)
    assert power_kw_max(site)["fuel_kw"] == pytest.approx(MARGIN * 180.0 * (1.0 / 0.8 + 0.02))


def test_water_of_a_network_may_be_hot(pool_site):
    hot = changed(
        school_by_heat_pump(pool_site),
        heat_pump__refrigerant="R717",
        heat_pump__sink_c_max=95.0,
    )
    assert limits_of(hot).range["heat_meter.supply_c"] == (-10.0, 115.0)
    assert limits_of(pool_site).range["heat_meter.supply_c"] == (-10.0, 110.0)


@pytest.mark.parametrize("site_of", SIMULATED_SITES)
def test_no_hour_of_a_year_passes_the_limits(pool_site, pool_surroundings, site_of):
    site = site_of(pool_site)
    limits, flows = limits_of(site), simulate_year(site, pool_surroundings).with_heat.flows
    seen = {
        "rack.power_kw": flows["it_kw"],
        "heat_meter.heat_kw": flows["delivered_kw"],
        "heat_meter.flow_m3h": flows["flow_kgs"] * 3.6,
        "heat_meter.supply_c": flows["supply_c"],
        "heat_meter.return_c": flows["return_c"],
        "rack.coolant_c": flows["coolant_c"],
    }
    for name, values in seen.items():
        low, high = limits.range[name]
        assert low <= values.min(), name
        assert values.max() <= high, name
    counted = {
        "rack.it_kwh": "it_kw",
        "rack.site_kwh": "site_kw",
        "rack.auxiliary_kwh": "auxiliary_kw",
        "rack.fuel_kwh": "fuel_kw",
        "heat_meter.heat_kwh": "delivered_kw",
    }
    for name, flow in counted.items():
        assert flows[flow].max() <= limits.per_hour_max[name], name


def test_the_pool_and_a_school_are_limited_by_the_flow(pool_site):
    assert power_kw_max(pool_and_school(pool_site))["heat_kw"] > power_kw_max(pool_site)["heat_kw"]


def test_what_goes_outdoors_is_bounded_by_the_coolant_s_heat_and_not_by_the_delivery(pool_site):
    cooler = pool_site.meters[0].model_copy(update={"name": "cooler", "measures": "rejected"})
    site = changed(pool_site, meters=(*pool_site.meters, cooler))
    limits, sound = limits_of(site), limits_of(pool_site)
    # 28 kW of servers, of which 96 % reach the oil, and its pump's 0.4 kW.
    most_kw = MARGIN * (28.0 * 0.96 + 0.4)
    assert limits.range["cooler.heat_kw"][1] == pytest.approx(most_kw)
    assert limits.per_hour_max["cooler.heat_kwh"] == pytest.approx(most_kw)
    assert "cooler.flow_m3h" not in limits.range
    assert all(limits.range[name] == bounds for name, bounds in sound.range.items())
