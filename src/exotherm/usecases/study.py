"""Making a study and its report."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from exotherm.plan.study import StudyResult, make_study
from exotherm.render.report import render_study
from exotherm.render.workbook.book import render_workbook
from exotherm.usecases.carbon import planned_emissions
from exotherm.usecases.reports import write_book, write_page
from exotherm.usecases.survey import survey_of
from exotherm.usecases.workspace import Ready

REPORT_FILE = "study.html"


def study_workspace(
    workspace: Ready, *, on_stage: Callable[[str], None] = lambda _: None
) -> StudyResult:
    """Study a workspace's site under its contract."""
    return make_study(
        workspace.site,
        workspace.contract,
        workspace.surroundings,
        survey=survey_of(workspace),
        on_stage=on_stage,
    )


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
    """Write the study as one self-contained file, HTML or PDF by its name. See ``write_page``."""
    page, site = report_of(study, workspace, made_at=made_at), workspace.site
    foot = f"{site.site.name}, study of {site.study.year}: {study.verdict.value}"
    return write_page(page, path, made_at=made_at, foot=foot)


def write_workbook(study: StudyResult, workspace: Ready, path: Path, *, made_at: datetime) -> Path:
    """Write the study's money as a workbook. See ``write_book``."""
    return write_book(render_workbook(study, workspace.site, made_at=made_at), path)
