"""Checks of a site: what can be read from the file alone and would fail in the plant room."""

from collections.abc import Callable, Iterator

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.units import format_quantity
from exotherm.site.check_meters import METER_CHECKS
from exotherm.site.check_values import VALUE_CHECKS
from exotherm.site.document import OpeningHours, Site
from exotherm.site.heat_path import captured_kw, heat_path_of

# Below this share of the full server heat the exchangers, not the servers, size the project.
_PASSED_FRAC_MIN = 0.75
# An indoor pool's water loses 825 to 906 kWh per m² and year, covered at night.
_POOL_LOSS_KW_PER_M2 = 0.1
_BUFFER_MIN = 5.0
_POOL_BAND_K_MAX = 3.0
_HALL_AIR_K_BELOW_MAX = 2.0


def check_site(site: Site, *, text: str = "", file: str = "site.toml") -> tuple[Finding, ...]:
    """Check that a site makes physical sense, and give every finding about it.

    ``text`` is the file that the site was read from; with it findings have lines.
    """
    source = Source(file=file, text=text)
    checks = (*_PLANT_CHECKS, *VALUE_CHECKS, *METER_CHECKS)
    return tuple(finding for check in checks for finding in check(site, source))


def _rejection_suffices(site: Site, source: Source) -> Iterator[Finding]:
    """Check that heat rejection alone keeps the servers cool on the hottest day."""
    lift_k = site.capture.coolant_c_max - site.weather.outdoor_c_design
    if lift_k <= 0:
        yield source.error(
            "site.coolant-below-outdoor",
            "weather",
            "outdoor_c_design",
            message=f"On the hottest day the air has {_c(site.weather.outdoor_c_design)} and the "
            f"coolant may have {_c(site.capture.coolant_c_max)}: a dry cooler rejects nothing.",
            remedy="Take servers with a higher `coolant_c_max`, or another kind of rejection.",
            lift_k=lift_k,
        )
        return
    rejection = site.rejection
    possible_kw = rejection.heat_kw_rated * lift_k / rejection.lift_k_rated
    needed_kw = _coolant_heat_kw(site)
    if possible_kw < needed_kw:
        yield source.error(
            "site.rejection-too-small",
            "rejection",
            "heat_kw_rated",
            message=f"The servers and the coolant pump give {_kw(needed_kw)} to the coolant; at "
            f"{_c(site.weather.outdoor_c_design)} outdoors and {_c(site.capture.coolant_c_max)} "
            f"coolant the dry cooler rejects {_kw(possible_kw)}.",
            remedy=f"Take a dry cooler of {_kw(needed_kw * rejection.lift_k_rated / lift_k)} or "
            "more at its rating: the servers stay safe when nobody wants heat.",
            needed_kw=round(needed_kw, 3),
            possible_kw=round(possible_kw, 3),
            lift_k=lift_k,
        )


def _coolant_flows(site: Site, source: Source) -> Iterator[Finding]:
    """Check that coolant need not come back from the dry cooler colder than the air."""
    capture = site.capture
    rise_k = _coolant_heat_kw(site) / (capture.flow_kgs * capture.heat_capacity_kj_per_kgk)
    back_c = capture.coolant_c_max - rise_k
    if back_c <= site.weather.outdoor_c_design < capture.coolant_c_max:
        yield source.error(
            "site.coolant-flow-too-small",
            "capture",
            "flow_kgs",
            message=f"At full load the coolant warms by {_k(rise_k)}, so it has to come back with "
            f"{_c(back_c)} from a dry cooler in air of {_c(site.weather.outdoor_c_design)}.",
            remedy="Raise `flow_kgs`: a dry cooler cannot cool below the air.",
            rise_k=round(rise_k, 3),
            return_c=round(back_c, 3),
        )


def _heat_reaches_pool(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the coolant is warmer than the pool by enough for both exchangers."""
    coolant_c, pool = site.capture.coolant_c_max, site.pool
    if coolant_c <= pool.water_c_max:
        yield source.error(
            "site.coolant-too-cool",
            "capture",
            "coolant_c_max",
            message=f"The coolant has at most {_c(coolant_c)} and the pool up to "
            f"{_c(pool.water_c_max)}: no heat passes from one to the other.",
            remedy="Take servers with a higher `coolant_c_max`; this plant has no heat pump.",
            coolant_c_max=coolant_c,
            water_c_max=pool.water_c_max,
        )
        return
    passed_kw = heat_path_of(site).heat_kw(coolant_c=coolant_c, pool_c=pool.water_c_set)
    full_kw = captured_kw(site)
    if passed_kw < _PASSED_FRAC_MIN * full_kw:
        yield source.warning(
            "site.exchangers-limit-heat",
            "exchanger",
            "ua_kw_per_k",
            message=f"From coolant of {_c(coolant_c)} to a pool of {_c(pool.water_c_set)} the two "
            f"exchangers pass {_kw(passed_kw)} of the {_kw(full_kw)} that full servers give.",
            remedy="Enlarge the exchangers or their flows; what does not pass is rejected.",
            passed_kw=round(passed_kw, 3),
            captured_kw=round(full_kw, 3),
        )


def _pool_makes_sense(site: Site, source: Source) -> Iterator[Finding]:
    """Check the temperatures of water and air against each other."""
    pool = site.pool
    band_k = pool.water_c_max - pool.water_c_set
    if band_k > _POOL_BAND_K_MAX:
        yield source.warning(
            "site.pool-band-wide",
            "pool",
            "water_c_max",
            message=f"The pool may warm by {_k(band_k)} above its {_c(pool.water_c_set)}; bathers "
            f"notice more than {_k(_POOL_BAND_K_MAX)}.",
            remedy="Lower `water_c_max` to what the pool's manager agrees to.",
            band_k=round(band_k, 3),
        )
    below_k = pool.water_c_set - pool.hall_air_c
    if below_k > _HALL_AIR_K_BELOW_MAX:
        yield source.warning(
            "site.hall-air-too-cool",
            "pool",
            "hall_air_c",
            message=f"The hall air is {_k(below_k)} cooler than the water of "
            f"{_c(pool.water_c_set)}: water evaporates faster and condenses on walls.",
            remedy="Give the hall's true air temperature; one to two kelvin above the water is "
            "usual.",
            below_k=round(below_k, 3),
        )


def _boiler_holds_pool(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the customer's own boiler can keep the pool warm alone, by its mean loss."""
    mean_kw = _POOL_LOSS_KW_PER_M2 * site.pool.area_m2
    if site.boiler.heat_kw_rated < mean_kw:
        yield source.warning(
            "site.boiler-too-small",
            "boiler",
            "heat_kw_rated",
            message=f"A pool of {_q('area_m2', site.pool.area_m2)} loses about {_kw(mean_kw)} over "
            f"the year; its boiler gives {_kw(site.boiler.heat_kw_rated)}.",
            remedy="Correct the boiler's output; without servers it has to keep the pool alone.",
            mean_kw=round(mean_kw, 3),
            heat_kw_rated=site.boiler.heat_kw_rated,
        )


def _buffer_lasts(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the buffer holds more than a few minutes of the customer's flow."""
    minutes = site.buffer.volume_m3 * 1000.0 / site.delivery.flow_kgs / 60.0
    if minutes < _BUFFER_MIN:
        yield source.warning(
            "site.buffer-too-small",
            "buffer",
            "volume_m3",
            message=f"The buffer's {_q('volume_m3', site.buffer.volume_m3)} pass the delivery pump "
            f"in {_q('buffer_min', minutes)}; less than {_q('buffer_min', _BUFFER_MIN)} make "
            "valves and pumps hunt.",
            remedy="Enlarge the buffer, or check `flow_kgs` of the delivery.",
            buffer_min=round(minutes, 3),
        )


def _opening_hours_hold(site: Site, source: Source) -> Iterator[Finding]:
    """Check that opening hours run forward and do not cover each other."""
    openings = site.pool.opening
    for index, opening in enumerate(openings):
        if opening.opens_at > opening.closes_at:
            yield source.error(
                "site.opening-backwards",
                "pool",
                "opening",
                index,
                message=f"The pool opens at {opening.opens_at} and closes at {opening.closes_at}, "
                "before it opens.",
                remedy="Write hours after midnight as an opening of the next day.",
                opens_at=opening.opens_at,
                closes_at=opening.closes_at,
            )
        days = _days_twice(opening, openings[:index])
        if days:
            yield source.error(
                "site.opening-overlaps",
                "pool",
                "opening",
                index,
                message=f"Weekday {', '.join(map(str, days))} is open twice at the same hour.",
                remedy="List each weekday once in an opening, and give its hours once.",
                weekdays=list(days),
            )
    if site.pool.bathers_per_day and not any(_hours(opening) for opening in openings):
        yield source.warning(
            "site.never-open",
            "pool",
            "opening",
            message="There are bathers, but the pool is never open, so none of their fresh water "
            "is counted.",
            remedy="Add `[[pool.opening]]` with hours, or set `bathers_per_day` to 0.",
            bathers_per_day=site.pool.bathers_per_day,
        )


def _hours(opening: OpeningHours) -> int:
    return len(opening.weekdays) * max(0, opening.closes_at - opening.opens_at)


def _days_twice(opening: OpeningHours, earlier: tuple[OpeningHours, ...]) -> tuple[int, ...]:
    days = {day for day in opening.weekdays if opening.weekdays.count(day) > 1}
    for other in earlier:
        if max(opening.opens_at, other.opens_at) < min(opening.closes_at, other.closes_at):
            days |= set(opening.weekdays) & set(other.weekdays)
    return tuple(sorted(days))


def _coolant_heat_kw(site: Site) -> float:
    """Give the heat that the coolant has to lose at full load: of servers and its own pump."""
    return captured_kw(site) + site.capture.pump_kw


def _q(name: str, value: float) -> str:
    return format_quantity(name, value)


def _kw(value: float) -> str:
    return format_quantity("heat_kw", value)


def _c(value: float) -> str:
    return format_quantity("water_c", value)


def _k(value: float) -> str:
    return format_quantity("lift_k", value)


_PLANT_CHECKS: tuple[Callable[[Site, Source], Iterator[Finding]], ...] = (
    _rejection_suffices,
    _coolant_flows,
    _heat_reaches_pool,
    _pool_makes_sense,
    _boiler_holds_pool,
    _buffer_lasts,
    _opening_hours_hold,
)
