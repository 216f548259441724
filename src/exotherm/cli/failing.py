"""How a command fails: its exit code, one line and what to do; with --json the same as JSON."""

import errno
import os
import sys
import tempfile
import traceback
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO

import click

from exotherm import __version__
from exotherm.cli.streams import flush
from exotherm.core.errors import UnableTo
from exotherm.core.sentences import visible

_SECRETS = ("_PASSWORD", "_COMMUNITY", "_AUTH_KEY", "_PRIV_KEY")
DONE, THE_ANSWER_IS_NO, MISUSE, OUTSIDE_WORLD, OUR_FAULT, STOPPED = 0, 1, 2, 3, 70, 130
_MAKE_ROOM = "Make room or give the right to write there, then try again."
_REMEDIES = {
    errno.EACCES: "Give yourself the right to read and write there, then try again.",
    errno.EPERM: "Give yourself the right to read and write there, then try again.",
    errno.EISDIR: "Name a file; this is a folder.",
    errno.ENOTDIR: "Name a place in a folder; a part of this path is a file.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a command did not come to its end.

    ``shown`` is what a person sees instead of the message, where that is more.
    """

    exit_code: int
    message: str
    remedy: str = ""
    shown: str = ""


def failure_of(error: BaseException) -> Failure:
    """Say what an exception means to who gave the command; ours are reported to a file."""
    if isinstance(error, click.ClickException):
        return _misuse(error)
    if isinstance(error, (click.Abort, KeyboardInterrupt)):
        return Failure(exit_code=STOPPED, message="Stopped. What was stored stays stored.")
    if isinstance(error, UnableTo):
        code = OUTSIDE_WORLD if error.retryable else THE_ANSWER_IS_NO
        message = f"Unable to go on: {error}"
        return Failure(exit_code=code, message=message, remedy=error.remedy)
    if isinstance(error, OSError):
        # A full disk, a file that may not be written: the world, where no room has said it better.
        place = f": {error.filename}" if error.filename else ""
        return Failure(
            exit_code=OUTSIDE_WORLD,
            message=f"Unable to go on: {error.strerror or error}{place}",
            remedy=_REMEDIES.get(error.errno or 0, _MAKE_ROOM),
        )
    return _our_fault(error)


def show_failure(failure: Failure, *, as_json: bool) -> None:
    """Tell of a failure on stderr, and on stdout as JSON where that was asked for."""
    with suppress(OSError):
        flush()
    with suppress(OSError):
        click.echo(visible(failure.shown or failure.message), err=True, nl=not failure.shown)
        if failure.remedy:
            click.echo(visible(f"\nhint: {failure.remedy}"), err=True)
    if as_json:
        from exotherm.cli.output import say_json

        told = {name: getattr(failure, name) for name in ("exit_code", "message", "remedy")}
        say_json({"failure": told})
    with suppress(OSError):
        flush()


def _misuse(error: click.ClickException) -> Failure:
    """Give click's own words; how the command is called is shown to a person only."""
    shown = StringIO()
    error.show(file=shown)
    return Failure(exit_code=MISUSE, message=error.format_message(), shown=shown.getvalue())


def _without_secrets(error: BaseException) -> str:
    """Give the traceback without what opens a device: whoever reads reports need not have it."""
    told = "".join(traceback.format_exception(error))
    for name, value in os.environ.items():
        if name.startswith("EXOTHERM_") and name.endswith(_SECRETS) and value:
            told = told.replace(value, "(withheld)")
    return told


def _our_fault(error: BaseException) -> Failure:
    with tempfile.NamedTemporaryFile(
        "w", prefix="exotherm-fault-", suffix=".txt", delete=False, encoding="utf-8"
    ) as report:
        report.write(f"exotherm {__version__}, Python {sys.version}\n{_without_secrets(error)}")
    message = f"This is a fault in exotherm, not in your files. The report is in {report.name}."
    return Failure(exit_code=OUR_FAULT, message=message)
