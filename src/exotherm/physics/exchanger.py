"""Plate heat exchangers by effectiveness and number of transfer units."""

import math

from exotherm.core.kernel import kernel


@kernel
def counterflow_effectiveness(ntu: float, capacity_ratio: float) -> float:
    """Give the share of the largest possible heat that a counterflow exchanger transfers.

    (1 - e^(-NTU (1-C))) / (1 - C e^(-NTU (1-C))), and NTU / (1 + NTU) where C = 1.
    Kays and London, Compact Heat Exchangers; VDI Heat Atlas C1. ``capacity_ratio`` is C, the
    smaller over the larger capacity rate, 0 to 1.
    """
    if abs(1.0 - capacity_ratio) < 1e-9:
        return ntu / (1.0 + ntu)
    decay = math.exp(-ntu * (1.0 - capacity_ratio))
    return (1.0 - decay) / (1.0 - capacity_ratio * decay)


@kernel
def conductance_kw_per_k(ua_kw_per_k: float, hot_kw_per_k: float, cold_kw_per_k: float) -> float:
    """Give the heat per kelvin between the two inlets: effectiveness times the smaller rate.

    ``hot_kw_per_k`` and ``cold_kw_per_k`` are the capacity rates (mass flow times specific heat);
    either may be nought, then nothing passes.
    """
    smaller = min(hot_kw_per_k, cold_kw_per_k)
    larger = max(hot_kw_per_k, cold_kw_per_k)
    if smaller <= 0.0 or ua_kw_per_k <= 0.0:
        return 0.0
    return smaller * counterflow_effectiveness(ua_kw_per_k / smaller, smaller / larger)
