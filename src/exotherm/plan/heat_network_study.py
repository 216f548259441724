"""What a year of a heat network says: of its sources, pipes and buildings, and of its store."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from exotherm.core.findings import Finding
from exotherm.physics.computing import FloatArray
from exotherm.physics.heat_network import speeds_ms
from exotherm.plan.heat_network import NetworkYear, dispatch, offer_of, run_year
from exotherm.plan.heat_network_money import Rated
from exotherm.plant.dispatch.merit import STORE
from exotherm.plant.heat_network.laid import Laid, feeds_return
from exotherm.plant.heat_network.offers import Offer
from exotherm.plant.heat_network.store import store_kwh_of
from exotherm.site.heat_network import DataCentre, HeatStore

_RUNS_KW = 1e-6
_VOLUMES = (0.0, 0.5, 1.0, 2.0, 10.0, 50.0)
_INVESTMENT_EXPONENT = 0.53
"""by which a store's cost rises with its volume: 7,450 EUR/m³ times V^-0.47, DEA catalogue"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceYear:
    """What one source did in a year."""

    name: str
    kind: str
    feed: str
    heat_kwh: float
    used_frac: float
    """heat given over all that it could have given"""
    running_h: float
    marginal_h: float
    """hours in which its next kilowatt-hour sets the price"""
    cop: float | None
    """heat over electricity; None where it draws none"""
    cost: float
    """its own, of all its heat; negative where the cooler saves more than the heat pump draws"""
    worth: float
    """of all its heat at the price of heat in each hour"""
    rejected_kwh: float | None
    """heat in the coolant that the network does not take; None of other plants"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedYear:
    """What a data centre might feed into supply or return, and what that would change."""

    name: str
    feed: Literal["supply", "return"]
    is_chosen: bool
    heat_kwh_max: float
    """what could be fed in a year, if all of it were taken"""
    asked_c_mean: float
    cop: float | None
    cost_per_kwh: float | None
    """of heat at its own source; None where nothing can be fed"""
    cost_more: float
    """what the network's whole year costs more than as it is"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PipeYear:
    """The busiest hour of a pipe pair, and what it loses in a year."""

    number: int
    flow_kgs: float
    speed_ms: float
    fall_pa_per_m: float
    """of one pipe"""
    loss_kwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingYear:
    """What a building took, and how warm the network was there."""

    name: str
    heat_kwh: float
    heat_kw_peak: float
    supply_c_min: float
    """coldest supply at its node while it took heat"""
    cold_h: float
    """hours in which that was less than it needs"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreYear:
    """A store of some volume in the same year, with the losses of the pipes as they are."""

    volume_m3: float
    store_kwh: float
    cost: float
    saved: float
    """against no store"""
    carried_kwh: float
    """what it holds more at the end of the summer half-year than at its beginning"""
    lost_kwh: float
    rejected_kwh: float
    """coolant heat that the network does not take in the summer half-year"""
    built_per_year: float | None
    """what building it costs in a year; None where that is not known"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkStudy:
    """A year of a heat network, and what it says."""

    year: NetworkYear
    sources: tuple[SourceYear, ...]
    feeds: tuple[FeedYear, ...]
    pipes: tuple[PipeYear, ...]
    buildings: tuple[BuildingYear, ...]
    stores: tuple[StoreYear, ...]
    rated: tuple[Rated, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def store_price_h(self) -> float:
        """Hours in which no source sets the price: the store moves it from other hours."""
        return float((self.year.routed.marginal == STORE).sum())

    @property
    def saved_per_m3(self) -> float | None:
        """What another cubic metre of store would save in a year, at the margin."""
        network = self.year.laid.network
        if network.store is None:
            return None
        per_m3 = store_kwh_of(network) / network.store.volume_m3
        return self.year.routed.saved_per_store_kwh * per_m3


def study_network(laid: Laid) -> NetworkStudy:
    """Find a network's cheapest year, and read off it all that is asked of it."""
    year = run_year(laid)
    return NetworkStudy(
        year=year,
        sources=tuple(_sources(year)),
        feeds=tuple(_feeds(year)),
        pipes=tuple(_pipes(year)),
        buildings=tuple(_buildings(year)),
        stores=tuple(_stores(year)),
    )


# --- Sources


def _sources(year: NetworkYear) -> Iterator[SourceYear]:
    routed, sources = year.routed, year.sources
    for number, one in enumerate(year.laid.sources):
        heat_kw = routed.heat_kw[:, number]
        could_kwh = float(sources.heat_kw_max[:, number].sum())
        offer = year.offers[number] if isinstance(one, DataCentre) else None
        power_kwh = 0.0 if offer is None else float((heat_kw * offer.power_frac).sum())
        heat_kwh = float(heat_kw.sum())
        own = sources.cost_per_kwh[:, number] if offer is None else offer.cost_per_kwh
        yield SourceYear(
            name=one.name,
            kind="data centre" if isinstance(one, DataCentre) else one.kind,
            feed="return" if feeds_return(one) else "supply",
            heat_kwh=heat_kwh,
            used_frac=heat_kwh / could_kwh if could_kwh else 0.0,
            running_h=float((heat_kw > _RUNS_KW).sum()),
            marginal_h=float((routed.marginal == number).sum()),
            cop=heat_kwh / power_kwh if power_kwh > 1e-6 else None,
            cost=float((heat_kw * own).sum()),
            worth=float((heat_kw * routed.heat_price_per_kwh).sum()),
            rejected_kwh=None if offer is None else _rejected_kwh(year, number, heat_kw, offer),
        )


def _rejected_kwh(year: NetworkYear, number: int, heat_kw: FloatArray, offer: Offer) -> float:
    return float((year.laid.coolant_kw[number] - heat_kw * offer.source_frac).sum())


def _feeds(year: NetworkYear) -> Iterator[FeedYear]:
    laid = year.laid
    as_it_is = dispatch(laid, year.water)[2].cost
    for number, centre in enumerate(laid.network.data_centres):
        for feed in ("supply", "return"):
            offer = offer_of(laid, number, feed, year.water)
            heat_kw = offer.heat_kw_max
            heat_kwh = float(heat_kw.sum())
            power_kwh = float((heat_kw * offer.power_frac).sum())
            chosen = feed == centre.feed
            other = dispatch(laid.with_feed(centre.name, feed), year.water)[2].cost
            yield FeedYear(
                name=centre.name,
                feed="supply" if feed == "supply" else "return",
                is_chosen=chosen,
                heat_kwh_max=heat_kwh,
                asked_c_mean=float(offer.asked_c.mean()),
                cop=heat_kwh / power_kwh if power_kwh > 1e-6 else None,
                cost_per_kwh=(
                    float((heat_kw * offer.cost_per_kwh).sum()) / heat_kwh if heat_kwh else None
                ),
                cost_more=0.0 if chosen else other - as_it_is,
            )


# --- Pipes and buildings


def _pipes(year: NetworkYear) -> Iterator[PipeYear]:
    tree, flows = year.laid.pipes.tree, year.flows
    speeds = speeds_ms(tree, flows)
    for node, number in enumerate(year.laid.pipes.walked.pipes):
        if number >= 0:
            yield PipeYear(
                number=number,
                flow_kgs=float(np.abs(flows.flow_kgs[:, node]).max()),
                speed_ms=float(speeds[:, node].max()),
                fall_pa_per_m=float(flows.fall_pa[:, node].max() / (2.0 * tree.length_m[node])),
                loss_kwh=float(flows.loss_kw[:, node].sum()),
            )


def _buildings(year: NetworkYear) -> Iterator[BuildingYear]:
    laid = year.laid
    for number, building in enumerate(laid.network.buildings):
        heat_kw = laid.demand.heat_kw[:, number]
        supply_c = year.flows.supply_c[:, laid.pipes.at(building.node)]
        takes = heat_kw > _RUNS_KW
        yield BuildingYear(
            name=building.name,
            heat_kwh=float(heat_kw.sum()),
            heat_kw_peak=float(heat_kw.max()),
            supply_c_min=float(supply_c[takes].min()) if takes.any() else float(supply_c.min()),
            cold_h=float((takes & (supply_c < laid.demand.asked_c[:, number] - 0.05)).sum()),
        )


# --- The store


def _stores(year: NetworkYear) -> Iterator[StoreYear]:
    store = year.laid.network.store
    if store is None:
        return
    without: float | None = None
    for share in _VOLUMES:
        network = year.laid.network
        scaled = store.model_copy(update={"volume_m3": share * store.volume_m3})
        resized = network.model_copy(update={"store": scaled if share else None})
        laid = replace(year.laid, network=resized)
        offers, sources, routed = dispatch(laid, year.water)
        without = routed.cost if without is None else without
        content_kwh = routed.content_kwh
        lost_kwh = float(((1.0 - sources.kept_frac) * content_kwh).sum())
        begin, end = _summer(laid)
        taken_kw = sum(
            (routed.heat_kw[:, one] * offer.source_frac for one, offer in enumerate(offers)),
            start=np.zeros(content_kwh.size),
        )
        spare_kw = sum(laid.coolant_kw, start=np.zeros(content_kwh.size)) - taken_kw
        yield StoreYear(
            volume_m3=share * store.volume_m3,
            store_kwh=sources.store_kwh,
            cost=routed.cost,
            saved=without - routed.cost,
            carried_kwh=float(content_kwh[end - 1] - content_kwh[begin - 1]),
            lost_kwh=lost_kwh,
            rejected_kwh=float(spare_kw[_hours(begin, end, content_kwh.size)].sum()),
            built_per_year=_built_per_year(store, network.prices.discount_frac, share),
        )


def _summer(laid: Laid) -> tuple[int, int]:
    """Give the first hour of the summer half-year and that after it, April to September."""
    month = laid.year.date // 100
    april, october = int((month < 4).sum()), int((month < 10).sum())
    return (october, april) if laid.year.southern else (april, october)


def _hours(begin: int, end: int, hours: int) -> FloatArray:
    at = np.arange(hours)
    inside = (at >= begin) & (at < end) if begin < end else (at >= begin) | (at < end)
    return np.asarray(np.flatnonzero(inside))


def _built_per_year(store: HeatStore, discount_frac: float, share: float) -> float | None:
    """Give the annuity of a store of another volume, by the exponent of large tanks."""
    if store.investment_amount is None:
        return None
    annuity = 1.0 / store.life_years
    if discount_frac:
        annuity = discount_frac / (1.0 - (1.0 + discount_frac) ** -store.life_years)
    return float(store.investment_amount * share**_INVESTMENT_EXPONENT * annuity)
