"""A heat pump: how much electricity a lift takes, what part load changes, where its energy goes.

Temperatures are those of the water where it leaves the machine: the source's after the evaporator,
the sink's after the condenser. A map of a refrigerant's cycle (`cop_map`) or points measured on
the machine itself (`cop_points`) may stand in for the efficiency by size.
"""

import math
from typing import NamedTuple

from exotherm.core.kernel import kernel

KELVIN = 273.15

LIFT_K_MIN = 5.0
"""The lift no machine goes below: valves and lubrication need a pressure difference."""

COP_MAX = 8.0
"""The best COP credited where nothing was measured; small lifts are ruled by pinch and pumps."""

# Share of the Carnot COP between both outlets, by thermal size. Calibrated on EN 14511
# certificates (small) and the Danish Energy Agency's catalogue (large, several stages).
_SIZE_KW = (100.0, 300.0, 1_000.0, 3_000.0, 10_000.0)
_SIZE_FRAC = (0.55, 0.58, 0.62, 0.68, 0.75)


class HeatPumpLimits(NamedTuple):
    """Where a machine may run, and how far down its compressor goes without stopping."""

    source_c_min: float
    """coldest source outlet"""
    source_c_max: float
    """warmest source inlet; a mixing valve keeps it, see `mixed_inlet`"""
    sink_c_max: float
    """warmest sink outlet"""
    load_frac_min: float
    """lowest load without stopping: 0.25 in district heating, 0.10 in industry (Danish Energy
    Agency), 1.0 for a machine that is on or off"""


class HeatPumpFlows(NamedTuple):
    """What flows through a heat pump: heat = source + power - loss."""

    heat_kw: float
    source_kw: float
    power_kw: float
    """electricity of compressor and drive"""
    loss_kw: float
    """electricity that warms the plant room instead of the sink"""
    auxiliary_kw: float
    """electricity of controls and the machine's own pumps; none of it reaches the sink"""


@kernel
def carnot_cop(source_out_c: float, sink_out_c: float) -> float:
    """Give the COP no machine reaches between two temperatures: T / (T - T_source), in kelvin.

    A lift below 5 K, or none, counts as 5 K. Carnot, Réflexions sur la puissance motrice du feu.
    """
    return (sink_out_c + KELVIN) / max(LIFT_K_MIN, sink_out_c - source_out_c)


@kernel
def carnot_efficiency_frac(heat_kw_rated: float) -> float:
    """Give the share of the Carnot COP that machines of a thermal size reach, 0.55 to 0.75.

    Between 100 kW (0.55), 300 kW (0.58), 1 MW (0.62), 3 MW (0.68) and 10 MW (0.75) the share is
    straight over the logarithm of size; beyond the ends it stays. Calibrated on 1,264 EN 14511
    points below 80 kW and on the Danish Energy Agency's catalogue for 1 to 10 MW, both with
    outlet temperatures; uncertain by a tenth. Sources of 5 to 30 °C, sinks of 35 to 80 °C.
    """
    if heat_kw_rated <= _SIZE_KW[0]:
        return _SIZE_FRAC[0]
    for upper in range(1, len(_SIZE_KW)):
        if heat_kw_rated <= _SIZE_KW[upper]:
            begin_kw, end_kw = _SIZE_KW[upper - 1], _SIZE_KW[upper]
            share = math.log(heat_kw_rated / begin_kw) / math.log(end_kw / begin_kw)
            return _SIZE_FRAC[upper - 1] + share * (_SIZE_FRAC[upper] - _SIZE_FRAC[upper - 1])
    return _SIZE_FRAC[-1]


@kernel
def heat_pump_cop(
    source_out_c: float, sink_out_c: float, efficiency_frac: float, cop_max: float
) -> float:
    """Give the COP at full load: the Carnot COP times ``efficiency_frac``, at most ``cop_max``.

    Between both outlet temperatures and over 5 K at least, so below Carnot for any efficiency
    below one. For sources of -10 to 45 °C and sinks of 30 to 95 °C as far as the refrigerant
    goes. Form as in oemof and PyPSA; efficiency by `carnot_efficiency_frac`.
    """
    return min(cop_max, efficiency_frac * carnot_cop(source_out_c, sink_out_c))


@kernel
def running_frac(load_frac: float, load_frac_min: float) -> float:
    """Give the share of a step in which the machine runs so that it meets a load on average.

    At or above the lowest load it runs throughout; below, it runs at its lowest load and stops in
    between, which takes a buffer that bridges the stops. ``load_frac`` is of rated heat, 0 to 1.
    """
    if load_frac >= load_frac_min:
        return 1.0 if load_frac > 0.0 else 0.0
    return max(0.0, load_frac / load_frac_min)


@kernel
def part_load_factor(load_frac: float, load_frac_min: float) -> float:
    """Give what the COP at full load is multiplied by at part load, 0.9 to 1.05.

    While the compressor slows down the exchangers are large for it: 1 + 0.2 l (1 - l), five
    per cent better at half load. Below its lowest load it cycles, and each stop costs:
    1 - 0.1 (1 - r) with r the share of time it runs (EN 14825's degradation of a tenth). With
    ``load_frac_min`` of one the machine is on or off. Middle confidence: makers differ by 5 %.
    """
    running = running_frac(load_frac, load_frac_min)
    speed_frac = min(1.0, max(load_frac, load_frac_min))
    return (1.0 + 0.2 * speed_frac * (1.0 - speed_frac)) * (1.0 - 0.1 * (1.0 - running))


@kernel
def flows_for_heat(
    heat_kw: float, cop: float, loss_frac: float, auxiliary_frac: float
) -> HeatPumpFlows:
    """Give all flows of a heat pump that delivers ``heat_kw``.

    heat = source + power (1 - loss_frac), heat = COP power, auxiliary = auxiliary_frac heat.
    ``loss_frac`` is the share of electricity lost to the plant room, 0 to 0.05; the auxiliary
    share of the heat is 0.01 (Danish Energy Agency) to 0.02. ``cop`` is above ``1 - loss_frac``.
    """
    power_kw = heat_kw / cop
    loss_kw = power_kw * loss_frac
    source_kw = heat_kw - (power_kw - loss_kw)
    return HeatPumpFlows(heat_kw, source_kw, power_kw, loss_kw, auxiliary_frac * heat_kw)


@kernel
def flows_from_source(
    source_kw: float, cop: float, loss_frac: float, auxiliary_frac: float
) -> HeatPumpFlows:
    """Give all flows of a heat pump that takes ``source_kw`` from its source.

    heat = source COP / (COP - 1 + loss_frac): `flows_for_heat` the other way round.
    """
    return flows_for_heat(source_kw * cop / (cop - 1.0 + loss_frac), cop, loss_frac, auxiliary_frac)


@kernel
def within_limits(
    source_in_c: float, source_out_c: float, sink_c: float, of: HeatPumpLimits
) -> bool:
    """Tell whether a machine may run between these temperatures; ``sink_c`` is the outlet's."""
    return (
        source_out_c >= of.source_c_min
        and source_in_c <= of.source_c_max
        and sink_c <= of.sink_c_max
    )


@kernel
def evaporator_out_c(
    entering_c: float, leaving_c: float, approach_k: float, inlet_c_max: float, glide_k: float
) -> float:
    """Give the water leaving the evaporator, for coolant that enters and leaves its exchanger.

    It is ``glide_k`` below its inlet, which is an approach below the coolant that enters, mixed
    down to ``inlet_c_max`` (see `mixed_inlet`); and an approach below the coolant that leaves,
    since it has to cool that. The colder of both.
    """
    inlet_c = min(entering_c - approach_k, inlet_c_max)
    return min(inlet_c - glide_k, leaving_c - approach_k)


@kernel
def mixed_inlet(source_c: float, inlet_c_max: float, glide_k: float) -> tuple[float, float]:
    """Give the evaporator's inlet in °C and the share of its flow that is fresh source water.

    Standard machines take water of 20 to 30 °C at most, liquid-cooled servers give 35 to 45 °C:
    a three-way valve mixes water that the evaporator has cooled by ``glide_k`` back into its
    inlet. With inlet = r source + (1 - r)(inlet - glide), r = glide / (source - inlet + glide).
    Cooler water passes unmixed. Mass and energy balance of the valve; the source's own flow is
    the evaporator's times this share, and returns at inlet - glide.
    """
    if source_c <= inlet_c_max:
        return source_c, 1.0
    return inlet_c_max, glide_k / (source_c - inlet_c_max + glide_k)
