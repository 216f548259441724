"""Paths as a person gives them: a folder where a file is wanted, and the other way round, is said.

Each ends with 2 before anything is read, reckoned or written.
"""

from pathlib import Path

import click

from exotherm.core.sentences import listed


class FolderPath(click.Path):
    """A folder; a file in it is answered with the folder that it lies in."""

    def __init__(self, *, exists: bool) -> None:
        super().__init__(exists=exists, file_okay=False, path_type=Path)

    def convert(
        self,
        value: "str | Path",  # type: ignore[override]
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        """Take a folder that is there, or a name that is still free."""
        path = Path(value)
        if path.exists() and not path.is_dir():
            self.fail(
                f"“{path}” is a file, and a folder is wanted. It lies in “{path.parent}”.",
                param,
                ctx,
            )
        _refuse_below_a_file(self, path, param, ctx)
        return Path(str(super().convert(value, param, ctx)))


class FilePath(click.Path):
    """A file that is read; a folder is answered with what is wanted of it.

    ``allow_dash`` lets - stand for what comes through a pipe.
    """

    def __init__(self, *, allow_dash: bool = False) -> None:
        super().__init__(exists=True, dir_okay=False, allow_dash=allow_dash, path_type=Path)

    def convert(
        self,
        value: "str | Path",  # type: ignore[override]
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        """Take a file that is there."""
        path = Path(value)
        if path.is_dir():
            self.fail(f"“{path}” is a folder, and a file is wanted. Name one in it.", param, ctx)
        return Path(str(super().convert(value, param, ctx)))


PAGE_ENDINGS = (".html", ".htm", ".pdf")
BOOK_ENDINGS = (".xlsx",)


class NewFile(click.Path):
    """A file that is written; what could never be one is refused before the work is done.

    ``endings`` are those that its name may have; any where there are none.
    """

    def __init__(self, endings: tuple[str, ...] = ()) -> None:
        super().__init__(dir_okay=False, path_type=Path)
        self._endings = endings

    def convert(
        self,
        value: "str | Path",  # type: ignore[override]
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        """Take a name that is free, or a file that is written over."""
        path = Path(value)
        if path.is_dir():
            self.fail(
                f"“{path}” is a folder. Name the file that is written, in it or elsewhere.",
                param,
                ctx,
            )
        _refuse_below_a_file(self, path, param, ctx)
        if self._endings and path.suffix.lower() not in self._endings:
            self.fail(
                f"“{path}” does not end in {listed(self._endings, before_last='or')}; no other "
                "file is written here.",
                param,
                ctx,
            )
        return Path(str(super().convert(value, param, ctx)))


def _refuse_below_a_file(
    kind: click.Path, path: Path, param: click.Parameter | None, ctx: click.Context | None
) -> None:
    above = next((one for one in path.parents if one.exists()), Path())
    if not above.is_dir():
        kind.fail(f"“{above}” is a file, and nothing can lie in it.", param, ctx)
