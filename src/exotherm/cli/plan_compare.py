"""``exotherm plan compare``: which site to build first."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json, ready_workspace
from exotherm.cli.output import progress, say, say_json, say_table
from exotherm.cli.paths import FolderPath
from exotherm.core.units import format_number, format_quantity

if TYPE_CHECKING:
    from exotherm.plan.first_site import FirstSite


@click.command("compare")
@click.argument(
    "folders",
    metavar="DIR DIR...",
    nargs=-1,
    required=True,
    type=FolderPath(exists=False),
)
@as_json
def compare_command(folders: tuple[Path, ...], *, as_json: bool) -> int:
    r"""Study several sites and say which to build first.

    The better verdict comes first; of these, the site where each unit of investment earns most.

    \b
    Example:
      exotherm plan compare examples/pool examples/care-home
    """
    from exotherm.usecases.compare_sites import compare_sites, comparison_json

    workspaces = {}
    for folder in folders:
        workspace = ready_workspace(folder, as_json=as_json, to_plan=True)
        if workspace is None:
            return 1
        workspaces[str(folder)] = workspace
    with progress("Sites") as advance:
        done = iter(range(len(workspaces)))
        found = compare_sites(
            workspaces, on_site=lambda name: advance(next(done) / len(workspaces), name)
        )
    if as_json:
        say_json(comparison_json(found))
        return 0
    say(found.text, style="bold")
    say_table(_rows(found))
    return 0


def _rows(found: "FirstSite") -> Iterator[tuple[str, ...]]:
    yield "", "verdict", "invested", "npv", "npv per invested", "at its worst"
    for one in found.ranked:
        currency, each = one.study.currency, one.value_per_invested
        yield (
            one.name,
            one.study.verdict.value,
            format_quantity("npv", one.investment, currency=currency),
            format_quantity("npv", one.study.finance.npv, currency=currency),
            "–" if each is None else format_number(each, 2),
            format_quantity("npv", one.worst, currency=currency),
        )
