"""One step of the plant: servers, store, customers, boiler, cooler; energy closes.

The policy is in the step. The servers come first, so what nobody takes is rejected. Heat that
passes by itself comes before the heat pump; the heat pump runs where it may and where it pays; the
store takes what is over and gives what is short; the customers' boiler does the rest.

The store's layers move with whatever flows, so a step is cut where a flow would renew a layer
more than once, and flows are found anew for each cut.
"""

import math

import numpy as np

from exotherm.core.kernel import inner_kernel, kernel
from exotherm.physics.computing import FloatArray
from exotherm.physics.tank import advance_tank, clear_streams, renewals_per_s, stored_kwh
from exotherm.plant.account import Passed, account
from exotherm.plant.charging import charge_by_pump, charge_directly
from exotherm.plant.parts import Flows, Laid, Moment, Plant, State
from exotherm.plant.pool import pool_need
from exotherm.plant.serving import lay_out, new_desk, nothing_served, serve

SUBSTEP_S_MAX = 1800.0
"""Longest cut of a step: flows follow the layers at least twice an hour."""

_S_PER_H = 3600.0


@kernel
def new_streams(layers_c: FloatArray) -> FloatArray:
    """Give the streams of a store at rest."""
    return np.zeros((3, layers_c.size))


@inner_kernel
def moment_at(moments: FloatArray, at: int) -> Moment:
    """Read what a plant meets in a step off what was laid."""
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
        moments[at, 13],
        moments[at, 14],
    )


@inner_kernel
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
        served = nothing_served(drawn)
        if moment.delivering > 0.0:
            served = serve(plant, layers_c, streams, desk, pool_c, welcome_kw, drawn)
        drawn = served.layer
        direct_kw, coolant_c, inlet = charge_directly(plant, layers_c, streams, moment, inlet)
        pump = charge_by_pump(plant, layers_c, streams, moment, direct_kw, served.delivered_kw)
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


@inner_kernel
def _cut_s(left_s: float, renewals_per_s: float) -> float:
    """Give the next cut of what is left of a step: all of it, or the first of equal cuts.

    Short enough that flows renew no layer more than once, and that they follow the layers.
    """
    cuts = math.ceil(left_s * max(1.0 / SUBSTEP_S_MAX, renewals_per_s) - 1e-9)
    return left_s if cuts <= 1 else left_s / cuts


@inner_kernel
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
    moment = moment_at(laid.moments, at)
    load_kw = lay_out(laid.orders, laid.terms, at, desk)
    need = pool_need(plant.pool, moment, pool_c, step_h)
    before_kwh = stored_kwh(layers_c, plant.tank.layer_kg, 0.0)
    passed = _pass_through(
        plant, layers_c, streams, desk, moment, pool_c, need.welcome_kw, step_h * _S_PER_H
    )
    stored_kw = (stored_kwh(layers_c, plant.tank.layer_kg, 0.0) - before_kwh) / step_h
    return account(plant, moment, need, passed, load_kw, stored_kw, layers_c, pool_c, step_h)


@kernel
def step_plant(
    plant: Plant, state: State, laid: Laid, at: int, step_h: float
) -> tuple[State, Flows]:
    """Give the state and the flows after step ``at``; the state given stays as it was."""
    layers_c = state.layers_c.copy()
    streams, desk = new_streams(layers_c), new_desk(laid)
    flows = advance(plant, layers_c, state.pool_c, laid, at, step_h, streams, desk)
    return State(layers_c, flows.pool_c), flows
