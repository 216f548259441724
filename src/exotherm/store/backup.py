"""Backups: a copy of a living database as one file, verified before it has its name; and back."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from exotherm.core.findings import has_errors
from exotherm.store.connection import connect
from exotherm.store.errors import (
    UnableToBackUp,
    UnableToOpenStore,
    UnableToRestore,
    UnableToUseStore,
    explained,
)
from exotherm.store.sqlite import Store
from exotherm.store.verify import Verified, verify_store

_PAGES_AT_A_TIME = 2048


def back_up(store: Store, target: Path) -> Verified:
    """Copy a store into one file while others read and write it, and verify the copy.

    The file has its name only once it verifies. Raises UnableToBackUp where one of that name is
    there already or the store does not verify.
    """
    if target.exists():
        raise UnableToBackUp(
            f"{target} is there already", remedy="Name a file that is not there yet."
        )
    part = target.with_name(target.name + ".part")
    try:
        with explained(target, UnableToUseStore, "written"):
            _copy(store.path, part, source=store._connection)  # noqa: SLF001 - a part of the store
        verified, _ = _verify_file(part)
        if has_errors(verified.findings):
            raise UnableToBackUp(
                f"{store.path} does not verify: {verified.findings[0].message}",
                remedy="Run `exotherm store verify` to see all of it; nothing was written.",
            )
        _name(part, target)
    finally:
        _remove(part)
    return verified


def restore(
    backup: Path, target: Path, *, replace: bool, now: datetime, site: str = ""
) -> Path | None:
    """Put a backup in the place of a database, after verifying it.

    A database that is there is only replaced where that is said, and is kept beside it; its new
    name is given. With the name of a ``site`` the backup of another is refused. Raises
    UnableToRestore.
    """
    if target.exists() and not replace:
        raise UnableToRestore(
            f"{target} is there already, and a backup never replaces a database without a word",
            remedy="Say `--replace` to keep it beside under another name.",
        )
    if backup.is_file() and not backup.stat().st_size:
        raise UnableToRestore(
            f"{backup} is empty: it holds no database",
            remedy="Take another backup; nothing was changed.",
        )
    part = target.with_name(target.name + ".part")
    try:
        with explained(backup, UnableToOpenStore, "read"):
            _copy(backup, part)
        verified, own = _verify_file(part)
        if has_errors(verified.findings):
            raise UnableToRestore(
                f"{backup} does not verify: {verified.findings[0].message}",
                remedy="Take an older backup; nothing was changed.",
            )
        _check_site(backup, own, site)
        beside = _set_aside(target, now) if target.exists() else None
        _name(part, target)
    finally:
        _remove(part)
    return beside


def _check_site(backup: Path, own: str, site: str) -> None:
    if site and own and own != site:
        raise UnableToRestore(
            f"{backup} is of the site “{own}”, and this workspace is of “{site}”",
            remedy="Take a backup of this site, or say `--other-site` where it is the same one by "
            "an older name; nothing was changed.",
        )


def _copy(path: Path, part: Path, *, source: sqlite3.Connection | None = None) -> None:
    """Copy page by page; SQLite begins again where another writes meanwhile."""
    _remove(part)
    if source is None:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            _copy(path, part, source=opened)
        return
    with closing(sqlite3.connect(part)) as copy:
        source.backup(copy, pages=_PAGES_AT_A_TIME)
        # One file: no log beside it that could be left behind when it is carried away.
        copy.execute("PRAGMA journal_mode = DELETE")


def _verify_file(path: Path) -> tuple[Verified, str]:
    """Give what came of checking a copy, and the name of the site that it is of."""
    with closing(connect(path, timeout_s=5.0)) as connection:
        store = Store(connection, path)
        verified, site = verify_store(store), store.site_name()
        connection.execute("PRAGMA journal_mode = DELETE")
    return verified, site


def _name(part: Path, target: Path) -> None:
    """Give a whole file its name, on the disk before anybody relies on it."""
    for path in (part, part.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if path is part:
            part.rename(target)


def _set_aside(target: Path, now: datetime) -> Path:
    """Fold the log of a database into it and rename it; refused where another program has it."""
    beside = target.with_name(f"{target.stem}-until-{now:%Y%m%dT%H%M%SZ}{target.suffix}")
    if beside.exists():
        raise UnableToRestore(f"{beside} is there already", remedy="Rename or remove it first.")
    with (
        explained(target, UnableToRestore, "set aside"),
        closing(sqlite3.connect(target, timeout=1.0)) as old,
    ):
        try:
            old.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            # A damaged database is what a backup is for; it is set aside as it is.
    for end in ("", "-wal", "-shm"):
        old_file = Path(f"{target}{end}")
        if old_file.exists():
            old_file.rename(f"{beside}{end}")
    return beside


def _remove(part: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        Path(f"{part}{end}").unlink(missing_ok=True)
