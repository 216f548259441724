"""Studying several workspaces, to say which to build first."""

from collections.abc import Callable, Mapping
from typing import Any

from exotherm.plan.first_site import Candidate, FirstSite, choose_first
from exotherm.usecases.study import study_workspace
from exotherm.usecases.workspace import Ready


def compare_sites(
    workspaces: Mapping[str, Ready], *, on_site: Callable[[str], None] = lambda _: None
) -> FirstSite:
    """Study workspaces by the names of their folders, and rank them.

    Sites of one name are told apart by their folders.
    """
    names = [one.site.site.name for one in workspaces.values()]
    candidates = []
    for folder, workspace in workspaces.items():
        own = workspace.site.site.name
        name = own if names.count(own) == 1 else f"{own} ({folder})"
        on_site(name)
        candidates.append(Candidate(name=name, study=study_workspace(workspace)))
    return choose_first(candidates)


def comparison_json(found: FirstSite) -> dict[str, Any]:
    """Give it as plain values, the first site first."""
    return {
        "text": found.text,
        "sites": [
            {
                "name": one.name,
                "currency": one.study.currency,
                "verdict": one.study.verdict.value,
                "investment_amount": one.investment,
                "npv": one.study.finance.npv,
                "npv_per_invested": one.value_per_invested,
                "worst_npv": one.worst,
                "irr_frac": one.study.finance.irr_frac,
                "heat_displaced_kwh": one.study.heat_displaced_kwh,
            }
            for one in found.ranked
        ],
    }
