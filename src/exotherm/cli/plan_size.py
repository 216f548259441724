"""``exotherm plan size``: how large the plant should be."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json, ready_workspace, workspace_folder
from exotherm.cli.options import threads as threads_of
from exotherm.cli.output import progress, say, say_json, say_table
from exotherm.core.sentences import listed
from exotherm.core.units import format_number, format_quantity

if TYPE_CHECKING:
    from exotherm.plan.sizing import Sizing, Tried

_TRIED_USUAL = 100


@click.command("size")
@workspace_folder
@click.option(
    "--for",
    "objective",
    type=click.Choice(["both", "operator"]),
    default="both",
    show_default=True,
    help="Whose present value is sought: both sides' together, or the operator's.",
)
@threads_of
@as_json
def size_command(folder: Path, *, objective: str, threads: int, as_json: bool) -> int:
    r"""Seek the sizes of heat pump, store, exchanger and servers that are worth most.

    Each size that is tried is a whole year simulated and rated, priced by the parts of the
    investment that say what they are sized by. Limits stand under [limits] in site.toml, and what
    the contract promises has to be within reach.

    \b
    Example:
      exotherm plan size examples/housing-block
    """
    from exotherm.plan.sizing import Objective
    from exotherm.plan.sizing_words import explain_edges, explain_sizing
    from exotherm.usecases.sizing import size_workspace, sizing_json

    workspace = ready_workspace(folder, as_json=as_json, to_plan=True)
    if workspace is None:
        return 1
    with progress("Sizes") as advance:
        sizing = size_workspace(
            workspace,
            objective=Objective(objective),
            threads=threads,
            on_tried=lambda tried: advance(min(0.99, tried / _TRIED_USUAL), "trying plants"),
        )
    currency = workspace.site.site.currency
    if as_json:
        say_json(sizing_json(sizing, currency=currency))
        return 0
    say(explain_sizing(sizing, currency), style="bold")
    for sentence in explain_edges(sizing):
        say(sentence)
    if sizing.best is not None and sizing.parts:
        say_table(_size_rows(sizing, currency))
        say(f"\nPresent value to {_whom(sizing)} by size, {currency}; (…) breaks a limit")
        say_table(_surface_rows(sizing))
        say("\nThe cheapest plants that nothing dearer is worse than")
        say_table(_front_rows(sizing, currency))
    if sizing.fixed:
        names = listed([str(part) for part in sizing.fixed])
        say(f"\nLeft as they are, since no investment is sized by them: {names}.")
    backup = format_quantity("heat_kw", sizing.backup_kw)
    say(f"\nBackup: the customers' own plant has to give {backup} at its most, whatever the sizes.")
    return 0


def _whom(sizing: "Sizing") -> str:
    return "both sides" if sizing.objective.value == "both" else "the operator"


def _size_rows(sizing: "Sizing", currency: str) -> Iterator[tuple[str, ...]]:
    from exotherm.plan.sized import PARTS, QUANTITY_OF

    assert sizing.best is not None
    yield "", "now", "best", "another unit brings"
    for part, slope in sizing.slopes:
        at = PARTS.index(part)
        yield (
            str(part),
            *(
                "–" if size is None else format_quantity(QUANTITY_OF[part], size)
                for size in (sizing.now.sizes[at], sizing.best.sizes[at])
            ),
            "–" if slope is None else format_quantity("npv", slope, currency=currency),
        )
    yield (
        "worth",
        *(
            format_quantity("npv", one.worth(sizing.objective), currency=currency)
            for one in (sizing.now, sizing.best)
        ),
        "",
    )


def _surface_rows(sizing: "Sizing") -> Iterator[tuple[str, ...]]:
    """Give a row per heat pump and a column per store; what breaks a limit stands in brackets."""
    from exotherm.plan.sized import PARTS, Part

    pump, store = PARTS.index(Part.HEAT_PUMP), PARTS.index(Part.STORE)
    stores = list(dict.fromkeys(one.sizes[store] for one in sizing.surface))
    yield "", *(format_quantity("store_m3", size or 0.0) for size in stores)
    for share in dict.fromkeys(one.shares[pump] for one in sizing.surface):
        row = [one for one in sizing.surface if one.shares[pump] == share]
        size = row[0].sizes[pump]
        name = "present value" if size is None else format_quantity("heat_kw", size)
        yield name, *(_cell(one, sizing) for one in row)


def _cell(one: "Tried", sizing: "Sizing") -> str:
    worth = format_number(one.worth(sizing.objective), 0)
    return f"({worth})" if one.broken else worth


def _front_rows(sizing: "Sizing", currency: str) -> Iterator[tuple[str, ...]]:
    from exotherm.plan.sized import PARTS, QUANTITY_OF

    yield "investment", "present value", "displaced", *(str(part) for part in sizing.parts)
    for one in sizing.front:
        sizes = (one.sizes[PARTS.index(part)] for part in sizing.parts)
        yield (
            format_quantity("npv", one.investment, currency=currency),
            format_quantity("npv", one.worth(sizing.objective), currency=currency),
            format_quantity("_frac", one.displaced_frac),
            *(
                "–" if size is None else format_quantity(QUANTITY_OF[part], size)
                for part, size in zip(sizing.parts, sizes, strict=True)
            ),
        )
