"""A heat network laid on the hours of its year."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from exotherm.physics.computing import FloatArray, linear_power_kw
from exotherm.physics.load_profile import LoadProfile
from exotherm.physics.supply_curve import NetworkCurve, network_supply_c
from exotherm.plant.demand.year import Year, is_closed, year_at
from exotherm.plant.heat_network.demand import Demand, demand_of
from exotherm.plant.heat_network.pipes import Pipes, lay_pipes
from exotherm.site.heat_network import DataCentre, HeatNetwork, HeatPlant
from exotherm.site.series import Utilisation, Weather


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkInputs:
    """What a network asks for beside its file.

    ``utilisations`` are those of the data centres that name a file, by the name of the file.
    """

    weather: Weather
    utilisations: Mapping[str, Utilisation]
    load_profiles: Mapping[str, LoadProfile]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Laid:
    """A network laid on the hours of its year: all that does not depend on who heats it."""

    network: HeatNetwork
    year: Year
    pipes: Pipes
    demand: Demand
    supply_c: FloatArray
    electricity_per_kwh: FloatArray
    coolant_kw: tuple[FloatArray, ...]
    """heat in the coolant of each data centre"""
    plant_kw: tuple[FloatArray, ...]
    """most heat of each other plant"""
    paid_per_kwh: Mapping[str, FloatArray] = field(default_factory=dict)
    """what the network pays a data centre for heat, by its name, where that decides who feeds in"""

    @property
    def sources(self) -> tuple[DataCentre | HeatPlant, ...]:
        """All sources, the data centres first."""
        return (*self.network.data_centres, *self.network.plants)

    def price_of(self, centre: DataCentre) -> FloatArray:
        """Give what a data centre's electricity costs in every hour."""
        if centre.electricity_per_kwh is None:
            return self.electricity_per_kwh
        swing = self.electricity_per_kwh - self.network.prices.electricity_per_kwh
        return np.asarray(centre.electricity_per_kwh + swing, dtype=np.float64)

    def with_feed(self, name: str, feed: str) -> "Laid":
        """Give the same network with one data centre feeding elsewhere."""
        centres = tuple(
            centre.model_copy(update={"feed": feed}) if centre.name == name else centre
            for centre in self.network.data_centres
        )
        return replace(self, network=self.network.model_copy(update={"data_centres": centres}))


def feeds_return(source: DataCentre | HeatPlant) -> bool:
    """Tell whether a source warms the return; all others feed the supply."""
    return isinstance(source, DataCentre) and source.feed == "return"


def lay_network(network: HeatNetwork, inputs: NetworkInputs) -> Laid:
    """Lay a checked network on the hours of its year."""
    outdoor_c, southern = inputs.weather.outdoor_c, network.network.is_southern
    year = year_at(network.zone, network.study.year, outdoor_c, southern=southern)
    reference = year_at(
        network.zone,
        network.study.year,
        outdoor_c - network.weather.warming_k,
        southern=southern,
    )
    prices = network.prices
    by_hour = np.cos(2.0 * np.pi * (year.hour - 18) / 24.0)
    return Laid(
        network=network,
        year=year,
        pipes=lay_pipes(network),
        demand=demand_of(network, inputs.load_profiles, year, reference),
        supply_c=network_supply_c(year.outdoor_c, _curve(network)),
        electricity_per_kwh=prices.electricity_per_kwh + prices.electricity_swing_per_kwh * by_hour,
        coolant_kw=tuple(_coolant_kw(one, inputs, year) for one in network.data_centres),
        plant_kw=tuple(
            np.where(is_closed(one.closed, year), 0.0, one.heat_kw_rated) for one in network.plants
        ),
    )


def _curve(network: HeatNetwork) -> NetworkCurve:
    water = network.water
    return NetworkCurve(
        supply_c_min=water.supply_c_min,
        supply_c_max=water.supply_c_max,
        knee_c=water.knee_c,
        slope=water.slope,
        return_c=water.return_c,
    )


def _coolant_kw(centre: DataCentre, inputs: NetworkInputs, year: Year) -> FloatArray:
    """Give the heat in a data centre's coolant, by how busy its servers are."""
    if centre.utilisation_file is None:
        busy = np.full(year.hour.size, centre.utilisation_frac)
    else:
        busy = np.resize(
            inputs.utilisations[centre.utilisation_file].utilisation_frac, year.hour.size
        )
    return linear_power_kw(busy, power_kw_rated=centre.heat_kw_rated, idle_frac=centre.idle_frac)
