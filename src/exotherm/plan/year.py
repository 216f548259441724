"""The planned year: the plant with the servers and without, in quarter-hours, month by month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from exotherm.contract.outcome import Outcome, Situation, Tally, outcome, tally_of
from exotherm.contract.rate import Consumption, Rated, rate
from exotherm.contract.terms import Contract
from exotherm.core.period import Period, local_midnight, months_of
from exotherm.physics.computing import FloatArray
from exotherm.plant.build import (
    build_plant,
    initial_state,
    without_recovery,
)
from exotherm.plant.demand import Acceptance
from exotherm.plant.expose import Exposure, expose, without_servers
from exotherm.plant.parts import Plant
from exotherm.plant.simulate import Simulation, simulate
from exotherm.site.document import Site
from exotherm.site.series import Surroundings

_AMPLE_KW = 1e7
STEP = timedelta(minutes=15)
"""The step of the plan is the interval that contracts and meters count in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadYear:
    """What one load asks in a year, and how warm the water is that it asks and gives back.

    ``supply_c_max`` is the warmest water asked while there is heat to bring; ``return_c_mean`` is
    what comes back, weighted by flow as a heat meter sees it. Both are None of a pool's water,
    which takes whatever is warmer than itself, and of a load without heat.
    """

    name: str
    heat_kwh: float
    heat_kw_max: float
    supply_c_max: float | None
    return_c_mean: float | None
    is_reached: bool = True
    """whether the plant may give any of it; a network's own share is beyond it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatPumpYear:
    """What a heat pump did in a year."""

    heat_kwh: float
    power_kwh: float
    """of the compressor, without its own pumps and controls"""
    full_load_h: float
    """hours at its rated heat that would have given the same"""

    @property
    def cop(self) -> float:
        """The heat over the electricity of the whole year."""
        return self.heat_kwh / self.power_kwh


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year as it would be, and the same year with servers and customer left to themselves."""

    with_heat: Simulation
    boiler_alone: Simulation
    """the customer's boiler carries everything"""
    servers_alone: Simulation
    """the cooler rejects everything"""
    loads: tuple[LoadYear, ...]
    """what all customers ask, the pool's water first"""
    heat_pump_kw_rated: float = 0.0
    """the heat pump's rated heat; nought where there is none"""

    @property
    def period(self) -> Period:
        """The year, from local new year to local new year."""
        return self.with_heat.period

    @property
    def heat_demand_kwh(self) -> float:
        """What all customers ask."""
        return sum(load.heat_kwh for load in self.loads)

    @property
    def heat_pump(self) -> HeatPumpYear | None:
        """What the heat pump did; None where there is none or it never ran."""
        power_kw = self.with_heat.flows["heat_pump_power_kw"]
        if not power_kw.any():
            return None
        heat_kwh = self.with_heat.energy_kwh("heat_pump_kw")
        return HeatPumpYear(
            heat_kwh=heat_kwh,
            power_kwh=self.with_heat.energy_kwh("heat_pump_power_kw"),
            full_load_h=heat_kwh / self.heat_pump_kw_rated,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of the plan: what was consumed, and what the contract makes of it."""

    period: Period
    consumption: Consumption
    rated: Rated


def year_period(site: Site) -> Period:
    """Give the planned year by the site's clock."""
    following = date(site.study.year + 1, 1, 1)
    return Period(local_midnight(site.first_day, site.zone), local_midnight(following, site.zone))


def simulate_year(site: Site, surroundings: Surroundings) -> Year:
    """Run the planned year with the servers' heat, by the boiler alone, and with all rejected."""
    plant = build_plant(site)
    exposure = expose(site, surroundings, year_period(site), step=STEP)
    start = initial_state(plant)
    alone = without_servers(exposure)
    boiler_alone = simulate(plant, alone, start)
    pool: tuple[LoadYear, ...] = ()
    if site.pool is not None:
        # What a pool asks is what keeps it warm, whether its boiler can give that or not.
        enough = _has_reserve(plant, boiler_alone)
        ample = plant._replace(boiler=plant.boiler._replace(heat_kw_rated=_AMPLE_KW))
        pool = (_pool_year(boiler_alone if enough else simulate(ample, alone, start)),)
    return Year(
        with_heat=simulate(plant, exposure, start),
        boiler_alone=boiler_alone,
        servers_alone=simulate(without_recovery(plant), exposure, start),
        loads=(*pool, *_load_years(exposure)),
        heat_pump_kw_rated=site.heat_pump.heat_kw_rated if site.heat_pump else 0.0,
    )


def _has_reserve(plant: Plant, boiler_alone: Simulation) -> bool:
    return float(boiler_alone.flows["backup_kw"].max()) < plant.boiler.heat_kw_rated * (1 - 1e-9)


def _pool_year(boiler_alone: Simulation) -> LoadYear:
    """Sum what a pool's water asks: what it is given in a year without the servers' heat."""
    given_kw = boiler_alone.flows["pool_backup_kw"] + boiler_alone.flows["pool_delivered_kw"]
    return LoadYear(
        name="pool water",
        heat_kwh=float(given_kw.sum() * boiler_alone.step_h),
        heat_kw_max=float(given_kw.max()),
        supply_c_max=None,
        return_c_mean=None,
    )


def _load_years(exposure: Exposure) -> Iterator[LoadYear]:
    """Sum what each customer beside the pool's water asks."""
    conditions = exposure.conditions
    for column, name in enumerate(exposure.load_names):
        heat_kw = conditions.load_kw[:, column]
        supply_c = conditions.load_supply_c[:, column]
        return_c = conditions.load_return_c[:, column]
        flow = heat_kw / (supply_c - return_c)
        asks = bool(heat_kw.any())
        yield LoadYear(
            name=name,
            heat_kwh=float(heat_kw.sum() * exposure.step_h),
            heat_kw_max=float(heat_kw.max()),
            supply_c_max=float(supply_c[heat_kw > 0.0].max()) if asks else None,
            return_c_mean=float(np.average(return_c, weights=flow)) if asks else None,
            is_reached=bool(conditions.acceptance[column] != Acceptance.OWN_PLANT),
        )


def rate_months(contract: Contract, year: Simulation) -> tuple[Month, ...]:
    """Rate every month of a simulated year as its invoice would be, by the same ``rate()``."""
    outcomes = outcomes_of(contract, year)
    register = np.concatenate(([0.0], np.cumsum(year.flows["delivered_kw"]) * year.step_h))
    months = []
    for period in months_of(year.period, contract.zone):
        covered = period.overlap(contract.term_period)
        if covered is None:
            continue
        consumption = _consumption(year, covered, register, outcomes)
        months.append(
            Month(period=covered, consumption=consumption, rated=rate(contract, consumption))
        )
    return tuple(months)


def outcomes_of(contract: Contract, year: Simulation) -> tuple[Outcome, ...]:
    """Judge every step of a simulation as the bill would judge it if it were measured."""
    flows = year.flows
    return tuple(
        outcome(
            contract,
            Situation(
                interval=interval,
                called=bool(called),
                heated=bool(heated),
                supply_c=float(supply_c),
            ),
        ).outcome
        for interval, called, heated, supply_c in zip(
            year.period.split(timedelta(hours=year.step_h)),
            flows["called"] > 0,
            flows["delivered_kw"] > 0,
            flows["supply_c"],
            strict=True,
        )
    )


def _consumption(
    year: Simulation, period: Period, register_kwh: FloatArray, outcomes: tuple[Outcome, ...]
) -> Consumption:
    """Read a month off the register as a meter would: whole kilowatt-hours at its two edges.

    Heat below the promise is summed over its steps and rounded down to whole kilowatt-hours.
    """
    step = timedelta(hours=year.step_h)
    first = (period.start - year.period.start) // step
    last = (period.end - year.period.start) // step
    reduced_kwh = sum(
        float(register_kwh[index + 1] - register_kwh[index])
        for index in range(first, last)
        if outcomes[index] is Outcome.REDUCED
    )
    heat_kwh = Decimal(_shown(register_kwh[last]) - _shown(register_kwh[first]))
    return Consumption(
        period=period,
        heat_kwh=heat_kwh,
        reduced_heat_kwh=min(heat_kwh, Decimal(int(reduced_kwh))),
        tally=tally_of(outcomes[first:last]),
    )


def _shown(counted_kwh: float) -> int:
    """Give the digits that are full; one that lacks a millionth is, since sums are not exact."""
    return int(round(float(counted_kwh), 6))


def tally_of_months(months: tuple[Month, ...]) -> Tally:
    """Add up the outcomes of all months."""
    tallies = [month.consumption.tally for month in months]
    return Tally(
        delivered=sum(tally.delivered for tally in tallies),
        reduced=sum(tally.reduced for tally in tallies),
        failed=sum(tally.failed for tally in tallies),
        excused=sum(tally.excused for tally in tallies),
        not_measured=sum(tally.not_measured for tally in tallies),
    )
