import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.physics.water import saturation_pressure_pa
from exotherm.physics.weather import (
    Climate,
    heating_degree_days_kd,
    synthetic_humidity_frac,
    synthetic_outdoor_c,
    to_utc,
)

MONTHS = np.repeat(np.arange(12), [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
ANYWHERE = Climate(
    mean_c=(2.0, 3.0, 6.0, 9.0, 14.0, 17.0, 19.0, 18.0, 15.0, 10.0, 6.0, 3.0),
    swing_k=(1.5, 2.0, 3.0, 4.0, 4.5, 4.5, 4.5, 4.0, 3.5, 3.0, 2.0, 1.5),
    sd_k=(3.5, 3.4, 3.0, 3.0, 2.9, 2.9, 2.8, 2.7, 2.6, 2.8, 3.3, 3.6),
)


def months_of(hours):
    return np.array([hours[np.repeat(MONTHS, 24) == month].mean() for month in range(12)])


def monthly(low, high):
    return st.tuples(*[st.floats(low, high)] * 12)


@settings(deadline=None, max_examples=40)
@given(
    mean_c=monthly(-30, 40),
    swing_k=monthly(0, 10),
    sd_k=monthly(0.1, 9),
    seed=st.integers(0, 2**32),
)
def test_every_month_has_its_exact_mean(mean_c, swing_k, sd_k, seed):
    climate = Climate(mean_c=mean_c, swing_k=swing_k, sd_k=sd_k)
    outdoor_c = synthetic_outdoor_c(climate, seed=seed)
    assert outdoor_c.shape == (8760,)
    assert np.isfinite(outdoor_c).all()
    assert months_of(outdoor_c) == pytest.approx(np.array(mean_c), abs=1e-9)


def test_every_month_scatters_as_it_should():
    """The days' standard deviation is the month's own, within what smoothing leaves."""
    for seed in range(5):
        daily_c = synthetic_outdoor_c(ANYWHERE, seed=seed).reshape(365, 24).mean(axis=1)
        for month in range(12):
            sd_k = daily_c[month == MONTHS].std(ddof=1)
            assert sd_k == pytest.approx(ANYWHERE.sd_k[month], abs=0.05)


def test_the_mean_day_swings_as_the_month_does_and_is_warmest_in_the_afternoon():
    years = [synthetic_outdoor_c(ANYWHERE, seed=seed) for seed in range(10)]
    hours = np.mean(years, axis=0)[np.repeat(MONTHS, 24) == 6].reshape(31, 24).mean(axis=0)
    first = np.fft.rfft(hours)[1] / 12
    assert np.abs(first) == pytest.approx(ANYWHERE.swing_k[6], rel=0.1)
    assert int(hours.argmax()) in {13, 14, 15}


def test_a_seed_is_a_year_and_another_seed_another():
    one, again, other = (synthetic_outdoor_c(ANYWHERE, seed=seed) for seed in (7, 7, 8))
    assert (one == again).all()
    assert not (one == other).all()


def test_the_made_year_stays_the_same_from_version_to_version():
    """Studies keep their seed; whoever changes the method changes these figures knowingly."""
    outdoor_c = synthetic_outdoor_c(ANYWHERE, seed=1)
    assert outdoor_c[[0, 1234, 8759]] == pytest.approx([4.108105, 4.865274, 4.143685], abs=1e-6)


def test_a_warmer_climate_is_warmer_month_by_month():
    warming_k = tuple(0.2 * month for month in range(12))
    warm = synthetic_outdoor_c(ANYWHERE, seed=1, warming_k=warming_k)
    calm = synthetic_outdoor_c(ANYWHERE, seed=1)
    assert months_of(warm) - months_of(calm) == pytest.approx(np.array(warming_k), abs=1e-9)
    assert heating_degree_days_kd(warm) < heating_degree_days_kd(calm)


@pytest.mark.parametrize("offset_h", [-8, -1, 0, 1, 12])
def test_the_clock_of_the_place_moves_the_afternoon(offset_h):
    local = synthetic_outdoor_c(ANYWHERE, seed=1)
    utc = synthetic_outdoor_c(ANYWHERE, seed=1, utc_offset_h=offset_h)
    assert (np.roll(utc, offset_h) == local).all()


@given(st.floats(-12, 14), st.integers(0, 8759))
@settings(deadline=None, max_examples=40)
def test_putting_hours_into_utc_keeps_their_sum(offset_h, at):
    local = np.zeros(8760)
    local[at] = 1.0
    utc = to_utc(local, utc_offset_h=offset_h)
    assert utc.sum() == pytest.approx(1.0)
    assert utc.min() >= 0


def test_humidity_keeps_the_dew_point_of_the_day():
    outdoor_c = synthetic_outdoor_c(ANYWHERE, seed=1) + 10.0
    humidity_frac = synthetic_humidity_frac(outdoor_c)
    assert humidity_frac.max() <= 1.0
    day = outdoor_c[4800:4824]
    pressure_pa = humidity_frac[4800:4824] * [saturation_pressure_pa(float(c)) for c in day]
    full = humidity_frac[4800:4824] == 1.0
    assert pressure_pa[~full] == pytest.approx(
        np.full((~full).sum(), 0.8 * saturation_pressure_pa(float(day.mean())))
    )


def test_degree_days_count_the_days_means():
    hours = np.tile([10.0, 20.0], 4380)
    assert heating_degree_days_kd(hours) == pytest.approx(0.5 * 365)
    assert heating_degree_days_kd(hours, base_c=12.0) == 0.0
