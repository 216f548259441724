"""Each rule of a survey on the example pool: what is known and fine is silent, and the rest not."""

import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveys import CLEAN, items_with

from exotherm.plan.survey.items import Kind
from exotherm.plan.survey.phases import POINTS
from exotherm.plan.survey.rates import RATES
from exotherm.plan.survey.rules_water import hardness_limit_mmol_per_l
from exotherm.plan.survey.size import (
    coldest_water_c,
    design_power_kw,
    fuse_kva,
    heat_pump_kw,
    tank_of,
)
from exotherm.site.machines import HeatPump
from exotherm.site.survey.document import RuleName

# 2 m³, 2.5 times as high as wide: d³ = 4 V / (2.5 pi).
WIDTH_M = (4 * 2.0 / (2.5 * math.pi)) ** (1 / 3)
FULL_KG = 2000 * 1.15


def only(items, rule, kind):
    assert [(one.rule, one.kind) for one in items] == [(rule, kind)], items
    return items[0]


def euros(*parts):
    """Price by hand: (low, likely, high, how many)."""
    return [
        round(sum(Decimal(part[at]) * Decimal(str(part[3])) for part in parts), 2)
        for at in range(3)
    ]


def amounts(item):
    return [item.cost.low, item.cost.likely, item.cost.high]


def test_what_is_known_and_fine_is_silent(pool_site):
    assert items_with(pool_site) == []


def test_every_point_has_a_name_and_every_rate_an_order():
    from typing import get_args

    assert set(POINTS) == set(get_args(RuleName))
    for name, rate in RATES.items():
        assert 0 < rate.low <= rate.likely <= rate.high, name


# --- Places


def test_the_tank_is_a_cylinder_of_its_volume(pool_site):
    tank = tank_of(pool_site)
    assert tank.width_m == pytest.approx(WIDTH_M)
    assert math.pi / 4 * tank.width_m**2 * tank.height_m == pytest.approx(2.0)
    assert tank.full_kg == pytest.approx(FULL_KG, rel=1e-4)
    assert tank.load_kn_per_m2 == pytest.approx(1.15 * 9.81 * 2.5 * WIDTH_M, rel=1e-4)  # rho g h
    assert tank.tilted_m == pytest.approx(WIDTH_M * math.sqrt(1 + 2.5**2))


def test_a_floor_that_is_too_weak_needs_a_foundation_of_weight_over_load(pool_site):
    item = only(items_with(pool_site, ("places.0.floor_kn_per_m2", 20.0)), "floor-load", Kind.DELAY)
    needed_m2 = FULL_KG * 9.81 / 1000 / 20
    low = 800 + 200 * needed_m2
    assert float(item.cost.low) == pytest.approx(low, abs=0.2)
    assert float(item.cost.high) == pytest.approx(3500 + 700 * needed_m2, abs=0.5)


UPSTAIRS = (("places.0.level", "upper floor"), ("places.0.floor_kn_per_m2", 5.0))


def test_upstairs_a_frame_spreads_it_where_there_is_floor(pool_site):
    items = items_with(pool_site, *UPSTAIRS, ("places.0.area_m2", 6.0))
    tank = next(one for one in items if "tank" in one.what)
    # 22.56 kN on 5 kN/m² are 4.51 m².
    assert float(tank.cost.likely) == pytest.approx(1500 + 450 * FULL_KG * 9.81 / 5000, abs=0.3)
    assert tank.kind is Kind.DELAY


def test_upstairs_without_floor_it_stops(pool_site):
    items = items_with(pool_site, *UPSTAIRS, ("places.0.area_m2", 4.0))
    stops = [one for one in items if one.kind is Kind.STOP]
    assert [one.rule for one in stops] == ["floor-load"]
    assert stops[0].path == ("places", 0, "floor_kn_per_m2")


@given(load=st.floats(0.5, 200), area=st.floats(0.1, 100))
def test_a_floor_stops_only_what_it_cannot_carry_on_all_of_it(pool_site, load, area):
    changes = (("places.0.floor_kn_per_m2", load), ("places.0.area_m2", area))
    items = items_with(pool_site, ("places.0.level", "upper floor"), *changes)
    tank = [one for one in items if one.rule == "floor-load" and "The tank" in one.what]
    weight_kn = tank_of(pool_site).full_kg * 9.81 / 1000
    fits_alone = weight_kn / tank_of(pool_site).floor_m2 <= load
    assert bool(tank) is not fits_alone
    if tank:
        assert tank[0].is_stop is (weight_kn / load > area)


def test_a_door_narrower_than_the_tank(pool_site):
    item = only(items_with(pool_site, ("places.0.door_width_m", 1.0)), "way-in", Kind.COST)
    assert amounts(item) == euros((400, 800, 1600, 2))
    assert items_with(pool_site, ("places.0.door_width_m", 1.06)) == []


def test_a_ceiling_lower_than_the_tilted_tank(pool_site):
    tilted_m = WIDTH_M * math.sqrt(7.25)
    only(items_with(pool_site, ("places.0.height_m", tilted_m)), "headroom", Kind.COST)
    assert items_with(pool_site, ("places.0.height_m", tilted_m + 0.06)) == []


def test_clearance_and_crane(pool_site):
    only(items_with(pool_site, ("places.0.clearance_m", 0.79)), "clearance", Kind.COST)
    only(items_with(pool_site, ("places.0.access", "stairs")), "crane", Kind.COST)
    lift = (("places.0.access", "goods lift"), ("places.0.lift_kg_max", 1600.0))
    assert items_with(pool_site, *lift) == []
    small = (("places.0.access", "goods lift"), ("places.0.lift_kg_max", 1300.0))
    only(items_with(pool_site, *small), "crane", Kind.COST)


def test_a_room_smaller_than_tank_and_servers_stops(pool_site):
    # (1.006 + 0.6)² and the 1.3 m² of the servers.
    needed_m2 = (WIDTH_M + 0.6) ** 2 + 1.3
    only(items_with(pool_site, ("places.0.area_m2", needed_m2 - 0.01)), "clearance", Kind.STOP)
    assert items_with(pool_site, ("places.0.area_m2", needed_m2 + 0.01)) == []


def test_a_side_that_nobody_saw_and_an_old_service_are_open(pool_site):
    alone = ("survey.visited", ("hosting site",))
    item = only(items_with(pool_site, alone), "papers", Kind.RISK)
    assert "customer building" in item.what
    old = ("papers.2.dated_on", date(2023, 2, 11))  # 731 days, 2024 is a leap year
    only(items_with(pool_site, old), "papers", Kind.RISK)
    assert items_with(pool_site, ("papers.2.dated_on", date(2023, 2, 12))) == []


# --- Routes


def test_metres_that_are_not_priced_cost_what_pipes_cost(pool_site):
    item = only(items_with(pool_site, ("routes.0.length_m", 30.0)), "pipe-length", Kind.COST)
    assert amounts(item) == euros((120, 220, 400, 8))


def test_openings_and_seals(pool_site):
    item = only(items_with(pool_site, ("routes.0.walls", 3)), "openings", Kind.COST)
    assert amounts(item) == euros((120, 250, 600, 3))
    item = only(items_with(pool_site, ("routes.0.fire_walls", 2)), "fire-stopping", Kind.COST)
    assert amounts(item) == euros((120, 250, 600, 2), (250, 550, 1400, 2))


@pytest.mark.parametrize(
    ("change", "rule", "kind"),
    [
        (("routes.0.shaft", "full"), "shaft", Kind.DELAY),
        (("routes.0.road_crossing_m", 12.0), "road-crossing", Kind.DELAY),
        (("routes.0.asbestos", True), "asbestos", Kind.DELAY),
        (("routes.0.listed", True), "listed-building", Kind.DELAY),
        (("routes.0.chlorinated_air", True), "pool-air", Kind.COST),
        (("routes.0.frost", True), "frost", Kind.COST),
        (("places.0.drain", False), "drain", Kind.COST),
        (("places.0.own_compartment", False), "fire-compartment", Kind.DELAY),
        (("controls.bms", "closed"), "bms", Kind.DELAY),
        (("controls.boiler_enable", False), "boiler-enable", Kind.COST),
        (("controls.network", False), "data-network", Kind.COST),
        (("tie_in.valves_close", False), "valves", Kind.DELAY),
        (("tie_in.branches_free", False), "valves", Kind.COST),
        (("electricity.transformer", "to be replaced"), "transformer", Kind.DELAY),
        (("meter_place.reachable", False), "meter-place", Kind.COST),
    ],
)
def test_a_plain_finding_is_one_item_with_a_price_and_a_source(pool_site, change, rule, kind):
    item = only(items_with(pool_site, change), rule, kind)
    assert 0 < item.cost.low <= item.cost.likely <= item.cost.high
    assert item.days.low <= item.days.likely <= item.days.high
    assert "estimate" in item.source
    assert item.what.endswith(".")
    assert item.remedy.endswith(".")


def test_asbestos_is_not_asked_for_in_a_building_of_after_the_ban(pool_site):
    unknown = ("routes.0.asbestos", None)
    assert items_with(pool_site, unknown) == []
    only(items_with(pool_site, unknown, ("building.built_in", 2004)), "asbestos", Kind.RISK)
    item = only(items_with(pool_site, unknown, ("building.built_in", None)), "asbestos", Kind.RISK)
    assert item.is_open
    assert "unknown age" in item.what


# --- Neighbours


def test_noise_above_the_limit_of_the_night_costs_by_the_decibel(pool_site):
    # 70 dB at 10 m: 70 - 10 lg(2 pi 100) = 42.02; two of them 45.03.
    twins = [{"name": name, "sound_power_db": 70.0, "window_m": 10.0} for name in "ab"]
    level = 70 - 10 * math.log10(200 * math.pi) + 10 * math.log10(2)
    items = items_with(pool_site, ("noise.sources", twins), ("noise.night_limit_db", 40.0))
    item = only(items, "noise", Kind.DELAY)
    assert float(item.cost.likely) == pytest.approx(2500 + 700 * (level - 40), abs=0.01)
    assert items_with(pool_site, ("noise.sources", twins), ("noise.night_limit_db", 45.1)) == []


def test_noise_that_no_screen_makes_good_stops(pool_site):
    loud = [{"name": "a", "sound_power_db": 95.0, "window_m": 3.0}]
    only(items_with(pool_site, ("noise.sources", loud)), "noise", Kind.STOP)


def test_machines_shake_only_where_people_are(pool_site):
    shaking = ("places.0.vibration_isolated", False)
    assert items_with(pool_site, shaking) == []
    only(items_with(pool_site, shaking, ("places.0.people_beside", True)), "vibration", Kind.COST)
    only(items_with(pool_site, shaking, ("places.0.people_beside", None)), "vibration", Kind.RISK)


PROPANE = HeatPump(heat_kw_rated=30.0, refrigerant="R290")


def test_a_heat_pump_stands_somewhere(pool_site):
    site = pool_site.model_copy(update={"heat_pump": PROPANE})
    (item,) = items_with(site, ("electricity.connection_kva", None), ("electricity.fuse_a", 400.0))
    assert (item.rule, item.is_open) == ("clearance", True)


def test_a_refrigerant_that_burns_needs_a_room_for_it(pool_site):
    site = pool_site.model_copy(update={"heat_pump": PROPANE})
    there = ("places.0.holds", ("servers", "heat pump", "tank", "exchanger"))
    rules = {one.rule: one for one in items_with(site, there)}
    assert rules["refrigerant"].is_open
    assert "refrigerant" not in {
        one.rule for one in items_with(site, there, ("places.0.refrigerant_safe", True))
    }
    assert "refrigerant" not in {
        one.rule for one in items_with(site, there, ("places.0.level", "roof"))
    }


# --- Water


def test_water_below_the_dew_point_sweats(pool_site):
    """Air of 30 °C and 60 % has a dew point of 21.4 °C in every table."""
    assert coldest_water_c(pool_site) > 40  # oil that comes back
    cold = pool_site.model_copy(update={"heat_pump": PROPANE})
    assert coldest_water_c(cold) < 21
    air = (
        ("places.0.air_c_max", 30.0),
        ("places.0.humidity_frac_max", 0.6),
        ("places.0.vapour_tight", False),
        ("places.0.holds", ("servers", "tank")),
    )
    assert items_with(pool_site, *air) == []
    item = next(one for one in items_with(cold, *air) if one.rule == "condensate")
    assert item.kind is Kind.COST
    assert "21.4" in item.what
    dry = items_with(cold, *air, ("places.0.humidity_frac_max", None))
    open_air = next(one for one in dry if one.rule == "condensate")
    assert (open_air.rule, open_air.is_open) == ("condensate", True)


@pytest.mark.parametrize(
    ("kw", "m3", "limit"),
    [
        (40, 0.5, 3.0),
        (40, 1.0, 1.5),
        (40, 2.0, 0.05),
        (180, 4.5, 1.0),
        (180, 3.6, 2.0),
        (700, 1, 0.05),
    ],
)
def test_hardness_by_heat_and_litres_per_kw(kw, m3, limit):
    assert hardness_limit_mmol_per_l(kw, m3) == limit


@given(st.floats(1, 5000), st.floats(0.01, 500))
def test_more_water_and_more_heat_never_allow_harder_water(kw, m3):
    here = hardness_limit_mmol_per_l(kw, m3)
    assert hardness_limit_mmol_per_l(kw, 1.5 * m3) <= here
    # As much water per kilowatt, more kilowatts.
    assert hardness_limit_mmol_per_l(2 * kw, 2 * m3) <= here


def test_hard_water_is_treated(pool_site):
    # 180 kW and 4.5 m³ are 25 l/kW: 1.0 mmol/l.
    hard = (("water.treated", False), ("water.fill_m3", 4.5), ("water.hardness_mmol_per_l", 1.1))
    item = only(items_with(pool_site, *hard), "fill-water", Kind.COST)
    assert amounts(item) == euros((300, 700, 1500, 1), (60, 120, 300, 4.5))
    assert items_with(pool_site, *hard[:2], ("water.hardness_mmol_per_l", 1.0)) == []


def test_poison_one_wall_from_bathers_stops(pool_site):
    ethylene = (("water.glycol", "ethylene"), ("water.glycol_m3", 0.2), ("water.glycol_frac", 0.3))
    near = items_with(pool_site, *ethylene, ("water.glycol_apart", False))
    assert [one.kind for one in near] == [Kind.STOP, Kind.COST]
    apart = only(
        items_with(pool_site, *ethylene, ("water.glycol_apart", True)), "glycol", Kind.COST
    )
    assert amounts(apart) == euros((3000, 5000, 9000, 0.06))
    milder = (("water.glycol", "propylene"), *ethylene[1:], ("water.glycol_apart", False))
    assert {one.kind for one in items_with(pool_site, *milder)} == {Kind.COST}


def test_hot_water_is_held_against_legionella_only_where_it_is_served(pool_site):
    served = ("hot_water.served", True)
    fine = (
        ("hot_water.store_c", 60.0),
        ("hot_water.dead_legs", False),
        ("hot_water.assessed", True),
    )
    assert items_with(pool_site, served, *fine) == []
    only(
        items_with(pool_site, served, ("hot_water.store_c", 58.0), *fine[1:]),
        "legionella",
        Kind.COST,
    )
    opened = items_with(pool_site, served)
    assert [(one.rule, one.is_open) for one in opened] == [("legionella", True)] * 3


def test_a_wet_cooler_is_watched(pool_site):
    wet = pool_site.rejection.model_copy(update={"kind": "open wet"})
    site = pool_site.model_copy(update={"rejection": wet})
    only(items_with(site), "wet-cooler", Kind.DELAY)


# --- Power and boiler


def test_the_plant_draws_the_sum_of_its_parts(pool_site):
    # 28 kW of servers with 4 % of UPS; controls 0.25 + 0.05, pumps 0.4 + 0.25, fans 0.8.
    assert design_power_kw(pool_site) == pytest.approx(28 * 1.04 + 0.3 + 0.65 + 0.8)
    site = pool_site.model_copy(update={"heat_pump": PROPANE})
    assert 5.0 < heat_pump_kw(site) < 30.0
    assert design_power_kw(site) == pytest.approx(design_power_kw(pool_site) + heat_pump_kw(site))


def test_power_is_short_by_plant_less_spare(pool_site):
    plant_kva = (28 * 1.04 + 0.3 + 0.65 + 0.8) / 0.95
    assert fuse_kva(160.0) == pytest.approx(110.85, abs=0.01)
    item = only(items_with(pool_site, ("electricity.used_kva_max", 90.0)), "power", Kind.DELAY)
    assert float(item.cost.likely) == pytest.approx(150 * (plant_kva - 20), abs=0.01)
    # The fuse may be what is short: 100 A are 69 kVA.
    item = only(items_with(pool_site, ("electricity.fuse_a", 100.0)), "power", Kind.DELAY)
    assert float(item.cost.likely) == pytest.approx(150 * (plant_kva - 69.282 + 61), abs=0.1)
    offered = (("electricity.used_kva_max", 90.0), ("electricity.offer_days", 100.0))
    assert items_with(pool_site, *offered)[0].days.likely == 100


def test_the_boiler_gets_a_return_that_is_warm_or_cool_enough(pool_site):
    # The pool's water comes back with 28 °C.
    assert items_with(pool_site, ("tie_in.boiler_return_c_min", 27.0)) == []
    cold = ("tie_in.boiler_return_c_min", 55.0)
    only(items_with(pool_site, cold), "boiler-return", Kind.COST)
    hot = pool_site.model_copy(update={"heat_pump": PROPANE})
    tells = [
        one.what
        for one in items_with(hot, ("tie_in.condensing", True))
        if one.rule == "boiler-return"
    ]
    assert len(tells) == 1
    assert "condense" in tells[0]


def test_flows_are_separated(pool_site):
    item = only(items_with(pool_site, ("tie_in.separation", "none")), "tie-in", Kind.COST)
    assert amounts(item) == euros((8, 15, 30, 28 * 0.96))


def test_a_meter_needs_five_widths_before_and_three_behind(pool_site):
    only(items_with(pool_site, ("meter_place.straight_before_m", 0.19)), "meter-place", Kind.COST)
    only(items_with(pool_site, ("meter_place.straight_behind_m", 0.11)), "meter-place", Kind.COST)
    exact = (("meter_place.straight_before_m", 0.2), ("meter_place.straight_behind_m", 0.12))
    assert items_with(pool_site, *exact) == []


# --- What is not known


def answers(raw, path=""):
    """List the path of every answer of the clean survey."""
    for name, value in raw.items() if isinstance(raw, dict) else enumerate(raw):
        if isinstance(value, dict | list):
            yield from answers(value, f"{path}{name}.")
        else:
            yield f"{path}{name}"


# Given to name a thing, or free where nothing is asked; the program cannot miss them.
FREE = {
    *("built_in", "survey", "name", "at", "level", "kind", "seen", "from_on", "until_on", "fuse_a"),
    *("listed", "condensing", "vapour_tight", "people_beside", "served", "branches"),
    *("treated", "vibration_isolated", "asbestos", "air_c_max", "humidity_frac_max", "holds"),
    *("connection_kva", "starts_on"),
}


@pytest.mark.parametrize(
    "path",
    [path for path in answers(CLEAN) if not set(path.split(".")) & FREE],
)
def test_an_answer_that_is_left_out_is_open_and_never_a_guess(pool_site, path):
    items = items_with(pool_site, (path, None))
    assert items, path
    assert all(one.is_open and one.kind is Kind.RISK for one in items)
    assert all("not known, which risks" in one.what for one in items)
    assert all(0 < one.likelihood_frac < 1 for one in items)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (("places", []), "floor-load"),
        (("routes", []), "pipe-length"),
        (("shutdowns", []), "shutdown"),
        (("papers", []), "papers"),
        (("water.treated", None), "fill-water"),
        (("electricity", {}), "power"),
    ],
)
def test_a_table_that_is_left_out_is_open(pool_site, change, rule):
    items = items_with(pool_site, change)
    assert rule in {one.rule for one in items if one.is_open}


def test_other_currencies_are_converted_and_unknown_ones_said(pool_site):
    def of(currency):
        place = pool_site.site.model_copy(update={"currency": currency})
        site = pool_site.model_copy(update={"site": place})
        return items_with(site, ("routes.0.walls", 1))[0]

    assert of("DKK").cost.likely == Decimal("1865.00")  # 250 EUR
    unknown = of("PLN")
    assert unknown.needs_price
    assert not unknown.cost
