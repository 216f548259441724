import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.physics.heat_pump import (
    KELVIN,
    HeatPumpLimits,
    carnot_cop,
    carnot_efficiency_frac,
    flows_for_heat,
    flows_from_source,
    heat_pump_cop,
    mixed_inlet,
    part_load_factor,
    running_frac,
    within_limits,
)

sources_c = st.floats(-20, 60)
sinks_c = st.floats(20, 120)
efficiencies = st.floats(0.2, 0.9)
cops = st.floats(1.2, 12)
loss_fracs = st.floats(0, 0.05)
fractions = st.floats(0, 1)


@settings(deadline=None)
@given(source_c=sources_c, lift_k=st.floats(5, 100), efficiency=efficiencies, load=fractions)
def test_no_cop_reaches_carnot(source_c, lift_k, efficiency, load):
    cop = heat_pump_cop(source_c, source_c + lift_k, efficiency, 1e9)
    reversible = (source_c + lift_k + KELVIN) / lift_k
    assert cop * part_load_factor(load, 0.25) < reversible * (1 + 1e-9)
    assert cop < reversible


@settings(deadline=None)
@given(source_c=sources_c, sink_c=sinks_c, more_k=st.floats(0.1, 30), efficiency=efficiencies)
def test_a_greater_lift_never_has_a_better_cop(source_c, sink_c, more_k, efficiency):
    cop = heat_pump_cop(source_c, sink_c, efficiency, 8.0)
    assert heat_pump_cop(source_c - more_k, sink_c, efficiency, 8.0) <= cop
    if sink_c - source_c >= 5:
        assert heat_pump_cop(source_c, sink_c + more_k, efficiency, 8.0) <= cop


def test_the_best_cop_and_the_smallest_lift_are_limits():
    assert heat_pump_cop(45.0, 50.0, 0.55, 8.0) == 8.0
    assert carnot_cop(60.0, 50.0) == carnot_cop(45.0, 50.0) == pytest.approx(323.15 / 5)


@pytest.mark.parametrize(
    ("heat_kw", "efficiency"),
    [
        (5, 0.55),
        (100, 0.55),
        (173.205, 0.565),
        (300, 0.58),
        (1000, 0.62),
        (3000, 0.68),
        (10000, 0.75),
        (50000, 0.75),
    ],
)
def test_efficiency_by_size(heat_kw, efficiency):
    assert carnot_efficiency_frac(float(heat_kw)) == pytest.approx(efficiency, abs=1e-6)


@settings(deadline=None)
@given(heat_kw=st.floats(1, 1e5), more=st.floats(1, 10))
def test_a_larger_machine_is_no_worse(heat_kw, more):
    assert carnot_efficiency_frac(heat_kw * more) >= carnot_efficiency_frac(heat_kw)


@settings(deadline=None)
@given(heat_kw=st.floats(0, 1e4), cop=cops, loss_frac=loss_fracs, auxiliary_frac=loss_fracs)
def test_energy_closes(heat_kw, cop, loss_frac, auxiliary_frac):
    flows = flows_for_heat(heat_kw, cop, loss_frac, auxiliary_frac)
    assert flows.heat_kw == heat_kw
    assert flows.power_kw * cop == pytest.approx(heat_kw)
    assert flows.source_kw + flows.power_kw * (1 - loss_frac) == pytest.approx(heat_kw)
    assert flows.loss_kw == pytest.approx(flows.power_kw * loss_frac)
    assert flows.auxiliary_kw == pytest.approx(heat_kw * auxiliary_frac)
    assert flows.source_kw >= 0.0


@settings(deadline=None)
@given(source_kw=st.floats(0, 1e4), cop=cops, loss_frac=loss_fracs)
def test_from_the_source_and_for_the_heat_are_the_same(source_kw, cop, loss_frac):
    flows = flows_from_source(source_kw, cop, loss_frac, 0.01)
    assert flows.source_kw == pytest.approx(source_kw, rel=1e-9, abs=1e-9)
    assert flows == flows_for_heat(flows.heat_kw, cop, loss_frac, 0.01)


def test_a_hundred_kilowatts_by_hand():
    flows = flows_for_heat(100.0, 4.0, 0.04, 0.01)
    assert flows == pytest.approx((100.0, 76.0, 25.0, 1.0, 1.0))


@pytest.mark.parametrize(
    ("load", "load_min", "factor"),
    [
        (1.0, 1.0, 1.0),
        (0.5, 1.0, 0.95),
        (0.0, 1.0, 0.9),
        (1.0, 0.25, 1.0),
        (0.5, 0.25, 1.05),
        (0.25, 0.25, 1.0375),
        (0.125, 0.25, 1.0375 * 0.95),
    ],
)
def test_part_load(load, load_min, factor):
    """On or off: 1 - 0.1 (1 - load). Speed-controlled: five per cent better at half load."""
    assert part_load_factor(load, load_min) == pytest.approx(factor)


@settings(deadline=None)
@given(load=fractions, load_min=st.floats(0.05, 1))
def test_the_machine_runs_as_long_as_its_load_takes(load, load_min):
    running = running_frac(load, load_min)
    assert 0.0 <= running <= 1.0
    if load > 0:
        assert running * max(load, load_min) == pytest.approx(load)
    assert 0.9 - 1e-12 <= part_load_factor(load, load_min) <= 1.05 + 1e-12


def test_a_machine_without_load_does_not_run():
    assert running_frac(0.0, 0.0) == running_frac(0.0, 0.25) == 0.0


@settings(deadline=None)
@given(source_c=st.floats(5, 70), inlet_c_max=st.floats(15, 35), glide_k=st.floats(1, 12))
def test_the_valve_mixes_by_mass_and_energy(source_c, inlet_c_max, glide_k):
    inlet_c, fresh_frac = mixed_inlet(source_c, inlet_c_max, glide_k)
    out_c = inlet_c - glide_k
    assert 0.0 < fresh_frac <= 1.0
    assert inlet_c <= max(inlet_c_max, 0.0) or source_c <= inlet_c_max
    assert fresh_frac * source_c + (1 - fresh_frac) * out_c == pytest.approx(inlet_c)
    assert fresh_frac * (source_c - out_c) == pytest.approx(glide_k)


def test_water_of_40_degrees_for_an_evaporator_of_25():
    """A quarter of the flow is fresh; it comes back at 20 °C."""
    assert mixed_inlet(40.0, 25.0, 5.0) == (25.0, 0.25)


LIMITS = HeatPumpLimits(source_c_min=5.0, source_c_max=25.0, sink_c_max=70.0, load_frac_min=0.25)


@pytest.mark.parametrize(
    ("source_in_c", "source_out_c", "sink_out_c", "runs"),
    [
        (25.0, 20.0, 70.0, True),
        (25.1, 20.0, 70.0, False),
        (25.0, 4.9, 70.0, False),
        (25.0, 20.0, 70.1, False),
    ],
)
def test_limits(source_in_c, source_out_c, sink_out_c, runs):
    assert within_limits(source_in_c, source_out_c, sink_out_c, LIMITS) is runs
