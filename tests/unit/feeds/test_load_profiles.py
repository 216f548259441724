import numpy as np
import pytest

from exotherm.feeds.load_profiles import load_profile

CUSTOMERS = ("single family", "multi family", "commerce", "public", "lodging")
LINEARISED = ("single family", "multi family", "commerce")
COLD_C, WARM_C = np.array([-10.0]), np.array([20.0])


@pytest.mark.parametrize("windy", [False, True])
@pytest.mark.parametrize("customer", CUSTOMERS)
def test_every_customer_has_a_profile(customer, windy):
    profile = load_profile(customer, windy=windy)
    assert profile.hour_share.shape == (7, 24, 10)
    assert profile.hour_share.sum(axis=1) == pytest.approx(np.ones((7, 10)))
    assert (profile.hour_share > 0).all()
    assert sum(profile.weekday_factor) == pytest.approx(7.0, abs=0.015)


@pytest.mark.parametrize("windy", [False, True])
@pytest.mark.parametrize("customer", LINEARISED)
def test_linearised_profiles_are_one_at_eight_degrees(customer, windy):
    """The publishers normalise them so; it holds to the seventh digit."""
    sigmoid = load_profile(customer, windy=windy, form="linearised").sigmoid
    assert sigmoid.daily_factor(np.array([8.0]))[0] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("form", ["sigmoid", "linearised"])
@pytest.mark.parametrize("customer", CUSTOMERS)
def test_wind_makes_cold_days_dearer_and_warm_days_cheaper(customer, form):
    if form == "linearised" and customer not in LINEARISED:
        with pytest.raises(KeyError):
            load_profile(customer, form=form)
        return
    calm = load_profile(customer, form=form).sigmoid
    windy = load_profile(customer, windy=True, form=form).sigmoid
    assert windy.daily_factor(COLD_C) > calm.daily_factor(COLD_C)
    assert windy.daily_factor(WARM_C) < calm.daily_factor(WARM_C)


def test_hot_water_is_part_of_a_warm_day_and_little_of_a_cold_one():
    for form in ("sigmoid", "linearised"):
        sigmoid = load_profile("single family", form=form).sigmoid
        share = sigmoid.hot_water_factor(WARM_C) / sigmoid.daily_factor(WARM_C)
        assert 0.5 < share[0] <= 1.0
        share = sigmoid.hot_water_factor(COLD_C) / sigmoid.daily_factor(COLD_C)
        assert share[0] < 0.08


def test_offices_rest_at_the_weekend_and_begin_in_the_morning():
    public = load_profile("public")
    assert min(public.weekday_factor) == public.weekday_factor[5]
    at_freezing = public.hour_share[0, :, 3]
    assert 4 <= int(at_freezing.argmax()) <= 8


def test_commerce_rests_on_sundays_and_not_on_mondays():
    """Its source begins with Sunday: trade's day sums are 1.03 on Monday and 0.94 on Sunday."""
    commerce = load_profile("commerce")
    assert (1.03, 0.93, 0.94) == (
        commerce.weekday_factor[0],
        commerce.weekday_factor[5],
        commerce.weekday_factor[6],
    )
    at_freezing = commerce.hour_share[:, 8, 3]
    assert at_freezing[:5].min() > at_freezing[6]
