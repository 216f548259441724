"""How server heat gets into water: hall coolers, rear doors, cold plates and immersion.

Every function takes the servers' power and the water that comes in, and splits the heat into what
the water carries off, what warms the room, and what nothing takes within the limits. Warmer water
never captures more. Which values the field reports is in ``cooling_class``.
"""

import math
from typing import NamedTuple

from exotherm.core.kernel import kernel
from exotherm.physics.air_coil import coil_kw_per_k
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK


class Captured(NamedTuple):
    """Where the heat went: captured + to_air + unmet = servers + fans."""

    captured_kw: float
    """heat in the water"""
    water_out_c: float
    to_air_kw: float
    """heat that warms the room"""
    unmet_kw: float
    """heat that nothing takes within the limits: the servers must slow down by so much"""
    fan_kw: float
    """electricity of fans that are there only to cool, heat in the end"""


@kernel
def hall_cooler(
    it_kw: float,
    water_in_c: float,
    water_kgs: float,
    supply_air_c: float,
    air_rise_k: float,
    ua_kw_per_k: float,
    fan_frac: float,
    contained_frac: float,
) -> Captured:
    """Give what a hall cooler (CRAH or fan wall) with containment puts into its water.

    The air leaves the cooler at ``supply_air_c``, takes up ``air_rise_k`` (above nought) in the
    servers and the heat of the fans, and meets the water in cross-flow. ``contained_frac`` of
    all heat reaches the cooler, 0.95 to 1.0; fans draw ``fan_frac`` of the servers' power, 0.03 to
    0.08 (both expert values, verify). Where the coil could take more its valve closes in part.
    """
    return _through_coil(
        it_kw,
        water_in_c,
        water_kgs,
        supply_air_c,
        air_rise_k,
        ua_kw_per_k,
        fan_frac,
        contained_frac,
    )


@kernel
def passive_rear_door(
    it_kw: float,
    water_in_c: float,
    water_kgs: float,
    room_c: float,
    air_rise_k: float,
    ua_kw_per_k: float,
) -> Captured:
    """Give what a rear door without fans puts into its water, for one rack or a row of equals.

    The servers blow room air through the door, ``air_rise_k`` warmer; cross-flow effectiveness.
    With 2.2 kW/K, 35 l/min, air of 24 °C and 12 K of rise the removal lies in the 55 to 85 % that
    the maker of such a door reports for 20 to 32 kW racks. The water must be at least 2 K above
    the dew point of the room (reported).
    """
    return _through_coil(it_kw, water_in_c, water_kgs, room_c, air_rise_k, ua_kw_per_k, 0.0, 1.0)


@kernel
def active_rear_door(
    it_kw: float,
    water_in_c: float,
    water_kgs: float,
    room_c: float,
    air_rise_k: float,
    ua_kw_per_k: float,
    fan_frac: float,
) -> Captured:
    """Give what a rear door with fans puts into its water: at most the rack's heat and its own.

    Fans draw 0.01 to 0.02 of the rack's power (expert value, verify). A door that also cools its
    neighbours is not modelled.
    """
    return _through_coil(
        it_kw, water_in_c, water_kgs, room_c, air_rise_k, ua_kw_per_k, fan_frac, 1.0
    )


@kernel
def cold_plates(
    it_kw: float,
    water_in_c: float,
    water_kgs: float,
    room_c: float,
    capture_frac: float,
    fall_per_k: float,
    water_out_c_max: float,
) -> Captured:
    """Give what cold plates on the chips put into their water.

    ``capture_frac`` of the heat, less ``fall_per_k`` for every kelvin by which the water's mean
    temperature passes the room's, since warm hoses and plates then heat the air. Reported: 0.60 to
    0.80 with plates on processors, up to 0.90 to 0.95 where all parts have plates; the fall of
    0.003 to 0.005 per kelvin is an expert value, verify. What would take the water beyond
    ``water_out_c_max`` (65 °C reported for secondary returns) is unmet.
    """
    water_kw_per_k = water_kgs * HEAT_CAPACITY_KJ_PER_KGK
    # With flow F the mean is the inlet plus q / 2F, so q = P (f - s (inlet + q / 2F - room)).
    rise_k_per_kw = 0.5 / water_kw_per_k if water_kw_per_k > 0.0 else 0.0
    at_inlet_kw = it_kw * (capture_frac - fall_per_k * (water_in_c - room_c))
    falling_kw = at_inlet_kw / (1.0 + it_kw * fall_per_k * rise_k_per_kw)
    wanted_kw = min(it_kw * capture_frac, max(0.0, falling_kw))
    carried_kw = max(0.0, water_kw_per_k * (water_out_c_max - water_in_c))
    captured_kw = min(wanted_kw, carried_kw)
    return Captured(
        captured_kw,
        _warmed_c(water_in_c, captured_kw, water_kw_per_k),
        it_kw - wanted_kw,
        wanted_kw - captured_kw,
        0.0,
    )


@kernel
def immersion(
    it_kw: float,
    water_in_c: float,
    water_kgs: float,
    room_c: float,
    oil_c_max: float,
    ua_kw_per_k: float,
    loss_kw_per_k: float,
) -> Captured:
    """Give what a single-phase immersion tank puts into the water of its exchanger.

    The oil is mixed and settles where P = G (oil - water in) + U (oil - room), with
    G = F (1 - exp(-UA / F)) of the exchanger, F the water's capacity rate, and U the
    ``loss_kw_per_k`` of the tank's walls and lid; a cold tank gains nothing from the room. What
    would take the oil beyond ``oil_c_max`` is unmet. Reported capture is 0.95 to 0.98;
    ``tank_loss_kw_per_k`` turns such a figure into U.
    """
    water_kw_per_k = water_kgs * HEAT_CAPACITY_KJ_PER_KGK
    passing = 0.0
    if water_kw_per_k > 0.0:
        passing = water_kw_per_k * (1.0 - math.exp(-ua_kw_per_k / water_kw_per_k))
    oil_c = min(
        oil_c_max, _settled_oil_c(it_kw, water_in_c, room_c, passing, loss_kw_per_k, oil_c_max)
    )
    # Water warmer than the oil is shut off; then the walls lose all, and what they could lose at
    # this temperature is more than that.
    captured_kw = min(it_kw, max(0.0, passing * (oil_c - water_in_c)))
    lost_kw = min(it_kw - captured_kw, max(0.0, loss_kw_per_k * (oil_c - room_c)))
    return Captured(
        captured_kw,
        _warmed_c(water_in_c, captured_kw, water_kw_per_k),
        lost_kw,
        it_kw - captured_kw - lost_kw,
        0.0,
    )


@kernel
def tank_loss_kw_per_k(capture_frac: float, it_kw: float, oil_c: float, room_c: float) -> float:
    """Give the tank's loss per kelvin that explains a capture share reported at a temperature.

    (1 - f) P / (oil - room); the oil must be warmer than the room.
    """
    return (1.0 - capture_frac) * it_kw / (oil_c - room_c)


@kernel
def _settled_oil_c(
    it_kw: float,
    water_in_c: float,
    room_c: float,
    passing_kw_per_k: float,
    loss_kw_per_k: float,
    never_c: float,
) -> float:
    """Give where the oil settles without a limit, ``never_c`` where nothing holds it."""
    if passing_kw_per_k > 0.0:
        lossless_c = water_in_c + it_kw / passing_kw_per_k
        if lossless_c <= room_c:
            return lossless_c
        return (it_kw + passing_kw_per_k * water_in_c + loss_kw_per_k * room_c) / (
            passing_kw_per_k + loss_kw_per_k
        )
    # Without water only the walls lose.
    if it_kw <= 0.0:
        return room_c
    return room_c + it_kw / loss_kw_per_k if loss_kw_per_k > 0.0 else never_c


@kernel
def _through_coil(
    it_kw: float,
    water_in_c: float,
    water_kgs: float,
    cool_air_c: float,
    air_rise_k: float,
    ua_kw_per_k: float,
    fan_frac: float,
    reaching_frac: float,
) -> Captured:
    """Split server and fan heat that meets the water in a coil; the valve holds the air's start."""
    fan_kw = it_kw * fan_frac
    heat_kw = it_kw + fan_kw
    water_kw_per_k = water_kgs * HEAT_CAPACITY_KJ_PER_KGK
    hot_air_c = cool_air_c + air_rise_k * (1.0 + fan_frac)
    possible_kw = coil_kw_per_k(ua_kw_per_k, it_kw / air_rise_k, water_kw_per_k) * (
        hot_air_c - water_in_c
    )
    captured_kw = min(heat_kw * reaching_frac, max(0.0, possible_kw))
    return Captured(
        captured_kw,
        _warmed_c(water_in_c, captured_kw, water_kw_per_k),
        heat_kw - captured_kw,
        0.0,
        fan_kw,
    )


@kernel
def _warmed_c(water_in_c: float, captured_kw: float, water_kw_per_k: float) -> float:
    """Give the water's outlet temperature; water that stands still keeps its own."""
    if captured_kw <= 0.0:
        return water_in_c
    return water_in_c + captured_kw / water_kw_per_k
