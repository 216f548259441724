"""Weather files: typical years as PVGIS, EnergyPlus, NREL and DWD publish them.

Every reader is pure, takes the text and the file's name, and gives the year and what is to be
said about it. A line that cannot be is named, and no gap is filled.
"""

from exotherm.feeds.weather.epw import read_epw
from exotherm.feeds.weather.fetching import UnableToFetchWeather, fetch_pvgis
from exotherm.feeds.weather.pvgis import read_pvgis
from exotherm.feeds.weather.tmy3 import read_tmy3
from exotherm.feeds.weather.try_dwd import read_try

__all__ = [
    "UnableToFetchWeather",
    "fetch_pvgis",
    "read_epw",
    "read_pvgis",
    "read_tmy3",
    "read_try",
]
