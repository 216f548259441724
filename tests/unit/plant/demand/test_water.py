"""Hot water: litres by the day of use, hours by the wall clock, and a store's weekly cycle."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from exotherm.core.period import Period, local_midnight
from exotherm.physics.hot_water import draw_shares_percent
from exotherm.plant.demand import loads_on
from exotherm.plant.demand.water import preheat_c
from exotherm.plant.demand.year import period_of_year

HOUR = timedelta(hours=1)
ROME = ZoneInfo("Europe/Rome")
# 983.2 kg of 60 °C in a cubic metre, 4.18 kJ/(kg K).
KWH_PER_LITRE_K = 0.98320 * 4.18 / 3600.0
SCHOOL_HOLIDAYS_2026 = (
    ("2026-01-01", "2026-01-04"), ("2026-02-14", "2026-02-20"), ("2026-04-03", "2026-04-17"),
    ("2026-05-26", "2026-06-01"), ("2026-07-20", "2026-09-01"), ("2026-10-24", "2026-10-31"),
    ("2026-12-20", "2026-12-31"),
)  # fmt: skip


def named(site, surroundings, name, period=None):
    period = period or period_of_year(site.zone, 2026)
    loads = loads_on(site, surroundings, period, step=HOUR)
    return next(load for load in loads if load.name == f"Main: {name}")


def day_in(zone, day):
    return Period(local_midnight(day, zone), local_midnight(day + timedelta(days=1), zone))


def cold_c(day: date) -> float:
    """Give the cold water of a day: 10 ± 4 °C, coldest on the 46th of a year of 365."""
    number = (date(2025, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)).timetuple()
    return float(10.0 - 4.0 * np.cos(2.0 * np.pi * (number.tm_yday - 1 - 45) / 365.0))


def school_day(day: date) -> bool:
    holidays = (tuple(map(date.fromisoformat, span)) for span in SCHOOL_HOLIDAYS_2026)
    return day.weekday() < 5 and not any(first <= day <= last for first, last in holidays)


def days_of(number):
    first = date(number, 1, 1)
    return [first + timedelta(days=n) for n in range((date(number + 1, 1, 1) - first).days)]


# --- Draws


def test_a_year_of_a_school_by_hand(building_site, surroundings):
    """0.9 l per m² on 192 days, each warmed from that day's cold water to 60 °C."""
    days = [day for day in days_of(2026) if school_day(day)]
    expected = sum(2700.0 * (60.0 - cold_c(day)) * KWH_PER_LITRE_K for day in days)
    load = named(building_site("school"), surroundings, "hot water")
    assert len(days) == 192
    assert load.heat_kw.sum() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("number", [2026, 2028])
def test_a_year_of_flats_by_hand(building_site, surroundings, number):
    expected = sum(2700.0 * (60.0 - cold_c(day)) * KWH_PER_LITRE_K for day in days_of(number))
    site = building_site("housing block", year=number)
    load = named(site, surroundings, "hot water", period_of_year(ROME, number))
    assert load.heat_kw.sum() == pytest.approx(expected, rel=1e-5)


def test_the_hours_are_those_of_the_standard(building_site, surroundings):
    site = building_site("care home")
    for day in (date(2026, 1, 14), date(2026, 7, 15)):
        load = named(site, surroundings, "hot water", day_in(ROME, day))
        shares = np.array(draw_shares_percent("home for elderly"))
        assert load.heat_kw / load.heat_kw.sum() == pytest.approx(shares / shares.sum())
        assert int(load.heat_kw.argmax()) == 7


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_day_of_23_or_25_hours_draws_as_much_and_by_the_wall_clock(
    building_site, surroundings, day, hours
):
    period = day_in(ROME, day)
    load = named(building_site("housing block"), surroundings, "hot water", period)
    assert load.heat_kw.size == hours
    whole = 2700.0 * (60.0 - cold_c(day)) * KWH_PER_LITRE_K
    assert load.heat_kw.sum() == pytest.approx(whole, rel=1e-5)
    clock = [(period.start + n * HOUR).astimezone(ROME).hour for n in range(hours)]
    assert clock[int(load.heat_kw.argmax())] == 8
    by_clock = [draw_shares_percent("apartment")[hour] for hour in clock]
    assert load.heat_kw == pytest.approx(whole * np.array(by_clock) / sum(by_clock), rel=1e-5)


@pytest.mark.parametrize("profile", ["working day", "opening hours"])
def test_draws_may_be_spread_over_the_hours_of_use(building_site, surroundings, profile):
    site = building_site("office", draw_profile=profile)
    load = named(site, surroundings, "hot water", day_in(ROME, date(2026, 6, 3)))
    drawn = load.heat_kw > 0.0
    assert drawn.tolist() == [7 <= hour < 19 for hour in range(24)]
    assert load.heat_kw[drawn].min() == pytest.approx(load.heat_kw_max, rel=0.2)
    assert np.ptp(load.heat_kw[drawn]) < 1e-9


@pytest.mark.parametrize("day", [date(2026, 6, 6), date(2026, 8, 12), date(2026, 12, 24)])
@pytest.mark.parametrize("profile", ["apartment", "opening hours"])
def test_nothing_is_drawn_when_nobody_is_there(building_site, surroundings, day, profile):
    """A Saturday, the summer holidays, and those that pass new year."""
    site = building_site("school", draw_profile=profile)
    assert named(site, surroundings, "hot water", day_in(ROME, day)).heat_kw.sum() == 0.0


def test_a_building_that_never_opens_draws_nothing(building_site, surroundings):
    shut = [{"opens_at": 8, "closes_at": 8}]
    load = named(building_site("office", opening=shut), surroundings, "hot water")
    assert load.heat_kw.sum() == 0.0
    assert (load.supply_c > load.return_c).all()


def test_litres_are_of_60_degrees_whatever_the_store_has(building_site, surroundings):
    """People mix what they draw: cooler hot water is drawn in larger litres, for the same heat."""
    sixty = named(building_site("care home"), surroundings, "hot water")
    cooler = named(
        building_site("care home", hot_water_c=52.0, circulation_return_c=47.0),
        surroundings,
        "hot water",
    )
    assert cooler.heat_kw.tolist() == sixty.heat_kw.tolist()
    assert set(cooler.supply_c.tolist()) == {52.0}


def test_it_comes_back_as_cold_as_the_mains(building_site, surroundings):
    site = building_site("care home")
    for day in (date(2026, 2, 15), date(2026, 8, 16)):
        load = named(site, surroundings, "hot water", day_in(ROME, day))
        assert load.supply_c.tolist() == [60.0] * 24
        assert load.return_c.tolist() == pytest.approx([cold_c(day)] * 24)


def test_mains_warmer_than_the_hot_water_need_no_heat_and_stay_below_it(
    building_site, surroundings
):
    site = building_site(
        "care home",
        hot_water_c=30.0,
        circulation_return_c=25.0,
        mains_c_mean=39.0,
        mains_k_swing=40.0,
    )
    load = named(site, surroundings, "hot water")
    assert load.heat_kw.min() == 0.0
    assert (load.return_c <= 29.0).all()


# --- Circulation


def test_circulation_is_the_same_all_year_holidays_included(building_site, surroundings):
    """0.04 m per m² of 3,000 m² are 120 m of 10 W."""
    load = named(building_site("school"), surroundings, "circulation")
    assert load.heat_kw.tolist() == pytest.approx([1.2] * 8760)
    assert load.heat_kw_max == pytest.approx(1.2)
    assert set(load.supply_c.tolist()) == {60.0}
    assert set(load.return_c.tolist()) == {55.0}


def test_a_building_without_hot_water_has_no_such_loads(building_site, surroundings):
    site = building_site(hot_water_l_per_m2_day=0.0, circulation_m_per_m2=0.0)
    week = Period(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC))
    loads = loads_on(site, surroundings, week, step=HOUR)
    assert [load.name for load in loads] == ["Main: space heat"]


# --- The weekly cycle


@pytest.fixture(scope="module")
def stored(building_site, surroundings):
    """Give a care home's hot water with a preheat store of 2 m³, and without."""
    with_store = named(building_site("care home", preheat_store_m3=2.0), surroundings, "hot water")
    return with_store, named(building_site("care home"), surroundings, "hot water")


def test_the_cycle_adds_no_heat_to_the_year(stored):
    with_store, without = stored
    assert with_store.heat_kw.sum() == pytest.approx(without.heat_kw.sum(), rel=1e-12)
    assert with_store.heat_kw.min() == 0.0


def test_the_cycle_hour_by_hour(building_site, stored):
    """A ledger in plain Python: lifted on Mondays at 2, then drawn from until used up."""
    with_store, without = stored
    lift = 2000.0 * (60.0 - 35.0) * KWH_PER_LITRE_K
    assert preheat_c(building_site("care home").buildings[0]) == 35.0
    start = period_of_year(ROME, 2026).start
    clock = [(start + n * HOUR).astimezone(ROME) for n in range(8760)]
    in_store = 0.0
    for _ in range(2):
        heats = []
        for now, drawn in zip(clock, without.heat_kw, strict=True):
            heat = 0.0
            if now.weekday() == 0 and now.hour == 2:
                heat = lift - in_store
                in_store = lift
            from_store = min(drawn, in_store)
            in_store -= from_store
            heats.append(heat + drawn - from_store)
    assert with_store.heat_kw.tolist() == pytest.approx(heats, rel=1e-4)
    assert sum(heat > 0.9 * lift for heat in heats) == 52


def test_in_its_hour_the_water_comes_back_from_the_store(stored):
    with_store, without = stored
    start = period_of_year(ROME, 2026).start
    clock = [(start + n * HOUR).astimezone(ROME) for n in range(8760)]
    for now, back, mains in zip(clock, with_store.return_c, without.return_c, strict=True):
        if now.weekday() == 0 and now.hour == 2:
            # 0.4 % of a day is drawn in that hour too, but from the store.
            assert back == pytest.approx(35.0)
        else:
            assert back == mains


def test_a_store_that_nobody_draws_from_stays_hot(building_site, surroundings):
    """In the summer holidays a school's store is lifted once and then lacks nothing."""
    site = building_site("school", preheat_store_m3=1.0)
    summer = Period(datetime(2026, 7, 20, tzinfo=ROME), datetime(2026, 9, 1, tzinfo=ROME))
    load = named(site, surroundings, "hot water", summer)
    assert (load.heat_kw > 0.0).sum() == 1
