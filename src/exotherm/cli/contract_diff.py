"""``exotherm contract diff``: two versions in words and in money."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json, stop_with_findings
from exotherm.cli.output import findings_json, progress, say, say_json, say_table, show_findings
from exotherm.cli.paths import FolderPath
from exotherm.core.period import name_of_month
from exotherm.core.units import format_number, format_quantity

if TYPE_CHECKING:
    from exotherm.contract.terms import Contract
    from exotherm.plan.contract_change import AmountChange, MoneyChange

_PATH = click.Path(exists=True, path_type=Path)
_FOLDER = FolderPath(exists=True)


@click.command("diff")
@click.argument("old", type=_PATH)
@click.argument("new", type=_PATH)
@click.option(
    "--site", type=_FOLDER, help="Workspace whose year is rated; that of NEW if left out."
)
@as_json
def diff_command(old: Path, new: Path, *, site: Path | None, as_json: bool) -> int:
    r"""Compare two versions of a contract, in words and in money.

    OLD and NEW are contract files or workspaces. Both are rated on the same simulated year.

    \b
    Example:
      exotherm contract diff signed/contract.toml riverside
    """
    from exotherm.usecases.compare_contracts import compare_contracts, comparison_json

    with progress("Compare") as advance:
        advance(0.3, "rating a year by both versions")
        comparison = compare_contracts(old, new, site=site)
    if comparison.before is None or comparison.after is None:
        return stop_with_findings(comparison.findings, as_json=as_json)
    if as_json:
        findings = findings_json(comparison.findings)
        say_json({**comparison_json(comparison), "findings": findings})
        return 0
    show_findings(comparison.findings)
    after = comparison.after
    say(_headline(comparison.money, after, changed=bool(comparison.changes)), style="bold")
    for change in comparison.changes:
        say(f"\n{change.number:<7} {change.title}: {change.kind}", style="bold")
        if change.before:
            say(f"      - {change.before}")
        if change.after:
            say(f"      + {change.after}")
    if comparison.money is not None and comparison.money.year.difference:
        _show_money(comparison.money, after)
    return 0


def _headline(money: "MoneyChange | None", after: "Contract", *, changed: bool) -> str:
    if not changed:
        return "The two say the same."
    if money is None:
        return "What the difference costs is not known."
    difference = money.year.difference
    if not money.months:
        return "The two have no month of the planned year in common, so nothing is compared."
    if not difference:
        return "In the planned year the difference costs nobody anything."
    more = "more" if difference > 0 else "less"
    share = f" ({_percent(money.year)})" if money.year.before else ""
    return (
        f"In the planned year the customer pays {_amount(abs(difference), after)} {more}{share}, "
        "without VAT."
    )


def _percent(amounts: "AmountChange") -> str:
    share = amounts.difference / amounts.before
    sign = "+" if share > 0 else ""
    return sign + format_quantity("share_frac", share, decimals=1)


def _amount(amount: Decimal, contract: "Contract") -> str:
    return format_quantity("amount", amount, currency=contract.currency, decimals=2)


def _show_money(money: "MoneyChange", contract: "Contract") -> None:
    say()
    say_table(_money_rows(money, contract))


def _money_rows(money: "MoneyChange", contract: "Contract") -> Iterator[tuple[str, ...]]:
    yield f"Year, {contract.currency}", "before", "after", "difference"
    for clause, words, amounts in money.lines:
        yield f"{clause:<7} {words}", *_amounts(amounts)
    yield "Year, without VAT", *_amounts(money.year)
    for period, amounts in money.months:
        yield name_of_month(period, contract.zone), *_amounts(amounts)


def _amounts(amounts: "AmountChange") -> tuple[str, ...]:
    values = (amounts.before, amounts.after, amounts.difference)
    return tuple(format_number(value, 2) for value in values)
