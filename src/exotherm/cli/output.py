"""What the command line shows: data on stdout; findings, hints and progress on stderr."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO

from rich.console import Console
from rich.text import Text

from exotherm.cli.streams import let_go
from exotherm.core.findings import Finding, Severity, has_errors

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


class _Console(Console):
    """rich's console, but a reader that goes away, as `head` does, is no failure of ours."""

    def on_broken_pipe(self) -> None:
        """Go on to the command's own end and exit code, instead of ending with 1."""
        assert self.file is not None
        let_go(self.file)


def _console(stream: IO[str]) -> Console:
    # rich honours NO_COLOR and FORCE_COLOR and leaves colour out where nobody sees it. Lines are
    # never wrapped: a terminal wraps by itself, and a pipe wants them whole.
    return _Console(file=stream, highlight=False, soft_wrap=True, markup=False)


def say(text: str = "", *, style: str = "") -> None:
    """Print a line of data on stdout."""
    _console(sys.stdout).print(Text(text, style=style))


def note(text: str) -> None:
    """Print a line for the person on stderr: progress, a hint, where a file went."""
    _console(sys.stderr).print(Text(text))


def say_json(data: Mapping[str, object]) -> None:
    """Print data as JSON: stable keys, no NaN, the same object as the web's."""
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        let_go(sys.stdout)


def say_rows(rows: Iterable[tuple[str, str]], *, indent: int = 2) -> None:
    """Print names and values in two columns."""
    pairs = list(rows)
    width = max((len(name) for name, _ in pairs), default=0)
    for name, value in pairs:
        say(f"{' ' * indent}{name:<{width}}  {value}".rstrip())


def say_table(rows: Iterable[tuple[str, ...]], *, indent: int = 2) -> None:
    """Print rows whose first column is words and whose others are values, set to the right."""
    lines = list(rows)
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    for first, *others in lines:
        cells = "".join(
            f"  {cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True)
        )
        say(f"{' ' * indent}{first:<{widths[0]}}{cells}".rstrip())


def show_findings(findings: Iterable[Finding], *, stream: IO[str] | None = None) -> None:
    """Print findings one below the other: place, code, what and why, then what to do."""
    console = _console(stream or sys.stderr)
    for finding in findings:
        place = f"{finding.where}: " if str(finding.where) else ""
        head = Text(place)
        head.append(finding.severity.value, style=_STYLES[finding.severity])
        head.append(f" {finding.code}")
        console.print(head)
        console.print(Text(f"  {finding.message}"))
        console.print(Text(f"  hint: {finding.remedy}\n"))


def findings_json(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Give findings as they stand in every JSON answer."""
    return [finding.to_json() for finding in findings]


def exit_code_of(findings: Iterable[Finding]) -> int:
    """Give 1 where a finding blocks, else 0."""
    return 1 if has_errors(findings) else 0


@contextmanager
def progress(title: str) -> Iterator[Callable[[float, str], None]]:
    """Show how far long work is, on stderr: a bar on a terminal, else one line a stage.

    Gives a function that takes the share done (0 to 1) and the name of the stage.
    """
    console = _console(sys.stderr)
    if not console.is_terminal:
        yield _line_per_stage(title)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=1.0)

        def advance(done_frac: float, stage: str) -> None:
            bar.update(task, completed=done_frac, description=f"{title}: {stage}")

        yield advance


def _line_per_stage(title: str) -> Callable[[float, str], None]:
    said: set[str] = set()

    def advance(_done_frac: float, stage: str) -> None:
        if stage not in said:
            said.add(stage)
            note(f"{title}: {stage}")

    return advance
