"""What a plant meets in every step of a period, from weather, servers and customers."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from exotherm.core.period import Period
from exotherm.physics.computing import FloatArray, fan_power_kw, linear_power_kw
from exotherm.physics.hot_water import cold_water_c
from exotherm.plant.capture import captured_by
from exotherm.plant.clock import hours_of_day, local_times, typical_days, weekdays
from exotherm.plant.cooling import cooler_air_c
from exotherm.plant.demand import Acceptance, Load, loads_on
from exotherm.plant.heat_pump import pump_conditions
from exotherm.plant.outages import Outages, no_outages
from exotherm.plant.parts import Conditions, Laid, lay
from exotherm.site.customers import OpeningHours, Pool
from exotherm.site.document import Site
from exotherm.site.heat_path import heat_path_of
from exotherm.site.series import HOURS_OF_YEAR, Surroundings, Utilisation

CHARGE_MARGIN_K = 1.0
"""By how much the store is kept warmer than customers need, for what it loses on the way."""
_WANTED_C_MIN = 25.0
_DAYS_OF_YEAR = HOURS_OF_YEAR // 24
# The trace's first hour is laid on a Monday, so that weekdays stay weekdays.
_A_MONDAY = datetime(2001, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """The conditions of every step of a period; ``step_h`` is the length of a step in hours.

    ``load_names`` are the customers beside the pool, in the order of the conditions' columns.
    """

    period: Period
    step_h: float
    conditions: Conditions
    load_names: tuple[str, ...] = ()

    @cached_property
    def laid(self) -> Laid:
        """The same conditions as the step function reads them, laid when they are first asked."""
        return lay(self.conditions)

    @property
    def steps(self) -> int:
        """The number of steps."""
        return int(self.conditions.it_kw.size)


def expose(
    site: Site,
    surroundings: Surroundings,
    period: Period,
    *,
    step: timedelta,
    outages: Outages | None = None,
    it_kw: FloatArray | None = None,
) -> Exposure:
    """Lay weather, servers and customers on the steps of a period, and what stands still in them.

    ``it_kw`` is the servers' power in each step where it was measured, instead of the trace's.

    Hourly values hold for the whole of their hour, so steps of an hour or less see the same
    year. The period is a whole number of steps.
    """
    steps = period.duration // step
    assert steps * step == period.duration, "a period is a whole number of steps"
    outages = outages or no_outages(steps)
    calendar = _calendar(period, step, site.zone)
    hour_of_year = calendar.hour_of_year
    if it_kw is None:
        it_kw = _server_power(site, surroundings.utilisation, calendar.hours, outages)
    coolant = captured_by(site.capture, it_kw)
    loads = loads_on(site, surroundings, period, step=step)
    use = _pool_use(site, calendar)
    wanted_c = _wanted_c(site, loads, coolant.captured_kw)
    pump = pump_conditions(site, surroundings, coolant, wanted_c)
    conditions = Conditions(
        it_kw=it_kw,
        capture_fan_kw=coolant.fan_kw,
        captured_kw=coolant.captured_kw,
        hot_c=coolant.hot_c,
        cooler_c=cooler_air_c(site.rejection, surroundings.weather)[hour_of_year],
        outdoor_c=surroundings.weather.outdoor_c[hour_of_year],
        mains_c=use.mains_c,
        activity=use.activity,
        uncovered_frac=use.uncovered_frac,
        makeup_kgs=use.makeup_kgs,
        wanted_c=wanted_c,
        pump_sink_c=pump.sink_c,
        pump_heat_kw=np.where(outages.heat_pump, 0.0, pump.heat_kw),
        pump_efficiency_frac=pump.efficiency_frac,
        charging=(~outages.charging).astype(np.float64),
        delivering=(~outages.delivery).astype(np.float64),
        load_kw=_beside([load.heat_kw for load in loads], steps),
        load_supply_c=_beside([load.supply_c for load in loads], steps),
        load_return_c=_beside([load.return_c for load in loads], steps),
        station_kw_per_k=_stations(loads, site.delivery.approach_k),
        acceptance=np.array([int(load.acceptance) for load in loads], dtype=np.int64),
    )
    return Exposure(
        period=period,
        step_h=step / timedelta(hours=1),
        conditions=conditions,
        load_names=tuple(load.name for load in loads),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calendar:
    """The steps of a period on the calendar; nobody may write to these, since they are kept."""

    starts: np.ndarray
    hours: np.ndarray
    days: np.ndarray
    """of a year without 29 February"""
    hour_of_year: np.ndarray
    weekday: np.ndarray
    """by the clock of the place, Monday is 1"""
    hour: np.ndarray
    """by the clock of the place"""


@lru_cache(maxsize=16)
def _calendar(period: Period, step: timedelta, zone: ZoneInfo) -> _Calendar:
    """Lay the steps of a period on the calendar; thousands of scenarios share one."""
    steps = period.duration // step
    starts = np.datetime64(period.start.replace(tzinfo=None), "s") + np.arange(
        steps
    ) * np.timedelta64(int(step.total_seconds()), "s")
    hours = starts.astype("datetime64[h]")
    days = typical_days(hours)
    local = local_times(zone, starts)
    hour_of_day = (hours - hours.astype("datetime64[D]")).astype(int)
    calendar = _Calendar(
        starts=starts,
        hours=hours,
        days=days,
        hour_of_year=(days * 24 + hour_of_day) % HOURS_OF_YEAR,
        weekday=weekdays(local),
        hour=hours_of_day(local),
    )
    for kept in fields(calendar):
        getattr(calendar, kept.name).setflags(write=False)
    return calendar


def without_servers(exposure: Exposure) -> Exposure:
    """Give the same exposure with the servers gone: the customers' own heat alone.

    Nothing is delivered, so what the store holds at the start is not taken for the boiler's heat.
    """
    conditions = exposure.conditions
    nothing = np.zeros_like(conditions.it_kw)
    return Exposure(
        period=exposure.period,
        step_h=exposure.step_h,
        conditions=conditions._replace(
            it_kw=nothing,
            capture_fan_kw=nothing,
            captured_kw=nothing,
            pump_heat_kw=nothing,
            delivering=nothing,
        ),
        load_names=exposure.load_names,
    )


def _beside(columns: Sequence[FloatArray], steps: int) -> FloatArray:
    """Lay columns beside each other, each row together in memory; none makes a table of none."""
    return np.ascontiguousarray(np.stack(columns, axis=1)) if columns else np.empty((steps, 0))


def _stations(loads: Sequence[Load], approach_k: float) -> FloatArray:
    """Give each station the heat transfer that passes its largest load at the approach."""
    return np.array([max(load.heat_kw_max, 1e-3) / approach_k for load in loads])


def _wanted_c(site: Site, loads: Sequence[Load], captured_kw: FloatArray) -> FloatArray:
    """Give how warm the store has to be to serve every customer, and a little more.

    A pool wants what its exchanger needs to pass all heat there is.
    """
    wanted_c = np.full_like(captured_kw, _WANTED_C_MIN)
    for load in loads:
        if load.acceptance is not Acceptance.OWN_PLANT:
            wanted_c = np.maximum(wanted_c, load.supply_c + site.delivery.approach_k)
    if site.pool is not None:
        pumped_kw = site.heat_pump.heat_kw_rated if site.heat_pump else 0.0
        given_kw = np.maximum(captured_kw, pumped_kw)
        per_k = heat_path_of(site).delivery_kw_per_k
        wanted_c = np.maximum(wanted_c, site.pool.water_c_max + given_kw / per_k)
    return wanted_c + CHARGE_MARGIN_K


def _server_power(
    site: Site, utilisation: Utilisation, hours: np.ndarray, outages: Outages
) -> FloatArray:
    monday = np.datetime64(_A_MONDAY.replace(tzinfo=None), "h")
    index = (hours - monday).astype(int) % utilisation.utilisation_frac.size
    power = linear_power_kw if site.computing.power_model == "linear" else fan_power_kw
    it_kw = power(
        np.where(outages.work, 0.0, utilisation.utilisation_frac[index]),
        power_kw_rated=site.computing.power_kw_rated,
        idle_frac=site.computing.idle_frac,
    )
    return np.where(outages.servers, 0.0, it_kw)


# --- The pool's use


@dataclass(frozen=True, slots=True, kw_only=True)
class _PoolUse:
    """What bathers and cover do to the pool, each of shape (steps,)."""

    mains_c: FloatArray
    activity: FloatArray
    uncovered_frac: FloatArray
    makeup_kgs: FloatArray


def _pool_use(site: Site, calendar: _Calendar) -> _PoolUse:
    pool = site.pool
    if pool is None:
        nothing = np.zeros(calendar.starts.size)
        return _PoolUse(
            mains_c=nothing, activity=nothing, uncovered_frac=nothing, makeup_kgs=nothing
        )
    occupied, opening_h = _occupation(pool.opening, calendar)
    return _PoolUse(
        mains_c=cold_water_c(
            np.arange(_DAYS_OF_YEAR),
            mean_c=pool.mains_c_mean,
            swing_k=pool.mains_k_swing,
            southern=site.site.is_southern,
        )[calendar.days],
        activity=_activity(pool, occupied, opening_h),
        uncovered_frac=np.where(~occupied & pool.cover, pool.covered_frac, 1.0).astype(np.float64),
        makeup_kgs=_makeup_kgs(pool, occupied, opening_h),
    )


def _occupation(
    openings: tuple[OpeningHours, ...], calendar: _Calendar
) -> tuple[np.ndarray, FloatArray]:
    """Tell for every step whether people are there, and how many hours that day is open."""
    occupied = np.zeros(calendar.starts.size, dtype=bool)
    opening_h = np.zeros(calendar.starts.size)
    for opening in openings:
        today, hour = np.isin(calendar.weekday, opening.weekdays), calendar.hour
        occupied |= today & (hour >= opening.opens_at) & (hour < opening.closes_at)
        opening_h += today * max(0, opening.closes_at - opening.opens_at)
    return occupied, opening_h


def _activity(pool: Pool, occupied: np.ndarray, opening_h: FloatArray) -> FloatArray:
    """Give what the method of evaporation goes by while people bathe and while they do not."""
    match pool.evaporation:
        case "ashrae":
            busy: FloatArray | float = pool.activity_occupied
            still = pool.activity_unoccupied
        case "vdi":
            busy, still = pool.transfer_occupied_m_per_h, pool.transfer_unoccupied_m_per_h
        case "shah":
            # A bather stays a while, so on average as many are there as come in that time.
            busy = pool.bathers_per_day * pool.stay_h / np.maximum(opening_h, 1.0)
            still = 0.0
    return np.where(occupied, busy, still).astype(np.float64)


def _makeup_kgs(pool: Pool, occupied: np.ndarray, opening_h: FloatArray) -> FloatArray:
    """Spread the fresh water of a day over its opening hours, backwash over the week's."""
    seconds = np.where(opening_h > 0, opening_h, 1.0) * 3600.0
    bathers_l = pool.bathers_per_day * pool.makeup_l_per_bather
    open_days = sum(
        len(opening.weekdays) for opening in pool.opening if opening.closes_at > opening.opens_at
    )
    backwash_l = pool.backwash_m3_per_week * 1000.0 / max(1, open_days)
    litres_per_second = (bathers_l + backwash_l) / seconds
    return np.where(occupied, litres_per_second, 0.0).astype(np.float64)
