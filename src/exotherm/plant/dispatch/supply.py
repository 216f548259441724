"""What heat costs in one step: a convex curve of straight pieces, from the cheapest heat on.

With the source's heat limited, direct use and heat pump span a polygon of what they can give
together; its lower edge is the curve, and the boiler's heat joins it where its price belongs.
"""

from typing import NamedTuple

import numpy as np

from exotherm.core.kernel import inner_kernel, kernel
from exotherm.physics.computing import FloatArray, IntArray

PIECES_MAX = 6
"""most pieces of a step's curve: four of the polygon's edge, the boiler, heat that nobody gives"""
_CORNERS = 5


class Supply(NamedTuple):
    """The curves of all steps: pieces in rising order of cost, as prices and heats.

    Shapes (steps, PIECES_MAX), and (steps,) for how many pieces there are. ``direct``, ``power``,
    ``boiler`` and ``unmet`` are what a kilowatt-hour of the piece's heat takes of direct use, of
    electricity, of the boiler, and of nothing at all.
    """

    cost_per_kwh: FloatArray
    heat_kwh: FloatArray
    direct: FloatArray
    power: FloatArray
    boiler: FloatArray
    unmet: FloatArray
    pieces: IntArray


@kernel
def lay_supply(
    source_kw: FloatArray,
    demand_kw: FloatArray,
    direct_kw_max: FloatArray,
    cop: FloatArray,
    electricity_per_kwh: FloatArray,
    heat_pump_kw_max: FloatArray,
    step_h: float,
    boiler_kw_max: float,
    boiler_cost_per_kwh: float,
    rejection_frac: float,
    unmet_cost_per_kwh: float,
) -> Supply:
    """Lay out the curve of every step; the cost of rejecting all heat is no part of it."""
    steps = source_kw.size
    cost = np.zeros((steps, PIECES_MAX))
    heat = np.zeros((steps, PIECES_MAX))
    direct = np.zeros((steps, PIECES_MAX))
    power = np.zeros((steps, PIECES_MAX))
    boiler = np.zeros((steps, PIECES_MAX))
    unmet = np.zeros((steps, PIECES_MAX))
    pieces = np.zeros(steps, dtype=np.int64)
    corners = np.zeros((_CORNERS, 4))
    for step in range(steps):
        price = electricity_per_kwh[step]
        count = _corners(
            corners,
            source_kw[step],
            direct_kw_max[step],
            cop[step],
            heat_pump_kw_max[step],
            price,
            rejection_frac,
        )
        laid, corner = 0, 1
        boiler_kw, short_kw = boiler_kw_max, demand_kw[step]
        if unmet_cost_per_kwh == np.inf:
            short_kw = 0.0
        while corner < count or boiler_kw > 0.0 or short_kw > 0.0:
            slope, heat_kw = np.inf, 0.0
            if corner < count:
                heat_kw = corners[corner, 0] - corners[corner - 1, 0]
                slope = (corners[corner, 1] - corners[corner - 1, 1]) / heat_kw
            if corner < count and (
                (boiler_kw <= 0.0 or slope <= boiler_cost_per_kwh)
                and (short_kw <= 0.0 or slope <= unmet_cost_per_kwh)
            ):
                direct[step, laid] = (corners[corner, 2] - corners[corner - 1, 2]) / heat_kw
                power[step, laid] = (corners[corner, 3] - corners[corner - 1, 3]) / heat_kw
                corner += 1
            elif boiler_kw > 0.0 and (short_kw <= 0.0 or boiler_cost_per_kwh <= unmet_cost_per_kwh):
                slope, heat_kw, boiler_kw = boiler_cost_per_kwh, boiler_kw, 0.0
                boiler[step, laid] = 1.0
            else:
                slope, heat_kw, short_kw = unmet_cost_per_kwh, short_kw, 0.0
                unmet[step, laid] = 1.0
            cost[step, laid] = slope
            heat[step, laid] = heat_kw * step_h
            laid += 1
        pieces[step] = laid
    return Supply(cost, heat, direct, power, boiler, unmet, pieces)


@inner_kernel
def _corners(
    corners: FloatArray,
    source_kw: float,
    direct_kw_max: float,
    cop: float,
    heat_pump_kw_max: float,
    price: float,
    rejection_frac: float,
) -> int:
    """Write the corners of the polygon's lower edge from nothing on, and give how many there are.

    A corner is heat, cost, direct use, electricity. Using heat saves the electricity of rejecting
    it. A kilowatt-hour of pumped heat takes k = (cop - 1) / cop of the source's.
    """
    most_direct = min(direct_kw_max, source_kw)
    most_pumped = cop * heat_pump_kw_max
    taken = (cop - 1.0) / cop
    full = most_pumped if taken * most_pumped <= source_kw else source_kw / taken
    beside = most_pumped
    if taken * most_pumped > source_kw - most_direct:
        beside = (source_kw - most_direct) / taken
    direct_cost = -rejection_frac * price
    pumped_cost = (price - rejection_frac * price * (cop - 1.0)) / cop
    # All corners but the origin, in the polygon's order; some may coincide.
    with_full = min(most_direct, max(0.0, source_kw - taken * full))
    count = 1
    for column in range(4):
        corners[0, column] = 0.0
    for number in range(4):
        direct_kw, pumped_kw = most_direct, 0.0
        if number == 1:
            pumped_kw = beside
        elif number == 2:
            direct_kw, pumped_kw = with_full, full
        elif number == 3:
            direct_kw, pumped_kw = 0.0, full
        heat_kw = direct_kw + pumped_kw
        cost = direct_cost * direct_kw + pumped_cost * pumped_kw
        _insert(corners, count, heat_kw, cost, direct_kw, pumped_kw / cop)
        count += 1
    return _lower_edge(corners, count)


@inner_kernel
def _insert(
    corners: FloatArray, count: int, heat_kw: float, cost: float, direct_kw: float, power_kw: float
) -> None:
    """Insert a corner in the order of heat, then of cost."""
    at = count
    while at > 0 and (
        corners[at - 1, 0] > heat_kw
        or (corners[at - 1, 0] == heat_kw and corners[at - 1, 1] > cost)
    ):
        for column in range(4):
            corners[at, column] = corners[at - 1, column]
        at -= 1
    corners[at, 0], corners[at, 1], corners[at, 2], corners[at, 3] = (
        heat_kw,
        cost,
        direct_kw,
        power_kw,
    )


@inner_kernel
def _lower_edge(corners: FloatArray, count: int) -> int:
    """Keep the corners of the lower edge, in place: Andrew's monotone chain."""
    kept = 0
    for corner in range(count):
        heat_kw, cost = corners[corner, 0], corners[corner, 1]
        if kept > 0 and heat_kw - corners[kept - 1, 0] <= 1e-12 * (1.0 + heat_kw):
            # The same heat: the one before is no dearer.
            continue
        while kept > 1:
            rise = corners[kept - 1, 1] - corners[kept - 2, 1]
            run = corners[kept - 1, 0] - corners[kept - 2, 0]
            if rise * (heat_kw - corners[kept - 1, 0]) < (cost - corners[kept - 1, 1]) * run:
                break
            kept -= 1
        for column in range(4):
            corners[kept, column] = corners[corner, column]
        kept += 1
    return kept
