"""What a site lives through: weather of a typical year, utilisation, and a customer's demand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from exotherm.physics.cop_map import CopMap
from exotherm.physics.load_profile import LoadProfile

FloatArray = NDArray[np.float64]
HOURS_OF_YEAR = 8760


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """A typical year in 8,760 hours of UTC, 1 January 00:00 first, without a 29 February.

    ``outdoor_c`` is the dry-bulb temperature in °C, shape (8760,). Relative humidity, global
    irradiance on the horizontal and wind speed have the same shape, or are None where the file
    has none for every hour.
    """

    outdoor_c: FloatArray
    source: str
    humidity_frac: FloatArray | None = None
    global_w_per_m2: FloatArray | None = None
    wind_ms: FloatArray | None = None

    def __post_init__(self) -> None:
        for hours in (self.outdoor_c, self.humidity_frac, self.global_w_per_m2, self.wind_ms):
            if hours is not None:
                assert hours.shape == (HOURS_OF_YEAR,), hours.shape
                assert np.isfinite(hours).all()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatDemand:
    """The heat that a customer used in a year, as mean power per step from local new year on.

    ``heat_kw`` has one value per ``step``, in instants that pass without clock changes from
    ``start`` (aware, UTC).
    """

    start: datetime
    step: timedelta
    heat_kw: FloatArray
    source: str

    def __post_init__(self) -> None:
        assert self.start.utcoffset() == timedelta(0)
        assert self.heat_kw.ndim == 1
        assert np.isfinite(self.heat_kw).all()
        assert (self.heat_kw >= 0).all()

    @property
    def heat_kwh(self) -> float:
        """The heat of the whole series."""
        return float(self.heat_kw.sum()) * (self.step / timedelta(hours=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """All that a site's plant lives in, and the maps that its file asks for.

    ``measured`` has one entry per ``[[measured]]`` of the site, in its order. ``load_profiles``
    are BDEW's by the name of the customer, as far as a building asks for one. ``cop_map`` is that
    of the heat pump's refrigerant, where its method is a map.
    """

    weather: Weather
    utilisation: Utilisation
    measured: tuple[HeatDemand, ...] = ()
    load_profiles: Mapping[str, LoadProfile] = field(default_factory=dict)
    cop_map: CopMap | None = None


def hour_of_typical_year(instant: datetime) -> int:
    """Find the hour of the typical year that an instant in UTC falls into.

    29 February is lived as 28 February: a typical year has none.
    """
    day = 28 if (instant.month, instant.day) == (2, 29) else instant.day
    typical = datetime(2001, instant.month, day, instant.hour, tzinfo=instant.tzinfo)
    return (typical.timetuple().tm_yday - 1) * 24 + instant.hour
