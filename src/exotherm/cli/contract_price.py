"""``exotherm contract price``: what months cost, planned or stated."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exotherm.cli.options import (
    Month,
    NumberRange,
    as_json,
    ready_workspace,
    stop_with_findings,
    workspace_folder,
)
from exotherm.cli.output import note, progress, say, say_json, say_table
from exotherm.core.period import name_of_month
from exotherm.core.units import format_decimal, format_number, format_quantity

if TYPE_CHECKING:
    from exotherm.contract.terms import Contract
    from exotherm.usecases.price import Priced


class Kilowatthours(click.ParamType[Decimal]):
    """An exact, not negative number of kilowatt-hours."""

    name = "kWh"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """Read the digits as they stand; a float never comes into a bill."""
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            self.fail(f"{value!r} is not a number", param, ctx)
        if not number.is_finite() or not 0 <= number < 10**12:
            self.fail(f"{value!r} is not an amount of heat", param, ctx)
        return number


_INTERVALS = click.IntRange(0, 2980)
_CELSIUS = NumberRange(-50.0, 200.0)


@click.command("price")
@workspace_folder
@click.option(
    "--month",
    type=Month(),
    metavar="YYYY-MM",
    help="Month by the contract's clock; left out, all months of the planned year.",
)
@click.option(
    "--heat-kwh", type=Kilowatthours(), help="Heat of the month; left out, the planned heat."
)
@click.option(
    "--reduced-heat-kwh", type=Kilowatthours(), help="Part of it below the promised temperature."
)
@click.option(
    "--unrequested-heat-kwh", type=Kilowatthours(), help="Part of it that nobody asked for."
)
@click.option(
    "--failed-intervals",
    type=_INTERVALS,
    help="Quarter-hours in which heat was called for and none came.",
)
@click.option("--excused-intervals", type=_INTERVALS, help="Quarter-hours that do not count.")
@click.option(
    "--not-measured-intervals", type=_INTERVALS, help="Quarter-hours without a valid reading."
)
@click.option("--return-c", type=_CELSIUS, help="Mean return temperature, by volume.")
@click.option("--supply-c", type=_CELSIUS, help="Mean supply temperature, by volume.")
@click.option("--peak-kw", type=NumberRange(0.0, 1e6), help="Largest heat of a quarter of an hour.")
@click.option("--heat-pump-kwh", type=Kilowatthours(), help="Electricity of the heat pump.")
@as_json
def price_command(folder: Path, *, month: str | None, as_json: bool, **stated: Any) -> int:  # noqa: ANN401
    r"""Price a month or the planned year, by the same rate() that makes the invoice.

    With --heat-kwh the month is what you say it was. Without, the simulated meter of the plan
    gives every quantity: heat by price and outcome, return, peak, the heat pump's electricity.

    \b
    Examples:
      exotherm contract price examples/pool
      exotherm contract price examples/pool --month 2026-10 --heat-kwh 12584
    """
    given = {name: value for name, value in stated.items() if value is not None}
    if given and (month is None or "heat_kwh" not in given):
        raise click.UsageError("A month that is stated needs --month and --heat-kwh.")
    priced = (
        _stated(folder, month, given, as_json=as_json)
        if given and month is not None
        else _planned(folder, month, as_json=as_json)
    )
    if isinstance(priced, int):
        return priced
    contract, amounts = priced
    if as_json:
        from exotherm.usecases.price import priced_json

        say_json(priced_json(contract, amounts))
        return 0
    say_table(_months(contract, amounts) if len(amounts.months) > 1 else _lines(contract, amounts))
    if len(amounts.months) > 1:
        say()
        say_table(_clauses(contract, amounts))
    say()
    say_table(_sums(contract, amounts))
    for sentence in amounts.unsettled:
        note(sentence)
    return 0


def _stated(
    folder: Path, month: str, given: dict[str, Any], *, as_json: bool
) -> "tuple[Contract, Priced] | int":
    from exotherm.usecases.price import Stated, price_stated, sum_up
    from exotherm.usecases.workspace import CONTRACT_FILE, hinders_plan, load_workspace

    workspace = load_workspace(folder)
    own = [one for one in workspace.findings if one.where.file == CONTRACT_FILE]
    if workspace.contract is None or any(hinders_plan(one) for one in own):
        return stop_with_findings(own or workspace.findings, as_json=as_json)
    try:
        priced = price_stated(workspace.contract, month, Stated(**given))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    return workspace.contract, sum_up(workspace.contract, [priced])


def _planned(folder: Path, month: str | None, *, as_json: bool) -> "tuple[Contract, Priced] | int":
    from exotherm.usecases.price import price_planned, sum_up

    workspace = ready_workspace(folder, as_json=as_json, to_plan=True)
    if workspace is None:
        return 1
    contract = workspace.contract
    with progress("Price") as advance:
        advance(0.3, "simulating the year")
        months = price_planned(workspace)
    chosen = [one for one in months if month in (None, name_of_month(one.period, contract.zone))]
    if not chosen:
        raise click.UsageError(
            f"The contract bills no such month of the planned year {workspace.site.study.year}; "
            "state its heat with --heat-kwh, or plan another year."
        )
    return contract, sum_up(contract, chosen)


def _lines(contract: "Contract", priced: "Priced") -> Iterator[tuple[str, ...]]:
    """Give the lines of one month as its invoice would have them."""
    yield "Line", "quantity", "unit", "price", f"amount, {contract.currency}"
    for line in priced.months[0].rated.lines:
        yield (
            f"{line.clause:<7} {line.text}",
            format_decimal(line.quantity),
            _unit(line.unit),
            format_decimal(line.price, decimals_min=2),
            format_decimal(line.amount),
        )


def _months(contract: "Contract", priced: "Priced") -> Iterator[tuple[str, ...]]:
    yield "Month", "heat, kWh", "available, %", f"net, {contract.currency}"
    for one in priced.months:
        kept = one.rated.available_frac
        yield (
            name_of_month(one.period, contract.zone),
            format_decimal(one.consumption.heat_kwh),
            "none counts" if kept is None else format_number(100 * kept, 2),
            format_decimal(one.rated.net_amount),
        )


def _clauses(contract: "Contract", priced: "Priced") -> Iterator[tuple[str, ...]]:
    from exotherm.usecases.price import sums_of_clauses

    yield "Line", "quantity", "unit", f"amount, {contract.currency}"
    for one in sums_of_clauses(priced.months):
        counted = one.quantity is not None
        yield (
            f"{one.clause:<7} {one.text}",
            format_decimal(one.quantity) if one.quantity is not None else "",
            _unit(one.unit) if counted else "",
            format_decimal(one.amount),
        )


def _sums(contract: "Contract", priced: "Priced") -> Iterator[tuple[str, ...]]:
    vat = format_quantity("vat_frac", float(contract.vat.vat_frac))
    for words, amount in (
        ("Net, without VAT", priced.net_amount),
        (f"VAT, {vat}", priced.vat_amount),
        ("Total", priced.total_amount),
    ):
        yield words, f"{format_decimal(amount)} {contract.currency}"


def _unit(unit: str) -> str:
    return unit.replace("kwh", "kWh").replace("kw_month", "kW·months")
