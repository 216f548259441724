"""Standard load profiles of the German gas industry: heat by type of building and temperature.

BDEW/VKU/GEODE, Abwicklung von Standardlastprofilen Gas; the form and its parameters go back to
Hellwig, TU München (2003). They describe many customers together: the peak of one building is
higher.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exotherm.physics.building import lagged_outdoor_c

FloatArray = NDArray[np.float64]

BANDS_C = (-15, -10, -5, 0, 5, 10, 15, 20, 25, 30)
"""upper ends of the ten temperature bands of the hourly shares; the last is open"""
# At 40 °C the sigmoid has its pole.
_WARMEST_C = 39.0
# Below 15 °C the demand for hot water is taken as constant.
_WATER_C_MIN = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A straight line in the reference temperature."""

    slope: float
    offset: float

    def at(self, reference_c: FloatArray) -> FloatArray:
        """Give its value at a temperature."""
        return self.slope * reference_c + self.offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Sigmoid:
    """How the heat of a day follows the temperature: A / (1 + (B / (t - 40))^C) + D.

    Later profiles add the larger of two straight lines, for space heat and for hot water. The
    value is near 1 at a reference temperature of 8 °C.
    """

    a: float
    b: float
    c: float
    d: float
    space: Line | None = None
    water: Line | None = None

    def daily_factor(self, reference_c: FloatArray) -> FloatArray:
        """Give the heat of a day, in units of the customer's value."""
        t = np.minimum(reference_c, _WARMEST_C)
        factor = self.a / (1.0 + (self.b / (t - 40.0)) ** self.c) + self.d
        if self.space is not None and self.water is not None:
            factor = factor + np.maximum(self.space.at(t), self.water.at(t))
        return np.asarray(factor, dtype=np.float64)

    def hot_water_factor(self, reference_c: FloatArray) -> FloatArray:
        """Give the part of a day's heat that is hot water: D, and the line above 15 °C."""
        base = np.full_like(reference_c, self.d)
        return (
            base
            if self.water is None
            else base + self.water.at(np.clip(reference_c, _WATER_C_MIN, _WARMEST_C))
        )

    def space_factor(self, reference_c: FloatArray) -> FloatArray:
        """Give the part of a day's heat that warms rooms: all that is not hot water."""
        space = self.daily_factor(reference_c) - self.hot_water_factor(reference_c)
        return np.asarray(np.maximum(0.0, space), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadProfile:
    """A type of customer: its sigmoid, its weekdays, and how a day's heat falls on its hours.

    ``weekday_factor`` begins with Monday; ``hour_share`` has shape (7, 24, 10): weekday, hour,
    band of BANDS_C, and sums to one over each day.
    """

    name: str
    sigmoid: Sigmoid
    weekday_factor: tuple[float, ...]
    hour_share: FloatArray
    source: str

    def __post_init__(self) -> None:
        assert len(self.weekday_factor) == 7
        assert self.hour_share.shape == (7, 24, len(BANDS_C))
        assert np.allclose(self.hour_share.sum(axis=1), 1.0)


def reference_c(outdoor_c: FloatArray) -> FloatArray:
    """Give each day's reference temperature from hourly ones: its mean, with three days' memory."""
    return lagged_outdoor_c(outdoor_c.reshape(-1, 24).mean(axis=1), steps_per_day=1)


def band_of(reference_c: FloatArray) -> NDArray[np.int_]:
    """Find the band of each temperature: up to and including its upper end."""
    return np.clip(np.ceil(reference_c / 5.0).astype(np.int_) + 3, 0, len(BANDS_C) - 1)


def profile_heat_kw(
    outdoor_c: FloatArray, profile: LoadProfile, *, first_weekday: int, heat_kwh: float
) -> FloatArray:
    """Give the hourly heat of a customer, in kW, that sums to ``heat_kwh`` over the series.

    ``outdoor_c`` holds whole days of hours from a local midnight on, usually a year, which closes
    on itself; ``first_weekday`` is 0 where it begins on a Monday.
    """
    daily_c = reference_c(outdoor_c)
    weekday = (first_weekday + np.arange(daily_c.size)) % 7
    daily = profile.sigmoid.daily_factor(daily_c) * np.asarray(profile.weekday_factor)[weekday]
    shares = profile.hour_share[weekday, :, band_of(daily_c)]
    hourly = (daily[:, np.newaxis] * shares).reshape(-1)
    return np.asarray(hourly * (heat_kwh / hourly.sum()), dtype=np.float64)


def space_heat_shape(
    outdoor_c: FloatArray,
    profile: LoadProfile,
    *,
    day: NDArray[np.int64],
    hour: NDArray[np.int64],
    weekday: NDArray[np.int64],
) -> FloatArray:
    """Give the hourly space heat of a customer whose value is one, hot water left out.

    ``day`` numbers the days of a year from 0 on, ``hour`` is that of the local clock and
    ``weekday`` 0 on a Monday, each one value per hour; the year closes on itself. A day on which
    clocks change has 23 or 25 hours and its whole heat.
    """
    hours = np.bincount(day)
    daily_c = lagged_outdoor_c(np.bincount(day, weights=outdoor_c) / hours, steps_per_day=1)
    share = profile.hour_share[weekday, hour, band_of(daily_c)[day]]
    of_day = np.bincount(day, weights=share)
    daily = profile.sigmoid.space_factor(daily_c) / of_day
    return np.asarray(
        daily[day] * np.asarray(profile.weekday_factor)[weekday] * share, dtype=np.float64
    )
