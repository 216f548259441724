"""Making a study and its report."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from exotherm.core.errors import UnableTo
from exotherm.plan.study import StudyResult, make_study
from exotherm.render.report import render_study
from exotherm.usecases.carbon import planned_emissions
from exotherm.usecases.files import write_whole
from exotherm.usecases.workspace import Ready

REPORT_FILE = "study.html"


class UnableToWriteReport(UnableTo):
    """The report could not be written where it was asked for."""


def study_workspace(
    workspace: Ready, *, on_stage: Callable[[str], None] = lambda _: None
) -> StudyResult:
    """Study a workspace's site under its contract."""
    return make_study(workspace.site, workspace.contract, workspace.surroundings, on_stage=on_stage)


def report_of(study: StudyResult, workspace: Ready, *, made_at: datetime) -> str:
    """Make the report of a study: one HTML page that needs nothing else."""
    return render_study(
        study,
        workspace.site,
        workspace.contract,
        made_at=made_at,
        carbon=planned_emissions(workspace, study),
    )


def write_report(study: StudyResult, workspace: Ready, path: Path, *, made_at: datetime) -> Path:
    """Write the study as one self-contained HTML file."""
    text = report_of(study, workspace, made_at=made_at)
    if path.suffix.lower() not in {".html", ".htm"}:
        raise UnableToWriteReport(
            f"{path} is not the name of a page",
            remedy="Name a file that ends in .html; no other file is ever written over.",
        )
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise UnableToWriteReport(
            f"{path} cannot be written: {error.strerror}",
            remedy="Name another file with --report.",
        ) from error
    return path
