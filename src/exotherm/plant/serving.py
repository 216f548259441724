"""What customers take from the store: one pipe to all of them, past one meter."""

import math
from typing import NamedTuple

import numpy as np

from exotherm.core.kernel import inner_kernel, kernel
from exotherm.physics.computing import FloatArray
from exotherm.physics.tank import Loop, add_loop, draw_layer, lance_layer
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK
from exotherm.plant.parts import Laid, Plant

FEED_S = 600.0
"""Time in which a network's feed pump would empty what is warm enough in the store."""

_WHOLE_LIFT, _OWN_PLANT = 1, 2  # as Acceptance has them, which cannot be compiled

DESK_COLUMNS = 9
_NEED, _WANTED, _RETURN, _PASSING, _RISE, _ACCEPTS = range(6)
_HEAT, _FLOW, _BACK = range(6, DESK_COLUMNS)
# The desk has a row per load and one for the pool. What a load asks: its heat, the water it wants
# drawn, its return, heat passed per kelvin between these, rise of the store's water above the
# return per heat, acceptance. What it is given: heat, flow, temperature at which that comes back.


class Served(NamedTuple):
    """What the store gives to all customers at an instant."""

    delivered_kw: float
    pool_kw: float
    flow_kgs: float
    supply_kgs_c: float
    """flow times its temperature"""
    return_kgs_c: float
    layer: int
    """from which it was drawn"""


@inner_kernel
def nothing_served(layer: int) -> Served:
    """Give what a loop at rest gives; ``layer`` is where the next search begins."""
    return Served(0.0, 0.0, 0.0, 0.0, 0.0, layer)


@kernel
def new_desk(laid: Laid) -> FloatArray:
    """Give a desk for the loads of these conditions and the pool."""
    return np.zeros((laid.terms.shape[0] + 1, DESK_COLUMNS))


@inner_kernel
def lay_out(orders: FloatArray, terms: FloatArray, at: int, desk: FloatArray) -> float:
    """Lay what every load asks on the desk, and give the sum."""
    sum_kw = 0.0
    for load in range(orders.shape[1]):
        load_kw, supply_c, return_c = orders[at, load, 0], orders[at, load, 1], orders[at, load, 2]
        station = terms[load, 0]
        carried = load_kw / (supply_c - return_c)
        desk[load, _NEED] = load_kw
        desk[load, _WANTED] = supply_c + load_kw / station
        desk[load, _RETURN] = return_c
        desk[load, _PASSING] = carried * station / (station + carried)
        desk[load, _RISE] = 1.0 / station
        desk[load, _ACCEPTS] = terms[load, 1]
        sum_kw += load_kw
    return sum_kw


@inner_kernel
def _serve_load(drawn_c: float, desk: FloatArray, load: int, feed_kw_per_k: float) -> None:
    """Write heat, flow and return temperature with which water of a temperature serves one load.

    The customer's station is a counterflow exchanger whose two flows are alike while water is
    preheated, so q = C NTU / (1 + NTU) (T_drawn - T_return), and whose valve closes as far as the
    load needs less; then the store's water returns q / UA above the customer's, no colder than
    it could. A network's feed pump takes only water that is warm enough, and goes by how much of
    that there is: it would empty it in FEED_S. ``feed_kw_per_k`` is its capacity over that.
    """
    desk[load, _HEAT] = desk[load, _FLOW] = 0.0
    need_kw, accepts, return_c = desk[load, _NEED], desk[load, _ACCEPTS], desk[load, _RETURN]
    if need_kw <= 0.0 or accepts == _OWN_PLANT:
        return
    possible_kw = (drawn_c - return_c) * desk[load, _PASSING]
    if accepts == _WHOLE_LIFT:
        if possible_kw < need_kw * (1.0 - 1e-9):
            return
        possible_kw = (drawn_c - return_c) * feed_kw_per_k
    if possible_kw <= 0.0:
        return
    heat_kw = min(need_kw, possible_kw)
    back_c = return_c + heat_kw * desk[load, _RISE]
    desk[load, _HEAT] = heat_kw
    desk[load, _FLOW] = heat_kw / (HEAT_CAPACITY_KJ_PER_KGK * (drawn_c - back_c))
    desk[load, _BACK] = back_c


@inner_kernel
def _serve_pool(
    plant: Plant, drawn_c: float, desk: FloatArray, pool_c: float, welcome_kw: float
) -> None:
    """Write the same for the pool, in the desk's last row.

    The valve opens at full flow for as long as the exchanger needs to pass what is welcome.
    """
    row, per_k = desk.shape[0] - 1, plant.pool.delivery_kw_per_k
    desk[row, _HEAT] = desk[row, _FLOW] = 0.0
    possible_kw = per_k * (drawn_c - pool_c)
    if welcome_kw <= 0.0 or possible_kw <= 1e-9:
        return
    open_frac, flow_kgs = min(1.0, welcome_kw / possible_kw), plant.delivery.flow_kgs
    desk[row, _HEAT] = possible_kw * open_frac
    desk[row, _FLOW] = flow_kgs * open_frac
    desk[row, _BACK] = drawn_c - possible_kw / (flow_kgs * HEAT_CAPACITY_KJ_PER_KGK)


@inner_kernel
def _serve_all(
    plant: Plant,
    layers_c: FloatArray,
    layer: int,
    desk: FloatArray,
    pool_c: float,
    welcome_kw: float,
) -> float:
    """Write what water drawn from a layer gives to every customer, and give its flow."""
    feed_kw_per_k = (layer + 1) * plant.tank.layer_kg * HEAT_CAPACITY_KJ_PER_KGK / FEED_S
    pool_row = desk.shape[0] - 1
    flow_kgs: float = 0.0
    for load in range(pool_row):
        _serve_load(layers_c[layer], desk, load, feed_kw_per_k)
        flow_kgs += desk[load, _FLOW]
    _serve_pool(plant, layers_c[layer], desk, pool_c, welcome_kw)
    flow_kgs += desk[pool_row, _FLOW]
    return flow_kgs


@inner_kernel
def _warmest_wanted_c(plant: Plant, desk: FloatArray, pool_c: float, welcome_kw: float) -> float:
    """Give the water that would serve all customers that call; of none, nothing is wanted."""
    wanted_c = -math.inf
    for load in range(desk.shape[0] - 1):
        if desk[load, _NEED] > 0.0 and desk[load, _ACCEPTS] != _OWN_PLANT:
            wanted_c = max(wanted_c, desk[load, _WANTED])
    if welcome_kw > 0.0 and plant.pool.delivery_kw_per_k > 0.0:
        wanted_c = max(wanted_c, pool_c + welcome_kw / plant.pool.delivery_kw_per_k)
    return wanted_c


@inner_kernel
def serve(
    plant: Plant,
    layers_c: FloatArray,
    streams: FloatArray,
    desk: FloatArray,
    pool_c: float,
    welcome_kw: float,
    near: int,
) -> Served:
    """Lay the delivery loop's flow on the store's streams, and give what it gives.

    One pipe goes to all customers past one meter, so all get the same water: from the lowest
    layer that is warm enough for the warmest customer that calls, or from the top. Where that
    asks for more than the pump moves, the top's water carries more in less flow. What comes back
    mixes. ``near`` is a layer to begin the search at.
    """
    pool_row = desk.shape[0] - 1
    wanted_c = _warmest_wanted_c(plant, desk, pool_c, welcome_kw)
    if wanted_c == -math.inf:
        return nothing_served(near)
    layer = draw_layer(layers_c, wanted_c, near)
    asked_kgs = _serve_all(plant, layers_c, layer, desk, pool_c, welcome_kw)
    if asked_kgs > plant.delivery.flow_kgs and layer > 0:
        layer = 0
        asked_kgs = _serve_all(plant, layers_c, layer, desk, pool_c, welcome_kw)
    if asked_kgs <= 0.0:
        return nothing_served(layer)
    share = min(1.0, plant.delivery.flow_kgs / asked_kgs)
    delivered_kw = return_kgs_c = 0.0
    for customer in range(pool_row + 1):
        delivered_kw += desk[customer, _HEAT] * share
        return_kgs_c += desk[customer, _FLOW] * desk[customer, _BACK] * share
    flow_kgs = asked_kgs * share
    back_c = return_kgs_c / flow_kgs
    add_loop(streams, Loop(flow_kgs, back_c, lance_layer(layers_c, back_c, layer), layer))
    pool_kw = desk[pool_row, _HEAT] * share
    return Served(delivered_kw, pool_kw, flow_kgs, flow_kgs * layers_c[layer], return_kgs_c, layer)
