"""A new workspace: the example site's files, commented, ready to be made one's own."""

import importlib.resources
from importlib.resources.abc import Traversable
from pathlib import Path

from exotherm.core.errors import UnableTo

EXAMPLE = "pool"
# What stands in an example is what a person edits or replaces; nothing a run has made.
_SUFFIXES = (".toml", ".csv", ".json", ".md")


class UnableToMakeWorkspace(UnableTo):
    """A folder could not be made into a workspace."""


def new_workspace(folder: Path) -> tuple[Path, ...]:
    """Write the example's files into a folder, never over what is there; give what was written."""
    taken = sorted(name.name for name in folder.iterdir()) if folder.is_dir() else []
    if taken:
        raise UnableToMakeWorkspace(
            f"{folder} is not empty: it holds {taken[0]}"
            + (f" and {len(taken) - 1} more" if len(taken) > 1 else ""),
            remedy="Choose a folder that does not exist yet or is empty.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(sorted(_copy(source, folder) for source in _files_of_example()))
    except OSError as error:
        raise UnableToMakeWorkspace(
            f"{folder} cannot be written: {error.strerror}",
            remedy="Choose a folder you may write to.",
        ) from error


def _files_of_example() -> list[Traversable]:
    files = [file for file in _example().iterdir() if file.name.endswith(_SUFFIXES)]
    assert files, "the example is part of every installation"
    return files


def _example() -> Traversable:
    """Find the example: in the installed package, or beside the source in a checkout."""
    installed = importlib.resources.files("exotherm") / "examples" / EXAMPLE
    if installed.is_dir():
        return installed
    return Path(__file__).parents[3] / "examples" / EXAMPLE


def _copy(source: Traversable, folder: Path) -> Path:
    written = folder / source.name
    written.write_bytes(source.read_bytes())
    return written
