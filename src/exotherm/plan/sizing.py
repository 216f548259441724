"""How large servers, heat pump, store and exchanger should be, by the whole plant and its contract.

Every size that is tried is a year simulated and rated and its cash; nothing is fitted in between.
A grid of heat pump and store shows the surface, then all sizes are moved in ever smaller steps from
its best point, until no step gains. So the best found is one of the points tried, and a better one
further off that no single step leads to is not excluded; the surface shows whether that is likely.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from exotherm.contract.case import Case
from exotherm.contract.check_reach import REACH_CHECKS
from exotherm.contract.outcome import table_of
from exotherm.contract.terms import Contract
from exotherm.core.documents import Source
from exotherm.core.findings import Severity
from exotherm.plan.cash import Operation, rates_of
from exotherm.plan.finance import finance_of, hosting_flows, npv_of
from exotherm.plan.operation import rater_of
from exotherm.plan.own_heat import customer_cash
from exotherm.plan.sized import PARTS, Part, sized
from exotherm.plan.year import simulate_year
from exotherm.site.document import Site, points_of
from exotherm.site.economics import Economics
from exotherm.site.limits import Limits
from exotherm.site.series import Surroundings


class Objective(StrEnum):
    """For whom the best is sought."""

    OPERATOR = "operator"
    BOTH = "both"


GRID = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
"""multiples of the present size that the surface shows"""
_STEPS = (1.5, 1.25, 1.1)
_SHARE_MIN, _SHARE_MAX = 1.0 / 8.0, 8.0
_ROUNDS_MAX = 12
_SLOPE_FRAC = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A plant that was tried: its sizes as multiples of the present ones, and what it comes to."""

    shares: tuple[float, ...]
    """by the order of ``PARTS``"""
    sizes: tuple[float | None, ...]
    """in each part's own unit; None of a part that is not there"""
    npv: float
    """to the operator, servers included where the site says what they bring"""
    customer_npv: float
    investment: float
    power_kw_max: float
    displaced_frac: float
    broken: tuple[str, ...]
    """what it breaks: fields of ``[limits]``, or of what the contract promises"""

    def worth(self, objective: Objective) -> float:
        """Give the present value that is sought."""
        return self.npv + (self.customer_npv if objective is Objective.BOTH else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A part whose best size is the last that could be tried in a direction."""

    part: Part
    is_smallest: bool
    """whether smaller would have been next, else larger"""
    broken: tuple[str, ...]
    """what the next size breaks, though it is worth more; none where none was tried"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """The best sizes found, and all that was tried on the way."""

    objective: Objective
    parts: tuple[Part, ...]
    """those that are there and whose price goes by their size"""
    fixed: tuple[Part, ...]
    """those whose price does not go by their size, so that they stay as they are"""
    now: Tried
    best: Tried | None
    """None where nothing that was tried keeps the limits"""
    slopes: tuple[tuple[Part, float | None], ...]
    """what another unit of each part would add to the present value at the best sizes"""
    surface: tuple[Tried, ...]
    """heat pump by store, or one of them, at the present size of the rest"""
    tried: tuple[Tried, ...]
    backup_kw: float
    """what the customers' own plant has to give at its most, alone, at any of these sizes"""
    edges: tuple[Edge, ...]
    """where the best stands at a limit, or at an end of what was tried"""

    @property
    def front(self) -> tuple[Tried, ...]:
        """Those that no other beats in both investment and present value, the cheapest first."""
        kept: list[Tried] = []
        for one in sorted(self.tried, key=lambda one: (one.investment, -one.worth(self.objective))):
            best = kept[-1].worth(self.objective) if kept else -np.inf
            if not one.broken and one.worth(self.objective) > best:
                kept.append(one)
        return tuple(kept)


def size_plant(
    site: Site,
    contract: Contract,
    surroundings: Surroundings,
    *,
    objective: Objective = Objective.BOTH,
    threads: int = 1,
    on_tried: Callable[[int], None] = lambda _: None,
) -> Sizing:
    """Seek the sizes that are worth most within the site's limits, and keep the promise.

    ``on_tried`` hears after each batch how many plants were tried; what it raises ends the search.
    """
    desk = _Desk(site, contract, surroundings, objective, threads, on_tried)
    return desk.search()


class _Desk:
    """A site laid out to be tried in other sizes."""

    def __init__(
        self,
        site: Site,
        contract: Contract,
        surroundings: Surroundings,
        objective: Objective,
        threads: int,
        on_tried: Callable[[int], None],
    ) -> None:
        self._site, self._contract, self._surroundings = site, contract, surroundings
        self._objective, self._threads, self._on_tried = objective, threads, on_tried
        self._tried: dict[tuple[float, ...], Tried] = {}
        year = simulate_year(site, surroundings)
        self._backup_kw = float(year.boiler_alone.flows["backup_kw"].max())
        # Made once, before threads ask for it; weather and calendar are the same for all sizes.
        assert table_of(contract).judgements
        self._rater = rater_of(contract, surroundings, year)
        there = _there(site)
        priced = {item.sized_by for item in site.economics.investment}
        self._parts = tuple(part for part in there if str(part) in priced)
        self._fixed = tuple(part for part in there if str(part) not in priced)
        self._promises_broken = frozenset(_promises_broken(contract, site))

    def search(self) -> Sizing:
        """Try the surface, then move the best of it in ever smaller steps."""
        present = (1.0,) * len(PARTS)
        surface = self._try_all([present, *self._grid()])
        best = self._best(surface)
        for step in _STEPS:
            for _ in range(_ROUNDS_MAX):
                if best is None:
                    break
                near = self._try_all(list(self._around(best.shares, step)))
                better = self._best([best, *near])
                if better is None or better.worth(self._objective) <= best.worth(self._objective):
                    break
                best = better
        slopes = () if best is None else tuple(self._slopes(best))
        return Sizing(
            objective=self._objective,
            parts=self._parts,
            fixed=self._fixed,
            now=surface[0],
            best=best,
            slopes=slopes,
            surface=tuple(surface[1:]),
            tried=tuple(self._tried.values()),
            backup_kw=self._backup_kw,
            edges=() if best is None else tuple(self._edges(best)),
        )

    def _grid(self) -> Iterator[tuple[float, ...]]:
        """Give heat pump by store, as far as they have a price by size."""
        pumps, stores = (
            GRID if part in self._parts else (1.0,) for part in (Part.HEAT_PUMP, Part.STORE)
        )
        for pump in pumps:
            for store in stores:
                yield _with(_with((1.0,) * len(PARTS), Part.HEAT_PUMP, pump), Part.STORE, store)

    def _around(self, shares: tuple[float, ...], step: float) -> Iterator[tuple[float, ...]]:
        for part in self._parts:
            for factor in (step, 1.0 / step):
                share = round(shares[PARTS.index(part)] * factor, 6)
                if _SHARE_MIN <= share <= _SHARE_MAX:
                    yield _with(shares, part, share)

    def _best(self, tried: Sequence[Tried]) -> Tried | None:
        kept = [one for one in tried if not one.broken]
        return max(kept, key=lambda one: one.worth(self._objective), default=None)

    def _slopes(self, best: Tried) -> Iterator[tuple[Part, float | None]]:
        """Give what another unit of each part adds, limits aside, as a difference upwards."""
        more = [
            _with(best.shares, part, best.shares[PARTS.index(part)] * (1.0 + _SLOPE_FRAC))
            for part in self._parts
        ]
        for part, larger in zip(self._parts, self._try_all(more), strict=True):
            size, before = (one.sizes[PARTS.index(part)] for one in (larger, best))
            assert size is not None
            assert before is not None
            gained = larger.worth(self._objective) - best.worth(self._objective)
            yield part, gained / (size - before)

    def _edges(self, best: Tried) -> Iterator[Edge]:
        """Give where another step is out of what is tried, or would gain but breaks something."""
        for part in self._parts:
            share = best.shares[PARTS.index(part)]
            for factor in (1.0 / _STEPS[-1], _STEPS[-1]):
                following = round(share * factor, 6)
                near = self._tried.get(_with(best.shares, part, following))
                is_end = not _SHARE_MIN <= following <= _SHARE_MAX
                is_held = (
                    near is not None
                    and bool(near.broken)
                    and near.worth(self._objective) > best.worth(self._objective)
                )
                if is_end or is_held:
                    broken = () if is_end or near is None else near.broken
                    yield Edge(part=part, is_smallest=factor < 1.0, broken=broken)

    def _try_all(self, wanted: Sequence[tuple[float, ...]]) -> list[Tried]:
        new = [shares for shares in dict.fromkeys(wanted) if shares not in self._tried]
        with ThreadPoolExecutor(self._threads) as threads:
            for shares, tried in zip(new, threads.map(self._try, new), strict=True):
                self._tried[shares] = tried
                self._on_tried(len(self._tried))
        return [self._tried[shares] for shares in wanted]

    def _try(self, shares: tuple[float, ...]) -> Tried:
        site = sized(self._site, shares)
        year = simulate_year(site, self._surroundings)
        operation = self._rater.operation_of(site, year, self._rater.months_of(year))
        economics = site.economics
        invested = sum(item.amount for item in economics.investment)
        lived = year.with_heat
        power_kw = lived.flows["site_kw"] + lived.flows["auxiliary_kw"]
        displaced_kwh = year.boiler_alone.energy_kwh("backup_kw") - lived.energy_kwh("backup_kw")
        tried = Tried(
            shares=shares,
            sizes=_sizes(site),
            npv=finance_of(economics, operation).npv + _hosting_npv(site),
            customer_npv=_customer_npv(economics, operation),
            investment=invested,
            power_kw_max=float(power_kw.max()),
            displaced_frac=displaced_kwh / year.heat_demand_kwh if year.heat_demand_kwh else 0.0,
            broken=(),
        )
        promises = set(_promises_broken(self._contract, site)) - self._promises_broken
        return replace(tried, broken=(*_broken(site.limits, tried), *sorted(promises)))


def _there(site: Site) -> tuple[Part, ...]:
    missing = {
        Part.HEAT_PUMP: site.heat_pump is None,
        Part.EXCHANGER: site.exchanger is None,
        # Without what a kilowatt of servers costs, more of them would always be better.
        Part.SERVERS: site.economics.hosting is None,
    }
    return tuple(part for part in PARTS if not missing.get(part, False))


def _with(shares: tuple[float, ...], part: Part, share: float) -> tuple[float, ...]:
    at = PARTS.index(part)
    return (*shares[:at], share, *shares[at + 1 :])


def _sizes(site: Site) -> tuple[float | None, ...]:
    pump, exchanger = site.heat_pump, site.exchanger
    return (
        site.computing.power_kw_rated,
        None if pump is None else pump.heat_kw_rated,
        site.buffer.volume_m3,
        None if exchanger is None else exchanger.ua_kw_per_k,
    )


def _hosting_npv(site: Site) -> float:
    """Give what the servers themselves are worth, where the site says what they cost and bring."""
    if site.economics.hosting is None:
        return 0.0
    mine, _ = rates_of(site.economics)
    return npv_of(mine, hosting_flows(site.economics, site.computing.power_kw_rated))


def _customer_npv(economics: Economics, operation: Operation) -> float:
    _, other = rates_of(economics)
    return npv_of(other, customer_cash(economics, operation))


def _broken(limits: Limits, tried: Tried) -> Iterator[str]:
    servers_kw, pump_kw, store_m3, _ = tried.sizes
    assert store_m3 is not None
    if 1000.0 * store_m3 < limits.store_l_per_kw_min * (pump_kw or 0.0) * (1.0 - 1e-9):
        yield "store_l_per_kw_min"
    reached = {
        "store_m3_max": store_m3,
        "power_kw_max": tried.power_kw_max,
        "servers_kw_max": servers_kw,
        "investment_amount_max": tried.investment,
    }
    for name, value in reached.items():
        limit = getattr(limits, name)
        if limit is not None and value is not None and value > limit * (1.0 + 1e-9):
            yield name


def _promises_broken(contract: Contract, site: Site) -> Iterator[str]:
    """Name what the contract promises and a plant of these sizes could not give."""
    source = Source(file="contract.toml", text="")
    case = Case(contract=contract, site=site, points=points_of(site), source=source)
    for check in REACH_CHECKS:
        for finding in check(case):
            if finding.severity is Severity.ERROR and finding.where.path:
                yield finding.where.path
