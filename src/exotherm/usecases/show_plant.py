"""What a site has, as the page Site lists it: from the servers to the customers and the cooler."""

from collections.abc import Iterator

from exotherm.core.sentences import listed
from exotherm.core.units import format_quantity
from exotherm.render.site_words import capital, cooler_of, own_heat_of
from exotherm.site.customers import Building, MeasuredHeat, Network, Pool
from exotherm.site.document import Site
from exotherm.site.machines import Capture, HeatPump
from exotherm.site.pumped import sink_limit_c

_NAMED_MAX = 4
"""As many buildings of a network are named; more are counted."""


def show_plant(site: Site) -> list[dict[str, object]]:
    """List the parts of a site, each with its name and what is to know of it in words."""
    return [{"name": name, "text": text} for name, text in _parts(site)]


def _parts(site: Site) -> Iterator[tuple[str, str]]:
    yield "Servers", f"{_kw(site.computing.power_kw_rated)} at full load"
    yield "Capture", _capture(site.capture)
    if site.exchanger is not None:
        per_k = format_quantity("ua_kw_per_k", site.exchanger.ua_kw_per_k)
        yield "Exchanger", f"{per_k} from the coolant to the buffer"
    if site.heat_pump is not None:
        yield "Heat pump", _heat_pump(site.heat_pump)
    yield "Buffer", format_quantity("volume_m3", site.buffer.volume_m3)
    yield from _customers(site)
    own = own_heat_of(site)
    fuel = f"{site.boiler.fuel}, " if own == "boiler" else ""
    heat = _kw(site.boiler.heat_kw_rated)
    yield capital(own), f"{heat}, {fuel}the customer's own, stays as backup"
    yield capital(cooler_of(site)), f"{_kw(site.rejection.heat_kw_rated)} outdoors"


def _capture(capture: Capture) -> str:
    if capture.floats:
        warm = f"coolant of up to {_celsius(capture.coolant_c_max)}"
    else:
        warm = f"water held at {_celsius(capture.coolant_c_set)}"
    return f"{capital(capture.kind)}, {warm}"


def _heat_pump(pump: HeatPump) -> str:
    return (
        f"{_kw(pump.heat_kw_rated)} with {pump.refrigerant}, water of up to "
        f"{_celsius(sink_limit_c(pump))}, runs {pump.runs}"
    )


def _customers(site: Site) -> Iterator[tuple[str, str]]:
    if site.pool is not None:
        yield "Pool", _pool(site.pool)
    if site.network is not None:
        yield "Heat network", _network(site.network, site.buildings)
    else:
        for building in site.buildings:
            yield building.name, _building(building)
    for measured in site.measured:
        yield measured.name, _measured(measured)


def _pool(pool: Pool) -> str:
    area = format_quantity("area_m2", pool.area_m2)
    air = ", and its hall's air" if pool.ventilation is not None else ""
    return f"{area} of water kept at {_celsius(pool.water_c_set)}{air}"


def _building(building: Building) -> str:
    return f"{capital(building.kind)}, {format_quantity('floor_m2', building.floor_m2)} heated"


def _network(network: Network, buildings: tuple[Building, ...]) -> str:
    if not buildings:
        serves = f"serves {format_quantity('heat_kwh', network.heat_kwh)} a year"
    elif len(buildings) > _NAMED_MAX:
        serves = f"serves {len(buildings)} buildings"
    else:
        serves = f"serves {listed([one.name for one in buildings])}"
    return f"{serves}, is fed into its {network.feed}"


def _measured(measured: MeasuredHeat) -> str:
    return f"measured heat of a year, water of up to {_celsius(measured.supply_c_design)}"


def _kw(value: float) -> str:
    return format_quantity("heat_kw", value)


def _celsius(value: float) -> str:
    return format_quantity("supply_c", value)
