"""``exotherm prove``: what a month may claim, and the pack that proves it."""

from datetime import datetime
from pathlib import Path

import click

from exotherm.cli.options import (
    as_json,
    at_now,
    for_month,
    ready_workspace,
    stop_with_findings,
    workspace_folder,
)
from exotherm.cli.output import exit_code_of, findings_json, note, say, say_json, show_findings


@click.group("prove")
def prove_command() -> None:
    """Balance a month, count what it avoided, and pack the evidence."""


@prove_command.command("report")
@workspace_folder
@for_month
@as_json
def report(folder: Path, *, month: str, as_json: bool) -> int:
    """Show what a month may claim, without storing anything; exits with 1 where nothing."""
    import json

    from exotherm.prove.pack import Pack
    from exotherm.store.sqlite import open_store
    from exotherm.usecases.proving import make_pack

    workspace = ready_workspace(folder, as_json=as_json)
    if workspace is None:
        return 1
    with open_store(workspace.store) as store:
        pack = make_pack(workspace, store, month)
    if not isinstance(pack, Pack):
        return stop_with_findings(pack, as_json=as_json)
    if as_json:
        claim = json.loads(pack.files["claim.json"])
        say_json({"claim": claim, "findings": findings_json(pack.claim.findings)})
    else:
        show_findings(pack.claim.findings)
        for sentence in pack.claim.statement:
            say(sentence)
    return exit_code_of(pack.claim.findings)


@prove_command.command("pack")
@workspace_folder
@for_month
@as_json
@at_now
def pack(folder: Path, *, month: str, as_json: bool, now: datetime) -> int:
    r"""Write the signed evidence pack of a month that was billed.

    \b
    Example:
      exotherm prove pack riverside --month 2026-10
    """
    from exotherm.store.sqlite import open_store
    from exotherm.usecases.proving import Proof, issue_pack

    workspace = ready_workspace(folder, as_json=as_json)
    if workspace is None:
        return 1
    issued_on = now.astimezone(workspace.contract.zone).date()
    with open_store(workspace.store) as store:
        proof = issue_pack(workspace, store, month, issued_on=issued_on)
    if not isinstance(proof, Proof):
        return stop_with_findings(proof, as_json=as_json)
    if as_json:
        findings = findings_json(proof.claim.findings)
        say_json({"number": proof.number, "file": str(proof.file), "findings": findings})
    else:
        show_findings(proof.claim.findings)
        for sentence in proof.claim.statement:
            say(sentence)
        say(f"wrote {proof.file}")
        note(f"Check it anywhere: `exotherm verify {proof.file}`, or its own verify.py.")
    return exit_code_of(proof.claim.findings)
