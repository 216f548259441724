"""Evaporation from a pool by the methods that stand beside ASHRAE's: VDI 2089 and Shah.

All give kg/s and never less than nought. Which is meant for what: VDI's coefficients in use size
the ventilation and overstate a year two to three times; Shah's were fitted to measurements.
"""

from collections.abc import Mapping

from exotherm.core.kernel import kernel
from exotherm.physics.moist_air import (
    SEA_LEVEL_PA,
    air_density_kg_per_m3,
    dry_air_density_kg_per_m3,
    humidity_ratio,
    vapour_pressure_pa,
)
from exotherm.physics.water import saturation_pressure_pa

VAPOUR_J_PER_KGK = 461.52
"""Gas constant of water vapour."""

VDI_TRANSFER_M_PER_H: Mapping[str, float] = {
    "covered": 0.7,
    "at rest": 7.0,
    "private": 21.0,
    "public, deeper than 1.35 m": 28.0,
    "public, up to 1.35 m": 40.0,
    "wave pool": 50.0,
    "slides and rapids": 50.0,
}
"""Transfer coefficients of VDI 2089, reported; the covered one is an expert value, verify."""

VDI_OLD_G_PER_M2H_MBAR: Mapping[str, float] = {
    "covered": 0.5,
    "at rest": 5.0,
    "private": 15.0,
    "public": 20.0,
    "leisure": 28.0,
    "wave pool": 35.0,
}
"""Coefficients of the older VDI 2089, expert values, verify."""


@kernel
def vdi_evaporation_kgs(
    area_m2: float, water_c: float, air_c: float, humidity_frac: float, transfer_m_per_h: float
) -> float:
    """Give evaporation by VDI 2089: A β (p_w - p_a) / (R_D T).

    β in m/h from ``VDI_TRANSFER_M_PER_H``, R_D = 461.52 J/(kg K), T the mean of the water's and
    the air's temperature. For indoor pools of 20 to 36 °C.
    """
    drive_pa = saturation_pressure_pa(water_c) - vapour_pressure_pa(air_c, humidity_frac)
    mean_k = 0.5 * (water_c + air_c) + 273.15
    kg_per_m2h = transfer_m_per_h * drive_pa / (VAPOUR_J_PER_KGK * mean_k)
    return max(0.0, area_m2 * kg_per_m2h / 3600.0)


@kernel
def vdi_old_evaporation_kgs(
    area_m2: float, water_c: float, air_c: float, humidity_frac: float, g_per_m2h_mbar: float
) -> float:
    """Give evaporation by the older VDI 2089: A ε (p_w - p_a), pressures in mbar.

    ε in g/(m² h mbar) from ``VDI_OLD_G_PER_M2H_MBAR``.
    """
    drive_pa = saturation_pressure_pa(water_c) - vapour_pressure_pa(air_c, humidity_frac)
    return max(0.0, area_m2 * g_per_m2h_mbar * drive_pa / 100.0 / 1000.0 / 3600.0)


@kernel
def shah_still_evaporation_kgs(
    area_m2: float, water_c: float, air_c: float, humidity_frac: float
) -> float:
    """Give evaporation from an indoor pool without bathers by Shah (2014).

    The larger of natural convection, C ρ_w (ρ_r - ρ_w)^(1/3) (W_w - W_r), and the air currents of
    the hall, 5e-5 (p_w - p_r), in kg/(m² h), at sea level. ρ_w before the bracket counts dry air
    only, the densities in it moist air; w is air saturated at the water's temperature, r the
    room's. C is 35 where ρ_r - ρ_w exceeds 0.02 kg/m³ and 40 below: there the method itself steps
    down by an eighth. ASHRAE Transactions 120(2), SE-14-001.
    """
    water_pa = saturation_pressure_pa(water_c)
    room_pa = vapour_pressure_pa(air_c, humidity_frac)
    lighter = shah_density_difference_kg_per_m3(water_c, air_c, humidity_frac)
    natural = 0.0
    if lighter > 0.0:
        factor = 35.0 if lighter > 0.02 else 40.0
        natural = (
            factor
            * dry_air_density_kg_per_m3(water_c, water_pa, SEA_LEVEL_PA)
            * lighter ** (1.0 / 3.0)
            * (humidity_ratio(water_pa, SEA_LEVEL_PA) - humidity_ratio(room_pa, SEA_LEVEL_PA))
        )
    forced = 5e-5 * (water_pa - room_pa)
    return max(0.0, area_m2 * max(natural, forced) / 3600.0)


@kernel
def shah_evaporation_kgs(
    area_m2: float, water_c: float, air_c: float, humidity_frac: float, bathers: float
) -> float:
    """Give evaporation from an indoor pool with bathers by Shah (2013).

    E / E0 = 1.9 - 21 (ρ_r - ρ_w) + 5.3 N / A from 0.05 bathers per m² up, straight from 1 at none
    to its value there below; a negative density difference counts as nought. In air much colder
    than a hall's the fit would fall below still water; the factor here is never less than 1. The
    author states a mean deviation of 18 % from four sets of measurements. ASHRAE Transactions
    119(2), DE-13-040.
    """
    still_kgs = shah_still_evaporation_kgs(area_m2, water_c, air_c, humidity_frac)
    lighter = max(0.0, shah_density_difference_kg_per_m3(water_c, air_c, humidity_frac))
    per_m2 = max(0.0, bathers) / area_m2
    factor = max(1.0, 1.9 - 21.0 * lighter + 5.3 * max(per_m2, 0.05))
    if per_m2 < 0.05:
        factor = 1.0 + (factor - 1.0) * per_m2 / 0.05
    return still_kgs * factor


@kernel
def shah_density_difference_kg_per_m3(water_c: float, air_c: float, humidity_frac: float) -> float:
    """Give by how much air saturated at the water's temperature is lighter than the room's."""
    room = air_density_kg_per_m3(air_c, vapour_pressure_pa(air_c, humidity_frac), SEA_LEVEL_PA)
    film = air_density_kg_per_m3(water_c, saturation_pressure_pa(water_c), SEA_LEVEL_PA)
    return room - film
