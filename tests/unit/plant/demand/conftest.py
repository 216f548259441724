"""Sites with other customers than the example's pool, and made years of weather around them."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from exotherm.feeds.load_profiles import load_profile
from exotherm.feeds.normals import load_cities, make_weather
from exotherm.site.document import Site
from exotherm.site.series import HeatDemand, Surroundings, Utilisation, Weather

IDLE = Utilisation(utilisation_frac=np.zeros(168), source="idle")
PROFILES = {name: load_profile(name) for name in ("public", "lodging", "multi family", "commerce")}

SiteMaker = Callable[..., Site]
SurroundingsMaker = Callable[..., Surroundings]


@pytest.fixture(scope="session")
def site_with(pool_folder: Path) -> SiteMaker:
    """Make a site of the example's machines with other customers, place and year."""
    written = tomllib.loads((pool_folder / "site.toml").read_text(encoding="utf-8"))

    def make(
        *, zone: str = "Europe/Rome", year: int = 2026, warming_k: float = 0.0, **customers: object
    ) -> Site:
        without = {key: value for key, value in written.items() if key != "pool"}
        return Site.model_validate(
            without
            | {"site": written["site"] | {"zone": zone}, "study": {"year": year}}
            | {"weather": written["weather"] | {"warming_k": warming_k}}
            | customers
        )

    return make


@pytest.fixture(scope="session")
def building_site(site_with: SiteMaker) -> SiteMaker:
    """Make a site with one building, called Main."""

    def make(
        kind: str = "school",
        *,
        zone: str = "Europe/Rome",
        year: int = 2026,
        warming_k: float = 0.0,
        **fields: object,
    ) -> Site:
        building = {"name": "Main", "kind": kind, "floor_m2": 3000.0} | fields
        return site_with(zone=zone, year=year, warming_k=warming_k, buildings=[building])

    return make


@pytest.fixture(scope="session")
def around() -> SurroundingsMaker:
    """Make what a site lives in, from weather and measured heat, with BDEW's profiles."""

    def make(weather: Weather, *measured: HeatDemand) -> Surroundings:
        return Surroundings(
            weather=weather, utilisation=IDLE, measured=measured, load_profiles=PROFILES
        )

    return make


@pytest.fixture(scope="session")
def weather_of() -> Callable[[str], Weather]:
    """Make a year of a city's weather."""
    cities = {city.name: city for city in load_cities()}
    return lambda name: make_weather(cities[name], seed=1)


@pytest.fixture(scope="session")
def piedmont(pool_surroundings: Surroundings) -> Weather:
    """Give the weather of the example."""
    return pool_surroundings.weather


@pytest.fixture(scope="session")
def surroundings(around: SurroundingsMaker, piedmont: Weather) -> Surroundings:
    """Live in the weather of the example, without servers."""
    return around(piedmont)
