"""The pictures of a study: where heat goes, months, weeks, duration, cash and setbacks."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from exotherm.core.period import Period, local_midnight, months_of
from exotherm.core.units import format_number, format_quantity
from exotherm.physics.computing import FloatArray
from exotherm.plan.study import StudyResult
from exotherm.plant.simulate import Simulation
from exotherm.render.charts import (
    Bar,
    Part,
    render_bars,
    render_cash,
    render_columns,
    render_flow,
    render_steps,
)
from exotherm.render.figure import Line, Mark, Series, Table, Words
from exotherm.render.svg import Tone
from exotherm.site.document import Site

_SOURCE = "simulation of the year in quarter-hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyCharts:
    """The charts of a study, each a figure that stands on its own."""

    flow: Markup
    months: Markup
    winter: Markup
    summer: Markup
    duration: Markup
    cash: Markup
    setbacks: Markup


def render_study_charts(study: StudyResult, site: Site) -> StudyCharts:
    """Draw all charts of a study."""
    winter, summer = _weeks(study, site)
    return StudyCharts(
        flow=_flow(study),
        months=_months(study, site),
        winter=_week(study, site, winter, name="winter", kind="highest"),
        summer=_week(study, site, summer, name="summer", kind="lowest"),
        duration=_duration(study),
        cash=_cash(study),
        setbacks=_setbacks(study),
    )


def _kwh(value: float) -> str:
    return format_quantity("heat_kwh", value)


def _frac(value: float) -> str:
    return format_quantity("share_frac", value)


def _flow(study: StudyResult) -> Markup:
    sums = study.year.with_heat.energy_kwh
    stored = sums("buffer_stored_kw")
    inflows = [Part(label="Electricity of the servers", tone=Tone.PLAIN, value=sums("it_kw"))]
    outflows = [
        Part(label="Delivered to the pool", tone=Tone.RECOVERED, value=sums("delivered_kw")),
        Part(label="Rejected outdoors", tone=Tone.REJECTED, value=sums("rejected_kw")),
        Part(label="Not captured, warms the room", tone=Tone.LOST, value=sums("uncaptured_kw")),
        Part(label="Lost from the buffer", tone=Tone.COST, value=sums("buffer_loss_kw")),
    ]
    kept = Part(label="Buffer, end less start", tone=Tone.UNKNOWN, value=abs(stored))
    (outflows if stored >= 0 else inflows).append(kept)
    words = Words(
        name="flow",
        title=f"{_frac(study.recoverable_frac)} of what the servers draw arrives as heat "
        "at the pool.",
        summary=f"Of {_kwh(study.it_energy_kwh)} of server electricity, "
        f"{_kwh(study.heat_delivered_kwh)} are delivered, {_kwh(study.rejected_kwh)} rejected; "
        "the rest is lost or stays in the buffer. Both sides are equal.",
        source=_SOURCE,
    )
    return render_flow(words, inflows=inflows, outflows=outflows, unit="kWh")


def _months(study: StudyResult, site: Site) -> Markup:
    year = study.year.with_heat
    periods = tuple(months_of(year.period, site.zone))
    recovered = tuple(_part_kwh(year, period, "delivered_kw") for period in periods)
    boiler = tuple(_part_kwh(year, period, "backup_kw") for period in periods)
    shares = [one / (one + two) for one, two in zip(recovered, boiler, strict=True) if one + two]
    least, most = min(shares, default=0.0), max(shares, default=0.0)
    words = Words(
        name="months",
        title=f"Recovered heat covers {format_number(100 * least, 0)} to "
        f"{format_number(100 * most, 0)} % of the heat of every month; the boiler does the rest.",
        summary=f"Twelve stacked columns. Recovered heat and boiler heat of each month; recovered "
        f"heat is {_kwh(sum(recovered))} in the year, boiler heat {_kwh(sum(boiler))}.",
        source=_SOURCE,
        axis="Heat to the pool, kWh a month",
    )
    return render_columns(
        words,
        labels=[f"{period.start.astimezone(site.zone):%b}" for period in periods],
        series=[
            Series(label="Recovered from the servers", tone=Tone.RECOVERED, values=recovered),
            Series(label="Pool's own boiler", tone=Tone.BOILER, values=boiler),
        ],
        unit="kWh",
    )


def _part_kwh(year: Simulation, period: Period, flow: str) -> float:
    return float(year.part(period)[flow].sum() * year.step_h)


class _Week(NamedTuple):
    """Seven local days from a Monday, and the heat that the pool needs in them."""

    period: Period
    demand_kwh: float


def _weeks(study: StudyResult, site: Site) -> tuple[_Week, _Week]:
    """Find the week of the year in which the pool needs most heat, and that of least."""
    alone = study.year.boiler_alone
    weeks = []
    monday = date(site.study.year, 1, 1)
    monday += timedelta(days=-monday.weekday() % 7)
    while monday + timedelta(days=7) <= date(site.study.year + 1, 1, 1):
        following = monday + timedelta(days=7)
        period = Period(local_midnight(monday, site.zone), local_midnight(following, site.zone))
        weeks.append(_Week(period, _part_kwh(alone, period, "backup_kw")))
        monday = following
    return max(weeks, key=lambda one: one.demand_kwh), min(weeks, key=lambda one: one.demand_kwh)


def _week(study: StudyResult, site: Site, week: _Week, *, name: str, kind: str) -> Markup:
    flows, alone = study.year.with_heat.part(week.period), study.year.boiler_alone.part(week.period)
    step_h = study.year.with_heat.step_h
    delivered, backup = _hourly(flows["delivered_kw"], step_h), _hourly(flows["backup_kw"], step_h)
    days = tuple(
        Period(local_midnight(day, site.zone), local_midnight(day + timedelta(days=1), site.zone))
        for day in _days_of(week.period, site)
    )
    first = week.period.start.astimezone(site.zone)
    boiler_kwh, both_kwh = sum(backup), sum(delivered) + sum(backup)
    words = Words(
        name=name,
        title=f"Week of {kind} demand: the boiler gives "
        f"{format_number(100 * boiler_kwh / both_kwh if both_kwh else 0, 0)} % of the heat.",
        summary=f"Hourly heat from Monday {first:%d %b}: recovered heat at most "
        f"{format_quantity('heat_kw', max(delivered))}, boiler at most "
        f"{format_quantity('heat_kw', max(backup))}.",
        source=f"{_SOURCE}, hourly means, {first.day} {first:%b} {first.year} and six days on",
        axis="Heat to the pool, kW",
    )
    return render_steps(
        words,
        areas=[
            Series(label="Recovered", tone=Tone.RECOVERED, values=delivered),
            Series(label="Boiler", tone=Tone.BOILER, values=backup),
        ],
        lines=[
            Line(
                label="Boiler alone would give",
                kind="demand",
                values=_hourly(alone["backup_kw"], step_h),
            )
        ],
        marks=_day_marks(days, week.period, site),
        table=_week_table(study, site, days, words),
    )


def _hourly(values: FloatArray, step_h: float) -> tuple[float, ...]:
    per_hour = round(1.0 / step_h)
    return tuple(float(value) for value in values.reshape(-1, per_hour).mean(axis=1))


def _days_of(period: Period, site: Site) -> tuple[date, ...]:
    first = period.start.astimezone(site.zone).date()
    return tuple(first + timedelta(days=number) for number in range(7))


def _day_marks(days: tuple[Period, ...], week: Period, site: Site) -> list[Mark]:
    """Write each day's name under its middle; days of 23 or 25 hours are as long as they are."""
    return [
        Mark(
            at=((day.start - week.start) + day.duration / 2) / week.duration,
            label=f"{day.start.astimezone(site.zone):%a}",
            more=f" {day.start.astimezone(site.zone).day}",
        )
        for day in days
    ]


def _week_table(study: StudyResult, site: Site, days: tuple[Period, ...], words: Words) -> Table:
    year, alone = study.year.with_heat, study.year.boiler_alone
    return Table(
        caption=f"{words.title} By day.",
        head=("Day", "Recovered, kWh", "Boiler, kWh", "Boiler alone would give, kWh"),
        rows=tuple(
            (
                f"{day.start.astimezone(site.zone):%a %d %b}",
                format_number(_part_kwh(year, day, "delivered_kw"), 0),
                format_number(_part_kwh(year, day, "backup_kw"), 0),
                format_number(_part_kwh(alone, day, "backup_kw"), 0),
            )
            for day in days
        ),
    )


def _surplus(study: StudyResult) -> str:
    """Say what becomes of heat that is there while the pool needs less."""
    rejected = study.rejected_kwh / study.it_energy_kwh if study.it_energy_kwh else 0.0
    if rejected < 0.001:
        return "its water stores the surplus of the others"
    return f"{_frac(rejected)} of the servers' heat is rejected"


_DURATION_STEPS = 146
"""Sixty hours of an ordinary year each: fine enough for the eye, small enough for the page."""


def _duration(study: StudyResult) -> Markup:
    demand = study.year.boiler_alone.flows["backup_kw"]
    given = study.year.with_heat.flows["captured_kw"]
    hours = demand.size * study.year.with_heat.step_h
    above_h = float((demand > given).sum() * study.year.with_heat.step_h)
    words = Words(
        name="duration",
        title=f"The pool needs more than the servers give in {format_number(above_h, 0)} of "
        f"{format_number(hours, 0)} hours; {_surplus(study)}.",
        summary="Two falling curves over the hours of the year, each sorted by itself: heat that "
        f"the pool needs, from {format_quantity('heat_kw', float(demand.max()))} to "
        f"{format_quantity('heat_kw', float(demand.min()))}, and heat that the servers give.",
        source=f"{_SOURCE}; each curve sorted from its highest hour to its lowest",
        axis="Heat, kW",
    )
    quarters = (0.0, 0.25, 0.5, 0.75, 1.0)
    return render_steps(
        words,
        areas=[
            Series(label="Captured from the servers", tone=Tone.RECOVERED, values=_sorted(given))
        ],
        lines=[Line(label="Needed by the pool", kind="measured", values=_sorted(demand))],
        marks=[
            Mark(at=at, label=format_number(at * hours, 0), more=" hours" if at == 1.0 else "")
            for at in quarters
        ],
        table=Table(
            caption=words.title,
            head=("Hours of the year at or above", "Needed by the pool, kW", "Captured, kW"),
            rows=tuple(
                (
                    format_number(at * hours, 0),
                    format_number(float(np.quantile(demand, 1.0 - at)), 1),
                    format_number(float(np.quantile(given, 1.0 - at)), 1),
                )
                for at in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
            ),
        ),
    )


def _sorted(values: FloatArray) -> tuple[float, ...]:
    """Sort from the highest down and give the mean of each of equal parts."""
    parts = np.array_split(np.sort(values)[::-1], _DURATION_STEPS)
    return tuple(float(part.mean()) for part in parts)


def _cash(study: StudyResult) -> Markup:
    net = [year.net for year in study.finance.cash]
    cumulative = [float(value) for value in np.cumsum(net)]
    years = study.finance.payback_years
    paid = f"Paid back after {format_quantity('payback_years', years)}" if years is not None else ""
    end = format_quantity("npv", cumulative[-1], currency=study.currency)
    words = Words(
        name="cash",
        title=f"{paid}, and {end} ahead at the end of the term."
        if paid
        else f"Not paid back within the term: {end} at its end.",
        summary=f"Running sum of the operator's cash, from "
        f"{format_quantity('npv', cumulative[0], currency=study.currency)} in year 0 to {end} in "
        f"year {len(net) - 1}.",
        source="investment, contract and costs of this study; real, before tax, not discounted",
        axis=f"Cash since the beginning, {study.currency}",
    )
    return render_cash(
        words,
        cumulative=cumulative,
        paid_back=(years, paid) if years is not None else None,
        head=("Year", f"Cash since the beginning, {study.currency}"),
    )


def _setbacks(study: StudyResult) -> Markup:
    def bar(label: str, npv: float) -> Bar:
        written = format_quantity("npv", npv, currency=study.currency)
        return Bar(label=label, value=npv, written=written)

    worst = min(study.setbacks, key=lambda one: one.npv)
    sinking = sum(one.npv < 0 for one in study.setbacks)
    left = format_quantity("npv", worst.npv, currency=study.currency)
    words = Words(
        name="setbacks",
        title=f"The worst single setback, {worst.name}, leaves {left}."
        if not sinking
        else f"{sinking} of {len(study.setbacks)} single setbacks make the value negative.",
        summary="Lying bars: net present value as planned and after each of "
        f"{len(study.setbacks)} setbacks taken alone.",
        source="the whole year simulated and rated anew for each setback",
        axis="Net present value",
    )
    return render_bars(
        words,
        reference=bar("as planned", study.finance.npv),
        bars=[bar(one.name, one.npv) for one in study.setbacks],
        head=("Case", "Net present value"),
    )
