import numpy as np
import pytest

from exotherm.physics.load_profile import (
    BANDS_C,
    LoadProfile,
    Sigmoid,
    band_of,
    profile_heat_kw,
    reference_c,
)

HOURS = np.arange(8760)
OUTDOOR_C = 9 - 9 * np.cos(2 * np.pi * HOURS / 8760) + 4 * np.sin(2 * np.pi * HOURS / 24)
HOUSE = Sigmoid(a=3.0469695, b=-37.1833141, c=5.6727847, d=0.1163157)


def profile(weekday_factor=(1.0,) * 7):
    share = np.ones((7, 24, 10))
    share[:, 6, :3] = 3.0
    return LoadProfile(
        name="by rule",
        sigmoid=HOUSE,
        weekday_factor=weekday_factor,
        hour_share=share / share.sum(axis=1, keepdims=True),
        source="made",
    )


@pytest.mark.parametrize(
    ("reference", "band"),
    [
        (-40, -15),
        (-15, -15),
        (-14.9, -10),
        (-0.1, 0),
        (0, 0),
        (0.1, 5),
        (25, 25),
        (25.1, 30),
        (50, 30),
    ],
)
def test_bands_hold_their_upper_end(reference, band):
    assert BANDS_C[int(band_of(np.array([float(reference)]))[0])] == band


def test_the_year_is_what_the_customer_used():
    heat_kw = profile_heat_kw(OUTDOOR_C, profile(), first_weekday=0, heat_kwh=25_000.0)
    assert heat_kw.sum() == pytest.approx(25_000.0)
    assert heat_kw.min() > 0


def test_days_follow_the_sigmoid_and_the_weekday():
    factor = (1.1, 1.0, 1.0, 1.0, 1.0, 0.9, 1.0)
    heat_kw = profile_heat_kw(OUTDOOR_C, profile(factor), first_weekday=5, heat_kwh=1.0)
    daily = heat_kw.reshape(365, 24).sum(axis=1)
    expected = HOUSE.daily_factor(reference_c(OUTDOOR_C))
    expected = expected * np.array([factor[(5 + day) % 7] for day in range(365)])
    assert daily / daily.sum() == pytest.approx(expected / expected.sum())


def test_hours_follow_the_band_of_the_day():
    heat_kw = profile_heat_kw(OUTDOOR_C - 15.0, profile(), first_weekday=0, heat_kwh=1.0)
    winter, summer = heat_kw[:24], heat_kw[4380:4404]
    assert winter[6] / winter[5] == pytest.approx(3.0)
    assert summer[6] / summer[5] == pytest.approx(1.0)


def test_heat_falls_with_the_temperature_and_ends_at_hot_water():
    reference = np.linspace(-30, 60, 500)
    factor = HOUSE.daily_factor(reference)
    assert np.isfinite(factor).all()
    assert (np.diff(factor) <= 0).all()
    assert factor[-1] == pytest.approx(HOUSE.d, abs=1e-6)
    assert HOUSE.hot_water_factor(reference) == pytest.approx(np.full(500, HOUSE.d))
