"""The pictures of the page Site, drawn from the same values that its JSON twin carries."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from markupsafe import Markup

from exotherm.core.units import format_number, format_quantity
from exotherm.render.charts import Part, render_flow, render_steps
from exotherm.render.figure import Line, Mark, Series, Table, Words
from exotherm.render.svg import Tone
from exotherm.render.templating import day as write_day

Values = list[float | None]


class History(TypedDict):
    """A day of the site as ``show_site`` gives it."""

    day: str
    at: list[str]
    step_min: int
    steps_past: int
    steps_missing: int
    heat_kwh: float | None
    power_kw: Values
    heat_kw: Values
    supply_c: Values
    return_c: Values


class LiveSite(TypedDict):
    """The site as ``show_site`` names it."""

    zone: str
    has_heat_pump: bool


def render_now(
    power_kw: float | None, heat_kw: float | None, *, has_heat_pump: bool = False
) -> Markup | None:
    """Draw what becomes of the servers' power right now; None where either is not known."""
    if power_kw is None or heat_kw is None or max(power_kw, heat_kw) <= 0:
        return None
    servers = Part(label="Servers", tone=Tone.PLAIN, value=max(0.0, power_kw))
    delivered = Part(label="Delivered as heat", tone=Tone.RECOVERED, value=max(0.0, heat_kw))
    difference = servers.value - delivered.value
    other = Part(
        label="Not accounted for" if difference >= 0 else _beside(has_heat_pump=has_heat_pump),
        tone=Tone.UNKNOWN,
        value=abs(difference),
    )
    inflows = [servers] if difference >= 0 else [servers, other]
    outflows = [delivered, other] if difference >= 0 else [delivered]
    words = Words(
        name="now",
        title=f"{format_quantity('heat_kw', heat_kw)} of heat from "
        f"{format_quantity('power_kw', power_kw)} of server power.",
        summary=f"Two bars of equal length: servers {format_quantity('power_kw', power_kw)}; "
        f"delivered {format_quantity('heat_kw', heat_kw)} and the difference of "
        f"{format_quantity('heat_kw', abs(difference))}.",
        source="last readings; the difference is losses, rejected heat and the buffer"
        f"{', less what the heat pump draws' if has_heat_pump else ''}, not metered",
    )
    return render_flow(words, inflows=inflows, outflows=outflows, unit="kW", decimals=1)


def _beside(*, has_heat_pump: bool) -> str:
    """Name where heat comes from that the servers do not give."""
    return "From buffer and heat pump" if has_heat_pump else "From the buffer"


def render_day_heat(history: History, zone: str) -> Markup:
    """Draw heat and server power of a day."""
    heat, power = history["heat_kw"], history["power_kw"]
    when, missing = write_day(history["day"]), history["steps_missing"]
    register_kwh = history["heat_kwh"]
    title = (
        f"{format_quantity('heat_kwh', register_kwh)} delivered on {when}"
        if register_kwh is not None
        else f"Heat delivered on {when} is not known"
    )
    if missing:
        title += f"; {missing} of {history['steps_past']} readings are missing"
    words = Words(
        name="day-heat",
        title=f"{title}.",
        summary=f"Heat delivered and power of the servers in {len(heat)} steps of the day.",
        source="readings of good quality; the energy is the way of the heat meter's register",
        axis="Power, kW",
    )
    return render_steps(
        words,
        areas=[Series(label="Heat delivered", tone=Tone.RECOVERED, values=tuple(heat))],
        lines=[Line(label="Power of the servers", kind="measured", values=tuple(power))],
        marks=_hour_marks(history, zone),
        table=_table(history, zone, words, ("heat_kw", "power_kw")),
    )


def render_day_temperatures(history: History, zone: str, promised_c: float | None) -> Markup:
    """Draw supply and return temperature of a day, and the promise."""
    supply, back = history["supply_c"], history["return_c"]
    seen = [value for value in supply if value is not None]
    lowest = min(seen, default=None)
    said = (
        "No supply temperature was read"
        if lowest is None
        else (f"Supply at {format_quantity('supply_c', lowest)} or above")
    )
    held = lowest is not None and promised_c is not None
    promise = (
        f"; promised are {format_quantity('supply_c', promised_c)}" if held and promised_c else ""
    )
    words = Words(
        name="day-temperatures",
        title=f"{said}{promise}.",
        summary="Supply and return temperature of the day"
        + (", and the promised supply temperature as a level line." if promised_c else "."),
        source="readings of good quality",
        axis="Temperature at the heat meter, °C",
    )
    every = [value for value in (*supply, *back, promised_c) if value is not None]
    lines = [
        Line(label="Supply", kind="second", values=tuple(supply)),
        Line(label="Return", kind="measured", values=tuple(back)),
    ]
    if promised_c is not None:
        level = tuple([promised_c] * len(supply))
        lines.append(Line(label="Promised supply", kind="level", values=level))
    return render_steps(
        words,
        lines=lines,
        marks=_hour_marks(history, zone),
        table=_table(history, zone, words, ("supply_c", "return_c")),
        low=max(0.0, 5.0 * ((min(every, default=0.0) - 2.0) // 5.0)),
    )


def _hour_marks(history: History, zone: str) -> list[Mark]:
    """Name every sixth hour; a day of 23 or 25 hours is as long as it is."""
    clock = ZoneInfo(zone)
    instants = [datetime.fromisoformat(at).astimezone(clock) for at in history["at"]]
    number = len(instants)
    inner = [
        Mark(at=(place + 1) / number, label=f"{at:%H:%M}")
        for place, at in enumerate(instants[:-1])
        if at.hour % 6 == 0 and at.minute == 0
    ]
    return [Mark(at=0.0, label="00:00"), *inner, Mark(at=1.0, label="24:00")]


_HEADS = {
    "heat_kw": "Heat, kW",
    "power_kw": "Servers, kW",
    "supply_c": "Supply, °C",
    "return_c": "Return, °C",
}


def _table(history: History, zone: str, words: Words, names: Sequence[str]) -> Table:
    """Give the readings at full hours; the JSON twin has all of them."""
    clock = ZoneInfo(zone)
    rows = []
    for place, at in enumerate(history["at"]):
        local = datetime.fromisoformat(at).astimezone(clock)
        if local.minute:
            continue
        values: list[Values] = [history[name] for name in names]  # type: ignore[literal-required]
        cells = (
            "–" if one[place] is None else format_number(one[place] or 0.0, 1) for one in values
        )
        rows.append((f"{local:%H:%M %Z}", *cells))
    return Table(
        caption=f"{words.title} Readings at full hours.",
        head=("Time", *(_HEADS[name] for name in names)),
        rows=tuple(rows),
    )
