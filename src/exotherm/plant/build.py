"""Building the plant's constants from a site."""

import numpy as np

from exotherm.physics.tank import build_tank, tank_height_m, tank_surface_m2
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, KJ_PER_KWH, density_kg_per_m3
from exotherm.plant.parts import (
    ASHRAE,
    SHAH,
    VDI,
    BoilerPart,
    Cooler,
    DeliveryLoop,
    Direct,
    HeatPumpPart,
    Plant,
    PoolPart,
    Servers,
    State,
)
from exotherm.site.document import Site
from exotherm.site.heat_path import heat_path_of
from exotherm.site.machines import Buffer, HeatPump

_EVAPORATION = {"ashrae": ASHRAE, "vdi": VDI, "shah": SHAH}
NEVER_WORTH = 1e9
"""COP that no machine reaches, for a boiler whose fuel costs nothing."""


def build_plant(site: Site) -> Plant:
    """Work out the constants of a site's plant."""
    layers = site.buffer.layers
    return Plant(
        servers=_servers(site),
        direct=_direct(site),
        heat_pump=heat_pump_part(site),
        tank=build_tank(
            volume_m3=site.buffer.volume_m3,
            height_m=tank_height_m(site.buffer.volume_m3, site.buffer.height_to_width),
            layers=layers,
            u_w_per_m2k=_u_value_w_per_m2k(site.buffer),
        ),
        tank_layers=layers,
        tank_room_c=site.buffer.room_c,
        delivery=DeliveryLoop(
            flow_kgs=site.delivery.flow_kgs,
            pump_kw=site.delivery.pump_kw,
            controls_kw=site.delivery.controls_kw,
        ),
        cooler=Cooler(
            kw_per_k=site.rejection.heat_kw_rated / site.rejection.lift_k_rated,
            fan_kw_rated=site.rejection.fan_kw_rated,
            chiller_eer=site.rejection.chiller_eer or 0.0,
        ),
        pool=_pool(site),
        boiler=BoilerPart(
            heat_kw_rated=site.boiler.heat_kw_rated,
            efficiency_frac=site.boiler.efficiency_frac,
            part_load_frac=site.boiler.part_load_frac or 0.0,
            standby_frac=site.boiler.standby_frac,
        ),
    )


def initial_state(plant: Plant) -> State:
    """Give the state in which a year begins: the pool at its set-point, the store with it.

    Without a pool the store has the temperature of its room: the year begins cold.
    """
    start_c = plant.pool.c_set if plant.pool.area_m2 else plant.tank_room_c
    return State(layers_c=np.full(plant.tank_layers, start_c), pool_c=plant.pool.c_set)


def without_recovery(plant: Plant) -> Plant:
    """Give the same plant with no way from the coolant to the store: all heat is rejected."""
    rests = plant.heat_pump._replace(cop_worth=NEVER_WORTH)
    return plant._replace(direct=plant.direct._replace(kw_per_k=0.0), heat_pump=rests)


def without_heat_pump(plant: Plant) -> Plant:
    """Give the same plant with its heat pump at rest, to tell what passes by itself."""
    return plant._replace(heat_pump=plant.heat_pump._replace(cop_worth=NEVER_WORTH))


def _servers(site: Site) -> Servers:
    return Servers(
        coolant_kw_per_k=site.capture.flow_kw_per_k,
        floats=site.capture.floats,
        coolant_pump_kw=site.capture.pump_kw,
        ups_loss_frac=site.computing.ups_loss_frac,
        controls_kw=site.computing.controls_kw,
        air_cooling_eer=site.air_cooling.eer if site.air_cooling else 0.0,
    )


def _direct(site: Site) -> Direct:
    if site.exchanger is None:
        return Direct(kw_per_k=0.0, rise_frac=0.0, flow_kw_per_k=0.0)
    per_k = heat_path_of(site).exchanger_kw_per_k
    flow_kw_per_k = site.exchanger.flow_kgs * HEAT_CAPACITY_KJ_PER_KGK
    return Direct(kw_per_k=per_k, rise_frac=per_k / flow_kw_per_k, flow_kw_per_k=flow_kw_per_k)


def heat_pump_part(site: Site) -> HeatPumpPart:
    """Give the heat pump's constants; what keeps it from running is in the conditions."""
    pump = site.heat_pump
    if pump is None:
        return HeatPumpPart(0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, NEVER_WORTH, 1)
    layers = site.buffer.layers
    zone = layers if site.exchanger is None else max(1, round(pump.zone_frac * layers))
    return HeatPumpPart(
        source_approach_k=pump.source_approach_k,
        source_glide_k=pump.source_glide_k,
        source_c_max=pump.source_c_max,
        source_c_min=pump.source_c_min,
        load_frac_min=pump.load_frac_min,
        loss_frac=pump.loss_frac,
        auxiliary_frac=pump.auxiliary_frac,
        cop_max=pump.cop_max,
        cop_worth=cop_worth(site, pump),
        zone_layers=zone,
    )


def cop_worth(site: Site, pump: HeatPump) -> float:
    """Give the COP from which the heat pump's heat costs less than the boiler's.

    Electricity per heat, price over COP, against fuel per heat, price over efficiency; the pump's
    auxiliaries come on top of its electricity.
    """
    if pump.runs == "always":
        return 0.0
    economics = site.economics
    boiler_per_kwh = economics.fuel_per_kwh / site.boiler.efficiency_frac
    left_per_kwh = boiler_per_kwh - pump.auxiliary_frac * economics.electricity_per_kwh
    if economics.electricity_per_kwh <= 0.0:
        return 0.0
    return economics.electricity_per_kwh / left_per_kwh if left_per_kwh > 0.0 else NEVER_WORTH


def _pool(site: Site) -> PoolPart:
    pool = site.pool
    if pool is None:
        return PoolPart(0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, ASHRAE, 0.0)
    return PoolPart(
        area_m2=pool.area_m2,
        kwh_per_k=_water_kwh_per_k(pool.area_m2 * pool.depth_m, pool.water_c_set),
        c_set=pool.water_c_set,
        c_max=pool.water_c_max,
        hall_air_c=pool.hall_air_c,
        hall_humidity_frac=pool.hall_humidity_frac,
        air_speed_ms=pool.air_speed_ms,
        convection_w_per_m2k=pool.convection_w_per_m2k,
        ground_loss_kw=pool.ground_loss_w_per_m2 * pool.area_m2 / 1000.0,
        evaporation=_EVAPORATION[pool.evaporation],
        delivery_kw_per_k=heat_path_of(site).delivery_kw_per_k,
    )


def _u_value_w_per_m2k(buffer: Buffer) -> float:
    height_m = tank_height_m(buffer.volume_m3, buffer.height_to_width)
    return buffer.loss_w_per_k / tank_surface_m2(buffer.volume_m3, height_m)


def _water_kwh_per_k(volume_m3: float, water_c: float) -> float:
    return volume_m3 * density_kg_per_m3(water_c) * HEAT_CAPACITY_KJ_PER_KGK / KJ_PER_KWH
