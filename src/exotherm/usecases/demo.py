"""The demonstration: the whole chain on the example site, through the real protocols."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from exotherm.core.errors import UnableTo
from exotherm.core.findings import Finding, has_errors
from exotherm.plan.rating import Month
from exotherm.plan.study import StudyResult
from exotherm.prove.verify import main as verify_pack
from exotherm.store.sqlite import open_store
from exotherm.usecases.billing import Issued, issue_invoice
from exotherm.usecases.new import new_workspace
from exotherm.usecases.proving import Proof, issue_pack
from exotherm.usecases.simulate import RunReport, simulate_month
from exotherm.usecases.study import REPORT_FILE, study_workspace, write_report
from exotherm.usecases.workspace import Ready, load_workspace, ready

MONTH = "2026-10"
"""The month that is lived: clocks go back in it, so it has 745 hours."""
ISSUED_ON = date(2026, 11, 2)
_MARK = ".exotherm-demo"


class UnableToDemonstrate(UnableTo):
    """The demonstration stopped at a step that works on every sound installation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """What each link of the chain gave, and where its files are."""

    workspace: Ready
    study: StudyResult
    month: Month
    run: RunReport
    issued: Issued
    proof: Proof
    report: Path
    findings: tuple[Finding, ...]


def demonstrate(folder: Path, *, on_progress: Callable[[float, str], None]) -> Demonstration:
    """Plan, check, operate a month, bill and prove it, in a folder of the demonstration's own.

    A folder that an earlier demonstration made is begun anew; any other that is not empty is
    refused. ``on_progress`` hears the share done and the name of the step.
    """
    on_progress(0.0, "writing the example site")
    _make_room(folder)
    new_workspace(folder)
    (folder / _MARK).touch()
    loaded = load_workspace(folder)
    workspace = ready(loaded)
    if workspace is None:
        raise _unsound(loaded.findings)
    on_progress(0.05, "planning: a year of the plant")
    study = study_workspace(workspace)
    month = next(one for one in study.months if one.period.hours == 745)
    with open_store(workspace.store) as store:
        on_progress(0.2, f"operating: {MONTH} over M-Bus and Modbus")
        run = simulate_month(
            workspace,
            store,
            MONTH,
            on_progress=lambda frac: on_progress(0.2 + 0.6 * frac, "operating: reading meters"),
        )
        on_progress(0.8, "billing: closing the month")
        issued = issue_invoice(workspace, store, MONTH, issued_on=ISSUED_ON)
        if not isinstance(issued, Issued):
            raise _unsound(issued)
        on_progress(0.9, "proving: packing the evidence")
        proof = issue_pack(workspace, store, MONTH, issued_on=ISSUED_ON)
        if not isinstance(proof, Proof):
            raise _unsound(proof)
    on_progress(0.95, "writing the study")
    made_at = proof.claim.period.end
    report = write_report(study, workspace, folder / REPORT_FILE, made_at=made_at)
    return Demonstration(
        workspace=workspace,
        study=study,
        month=month,
        run=run,
        issued=issued,
        proof=proof,
        report=report,
        findings=(*loaded.findings, *issued.findings, *proof.claim.findings),
    )


def verifies(demonstration: Demonstration) -> bool:
    """Tell whether the pack's own verifier accepts it with the operator's key; it prints why."""
    key = str(demonstration.issued.invoice.evidence_key)
    return verify_pack([str(demonstration.proof.file), "--key", key]) == 0


def _make_room(folder: Path) -> None:
    """Empty a folder that an earlier demonstration filled; leave any other as it is."""
    if not (folder / _MARK).exists():
        return
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()


def _unsound(findings: tuple[Finding, ...]) -> UnableToDemonstrate:
    blocking = [finding for finding in findings if has_errors((finding,))]
    first = blocking[0] if blocking else findings[0]
    return UnableToDemonstrate(f"{first.where}: {first.message}", remedy=first.remedy)
