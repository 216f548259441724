"""Building the plant's constants from a site, and its conditions from weather and use."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from exotherm.core.period import Period
from exotherm.physics.computing import FloatArray, fan_power_kw, linear_power_kw
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, KJ_PER_KWH, density_kg_per_m3
from exotherm.plant.step import Plant, State
from exotherm.site.document import Pool, Site
from exotherm.site.heat_path import heat_path_of
from exotherm.site.series import HOURS_OF_YEAR, Utilisation, Weather

# The trace's first hour is laid on a Monday, so that weekdays stay weekdays.
_A_MONDAY = datetime(2001, 1, 1, tzinfo=UTC)


def build_plant(site: Site) -> Plant:
    """Work out the constants of a site's plant."""
    pool, delivery, rejection = site.pool, site.delivery, site.rejection
    path = heat_path_of(site)
    return Plant(
        capture_frac=site.capture.capture_frac,
        coolant_c_max=site.capture.coolant_c_max,
        coolant_pump_kw=site.capture.pump_kw,
        ups_loss_frac=site.computing.ups_loss_frac,
        controls_kw=site.computing.controls_kw,
        exchanger_kw_per_k=path.exchanger_kw_per_k,
        buffer_kwh_per_k=_water_kwh_per_k(site.buffer.volume_m3, 40.0),
        buffer_loss_kw_per_k=site.buffer.loss_w_per_k / 1000.0,
        buffer_room_c=site.buffer.room_c,
        delivery_kw_per_k=path.delivery_kw_per_k,
        delivery_flow_kgs=delivery.flow_kgs,
        delivery_pump_kw=delivery.pump_kw,
        delivery_controls_kw=delivery.controls_kw,
        rejection_kw_per_k=rejection.heat_kw_rated / rejection.lift_k_rated,
        fan_kw_rated=rejection.fan_kw_rated,
        pool_kwh_per_k=_water_kwh_per_k(pool.area_m2 * pool.depth_m, pool.water_c_set),
        pool_area_m2=pool.area_m2,
        pool_c_set=pool.water_c_set,
        pool_c_max=pool.water_c_max,
        hall_air_c=pool.hall_air_c,
        hall_humidity_frac=pool.hall_humidity_frac,
        air_speed_ms=pool.air_speed_ms,
        convection_w_per_m2k=pool.convection_w_per_m2k,
        ground_loss_kw=pool.ground_loss_w_per_m2 * pool.area_m2 / 1000.0,
        boiler_kw=site.boiler.heat_kw_rated,
        boiler_efficiency_frac=site.boiler.efficiency_frac,
    )


def initial_state(plant: Plant) -> State:
    """Give the state in which a year begins: pool at its set-point, buffer at the pool's."""
    return State(buffer_c=plant.pool_c_set, pool_c=plant.pool_c_set)


def _water_kwh_per_k(volume_m3: float, water_c: float) -> float:
    return volume_m3 * density_kg_per_m3(water_c) * HEAT_CAPACITY_KJ_PER_KGK / KJ_PER_KWH


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """The conditions of every step of a period, each an array of shape (steps,).

    Names and units are those of Conditions; ``step_h`` is the length of a step in hours.
    """

    period: Period
    step_h: float
    it_kw: FloatArray
    outdoor_c: FloatArray
    mains_c: FloatArray
    activity: FloatArray
    makeup_kgs: FloatArray

    @property
    def steps(self) -> int:
        """The number of steps."""
        return int(self.it_kw.size)


def expose(
    site: Site, weather: Weather, utilisation: Utilisation, period: Period, *, step: timedelta
) -> Exposure:
    """Lay weather, utilisation and the pool's use on the steps of a period.

    Hourly values hold for the whole of their hour, so steps of an hour or less see the same
    year. The period is a whole number of steps.
    """
    steps = period.duration // step
    assert steps * step == period.duration, "a period is a whole number of steps"
    starts = np.datetime64(period.start.replace(tzinfo=None), "s") + np.arange(
        steps
    ) * np.timedelta64(int(step.total_seconds()), "s")
    hours = starts.astype("datetime64[h]")
    day_of_year = _typical_days(hours)
    hour_of_day = (hours - hours.astype("datetime64[D]")).astype(int)
    occupied, opening_h = _occupation(site, starts)
    return Exposure(
        period=period,
        step_h=step / timedelta(hours=1),
        it_kw=_server_power(site, utilisation, hours),
        outdoor_c=weather.outdoor_c[(day_of_year * 24 + hour_of_day) % HOURS_OF_YEAR],
        mains_c=_mains_c(site.pool, day_of_year),
        activity=_activity(site.pool, occupied),
        makeup_kgs=_makeup_kgs(site.pool, occupied, opening_h),
    )


def without_servers(exposure: Exposure) -> Exposure:
    """Give the same exposure with the servers gone: the customer's own boiler alone."""
    return Exposure(
        period=exposure.period,
        step_h=exposure.step_h,
        it_kw=np.zeros_like(exposure.it_kw),
        outdoor_c=exposure.outdoor_c,
        mains_c=exposure.mains_c,
        activity=exposure.activity,
        makeup_kgs=exposure.makeup_kgs,
    )


def _typical_days(hours: np.ndarray) -> np.ndarray:
    """Give the day of a year without 29 February, which is lived as the 28th."""
    years = hours.astype("datetime64[Y]")
    day = (hours.astype("datetime64[D]") - years.astype("datetime64[D]")).astype(int)
    year = years.astype(int) + 1970
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return np.asarray(np.where(leap & (day >= 59), day - 1, day))


def _server_power(site: Site, utilisation: Utilisation, hours: np.ndarray) -> FloatArray:
    monday = np.datetime64(_A_MONDAY.replace(tzinfo=None), "h")
    index = (hours - monday).astype(int) % utilisation.utilisation_frac.size
    power = linear_power_kw if site.computing.power_model == "linear" else fan_power_kw
    return power(
        utilisation.utilisation_frac[index],
        power_kw_rated=site.computing.power_kw_rated,
        idle_frac=site.computing.idle_frac,
    )


def _occupation(site: Site, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tell for every step whether people bathe, and how many hours that day is open."""
    local = _local(site, starts)
    weekday = ((local.astype("datetime64[D]").astype(int) + 3) % 7) + 1
    hour = (local.astype("datetime64[h]") - local.astype("datetime64[D]")).astype(int)
    occupied = np.zeros(starts.size, dtype=bool)
    opening_h = np.zeros(starts.size)
    for opening in site.pool.opening:
        today = np.isin(weekday, opening.weekdays)
        occupied |= today & (hour >= opening.opens_at) & (hour < opening.closes_at)
        opening_h += today * max(0, opening.closes_at - opening.opens_at)
    return occupied, opening_h


def _local(site: Site, starts: np.ndarray) -> np.ndarray:
    """Give the local wall-clock time of instants in UTC; offsets only change on whole hours."""
    zone = site.zone
    hours, inverse = np.unique(starts.astype("datetime64[h]"), return_inverse=True)
    offsets = [
        hour.replace(tzinfo=UTC).astimezone(zone).utcoffset() or timedelta(0)
        for hour in hours.astype("datetime64[s]").tolist()
    ]
    seconds = np.array([offset.total_seconds() for offset in offsets], dtype=int)
    return np.asarray(starts + seconds[inverse].astype("timedelta64[s]"))


def _mains_c(pool: Pool, day_of_year: np.ndarray) -> FloatArray:
    """Give the fresh water's temperature: a yearly wave, coldest in the middle of February."""
    wave = np.cos(2.0 * np.pi * (day_of_year - 45) / 365.0)
    return np.asarray(pool.mains_c_mean - pool.mains_k_swing * wave, dtype=np.float64)


def _activity(pool: Pool, occupied: np.ndarray) -> FloatArray:
    still = pool.activity_unoccupied * (pool.covered_frac if pool.cover else 1.0)
    return np.where(occupied, pool.activity_occupied, still).astype(np.float64)


def _makeup_kgs(pool: Pool, occupied: np.ndarray, opening_h: np.ndarray) -> FloatArray:
    """Spread the fresh water of a day over its opening hours, backwash over the week's."""
    seconds = np.where(opening_h > 0, opening_h, 1.0) * 3600.0
    bathers_l = pool.bathers_per_day * pool.makeup_l_per_bather
    open_days = sum(
        len(opening.weekdays) for opening in pool.opening if opening.closes_at > opening.opens_at
    )
    backwash_l = pool.backwash_m3_per_week * 1000.0 / max(1, open_days)
    litres_per_second = (bathers_l + backwash_l) / seconds
    return np.where(occupied, litres_per_second, 0.0).astype(np.float64)
