"""How the store is charged: by the exchanger first, then by the heat pump."""

from exotherm.core.kernel import inner_kernel
from exotherm.physics.computing import FloatArray
from exotherm.physics.heat_pump import (
    HeatPumpFlows,
    evaporator_out_c,
    flows_for_heat,
    flows_from_source,
    heat_pump_cop,
    part_load_factor,
)
from exotherm.physics.tank import Loop, add_loop, lance_layer
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK
from exotherm.plant.parts import Moment, Plant

APART_K = 3.0
"""Coolant above the store's coldest water from which on the exchanger's pump runs undiminished;
closer, it would stir the store for next to no heat."""
_PER_APART_K = 1.0 / APART_K

REFILL_S = 1800.0
"""Time in which the heat pump would make up what its zone of the store lacks."""

CONDENSER_RISE_K = 8.0
"""Smallest rise at full load: EN 14511 rates condensers at 5 to 8 K."""


@inner_kernel
def charge_directly(
    plant: Plant, layers_c: FloatArray, streams: FloatArray, moment: Moment, near: int
) -> tuple[float, float, int]:
    """Charge the store through the exchanger; give its heat, the coolant, and the layer it enters.

    The store's coldest water meets the coolant; it takes all captured heat or what passes. Where
    the servers give less than would pass, the pump slows, so that the water gets as warm as the
    customers need: up to the rise it has at full flow under coolant as warm as it may be, which a
    slower flow reaches the more easily. The coolant then is as warm as it would be if the pump
    ran at full flow for a share of the time. Closer than APART_K the pump slows to a stop. The
    layer is searched from ``near``.
    """
    direct, bottom_c = plant.direct, layers_c[-1]
    apart_k = max(0.0, moment.hot_c - bottom_c)
    passing_kw = direct.kw_per_k * apart_k * min(1.0, apart_k * _PER_APART_K)
    heat_kw = min(moment.captured_kw, passing_kw) * moment.charging
    if heat_kw <= 0.0:
        return 0.0, min(moment.hot_c, bottom_c), near
    wanted_k = max(heat_kw / direct.flow_kw_per_k, moment.wanted_c - bottom_c)
    rise_k = min(direct.rise_frac * apart_k, wanted_k)
    warmed_c = bottom_c + rise_k
    flow_kgs = heat_kw / (rise_k * HEAT_CAPACITY_KJ_PER_KGK)
    layer = lance_layer(layers_c, warmed_c, near)
    add_loop(streams, Loop(flow_kgs, warmed_c, layer, layers_c.size - 1))
    return heat_kw, bottom_c + rise_k / direct.rise_frac, layer


@inner_kernel
def charge_by_pump(
    plant: Plant,
    layers_c: FloatArray,
    streams: FloatArray,
    moment: Moment,
    direct_kw: float,
    served_kw: float,
) -> HeatPumpFlows:
    """Charge the top of the store by the heat pump, and give its flows.

    It takes from the coolant what the exchanger left, at most what customers take beyond that and
    what makes up its zone of the store; below its lowest load it cycles. Water that it could warm
    by less than CONDENSER_RISE_K slows its pump and it, until they stop. It rests where its
    electricity costs more than the boiler's fuel.
    """
    part, sink_c = plant.heat_pump, moment.pump_sink_c
    heat_kw_max = moment.pump_heat_kw * moment.charging
    left_kw = moment.captured_kw - direct_kw
    nothing = HeatPumpFlows(0.0, 0.0, 0.0, 0.0, 0.0)
    if heat_kw_max <= 0.0 or left_kw <= 1e-9:
        return nothing
    short_k = 0.0
    for layer in range(part.zone_layers):
        short_k += max(0.0, sink_c - layers_c[layer])
    outlet = part.zone_layers - 1
    rise_k = max(0.0, sink_c - layers_c[outlet])
    refill_kw = short_k * plant.tank.layer_kg * HEAT_CAPACITY_KJ_PER_KGK / REFILL_S
    # Heat by the square of the rise is flow in proportion to it: both fade out.
    warmable = min(1.0, rise_k / CONDENSER_RISE_K) ** 2
    wanted_kw = min(heat_kw_max * warmable, refill_kw + max(0.0, served_kw - direct_kw))
    if wanted_kw <= 1e-9:
        return nothing
    coolant_kw_per_k, hot_c = plant.servers.coolant_kw_per_k, moment.hot_c
    cold_c = evaporator_out_c(
        hot_c - direct_kw / coolant_kw_per_k,
        hot_c - moment.captured_kw / coolant_kw_per_k,
        part.source_approach_k,
        part.source_c_max,
        part.source_glide_k,
    )
    if cold_c < part.source_c_min:
        return nothing
    full_cop = heat_pump_cop(cold_c, sink_c, moment.pump_efficiency_frac, part.cop_max)
    load_factor = part_load_factor(wanted_kw / heat_kw_max, part.load_frac_min)
    cop = min(part.cop_max, full_cop * load_factor)
    if cop < part.cop_worth or cop <= 1.0:
        return nothing
    flows = flows_for_heat(wanted_kw, cop, part.loss_frac, part.auxiliary_frac)
    if flows.source_kw > left_kw:
        flows = flows_from_source(left_kw, cop, part.loss_frac, part.auxiliary_frac)
    flow_kgs = flows.heat_kw / (HEAT_CAPACITY_KJ_PER_KGK * rise_k)
    add_loop(streams, Loop(flow_kgs, sink_c, lance_layer(layers_c, sink_c, 0), outlet))
    return flows
