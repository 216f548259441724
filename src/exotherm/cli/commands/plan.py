"""``exotherm plan``: the study of a site."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json, at_now, ready_workspace, workspace_folder
from exotherm.cli.output import (
    exit_code_of,
    note,
    progress,
    say,
    say_json,
    say_rows,
    say_table,
    show_findings,
)
from exotherm.cli.paths import BOOK_ENDINGS, PAGE_ENDINGS, NewFile
from exotherm.cli.plan_compare import compare_command
from exotherm.cli.plan_dispatch import dispatch_command
from exotherm.cli.plan_foresight import foresight_command
from exotherm.cli.plan_network import network_command
from exotherm.cli.plan_proposal import proposal_command
from exotherm.cli.plan_risk import risk_command
from exotherm.cli.plan_sensitivity import sensitivity_command
from exotherm.cli.plan_size import size_command
from exotherm.cli.survey_words import survey_rows
from exotherm.core.units import format_number, format_quantity

if TYPE_CHECKING:
    from exotherm.plan.study import StudyResult


@click.group("plan")
def plan_command() -> None:
    """Study the site: a year of the plant, what it earns, whether to build it."""


plan_command.add_command(dispatch_command)
plan_command.add_command(network_command)
plan_command.add_command(risk_command)
plan_command.add_command(foresight_command)
plan_command.add_command(sensitivity_command)
plan_command.add_command(compare_command)
plan_command.add_command(size_command)
plan_command.add_command(proposal_command)


@plan_command.command("run")
@workspace_folder
@click.option(
    "--report",
    type=NewFile(PAGE_ENDINGS),
    help="Also write the study as one file, HTML or PDF by its name.",
)
@click.option(
    "--workbook",
    type=NewFile(BOOK_ENDINGS),
    help="Also write its money as a workbook (.xlsx) whose formulas find it again.",
)
@as_json
@at_now
def run(
    folder: Path, *, report: Path | None, workbook: Path | None, as_json: bool, now: datetime
) -> int:
    r"""Simulate the year, rate its months, and say whether it is worth building.

    \b
    Example:
      exotherm plan run examples/pool --report study.html
    """
    from exotherm.usecases.carbon import planned_emissions
    from exotherm.usecases.show import show_plan
    from exotherm.usecases.study import study_workspace, write_report, write_workbook

    workspace = ready_workspace(folder, as_json=as_json, to_plan=True)
    if workspace is None:
        return 1
    with progress("Study") as advance:
        study = study_workspace(workspace, on_stage=lambda stage: advance(0.5, stage))
        if report is not None:
            advance(0.9, "writing the report")
            write_report(study, workspace, report, made_at=now)
        if workbook is not None:
            advance(0.95, "writing the workbook")
            write_workbook(study, workspace, workbook, made_at=now)
    if as_json:
        say_json(
            show_plan(
                study,
                workspace.site,
                workspace.contract,
                carbon=planned_emissions(workspace, study),
                findings=workspace.findings,
            )
        )
        return exit_code_of(study.findings)
    show_findings(study.findings)
    if exit_code_of(workspace.findings):
        note("The plan is made all the same; this contract can neither be signed nor billed yet.")
    _say_study(study)
    for written in (report, workbook):
        if written is not None:
            say(f"\nwrote {written}")
    return exit_code_of(study.findings)


def _say_study(study: "StudyResult") -> None:
    """Say the verdict, its figures, and the answers to what an operator asks of a plan."""
    say(study.verdict_text, style="bold")
    finance, currency = study.finance, study.currency
    never = "never within the term"
    say_rows(
        [
            ("heat demand", format_quantity("heat_kwh", study.heat_demand_kwh)),
            ("heat delivered", format_quantity("heat_kwh", study.heat_delivered_kwh)),
            ("recoverable", format_quantity("recoverable_frac", study.recoverable_frac)),
            ("boiler heat displaced", format_quantity("displaced_frac", study.displaced_frac)),
            (
                "cost of delivery",
                "no heat delivered"
                if study.delivery_cost_per_kwh is None
                else format_quantity(
                    "cost_per_kwh", study.delivery_cost_per_kwh, currency=currency
                ),
            ),
            ("net present value", format_quantity("npv", finance.npv, currency=currency)),
            (
                "internal rate of return",
                "none" if finance.irr_frac is None else format_quantity("_frac", finance.irr_frac),
            ),
            (
                "payback",
                never
                if finance.payback_years is None
                else format_quantity("_years", finance.payback_years),
            ),
            _saving_row(study.customer_first.saving, currency),
            *_renewed_rows(study),
            *_money_rows(study),
            *_heat_pump_rows(study),
            *survey_rows(study),
        ]
    )
    say(f"\nDo I need a heat pump? {study.heat_pump.text}")
    say(f"\nWhat does it rest on? {study.foundation.text}")
    say(f"\nWhat carries the project? {study.stack.text}")
    say_table(_stack_rows(study))
    say(f"\nWho should own the plant? {study.ownership.text}")
    say_table(_deal_rows(study))


def _saving_row(saving: float, currency: str) -> tuple[str, str]:
    name = "customer saves" if saving >= 0.0 else "customer pays more"
    return name, format_quantity("saving_per_year", abs(saving), currency=currency)


def _money_rows(study: "StudyResult") -> Iterator[tuple[str, str]]:
    """Give what a loan, a wanted return and the same capital in servers come to, where asked."""
    finance, currency = study.finance, study.currency
    wanted = finance.price_for_target_per_kwh
    if wanted is not None:
        price = format_quantity("cost_per_kwh", wanted, currency=currency)
        yield "price for the wanted return", price
    if finance.loan is not None:
        yield "loan", format_quantity("npv", finance.loan.amount, currency=currency)
        yield "least debt service cover", format_number(finance.loan.dscr_min, 2)
        own = finance.loan.owner_irr_frac
        yield "return on equity", "none" if own is None else format_quantity("_frac", own)
    if finance.growing is not None:
        npv = format_quantity("npv", finance.growing.npv, currency=currency)
        yield "same capital in servers", f"{npv} net present value"


def _stack_rows(study: "StudyResult") -> Iterator[tuple[str, ...]]:
    """Give what the plant is worth where a layer of revenue fails."""
    from exotherm.plan.revenue_stack import LATE_YEARS

    def money(npv: float | None) -> str:
        return "–" if npv is None else format_quantity("npv", npv, currency=study.currency)

    yield "", "brings", "never comes", f"{LATE_YEARS} years late", "half"
    for one in study.stack.layers:
        worths = (one.worth, one.npv_off, one.npv_late, one.npv_smaller)
        yield str(one.layer), *map(money, worths)


def _deal_rows(study: "StudyResult") -> Iterator[tuple[str, ...]]:
    """Give what each way to share the plant is worth to both sides."""
    between = f"both gain between, {study.currency}"
    yield "", "customer pays", between, "operator npv", "customer npv"
    for deal in study.ownership.deals:
        when = "once" if deal.arrangement.value == "sale" else "a year"
        low, high = (
            format_quantity("npv", value, currency="").strip()
            for value in (deal.amount_low, deal.amount_high)
        )
        yield (
            deal.arrangement.value,
            f"{format_quantity('npv', deal.amount, currency=study.currency)} {when}",
            f"{low} and {high}" if deal.amount_low <= deal.amount_high else "none",
            format_quantity("npv", deal.operator.npv, currency=study.currency),
            format_quantity("npv", deal.customer.npv, currency=study.currency),
        )


def _renewed_rows(study: "StudyResult") -> Iterator[tuple[str, str]]:
    """Give what the customer saves beside its old boiler, or from when on its own heat is new."""
    from exotherm.plan.customer import renewed_from_year

    renewed, from_year = study.customer_renewed, renewed_from_year(study.economics)
    if renewed is None:
        return
    if from_year > 1:
        saving = format_quantity("saving_per_year", renewed.saving, currency=study.currency)
        yield f"from year {from_year} on", f"{saving}, its own heat being new"
        return
    saving = format_quantity("saving_per_year", study.customer.saving, currency=study.currency)
    yield "beside its old boiler", f"{saving}, if it were kept; the line above is beside a new one"


def _heat_pump_rows(study: "StudyResult") -> Iterator[tuple[str, str]]:
    """Give what there is to say of a heat pump, and of heat that nobody gives."""
    yield "without a heat pump", format_quantity("direct_frac", study.heat_pump.direct_frac)
    if study.heat_pump_power_kwh:
        power_kwh = format_quantity("power_kwh", study.heat_pump_power_kwh)
        yield "heat pump electricity", power_kwh
    if study.unmet_kwh >= 1.0:
        yield "given by nobody", format_quantity("unmet_kwh", study.unmet_kwh)
