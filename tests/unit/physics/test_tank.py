import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.physics.tank import (
    Loop,
    build_tank,
    layer_at,
    mix_inversions,
    step_tank,
    stored_kwh,
    u_value_w_per_m2k,
)
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK

temperatures_c = st.floats(1, 95)
NO_FLOW = Loop(0.0, 0.0, 0, 0)
usual_flows_kgs = st.floats(0, 10)


@st.composite
def steps(draw, flows_kgs=usual_flows_kgs):
    """A tank with layers in any order, two loops anywhere, and a step."""
    count = draw(st.integers(1, 20))
    tank = build_tank(
        volume_m3=draw(st.floats(0.2, 50)),
        height_m=draw(st.floats(0.5, 8)),
        layers=count,
        u_w_per_m2k=draw(st.floats(0, 3)),
        conduction_w_per_mk=draw(st.floats(0, 3)),
    )
    layers_c = np.array(draw(st.lists(temperatures_c, min_size=count, max_size=count)))
    places = st.integers(0, count - 1)
    loops = [
        Loop(draw(flows_kgs), draw(temperatures_c), draw(places), draw(places)) for _ in range(2)
    ]
    return layers_c, tank, loops[0], loops[1], draw(st.floats(-10, 40)), draw(st.floats(0.01, 24))


def check(step):
    layers_c, tank, source, sink, room_c, step_h = step
    before_c = layers_c.copy()
    before_kwh = stored_kwh(layers_c, tank.layer_kg, 0.0)
    flows = step_tank(layers_c, tank, source, sink, room_c, step_h)
    stored_kw = (stored_kwh(layers_c, tank.layer_kg, 0.0) - before_kwh) / step_h
    assert flows.stored_kw == stored_kw

    passing_kw = (source.flow_kgs + sink.flow_kgs) * HEAT_CAPACITY_KJ_PER_KGK * 100
    scale_kw = max(1.0, passing_kw, before_kwh / step_h)
    open_kw = flows.source_kw - flows.sink_kw - flows.loss_kw - stored_kw
    assert abs(open_kw) <= 1e-9 * scale_kw

    around_c = [*before_c, room_c]
    around_c += [loop.inlet_c for loop in (source, sink) if loop.flow_kgs > 0]
    low_c, high_c = min(around_c) - 1e-7, max(around_c) + 1e-7
    assert layers_c.min() >= low_c
    assert layers_c.max() <= high_c
    for out_c in (flows.source_out_c, flows.sink_out_c):
        assert low_c <= out_c <= high_c
    assert bool((np.diff(layers_c) <= 1e-9).all())


@settings(max_examples=300, deadline=None)
@given(step=steps())
def test_energy_closes_and_no_layer_leaves_its_surroundings(step):
    check(step)


@settings(max_examples=60, deadline=None)
@given(step=steps(flows_kgs=st.floats(50, 200)))
def test_the_same_for_a_tank_that_is_turned_over_all_the_time(step):
    """A tank turned over thousands of times in a step takes as many sub-steps."""
    check(step)


@settings(max_examples=200, deadline=None)
@given(layers=st.lists(temperatures_c, min_size=1, max_size=30))
def test_mixing_keeps_heat_and_leaves_no_inversion(layers):
    layers_c = np.array(layers)
    mix_inversions(layers_c)
    assert float(layers_c.sum()) == pytest.approx(math.fsum(layers), rel=1e-12)
    assert bool((np.diff(layers_c) <= 1e-9).all())
    # Mixing what is in order changes nothing.
    again_c = layers_c.copy()
    mix_inversions(again_c)
    assert again_c == pytest.approx(layers_c, rel=1e-12)


def test_only_layers_that_are_inverted_mix():
    layers_c = np.array([80.0, 60.0, 40.0, 50.0, 30.0])
    mix_inversions(layers_c)
    assert list(layers_c) == [80.0, 60.0, 45.0, 45.0, 30.0]


def reference(layers_c, tank, source, sink, room_c, step_h, pieces):
    """The same tank by another way: dense matrices, tiny implicit steps, no mixing."""
    count = layers_c.size
    rates, gains = np.zeros((count, count)), np.zeros(count)
    down_kgs = np.zeros(count + 1)
    for loop in (source, sink):
        down_kgs[loop.inlet_layer + 1 : loop.outlet_layer + 1] += loop.flow_kgs
        down_kgs[loop.outlet_layer + 1 : loop.inlet_layer + 1] -= loop.flow_kgs
        rates[loop.inlet_layer, loop.inlet_layer] -= loop.flow_kgs * HEAT_CAPACITY_KJ_PER_KGK
        gains[loop.inlet_layer] += loop.flow_kgs * HEAT_CAPACITY_KJ_PER_KGK * loop.inlet_c
    for upper in range(count - 1):
        net_kgs = down_kgs[upper + 1]
        into, out_of = (upper + 1, upper) if net_kgs > 0 else (upper, upper + 1)
        passing = abs(net_kgs) * HEAT_CAPACITY_KJ_PER_KGK
        rates[into, out_of] += passing
        rates[into, into] -= passing
        for one, other in ((upper, upper + 1), (upper + 1, upper)):
            rates[one, other] += tank.conduction_kw_per_k
            rates[one, one] -= tank.conduction_kw_per_k
    losses = np.full(count, tank.side_kw_per_k)
    losses[0] += tank.top_kw_per_k
    losses[-1] += tank.bottom_kw_per_k
    rates -= np.diag(losses)
    gains += losses * room_c
    capacity_kwh_per_k = tank.layer_kg * HEAT_CAPACITY_KJ_PER_KGK / 3600
    piece = step_h / pieces / capacity_kwh_per_k
    forward = np.linalg.inv(np.eye(count) - piece * rates)
    for _ in range(pieces):
        layers_c = forward @ (layers_c + piece * gains)
    return layers_c


@pytest.mark.parametrize("charging_kgs", [0.0, 0.3, 1.1])
@pytest.mark.parametrize("drawing_kgs", [0.0, 0.4, 1.5])
def test_ten_layers_agree_with_a_fine_solution(charging_kgs, drawing_kgs):
    """Many short steps of both: charged at 60 °C from the top, drawn with 20 °C back below."""
    tank = build_tank(volume_m3=3.0, height_m=2.5, layers=10, u_w_per_m2k=2.0)
    source = Loop(charging_kgs, 60.0, 0, 9)
    sink = Loop(drawing_kgs, 20.0, 9, 0)
    start_c = np.linspace(55.0, 25.0, 10)
    layers_c = start_c.copy()
    for _ in range(720):
        step_tank(layers_c, tank, source, sink, 18.0, 1 / 1440)
    exact_c = reference(start_c, tank, source, sink, 18.0, 0.5, 2000)
    assert layers_c == pytest.approx(exact_c, abs=0.05)


def test_no_flow_and_no_loss_change_nothing():
    tank = build_tank(
        volume_m3=3.0, height_m=2.5, layers=5, u_w_per_m2k=0.0, conduction_w_per_mk=0.0
    )
    layers_c = np.array([60.0, 50.0, 40.0, 30.0, 20.0])
    flows = step_tank(layers_c, tank, NO_FLOW, NO_FLOW, 20.0, 1.0)
    assert list(layers_c) == [60.0, 50.0, 40.0, 30.0, 20.0]
    assert flows == (60.0, 60.0, 0.0, 0.0, 0.0, 0.0)


def test_a_layer_is_renewed_at_most_once_in_a_sub_step():
    """110 kg through 100 kg of water: two sub-steps of 55 %, so 20, 42 and then 51.9 °C."""
    tank = build_tank(volume_m3=1.0, height_m=1.0, layers=1, u_w_per_m2k=0.0)
    layers_c = np.array([20.0])
    through = Loop(1.1 * tank.layer_kg / 3600, 60.0, 0, 0)
    flows = step_tank(layers_c, tank, through, NO_FLOW, 20.0, 1.0)
    assert layers_c[0] == pytest.approx(51.9)
    assert flows.source_out_c == pytest.approx((20 + 42) / 2)


def test_equal_flows_in_and_out_at_one_end_pass_each_other():
    """What the source brings at the top the sink takes there; the layers below stay still."""
    tank = build_tank(
        volume_m3=1.0, height_m=2.0, layers=4, u_w_per_m2k=0.0, conduction_w_per_mk=0.0
    )
    layers_c = np.array([60.0, 40.0, 30.0, 20.0])
    flows = step_tank(layers_c, tank, Loop(1.0, 60.0, 0, 3), Loop(1.0, 20.0, 3, 0), 20.0, 1.0)
    assert layers_c == pytest.approx([60.0, 40.0, 30.0, 20.0])
    assert (flows.source_out_c, flows.sink_out_c) == pytest.approx((20.0, 60.0))
    assert flows.source_kw == pytest.approx(flows.sink_kw) == pytest.approx(4.18 * 40)


def test_a_tank_by_hand():
    """1 m² by 2 m in four layers: 983.2 kg of water at 60 °C, 3.545 m around."""
    tank = build_tank(
        volume_m3=2.0, height_m=2.0, layers=4, u_w_per_m2k=0.5, conduction_w_per_mk=1.5
    )
    assert tank.layer_kg == pytest.approx(0.5 * 983.2, rel=1e-4)
    assert tank.conduction_kw_per_k == pytest.approx(1.5 * 1.0 / 0.5 / 1000)
    assert tank.side_kw_per_k == pytest.approx(0.5 * 3.5449 * 0.5 / 1000, rel=1e-4)
    assert tank.top_kw_per_k == tank.bottom_kw_per_k == pytest.approx(0.0005)


def test_thicker_insulation_loses_less():
    assert u_value_w_per_m2k(7.0, 0.2, 0.039, 4.0) < u_value_w_per_m2k(7.0, 0.1, 0.039, 4.0)
    assert u_value_w_per_m2k(7.0, 0.0, 0.039, 4.0) == pytest.approx(28 / 11)


@pytest.mark.parametrize(
    ("height_m", "layer"), [(2.5, 0), (2.26, 0), (2.24, 1), (1.25, 5), (0.1, 9), (0.0, 9)]
)
def test_a_connection_belongs_to_a_layer(height_m, layer):
    assert layer_at(height_m, tank_height_m=2.5, layers=10) == layer
