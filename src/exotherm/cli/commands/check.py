"""``exotherm check``: every finding in the files of a workspace."""

from pathlib import Path

import click

from exotherm.cli.options import as_json, workspace_folder
from exotherm.cli.output import exit_code_of, findings_json, say, say_json, show_findings
from exotherm.core.findings import Severity


@click.command("check")
@workspace_folder
@as_json
def check_command(folder: Path, *, as_json: bool) -> int:
    r"""List every finding in site.toml, contract.toml and the series they name.

    \b
    Example:
      exotherm check examples/pool

    Exits with 1 where an error stands.
    """
    from exotherm.usecases.workspace import load_workspace

    workspace = load_workspace(folder)
    if as_json:
        say_json({"folder": str(folder), "findings": findings_json(workspace.findings)})
    else:
        show_findings(workspace.findings)
        errors = sum(finding.severity is Severity.ERROR for finding in workspace.findings)
        others = len(workspace.findings) - errors
        say(f"{folder}: {errors or 'no'} errors, {others or 'no'} warnings or notes.")
    return exit_code_of(workspace.findings)
