"""What the servers' coolant carries, step by step, for every kind of capture."""

from dataclasses import dataclass

import numpy as np

from exotherm.core.kernel import kernel
from exotherm.physics.capture import (
    active_rear_door,
    cold_plates,
    hall_cooler,
    passive_rear_door,
)
from exotherm.physics.computing import FloatArray
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK
from exotherm.site.machines import Capture

_COLD_PLATES, _PASSIVE_DOOR, _ACTIVE_DOOR, _HALL = 0, 1, 2, 3
_CODES = {
    "cold plates": _COLD_PLATES,
    "passive rear door": _PASSIVE_DOOR,
    "active rear door": _ACTIVE_DOOR,
    "hall cooler": _HALL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolantHeat:
    """Heat in the coolant, how warm it leaves, and its coolers' fans; each of shape (steps,)."""

    captured_kw: FloatArray
    hot_c: FloatArray
    fan_kw: FloatArray


def captured_by(capture: Capture, it_kw: FloatArray) -> CoolantHeat:
    """Give what a capture takes up of the servers' power.

    The coolant of immersion floats: it may be as warm as its limit. All others hold the coolant
    that enters, so it leaves warmer with more load.
    """
    if capture.floats:
        return CoolantHeat(
            captured_kw=it_kw * capture.capture_frac,
            hot_c=np.full_like(it_kw, capture.coolant_c_max),
            fan_kw=np.zeros_like(it_kw),
        )
    # The models reckon with water; another coolant is as much water as carries the same heat.
    captured_kw, hot_c, fan_kw = _steps(
        _CODES[capture.kind],
        it_kw,
        capture.coolant_c_set,
        capture.flow_kw_per_k / HEAT_CAPACITY_KJ_PER_KGK,
        capture.room_c,
        capture.air_rise_k,
        capture.ua_kw_per_k,
        capture.fan_frac,
        capture.capture_frac,
        capture.fall_per_k,
        capture.coolant_c_max,
    )
    return CoolantHeat(captured_kw=captured_kw, hot_c=hot_c, fan_kw=fan_kw)


@kernel
def _steps(
    code: int,
    it_kw: FloatArray,
    inlet_c: float,
    water_kgs: float,
    room_c: float,
    air_rise_k: float,
    ua_kw_per_k: float,
    fan_frac: float,
    capture_frac: float,
    fall_per_k: float,
    outlet_c_max: float,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    captured_kw = np.empty_like(it_kw)
    hot_c = np.empty_like(it_kw)
    fan_kw = np.empty_like(it_kw)
    for step in range(it_kw.size):
        power_kw = it_kw[step]
        if code == _COLD_PLATES:
            heat = cold_plates(
                power_kw, inlet_c, water_kgs, room_c, capture_frac, fall_per_k, outlet_c_max
            )
        elif code == _PASSIVE_DOOR:
            heat = passive_rear_door(power_kw, inlet_c, water_kgs, room_c, air_rise_k, ua_kw_per_k)
        elif code == _ACTIVE_DOOR:
            heat = active_rear_door(
                power_kw, inlet_c, water_kgs, room_c, air_rise_k, ua_kw_per_k, fan_frac
            )
        else:
            heat = hall_cooler(
                power_kw, inlet_c, water_kgs, room_c, air_rise_k, ua_kw_per_k, fan_frac,
                capture_frac,
            )  # fmt: skip
        captured_kw[step], hot_c[step], fan_kw[step] = (
            heat.captured_kw,
            heat.water_out_c,
            heat.fan_kw,
        )
    return captured_kw, hot_c, fan_kw
