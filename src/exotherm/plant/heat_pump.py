"""What a heat pump may do in every step: how warm it delivers, how much, how well."""

from dataclasses import dataclass

import numpy as np

from exotherm.core.kernel import kernel
from exotherm.physics.computing import FloatArray
from exotherm.physics.cop_map import CopMap, map_cop
from exotherm.physics.cop_points import points_efficiency_frac, points_heat_kw
from exotherm.physics.heat_pump import (
    carnot_cop,
    carnot_efficiency_frac,
    evaporator_out_c,
)
from exotherm.plant.build import heat_pump_part
from exotherm.plant.capture import CoolantHeat
from exotherm.plant.parts import HeatPumpPart
from exotherm.site.document import Site
from exotherm.site.machines import HeatPump
from exotherm.site.pumped import points_of
from exotherm.site.series import Surroundings

# Unbounded here: the step bounds the COP that the share of Carnot comes to.
_COP_MAX = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpConditions:
    """Condenser outlet, heat at full load and share of Carnot, each of shape (steps,)."""

    sink_c: FloatArray
    heat_kw: FloatArray
    efficiency_frac: FloatArray


def pump_conditions(
    site: Site, surroundings: Surroundings, coolant: CoolantHeat, wanted_c: FloatArray
) -> PumpConditions:
    """Work out what a site's heat pump may do, step by step; one that is not there does nothing.

    It delivers as warm as its customers want, ``wanted_c``, as far as it can.
    """
    pump, steps = site.heat_pump, coolant.hot_c.size
    if pump is None:
        return PumpConditions(
            sink_c=wanted_c,
            heat_kw=np.zeros(steps),
            efficiency_frac=np.ones(steps),
        )
    set_c = wanted_c if pump.sink_c_set is None else np.full(steps, pump.sink_c_set)
    sink_c = np.minimum(set_c, pump.sink_c_max)
    capture = site.capture
    part = heat_pump_part(site)
    source_c = _sources_c(part, coolant.hot_c, coolant.captured_kw, capture.flow_kw_per_k)
    return PumpConditions(
        sink_c=sink_c,
        heat_kw=_heat_kw(pump, source_c, sink_c),
        efficiency_frac=_efficiency_frac(pump, surroundings.cop_map, source_c, sink_c),
    )


def _heat_kw(pump: HeatPump, source_c: FloatArray, sink_c: FloatArray) -> FloatArray:
    """Give the heat at full load: the rated one, or what the machine's own points say."""
    points = points_of(pump)
    if pump.method != "points" or not (points[:, 3] > 0.0).any():
        return np.full_like(sink_c, pump.heat_kw_rated)
    return _heats_by_points_kw(points, pump.points_glide_k, source_c, sink_c)


def _efficiency_frac(
    pump: HeatPump, cop_map: CopMap | None, source_c: FloatArray, sink_c: FloatArray
) -> FloatArray:
    """Give the share of Carnot at the temperatures the heat pump usually sees."""
    if pump.method == "points":
        return _shares_by_points(points_of(pump), pump.points_glide_k, source_c, sink_c)
    if pump.method == "map":
        assert cop_map is not None, "a site that asks for a map is given one"
        return _shares_by_map(cop_map, source_c, sink_c)
    share = pump.efficiency_frac or carnot_efficiency_frac(pump.heat_kw_rated)
    return np.full_like(sink_c, share)


@kernel
def _sources_c(
    part: HeatPumpPart, hot_c: FloatArray, captured_kw: FloatArray, coolant_kw_per_k: float
) -> FloatArray:
    source_c = np.empty_like(hot_c)
    for step in range(hot_c.size):
        leaving_c = hot_c[step] - captured_kw[step] / coolant_kw_per_k
        source_c[step] = evaporator_out_c(
            hot_c[step],
            leaving_c,
            part.source_approach_k,
            part.source_c_max,
            part.source_glide_k,
        )
    return source_c


@kernel
def _shares_by_map(cop_map: CopMap, source_c: FloatArray, sink_c: FloatArray) -> FloatArray:
    shares = np.empty_like(sink_c)
    for step in range(sink_c.size):
        cop = map_cop(cop_map, source_c[step], sink_c[step], _COP_MAX)
        shares[step] = cop / carnot_cop(source_c[step], sink_c[step])
    return shares


@kernel
def _shares_by_points(
    points: FloatArray, glide_k: float, source_c: FloatArray, sink_c: FloatArray
) -> FloatArray:
    shares = np.empty_like(sink_c)
    for step in range(sink_c.size):
        shares[step] = points_efficiency_frac(points, glide_k, source_c[step], sink_c[step])
    return shares


@kernel
def _heats_by_points_kw(
    points: FloatArray, glide_k: float, source_c: FloatArray, sink_c: FloatArray
) -> FloatArray:
    heat_kw = np.empty_like(sink_c)
    for step in range(sink_c.size):
        heat_kw[step] = points_heat_kw(points, glide_k, source_c[step], sink_c[step])
    return heat_kw
