"""The planned year: the plant with the servers and without, in quarter-hours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from exotherm.core.period import Period, local_midnight
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
STEP_H = STEP / timedelta(hours=1)


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
    outdoor_c: FloatArray
    """outdoor temperature of every step"""
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
        outdoor_c=exposure.conditions.outdoor_c,
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
