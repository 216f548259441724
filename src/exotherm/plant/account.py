"""The account of a step: what is rejected, what the boiler does, and all flows side by side."""

from typing import NamedTuple

from exotherm.core.kernel import inner_kernel
from exotherm.physics.boiler import boiler_fuel_kw
from exotherm.physics.computing import FloatArray
from exotherm.physics.dry_cooler import fan_power_kw
from exotherm.plant.parts import BoilerPart, Cooler, Flows, Moment, Plant, PoolPart
from exotherm.plant.pool import PoolNeed

_S_PER_H = 3600.0


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


class Cooling(NamedTuple):
    """What keeps the servers cool besides the customers."""

    rejected_kw: float
    uncaptured_kw: float
    coolant_c: float
    fan_kw: float
    chiller_kw: float
    air_cooling_kw: float


class Backup(NamedTuple):
    """What the customers' own boiler does."""

    heat_kw: float
    pool_kw: float
    unmet_kw: float
    fuel_kw: float


@inner_kernel
def _reject(
    cooler: Cooler, rejected_kw: float, hot_c: float, cooler_c: float
) -> tuple[float, float, float]:
    """Give the coolant's temperature, the cooler's fans and the chiller's power in rejecting heat.

    The cooler takes what it can from coolant as warm as it comes; a chiller behind it takes the
    rest, and without one the coolant warms until the cooler takes all.
    """
    if rejected_kw <= 1e-9:
        return hot_c, 0.0, 0.0
    free_kw = min(rejected_kw, max(0.0, cooler.kw_per_k * (hot_c - cooler_c)))
    if cooler.chiller_eer > 0.0:
        fan_kw = fan_power_kw(free_kw, hot_c, cooler_c, cooler.kw_per_k, cooler.fan_kw_rated)
        return hot_c, fan_kw, (rejected_kw - free_kw) / cooler.chiller_eer
    coolant_c = max(hot_c, cooler_c + rejected_kw / cooler.kw_per_k)
    fan_kw = fan_power_kw(rejected_kw, coolant_c, cooler_c, cooler.kw_per_k, cooler.fan_kw_rated)
    return coolant_c, fan_kw, 0.0


@inner_kernel
def _cool(plant: Plant, moment: Moment, passed: Passed, step_s: float) -> Cooling:
    """Give what is rejected and what that takes; coolant that floats is only as warm as needed."""
    servers, source_kw = plant.servers, passed.source_kj / step_s
    rejected_kw = moment.captured_kw - passed.exchanged_kj / step_s - source_kw
    coolant_c, fan_kw, chiller_kw = _reject(
        plant.cooler, rejected_kw, moment.hot_c, moment.cooler_c
    )
    if servers.floats and rejected_kw <= 1e-9 and source_kw <= 1e-9:
        coolant_c = min(coolant_c, passed.coolant_c_s / step_s)
    uncaptured_kw = moment.it_kw + moment.capture_fan_kw - moment.captured_kw
    eer = servers.air_cooling_eer
    air_cooling_kw = uncaptured_kw / eer if eer > 0.0 else 0.0
    return Cooling(rejected_kw, uncaptured_kw, coolant_c, fan_kw, chiller_kw, air_cooling_kw)


@inner_kernel
def reject_all(plant: Plant, moment: Moment) -> tuple[float, float]:
    """Give the power of the cooler's fans and of the chiller where nobody takes any heat."""
    _, fan_kw, chiller_kw = _reject(plant.cooler, moment.captured_kw, moment.hot_c, moment.cooler_c)
    return fan_kw, chiller_kw


@inner_kernel
def _fuel_kw(boiler: BoilerPart, heat_kw: float) -> float:
    if boiler.part_load_frac <= 0.0 or boiler.heat_kw_rated <= 0.0:
        return heat_kw / boiler.efficiency_frac
    return boiler_fuel_kw(
        heat_kw,
        boiler.heat_kw_rated,
        boiler.efficiency_frac,
        boiler.part_load_frac,
        boiler.standby_frac,
    )


@inner_kernel
def _back_up(boiler: BoilerPart, load_short_kw: float, pool_short_kw: float) -> Backup:
    """Give what the boiler does of what is short, in equal shares where that is not all."""
    short_kw = load_short_kw + pool_short_kw
    backed = min(1.0, boiler.heat_kw_rated / short_kw) if short_kw > 0.0 else 0.0
    return Backup(
        short_kw * backed,
        pool_short_kw * backed,
        load_short_kw * (1.0 - backed),
        _fuel_kw(boiler, short_kw * backed),
    )


@inner_kernel
def _pool_stored_kw(need: PoolNeed, given_kw: float) -> float:
    losses_kw = need.evaporation_kw + need.convection_kw + need.makeup_kw + need.ground_kw
    return given_kw - losses_kw


@inner_kernel
def _pool_after_c(pool: PoolPart, pool_c: float, stored_kw: float, step_h: float) -> float:
    return pool_c + stored_kw * step_h / pool.kwh_per_k if pool.area_m2 > 0.0 else pool_c


@inner_kernel
def burn_alone(
    plant: Plant, need: PoolNeed, load_kw: float, pool_c: float, step_h: float
) -> tuple[float, float]:
    """Give the fuel of a step where the boiler does all, and the pool's temperature at its end."""
    backup = _back_up(plant.boiler, load_kw, need.needed_kw)
    stored_kw = _pool_stored_kw(need, backup.pool_kw)
    return backup.fuel_kw, _pool_after_c(plant.pool, pool_c, stored_kw, step_h)


@inner_kernel
def _site_kw(plant: Plant, moment: Moment, cooling: Cooling) -> float:
    servers = plant.servers
    return (
        moment.it_kw * (1.0 + servers.ups_loss_frac)
        + moment.capture_fan_kw
        + servers.controls_kw
        + servers.coolant_pump_kw
        + cooling.fan_kw
        + cooling.chiller_kw
        + cooling.air_cooling_kw
    )


@inner_kernel
def _auxiliary_kw(plant: Plant, passed: Passed, called: float, step_s: float) -> float:
    delivery, pumped_kj = plant.delivery, passed.pump_power_kj + passed.pump_auxiliary_kj
    return delivery.pump_kw * called + delivery.controls_kw + pumped_kj / step_s


@inner_kernel
def account(
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
    """Give all flows of a step from what passed, and the pool's temperature at its end."""
    step_s = step_h * _S_PER_H
    delivered_kw, pool_delivered_kw = passed.delivered_kj / step_s, passed.pool_kj / step_s
    cooling = _cool(plant, moment, passed, step_s)
    backup = _back_up(
        plant.boiler,
        max(0.0, load_kw - (delivered_kw - pool_delivered_kw)),
        max(0.0, need.needed_kw - pool_delivered_kw),
    )
    pool_stored_kw = _pool_stored_kw(need, pool_delivered_kw + backup.pool_kw)
    pool_c = _pool_after_c(plant.pool, pool_c, pool_stored_kw, step_h)
    called = passed.flow_kg / step_s / plant.delivery.flow_kgs
    supply_c = return_c = layers_c[0]
    if passed.flow_kg > 0.0:
        supply_c = passed.supply_kg_c / passed.flow_kg
        return_c = passed.return_kg_c / passed.flow_kg
    return Flows(
        moment.it_kw,
        moment.capture_fan_kw,
        moment.captured_kw,
        cooling.uncaptured_kw,
        passed.exchanged_kj / step_s,
        passed.source_kj / step_s,
        cooling.rejected_kw,
        passed.pump_heat_kj / step_s,
        passed.pump_power_kj / step_s,
        passed.pump_loss_kj / step_s,
        passed.loss_kj / step_s,
        stored_kw,
        delivered_kw,
        pool_delivered_kw,
        load_kw,
        backup.heat_kw,
        backup.pool_kw,
        backup.unmet_kw,
        need.evaporation_kw,
        need.convection_kw,
        need.makeup_kw,
        need.ground_kw,
        pool_stored_kw,
        backup.fuel_kw,
        cooling.fan_kw,
        cooling.chiller_kw,
        cooling.air_cooling_kw,
        _auxiliary_kw(plant, passed, called, step_s),
        _site_kw(plant, moment, cooling),
        called,
        passed.flow_kg / step_s,
        supply_c,
        return_c,
        cooling.coolant_c,
        layers_c[0],
        layers_c[-1],
        pool_c,
    )
