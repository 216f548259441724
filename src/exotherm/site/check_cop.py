"""Checks of how well a heat pump lifts, of its size, and of whether it ever pays."""

from collections.abc import Iterator

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.units import format_number, format_quantity
from exotherm.physics.heat_pump import carnot_cop
from exotherm.site.asked import asked_by
from exotherm.site.check_words import SiteCheck, celsius, kelvin, kw
from exotherm.site.document import Site
from exotherm.site.heat_path import (
    captured_kw,
    coldest_source_c,
    hot_c,
    pumped_kw,
)
from exotherm.site.machines import HeatPump
from exotherm.site.pumped import cop_of, full_heat_kw, sink_limit_c, source_in_c

_TOO_LARGE = 3.0
# A machine gives more or less than its rating as temperatures go, but hardly by half.
_RATING_APART = 1.6
# The maps of R744 that come with the program are for returns of 20, 30 and 40 °C.
_RETURN_OF_MAP_C_MAX = 40.0
# Points left out of certified machines come back within 7 %, but no machine was asked further off.
_POINTS_K_MAX = 15.0
# At half load the exchangers are large for the compressor: 5 % better, and no better anywhere.
_PART_LOAD_GAIN = 1.05


def _cops_are_below_carnot(site: Site, source: Source) -> Iterator[Finding]:
    """Check each measured point against the COP that no machine reaches."""
    pump = site.heat_pump
    if pump is None:
        return
    for index, point in enumerate(pump.points):
        source_out_c = point.source_in_c - pump.points_glide_k
        best = carnot_cop(source_out_c, point.sink_out_c)
        if point.cop < best:
            continue
        yield source.error(
            "site.cop-above-carnot",
            "heat_pump",
            "points",
            index,
            message=f"Point {index + 1} has a COP of {format_number(point.cop, 2)} from "
            f"{celsius(point.source_in_c)} to {celsius(point.sink_out_c)}; Carnot's, which no "
            f"machine reaches, is {format_number(best, 2)} between the water that leaves "
            f"evaporator, {kelvin(pump.points_glide_k)} cooler, and condenser.",
            remedy="Copy the point from the data sheet again: `sink_out_c` is the water leaving "
            "the condenser, `source_in_c` that entering the evaporator, `cop` heat over "
            "electricity.",
            point=index + 1,
            cop=point.cop,
            carnot_cop=round(best, 3),
        )


def _points_are_used(site: Site, source: Source) -> Iterator[Finding]:
    """Check that points are what the COP is from, and near the temperatures of this site."""
    pump = site.heat_pump
    if pump is None or not pump.points:
        return
    if pump.method != "points":
        yield source.warning(
            "site.points-unused",
            "heat_pump",
            "points",
            message=f"Measured points are given, but the COP is by `{pump.method}`: they count for "
            "nothing.",
            remedy='Set `method = "points"`, or remove the points.',
            method=pump.method,
        )
        return
    seen = (
        ("source", source_in_c(pump, warm_c=hot_c(site)), [one.source_in_c for one in pump.points]),
        ("sink", usual_sink_c(site, pump), [one.sink_out_c for one in pump.points]),
    )
    for name, here_c, points_c in seen:
        off_k = max(min(points_c) - here_c, here_c - max(points_c))
        if off_k <= _POINTS_K_MAX:
            continue
        between = celsius(min(points_c))
        if max(points_c) > min(points_c):
            between = f"{between} to {celsius(max(points_c))}"
        yield source.warning(
            "site.points-elsewhere",
            "heat_pump",
            "points",
            message=f"The points are for a {name} of {between}; here the {name} has "
            f"{celsius(here_c)}, {kelvin(off_k)} off: the COP is a guess.",
            remedy="Ask the maker for points at this site's temperatures, or leave the COP to "
            '`method = "size"`.',
            off_k=round(off_k, 3),
            here_c=round(here_c, 3),
        )


def usual_sink_c(site: Site, pump: HeatPump) -> float:
    """Give the water leaving the condenser on a winter's day, as warm as the warmest asks."""
    if pump.sink_c_set is not None:
        return sink_limit_c(pump)
    wanted_c = max(asked.supply_c for asked in asked_by(site)) + site.delivery.approach_k
    return min(wanted_c, pump.sink_c_max)


def _least_sink_c(site: Site, pump: HeatPump) -> float:
    """Give the water leaving the condenser in mild weather, at which the COP is best."""
    if pump.sink_c_set is not None:
        return sink_limit_c(pump)
    return min(max(asked.supply_c_min for asked in asked_by(site)), pump.sink_c_max)


def _points_agree_with_rating(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the points are of a machine of the size that is given."""
    pump = site.heat_pump
    if pump is None or pump.method != "points" or not any(one.heat_kw for one in pump.points):
        return
    by_points_kw = full_heat_kw(
        pump, source_out_c=coldest_source_c(site, pump), sink_c=usual_sink_c(site, pump)
    )
    if pump.heat_kw_rated / _RATING_APART <= by_points_kw <= pump.heat_kw_rated * _RATING_APART:
        return
    yield source.warning(
        "site.points-of-other-size",
        "heat_pump",
        "heat_kw_rated",
        message=f"The machine is rated at {kw(pump.heat_kw_rated)}, but its points give "
        f"{kw(by_points_kw)} at the temperatures of this site, and the plan goes by its points.",
        remedy="Give the points of the machine that is meant, or their `heat_kw` as 0 to go by "
        "`heat_kw_rated`.",
        heat_kw_rated=pump.heat_kw_rated,
        by_points_kw=round(by_points_kw, 3),
    )


def _map_is_of_this_return(site: Site, source: Source) -> Iterator[Finding]:
    """Check that carbon dioxide's COP is read from a map of a return that the customers have.

    What comes back mixes in one pipe, so a customer whose water comes back warm warms it all.
    """
    pump = site.heat_pump
    if pump is None or (pump.method, pump.refrigerant) != ("map", "R744"):
        return
    back_c = max(asked.return_c for asked in asked_by(site))
    if back_c <= pump.sink_return_c:
        return
    remedy = f"Set `sink_return_c` to {celsius(back_c)}."
    if back_c > _RETURN_OF_MAP_C_MAX:
        remedy = "Take another refrigerant: R744 is for water that comes back cool."
    yield source.warning(
        "site.return-above-map",
        "heat_pump",
        "sink_return_c",
        message=f"Customers' water comes back with up to {celsius(back_c)} in winter; the "
        f"COP is that of R744 with a return of {celsius(pump.sink_return_c)}, which is better.",
        remedy=remedy,
        return_c=round(back_c, 3),
    )


def _pump_fits_servers(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the heat pump is not many times larger than its source."""
    pump = site.heat_pump
    if pump is None:
        return
    sink_c, cold_c = usual_sink_c(site, pump), coldest_source_c(site, pump)
    full_kw = full_heat_kw(pump, source_out_c=cold_c, sink_c=sink_c)
    fed_kw = pumped_kw(site, sink_c=sink_c)
    if not 0.0 < fed_kw * _TOO_LARGE < full_kw:
        return
    yield source.warning(
        "site.heat-pump-too-large",
        "heat_pump",
        "heat_kw_rated",
        message=f"Of the {kw(captured_kw(site))} that full servers give, a heat pump makes "
        f"{kw(fed_kw)} at {celsius(sink_c)}; this one is made for {kw(full_kw)} and would stop "
        "and start all the time.",
        remedy=f"Take one of about {kw(fed_kw)}, or several small ones.",
        fed_kw=round(fed_kw, 3),
        heat_kw=round(full_kw, 3),
    )


def _pump_pays(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the heat pump's heat is cheaper than the boiler's in mild weather at least."""
    pump, prices = site.heat_pump, site.economics
    if pump is None or pump.runs == "always":
        return
    cold_c, sink_c = coldest_source_c(site, pump), _least_sink_c(site, pump)
    cop = _PART_LOAD_GAIN * cop_of(pump, source_out_c=cold_c, sink_c=sink_c)
    boiler_per_kwh = prices.fuel_per_kwh / site.boiler.efficiency_frac
    even_per_kwh = boiler_per_kwh / (1.0 / cop + pump.auxiliary_frac)
    if prices.electricity_per_kwh < even_per_kwh:
        return
    yield source.warning(
        "site.heat-pump-never-pays",
        "heat_pump",
        "runs",
        message=f"With a COP of {format_number(cop, 1)} at best, at {celsius(sink_c)}, the heat "
        f"pump needs electricity below {_price(site, even_per_kwh)} to be cheaper than the "
        f"boiler's heat at {_price(site, boiler_per_kwh)}; it costs "
        f"{_price(site, prices.electricity_per_kwh)}, so the heat pump never runs.",
        remedy='Check both prices; set `runs = "always"` where it is to run for other reasons, or '
        "leave it out.",
        even_per_kwh=round(even_per_kwh, 6),
        cop=round(cop, 3),
    )


def _price(site: Site, per_kwh: float) -> str:
    return format_quantity("price_per_kwh", per_kwh, currency=site.site.currency)


COP_CHECKS: tuple[SiteCheck, ...] = (
    _points_agree_with_rating,
    _cops_are_below_carnot,
    _points_are_used,
    _map_is_of_this_return,
    _pump_fits_servers,
    _pump_pays,
)
