"""The study as one HTML file that needs nothing else: on a screen, on paper, in an archive."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from exotherm import __version__
from exotherm.contract.terms import Contract
from exotherm.core.period import name_of_month
from exotherm.core.sentences import listed
from exotherm.core.units import format_quantity
from exotherm.plan.basis import USUAL_ERROR_FRAC
from exotherm.plan.ownership import RISK_OF
from exotherm.plan.revenue_stack import LATE_YEARS
from exotherm.plan.study import StudyResult
from exotherm.plan.survey.phases import POINTS
from exotherm.plan.verdict import Verdict
from exotherm.plan.year import LoadYear
from exotherm.prove.carbon import AvoidedEmissions
from exotherm.render.contract_words import prices_of
from exotherm.render.pages import page_environment, value_groups
from exotherm.render.site_words import customer_words, money_words, parts_of
from exotherm.render.study_charts import render_study_charts
from exotherm.render.survey_chart import render_programme
from exotherm.render.templating import style_sheet
from exotherm.site.document import Site
from exotherm.site.strategy import KINDS, SCORES

STATE_OF_VERDICT = {
    Verdict.ROBUST: "good",
    Verdict.CONDITIONAL: "watch",
    Verdict.HIGH_RISK: "watch",
    Verdict.DO_NOT_BUILD: "bad",
}
"""The look of each verdict; the word always stands beside it."""


def render_study(
    study: StudyResult,
    site: Site,
    contract: Contract,
    *,
    made_at: datetime,
    carbon: AvoidedEmissions | None = None,
) -> str:
    """Write a study as one self-contained HTML page.

    ``carbon`` is the planned year's account of emissions, left out where none was made.
    """
    return (
        page_environment()
        .get_template("study.html.j2")
        .render(
            study=study,
            site=site,
            contract=contract,
            carbon=carbon,
            charts=render_study_charts(study, site),
            programme=render_programme(study.survey.result) if study.survey else None,
            points=POINTS,
            words=customer_words(site),
            parts=parts_of(site),
            pump=study.year.heat_pump,
            loads_title=_loads_title(study),
            operator=_operator(study),
            prices=prices_of(contract),
            risks=RISK_OF,
            late_years=LATE_YEARS,
            usual_errors=tuple(USUAL_ERROR_FRAC.items()),
            strategy_kinds=KINDS,
            strategy_scores=SCORES,
            strategy_open=_strategy_open(site),
            money=money_words(site.economics),
            months=tuple(
                (name_of_month(month.period, contract.zone), month) for month in study.months
            ),
            groups=value_groups(study.assumptions, site.site.currency),
            state=STATE_OF_VERDICT[study.verdict],
            made_at=made_at,
            version=__version__,
            style=Markup(style_sheet()),  # noqa: S704 - our own file
        )
    )


def _strategy_open(site: Site) -> str:
    """List the kinds of strategic value on which the site states nothing."""
    stated = {one.kind for one in site.strategy}
    open_ = [kind for kind in KINDS if kind not in stated]
    return listed(open_) if open_ else ""


def _loads_title(study: StudyResult) -> str:
    """Say what is to be seen of the customers' loads: what is out of reach, or the largest."""
    whole, loads = study.heat_demand_kwh, study.year.loads
    beyond = sum(load.heat_kwh for load in loads if not load.is_reached)
    if beyond and whole:
        share = format_quantity("share_frac", beyond / whole)
        return f"{share} of the heat is the network's own: it cannot be fed in from here."
    most = max(loads, key=lambda load: load.heat_kwh)
    share = format_quantity("share_frac", most.heat_kwh / whole if whole else 0.0)
    water = ""
    if most.supply_c_max is not None:
        water = f", in water of up to {format_quantity('supply_c', most.supply_c_max)}"
    return f"{share} of the heat is for {_in_words(most)}{water}."


def _in_words(load: LoadYear) -> str:
    """Name a load within a sentence: ``Hillside School: space heat`` is the one's of the other."""
    owner, _, purpose = load.name.partition(": ")
    return f"the {purpose} of {owner}" if purpose else load.name


def report_policy() -> str:
    """Give the content security policy under which a report may be served: its one style only."""
    digest = base64.b64encode(hashlib.sha256(style_sheet().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Operator:
    """What the operator puts in and gets out, in the amounts of a steady year."""

    investment: float
    grant: float
    heat_revenue: float
    cooling_saved: float
    electricity: float
    upkeep: float

    @property
    def surplus(self) -> float:
        return self.heat_revenue + self.cooling_saved - self.electricity - self.upkeep


def _operator(study: StudyResult) -> _Operator:
    building, steady = study.finance.cash[0], study.finance.cash[1]
    return _Operator(
        investment=-building.investment,
        grant=building.grant,
        heat_revenue=steady.heat_revenue,
        cooling_saved=steady.cooling_saved,
        electricity=-steady.electricity,
        upkeep=-steady.upkeep,
    )
