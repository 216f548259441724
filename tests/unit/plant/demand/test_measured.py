"""A customer whose heat was measured: laid on any year, with the water that it asks."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from exotherm.core.period import Period, local_midnight
from exotherm.plant.demand import Acceptance, loads_on
from exotherm.plant.demand.year import period_of_year
from exotherm.site.series import HeatDemand

ROME = ZoneInfo("Europe/Rome")
QUARTER, HALF, HOUR = (timedelta(minutes=minutes) for minutes in (15, 30, 60))
BATHS = {"name": "Baths", "file": "baths.csv", "supply_c_design": 70.0, "return_c_design": 40.0}


def demand(number=2026, step=HOUR):
    """Number the steps of a year, so that each tells where it came from."""
    period = period_of_year(ROME, number)
    steps = period.duration // step
    return HeatDemand(
        start=period.start, step=step, heat_kw=np.arange(steps, dtype=float), source="counted"
    )


def load(site, surroundings, number=2026, step=HOUR):
    (found,) = loads_on(site, surroundings, period_of_year(site.zone, number), step=step)
    return found


def test_its_own_year_is_as_it_was_measured(site_with, around, piedmont):
    measured = demand()
    found = load(site_with(measured=[BATHS]), around(piedmont, measured))
    assert found.name == "Baths"
    assert found.acceptance is Acceptance.ANY_LIFT
    assert found.heat_kw.tolist() == measured.heat_kw.tolist()
    assert found.heat_kw_max == 8759.0


@pytest.mark.parametrize("measured_step", [QUARTER, HALF, HOUR])
@pytest.mark.parametrize("step", [QUARTER, HOUR, timedelta(minutes=1)])
def test_finer_and_coarser_steps_keep_the_heat(site_with, around, piedmont, measured_step, step):
    measured = demand(step=measured_step)
    found = load(site_with(measured=[BATHS]), around(piedmont, measured), step=step)
    assert found.heat_kw.sum() * (step / HOUR) == pytest.approx(measured.heat_kwh)
    if measured_step <= step:
        per_step = step // measured_step
        means = measured.heat_kw.reshape(-1, per_step).mean(axis=1)
        assert found.heat_kw.tolist() == pytest.approx(means.tolist())


def test_an_hour_between_hours_is_the_mean(site_with, around, piedmont):
    """Half past to half past: half of one hour, half of the next."""
    begin = period_of_year(ROME, 2026).start + HALF
    period = Period(begin, begin + 3 * HOUR)
    site, surroundings = site_with(measured=[BATHS]), around(piedmont, demand())
    (found,) = loads_on(site, surroundings, period, step=HOUR)
    assert found.heat_kw.tolist() == pytest.approx([0.5, 1.5, 2.5])


@pytest.mark.parametrize(
    ("measured", "asked", "day", "source_day"),
    [
        (2026, 2027, date(2027, 7, 1), date(2026, 7, 1)),
        (2026, 2028, date(2028, 2, 28), date(2026, 2, 28)),
        (2026, 2028, date(2028, 2, 29), date(2026, 2, 28)),
        (2026, 2028, date(2028, 3, 1), date(2026, 3, 1)),
        (2026, 2028, date(2028, 12, 31), date(2026, 12, 31)),
        (2028, 2026, date(2026, 2, 28), date(2028, 2, 28)),
        (2028, 2026, date(2026, 3, 1), date(2028, 3, 1)),
        (2028, 2032, date(2032, 2, 29), date(2028, 2, 29)),
    ],
)
def test_another_year_takes_the_same_days(
    site_with, around, piedmont, measured, asked, day, source_day
):
    site = site_with(measured=[BATHS])
    found = load(site, around(piedmont, demand(measured)), asked)

    def hours_before(moment: date) -> int:
        """Count in standard time, in which a year of Rome begins."""
        return (moment - date(moment.year, 1, 1)).days * 24

    at = hours_before(day)
    source = hours_before(source_day)
    assert found.heat_kw[at : at + 24].tolist() == list(range(source, source + 24))


def test_a_month_is_cut_out_of_its_year(site_with, around, piedmont):
    site, surroundings = site_with(measured=[BATHS]), around(piedmont, demand())
    month = Period(local_midnight(date(2026, 4, 1), ROME), local_midnight(date(2026, 5, 1), ROME))
    (found,) = loads_on(site, surroundings, month, step=HOUR)
    # 90 days, less the hour that the clocks were put forward by.
    assert found.heat_kw[0] == 90 * 24 - 1
    assert found.heat_kw_max == 8759.0


def test_its_water_is_always_as_warm_unless_it_follows_the_weather(site_with, around, weather_of):
    surroundings = around(weather_of("Berlin"), demand())
    constant = load(site_with(measured=[BATHS]), surroundings)
    assert set(constant.supply_c.tolist()) == {70.0}
    assert set(constant.return_c.tolist()) == {40.0}
    following = load(site_with(measured=[BATHS | {"follows_weather": True}]), surroundings)
    assert following.supply_c.max() == pytest.approx(70.0)
    assert following.return_c.max() == pytest.approx(40.0)
    assert following.supply_c.min() < 30.0
    assert (following.supply_c > following.return_c).all()
    milder = load(
        site_with(measured=[BATHS | {"follows_weather": True, "outdoor_c_design": -30.0}]),
        surroundings,
    )
    assert milder.supply_c.max() < 60.0


def test_water_that_comes_back_cooler_than_a_room_still_follows(site_with, around, weather_of):
    cool = {"supply_c_design": 30.0, "return_c_design": 15.0, "follows_weather": True}
    found = load(site_with(measured=[BATHS | cool]), around(weather_of("Berlin"), demand()))
    assert found.supply_c.max() == pytest.approx(30.0)
    assert (found.supply_c > found.return_c).all()


def test_each_customer_has_its_own_heat(site_with, around, piedmont):
    two = [BATHS, BATHS | {"name": "Laundry", "file": "laundry.csv"}]
    heat = demand()
    tenth = HeatDemand(start=heat.start, step=HOUR, heat_kw=0.1 * heat.heat_kw, source="less")
    site, surroundings = site_with(measured=two), around(piedmont, heat, tenth)
    baths, laundry = loads_on(site, surroundings, period_of_year(ROME, 2026), step=HOUR)
    assert (baths.name, laundry.name) == ("Baths", "Laundry")
    assert laundry.heat_kw == pytest.approx(0.1 * baths.heat_kw)
