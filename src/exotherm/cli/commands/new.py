"""``exotherm new``: a workspace to begin with."""

import shlex
from pathlib import Path

import click

from exotherm.cli.options import as_json
from exotherm.cli.output import say, say_json
from exotherm.cli.paths import FolderPath
from exotherm.usecases.new import EXAMPLES, new_workspace
from exotherm.usecases.replicate import replicate


@click.command("new")
@click.argument("folder", type=FolderPath(exists=False), metavar="DIR")
@click.option(
    "--example",
    type=click.Choice(EXAMPLES),
    show_default=EXAMPLES[0],
    help="Site to begin with, by its customer.",
)
@click.option(
    "--like",
    type=FolderPath(exists=True),
    metavar="SITE",
    help="Begin with the workspace of a site that stands, for the next one of its kind.",
)
@as_json
def new_command(folder: Path, *, example: str | None, like: Path | None, as_json: bool) -> None:
    r"""Write commented site.toml, survey.toml and contract.toml with their data into a new folder.

    \b
    Examples:
      exotherm new riverside
      exotherm new hillside --example school
      exotherm new second --like riverside

    With --like what belongs to the old site alone is marked open, and a protocol of measurement
    and the next steps come with it.
    """
    if like is not None and example is not None:
        raise click.UsageError("--example and --like both say what to begin with; give one.")
    if like is None:
        example = example or EXAMPLES[0]
        written = new_workspace(folder, example=example)
    else:
        written = replicate(folder, like=like)
    if as_json:
        files = [str(path) for path in written]
        begun = {"example": example} if like is None else {"like": str(like)}
        say_json({"folder": str(folder), **begun, "files": files})
        return
    for path in written:
        say(f"wrote {path}")
    documents = "site.toml, survey.toml and contract.toml"
    say(f"\nMake {documents} your own, then run `exotherm check {shlex.quote(str(folder))}`.")
