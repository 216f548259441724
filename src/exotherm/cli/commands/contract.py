"""``exotherm contract``: check it, explain it, put it on paper, price a month by it."""

from pathlib import Path

import click

from exotherm.cli.contract_bankable import bankable_command
from exotherm.cli.contract_diff import diff_command
from exotherm.cli.contract_price import price_command
from exotherm.cli.options import as_json, stop_with_findings, workspace_folder
from exotherm.cli.output import (
    exit_code_of,
    findings_json,
    note,
    say,
    say_json,
    show_findings,
)
from exotherm.cli.paths import NewFile


@click.group("contract")
def contract_command() -> None:
    """Check and explain the contract, put it on paper, and price a month by it."""


@contract_command.command("check")
@workspace_folder
@as_json
def check(folder: Path, *, as_json: bool) -> int:
    """List what is open or contradicts itself; exits with 1 where it is not ready to sign."""
    from exotherm.usecases.workspace import CONTRACT_FILE, load_workspace

    workspace = load_workspace(folder)
    findings = tuple(one for one in workspace.findings if one.where.file == CONTRACT_FILE)
    ready = workspace.contract is not None and not exit_code_of(findings)
    if as_json:
        say_json({"ready": ready, "findings": findings_json(findings)})
    else:
        show_findings(findings)
        say("The contract has no blocking finding." if ready else "The contract is not ready.")
    return 0 if ready else 1


@contract_command.command("explain")
@workspace_folder
@as_json
def explain(folder: Path, *, as_json: bool) -> int:
    """Say every clause in a sentence with its numbers."""
    from exotherm.contract.explain import explain as explain_contract
    from exotherm.usecases.workspace import load_workspace

    workspace = load_workspace(folder)
    if workspace.contract is None:
        return stop_with_findings(workspace.findings, as_json=as_json)
    sentences = explain_contract(workspace.contract)
    if as_json:
        clauses = [
            {"clause": one.number, "title": one.title, "text": one.text} for one in sentences
        ]
        say_json({"reference": workspace.contract.contract.reference, "clauses": clauses})
        return 0
    for one in sentences:
        say(f"{one.number:<7} {one.title}", style="bold")
        say(f"        {one.text}\n")
    return 0


@contract_command.command("render")
@workspace_folder
@click.option(
    "--format",
    "kind",
    type=click.Choice(["pdf", "docx"]),
    default="pdf",
    help="PDF with the contract file inside, or a document to write into.",
)
@click.option("--out", type=NewFile(), help="File that is written.")
@click.option("--replace", is_flag=True, help="Write over a paper of other terms.")
@as_json
def render(folder: Path, *, kind: str, out: Path | None, replace: bool, as_json: bool) -> int:
    r"""Write the contract as a paper to sign: every clause in words, signatures, hash, version.

    \b
    Example:
      exotherm contract render examples/pool --format docx --out draft.docx
    """
    from exotherm.contract.canonical import hash_of
    from exotherm.usecases.render_contract import rendered_json, write_contract
    from exotherm.usecases.workspace import CONTRACT_FILE, load_workspace

    workspace = load_workspace(folder)
    if workspace.contract is None:
        return stop_with_findings(workspace.findings, as_json=as_json)
    own = tuple(one for one in workspace.findings if one.where.file == CONTRACT_FILE)
    path = write_contract(workspace.contract, folder, kind=kind, out=out, replace=replace)
    if as_json:
        ready = not exit_code_of(own)
        say_json(rendered_json(workspace.contract, path, ready=ready))
        return 0
    show_findings(own)
    if exit_code_of(own):
        note("This is a draft: the contract is not ready to sign.")
    say(f"{path}")
    say(f"SHA-256 of its terms: {hash_of(workspace.contract)}")
    return 0


contract_command.add_command(diff_command)
contract_command.add_command(bankable_command)
contract_command.add_command(price_command)
