"""Domestic hot water: how much is drawn and when, and what it takes to warm and to keep safe.

Volumes and hourly shares are those of EN 12831-3:2017, annex B (informative; a national annex goes
before). Measured hotels drew about half of such values, so they size rather than foresee.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from exotherm.core.kernel import kernel
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, KJ_PER_KWH, density_kg_per_m3

FloatArray = NDArray[np.float64]
DrawProfile = Literal[
    "single family", "apartment", "home for elderly", "student residence", "hospital"
]

# EN 12831-3, table B.2: per cent of the day's volume in each hour from midnight. Three of the five
# columns sum to 99.9, 99.7 and 99.9 as they are printed.
_SHARES_PERCENT: dict[DrawProfile, tuple[float, ...]] = {
    "single family": (
        *(1.8, 1.0, 0.6, 0.3, 0.4, 0.6, 2.4, 4.7, 6.8, 5.7, 6.1, 6.1),
        *(6.3, 6.4, 5.1, 4.4, 4.3, 4.7, 5.7, 6.5, 6.6, 5.8, 4.5, 3.1),
    ),
    "apartment": (
        *(1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 3.0, 6.0, 8.0, 6.0, 5.0, 5.0),
        *(6.0, 6.0, 5.0, 4.0, 4.0, 5.0, 6.0, 7.0, 7.0, 6.0, 5.0, 2.0),
    ),
    "home for elderly": (
        *(0.3, 0.3, 0.4, 0.7, 1.0, 1.8, 9.3, 15.7, 8.1, 7.5, 7.0, 6.6),
        *(7.1, 5.1, 3.8, 3.3, 4.1, 2.9, 6.1, 4.1, 1.4, 1.8, 0.9, 0.4),
    ),
    "student residence": (
        *(1.4, 1.0, 0.5, 0.6, 1.3, 3.4, 5.8, 5.8, 6.2, 5.4, 5.1, 4.7),
        *(4.2, 4.5, 4.1, 4.3, 5.3, 6.0, 6.6, 6.0, 5.6, 5.4, 3.9, 2.8),
    ),
    "hospital": (
        *(0.4, 0.4, 0.5, 0.8, 1.2, 2.8, 7.5, 10.5, 8.0, 7.5, 7.5, 7.0),
        *(7.5, 5.5, 4.3, 3.7, 4.5, 3.2, 7.0, 4.5, 2.0, 2.0, 1.2, 0.5),
    ),
}


LITRES_C = 60.0
"""Temperature at which the standard counts litres."""


@dataclass(frozen=True, slots=True)
class DailyVolume:
    """Hot water of 60 °C that one unit of a building draws in a day, by the standard."""

    litres_min: float
    litres_max: float
    unit: str


# EN 12831-3, annex B: litres of 60 °C per day.
DAILY_VOLUMES: dict[str, DailyVolume] = {
    "single family": DailyVolume(40.0, 70.0, "person"),
    "apartment": DailyVolume(25.0, 30.0, "person"),
    "simple dwelling": DailyVolume(25.0, 60.0, "person"),
    "accommodation": DailyVolume(28.0, 28.0, "bed"),
    "health, day only": DailyVolume(10.0, 10.0, "bed"),
    "health, without laundry": DailyVolume(56.0, 56.0, "bed"),
    "health, with laundry": DailyVolume(88.0, 88.0, "bed"),
    "catering": DailyVolume(4.0, 21.0, "guest"),
    "hotel *": DailyVolume(56.0, 56.0, "bed"),
    "hotel **": DailyVolume(76.0, 76.0, "bed"),
    "hotel ***": DailyVolume(97.0, 97.0, "bed"),
    "hotel ****": DailyVolume(118.0, 118.0, "bed"),
    "hotel laundry, in addition": DailyVolume(14.0, 14.0, "bed"),
    "sports": DailyVolume(101.0, 101.0, "installed shower"),
}


def draw_shares(profile: DrawProfile) -> FloatArray:
    """Give the share of a day's volume in each of its 24 hours; together exactly one."""
    percent: FloatArray = np.array(_SHARES_PERCENT[profile], dtype=np.float64)
    return percent / float(percent.sum())


def draw_shares_percent(profile: DrawProfile) -> tuple[float, ...]:
    """Give the shares as the standard prints them."""
    return _SHARES_PERCENT[profile]


def cold_water_c(
    day_of_year: NDArray[np.int_],
    *,
    mean_c: float = 10.0,
    swing_k: float = 4.0,
    southern: bool = False,
) -> FloatArray:
    """Give the temperature of cold water: a yearly wave, coldest in the middle of February.

    ``day_of_year`` counts from 0; 10 ± 4 °C is usual in central Europe. South of the equator it
    is coldest half a year later.
    """
    coldest = 45 + (182 if southern else 0)
    wave = np.cos(2.0 * np.pi * (day_of_year - coldest) / 365.0)
    return np.asarray(mean_c - swing_k * wave, dtype=np.float64)


def warming_kwh(
    litres: FloatArray | float, *, cold_c: FloatArray | float, hot_c: float
) -> FloatArray:
    """Give the heat that warms a volume, measured hot, from cold to hot: V rho c (hot - cold)."""
    kwh_per_l_k = density_kg_per_m3(hot_c) / 1000.0 * HEAT_CAPACITY_KJ_PER_KGK / KJ_PER_KWH
    return np.asarray(np.maximum(0.0, hot_c - cold_c) * litres * kwh_per_l_k, dtype=np.float64)


def draw_kw(
    litres_per_day: float,
    profile: DrawProfile,
    *,
    hour: NDArray[np.int_],
    cold_c: FloatArray,
    hot_c: float = 60.0,
) -> FloatArray:
    """Give the heat of hourly draws; ``hour`` is 0 to 23 by the local clock, ``cold_c`` as long.

    The volume is that of water at ``hot_c``.
    """
    litres = litres_per_day * draw_shares(profile)[hour]
    return warming_kwh(litres, cold_c=cold_c, hot_c=hot_c)


def spread_over_days(per_day: float, weight: FloatArray, day: NDArray[np.int64]) -> FloatArray:
    """Spread what a day draws over its hours by their weights; a day without weight draws nothing.

    ``day`` numbers the day of every hour from 0 on. A day on which clocks change has 23 or 25
    hours and draws as much as any other.
    """
    of_day = np.bincount(day, weights=weight)[day]
    share = np.divide(weight, of_day, out=np.zeros_like(of_day), where=of_day > 0.0)
    return np.asarray(per_day * share, dtype=np.float64)


def circulation_kw(length_m: float, *, watts_per_metre: float = 10.0) -> float:
    """Give the constant heat that a circulation loop loses: 8 to 12 W per metre when insulated.

    In old blocks it is 20 to 60 % of the hot water's own heat; measure it there.
    """
    return length_m * watts_per_metre / 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Hot water's heat by who can give it: a source of limited temperature, and the lift above."""

    preheat_kw: FloatArray
    lift_kw: FloatArray


def split_at(drawn_kw: FloatArray, *, cold_c: FloatArray, hot_c: float, preheat_c: float) -> Split:
    """Split the heat of draws at the temperature that a preheater reaches.

    Water that is stored must be kept at 60 °C against legionella (HSE L8; DVGW W 551), so what a
    cooler source cannot give is always left to a boiler or an element.
    """
    span_k = np.maximum(hot_c - cold_c, 1e-9)
    share = np.clip((preheat_c - cold_c) / span_k, 0.0, 1.0)
    preheat_kw = np.asarray(drawn_kw * share, dtype=np.float64)
    return Split(preheat_kw=preheat_kw, lift_kw=drawn_kw - preheat_kw)


def hygiene_kw(
    volume_m3: float,
    *,
    hour_of_week: NDArray[np.int_],
    store_c: float,
    hygiene_c: float = 60.0,
    starts_at: int = 2,
    hours: int = 1,
) -> FloatArray:
    """Give the heat of a weekly cycle that lifts a preheat store against legionella.

    ``hour_of_week`` counts from Monday midnight, 0 to 167, one value per hour; in the hours from
    ``starts_at`` on the store is lifted evenly from ``store_c`` to ``hygiene_c``. The heat stays
    in the store and is drawn later, so it is a demand on the source that can lift, not a loss.
    """
    assert 1 <= hours <= 168
    lift_kwh = float(warming_kwh(volume_m3 * 1000.0, cold_c=store_c, hot_c=hygiene_c))
    lifting = (hour_of_week - starts_at) % 168 < hours
    return np.where(lifting, lift_kwh / hours, 0.0)


def drawn_through_store_kw(
    drawn_kw: FloatArray, cycle_kw: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Give the hourly heat of draws and of cycles where what a cycle lifted is drawn first.

    ``cycle_kw`` holds the whole lift in the one hour of each cycle; of it only what the store
    still lacks is given. Each draw then takes from the store until the lift is used up. The year
    closes on itself: both arrays together sum to what was drawn.
    """
    assert drawn_kw.shape == cycle_kw.shape
    stored_kwh = 0.0
    for _ in range(2):
        left_kw, lifted_kw, stored_kwh = _through_store(drawn_kw, cycle_kw, stored_kwh)
    return left_kw, lifted_kw


@kernel
def _through_store(
    drawn_kw: FloatArray, cycle_kw: FloatArray, start_kwh: float
) -> tuple[FloatArray, FloatArray, float]:
    left_kw = np.empty_like(drawn_kw)
    lifted_kw = np.empty_like(drawn_kw)
    stored_kwh = start_kwh
    for hour in range(drawn_kw.size):
        lifted_kw[hour] = max(0.0, cycle_kw[hour] - stored_kwh)
        stored_kwh += lifted_kw[hour]
        taken_kwh = min(drawn_kw[hour], stored_kwh)
        left_kw[hour] = drawn_kw[hour] - taken_kwh
        stored_kwh -= taken_kwh
    return left_kw, lifted_kw, stored_kwh
