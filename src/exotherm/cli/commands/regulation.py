"""``exotherm regulation``: what the project is to the law, and which duties follow."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json, stop_with_findings, workspace_folder
from exotherm.cli.output import (
    exit_code_of,
    findings_json,
    note,
    say,
    say_json,
    say_whole,
    show_findings,
)

if TYPE_CHECKING:
    from exotherm.comply.duties import Duty
    from exotherm.core.findings import Finding
    from exotherm.usecases.regulation import Regulation
    from exotherm.usecases.workspace import Workspace

_FORMS = {
    "yes or no": "true or false",
    "word": "text in quotes",
    "words": "list of texts",
    "day": "date like 2026-12-31",
}


@click.command("regulation")
@workspace_folder
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    show_default="today",
    help="Day on which the rules are held against the project.",
)
@click.option("--all", "every", is_flag=True, help="Also list rules that do not apply, and why.")
@as_json
def regulation_command(folder: Path, *, on: datetime | None, every: bool, as_json: bool) -> int:
    r"""Say what the project is to the law, and which duties follow, from when and for whom.

    \b
    Example:
      exotherm regulation examples/pool --on 2026-11-26

    What neither file tells is answered in regulation.toml. This informs and is no advice.
    """
    from exotherm.usecases.regulation import day_at, regulation_of, show_regulation
    from exotherm.usecases.workspace import load_workspace

    workspace = load_workspace(folder)
    if workspace.site is None:
        return stop_with_findings(workspace.findings, as_json=as_json)
    day = on.date() if on else day_at(workspace.site, datetime.now(UTC))
    found = regulation_of(folder, workspace.site, workspace.contract, on=day)
    findings = (*_of_contract(workspace), *found.findings)
    if as_json:
        shown = show_regulation(found)
        say_json({"folder": str(folder), "findings": findings_json(findings), **shown})
        return exit_code_of(findings)
    show_findings(findings)
    if workspace.contract is None:
        note("Without a contract nothing is known of parties and prices.\n")
    _show(found, every=every)
    return exit_code_of(findings)


def _of_contract(workspace: "Workspace") -> tuple["Finding", ...]:
    """Give what stands against a contract that is there but cannot be read."""
    from exotherm.usecases.workspace import CONTRACT_FILE

    if workspace.contract is not None or not (workspace.folder / CONTRACT_FILE).exists():
        return ()
    return tuple(one for one in workspace.findings if one.where.file == CONTRACT_FILE)


def _show(found: "Regulation", *, every: bool) -> None:
    from exotherm.comply.words import NOT_ADVICE, classified, coverage
    from exotherm.core.period import write_day

    first, *reasons = classified(found.classification)
    say(first, style="bold")
    for reason in reasons:
        say(f"  {reason}")
    country, on = found.facts.country, write_day(found.facts.on)
    say(f"\n{country} on {on}: {_counts(found.duties)}.", style="bold")
    shown = [duty for duty in found.duties if every or _matters(duty)]
    for area, those in groupby(shown, key=lambda duty: duty.rule.area):
        say(f"\n{area}", style="bold")
        for duty in those:
            for line in _lines(duty, found.owners):
                say(line)
    _ask(found)
    say("\nWhat was looked at", style="bold")
    for sentence in coverage(country):
        say(f"  {sentence}")
    say(f"\n{NOT_ADVICE}")


def _matters(duty: "Duty") -> bool:
    return duty.applies != "does not apply" or duty.is_ahead


def _counts(duties: tuple["Duty", ...]) -> str:
    applying = sum(duty.applies == "applies" for duty in duties)
    ahead = sum(duty.is_ahead for duty in duties)
    unknown = sum(duty.applies == "cannot be told" for duty in duties)
    return (
        f"of {len(duties)} rules {applying} apply, {ahead} may come to apply, {unknown} cannot be "
        "told yet"
    )


def _lines(duty: "Duty", owners: Mapping[str, str]) -> Iterator[str]:
    """Write a rule: its verdict and title, why, what it asks, who answers, its source."""
    from exotherm.comply.words import verdict

    rule = duty.rule
    yield f"  {verdict(duty):<16} {rule.id}: {rule.title}"
    if duty.missing:
        yield f"    tell    {_tell(duty.missing)}"
    elif duty.stage == "in force":
        yield f"    because {duty.because}"
    if not _matters(duty):
        if duty.stage != "in force":
            yield f"    because {duty.because}"
        return
    owner = owners.get(rule.answerable)
    yield f"    do      {rule.duty}"
    yield f"    who     {rule.answerable}{f': {owner}' if owner else ''}; shown by {rule.evidence}"
    yield f"    source  {rule.source} ({_read(duty)})"


def _read(duty: "Duty") -> str:
    from exotherm.core.period import write_day

    how = {"primary": "the text itself", "secondary": "what others write", "expert": "trade only"}
    status = "" if duty.rule.status == "law" else f"{duty.rule.status}; "
    return f"{status}read on {write_day(duty.rule.checked_on)}, {how[duty.rule.confidence]}"


def _tell(names: tuple[str, ...]) -> str:
    from exotherm.comply.catalogue import kind_of

    return "; ".join(kind_of(name).tell for name in names)


def _ask(found: "Regulation") -> None:
    """Print the open questions as lines for ``regulation.toml``."""
    if not found.questions:
        return
    say("\nTo tell the rest, answer in regulation.toml", style="bold")
    say("  [answers]")
    for question in found.questions:
        rules = ", ".join(question.rules)
        say_whole(f"  {question.fact} = ?  # {_form(question.fact)}: {question.tell} ({rules})")


def _form(fact: str) -> str:
    """Say how an answer is written; a made-up one would be taken for the truth."""
    from exotherm.comply.catalogue import kind_of
    from exotherm.core.units import unit_of

    kind, unit = kind_of(fact), unit_of(fact)
    if kind.kind != "number":
        return _FORMS[kind.kind]
    if unit is not None and unit.scale != 1:
        return "fraction from 0 to 1"
    label = kind.unit or (unit.label if unit else "")
    return f"number in {label}" if label else "number"
