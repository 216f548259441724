"""What a year of a plant brings: simulated, rated by its contract, and summed for the cash."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from exotherm.contract.series import Intervals
from exotherm.contract.terms import Contract
from exotherm.plan.cash import Operation
from exotherm.plan.changes import with_servers
from exotherm.plan.rating import Month, intervals_of_year, rate_known
from exotherm.plan.year import Year, simulate_year
from exotherm.plant.simulate import Simulation
from exotherm.site.document import Site
from exotherm.site.series import Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class Rater:
    """A contract in the weather of one year, which rates any plant of a site in that year.

    ``intervals`` are what the calendar says of its quarter-hours, asked for once.
    """

    contract: Contract
    surroundings: Surroundings
    intervals: Intervals

    def months_of(self, year: Year) -> tuple[Month, ...]:
        """Rate every month of a year as its invoice would be."""
        return rate_known(self.contract, year, self.intervals)

    def operation_of(self, site: Site, year: Year, months: tuple[Month, ...]) -> Operation:
        """Sum a year that was simulated and rated, with the years before all servers are there."""
        return replace(
            _operation(site, self.contract, year, months),
            first_years=tuple(self._first_years(site)),
        )

    def operation(self, site: Site) -> Operation:
        """Simulate and rate the year of a site, and the years before all servers are there."""
        return replace(self._one_year(site), first_years=tuple(self._first_years(site)))

    def _first_years(self, site: Site) -> Iterator[Operation]:
        lived: dict[float, Operation] = {}
        for share in site.computing.filled_frac:
            if share not in lived:
                lived[share] = self._one_year(with_servers(site, share))
            yield lived[share]

    def _one_year(self, site: Site) -> Operation:
        year = simulate_year(site, self.surroundings)
        return _operation(site, self.contract, year, self.months_of(year))


def rater_of(contract: Contract, surroundings: Surroundings, year: Year) -> Rater:
    """Ask the calendar what it says of a simulated year, in its weather."""
    intervals = intervals_of_year(contract, year.period, outdoor_c=year.outdoor_c)
    return Rater(contract=contract, surroundings=surroundings, intervals=intervals)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearKwh:
    """What the money of a steady year goes by, in kWh."""

    delivered: float
    auxiliary: float
    cooling_saved: float
    """what the cooler would draw more if all were rejected"""
    fuel: float
    fuel_alone: float
    """what the customer's boiler would burn by itself"""


def summed(site: Site, contract: Contract, kwh: YearKwh, months: tuple[Month, ...]) -> Operation:
    """Give the steady year that a year's energies and its rated months are."""
    price = site.economics.fuel_per_kwh
    return Operation(
        heat_delivered_kwh=kwh.delivered,
        auxiliary_kwh=kwh.auxiliary,
        cooling_saved_kwh=kwh.cooling_saved,
        heat_revenue=float(sum(month.rated.net_amount for month in months)),
        is_indexed="indexation" in contract.composition.order,
        fuel_saved=(kwh.fuel_alone - kwh.fuel) * price,
        fuel_alone=kwh.fuel_alone * price,
        boiler_efficiency_frac=site.boiler.efficiency_frac,
    )


_RESTS_FRAC = 0.01
"""of the planned electricity that a plant draws less where its heat pump rests now and then"""


def rests(operation: Operation, planned: Operation) -> bool:
    """Whether a heat pump rests that runs as planned."""
    return operation.auxiliary_kwh < (1.0 - _RESTS_FRAC) * planned.auxiliary_kwh


def _operation(site: Site, contract: Contract, year: Year, months: tuple[Month, ...]) -> Operation:
    with_heat = year.with_heat
    kwh = YearKwh(
        delivered=with_heat.energy_kwh("delivered_kw"),
        auxiliary=with_heat.energy_kwh("auxiliary_kw"),
        cooling_saved=_cooling_kwh(year.servers_alone) - _cooling_kwh(with_heat),
        fuel=with_heat.energy_kwh("fuel_kw"),
        fuel_alone=year.boiler_alone.energy_kwh("fuel_kw"),
    )
    return summed(site, contract, kwh, months)


def _cooling_kwh(simulation: Simulation) -> float:
    return simulation.energy_kwh("fan_kw") + simulation.energy_kwh("chiller_kw")
