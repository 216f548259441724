"""``exotherm plan foresight``: how far the plant's rule is from the best possible."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json, ready_workspace, workspace_folder
from exotherm.cli.output import progress, say, say_json, say_rows
from exotherm.core.units import format_quantity

if TYPE_CHECKING:
    from exotherm.plan.foresight import Foresight


@click.command("foresight")
@workspace_folder
@as_json
def foresight_command(folder: Path, *, as_json: bool) -> int:
    r"""Say how far the plant's rule is from the best way to run it.

    The planned year is dispatched with perfect foresight, its demand split by temperature. What
    comes out flatters: no way to run the plant as warm as planned costs less.

    \b
    Example:
      exotherm plan foresight examples/housing-block
    """
    from exotherm.usecases.foresight import foresee_workspace, foresight_json

    workspace = ready_workspace(folder, as_json=as_json, to_plan=True)
    if workspace is None:
        return 1
    currency = workspace.site.site.currency
    with progress("Foresight") as advance:
        advance(0.1, "simulating the year, and dispatching it")
        found = foresee_workspace(workspace)
    if as_json:
        say_json(foresight_json(found, currency=currency))
        return 0
    say(found.text, style="bold")
    say_rows(_rows(found, currency))
    return 0


def _rows(found: "Foresight", currency: str) -> Iterator[tuple[str, str]]:
    def money(amount: float) -> str:
        return format_quantity("npv", amount, currency=currency)

    yield "cost of heat, boiler alone", f"{money(found.cost_boiler)} a year"
    yield "as planned", f"{money(found.cost_rule)} a year"
    yield "with perfect foresight", f"{money(found.cost_best)} a year, or more"
    yield "another m³ of store saves", f"{money(found.saved_per_store_m3)} a year"
    if found.saved_per_heat_pump_kw is not None:
        more = money(found.saved_per_heat_pump_kw)
        yield "another electric kW of pump saves", f"{more} a year"
