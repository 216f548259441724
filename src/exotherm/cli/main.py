"""The command ``exotherm``: its tree, its exit codes, and what a person sees when it fails.

Exit codes: 0 done, 1 it worked and the answer is no, 2 misuse, 3 the outside world did not do its
part and trying again makes sense, 70 our fault (a report is written to a file, one line shown),
130 stopped by Ctrl-C.
"""

import importlib
import signal
import sys
from contextlib import nullcontext
from typing import NoReturn

import click

from exotherm import __version__
from exotherm.cli.failing import DONE, STOPPED, failure_of, show_failure
from exotherm.cli.stopping import asked_until_stopped
from exotherm.cli.streams import flush, make_writable

# In the order of the business. Each name is a module of cli.commands with a command of that name.
COMMANDS = {
    "demo": "see the whole chain on an example site",
    "screen": "which kind of customer is worth a survey",
    "new": "write commented site, survey and contract files",
    "check": "every finding in the files of a workspace",
    "survey": "what a visit found: cost, delay, risk or stop",
    "plan": "study the site: a year, its money, a verdict",
    "contract": "check and explain the contract, price a month",
    "regulation": "which duties follow, by country and threshold",
    "operate": "read the meters, or serve a simulated plant",
    "store": "ask the database, back it up, verify it",
    "bill": "close a month and issue its invoice",
    "prove": "balance, avoided emissions, evidence pack",
    "verify": "check an evidence pack without trusting anybody",
    "web": "serve the pages on this machine",
}

_WITH_A_LOOP = (["demo"], ["operate"], ["web"])
"""commands that poll or serve: asyncio ends them in order"""


class LazyGroup(click.Group):
    """A group whose commands are imported only when they are called, so that help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Give the commands in the order of the business."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command that was asked for."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"exotherm.cli.commands.{cmd_name}")
        command = getattr(module, f"{cmd_name}_command")
        assert isinstance(command, click.Command)
        return _with_kept_lines(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands from the table above, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _with_kept_lines(command: click.Command) -> click.Command:
    r"""Make of each ``\b`` in a docstring the character by which click keeps lines as they are."""
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _with_kept_lines(below)
    return command


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with `exotherm demo`. Every command that prints data has --json.",
)
@click.version_option(__version__, message="exotherm %(version)s")
def exotherm() -> None:
    """Turn the waste heat of a micro data centre into a service that is billed and proved."""


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    make_writable()
    try:
        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # pressed twice
        code = STOPPED
    # What is done is done: Python's own tidying up is not worth another message.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run a command line and give its exit code; no traceback ever reaches a person."""
    try:
        has_loop = arguments[:1] in _WITH_A_LOOP
        with nullcontext() if has_loop else asked_until_stopped():
            result = exotherm.main(args=arguments, prog_name="exotherm", standalone_mode=False)
        code = result if isinstance(result, int) else DONE
        flush()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except SystemExit:
        # click's own end where the reader of its help went away, as `head` does.
        return DONE
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last net
        # A person sees one line, we see everything.
        failure = failure_of(error)
        show_failure(failure, as_json="--json" in arguments)
        return failure.exit_code
    return code
