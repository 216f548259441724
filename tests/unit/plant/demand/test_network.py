"""A heat network: its customers' heat evened out, and taken into the supply or the return."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from exotherm.physics.diversity import simultaneity_frac
from exotherm.physics.hot_water import draw_shares_percent
from exotherm.plant.demand import Acceptance, loads_on
from exotherm.plant.demand.year import period_of_year
from exotherm.site.series import hour_of_typical_year

HOUR = timedelta(hours=1)
ROME = ZoneInfo("Europe/Rome")
FLATS = {"feed": "supply", "heat_kwh": 2_000_000.0}


def loads(site, surroundings, number=2026):
    return loads_on(site, surroundings, period_of_year(site.zone, number), step=HOUR)


def by_days(heat_kw, number=2026):
    start = period_of_year(ROME, number).start
    days: dict[date, list[float]] = {}
    for hour, heat in enumerate(heat_kw.tolist()):
        days.setdefault((start + hour * HOUR).astimezone(ROME).date(), []).append(heat)
    return list(days.values())


# --- How much


@pytest.mark.parametrize("number", [2026, 2028])
def test_a_year_takes_what_the_file_says(site_with, surroundings, number):
    (load,) = loads(site_with(network=FLATS, year=number), surroundings, number)
    assert load.name == "heat network"
    assert load.heat_kw.sum() == pytest.approx(2_000_000.0, rel=1e-9)


def test_hour_by_hour_in_plain_python(site_with, surroundings):
    """A quarter is hot water by a flat's draws, the rest goes with the cold below 15 °C."""
    start = period_of_year(ROME, 2026).start
    instants = [start + hour * HOUR for hour in range(8760)]
    outdoor = [surroundings.weather.outdoor_c[hour_of_typical_year(now)] for now in instants]
    weights = ((0, 1.0), (24, 0.5), (48, 0.25), (72, 0.125))
    felt = [sum(w * outdoor[hour - back] for back, w in weights) / 1.875 for hour in range(8760)]
    below = [max(0.0, 15.0 - c) for c in felt]
    drawn = []
    for day in by_days(np.arange(8760.0)):
        local = [instants[int(hour)].astimezone(ROME) for hour in day]
        shares = [draw_shares_percent("apartment")[now.hour] for now in local]
        number = local[0].timetuple().tm_yday - 1
        cold = 10.0 - 4.0 * np.cos(2.0 * np.pi * (number - 45) / 365.0)
        drawn += [(60.0 - cold) * share / sum(shares) for share in shares]
    loss, per_litre = 1_500_000.0 / sum(below), 500_000.0 / sum(drawn)
    expected = [
        loss * cold_k + per_litre * litres for cold_k, litres in zip(below, drawn, strict=True)
    ]
    (load,) = loads(site_with(network=FLATS), surroundings)
    assert load.heat_kw.tolist() == pytest.approx(expected, rel=1e-9)


def test_its_heat_is_that_of_its_buildings_where_the_file_has_any(site_with, surroundings):
    buildings = [
        {"name": "Oaks", "kind": "school", "floor_m2": 4000.0},
        {"name": "Elms", "kind": "care home", "floor_m2": 2500.0, "preheat_store_m3": 1.0},
    ]
    alone = loads(site_with(buildings=buildings), surroundings)
    (together,) = loads(site_with(buildings=buildings, network=FLATS), surroundings)
    assert len(alone) == 6
    expected = sum(load.heat_kw for load in alone)
    assert together.heat_kw.tolist() == pytest.approx(expected.tolist())


def test_a_network_that_serves_nobody_takes_nothing(site_with, surroundings):
    (load,) = loads(site_with(network={"feed": "supply"}), surroundings)
    assert load.heat_kw.sum() == 0.0


def test_a_warmer_climate_leaves_the_hot_water(site_with, around, weather_of):
    today = weather_of("Berlin")
    warmer = around(replace(today, outdoor_c=today.outdoor_c + 3.0))
    (now,) = loads(site_with(network=FLATS), around(today))
    (then,) = loads(site_with(network=FLATS, warming_k=3.0), warmer)
    assert 0.65 < then.heat_kw.sum() / now.heat_kw.sum() < 0.9
    drawn = FLATS | {"hot_water_frac": 1.0}
    (now,) = loads(site_with(network=drawn), around(today))
    (then,) = loads(site_with(network=drawn, warming_k=3.0), warmer)
    assert then.heat_kw.tolist() == now.heat_kw.tolist()


# --- Diversity


def test_peaks_of_many_stations_do_not_fall_together(site_with, surroundings):
    """50 stations have 0.74 of their swing; every day keeps its heat."""
    (one,) = loads(site_with(network=FLATS), surroundings)
    (many,) = loads(site_with(network=FLATS | {"consumers": 50}), surroundings)
    left = simultaneity_frac(50)
    assert left == pytest.approx(
        0.449677646 + 0.551234688 / (1 + (50 / 53.84382392) ** 1.762743268)
    )
    assert many.heat_kw_max < one.heat_kw_max
    for single, evened in zip(by_days(one.heat_kw), by_days(many.heat_kw), strict=True):
        assert sum(evened) == pytest.approx(sum(single))
        mean = sum(single) / len(single)
        expected = [mean + left * (heat - mean) for heat in single]
        assert evened == pytest.approx(expected)


# --- How warm


def test_into_the_supply_only_the_whole_lift_is_taken(site_with, surroundings):
    (load,) = loads(site_with(network=FLATS | {"generation": "third"}), surroundings)
    assert load.acceptance is Acceptance.WHOLE_LIFT
    start = period_of_year(ROME, 2026).start
    for hour in range(0, 8760, 97):
        outdoor = surroundings.weather.outdoor_c[hour_of_typical_year(start + hour * HOUR)]
        expected = min(105.0, max(75.0, 75.0 + 1.5 * (5.0 - outdoor)))
        assert load.supply_c[hour] == pytest.approx(expected)
    assert set(load.return_c.tolist()) == {45.0}


def test_into_the_return_the_whole_flow_is_lifted_a_little(site_with, surroundings):
    site = site_with(network=FLATS | {"feed": "return", "return_lift_k": 4.0})
    lifted, own = loads(site, surroundings)
    (whole,) = loads(site_with(network=FLATS), surroundings)
    assert (lifted.name, own.name) == ("heat network: return", "heat network: own plant")
    assert lifted.acceptance is Acceptance.ANY_LIFT
    assert own.acceptance is Acceptance.OWN_PLANT
    assert (lifted.heat_kw + own.heat_kw).tolist() == pytest.approx(whole.heat_kw.tolist())
    flow_kw_per_k = whole.heat_kw / (whole.supply_c - whole.return_c)
    assert lifted.heat_kw == pytest.approx(4.0 * flow_kw_per_k)
    assert lifted.supply_c == pytest.approx(whole.return_c + 4.0)
    assert own.supply_c.tolist() == whole.supply_c.tolist()
    assert own.return_c.tolist() == lifted.supply_c.tolist()
    assert own.heat_kw == pytest.approx(flow_kw_per_k * (own.supply_c - own.return_c))


def test_the_return_is_never_warmed_above_the_supply(site_with, surroundings):
    site = site_with(network=FLATS | {"feed": "return", "return_lift_k": 60.0})
    lifted, own = loads(site, surroundings)
    assert lifted.supply_c == pytest.approx(own.supply_c)
    assert own.heat_kw == pytest.approx(np.zeros(8760), abs=1e-9)
    assert (own.supply_c > own.return_c).all()


def test_the_pair_to_the_network_loses_at_all_hours(site_with, surroundings):
    """65 and 35 °C in ground of 10 °C: 80 K of 0.21 W/(m K), 16.8 W a metre."""
    trench = FLATS | {"trench_m": 300.0, "supply_c_max": 65.0}
    (short,) = loads(site_with(network=trench | {"trench_m": 0.0}), surroundings)
    (long,) = loads(site_with(network=trench), surroundings)
    lost_kw = long.heat_kw - short.heat_kw
    assert lost_kw == pytest.approx(np.full(8760, 16.8 * 300.0 / 1000.0))
    lifted, own = loads(site_with(network=trench | {"feed": "return"}), surroundings)
    unlost, same = loads(
        site_with(network=trench | {"feed": "return", "trench_m": 0.0}), surroundings
    )
    # In the return the pair carries 40 and 35 °C: 55 K.
    assert lifted.heat_kw - unlost.heat_kw == pytest.approx(np.full(8760, 55.0 * 0.21 * 0.3))
    assert own.heat_kw.tolist() == same.heat_kw.tolist()


def test_warm_ground_gives_nothing(site_with, surroundings):
    hot = FLATS | {"trench_m": 300.0, "ground_c": 60.0, "feed": "return"}
    lifted, _ = loads(site_with(network=hot), surroundings)
    unlost, _ = loads(site_with(network=hot | {"trench_m": 0.0}), surroundings)
    assert lifted.heat_kw.tolist() == unlost.heat_kw.tolist()


def test_no_station_is_lonelier_than_one():
    assert simultaneity_frac(1) == 1.0
    values = [simultaneity_frac(consumers) for consumers in range(1, 2000)]
    assert (np.diff(values) <= 0.0).all()
    assert values[-1] == pytest.approx(0.45, abs=0.002)
