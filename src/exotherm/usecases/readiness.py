"""The gate before capex for a workspace: files read, proofs gathered, signatures weighed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from exotherm.comply.diligence import AREAS, Area, diligence
from exotherm.comply.papers import Papers, Plan
from exotherm.comply.readiness import Readiness, Settled, readiness_of, signoff_template
from exotherm.comply.signoff import (
    SIGNOFF_FILE,
    Present,
    Signed,
    Signoffs,
    check_signoffs,
    read_signoffs,
)
from exotherm.core.findings import Finding
from exotherm.plan.study import StudyResult
from exotherm.plan.verdict import Verdict
from exotherm.usecases.files import WorkspaceFiles
from exotherm.usecases.regulation import day_at, regulation_of
from exotherm.usecases.workspace import Workspace

_WORTH_BUILDING = (Verdict.ROBUST, Verdict.CONDITIONAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The list of due diligence for a workspace, with what stands against its papers."""

    readiness: Readiness
    hashes: Mapping[Area, str]
    """SHA-256 of the files that signatures are given for, by area"""
    findings: tuple[Finding, ...]
    """what stands against ``regulation.toml`` and ``signoff.toml``"""


def gate_of(
    workspace: Workspace, *, now: datetime, study: StudyResult | None = None
) -> Gate | None:
    """Go through the due diligence of a workspace; None where its site cannot be read.

    Nothing is simulated: the plan counts where ``study`` is given.
    """
    if workspace.site is None:
        return None
    folder, on = workspace.folder, day_at(workspace.site, now)
    regulation = regulation_of(folder, workspace.site, workspace.contract, on=on)
    hashes = {area: _hash(folder, diligence().files[area]) for area in AREAS}
    signed, found = _signatures(folder, hashes, on)
    studied = study.findings if study else ()
    papers = Papers(
        site=workspace.site,
        contract=workspace.contract,
        findings=(*workspace.findings, *studied),
        facts=regulation.facts,
        duties=regulation.duties,
        owners=regulation.owners,
        plan=_plan(study) if study else None,
    )
    findings = (*regulation.findings, *found)
    return Gate(
        readiness=readiness_of(papers, signed, (*papers.findings, *findings)),
        hashes=hashes,
        findings=findings,
    )


def template_of(gate: Gate) -> str:
    """Write the sign-off file of a workspace, with everything that is still to be signed."""
    return signoff_template(gate.readiness, gate.hashes)


def _plan(study: StudyResult) -> Plan:
    """Give what the gate asks of a plan."""
    return Plan(
        worth_building=study.verdict in _WORTH_BUILDING,
        words=study.verdict_text,
        customer_npv=study.ownership.service.customer.npv,
        currency=study.currency,
    )


def _signatures(
    folder: Path, hashes: Mapping[Area, str], on: date
) -> tuple[Mapping[str, Signed], tuple[Finding, ...]]:
    if not (folder / SIGNOFF_FILE).exists():
        return {}, ()
    files = WorkspaceFiles(folder)
    text = files.text(SIGNOFF_FILE)
    if text is None:
        return {}, tuple(files.findings)
    read = read_signoffs(text)
    if read.document is None:
        return {}, read.findings
    present = Present(on=on, hashes=hashes, unreadable=_unreadable(folder, read.document))
    return check_signoffs(read.document, present, text=text)


def _unreadable(folder: Path, signoffs: Signoffs) -> dict[str, str]:
    """Say of each file of evidence that cannot be read what is wrong with it."""
    wrong = {}
    for name in {one.evidence_file for one in signoffs.signoff if one.evidence_file}:
        files = WorkspaceFiles(folder)
        if files.content(name) is None:
            wrong[name] = files.findings[0].message
    return wrong


def _hash(folder: Path, names: tuple[str, ...]) -> str:
    """Give the SHA-256 of files one after the other, as ``cat … | sha256sum`` does.

    One that is not there adds nothing.
    """
    files, digest = WorkspaceFiles(folder), hashlib.sha256()
    for name in names:
        digest.update(files.content(name) or b"")
    return digest.hexdigest()


# --- As JSON


def show_gate(gate: Gate) -> dict[str, object]:
    """Give the whole list as plain values."""
    readiness = gate.readiness
    return {
        "on": readiness.on.isoformat(),
        "list_checked_on": readiness.checked_on.isoformat(),
        "ready": readiness.is_ready,
        "verdict": readiness.verdict,
        "errors": readiness.errors,
        "missing": [one.item.id for one in readiness.missing],
        "advised": [one.item.id for one in readiness.advised],
        "items": [_settled(one) for one in readiness.settled],
        "files_hash": dict(gate.hashes),
    }


def _settled(one: Settled) -> dict[str, object]:
    item = one.item
    return {
        "id": item.id,
        "area": item.area,
        "title": item.title,
        "state": one.state,
        "words": one.words,
        "next": one.next,
        "blocking": item.blocking,
        "signed_by": item.signed_by,
        "shown_by": item.shown_by,
        "proof": item.proof,
    }
