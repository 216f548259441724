"""What a store can fail to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exotherm.core.errors import UnableTo


class UnableToOpenStore(UnableTo):
    """The database of a workspace is not there for us: locked, damaged, foreign or too new."""


class UnableToUseStore(UnableTo):
    """An open database takes or gives nothing: it is locked, damaged, or its disk is full."""


class UnableToKeepPoint(UnableTo):
    """A point is stored in another unit or with other digits than the site file gives it now."""


class UnableToIssue(UnableTo):
    """A document has a number that is not the next one of its kind."""

    retryable = True


class UnableToBackUp(UnableTo):
    """A backup was not written: its name is taken, or what would be copied does not verify."""


class UnableToRestore(UnableTo):
    """A backup was not put back: a database is in its place, or the backup does not verify."""


class UnableToExport(UnableTo):
    """Samples were not written as Parquet: the library is not there, or the file cannot be."""


# SQLite's primary result codes: what is the matter, what to do, and whether waiting helps.
_CAUSES = {
    sqlite3.SQLITE_BUSY: (
        "another program is writing to it",
        "Wait until that program is done, or end it, then try again.",
        True,
    ),
    sqlite3.SQLITE_LOCKED: (
        "another program is writing to it",
        "Wait until that program is done, or end it, then try again.",
        True,
    ),
    sqlite3.SQLITE_READONLY: (
        "it may not be written",
        "Give this user the right to write the file and its folder.",
        False,
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the file cannot be opened",
        "Check that its folder is there and that this user may read and write it.",
        False,
    ),
    sqlite3.SQLITE_NOTADB: (
        "it is not a database, or its beginning is damaged",
        "Put back the last backup of this file.",
        False,
    ),
    sqlite3.SQLITE_CORRUPT: (
        "it is damaged",
        "Put back the last backup of this file; `PRAGMA integrity_check` shows what is lost.",
        False,
    ),
    sqlite3.SQLITE_ERROR: (
        "its tables are not as this program makes them",
        "Put back the last backup of this file; something else has changed it.",
        False,
    ),
    sqlite3.SQLITE_FULL: (
        "the disk is full",
        "Make room on the disk, then try again; nothing that was stored is lost.",
        True,
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk gives an error",
        "Check the disk, then try again; keep a copy of the file first.",
        True,
    ),
}
_A_FOLDER = ("it is a folder, and a database is one file", "Move that folder elsewhere.", False)


@contextmanager
def explained(path: Path, error_type: type[UnableTo], what: str) -> Iterator[None]:
    """Turn what the outside world did to the database into an ``UnableTo`` with its remedy.

    A broken constraint is our own bug or an attempt to change what is kept, and passes as it is.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", None)
        cause = _CAUSES.get(code & 0xFF) if code is not None else None
        if cause is None:
            raise
        problem, remedy, retryable = _A_FOLDER if path.is_dir() else cause
        raise error_type(
            f"The database {path} cannot be {what}: {problem}.", remedy=remedy, retryable=retryable
        ) from error


def changed_by_others(path: Path, error: ValueError) -> UnableToUseStore:
    """Say that a value in the database cannot be what this program wrote."""
    return UnableToUseStore(
        f"The database {path} holds what this program did not write: {error}.",
        remedy="Put back the last backup of this file; something else has changed it.",
    )
