"""Holding a workspace's contract against its own plant over many years."""

from collections.abc import Callable
from typing import Any

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.plan.bankable import CauseHours, Promise, SpreadOf, TrialYear
from exotherm.plan.bankable_findings import findings_of_promise
from exotherm.plan.bankable_trial import try_promise
from exotherm.plan.survey.effect import with_survey
from exotherm.usecases.files import WorkspaceFiles
from exotherm.usecases.survey import survey_of
from exotherm.usecases.workspace import CONTRACT_FILE, Ready

FIGURES: tuple[tuple[str, str, Callable[[TrialYear], float | None]], ...] = (
    ("available_frac", "available", lambda one: one.available_frac),
    ("heat_kwh", "heat delivered", lambda one: one.heat_kwh),
    ("revenue", "paid for the heat", lambda one: one.money.heat_revenue),
    ("credits", "service credits in it", lambda one: one.money.credits),
    ("below_minimum", "minimum purchase in it", lambda one: one.money.below_minimum),
    ("cash", "left after running costs", lambda one: one.money.cash),
    ("net", "left after the plant's cost", lambda one: one.money.net),
)
"""the figures of a year: their key, their words, and how a year gives them"""


def bank_workspace(
    workspace: Ready, *, years: int, seed: int, on_year: Callable[[int], None] = lambda _: None
) -> Promise:
    """Try a workspace's promise on many drawn years."""
    return try_promise(
        with_survey(workspace.site, survey_of(workspace)),
        workspace.contract,
        workspace.surroundings,
        years=years,
        seed=seed,
        on_year=on_year,
    )


def findings_about(promise: Promise, workspace: Ready) -> tuple[Finding, ...]:
    """Say at which clause of the workspace's contract the promise is not bankable, and why."""
    text = WorkspaceFiles(workspace.folder).text(CONTRACT_FILE)
    return findings_of_promise(promise, Source(file=CONTRACT_FILE, text=text or ""))


def promise_json(promise: Promise) -> dict[str, Any]:
    """Give a promise as plain values."""
    return {
        "verdict": promise.verdict.value,
        "years": len(promise.years),
        "seed": promise.seed,
        "currency": promise.currency,
        "promised_frac": promise.promised_frac,
        "loss_frac": promise.loss_frac,
        "loss_frac_known": list(promise.loss_frac_known),
        "cash_loss_frac": promise.cash_loss_frac,
        "missed_months_frac": promise.missed_frac,
        "may_be_ended_frac": promise.ended_frac,
        "figures": {key: _spread(promise.spread_of(figure)) for key, _, figure in FIGURES},
        "causes": [{"cause": cause, **_cause(one)} for cause, one in promise.causes.items()],
        "faults": [
            {
                "fault": what.value,
                "counted_as": promise.counted_as.get(what),
                "per_year": sum(one.faults[what] for one in promise.years) / len(promise.years),
            }
            for what in promise.years[0].faults
        ],
        "each_year": [_year(one) for one in promise.years],
    }


def _spread(spread: SpreadOf) -> dict[str, float]:
    return {"mean": spread.mean, "p10": spread.low, "p50": spread.median, "p90": spread.high}


def _cause(hours: CauseHours) -> dict[str, float]:
    return {
        "short_h": hours.short_h,
        "failed_h": hours.failed_h,
        "below_spec_h": hours.below_spec_h,
        "excused_h": hours.excused_h,
    }


def _year(year: TrialYear) -> dict[str, Any]:
    figures = {key: figure(year) for key, _, figure in FIGURES}
    return {**figures, "missed_months": year.missed_months, "months": year.months}
