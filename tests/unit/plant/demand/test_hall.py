"""The air of a pool hall: it follows the moisture, from what people need to the plant's most."""

import math
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from exotherm.physics.evaporation import shah_evaporation_kgs
from exotherm.plant.demand import Acceptance, loads_on
from exotherm.plant.demand.year import period_of_year
from exotherm.site.series import hour_of_typical_year

HOUR = timedelta(hours=1)
ROME = ZoneInfo("Europe/Rome")


@pytest.fixture(scope="module")
def hall_site(pool_site, site_with):
    """Make a site with the example's pool and a ventilation that the plant warms."""
    pool = pool_site.pool.model_dump(exclude_unset=True)

    def make(ventilation=None, **others):
        return site_with(pool=pool | {"ventilation": ventilation or {}} | others)

    return make


def hall(site, surroundings):
    (load,) = loads_on(site, surroundings, period_of_year(ROME, 2026), step=HOUR)
    assert load.name == "pool hall air"
    assert load.acceptance is Acceptance.ANY_LIFT
    return load


def is_open(now):
    local = now.astimezone(ROME)
    return 7 <= local.hour < 22 if local.weekday() < 5 else 9 <= local.hour < 19


def vapour_pa(air_c, humidity_frac):
    return humidity_frac * 611.2 * math.exp(17.62 * air_c / (243.12 + air_c))


def ratio(pressure_pa):
    return 0.621945 * pressure_pa / (101_325.0 - pressure_pa)


def test_hour_by_hour_in_plain_python(hall_site, surroundings):
    """250 m² of 28 °C under 29.5 °C 60 %: evaporation by ASHRAE, drying by VDI 2089."""
    weather = surroundings.weather
    assert weather.humidity_frac is not None
    hall_pa = vapour_pa(29.5, 0.60)
    drive_kpa = (vapour_pa(28.0, 1.0) - hall_pa) / 1000.0
    kgs_per_activity = 250.0 * drive_kpa * (0.089 + 0.0782 * 0.10) / (2501.0 - 2.37 * 28.0)
    density = (101_325.0 - hall_pa) / (287.055 * (29.5 + 273.15))
    most, least = (250.0 * 1.3 * litres / 1000.0 * density for litres in (10.0, 2.4))
    start = period_of_year(ROME, 2026).start
    expected = []
    for hour in range(8760):
        now = start + hour * HOUR
        index = hour_of_typical_year(now)
        outdoor_c = weather.outdoor_c[index]
        outdoor = ratio(vapour_pa(outdoor_c, weather.humidity_frac[index]))
        evaporated = kgs_per_activity * (0.75 if is_open(now) else 0.55 * 0.30)
        dry = ratio(hall_pa) - outdoor
        air = evaporated / dry if dry > 0.0 else most
        air = min(most, max(air, least if is_open(now) else 0.0))
        k = 29.5 - outdoor_c
        expected.append(max(0.0, air * (1.006 + 1.86 * outdoor) * k * (1.0 - 0.7)))
    load = hall(hall_site(), surroundings)
    assert load.heat_kw.tolist() == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert set(load.supply_c.tolist()) == {55.0}
    assert set(load.return_c.tolist()) == {35.0}
    # A pool's hall takes a fraction of what its water loses, 825 to 906 kWh per m² and year.
    assert 80.0 < load.heat_kw.sum() / 250.0 < 400.0


def test_without_recovery_it_takes_all_of_it(hall_site, surroundings):
    none = hall(hall_site({"recovery_frac": 0.0}), surroundings)
    most = hall(hall_site(), surroundings)
    assert none.heat_kw == pytest.approx(most.heat_kw / 0.3)
    assert hall(hall_site({"recovery_frac": 1.0}), surroundings).heat_kw.sum() == 0.0


def test_the_plant_moves_no_more_air_than_it_can(hall_site, surroundings):
    small = hall(hall_site({"fresh_air_l_per_s_m2": 1.0}), surroundings)
    large = hall(hall_site(), surroundings)
    assert (small.heat_kw <= large.heat_kw + 1e-9).all()
    assert hall(hall_site({"fresh_air_l_per_s_m2": 0.0}), surroundings).heat_kw.sum() == 0.0


@pytest.mark.parametrize("method", ["ashrae", "vdi", "shah"])
def test_every_method_of_evaporation_dries_the_hall(hall_site, surroundings, method):
    load = hall(hall_site(evaporation=method), surroundings)
    assert (load.heat_kw >= 0.0).all()
    assert load.heat_kw.sum() > 0.0


def test_vdis_coefficients_in_use_ask_for_the_most_air(hall_site, surroundings):
    vdi, ashrae = (
        hall(hall_site(evaporation=method), surroundings).heat_kw.sum()
        for method in ("vdi", "ashrae")
    )
    assert 1.3 < vdi / ashrae < 4.0


def test_shah_counts_the_bathers_that_are_there(hall_site, around, piedmont):
    """375 bather-hours in 15 hours are 25 at a time, in 10 hours 37.5."""
    dry = replace(piedmont, outdoor_c=np.full(8760, 0.0), humidity_frac=np.full(8760, 0.5))
    load = hall(hall_site(evaporation="shah", bathers_per_day=600.0), around(dry))
    start = period_of_year(ROME, 2026).start
    found = {}
    for hour in range(24 * 7):
        now = (start + hour * HOUR).astimezone(ROME)
        if now.hour == 12:
            found[now.weekday() < 5] = load.heat_kw[hour]
    weekday, weekend = (
        shah_evaporation_kgs(250.0, 28.0, 29.5, 0.60, 600.0 * 1.5 / hours) for hours in (15, 10)
    )
    assert found[False] / found[True] == pytest.approx(weekend / weekday)


def test_a_cover_saves_air_at_night(hall_site, surroundings):
    covered = hall(hall_site(), surroundings)
    bare = hall(hall_site(cover=False), surroundings)
    start = period_of_year(ROME, 2026).start
    opened = np.array([is_open(start + hour * HOUR) for hour in range(8760)])
    assert covered.heat_kw[opened].tolist() == bare.heat_kw[opened].tolist()
    assert covered.heat_kw[~opened].sum() < 0.4 * bare.heat_kw[~opened].sum()


def test_humidity_that_no_file_tells_is_made(hall_site, around, piedmont):
    told = hall(hall_site(), around(piedmont)).heat_kw.sum()
    untold = hall(hall_site(), around(replace(piedmont, humidity_frac=None))).heat_kw.sum()
    assert untold == pytest.approx(told, rel=0.15)


def test_a_heater_of_no_spread_keeps_its_supply_above_its_return(hall_site, surroundings):
    load = hall(hall_site({"supply_c": 40.0, "return_c": 40.0}), surroundings)
    assert (load.supply_c > load.return_c).all()


def test_a_pool_whose_hall_another_plant_warms_gives_no_load(pool_site, surroundings):
    assert loads_on(pool_site, surroundings, period_of_year(ROME, 2026), step=HOUR) == ()
