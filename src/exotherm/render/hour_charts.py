"""The pictures of hours: the weeks of highest and lowest demand, and the year's hours by size."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from exotherm.core.period import Period, local_midnight
from exotherm.core.units import format_number, format_quantity
from exotherm.physics.computing import FloatArray
from exotherm.plan.study import StudyResult
from exotherm.plan.year import Year
from exotherm.render.charts import render_steps
from exotherm.render.figure import Line, Mark, Series, Table, Words
from exotherm.render.site_words import CustomerWords, capital
from exotherm.render.svg import Tone
from exotherm.render.year_sums import SEEN_KWH, SOURCE, part_kwh, sources_of
from exotherm.site.document import Site


def _kw(value: float) -> str:
    return format_quantity("heat_kw", value)


# --- Weeks


class Week(NamedTuple):
    """Seven local days from a Monday, and the heat that the customers need in them."""

    period: Period
    demand_kwh: float


def weeks_of(year: Year, site: Site) -> tuple[Week, Week]:
    """Find the week of the year in which the customers need most heat, and that of least."""
    weeks = []
    monday = date(site.study.year, 1, 1)
    monday += timedelta(days=-monday.weekday() % 7)
    while monday + timedelta(days=7) <= date(site.study.year + 1, 1, 1):
        following = monday + timedelta(days=7)
        period = Period(local_midnight(monday, site.zone), local_midnight(following, site.zone))
        alone = sources_of(year.boiler_alone, period)
        weeks.append(Week(period, sum(alone)))
        monday = following
    return max(weeks, key=lambda one: one.demand_kwh), min(weeks, key=lambda one: one.demand_kwh)


def render_week(
    year: Year, site: Site, words: CustomerWords, week: Week, *, name: str, kind: str
) -> Markup:
    """Draw the hours of a week; ``kind`` says which of the year's weeks it is: highest, lowest."""
    flows, step_h = year.with_heat.part(week.period), year.with_heat.step_h
    delivered, backup = _hourly(flows["delivered_kw"], step_h), _hourly(flows["backup_kw"], step_h)
    unmet = _hourly(flows["unmet_kw"], step_h)
    days = tuple(
        Period(local_midnight(day, site.zone), local_midnight(day + timedelta(days=1), site.zone))
        for day in _days_of(week.period, site)
    )
    first = week.period.start.astimezone(site.zone)
    said = Words(
        name=name,
        title=_week_title(kind, words, sum(backup), sum(delivered) + sum(backup) + sum(unmet)),
        summary=f"Hourly heat from Monday {first:%d %b}: recovered heat at most "
        f"{_kw(max(delivered))}, {words.own} at most {_kw(max(backup))}.",
        source=f"{SOURCE}, hourly means, {first.day} {first:%b} {first.year} and six days on",
        axis=f"Heat to {words.who}, kW",
    )
    areas = [
        Series(label="Recovered", tone=Tone.RECOVERED, values=delivered),
        Series(label=words.own_alone, tone=Tone.BOILER, values=backup),
    ]
    if sum(unmet) >= SEEN_KWH:
        areas.append(Series(label="Given by nobody", tone=Tone.COST, values=unmet))
    alone_kw = _hourly(year.boiler_alone.part(week.period)["backup_kw"], step_h)
    return render_steps(
        said,
        areas=areas,
        lines=[Line(label=_alone(words), kind="demand", values=alone_kw)],
        marks=_day_marks(days, week.period, site),
        table=_week_table(year, site, days, said, words),
    )


def _alone(words: CustomerWords) -> str:
    return f"{words.own_alone} alone would give"


def _week_title(kind: str, words: CustomerWords, own_kwh: float, whole_kwh: float) -> str:
    if whole_kwh < SEEN_KWH:
        return f"Week of {kind} demand: nobody asks for heat."
    share = format_number(100 * own_kwh / whole_kwh, 0)
    return f"Week of {kind} demand: {words.the_own} gives {share} % of the heat."


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


def _week_table(
    year: Year, site: Site, days: tuple[Period, ...], said: Words, words: CustomerWords
) -> Table:
    return Table(
        caption=f"{said.title} By day.",
        head=("Day", "Recovered, kWh", f"{words.own_alone}, kWh", f"{_alone(words)}, kWh"),
        rows=tuple(
            (
                f"{day.start.astimezone(site.zone):%a %d %b}",
                format_number(part_kwh(year.with_heat, day, "delivered_kw"), 0),
                format_number(part_kwh(year.with_heat, day, "backup_kw"), 0),
                format_number(part_kwh(year.boiler_alone, day, "backup_kw"), 0),
            )
            for day in days
        ),
    )


# --- Hours by their size

_DURATION_STEPS = 146
"""Sixty hours of an ordinary year each: fine enough for the eye, small enough for the page."""


def render_duration(study: StudyResult, site: Site, words: CustomerWords) -> Markup:
    """Draw what is needed and what the servers give, each sorted from its highest hour."""
    year = study.year
    alone = year.boiler_alone.flows
    demand = alone["backup_kw"] + alone["delivered_kw"] + alone["unmet_kw"]
    given = year.with_heat.flows["captured_kw"]
    hours = demand.size * year.with_heat.step_h
    above_h = float((demand > given).sum() * year.with_heat.step_h)
    said = Words(
        name="duration",
        title=f"{capital(words.who)} {words.do('needs', 'need')} more than the servers give in "
        f"{_hours_of(above_h, hours)}{_surplus(study, site, words)}.",
        summary="Two falling curves over the hours of the year, each sorted by itself: heat that "
        f"{words.who} {words.do('needs', 'need')}, from {_kw(float(demand.max()))} to "
        f"{_kw(float(demand.min()))}, and heat that the servers give.",
        source=f"{SOURCE}; each curve sorted from its highest hour to its lowest",
        axis="Heat, kW, over the hours of the year",
    )
    needed = f"Needed by {words.who}"
    return render_steps(
        said,
        areas=[
            Series(label="Captured from the servers", tone=Tone.RECOVERED, values=_sorted(given))
        ],
        lines=[Line(label=needed, kind="measured", values=_sorted(demand))],
        marks=[
            Mark(at=at, label=format_number(at * hours, 0)) for at in (0.0, 0.25, 0.5, 0.75, 1.0)
        ],
        table=Table(
            caption=said.title,
            head=("Hours of the year at or above", f"{needed}, kW", "Captured, kW"),
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


def _hours_of(some_h: float, all_h: float) -> str:
    if some_h == all_h:
        return f"all {format_number(all_h, 0)} hours"
    return f"{format_number(some_h, 0)} of {format_number(all_h, 0)} hours"


def _surplus(study: StudyResult, site: Site, words: CustomerWords) -> str:
    """Say what becomes of heat that is there while the customers need less."""
    rejected = study.rejected_kwh / study.it_energy_kwh if study.it_energy_kwh else 0.0
    if rejected >= 0.001:
        share = format_quantity("share_frac", rejected)
        return f"; {share} of the servers' heat is rejected"
    if site.pool is not None:
        whose = "its" if words.who == "the pool" else "the pool's"
        return f"; {whose} water stores the surplus of the others"
    return ""


def _sorted(values: FloatArray) -> tuple[float, ...]:
    """Sort from the highest down and give the mean of each of equal parts."""
    parts = np.array_split(np.sort(values)[::-1], _DURATION_STEPS)
    return tuple(float(part.mean()) for part in parts)
