"""A new workspace: an example site's files, commented, ready to be made one's own."""

import importlib.resources
from importlib.resources.abc import Traversable
from pathlib import Path

from exotherm.core.errors import UnableTo

EXAMPLES = ("pool", "school", "care-home", "housing-block", "district-heating")
"""The example sites, one of each kind of customer; the first where none is asked for."""
# What stands in an example is what a person edits or replaces; nothing a run has made.
_SUFFIXES = (".toml", ".csv", ".json", ".md", ".parquet")
# All examples share the schemas beside their folders; a workspace has its own.
_SHARED, _OWN = b"#:schema ../", b"#:schema ./"


class UnableToMakeWorkspace(UnableTo):
    """A folder could not be made into a workspace."""


def new_workspace(folder: Path, *, example: str = EXAMPLES[0]) -> tuple[Path, ...]:
    """Write an example's files into a folder, never over what is there; give what was written.

    ``example`` is one of EXAMPLES.
    """
    taken = sorted(name.name for name in folder.iterdir()) if folder.is_dir() else []
    if taken:
        raise UnableToMakeWorkspace(
            f"{folder} is not empty: it holds {taken[0]}"
            + (f" and {len(taken) - 1} more" if len(taken) > 1 else ""),
            remedy="Choose a folder that does not exist yet or is empty.",
        )
    sources = _files_of(example)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(sorted(_copy(source, folder) for source in sources))
    except OSError as error:
        raise UnableToMakeWorkspace(
            f"{folder} cannot be written: {error.strerror}",
            remedy="Choose a folder you may write to.",
        ) from error


def _files_of(example: str) -> list[Traversable]:
    """List the files of an example and the schemas of its documents."""
    examples = examples_folder()
    own = [file for file in (examples / example).iterdir() if file.name.endswith(_SUFFIXES)]
    assert own, "the examples are part of every installation"
    schemas = {file.name.replace(".toml", ".schema.json") for file in own}
    return [*own, *(file for file in examples.iterdir() if file.name in schemas)]


def examples_folder() -> Traversable:
    """Find the examples: in the installed package, or beside the source in a checkout."""
    installed = importlib.resources.files("exotherm") / "examples"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "examples"


def _copy(source: Traversable, folder: Path) -> Path:
    written, content = folder / source.name, source.read_bytes()
    if content.startswith(_SHARED):
        content = content.replace(_SHARED, _OWN, 1)
    written.write_bytes(content)
    return written
