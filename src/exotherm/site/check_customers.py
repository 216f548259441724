"""Checks of a site's customers: pool, buildings, measured heat, and the boiler behind them."""

from collections.abc import Iterator

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.units import format_quantity
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, KJ_PER_KWH
from exotherm.site.asked import asked_by
from exotherm.site.check_words import SiteCheck, celsius, kelvin, kw
from exotherm.site.customers import Building
from exotherm.site.document import Site

# An indoor pool's water loses 825 to 906 kWh per m² and year, covered at night.
_POOL_LOSS_KW_PER_M2 = 0.1
_POOL_BAND_K_MAX = 3.0
_HALL_AIR_K_BELOW_MAX = 2.0
# A year's heat over the coldest day's is 1700 to 2900 h in Europe, and more in networks.
_FULL_LOAD_H_MAX = 3500.0
_HOURS_OF_DAY = 24.0


def _pool_makes_sense(site: Site, source: Source) -> Iterator[Finding]:
    """Check the temperatures of water and air against each other."""
    pool = site.pool
    if pool is None:
        return
    band_k = pool.water_c_max - pool.water_c_set
    if band_k > _POOL_BAND_K_MAX:
        yield source.warning(
            "site.pool-band-wide",
            "pool",
            "water_c_max",
            message=f"The pool may warm by {kelvin(band_k)} above its {celsius(pool.water_c_set)}; "
            f"bathers notice more than {kelvin(_POOL_BAND_K_MAX)}.",
            remedy="Lower `water_c_max` to what the pool's manager agrees to.",
            band_k=round(band_k, 3),
        )
    below_k = pool.water_c_set - pool.hall_air_c
    if below_k > _HALL_AIR_K_BELOW_MAX:
        yield source.warning(
            "site.hall-air-too-cool",
            "pool",
            "hall_air_c",
            message=f"The hall air is {kelvin(below_k)} cooler than the water of "
            f"{celsius(pool.water_c_set)}: water evaporates faster and condenses on walls.",
            remedy="Give the hall's true air temperature; one to two kelvin above the water is "
            "usual.",
            below_k=round(below_k, 3),
        )


def _names_are_distinct(site: Site, source: Source) -> Iterator[Finding]:
    """Check that no two customers have one name, by which their series and loads are known."""
    named = [("buildings", index, one.name) for index, one in enumerate(site.buildings)]
    named += [("measured", index, one.name) for index, one in enumerate(site.measured)]
    for place, (table, index, name) in enumerate(named):
        if name not in [earlier for _, _, earlier in named[:place]]:
            continue
        yield source.error(
            "site.customer-name-repeated",
            table,
            index,
            "name",
            message=f"Two customers have the name `{name}`.",
            remedy="Give each a name of its own; results are filed under it.",
            name=name,
        )


def _heating_is_above_room(site: Site, source: Source) -> Iterator[Finding]:
    """Check that water leaves the radiators or floor warmer than the room they warm."""
    for index, building in enumerate(site.buildings):
        return_c = building.emitter.return_c_design
        if return_c > building.set_c:
            continue
        yield source.error(
            "site.heating-below-room",
            "buildings",
            index,
            message=f"Water leaves the heating of `{building.name}` with {celsius(return_c)} into "
            f"a room of {celsius(building.set_c)}: it could not have given its heat.",
            remedy="Correct `return_c_design` of the emitter or `set_c`.",
            return_c=return_c,
            set_c=building.set_c,
        )


def _water_comes_back_cooler(site: Site, source: Source) -> Iterator[Finding]:
    """Check that no customer sends water back as warm as it came."""
    for asked in asked_by(site):
        if asked.supply_c > asked.return_c:
            continue
        yield source.error(
            "site.return-above-supply",
            *asked.path,
            message=f"{asked.who} takes water of {celsius(asked.supply_c)} and gives it back with "
            f"{celsius(asked.return_c)}: it would take no heat.",
            remedy="Correct the two temperatures.",
            supply_c=asked.supply_c,
            return_c=asked.return_c,
        )


def _boiler_holds_customers(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the customers' own heat can serve them alone, by a cautious estimate.

    A pool by its mean loss, buildings and networks by their year in more hours of full load than
    any has, hot water spread over the day. Measured heat stands in files of its own.
    """
    mean_kw = _least_kw(site)
    if site.boiler.heat_kw_rated >= mean_kw:
        return
    who = "A pool"
    does = f"loses about {kw(mean_kw)} over the year; its boiler gives"
    if site.pool is not None:
        who = f"A pool of {format_quantity('area_m2', site.pool.area_m2)}"
    if site.pool is None or mean_kw > _POOL_LOSS_KW_PER_M2 * site.pool.area_m2:
        who, does = "The customers", f"need {kw(mean_kw)} or more on a cold day; their boiler gives"
    yield source.warning(
        "site.boiler-too-small",
        "boiler",
        "heat_kw_rated",
        message=f"{who} {does} {kw(site.boiler.heat_kw_rated)}.",
        remedy="Correct the boiler's output; without servers it has to serve the customers alone.",
        mean_kw=round(mean_kw, 3),
        heat_kw_rated=site.boiler.heat_kw_rated,
    )


def _least_kw(site: Site) -> float:
    pool_kw = _POOL_LOSS_KW_PER_M2 * site.pool.area_m2 if site.pool is not None else 0.0
    network_kw = 0.0
    if site.network is not None and not site.buildings:
        network_kw = site.network.heat_kwh / _FULL_LOAD_H_MAX
    return pool_kw + network_kw + sum(_least_building_kw(one) for one in site.buildings)


def _least_building_kw(building: Building) -> float:
    lift_k = building.hot_water_c - building.mains_c_mean
    kj_per_m2_day = building.hot_water_l_per_m2_day * HEAT_CAPACITY_KJ_PER_KGK * lift_k
    hot_water_kw_per_m2 = kj_per_m2_day / KJ_PER_KWH / _HOURS_OF_DAY
    heating_kw_per_m2 = building.space_heat_kwh_per_m2 / _FULL_LOAD_H_MAX
    return building.floor_m2 * (heating_kw_per_m2 + hot_water_kw_per_m2)


CUSTOMER_CHECKS: tuple[SiteCheck, ...] = (
    _pool_makes_sense,
    _names_are_distinct,
    _heating_is_above_room,
    _water_comes_back_cooler,
    _boiler_holds_customers,
)
