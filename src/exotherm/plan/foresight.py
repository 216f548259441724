"""How far the plant's rule is from the best: the planned year dispatched with perfect foresight.

Demand is split by temperature first: what coolant as warm as it is would reach through exchangers
without any difference of temperature, and what it would not. So no plant that runs as warm as the
plan does better than the optimum given here, and the rule is at most that far from the best of
these. Both are priced alike. A rule that would run the heat pump cooler than the plan's, hour by
hour, is not in it: the COP is that of the temperatures that the plan has.
"""

from dataclasses import dataclass, replace

import numpy as np

from exotherm.core.kernel import kernel
from exotherm.core.units import format_quantity
from exotherm.physics.computing import FloatArray
from exotherm.physics.heat_pump import evaporator_out_c, heat_pump_cop
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, KJ_PER_KWH, density_kg_per_m3
from exotherm.plan.year import STEP, STEP_H, Year, year_period
from exotherm.plant.build import build_plant
from exotherm.plant.demand import Acceptance
from exotherm.plant.dispatch.levels import Levels, dispatch_levels
from exotherm.plant.expose import expose
from exotherm.plant.parts import Conditions, HeatPumpPart, Plant
from exotherm.site.document import Site
from exotherm.site.series import Surroundings

_STEPS_PER_HOUR = round(1.0 / STEP_H)
_PART_LOAD_BEST = 1.05
"""by what the COP is better at half load at most (physics/heat_pump: part_load_factor)"""
_ROUNDING_FRAC = 1e-3
_STORE_C = 60.0
"""temperature at which the store's water is weighed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """A year's cost of heat to both sides together, by three ways to run the same plant.

    Electricity of heat pump and cooler, and fuel of the customers' boiler.
    """

    cost_boiler: float
    """the boiler gives everything, the cooler takes everything"""
    cost_rule: float
    """as planned"""
    cost_best: float
    """no way to run it as warm as the plan has it costs less"""
    saved_per_store_m3: float
    """a year, for another cubic metre of store, with perfect foresight"""
    saved_per_heat_pump_kw: float | None
    """a year, for another electric kilowatt of heat pump; None where there is none"""
    text: str

    @property
    def reached_frac(self) -> float | None:
        """The share of the best possible saving that the rule reaches; None where none is."""
        possible = self.cost_boiler - self.cost_best
        if possible <= 1e-6 * max(1.0, abs(self.cost_boiler)):
            return None
        return (self.cost_boiler - self.cost_rule) / possible


def foresee(site: Site, surroundings: Surroundings, year: Year) -> Foresight:
    """Dispatch a planned year with perfect foresight, and hold the plan against it."""
    plant = build_plant(site)
    conditions = expose(site, surroundings, year_period(site), step=STEP).conditions
    problem, own_store_frac = levels_of(site, plant, conditions, year)
    best = dispatch_levels(problem)
    cost_rule = _cost_of_rule(site, problem, conditions, year)
    demand_kwh = float((problem.low_demand_kw + problem.high_demand_kw).sum())
    electricity = site.economics.electricity_per_kwh
    rejecting = problem.rejection_frac * electricity * float(problem.source_kw.sum())
    found = Foresight(
        cost_boiler=problem.boiler_cost_per_kwh * demand_kwh + rejecting,
        cost_rule=cost_rule,
        cost_best=best.cost,
        saved_per_store_m3=own_store_frac * best.saved_per_store / site.buffer.volume_m3,
        saved_per_heat_pump_kw=None if site.heat_pump is None else best.saved_per_heat_pump_kw,
        text="",
    )
    return told_of(found, site.site.currency)


def levels_of(site: Site, plant: Plant, conditions: Conditions, year: Year) -> tuple[Levels, float]:
    """Lay the planned year out by the hour as a problem of two levels.

    With it comes the share of its store that is not a pool's water.
    """
    direct_kw, pumped_kw, coldest_c = _split(site, conditions, year)
    passing_kw = plant.direct.kw_per_k * np.maximum(0.0, conditions.hot_c - coldest_c)
    cops, most_kw = _pump(plant, conditions)
    alone = year.servers_alone
    rejected_kwh = alone.energy_kwh("rejected_kw")
    cooling_kwh = alone.energy_kwh("fan_kw") + alone.energy_kwh("chiller_kw")
    low_kwh, high_kwh, own_frac = _store_kwh(site, plant, conditions, coldest_c)
    # The layers' middle loses as the whole store does; kilowatts per kilowatt-hour are per hour.
    per_k = _store_kwh_per_k(site)
    economics = site.economics
    levels = Levels(
        source_kw=_hourly(conditions.captured_kw * conditions.charging),
        low_demand_kw=_hourly(direct_kw),
        high_demand_kw=_hourly(pumped_kw),
        direct_kw_max=_hourly(np.minimum(conditions.captured_kw, passing_kw) * conditions.charging),
        cop=_hourly(cops),
        heat_pump_kw_max=_hourly(most_kw * conditions.charging),
        electricity_per_kwh=np.full(
            conditions.it_kw.size // _STEPS_PER_HOUR, economics.electricity_per_kwh
        ),
        step_h=1.0,
        tank_low_kwh=low_kwh,
        tank_kwh=high_kwh,
        tank_loss_frac_per_h=min(0.5, site.buffer.loss_w_per_k / 1000.0 / per_k) if per_k else 0.0,
        boiler_cost_per_kwh=economics.fuel_per_kwh / site.boiler.efficiency_frac,
        rejection_frac=cooling_kwh / rejected_kwh if rejected_kwh > 0.0 else 0.0,
    )
    return levels, own_frac


def _split(site: Site, conditions: Conditions, year: Year) -> tuple[FloatArray, FloatArray, float]:
    """Split what customers ask by whether the coolant reaches it, and give the coldest return."""
    direct_kw = np.zeros_like(conditions.it_kw)
    pumped_kw = np.zeros_like(direct_kw)
    coldest_c = np.inf
    for column, acceptance in enumerate(conditions.acceptance):
        if acceptance == Acceptance.OWN_PLANT:
            continue
        heat_kw = conditions.load_kw[:, column]
        supply_c = conditions.load_supply_c[:, column]
        return_c = conditions.load_return_c[:, column]
        reach = np.clip((conditions.hot_c - return_c) / (supply_c - return_c), 0.0, 1.0)
        # A heat pump may finish for a network what the coolant began; a boiler beyond it cannot.
        if acceptance == Acceptance.WHOLE_LIFT and site.heat_pump is None:
            reach = np.floor(reach)
        direct_kw += reach * heat_kw
        pumped_kw += (1.0 - reach) * heat_kw
        coldest_c = min(coldest_c, float(return_c.min()))
    if site.pool is not None:
        pool_kw = year.boiler_alone.flows["pool_backup_kw"]
        reached = conditions.hot_c > site.pool.water_c_set
        direct_kw += np.where(reached, pool_kw, 0.0)
        pumped_kw += np.where(reached, 0.0, pool_kw)
        coldest_c = min(coldest_c, site.pool.water_c_set)
    return direct_kw, pumped_kw, coldest_c


def _pump(plant: Plant, conditions: Conditions) -> tuple[FloatArray, FloatArray]:
    """Give the heat pump's best COP and largest power of every step, auxiliaries included."""
    part = plant.heat_pump
    cops, source_c = _cops(
        part,
        conditions.hot_c,
        conditions.captured_kw,
        plant.servers.coolant_kw_per_k,
        conditions.pump_sink_c,
        conditions.pump_efficiency_frac,
    )
    cops = np.minimum(part.cop_max, _PART_LOAD_BEST * cops)
    # Its own pumps draw a share of the heat, so heat per electricity is a little less.
    whole = np.maximum(1.0, cops / (1.0 + part.auxiliary_frac * cops))
    may = (source_c >= part.source_c_min) & (conditions.pump_heat_kw > 0.0)
    return whole, np.where(may, conditions.pump_heat_kw / whole, 0.0)


@kernel
def _cops(
    part: HeatPumpPart,
    hot_c: FloatArray,
    captured_kw: FloatArray,
    coolant_kw_per_k: float,
    sink_c: FloatArray,
    efficiency_frac: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    cops, sources_c = np.ones_like(hot_c), np.empty_like(hot_c)
    for step in range(hot_c.size):
        sources_c[step] = evaporator_out_c(
            hot_c[step],
            hot_c[step] - captured_kw[step] / coolant_kw_per_k,
            part.source_approach_k,
            part.source_c_max,
            part.source_glide_k,
        )
        cops[step] = heat_pump_cop(
            sources_c[step], sink_c[step], efficiency_frac[step], part.cop_max
        )
    return cops, sources_c


def _store_kwh_per_k(site: Site) -> float:
    mass_kg = site.buffer.volume_m3 * density_kg_per_m3(_STORE_C)
    return mass_kg * HEAT_CAPACITY_KJ_PER_KGK / KJ_PER_KWH


def _store_kwh(
    site: Site, plant: Plant, conditions: Conditions, coldest_c: float
) -> tuple[float, float, float]:
    """Give what a full store holds of the coolant's heat, and of the warmest, and its own share.

    It is filled to its last layer above the coldest return. A pool's water counts beside it.
    """
    per_k = _store_kwh_per_k(site)
    pool_kwh = 0.0
    if site.pool is not None:
        pool_kwh = plant.pool.kwh_per_k * (site.pool.water_c_max - site.pool.water_c_set)
    low_k = max(0.0, float(conditions.hot_c.max()) - coldest_c)
    sink_c = float(conditions.pump_sink_c.max()) if site.heat_pump is not None else -np.inf
    high_k = max(low_k, sink_c - coldest_c)
    low_kwh, high_kwh = per_k * low_k + pool_kwh, per_k * high_k + pool_kwh
    if low_kwh <= 0.0:
        low_kwh = high_kwh
    return low_kwh, high_kwh, per_k * high_k / high_kwh if high_kwh > 0.0 else 0.0


def _cost_of_rule(site: Site, problem: Levels, conditions: Conditions, year: Year) -> float:
    """Price what the plan does as the optimum is priced; what the store is left with counts."""
    lived, economics = year.with_heat, site.economics
    own = conditions.acceptance == Acceptance.OWN_PLANT
    own_kwh = float(conditions.load_kw[:, own].sum()) * lived.step_h
    auxiliary_frac = site.heat_pump.auxiliary_frac if site.heat_pump else 0.0
    power_kwh = lived.energy_kwh("heat_pump_power_kw") + auxiliary_frac * lived.energy_kwh(
        "heat_pump_kw"
    )
    left_kwh = lived.energy_kwh("buffer_stored_kw") + lived.energy_kwh("pool_stored_kw")
    boiler_kwh = (
        lived.energy_kwh("backup_kw") + lived.energy_kwh("unmet_kw") - own_kwh - max(0.0, left_kwh)
    )
    cooling_kwh = problem.rejection_frac * lived.energy_kwh("rejected_kw")
    return (
        economics.electricity_per_kwh * (power_kwh + cooling_kwh)
        + problem.boiler_cost_per_kwh * boiler_kwh
    )


def _hourly(values: FloatArray) -> FloatArray:
    means: FloatArray = values.reshape(-1, _STEPS_PER_HOUR).mean(axis=1)
    return means


def told_of(found: Foresight, currency: str) -> Foresight:
    """Add the sentence that says how far the rule is from the best."""
    reached = found.reached_frac
    if reached is None:
        text = "At these prices no way to run the plant costs less than the boiler alone."
    elif reached < 0.0:
        text = (
            "The plant as planned costs more to run than the boiler alone: its rule lets the heat "
            "pump run where that does not pay."
        )
    else:
        left = max(0.0, found.cost_rule - found.cost_best)
        more = format_quantity("npv", left, currency=currency)
        text = (
            f"The rule saves {format_quantity('_frac', reached)} of what the same plant "
            f"could save with perfect foresight; at most {more} a year are left."
        )
        if reached > 1.0 + _ROUNDING_FRAC:
            text = (
                f"The rule saves {format_quantity('_frac', reached)} of what the dispatch reckoned "
                "to be the most: it runs its heat pump cooler at times than the dispatch assumes."
            )
    return replace(found, text=text)
