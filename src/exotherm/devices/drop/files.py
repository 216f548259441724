"""Files of readings that arrive in a folder: which are whole, and where each goes.

A file is taken once it lies still and ends with a whole line. Taking is one rename, so two programs
never read the same file; what was taken and not yet kept is read again after a crash.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from exotherm.core.findings import Finding, Severity, Where
from exotherm.devices.errors import UnableToReachMeter

STILL = timedelta(seconds=30)
"""how long a file has to lie unchanged before it is taken"""
WAITS = timedelta(minutes=2)
"""how long a file may lie unchanged and unfinished before that is told"""
BYTES_MAX = 50_000_000
_UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".swp")
_TAKEN, _DONE, _ASIDE = "taken", "done", "aside"


@dataclass(frozen=True, slots=True)
class _Seen:
    size: int
    changed_ns: int


class DropFolder:
    """A folder into which somebody else writes files."""

    def __init__(self, folder: Path, pattern: str) -> None:
        self._folder = folder
        self._pattern = pattern
        self._seen: dict[str, _Seen] = {}
        self._told: dict[str, _Seen] = {}
        self._growing: set[str] = set()

    def take(self, now: datetime) -> tuple[Path, ...]:
        """Take every file that is whole, in the order of their names, and give where each is now.

        Files that were taken before and not put away are given again. Raises UnableToReachMeter
        where the folder cannot be read.
        """
        if not self._folder.is_dir():
            raise UnableToReachMeter(
                f"There is no folder {self._folder}.",
                remedy="Make it, and give whoever drops files the right to write there.",
            )
        self._seen = {name: seen for name, seen in self._seen.items() if self._lies(name)}
        try:
            for entry in sorted(self._folder.glob(self._pattern)):
                if self._is_whole(entry, now):
                    self._move(entry, _TAKEN)
            taken = self._folder / _TAKEN
            return tuple(sorted(taken.iterdir())) if taken.is_dir() else ()
        except OSError as error:
            raise UnableToReachMeter(
                f"The folder {self._folder} cannot be read: {error.strerror or error}.",
                remedy="Check that it is there and that you may read and write in it.",
            ) from error

    def waiting(self, now: datetime) -> Iterator[Finding]:
        """Tell once of each file that has lain here without becoming whole.

        Call after ``take``, which looks at them.
        """
        for name, seen in self._seen.items():
            age = now - datetime.fromtimestamp(seen.changed_ns / 1e9, UTC)
            if age < WAITS or name in self._growing or self._told.get(name) == seen:
                continue
            self._told[name] = seen
            yield _waits(f"{self._folder.name}/{name}", seen.size)

    def put_away(self, file: Path) -> None:
        """Move a file whose readings are kept to the finished ones."""
        self._move(file, _DONE)

    def put_aside(self, file: Path) -> None:
        """Move a file that nobody can read to the others of its kind."""
        self._move(file, _ASIDE)

    def _is_whole(self, entry: Path, now: datetime) -> bool:
        """Tell whether a file lies still since the last look, and long enough, with all its lines.

        A clock of the file server that runs ahead only makes us wait.
        """
        if entry.name.startswith((".", "~")) or entry.name.lower().endswith(_UNFINISHED):
            return False
        if entry.is_symlink() or not entry.is_file():
            return False
        found = entry.stat()
        seen = _Seen(found.st_size, found.st_mtime_ns)
        before, self._seen[entry.name] = self._seen.get(entry.name), seen
        if before not in (None, seen):
            self._growing.add(entry.name)
            return False
        self._growing.discard(entry.name)
        age = now - datetime.fromtimestamp(found.st_mtime, UTC)
        if age < STILL or not 0 < found.st_size <= BYTES_MAX:
            return False
        with entry.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) in (b"\n", b"\r")

    def _lies(self, name: str) -> bool:
        return (self._folder / name).is_file()

    def _move(self, file: Path, to: str) -> None:
        """Move a file by one rename; a name that is there already gets a number."""
        folder = self._folder / to
        folder.mkdir(exist_ok=True)
        for name in _names(file):
            target = folder / name
            if not target.exists():
                file.rename(target)
                self._seen.pop(file.name, None)
                return


def _waits(file: str, size: int) -> Finding:
    why = "its last line does not end, as of one that is still being written"
    if size == 0:
        why = "it is empty"
    elif size > BYTES_MAX:
        why = f"it has more than {BYTES_MAX} bytes"
    return Finding(
        code="drop.file-waits",
        severity=Severity.WARNING,
        where=Where(file=file),
        message=f"This file lies there and is not read: {why}.",
        remedy="Have it written whole, as text whose last line ends like the others, or take it "
        "out of the folder.",
        data={"reason": why},
    )


def _names(file: Path) -> Iterator[str]:
    yield file.name
    number = 2
    while True:
        yield f"{file.stem}.{number}{file.suffix}"
        number += 1
