"""Space heat: as much as the file says, when the hours of use and the weather ask for it.

The plain ones are written again in plain Python, hour by hour on the standard library's clock.
"""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from exotherm.core.period import Period
from exotherm.plant.demand import loads_on
from exotherm.plant.demand.space_heat import body_of
from exotherm.plant.demand.year import period_of_year, year_at
from exotherm.site.customers import BUILDING_BY_KIND
from exotherm.site.series import hour_of_typical_year

HOUR = timedelta(hours=1)
ROME = ZoneInfo("Europe/Rome")
HOLIDAYS = (
    ((12, 20), (1, 4)), ((2, 14), (2, 20)), ((4, 3), (4, 17)),
    ((5, 26), (6, 1)), ((7, 20), (9, 1)), ((10, 24), (10, 31)),
)  # fmt: skip


def space_heat(site, surroundings, number=2026):
    year = period_of_year(site.zone, number)
    load, *_ = loads_on(site, surroundings, year, step=HOUR)
    assert load.name == "Main: space heat"
    return load


def body(site, surroundings):
    outdoor_c = surroundings.weather.outdoor_c - site.weather.warming_k
    return body_of(site.buildings[0], year_at(site.zone, site.study.year, outdoor_c))


# --- Plain Python


def hours_of(number, zone=ROME):
    now = datetime(number, 1, 1, tzinfo=zone).astimezone(UTC)
    end = datetime(number + 1, 1, 1, tzinfo=zone).astimezone(UTC)
    while now < end:
        yield now
        now += HOUR


def on_holiday(day: date) -> bool:
    for first, last in HOLIDAYS:
        today = (day.month, day.day)
        inside = first <= today <= last if first <= last else today >= first or today <= last
        if inside:
            return True
    return False


def school_set_c(instant: datetime) -> float:
    """Give 20 °C from 7 to 17 on schooldays, 16 °C else."""
    local = instant.astimezone(ROME)
    taught = local.weekday() < 5 and 7 <= local.hour < 17 and not on_holiday(local.date())
    return 20.0 if taught else 16.0


def felt_c(outdoor_c: list[float]) -> list[float]:
    """Weigh each hour with the same of the three days before; the year closes on itself."""
    return [
        (
            outdoor_c[hour]
            + 0.5 * outdoor_c[hour - 24]
            + 0.25 * outdoor_c[hour - 48]
            + 0.125 * outdoor_c[hour - 72]
        )
        / 1.875
        for hour in range(len(outdoor_c))
    ]


@pytest.mark.parametrize("number", [2026, 2028])
def test_a_school_by_degree_hours_hour_by_hour(building_site, surroundings, number):
    instants = list(hours_of(number))
    outdoor = [surroundings.weather.outdoor_c[hour_of_typical_year(now)] for now in instants]
    below = [
        max(0.0, school_set_c(now) - 5.5 - felt)
        for now, felt in zip(instants, felt_c(outdoor), strict=True)
    ]
    loss = 110.0 * 3000.0 / sum(below)
    site = building_site("school", year=number)
    load = space_heat(site, surroundings, number)
    assert load.heat_kw.tolist() == pytest.approx([loss * k for k in below], abs=1e-9)
    assert load.heat_kw_max == load.heat_kw.max()
    assert body(site, surroundings).loss_kw_per_k == pytest.approx(loss)


def test_a_room_hour_by_hour(building_site, surroundings):
    """The heat that ends the hour at the set temperature, lived through two years of the same."""
    site = building_site("school", method="room", loss_w_per_k=9000.0)
    instants = list(hours_of(2026))
    outdoor = [surroundings.weather.outdoor_c[hour_of_typical_year(now)] for now in instants]
    design_c = float(np.percentile(surroundings.weather.outdoor_c, 0.4))
    loss, capacity, gains = 9.0, 3000.0 * 260.0 / 3600.0, 5.5 * 9.0
    most = 2.0 * loss * (20.0 - design_c)
    kept = math.exp(-loss / capacity)
    indoor = 17.0
    for _ in range(2):
        heats, temperatures = [], []
        for now, out in zip(instants, outdoor, strict=True):
            rest = (school_set_c(now) - indoor * kept) / (1.0 - kept)
            heat = min(most, max(0.0, loss * (rest - out) - gains))
            rest = out + (gains + heat) / loss
            indoor = rest + (indoor - rest) * kept
            heats.append(heat)
            temperatures.append(indoor)
    load = space_heat(site, surroundings)
    assert load.heat_kw.tolist() == pytest.approx(heats, abs=1e-6)
    assert load.heat_kw_max == pytest.approx(most)
    # Every taught hour but the morning's first few is at 20 °C.
    taught = [c for now, c in zip(instants, temperatures, strict=True) if school_set_c(now) == 20.0]
    assert sum(c >= 20.0 - 1e-9 for c in taught) > 0.8 * len(taught)


def test_a_profile_day_by_day(building_site, surroundings):
    """BDEW's sigmoid without its hot water, by the days and hours of the local clock."""
    site = building_site("office", method="profile")
    profile = surroundings.load_profiles["public"]
    sigmoid = profile.sigmoid
    days: dict[date, list[datetime]] = {}
    for now in hours_of(2026):
        days.setdefault(now.astimezone(ROME).date(), []).append(now)
    means = [
        sum(surroundings.weather.outdoor_c[hour_of_typical_year(now)] for now in hours) / len(hours)
        for hours in days.values()
    ]
    raw = []
    for index, (day, hours) in enumerate(days.items()):
        weights = ((0, 1.0), (1, 0.5), (2, 0.25), (3, 0.125))
        felt = sum(weight * means[index - back] for back, weight in weights) / 1.875
        factor = sigmoid.a / (1.0 + (sigmoid.b / (felt - 40.0)) ** sigmoid.c)
        band = min(9, max(0, math.ceil(felt / 5.0) + 3))
        local = [now.astimezone(ROME).hour for now in hours]
        shares = [profile.hour_share[day.weekday(), hour, band] for hour in local]
        of_day = factor * profile.weekday_factor[day.weekday()]
        raw += [of_day * share / sum(shares) for share in shares]
    load = space_heat(site, surroundings)
    scale = 85.0 * 3000.0 / sum(raw)
    assert load.heat_kw.tolist() == pytest.approx([scale * share for share in raw], rel=1e-9)


# --- How much


@pytest.mark.parametrize(
    ("kind", "method"), list(product(BUILDING_BY_KIND, ("degree hours", "room", "profile")))
)
@pytest.mark.parametrize("number", [2026, 2028])
def test_the_year_takes_what_the_file_says(building_site, surroundings, kind, method, number):
    site = building_site(kind, method=method, year=number)
    expected = BUILDING_BY_KIND[kind]["space_heat_kwh_per_m2"]
    load = space_heat(site, surroundings, number)
    assert load.heat_kw.sum() / 3000.0 == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("method", ["degree hours", "room", "profile"])
def test_another_year_than_the_planned_one_takes_nearly_as_much(
    building_site, surroundings, method
):
    """The building stays as it is; weekdays move against the weather, and 2028 is a day longer."""
    site = building_site("school", method=method)
    planned, other = (
        space_heat(site, surroundings, number).heat_kw.sum() for number in (2026, 2028)
    )
    assert other != planned
    assert other == pytest.approx(planned, rel=0.02)


@pytest.mark.parametrize("method", ["degree hours", "room", "profile"])
def test_a_warmer_climate_needs_less_of_the_same_building(
    building_site, around, weather_of, method
):
    today = weather_of("Berlin")
    warmer = replace(today, outdoor_c=today.outdoor_c + 2.0)
    now, then = building_site(method=method), building_site(method=method, warming_k=2.0)
    assert body(then, around(warmer)).loss_kw_per_k == pytest.approx(
        body(now, around(today)).loss_kw_per_k
    )
    less = space_heat(then, around(warmer)).heat_kw.sum()
    assert 0.6 < less / space_heat(now, around(today)).heat_kw.sum() < 0.9


def test_a_known_loss_goes_before_a_years_heat(building_site, surroundings):
    known = building_site(loss_w_per_k=6000.0, space_heat_kwh_per_m2=1.0)
    assert body(known, surroundings).loss_kw_per_k == 6.0
    by_degrees = space_heat(known, surroundings).heat_kw.sum()
    by_profile = space_heat(
        building_site(loss_w_per_k=6000.0, method="profile"), surroundings
    ).heat_kw.sum()
    assert by_profile == pytest.approx(by_degrees)


def test_a_building_without_space_heat_gives_no_such_load(building_site, surroundings):
    site = building_site(space_heat_kwh_per_m2=0.0)
    names = [load.name for load in loads_on(site, surroundings, JULY, step=HOUR)]
    assert names == ["Main: hot water", "Main: circulation"]


JULY = Period(datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC))


@pytest.mark.parametrize("method", ["degree hours", "room", "profile"])
def test_weather_without_cold_gives_a_load_of_nought(building_site, around, piedmont, method):
    tropics = around(replace(piedmont, outdoor_c=np.full(8760, 27.0)))
    load = space_heat(building_site(method=method), tropics)
    assert load.heat_kw.sum() == 0.0
    assert (load.supply_c > load.return_c).all()


def test_emitters_bound_what_a_room_gets(building_site, surroundings):
    site = building_site(method="room", heat_kw_rated=300.0)
    load = space_heat(site, surroundings)
    assert load.heat_kw_max == 300.0
    assert load.heat_kw.sum() / 3000.0 == pytest.approx(110.0, rel=1e-3)


def test_emitters_too_small_for_the_years_heat_give_what_they_can(building_site, surroundings):
    """20 kW all year are 175 MWh of the 330 asked: the loss is then what degree hours tell."""
    site = building_site(method="room", heat_kw_rated=20.0)
    by_degrees = body(building_site(), surroundings).loss_kw_per_k
    assert body(site, surroundings).loss_kw_per_k == by_degrees
    assert space_heat(site, surroundings).heat_kw_max == 20.0


# --- When


def test_holidays_and_nights_are_set_back(building_site, surroundings):
    site = building_site(loss_w_per_k=9000.0)
    load = space_heat(site, surroundings)
    instants = list(hours_of(2026))
    outdoor = [surroundings.weather.outdoor_c[hour_of_typical_year(now)] for now in instants]
    felt = felt_c(outdoor)

    def heat_at(day: date, hour: int) -> tuple[float, float]:
        moment = datetime.combine(day, time(hour), tzinfo=ROME)
        index = instants.index(moment.astimezone(UTC))
        return float(load.heat_kw[index]), felt[index]

    for day, hour, balance_c in (
        (date(2026, 1, 15), 10, 14.5),
        (date(2026, 1, 15), 6, 10.5),
        (date(2026, 1, 15), 17, 10.5),
        (date(2026, 1, 17), 10, 10.5),
        (date(2026, 2, 17), 10, 10.5),
        (date(2026, 12, 28), 10, 10.5),
        (date(2026, 1, 2), 10, 10.5),
    ):
        heat_kw, felt_now = heat_at(day, hour)
        assert heat_kw == pytest.approx(9.0 * max(0.0, balance_c - felt_now), abs=1e-9), day


def test_use_follows_the_wall_clock_over_the_change_of_clocks(building_site, around, piedmont):
    """In a cold that stays the first hour of use is 7 o'clock, whatever that is in UTC."""
    cold = around(replace(piedmont, outdoor_c=np.zeros(8760)))
    site = building_site("office")
    friday = Period(datetime(2026, 3, 27, tzinfo=ROME), datetime(2026, 3, 28, tzinfo=ROME))
    monday = Period(datetime(2026, 3, 30, tzinfo=ROME), datetime(2026, 3, 31, tzinfo=ROME))
    for day in (friday, monday):
        load, *_ = loads_on(site, cold, day, step=HOUR)
        warm = load.heat_kw == load.heat_kw.max()
        assert warm.tolist() == [7 <= hour < 19 for hour in range(24)]


def test_set_back_never_goes_down_to_frost(building_site, around, piedmont):
    cold = around(replace(piedmont, outdoor_c=np.full(8760, -20.0)))
    load = space_heat(building_site(loss_w_per_k=1000.0, setback_k=30.0), cold)
    assert load.heat_kw.min() == pytest.approx(5.0 - 5.5 + 20.0)
    assert load.heat_kw.max() == pytest.approx(20.0 - 5.5 + 20.0)


def test_holidays_count_as_sundays_in_a_profile(building_site, around, piedmont):
    same = around(replace(piedmont, outdoor_c=np.full(8760, 3.0)))
    heat_kw = space_heat(building_site("school", method="profile"), same).heat_kw
    days = heat_kw[24 * 4 : 24 * 60].reshape(-1, 24).sum(axis=1)
    # 5 January 2026 is a Monday; from 14 to 20 February there is no school.
    monday, sunday, holiday = days[0], days[6], days[42]
    assert monday > sunday
    assert holiday == pytest.approx(sunday)


def test_a_profile_has_no_hot_water_in_it(building_site, around, piedmont):
    summer = np.where(np.arange(8760) < 4380, 0.0, 30.0)
    warm = around(replace(piedmont, outdoor_c=summer))
    for kind in BUILDING_BY_KIND:
        heat_kw = space_heat(building_site(kind, method="profile"), warm).heat_kw
        assert heat_kw[6000:8000].sum() < 0.001 * heat_kw.sum()


def test_a_room_begins_the_year_as_it_ends_it(building_site, surroundings):
    """A week over new year asked alone is that week of both years."""
    site = building_site("housing block", method="room", mass="very heavy")
    new_year = datetime(2027, 1, 1, tzinfo=ROME)
    week = Period(new_year - timedelta(days=3), new_year + timedelta(days=4))
    load, *_ = loads_on(site, surroundings, week, step=HOUR)
    assert load.heat_kw[72] == pytest.approx(load.heat_kw[71], abs=0.1 * load.heat_kw_max)


# --- How warm


def test_water_is_the_design_point_on_the_coldest_day_and_cooler_when_mild(
    building_site, around, piedmont
):
    outdoor_c = np.repeat(np.linspace(-20.0, 30.0, 365), 24)
    surroundings = around(replace(piedmont, outdoor_c=outdoor_c))
    load = space_heat(building_site("housing block", outdoor_c_design=-8.0), surroundings)
    assert load.supply_c.max() == pytest.approx(70.0)
    assert load.return_c.max() == pytest.approx(55.0)
    steady = slice(24 * 5, 8760)
    assert (np.diff(load.supply_c[steady]) <= 1e-9).all()
    # At a tenth of the load the curve ends: EN 442 backwards.
    spread_k = load.supply_c[-1] - load.return_c[-1]
    excess_k = spread_k / math.log((load.supply_c[-1] - 20.0) / (load.return_c[-1] - 20.0))
    assert spread_k == pytest.approx(1.5)
    assert (excess_k / (15.0 / math.log(50.0 / 35.0))) ** 1.3 == pytest.approx(0.1)


def test_radiators_give_the_heat_at_their_water(building_site, surroundings):
    """In use a school's flow is its design flow: heat over spread is the same at every load."""
    load = space_heat(building_site("care home"), surroundings)
    asked = load.heat_kw > 0.15 * load.heat_kw_max
    below_design = load.supply_c < 69.999
    flow = load.heat_kw / (load.supply_c - load.return_c)
    steady = flow[asked & below_design]
    assert steady.min() == pytest.approx(steady.max())


def test_water_goes_by_the_weather_and_not_by_the_hours_of_use(building_site, surroundings):
    always = space_heat(building_site("care home", set_c=20.0), surroundings)
    taught = space_heat(building_site("school"), surroundings)
    assert taught.supply_c.tolist() == always.supply_c.tolist()
    assert taught.return_c.tolist() == always.return_c.tolist()


def test_a_room_that_is_warmed_up_has_warmer_water(building_site, surroundings):
    steady = space_heat(building_site(), surroundings)
    warmed = space_heat(building_site(method="room"), surroundings)
    assert (warmed.supply_c >= steady.supply_c - 1e-9).all()
    boosted = warmed.heat_kw > 0.99 * warmed.heat_kw_max
    assert boosted.any()
    assert warmed.supply_c[boosted] == pytest.approx(70.0)
    assert warmed.supply_c.max() == pytest.approx(70.0)


def test_a_room_too_warm_for_its_radiators_is_not_asked_of_them(building_site, surroundings):
    floor = {"supply_c_design": 35.0, "return_c_design": 28.0, "exponent": 1.1}
    load = space_heat(building_site("small hospital", set_c=30.0, emitter=floor), surroundings)
    assert load.supply_c.max() == pytest.approx(35.0)
    assert (load.supply_c > load.return_c).all()


# --- Against published figures


@pytest.mark.parametrize(
    ("city", "zone", "design_c", "hours"),
    [
        ("London Gatwick", "Europe/London", -4.4, 2505),
        ("Paris Orly", "Europe/Paris", -4.0, 2396),
        ("Frankfurt", "Europe/Berlin", -6.1, 2575),
        ("Stockholm Arlanda", "Europe/Stockholm", -12.8, 2913),
        ("Helsinki", "Europe/Helsinki", -18.6, 2730),
    ],
)
def test_full_load_hours_are_those_of_the_place(
    building_site, around, weather_of, city, zone, design_c, hours
):
    """24 degree days below 15.5 °C over the design difference, from the station's own file.

    Hours find more to heat than daily means do, since afternoons above the balance point give
    nothing back to the night: 1 to 4 %.
    """
    site = building_site("care home", zone=zone, set_c=21.0, gains_k=5.5, outdoor_c_design=design_c)
    load = space_heat(site, around(weather_of(city)))
    loss = body(site, around(weather_of(city))).loss_kw_per_k
    found = load.heat_kw.sum() / (loss * (15.5 - design_c))
    assert 0.0 < found / hours - 1.0 < 0.04
