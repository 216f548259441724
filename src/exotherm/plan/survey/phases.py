"""The phases of a retrofit and what findings of a survey add to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from exotherm.plan.survey.items import Days, Item
from exotherm.plan.survey.programme import Activity
from exotherm.site.document import Site
from exotherm.site.survey.document import RuleName, Survey

End = Literal["low", "likely", "high"]

# Calendar days by experience of the trade; none is a measured mean. [[phases]] goes before them.
_USUAL: tuple[tuple[str, str, Days, tuple[str, ...], bool], ...] = (
    ("design", "Design and tender", Days(30, 45, 75), (), False),
    ("order", "Delivery of the plant", Days(40, 70, 120), ("design",), False),
    ("works", "Installing and pipes", Days(10, 20, 35), ("order",), False),
    ("tie-in", "Tie-in, heat off", Days(1, 2, 4), ("works",), True),
    ("commissioning", "Commissioning", Days(5, 10, 20), ("tie-in",), False),
)
_HEAT_PUMP_DELIVERY = Days(80, 120, 200)

POINTS: Mapping[RuleName, str] = {
    "floor-load": "Floor load",
    "way-in": "Way in",
    "headroom": "Headroom",
    "clearance": "Clearances",
    "crane": "Crane",
    "pipe-length": "Pipe length",
    "openings": "Openings",
    "fire-stopping": "Fire stopping",
    "shaft": "Shaft",
    "road-crossing": "Road crossing",
    "asbestos": "Asbestos",
    "listed-building": "Monument",
    "pool-air": "Pool air",
    "frost": "Frost",
    "noise": "Noise at night",
    "vibration": "Vibration",
    "condensate": "Condensate",
    "drain": "Drain",
    "fill-water": "Fill water",
    "glycol": "Glycol",
    "power": "Power",
    "transformer": "Transformer",
    "tie-in": "Tie-in",
    "boiler-return": "Boiler return",
    "valves": "Valves",
    "bms": "Management system",
    "boiler-enable": "Boiler contact",
    "data-network": "Data network",
    "meter-place": "Meter place",
    "legionella": "Legionella",
    "wet-cooler": "Wet cooler",
    "fire-compartment": "Fire compartment",
    "refrigerant": "Refrigerant",
    "shutdown": "Shutdown",
    "temporary-plant": "Temporary plant",
    "papers": "Papers",
}
"""each point of a survey, as tables name it"""


def activities_of(
    survey: Survey, site: Site, items: Iterable[Item], *, end: End
) -> tuple[Activity, ...]:
    """List phases, and a further activity for each item that takes days.

    ``end`` chooses the short, the likely or the long durations; only the long ones take in what is
    not sure to come.
    """
    phases = _phases(survey, site, end)
    later = [one for one in items if one.likelihood_frac == 1 or end == "high"]
    return _joined(phases, [one for one in later if getattr(one.days, end)], end)


def _phases(survey: Survey, site: Site, end: End) -> tuple[Activity, ...]:
    if survey.phases:
        return tuple(
            Activity(
                name=one.name,
                title=one.name.capitalize(),
                days={"low": one.days_min, "likely": one.days, "high": one.days_max}[end] or 0,
                after=one.after,
                shutdown=one.shutdown,
            )
            for one in survey.phases
        )
    return tuple(
        Activity(
            name=name,
            title=title,
            days=getattr(
                _HEAT_PUMP_DELIVERY if name == "order" and site.heat_pump is not None else days,
                end,
            ),
            after=after,
            shutdown=shutdown,
        )
        for name, title, days, after, shutdown in _USUAL
    )


def _joined(phases: Sequence[Activity], items: Sequence[Item], end: End) -> tuple[Activity, ...]:
    """Put items between the phases that they wait for and that wait for them.

    Where a file names its phases otherwise, they begin at once and what cuts the building off
    waits for them, or the last phases where nothing does.
    """
    names = {one.name for one in phases}
    waited_for = {name for one in phases for name in one.after}
    off = [one.name for one in phases if one.shutdown]
    last = [one.name for one in phases if one.name not in waited_for]
    waits: dict[str, tuple[str, ...]] = {one.name: one.after for one in phases}
    added = []
    for number, item in enumerate(items, start=1):
        one = Activity(
            name=f"{item.rule} {number}",
            title=POINTS[item.rule],
            days=getattr(item.days, end),
            after=(item.after,) if item.after in names else (),
            is_added=True,
        )
        added.append(one)
        for name in [item.before] if item.before in names else off or last:
            waits[name] = (*waits[name], one.name)
    return (*(replace(one, after=waits[one.name]) for one in phases), *added)
