"""Output that may be closed, unread, full or poor in letters, which makes no command another.

Light, as help passes through it.
"""

import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO


def make_writable() -> None:
    """Let output go nowhere where it is closed, and be readable where letters are missing.

    Jobs that are started by a clock may have neither; a result is worth more than a narrow space.
    """
    if sys.stdout is None or sys.stderr is None:
        nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open to the end
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and "utf" not in stream.encoding.lower():
            stream.reconfigure(errors="replace")


def let_go(stream: IO[str]) -> None:
    """Send to nowhere what a stream holds and all that follows, as nobody takes it any more."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def flush() -> None:
    """Write what still waits, as far as somebody reads it; raises OSError on a full disk.

    Python would end with a code of its own for what it cannot write at the end.
    """
    full: OSError | None = None
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            let_go(stream)
            full = None if isinstance(error, BrokenPipeError) else error
    if full is not None:
        raise full
