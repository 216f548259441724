"""``exotherm survey``: what a visit found, and when the first heat can flow."""

import textwrap
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json, stop_with_findings, workspace_folder
from exotherm.cli.output import exit_code_of, findings_json, note, say, say_json, show_findings
from exotherm.cli.survey_words import (
    COLUMNS,
    item_head,
    item_lines,
    programme_lines,
    total_lines,
)

if TYPE_CHECKING:
    from exotherm.core.findings import Finding
    from exotherm.plan.survey.result import SurveyResult
    from exotherm.usecases.workspace import Workspace

# The years that a survey may name; programmes run some years beyond them.
_YEAR_MIN, _YEAR_MAX = 1990, 2199


@click.command("survey")
@workspace_folder
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    show_default="starts_on of survey.toml",
    help="Day from which the works may be ordered.",
)
@as_json
def survey_command(folder: Path, *, start: datetime | None, as_json: bool) -> int:
    r"""Say what a survey found: cost, delay, risk or stop, and the programme of the works.

    \b
    Example:
      exotherm survey examples/pool --start 2025-03-03

    What is left out in survey.toml is not known, and is said with what it risks. Exits with 1
    where something stops or an error stands.
    """
    from exotherm.usecases.survey import findings_of_survey, show_survey, survey_of
    from exotherm.usecases.workspace import load_workspace

    if start is not None and not _YEAR_MIN <= start.year <= _YEAR_MAX:
        raise click.UsageError(f"--start lies outside {_YEAR_MIN} to {_YEAR_MAX}.")
    workspace = load_workspace(folder)
    found = survey_of(workspace, starts_on=start.date() if start else None)
    own = _own(workspace)
    if found is None or exit_code_of(own):
        return stop_with_findings(own or _missing(folder), as_json=as_json)
    findings = (*own, *findings_of_survey(folder, found))
    if as_json:
        shown = {"findings": findings_json(findings), **show_survey(found)}
        say_json({"folder": str(folder), **shown})
        return exit_code_of(findings)
    # What stops and what is open stands in the table, with what to do.
    show_findings(one for one in findings if not _is_in_table(one))
    assert workspace.site is not None
    _show(found, workspace.site.site.name)
    return exit_code_of(findings)


def _own(workspace: "Workspace") -> tuple["Finding", ...]:
    """Give what stands against the files that a survey is made of."""
    from exotherm.usecases.survey import OWN_FILES

    return tuple(one for one in workspace.findings if one.where.file in OWN_FILES)


def _missing(folder: Path) -> tuple["Finding", ...]:
    """Say that there is no survey."""
    from exotherm.usecases.files import WorkspaceFiles

    files = WorkspaceFiles(folder)
    files.text("survey.toml")
    return tuple(files.findings)


def _is_in_table(finding: "Finding") -> bool:
    return finding.code in ("survey.stops", "survey.answer-open")


def _show(found: "SurveyResult", name: str) -> None:
    from exotherm.core.period import write_day
    from exotherm.core.sentences import listed

    when, who = write_day(found.surveyed_on), listed(found.surveyed_by)
    for line in textwrap.wrap(f"{name}, surveyed on {when} by {who}", COLUMNS):
        say(line, style="bold")
    say(item_head(found.currency))
    for item in found.items:
        for line in item_lines(item):
            say(line)
    say(f"\nProgramme, ordered from {write_day(found.starts_on)}", style="bold")
    if found.programme is None:
        note("No programme: no agreed shutdown is long enough for the tie-in.")
    else:
        for line in programme_lines(found.programme):
            say(line)
    say()
    for line in total_lines(found):
        for part in textwrap.wrap(line, COLUMNS, subsequent_indent="  "):
            say(part)
