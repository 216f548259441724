"""A network's file to its study: JSON and hours say the same, and pipes may stand any way round."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from exotherm.cli.main import run
from exotherm.core.documents import read_document
from exotherm.site.heat_network import HeatNetwork
from exotherm.site.heat_network_tree import walk

EXAMPLE = Path(__file__).parents[3] / "examples" / "district-heating"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    copy = tmp_path_factory.mktemp("network") / "site"
    shutil.copytree(EXAMPLE, copy)
    return copy


@pytest.fixture(scope="module")
def hours(folder):
    out = folder.parent / "hours.csv"
    assert run(["plan", "network", str(folder / "network.toml"), "--out", str(out)]) == 0
    return list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))


def told(folder, capsys):
    assert run(["plan", "network", str(folder / "network.toml"), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_hours_sum_to_what_json_says(folder, hours, capsys):
    study = told(folder, capsys)
    assert len(hours) == 8_760
    for name, key in (("taken_kw", "heat_taken_kwh"), ("loss_kw", "pipe_loss_kwh")):
        assert sum(float(row[name]) for row in hours) == pytest.approx(study[key], rel=1e-6)
    for one in study["sources"]:
        heat = sum(float(row[f"{one['name']}: heat_kw"]) for row in hours)
        assert heat == pytest.approx(one["heat_kwh"], abs=1.0)
        set_by = sum(row["price_set_by"] == one["name"] for row in hours)
        assert set_by == one["marginal_h"]
    mean = sum(float(row["heat_price_per_kwh"]) for row in hours) / 8_760
    assert mean == pytest.approx(study["price_per_kwh_mean"], rel=1e-4)


def test_json_closes_and_is_proved(folder, capsys):
    study = told(folder, capsys)
    assert study["balance_error_kw"] < 1e-5
    assert study["unmet_kwh"] == 0.0
    assert study["cost_min"] <= study["cost"] <= study["cost_min"] * (1 + 1e-5)
    assert study["findings"] == []


def test_the_table_fits_a_terminal_of_eighty_columns(folder, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["plan", "network", str(folder / "network.toml")]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert max(map(len, shown)) <= 80
    assert any("Another m³ saves" in line for line in shown)


def test_hours_are_never_written_over_the_network(folder, capsys):
    file = folder / "network.toml"
    before = file.read_text(encoding="utf-8")
    assert run(["plan", "network", str(file), "--out", str(file)]) == 1
    assert file.read_text(encoding="utf-8") == before
    assert "not a file that a schedule is written to" in capsys.readouterr().err


def test_pipes_may_stand_any_way_round_and_in_any_order():
    text = (EXAMPLE / "network.toml").read_text(encoding="utf-8")
    network = read_document(text, HeatNetwork, file="network.toml").document
    assert network is not None
    turned = tuple(
        pipe.model_copy(update={"from_node": pipe.to_node, "to_node": pipe.from_node})
        for pipe in reversed(network.pipes)
    )
    before, after = walk(network), walk(network.model_copy(update={"pipes": turned}))
    assert set(before.nodes) == set(after.nodes)
    assert before.nodes[0] == after.nodes[0] == "plant"

    def parent_of(walked, node):
        return walked.nodes[walked.parents[walked.number(node)]]

    for node in before.nodes[1:]:
        assert parent_of(before, node) == parent_of(after, node)
    assert not after.rings
    assert not after.unreached
