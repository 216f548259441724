"""What a site lives through: the weather of a typical year and the servers' utilisation."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
HOURS_OF_YEAR = 8760


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """A typical year in 8,760 hours of UTC, 1 January 00:00 first, without a 29 February.

    ``outdoor_c`` is the dry-bulb temperature in °C, shape (8760,).
    """

    outdoor_c: FloatArray
    source: str

    def __post_init__(self) -> None:
        assert self.outdoor_c.shape == (HOURS_OF_YEAR,), self.outdoor_c.shape
        assert np.isfinite(self.outdoor_c).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilisation:
    """How busy the servers are, hour by hour as a share of full, repeated without end.

    ``utilisation_frac`` has values 0 to 1, shape (n,); n is a whole number of weeks in the
    traces people have, so weekdays stay weekdays.
    """

    utilisation_frac: FloatArray
    source: str

    def __post_init__(self) -> None:
        assert self.utilisation_frac.ndim == 1
        assert self.utilisation_frac.size > 0
        assert ((self.utilisation_frac >= 0) & (self.utilisation_frac <= 1)).all()


def hour_of_typical_year(instant: datetime) -> int:
    """Find the hour of the typical year that an instant in UTC falls into.

    29 February is lived as 28 February: a typical year has none.
    """
    day = 28 if (instant.month, instant.day) == (2, 29) else instant.day
    typical = datetime(2001, instant.month, day, instant.hour, tzinfo=instant.tzinfo)
    return (typical.timetuple().tm_yday - 1) * 24 + instant.hour
