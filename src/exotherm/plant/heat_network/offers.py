"""What a data centre may feed into a network, into its supply or into its return, and at what cost.

Into the supply its heat has to be as warm as the network's curve asks: a heat pump lifts what the
coolant does not reach by itself. Into the return it lifts the water that passes by a few kelvin:
less lift, a better COP, but no more heat than that flow takes, and what the plant room does after
it begins from a warmer return.
"""

from dataclasses import dataclass

import numpy as np

from exotherm.core.kernel import kernel
from exotherm.physics.computing import FloatArray
from exotherm.physics.heat_pump import (
    COP_MAX,
    carnot_efficiency_frac,
    evaporator_out_c,
    heat_pump_cop,
)
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK
from exotherm.site.heat_network import DataCentre

_SPREAD_K_MIN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Offer:
    """What a data centre may feed in every step, all arrays (steps,).

    A kilowatt-hour of heat takes ``power_frac`` of electricity and ``source_frac`` of the coolant's
    heat; heat that the network does not take is rejected.
    """

    heat_kw_max: FloatArray
    asked_c: FloatArray
    """how warm it is fed in"""
    power_frac: FloatArray
    source_frac: FloatArray
    cost_per_kwh: FloatArray
    """electricity, less that of the cooler which does not run"""


def into_supply(
    centre: DataCentre,
    coolant_kw: FloatArray,
    *,
    supply_c: FloatArray,
    return_c: FloatArray,
    electricity_per_kwh: FloatArray,
) -> Offer:
    """Give what a data centre may feed into the supply where the return has ``return_c``."""
    return _offer(centre, coolant_kw, supply_c, return_c, electricity_per_kwh)


def into_return(
    centre: DataCentre,
    coolant_kw: FloatArray,
    *,
    supply_c: FloatArray,
    return_c: FloatArray,
    flow_kgs: FloatArray,
    electricity_per_kwh: FloatArray,
) -> Offer:
    """Give what a data centre may feed into the return, of which ``flow_kgs`` passes it.

    It warms that by ``return_lift_k`` at most, and always counts as that warm: at less heat the
    COP is a little better than this.
    """
    lift_k = np.minimum(centre.return_lift_k, supply_c - return_c)
    offer = _offer(centre, coolant_kw, return_c + lift_k, return_c, electricity_per_kwh)
    most_kw = np.maximum(0.0, flow_kgs) * HEAT_CAPACITY_KJ_PER_KGK * lift_k
    return Offer(
        heat_kw_max=np.minimum(offer.heat_kw_max, most_kw),
        asked_c=offer.asked_c,
        power_frac=offer.power_frac,
        source_frac=offer.source_frac,
        cost_per_kwh=offer.cost_per_kwh,
    )


def _offer(
    centre: DataCentre,
    coolant_kw: FloatArray,
    asked_c: FloatArray,
    return_c: FloatArray,
    electricity_per_kwh: FloatArray,
) -> Offer:
    """Split the warming from return to what is asked between exchanger and heat pump, in a row.

    The exchanger warms the water to an approach below the coolant, the heat pump the rest:
    s = (T_hot - T_return) / (T_asked - T_return) without electricity, and of the rest 1/COP. The
    COP is that of the warmest water and the coldest coolant, which is the cautious end.
    """
    spread_k = np.maximum(asked_c - return_c, _SPREAD_K_MIN)
    direct_frac = np.clip((centre.coolant_c - centre.approach_k - return_c) / spread_k, 0.0, 1.0)
    pumped_frac = 1.0 - direct_frac
    cop = _cops(
        evaporator_out_c(
            centre.coolant_c,
            centre.coolant_return_c,
            centre.approach_k,
            centre.source_c_max,
            centre.source_glide_k,
        ),
        asked_c,
        carnot_efficiency_frac(max(centre.heat_pump_kw_rated, 1.0)),
    )
    power_frac = pumped_frac * (1.0 / cop + centre.auxiliary_frac)
    source_frac = 1.0 - pumped_frac / cop
    most_kw = coolant_kw / source_frac
    pumped = pumped_frac > 0.0
    machine_kw = centre.heat_pump_kw_rated / np.where(pumped, pumped_frac, 1.0)
    reached = ~pumped | (asked_c <= centre.sink_c_max)
    most_kw = np.where(pumped, np.minimum(most_kw, machine_kw), most_kw)
    saved_frac = centre.rejection_frac * source_frac
    return Offer(
        heat_kw_max=np.where(reached, most_kw, 0.0),
        asked_c=asked_c,
        power_frac=power_frac,
        source_frac=source_frac,
        cost_per_kwh=electricity_per_kwh * (power_frac - saved_frac),
    )


@kernel
def _cops(source_out_c: float, sink_c: FloatArray, efficiency_frac: float) -> FloatArray:
    cop = np.empty_like(sink_c)
    for step in range(sink_c.size):
        cop[step] = heat_pump_cop(source_out_c, sink_c[step], efficiency_frac, COP_MAX)
    return cop
