"""``exotherm plan proposal``: what is handed to the customer's procurement."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json, at_now, ready_workspace, workspace_folder
from exotherm.cli.options import draws as draws_of
from exotherm.cli.options import threads as threads_of
from exotherm.cli.output import (
    exit_code_of,
    findings_json,
    note,
    progress,
    say,
    say_json,
    say_rows,
    say_table,
    show_findings,
)
from exotherm.cli.paths import PAGE_ENDINGS, NewFile
from exotherm.core.units import format_number, format_quantity

if TYPE_CHECKING:
    from exotherm.plan.proposal import Proposal


@click.command("proposal")
@workspace_folder
@click.option(
    "--out",
    type=NewFile(PAGE_ENDINGS),
    help="File that is written, PDF or HTML by its name.  [default: proposal.pdf in DIR]",
)
@draws_of
@threads_of
@as_json
@at_now
def proposal_command(
    folder: Path, *, out: Path | None, draws: int, threads: int, as_json: bool, now: datetime
) -> int:
    r"""Write the proposal for a customer's procurement, in figures that nine of ten cases keep.

    The offer, the cost of the term, scenarios and single faults lived by the real plant, fallback
    and protections in the contract's words, and what is open. What the operator earns is not in it.

    \b
    Example:
      exotherm plan proposal examples/pool --out proposal.pdf
    """
    from exotherm.usecases.proposal import PROPOSAL_FILE, proposal_json, propose, write_proposal

    path = out or folder / PROPOSAL_FILE
    workspace = ready_workspace(folder, as_json=as_json, to_plan=True)
    if workspace is None:
        return 1
    with progress("Proposal") as advance:
        made = propose(
            workspace,
            draws=draws,
            threads=threads,
            made_at=now,
            on_stage=lambda stage: advance(0.1, stage),
            on_draw=lambda done: advance(0.1 + 0.8 * done / draws, f"living {draws} draws"),
        )
        write_proposal(made, workspace, path, made_at=now)
    if as_json:
        say_json(
            {
                "file": str(path),
                **proposal_json(made.proposal),
                "findings": findings_json((*workspace.findings, *made.findings)),
            }
        )
        return exit_code_of(made.findings)
    show_findings(made.findings)
    _show(made.proposal)
    if made.proposal.is_draft:
        note("This is a draft: the contract is not ready to sign, and every page says so.")
    say(f"\nwrote {path}")
    return exit_code_of(made.findings)


def _show(proposal: "Proposal") -> None:
    cost, currency = proposal.cost, proposal.currency
    years = "one year" if cost.years == 1 else f"{cost.years} years"
    say(f"What nine of ten of {cost.draws} draws keep to", style="bold")
    rows = [
        ("heat a year, at least", format_quantity("heat_kwh", cost.year.heat_kwh_min)),
        ("bill of a year, at most", format_quantity("npv", cost.year.bill_max, currency=currency)),
    ]
    for one in cost.lifetimes:
        saved = format_quantity("npv", one.present.saved_min, currency=currency)
        rows.append((f"saved over {years}, own heat {one.situation.value}, at least", saved))
    say_rows(rows)
    say("\nWhen things come otherwise")
    say_table(_scenario_rows(proposal))
    say("\nWhen one thing fails, where it is coldest")
    say_table(_fault_rows(proposal))
    say("\nOpen")
    for point in proposal.open_points or ("nothing that the files know of",):
        say(f"  {point}")


def _scenario_rows(proposal: "Proposal") -> Iterator[tuple[str, ...]]:
    yield "", "service", "own heat", "short", "available"
    for one in proposal.scenarios.tried:
        available = one.available_frac
        yield (
            one.scenario.value,
            *_heat(one.served.service_kwh, one.served.own_kwh, one.served.short_kwh),
            "–" if available is None else format_quantity("_frac", available, decimals=2),
        )


def _fault_rows(proposal: "Proposal") -> Iterator[tuple[str, ...]]:
    yield "", "lasts", "service", "own heat", "short"
    for one in proposal.faults.tried:
        yield (
            one.broken.value,
            f"{format_number(one.lasts_h, 0)} h",
            *_heat(one.served.service_kwh, one.served.own_kwh, one.served.short_kwh),
        )


def _heat(*heats_kwh: float) -> tuple[str, ...]:
    return tuple(format_quantity("heat_kwh", one) for one in heats_kwh)
