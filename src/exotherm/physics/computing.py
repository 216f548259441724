"""Servers: power from utilisation."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def linear_power_kw(
    utilisation_frac: FloatArray, *, power_kw_rated: float, idle_frac: float
) -> FloatArray:
    """Give server power that rises in a straight line from idle to rated power."""
    idle_kw = idle_frac * power_kw_rated
    return idle_kw + (power_kw_rated - idle_kw) * utilisation_frac


def fan_power_kw(
    utilisation_frac: FloatArray, *, power_kw_rated: float, idle_frac: float
) -> FloatArray:
    """Give server power by idle + (rated - idle)(2u - u^1.4).

    Fan, Weber, Barroso, Power provisioning for a warehouse-sized computer, ISCA 2007.
    """
    idle_kw = idle_frac * power_kw_rated
    return idle_kw + (power_kw_rated - idle_kw) * (2.0 * utilisation_frac - utilisation_frac**1.4)
