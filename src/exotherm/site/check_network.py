"""Checks of a heat network: that something can be fed into it, and somebody takes it."""

from collections.abc import Iterator

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.units import format_quantity
from exotherm.site.check_words import SiteCheck, celsius
from exotherm.site.document import Site
from exotherm.site.heat_path import reachable_supply_c


def _somebody_is_connected(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the network's heat is known, once."""
    network = site.network
    if network is None:
        return
    if not site.buildings and not network.heat_kwh:
        yield source.error(
            "site.network-without-demand",
            "network",
            message="The network has neither buildings nor a year's heat: nobody takes any.",
            remedy="Give `heat_kwh`, what its customers use in a year, or their `[[buildings]]`.",
        )
    elif site.buildings and network.heat_kwh:
        yield source.warning(
            "site.network-heat-unused",
            "network",
            "heat_kwh",
            message="The network serves what stands in `[[buildings]]`, so its "
            f"{format_quantity('heat_kwh', network.heat_kwh)} of a year count for nothing.",
            remedy="Remove `heat_kwh`, or the buildings if the network is more than they.",
            heat_kwh=network.heat_kwh,
            buildings=len(site.buildings),
        )


def _something_can_be_fed(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the plant reaches the network's supply in mild weather, or warms its return."""
    network = site.network
    if network is None:
        return
    reached_c = reachable_supply_c(site)
    if network.feed == "supply":
        wanted_c, words = network.supply_c_min, "a supply of"
        remedy = 'Feed the return, `feed = "return"`, or add a `[heat_pump]` that reaches it.'
        if site.heat_pump is not None:
            remedy = 'Feed the return, `feed = "return"`, or take a heat pump that reaches it.'
    else:
        wanted_c, words = network.return_c, "a return of"
        remedy = "Add a `[heat_pump]`, or feed a network with a cooler return."
    if reached_c > wanted_c or (reached_c == wanted_c and network.feed == "supply"):
        return
    yield source.error(
        "site.network-out-of-reach",
        "network",
        "supply_c_min" if network.feed == "supply" else "return_c",
        message=f"The plant's warmest water has {celsius(reached_c)}, the network {words} "
        f"{celsius(wanted_c)} even in mild weather: nothing can be fed.",
        remedy=remedy,
        reached_c=round(reached_c, 3),
        wanted_c=wanted_c,
    )


NETWORK_CHECKS: tuple[SiteCheck, ...] = (
    _somebody_is_connected,
    _something_can_be_fed,
)
