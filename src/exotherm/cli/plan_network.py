"""``exotherm plan network``: a heat network of several buildings and sources."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json, at_now
from exotherm.cli.output import (
    exit_code_of,
    findings_json,
    progress,
    say,
    say_json,
    say_rows,
    say_table,
    show_findings,
)
from exotherm.cli.paths import PAGE_ENDINGS, FilePath, NewFile
from exotherm.core.units import format_number, format_quantity

if TYPE_CHECKING:
    from exotherm.plan.heat_network_study import NetworkStudy

_FILE = FilePath()
_NAME_MAX = 18


@click.command("network")
@click.argument("file", type=_FILE, metavar="NETWORK.toml")
@click.option(
    "--out",
    type=NewFile(),
    help="Also write every hour as CSV: who gives heat, and what it is worth.",
)
@click.option(
    "--report",
    type=NewFile(PAGE_ENDINGS),
    help="Also write the study as one file, HTML or PDF by its name.",
)
@as_json
@at_now
def network_command(
    file: Path, *, out: Path | None, report: Path | None, as_json: bool, now: datetime
) -> int:
    r"""Study a heat network: who heats it hour by hour, how its water runs, what heat is worth.

    Sources are routed by their marginal cost, exactly, with one store among them; data centres
    feed the supply or the return. How it is worked out is said in docs/models/district-heating.md.

    \b
    Example:
      exotherm plan network examples/district-heating/network.toml --out hours.csv
    """
    from exotherm.usecases.heat_network import (
        network_json,
        study_network_file,
        write_hours,
        write_network,
    )

    with progress("Network") as advance:
        done = study_network_file(file, on_stage=lambda stage: advance(0.5, stage))
    if out is not None and done.study is not None:
        write_hours(done, out, inputs=(file,))
    if report is not None and done.study is not None:
        write_network(done.study, report, made_at=now)
    if as_json:
        say_json({**network_json(done), "findings": findings_json(done.findings)})
        return exit_code_of(done.findings)
    show_findings(done.findings)
    if done.study is not None:
        _show(done.study)
    for written in (out, report):
        if written is not None and done.study is not None:
            say(f"\nwrote {written}")
    return exit_code_of(done.findings)


def _show(study: "NetworkStudy") -> None:
    currency = study.year.laid.network.network.currency
    say_rows(_sums(study, currency))
    say("\nWho heats it, the cheapest first in every hour")
    say_table(_source_rows(study, currency))
    if study.feeds:
        say("\nInto the supply or into the return?")
        say_table(_feed_rows(study, currency))
    say("\nBusiest pipes")
    say_table(_pipe_rows(study))
    say("\nBuildings")
    say_table(_building_rows(study))
    if study.stores:
        say("\nHow much of summer can be kept?")
        say_table(_store_rows(study, currency))
        say(f"  {_store_words(study, currency)}")
    if study.rated:
        say("\nBy the weather's prices")
        say_table(_rated_rows(study, currency))


def _sums(study: "NetworkStudy", currency: str) -> Iterator[tuple[str, str]]:
    year = study.year
    taken_kwh, lost_kwh = year.laid.demand.heat_kw.sum(), year.flows.loss_kw.sum()
    yield "taken by buildings", _mwh(taken_kwh)
    lost = format_quantity("loss_frac", lost_kwh / (taken_kwh + lost_kwh))
    yield "lost in the pipes", f"{_mwh(lost_kwh)}, {lost}"
    yield "pumps", f"{_mwh(year.pumping.power_kw.sum())}, {_money(year.pump_cost)} {currency}"
    yield "cost of the year's heat", f"{_money(year.routed.cost)} {currency}"
    per_kwh = year.routed.cost / taken_kwh if taken_kwh else 0.0
    yield "for each kWh taken", format_quantity("cost_per_kwh", per_kwh, currency=currency)
    price = float(year.routed.heat_price_per_kwh.mean())
    yield "heat is worth, mean", format_quantity("price_per_kwh", price, currency=currency)
    yield "at most above the least", f"{format_number(100.0 * year.routed.gap_frac, 4)} %"
    yield "price set by the store", f"{format_number(study.store_price_h, 0)} h"


def _source_rows(study: "NetworkStudy", currency: str) -> Iterator[tuple[str, ...]]:
    yield (
        "", "MWh", "used", "COP", f"cost {currency}/kWh", f"worth {currency}/kWh", "sets price, h",
        "left MWh",
    )  # fmt: skip
    for one in study.sources:
        yield (
            _short(one.name),
            _number_mwh(one.heat_kwh),
            _percent(one.used_frac),
            "–" if one.cop is None else format_number(one.cop, 1),
            _per_kwh(one.cost, one.heat_kwh),
            _per_kwh(one.worth, one.heat_kwh),
            format_number(one.marginal_h, 0),
            "–" if one.rejected_kwh is None else _number_mwh(one.rejected_kwh),
        )


def _feed_rows(study: "NetworkStudy", currency: str) -> Iterator[tuple[str, ...]]:
    yield "", "into", "MWh at most", "at °C", "COP", f"cost {currency}/kWh", f"more {currency}/year"
    for one in study.feeds:
        yield (
            _short(one.name),
            one.feed,
            _number_mwh(one.heat_kwh_max),
            format_number(one.asked_c_mean, 1),
            "–" if one.cop is None else format_number(one.cop, 1),
            "–" if one.cost_per_kwh is None else format_number(one.cost_per_kwh, 3),
            "as it is" if one.is_chosen else _signed(one.cost_more),
        )


def _pipe_rows(study: "NetworkStudy") -> Iterator[tuple[str, ...]]:
    yield "", "DN", "kg/s", "m/s", "Pa/m", "loses MWh"
    pipes = study.year.laid.network.pipes
    for one in sorted(study.pipes, key=lambda pipe: -pipe.fall_pa_per_m)[:5]:
        pipe = pipes[one.number]
        yield (
            f"{_short(pipe.from_node)} – {_short(pipe.to_node)}",
            str(pipe.dn),
            format_number(one.flow_kgs, 1),
            format_number(one.speed_ms, 2),
            format_number(one.fall_pa_per_m, 0),
            _number_mwh(one.loss_kwh),
        )


def _building_rows(study: "NetworkStudy") -> Iterator[tuple[str, ...]]:
    yield "", "MWh", "peak kW", "coldest supply °C", "too cold"
    for one in study.buildings:
        yield (
            _short(one.name),
            _number_mwh(one.heat_kwh),
            format_number(one.heat_kw_peak, 0),
            format_number(one.supply_c_min, 1),
            f"{format_number(one.cold_h, 0)} h",
        )


def _store_rows(study: "NetworkStudy", currency: str) -> Iterator[tuple[str, ...]]:
    yield (
        "", "holds MWh", f"saves {currency}/year", f"costs {currency}/year", "to winter MWh",
        "lost MWh",
    )  # fmt: skip
    for one in study.stores:
        yield (
            format_quantity("volume_m3", one.volume_m3, decimals=0),
            _number_mwh(one.store_kwh),
            _money(one.saved),
            "–" if one.built_per_year is None else _money(one.built_per_year),
            _number_mwh(one.carried_kwh),
            _number_mwh(one.lost_kwh),
        )


def _store_words(study: "NetworkStudy", currency: str) -> str:
    none, largest = study.stores[0], study.stores[-1]
    left = f"Without a store {_mwh(none.rejected_kwh)} of servers' heat are left over in summer;"
    kept = (
        f"{format_quantity('volume_m3', largest.volume_m3, decimals=0)} leave "
        f"{_mwh(largest.rejected_kwh)}."
    )
    assert study.saved_per_m3 is not None
    return f"{left}\n  {kept} Another m³ saves {_money(study.saved_per_m3)} {currency} a year."


def _rated_rows(study: "NetworkStudy", currency: str) -> Iterator[tuple[str, ...]]:
    yield (
        "", "tariff", "MWh", f"amount {currency}", f"{currency}/kWh", f"own cost {currency}",
        "below cost",
    )  # fmt: skip
    for one in study.rated:
        yield (
            _short(one.who),
            _short(one.tariff),
            _number_mwh(one.heat_kwh),
            _money(float(one.amount)),
            "–" if one.mean_per_kwh is None else format_number(one.mean_per_kwh, 3),
            "–" if one.own_cost is None else _money(one.own_cost),
            "–" if one.below_cost_h is None else f"{format_number(one.below_cost_h, 0)} h",
        )


def _short(name: str) -> str:
    return name if len(name) <= _NAME_MAX else f"{name[: _NAME_MAX - 1]}…"


def _number_mwh(heat_kwh: float) -> str:
    return format_number(heat_kwh / 1000.0, 0)


def _mwh(heat_kwh: float) -> str:
    return format_quantity("heat_mwh", heat_kwh / 1000.0)


def _money(amount: float) -> str:
    return format_number(amount, 0)


def _signed(amount: float) -> str:
    return f"{'+' if amount > 0 else ''}{_money(amount)}"


def _percent(share: float) -> str:
    return f"{format_number(100.0 * share, 0)} %"


def _per_kwh(amount: float, heat_kwh: float) -> str:
    return format_number(amount / heat_kwh, 3) if heat_kwh >= 1.0 else "–"
