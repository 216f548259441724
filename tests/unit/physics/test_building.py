import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.physics.building import (
    CAPACITY_KJ_PER_M2K,
    balance_c,
    capacity_kwh_per_k,
    degree_heat_kw,
    degree_hours_kh,
    full_load_hours,
    heat_to_reach_kw,
    lagged_outdoor_c,
    loss_of_year_kw_per_k,
    room_end_c,
    simulate_room,
)

HOURS = np.arange(8760)
OUTDOOR_C = 8 - 9 * np.cos(2 * np.pi * HOURS / 8760) + 4 * np.sin(2 * np.pi * HOURS / 24)


def test_a_building_remembers_three_days():
    daily_c = np.zeros(365)
    daily_c[10] = 18.75
    felt_c = lagged_outdoor_c(daily_c, steps_per_day=1)
    assert list(felt_c[9:15]) == pytest.approx([0.0, 10.0, 5.0, 2.5, 1.25, 0.0])


@pytest.mark.parametrize("per_day", [1, 24, 96])
def test_memory_keeps_the_mean_of_the_year(per_day):
    outdoor_c = np.random.default_rng(1).normal(8, 7, 365 * per_day)
    felt_c = lagged_outdoor_c(outdoor_c, steps_per_day=per_day)
    assert felt_c.mean() == pytest.approx(outdoor_c.mean())
    assert felt_c.std() < outdoor_c.std()


def test_hours_are_remembered_as_their_days_are():
    """Weighing hours and then taking the day's mean is weighing the days' means."""
    by_hours = lagged_outdoor_c(OUTDOOR_C, steps_per_day=24).reshape(365, 24).mean(axis=1)
    by_days = lagged_outdoor_c(OUTDOOR_C.reshape(365, 24).mean(axis=1), steps_per_day=1)
    assert by_hours == pytest.approx(by_days)


def test_heat_is_needed_below_the_balance_point_only():
    """20 °C set, 1 kW of gains, 0.2 kW/K: gains carry 5 K, so heat begins below 15 °C."""
    balance = balance_c(20.0, gains_kw=1.0, loss_kw_per_k=0.2)
    assert balance == pytest.approx(15.0)
    heat_kw = degree_heat_kw(np.array([-10.0, 14.0, 15.0, 30.0]), balance_c=15.0, loss_kw_per_k=0.2)
    assert list(heat_kw) == pytest.approx([5.0, 0.2, 0.0, 0.0])


def test_the_loss_of_a_year_gives_the_year_back():
    hours_kh = degree_hours_kh(OUTDOOR_C, balance_c=15.0)
    loss = loss_of_year_kw_per_k(100_000.0, degree_hours_kh=hours_kh)
    heat_kw = degree_heat_kw(OUTDOOR_C, balance_c=15.0, loss_kw_per_k=loss)
    assert heat_kw.sum() == pytest.approx(100_000.0)
    quarters = np.repeat(OUTDOOR_C, 4)
    assert degree_hours_kh(quarters, balance_c=15.0, step_h=0.25) == pytest.approx(hours_kh)


def test_hours_of_use_may_move_the_balance_point():
    school = np.where((HOURS % 24 >= 6) & (HOURS % 24 < 16), 15.0, 10.0)
    always = degree_hours_kh(OUTDOOR_C, balance_c=15.0)
    assert 0.3 * always < degree_hours_kh(OUTDOOR_C, balance_c=school) < always


def test_full_load_hours_of_a_year_at_design_load():
    """A year at the design temperature for d days has 24 d full-load hours."""
    assert full_load_hours(25.0 * 100, balance_c=15.0, design_c=-10.0) == pytest.approx(2400)


# --- One room


def test_a_room_cools_exponentially():
    """0.2 kW/K and 10 kWh/K: 50 h of time constant; from 20 °C at 0 °C, 20 e^-1 after them."""
    assert room_end_c(20.0, 0.0, 0.2, 10.0, 50.0) == pytest.approx(20 * math.exp(-1))


@given(
    start_c=st.floats(5, 30),
    end_c=st.floats(5, 30),
    outdoor_c=st.floats(-30, 30),
    gains_kw=st.floats(0, 20),
    loss=st.floats(0.05, 5),
    capacity=st.floats(1, 500),
    step_h=st.floats(0.1, 24),
)
@settings(deadline=None)
def test_the_heat_to_reach_a_temperature_reaches_it(
    start_c, end_c, outdoor_c, gains_kw, loss, capacity, step_h
):
    heat_kw = heat_to_reach_kw(start_c, end_c, outdoor_c, gains_kw, loss, capacity, step_h)
    rest_c = outdoor_c + (heat_kw + gains_kw) / loss
    assert room_end_c(start_c, rest_c, loss, capacity, step_h) == pytest.approx(end_c, abs=1e-6)


def room(**others):
    given = {
        "outdoor_c": OUTDOOR_C,
        "gains_kw": np.full(8760, 1.0),
        "set_c": np.full(8760, 20.0),
        "loss_kw_per_k": 0.2,
        "capacity_kwh_per_k": 10.0,
        "heat_kw_max": 10.0,
    }
    return simulate_room(**(given | others))


def test_energy_of_a_room_closes_over_the_year():
    """Heat and gains are what is lost at the mean of each step, which is exact too, and kept."""
    lived = room()
    rest_c = OUTDOOR_C + (1.0 + lived.heat_kw) / 0.2
    start_c = np.concatenate(([20.0], lived.indoor_c[:-1]))
    mean_c = rest_c - (lived.indoor_c - start_c) * 10.0 / 0.2
    lost_kwh = 0.2 * (mean_c - OUTDOOR_C)
    kept_kwh = 10.0 * (lived.indoor_c - start_c)
    assert lived.heat_kw + 1.0 == pytest.approx(lost_kwh + kept_kwh, abs=1e-9)


def test_a_room_at_constant_temperature_is_its_degree_hours():
    lived = room(outdoor_c=np.minimum(OUTDOOR_C, 14.0))
    wanted_kw = degree_heat_kw(np.minimum(OUTDOOR_C, 14.0), balance_c=15.0, loss_kw_per_k=0.2)
    assert lived.indoor_c == pytest.approx(np.full(8760, 20.0))
    assert lived.heat_kw == pytest.approx(wanted_kw)


def test_a_boiler_too_small_leaves_the_room_cold():
    lived = room(heat_kw_max=1.0)
    assert lived.heat_kw.max() == 1.0
    assert lived.indoor_c.min() < 15.0


def test_night_set_back_saves_and_peaks_in_the_morning():
    night = np.where((HOURS % 24 >= 22) | (HOURS % 24 < 6), 15.0, 20.0)
    saving = room(set_c=night, heat_kw_max=50.0)
    steady = room(heat_kw_max=50.0)
    assert 0.80 < saving.heat_kw.sum() / steady.heat_kw.sum() < 0.99
    assert HOURS[int(saving.heat_kw.argmax())] % 24 == 6
    assert saving.heat_kw.max() > 2 * steady.heat_kw.max()


def test_steps_of_any_length_give_the_same_free_temperature():
    """Without heat the step is exact, so an hour is four quarter-hours."""
    hourly = room(heat_kw_max=0.0)
    quarterly = room(
        outdoor_c=np.repeat(OUTDOOR_C, 4),
        gains_kw=np.full(35040, 1.0),
        set_c=np.full(35040, 20.0),
        heat_kw_max=0.0,
        step_h=0.25,
    )
    assert quarterly.indoor_c[3::4] == pytest.approx(hourly.indoor_c, abs=1e-9)


def test_mass_by_floor_area():
    """EN ISO 13790: a medium house of 100 m² has 165 kJ/(m²·K), 4.6 kWh/K."""
    assert capacity_kwh_per_k(100.0, CAPACITY_KJ_PER_M2K["medium"]) == pytest.approx(
        4.583, abs=0.001
    )
