"""COP of a refrigerant's cycle, read from a map made beforehand."""

from typing import NamedTuple

from exotherm.core.kernel import kernel
from exotherm.physics.computing import FloatArray
from exotherm.physics.heat_pump import KELVIN, LIFT_K_MIN

APPROACH_K = 5.0
"""How far the refrigerant is from both waters in the cycles the maps were made of."""


class CopMap(NamedTuple):
    """A map over source outlet (rows) and sink outlet (columns), both in even steps."""

    source_c_start: float
    source_k_step: float
    sink_c_start: float
    sink_k_step: float
    efficiency_frac: FloatArray
    """share of `inner_carnot_cop`, rows by columns, at least two of each"""


@kernel
def inner_carnot_cop(source_out_c: float, sink_out_c: float) -> float:
    """Give the Carnot COP between the refrigerant's own temperatures, 5 K off both waters.

    A lift below 5 K counts as 5 K, above the source. Its share in a real cycle bends so little
    that straight lines across 5 K give the COP within 1 %; those through COPs would err by 10.
    """
    sink_c = max(sink_out_c, source_out_c + LIFT_K_MIN)
    return (sink_c + APPROACH_K + KELVIN) / (sink_c - source_out_c + 2.0 * APPROACH_K)


@kernel
def _place(value: float, start: float, step: float, count: int) -> tuple[int, float]:
    """Give the cell of an axis and the share of it, kept within the axis."""
    along = min(max((value - start) / step, 0.0), count - 1.0)
    cell = min(int(along), count - 2)
    return cell, along - cell


@kernel
def map_cop(cop_map: CopMap, source_out_c: float, sink_out_c: float, cop_max: float) -> float:
    """Give the COP of the map's cycle, at most ``cop_max``.

    Bilinear in the share of `inner_carnot_cop`, within 1 % of the cycle itself. Beyond the map
    the share at its edge holds, so the COP stays below Carnot; it is no longer within 1 %.
    """
    rows, columns = cop_map.efficiency_frac.shape
    sink_c = max(sink_out_c, source_out_c + LIFT_K_MIN)
    row, down = _place(source_out_c, cop_map.source_c_start, cop_map.source_k_step, rows)
    column, across = _place(sink_c, cop_map.sink_c_start, cop_map.sink_k_step, columns)
    shares = cop_map.efficiency_frac
    upper = (1.0 - across) * shares[row, column] + across * shares[row, column + 1]
    lower = (1.0 - across) * shares[row + 1, column] + across * shares[row + 1, column + 1]
    share: float = (1.0 - down) * upper + down * lower
    return min(cop_max, share * inner_carnot_cop(source_out_c, sink_out_c))
