"""Trying a workspace's plan with its assumptions off."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from exotherm.plan.risk import RiskResult, try_assumptions
from exotherm.plan.risk_alone import Alone
from exotherm.plan.risk_ranges import RISK_FACTORS
from exotherm.plan.risk_verdict import explain_risk, judge_risk, unit_of
from exotherm.plan.survey.effect import with_survey
from exotherm.render.risk_page import render_risk
from exotherm.usecases.reports import write_page
from exotherm.usecases.survey import survey_of
from exotherm.usecases.workspace import Ready

QUANTILES = (("p10", 0.10), ("p50", 0.50), ("p90", 0.90))
"""shares of draws that stay below, by their key"""


def risk_workspace(
    workspace: Ready, *, draws: int, threads: int, on_draw: Callable[[int], None] = lambda _: None
) -> RiskResult:
    """Try a workspace's plan on many draws, with what its survey adds in the investment."""
    return try_assumptions(
        with_survey(workspace.site, survey_of(workspace)),
        workspace.contract,
        workspace.surroundings,
        draws=draws,
        threads=threads,
        on_draw=on_draw,
    )


def write_risk(risk: RiskResult, workspace: Ready, path: Path, *, made_at: datetime) -> Path:
    """Write a risk as one self-contained file, HTML or PDF by its name. See ``write_page``."""
    site = workspace.site
    page = render_risk(risk, site, made_at=made_at)
    foot = f"{site.site.name}, risk of the plan for {site.study.year}: {judge_risk(risk).value}"
    return write_page(page, path, made_at=made_at, foot=foot)


def risk_json(risk: RiskResult) -> dict[str, Any]:
    """Give a risk as plain values; amounts are present values over the term."""
    return {
        "verdict": judge_risk(risk).value,
        "verdict_text": explain_risk(risk),
        "currency": risk.currency,
        "draws": len(risk.draws),
        "planned_npv": risk.planned.operator,
        "planned_customer_npv": risk.planned.customer,
        "loss_frac": risk.loss_frac,
        "customer_loss_frac": risk.customer_loss_frac,
        "npv": {key: risk.quantile(share) for key, share in QUANTILES},
        "worst_npv": risk.worst.operator,
        "npv_without": {str(layer): left for layer, left in risk.ungranted.items()},
        "assumptions": [_alone(one) for one in risk.alone],
        "each_draw": [
            {
                "npv": draw.operator,
                "customer_npv": draw.customer,
                **{
                    name.name.lower(): float(value)
                    for name, value in zip(RISK_FACTORS, row, strict=True)
                },
            }
            for draw, row in zip(risk.draws, risk.values, strict=True)
        ],
    }


def _alone(one: Alone) -> dict[str, Any]:
    return {
        "assumption": one.factor.value,
        "unit": unit_of(one.factor),
        "low": one.range.low,
        "plan": one.range.plan,
        "high": one.range.high,
        "widened": one.range.widened,
        "no_effect": one.no_effect,
        "npv_at_low": one.at_low.operator,
        "npv_at_high": one.at_high.operator,
        "break_even": one.break_even,
        "worst_between": None if one.turn is None else one.turn.value,
        "npv_worst_between": None if one.turn is None else one.turn.worth.operator,
    }
