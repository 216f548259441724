"""Years as they may come: other weather, other work for the servers, and parts that fail.

A year is drawn by its own numbers from a seed, so the twentieth year is the same whether one draws
twenty or two hundred, and in whatever order.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from exotherm.core.period import Period
from exotherm.plan.year import STEP, STEP_H
from exotherm.plant.outages import BoolArray, Outages, no_outages
from exotherm.site.document import Site
from exotherm.site.faults import Faults, Spread
from exotherm.site.series import HOURS_OF_YEAR, Surroundings, Utilisation, Weather

_MONTHS = 12
_HOURS_OF_WEEK = 168
_WEEKS = 53
_HOURS_OF_YEAR_MEAN = 8766.0


class Fails(StrEnum):
    """What may fail, in the words of the report."""

    GRID = "electricity grid out"
    SERVERS = "servers off"
    MOVED_WORK = "work moved away"
    CHARGING = "coolant side out of order"
    HEAT_PUMP = "heat pump out of order"
    DELIVERY = "delivery loop out of order"
    CUSTOMER = "customer's side out of order"
    METER = "meter silent"


_STOPS: dict[Fails, tuple[str, ...]] = {
    Fails.GRID: ("servers", "charging", "heat_pump", "delivery"),
    Fails.SERVERS: ("servers",),
    Fails.MOVED_WORK: ("work",),
    Fails.CHARGING: ("charging",),
    Fails.HEAT_PUMP: ("heat_pump",),
    Fails.DELIVERY: ("delivery",),
    Fails.CUSTOMER: ("delivery",),
    Fails.METER: (),
}
"""which parts of the plant stand still, by the names of ``Outages``"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault of a year: from step ``first`` until before step ``last``."""

    what: Fails
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnYear:
    """A year as it may come."""

    surroundings: Surroundings
    faults: tuple[Fault, ...]
    """in the order in which they begin"""


def draw_year(
    site: Site, surroundings: Surroundings, period: Period, *, seed: int, number: int
) -> DrawnYear:
    """Draw one of the years that a site may see; ``number`` counts them from nought."""
    rng = np.random.default_rng((seed, number))
    weather = _weather(surroundings.weather, site.spread, rng)
    utilisation = _utilisation(surroundings.utilisation, site.spread, rng)
    has_pump = site.heat_pump is not None
    return DrawnYear(
        surroundings=replace(surroundings, weather=weather, utilisation=utilisation),
        faults=draw_faults(site.faults, period.duration // STEP, rng, has_heat_pump=has_pump),
    )


def _weather(weather: Weather, spread: Spread, rng: np.random.Generator) -> Weather:
    """Shift the typical year month by month, joined by straight lines between their middles.

    The months' departures are an autoregressive series of the first order that stays as wide as
    ``spread`` says: d[i] = r d[i-1] + s (1 - r²)^½ n[i], with n standard normal.
    """
    carried, shocks = spread.carried_frac, rng.standard_normal(_MONTHS + 2)
    departure_k = np.empty(_MONTHS + 2)
    departure_k[0] = spread.month_k * shocks[0]
    for month in range(1, _MONTHS + 2):
        own = spread.month_k * np.sqrt(1.0 - carried**2) * shocks[month]
        departure_k[month] = carried * departure_k[month - 1] + own
    middles = (np.arange(_MONTHS + 2) - 0.5) * HOURS_OF_YEAR / _MONTHS
    shift_k = np.interp(np.arange(HOURS_OF_YEAR) + 0.5, middles, departure_k)
    return replace(weather, outdoor_c=weather.outdoor_c + shift_k)


def _utilisation(utilisation: Utilisation, spread: Spread, rng: np.random.Generator) -> Utilisation:
    """Draw the weeks of a year from those of the trace, and the year's level around the planned.

    A trace of less than two weeks is repeated as it is; what a level lifts above full stays full.
    """
    trace = utilisation.utilisation_frac
    level = max(0.0, 1.0 + spread.utilisation_frac * float(rng.standard_normal()))
    weeks = trace.size // _HOURS_OF_WEEK
    if weeks > 1:
        chosen = rng.integers(weeks, size=_WEEKS)
        trace = trace[: weeks * _HOURS_OF_WEEK].reshape(weeks, _HOURS_OF_WEEK)[chosen].ravel()
    return replace(utilisation, utilisation_frac=np.clip(trace * level, 0.0, 1.0))


# --- Faults


def draw_faults(
    faults: Faults, steps: int, rng: np.random.Generator, *, has_heat_pump: bool
) -> tuple[Fault, ...]:
    """Draw when each part fails and for how long.

    Failures come as a Poisson process at their rate and last exponentially around their mean; a
    part fails anew after it was mended. Whole quarter-hours are lost.
    """
    drawn: list[Fault] = []
    for what in Fails:
        own = getattr(faults, what.name.lower())
        # Numbers are drawn for a part that is not there too, so that the others stay the same.
        times = tuple(_times(own.times_per_year, own.repair_h, steps * STEP_H, rng))
        if what is Fails.HEAT_PUMP and not has_heat_pump:
            continue
        for start_h, end_h in times:
            first, last = int(start_h / STEP_H), int(np.ceil(end_h / STEP_H))
            drawn.append(Fault(what=what, first=first, last=min(steps, max(first + 1, last))))
    return tuple(sorted(drawn, key=lambda one: (one.first, one.last)))


def _times(
    per_year: float, repair_h: float, hours: float, rng: np.random.Generator
) -> Iterator[tuple[float, float]]:
    """Give from when to when something is out of order, in hours from the beginning."""
    own = np.random.default_rng(rng.integers(2**63))
    at = 0.0
    while per_year > 0.0:
        at += own.exponential(_HOURS_OF_YEAR_MEAN / per_year)
        if at >= hours:
            return
        end = at + own.exponential(repair_h)
        yield at, end
        at = end


def outages_of(faults: tuple[Fault, ...], steps: int) -> Outages:
    """Lay faults on the steps of a year."""
    outages = no_outages(steps)
    for fault in faults:
        for part in _STOPS[fault.what]:
            getattr(outages, part)[fault.first : fault.last] = True
    return outages


def silent_steps(faults: tuple[Fault, ...], steps: int) -> BoolArray:
    """Tell in which steps nothing is measured."""
    silent = np.zeros(steps, dtype=np.bool_)
    for fault in faults:
        if fault.what is Fails.METER:
            silent[fault.first : fault.last] = True
    return silent
