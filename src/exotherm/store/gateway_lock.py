"""One gateway a workspace: a lock on a file beside the database, held as long as the process lives.

The system lets go of it however the process ends, so a gateway that was killed keeps out nobody.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exotherm.core.errors import UnableTo

LOCK_FILE = "gateway.lock"
_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        # Nobody reads what is locked there: a byte behind the number of the process is.
        os.lseek(descriptor, 1_000, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class GatewayRunsAlready(UnableTo):
    """Another process reads the meters of this workspace by their times."""


@contextmanager
def only_gateway(folder: Path) -> Iterator[None]:
    """Be the only gateway of a workspace. Raises GatewayRunsAlready where another process is."""
    path = folder / LOCK_FILE
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            _lock(descriptor)
        except OSError as error:
            if error.errno not in _HELD:
                raise
            raise _runs_already(folder, os.read(descriptor, 20)) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def _runs_already(folder: Path, told: bytes) -> GatewayRunsAlready:
    number = told.decode("ascii", "replace").strip()
    # It has locked the file, and is about to write who it is.
    process = f"process {number}" if number.isdigit() else "another process"
    return GatewayRunsAlready(
        f"A gateway reads the meters of {folder.resolve()} already: {process}.",
        remedy="Let it go on, or end it first; `exotherm operate poll` reads the meters once "
        "beside it.",
    )
