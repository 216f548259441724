"""COP and capacity of one machine from the points measured on it, as in EN 14511 certificates.

``points`` has a row per point with four columns: source inlet °C, sink outlet °C, COP, heat kW.
``glide_k`` is how far the source cooled at these points, 3 K under EN 14511's standard rating.
One point is enough; every other brings the answer closer to the machine.
"""

import math

from exotherm.core.kernel import kernel
from exotherm.physics.computing import FloatArray
from exotherm.physics.heat_pump import carnot_cop

EN_14511_GLIDE_K = 3.0

# Medians over 150 machines certified at four points each: capacity per kelvin of source and sink.
_CAPACITY_PER_SOURCE_K = 0.024
_CAPACITY_PER_SINK_K = -0.005
# Motors and expansion valves end what a warmer source would bring.
_BEYOND_WARMEST_K_MAX = 15.0
_SAME_POINT_K2 = 1e-6


@kernel
def _weight(source_apart_k: float, sink_apart_k: float) -> float:
    """Give how much a point counts: one over the square of its distance, endless when met."""
    return 1.0 / (source_apart_k**2 + sink_apart_k**2 + _SAME_POINT_K2)


@kernel
def points_efficiency_frac(
    points: FloatArray, glide_k: float, source_out_c: float, sink_out_c: float
) -> float:
    """Give the share of Carnot between and beyond measured points, by inverse squared distance.

    The answer lies between the least and the greatest share measured, so a COP far from all
    points keeps the form T / lift and stays below Carnot; a straight line through COPs does
    not. Shepard, Proc. 23rd ACM Conference, 1968. At a point it gives the point within 1e-6.
    """
    weighed = total = 0.0
    for row in range(points.shape[0]):
        point_out_c = points[row, 0] - glide_k
        weight = _weight(source_out_c - point_out_c, sink_out_c - points[row, 1])
        weighed += weight * points[row, 2] / carnot_cop(point_out_c, points[row, 1])
        total += weight
    return weighed / total


@kernel
def points_cop(
    points: FloatArray, glide_k: float, source_out_c: float, sink_out_c: float, cop_max: float
) -> float:
    """Give the COP at full load from measured points, at most ``cop_max``.

    Left out one by one, the corners of 150 certified machines (B0, W10 / W35, W55) come back with
    a median error of 2 to 7 %; a plane through the COPs errs by 8 to 17 %.
    """
    efficiency_frac = points_efficiency_frac(points, glide_k, source_out_c, sink_out_c)
    return min(cop_max, efficiency_frac * carnot_cop(source_out_c, sink_out_c))


@kernel
def points_heat_kw(
    points: FloatArray, glide_k: float, source_out_c: float, sink_out_c: float
) -> float:
    """Give the heat at full load in kW from measured points.

    Each point is carried over by +2.4 % per kelvin of source and -0.5 % per kelvin of sink, the
    medians of certified machines (suction vapour grows denser), then all are weighed by
    inverse squared distance. Sources count to 15 K above the warmest point. Points without a
    capacity (0 kW) are passed over; with none at all the answer is nought.
    """
    warmest_c = -math.inf
    for row in range(points.shape[0]):
        warmest_c = max(warmest_c, points[row, 0] - glide_k)
    counted_c = min(source_out_c, warmest_c + _BEYOND_WARMEST_K_MAX)
    weighed = total = 0.0
    for row in range(points.shape[0]):
        if points[row, 3] <= 0.0:
            continue
        source_apart_k = counted_c - (points[row, 0] - glide_k)
        sink_apart_k = sink_out_c - points[row, 1]
        carried = _CAPACITY_PER_SOURCE_K * source_apart_k + _CAPACITY_PER_SINK_K * sink_apart_k
        weight = _weight(source_apart_k, sink_apart_k)
        weighed += weight * (math.log(points[row, 3]) + carried)
        total += weight
    return math.exp(weighed / total) if total > 0.0 else 0.0
