"""The pictures of a study: those of the year's heat, and of the money of the term."""

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from exotherm.core.units import format_quantity
from exotherm.plan.revenue_stack import Layer
from exotherm.plan.study import StudyResult
from exotherm.render.charts import Bar, render_bars, render_cash
from exotherm.render.figure import Words
from exotherm.render.hour_charts import render_duration, render_week, weeks_of
from exotherm.render.site_words import customer_words, money_words
from exotherm.render.year_charts import render_months, render_year_flow
from exotherm.site.document import Site


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
    stack: Markup


def render_study_charts(study: StudyResult, site: Site) -> StudyCharts:
    """Draw all charts of a study."""
    words, year = customer_words(site), study.year
    winter, summer = weeks_of(year, site)
    return StudyCharts(
        flow=render_year_flow(study, site, words),
        months=render_months(year, site, words),
        winter=render_week(year, site, words, winter, name="winter", kind="highest"),
        summer=render_week(year, site, words, summer, name="summer", kind="lowest"),
        duration=render_duration(study, site, words),
        cash=_cash(study, site),
        setbacks=_setbacks(study),
        stack=_stack(study),
    )


def _cash(study: StudyResult, site: Site) -> Markup:
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
        source=f"investment, contract and costs of this study; {money_words(site.economics)}, not "
        "discounted",
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
        else f"{sinking} of {len(study.setbacks)} single setbacks "
        f"{'makes' if sinking == 1 else 'make'} the value negative.",
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


def _stack(study: StudyResult) -> Markup:
    def bar(label: str, npv: float) -> Bar:
        written = format_quantity("npv", npv, currency=study.currency)
        return Bar(label=label, value=npv, written=written)

    stack = study.stack
    brings = [
        bar(str(one.layer), one.worth)
        for one in stack.layers
        if one.worth is not None and one.layer is not Layer.HOSTING
    ]
    costs = [bar("all costs", stack.costs)]
    if stack.tax:
        costs.append(bar("tax", stack.tax))
    words = Words(
        name="stack",
        title=stack.text,
        summary="Lying bars: present value of each layer of revenue, of the costs, and what is "
        "left of them together.",
        source="the flows of this study, each discounted by itself",
        axis="Present value",
    )
    return render_bars(
        words,
        reference=bar("left of all, net present value", stack.npv),
        bars=[*brings, *costs],
        head=("Layer", "Present value"),
    )
