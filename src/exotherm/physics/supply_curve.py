"""How warm water must be: radiators by the weather, heat networks by their operator's curve."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Radiators:
    """Radiators by their design point: 75/65/20 in EN 442, 70/55/20 or lower in later houses."""

    supply_c_design: float
    return_c_design: float
    room_c: float = 20.0
    exponent: float = 1.3
    """by which their heat rises with the excess temperature; 1.3 radiators, 1.1 floors"""

    def __post_init__(self) -> None:
        assert self.supply_c_design > self.return_c_design > self.room_c


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterTemperatures:
    """The temperatures of supply and return water, in °C, in the shape of what was asked."""

    supply_c: FloatArray
    return_c: FloatArray


def load_share(outdoor_c: FloatArray, *, balance_c: float, design_c: float) -> FloatArray:
    """Give the share of the design heat that a building needs, straight in the outdoor air."""
    return np.clip((balance_c - outdoor_c) / (balance_c - design_c), 0.0, 1.0)


def radiator_water(share: FloatArray, radiators: Radiators) -> WaterTemperatures:
    """Give the water temperatures at which radiators just give a share of their design heat.

    At constant flow the spread falls with the share s; the logarithmic mean excess over the room
    falls with s^(1/n) (EN 442: heat goes with the excess to the power n). Both together give

        x = e^(s spread / (excess s^(1/n))),  supply = room + s spread x / (x - 1)

    Without load the water is at room temperature.
    """
    spread_k = radiators.supply_c_design - radiators.return_c_design
    hot_k = radiators.supply_c_design - radiators.room_c
    cold_k = radiators.return_c_design - radiators.room_c
    excess_k = spread_k / np.log(hot_k / cold_k)
    safe = np.maximum(share, 1e-9)
    ratio = np.exp(safe ** (1.0 - 1.0 / radiators.exponent) * spread_k / excess_k)
    return_k = np.where(share > 0.0, safe * spread_k / (ratio - 1.0), 0.0)
    return WaterTemperatures(
        supply_c=np.asarray(radiators.room_c + return_k + share * spread_k, dtype=np.float64),
        return_c=np.asarray(radiators.room_c + return_k, dtype=np.float64),
    )


LEAST_SHARE = 0.1
"""Share of the design heat below which a heating curve stays at its foot: expert value."""


def heating_curve(share: FloatArray, radiators: Radiators) -> WaterTemperatures:
    """Give the water of a heating circuit by the weather: as radiators need it, within limits.

    Warmer than at the design point it never is, nor cooler than at a tenth of the design heat,
    so supply stays above return. What is asked beyond passes by a larger flow.
    """
    return radiator_water(np.clip(share, LEAST_SHARE, 1.0), radiators)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkCurve:
    """How warm a heat network runs: warmer by ``slope`` kelvin per kelvin of cold below a knee."""

    supply_c_min: float
    supply_c_max: float
    knee_c: float
    slope: float
    return_c: float


THIRD_GENERATION = NetworkCurve(
    supply_c_min=75.0, supply_c_max=105.0, knee_c=5.0, slope=1.5, return_c=45.0
)
"""80 to 110 °C supply and 40 to 60 °C return: 75 °C above +5 °C, 97.5 °C at -10, 105 °C at -15"""

FOURTH_GENERATION = NetworkCurve(
    supply_c_min=65.0, supply_c_max=70.0, knee_c=0.0, slope=1.0, return_c=35.0
)
"""50 to 70 °C supply and 25 to 40 °C return: 65 °C, rising to 70 °C between 0 and -5 °C"""


def network_supply_c(outdoor_c: FloatArray, curve: NetworkCurve) -> FloatArray:
    """Give a heat network's supply: min + slope (knee - outdoor), between its two limits."""
    wanted_c = curve.supply_c_min + curve.slope * (curve.knee_c - outdoor_c)
    return np.clip(wanted_c, curve.supply_c_min, curve.supply_c_max)
