"""``exotherm new``: a workspace to begin with."""

from pathlib import Path

import click

from exotherm.cli.options import as_json
from exotherm.cli.output import say, say_json
from exotherm.usecases.new import EXAMPLES, new_workspace


@click.command("new")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option(
    "--example",
    type=click.Choice(EXAMPLES),
    default=EXAMPLES[0],
    show_default=True,
    help="Site to begin with, by its customer.",
)
@as_json
def new_command(folder: Path, *, example: str, as_json: bool) -> None:
    r"""Write commented site.toml, survey.toml and contract.toml with their data into a new folder.

    \b
    Examples:
      exotherm new riverside
      exotherm new hillside --example school
    """
    written = new_workspace(folder, example=example)
    if as_json:
        files = [str(path) for path in written]
        say_json({"folder": str(folder), "example": example, "files": files})
        return
    for path in written:
        say(f"wrote {path}")
    documents = "site.toml, survey.toml and contract.toml"
    say(f"\nMake {documents} your own, then run `exotherm check {folder}`.")
