"""Tanks: a measured one and the exact solutions, each with its source and tolerance."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from exotherm.physics.tank import (
    Loop,
    Tank,
    build_tank,
    mix_inversions,
    step_tank,
    stored_kwh,
    u_value_w_per_m2k,
)
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, density_kg_per_m3

MEASURED = Path(__file__).parent.parent / "golden" / "tank" / "storage_soc_measured.csv"
NO_FLOW = Loop(0.0, 0.0, 0, 0)
BARE = Tank(
    layer_kg=100.0,
    conduction_kw_per_k=0.0,
    side_kw_per_k=0.0,
    top_kw_per_k=0.0,
    bottom_kw_per_k=0.0,
)


def measured_levels_percent() -> list[float]:
    with MEASURED.open(encoding="utf-8") as file:
        return [float(row["level"]) for row in csv.DictReader(file)]


def standing_by(*, layers: int) -> list[float]:
    """Simulate the measured tank: its level in per cent, every quarter of an hour."""
    u_w_per_m2k = u_value_w_per_m2k(7.0, 0.1, 0.039, 4.0)
    volume_m3 = math.pi * 1.15**2 / 4 * 2.96
    tank = build_tank(volume_m3=volume_m3, height_m=2.96, layers=layers, u_w_per_m2k=u_w_per_m2k)
    hot = 0.785 * layers
    layers_c = np.array([55 + 27 * min(1.0, max(0.0, hot - layer)) for layer in range(layers)])
    levels = [100 * float(np.mean(layers_c - 55)) / 27]
    for _ in range(22):
        step_tank(layers_c, tank, NO_FLOW, NO_FLOW, 25.0, 0.25)
        levels.append(100 * float(np.mean(layers_c - 55)) / 27)
    return levels


@pytest.mark.parametrize("layers", [10, 50, 200])
def test_a_measured_tank_stands_by(layers):
    """Naturstrom AG, 3.07 m³, 5.5 h: RMSE within 0.7 points and the end within 1.0 point."""
    measured, simulated = measured_levels_percent(), standing_by(layers=layers)
    assert len(measured) == len(simulated) == 23
    assert simulated[0] == pytest.approx(78.5, abs=1e-9)
    errors = np.array(simulated) - np.array(measured)
    assert math.sqrt(float(np.mean(errors**2))) <= 0.7
    assert abs(errors[-1]) <= 1.0


def test_a_measured_tank_stands_by_as_two_zones_do():
    """The same by the closed form of oemof-thermal: two zones whose boundary sinks.

    The heat of wall, lid and floor above 25 °C over the nominal heat, quarter hour by quarter
    hour: 77.24 % after 5.5 h. U is 0.338 W/(m²·K), the first loss 216 W.
    """
    u_w_per_m2k = 1 / (1 / 7 + 0.1 / 0.039 + 1 / 4)
    assert u_value_w_per_m2k(7.0, 0.1, 0.039, 4.0) == pytest.approx(u_w_per_m2k, rel=1e-12)
    assert u_w_per_m2k == pytest.approx(0.3382, abs=5e-5)
    ends_m2 = math.pi * 1.15**2 / 4
    side_m2 = math.pi * 1.15 * 2.96
    nominal_wh = ends_m2 * 2.96 * 4180 * density_kg_per_m3(60.0) * 27 / 3600
    assert nominal_wh == pytest.approx(94_000, rel=0.01)
    level = 0.785
    losses_w = []
    for _ in range(22):
        side_w = u_w_per_m2k * side_m2 * (30 + level * 27)
        losses_w.append(side_w + u_w_per_m2k * ends_m2 * (57 + 30))
        level -= losses_w[-1] * 0.25 / nominal_wh
    assert losses_w[0] == pytest.approx(215.7, abs=0.5)
    assert 100 * level == pytest.approx(77.24, abs=0.02)
    assert standing_by(layers=200)[-1] == pytest.approx(100 * level, abs=0.02)


def test_a_mixed_tank_cools_exponentially():
    """5 m³ with 8 W/K from 60 °C in a room of 20 °C: 58.679 °C after a day, in hours."""
    tank = BARE._replace(layer_kg=5 * density_kg_per_m3(60.0), side_kw_per_k=0.008)
    layers_c = np.array([60.0])
    for _ in range(24):
        step_tank(layers_c, tank, NO_FLOW, NO_FLOW, 20.0, 1.0)
    heat_capacity_kj_per_k = tank.layer_kg * HEAT_CAPACITY_KJ_PER_KGK
    exact_c = 20 + 40 * math.exp(-0.008 * 86400 / heat_capacity_kj_per_k)
    assert exact_c == pytest.approx(58.679, abs=0.01)
    assert layers_c[0] == pytest.approx(exact_c, abs=0.001)


def test_a_front_passes_without_blurring():
    """Hot tank, cold feed at the bottom, sub-steps of one layer: hot until the volume is drawn."""
    layers_c = np.full(20, 60.0)
    draw = Loop(1.0, 20.0, 19, 0)
    one_layer_h = 100.0 / 3600
    drawn_c = [
        step_tank(layers_c, BARE, NO_FLOW, draw, 20.0, one_layer_h).sink_out_c for _ in range(30)
    ]
    assert drawn_c == pytest.approx([60.0] * 20 + [20.0] * 10, abs=1e-9)


def test_half_a_tank_holds_half_its_heat():
    """Drawing half the water takes half the heat above the feed: ρ c V/2 ΔT, in one step."""
    layers_c = np.full(50, 60.0)
    before_kwh = stored_kwh(layers_c, BARE.layer_kg, 20.0)
    flows = step_tank(layers_c, BARE, NO_FLOW, Loop(1.0, 20.0, 49, 0), 20.0, 2500 / 3600)
    expected_kwh = 2500 * HEAT_CAPACITY_KJ_PER_KGK * 40 / 3600
    assert flows.sink_kw * 2500 / 3600 == pytest.approx(expected_kwh, rel=1e-9)
    left_kwh = stored_kwh(layers_c, BARE.layer_kg, 20.0)
    assert before_kwh - left_kwh == pytest.approx(expected_kwh, rel=1e-9)


def test_heat_from_below_mixes_all_above():
    """The bottom layer warmed from 30 to 70 °C under layers of 50 °C: all are the same after."""
    layers_c = np.array([50.0] * 9 + [70.0])
    before_kwh = stored_kwh(layers_c, BARE.layer_kg, 0.0)
    mix_inversions(layers_c)
    assert layers_c == pytest.approx([52.0] * 10, rel=1e-12)
    assert stored_kwh(layers_c, BARE.layer_kg, 0.0) == pytest.approx(before_kwh, rel=1e-9)


def test_a_steady_flow_loses_heat_along_the_wall():
    """T_out = T_room + (T_in - T_room) e^(-UA / (m c)) with many layers: plug flow in a pipe."""
    layers = 400
    tank = BARE._replace(layer_kg=5.0, side_kw_per_k=0.5 / layers)
    layers_c = np.full(layers, 20.0)
    through = Loop(0.2, 60.0, 0, layers - 1)
    out_c = 0.0
    for _ in range(20):
        out_c = step_tank(layers_c, tank, through, NO_FLOW, 20.0, 1.0).source_out_c
    exact_c = 20 + 40 * math.exp(-0.5 / (0.2 * HEAT_CAPACITY_KJ_PER_KGK))
    assert out_c == pytest.approx(exact_c, abs=0.02)


def test_a_thermocline_grows_by_conduction():
    """A sharp front of 50 layers spreads as erf(z / (2 √(a t))), here within 2 % of its width."""
    layers, hours = 50, 48
    tank = build_tank(
        volume_m3=3.0, height_m=3.0, layers=layers, u_w_per_m2k=0.0, conduction_w_per_mk=1.5
    )
    layers_c = np.array([60.0] * 25 + [20.0] * 25)
    for _ in range(hours):
        step_tank(layers_c, tank, NO_FLOW, NO_FLOW, 20.0, 1.0)
    diffusivity_m2_per_s = 1.5 / (density_kg_per_m3(60.0) * HEAT_CAPACITY_KJ_PER_KGK * 1000)
    spread_m = math.sqrt(2 * diffusivity_m2_per_s * hours * 3600)
    drops = -np.diff(layers_c) / 40
    heights_m = 1.5 - 0.06 * np.arange(1, layers)
    assert math.sqrt(float(drops @ heights_m**2)) == pytest.approx(spread_m, rel=0.02)
    middles_m = 1.5 - 0.06 * (np.arange(layers) + 0.5)
    exact_c = [40 + 20 * math.erf(z / (math.sqrt(2) * spread_m)) for z in middles_m]
    assert layers_c == pytest.approx(exact_c, abs=0.15)
