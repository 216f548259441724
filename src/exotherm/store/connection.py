"""Opening a database file: its settings, its version, and the way from one version to the next."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from exotherm.store.chain import link_old_rows
from exotherm.store.errors import UnableToOpenStore, explained

Step = str | Callable[[sqlite3.Connection], None]
MIGRATIONS: tuple[tuple[Step, ...], ...] = (
    ("0001_tables.sql", "0001_guards.sqlite.sql"),
    ("0002_tables.sql", "0002_telemetry.sqlite.sql", link_old_rows, "0002_guards.sqlite.sql"),
    ("0003_tables.sql",),
    ("0004_tables.sql",),
)
"""What leads to each version, version 1 first: scripts, and functions for what SQL cannot do.

A released step never changes.
"""

VERSION = len(MIGRATIONS)
_PAUSE_S = 0.01
_APPLICATION_ID = 0x45584F54
"""“EXOT” in the header of the file tells that it is one of ours."""


def connect(path: Path, *, timeout_s: float) -> sqlite3.Connection:
    """Open a database file, or make it, and bring it to the present version.

    One that may not be written is opened for reading: a copy on a medium that is kept away.
    Raises UnableToOpenStore for a file that is locked, damaged, foreign or of a newer program.
    """
    with explained(path, UnableToOpenStore, "opened"):
        readable_only = path.exists() and not may_be_written(path)
        connection = sqlite3.connect(
            _reading(path) if readable_only else path,
            timeout=timeout_s,
            isolation_level=None,
            uri=readable_only,
        )
        try:
            _check_ours(connection, path)
            if not readable_only:
                _settle(connection, timeout_s=timeout_s)
            _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def may_be_written(path: Path) -> bool:
    """Tell whether a database can be written: its file, and its folder for the log beside it."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _reading(path: Path) -> str:
    """Give the place of a database that is only read.

    Without a log beside it nobody has it open, and SQLite needs none for it either, which it could
    not make there.
    """
    logged = path.with_name(f"{path.name}-wal").exists()
    return f"{path.absolute().as_uri()}?mode=ro{'' if logged else '&immutable=1'}"


def _settle(connection: sqlite3.Connection, *, timeout_s: float) -> None:
    _turn_to_wal(connection, timeout_s=timeout_s)
    # A reading that a bill may rest on is on the disk before it is called stored.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Pages that leave `hot` hold nothing that their chunks do not; zeroing them would double what
    # is written in a day.
    connection.execute("PRAGMA secure_delete = OFF")


def _turn_to_wal(connection: sqlite3.Connection, *, timeout_s: float) -> None:
    """Turn on the write-ahead log, which SQLite refuses at once while another opens the file."""
    until_s = time.monotonic() + timeout_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until_s:
                raise
            time.sleep(_PAUSE_S)
        else:
            return


def _number(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])


def _check_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a database that another program made, or a newer version of this one."""
    application, tables, version = _look(connection)
    if application != _APPLICATION_ID and (application or tables):
        raise UnableToOpenStore(
            f"The database {path} belongs to another program.",
            remedy="Name a file that is not there yet, or the database of an exotherm workspace.",
        )
    if version > VERSION:
        raise UnableToOpenStore(
            f"The database {path} has version {version}; this program knows up to {VERSION}.",
            remedy="Update exotherm to the version that last used this workspace.",
        )


def _look(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """Read whose database it is, how many tables it has, and its version, all of one moment."""
    connection.execute("SAVEPOINT look")
    try:
        tables = _number(connection, "SELECT COUNT(*) FROM sqlite_master")
        application = _number(connection, "PRAGMA application_id")
        return application, tables, _number(connection, "PRAGMA user_version")
    finally:
        connection.execute("RELEASE look")


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if _number(connection, "PRAGMA user_version") == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        _check_ours(connection, path)
        # Read again: another program may have been faster.
        for version in range(_number(connection, "PRAGMA user_version") + 1, VERSION + 1):
            _apply(connection, version)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _apply(connection: sqlite3.Connection, version: int) -> None:
    for step in MIGRATIONS[version - 1]:
        if not isinstance(step, str):
            step(connection)
            continue
        for statement in _statements(step):
            connection.execute(statement)
    connection.execute(
        "INSERT INTO migration (version, name, applied_at) VALUES (?, ?, ?)",
        (version, str(MIGRATIONS[version - 1][0]), int(datetime.now(UTC).timestamp())),
    )
    connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version}")


def _statements(script: str) -> Iterator[str]:
    """Split a script at the ends of its statements; a trigger is one, with those inside it."""
    text = files("exotherm.store").joinpath("migrations", script).read_text("utf-8")
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
