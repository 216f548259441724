"""The planned year: the plant with the servers and without, in quarter-hours, month by month."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from exotherm.contract.outcome import Outcome, Situation, Tally, outcome, tally_of
from exotherm.contract.rate import Consumption, Rated, rate
from exotherm.contract.terms import Contract
from exotherm.core.period import Period, local_midnight, months_of
from exotherm.physics.computing import FloatArray
from exotherm.plant.build import build_plant, expose, initial_state, without_servers
from exotherm.plant.simulate import Simulation, simulate
from exotherm.site.document import Site
from exotherm.site.series import Utilisation, Weather

STEP = timedelta(minutes=15)
"""The step of the plan is the interval that contracts and meters count in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year as it would be, and the same year with servers and customer left to themselves."""

    with_heat: Simulation
    boiler_alone: Simulation
    """the customer's boiler carries everything"""
    servers_alone: Simulation
    """the dry cooler rejects everything"""

    @property
    def period(self) -> Period:
        """The year, from local new year to local new year."""
        return self.with_heat.period


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


def simulate_year(site: Site, weather: Weather, utilisation: Utilisation) -> Year:
    """Run the planned year with the servers' heat, by the boiler alone, and with all rejected."""
    plant = build_plant(site)
    exposure = expose(site, weather, utilisation, year_period(site), step=STEP)
    start = initial_state(plant)
    return Year(
        with_heat=simulate(plant, exposure, start),
        boiler_alone=simulate(plant, without_servers(exposure), start),
        servers_alone=simulate(plant._replace(delivery_kw_per_k=0.0), exposure, start),
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
