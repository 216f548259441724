"""Holding a workspace's plan against the best way to run the same plant."""

from typing import Any

from exotherm.plan.foresight import Foresight, foresee
from exotherm.plan.year import simulate_year
from exotherm.usecases.workspace import Ready


def foresee_workspace(workspace: Ready) -> Foresight:
    """Simulate a workspace's planned year and dispatch it with perfect foresight."""
    year = simulate_year(workspace.site, workspace.surroundings)
    return foresee(workspace.site, workspace.surroundings, year)


def foresight_json(found: Foresight, *, currency: str) -> dict[str, Any]:
    """Give it as plain values; amounts are of the planned year."""
    return {
        "text": found.text,
        "currency": currency,
        "boiler_alone_cost_per_year": found.cost_boiler,
        "rule_cost_per_year": found.cost_rule,
        "best_cost_per_year": found.cost_best,
        "reached_frac": found.reached_frac,
        "saved_per_store_m3_per_year": found.saved_per_store_m3,
        "saved_per_heat_pump_kw_per_year": found.saved_per_heat_pump_kw,
    }
