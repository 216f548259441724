"""The verdict on a project whose assumptions may fail, by stated rules."""

from collections.abc import Iterable, Iterator

from exotherm.core.sentences import listed
from exotherm.core.units import format_quantity
from exotherm.plan.risk import RiskResult
from exotherm.plan.risk_alone import Alone
from exotherm.plan.risk_ranges import RiskFactor
from exotherm.plan.verdict import Verdict

LOSS_FRAC_ROBUST = 0.10
"""share of draws that may lose in a project that is called robust"""
LOSS_FRAC_HIGH = 0.20
"""share from which on a project that one assumption can sink is at high risk"""


def judge_risk(risk: RiskResult) -> Verdict:
    """Judge by the rules, the first that holds.

    Do not build: the plan itself loses, or half of the draws do. High risk: a fifth of the draws
    or more lose, and the worse end of a single assumption is enough. Conditional: a single
    assumption is enough, more than a tenth of the draws lose, or the plan makes the customer
    lose. Robust: none of these.

    A grant or a certificate is such an assumption, whose worse end is that it does not come: no
    draw is without it, so however large it is, it would else make any plan robust.
    """
    if risk.planned.operator < 0 or risk.loss_frac >= 0.5:
        return Verdict.DO_NOT_BUILD
    is_sinking = bool(risk.sinking or risk.granted)
    if is_sinking and risk.loss_frac >= LOSS_FRAC_HIGH:
        return Verdict.HIGH_RISK
    if is_sinking or risk.loss_frac > LOSS_FRAC_ROBUST or risk.customer_loses:
        return Verdict.CONDITIONAL
    return Verdict.ROBUST


def explain_risk(risk: RiskResult) -> str:
    """Say the verdict in sentences with its reasons."""
    verdict = judge_risk(risk)
    loses = f"{_percent(risk.loss_frac)} of {len(risk.draws)} draws lose"
    names = listed(
        [
            *(_limit_of(one) for one in risk.sinking),
            *(f"the {layer} come as planned" for layer in risk.granted),
            *_signing(risk),
        ]
    )
    match verdict:
        case Verdict.DO_NOT_BUILD:
            if risk.planned.operator < 0:
                worth = format_quantity("npv", risk.planned.operator, currency=risk.currency)
                return f"Do not build: the plan itself is worth {worth}."
            return f"Do not build: {loses}."
        case Verdict.HIGH_RISK:
            return f"High risk: {loses}. It works only if {names}."
        case Verdict.CONDITIONAL:
            if names:
                return f"Conditional: {loses}. It has to be so that {names}."
            return f"Conditional: {loses}, though no single assumption is enough for that."
        case Verdict.ROBUST:
            low, high = (
                format_quantity("npv", risk.quantile(share), currency=risk.currency)
                for share in (0.1, 0.9)
            )
            return (
                f"Robust: {loses}; eight of ten lie between {low} and {high}, and no single "
                "assumption at its worse end makes the project lose."
            )


def _signing(risk: RiskResult) -> Iterator[str]:
    if risk.customer_loses:
        lost = format_quantity("npv", -risk.planned.customer, currency=risk.currency)
        yield f"the customer signs although it loses {lost} by the plan"


def explain_turns(risk: RiskResult) -> tuple[str, ...]:
    """Say of each price that a range's ends are better than something between them, and why."""
    return tuple(
        f"The {one.factor.value} is worst at {write_value(one.factor, one.turn.value)}, where "
        f"{format_quantity('npv', one.turn.worth.operator, currency=risk.currency)} is left: "
        "beyond it the heat pump rests, and it loses money while it runs. The plan would gain if "
        "it were off."
        for one in risk.alone
        if one.turn is not None
    )


IN_WHAT = (
    "Per cent are of what the plan has, 100 % being as planned; downtime is a share of the year, a "
    "customer stays for a share of the term, and kelvin are added to every hour."
)
"""in what the ends of ranges are written"""


_UNITS = {
    RiskFactor.OUTDOOR: "K above the planned one",
    RiskFactor.DOWNTIME: "share of the year",
    RiskFactor.FIRST_HEAT: "years",
    RiskFactor.CUSTOMER: "share of the term",
}


def explain_still(reasons: Iterable[tuple[RiskFactor, str]]) -> str:
    """Say in one line which assumptions move nothing in a plan, and why; empty for none."""
    said = "; ".join(f"{factor.value} ({why})" for factor, why in reasons)
    return f"No effect on this plan: {said}." if said else ""


def _limit_of(alone: Alone) -> str:
    """Say up to where an assumption has to hold."""
    value = alone.break_even
    worse_low = alone.adverse_value < alone.range.plan
    if value is None:
        return f"the {alone.factor.value} is as planned"
    bound = "at least" if worse_low else "at most"
    return f"the {alone.factor.value} is {bound} {write_value(alone.factor, value)}"


def write_value(factor: RiskFactor, value: float) -> str:
    """Write a value of an assumption: kelvin, a share of the year, or a share of the plan's."""
    if factor is RiskFactor.OUTDOOR:
        return f"{format_quantity('warmer_k', value)} above the planned one"
    if factor is RiskFactor.DOWNTIME:
        return f"{_percent(value)} of the year"
    if factor is RiskFactor.FIRST_HEAT:
        return format_quantity("late_years", value)
    if factor is RiskFactor.CUSTOMER:
        return f"{_percent(value)} of the term"
    return f"{_percent(value)} of the planned one"


def unit_of(factor: RiskFactor) -> str:
    """Say in what the values of an assumption are counted, in plain letters."""
    return _UNITS.get(factor, "share of the planned one")


def write_cell(factor: RiskFactor, value: float) -> str:
    """Write a value of an assumption as it stands in a table under the assumption's name."""
    if factor is RiskFactor.OUTDOOR:
        return format_quantity("warmer_k", value)
    if factor is RiskFactor.FIRST_HEAT:
        return format_quantity("late_years", value)
    return _percent(value)


def _percent(frac: float) -> str:
    return format_quantity("_frac", frac)
