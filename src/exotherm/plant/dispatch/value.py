"""The value of what is in the tank: backwards through the steps, exactly.

The least cost from a step on is a convex function of the tank's content, made of straight pieces.
Going back one step joins its pieces with those of the step's supply, in rising order (an infimal
convolution of convex functions merges their slopes), shifts them by the demand, cuts them to what
the tank holds, and stretches them by what it loses. Where a supply's piece lands among the slopes
is a content: the supply is worth running until the tank holds that much. These marks are all that
a forward pass needs. Cf. Cruise, Flatley, Gibbens, Zachary, arXiv 1406.3653 and 1412.0829.
"""

from typing import NamedTuple

import numpy as np

from exotherm.core.kernel import inner_kernel, kernel
from exotherm.physics.computing import FloatArray
from exotherm.plant.dispatch.supply import Supply

FEASIBLE_FRAC = 1e-9
"""share of a step's heat by which a demand may be missed in rounding"""
ROUNDED_FRAC = 1e-14
"""share of the tank's content that rounding may lose in a step"""
_STEADY_STEPS = 64
"""steps in a row whose marks are as in the lap before, from which on they all are"""


class Value(NamedTuple):
    """A convex function of content: from ``low_kwh`` on, pieces of a slope over a length."""

    low_kwh: float
    slope: FloatArray
    length_kwh: FloatArray


class Marks(NamedTuple):
    """Up to what content each piece of each step's supply is worth running, and the value at first.

    ``until_kwh`` has shape (steps, pieces). ``short`` is the last step whose demand cannot be
    met even from a full tank, or -1.
    """

    until_kwh: FloatArray
    first: Value
    short: int


@kernel
def value_backwards(
    supply: Supply,
    demand_kwh: FloatArray,
    kept_frac: float,
    tank_kwh: float,
    last: Value,
    lap: Marks,
) -> Marks:
    """Go back from the last step to the first, with ``last`` the value of what is left at the end.

    ``lap`` is the lap before: where its marks come out again for long enough, the rest is its own.
    Without one its marks are empty.
    """
    steps = demand_kwh.size
    most = supply.cost_per_kwh.shape[1]
    room = last.slope.size + most * steps + 2
    slope, length = np.empty(room), np.empty(room)
    new_slope, new_length = np.empty(room), np.empty(room)
    until = np.zeros((steps, most))
    count = last.slope.size
    slope[:count], length[:count] = last.slope, last.length_kwh
    low, steady = last.low_kwh, 0
    slack = FEASIBLE_FRAC * (1.0 + tank_kwh)
    missed = FEASIBLE_FRAC + ROUNDED_FRAC * tank_kwh
    for step in range(steps - 1, -1, -1):
        need = demand_kwh[step]
        # In contents before supply: from all supply short of the lowest, to the highest.
        start = low - _sum_of(supply.heat_kwh, step, supply.pieces[step])
        # Added up anew: a sum that is carried on grows away from its pieces, which stretch.
        end = low + _length_of(length, count)
        first, final = max(start, -need), min(end, kept_frac * tank_kwh - need)
        if first > final + missed + FEASIBLE_FRAC * need:
            return Marks(until, Value(low, slope[:0].copy(), length[:0].copy()), step)
        final = max(first, final)
        count = _join(
            supply.cost_per_kwh,
            supply.heat_kwh,
            supply.pieces[step],
            step,
            slope,
            length,
            count,
            low,
            start,
            first,
            final,
            end,
            kept_frac,
            until,
            new_slope,
            new_length,
        )
        low = max(0.0, (first + need) / kept_frac)
        slope, new_slope = new_slope, slope
        length, new_length = new_length, length
        if lap.until_kwh.size > 0:
            alike = _alike(until, lap.until_kwh, step, supply.pieces[step], slack)
            steady = steady + 1 if alike else 0
            if steady >= _STEADY_STEPS:
                until[:step] = lap.until_kwh[:step]
                return Marks(until, lap.first, -1)
    return Marks(until, Value(low, slope[:count].copy(), length[:count].copy()), -1)


@inner_kernel
def _join(
    cost_per_kwh: FloatArray,
    heat_kwh: FloatArray,
    pieces: int,
    step: int,
    slope: FloatArray,
    length: FloatArray,
    count: int,
    low: float,
    start: float,
    first: float,
    final: float,
    end: float,
    kept_frac: float,
    until: FloatArray,
    new_slope: FloatArray,
    new_length: FloatArray,
) -> int:
    """Join the pieces of a value with those of a step's supply, and mark where the latter land.

    Of the joined pieces, which lie from ``start`` to ``end``, those from ``first`` to ``final`` are
    kept and stretched; gives how many they are.
    """
    at, passed, taken, kept = start, low, 0, 0
    piece, stretched = pieces - 1, 1.0 / kept_frac
    # Up to the first content that is kept, pieces are cut off.
    while at < first and (piece >= 0 or taken < count):
        if piece >= 0 and (taken >= count or -cost_per_kwh[step, piece] <= slope[taken]):
            until[step, piece] = passed
            own, long = -cost_per_kwh[step, piece], heat_kwh[step, piece]
            piece -= 1
        else:
            own, long = slope[taken], length[taken]
            passed += long
            taken += 1
        at += long
        inside = min(at - first, long)
        if inside > 0.0:
            new_slope[kept] = own * kept_frac
            new_length[kept] = inside * stretched
            kept += 1
    while piece >= 0:
        own, long = -cost_per_kwh[step, piece], heat_kwh[step, piece]
        while taken < count and slope[taken] < own:
            new_slope[kept] = slope[taken] * kept_frac
            new_length[kept] = length[taken] * stretched
            passed += length[taken]
            taken += 1
            kept += 1
        until[step, piece] = passed
        if long > 0.0:
            new_slope[kept] = own * kept_frac
            new_length[kept] = long * stretched
            kept += 1
        piece -= 1
    for rest in range(taken, count):
        new_slope[kept] = slope[rest] * kept_frac
        new_length[kept] = length[rest] * stretched
        kept += 1
    # What lies above the last content that is kept is cut off again.
    over = (end - final) * stretched
    while kept > 0 and new_length[kept - 1] <= over:
        kept -= 1
        over -= new_length[kept]
    if kept > 0:
        new_length[kept - 1] -= max(0.0, over)
    return kept


@inner_kernel
def _sum_of(table: FloatArray, row: int, count: int) -> float:
    total = 0.0
    for column in range(count):
        total += table[row, column]
    return total


@inner_kernel
def _length_of(length: FloatArray, count: int) -> float:
    """Add lengths up, in four sums beside each other: none waits for the one before."""
    first = second = third = fourth = 0.0
    fours = count - count % 4
    for piece in range(0, fours, 4):
        first += length[piece]
        second += length[piece + 1]
        third += length[piece + 2]
        fourth += length[piece + 3]
    for piece in range(fours, count):
        first += length[piece]
    return (first + second) + (third + fourth)


@inner_kernel
def _alike(until: FloatArray, before: FloatArray, step: int, pieces: int, slack: float) -> bool:
    """Tell whether a step's marks are those of the lap before."""
    for piece in range(pieces):
        if abs(until[step, piece] - before[step, piece]) > 1e-3 * slack:
            return False
    return True


class Run(NamedTuple):
    """A way through the steps: contents at their ends, and how much of each piece was run.

    ``missed_kwh`` is demand that nothing met; but for rounding it is nought where marks hold.
    """

    content_kwh: FloatArray
    used_kwh: FloatArray
    missed_kwh: float


@kernel
def run_forwards(
    supply: Supply,
    demand_kwh: FloatArray,
    kept_frac: float,
    until_kwh: FloatArray,
    start_kwh: float,
) -> Run:
    """Run each piece of supply, the cheapest first, until the tank holds what its mark says."""
    steps = demand_kwh.size
    contents = np.empty(steps)
    used = np.zeros_like(supply.heat_kwh)
    content, missed = start_kwh, 0.0
    for step in range(steps):
        content = kept_frac * content - demand_kwh[step]
        for piece in range(supply.pieces[step]):
            wanted = until_kwh[step, piece] - content
            if wanted > 0.0:
                if wanted <= supply.heat_kwh[step, piece]:
                    used[step, piece] = wanted
                    content = until_kwh[step, piece]
                else:
                    used[step, piece] = supply.heat_kwh[step, piece]
                    content += supply.heat_kwh[step, piece]
        missed += max(0.0, -content)
        content = max(0.0, content)
        contents[step] = content
    return Run(contents, used, missed)


@kernel
def part_of_run(used_kwh: FloatArray, part: FloatArray) -> FloatArray:
    """Give what the used pieces of each step take of something, as ``part`` of their heat."""
    steps, most = used_kwh.shape
    taken = np.empty(steps)
    for step in range(steps):
        total = 0.0
        for piece in range(most):
            total += used_kwh[step, piece] * part[step, piece]
        taken[step] = total
    return taken


@kernel
def sum_of(values: FloatArray) -> float:
    """Sum with the small parts kept that a plain sum would lose (Kahan)."""
    total, lost = 0.0, 0.0
    for at in range(values.size):
        term = values[at] - lost
        new = total + term
        lost = (new - total) - term
        total = new
    return total


@kernel
def prices_of_run(
    supply: Supply,
    run: Run,
    kept_frac: float,
    tank_kwh: float,
    laps: int,
    low: float,
    high: float,
) -> FloatArray:
    """Give what a kilowatt-hour more of demand would cost in each step of a year.

    Heat is worth at least the dearest piece that runs and at most the cheapest that does not; from
    one step to the next it is worth the same, but for losses, unless the tank is empty or full in
    between. Backwards these bounds are drawn as close as they have to be, forwards a price is
    taken within them. Laps go round the year, whose end is its beginning, until nothing changes.
    ``low`` and ``high`` bound what heat at the end is worth; endless where only laps tell.
    """
    steps = run.content_kwh.size
    least, most = np.empty(steps), np.empty(steps)
    slack = FEASIBLE_FRAC * (1.0 + tank_kwh)
    for lap in range(laps):
        low_before, high_before = low, high
        for step in range(steps - 1, -1, -1):
            for piece in range(supply.pieces[step]):
                cost = supply.cost_per_kwh[step, piece]
                if run.used_kwh[step, piece] > slack:
                    low = max(low, cost)
                if run.used_kwh[step, piece] < supply.heat_kwh[step, piece] - slack:
                    high = min(high, cost)
            least[step], most[step] = low, high
            before = run.content_kwh[step - 1]
            low = -np.inf if before >= tank_kwh - slack else kept_frac * low
            high = np.inf if before <= slack else kept_frac * high
        if lap > 0 and low == low_before and high == high_before:
            break
    prices = np.empty(steps)
    price = least[0] if least[0] > -np.inf else (most[0] if most[0] < np.inf else 0.0)
    for _ in range(laps):
        price_before = price
        for step in range(steps):
            price = max(least[step], min(most[step], price / kept_frac))
            prices[step] = price
        if price == price_before:
            break
    return prices


@kernel
def bound_of_prices(
    supply: Supply, demand_kwh: FloatArray, kept_frac: float, tank_kwh: float, prices: FloatArray
) -> float:
    """Give a cost that no way round the year can be below, whatever the prices are.

    The Lagrangian of the heat balance: each step's supply takes what pays at its price, the demand
    is paid for, and the tank holds what pays from one step to the next, at most all it can.
    """
    total, lost = 0.0, 0.0
    for step in range(demand_kwh.size):
        price = prices[step]
        worth = price * demand_kwh[step]
        for piece in range(supply.pieces[step]):
            gain = supply.cost_per_kwh[step, piece] - price
            if gain < 0.0:
                worth += gain * supply.heat_kwh[step, piece]
        stored = prices[step - 1] - kept_frac * price
        if stored < 0.0:
            worth += stored * tank_kwh
        term = worth - lost
        new = total + term
        lost = (new - total) - term
        total = new
    return total
