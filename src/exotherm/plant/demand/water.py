"""The hot water of a building: what is drawn, what circulates, and the cycle of its store."""

import numpy as np

from exotherm.physics.computing import FloatArray, IntArray
from exotherm.physics.hot_water import (
    LITRES_C,
    circulation_kw,
    cold_water_c,
    draw_shares,
    drawn_through_store_kw,
    hygiene_kw,
    spread_over_days,
    warming_kwh,
)
from exotherm.plant.demand.load import Load
from exotherm.plant.demand.space_heat import in_use
from exotherm.plant.demand.year import Year
from exotherm.site.customers import Building

# Water that comes back is colder than what was sent by at least this.
_SPREAD_K_MIN = 1.0


def hot_water_of(building: Building, year: Year) -> Load:
    """Give the heat of a building's draws in every hour of a year, cycles of its store included.

    Its water is sent as warm as the hot water and comes back as cold as the mains.
    """
    cold_c = cold_water_c(
        year.typical_day,
        mean_c=building.mains_c_mean,
        swing_k=building.mains_k_swing,
        southern=year.southern,
    )
    drawn_kw = warming_kwh(_litres(building, year), cold_c=cold_c, hot_c=LITRES_C)
    hot_c = np.full_like(cold_c, building.hot_water_c)
    return_c = np.minimum(cold_c, building.hot_water_c - _SPREAD_K_MIN)
    heat_kw = drawn_kw
    if building.preheat_store_m3:
        store_c = preheat_c(building)
        drawn_kw, lifted_kw = drawn_through_store_kw(drawn_kw, _cycle_kw(building, year, store_c))
        heat_kw = np.asarray(drawn_kw + lifted_kw, dtype=np.float64)
        return_c = _mixed_return_c(drawn_kw, lifted_kw, hot_c, return_c, store_c)
    return Load(
        name=f"{building.name}: hot water",
        heat_kw=heat_kw,
        supply_c=hot_c,
        return_c=return_c,
        heat_kw_max=float(heat_kw.max()),
    )


def circulation_of(building: Building, year: Year) -> Load:
    """Give the heat that keeps a building's hot water warm up to the taps: the same all year."""
    length_m = building.circulation_m_per_m2 * building.floor_m2
    loss_kw = circulation_kw(length_m, watts_per_metre=building.circulation_w_per_m)
    return Load(
        name=f"{building.name}: circulation",
        heat_kw=np.full_like(year.outdoor_c, loss_kw),
        supply_c=np.full_like(year.outdoor_c, building.hot_water_c),
        return_c=np.full_like(year.outdoor_c, building.circulation_return_c),
        heat_kw_max=loss_kw,
    )


def preheat_c(building: Building) -> float:
    """Give the temperature a preheat store has before a cycle: midway from cold to hot.

    Between draws it is anything from the mains to what the plant reaches; midway is as wrong
    either way.
    """
    midway_c = 0.5 * (building.mains_c_mean + building.hot_water_c)
    return min(midway_c, building.hot_water_c - _SPREAD_K_MIN)


def _litres(building: Building, year: Year) -> FloatArray:
    """Give the litres of 60 °C drawn in every hour, on days of use alone."""
    per_day = building.hot_water_l_per_m2_day * building.floor_m2
    used: FloatArray = in_use(building, year).astype(np.float64)
    match building.draw_profile:
        case "working day" | "opening hours":
            return spread_over_days(per_day, used, year.day)
        case standard:
            on_day = np.bincount(year.day, weights=used)[year.day] > 0.0
            weight = np.where(on_day, draw_shares(standard)[year.hour], 0.0)
            return spread_over_days(per_day, weight, year.day)


def _cycle_kw(building: Building, year: Year, store_c: float) -> FloatArray:
    hour_of_week: IntArray = (year.weekday - 1) * 24 + year.hour
    return hygiene_kw(
        building.preheat_store_m3,
        hour_of_week=hour_of_week,
        store_c=store_c,
        hygiene_c=building.hot_water_c,
    )


def _mixed_return_c(
    drawn_kw: FloatArray,
    lifted_kw: FloatArray,
    hot_c: FloatArray,
    cold_c: FloatArray,
    store_c: float,
) -> FloatArray:
    """Mix what comes back from draws, cold, with what comes back from the store, by their flows."""
    drawn_flow = drawn_kw / (hot_c - cold_c)
    lifted_flow = lifted_kw / (hot_c - store_c)
    flow = drawn_flow + lifted_flow
    share = np.divide(lifted_flow, flow, out=np.zeros_like(flow), where=flow > 0.0)
    return np.asarray(cold_c + share * (store_c - cold_c), dtype=np.float64)
