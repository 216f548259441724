"""What a site's customers ask: how warm their water is to be, and how cool it comes back."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from exotherm.core.toml_lines import Path
from exotherm.physics.supply_curve import (
    NetworkCurve,
    Radiators,
    network_supply_c,
    radiator_water,
)
from exotherm.site.customers import Building, MeasuredHeat, Network, Pool
from exotherm.site.document import Site

# A winter's day asks half of the heat of the coldest one, a mild day a tenth.
_WINTER_FRAC, _MILD_FRAC = 0.5, 0.1
_WINTER_DAY_C = 0.0
_ROOM_C = 20.0
# Through its exchanger a pool takes water a few kelvin warmer than its own.
_ABOVE_POOL_K = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Heat that one customer asks for one purpose, by the temperatures of its water in °C.

    ``path`` is its place in the site file.
    """

    who: str
    """the customer and the purpose in words, to begin a sentence with"""
    path: Path
    supply_c: float
    """water asked on a winter's day"""
    supply_c_min: float
    """water asked in mild weather"""
    return_c: float
    """water that comes back on a winter's day"""
    return_c_min: float
    """coolest water that comes back in a year"""
    whole_lift: bool = False
    """whether only water as warm as asked is taken"""


def asked_by(site: Site) -> tuple[Asked, ...]:
    """List what each customer asks of the plant; buildings on a network ask through the network."""
    return tuple(_asked_by(site))


def _asked_by(site: Site) -> Iterator[Asked]:
    if site.pool is not None:
        yield from _by_pool(site.pool)
    if site.network is not None:
        yield _by_network(site.network)
    else:
        for index, building in enumerate(site.buildings):
            yield from _by_building(building, ("buildings", index))
    for index, measured in enumerate(site.measured):
        yield _by_measured(measured, ("measured", index))


def _constant(
    who: str, path: Path, supply_c: float, return_c: float, *, whole_lift: bool = False
) -> Asked:
    return Asked(
        who=who,
        path=path,
        supply_c=supply_c,
        supply_c_min=supply_c,
        return_c=return_c,
        return_c_min=return_c,
        whole_lift=whole_lift,
    )


def _by_pool(pool: Pool) -> Iterator[Asked]:
    """Give the pool's water, which takes whatever is warmer than itself, and its hall's air."""
    yield _constant("The pool", ("pool",), pool.water_c_max + _ABOVE_POOL_K, pool.water_c_set)
    if pool.ventilation is not None:
        air = pool.ventilation
        where = ("pool", "ventilation")
        yield _constant("The pool's air heater", where, air.supply_c, air.return_c)


def _by_building(building: Building, path: Path) -> Iterator[Asked]:
    emitter, name = building.emitter, building.name
    if building.space_heat_kwh_per_m2 or building.loss_w_per_k:
        yield _by_weather(
            f"The heating of `{name}`",
            path,
            supply_c=emitter.supply_c_design,
            return_c=emitter.return_c_design,
            room_c=building.set_c,
            exponent=emitter.exponent,
        )
    if building.hot_water_l_per_m2_day:
        hot_c, cold_c = building.hot_water_c, building.mains_c_mean
        yield _constant(f"The hot water of `{name}`", path, hot_c, cold_c)
    if building.circulation_m_per_m2 and building.circulation_w_per_m:
        hot_c, back_c = building.hot_water_c, building.circulation_return_c
        yield _constant(f"The circulation of `{name}`", path, hot_c, back_c)


def _by_network(network: Network) -> Asked:
    if network.feed == "return":
        warmed_c = network.return_c + network.return_lift_k
        return _constant("The network's return", ("network",), warmed_c, network.return_c)
    curve = NetworkCurve(
        supply_c_min=network.supply_c_min,
        supply_c_max=network.supply_c_max,
        knee_c=network.knee_c,
        slope=network.slope,
        return_c=network.return_c,
    )
    return Asked(
        who="The network's supply",
        path=("network",),
        supply_c=float(network_supply_c(np.array([_WINTER_DAY_C]), curve)[0]),
        supply_c_min=network.supply_c_min,
        return_c=network.return_c,
        return_c_min=network.return_c,
        whole_lift=True,
    )


def _by_measured(measured: MeasuredHeat, path: Path) -> Asked:
    who, supply_c = f"`{measured.name}`", measured.supply_c_design
    if not measured.follows_weather:
        return _constant(who, path, supply_c, measured.return_c_design)
    return _by_weather(
        who,
        path,
        supply_c=supply_c,
        return_c=measured.return_c_design,
        room_c=_ROOM_C,
        exponent=1.3,
    )


def _by_weather(
    who: str, path: Path, *, supply_c: float, return_c: float, room_c: float, exponent: float
) -> Asked:
    """Give heating whose water is cooler in mild weather; constant where it cannot be."""
    if return_c <= room_c:
        return _constant(who, path, supply_c, return_c)
    radiators = Radiators(
        supply_c_design=supply_c, return_c_design=return_c, room_c=room_c, exponent=exponent
    )
    water = radiator_water(np.array([_WINTER_FRAC, _MILD_FRAC]), radiators)
    return Asked(
        who=who,
        path=path,
        supply_c=float(water.supply_c[0]),
        supply_c_min=float(water.supply_c[1]),
        return_c=float(water.return_c[0]),
        return_c_min=float(water.return_c[1]),
    )
