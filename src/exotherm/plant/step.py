"""One step of the plant: servers, store, customers, boiler, cooler; energy closes.

The policy is in the step. The servers come first, so what nobody takes is rejected. Heat that
passes by itself comes before the heat pump; the heat pump runs where it may and where it pays; the
store takes what is over and gives what is short; the customers' boiler does the rest.

The store's layers move with whatever flows, so a step is cut where a flow would renew a layer
more than once, and flows are found anew for each cut.
"""

import math
from typing import NamedTuple

import numpy as np

from exotherm.core.kernel import kernel
from exotherm.physics.boiler import boiler_fuel_kw
from exotherm.physics.computing import FloatArray
from exotherm.physics.dry_cooler import fan_power_kw
from exotherm.physics.evaporation import shah_evaporation_kgs, vdi_evaporation_kgs
from exotherm.physics.pool import convection_kw, evaporation_kgs
from exotherm.physics.tank import (
    Loop,
    add_loop,
    advance_tank,
    clear_streams,
    draw_layer,
    lance_layer,
    renewals_per_s,
    stored_kwh,
)
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, evaporation_heat_kj_per_kg
from exotherm.plant.charging import charge_by_pump, charge_directly
from exotherm.plant.parts import (
    SHAH,
    VDI,
    Flows,
    Laid,
    Moment,
    Plant,
    PoolPart,
    State,
)

SUBSTEP_S_MAX = 1800.0
"""Longest cut of a step: flows follow the layers at least twice an hour."""

FEED_S = 1800.0
"""Time in which a network's feed pump would empty what is warm enough in the store."""

_WHOLE_LIFT, _OWN_PLANT = 1, 2  # as Acceptance has them, which cannot be compiled
_S_PER_H = 3600.0

DESK_COLUMNS = 9
_NEED, _WANTED, _RETURN, _PASSING, _RISE, _ACCEPTS = range(6)
_HEAT, _FLOW, _BACK = range(6, DESK_COLUMNS)
# The desk has a row per load and one for the pool. What a load asks: its heat, the water it wants
# drawn, its return, heat passed per kelvin between these, rise of the store's water above the
# return per heat, acceptance. What it is given: heat, flow, temperature at which that comes back.


class PoolNeed(NamedTuple):
    """What the pool loses in a step, and the heat it needs and would welcome."""

    evaporation_kw: float
    convection_kw: float
    makeup_kw: float
    ground_kw: float
    needed_kw: float
    welcome_kw: float


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


class Passed(NamedTuple):
    """What passed in a step, in kJ, kg and kg·°C."""

    exchanged_kj: float
    coolant_c_s: float
    """the coolant's temperature times its time"""
    source_kj: float
    pump_heat_kj: float
    pump_power_kj: float
    pump_loss_kj: float
    pump_auxiliary_kj: float
    delivered_kj: float
    pool_kj: float
    loss_kj: float
    flow_kg: float
    supply_kg_c: float
    return_kg_c: float


@kernel
def pool_evaporated_kgs(
    pool: PoolPart, pool_c: float, activity: float, uncovered_frac: float
) -> float:
    """Give the water that evaporates from the pool by its method, the cover included."""
    if pool.evaporation == VDI:
        bare_kgs = vdi_evaporation_kgs(
            pool.area_m2, pool_c, pool.hall_air_c, pool.hall_humidity_frac, activity
        )
    elif pool.evaporation == SHAH:
        bare_kgs = shah_evaporation_kgs(
            pool.area_m2, pool_c, pool.hall_air_c, pool.hall_humidity_frac, activity
        )
    else:
        bare_kgs = evaporation_kgs(
            pool.area_m2,
            pool_c,
            pool.hall_air_c,
            pool.hall_humidity_frac,
            pool.air_speed_ms,
            activity,
        )
    return bare_kgs * uncovered_frac


@kernel
def pool_need(pool: PoolPart, moment: Moment, pool_c: float, step_h: float) -> PoolNeed:
    """Give the pool's losses by their ways, and the heat it needs and welcomes.

    Losses follow the temperature at the start of the step, since the pool's time constant is
    weeks. Water that evaporates is refilled from the mains, so its warming counts as make-up.
    """
    if pool.area_m2 <= 0.0:
        return PoolNeed(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    evaporated_kgs = pool_evaporated_kgs(pool, pool_c, moment.activity, moment.uncovered_frac)
    evaporation_kw = evaporated_kgs * evaporation_heat_kj_per_kg(pool_c)
    dry_kw = convection_kw(pool.area_m2, pool_c, pool.hall_air_c, pool.convection_w_per_m2k)
    fresh_kgs = moment.makeup_kgs + evaporated_kgs
    makeup_kw = fresh_kgs * HEAT_CAPACITY_KJ_PER_KGK * (pool_c - moment.mains_c)
    losses_kw = evaporation_kw + dry_kw + makeup_kw + pool.ground_loss_kw
    inertia = pool.kwh_per_k / step_h
    return PoolNeed(
        evaporation_kw,
        dry_kw,
        makeup_kw,
        pool.ground_loss_kw,
        max(0.0, losses_kw + inertia * (pool.c_set - pool_c)),
        max(0.0, losses_kw + inertia * (pool.c_max - pool_c)),
    )


# --- What customers take from the store


@kernel
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


@kernel
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


@kernel
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


@kernel
def _warmest_wanted_c(plant: Plant, desk: FloatArray, pool_c: float, welcome_kw: float) -> float:
    """Give the water that would serve all customers that call; of none, nothing is wanted."""
    wanted_c = -math.inf
    for load in range(desk.shape[0] - 1):
        if desk[load, _NEED] > 0.0 and desk[load, _ACCEPTS] != _OWN_PLANT:
            wanted_c = max(wanted_c, desk[load, _WANTED])
    if welcome_kw > 0.0 and plant.pool.delivery_kw_per_k > 0.0:
        wanted_c = max(wanted_c, pool_c + welcome_kw / plant.pool.delivery_kw_per_k)
    return wanted_c


@kernel
def _serve(
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
        return Served(0.0, 0.0, 0.0, 0.0, 0.0, near)
    layer = draw_layer(layers_c, wanted_c, near)
    asked_kgs = _serve_all(plant, layers_c, layer, desk, pool_c, welcome_kw)
    if asked_kgs > plant.delivery.flow_kgs and layer > 0:
        layer = 0
        asked_kgs = _serve_all(plant, layers_c, layer, desk, pool_c, welcome_kw)
    if asked_kgs <= 0.0:
        return Served(0.0, 0.0, 0.0, 0.0, 0.0, layer)
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


# --- What passes through the store


@kernel
def _pass_through(
    plant: Plant,
    layers_c: FloatArray,
    streams: FloatArray,
    desk: FloatArray,
    moment: Moment,
    pool_c: float,
    welcome_kw: float,
    step_s: float,
) -> Passed:
    """Move the store through a step, in place, and sum what passes."""
    exchanged = coolant = source = heat = power = lost = auxiliary = 0.0
    delivered = to_pool = loss = flow = supply = back = 0.0
    left_s, inlet, drawn = step_s, layers_c.size // 2, 0
    while left_s > 0.0:
        clear_streams(streams)
        served = _serve(plant, layers_c, streams, desk, pool_c, welcome_kw, drawn)
        drawn = served.layer
        direct_kw, coolant_c, inlet = charge_directly(plant, layers_c, streams, moment, inlet)
        pump = charge_by_pump(plant, layers_c, streams, moment, direct_kw)
        cut_s = _cut_s(left_s, renewals_per_s(plant.tank, streams))
        loss += cut_s * advance_tank(layers_c, plant.tank, streams, plant.tank_room_c, cut_s)
        exchanged += direct_kw * cut_s
        coolant += coolant_c * cut_s
        source += pump.source_kw * cut_s
        heat += pump.heat_kw * cut_s
        power += pump.power_kw * cut_s
        lost += pump.loss_kw * cut_s
        auxiliary += pump.auxiliary_kw * cut_s
        delivered += served.delivered_kw * cut_s
        to_pool += served.pool_kw * cut_s
        flow += served.flow_kgs * cut_s
        supply += served.supply_kgs_c * cut_s
        back += served.return_kgs_c * cut_s
        left_s -= cut_s
    return Passed(
        exchanged, coolant, source, heat, power, lost, auxiliary,
        delivered, to_pool, loss, flow, supply, back,
    )  # fmt: skip


@kernel
def _cut_s(left_s: float, renewals_per_s: float) -> float:
    """Give the next cut of what is left of a step: all of it, or the first of equal cuts.

    Short enough that flows renew no layer more than once, and that they follow the layers.
    """
    cuts = math.ceil(left_s * max(1.0 / SUBSTEP_S_MAX, renewals_per_s) - 1e-9)
    return left_s if cuts <= 1 else left_s / cuts


@kernel
def _reject(
    plant: Plant, rejected_kw: float, hot_c: float, cooler_c: float
) -> tuple[float, float, float]:
    """Give the coolant's temperature, the cooler's fans and the chiller's power in rejecting heat.

    The cooler takes what it can from coolant as warm as it comes; a chiller behind it takes the
    rest, and without one the coolant warms until the cooler takes all.
    """
    cooler = plant.cooler
    if rejected_kw <= 1e-9:
        return hot_c, 0.0, 0.0
    free_kw = min(rejected_kw, max(0.0, cooler.kw_per_k * (hot_c - cooler_c)))
    if cooler.chiller_eer > 0.0:
        fan_kw = fan_power_kw(free_kw, hot_c, cooler_c, cooler.kw_per_k, cooler.fan_kw_rated)
        return hot_c, fan_kw, (rejected_kw - free_kw) / cooler.chiller_eer
    coolant_c = max(hot_c, cooler_c + rejected_kw / cooler.kw_per_k)
    fan_kw = fan_power_kw(rejected_kw, coolant_c, cooler_c, cooler.kw_per_k, cooler.fan_kw_rated)
    return coolant_c, fan_kw, 0.0


@kernel
def _fuel_kw(plant: Plant, heat_kw: float) -> float:
    boiler = plant.boiler
    if boiler.part_load_frac <= 0.0 or boiler.heat_kw_rated <= 0.0:
        return heat_kw / boiler.efficiency_frac
    return boiler_fuel_kw(
        heat_kw,
        boiler.heat_kw_rated,
        boiler.efficiency_frac,
        boiler.part_load_frac,
        boiler.standby_frac,
    )


@kernel
def _moment(moments: FloatArray, at: int) -> Moment:
    return Moment(
        moments[at, 0],
        moments[at, 1],
        moments[at, 2],
        moments[at, 3],
        moments[at, 4],
        moments[at, 5],
        moments[at, 6],
        moments[at, 7],
        moments[at, 8],
        moments[at, 9],
        moments[at, 10],
        moments[at, 11],
        moments[at, 12],
    )


@kernel
def _lay_out(orders: FloatArray, terms: FloatArray, at: int, desk: FloatArray) -> float:
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


@kernel
def new_desk(laid: Laid) -> FloatArray:
    """Give a desk for the loads of these conditions and the pool."""
    return np.zeros((laid.terms.shape[0] + 1, DESK_COLUMNS))


@kernel
def new_streams(layers_c: FloatArray) -> FloatArray:
    """Give the streams of a store at rest."""
    return np.zeros((3, layers_c.size))


@kernel
def advance(
    plant: Plant,
    layers_c: FloatArray,
    pool_c: float,
    laid: Laid,
    at: int,
    step_h: float,
    streams: FloatArray,
    desk: FloatArray,
) -> Flows:
    """Advance the plant by step ``at`` of what was laid, the store's layers in place.

    ``streams`` and ``desk`` are room to work in. The pool's new temperature is in the flows.
    """
    moment = _moment(laid.moments, at)
    load_kw = _lay_out(laid.orders, laid.terms, at, desk)
    need = pool_need(plant.pool, moment, pool_c, step_h)
    before_kwh = stored_kwh(layers_c, plant.tank.layer_kg, 0.0)
    passed = _pass_through(
        plant, layers_c, streams, desk, moment, pool_c, need.welcome_kw, step_h * _S_PER_H
    )
    stored_kw = (stored_kwh(layers_c, plant.tank.layer_kg, 0.0) - before_kwh) / step_h
    return _account(plant, moment, need, passed, load_kw, stored_kw, layers_c, pool_c, step_h)


@kernel
def _account(
    plant: Plant,
    moment: Moment,
    need: PoolNeed,
    passed: Passed,
    load_kw: float,
    stored_kw: float,
    layers_c: FloatArray,
    pool_c: float,
    step_h: float,
) -> Flows:
    """Give all flows of a step from what passed: what is rejected, what the boiler does."""
    servers, step_s = plant.servers, step_h * _S_PER_H
    exchanged_kw, source_kw = passed.exchanged_kj / step_s, passed.source_kj / step_s
    delivered_kw, pool_delivered_kw = passed.delivered_kj / step_s, passed.pool_kj / step_s
    rejected_kw = moment.captured_kw - exchanged_kw - source_kw
    coolant_c, fan_kw, chiller_kw = _reject(plant, rejected_kw, moment.hot_c, moment.cooler_c)
    if servers.floats and rejected_kw <= 1e-9 and source_kw <= 1e-9:
        coolant_c = min(coolant_c, passed.coolant_c_s / step_s)
    uncaptured_kw = moment.it_kw + moment.capture_fan_kw - moment.captured_kw
    air_cooling_kw = uncaptured_kw / servers.air_cooling_eer if servers.air_cooling_eer > 0 else 0.0

    load_short_kw = max(0.0, load_kw - (delivered_kw - pool_delivered_kw))
    pool_short_kw = max(0.0, need.needed_kw - pool_delivered_kw)
    short_kw = load_short_kw + pool_short_kw
    backed = min(1.0, plant.boiler.heat_kw_rated / short_kw) if short_kw > 0.0 else 0.0
    pool_backup_kw = pool_short_kw * backed
    losses_kw = need.evaporation_kw + need.convection_kw + need.makeup_kw + need.ground_kw
    pool_stored_kw = pool_delivered_kw + pool_backup_kw - losses_kw
    if plant.pool.area_m2 > 0.0:
        pool_c += pool_stored_kw * step_h / plant.pool.kwh_per_k

    flow_kgs = passed.flow_kg / step_s
    called = flow_kgs / plant.delivery.flow_kgs
    supply_c = return_c = layers_c[0]
    if passed.flow_kg > 0.0:
        supply_c = passed.supply_kg_c / passed.flow_kg
        return_c = passed.return_kg_c / passed.flow_kg
    return Flows(
        moment.it_kw,
        moment.capture_fan_kw,
        moment.captured_kw,
        uncaptured_kw,
        exchanged_kw,
        source_kw,
        rejected_kw,
        passed.pump_heat_kj / step_s,
        passed.pump_power_kj / step_s,
        passed.pump_loss_kj / step_s,
        passed.loss_kj / step_s,
        stored_kw,
        delivered_kw,
        pool_delivered_kw,
        load_kw,
        short_kw * backed,
        pool_backup_kw,
        load_short_kw * (1.0 - backed),
        need.evaporation_kw,
        need.convection_kw,
        need.makeup_kw,
        need.ground_kw,
        pool_stored_kw,
        _fuel_kw(plant, short_kw * backed),
        fan_kw,
        chiller_kw,
        air_cooling_kw,
        plant.delivery.pump_kw * called
        + plant.delivery.controls_kw
        + (passed.pump_power_kj + passed.pump_auxiliary_kj) / step_s,
        moment.it_kw * (1.0 + servers.ups_loss_frac)
        + moment.capture_fan_kw
        + servers.controls_kw
        + servers.coolant_pump_kw
        + fan_kw
        + chiller_kw
        + air_cooling_kw,
        called,
        flow_kgs,
        supply_c,
        return_c,
        coolant_c,
        layers_c[0],
        layers_c[-1],
        pool_c,
    )


@kernel
def step_plant(
    plant: Plant, state: State, laid: Laid, at: int, step_h: float
) -> tuple[State, Flows]:
    """Give the state and the flows after step ``at``; the state given stays as it was."""
    layers_c = state.layers_c.copy()
    streams, desk = new_streams(layers_c), new_desk(laid)
    flows = advance(plant, layers_c, state.pool_c, laid, at, step_h, streams, desk)
    return State(layers_c, flows.pool_c), flows
