"""How the service does when things come otherwise: years of the real plant, each simulated whole.

Less work for the servers, work that comes and goes, a customer who needs less, a cold year, and the
hours in which the customer's own heat runs beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

import numpy as np

from exotherm.contract.rate import availability
from exotherm.contract.series import BoolArray
from exotherm.contract.terms import Contract
from exotherm.core.units import format_number, format_quantity
from exotherm.plan.changes import with_demand, with_utilisation
from exotherm.plan.many_years import draw_year
from exotherm.plan.proposal_served import Served, Watch
from exotherm.plan.rating import intervals_of_year, rate_known, tally_of_months
from exotherm.plan.risk_ranges import RiskFactor, ranges_of
from exotherm.plan.year import Year, simulate_year, year_period
from exotherm.site.document import Site
from exotherm.site.series import HOURS_OF_YEAR, Surroundings, Weather

COLD_YEARS = 20
"""years of which the coldest is taken"""
SPELL_H = 48
"""hours of work, and hours without, where work comes and goes"""
_HEATING_C = 15.0
_SEED = 1


class Scenario(StrEnum):
    """What comes otherwise, in the words of the table."""

    USUAL = "usual year"
    LESS_WORK = "servers less busy"
    CHANGING_WORK = "work comes and goes"
    LESS_DEMAND = "customer needs less"
    COLD = "cold year"
    OWN_HEAT = "usual year, hours with own heat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A scenario, what was assumed in it, and what the customer gets."""

    scenario: Scenario
    assumed: str
    wanted_kwh: float
    served: Served
    available_frac: Decimal | None
    """by the contract, over the year; None where no quarter-hour counts or only hours are told"""

    @property
    def service_frac(self) -> float:
        """The share of what the customer gets that comes from the service."""
        given_kwh = self.served.given_kwh
        return self.served.service_kwh / given_kwh if given_kwh else 0.0

    def keeps(self, promised_frac: Decimal) -> bool:
        """Tell whether the year is as available as promised; one that is not judged is not."""
        return self.available_frac is not None and self.available_frac >= promised_frac


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenarios:
    """All that were tried, and why one was not."""

    tried: tuple[Tried, ...]
    left_out: tuple[str, ...]

    @property
    def usual(self) -> Tried:
        """The usual year."""
        return self.tried[0]

    @property
    def years(self) -> tuple[Tried, ...]:
        """Those that are whole years, not hours of one."""
        return tuple(one for one in self.tried if one.scenario is not Scenario.OWN_HEAT)

    @property
    def warm(self) -> tuple[Tried, ...]:
        """The years in which the customer lacks no heat."""
        return tuple(one for one in self.years if one.served.is_warm)


def try_scenarios(
    site: Site, contract: Contract, surroundings: Surroundings, usual: Year
) -> Scenarios:
    """Simulate every scenario of a site; ``usual`` is its planned year, simulated already."""
    tried = [_tried(Scenario.USUAL, "as planned", site, contract, usual)]
    for scenario, assumed, changed, lived in _years(site, surroundings):
        year = simulate_year(changed, lived)
        tried.append(_tried(scenario, assumed, changed, contract, year))
    beside = _beside(site, contract, usual)
    if beside is not None:
        tried.append(beside)
    return Scenarios(tried=tuple(tried), left_out=tuple(_left_out(site, beside)))


def _years(
    site: Site, surroundings: Surroundings
) -> Iterator[tuple[Scenario, str, Site, Surroundings]]:
    """Give each scenario with what is assumed, and the site and surroundings that it changes."""
    ranges = ranges_of(site, surroundings)
    busy, asked = ranges[RiskFactor.UTILISATION].low, ranges[RiskFactor.DEMAND].low
    words = f"work at {_percent(busy)} of the plan, which one year in ten is below"
    yield Scenario.LESS_WORK, words, site, with_utilisation(surroundings, busy)
    words = f"{SPELL_H} hours of work and {SPELL_H} without in turn, as much in all as planned"
    yield Scenario.CHANGING_WORK, words, site, with_spells(surroundings)
    words = f"heat at {_percent(asked)} of the plan, which one year in ten is below"
    yield Scenario.LESS_DEMAND, words, *with_demand(site, surroundings, asked)
    if site.spread.month_k > 0.0:
        cold = coldest_of(site, surroundings)
        more = degree_hours(cold) / max(1.0, degree_hours(surroundings.weather))
        words = (
            f"the coldest of {COLD_YEARS} drawn years: {_percent(more - 1.0)} more degree-hours "
            f"below {format_quantity('heating_c', _HEATING_C, decimals=0)}"
        )
        yield Scenario.COLD, words, with_cold(site, more), replace(surroundings, weather=cold)


def with_cold(site: Site, more: float) -> Site:
    """Give the same site with heat that is stated for a usual year multiplied for a cold one.

    What is stated for a year is spread over it by the weather, so colder air alone would not change
    it; a building whose loss is stated feels the air by itself. A network's own figure is
    multiplied whole, hot water and losses too: the cautious end.
    """
    changes: dict[str, object] = {
        "buildings": tuple(
            one
            if one.loss_w_per_k is not None
            else one.model_copy(update={"space_heat_kwh_per_m2": more * one.space_heat_kwh_per_m2})
            for one in site.buildings
        )
    }
    if site.network is not None:
        heat = {"heat_kwh": more * site.network.heat_kwh}
        changes["network"] = site.network.model_copy(update=heat)
    return site.model_copy(update=changes)


def _left_out(site: Site, beside: Tried | None) -> Iterator[str]:
    if site.spread.month_k <= 0.0:
        yield "No cold year was tried: by `spread.month_k` of the site file all years are alike."
    if site.measured:
        yield "In the cold year, heat that was measured stays as it was measured."
    if site.pool is not None:
        yield "A pool stands in a hall of steady air: a cold year does not change what it needs."
    if beside is None:
        yield "The customer's own heat does not run in the usual year, so nothing is told of it."


def with_spells(surroundings: Surroundings) -> Surroundings:
    """Give the same surroundings with work in spells, as much in all as before."""
    own = surroundings.utilisation
    mean = float(own.utilisation_frac.mean())
    busy = min(1.0, 2.0 * mean)
    spells = np.concatenate([np.full(SPELL_H, busy), np.full(SPELL_H, 2.0 * mean - busy)])
    return replace(surroundings, utilisation=replace(own, utilisation_frac=spells))


def coldest_of(site: Site, surroundings: Surroundings) -> Weather:
    """Draw years as for `contract bankable`, and give the weather with most degree-hours."""
    period = year_period(site)
    drawn = (
        draw_year(site, surroundings, period, seed=_SEED, number=number).surroundings.weather
        for number in range(COLD_YEARS)
    )
    return max(drawn, key=degree_hours)


def degree_hours(weather: Weather) -> float:
    """Sum by how much the hours of a year are colder than the air from which one heats."""
    assert weather.outdoor_c.size == HOURS_OF_YEAR
    return float(np.maximum(0.0, _HEATING_C - weather.outdoor_c).sum())


def _tried(scenario: Scenario, assumed: str, site: Site, contract: Contract, year: Year) -> Tried:
    watch = watch_of(site, contract, year)
    lived = year.with_heat
    months = rate_known(contract, year, watch.intervals)
    every = np.ones(lived.flows["it_kw"].size, dtype=np.bool_)
    return Tried(
        scenario=scenario,
        assumed=assumed,
        wanted_kwh=year.heat_demand_kwh,
        served=watch.read(lived, every, watch.judge(lived)),
        available_frac=availability(contract, tally_of_months(months)),
    )


def watch_of(site: Site, contract: Contract, year: Year) -> Watch:
    """Watch a simulated year of a site under its contract."""
    return Watch(
        site=site,
        contract=contract,
        intervals=intervals_of_year(contract, year.period, outdoor_c=year.outdoor_c),
        outdoor_c=year.outdoor_c,
    )


def _beside(site: Site, contract: Contract, usual: Year) -> Tried | None:
    """Tell of the hours of the usual year in which the customer's own heat runs as well."""
    lived = usual.with_heat
    steps: BoolArray = lived.flows["backup_kw"] > 0.0
    if not steps.any():
        return None
    watch = watch_of(site, contract, usual)
    served = watch.read(lived, steps, watch.judge(lived))
    hours = format_quantity("hours_h", served.hours, decimals=0)
    return Tried(
        scenario=Scenario.OWN_HEAT,
        assumed=f"the {hours} of the usual year in which it runs; it sets in {_times(served)}",
        wanted_kwh=served.given_kwh + served.short_kwh,
        served=served,
        available_frac=None,
    )


def _times(served: Served) -> str:
    return "once" if served.own_starts == 1 else f"{format_number(served.own_starts, 0)} times"


def _percent(frac: float) -> str:
    return format_quantity("_frac", frac, decimals=0)
