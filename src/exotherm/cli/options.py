"""Options that commands share, and how they open a workspace."""

import math
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from exotherm.cli.output import findings_json, note, say_json, show_findings
from exotherm.cli.paths import FolderPath
from exotherm.core.findings import Finding
from exotherm.core.period import read_month

if TYPE_CHECKING:
    from exotherm.usecases.workspace import Ready

workspace_folder = click.argument(
    "folder",
    type=FolderPath(exists=True),
    default=".",
    metavar="[DIR]",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


# The years that documents may name; beyond them lie typing errors and the calendar's ends.
_YEAR_MIN, _YEAR_MAX = 1990, 2199


class NumberRange(click.FloatRange):
    """A number between two others; what is no number lies between none."""

    def convert(
        self, value: float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read a number of the range; ``nan`` is refused, which a comparison lets pass."""
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):
            self.fail(f"{value!r} is no number.", param, ctx)
        return number


class Instant(click.ParamType[datetime]):
    """An aware instant like 2026-11-02T08:00Z."""

    name = "instant"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read an instant; one without a zone is refused, since nobody could say when it was."""
        if isinstance(value, datetime):
            return value
        try:
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not an instant like 2026-11-02T08:00Z", param, ctx)
        if instant.tzinfo is None:
            self.fail(f"{value!r} has no zone; write 2026-11-02T08:00Z", param, ctx)
        if not _YEAR_MIN <= instant.year <= _YEAR_MAX:
            self.fail(f"{value!r} lies outside {_YEAR_MIN} to {_YEAR_MAX}", param, ctx)
        return instant.astimezone(UTC)


at_now = click.option(
    "--now",
    type=Instant(),
    default=lambda: datetime.now(UTC),
    show_default="the present",
    help="Instant to take for now, like 2026-11-02T08:00Z, for replays.",
)


class Month(click.ParamType[str]):
    """A calendar month like 2026-10."""

    name = "month"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Read a month; whose clock it follows is the contract's to say."""
        text = str(value)
        try:
            read_month(text, ZoneInfo("UTC"))
        except ValueError:
            self.fail(f"{text!r} is not a month like 2026-10", param, ctx)
        return text


for_month = click.option(
    "--month",
    type=Month(),
    required=True,
    metavar="YYYY-MM",
    help="Month by the contract's clock, like 2026-10.",
)


def stop_with_findings(findings: Iterable[Finding], *, as_json: bool) -> int:
    """Show the findings that stand in the way and give the exit code for it."""
    if as_json:
        say_json({"findings": findings_json(findings)})
    else:
        show_findings(findings)
        note("Nothing was made. Mend the errors above and run the command again.")
    return 1


def ready_workspace(folder: Path, *, as_json: bool, to_plan: bool = False) -> "Ready | None":
    """Open a workspace that needs all its parts; where one is missing, show why and give None.

    To plan, a contract may lack what only a bill or a signature needs.
    """
    from exotherm.usecases.workspace import load_workspace, ready, ready_to_plan

    workspace = load_workspace(folder)
    whole = ready_to_plan(workspace) if to_plan else ready(workspace)
    if whole is None:
        stop_with_findings(workspace.findings, as_json=as_json)
    elif not as_json:
        # What does not block may still cost: nobody should act without having seen it.
        show_findings(workspace.findings)
    return whole


draws = click.option(
    "--draws",
    type=click.IntRange(20, 100_000),
    default=200,
    show_default=True,
    help="How many times all assumptions are drawn at once.",
)
threads = click.option(
    "--threads",
    type=click.IntRange(1, 64),
    default=lambda: min(8, os.cpu_count() or 1),
    show_default="one a core, at most 8",
    help="Threads; their number changes no digit.",
)
