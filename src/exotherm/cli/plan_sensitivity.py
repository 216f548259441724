"""``exotherm plan sensitivity``: what the present value's spread is due to."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json, ready_workspace, workspace_folder
from exotherm.cli.options import threads as threads_of
from exotherm.cli.output import progress, say, say_json, say_table
from exotherm.core.units import format_number, format_quantity

if TYPE_CHECKING:
    from exotherm.plan.sensitivity import Sensitivity

_RUNS_MIN, _RUNS_MAX = 200, 1_000_000


@click.command("sensitivity")
@workspace_folder
@click.option(
    "--runs",
    type=click.IntRange(_RUNS_MIN, _RUNS_MAX),
    default=16_384,
    show_default=True,
    help="Runs of the money in all.",
)
@threads_of
@as_json
def sensitivity_command(folder: Path, *, runs: int, threads: int, as_json: bool) -> int:
    r"""Say which assumption the spread is due to, and which is worth finding out.

    Sobol' indices over the ranges of [risk] in site.toml: "alone" is the part of the variance that
    knowing an assumption takes away, "with others" the part in which it has a hand at all. "Worth
    knowing" is what knowing it before the decision is worth, however it is found out. What finding
    out costs stands beside it where [[risk.finding_out]] in site.toml says so.

    \b
    Example:
      exotherm plan sensitivity examples/housing-block
    """
    from exotherm.plan.risk_verdict import explain_still
    from exotherm.usecases.sensitivity import sense_workspace, sensitivity_json

    workspace = ready_workspace(folder, as_json=as_json, to_plan=True)
    if workspace is None:
        return 1
    with progress("Sensitivity") as advance:
        found = sense_workspace(workspace, runs=runs, threads=threads, on_stage=advance)
    currency = workspace.site.site.currency
    if as_json:
        say_json(sensitivity_json(found, currency=currency))
        return 0
    say(found.text, style="bold")
    say_table(_rows(found, currency))
    still = explain_still(found.still)
    if still:
        say(f"  {still}")
    if found.finding_out:
        say("\nFinding out before the decision, beside the most that it may be worth")
        say_table(_ways(found, currency))
    say(
        f"\n{format_number(found.runs, 0)} runs on {found.simulated} simulated years. Years that "
        f"were left out are foretold to {format_quantity('_frac', found.fit_error_frac)} of the "
        "spread."
    )
    return 0


def _rows(found: "Sensitivity", currency: str) -> Iterator[tuple[str, ...]]:
    yield "part of the spread", "alone", "±", "with others", "±", "worth knowing"
    still = {factor for factor, _ in found.still}
    for one in found.indices:
        if one.factor in still:
            continue
        yield (
            one.factor.value,
            *(
                format_quantity("_frac", max(0.0, value))
                for value in (one.first_frac, one.first_error, one.total_frac, one.total_error)
            ),
            format_quantity("npv", one.worth_knowing, currency=currency),
        )


def _ways(found: "Sensitivity", currency: str) -> Iterator[tuple[str, ...]]:
    yield "", "about", "costs", "worth at most", ""
    for one in found.finding_out:
        yield (
            one.way.name,
            one.factor.value,
            format_quantity("npv", one.way.amount, currency=currency),
            format_quantity("npv", one.worth, currency=currency),
            "worth doing" if one.is_worth_doing else "costs more than it may bring",
        )
