"""A heated building: the heat it needs by its degree hours, or as one room with one mass."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exotherm.core.kernel import kernel

FloatArray = NDArray[np.float64]

# EN ISO 13790, table 12: effective heat capacity per floor area, kJ/(m²·K).
CAPACITY_KJ_PER_M2K = {
    "very light": 80.0,
    "light": 110.0,
    "medium": 165.0,
    "heavy": 260.0,
    "very heavy": 370.0,
}
_LAG_WEIGHTS = (1.0, 0.5, 0.25, 0.125)
_KJ_PER_KWH = 3600.0
FROST_C = 5.0
"""Room temperature that pipes are kept at in an empty building."""


# --- By degree hours


def lagged_outdoor_c(outdoor_c: FloatArray, *, steps_per_day: int) -> FloatArray:
    """Give the outdoor temperature that a building feels, with its memory of three days.

    (T0 + 0.5 T-1 + 0.25 T-2 + 0.125 T-3) / 1.875 in steps of a day, the weights of the German gas
    industry's load profiles (BDEW/VKU/GEODE, Abwicklung von Standardlastprofilen Gas). The year
    closes on itself. With ``steps_per_day`` 1 these are daily means as published; with hours each
    hour is weighed with the same hour of the days before, which keeps the mean of the year.
    """
    weighed = sum(
        weight * np.roll(outdoor_c, day * steps_per_day) for day, weight in enumerate(_LAG_WEIGHTS)
    )
    return np.asarray(weighed / sum(_LAG_WEIGHTS), dtype=np.float64)


def balance_c(set_c: float, *, gains_kw: float, loss_kw_per_k: float) -> float:
    """Give the outdoor temperature at which gains alone keep a building warm: T_set - Q/H."""
    return set_c - gains_kw / loss_kw_per_k


def degree_heat_kw(
    felt_c: FloatArray, *, balance_c: FloatArray | float, loss_kw_per_k: float
) -> FloatArray:
    """Give the space heat of every step: H max(0, T_balance - T_felt).

    The balance point is 15.5 °C for old buildings, 13 to 15 for usual, 10 to 12 for new ones; an
    array lets it follow the hours of use.
    """
    return np.asarray(loss_kw_per_k * np.maximum(0.0, balance_c - felt_c), dtype=np.float64)


def degree_hours_kh(
    felt_c: FloatArray, *, balance_c: FloatArray | float, step_h: float = 1.0
) -> float:
    """Sum what the temperatures lie below the balance point, in K·h."""
    return float(np.maximum(0.0, balance_c - felt_c).sum()) * step_h


def loss_of_year_kw_per_k(heat_kwh: float, *, degree_hours_kh: float) -> float:
    """Give the heat loss per kelvin that explains a year's space heat."""
    assert degree_hours_kh > 0, "a year without a degree hour tells no loss"
    return heat_kwh / degree_hours_kh


def lowered_c(set_c: float, *, setback_k: float) -> float:
    """Give the room temperature outside use: lower by the set-back, but never down to frost."""
    return max(set_c - setback_k, min(set_c, FROST_C))


def full_load_hours(degree_days_kd: float, *, balance_c: float, design_c: float) -> float:
    """Give the hours at design load that make up a year: 24 degree days / (balance - design)."""
    return 24.0 * degree_days_kd / (balance_c - design_c)


# --- As one room with one mass (1R1C)


def capacity_kwh_per_k(floor_m2: float, kj_per_m2k: float) -> float:
    """Give a building's effective heat capacity from its floor area and class of mass."""
    return floor_m2 * kj_per_m2k / _KJ_PER_KWH


@kernel
def room_end_c(
    start_c: float, rest_c: float, loss_kw_per_k: float, capacity_kwh_per_k: float, step_h: float
) -> float:
    """Give the room's temperature after a step, exactly: rest + (start - rest) e^(-H t / C).

    C dT/dt = H (T_out - T) + Q; ``rest_c`` is where it would settle, T_out + Q / H.
    """
    return rest_c + (start_c - rest_c) * math.exp(-loss_kw_per_k * step_h / capacity_kwh_per_k)


@kernel
def heat_to_reach_kw(
    start_c: float,
    end_c: float,
    outdoor_c: float,
    gains_kw: float,
    loss_kw_per_k: float,
    capacity_kwh_per_k: float,
    step_h: float,
) -> float:
    """Give the constant heat at which a step ends at a temperature; negative means cooling."""
    kept = math.exp(-loss_kw_per_k * step_h / capacity_kwh_per_k)
    rest_c = (end_c - start_c * kept) / (1.0 - kept)
    return loss_kw_per_k * (rest_c - outdoor_c) - gains_kw


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a room lived through: heat given in each step, and its temperature at the end of it."""

    heat_kw: FloatArray
    indoor_c: FloatArray


def simulate_room(
    outdoor_c: FloatArray,
    gains_kw: FloatArray,
    set_c: FloatArray,
    *,
    loss_kw_per_k: float,
    capacity_kwh_per_k: float,
    heat_kw_max: float,
    step_h: float = 1.0,
    start_c: float | None = None,
) -> Room:
    """Heat a room through a series of steps, each to its set temperature where that is possible.

    Never more than ``heat_kw_max`` and never less than nothing: above the set temperature the
    room cools by itself. Arrays have one value per step; the step is exact at any length.
    """
    assert outdoor_c.shape == gains_kw.shape == set_c.shape
    start = float(set_c[0]) if start_c is None else start_c
    heat_kw, indoor_c = _room_steps(
        outdoor_c, gains_kw, set_c, start, loss_kw_per_k, capacity_kwh_per_k, heat_kw_max, step_h
    )
    return Room(heat_kw=heat_kw, indoor_c=indoor_c)


def simulate_room_round(
    outdoor_c: FloatArray,
    gains_kw: FloatArray,
    set_c: FloatArray,
    *,
    loss_kw_per_k: float,
    capacity_kwh_per_k: float,
    heat_kw_max: float,
) -> Room:
    """Heat a room through the hours of a year that begins as warm as it ends.

    Lived twice: whatever the room began with is long forgotten after a year.
    """
    start_c: float | None = None
    for _ in range(2):
        lived = simulate_room(
            outdoor_c,
            gains_kw,
            set_c,
            loss_kw_per_k=loss_kw_per_k,
            capacity_kwh_per_k=capacity_kwh_per_k,
            heat_kw_max=heat_kw_max,
            start_c=start_c,
        )
        start_c = float(lived.indoor_c[-1])
    return lived


def loss_that_explains_kw_per_k(
    heat_kwh: float, heat_kwh_of: Callable[[float], float], *, guess_kw_per_k: float
) -> float | None:
    """Find the heat loss per kelvin at which a model's year takes a known heat, to 1e-6 of it.

    ``heat_kwh_of`` gives the year's heat by the loss, nothing at none and more with more. False
    position with the Illinois rule (Dowell and Jarratt 1971), since a room's heat is nearly
    straight in its loss. None where even thirty times the guess takes less, as limited heat may.
    """
    low, low_kwh = 0.0, -heat_kwh
    high = guess_kw_per_k
    while (high_kwh := heat_kwh_of(high) - heat_kwh) < 0.0:
        low, low_kwh = high, high_kwh
        if high > 30.0 * guess_kw_per_k:
            return None
        high *= 1.5
    for _ in range(60):
        middle = high - high_kwh * (high - low) / (high_kwh - low_kwh)
        middle_kwh = heat_kwh_of(middle) - heat_kwh
        if abs(middle_kwh) <= 1e-6 * heat_kwh:
            return middle
        if middle_kwh * high_kwh < 0.0:
            low, low_kwh = high, high_kwh
        else:
            low_kwh *= 0.5
        high, high_kwh = middle, middle_kwh
    return high


@kernel
def _room_steps(
    outdoor_c: FloatArray,
    gains_kw: FloatArray,
    set_c: FloatArray,
    start_c: float,
    loss_kw_per_k: float,
    capacity_kwh_per_k: float,
    heat_kw_max: float,
    step_h: float,
) -> tuple[FloatArray, FloatArray]:
    heat_kw = np.empty_like(outdoor_c)
    indoor_c = np.empty_like(outdoor_c)
    now_c = start_c
    for step in range(outdoor_c.size):
        wanted_kw = heat_to_reach_kw(
            now_c,
            set_c[step],
            outdoor_c[step],
            gains_kw[step],
            loss_kw_per_k,
            capacity_kwh_per_k,
            step_h,
        )
        heat_kw[step] = min(max(0.0, wanted_kw), heat_kw_max)
        rest_c = outdoor_c[step] + (gains_kw[step] + heat_kw[step]) / loss_kw_per_k
        now_c = room_end_c(now_c, rest_c, loss_kw_per_k, capacity_kwh_per_k, step_h)
        indoor_c[step] = now_c
    return heat_kw, indoor_c
