"""An air-to-water coil: cross-flow effectiveness, and the heat it passes per kelvin."""

import math

from exotherm.core.kernel import kernel


@kernel
def crossflow_effectiveness(ntu: float, capacity_ratio: float) -> float:
    """Give the share of the largest possible heat that a cross-flow coil transfers.

    1 - exp((NTU^0.22 / C)(exp(-C NTU^0.78) - 1)), both streams unmixed, and 1 - exp(-NTU) where
    C = 0. Incropera and DeWitt, Fundamentals of Heat and Mass Transfer, table 11.3; it lies
    within 0.011 of Mason's exact series for NTU up to 5, within 0.02 up to 10.
    ``capacity_ratio`` is C, the smaller over the larger capacity rate, 0 to 1. A coil of several
    rows does a little better.
    """
    if ntu <= 0.0:
        return 0.0
    if capacity_ratio < 1e-9:
        return 1.0 - math.exp(-ntu)
    inner = math.exp(-capacity_ratio * ntu**0.78) - 1.0
    return 1.0 - math.exp(ntu**0.22 / capacity_ratio * inner)


@kernel
def coil_kw_per_k(ua_kw_per_k: float, air_kw_per_k: float, water_kw_per_k: float) -> float:
    """Give the heat per kelvin between the two inlets of a coil.

    ``air_kw_per_k`` and ``water_kw_per_k`` are the capacity rates (mass flow times specific
    heat); either may be nought, then nothing passes.
    """
    smaller = min(air_kw_per_k, water_kw_per_k)
    larger = max(air_kw_per_k, water_kw_per_k)
    if smaller <= 0.0 or ua_kw_per_k <= 0.0:
        return 0.0
    return smaller * crossflow_effectiveness(ua_kw_per_k / smaller, smaller / larger)
