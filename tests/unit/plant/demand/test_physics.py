"""What demand adds to physics, each function by itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.physics.building import loss_that_explains_kw_per_k, lowered_c, simulate_room_round
from exotherm.physics.diversity import even_out, means_of_days, simultaneity_frac
from exotherm.physics.hall_air import hall_air_kw
from exotherm.physics.hot_water import drawn_through_store_kw, spread_over_days
from exotherm.physics.load_profile import LoadProfile, Sigmoid, profile_heat_kw, space_heat_shape
from exotherm.physics.supply_curve import LEAST_SHARE, Radiators, heating_curve, radiator_water

HOURS = np.arange(8760)
OUTDOOR_C = 8 - 9 * np.cos(2 * np.pi * HOURS / 8760) + 4 * np.sin(2 * np.pi * HOURS / 24)
DAY = HOURS // 24


def test_set_back_ends_at_frost():
    assert lowered_c(20.0, setback_k=4.0) == 16.0
    assert lowered_c(20.0, setback_k=40.0) == 5.0
    assert lowered_c(3.0, setback_k=1.0) == 3.0


def test_a_room_that_lives_round_begins_as_it_ends():
    lived = simulate_room_round(
        OUTDOOR_C,
        np.zeros(8760),
        np.full(8760, 20.0),
        loss_kw_per_k=0.2,
        capacity_kwh_per_k=40.0,
        heat_kw_max=3.0,
    )
    # 200 h of time constant; energy closes over the year as nothing is stored.
    assert lived.heat_kw.sum() == pytest.approx(
        0.2 * (_means(lived.indoor_c, lived.heat_kw) - OUTDOOR_C).sum(), rel=1e-9
    )


def _means(indoor_c, heat_kw):
    """Give each hour's mean temperature exactly, from its beginning, its end and where it rests."""
    begin_c = np.roll(indoor_c, 1)
    rest_c = OUTDOOR_C + heat_kw / 0.2
    return rest_c - (indoor_c - begin_c) * 40.0 / 0.2


@given(st.floats(1e-3, 1e3), st.floats(0.5, 2.0), st.floats(0.1, 30.0))
def test_the_loss_that_explains_a_bent_year_is_found(loss, bend, guess):
    def heat_kwh_of(kw_per_k):
        return 1000.0 * kw_per_k**bend

    found = loss_that_explains_kw_per_k(heat_kwh_of(loss), heat_kwh_of, guess_kw_per_k=guess * loss)
    assert found is not None
    assert heat_kwh_of(found) == pytest.approx(heat_kwh_of(loss), rel=1e-6)


def test_heat_that_no_loss_explains_is_said_to_be_so():
    limited = loss_that_explains_kw_per_k(100.0, lambda _: 99.0, guess_kw_per_k=1.0)
    assert limited is None


@given(st.lists(st.floats(0, 100), min_size=48, max_size=48), st.integers(1, 500))
def test_evened_out_heat_is_the_same_heat_with_less_of_a_peak(heat, consumers):
    heat_kw, day = np.array(heat), np.repeat([0, 1], 24)
    evened = even_out(heat_kw, day, share_left=simultaneity_frac(consumers))
    assert means_of_days(evened, day) == pytest.approx(means_of_days(heat_kw, day))
    assert evened.max() <= heat_kw.max() + 1e-9
    assert evened.min() >= 0.0


def test_published_simultaneity():
    """The form of Winter, Haslauer and Obernberger by hand at n = c: a + b / 2."""
    assert simultaneity_frac(54) == pytest.approx(0.4497 + 0.5512 / 2.0, abs=0.002)
    assert simultaneity_frac(1) == 1.0


def test_a_day_without_weight_draws_nothing():
    weight = np.array([1.0, 3.0, 0.0, 0.0, 2.0, 0.0])
    spread = spread_over_days(100.0, weight, np.array([0, 0, 1, 1, 2, 2]))
    assert spread.tolist() == [25.0, 75.0, 0.0, 0.0, 100.0, 0.0]


@given(
    st.lists(st.floats(0, 20), min_size=24, max_size=24),
    st.sets(st.integers(0, 23), max_size=4),
    st.floats(0, 100),
)
def test_what_a_cycle_lifted_is_drawn_later(drawn, cycles, lift):
    drawn_kw, cycle_kw = np.array(drawn), np.zeros(24)
    cycle_kw[sorted(cycles)] = lift
    left_kw, lifted_kw = drawn_through_store_kw(drawn_kw, cycle_kw)
    assert left_kw.sum() + lifted_kw.sum() == pytest.approx(drawn_kw.sum(), abs=1e-9)
    assert (left_kw >= 0.0).all()
    assert (left_kw <= drawn_kw).all()
    assert (lifted_kw <= lift).all()
    assert (lifted_kw[cycle_kw == 0.0] == 0.0).all()


def test_a_heating_curve_has_a_foot_and_a_top():
    radiators = Radiators(supply_c_design=70.0, return_c_design=55.0)
    curve = heating_curve(np.array([0.0, LEAST_SHARE, 0.5, 1.0, 3.0]), radiators)
    plain = radiator_water(np.array([LEAST_SHARE, LEAST_SHARE, 0.5, 1.0, 1.0]), radiators)
    assert curve.supply_c.tolist() == plain.supply_c.tolist()
    assert (curve.supply_c > curve.return_c).all()


def test_a_profile_without_hot_water_is_the_whole_less_its_base():
    share = np.ones((7, 24, 10))
    share[:, 6, :3] = 3.0
    house = Sigmoid(a=3.0469695, b=-37.1833141, c=5.6727847, d=0.1163157)
    base = Sigmoid(a=3.0469695, b=-37.1833141, c=5.6727847, d=0.0)
    weekdays = (1.1, 1.0, 1.0, 1.0, 1.0, 0.9, 0.8)
    shares = share / share.sum(axis=1, keepdims=True)
    with_water, without = (
        LoadProfile(
            name="by rule", sigmoid=sigmoid, weekday_factor=weekdays, hour_share=shares, source="me"
        )
        for sigmoid in (house, base)
    )
    shape = space_heat_shape(OUTDOOR_C, with_water, day=DAY, hour=HOURS % 24, weekday=DAY % 7)
    whole = profile_heat_kw(OUTDOOR_C, without, first_weekday=0, heat_kwh=float(shape.sum()))
    assert shape.tolist() == pytest.approx(whole.tolist())


def test_hall_air_is_nothing_when_nothing_evaporates_and_nobody_is_there():
    steps = np.ones(3)
    heat_kw = hall_air_kw(
        5.0 * steps, 0.8 * steps, np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.5, 0.0]),
        2.0, 29.0, 0.6, 0.5,
    )  # fmt: skip
    assert heat_kw[0] == 0.0
    # 0.5 kg/s and at most 2 kg/s by 24 K, half of it recovered.
    assert heat_kw[1] == pytest.approx(0.5 * 1.006 * 24.0 * 0.5, rel=0.01)
    assert heat_kw[2] == pytest.approx(2.0 * 1.006 * 24.0 * 0.5, rel=0.01)
