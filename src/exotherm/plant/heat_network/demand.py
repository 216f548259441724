"""What the buildings of a heat network take in every hour of a year, and how warm they need it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from exotherm.physics.computing import FloatArray
from exotherm.physics.load_profile import LoadProfile
from exotherm.plant.demand.loads import building_loads
from exotherm.plant.demand.year import Year
from exotherm.site.heat_network import Connected, HeatNetwork


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demand:
    """What buildings take: arrays (hours, buildings), and the return of each (buildings,).

    ``asked_c`` is how warm the network has to be at the building, its station's loss in it.
    """

    heat_kw: FloatArray
    asked_c: FloatArray
    return_c: FloatArray


def demand_of(
    network: HeatNetwork, profiles: Mapping[str, LoadProfile], year: Year, reference: Year
) -> Demand:
    """Give what all buildings take in a year; ``reference`` is the climate their heat is of."""
    taken = [_of(building, profiles, year, reference) for building in network.buildings]
    return Demand(
        heat_kw=np.ascontiguousarray(np.column_stack([heat_kw for heat_kw, _ in taken])),
        asked_c=np.column_stack([asked_c for _, asked_c in taken]),
        return_c=np.array(
            [
                network.water.return_c if building.return_c is None else building.return_c
                for building in network.buildings
            ]
        ),
    )


def _of(
    building: Connected, profiles: Mapping[str, LoadProfile], year: Year, reference: Year
) -> tuple[FloatArray, FloatArray]:
    heat_kw = np.zeros_like(year.outdoor_c)
    asked_c = np.zeros_like(year.outdoor_c)
    for load in building_loads(building, profiles, year, reference):
        heat_kw += load.heat_kw
        asked_c = np.maximum(asked_c, np.where(load.heat_kw > 0.0, load.supply_c, 0.0))
    return heat_kw, asked_c + np.where(heat_kw > 0.0, building.station_k, 0.0)
