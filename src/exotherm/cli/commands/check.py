"""``exotherm check``: every finding in the files of a workspace, and the gate before capex."""

import textwrap
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json, at_now, stop_with_findings, workspace_folder
from exotherm.cli.output import (
    exit_code_of,
    findings_json,
    note,
    progress,
    say,
    say_json,
    say_whole,
    show_findings,
)
from exotherm.core.findings import Severity
from exotherm.core.sentences import counted

if TYPE_CHECKING:
    from exotherm.comply.readiness import Readiness, Settled
    from exotherm.plan.study import StudyResult
    from exotherm.usecases.readiness import Gate
    from exotherm.usecases.workspace import Workspace

_COLUMNS = 80
_BOXES = {"proved": "[x]", "signed": "[x]", "not needed": "[-]", "missing": "[ ]"}


@click.command("check")
@workspace_folder
@click.option("--all", "every", is_flag=True, help="Also list what is settled, with its proof.")
@click.option(
    "--plan", "with_plan", is_flag=True, help="Also make the plan, as proof of its worth."
)
@click.option("--gate", is_flag=True, help="Exit with 1 unless capex may be committed.")
@click.option(
    "--signoff-template",
    is_flag=True,
    help="Print a commented signoff.toml of what is to be signed, and nothing else.",
)
@as_json
@at_now
def check_command(
    folder: Path,
    *,
    every: bool,
    with_plan: bool,
    gate: bool,
    signoff_template: bool,
    as_json: bool,
    now: datetime,
) -> int:
    r"""List every finding in the files of a workspace, and what is missing before capex.

    \b
    Example:
      exotherm check examples/pool

    What the files prove of the due diligence is ticked; the rest is signed off by role in
    signoff.toml. Exits with 1 where an error stands.
    """
    from exotherm.usecases.readiness import gate_of, show_gate, template_of
    from exotherm.usecases.survey import stops_of_survey
    from exotherm.usecases.workspace import load_workspace

    workspace = load_workspace(folder)
    stops = stops_of_survey(workspace)
    workspace = replace(workspace, findings=(*workspace.findings, *stops))
    study = _study_of(workspace) if with_plan else None
    found = gate_of(workspace, now=now, study=study)
    planned = study.findings if study else ()
    findings = (*workspace.findings, *planned, *(found.findings if found else ()))
    if signoff_template:
        if as_json:
            raise click.UsageError("--signoff-template prints TOML; leave --json out.")
        if found is None:
            return stop_with_findings(findings, as_json=False)
        say_whole(template_of(found).rstrip("\n"))
        return 0
    if as_json:
        say_json(
            {
                "folder": str(folder),
                "findings": findings_json(findings),
                "readiness": show_gate(found) if found else None,
            }
        )
    else:
        show_findings(findings)
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        others = len(findings) - errors
        say(f"{folder}: {counted(errors, 'error')}, {counted(others, 'warning or note')}.")
        _show_gate(found, folder, every=every)
    ready = found is not None and found.readiness.is_ready
    return 1 if gate and not ready else exit_code_of(findings)


def _study_of(workspace: "Workspace") -> "StudyResult | None":
    """Make the plan where the files allow one."""
    from exotherm.usecases.study import study_workspace
    from exotherm.usecases.workspace import ready

    whole = ready(workspace)
    if whole is None:
        note("No plan is made while an error stands.")
        return None
    with progress("Study") as advance:
        return study_workspace(whole, on_stage=lambda stage: advance(0.5, stage))


# --- The gate, in 80 columns


def _show_gate(gate: "Gate | None", folder: Path, *, every: bool) -> None:
    if gate is None:
        say("\nThe due diligence is gone through once site.toml can be read.")
        return
    from exotherm.comply.readiness import by_area

    readiness = gate.readiness
    say("\nDue diligence before capex", style="bold")
    say(f"  {_counts(readiness)}")
    shown = readiness.settled if every else (*readiness.missing, *readiness.advised)
    for area, those in by_area(shown):
        say(f"\n{area}", style="bold")
        for one in those:
            for line in _lines(one):
                say(line)
    say()
    for line in textwrap.wrap(readiness.verdict, _COLUMNS):
        say(line, style="bold")
    if not readiness.is_ready:
        say(f"What is to be signed: `exotherm check {folder} --signoff-template`")


def _counts(readiness: "Readiness") -> str:
    proved, signed = readiness.count("proved"), readiness.count("signed")
    open_ones = len(readiness.missing) + len(readiness.advised)
    return (
        f"{proved} proved by the files, {signed} signed, {readiness.count('not needed')} not "
        f"needed, {open_ones} missing"
    )


def _lines(one: "Settled") -> Iterator[str]:
    """Write an item: its box, what the files say of it, what to do, who signs."""
    item = one.item
    advised = "" if item.blocking or one.state not in _OPEN else " (advised)"
    yield from _wrapped(f"{_BOXES.get(one.state, '[!]')} {item.id}: {item.title}{advised}", 2, 6)
    if one.words:
        yield from _wrapped(one.words, 6, 6)
    if one.remedy:
        yield from _wrapped(f"do:   {one.remedy}", 6, 12)
    if one.may_be_signed:
        sign = "or:   signed by" if one.remedy else "sign:"
        yield from _wrapped(f"{sign} {item.signed_by}, shown by {item.shown_by}", 6, 12)


_OPEN = ("missing", "disproved")


def _wrapped(text: str, indent: int, hanging: int) -> list[str]:
    return textwrap.wrap(
        text,
        _COLUMNS,
        initial_indent=" " * indent,
        subsequent_indent=" " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
