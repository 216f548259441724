"""The air of a pool hall: fresh air that carries off what evaporates, and what warms it."""

import numpy as np

from exotherm.physics.computing import FloatArray
from exotherm.physics.evaporation import (
    shah_evaporation_kgs,
    shah_still_evaporation_kgs,
    vdi_evaporation_kgs,
)
from exotherm.physics.hall_air import LEAST_FRESH_AIR_L_PER_S_M2, fresh_air_kgs, hall_air_kw
from exotherm.physics.moist_air import (
    SEA_LEVEL_PA,
    dry_air_density_kg_per_m3,
    vapour_pressure_pa,
)
from exotherm.physics.pool import evaporation_kgs
from exotherm.physics.weather import synthetic_humidity_frac
from exotherm.plant.demand.load import Load
from exotherm.plant.demand.year import BoolArray, Year, is_open, lay
from exotherm.site.customers import Pool, Ventilation
from exotherm.site.series import Weather

_SPREAD_K_MIN = 1.0


def hall_air_of(pool: Pool, ventilation: Ventilation, weather: Weather, year: Year) -> Load:
    """Give the heat of a pool hall's fresh air in every hour of a year."""
    occupied = is_open(pool.opening, year)
    least_kgs, most_kgs = _fresh_air_kgs(pool, ventilation)
    heat_kw = hall_air_kw(
        year.outdoor_c,
        lay(_humidity_frac(weather), year.typical_hour, year.part),
        _evaporated_kgs(pool, occupied, year),
        np.where(occupied, least_kgs, 0.0),
        most_kgs,
        pool.hall_air_c,
        pool.hall_humidity_frac,
        ventilation.recovery_frac,
    )
    supply_c = np.full_like(heat_kw, ventilation.supply_c)
    return Load(
        name="pool hall air",
        heat_kw=heat_kw,
        supply_c=supply_c,
        return_c=np.minimum(ventilation.return_c, supply_c - _SPREAD_K_MIN),
        heat_kw_max=float(heat_kw.max()),
    )


def _humidity_frac(weather: Weather) -> FloatArray:
    if weather.humidity_frac is not None:
        return weather.humidity_frac
    return synthetic_humidity_frac(weather.outdoor_c)


def _fresh_air_kgs(pool: Pool, ventilation: Ventilation) -> tuple[float, float]:
    """Give the least fresh air while people bathe, and the most that the plant moves."""
    vapour_pa = vapour_pressure_pa(pool.hall_air_c, pool.hall_humidity_frac)
    density = dry_air_density_kg_per_m3(pool.hall_air_c, vapour_pa, SEA_LEVEL_PA)
    wet_m2 = pool.area_m2 * ventilation.wet_area_frac
    most_kgs = fresh_air_kgs(wet_m2, ventilation.fresh_air_l_per_s_m2, density)
    return min(most_kgs, fresh_air_kgs(wet_m2, LEAST_FRESH_AIR_L_PER_S_M2, density)), most_kgs


def _evaporated_kgs(pool: Pool, occupied: BoolArray, year: Year) -> FloatArray:
    """Give what evaporates in every hour from water at its set temperature."""
    still_kgs = _still_kgs(pool) * (pool.covered_frac if pool.cover else 1.0)
    opening_h = np.bincount(year.day, weights=occupied.astype(np.float64))[year.day]
    # A bather stays a while, so on average as many are there as come in that time.
    bathers = pool.bathers_per_day * pool.stay_h / np.maximum(opening_h, 1.0)
    counts, which = np.unique(bathers, return_inverse=True)
    busy_kgs = np.array([_busy_kgs(pool, float(count)) for count in counts])[which]
    return np.where(occupied, busy_kgs, still_kgs)


def _busy_kgs(pool: Pool, bathers: float) -> float:
    match pool.evaporation:
        case "ashrae":
            return _ashrae_kgs(pool, pool.activity_occupied)
        case "vdi":
            return _vdi_kgs(pool, pool.transfer_occupied_m_per_h)
        case "shah":
            return shah_evaporation_kgs(
                pool.area_m2, pool.water_c_set, pool.hall_air_c, pool.hall_humidity_frac, bathers
            )


def _still_kgs(pool: Pool) -> float:
    match pool.evaporation:
        case "ashrae":
            return _ashrae_kgs(pool, pool.activity_unoccupied)
        case "vdi":
            return _vdi_kgs(pool, pool.transfer_unoccupied_m_per_h)
        case "shah":
            return shah_still_evaporation_kgs(
                pool.area_m2, pool.water_c_set, pool.hall_air_c, pool.hall_humidity_frac
            )


def _ashrae_kgs(pool: Pool, activity: float) -> float:
    return evaporation_kgs(
        pool.area_m2,
        pool.water_c_set,
        pool.hall_air_c,
        pool.hall_humidity_frac,
        pool.air_speed_ms,
        activity,
    )


def _vdi_kgs(pool: Pool, transfer_m_per_h: float) -> float:
    return vdi_evaporation_kgs(
        pool.area_m2,
        pool.water_c_set,
        pool.hall_air_c,
        pool.hall_humidity_frac,
        transfer_m_per_h,
    )
