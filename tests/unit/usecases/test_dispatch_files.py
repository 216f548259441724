"""Dispatch from files: what is written where, and lines that cannot be."""

import json

import pytest

from exotherm.cli.main import run
from exotherm.feeds.dispatch_files import read_dispatch

SERIES = "q_src,demand,dmax,cop,p_el\n100.0,120.0,30.0,4.0,0.15\n100.0,160.0,30.0,4.0,0.12\n"
PLANT = {
    "step_h": 1.0,
    "hp_el_kw": 30.0,
    "tank_kwh": 600.0,
    "tank_loss_per_h": 0.002,
    "boiler_kw": 400.0,
    "boiler_eta": 0.92,
    "p_gas": 0.075,
    "dump_fan": 0.03,
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "year.csv").write_text(SERIES)
    (tmp_path / "plant.json").write_text(json.dumps(PLANT))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def dispatch(*arguments: str) -> int:
    return run(["plan", "dispatch", "year.csv", "plant.json", *arguments])


def test_a_schedule_is_written_and_balances(folder, capsys):
    assert dispatch("--out", "schedule.csv", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["feasible"] is True
    assert answer["gap_frac"] == pytest.approx(0.0, abs=1e-9)
    header, *rows = (folder / "schedule.csv").read_text().splitlines()
    assert header.split(",")[0] == "t"
    assert len(rows) == 2
    assert (folder / "year.csv").read_text() == SERIES


@pytest.mark.parametrize("target", ["year.csv", "plant.json", "schedule.txt"])
def test_nothing_else_is_ever_written_over(folder, capsys, target):
    assert dispatch("--out", target) == 1
    assert (folder / "year.csv").read_text() == SERIES
    assert json.loads((folder / "plant.json").read_text()) == PLANT
    assert "Unable to go on" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SERIES.replace(",", "|"), "Columns are parted by commas or semicolons"),
        (SERIES.replace("120.0", "120,5"), "6 values for 5 columns"),
        (SERIES.replace("120.0", "nan"), "`demand` is “nan”"),
        (SERIES.replace("4.0", "0.9"), "`cop` is “0.9”"),
        ("", "has to name once"),
    ],
)
def test_a_series_that_cannot_be_is_explained(text, said):
    read = read_dispatch(
        text, json.dumps(PLANT), series_file="s.csv", parameters_file="p.json", to_size=False
    )
    assert read.problem is None
    assert said in read.findings[0].message


def test_a_byte_order_mark_is_read_over():
    read = read_dispatch(
        "\ufeff" + SERIES,
        "\ufeff" + json.dumps(PLANT),
        series_file="s.csv",
        parameters_file="p.json",
        to_size=False,
    )
    assert read.findings == ()


def test_a_series_with_decimal_commas_is_the_same_series():
    read = [
        read_dispatch(
            text, json.dumps(PLANT), series_file="s.csv", parameters_file="p.json", to_size=False
        ).problem
        for text in (SERIES, SERIES.replace(",", ";").replace(".", ","))
    ]
    assert read[0] is not None
    assert read[1] is not None
    assert read[0].cop.tolist() == read[1].cop.tolist()
    assert read[0].electricity_per_kwh.tolist() == read[1].electricity_per_kwh.tolist()
