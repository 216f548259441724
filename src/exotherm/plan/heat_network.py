"""A heat network's year: who heats it hour by hour at the least cost, and how its water runs.

The dispatch needs to know what the pipes lose, where the return has which temperature, and how
much of it passes whom; the pipes need to know who feeds in what. So both are worked out in turn
until the losses stay.
"""

from dataclasses import dataclass, replace

import numpy as np

from exotherm.physics.computing import FloatArray
from exotherm.physics.heat_network import NetworkFlows, Pumping, pumping
from exotherm.plant.dispatch.merit import Routed, Sources, route
from exotherm.plant.heat_network.laid import Laid, feeds_return
from exotherm.plant.heat_network.offers import Offer, into_return, into_supply
from exotherm.plant.heat_network.store import store_kwh_of, store_loss_frac_per_h_of
from exotherm.plant.heat_network.water import Water, feeding_of, run_water

_ROUNDS = 4
_SETTLED_KW = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkYear:
    """A year of a network: who gives what, how the water runs, what it costs."""

    laid: Laid
    water: Water
    """as the dispatch knew it"""
    offers: tuple[Offer, ...]
    sources: Sources
    routed: Routed
    flows: NetworkFlows
    pumping: Pumping
    spilled_kw: FloatArray
    """heat in the plant room that nobody could do without, since losses were less than foreseen"""

    @property
    def store_kw(self) -> FloatArray:
        """What the store gives in every hour, negative where it is filled; its losses are apart."""
        content_kwh = self.routed.content_kwh
        kept_kwh = self.sources.kept_frac * np.roll(content_kwh, 1)
        return np.asarray(kept_kwh - content_kwh, dtype=np.float64)

    @property
    def balance_error_kw(self) -> float:
        """The most by which heat in and heat out differ in any hour, in the dispatch or the pipes.

        Heat given, unmet and out of the store is heat taken, lost and spilled; and what the pipes'
        own flows say of the plant room is what its sources and its store give.
        """
        feeding = feeding_of(self.laid, self.routed.heat_kw)
        rest_kw = self.routed.unmet_kw + self.store_kw - self.spilled_kw
        given_kw = self.routed.heat_kw.sum(axis=1) + rest_kw
        taken_kw = self.laid.demand.heat_kw.sum(axis=1) + self.flows.loss_kw.sum(axis=1)
        fed_kw = feeding.supply.heat_kw.sum(axis=1) + feeding.into_return.heat_kw.sum(axis=1)
        plant_kw = given_kw - fed_kw
        errors = np.abs(given_kw - taken_kw), np.abs(plant_kw - self.flows.plant_kw)
        return float(max(error.max() for error in errors))

    @property
    def pump_cost(self) -> float:
        """What the pumps' electricity costs in the year."""
        return float((self.pumping.power_kw * self.laid.electricity_per_kwh).sum())


def run_year(laid: Laid) -> NetworkYear:
    """Find the cheapest year of a network, with the flows that it makes."""
    flows, water = run_water(laid, np.zeros((laid.supply_c.size, len(laid.sources))))
    for _ in range(_ROUNDS):
        known = water
        offers, sources, routed = dispatch(laid, known)
        flows, water = run_water(laid, routed.heat_kw)
        if np.abs(water.loss_kw - known.loss_kw).max() <= _SETTLED_KW:
            break
        # Who feeds the return counts on the least that ever passed.
        least_kgs = np.minimum(water.passing_kgs, known.passing_kgs)
        water = replace(water, passing_kgs=least_kgs)
    routed, spilled_kw = _borne_by_plant_room(
        laid, sources, routed, flows.loss_kw.sum(axis=1) - known.loss_kw
    )
    taken_kw = laid.demand.heat_kw.sum(axis=1) + flows.loss_kw.sum(axis=1)
    sources = replace(sources, demand_kw=taken_kw)
    pumps, feeding = laid.network.pumps, feeding_of(laid, routed.heat_kw)
    return NetworkYear(
        laid=laid,
        water=known,
        offers=offers,
        sources=sources,
        routed=routed,
        flows=flows,
        pumping=pumping(
            laid.pipes.tree,
            feeding.taken,
            feeding.supply,
            flows,
            station_pa=pumps.station_pa,
            efficiency_frac=pumps.efficiency_frac,
        ),
        spilled_kw=spilled_kw,
    )


def _borne_by_plant_room(
    laid: Laid, sources: Sources, routed: Routed, more_kw: FloatArray
) -> tuple[Routed, FloatArray]:
    """Let the plant room bear by what the losses differ from those that the dispatch knew of.

    Its sources do, those first whose cost is nearest to the price of heat; what none can is unmet
    or, where there is too much, spilled. The pipes see nothing of it, so energy closes in every
    step. Gives the dispatch and what is spilled.
    """
    heat_kw, left_kw = routed.heat_kw.copy(), more_kw.copy()
    own = [
        number
        for number, one in enumerate(laid.sources)
        if one.node == laid.network.network.plant_node and not feeds_return(one)
    ]
    away = np.abs(sources.cost_per_kwh[:, own] - routed.heat_price_per_kwh[:, np.newaxis])
    at = np.arange(left_kw.size)
    for rank in np.argsort(away, axis=1, kind="stable").T:
        number = np.array(own)[rank]
        now_kw = heat_kw[at, number]
        then_kw = np.clip(now_kw + left_kw, 0.0, sources.heat_kw_max[at, number])
        heat_kw[at, number] = then_kw
        left_kw -= then_kw - now_kw
    unmet_kw = routed.unmet_kw + left_kw
    changed = float(((heat_kw - routed.heat_kw) * sources.cost_per_kwh).sum())
    changed += float((np.maximum(unmet_kw, 0.0) - routed.unmet_kw).sum()) * (
        sources.unmet_cost_per_kwh
    )
    borne = replace(
        routed,
        heat_kw=heat_kw,
        unmet_kw=np.maximum(unmet_kw, 0.0),
        cost=routed.cost + changed,
        # The bound is straight in the demand, at the prices that prove it.
        cost_min=routed.cost_min + float((routed.heat_price_per_kwh * more_kw).sum()),
    )
    return borne, np.maximum(-unmet_kw, 0.0)


def dispatch(laid: Laid, water: Water) -> tuple[tuple[Offer, ...], Sources, Routed]:
    """Find the cheapest dispatch where the pipes lose so much and the return is so warm."""
    offers = tuple(
        offer_of(laid, number, centre.feed, water)
        for number, centre in enumerate(laid.network.data_centres)
    )
    steps = laid.supply_c.size
    heats = [*(one.heat_kw_max for one in offers), *laid.plant_kw]
    costs = [
        *(
            laid.paid_per_kwh.get(centre.name, offer.cost_per_kwh)
            for centre, offer in zip(laid.network.data_centres, offers, strict=True)
        ),
        *(np.full(steps, one.cost_per_kwh) for one in laid.network.plants),
    ]
    sources = Sources(
        heat_kw_max=np.column_stack(heats),
        cost_per_kwh=np.column_stack(costs),
        demand_kw=laid.demand.heat_kw.sum(axis=1) + water.loss_kw,
        step_h=1.0,
        store_kwh=store_kwh_of(laid.network),
        store_loss_frac_per_h=store_loss_frac_per_h_of(laid.network),
        unmet_cost_per_kwh=laid.network.prices.unmet_per_kwh,
    )
    return offers, sources, route(sources)


def offer_of(laid: Laid, number: int, feed: str, water: Water) -> Offer:
    """Give what a data centre may feed into supply or return, where the water is as it is."""
    centre = laid.network.data_centres[number]
    node, coolant_kw = laid.pipes.at(centre.node), laid.coolant_kw[number]
    price, return_c = laid.price_of(centre), water.return_c[:, node]
    # A branch that stands still is cold, but is not any more where the data centre feeds into it;
    # and warmed elsewhere, the return may come near the supply where little is taken.
    return_c = np.clip(return_c, laid.demand.return_c.min(), laid.supply_c - 1.0)
    if centre.outdoor_c_max is not None:
        coolant_kw = np.where(laid.year.outdoor_c <= centre.outdoor_c_max, coolant_kw, 0.0)
    if feed == "supply":
        return into_supply(
            centre,
            coolant_kw,
            supply_c=laid.supply_c,
            return_c=return_c,
            electricity_per_kwh=price,
        )
    return into_return(
        centre,
        coolant_kw,
        supply_c=laid.supply_c,
        return_c=return_c,
        flow_kgs=water.passing_kgs[:, node],
        electricity_per_kwh=price,
    )
