"""The study of a heat network as one HTML page that needs nothing else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from markupsafe import Markup

from exotherm import __version__
from exotherm.core.documents import Assumption, assumptions_of
from exotherm.core.period import MONTH_NAMES, months_of
from exotherm.core.sentences import listed
from exotherm.core.units import format_number, format_quantity
from exotherm.physics.computing import FloatArray
from exotherm.plan.heat_network_study import NetworkStudy
from exotherm.render.charts import render_columns, render_steps
from exotherm.render.figure import Mark, Series, Table, Words
from exotherm.render.network_map import Spot, render_map
from exotherm.render.pages import page_environment, value_row
from exotherm.render.svg import Tone
from exotherm.render.templating import style_sheet
from exotherm.site.heat_network_tree import walk

# Neighbours differ in colour, and all in pattern: so they are told apart without colour as well.
_CENTRES = (Tone.RECOVERED, Tone.PUMPED, Tone.GAIN, Tone.FED, Tone.PLAIN, Tone.SHARED)
_PLANTS = (Tone.BOILER, Tone.LOST, Tone.REJECTED, Tone.CHILLED, Tone.COST, Tone.UNKNOWN)
_NUMBERED = re.compile(r"\[\d+\]")
_STEPS = 120
"""steps that a duration curve is drawn in"""


def render_network(study: NetworkStudy, *, made_at: datetime) -> str:
    """Write the study of a heat network as one self-contained HTML page."""
    laid, year = study.year.laid, study.year
    network = laid.network
    taken_kwh = float(laid.demand.heat_kw.sum())
    lost_kwh = float(year.flows.loss_kw.sum())
    return (
        page_environment()
        .get_template("network.html.j2")
        .render(
            study=study,
            year=year,
            network=network,
            currency=network.network.currency,
            taken_kwh=taken_kwh,
            lost_kwh=lost_kwh,
            lost_frac=lost_kwh / (taken_kwh + lost_kwh) if taken_kwh + lost_kwh else 0.0,
            per_kwh=year.routed.cost / taken_kwh if taken_kwh else None,
            price_mean=float(year.routed.heat_price_per_kwh.mean()),
            pump_kwh=float(year.pumping.power_kw.sum()),
            finding=_finding(study),
            map=_map(study),
            months=_months(study),
            duration=_duration(study),
            pipes=tuple(
                (network.pipes[one.number], one)
                for one in sorted(study.pipes, key=lambda pipe: -pipe.fall_pa_per_m)
            ),
            defaults=tuple(value_row(one, network.network.currency) for one in _defaults(study)),
            zone=network.network.clock,
            made_at=made_at,
            version=__version__,
            style=Markup(style_sheet()),  # noqa: S704 - our own file
        )
    )


def _defaults(study: NetworkStudy) -> tuple[Assumption, ...]:
    """Give what the file does not say, once for all pipes, buildings and sources that are alike."""
    alike: dict[tuple[str, str], Assumption] = {}
    for one in assumptions_of(study.year.laid.network):
        if not one.given and one.source:
            path = _NUMBERED.sub("[]", one.path)
            alike.setdefault((path, str(one.value)), replace(one, path=path))
    return tuple(alike.values())


def _finding(study: NetworkStudy) -> str:
    """Say what the servers give, and what a kilowatt-hour costs."""
    whole = sum(one.heat_kwh for one in study.sources)
    centres = [one for one in study.sources if one.rejected_kwh is not None]
    given = sum(one.heat_kwh for one in centres)
    if not centres:
        return "No data centre feeds in; the network heats itself."
    left = sum(one.rejected_kwh or 0.0 for one in centres)
    many = f"{len(centres)} data centres give" if len(centres) > 1 else "One data centre gives"
    said = f"{many} {format_quantity('_frac', given / whole if whole else 0.0)} of the heat"
    if left > 0.005 * (given + left):
        said += f"; {format_quantity('heat_mwh', left / 1000.0)} of theirs find no taker"
    return f"{said}."


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a chart shows in a tone of its own: a source, or those that give least together."""

    label: str
    tone: Tone
    sources: tuple[int, ...]

    def of(self, heat: FloatArray) -> tuple[float, ...]:
        """Give its heat in each row, shape (rows, sources)."""
        return tuple(map(float, heat[:, self.sources].sum(axis=1)))


def _shown(study: NetworkStudy) -> list[_Shown]:
    """Give a tone to every source, as long as there are tones that can be told apart."""
    centres: list[int] = []
    plants: list[int] = []
    for number, one in enumerate(study.sources):
        (plants if one.rejected_kwh is None else centres).append(number)
    return [
        *_toned(study, centres, _CENTRES, "data centres"),
        *_toned(study, plants, _PLANTS, "plants"),
    ]


def _toned(
    study: NetworkStudy, numbers: list[int], tones: tuple[Tone, ...], kind: str
) -> Iterator[_Shown]:
    alone = numbers
    if len(numbers) > len(tones):
        most = sorted(numbers, key=lambda number: -study.sources[number].heat_kwh)
        alone = sorted(most[: len(tones) - 1])
    for number, tone in zip(alone, tones, strict=False):
        yield _Shown(study.sources[number].name, tone, (number,))
    rest = tuple(number for number in numbers if number not in alone)
    if rest:
        yield _Shown(f"{len(rest)} other {kind}", tones[-1], rest)


def _months(study: NetworkStudy) -> Markup:
    """Draw who heats it in every month."""
    period, zone = study.year.laid.year.period, study.year.laid.network.network.clock
    months = list(months_of(period, zone))
    edges = [round((month.start - period.start).total_seconds() / 3600.0) for month in months]
    sums = np.add.reduceat(study.year.routed.heat_kw, edges, axis=0) / 1000.0
    names = [MONTH_NAMES[month.start.astimezone(zone).month - 1] for month in months]
    summer, winter = sums.sum(axis=1).argmin(), sums.sum(axis=1).argmax()
    given = [one.name for one in study.sources if one.rejected_kwh is not None]
    at = [number for number, one in enumerate(study.sources) if one.rejected_kwh is not None]
    shares = [
        float(sums[month, at].sum() / sums[month].sum()) if sums[month].sum() else 0.0
        for month in (summer, winter)
    ]
    title = (
        f"In {names[summer]} servers give {format_quantity('_frac', shares[0], decimals=0)} of "
        f"the heat, in {names[winter]} {format_quantity('_frac', shares[1], decimals=0)}."
        if given
        else "Who heats the network in every month."
    )
    return render_columns(
        Words(
            name="months",
            title=title,
            summary="Stacked columns: heat of each source in every month, from "
            f"{listed([one.name for one in study.sources])}.",
            source="the cheapest dispatch of the year, hour by hour",
            axis="Heat, MWh",
        ),
        labels=[name[:3] for name in names],
        series=[
            Series(label=one.label, tone=one.tone, values=one.of(sums)) for one in _shown(study)
        ],
        unit="MWh",
    )


def _duration(study: NetworkStudy) -> Markup:
    """Draw the hours sorted by what is given in them, each source's mean in every stretch."""
    heat_kw = study.year.routed.heat_kw
    order = np.argsort(-heat_kw.sum(axis=1), kind="stable")
    parts = np.array_split(heat_kw[order], _STEPS)
    means: FloatArray = np.array([part.mean(axis=0) for part in parts])
    hours = heat_kw.shape[0]
    most, least = float(heat_kw.sum(axis=1).max()), float(heat_kw.sum(axis=1).min())
    half = float(np.median(heat_kw.sum(axis=1)))
    shown = _shown(study)
    places = (0, 0.25, 0.5, 0.75, 1.0)
    return render_steps(
        Words(
            name="duration",
            title=f"The largest hour is {_kw(most)}; half of the hours are above {_kw(half)}.",
            summary=f"Stacked steps: the year's {hours} hours sorted by the heat given, from "
            f"{_kw(most)} down to {_kw(least)}, each source in its part.",
            source=f"the same dispatch; means of {hours // _STEPS} hours next to each other",
            axis="Heat, kW, over the hours of the year",
        ),
        areas=[Series(label=one.label, tone=one.tone, values=one.of(means)) for one in shown],
        marks=[
            Mark(at=place, label=format_number(place * hours, 0), more=" h" if place else "")
            for place in places
        ],
        table=Table(
            caption="Heat of each source, kW, at hours of the sorted year",
            head=("Hour", *(one.label for one in shown)),
            rows=tuple(
                (
                    format_number(place * hours, 0),
                    *(
                        format_number(value, 0)
                        for value in (
                            one.of(means)[min(_STEPS - 1, round(place * _STEPS))] for one in shown
                        )
                    ),
                )
                for place in places
            ),
        ),
    )


def _kw(heat_kw: float) -> str:
    return format_quantity("heat_kw", heat_kw, decimals=0)


def _map(study: NetworkStudy) -> Markup:
    """Draw the tree with who is at each node, and what goes through each pipe at its most."""
    network = study.year.laid.network
    walked = walk(network)
    pipes = {one.number: one for one in study.pipes}
    there: dict[str, list[str]] = {}
    for building in network.buildings:
        there.setdefault(building.node, []).append(building.name)
    giving = {one.node for one in study.year.laid.sources}
    for source in study.year.laid.sources:
        there.setdefault(source.node, []).append(source.name)
    spots = [
        Spot(
            name=node,
            parent=parent,
            dn=0 if pipe < 0 else network.pipes[pipe].dn,
            gives=node in giving,
            said=_said(there.get(node, [])),
            carries=_carries(study, pipe),
        )
        for node, parent, pipe in zip(walked.nodes, walked.parents, walked.pipes, strict=True)
    ]
    busiest = max(study.pipes, key=lambda one: one.fall_pa_per_m)
    named = network.pipes[busiest.number]
    metres = format_number(sum(one.length_m for one in network.pipes), 0)
    return render_map(
        Words(
            name="map",
            title=f"{metres} m of trench; the narrowest pipe for what it carries is DN "
            f"{named.dn} from {named.from_node} to {named.to_node}, "
            f"{format_number(busiest.fall_pa_per_m, 0)} Pa/m in its busiest hour.",
            summary=f"A tree of {len(spots)} nodes from the plant room downwards; filled nodes "
            "give heat.",
            source="network.toml; flows of the year's busiest hour of each pipe",
        ),
        spots=spots,
        table=Table(
            caption="Pipes in their busiest hour",
            head=("Pipe", "Size", "Length, m", "Flow, kg/s", "Speed, m/s", "Friction, Pa/m"),
            rows=tuple(
                (
                    f"{pipe.from_node} – {pipe.to_node}",
                    f"DN {pipe.dn}",
                    format_number(pipe.length_m, 0),
                    format_number(pipes[number].flow_kgs, 1),
                    format_number(pipes[number].speed_ms, 2),
                    format_number(pipes[number].fall_pa_per_m, 0),
                )
                for number, pipe in enumerate(network.pipes)
                if number in pipes
            ),
        ),
    )


def _carries(study: NetworkStudy, pipe: int) -> str:
    own = next((one for one in study.pipes if one.number == pipe), None)
    if own is None:
        return ""
    dn = study.year.laid.network.pipes[pipe].dn
    return f"DN {dn}, {format_quantity('flow_kgs', own.flow_kgs, decimals=1)}"


def _said(names: list[str], most: int = 3) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
