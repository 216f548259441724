"""Finding what a workspace's present value is due to."""

from collections.abc import Callable
from typing import Any

from exotherm.plan.sensitivity import Sensitivity, sense
from exotherm.plan.survey.effect import with_survey
from exotherm.usecases.survey import survey_of
from exotherm.usecases.workspace import Ready


def sense_workspace(
    workspace: Ready,
    *,
    runs: int,
    threads: int,
    on_stage: Callable[[float, str], None] = lambda _, __: None,
) -> Sensitivity:
    """Find the indices of a workspace's assumptions."""
    return sense(
        with_survey(workspace.site, survey_of(workspace)),
        workspace.contract,
        workspace.surroundings,
        runs=runs,
        threads=threads,
        on_stage=on_stage,
    )


def sensitivity_json(found: Sensitivity, *, currency: str) -> dict[str, Any]:
    """Give it as plain values."""
    still = dict(found.still)
    return {
        "text": found.text,
        "currency": currency,
        "runs": found.runs,
        "years_simulated": found.simulated,
        "fit_error_frac": found.fit_error_frac,
        "mean_npv": found.mean,
        "spread_npv": found.spread,
        "worth_knowing_all_npv": found.worth_knowing_all,
        "assumptions": [
            {
                "assumption": one.factor.value,
                "first_frac": one.first_frac,
                "first_error_frac": one.first_error,
                "total_frac": one.total_frac,
                "total_error_frac": one.total_error,
                "worth_knowing_npv": one.worth_knowing,
                "no_effect": still.get(one.factor, ""),
            }
            for one in found.indices
        ],
        "finding_out": [
            {
                "assumption": one.factor.value,
                "name": one.way.name,
                "amount": one.way.amount,
                "source": one.way.source,
                "worth_npv": one.worth,
                "worth_doing": one.is_worth_doing,
            }
            for one in found.finding_out
        ],
    }
