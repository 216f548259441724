import numpy as np
import pytest

from exotherm.physics.hot_water import (
    DAILY_VOLUMES,
    circulation_kw,
    cold_water_c,
    draw_kw,
    draw_shares,
    hygiene_kw,
    split_at,
    warming_kwh,
)

HOUR = np.arange(8760) % 24
DAY = np.arange(8760) // 24
COLD_C = cold_water_c(DAY)


def test_warming_a_cubic_metre_by_fifty_kelvin():
    """983.2 kg of 60 °C, 4.18 kJ/(kg·K): 57.08 kWh."""
    assert float(warming_kwh(1000.0, cold_c=10.0, hot_c=60.0)) == pytest.approx(57.08, abs=0.01)
    assert float(warming_kwh(1000.0, cold_c=65.0, hot_c=60.0)) == 0.0


def test_a_ward_with_laundry_takes_what_the_standard_says():
    """88 l per bed and day of 60 °C from 10 °C are 5.0 kWh."""
    volume = DAILY_VOLUMES["health, with laundry"]
    heat_kw = draw_kw(volume.litres_max, "hospital", hour=HOUR[:24], cold_c=np.full(24, 10.0))
    assert volume.unit == "bed"
    assert heat_kw.sum() == pytest.approx(5.02, abs=0.01)
    assert int(heat_kw.argmax()) == 7


def test_a_year_of_draws_sums_to_its_volume():
    heat_kw = draw_kw(1000.0, "apartment", hour=HOUR, cold_c=COLD_C)
    assert heat_kw.sum() == pytest.approx(57.08 * 365, rel=1e-3)
    winter, summer = heat_kw[45 * 24 : 46 * 24].sum(), heat_kw[227 * 24 : 228 * 24].sum()
    assert winter / summer == pytest.approx(54 / 46, rel=1e-3)


def test_cold_water_is_coldest_in_february():
    daily_c = cold_water_c(np.arange(365))
    assert int(daily_c.argmin()) == 45
    assert daily_c.min() == pytest.approx(6.0)
    assert daily_c.max() == pytest.approx(14.0, abs=0.001)
    assert daily_c.mean() == pytest.approx(10.0)


def test_shares_are_a_whole_day():
    for profile in ("single family", "apartment", "home for elderly", "student residence"):
        assert draw_shares(profile).sum() == pytest.approx(1.0)


def test_a_loop_of_a_hundred_metres_loses_a_kilowatt():
    assert circulation_kw(100.0) == pytest.approx(1.0)
    assert circulation_kw(50.0, watts_per_metre=12.0) == pytest.approx(0.6)


def test_a_cool_source_preheats_and_the_rest_is_lifted():
    """45 °C into 60 °C water from 10 °C: 35 of 50 K, so 70 %."""
    split = split_at(np.array([10.0]), cold_c=np.array([10.0]), hot_c=60.0, preheat_c=45.0)
    assert split.preheat_kw[0] == pytest.approx(7.0)
    assert split.lift_kw[0] == pytest.approx(3.0)


@pytest.mark.parametrize(("preheat_c", "share"), [(5.0, 0.0), (60.0, 1.0), (80.0, 1.0)])
def test_a_source_gives_neither_less_than_nothing_nor_more_than_all(preheat_c, share):
    drawn_kw = draw_kw(1000.0, "hospital", hour=HOUR, cold_c=np.full(8760, 10.0))
    split = split_at(drawn_kw, cold_c=np.full(8760, 10.0), hot_c=60.0, preheat_c=preheat_c)
    assert split.preheat_kw.sum() == pytest.approx(share * drawn_kw.sum())
    assert split.preheat_kw + split.lift_kw == pytest.approx(drawn_kw)


def test_a_weekly_cycle_lifts_the_store_once_a_week():
    hour_of_week = np.arange(8760) % 168
    heat_kw = hygiene_kw(2.0, hour_of_week=hour_of_week, store_c=45.0, starts_at=2, hours=2)
    lift_kwh = float(warming_kwh(2000.0, cold_c=45.0, hot_c=60.0))
    assert lift_kwh == pytest.approx(34.2, abs=0.1)
    assert set(hour_of_week[heat_kw > 0]) == {2, 3}
    assert heat_kw[:168].sum() == pytest.approx(lift_kwh)
    assert hygiene_kw(2.0, hour_of_week=hour_of_week, store_c=60.0).sum() == 0.0


def test_a_cycle_may_run_over_the_end_of_the_week():
    heat_kw = hygiene_kw(1.0, hour_of_week=np.arange(168), store_c=50.0, starts_at=167, hours=2)
    assert list(np.flatnonzero(heat_kw)) == [0, 167]
