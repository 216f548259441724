"""What the command line shows: data on stdout; findings, hints and progress on stderr."""

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO

from rich.console import Console
from rich.text import Text

from exotherm.cli.streams import let_go
from exotherm.core.findings import Finding, Severity, has_errors
from exotherm.core.sentences import visible

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


class _Console(Console):
    """rich's console, but a reader that goes away, as `head` does, is no failure of ours."""

    def on_broken_pipe(self) -> None:
        """Go on to the command's own end and exit code, instead of ending with 1."""
        assert self.file is not None
        let_go(self.file)


_WIDTH_MIN = 20
"""narrower than this no word fits"""


def _console(stream: IO[str]) -> Console:
    # rich honours NO_COLOR and FORCE_COLOR and leaves colour out where nobody sees it. Lines are
    # folded here and not by it, as it would break words and what is to be copied.
    return _Console(file=stream, highlight=False, soft_wrap=True, markup=False)


def _width_of(stream: IO[str]) -> int | None:
    """Give the columns that a person sees: what COLUMNS says, or the terminal; None for a pipe.

    A pipe wants its lines whole.
    """
    asked = os.environ.get("COLUMNS", "")
    if asked.isascii() and asked.isdigit() and int(asked) > 0:
        return max(_WIDTH_MIN, int(asked))
    if not stream.isatty():
        return None
    return max(_WIDTH_MIN, shutil.get_terminal_size().columns)


def _folded(text: str, width: int | None, *, hang: int = 0) -> str:
    """Fold each line at its words; what follows stands below its beginning, ``hang`` further in."""
    if width is None:
        return text
    return "\n".join(_fold_line(line, width, hang) for line in text.split("\n"))


def _fold_line(line: str, width: int, hang: int) -> str:
    if len(line) <= width:
        return line
    indent = min(len(line) - len(line.lstrip(" ")) + hang, width // 2)
    return textwrap.fill(
        line,
        width,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )


def say(text: str = "", *, style: str = "") -> None:
    """Print words on stdout, folded where a person reads them."""
    say_whole(_folded(text, _width_of(sys.stdout)), style=style)


def say_whole(text: str, *, style: str = "") -> None:
    """Print lines on stdout as they are: what is copied into a file, or read by a program."""
    _console(sys.stdout).print(Text(visible(text), style=style))


def note(text: str) -> None:
    """Print a line for the person on stderr: progress, a hint, where a file went."""
    _console(sys.stderr).print(Text(visible(_folded(text, _width_of(sys.stderr)))))


def say_json(data: Mapping[str, object]) -> None:
    """Print data as JSON: stable keys, no NaN, the same object as the web's."""
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    try:
        sys.stdout.write(visible(text) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        let_go(sys.stdout)


def say_rows(rows: Iterable[tuple[str, str]], *, indent: int = 2) -> None:
    """Print names and values in two columns; a value that finds no room stands below its name."""
    pairs, width = list(rows), _width_of(sys.stdout)
    longest = max((len(name) for name, _ in pairs), default=0)
    for name, value in pairs:
        line = f"{' ' * indent}{name:<{longest}}  {value}".rstrip()
        if width is None or len(line) <= width:
            say_whole(line)
        elif indent + longest + 2 <= width // 2:
            say_whole(_fold_line(line, width, longest + 2))
        else:
            say(f"{' ' * indent}{name}")
            say(f"{' ' * (indent + 2)}{value}")


def say_table(rows: Iterable[tuple[str, ...]], *, indent: int = 2) -> None:
    """Print rows below a head; the first column is words, the others are values, set to the right.

    Where a person's terminal is too narrow for that, each row is a name with its values below it.
    """
    lines, width = list(rows), _width_of(sys.stdout)
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    whole = indent + sum(widths) + 2 * (len(widths) - 1)
    if width is not None and whole > width and len(widths) > 2:
        _say_one_by_one(lines, indent)
        return
    for first, *others in lines:
        cells = "".join(
            f"  {cell:>{widest}}" for cell, widest in zip(others, widths[1:], strict=True)
        )
        say_whole(f"{' ' * indent}{first:<{widths[0]}}{cells}".rstrip())


def _say_one_by_one(lines: list[tuple[str, ...]], indent: int) -> None:
    (corner, *heads), *body = lines
    for first, *others in body:
        say(f"{' ' * indent}{f'{corner}: ' if corner else ''}{first}")
        named = zip(heads, others, strict=True)
        say_rows(((head, cell) for head, cell in named if cell), indent=indent + 2)


def show_findings(findings: Iterable[Finding], *, stream: IO[str] | None = None) -> None:
    """Print findings one below the other: place, code, what and why, then what to do."""
    stream = stream or sys.stderr
    console, width = _console(stream), _width_of(stream)
    for finding in findings:
        place = f"{finding.where}: " if str(finding.where) else ""
        head = Text(visible(place))
        head.append(finding.severity.value, style=_STYLES[finding.severity])
        head.append(f" {finding.code}")
        console.print(head)
        console.print(Text(visible(_folded(f"  {finding.message}", width))))
        console.print(Text(visible(_folded(f"  hint: {finding.remedy}\n", width))))


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
