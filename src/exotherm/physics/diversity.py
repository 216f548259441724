"""Diversity: the peaks of many customers do not fall together."""

import math

import numpy as np

from exotherm.physics.computing import FloatArray, IntArray

# Winter, Haslauer, Obernberger: Untersuchungen der Gleichzeitigkeit in kleinen und mittleren
# Nahwärmenetzen, Euroheat & Power 2001.
_LEAST = 0.449677646267461
_SPAN = 0.551234688
_HALFWAY = 53.84382392
_STEEPNESS = 1.762743268


def simultaneity_frac(consumers: int) -> float:
    """Give the peak of a network over the sum of its stations' peaks: a + b / (1 + (n/c)^d).

    a 0.4497, b 0.5512, c 53.84, d 1.763; fitted to networks of up to some 300 stations, towards
    0.45. One station has 1, where the fit itself has 1.0004.
    """
    assert consumers >= 1
    return min(1.0, _LEAST + _SPAN / (1.0 + math.pow(consumers / _HALFWAY, _STEEPNESS)))


def even_out(heat_kw: FloatArray, day: IntArray, *, share_left: float) -> FloatArray:
    """Leave a share of the swing around each day's mean; the heat of every day stays.

    ``day`` numbers the day of every step, from 0 on, in steps of one length.
    """
    assert 0.0 <= share_left <= 1.0
    mean_kw = means_of_days(heat_kw, day)[day]
    return np.asarray(mean_kw + share_left * (heat_kw - mean_kw), dtype=np.float64)


def means_of_days(values: FloatArray, day: IntArray) -> FloatArray:
    """Give the mean of each day, of 23, 24 or 25 hours; days without a step have nought."""
    sums = np.bincount(day, weights=values)
    return np.asarray(sums / np.maximum(np.bincount(day), 1), dtype=np.float64)
