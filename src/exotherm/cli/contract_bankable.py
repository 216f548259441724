"""``exotherm contract bankable``: the promise against its own plant over many years."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json, ready_workspace, workspace_folder
from exotherm.cli.output import findings_json, progress, say, say_json, say_table, show_findings
from exotherm.core.units import format_number, format_quantity

if TYPE_CHECKING:
    from exotherm.plan.bankable import Promise

_YEARS_MIN, _YEARS_MAX = 10, 10_000


@click.command("bankable")
@workspace_folder
@click.option(
    "--years",
    type=click.IntRange(_YEARS_MIN, _YEARS_MAX),
    default=100,
    show_default=True,
    help="How many years are drawn.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=1,
    show_default=True,
    help="Any number; the same one gives the same years.",
)
@as_json
def bankable_command(folder: Path, *, years: int, seed: int, as_json: bool) -> int:
    r"""Say whether the promise can be kept, and what a bad year costs.

    The plant lives through many years of other weather, other server load and faults, and each is
    judged and rated as the bill would. How often parts fail stands under [faults] and [spread] in
    site.toml.

    \b
    Example:
      exotherm contract bankable examples/pool --years 200
    """
    from exotherm.usecases.bankable import bank_workspace, findings_about, promise_json

    workspace = ready_workspace(folder, as_json=as_json, to_plan=True)
    if workspace is None:
        return 1
    with progress("Bankable") as advance:
        promise = bank_workspace(
            workspace,
            years=years,
            seed=seed,
            on_year=lambda done: advance(done / years, f"living {years} years"),
        )
    findings = findings_about(promise, workspace)
    if as_json:
        say_json({**promise_json(promise), "findings": findings_json(findings)})
        return 0
    show_findings(findings)
    say(_headline(promise), style="bold")
    say_table(_figures(promise))
    say("\nHours of a mean year in which heat was short")
    say_table(_causes(promise))
    return 0


def _headline(promise: "Promise") -> str:
    words, (low, high) = promise.verdict.value, promise.loss_frac_known
    return (
        f"The promise is {words}: of {len(promise.years)} years {_percent(promise.loss_frac)} lose "
        f"money (so of all years between {_percent(low)} and {_percent(high)}), and "
        f"{_percent(promise.missed_frac)} of months miss the promised "
        f"{_percent(promise.promised_frac)}."
    )


def _figures(promise: "Promise") -> Iterator[tuple[str, ...]]:
    from exotherm.usecases.bankable import FIGURES

    yield "", "mean year", "1 in 10 below", "half below", "1 in 10 above"
    for key, words, figure in FIGURES:
        spread = promise.spread_of(figure)
        values = (spread.mean, spread.low, spread.median, spread.high)
        yield words, *(_value(key, value, promise.currency) for value in values)


def _value(key: str, value: float, currency: str) -> str:
    if key == "available_frac":
        return f"{format_number(100 * value, 2)} %"
    # A forecast has no cents.
    name = key if key == "heat_kwh" else "npv"
    return format_quantity(name, value, currency=currency)


def _causes(promise: "Promise") -> Iterator[tuple[str, ...]]:
    yield "cause", "short", "failed", "too cool", "excused"
    if not promise.causes:
        yield "none", *["0 h"] * 4
    for cause, one in promise.causes.items():
        hours = (one.short_h, one.failed_h, one.below_spec_h, one.excused_h)
        yield cause, *(f"{format_number(value, 1)} h" for value in hours)


def _percent(frac: float) -> str:
    return format_quantity("_frac", frac)
