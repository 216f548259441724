"""A stratified water tank: layers that are pushed along, conduct, cool down and mix.

Layers are of equal size and numbered from the top, the first being 0. Two loops pass through:
a source (charging, usually in at the top and out at the bottom) and a sink (the other way round).
"""

import math
from typing import NamedTuple

import numpy as np

from exotherm.core.kernel import inner_kernel, kernel
from exotherm.physics.computing import FloatArray
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, density_kg_per_m3

WATER_AND_WALL_W_PER_MK = 1.5
"""Vertical conduction of still water (0.6) with a steel wall and fittings, upper end of 1.0 to
1.5 W/(m·K)."""

REFERENCE_C = 60.0
"""Temperature at which a tank's mass of water is taken."""

_S_PER_H = 3600.0
_KGK_PER_KJ = 1.0 / HEAT_CAPACITY_KJ_PER_KGK


class Tank(NamedTuple):
    """What a tank is: constants, per layer."""

    layer_kg: float
    conduction_kw_per_k: float
    """between neighbouring layers"""
    side_kw_per_k: float
    """from a layer through the wall to the room"""
    top_kw_per_k: float
    """from the first layer through the lid, besides its wall"""
    bottom_kw_per_k: float
    """from the last layer through the floor, besides its wall"""


class Loop(NamedTuple):
    """A flow through the tank during a step; no flow is a flow of nought."""

    flow_kgs: float
    inlet_c: float
    inlet_layer: int
    outlet_layer: int


class TankFlows(NamedTuple):
    """What left the tank during a step, as means over it: in - out = stored + lost."""

    source_out_c: float
    sink_out_c: float
    source_kw: float
    """heat the source brought, in its inlet above its outlet"""
    sink_kw: float
    """heat the sink took, in its outlet above its inlet"""
    loss_kw: float
    stored_kw: float


@kernel
def u_value_w_per_m2k(
    inside_w_per_m2k: float,
    insulation_m: float,
    insulation_w_per_mk: float,
    outside_w_per_m2k: float,
) -> float:
    """Give the heat transfer of an insulated wall, 1 / (1/inside + s/λ + 1/outside).

    VDI Heat Atlas; the curvature of the wall is left out (below 5 % from 1 m diameter on). Pipe
    ends, feet and manholes are not in it: real tanks lose 1.3 to 2 times as much.
    """
    insulation_m2k_per_w = insulation_m / insulation_w_per_mk
    return 1.0 / (1.0 / inside_w_per_m2k + insulation_m2k_per_w + 1.0 / outside_w_per_m2k)


def build_tank(
    *,
    volume_m3: float,
    height_m: float,
    layers: int,
    u_w_per_m2k: float,
    conduction_w_per_mk: float = WATER_AND_WALL_W_PER_MK,
) -> Tank:
    """Give the constants of an upright cylinder of water cut into ``layers`` equal layers.

    ``u_w_per_m2k`` holds for wall, lid and floor, bridges included. Ten layers do for the steps
    of a year; the blur of the layers themselves falls with their number.
    """
    assert volume_m3 > 0.0, "a tank holds something"
    assert height_m > 0.0, "a tank is upright"
    assert layers >= 1, "a tank has a layer"
    area_m2 = volume_m3 / height_m
    layer_m = height_m / layers
    side_m2 = math.sqrt(4.0 * math.pi * area_m2) * layer_m
    lid_kw_per_k = u_w_per_m2k * area_m2 / 1000.0
    return Tank(
        layer_kg=volume_m3 * density_kg_per_m3(REFERENCE_C) / layers,
        conduction_kw_per_k=conduction_w_per_mk * area_m2 / layer_m / 1000.0,
        side_kw_per_k=u_w_per_m2k * side_m2 / 1000.0,
        top_kw_per_k=lid_kw_per_k,
        bottom_kw_per_k=lid_kw_per_k,
    )


def tank_height_m(volume_m3: float, height_to_width: float) -> float:
    """Give the height of an upright cylinder from its volume and its height over diameter."""
    return float((4.0 * volume_m3 * height_to_width**2 / math.pi) ** (1.0 / 3.0))


def tank_surface_m2(volume_m3: float, height_m: float) -> float:
    """Give the surface of an upright cylinder: wall, lid and floor."""
    base_m2 = volume_m3 / height_m
    return 2.0 * base_m2 + math.sqrt(4.0 * math.pi * base_m2) * height_m


def layer_at(height_m: float, *, tank_height_m: float, layers: int) -> int:
    """Find the layer that a connection at a height above the floor belongs to."""
    assert 0.0 <= height_m <= tank_height_m, "a connection is on the tank"
    from_top = (tank_height_m - height_m) / tank_height_m
    return min(layers - 1, int(from_top * layers))


@inner_kernel
def stored_kwh(layers_c: FloatArray, layer_kg: float, above_c: float) -> float:
    """Give the heat in the layers above a temperature."""
    total_k = 0.0
    for layer in range(layers_c.size):
        total_k += layers_c[layer] - above_c
    return total_k * layer_kg * HEAT_CAPACITY_KJ_PER_KGK / _S_PER_H


@inner_kernel
def mix_inversions(layers_c: FloatArray) -> None:
    """Mix, in place, every layer that lies under a cooler one, until none does.

    The layers that mix get their mean, so heat is kept. Pool-adjacent-violators from the top
    finds all of them in one pass.
    """
    for layer in range(1, layers_c.size):
        if layers_c[layer] <= layers_c[layer - 1]:
            continue
        first, total_c = layer, layers_c[layer]
        while first > 0 and layers_c[first - 1] * (layer + 1 - first) < total_c:
            first -= 1
            total_c += layers_c[first]
        mean_c = total_c / (layer + 1 - first)
        for mixed in range(first, layer + 1):
            layers_c[mixed] = mean_c


@inner_kernel
def clear_streams(streams: FloatArray) -> None:
    """Take all flows off a tank.

    Rows of ``streams``, a column per layer: kg/s that enter, those times their temperature, kg/s
    that leave.
    """
    for row in range(streams.shape[0]):
        for layer in range(streams.shape[1]):
            streams[row, layer] = 0.0


@inner_kernel
def add_loop(streams: FloatArray, loop: Loop) -> None:
    """Add a loop's flow to the streams of a tank."""
    streams[0, loop.inlet_layer] += loop.flow_kgs
    streams[1, loop.inlet_layer] += loop.flow_kgs * loop.inlet_c
    streams[2, loop.outlet_layer] += loop.flow_kgs


@inner_kernel
def lance_layer(layers_c: FloatArray, inlet_c: float, near: int) -> int:
    """Find where a lance lets water in: the first layer that is not warmer, or the last.

    No layer is warmer than the one above. The search begins at ``near``, any layer: from one step
    to the next it seldom has far to go.
    """
    layer, last = near, layers_c.size - 1
    while layer < last and layers_c[layer] > inlet_c:
        layer += 1
    while layer > 0 and layers_c[layer - 1] <= inlet_c:
        layer -= 1
    return layer


@inner_kernel
def draw_layer(layers_c: FloatArray, wanted_c: float, near: int) -> int:
    """Find the lowest layer that is warm enough, or the top where none is; searched as above."""
    layer, last = near, layers_c.size - 1
    while layer < last and layers_c[layer + 1] >= wanted_c:
        layer += 1
    while layer > 0 and layers_c[layer] < wanted_c:
        layer -= 1
    return layer


@inner_kernel
def _passing_kgs(streams: FloatArray, layer: int, down_kgs: float) -> float:
    """Give the net flow that leaves a layer downward, from the one that comes from above."""
    passed_kgs: float = down_kgs + streams[0, layer] - streams[2, layer]
    return passed_kgs


@inner_kernel
def renewals_per_s(tank: Tank, streams: FloatArray) -> float:
    """Give how often a second renews the layer that is renewed most, by flows and by losses."""
    last = streams.shape[1] - 1
    walls = tank.side_kw_per_k + max(tank.top_kw_per_k, tank.bottom_kw_per_k)
    if last == 0:
        walls = tank.side_kw_per_k + tank.top_kw_per_k + tank.bottom_kw_per_k
    still_kgs = (2.0 * tank.conduction_kw_per_k + walls) * _KGK_PER_KJ
    down_kgs = most_kgs = 0.0
    for layer in range(last + 1):
        passed_kgs = _passing_kgs(streams, layer, down_kgs)
        renewing_kgs = streams[0, layer] + max(0.0, down_kgs) + max(0.0, -passed_kgs)
        most_kgs = max(most_kgs, renewing_kgs + still_kgs)
        down_kgs = passed_kgs
    return most_kgs / tank.layer_kg


@inner_kernel
def advance_tank(
    layers_c: FloatArray, tank: Tank, streams: FloatArray, room_c: float, step_s: float
) -> float:
    """Advance a tank by a step that renews no layer more than once, in place; give its loss in kW.

    Each layer becomes a mean of itself, its neighbours, inlets and room, all as they were before:
    explicit and upwind. Where a step renews each layer exactly once, a front passes without
    blurring. What enters above a layer and has not left there passes on downward; a negative rest
    has come up. Layers that then lie under a cooler one mix with it.
    """
    last = layers_c.size - 1
    per_kg = step_s / tank.layer_kg
    still_kgs = tank.conduction_kw_per_k * _KGK_PER_KJ
    side_kgs = tank.side_kw_per_k * _KGK_PER_KJ
    top_kw = tank.top_kw_per_k * (layers_c[0] - room_c)
    bottom_kw = tank.bottom_kw_per_k * (layers_c[last] - room_c)
    over_c, down_kgs, total_k = layers_c[0], 0.0, 0.0
    for layer in range(last + 1):
        here_c = layers_c[layer]
        under_c = layers_c[layer + 1] if layer < last else here_c
        above_k, outer_k = here_c - room_c, over_c - here_c
        change_kgs_k = streams[1, layer] - streams[0, layer] * here_c - side_kgs * above_k
        change_kgs_k += (still_kgs + max(0.0, down_kgs)) * outer_k
        down_kgs += streams[0, layer] - streams[2, layer]
        change_kgs_k += (still_kgs + max(0.0, -down_kgs)) * (under_c - here_c)
        layers_c[layer] = here_c + per_kg * change_kgs_k
        total_k += above_k
        over_c = here_c
    per_kj = per_kg * _KGK_PER_KJ
    layers_c[0] -= top_kw * per_kj
    layers_c[last] -= bottom_kw * per_kj
    loss_kw: float = tank.side_kw_per_k * total_k + top_kw + bottom_kw
    inverted = False
    for layer in range(last):
        inverted |= layers_c[layer + 1] > layers_c[layer]
    if inverted:
        mix_inversions(layers_c)
    return loss_kw


@kernel
def step_tank(
    layers_c: FloatArray, tank: Tank, source: Loop, sink: Loop, room_c: float, step_h: float
) -> TankFlows:
    """Advance a tank by a step, in place, and give what left it.

    For each layer, with m the net flow between layers and k = λ A / Δz,

        M c dT/dt = m↓ c (T_above - T) + m↑ c (T_below - T) + Σ m_in c (T_in - T)
                    + k (T_above - T) + k (T_below - T) - UA (T - T_room)

    upwind and explicit, in as many equal sub-steps as renew no layer more than once; after each,
    layers under a cooler one mix with it. Energy closes to rounding, and no layer leaves the
    temperatures of the tank, the inlets and the room. ``layers_c`` has at least one layer, top
    first; flows are not negative; inlet temperatures hold for the whole step. Duffie and
    Beckman, Solar Engineering of Thermal Processes, multinode tanks.
    """
    streams = np.zeros((3, layers_c.size))
    add_loop(streams, source)
    add_loop(streams, sink)
    step_s = step_h * _S_PER_H
    substeps = max(1, math.ceil(step_s * renewals_per_s(tank, streams) - 1e-12))
    before_kwh = stored_kwh(layers_c, tank.layer_kg, 0.0)
    source_out_c = sink_out_c = loss_kw = 0.0
    for _ in range(substeps):
        source_out_c += layers_c[source.outlet_layer] / substeps
        sink_out_c += layers_c[sink.outlet_layer] / substeps
        loss_kw += advance_tank(layers_c, tank, streams, room_c, step_s / substeps) / substeps
    return TankFlows(
        source_out_c,
        sink_out_c,
        source.flow_kgs * HEAT_CAPACITY_KJ_PER_KGK * (source.inlet_c - source_out_c),
        sink.flow_kgs * HEAT_CAPACITY_KJ_PER_KGK * (sink_out_c - sink.inlet_c),
        loss_kw,
        (stored_kwh(layers_c, tank.layer_kg, 0.0) - before_kwh) / step_h,
    )
