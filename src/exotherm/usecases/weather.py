"""The weather of a site: read from the workspace's file, or made from a city's normals."""

import difflib
from collections.abc import Callable
from dataclasses import replace

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.feeds.normals import load_cities, make_weather
from exotherm.feeds.weather import read_epw, read_pvgis, read_tmy3, read_try
from exotherm.site.document import Site, WeatherSource
from exotherm.site.series import Weather

SITE_FILE = "site.toml"
Weathered = tuple[Weather | None, tuple[Finding, ...]]


def weather_of(
    site: Site, read_text: Callable[[str], str | None], *, site_text: str = ""
) -> Weathered:
    """Give a site's weather, or the findings that stand against it.

    ``read_text`` gives the text of a file of the workspace, or None where it has told why not;
    ``site_text`` is the site file's own, to find a line in it.
    """
    return weather_from(site.weather, read_text, text=site_text, file=SITE_FILE)


def weather_from(
    source: WeatherSource, read_text: Callable[[str], str | None], *, text: str, file: str
) -> Weathered:
    """Give the weather that a document names; ``text`` and ``file`` are that document's own."""
    if source.file is None:
        weather, findings = _of_city(source, Source(file=file, text=text))
    else:
        content = read_text(source.file)
        if content is None:
            return None, ()
        weather, findings = _of_file(source, content)
    if weather is None or not source.warming_k:
        return weather, findings
    warmer = replace(
        weather,
        outdoor_c=weather.outdoor_c + source.warming_k,
        source=f"{weather.source}, warmed by {source.warming_k:g} K",
    )
    return warmer, findings


def _of_file(source: WeatherSource, text: str) -> Weathered:
    assert source.file is not None
    match source.format:
        case "pvgis":
            return read_pvgis(text, file=source.file)
        case "epw":
            return read_epw(text, file=source.file)
        case "tmy3":
            return read_tmy3(text, file=source.file, utc_offset_h=source.utc_offset_h)
        case "try":
            return read_try(text, file=source.file)


def _of_city(source: WeatherSource, document: Source) -> Weathered:
    cities = {city.name: city for city in load_cities()}
    city = cities.get(source.city or "")
    if city is not None:
        return make_weather(city, seed=source.seed), ()
    near = difflib.get_close_matches(source.city or "", cities, n=3, cutoff=0.4)
    unknown = document.error(
        "weather.city-unknown",
        "weather",
        "city",
        message=f"No normals are known of `{source.city}`.",
        remedy=f"Take one of {', '.join(f'`{name}`' for name in near or sorted(cities))}, or a "
        "file: PVGIS gives a typical year for any place.",
        city=source.city,
    )
    return None, (unknown,)
