import pytest
from changing import changed
from other_sites import (
    OTHER_SITES,
    SIMULATED_SITES,
    measured,
    network,
    pool_and_school,
    pump_of,
    school_by_cold_plates,
    school_by_heat_pump,
)

from exotherm.physics.heat_pump import carnot_cop
from exotherm.plan.year import simulate_year
from exotherm.site.asked import asked_by
from exotherm.site.heat_path import (
    HeatPath,
    capture_at,
    captured_kw,
    coldest_source_c,
    coolant_rise_k,
    coolest_return_c,
    customer_return_c,
    deliverable_kw,
    direct_kw,
    heat_path_of,
    hot_c,
    pumped_kw,
    reachable_supply_c,
    serves_pool_alone,
)
from exotherm.site.hours import hours_of_use
from exotherm.site.machines import Capture, HeatPumpPoint
from exotherm.site.pumped import cop_of, full_heat_kw, sink_limit_c, source_in_c, source_out_c


def test_heat_passes_as_through_two_resistances(pool_site):
    path = heat_path_of(pool_site)
    heat_kw = path.heat_kw(coolant_c=50.0, pool_c=28.0)
    buffer_c = 50.0 - heat_kw / path.exchanger_kw_per_k
    assert heat_kw == pytest.approx(path.delivery_kw_per_k * (buffer_c - 28.0))


@pytest.mark.parametrize(("first", "second"), [(0.0, 2.0), (2.0, 0.0), (0.0, 0.0)])
def test_nothing_passes_an_exchanger_that_is_blocked(first, second):
    path = HeatPath(exchanger_kw_per_k=first, delivery_kw_per_k=second)
    assert path.heat_kw(coolant_c=50.0, pool_c=28.0) == 0.0


def test_what_is_not_there_passes_nothing(pool_site):
    path = heat_path_of(school_by_heat_pump(pool_site))
    assert (path.exchanger_kw_per_k, path.delivery_kw_per_k) == (0.0, 0.0)


# --- Servers


def test_immersion_takes_a_share_and_is_as_warm_as_it_may_be(pool_site):
    site = changed(pool_site, computing__power_kw_rated=28.0)
    assert captured_kw(site) == pytest.approx(26.88)
    assert captured_kw(site, power_frac=0.3) == pytest.approx(8.064)
    assert hot_c(site, power_frac=0.3) == hot_c(site) == 50.0
    assert coolant_rise_k(site) == pytest.approx((26.88 + 0.4) / 5.25)


CAPTURES = (
    Capture(kind="immersion", flow_kgs=2.5, pump_kw=0.4),
    Capture(kind="cold plates", flow_kgs=1.2, pump_kw=0.4),
    Capture(kind="passive rear door", flow_kgs=2.4, pump_kw=0.4, ua_kw_per_k=5.0),
    Capture(kind="active rear door", flow_kgs=2.4, pump_kw=0.4, ua_kw_per_k=5.0),
    Capture(kind="hall cooler", flow_kgs=2.4, pump_kw=0.4, ua_kw_per_k=5.0),
)


@pytest.mark.parametrize("capture", CAPTURES, ids=[capture.kind for capture in CAPTURES])
def test_every_capture_splits_the_heat_of_servers_and_fans(pool_site, capture):
    site = changed(pool_site, capture=capture)
    for power_frac in (0.0, 0.3, 1.0):
        power_kw = 28.0 * power_frac
        got = capture_at(site, power_frac=power_frac)
        total_kw = got.captured_kw + got.to_air_kw + got.unmet_kw
        assert total_kw == pytest.approx(power_kw + got.fan_kw)
        if not capture.floats:
            warmed_k = got.captured_kw / capture.flow_kw_per_k
            assert got.water_out_c == pytest.approx(capture.coolant_c_set + warmed_k)


def test_a_coolant_of_another_heat_capacity_is_as_much_water_as_carries_the_same(pool_site):
    site = school_by_cold_plates(pool_site)
    glycol = changed(
        site, capture__heat_capacity_kj_per_kgk=3.6, capture__flow_kgs=1.2 * 4.18 / 3.6
    )
    assert hot_c(glycol) == pytest.approx(hot_c(site))


# --- Customers


def test_a_pool_asks_for_what_is_warmer_than_itself(pool_site):
    assert serves_pool_alone(pool_site)
    assert customer_return_c(pool_site) == coolest_return_c(pool_site) == 28.0
    assert not serves_pool_alone(pool_and_school(pool_site))


def test_a_school_asks_by_weather_and_hot_water_at_all_times(pool_site):
    heating, drawn, circulating = asked_by(school_by_cold_plates(pool_site))
    # Radiators of 70/55/20 and 1.3: an excess of 42.06 K by logarithms, 24.68 K at half the heat.
    assert heating.supply_c == pytest.approx(48.6, abs=0.1)
    assert heating.return_c == pytest.approx(41.1, abs=0.1)
    assert 20.0 < heating.return_c_min < heating.return_c
    assert (drawn.supply_c, drawn.return_c) == (60.0, 10.0)
    assert (circulating.supply_c, circulating.return_c) == (60.0, 55.0)
    assert customer_return_c(school_by_cold_plates(pool_site)) == 10.0


def test_what_is_not_used_asks_nothing(pool_site):
    site = changed(
        school_by_cold_plates(pool_site),
        buildings__0__hot_water_l_per_m2_day=0.0,
        buildings__0__circulation_w_per_m=0.0,
    )
    assert [asked.who for asked in asked_by(site)] == ["The heating of `Hill School`"]


def test_buildings_on_a_network_ask_through_it(pool_site):
    school = school_by_cold_plates(pool_site).buildings
    (asked,) = asked_by(changed(network(pool_site), buildings=school))
    assert (asked.supply_c, asked.return_c) == (40.0, 35.0)


def test_a_network_takes_only_water_as_warm_as_its_supply(pool_site):
    site = network(pool_site, feed="supply", generation="third")
    (asked,) = asked_by(site)
    assert asked.whole_lift
    assert (asked.supply_c_min, asked.supply_c, asked.return_c) == (75.0, 82.5, 45.0)


def test_measured_heat_may_follow_the_weather(pool_site):
    (constant,) = asked_by(measured(pool_site))
    (follows,) = asked_by(measured(pool_site, follows_weather=True))
    assert (constant.supply_c, constant.return_c_min) == (45.0, 30.0)
    assert follows.supply_c_min < follows.supply_c < 45.0
    # What comes back as cold as the room cannot be colder in mild weather.
    (cold,) = asked_by(measured(pool_site, follows_weather=True, return_c_design=18.0))
    assert cold.return_c_min == 18.0


def test_hours_of_use_are_of_all_who_have_some(pool_site):
    assert [hours.who for hours in hours_of_use(pool_and_school(pool_site))] == [
        "the pool",
        "`Hill School`",
    ]
    assert hours_of_use(network(pool_site)) == ()


# --- What can be delivered


def test_the_exchanger_costs_kelvin_and_layers_give_some_back(pool_site):
    per_k = heat_path_of(pool_site).exchanger_kw_per_k
    mixed = changed(pool_site, buffer__layers=1)
    assert reachable_supply_c(pool_site) == 50.0
    assert reachable_supply_c(mixed, heat_kw=12.0) == pytest.approx(50.0 - 12.0 / per_k)
    outlet_k = 12.0 / (0.8 * 4.18)
    assert reachable_supply_c(pool_site, heat_kw=12.0) == pytest.approx(
        50.0 - 12.0 / per_k + outlet_k
    )


def test_a_heat_pump_is_as_warm_as_it_is_set_at_any_heat(pool_site):
    site = school_by_heat_pump(pool_site)
    assert reachable_supply_c(site, heat_kw=25.0) == 70.0
    assert reachable_supply_c(changed(site, heat_pump__sink_c_set=55.0)) == 55.0
    assert reachable_supply_c(changed(site, heat_pump__sink_c_set=90.0)) == 70.0


def test_idle_servers_hold_their_coolant_but_warm_it_less(pool_site):
    site = school_by_cold_plates(pool_site)
    assert 40.0 < reachable_supply_c(site, power_frac=0.3) < reachable_supply_c(site)


def test_a_pool_gets_what_the_servers_give_and_both_exchangers_pass(pool_site):
    assert deliverable_kw(pool_site, supply_c=30.0) == pytest.approx(
        min(captured_kw(pool_site), heat_path_of(pool_site).heat_kw(coolant_c=50.0, pool_c=28.0))
    )


def test_a_heat_pump_adds_its_electricity(pool_site):
    site = school_by_heat_pump(pool_site)
    large = changed(site, heat_pump__heat_kw_rated=100.0)
    cold_c = coldest_source_c(site, pump_of(large))
    # At part load it does a tenth worse, which is more electricity in the heat.
    cop = 0.9 * cop_of(pump_of(large), source_out_c=cold_c, sink_c=60.0)
    assert deliverable_kw(large, supply_c=60.0) == pytest.approx(28.0 * cop / (cop - 1.0 + 0.02))
    assert deliverable_kw(site, supply_c=60.0) == 25.0
    assert pumped_kw(site, sink_c=60.0, power_frac=0.0) == 0.0


def test_a_heat_pump_whose_source_is_too_cold_gives_nothing(pool_site):
    site = changed(school_by_heat_pump(pool_site), heat_pump__source_c_min=20.0)
    assert deliverable_kw(site, supply_c=60.0) == 0.0


def test_preheating_takes_what_the_heat_pump_cannot(pool_site):
    site = pool_and_school(pool_site)
    beside = deliverable_kw(site, supply_c=60.0)
    cop = 0.9 * cop_of(pump_of(site), source_out_c=20.0, sink_c=60.0)
    alone = deliverable_kw(changed(site, exchanger__fouling_frac=0.9999), supply_c=60.0)
    assert alone == pytest.approx(15.0, rel=0.01)
    gain = cop / (cop - 1.0 + 0.02)
    assert beside == pytest.approx(15.0 + 26.88 - 15.0 / gain, rel=0.01)


def test_the_delivery_carries_no_more_than_its_flow(pool_site):
    site = changed(network(pool_site), delivery__flow_kgs=0.1)
    assert deliverable_kw(site, supply_c=40.0) == pytest.approx(0.1 * 4.18 * 15.0)


@pytest.mark.parametrize("site_of", OTHER_SITES)
def test_more_servers_never_deliver_less(pool_site, site_of):
    site = site_of(pool_site)
    given = [deliverable_kw(site, supply_c=45.0, power_frac=frac) for frac in (0.0, 0.3, 0.6, 1.0)]
    assert given == sorted(given)
    assert direct_kw(site) >= 0.0


@pytest.mark.parametrize("site_of", [lambda site: site, *SIMULATED_SITES])
def test_no_day_of_a_year_makes_more_than_is_deliverable(pool_site, pool_surroundings, site_of):
    site = site_of(pool_site)
    flows = simulate_year(site, pool_surroundings).with_heat.flows
    made_kw = flows["exchanged_kw"] + flows["heat_pump_kw"]
    days_kw = made_kw[: made_kw.size // 96 * 96].reshape(-1, 96).mean(axis=1)
    power_frac = flows["it_kw"].max() / site.computing.power_kw_rated
    warmest_c = flows["supply_c"].max()
    assert days_kw.max() <= deliverable_kw(site, supply_c=warmest_c, power_frac=power_frac)
    assert warmest_c <= reachable_supply_c(site)


# --- The heat pump


def test_warm_coolant_is_mixed_down_for_the_evaporator(pool_site):
    pump = pump_of(school_by_heat_pump(pool_site))
    assert source_in_c(pump, warm_c=50.0) == 25.0
    assert source_in_c(pump, warm_c=21.0) == 19.0
    assert source_in_c(changed(pump, mixing_valve=False), warm_c=50.0) == 48.0
    assert source_out_c(pump, warm_c=50.0, back_c=40.0) == 20.0
    # It has to cool the coolant, so it is colder than what goes back.
    assert source_out_c(pump, warm_c=21.0, back_c=12.0) == 10.0


def test_a_heat_pump_lifts_by_its_size_or_its_points(pool_site):
    pump = pump_of(school_by_heat_pump(pool_site))
    carnot = carnot_cop(15.0, 55.0)
    assert cop_of(pump, source_out_c=15.0, sink_c=55.0) == pytest.approx(0.55 * carnot)
    better = changed(pump, efficiency_frac=0.6)
    assert cop_of(better, source_out_c=15.0, sink_c=55.0) == pytest.approx(0.6 * carnot)
    point = HeatPumpPoint(source_in_c=18.0, sink_out_c=55.0, cop=4.0, heat_kw=30.0)
    known = changed(pump, method="points", points=(point,))
    assert cop_of(known, source_out_c=15.0, sink_c=55.0) == pytest.approx(4.0)
    assert full_heat_kw(known, source_out_c=15.0, sink_c=55.0) == pytest.approx(30.0)
    assert full_heat_kw(pump, source_out_c=15.0, sink_c=55.0) == 25.0
    assert sink_limit_c(changed(pump, sink_c_set=80.0)) == 70.0
