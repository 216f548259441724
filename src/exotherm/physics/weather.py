"""Weather of a typical year made from monthly figures, for places without an hourly file.

The temperature of an hour is the sum of four parts:

    T(h) = S(h) + a(h) + A cos(2 pi (h_local - 14.5) / 24) + w(h)

S is the course of the year, a least-squares fit of three harmonics through the months' middles; a
is the day's anomaly, a first-order autoregression over days; A the month's half daily swing; w the
hour's noise, a first-order autoregression over hours. Then every month is shifted to its exact
mean. What is new against the plain method: the anomalies of a month are scaled so that the
standard deviation of its daily means is the month's own, which the seasonal drift within the month
and the hourly noise would otherwise raise and the removal of the month's mean lower.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_YEAR_DAYS = 365
_MIDDLES = np.cumsum(_MONTH_DAYS) - _MONTH_DAYS / 2.0
_MONTH_OF_DAY = np.repeat(np.arange(12), _MONTH_DAYS)
_MONTH_OF_HOUR = np.repeat(_MONTH_OF_DAY, 24)
_HARMONICS = 3
# Files of 37 stations: 0.55 to 0.77 from day to day, which the removal of monthly means lowers
# from what goes in; 0.87 from hour to hour, standard deviation 0.9 to 2.6 K.
_DAY_MEMORY = 0.75
_HOUR_MEMORY = 0.85
_HOUR_SD_K = 1.2
_WARMEST_H = 14.5
_HUMIDITY_AT_MEAN = 0.80
# Scaling a month changes its neighbours a little, through the interpolation; thrice is enough.
_SCALINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Climate:
    """Twelve months of a place, January first.

    ``mean_c`` is the mean temperature, ``swing_k`` half the daily swing (amplitude of the mean
    day's first harmonic), ``sd_k`` the standard deviation of the daily means within the month.
    """

    mean_c: tuple[float, ...]
    swing_k: tuple[float, ...]
    sd_k: tuple[float, ...]

    def __post_init__(self) -> None:
        for months in (self.mean_c, self.swing_k, self.sd_k):
            assert len(months) == 12
        assert min(self.swing_k) >= 0
        assert min(self.sd_k) > 0


def synthetic_outdoor_c(
    climate: Climate,
    *,
    seed: int,
    utc_offset_h: float = 0.0,
    warming_k: Sequence[float] = (0.0,) * 12,
) -> FloatArray:
    """Make the hourly outdoor temperature of a typical year in UTC, in °C, shape (8760,).

    The same seed gives the same year (PCG64). ``utc_offset_h`` is the place's standard time
    against UTC; ``warming_k`` is added to the months' means, for a future climate. In local
    standard time every month has its exact mean.
    """
    assert len(warming_k) == 12
    mean_c = np.asarray(climate.mean_c) + np.asarray(warming_k)
    random = np.random.Generator(np.random.PCG64(seed))
    local_h: FloatArray = np.arange(_YEAR_DAYS * 24, dtype=np.float64) + 0.5
    calm_c = _course_of_year_c(mean_c, local_h / 24.0)
    anomaly = _autoregression(random, _YEAR_DAYS, _DAY_MEMORY)
    noise_k = _HOUR_SD_K * _autoregression(random, local_h.size, _HOUR_MEMORY)
    sd_k = np.asarray(climate.sd_k)
    background_c = calm_c + noise_k
    anomaly_k = _to_standard_deviation(anomaly * _through_months(sd_k), background_c, sd_k)
    swing_k = np.asarray(climate.swing_k)[_MONTH_OF_HOUR]
    day_k = swing_k * np.cos(2.0 * np.pi * (local_h - _WARMEST_H) / 24.0)
    outdoor_c = background_c + _hourly(anomaly_k) + day_k
    shift_k = mean_c - _means_of(outdoor_c, _MONTH_OF_HOUR)
    return to_utc(outdoor_c + shift_k[_MONTH_OF_HOUR], utc_offset_h=utc_offset_h)


def synthetic_humidity_frac(outdoor_c: FloatArray) -> FloatArray:
    """Give a relative humidity to hourly temperatures: the dew point of a day stays as it is.

    It is 80 % at the day's mean temperature, and at most 100 %. Magnus form over water, shape
    and order as given, whole days.
    """
    mean_c = np.repeat(outdoor_c.reshape(-1, 24).mean(axis=1), 24)
    ratio = np.exp(_magnus(mean_c) - _magnus(outdoor_c))
    return np.minimum(1.0, _HUMIDITY_AT_MEAN * ratio)


def heating_degree_days_kd(outdoor_c: FloatArray, *, base_c: float = 15.5) -> float:
    """Sum what the daily means of a year of hours lie below a base temperature, in K·d."""
    daily_c = outdoor_c.reshape(-1, 24).mean(axis=1)
    return float(np.maximum(0.0, base_c - daily_c).sum())


def to_utc(local: FloatArray, *, utc_offset_h: float) -> FloatArray:
    """Put a year of hours of local standard time into hours of UTC; the year closes on itself.

    Each value holds for its hour, so where the offset has a half hour (India) an hour of UTC is
    the mean of the two local hours it lies in.
    """
    whole = int(np.floor(utc_offset_h))
    part = utc_offset_h - whole
    shifted = np.roll(local, -whole)
    if part == 0.0:
        return shifted
    return np.asarray((1.0 - part) * shifted + part * np.roll(local, -whole - 1), dtype=np.float64)


def _magnus(temperature_c: FloatArray) -> FloatArray:
    return np.asarray(17.62 * temperature_c / (243.12 + temperature_c), dtype=np.float64)


def _waves(day: FloatArray) -> FloatArray:
    angle = 2.0 * np.pi * day / _YEAR_DAYS
    waves = [np.ones_like(day)]
    for order in range(1, _HARMONICS + 1):
        waves += [np.cos(order * angle), np.sin(order * angle)]
    return np.stack(waves, axis=1)


def _course_of_year_c(mean_c: FloatArray, day: FloatArray) -> FloatArray:
    factors, *_ = np.linalg.lstsq(_waves(_MIDDLES), mean_c, rcond=None)
    return np.asarray(_waves(day) @ factors, dtype=np.float64)


def _autoregression(random: np.random.Generator, size: int, memory: float) -> FloatArray:
    """Make noise of unit variance in which each value keeps a share of the one before."""
    fresh = random.standard_normal(size)
    fresh[1:] *= np.sqrt(1.0 - memory * memory)
    values = fresh.tolist()
    for index in range(1, size):
        values[index] += memory * values[index - 1]
    return np.array(values)


def _through_months(monthly: FloatArray) -> FloatArray:
    """Draw straight lines through the months' middles, to one value per day."""
    days = np.concatenate(([_MIDDLES[-1] - _YEAR_DAYS], _MIDDLES, [_MIDDLES[0] + _YEAR_DAYS]))
    around = np.concatenate((monthly[-1:], monthly, monthly[:1]))
    drawn: FloatArray = np.interp(np.arange(_YEAR_DAYS) + 0.5, days, around)
    return drawn


def _hourly(daily: FloatArray) -> FloatArray:
    """Draw straight lines through the days' middles, to one value per hour."""
    days = np.arange(-1, _YEAR_DAYS + 1) + 0.5
    around = np.concatenate((daily[-1:], daily, daily[:1]))
    drawn: FloatArray = np.interp((np.arange(_YEAR_DAYS * 24) + 0.5) / 24.0, days, around)
    return drawn


def _means_of(values: FloatArray, month: NDArray[np.int_]) -> FloatArray:
    sums = np.bincount(month, weights=values, minlength=12).astype(np.float64)
    return sums / np.bincount(month, minlength=12)


def _to_standard_deviation(
    anomaly_k: FloatArray, background_c: FloatArray, sd_k: FloatArray
) -> FloatArray:
    """Scale each month's anomalies so that its daily means scatter as they should.

    Where drift and noise alone scatter more, the month is left with no anomaly.
    """
    scaled = anomaly_k - _means_of(anomaly_k, _MONTH_OF_DAY)[_MONTH_OF_DAY]
    background = background_c.reshape(_YEAR_DAYS, 24).mean(axis=1)
    for _ in range(_SCALINGS):
        felt = _hourly(scaled).reshape(_YEAR_DAYS, 24).mean(axis=1)
        for month in range(12):
            days = month == _MONTH_OF_DAY
            scaled[days] *= _scale(felt[days], background[days], float(sd_k[month]))
    return scaled


def _scale(anomaly_k: FloatArray, background_c: FloatArray, sd_k: float) -> float:
    """Find the factor f at which background + f anomaly has the standard deviation."""
    covariance = np.cov(anomaly_k, background_c)
    square, half = float(covariance[0, 0]), float(covariance[0, 1])
    rest = float(covariance[1, 1]) - sd_k * sd_k
    if square <= 1e-12:
        return 0.0
    root = math.sqrt(max(0.0, half * half - square * rest))
    return max(0.0, (root - half) / square)
