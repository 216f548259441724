"""Seeking the sizes of a workspace's plant."""

from collections.abc import Callable
from typing import Any

from exotherm.plan.sized import PARTS, QUANTITY_OF
from exotherm.plan.sizing import Objective, Sizing, Tried, size_plant
from exotherm.plan.sizing_words import explain_edges, explain_sizing
from exotherm.plan.survey.effect import with_survey
from exotherm.usecases.survey import survey_of
from exotherm.usecases.workspace import Ready


def size_workspace(
    workspace: Ready,
    *,
    objective: Objective,
    threads: int,
    on_tried: Callable[[int], None] = lambda _: None,
) -> Sizing:
    """Seek the sizes of a workspace's plant that are worth most."""
    return size_plant(
        with_survey(workspace.site, survey_of(workspace)),
        workspace.contract,
        workspace.surroundings,
        objective=objective,
        threads=threads,
        on_tried=on_tried,
    )


def sizing_json(sizing: Sizing, *, currency: str) -> dict[str, Any]:
    """Give it as plain values; present values over the term."""
    return {
        "text": explain_sizing(sizing, currency),
        "notes": list(explain_edges(sizing)),
        "currency": currency,
        "objective": str(sizing.objective),
        "sought": [str(part) for part in sizing.parts],
        "fixed": [str(part) for part in sizing.fixed],
        "now": _tried(sizing.now),
        "best": None if sizing.best is None else _tried(sizing.best),
        "another_unit_brings_npv": {QUANTITY_OF[part]: slope for part, slope in sizing.slopes},
        "backup_kw_min": sizing.backup_kw,
        "surface": [_tried(one) for one in sizing.surface],
        "front": [_tried(one) for one in sizing.front],
        "tried": [_tried(one) for one in sizing.tried],
    }


def _tried(one: Tried) -> dict[str, Any]:
    return {
        **{QUANTITY_OF[part]: size for part, size in zip(PARTS, one.sizes, strict=True)},
        "npv": one.npv,
        "customer_npv": one.customer_npv,
        "investment_amount": one.investment,
        "power_kw_max": one.power_kw_max,
        "displaced_frac": one.displaced_frac,
        "broken": list(one.broken),
    }
