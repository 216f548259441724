"""Moist air: vapour, densities, dew point and wet-bulb temperature."""

import math

from exotherm.core.kernel import kernel
from exotherm.physics.water import saturation_pressure_pa

SEA_LEVEL_PA = 101_325.0
"""Standard atmospheric pressure."""

DRY_AIR_J_PER_KGK = 287.055
"""Gas constant of dry air."""

MOLAR_RATIO = 0.621945
"""Molar mass of water over that of dry air: ASHRAE Handbook, Fundamentals, psychrometrics."""


@kernel
def pressure_pa(altitude_m: float) -> float:
    """Give the standard pressure at an altitude: 101325 (1 - 2.25577e-5 z)^5.2559.

    ASHRAE Handbook, Fundamentals, psychrometrics, equation 3; -5000 to 11 000 m.
    """
    return float(SEA_LEVEL_PA * (1.0 - 2.25577e-5 * altitude_m) ** 5.2559)


@kernel
def vapour_pressure_pa(air_c: float, humidity_frac: float) -> float:
    """Give the partial pressure of water vapour in air.

    Relative humidity is over liquid water at all temperatures, as weather services state it; the
    Magnus form holds from -45 to 60 °C.
    """
    return humidity_frac * saturation_pressure_pa(air_c)


@kernel
def humidity_ratio(vapour_pa: float, total_pa: float) -> float:
    """Give the mass of vapour per mass of dry air, 0.622 p_v / (p - p_v)."""
    return MOLAR_RATIO * vapour_pa / (total_pa - vapour_pa)


@kernel
def dry_air_density_kg_per_m3(air_c: float, vapour_pa: float, total_pa: float) -> float:
    """Give the mass of dry air in a cubic metre of moist air, by the gas law."""
    return (total_pa - vapour_pa) / (DRY_AIR_J_PER_KGK * (air_c + 273.15))


@kernel
def air_density_kg_per_m3(air_c: float, vapour_pa: float, total_pa: float) -> float:
    """Give the mass of a cubic metre of moist air, vapour included."""
    dry = dry_air_density_kg_per_m3(air_c, vapour_pa, total_pa)
    return dry * (1.0 + humidity_ratio(vapour_pa, total_pa))


@kernel
def dew_point_c(air_c: float, humidity_frac: float) -> float:
    """Give the temperature at which air begins to condense, the Magnus form solved backwards.

    Humidity above 0 to 1. Pipes and doors in a room must stay above it.
    """
    exponent = math.log(vapour_pressure_pa(air_c, humidity_frac) / 611.2)
    return 243.12 * exponent / (17.62 - exponent)


@kernel
def wet_bulb_c(air_c: float, humidity_frac: float, total_pa: float) -> float:
    """Give the temperature to which air cools by evaporating water into it.

    The psychrometric energy balance, ((2501 - 2.326 t*) W* - 1.006 (t - t*)) / (2501 + 1.86 t -
    4.186 t*) = W with W* saturated at t*: ASHRAE Handbook, Fundamentals, psychrometrics, over
    liquid water. Halved between dew point and air temperature, to 1e-6 K. Humidity is 0.01 to 1;
    less counts as 0.01. Air of -20 to 50 °C.
    """
    humid_frac = max(humidity_frac, 0.01)
    wanted = humidity_ratio(vapour_pressure_pa(air_c, humid_frac), total_pa)
    low_c, high_c = min(air_c, dew_point_c(air_c, humid_frac)), air_c
    for _ in range(26):
        wet_c = 0.5 * (low_c + high_c)
        saturated = humidity_ratio(saturation_pressure_pa(wet_c), total_pa)
        ratio = ((2501.0 - 2.326 * wet_c) * saturated - 1.006 * (air_c - wet_c)) / (
            2501.0 + 1.86 * air_c - 4.186 * wet_c
        )
        if ratio < wanted:
            low_c = wet_c
        else:
            high_c = wet_c
    return 0.5 * (low_c + high_c)
