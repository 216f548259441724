"""The loads of a site in every step of a period: all that its customers ask beside the pool."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np

from exotherm.core.period import Period
from exotherm.physics.computing import FloatArray, IntArray
from exotherm.physics.load_profile import LoadProfile
from exotherm.plant.demand.hall import hall_air_of
from exotherm.plant.demand.load import Load
from exotherm.plant.demand.measured import QUARTERS_OF_HOUR, measured_load
from exotherm.plant.demand.network import network_loads
from exotherm.plant.demand.space_heat import body_of, space_heat_of
from exotherm.plant.demand.water import circulation_of, hot_water_of
from exotherm.plant.demand.year import Year, year_at
from exotherm.site.customers import Building
from exotherm.site.document import Site
from exotherm.site.series import Surroundings

_QUARTER = timedelta(minutes=15)
_STEPS = (timedelta(minutes=1), _QUARTER, timedelta(hours=1))


def loads_on(
    site: Site, surroundings: Surroundings, period: Period, *, step: timedelta
) -> tuple[Load, ...]:
    """Lay the loads of a site on the steps of a period.

    Whole calendar years by the site's clock are worked out and cut, so an instant has the same
    load in whatever period it is asked. Hourly values hold for their hour, and a step that
    reaches into the next hour gets the mean. The period begins on a quarter-hour and is a whole
    number of steps of an hour, a quarter-hour or a minute. A customer without heat gives no load,
    but one that only the weather leaves without gives a load of nought.

    The weather is that of the plan, ``warming_k`` included; the heat that the file gives for a
    year was used in the same weather without it, and in the planned year.
    """
    assert step in _STEPS, step
    steps = period.duration // step
    assert steps * step == period.duration, "a period is a whole number of steps"
    years = _years_touched(site, surroundings, period)
    of_years = [_loads_of_year(site, surroundings, year) for year in years]
    index = _quarters(years[0], period, min(step, _QUARTER))
    per_step = max(1, step // _QUARTER)
    return tuple(_cut(parts, years, index, per_step) for parts in zip(*of_years, strict=True))


def _years_touched(site: Site, surroundings: Surroundings, period: Period) -> tuple[Year, ...]:
    first = period.start.astimezone(site.zone).year
    last = (period.end - timedelta(microseconds=1)).astimezone(site.zone).year
    outdoor_c = surroundings.weather.outdoor_c
    return tuple(
        year_at(site.zone, number, outdoor_c, southern=site.site.is_southern)
        for number in range(first, last + 1)
    )


# --- A whole year


def _loads_of_year(site: Site, surroundings: Surroundings, year: Year) -> tuple[Load, ...]:
    """Give every load of a site through a year, in hours or, where measured, in quarter-hours."""
    reference = year_at(
        site.zone,
        site.study.year,
        surroundings.weather.outdoor_c - site.weather.warming_k,
        southern=site.site.is_southern,
    )
    loads: list[Load] = []
    if site.pool is not None and site.pool.ventilation is not None:
        loads.append(hall_air_of(site.pool, site.pool.ventilation, surroundings.weather, year))
    of_buildings = [
        load
        for building in site.buildings
        for load in building_loads(building, surroundings.load_profiles, year, reference)
    ]
    if site.network is None:
        loads += of_buildings
    else:
        together_kw = _sum_kw(of_buildings, year) if site.buildings else None
        loads += network_loads(site.network, year, reference, together_kw)
    assert len(surroundings.measured) == len(site.measured), "each measured customer has its heat"
    loads += [
        measured_load(customer, demand, year, reference)
        for customer, demand in zip(site.measured, surroundings.measured, strict=True)
    ]
    return tuple(loads)


def building_loads(
    building: Building, profiles: Mapping[str, LoadProfile], year: Year, reference: Year
) -> list[Load]:
    """Give what a building asks in every hour of a year: space heat, hot water, circulation."""
    loads: list[Load] = []
    if building.loss_w_per_k is not None or building.space_heat_kwh_per_m2:
        body = body_of(building, reference)
        loads.append(space_heat_of(body, year, reference, profiles))
    if building.hot_water_l_per_m2_day:
        loads.append(hot_water_of(building, year))
    if building.circulation_m_per_m2 and building.circulation_w_per_m:
        loads.append(circulation_of(building, year))
    return loads


def _sum_kw(loads: Sequence[Load], year: Year) -> FloatArray:
    total_kw = np.zeros_like(year.outdoor_c)
    for load in loads:
        total_kw += load.heat_kw
    return total_kw


# --- Cut to the period


def _quarters(first: Year, period: Period, step: timedelta) -> IntArray:
    """Find the quarter-hour, counted from the first year's beginning, of every step."""
    offset, rest = divmod(period.start - first.period.start, _QUARTER)
    assert not rest, "a period begins on a quarter-hour"
    steps = np.arange(period.duration // step)
    return np.asarray(offset + steps // (_QUARTER // step))


def _cut(parts: Sequence[Load], years: Sequence[Year], index: IntArray, per_step: int) -> Load:
    """Join a load's years and take the steps of the period out of them."""

    def laid(of_years: Sequence[FloatArray]) -> FloatArray:
        quarters = [
            _in_quarters(values, year) for values, year in zip(of_years, years, strict=True)
        ]
        return _means(np.concatenate(quarters)[index], per_step)

    return Load(
        name=parts[0].name,
        heat_kw=laid([part.heat_kw for part in parts]),
        supply_c=laid([part.supply_c for part in parts]),
        return_c=laid([part.return_c for part in parts]),
        heat_kw_max=max(part.heat_kw_max for part in parts),
        acceptance=parts[0].acceptance,
    )


def _in_quarters(values: FloatArray, year: Year) -> FloatArray:
    is_hourly = values.size == year.hour.size
    quarters = np.repeat(values, QUARTERS_OF_HOUR) if is_hourly else values
    return quarters[: year.period.duration // _QUARTER]


def _means(values: FloatArray, per_step: int) -> FloatArray:
    """Give the mean of each step's quarter-hours, exactly their value where they are equal."""
    if per_step == 1:
        return values
    rows = values.reshape(-1, per_step)
    first = rows[:, 0]
    return np.asarray(first + (rows - first[:, np.newaxis]).mean(axis=1), dtype=np.float64)
