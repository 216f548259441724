import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.physics.boiler import (
    BOILER_KINDS,
    GROSS_PER_NET,
    at_return_frac,
    boiler_fuel_kw,
    district_heat_kw,
    gross_from_net_kwh,
    least_efficiency_frac,
    net_from_gross_kwh,
)

kinds = st.sampled_from(BOILER_KINDS)
ratings_kw = st.floats(4, 2000)
loads = st.floats(0, 1)


@settings(max_examples=300, deadline=None)
@given(kinds, ratings_kw, loads, loads, st.floats(0, 0.03))
def test_more_heat_takes_more_fuel(kind, rated_kw, one, other, standby_frac):
    full, part = least_efficiency_frac(kind, power_kw_rated=rated_kw)
    small, large = sorted((one * rated_kw, other * rated_kw))
    fuels_kw = [
        boiler_fuel_kw(heat_kw, rated_kw, full, part, standby_frac) for heat_kw in (small, large)
    ]
    assert 0.0 <= fuels_kw[0] <= fuels_kw[1] * (1 + 1e-12)


@settings(max_examples=300, deadline=None)
@given(kinds, ratings_kw, loads, st.floats(20, 70))
def test_no_boiler_gives_more_than_the_gross_value_of_its_fuel(kind, rated_kw, load, return_c):
    gross_per_net = 1.0 if kind.name == "electric" else GROSS_PER_NET["natural gas"]
    full, part = least_efficiency_frac(kind, power_kw_rated=rated_kw)
    fuel_kw = boiler_fuel_kw(
        load * rated_kw,
        rated_kw,
        at_return_frac(full, 60.0, return_c, kind.fall_per_k, gross_per_net),
        at_return_frac(part, kind.part_return_c, return_c, kind.fall_per_k, gross_per_net),
        0.0,
    )
    assert load * rated_kw <= gross_from_net_kwh(fuel_kw, gross_per_net) * (1 + 1e-12)


@settings(max_examples=200, deadline=None)
@given(kinds, st.floats(20, 60), st.floats(0, 20))
def test_a_warmer_return_is_never_better(kind, return_c, warmer_k):
    cold = at_return_frac(0.93, 60.0, return_c, kind.fall_per_k, 1.11)
    assert at_return_frac(0.93, 60.0, return_c + warmer_k, kind.fall_per_k, 1.11) <= cold


@pytest.mark.parametrize("load_kw", [30.0, 100.0])
def test_fuel_has_no_step_at_the_tested_loads(load_kw):
    below = boiler_fuel_kw(load_kw - 1e-9, 100.0, 0.93, 0.99, 0.01)
    above = boiler_fuel_kw(load_kw + 1e-9, 100.0, 0.93, 0.99, 0.01)
    assert below == pytest.approx(above, rel=1e-9)


def test_a_boiler_held_warm_is_worse_at_low_load():
    efficiency = [
        heat_kw / boiler_fuel_kw(heat_kw, 100.0, 0.93, 0.99, 0.01) for heat_kw in (2.0, 10.0, 30.0)
    ]
    assert efficiency == sorted(efficiency)


@pytest.mark.parametrize("fuel", sorted(GROSS_PER_NET))
def test_gross_and_net_turn_into_each_other(fuel):
    ratio = GROSS_PER_NET[fuel]
    assert net_from_gross_kwh(gross_from_net_kwh(1234.0, ratio), ratio) == pytest.approx(1234.0)
    assert 1.0 < ratio < 1.2


@settings(max_examples=100, deadline=None)
@given(st.floats(0, 1e4), st.floats(0, 0.5))
def test_a_station_never_makes_heat(heat_kw, loss_frac):
    bought_kw = district_heat_kw(heat_kw, loss_frac)
    assert bought_kw >= heat_kw
    assert bought_kw * (1 - loss_frac) == pytest.approx(heat_kw)
