"""All loads of a site: finite, ordered, and the same instant the same whoever asks."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exotherm.core.period import Period, local_midnight, month_period
from exotherm.plant.demand import Load, loads_on
from exotherm.plant.demand.year import period_of_year
from exotherm.site.customers import BUILDING_BY_KIND
from exotherm.site.series import HeatDemand, Weather

QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
ROME = ZoneInfo("Europe/Rome")
EVERYTHING = [
    {"name": "Main school", "kind": "school", "floor_m2": 4000.0, "method": "room"},
    {"name": "Oaks", "kind": "care home", "floor_m2": 2000.0, "preheat_store_m3": 1.0},
    {"name": "Elms", "kind": "housing block", "floor_m2": 3000.0, "method": "profile"},
]


@pytest.fixture(scope="module")
def whole(pool_site, site_with, around, piedmont):
    """Ask a site with every kind of customer beside a network."""
    year = period_of_year(ROME, 2026)
    demand = HeatDemand(
        start=year.start, step=HOUR, heat_kw=np.linspace(0.0, 50.0, 8760), source="made"
    )
    site = site_with(
        pool=pool_site.pool.model_dump(exclude_unset=True) | {"ventilation": {}},
        buildings=EVERYTHING,
        measured=[
            {
                "name": "Laundry",
                "file": "laundry.csv",
                "supply_c_design": 70.0,
                "return_c_design": 40.0,
            }
        ],
    )
    return partial(loads_on, site, around(piedmont, demand))


def equal(one: Load, two: Load) -> None:
    assert one.name == two.name
    assert one.acceptance is two.acceptance
    assert one.heat_kw.tolist() == two.heat_kw.tolist()
    assert one.supply_c.tolist() == two.supply_c.tolist()
    assert one.return_c.tolist() == two.return_c.tolist()


def cut(load: Load, first: int, steps: int) -> Load:
    span = slice(first, first + steps)
    return Load(
        name=load.name,
        heat_kw=load.heat_kw[span],
        supply_c=load.supply_c[span],
        return_c=load.return_c[span],
        heat_kw_max=load.heat_kw_max,
        acceptance=load.acceptance,
    )


def test_names_read_well(whole):
    loads = whole(month_period(2026, 3, ROME), step=HOUR)
    assert [load.name for load in loads] == [
        "pool hall air",
        "Main school: space heat",
        "Main school: hot water",
        "Main school: circulation",
        "Oaks: space heat",
        "Oaks: hot water",
        "Oaks: circulation",
        "Elms: space heat",
        "Elms: hot water",
        "Elms: circulation",
        "Laundry",
    ]


@pytest.mark.parametrize("step", [QUARTER, HOUR])
@pytest.mark.parametrize("month", [1, 3, 8, 10, 12])
def test_a_month_is_cut_out_of_its_year(whole, step, month):
    year, period = period_of_year(ROME, 2026), month_period(2026, month, ROME)
    first = (period.start - year.start) // step
    of_year = whole(year, step=step)
    of_month = whole(period, step=step)
    for whole_load, part in zip(of_year, of_month, strict=True):
        equal(cut(whole_load, first, period.duration // step), part)
        assert part.heat_kw_max == whole_load.heat_kw_max


def test_a_period_may_pass_new_year(whole):
    new_year = local_midnight(date(2028, 1, 1), ROME)
    over = Period(new_year - timedelta(days=40), new_year + timedelta(days=70))
    of_2027 = whole(period_of_year(ROME, 2027), step=QUARTER)
    of_2028 = whole(period_of_year(ROME, 2028), step=QUARTER)
    for before, after, part in zip(of_2027, of_2028, whole(over, step=QUARTER), strict=True):
        steps = 40 * 96
        equal(cut(before, before.heat_kw.size - steps, steps), cut(part, 0, steps))
        equal(cut(after, 0, 70 * 96), cut(part, steps, 70 * 96))
        assert part.heat_kw_max == max(before.heat_kw_max, after.heat_kw_max)


def test_hours_quarters_and_minutes_are_the_same_hour(whole):
    week = Period(datetime(2026, 3, 26, tzinfo=ROME), datetime(2026, 4, 2, tzinfo=ROME))
    hours, quarters, minutes = (
        whole(week, step=step) for step in (HOUR, QUARTER, timedelta(minutes=1))
    )
    for hour, quarter, minute in zip(hours, quarters, minutes, strict=True):
        assert hour.heat_kw.size == 7 * 24 - 1
        for name in ("heat_kw", "supply_c", "return_c"):
            values = getattr(hour, name)
            assert getattr(quarter, name).tolist() == np.repeat(values, 4).tolist()
            assert getattr(minute, name).tolist() == np.repeat(values, 60).tolist()


def test_a_leap_year_has_its_day(whole):
    loads = whole(period_of_year(ROME, 2028), step=HOUR)
    assert {load.heat_kw.size for load in loads} == {8784}


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Adelaide"])
def test_places_off_the_whole_hour_have_the_same_day(building_site, surroundings, zone):
    """Office hours are by the wall clock; a step between two hours has the mean of both."""
    site = building_site("office", zone=zone)
    place = ZoneInfo(zone)
    day = Period(local_midnight(date(2026, 6, 3), place), local_midnight(date(2026, 6, 4), place))
    water = loads_on(site, surroundings, day, step=HOUR)[1]
    assert (water.heat_kw > 0.0).tolist() == [7 <= hour < 19 for hour in range(24)]
    utc = Period(datetime(2026, 6, 2, tzinfo=UTC), datetime(2026, 6, 5, tzinfo=UTC))
    by_utc = loads_on(site, surroundings, utc, step=HOUR)[1]
    finer = loads_on(site, surroundings, utc, step=QUARTER)[1]
    assert by_utc.heat_kw.sum() == pytest.approx(finer.heat_kw.sum() / 4.0)


def test_a_step_that_is_none_of_ours_is_refused(whole):
    with pytest.raises(AssertionError):
        whole(month_period(2026, 1, ROME), step=timedelta(minutes=20))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(AssertionError):
        whole(Period(start, start + timedelta(minutes=90)), step=HOUR)
    late = start + timedelta(minutes=7)
    with pytest.raises(AssertionError):
        whole(Period(late, late + HOUR), step=HOUR)


# --- Any customer


def quantities(low: float, high: float) -> st.SearchStrategy[float]:
    """Draw what a person would write, with at most four decimals."""
    return st.floats(low, high).map(lambda value: round(value, 4))


def weather(mean_c: float, swing_k: float, daily_k: float) -> Weather:
    hours = np.arange(8760)
    return Weather(
        outdoor_c=mean_c
        - swing_k * np.cos(2.0 * np.pi * hours / 8760)
        + daily_k * np.sin(2.0 * np.pi * hours / 24),
        source="made",
    )


weathers = st.builds(weather, quantities(-15, 30), quantities(0, 25), quantities(0, 10))
hours = st.builds(
    lambda opens_at, closes_at, days: {
        "opens_at": opens_at,
        "closes_at": closes_at,
        "weekdays": sorted(days),
    },
    st.integers(0, 24),
    st.integers(0, 24),
    st.sets(st.integers(1, 7), min_size=1),
)
emitters = st.tuples(quantities(25, 80), quantities(0.5, 19), quantities(1, 1.6)).map(
    lambda given: {
        "return_c_design": given[0],
        "supply_c_design": given[0] + given[1],
        "exponent": given[2],
    }
)
days = st.dates(date(2001, 1, 1), date(2001, 12, 31)).map(lambda day: f"{day:%m-%d}")
buildings = st.fixed_dictionaries(
    {
        "name": st.just("Main"),
        "kind": st.sampled_from(list(BUILDING_BY_KIND)),
        "floor_m2": quantities(50, 50_000),
        "method": st.sampled_from(["degree hours", "room", "profile"]),
    },
    optional={
        "space_heat_kwh_per_m2": quantities(0.1, 500),
        "loss_w_per_k": quantities(10, 1e5),
        "set_c": quantities(5, 30),
        "setback_k": quantities(0, 20),
        "gains_k": quantities(0, 15),
        "mass": st.sampled_from(["very light", "medium", "very heavy"]),
        "heat_kw_rated": quantities(1, 1e4),
        "outdoor_c_design": quantities(-40, 30),
        "emitter": emitters,
        "opening": st.lists(hours, max_size=3),
        "closed": st.lists(st.fixed_dictionaries({"from_day": days, "to_day": days}), max_size=3),
        "hot_water_l_per_m2_day": quantities(0, 20),
        "hot_water_c": quantities(56, 95),
        "draw_profile": st.sampled_from(["apartment", "hospital", "opening hours"]),
        "preheat_store_m3": quantities(0, 50),
        "mains_c_mean": quantities(1, 30),
        "mains_k_swing": quantities(0, 10),
    },
)


@given(building=buildings, weather=weathers, warming_k=quantities(-2, 5))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_loads_of_any_building_make_sense(site_with, around, building, weather, warming_k):
    site = site_with(buildings=[building], warming_k=warming_k)
    for load in loads_on(site, around(weather), period_of_year(ROME, 2026), step=HOUR):
        check(load)


@given(
    network=st.fixed_dictionaries(
        {"feed": st.sampled_from(["supply", "return"])},
        optional={
            "heat_kwh": quantities(0, 1e8),
            "hot_water_frac": quantities(0, 1),
            "balance_c": quantities(5, 25),
            "consumers": st.integers(1, 10_000),
            "generation": st.sampled_from(["third", "fourth"]),
            "return_lift_k": quantities(0.1, 100),
            "trench_m": quantities(0, 5000),
            "ground_c": quantities(-10, 60),
            "slope": quantities(0, 5),
        },
    ),
    weather=weathers,
)
@settings(max_examples=40, deadline=None)
def test_the_loads_of_any_network_make_sense(site_with, around, network, weather):
    loads = loads_on(
        site_with(network=network), around(weather), period_of_year(ROME, 2028), step=HOUR
    )
    assert len(loads) == (1 if network["feed"] == "supply" else 2)
    for load in loads:
        check(load)


def check(load: Load) -> None:
    for values in (load.heat_kw, load.supply_c, load.return_c):
        assert np.isfinite(values).all(), load.name
    assert load.heat_kw.min() >= 0.0
    assert load.heat_kw_max == load.heat_kw.max()
    assert (load.supply_c > load.return_c).all()
    assert load.supply_c.max() < 120.0
    assert load.return_c.min() > -10.0
