"""Checks of what is promised against what the plant of the site can give: heat and warmth."""

from collections.abc import Iterator

from exotherm.contract.case import Case, Check, celsius, kelvin, kw
from exotherm.core.findings import Finding
from exotherm.core.units import format_quantity
from exotherm.site.heat_path import (
    captured_kw,
    customer_return_c,
    deliverable_kw,
    direct_drop_k,
    heat_path_of,
    hot_c,
    reachable_supply_c,
    serves_pool_alone,
)
from exotherm.site.pumped import sink_limit_c


def _capacity_is_reachable(case: Case) -> Iterator[Finding]:
    """Check that full servers give the capacity and the plant passes it on (QOS-1)."""
    site, promised_kw = case.site, case.contract.capacity.heat_kw
    supply_c = case.contract.supply_temperature.supply_c_min
    servers_kw = captured_kw(site)
    possible_kw = deliverable_kw(site, supply_c=supply_c)
    if promised_kw <= possible_kw:
        return
    yield case.source.error(
        "contract.capacity-not-reachable",
        "capacity",
        "heat_kw",
        message=f"{kw(promised_kw)} are promised; full servers give {kw(servers_kw)} to the "
        f"coolant, and through {_ways(case)} at most {kw(possible_kw)} reach the customer.",
        remedy="Promise less, or correct servers, flows and machines in the site file.",
        promised_kw=promised_kw,
        servers_kw=round(servers_kw, 3),
        possible_kw=round(possible_kw, 3),
    )


def _ways(case: Case) -> str:
    """Name what the heat passes on its way to the customer."""
    site = case.site
    if site.heat_pump is not None:
        return "exchanger, heat pump and delivery" if site.exchanger else "heat pump and delivery"
    return "the two exchangers" if serves_pool_alone(site) else "exchanger and delivery"


def _idle_heat_is_reachable(case: Case) -> Iterator[Finding]:
    """Check that idle servers give the heat that is promised even then (QOS-7)."""
    site, contract = case.site, case.contract
    promised_kw, idle_frac = contract.it_load.heat_kw_min, site.computing.idle_frac
    supply_c = contract.supply_temperature.supply_c_min
    idle_kw = deliverable_kw(site, supply_c=supply_c, power_frac=idle_frac)
    if promised_kw > idle_kw:
        yield case.source.error(
            "contract.idle-heat-not-reachable",
            "it_load",
            "heat_kw_min",
            message=f"{kw(promised_kw)} are promised with idle servers; they draw "
            f"{format_quantity('idle_frac', idle_frac)} of {kw(site.computing.power_kw_rated)}, "
            f"of which at most {kw(idle_kw)} reach the customer.",
            remedy=f"Promise at most {kw(idle_kw)}, or a dummy load for idle hours.",
            promised_kw=promised_kw,
            idle_kw=round(idle_kw, 3),
        )
    if promised_kw > contract.capacity.heat_kw:
        yield case.source.error(
            "contract.idle-heat-above-capacity",
            "it_load",
            "heat_kw_min",
            message=f"{kw(promised_kw)} are promised with idle servers, but "
            f"{kw(contract.capacity.heat_kw)} at their usual load.",
            remedy="Idle servers give less than busy ones: correct one of the two.",
            promised_kw=promised_kw,
            capacity_kw=contract.capacity.heat_kw,
        )


def _supply_c_possible(case: Case, *, heat_kw: float, power_frac: float = 1.0) -> float:
    """Give the warmest supply at the place where it is measured, for a heat flow.

    On the customer's side of a station it is an approach below the store's. A pool has no supply
    of its own.
    """
    reached_c = reachable_supply_c(case.site, heat_kw=heat_kw, power_frac=power_frac)
    return reached_c - case.site.delivery.approach_k if _beyond_station(case) else reached_c


def _beyond_station(case: Case) -> bool:
    """Whether heat is measured where a station has cost some warmth."""
    return case.contract.delivery_point.side == "customer" and not serves_pool_alone(case.site)


def _temperature_is_reachable(case: Case) -> Iterator[Finding]:
    """Check that the plant can be as warm as promised while it gives the capacity (QOS-2)."""
    capacity_kw = case.contract.capacity.heat_kw
    promised_c = case.contract.supply_temperature.supply_c_min
    possible_c = _supply_c_possible(case, heat_kw=capacity_kw)
    if promised_c <= possible_c:
        return
    remedy = "Promise less, or enlarge the exchanger; water above the coolant takes a heat pump."
    if case.site.heat_pump is not None:
        remedy = "Promise less, or take a heat pump whose refrigerant and limit reach it."
    yield case.source.error(
        "contract.supply-not-reachable",
        "supply_temperature",
        "supply_c_min",
        message=f"{celsius(promised_c)} are promised; {_warmest(case)}, and at "
        f"{kw(capacity_kw)} the delivery point gets {celsius(possible_c)} at most.",
        remedy=remedy,
        promised_c=promised_c,
        possible_c=round(possible_c, 3),
    )


def _warmest(case: Case) -> str:
    """Say what makes the plant's warmest water."""
    site, heat_kw = case.site, case.contract.capacity.heat_kw
    station = ""
    if _beyond_station(case):
        station = f", the customer's station takes {kelvin(site.delivery.approach_k)}"
    if site.heat_pump is not None:
        return f"the heat pump gives up to {celsius(sink_limit_c(site.heat_pump))}{station}"
    drop_k = direct_drop_k(site, heat_kw=heat_kw)
    coolant = f"the coolant has up to {celsius(hot_c(site))}"
    return f"{coolant}, its exchanger takes {kelvin(drop_k)}{station}"


def _temperature_is_held_when_idle(case: Case) -> Iterator[Finding]:
    """Check that idle servers keep the supply as warm as promised (QOS-2 with QOS-7)."""
    contract, site = case.contract, case.site
    promise, idle_kw = contract.supply_temperature, contract.it_load.heat_kw_min
    if contract.it_load.borne_by == "customer":
        return
    settled_c = _supply_c_when_idle(case)
    if settled_c is None or settled_c >= promise.supply_c_min - promise.tolerance_k:
        return
    over = ""
    if serves_pool_alone(site):
        over = f" over a pool of {celsius(customer_return_c(site))}"
    yield case.source.warning(
        "contract.supply-cool-when-idle",
        "supply_temperature",
        "supply_c_min",
        message=f"With idle servers and {kw(idle_kw)} the supply settles at "
        f"{celsius(settled_c)}{over}; promised are {celsius(promise.supply_c_min)}, and the "
        "supplier bears the difference.",
        remedy="Promise a lower temperature, or let QOS-7 be borne by the customer.",
        settled_c=round(settled_c, 3),
        promised_c=promise.supply_c_min,
    )


def _supply_c_when_idle(case: Case) -> float | None:
    """Give the supply with idle servers, or None where nothing passes at all.

    With the little heat of idle servers the store settles just above a pool: as far as the
    delivery exchanger needs to pass that heat on. Elsewhere it is as warm as idle servers make
    the coolant.
    """
    site, idle_kw = case.site, case.contract.it_load.heat_kw_min
    reached_c = _supply_c_possible(case, heat_kw=idle_kw, power_frac=site.computing.idle_frac)
    if not serves_pool_alone(site):
        return reached_c
    per_k = heat_path_of(site).delivery_kw_per_k
    return min(reached_c, customer_return_c(site) + idle_kw / per_k) if per_k else None


def _temperature_is_of_use(case: Case) -> Iterator[Finding]:
    """Check that the promised supply is warmer than what it is to warm, and measurably so."""
    promise, back_c = case.contract.supply_temperature, customer_return_c(case.site)
    above_k = promise.supply_c_min - back_c
    if above_k <= 0:
        yield _not_above(case, back_c)
    elif above_k <= promise.tolerance_k:
        what = "the pool" if serves_pool_alone(case.site) else "what comes back"
        yield case.source.warning(
            "contract.promise-inside-tolerance",
            "supply_temperature",
            "tolerance_k",
            message=f"The promise lies {kelvin(above_k)} above {what} and the tolerance is "
            f"{kelvin(promise.tolerance_k)}: supply no warmer than {what} counts as kept.",
            remedy="Promise more, or allow a smaller tolerance.",
            above_k=round(above_k, 3),
            tolerance_k=promise.tolerance_k,
        )


def _not_above(case: Case, back_c: float) -> Finding:
    promised_c = case.contract.supply_temperature.supply_c_min
    if serves_pool_alone(case.site):
        return case.source.error(
            "contract.supply-not-above-pool",
            "supply_temperature",
            "supply_c_min",
            message=f"{celsius(promised_c)} are promised to a pool kept at "
            f"{celsius(back_c)}: supply as promised would not warm it.",
            remedy="Promise a supply above the pool's temperature.",
            supply_c_min=promised_c,
            water_c_set=back_c,
        )
    return case.source.error(
        "contract.supply-not-above-return",
        "supply_temperature",
        "supply_c_min",
        message=f"{celsius(promised_c)} are promised; the coolest water that comes back in winter "
        f"has {celsius(back_c)}: supply as promised would not warm it.",
        remedy="Promise a supply above what comes back from the customer.",
        supply_c_min=promised_c,
        return_c=round(back_c, 3),
    )


def _network_takes_it(case: Case) -> Iterator[Finding]:
    """Check that supply as promised is warm enough for the network that is to take it."""
    network, promise = case.site.network, case.contract.supply_temperature
    if network is None or network.feed == "return" or case.site.pool or case.site.measured:
        return
    if promise.supply_c_min >= network.supply_c_min - promise.tolerance_k:
        return
    yield case.source.error(
        "contract.supply-below-network",
        "supply_temperature",
        "supply_c_min",
        message=f"{celsius(promise.supply_c_min)} are promised; the network runs at "
        f"{celsius(network.supply_c_min)} or more and takes nothing cooler into its supply.",
        remedy="Promise what the network runs at, or feed its return.",
        supply_c_min=promise.supply_c_min,
        network_c_min=network.supply_c_min,
    )


REACH_CHECKS: tuple[Check, ...] = (
    _capacity_is_reachable,
    _idle_heat_is_reachable,
    _temperature_is_reachable,
    _temperature_is_held_when_idle,
    _temperature_is_of_use,
    _network_takes_it,
)
