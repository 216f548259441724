"""Which prospect to call first: how much each has to gain from steady heat, and how soon.

*Heat anxiety* is what makes a customer listen: energy that eats the budget, an old boiler, a tariff
that may move, heat wanted all year, somebody who may sign, and a fallback that makes it safe. Each
gives points by a stated scale; what is not known counts half, and is a question to ask.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from exotherm.core.units import format_quantity
from exotherm.plan.screen import Outlook, Screened

Kind = Literal["pool", "school", "care-home", "housing-block", "district-heating"]
Tariff = Literal["fixed", "expiring", "variable"]
Signs = Literal["alone", "board", "tender"]

STEADINESS: dict[Kind, float] = {
    "pool": 0.9,
    "care-home": 0.7,
    "district-heating": 0.5,
    "housing-block": 0.4,
    "school": 0.2,
}
"""heat of the summer half over that of the winter half, where nobody measured it: estimates"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A prospect as somebody wrote it down; None where nobody asked yet."""

    name: str
    kind: Kind
    country: str
    heat_kwh: float | None = None
    """heat of a year"""
    fuel_per_kwh: float | None = None
    energy_frac: float | None = None
    """share of energy in what it costs to run the place"""
    boiler_age_years: float | None = None
    tariff: Tariff | None = None
    steadiness_frac: float | None = None
    """heat of the summer half over that of the winter half"""
    signs: Signs | None = None
    """how a contract is signed"""
    has_fallback: Literal["yes", "no"] | None = None
    """whether a boiler stays that carries everything"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What one criterion gives, of how much, and why."""

    name: str
    points: float
    most: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A lead with its heat anxiety and its economics."""

    lead: Lead
    points: tuple[Point, ...]
    screened: Screened
    saving: float | None
    """what there is to share a year, where the heat of a year is known; never negative"""

    @property
    def anxiety(self) -> float:
        """All points, of 100."""
        return sum(one.points for one in self.points)

    @property
    def questions(self) -> tuple[str, ...]:
        """What is not known yet."""
        return tuple(one.name for one in self.points if one.why == _UNKNOWN)


_UNKNOWN = "not known: ask"
_ORDER = {Outlook.PROMISING: 0, Outlook.MARGINAL: 1, Outlook.NO: 2}


def rank(leads: tuple[Lead, ...], screened_of: Callable[[Lead], Screened]) -> tuple[Ranked, ...]:
    """Rank leads: those whose heat can pay first, and of these the most anxious."""
    ranked = [
        Ranked(
            lead=lead,
            points=tuple(_points(lead)),
            screened=(screened := screened_of(lead)),
            saving=_saving(lead, screened),
        )
        for lead in leads
    ]
    return tuple(
        sorted(ranked, key=lambda one: (_ORDER[one.screened.outlook], -one.anxiety, one.lead.name))
    )


def _saving(lead: Lead, screened: Screened) -> float | None:
    """Give the difference between own heat and delivery, for the share that could be taken off."""
    cost = screened.delivery_cost_per_kwh
    if lead.heat_kwh is None or cost is None:
        return None
    taken_kwh = lead.heat_kwh * min(1.0, screened.displaced_frac)
    return max(0.0, (screened.own_cost_per_kwh - cost) * taken_kwh)


_TARIFFS: Mapping[str, tuple[float, str]] = {
    "fixed": (0.2, "its tariff is fixed for now"),
    "variable": (0.8, "its tariff moves with the market"),
    "expiring": (1.0, "its tariff is about to end"),
}
_SIGNS: Mapping[str, tuple[float, str]] = {
    "alone": (1.0, "one person may sign"),
    "board": (0.6, "a board has to agree"),
    "tender": (0.3, "it has to be put out to tender"),
}
_FALLBACKS: Mapping[str, tuple[float, str]] = {
    "yes": (1.0, "a boiler stays that carries everything"),
    "no": (0.0, "no boiler stays that carries everything"),
}


def _points(lead: Lead) -> Iterator[Point]:
    yield _scaled(
        "energy burden",
        lead.energy_frac,
        most=25,
        none_at=0.02,
        all_at=0.20,
        words=lambda share: f"energy is {_percent(share)} of what it costs to run",
    )
    yield _scaled(
        "boiler",
        lead.boiler_age_years,
        most=20,
        none_at=5.0,
        all_at=20.0,
        words=lambda years: f"the boiler is {format_quantity('_years', years, decimals=0)} old",
    )
    yield _chosen("tariff", lead.tariff, most=15, choices=_TARIFFS)
    yield _scaled(
        "steady heat",
        STEADINESS[lead.kind] if lead.steadiness_frac is None else lead.steadiness_frac,
        most=15,
        none_at=0.1,
        all_at=0.8,
        words=lambda share: (
            f"summer asks {_percent(share)} of winter's heat"
            + (", as such places do" if lead.steadiness_frac is None else "")
        ),
    )
    yield _chosen("authority to sign", lead.signs, most=15, choices=_SIGNS)
    yield _chosen("fallback", lead.has_fallback, most=10, choices=_FALLBACKS)


def _scaled(
    name: str,
    value: float | None,
    *,
    most: float,
    none_at: float,
    all_at: float,
    words: Callable[[float], str],
) -> Point:
    """Give points along a straight line between two values."""
    if value is None:
        return Point(name=name, points=most / 2, most=most, why=_UNKNOWN)
    share = min(1.0, max(0.0, (value - none_at) / (all_at - none_at)))
    return Point(name=name, points=most * share, most=most, why=words(value))


def _chosen(
    name: str,
    value: str | None,
    *,
    most: float,
    choices: Mapping[str, tuple[float, str]],
) -> Point:
    if value is None:
        return Point(name=name, points=most / 2, most=most, why=_UNKNOWN)
    share, why = choices[value]
    return Point(name=name, points=most * share, most=most, why=why)


def _percent(frac: float) -> str:
    return format_quantity("_frac", frac, decimals=0)
