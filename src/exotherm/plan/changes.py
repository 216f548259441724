"""The same site with one of its assumptions changed."""

import math
from dataclasses import replace

import numpy as np

from exotherm.site.document import Site
from exotherm.site.series import Surroundings


def with_table(site: Site, table: str, **values: object) -> Site:
    """Give the same site with other values in one of its tables."""
    return site.model_copy(update={table: getattr(site, table).model_copy(update=values)})


def with_servers(site: Site, share: float) -> Site:
    """Give the same site with a share of its servers."""
    return with_table(site, "computing", power_kw_rated=share * site.computing.power_kw_rated)


def with_demand(site: Site, surroundings: Surroundings, share: float) -> tuple[Site, Surroundings]:
    """Give the same site with every customer's heat multiplied by a share."""
    changes: dict[str, object] = {
        "buildings": tuple(
            one.model_copy(update={"floor_m2": share * one.floor_m2}) for one in site.buildings
        )
    }
    if site.pool is not None:
        changes["pool"] = site.pool.model_copy(update={"area_m2": share * site.pool.area_m2})
    if site.network is not None:
        less = {"heat_kwh": share * site.network.heat_kwh}
        changes["network"] = site.network.model_copy(update=less)
    measured = tuple(replace(one, heat_kw=share * one.heat_kw) for one in surroundings.measured)
    return site.model_copy(update=changes), replace(surroundings, measured=measured)


def with_investment(site: Site, share: float) -> Site:
    """Give the same site with every part's price multiplied by a share."""
    dearer = tuple(
        item.model_copy(update={"amount": share * item.amount})
        for item in site.economics.investment
    )
    economics = site.economics.model_copy(update={"investment": dearer})
    return site.model_copy(update={"economics": economics})


def with_utilisation(surroundings: Surroundings, share: float) -> Surroundings:
    """Give the same surroundings with servers busier by a share, at most full."""
    own = surroundings.utilisation
    busy = np.clip(share * own.utilisation_frac, 0.0, 1.0)
    return replace(surroundings, utilisation=replace(own, utilisation_frac=busy))


def with_warmth(surroundings: Surroundings, warmer_k: float) -> Surroundings:
    """Give the same surroundings with every hour warmer."""
    own = surroundings.weather
    return replace(surroundings, weather=replace(own, outdoor_c=own.outdoor_c + warmer_k))


def with_heat_pump_at_rest(site: Site) -> Site:
    """Give the same site with a heat pump that never runs: no source is warm enough."""
    assert site.heat_pump is not None
    return with_table(site, "heat_pump", source_c_min=math.inf)
