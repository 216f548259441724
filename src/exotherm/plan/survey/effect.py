"""What a survey does to a study: its money in the investment, lost months, and the verdict."""

from dataclasses import dataclass
from datetime import date

from exotherm.core.period import write_day
from exotherm.core.sentences import listed
from exotherm.core.units import format_quantity
from exotherm.plan.survey.items import Item
from exotherm.plan.survey.phases import POINTS
from exotherm.plan.survey.result import SurveyResult
from exotherm.plan.verdict import Verdict
from exotherm.site.document import Site
from exotherm.site.economics import Investment

LARGE_FRAC = 0.10
"""share of the investment from which on what may come alone is a condition: a choice of ours"""
_DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyEffect:
    """A survey as it stands in a study."""

    result: SurveyResult
    lost_amount: float
    """what running the plant would have brought in the days by which findings delay it"""
    late_days: int
    """days by which the first heat comes after the contract begins"""
    conditions: tuple[Item, ...]
    """what may come and is large: a tenth of the investment, or all that the project is worth"""


def with_survey(site: Site, result: SurveyResult | None) -> Site:
    """Give the site with what its survey adds, as a part of the investment with a name.

    It is paid once: works in a building are neither replaced nor worth anything at the end.
    """
    if result is None or not result.added.expected:
        return site
    economics = site.economics
    # Made of values that were checked; a sum of them may pass what one value may be.
    added = Investment.model_construct(
        name=f"What the survey of {write_day(result.surveyed_on)} found",
        amount=float(result.added.expected),
        life_years=economics.term_years,
    )
    more = economics.model_copy(update={"investment": (*economics.investment, added)})
    return site.model_copy(update={"economics": more})


def effect_of(
    result: SurveyResult,
    *,
    npv: float,
    invested: float,
    surplus_per_year: float,
    contract_starts_on: date,
) -> SurveyEffect:
    """Weigh a survey against a study that holds its money already.

    ``surplus_per_year`` is what a steady year of running brings. What may come is weighed at its
    high end, its days as if all of them delayed the first heat.
    """
    per_day = max(0.0, surplus_per_year) / _DAYS_PER_YEAR
    conditions = []
    for item in result.items:
        worse = float(item.cost.high - item.expected) + per_day * item.days.high
        if item.likelihood_frac < 1 and (worse > npv or worse >= LARGE_FRAC * invested):
            conditions.append(item)
    first = result.first_heat_on or contract_starts_on
    return SurveyEffect(
        result=result,
        late_days=max(0, (first - contract_starts_on).days),
        lost_amount=per_day * (result.delay_days or 0),
        conditions=tuple(conditions),
    )


def judge_survey(
    verdict: Verdict, text: str, npv: float, effect: SurveyEffect
) -> tuple[Verdict, str]:
    """Judge again with a survey, by the rules, the first that holds; give verdict and sentence.

    Something stops: do not build until it is settled. What may come is large, or something has no
    price: what was robust is conditional on it. Otherwise it stays.
    """
    result = effect.result
    worth = format_quantity("npv", npv, currency=result.currency)
    if result.stops:
        # A verdict is a headline: it has no code in it.
        what = " ".join(item.what for item in result.stops).replace("`", "")
        if verdict is Verdict.DO_NOT_BUILD:
            return verdict, f"{text} The survey stops it as well. {what}"
        return Verdict.DO_NOT_BUILD, (
            f"Do not build until this is settled: {what} Without it the net present value is "
            f"{worth}."
        )
    if verdict is Verdict.DO_NOT_BUILD:
        return verdict, text
    conditions = _conditions(effect)
    if not conditions:
        return verdict, text
    if verdict is Verdict.ROBUST:
        return Verdict.CONDITIONAL, (
            f"Worth building, conditional on {conditions}: the net present value is {worth}, and "
            "no single setback of the plan makes it negative."
        )
    return verdict, f"{text} It is conditional on {conditions} as well."


def _conditions(effect: SurveyEffect) -> str:
    names = list(dict.fromkeys(POINTS[item.rule].lower() for item in effect.conditions))
    parts = []
    if names:
        parts.append(f"what the survey leaves open ({listed(names)})")
    if effect.result.unpriced:
        parts.append(f"quotes in {effect.result.currency} for what it found")
    return " and on ".join(parts)
