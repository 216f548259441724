"""What a plant is made of: constants of its parts, what it remembers, meets and lets flow."""

from typing import NamedTuple

import numpy as np

from exotherm.core.kernel import kernel
from exotherm.physics.computing import FloatArray, IntArray
from exotherm.physics.tank import Tank

ASHRAE, VDI, SHAH = 0, 1, 2
"""Methods by which a pool's evaporation is reckoned."""


class Servers(NamedTuple):
    """The data centre up to its coolant."""

    coolant_kw_per_k: float
    """heat that the coolant's flow carries per kelvin"""
    floats: bool
    """whether the coolant is only as warm as its heat needs"""
    coolant_pump_kw: float
    ups_loss_frac: float
    controls_kw: float
    air_cooling_eer: float
    """heat per electricity of what cools the room; nought where nothing does"""


class Direct(NamedTuple):
    """The plate exchanger from the coolant to the store."""

    kw_per_k: float
    """heat between the inlets per kelvin; nought where there is none"""
    rise_frac: float
    """rise of the store's water at full flow, per kelvin between the inlets"""
    flow_kw_per_k: float
    """heat that the full flow carries per kelvin"""


class HeatPumpPart(NamedTuple):
    """The heat pump from the coolant to the top of the store; what varies is in Conditions."""

    source_approach_k: float
    source_glide_k: float
    source_c_max: float
    source_c_min: float
    load_frac_min: float
    loss_frac: float
    auxiliary_frac: float
    cop_max: float
    cop_worth: float
    """COP from which its heat is cheaper than the boiler's"""
    zone_layers: int
    """upper layers of the store that it keeps warm"""


class DeliveryLoop(NamedTuple):
    """The loop from the store to the customers, where the heat meter is."""

    flow_kgs: float
    pump_kw: float
    controls_kw: float


class Cooler(NamedTuple):
    """What rejects heat outdoors."""

    kw_per_k: float
    fan_kw_rated: float
    chiller_eer: float
    """heat per electricity of a cooling machine behind it; nought where there is none"""


class PoolPart(NamedTuple):
    """The pool; without one its area is nought."""

    area_m2: float
    kwh_per_k: float
    c_set: float
    c_max: float
    hall_air_c: float
    hall_humidity_frac: float
    air_speed_ms: float
    convection_w_per_m2k: float
    ground_loss_kw: float
    evaporation: int
    """ASHRAE, VDI or SHAH"""
    delivery_kw_per_k: float
    """heat per kelvin between the store's water and the pool's"""


class BoilerPart(NamedTuple):
    """The customers' own heat."""

    heat_kw_rated: float
    efficiency_frac: float
    part_load_frac: float
    """efficiency at 30 % load; nought where one efficiency holds throughout"""
    standby_frac: float


class Plant(NamedTuple):
    """What the plant is, built once from a site."""

    servers: Servers
    direct: Direct
    heat_pump: HeatPumpPart
    tank: Tank
    tank_layers: int
    tank_room_c: float
    delivery: DeliveryLoop
    cooler: Cooler
    pool: PoolPart
    boiler: BoilerPart


class State(NamedTuple):
    """What the plant remembers from one step to the next."""

    layers_c: FloatArray
    """the store's layers, top first"""
    pool_c: float


class Conditions(NamedTuple):
    """What the plant meets: one value per step, per step and load, or per load."""

    it_kw: FloatArray
    """electric power of the servers"""
    capture_fan_kw: FloatArray
    captured_kw: FloatArray
    """heat in the coolant"""
    hot_c: FloatArray
    """coolant leaving the servers, or as warm as it may be where it floats"""
    cooler_c: FloatArray
    """air that the cooler works against: dry bulb, behind its pads, or wet bulb"""
    outdoor_c: FloatArray
    mains_c: FloatArray
    activity: FloatArray
    """what the pool's evaporation goes by: ASHRAE's factor, VDI's m/h, or Shah's bathers"""
    uncovered_frac: FloatArray
    """share of that evaporation that the cover leaves"""
    makeup_kgs: FloatArray
    """fresh water for bathers and backwash, evaporation not included"""
    wanted_c: FloatArray
    """store's water that would serve every customer"""
    pump_sink_c: FloatArray
    """water leaving the heat pump's condenser"""
    pump_heat_kw: FloatArray
    """heat of the heat pump at full load; nought where it may not run"""
    pump_efficiency_frac: FloatArray
    """share of Carnot that it reaches at full load"""
    charging: FloatArray
    """1 while the coolant's heat can reach the store, 0 while a fault keeps it out"""
    delivering: FloatArray
    """1 while the delivery loop can run, 0 while a fault stops it"""
    load_kw: FloatArray
    load_supply_c: FloatArray
    load_return_c: FloatArray
    station_kw_per_k: FloatArray
    """heat transfer of each customer's station"""
    acceptance: IntArray
    """what each customer takes, an Acceptance"""


class Moment(NamedTuple):
    """The conditions of one step that are alike for all customers, named as in Conditions."""

    it_kw: float
    capture_fan_kw: float
    captured_kw: float
    hot_c: float
    cooler_c: float
    mains_c: float
    activity: float
    uncovered_frac: float
    makeup_kgs: float
    wanted_c: float
    pump_sink_c: float
    pump_heat_kw: float
    pump_efficiency_frac: float
    charging: float
    delivering: float


class Laid(NamedTuple):
    """Conditions laid step by step, as the step function reads them; see ``lay``.

    Compiled code counts who holds an array whenever it passes one on, so it passes three of them
    and not eighteen.
    """

    moments: FloatArray
    """shape (steps, fields of Moment)"""
    orders: FloatArray
    """shape (steps, loads, 3): heat, supply, return"""
    terms: FloatArray
    """shape (loads, 2): station, acceptance"""


def lay(conditions: Conditions) -> Laid:
    """Lay conditions step by step."""
    columns = (np.ascontiguousarray(getattr(conditions, name)) for name in Moment._fields)
    return Laid(
        moments=_step_by_step(tuple(columns)),
        orders=np.stack(
            [conditions.load_kw, conditions.load_supply_c, conditions.load_return_c], axis=2
        ),
        terms=np.stack(
            [conditions.station_kw_per_k, conditions.acceptance.astype(np.float64)], axis=1
        ),
    )


@kernel
def _step_by_step(columns: tuple[FloatArray, ...]) -> FloatArray:
    """Lay columns beside each other, in one pass along memory; thousands of scenarios are laid."""
    steps, fields = columns[0].size, len(columns)
    laid = np.empty((steps, fields))
    for step in range(steps):
        for field in range(fields):
            laid[step, field] = columns[field][step]
    return laid


class Flows(NamedTuple):
    """What flowed during a step, as means over it, and the temperatures at its end."""

    it_kw: float
    capture_fan_kw: float
    captured_kw: float
    uncaptured_kw: float
    exchanged_kw: float
    """from the coolant through the exchanger"""
    source_kw: float
    """from the coolant into the heat pump"""
    rejected_kw: float
    heat_pump_kw: float
    """from the heat pump into the store"""
    heat_pump_power_kw: float
    heat_pump_loss_kw: float
    buffer_loss_kw: float
    buffer_stored_kw: float
    delivered_kw: float
    """to all customers, at the meter"""
    pool_delivered_kw: float
    load_kw: float
    """what customers beside the pool ask"""
    backup_kw: float
    """from the customers' own boiler"""
    pool_backup_kw: float
    unmet_kw: float
    """what customers beside the pool asked and nobody gave"""
    evaporation_kw: float
    convection_kw: float
    makeup_kw: float
    ground_kw: float
    pool_stored_kw: float
    fuel_kw: float
    fan_kw: float
    chiller_kw: float
    air_cooling_kw: float
    auxiliary_kw: float
    """electricity that is there only to deliver heat, the heat pump's included"""
    site_kw: float
    """electricity of the data centre at its supply, auxiliary left out"""
    called: float
    """share of the delivery loop's flow"""
    flow_kgs: float
    supply_c: float
    return_c: float
    coolant_c: float
    buffer_c: float
    """top of the store"""
    buffer_c_min: float
    """bottom of the store"""
    pool_c: float
