"""What a site asks for beside its file: weather, utilisation, measured heat, maps, profiles."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from exotherm.feeds.cop_maps import cop_map_name, load_cop_map
from exotherm.feeds.demand import local_year, read_demand
from exotherm.feeds.load_profiles import load_profile
from exotherm.feeds.utilisation import read_utilisation
from exotherm.physics.cop_map import CopMap
from exotherm.physics.load_profile import LoadProfile, profile_heat_kw
from exotherm.site.customers import MeasuredHeat
from exotherm.site.document import Site
from exotherm.site.profiles import PROFILE_BY_KIND
from exotherm.site.series import (
    HOURS_OF_YEAR,
    FloatArray,
    HeatDemand,
    Surroundings,
    Utilisation,
    Weather,
    hour_of_typical_year,
)
from exotherm.usecases.files import WorkspaceFiles
from exotherm.usecases.weather import weather_of

_HOUR = timedelta(hours=1)
_PARQUET = ".parquet"


def surroundings_of(
    site: Site, files: WorkspaceFiles, *, site_text: str = ""
) -> Surroundings | None:
    """Load all that a site lives in, or leave to the findings of ``files`` what is missing.

    ``site_text`` is the site file's own, to find a line in it.
    """
    weather, found = weather_of(site, files.text, site_text=site_text)
    files.findings.extend(found)
    utilisation = _utilisation(site, files)
    measured = [_measured(one, site, weather, files) for one in site.measured]
    known = tuple(one for one in measured if one is not None)
    if weather is None or utilisation is None or len(known) < len(measured):
        return None
    return Surroundings(
        weather=weather,
        utilisation=utilisation,
        measured=known,
        load_profiles=_load_profiles(site),
        cop_map=_cop_map(site),
    )


def series_files_of(site: Site) -> tuple[str, ...]:
    """Name the files that a site names, as they lie in its workspace."""
    weather = () if site.weather.file is None else (site.weather.file,)
    return (*weather, site.computing.utilisation_file, *(one.file for one in site.measured))


def _utilisation(site: Site, files: WorkspaceFiles) -> Utilisation | None:
    computing = site.computing
    text = files.text(computing.utilisation_file)
    if text is None:
        return None
    utilisation, found = read_utilisation(
        text,
        file=computing.utilisation_file,
        column=computing.utilisation_column,
        in_percent=computing.utilisation_in_percent,
        zone=site.zone,
    )
    files.findings.extend(found)
    return utilisation


def _measured(
    customer: MeasuredHeat, site: Site, weather: Weather | None, files: WorkspaceFiles
) -> HeatDemand | None:
    is_parquet = customer.file.lower().endswith(_PARQUET)
    content = files.content(customer.file) if is_parquet else files.text(customer.file)
    if content is None:
        return None
    demand, found = read_demand(
        content,
        file=customer.file,
        year=site.study.year,
        zone=site.zone,
        profile=_profile(customer, site, weather),
        heat_kw_rated=site.boiler.heat_kw_rated or None,
    )
    files.findings.extend(found)
    return demand


def _profile(customer: MeasuredHeat, site: Site, weather: Weather | None) -> FloatArray | None:
    """Give the profile that a customer's file is laid on the hours by, where it names one."""
    if customer.profile is None:
        return None
    if weather is None:
        # Nothing is planned without weather; what else stands against the file is still found.
        return np.ones(HOURS_OF_YEAR)
    profile = load_profile(customer.profile)
    return profile_of_year(profile, weather, year=site.study.year, zone=site.zone)


def profile_of_year(
    profile: LoadProfile, weather: Weather, *, year: int, zone: ZoneInfo
) -> FloatArray:
    """Lay a load profile on the hours of the typical year in UTC, shape (8760,).

    Weekdays and clock changes are those of ``year``, since people live by them. Only proportions
    count.
    """
    midnight = datetime(year, 1, 1)  # noqa: DTZ001 - by the local clock
    hours = (date(year + 1, 1, 1) - date(year, 1, 1)).days * 24
    clock = [midnight + number * _HOUR for number in range(hours)]
    instants = [time.replace(tzinfo=zone).astimezone(UTC) for time in clock]
    outdoor_c = weather.outdoor_c[[hour_of_typical_year(instant) for instant in instants]]
    heat_kw = profile_heat_kw(outdoor_c, profile, first_weekday=midnight.weekday(), heat_kwh=1.0)
    laid = np.empty(HOURS_OF_YEAR)
    for instant in local_year(year, zone).split(_HOUR):
        shown = instant.start.astimezone(zone).replace(tzinfo=None)
        laid[hour_of_typical_year(instant.start)] = heat_kw[(shown - midnight) // _HOUR]
    return laid


def _load_profiles(site: Site) -> Mapping[str, LoadProfile]:
    names = {PROFILE_BY_KIND[one.kind] for one in site.buildings if one.method == "profile"}
    return {name: load_profile(name) for name in sorted(names)}


def _cop_map(site: Site) -> CopMap | None:
    pump = site.heat_pump
    if pump is None or pump.method != "map":
        return None
    return load_cop_map(cop_map_name(pump.refrigerant, sink_return_c=pump.sink_return_c))
