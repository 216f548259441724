"""A pool hall's air: how much of it carries the moisture off, and the heat that this takes."""

import numpy as np

from exotherm.core.kernel import kernel
from exotherm.physics.computing import FloatArray
from exotherm.physics.moist_air import SEA_LEVEL_PA, humidity_ratio, vapour_pressure_pa

LEAST_FRESH_AIR_L_PER_S_M2 = 2.4
"""Outdoor air per m² of pool and deck while people are there: ASHRAE 62.1, 0.48 cfm per square
foot, as reported."""


@kernel
def drying_air_kgs(
    evaporated_kgs: float, hall_ratio: float, outdoor_ratio: float, air_kgs_max: float
) -> float:
    """Give the dry outdoor air that carries evaporated water off: m / (x_hall - x_outdoor).

    Humidity ratios in kg per kg of dry air: VDI 2089. At most ``air_kgs_max``, which also stands
    where the air outdoors holds as much water as the hall's: then the hall gets more humid.
    """
    if evaporated_kgs <= 0.0:
        return 0.0
    taken_up = hall_ratio - outdoor_ratio
    if evaporated_kgs >= air_kgs_max * taken_up:
        return air_kgs_max
    return evaporated_kgs / taken_up


@kernel
def fresh_air_kgs(wet_area_m2: float, l_per_s_m2: float, dry_density_kg_per_m3: float) -> float:
    """Give the dry air mass flow of a fresh-air rate in litres per second and m² of wet area."""
    return wet_area_m2 * l_per_s_m2 / 1000.0 * dry_density_kg_per_m3


@kernel
def ventilation_kw(
    air_kgs: float, hall_c: float, outdoor_c: float, outdoor_ratio: float, recovery_frac: float
) -> float:
    """Give the heat that warms outdoor air to the hall's temperature, never less than nought.

    m (1.006 + 1.86 x)(t_hall - t_outdoor)(1 - η) with m in dry air, ASHRAE Handbook Fundamentals.
    ``recovery_frac`` is the temperature efficiency of the heat recovery, 0.6 to 0.8 (expert
    value, verify). The moisture's latent heat was paid for by the water it left.
    """
    kj_per_kgk = 1.006 + 1.86 * outdoor_ratio
    return max(0.0, air_kgs * kj_per_kgk * (hall_c - outdoor_c) * (1.0 - recovery_frac))


@kernel
def hall_air_kw(
    outdoor_c: FloatArray,
    outdoor_humidity_frac: FloatArray,
    evaporated_kgs: FloatArray,
    air_kgs_min: FloatArray,
    air_kgs_max: float,
    hall_c: float,
    hall_humidity_frac: float,
    recovery_frac: float,
) -> FloatArray:
    """Give the heat of a hall's fresh air in every step, each array with one value per step.

    The air follows the moisture, between what people need and what the plant can move; at sea
    level.
    """
    hall_ratio = humidity_ratio(vapour_pressure_pa(hall_c, hall_humidity_frac), SEA_LEVEL_PA)
    heat_kw = np.empty_like(outdoor_c)
    for step in range(outdoor_c.size):
        vapour_pa = vapour_pressure_pa(outdoor_c[step], outdoor_humidity_frac[step])
        outdoor_ratio = humidity_ratio(vapour_pa, SEA_LEVEL_PA)
        air_kgs = drying_air_kgs(evaporated_kgs[step], hall_ratio, outdoor_ratio, air_kgs_max)
        air_kgs = min(air_kgs_max, max(air_kgs, air_kgs_min[step]))
        heat_kw[step] = ventilation_kw(
            air_kgs, hall_c, outdoor_c[step], outdoor_ratio, recovery_frac
        )
    return heat_kw
