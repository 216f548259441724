"""Two versions of a contract: their words side by side, and money that is rated a second way."""

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from changing import changed

from exotherm.cli.main import run
from exotherm.contract.diff import diff_contracts
from exotherm.contract.rate import rate_in_turn
from exotherm.plan.contract_change import money_of_change
from exotherm.plan.rating import consumptions_of
from exotherm.plan.year import simulate_year

POOL = Path(__file__).parents[2] / "examples" / "pool"


@pytest.fixture(scope="module")
def year(pool_site, pool_surroundings):
    return simulate_year(pool_site, pool_surroundings)


def test_the_same_contract_has_no_difference(pool_contract, year):
    assert diff_contracts(pool_contract, pool_contract) == ()
    money = money_of_change(pool_contract, pool_contract, year)
    assert money.year.difference == 0
    assert money.tally_before == money.tally_after
    assert len(money.months) == 12


def test_a_changed_value_is_told_with_its_path_and_both_sentences(pool_contract):
    after = changed(pool_contract, energy_price__price_per_kwh=Decimal("0.0700"))
    (change,) = diff_contracts(pool_contract, after)
    assert (change.number, change.kind) == ("TAR-2", "changed")
    (field,) = change.fields
    assert (field.path, field.before, field.after) == (
        "energy_price.price_per_kwh",
        Decimal("0.0680"),
        Decimal("0.0700"),
    )
    assert "0.0680" in change.before
    assert "0.0700" in change.after


def test_clauses_come_and_go(pool_contract):
    without = changed(pool_contract, insurance=None)
    assert [one.kind for one in diff_contracts(pool_contract, without)] == ["removed"]
    assert [one.kind for one in diff_contracts(without, pool_contract)] == ["added"]


@pytest.mark.parametrize(
    "changes",
    [
        {"energy_price__price_per_kwh": Decimal("0.0712")},
        {"standing_fee__price_per_month": Decimal("99.99")},
        {"supply_temperature__supply_c_min": 44.0, "below_spec_heat__price_frac": 0.25},
        {"service_credit__base": "bill without credit", "supply_temperature__supply_c_min": 44.0},
    ],
)
def test_the_difference_is_that_of_rating_both(pool_contract, year, changes):
    after = changed(pool_contract, **changes)
    money = money_of_change(pool_contract, after, year)
    rated = [
        sum(one.net_amount for one in rate_in_turn(each, tuple(consumptions_of(each, year))))
        for each in (pool_contract, after)
    ]
    assert (money.year.before, money.year.after) == tuple(rated)
    assert money.year.difference == rated[1] - rated[0] != 0
    swapped = money_of_change(after, pool_contract, year)
    assert swapped.year.difference == -money.year.difference


def test_the_command_says_it_in_words_and_in_json(tmp_path, capsys):
    other = tmp_path / "other"
    shutil.copytree(POOL, other)
    text = (other / "contract.toml").read_text("utf-8")
    text = text.replace("price_per_kwh = 0.0680", "price_per_kwh = 0.0700")
    (other / "contract.toml").write_text(text, "utf-8")
    assert run(["contract", "diff", str(POOL), str(other), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [one["clause"] for one in said["changes"]] == ["TAR-2"]
    assert Decimal(said["money"]["year"]["difference"]) == sum(
        Decimal(one["difference"]) for one in said["money"]["months"]
    )
    assert run(["contract", "diff", str(POOL), str(other)]) == 0
    words = capsys.readouterr().out
    amount = f"{Decimal(said['money']['year']['difference']):.2f}"
    assert amount in words.replace("\u202f", "")
    assert "+ Delivered heat costs 0.0700" in words.replace("\u00a0", " ")


def test_a_file_that_cannot_be_read_is_named(tmp_path, capsys):
    broken = tmp_path / "draft.toml"
    broken.write_text("[contract\n", "utf-8")
    assert run(["contract", "diff", str(POOL), str(broken), "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["where"]["file"] == str(broken)


def test_it_is_said_whose_contract_is_absent(tmp_path, capsys):
    bare = tmp_path / "bare"
    bare.mkdir()
    assert run(["contract", "diff", str(POOL), str(bare), "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["where"]["file"] == str(bare / "contract.toml")
