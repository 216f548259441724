"""A site's heat pump at the temperatures of its site: how cold its source gets, how well it lifts.

What its map would say is not at hand where only the file is read: there the share of Carnot by its
size stands in, within a tenth.
"""

import numpy as np

from exotherm.physics.computing import FloatArray
from exotherm.physics.cop_points import points_cop, points_heat_kw
from exotherm.physics.heat_pump import (
    carnot_efficiency_frac,
    evaporator_out_c,
    heat_pump_cop,
    mixed_inlet,
)
from exotherm.site.machines import HeatPump


def sink_limit_c(pump: HeatPump) -> float:
    """Give the warmest water that the condenser gives as it is set."""
    return pump.sink_c_max if pump.sink_c_set is None else min(pump.sink_c_set, pump.sink_c_max)


def source_in_c(pump: HeatPump, *, warm_c: float) -> float:
    """Give the water entering the evaporator, for coolant that leaves the servers at ``warm_c``."""
    at_hand_c = warm_c - pump.source_approach_k
    if not pump.mixing_valve:
        return at_hand_c
    inlet_c, _ = mixed_inlet(at_hand_c, pump.source_c_max, pump.source_glide_k)
    return inlet_c


def source_out_c(pump: HeatPump, *, warm_c: float, back_c: float) -> float:
    """Give the water leaving the evaporator, for coolant that goes back at ``back_c``.

    A glide below its inlet, and an approach below the coolant that it has cooled.
    """
    inlet_c_max = pump.source_c_max if pump.mixing_valve else warm_c
    return evaporator_out_c(
        warm_c, back_c, pump.source_approach_k, inlet_c_max, pump.source_glide_k
    )


def cop_of(pump: HeatPump, *, source_out_c: float, sink_c: float) -> float:
    """Give the COP at full load between both outlets."""
    if pump.method == "points":
        points, glide_k = points_of(pump), pump.points_glide_k
        return points_cop(points, glide_k, source_out_c, sink_c, pump.cop_max)
    share = pump.efficiency_frac or carnot_efficiency_frac(pump.heat_kw_rated)
    return heat_pump_cop(source_out_c, sink_c, share, pump.cop_max)


def full_heat_kw(pump: HeatPump, *, source_out_c: float, sink_c: float) -> float:
    """Give the heat at full load: what its points say, or the rated one."""
    if pump.method == "points" and any(one.heat_kw for one in pump.points):
        return points_heat_kw(points_of(pump), pump.points_glide_k, source_out_c, sink_c)
    return pump.heat_kw_rated


def points_of(pump: HeatPump) -> FloatArray:
    """Give its points as rows of source inlet, sink outlet, COP and heat, for `cop_points`."""
    rows = [(one.source_in_c, one.sink_out_c, one.cop, one.heat_kw) for one in pump.points]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)
