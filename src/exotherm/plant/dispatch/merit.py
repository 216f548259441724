"""Many sources and one store: in every step the cheapest heat first, exactly.

Each source is a piece of a step's supply: so much heat at such a cost. What runs, what is stored
and what heat is worth then follow as for one plant (see ``solve``), and so does the proof.
"""

import math
from dataclasses import dataclass

import numpy as np

from exotherm.physics.computing import FloatArray, IntArray
from exotherm.plant.dispatch.solve import GAP_FRAC_MAX, Infeasible, Year
from exotherm.plant.dispatch.supply import Supply
from exotherm.plant.dispatch.value import FEASIBLE_FRAC, Run, part_of_run, sum_of

STORE = -1
"""in place of a source that sets the price, where the store does"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sources:
    """What sources can give in each step and at what cost, what is asked, and the store.

    ``heat_kw_max`` and ``cost_per_kwh`` have shape (steps, sources), ``demand_kw`` (steps,). The
    cost may be negative: a source that has to be cooled saves its cooler's electricity. Demand
    that nobody meets costs ``unmet_cost_per_kwh``; so every year has a dispatch.
    """

    heat_kw_max: FloatArray
    cost_per_kwh: FloatArray
    demand_kw: FloatArray
    step_h: float
    store_kwh: float
    store_loss_frac_per_h: float
    unmet_cost_per_kwh: float

    def __post_init__(self) -> None:
        steps = self.demand_kw.size
        assert self.demand_kw.shape == (steps,)
        assert steps > 0
        assert self.heat_kw_max.shape == self.cost_per_kwh.shape
        assert self.heat_kw_max.shape[0] == steps
        for values in (self.heat_kw_max, self.cost_per_kwh, self.demand_kw):
            assert np.isfinite(values).all()
        assert (self.heat_kw_max >= 0.0).all()
        assert (self.demand_kw >= 0.0).all()
        assert self.step_h > 0.0
        assert self.store_kwh >= 0.0
        assert 0.0 <= self.store_loss_frac_per_h < 1.0
        assert math.isfinite(self.unmet_cost_per_kwh)

    @property
    def kept_frac(self) -> float:
        """The share of the store's content that a step leaves."""
        return float((1.0 - self.store_loss_frac_per_h) ** self.step_h)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Routed:
    """Which source gives what in each step, and what heat is worth there.

    No dispatch costs less than ``cost_min``. ``marginal`` (steps,) is the source whose next
    kilowatt-hour sets the price, `STORE` where heat is worth what it is at another time, and the
    number of sources where demand is unmet.
    """

    heat_kw: FloatArray
    """(steps, sources)"""
    unmet_kw: FloatArray
    content_kwh: FloatArray
    """in the store at the end of each step"""
    heat_price_per_kwh: FloatArray
    marginal: IntArray
    cost: float
    cost_min: float
    saved_per_store_kwh: float
    """what another kilowatt-hour of store would save, at the margin"""

    @property
    def gap_frac(self) -> float:
        """How far the cost may be above the least one, relative to it."""
        return max(0.0, self.cost - self.cost_min) / max(1.0, abs(self.cost))

    @property
    def is_optimal(self) -> bool:
        """Whether the prices prove that no dispatch costs less, up to rounding."""
        return self.gap_frac <= GAP_FRAC_MAX


def route(sources: Sources) -> Routed:
    """Find the cheapest way to serve the demand; the store ends as full as it began."""
    found = _Merit(sources).solve()
    assert not isinstance(found, Infeasible), "what nobody meets is a piece of the supply"
    return found


class _Merit(Year[Routed]):
    """Sources laid out for the kernels, in rising order of cost in every step."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        steps, count = sources.heat_kw_max.shape
        cost = np.column_stack([sources.cost_per_kwh, np.full(steps, sources.unmet_cost_per_kwh)])
        heat_kw = np.column_stack([sources.heat_kw_max, sources.demand_kw])
        self.order = np.argsort(cost, axis=1, kind="stable")
        nothing = np.zeros((0, 0))
        supply = Supply(
            cost_per_kwh=np.take_along_axis(cost, self.order, axis=1),
            heat_kwh=np.take_along_axis(heat_kw, self.order, axis=1) * sources.step_h,
            direct=nothing,
            power=nothing,
            boiler=nothing,
            unmet=nothing,
            pieces=np.full(steps, count + 1, dtype=np.int64),
        )
        demand_kwh = sources.demand_kw * sources.step_h
        super().__init__(supply, demand_kwh, kept=sources.kept_frac, tank_kwh=sources.store_kwh)

    def schedule(self, run: Run) -> Routed:
        """Read a run back into the sources' own order."""
        used_kwh = np.empty_like(run.used_kwh)
        np.put_along_axis(used_kwh, self.order, run.used_kwh, axis=1)
        # Demand may always be left unmet, so heat is never worth more than that costs.
        prices = np.minimum(self.prices(run), self.sources.unmet_cost_per_kwh)
        worth = np.maximum(0.0, self.kept * prices - np.roll(prices, 1))
        return Routed(
            heat_kw=used_kwh[:, :-1] / self.sources.step_h,
            unmet_kw=used_kwh[:, -1] / self.sources.step_h,
            content_kwh=run.content_kwh,
            heat_price_per_kwh=prices,
            marginal=self._marginal(used_kwh, prices),
            cost=sum_of(part_of_run(run.used_kwh, self.supply.cost_per_kwh)),
            cost_min=self.bound(prices),
            saved_per_store_kwh=float(worth.sum()),
        )

    def _marginal(self, used_kwh: FloatArray, prices: FloatArray) -> IntArray:
        """Tell who sets the price: the source that runs in part, or whose cost it is."""
        own = self.sources
        cost = np.column_stack([own.cost_per_kwh, np.full(prices.size, own.unmet_cost_per_kwh)])
        most_kwh = np.column_stack([own.heat_kw_max, own.demand_kw]) * own.step_h
        slack = FEASIBLE_FRAC * (1.0 + own.store_kwh)
        in_part = (used_kwh > slack) & (used_kwh < most_kwh - slack)
        near = np.abs(cost - prices[:, np.newaxis]) <= 1e-9 * (1.0 + np.abs(cost))
        sets = in_part | (near & (used_kwh > slack))
        return np.where(sets.any(axis=1), sets.argmax(axis=1), STORE).astype(np.int64)
