"""``exotherm plan risk``: what the project is worth when assumptions fail."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json, at_now, ready_workspace, workspace_folder
from exotherm.cli.options import draws as draws_of
from exotherm.cli.options import threads as threads_of
from exotherm.cli.output import note, progress, say, say_json, say_rows, say_table
from exotherm.cli.paths import PAGE_ENDINGS, NewFile
from exotherm.core.units import format_quantity

if TYPE_CHECKING:
    from exotherm.plan.risk import RiskResult
    from exotherm.plan.risk_alone import Alone


@click.command("risk")
@workspace_folder
@draws_of
@click.option(
    "--report",
    type=NewFile(PAGE_ENDINGS),
    help="Also write it as one file with its charts, HTML or PDF by its name.",
)
@threads_of
@as_json
@at_now
def risk_command(
    folder: Path,
    *,
    draws: int,
    report: Path | None,
    threads: int,
    as_json: bool,
    now: datetime,
) -> int:
    r"""Try the plan with its assumptions off, one by one and all at once.

    Every draw simulates and rates the year anew. How far each assumption may be off stands under
    [risk] in site.toml.

    \b
    Example:
      exotherm plan risk examples/pool --draws 1000 --report risk.html
    """
    from exotherm.plan.risk_verdict import IN_WHAT, explain_risk, explain_still, explain_turns
    from exotherm.usecases.risk import risk_json, risk_workspace, write_risk

    workspace = ready_workspace(folder, as_json=as_json, to_plan=True)
    if workspace is None:
        return 1
    with progress("Risk") as advance:
        risk = risk_workspace(
            workspace,
            draws=draws,
            threads=threads,
            on_draw=lambda done: advance(done / draws, f"living {draws} draws"),
        )
        if report is not None:
            advance(1.0, "writing the report")
            write_risk(risk, workspace, report, made_at=now)
    if as_json:
        say_json(risk_json(risk))
        return 0
    say(explain_risk(risk), style="bold")
    say_rows(_sums(risk))
    say("\nOne assumption alone, the one that moves most first")
    say(f"  {IN_WHAT}")
    say_table(_alone_rows(risk))
    still = explain_still((one.factor, one.no_effect) for one in risk.still)
    for sentence in (*explain_turns(risk), still):
        if sentence:
            say(f"  {sentence}")
    for one in risk.alone:
        if one.range.widened:
            note(f"{one.factor.value}: {one.range.widened}.")
    if report is not None:
        say(f"\nwrote {report}")
    return 0


def _sums(risk: "RiskResult") -> Iterator[tuple[str, str]]:
    from exotherm.usecases.risk import QUANTILES

    words = {"p10": "one in ten is below", "p50": "half are below", "p90": "one in ten is above"}
    yield "as planned", _amount(risk, risk.planned.operator)
    for key, share in QUANTILES:
        yield words[key], _amount(risk, risk.quantile(share))
    yield "all at their worse ends", _amount(risk, risk.worst.operator)
    for layer, left in risk.ungranted.items():
        yield f"without {layer}", _amount(risk, left)
    yield "operator loses in", format_quantity("_frac", risk.loss_frac)
    yield "customer loses in", format_quantity("_frac", risk.customer_loss_frac)


def _alone_rows(risk: "RiskResult") -> Iterator[tuple[str, ...]]:
    yield "", "from", "to", "worth at the first", "at the second", "breaks even at"
    for one in risk.moving:
        yield (
            one.factor.value,
            _value(one, one.range.low),
            _value(one, one.range.high),
            _amount(risk, one.at_low.operator),
            _amount(risk, one.at_high.operator),
            "nowhere near" if one.break_even is None else _value(one, one.break_even),
        )


def _value(alone: "Alone", value: float) -> str:
    from exotherm.plan.risk_verdict import write_cell

    return write_cell(alone.factor, value)


def _amount(risk: "RiskResult", value: float) -> str:
    return format_quantity("npv", value, currency=risk.currency)
