import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.physics.moist_air import SEA_LEVEL_PA, wet_bulb_c
from exotherm.physics.wet_cooler import (
    COOLER_KINDS,
    adiabatic_air_c,
    adiabatic_water_kgs,
    leaving_c,
    tower_water_kgs,
)


@settings(max_examples=300, deadline=None)
@given(st.floats(-10, 45), st.floats(0.05, 1), st.floats(0, 1))
def test_pads_leave_air_between_wet_and_dry_bulb(outdoor_c, humidity_frac, saturation_frac):
    wet_c = wet_bulb_c(outdoor_c, humidity_frac, SEA_LEVEL_PA)
    cooled_c = adiabatic_air_c(outdoor_c, wet_c, saturation_frac)
    assert wet_c - 1e-6 <= cooled_c <= outdoor_c
    assert adiabatic_water_kgs(5.0, outdoor_c, cooled_c) >= 0.0


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(COOLER_KINDS), st.floats(-10, 40), st.floats(0, 500), st.floats(0, 500))
def test_more_heat_leaves_warmer_coolant(kind, air_c, heat_kw, more_kw):
    little_c = leaving_c(air_c, heat_kw, 200.0, kind.approach_k)
    much_c = leaving_c(air_c, heat_kw + more_kw, 200.0, kind.approach_k)
    assert air_c <= little_c <= much_c


def test_pads_that_are_dry_cool_nothing():
    assert adiabatic_air_c(30.0, 20.0, 0.0) == 30.0
    assert adiabatic_water_kgs(5.0, 30.0, 30.0) == 0.0


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 1000), st.floats(1.5, 10), st.floats(0, 5))
def test_saltier_basins_need_less_water(heat_kw, concentration, more):
    fresh = tower_water_kgs(heat_kw, 30.0, concentration)
    assert 0.0 <= tower_water_kgs(heat_kw, 30.0, concentration + more) <= fresh


def test_a_tower_at_three_concentrations():
    """100 kW over 2430 kJ/kg, half as much again drained."""
    assert tower_water_kgs(100.0, 30.0, 3.0) == pytest.approx(100 / 2429.9 * 1.5, rel=1e-6)
