"""Checks of what rejects the heat that nobody wants: it keeps the servers cool, always."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.physics.cooling_class import LIQUID_CLASSES
from exotherm.physics.moist_air import SEA_LEVEL_PA, wet_bulb_c
from exotherm.physics.wet_cooler import adiabatic_air_c
from exotherm.site.check_words import SiteCheck, celsius, kelvin, kw, percent
from exotherm.site.document import Site
from exotherm.site.heat_path import coolant_heat_kw, coolant_rise_k, hot_c

# The file tells no humidity. On the hottest days of temperate places it is 30 to 45 %.
_HUMIDITY_FRAC = 0.4
# A cooler that is free only below this leaves nearly all of a year to its cooling machine.
_FREE_C_MIN = 0.0
# Coolant a little warmer on the hottest days of a year is no matter.
_WARMER_K_MAX = 2.0
_WORDS = {
    "dry": "dry cooler",
    "adiabatic": "adiabatic cooler",
    "open wet": "cooling tower",
    "closed wet": "cooling tower",
}


# Dry coolers 0.015 to 0.035, towers 0.012 to 0.021; small and quiet ones up to three times that.
_FAN_KW_PER_KW_MAX = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class _HottestDay:
    """What the cooler meets on the hottest day, and how warm the coolant may leave the servers."""

    air_c: float
    """air, behind its pads or as wet bulb where the cooler is wet"""
    words: str
    hottest_c: float

    @property
    def lift_k(self) -> float:
        """By how much the coolant is warmer than what cools it."""
        return self.hottest_c - self.air_c


def _hottest_day(site: Site) -> _HottestDay:
    rejection, outdoor_c = site.rejection, site.weather.outdoor_c_design
    air_c, words = outdoor_c, f"the air has {celsius(outdoor_c)}"
    if rejection.kind != "dry":
        wet_c = wet_bulb_c(outdoor_c, _HUMIDITY_FRAC, SEA_LEVEL_PA)
        told = f"air of {celsius(outdoor_c)} and an assumed {percent(_HUMIDITY_FRAC)} of humidity"
        air_c, words = wet_c, f"{told} has a wet bulb of {celsius(wet_c)}"
        if rejection.kind == "adiabatic":
            air_c = outdoor_c
            if outdoor_c >= rejection.wetted_from_c:
                air_c = adiabatic_air_c(outdoor_c, wet_c, rejection.saturation_frac)
            words = f"{told} leaves the wetted pads with {celsius(air_c)}"
    return _HottestDay(air_c=air_c, words=words, hottest_c=_hottest_c(site))


def _hottest_c(site: Site) -> float:
    """Give the warmest that the coolant may leave the servers with.

    A coil cools the room only with water as cold as it is held. Immersion and cold plates stand
    coolant up to its limit, as far as the class of the servers accepts what enters them; that
    they accept what is held is another check's.
    """
    capture = site.capture
    if capture.has_coil:
        return hot_c(site)
    known = next((one for one in LIQUID_CLASSES if one.name == capture.liquid_class), None)
    if known is None or known.supply_c_max is None:
        return capture.coolant_c_max
    by_class_c = known.supply_c_max + coolant_rise_k(site)
    if by_class_c < hot_c(site):
        return capture.coolant_c_max
    return min(capture.coolant_c_max, by_class_c)


def _rejection_suffices(site: Site, source: Source) -> Iterator[Finding]:
    """Check that heat rejection alone keeps the servers cool on the hottest day."""
    rejection = site.rejection
    if rejection.chiller_eer is not None:
        return
    day, cooler = _hottest_day(site), _WORDS[rejection.kind]
    if day.lift_k <= 0:
        yield source.error(
            "site.coolant-below-outdoor",
            "weather",
            "outdoor_c_design",
            message=f"On the hottest day {day.words}, and the coolant leaves the servers with "
            f"{celsius(day.hottest_c)} at most: a {cooler} rejects nothing.",
            remedy=_colder_remedy(site),
            lift_k=round(day.lift_k, 3),
        )
        return
    possible_kw = rejection.heat_kw_rated * day.lift_k / rejection.lift_k_rated
    needed_kw = coolant_heat_kw(site)
    if possible_kw < needed_kw:
        # The tenth above, so that who writes what is shown is not told the same again.
        rated_kw = math.ceil(10.0 * needed_kw * rejection.lift_k_rated / day.lift_k) / 10.0
        yield source.error(
            "site.rejection-too-small",
            "rejection",
            "heat_kw_rated",
            message=f"The servers and the coolant pump give {kw(needed_kw)} to the coolant. On the "
            f"hottest day {day.words}; with coolant of {celsius(day.hottest_c)} the {cooler} "
            f"rejects {kw(possible_kw)}.",
            remedy=f"Take a {cooler} of {kw(rated_kw)} or more at its rating: the servers stay "
            "safe when nobody wants heat.",
            needed_kw=round(needed_kw, 3),
            possible_kw=round(possible_kw, 3),
            lift_k=round(day.lift_k, 3),
        )


def _fans_are_usual(site: Site, source: Source) -> Iterator[Finding]:
    """Check the fans against the heat they reject, since avoided cooling counts as money."""
    rejection = site.rejection
    per_kw = rejection.fan_kw_rated / rejection.heat_kw_rated
    if per_kw <= _FAN_KW_PER_KW_MAX:
        return
    yield source.warning(
        "site.fans-too-strong",
        "rejection",
        "fan_kw_rated",
        message=f"Fans of {kw(rejection.fan_kw_rated)} for {kw(rejection.heat_kw_rated)} of heat: "
        "0.012 to 0.035 kW per kW is usual, and what heat saves them counts as money.",
        remedy="Copy the fans' electric power at full speed from the cooler's data sheet.",
        fan_kw_per_kw=round(per_kw, 4),
    )


def _colder_remedy(site: Site) -> str:
    if site.capture.has_coil:
        return (
            "Give `chiller_eer` of a cooling machine behind the cooler, or hold warmer water in "
            "larger coils."
        )
    return "Take servers with a higher `coolant_c_max`, or another kind of rejection."


def _coolant_comes_back(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the coolant need not come back from the cooler colder than what cools it."""
    if site.rejection.chiller_eer is not None:
        return
    day, rise_k, cooler = _hottest_day(site), coolant_rise_k(site), _WORDS[site.rejection.kind]
    back_c = day.hottest_c - rise_k
    if not back_c <= day.air_c < day.hottest_c:
        return
    if site.capture.has_coil:
        yield source.error(
            "site.coolant-below-outdoor",
            "weather",
            "outdoor_c_design",
            message=f"On the hottest day {day.words}, and the coils' water has to come back with "
            f"{celsius(back_c)}: a {cooler} cannot cool below that.",
            remedy=_colder_remedy(site),
            lift_k=round(day.lift_k, 3),
        )
        return
    yield source.error(
        "site.coolant-flow-too-small",
        "capture",
        "flow_kgs",
        message=f"At full load the coolant warms by {kelvin(rise_k)}, so it has to come back with "
        f"{celsius(back_c)} from a {cooler}; on the hottest day {day.words}.",
        remedy=f"Raise `flow_kgs`: a {cooler} cannot cool below that.",
        rise_k=round(rise_k, 3),
        return_c=round(back_c, 3),
    )


def _coolant_is_held(site: Site, source: Source) -> Iterator[Finding]:
    """Check that cold plates get coolant as cold as they are to have, also on the hottest day."""
    capture, rejection = site.capture, site.rejection
    if capture.floats or capture.has_coil or rejection.chiller_eer is not None:
        return
    day, needed_kw = _hottest_day(site), coolant_heat_kw(site)
    needed_c = day.air_c + needed_kw * rejection.lift_k_rated / rejection.heat_kw_rated
    needed_c = max(needed_c, day.air_c + coolant_rise_k(site))
    enters_c = needed_c - coolant_rise_k(site)
    if enters_c <= capture.coolant_c_set + _WARMER_K_MAX or needed_c > day.hottest_c:
        return
    yield source.warning(
        "site.coolant-not-held",
        "capture",
        "coolant_c_set",
        message=f"On the hottest day {day.words}; at full load the {_WORDS[rejection.kind]} then "
        f"gives the coolant back with {celsius(enters_c)}, not the {celsius(capture.coolant_c_set)}"
        " that are to be held.",
        remedy="Take a larger or wetted cooler, or raise `coolant_c_set` to what servers and "
        "cooler agree on.",
        enters_c=round(enters_c, 3),
    )


def _cooler_is_free_at_times(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the cooler before a cooling machine works alone in some part of the year."""
    rejection = site.rejection
    if rejection.chiller_eer is None:
        return
    lift_k = coolant_heat_kw(site) * rejection.lift_k_rated / rejection.heat_kw_rated
    free_c = hot_c(site) - lift_k
    if free_c >= _FREE_C_MIN:
        return
    yield source.note(
        "site.chiller-always-runs",
        "rejection",
        "chiller_eer",
        message=f"At full load the cooler does without the cooling machine only below "
        f"{celsius(free_c)}: the coolant leaves with {celsius(hot_c(site))}, and the cooler needs "
        f"{kelvin(lift_k)}.",
        remedy="Enlarge the cooler or hold warmer coolant, where the servers stand it: every hour "
        "above costs the cooling machine's electricity.",
        free_c=round(free_c, 3),
        lift_k=round(lift_k, 3),
    )


REJECTION_CHECKS: tuple[SiteCheck, ...] = (
    _fans_are_usual,
    _rejection_suffices,
    _coolant_comes_back,
    _coolant_is_held,
    _cooler_is_free_at_times,
)
