"""One step of the plant: servers, exchanger, buffer, pool, boiler, dry cooler; energy closes.

The policy is in the step: the servers come first, so what the customer cannot take is rejected;
recovered heat comes before the boiler; the boiler covers what is short.
"""

from typing import NamedTuple

from exotherm.core.kernel import kernel
from exotherm.physics.dry_cooler import coolant_needed_c, fan_power_kw
from exotherm.physics.pool import convection_kw, evaporation_kgs
from exotherm.physics.store import passed_kw, settled_c
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, evaporation_heat_kj_per_kg


class Plant(NamedTuple):
    """What the plant is: constants of its parts, built once from a site."""

    capture_frac: float
    coolant_c_max: float
    coolant_pump_kw: float
    ups_loss_frac: float
    controls_kw: float
    exchanger_kw_per_k: float
    buffer_kwh_per_k: float
    buffer_loss_kw_per_k: float
    buffer_room_c: float
    delivery_kw_per_k: float
    delivery_flow_kgs: float
    delivery_pump_kw: float
    delivery_controls_kw: float
    rejection_kw_per_k: float
    fan_kw_rated: float
    pool_kwh_per_k: float
    pool_area_m2: float
    pool_c_set: float
    pool_c_max: float
    hall_air_c: float
    hall_humidity_frac: float
    air_speed_ms: float
    convection_w_per_m2k: float
    ground_loss_kw: float
    boiler_kw: float
    boiler_efficiency_frac: float


class State(NamedTuple):
    """What the plant remembers from one step to the next."""

    buffer_c: float
    pool_c: float


class Conditions(NamedTuple):
    """What the plant is exposed to during a step."""

    it_kw: float
    """electric power of the servers"""
    outdoor_c: float
    mains_c: float
    activity: float
    """activity factor of the pool's evaporation, the cover included"""
    makeup_kgs: float
    """fresh water for bathers and backwash, evaporation not included"""


class Flows(NamedTuple):
    """What flowed during a step, as means over it, and the temperatures at its end."""

    it_kw: float
    captured_kw: float
    uncaptured_kw: float
    exchanged_kw: float
    rejected_kw: float
    buffer_loss_kw: float
    buffer_stored_kw: float
    delivered_kw: float
    backup_kw: float
    evaporation_kw: float
    convection_kw: float
    makeup_kw: float
    ground_kw: float
    pool_stored_kw: float
    fuel_kw: float
    fan_kw: float
    auxiliary_kw: float
    """electricity that is there only to deliver heat"""
    site_kw: float
    """electricity of the data centre at its supply, auxiliary left out"""
    called: float
    """share of the step in which the customer's pump ran"""
    flow_kgs: float
    supply_c: float
    return_c: float
    coolant_c: float
    buffer_c: float
    pool_c: float


@kernel
def pool_losses_kw(
    plant: Plant, conditions: Conditions, pool_c: float
) -> tuple[float, float, float, float]:
    """Give the pool's losses by evaporation, convection, make-up and ground, each in kW.

    Water that evaporates is refilled from the mains, so its warming counts as make-up.
    """
    evaporated_kgs = evaporation_kgs(
        plant.pool_area_m2,
        pool_c,
        plant.hall_air_c,
        plant.hall_humidity_frac,
        plant.air_speed_ms,
        conditions.activity,
    )
    evaporation_kw = evaporated_kgs * evaporation_heat_kj_per_kg(pool_c)
    dry_kw = convection_kw(plant.pool_area_m2, pool_c, plant.hall_air_c, plant.convection_w_per_m2k)
    fresh_kgs = conditions.makeup_kgs + evaporated_kgs
    makeup_kw = fresh_kgs * HEAT_CAPACITY_KJ_PER_KGK * (pool_c - conditions.mains_c)
    return evaporation_kw, dry_kw, makeup_kw, plant.ground_loss_kw


@kernel
def _cool(
    plant: Plant,
    conditions: Conditions,
    rejected_kw: float,
    buffer_c: float,
    exchanged_kw: float,
) -> tuple[float, float]:
    """Give the coolant's temperature and the power of the dry cooler's fans.

    The coolant is as warm as the exchanger needs; where heat is rejected it is held at its limit,
    and only a dry cooler that is too small lets it pass that.
    """
    coolant_c = buffer_c + exchanged_kw / plant.exchanger_kw_per_k
    if rejected_kw > 1e-9:
        coolant_c = max(
            plant.coolant_c_max,
            coolant_needed_c(rejected_kw, conditions.outdoor_c, plant.rejection_kw_per_k),
        )
    fan_kw = fan_power_kw(
        rejected_kw, coolant_c, conditions.outdoor_c, plant.rejection_kw_per_k, plant.fan_kw_rated
    )
    return coolant_c, fan_kw


@kernel
def _draw(plant: Plant, supply_c: float, pool_c: float, delivered_kw: float) -> tuple[float, float]:
    """Give the share of the step in which the customer's valve is open, and the return's warmth.

    The valve opens for as long as the exchanger needs to pass the heat that is delivered.
    """
    possible_kw = plant.delivery_kw_per_k * (supply_c - pool_c)
    called = min(1.0, delivered_kw / possible_kw) if possible_kw > 1e-9 else 0.0
    full_flow_kw_per_k = plant.delivery_flow_kgs * HEAT_CAPACITY_KJ_PER_KGK
    return called, supply_c - max(0.0, possible_kw) / full_flow_kw_per_k


@kernel
def step_plant(
    plant: Plant, state: State, conditions: Conditions, step_h: float
) -> tuple[State, Flows]:
    """Advance the plant by a step of any length and give the new state and what flowed.

    The pool's losses follow its temperature at the start of the step, since its time constant
    is weeks; the buffer, whose time constant is less than an hour, is solved implicitly.
    """
    captured_kw = conditions.it_kw * plant.capture_frac
    evaporation_kw, dry_kw, makeup_kw, ground_kw = pool_losses_kw(plant, conditions, state.pool_c)
    losses_kw = evaporation_kw + dry_kw + makeup_kw + ground_kw
    pool_inertia = plant.pool_kwh_per_k / step_h
    welcome_kw = max(0.0, losses_kw + pool_inertia * (plant.pool_c_max - state.pool_c))
    needed_kw = max(0.0, losses_kw + pool_inertia * (plant.pool_c_set - state.pool_c))
    buffer_inertia = plant.buffer_kwh_per_k / step_h
    buffer_c = settled_c(
        state.buffer_c,
        buffer_inertia,
        plant.buffer_loss_kw_per_k,
        plant.buffer_room_c,
        captured_kw,
        plant.coolant_c_max,
        plant.exchanger_kw_per_k,
        welcome_kw,
        state.pool_c,
        plant.delivery_kw_per_k,
    )
    exchanged_kw = passed_kw(plant.coolant_c_max, buffer_c, plant.exchanger_kw_per_k, captured_kw)
    delivered_kw = passed_kw(buffer_c, state.pool_c, plant.delivery_kw_per_k, welcome_kw)
    buffer_loss_kw = plant.buffer_loss_kw_per_k * (buffer_c - plant.buffer_room_c)

    rejected_kw = captured_kw - exchanged_kw
    coolant_c, fan_kw = _cool(plant, conditions, rejected_kw, buffer_c, exchanged_kw)

    backup_kw = min(plant.boiler_kw, max(0.0, needed_kw - delivered_kw))
    pool_stored_kw = delivered_kw + backup_kw - losses_kw
    pool_c = state.pool_c + pool_stored_kw / pool_inertia

    called, return_c = _draw(plant, buffer_c, state.pool_c, delivered_kw)
    flows = Flows(
        conditions.it_kw,
        captured_kw,
        conditions.it_kw - captured_kw,
        exchanged_kw,
        rejected_kw,
        buffer_loss_kw,
        buffer_inertia * (buffer_c - state.buffer_c),
        delivered_kw,
        backup_kw,
        evaporation_kw,
        dry_kw,
        makeup_kw,
        ground_kw,
        pool_stored_kw,
        backup_kw / plant.boiler_efficiency_frac,
        fan_kw,
        plant.delivery_pump_kw * called + plant.delivery_controls_kw,
        conditions.it_kw * (1.0 + plant.ups_loss_frac)
        + plant.controls_kw
        + plant.coolant_pump_kw
        + fan_kw,
        called,
        called * plant.delivery_flow_kgs,
        buffer_c,
        return_c,
        coolant_c,
        buffer_c,
        pool_c,
    )
    return State(buffer_c, pool_c), flows
