"""The way of the heat from the servers to the customers: what is captured, passed and reached."""

from dataclasses import dataclass

from exotherm.physics.capture import (
    Captured,
    active_rear_door,
    cold_plates,
    hall_cooler,
    passive_rear_door,
)
from exotherm.physics.exchanger import conductance_kw_per_k
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK
from exotherm.site.asked import asked_by
from exotherm.site.document import Site
from exotherm.site.machines import Exchanger, HeatPump
from exotherm.site.pumped import cop_of, full_heat_kw, sink_limit_c, source_out_c

# The COP that a machine surely keeps of what is reckoned here: part load costs it a tenth, and a
# map, which is not at hand, may lie a fifth below the COP by size.
_COP_SURELY_FRAC = {"size": 0.9, "points": 0.9, "map": 0.7}

# --- Servers


def capture_at(site: Site, *, power_frac: float = 1.0) -> Captured:
    """Give what the coolant takes up at a share of the servers' rated power, and how warm it gets.

    The coolant of immersion floats, so it leaves as warm as it may; every other enters as warm as
    it is held. A coolant that is not water is as much water as carries the same heat.
    """
    capture, it_kw = site.capture, site.computing.power_kw_rated * power_frac
    inlet_c, room_c = capture.coolant_c_set, capture.room_c
    water_kgs = capture.flow_kw_per_k / HEAT_CAPACITY_KJ_PER_KGK
    coil = (it_kw, inlet_c, water_kgs, room_c, capture.air_rise_k, capture.ua_kw_per_k)
    match capture.kind:
        case "immersion":
            captured_kw = it_kw * capture.capture_frac
            return Captured(captured_kw, capture.coolant_c_max, it_kw - captured_kw, 0.0, 0.0)
        case "cold plates":
            return cold_plates(
                it_kw,
                inlet_c,
                water_kgs,
                room_c,
                capture.capture_frac,
                capture.fall_per_k,
                capture.coolant_c_max,
            )
        case "passive rear door":
            return passive_rear_door(*coil)
        case "active rear door":
            return active_rear_door(*coil, capture.fan_frac)
        case "hall cooler":
            return hall_cooler(*coil, capture.fan_frac, capture.capture_frac)


def captured_kw(site: Site, *, power_frac: float = 1.0) -> float:
    """Give the heat that the coolant takes up at a share of the servers' rated power."""
    return capture_at(site, power_frac=power_frac).captured_kw


def hot_c(site: Site, *, power_frac: float = 1.0) -> float:
    """Give the warmest that the coolant leaves the servers at a share of their rated power."""
    return capture_at(site, power_frac=power_frac).water_out_c


def coolant_rise_k(site: Site) -> float:
    """Give by how much the coolant warms in the servers at full load, their own pump included."""
    return coolant_heat_kw(site) / site.capture.flow_kw_per_k


def coolant_heat_kw(site: Site) -> float:
    """Give the heat that the coolant has to lose at full load: of servers and its own pump."""
    return captured_kw(site) + site.capture.pump_kw


# --- Exchangers


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatPath:
    """Heat per kelvin between the inlets of each exchanger in service, fouling included.

    Nought where there is none.
    """

    exchanger_kw_per_k: float
    """from the coolant to the buffer"""
    delivery_kw_per_k: float
    """from the buffer to the pool"""

    def heat_kw(self, *, coolant_c: float, pool_c: float) -> float:
        """Give the heat that passes steadily through both, with a mixed buffer without loss."""
        if not (self.exchanger_kw_per_k and self.delivery_kw_per_k):
            return 0.0
        resistance_k_per_kw = 1.0 / self.exchanger_kw_per_k + 1.0 / self.delivery_kw_per_k
        return (coolant_c - pool_c) / resistance_k_per_kw


def heat_path_of(site: Site) -> HeatPath:
    """Work out what a site's exchangers let pass per kelvin."""
    return HeatPath(
        exchanger_kw_per_k=_in_service(site.exchanger, hot_kw_per_k=site.capture.flow_kw_per_k),
        delivery_kw_per_k=_in_service(
            site.delivery.exchanger,
            hot_kw_per_k=site.delivery.flow_kgs * HEAT_CAPACITY_KJ_PER_KGK,
        ),
    )


def _in_service(exchanger: Exchanger | None, *, hot_kw_per_k: float) -> float:
    if exchanger is None:
        return 0.0
    in_service = exchanger.ua_kw_per_k * (1.0 - exchanger.fouling_frac)
    return conductance_kw_per_k(
        in_service, hot_kw_per_k, exchanger.flow_kgs * HEAT_CAPACITY_KJ_PER_KGK
    )


# --- What the customers can get


def serves_pool_alone(site: Site) -> bool:
    """Whether the water of a pool is all that is warmed, so that its exchanger is in every way."""
    return site.pool is not None and len(asked_by(site)) == 1


def customer_return_c(site: Site) -> float:
    """Give the coolest water that comes back from the customers on a winter's day."""
    return min(asked.return_c for asked in asked_by(site))


def coolest_return_c(site: Site) -> float:
    """Give the coolest water that comes back from the customers in a year."""
    return min(asked.return_c_min for asked in asked_by(site))


def direct_kw(site: Site, *, power_frac: float = 1.0) -> float:
    """Give the heat that passes by itself, at most, to the coolest water that comes back."""
    path, warm_c = heat_path_of(site), hot_c(site, power_frac=power_frac)
    back_c = customer_return_c(site)
    if serves_pool_alone(site):
        passed_kw = path.heat_kw(coolant_c=warm_c, pool_c=back_c)
    else:
        passed_kw = path.exchanger_kw_per_k * (warm_c - back_c)
    return max(0.0, passed_kw)


def deliverable_kw(site: Site, *, supply_c: float, power_frac: float = 1.0) -> float:
    """Give the most heat that reaches the customers on a winter's day by water of a temperature.

    Heat that passes by itself warms the return, up to the coolant at most; the heat pump does the
    rest, and both live on the same servers. Without a heat pump it is what passes, however warm.
    Losses, cooler hours and emptier stores leave less: a promise above this cannot be kept.
    """
    servers_kw = captured_kw(site, power_frac=power_frac)
    passed_kw = min(servers_kw, direct_kw(site, power_frac=power_frac))
    carried_kw = _carried_kw(site, power_frac=power_frac)
    full_kw, gain = _pump(site, sink_c=supply_c, power_frac=power_frac)
    if not full_kw:
        return min(passed_kw, carried_kw)
    # What passes by itself is lost to the heat pump, which would make more of it, so only what
    # the heat pump cannot take is of use; and of warm water the coolant warms only the lower part.
    lifted_kw = min(full_kw, gain * servers_kw)
    beside_kw = min(passed_kw, max(0.0, servers_kw - lifted_kw / gain))
    warm_c, back_c = hot_c(site, power_frac=power_frac), customer_return_c(site)
    if warm_c < supply_c:
        beside_kw = min(beside_kw, lifted_kw * max(0.0, warm_c - back_c) / (supply_c - warm_c))
    return min(lifted_kw + beside_kw, carried_kw)


def pumped_kw(site: Site, *, sink_c: float, power_frac: float = 1.0) -> float:
    """Give the heat that the heat pump makes, at most, of the servers' heat."""
    full_kw, gain = _pump(site, sink_c=sink_c, power_frac=power_frac)
    return min(full_kw, gain * captured_kw(site, power_frac=power_frac))


def coldest_source_c(site: Site, pump: HeatPump, *, power_frac: float = 1.0) -> float:
    """Give the water leaving the evaporator while it takes all that the coolant carries."""
    servers = capture_at(site, power_frac=power_frac)
    back_c = servers.water_out_c - servers.captured_kw / site.capture.flow_kw_per_k
    return source_out_c(pump, warm_c=servers.water_out_c, back_c=back_c)


def _pump(site: Site, *, sink_c: float, power_frac: float) -> tuple[float, float]:
    """Give a heat pump's heat at full load, and at most its heat of a unit from the coolant.

    A worse machine makes more heat of its source, out of more electricity. Both are nought where
    there is none or where the coolant is too cold for it.
    """
    pump = site.heat_pump
    if pump is None:
        return 0.0, 0.0
    cold_c = coldest_source_c(site, pump, power_frac=power_frac)
    sink_c = min(sink_c, sink_limit_c(pump))
    cop = _COP_SURELY_FRAC[pump.method] * cop_of(pump, source_out_c=cold_c, sink_c=sink_c)
    if cold_c < pump.source_c_min or cop <= 1.0:
        return 0.0, 0.0
    full_kw = full_heat_kw(pump, source_out_c=cold_c, sink_c=sink_c)
    return full_kw, cop / (cop - 1.0 + pump.loss_frac)


def _carried_kw(site: Site, *, power_frac: float) -> float:
    """Give what the delivery's flow carries, or passes to a pool, from the warmest store."""
    warmer_k = reachable_supply_c(site, power_frac=power_frac) - customer_return_c(site)
    if serves_pool_alone(site):
        return heat_path_of(site).delivery_kw_per_k * max(0.0, warmer_k)
    return site.delivery.flow_kgs * HEAT_CAPACITY_KJ_PER_KGK * max(0.0, warmer_k)


def reachable_supply_c(site: Site, *, heat_kw: float = 0.0, power_frac: float = 1.0) -> float:
    """Give the warmest water that the plant can deliver while it gives a heat flow.

    By the exchanger it is as much cooler than the coolant as the exchanger needs for that heat;
    by the heat pump it is what its condenser gives, whatever the heat.
    """
    reached_c = []
    if site.exchanger is not None:
        drop_k = direct_drop_k(site, heat_kw=heat_kw)
        reached_c.append(hot_c(site, power_frac=power_frac) - drop_k)
    if site.heat_pump is not None:
        reached_c.append(sink_limit_c(site.heat_pump))
    return max(reached_c)


def direct_drop_k(site: Site, *, heat_kw: float) -> float:
    """Give how much cooler than the coolant the exchanger's water is for a heat flow.

    A store of layers takes that water to its top; a mixed one is as cool as what goes back.
    """
    per_k = heat_path_of(site).exchanger_kw_per_k
    if site.exchanger is None or not per_k:
        return hot_c(site)
    between_inlets_k = heat_kw / per_k
    if site.buffer.layers == 1:
        return between_inlets_k
    return between_inlets_k - heat_kw / (site.exchanger.flow_kgs * HEAT_CAPACITY_KJ_PER_KGK)
