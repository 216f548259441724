import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.physics.pipe import (
    BONDED_PIPES,
    buried_w_per_mk,
    friction_factor,
    outlet_c,
    pair_loss_w_per_m,
    pressure_drop_pa,
)
from exotherm.physics.pump import part_flow_power_kw

flows_kgs = st.floats(0, 50)


@settings(max_examples=300, deadline=None)
@given(st.floats(5, 95), st.floats(0, 20), st.floats(0, 1), st.floats(0, 5000), flows_kgs)
def test_water_ends_between_its_inlet_and_the_ground(inlet_c, ground_c, loss, length_m, flow_kgs):
    end_c = outlet_c(inlet_c, ground_c, loss, length_m, flow_kgs)
    assert min(inlet_c, ground_c) - 1e-9 <= end_c <= max(inlet_c, ground_c) + 1e-9


@settings(max_examples=200, deadline=None)
@given(st.floats(30, 95), st.floats(0.05, 0.5), st.floats(1, 3000), st.floats(0.01, 20))
def test_a_pipe_is_two_pipes_in_line(inlet_c, loss, length_m, flow_kgs):
    half_c = outlet_c(inlet_c, 10.0, loss, 0.5 * length_m, flow_kgs)
    whole_c = outlet_c(inlet_c, 10.0, loss, length_m, flow_kgs)
    assert outlet_c(half_c, 10.0, loss, 0.5 * length_m, flow_kgs) == pytest.approx(whole_c)


def test_water_that_stands_still_takes_the_grounds_temperature():
    assert outlet_c(70.0, 10.0, 0.2, 100.0, 0.0) == 10.0
    assert outlet_c(70.0, 10.0, 0.0, 100.0, 0.0) == 70.0


def test_ground_as_warm_as_the_water_takes_nothing():
    assert pair_loss_w_per_m(15.0, 15.0, 15.0, 0.2) == 0.0


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(BONDED_PIPES), st.floats(0.3, 3), st.floats(0, 3))
def test_a_deeper_pipe_loses_no_more(pipe, depth_m, deeper_m):
    shallow = buried_w_per_mk(pipe.outer_m, pipe.casing_m, depth_m, 0.026, 1.5)
    deep = buried_w_per_mk(pipe.outer_m, pipe.casing_m, depth_m + deeper_m, 0.026, 1.5)
    assert 0.0 < deep <= shallow


@settings(max_examples=400, deadline=None)
@given(flows_kgs, flows_kgs, st.sampled_from(BONDED_PIPES), st.floats(5, 95), st.floats(0, 2e-4))
def test_more_flow_takes_more_pressure(one_kgs, other_kgs, pipe, water_c, roughness_m):
    small, large = sorted((one_kgs, other_kgs))
    drops_pa = [
        pressure_drop_pa(flow, pipe.bore_m, 100.0, roughness_m, 2.0, water_c)
        for flow in (small, large)
    ]
    assert 0.0 <= drops_pa[0] <= drops_pa[1] * (1 + 1e-12)
    assert math.isfinite(drops_pa[1])


@pytest.mark.parametrize("reynolds", [2300.0, 4000.0])
def test_friction_has_no_step_between_its_regimes(reynolds):
    below = friction_factor(reynolds - 1e-6, 0.001)
    above = friction_factor(reynolds + 1e-6, 0.001)
    assert below == pytest.approx(above, rel=1e-6)


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_a_pump_at_part_flow_draws_between_the_cube_and_the_line(flow_frac, held_frac):
    power_kw = part_flow_power_kw(3.0, flow_frac, held_frac)
    assert 3.0 * flow_frac**3 - 1e-12 <= power_kw <= 3.0 * flow_frac + 1e-12
