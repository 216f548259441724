"""Making the proposal of a workspace, checking its words, and writing it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from exotherm.core.documents import Source
from exotherm.core.findings import Finding, Severity, Where
from exotherm.plan.proposal import Proposal, make_proposal
from exotherm.plan.proposal_cost import Bounds, Lifetime
from exotherm.plan.proposal_faults import FaultTried
from exotherm.plan.proposal_scenarios import Tried
from exotherm.plan.proposal_served import Served
from exotherm.plan.risk_verdict import unit_of
from exotherm.prove.wording import INSTEAD
from exotherm.render.proposal import Claim, ProposalPage, render_proposal
from exotherm.usecases.files import WorkspaceFiles
from exotherm.usecases.reports import write_page
from exotherm.usecases.survey import survey_of
from exotherm.usecases.workspace import CONTRACT_FILE, Ready

PROPOSAL_FILE = "proposal.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A proposal with its page, and every finding about it."""

    proposal: Proposal
    page: ProposalPage
    findings: tuple[Finding, ...]


def propose(
    workspace: Ready,
    *,
    draws: int,
    threads: int,
    made_at: datetime,
    on_stage: Callable[[str], None] = lambda _: None,
    on_draw: Callable[[int], None] = lambda _: None,
) -> Made:
    """Make the proposal of a workspace and its page, with its words checked."""
    proposal = make_proposal(
        workspace.site,
        workspace.contract,
        workspace.surroundings,
        against=tuple(one for one in workspace.findings if one.where.file == CONTRACT_FILE),
        survey=survey_of(workspace),
        draws=draws,
        threads=threads,
        on_stage=on_stage,
        on_draw=on_draw,
    )
    on_stage("writing the pages")
    page = render_proposal(proposal, workspace.site, workspace.contract, made_at=made_at)
    text = WorkspaceFiles(workspace.folder).text(CONTRACT_FILE) or ""
    words = tuple(_of_words(one, Source(file=CONTRACT_FILE, text=text)) for one in page.left_out)
    return Made(proposal=proposal, page=page, findings=(*proposal.findings, *words))


def write_proposal(made: Made, workspace: Ready, path: Path, *, made_at: datetime) -> Path:
    """Write a proposal as one file, HTML or PDF by its name. See ``write_page``.

    Where the contract is not ready to sign, every sheet says so.
    """
    draft = "DRAFT, the contract is not ready to sign: " if made.proposal.is_draft else ""
    paper = workspace.contract.contract
    foot = f"{draft}{workspace.site.site.name}, proposal by contract {paper.reference} version "
    return write_page(
        made.page.html, path, made_at=made_at, foot=f"{foot}{paper.version}", option="--out"
    )


def _of_words(claim: Claim, contract: Source) -> Finding:
    """Say which words were left out, why, and what to say in their place."""
    said, why = claim.unbacked.words, claim.unbacked.fault
    message = f"“{said}” is left out of the proposal: {why.value}."
    if claim.table:
        return contract.warning(
            "prove.word-not-backed",
            claim.table,
            message=message,
            remedy=INSTEAD[why],
            words=said,
        )
    return Finding(
        code="prove.word-not-backed",
        severity=Severity.WARNING,
        where=Where(path="page of the proposal"),
        message=message,
        remedy=INSTEAD[why],
        data={"words": said},
    )


# --- As JSON


def proposal_json(proposal: Proposal) -> dict[str, Any]:
    """Give a proposal as plain values; bounds are what nine of ten draws keep to."""
    cost, year = proposal.cost, proposal.cost.year
    return {
        "is_draft": proposal.is_draft,
        "currency": proposal.currency,
        "draws": cost.draws,
        "term_years": cost.years,
        "discount_frac": cost.discount_frac,
        "year": {
            "heat_kwh_min": year.heat_kwh_min,
            "bill_max": year.bill_max,
            "bill_per_kwh_max": year.bill_per_kwh_max,
            "fuel_alone_min": year.fuel_alone_min,
            "fuel_served_max": year.fuel_served_max,
            "saved_min": year.saved_min,
        },
        "lifetimes": [_lifetime(one) for one in cost.lifetimes],
        "moves": [
            {
                "assumption": one.factor.value,
                "unit": unit_of(one.factor),
                "low": one.range.low,
                "high": one.range.high,
                "saved_at_low": one.saved_at_low,
                "saved_at_high": one.saved_at_high,
            }
            for one in cost.moves
        ],
        "scenarios": [_scenario(one) for one in proposal.scenarios.tried],
        "faults": [_fault(one) for one in proposal.faults.tried],
        "rests": [
            {"name": one.name, "path": one.path, "basis": one.kind, "source": one.source}
            for one in proposal.rests
        ],
        "open": list(proposal.open_points),
    }


def _lifetime(one: Lifetime) -> dict[str, Any]:
    return {
        "situation": one.situation.value,
        "present_value": _bounds(one.present),
        "sum": _bounds(one.summed),
    }


def _bounds(one: Bounds) -> dict[str, float]:
    return {
        "alone_min": one.alone_min,
        "served_max": one.served_max,
        "saved_min": one.saved_min,
    }


def _scenario(one: Tried) -> dict[str, Any]:
    available = one.available_frac
    return {
        "scenario": one.scenario.value,
        "assumed": one.assumed,
        "wanted_kwh": one.wanted_kwh,
        "available_frac": None if available is None else float(available),
        **_served(one.served),
    }


def _fault(one: FaultTried) -> dict[str, Any]:
    return {
        "fault": one.broken.value,
        "starts_at": one.starts_at.isoformat(),
        "lasts_h": one.lasts_h,
        "basis": one.basis,
        "wanted_kwh": one.wanted_kwh,
        "counted_as": one.counted_as,
        "failed_h": one.failed_h,
        "excused_h": one.excused_h,
        "servers_off_h": one.servers_off_h,
        "servers_safe": one.servers_safe,
        **_served(one.served),
    }


def _served(one: Served) -> dict[str, Any]:
    supply = one.supply
    return {
        "service_kwh": one.service_kwh,
        "own_kwh": one.own_kwh,
        "short_kwh": one.short_kwh,
        "own_kw_max": one.own_kw_max,
        "supply_c_min": None if supply is None else supply.supply_c,
        "promised_c": None if supply is None else supply.promised_c,
        "pool_c_min": one.pool_c_min,
        "coolant_c_max": one.coolant_c_max,
    }
