"""A first study: no meters yet, clauses still missing; what money depends on has to be there."""

import json
import re

import pytest

from exotherm.cli.main import run


def draft(folder, *, without_meters=False, without=()):
    """Take meters out of the site file and clauses out of the contract of an example."""
    if without_meters:
        site = folder / "site.toml"
        site.write_text(_without(site.read_text("utf-8"), {"meters"}), "utf-8")
    contract = folder / "contract.toml"
    contract.write_text(_without(contract.read_text("utf-8"), set(without)), "utf-8")


def _without(text, tables):
    kept, cutting = [], False
    for line in text.split("\n"):
        header = re.match(r"\[+([a-z_]+)", line)
        cutting = header[1] in tables if header else cutting
        if not cutting:
            kept.append(line)
    return "\n".join(kept)


@pytest.fixture
def folder(tmp_path):
    assert run(["new", str(tmp_path / "pool")]) == 0
    return tmp_path / "pool"


def test_a_site_without_meters_and_a_contract_without_law_are_planned(folder, capsys):
    draft(folder, without_meters=True, without=("roles", "corrections", "look_back", "insurance"))
    capsys.readouterr()
    assert run(["plan", "run", str(folder), "--json"]) == 0
    study = json.loads(capsys.readouterr().out)
    codes = {finding["code"] for finding in study["findings"]}
    assert {"contract.clause-missing", "contract.point-unknown"} <= codes
    assert run(["contract", "check", str(folder)]) == 1
    assert run(["bill", "preview", str(folder), "--month", "2026-10"]) == 1


@pytest.mark.parametrize("table", ["energy_price", "service_credit", "it_load"])
def test_a_contract_without_a_clause_of_money_or_outcome_is_not(folder, capsys, table):
    draft(folder, without=(table,))
    capsys.readouterr()
    assert run(["plan", "run", str(folder), "--json"]) == 1
    codes = {one["code"] for one in json.loads(capsys.readouterr().out)["findings"]}
    assert "contract.clause-missing" in codes
