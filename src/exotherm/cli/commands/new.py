"""``exotherm new``: a workspace to begin with."""

from pathlib import Path

import click

from exotherm.cli.options import as_json
from exotherm.cli.output import say, say_json


@click.command("new")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@as_json
def new_command(folder: Path, *, as_json: bool) -> None:
    r"""Write a commented site.toml and contract.toml with their data into a new folder.

    \b
    Example:
      exotherm new riverside
    """
    from exotherm.usecases.new import new_workspace

    written = new_workspace(folder)
    if as_json:
        say_json({"folder": str(folder), "files": [str(path) for path in written]})
        return
    for path in written:
        say(f"wrote {path}")
    say(f"\nMake site.toml and contract.toml your own, then run `exotherm check {folder}`.")
