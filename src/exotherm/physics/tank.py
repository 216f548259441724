"""A stratified water tank: layers that are pushed along, conduct, cool down and mix.

Layers are of equal size and numbered from the top, the first being 0. Two loops pass through:
a source (charging, usually in at the top and out at the bottom) and a sink (the other way round).
"""

import math
from typing import NamedTuple

import numpy as np

from exotherm.core.kernel import kernel
from exotherm.physics.computing import FloatArray
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, density_kg_per_m3

SUBSTEPS_MAX = 2_000
"""More sub-steps than this are taken as so many implicit ones: stable, but layers blur."""

WATER_AND_WALL_W_PER_MK = 1.5
"""Vertical conduction of still water (0.6) with a steel wall and fittings, upper end of 1.0 to
1.5 W/(m·K)."""

REFERENCE_C = 60.0
"""Temperature at which a tank's mass of water is taken."""

_S_PER_H = 3600.0


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


def layer_at(height_m: float, *, tank_height_m: float, layers: int) -> int:
    """Find the layer that a connection at a height above the floor belongs to."""
    assert 0.0 <= height_m <= tank_height_m, "a connection is on the tank"
    from_top = (tank_height_m - height_m) / tank_height_m
    return min(layers - 1, int(from_top * layers))


@kernel
def stored_kwh(layers_c: FloatArray, layer_kg: float, above_c: float) -> float:
    """Give the heat in the layers above a temperature."""
    total_k = 0.0
    for layer in range(layers_c.size):
        total_k += layers_c[layer] - above_c
    return total_k * layer_kg * HEAT_CAPACITY_KJ_PER_KGK / _S_PER_H


@kernel
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


@kernel
def _fill_downward(down_kgs: FloatArray, source: Loop, sink: Loop) -> None:
    """Fill the net flow into each layer from the one above; upward flows are negative."""
    for layer in range(down_kgs.size):
        down_kgs[layer] = 0.0
    for loop in (source, sink):
        for layer in range(loop.inlet_layer, loop.outlet_layer):
            down_kgs[layer + 1] += loop.flow_kgs
        for layer in range(loop.outlet_layer, loop.inlet_layer):
            down_kgs[layer + 1] -= loop.flow_kgs


@kernel
def _fill_shares(
    shares: FloatArray, tank: Tank, source: Loop, sink: Loop, room_c: float, step_s: float
) -> float:
    """Fill what a step makes each layer of, and give the greatest renewal of a layer in it.

    Rows of ``shares``: how often the step renews a layer by the layer above, by the layer below
    and by all together, and the kelvins that inlets and the room add. The renewals and those
    behind the kelvins are alike, so whatever the layers are made of adds up.
    """
    above, below, renewed, gain = shares[0], shares[1], shares[2], shares[3]
    down_kgs, last = shares[4], shares.shape[1] - 1
    _fill_downward(down_kgs, source, sink)
    per_kg = step_s / tank.layer_kg
    per_kw_per_k = per_kg / HEAT_CAPACITY_KJ_PER_KGK
    still = tank.conduction_kw_per_k * per_kw_per_k
    side = tank.side_kw_per_k * per_kw_per_k
    for layer in range(last + 1):
        above[layer] = still + max(0.0, down_kgs[layer]) * per_kg if layer > 0 else 0.0
        below[layer] = still + max(0.0, -down_kgs[layer + 1]) * per_kg if layer < last else 0.0
        renewed[layer] = side
        gain[layer] = side * room_c
    renewed[0] += tank.top_kw_per_k * per_kw_per_k
    gain[0] += tank.top_kw_per_k * per_kw_per_k * room_c
    renewed[last] += tank.bottom_kw_per_k * per_kw_per_k
    gain[last] += tank.bottom_kw_per_k * per_kw_per_k * room_c
    for loop in (source, sink):
        renewed[loop.inlet_layer] += loop.flow_kgs * per_kg
        gain[loop.inlet_layer] += loop.flow_kgs * per_kg * loop.inlet_c
    most = 0.0
    for layer in range(last + 1):
        renewed[layer] += above[layer] + below[layer]
        most = max(most, renewed[layer])
    return most


@kernel
def _cut(shares: FloatArray, substeps: int) -> None:
    """Turn the renewals of a step into shares of a sub-step, and clear the sums.

    Row 2 becomes the share of itself that each layer keeps.
    """
    per_substep = 1.0 / substeps
    for layer in range(shares.shape[1]):
        shares[0, layer] *= per_substep
        shares[1, layer] *= per_substep
        shares[2, layer] = 1.0 - per_substep * shares[2, layer]
        shares[3, layer] *= per_substep
        shares[4, layer] = 0.0


@kernel
def _advance(layers_c: FloatArray, shares: FloatArray) -> bool:
    """Take one explicit sub-step, upwind, and tell whether any layer now lies under a cooler one.

    Each layer becomes a mean of itself, its neighbours, inlets and room. Where a sub-step renews
    each layer exactly once, a front passes without blurring. The sums in row 4 are of the
    temperatures before, with which water left.
    """
    above, below, kept, gain, seen = shares[0], shares[1], shares[2], shares[3], shares[4]
    last = layers_c.size - 1
    over_c, mixed_c, inverted = layers_c[0], math.inf, False
    for layer in range(last + 1):
        here_c = layers_c[layer]
        under_c = layers_c[layer + 1] if layer < last else here_c
        seen[layer] += here_c
        now_c = kept[layer] * here_c + above[layer] * over_c + below[layer] * under_c + gain[layer]
        layers_c[layer] = now_c
        inverted |= now_c > mixed_c
        mixed_c = now_c
        over_c = here_c
    return inverted


@kernel
def _advance_implicitly(layers_c: FloatArray, shares: FloatArray) -> None:
    """Take one implicit sub-step of any length: the same balance, at the temperatures it ends with.

    Thomas's algorithm on the three diagonals; bounded by what flows in, as the explicit one.
    """
    above, below, kept, gain, seen = shares[0], shares[1], shares[2], shares[3], shares[4]
    upper = shares[5]
    layers_c[0] = (layers_c[0] + gain[0]) / (2.0 - kept[0])
    upper[0] = below[0] / (2.0 - kept[0])
    for layer in range(1, layers_c.size):
        diagonal = 2.0 - kept[layer] - above[layer] * upper[layer - 1]
        value_c = layers_c[layer] + gain[layer] + above[layer] * layers_c[layer - 1]
        layers_c[layer] = value_c / diagonal
        upper[layer] = below[layer] / diagonal
    for layer in range(layers_c.size - 2, -1, -1):
        layers_c[layer] += upper[layer] * layers_c[layer + 1]
    for layer in range(layers_c.size):
        seen[layer] += layers_c[layer]


@kernel
def _loss_kw(means_c: FloatArray, tank: Tank, room_c: float) -> float:
    """Give the heat to the room from layers of these mean temperatures."""
    total_k = 0.0
    for layer in range(means_c.size):
        total_k += means_c[layer] - room_c
    top_kw: float = tank.top_kw_per_k * (means_c[0] - room_c)
    bottom_kw: float = tank.bottom_kw_per_k * (means_c[means_c.size - 1] - room_c)
    return tank.side_kw_per_k * total_k + top_kw + bottom_kw


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
    shares = np.empty((6, layers_c.size))
    most = _fill_shares(shares, tank, source, sink, room_c, step_h * _S_PER_H)
    substeps = max(1, math.ceil(min(most - 1e-12, SUBSTEPS_MAX)))
    _cut(shares, substeps)
    before_kwh = stored_kwh(layers_c, tank.layer_kg, 0.0)
    for _ in range(substeps):
        if most > SUBSTEPS_MAX:
            _advance_implicitly(layers_c, shares)
            mix_inversions(layers_c)
        elif _advance(layers_c, shares):
            mix_inversions(layers_c)
    means_c = shares[4]
    for layer in range(means_c.size):
        means_c[layer] /= substeps
    source_out_c, sink_out_c = means_c[source.outlet_layer], means_c[sink.outlet_layer]
    return TankFlows(
        source_out_c,
        sink_out_c,
        source.flow_kgs * HEAT_CAPACITY_KJ_PER_KGK * (source.inlet_c - source_out_c),
        sink.flow_kgs * HEAT_CAPACITY_KJ_PER_KGK * (sink_out_c - sink.inlet_c),
        _loss_kw(means_c, tank, room_c),
        (stored_kwh(layers_c, tank.layer_kg, 0.0) - before_kwh) / step_h,
    )
