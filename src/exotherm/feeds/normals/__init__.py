"""Monthly weather figures of fifty places, from which a typical year can be made.

``cities.csv`` is one line per place. ``computed`` figures are derived statistics of the typical
year that ``source`` names; ``expert`` ones are 1991 to 2020 normals by expert knowledge, within
0.3 K, whose daily swing and scatter are those of the place named by ``spread_from``. Verify the
latter before quoting them. Coordinates are within 0.1 degree, to find the nearest place.
"""

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from exotherm.physics.weather import Climate, synthetic_humidity_frac, synthetic_outdoor_c
from exotherm.site.series import Weather

Confidence = Literal["computed", "expert high", "expert medium"]
_CONFIDENCES: dict[str, Confidence] = {
    "computed": "computed",
    "expert high": "expert high",
    "expert medium": "expert medium",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A place with its monthly climate, and where its figures are from.

    ``degree_days_15_5_kd`` are the heating degree days of the source's own year, on daily means
    below 15.5 °C. ``winter_c_design`` and ``summer_c_design`` are the temperatures that 0.4 % of
    its hours lie below and above. They are None where only monthly normals are known.
    """

    name: str
    country: str
    latitude_deg: float
    longitude_deg: float
    utc_offset_h: float
    confidence: Confidence
    source: str
    spread_from: str
    climate: Climate
    degree_days_15_5_kd: float | None
    winter_c_design: float | None
    summer_c_design: float | None


@lru_cache(maxsize=1)
def load_cities() -> tuple[City, ...]:
    """Load the places that come with the program."""
    text = files("exotherm.feeds.normals").joinpath("cities.csv").read_text(encoding="utf-8")
    return read_cities(text)


def read_cities(text: str) -> tuple[City, ...]:
    """Read places from the text of ``cities.csv``. Raises ValueError or KeyError."""
    return tuple(_city(row) for row in csv.DictReader(text.splitlines()))


def nearest_city(
    latitude_deg: float, longitude_deg: float, *, among: Iterable[City] | None = None
) -> tuple[City, float]:
    """Find the place nearest to a point, and its distance in km along the earth's surface."""
    cities = load_cities() if among is None else tuple(among)
    distances = [
        _distance_km(latitude_deg, longitude_deg, city.latitude_deg, city.longitude_deg)
        for city in cities
    ]
    nearest = min(range(len(cities)), key=distances.__getitem__)
    return cities[nearest], distances[nearest]


def make_weather(city: City, *, seed: int, warming_k: tuple[float, ...] = (0.0,) * 12) -> Weather:
    """Make a typical year for a place from its monthly figures; its source says it is made."""
    outdoor_c = synthetic_outdoor_c(
        city.climate, seed=seed, utc_offset_h=city.utc_offset_h, warming_k=warming_k
    )
    warmer = ", warmed by months" if any(warming_k) else ""
    return Weather(
        outdoor_c=outdoor_c,
        humidity_frac=synthetic_humidity_frac(outdoor_c),
        source=f"made from monthly figures of {city.name} ({city.source}), seed {seed}{warmer}",
    )


def _city(row: dict[str, str]) -> City:
    return City(
        name=row["name"],
        country=row["country"],
        latitude_deg=float(row["latitude_deg"]),
        longitude_deg=float(row["longitude_deg"]),
        utc_offset_h=float(row["utc_offset_h"]),
        confidence=_CONFIDENCES[row["confidence"]],
        source=row["source"],
        spread_from=row["spread_from"],
        climate=Climate(
            mean_c=_monthly(row, "c"), swing_k=_monthly(row, "swing_k"), sd_k=_monthly(row, "sd_k")
        ),
        degree_days_15_5_kd=_optional(row["degree_days_15_5_kd"]),
        winter_c_design=_optional(row["winter_c_design"]),
        summer_c_design=_optional(row["summer_c_design"]),
    )


def _monthly(row: dict[str, str], quantity: str) -> tuple[float, ...]:
    return tuple(float(row[f"{month}_{quantity}"]) for month in _MONTHS)


def _optional(cell: str) -> float | None:
    return float(cell) if cell else None


def _distance_km(
    latitude: float, longitude: float, to_latitude: float, to_longitude: float
) -> float:
    """Give the great-circle distance by the haversine formula on a sphere of 6,371 km."""
    here, there = math.radians(latitude), math.radians(to_latitude)
    across = math.radians(to_longitude - longitude)
    chord = (
        math.sin((there - here) / 2.0) ** 2
        + math.cos(here) * math.cos(there) * math.sin(across / 2.0) ** 2
    )
    return 2.0 * 6371.0 * math.asin(min(1.0, math.sqrt(chord)))
