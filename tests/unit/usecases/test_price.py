"""Months priced before they happen: stated, and those of the planned year."""

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from exotherm.cli.main import run
from exotherm.core.money import round_decimal
from exotherm.usecases.price import (
    Stated,
    price_planned,
    price_stated,
    priced_json,
    sum_up,
    sums_of_clauses,
)
from exotherm.usecases.study import study_workspace
from exotherm.usecases.workspace import load_workspace, ready

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="module")
def network():
    whole = ready(load_workspace(EXAMPLES / "district-heating"))
    assert whole is not None
    return whole


def test_a_stated_month_by_hand(pool_contract):
    stated = Stated(heat_kwh=Decimal(12_584), reduced_heat_kwh=Decimal(1_000), failed_intervals=300)
    month = price_stated(pool_contract, "2026-10", stated)
    # 745 hours; 300 of 2,980 quarter-hours failed, so the fee comes back whole.
    assert month.rated.available_frac == Decimal("0.8993")
    assert month.rated.net_amount == Decimal("787.71") + Decimal("34.00")
    priced = sum_up(pool_contract, [month])
    assert priced.vat_amount == Decimal("180.78")
    assert priced.total_amount == Decimal("1002.49")


def test_heat_that_nobody_asked_for_and_hours_that_do_not_count(pool_contract):
    stated = Stated(
        heat_kwh=Decimal(1_000),
        unrequested_heat_kwh=Decimal(400),
        excused_intervals=2_976,
        not_measured_intervals=4,
    )
    month = price_stated(pool_contract, "2026-10", stated)
    assert month.consumption.tally.obliged == 4
    billed = {line.clause: line.quantity for line in month.rated.lines}
    assert billed["TAR-2"] == 600


def test_a_return_and_a_peak_are_heard(network):
    cool, warm = (
        price_stated(network.contract, "2026-11", Stated(heat_kwh=Decimal(10_000), return_c=back))
        for back in (30.0, 60.0)
    )
    assert cool.rated.net_amount < warm.rated.net_amount


@pytest.mark.parametrize(
    ("month", "stated"),
    [
        ("2019-01", Stated(heat_kwh=Decimal(1))),
        ("2026-02", Stated(heat_kwh=Decimal(1), failed_intervals=2_000, excused_intervals=2_000)),
        ("2026-02", Stated(heat_kwh=Decimal(1), reduced_heat_kwh=Decimal(2))),
    ],
)
def test_what_cannot_be_is_refused(month, stated, pool_contract):
    with pytest.raises(ValueError, match=r"lies outside|fewer than|is a part"):
        price_stated(pool_contract, month, stated)


def test_what_belongs_to_a_year_is_said_not_to_be_settled(network):
    """The example's minimum is settled with the last month of the contract year."""
    stated = Stated(heat_kwh=Decimal(100_000), return_c=36.0)
    priced = sum_up(network.contract, [price_stated(network.contract, "2026-12", stated)])
    assert any(sentence.startswith("TAR-6 (Take-or-pay") for sentence in priced.unsettled)


def test_the_planned_year_is_that_of_the_study(network):
    months = price_planned(network)
    assert months == study_workspace(network).months
    priced = sum_up(network.contract, months)
    assert priced.unsettled == ()
    clauses = sums_of_clauses(months)
    assert sum(one.amount for one in clauses) == priced.net_amount
    heat = next(one for one in clauses if one.clause == "TAR-2")
    assert heat.quantity == sum(one.consumption.heat_kwh for one in months)
    bonus = next(one for one in clauses if one.clause == "TAR-9")
    assert bonus.quantity is None
    assert bonus.text == "Return-temperature bonus"


def test_vat_is_rounded_bill_by_bill(network):
    months = price_planned(network)
    rule = network.contract.rounding.rule
    by_bill = sum(
        round_decimal(one.rated.net_amount * Decimal("0.25"), rule=rule, decimals=2)
        for one in months
    )
    assert sum_up(network.contract, months).vat_amount == by_bill


def test_one_month_has_its_lines_on_top(network):
    months = price_planned(network)
    one: Any = priced_json(network.contract, sum_up(network.contract, months[:1]))
    assert one["lines"] == one["months"][0]["lines"]
    assert "lines" not in priced_json(network.contract, sum_up(network.contract, months))


def test_it_needs_no_more_than_a_contract(pool_contract):
    """Stated months ask for no site; a fee is prorated by the days that are billed."""
    late = pool_contract.term.model_copy(
        update={"starts_on": pool_contract.term.starts_on.replace(month=10, day=16)}
    )
    contract = pool_contract.model_copy(update={"term": late, "commissioning": None})
    month = price_stated(contract, "2026-10", Stated(heat_kwh=Decimal(0)))
    fee = next(line for line in month.rated.lines if line.clause == "TAR-1")
    assert Decimal("0.5") < fee.quantity < Decimal("0.53")


def test_a_contract_whose_price_cannot_be_prices_no_month(tmp_path, capsys):
    folder = tmp_path / "pool"
    shutil.copytree(EXAMPLES / "pool", folder)
    contract = folder / "contract.toml"
    text = contract.read_text().replace("price_per_kwh = 0.0680", "price_per_kwh = -0.1")
    contract.write_text(text)
    asked = ["contract", "price", str(folder), "--month", "2026-10", "--heat-kwh", "1000"]
    assert run(asked) == 1
    assert "contract.price-negative" in capsys.readouterr().err
