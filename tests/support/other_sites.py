"""Sites with other servers, customers and machines than the example, each of them sensible."""

from typing import Any

from changing import changed

from exotherm.site.customers import Building, MeasuredHeat, Network
from exotherm.site.document import Site
from exotherm.site.machines import (
    AirCooling,
    Buffer,
    Capture,
    Delivery,
    Exchanger,
    HeatPump,
    Rejection,
)

COLD_PLATES = Capture(kind="cold plates", flow_kgs=1.2, pump_kw=0.4)
DOORS = Capture(kind="passive rear door", flow_kgs=2.4, pump_kw=0.4, ua_kw_per_k=9.0)
COLD_COOLER = Rejection(heat_kw_rated=30.0, fan_kw_rated=0.8, chiller_eer=4.0)
PUMP = HeatPump(heat_kw_rated=25.0, refrigerant="R290")


def school(name: str = "Hill School", **more: Any) -> Building:
    return Building(**{"name": name, "kind": "school", "floor_m2": 3000.0, **more})


def _without_pool(pool_site: Site, **more: object) -> Site:
    delivery = Delivery(flow_kgs=1.2, pump_kw=0.25)
    return changed(pool_site, pool=None, delivery=delivery, **more)


def school_by_cold_plates(pool_site: Site) -> Site:
    """Direct preheat: a school takes water of 45 °C and lifts the rest."""
    return _without_pool(
        pool_site,
        buildings=(school(),),
        capture=COLD_PLATES,
        air_cooling=AirCooling(),
        exchanger=Exchanger(ua_kw_per_k=8.0, flow_kgs=1.2),
    )


def pump_of(site: Site) -> HeatPump:
    """Give the heat pump that a site has."""
    assert site.heat_pump is not None
    return site.heat_pump


def school_by_heat_pump(pool_site: Site) -> Site:
    """Rear doors give water of 21 °C, which a heat pump lifts."""
    return _without_pool(
        pool_site,
        buildings=(school(),),
        capture=DOORS,
        exchanger=None,
        rejection=COLD_COOLER,
        heat_pump=PUMP,
        economics__electricity_per_kwh=0.15,
    )


def network(pool_site: Site, **more: Any) -> Site:
    """A network whose return is warmed by coolant of 50 °C."""
    feeding = Network(**{"feed": "return", "heat_kwh": 500_000.0, **more})
    return _without_pool(pool_site, network=feeding)


def measured(pool_site: Site, **more: Any) -> Site:
    """A customer of whom only last year's heat is known."""
    customer = MeasuredHeat(
        **{
            "name": "Works",
            "file": "works.csv",
            "supply_c_design": 45.0,
            "return_c_design": 30.0,
            **more,
        }
    )
    return _without_pool(pool_site, measured=(customer,))


def pool_and_school(pool_site: Site) -> Site:
    """The example's pool with a school beside it, and a heat pump beside the exchanger."""
    return changed(
        pool_site,
        buildings=(school(),),
        heat_pump=HeatPump(heat_kw_rated=15.0, refrigerant="R290"),
        buffer=Buffer(volume_m3=4.0),
        boiler__heat_kw_rated=400.0,
        economics__electricity_per_kwh=0.15,
    )


OTHER_SITES = (
    school_by_cold_plates,
    school_by_heat_pump,
    network,
    measured,
    pool_and_school,
)
SIMULATED_SITES = tuple(site_of for site_of in OTHER_SITES if site_of is not measured)
"""those whose heat does not lie in a file"""
