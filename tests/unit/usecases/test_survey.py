"""A survey in a workspace: through the door, beside a plan, and where it is broken or missing."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from exotherm.cli.main import run
from exotherm.usecases.survey import show_survey, survey_of
from exotherm.usecases.workspace import load_workspace, ready, ready_to_plan

POOL = Path(__file__).parents[3] / "examples" / "pool"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(POOL, tmp_path / "pool")
    return tmp_path / "pool"


def change(folder, old, new):
    file = folder / "survey.toml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def ask(capsys, *arguments):
    code = run([*map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_start_is_an_argument(folder, capsys):
    code, said = ask(capsys, "survey", folder, "--start", "2025-06-02")
    assert code == 0
    assert said["starts_on"] == "2025-06-02"
    # The yearly cleaning is missed; the holidays of Christmas are next.
    assert said["first_heat_on"] == "2026-01-03"
    assert run(["survey", str(folder), "--start", "soon"]) == 2


def test_a_stop_ends_with_one_and_the_plan_says_until(folder, capsys):
    change(folder, 'level             = "basement"', 'level             = "roof"')
    change(folder, "floor_kn_per_m2   = 20.0", "floor_kn_per_m2   = 0.5")
    code, said = ask(capsys, "survey", folder)
    assert code == 1
    assert "survey.stops" in {one["code"] for one in said["findings"]}
    assert run(["survey", str(folder)]) == 1
    assert run(["check", str(folder)]) == 1
    assert "survey.stops" in capsys.readouterr().err
    code, plan = ask(capsys, "plan", "run", folder)
    assert code == 0
    assert plan["verdict"] == "do not build"
    assert plan["verdict_text"].startswith("Do not build until this is settled: ")
    assert plan["survey"]["stops"] == 2  # the tank, and the servers beside it


def test_a_report_says_what_was_found_and_where_there_is_no_programme(folder, capsys):
    report = folder / "study.html"
    assert run(["plan", "run", str(folder), "--report", str(report)]) == 0
    page = report.read_text(encoding="utf-8")
    assert "What the survey found" in page
    assert "the tie-in waits 19\xa0days for an agreed shutdown" in page
    change(folder, "starts_on   = 2025-03-03", "starts_on   = 2026-03-03")
    assert run(["plan", "run", str(folder), "--report", str(report)]) == 0
    page = report.read_text(encoding="utf-8")
    assert "There is no programme: no agreed shutdown is long enough" in page
    assert "Do not build until this is settled: Of the agreed shutdowns none" in page
    capsys.readouterr()
    assert run(["survey", str(folder)]) == 1
    assert "First heat: none" in capsys.readouterr().out


def test_the_plan_of_a_workspace_holds_what_its_survey_adds(folder, capsys):
    _, with_survey = ask(capsys, "plan", "run", folder)
    (folder / "survey.toml").unlink()
    _, without = ask(capsys, "plan", "run", folder)
    added = float(with_survey["survey"]["added"]["amount"])
    assert added > 0
    assert without["survey"] is None
    assert without["npv"] - with_survey["npv"] == pytest.approx(added, abs=0.01)
    _, bare = ask(capsys, "plan", "risk", folder, "--draws", "32")
    shutil.copy(POOL / "survey.toml", folder)
    _, risk = ask(capsys, "plan", "risk", folder, "--draws", "32")
    assert bare["planned_npv"] - risk["planned_npv"] == pytest.approx(added, abs=0.01)


def test_a_workspace_needs_no_survey_and_bills_with_a_broken_one(folder, capsys):
    change(folder, "built_in              = 2008", "built_in              = 'old'")
    workspace = load_workspace(folder)
    assert workspace.survey is None
    assert ready(workspace) is not None
    assert ready_to_plan(workspace) is None
    code, said = ask(capsys, "survey", folder)
    assert code == 1
    assert [one["where"]["path"] for one in said["findings"]] == ["building.built_in"]
    (folder / "survey.toml").unlink()
    assert survey_of(load_workspace(folder)) is None
    code, said = ask(capsys, "survey", folder)
    assert (code, said["findings"][0]["code"]) == (1, "workspace.file-unreadable")


def test_a_start_is_reckoned_with_or_refused(folder):
    def code_at(start):
        return run(["survey", str(folder), "--start", start])

    # Agreed shutdowns that lie behind, or more than twenty years ahead, are none.
    assert [code_at(start) for start in ("2199-12-31", "1990-01-01")] == [1, 1]
    file = folder / "survey.toml"
    text = file.read_text(encoding="utf-8")
    begin, end = text.index("[[shutdowns]]"), text.index("[temporary_plant]")
    file.write_text(text[:begin] + text[end:], encoding="utf-8")
    assert [code_at(start) for start in ("2199-12-31", "1990-01-01")] == [0, 0]
    assert [code_at(start) for start in ("2200-01-01", "9999-12-31", "0001-01-01")] == [2, 2, 2]


def test_what_is_shown_is_plain_json():
    result = survey_of(load_workspace(POOL), starts_on=date(2025, 3, 3))
    assert result is not None
    shown = json.loads(json.dumps(show_survey(result), allow_nan=False))
    assert shown["programme"]["activities"][0]["begins_on"] == "2025-03-03"


def test_what_a_survey_adds_is_part_of_what_the_promise_has_to_earn(folder, capsys):
    asked = ("contract", "bankable", folder, "--years", "10")
    _, surveyed = ask(capsys, *asked)
    _, found = ask(capsys, "survey", folder)
    (folder / "survey.toml").unlink()
    _, alone = ask(capsys, *asked)
    workspace = ready(load_workspace(folder))
    assert workspace is not None
    economics = workspace.site.economics
    added = float(found["added"]["amount"])
    rate, years = economics.discount_frac, economics.term_years
    a_year = added * rate / (1.0 - (1.0 + rate) ** -years)
    for kept in ("p10", "p50", "mean"):
        less = alone["figures"]["net"][kept] - surveyed["figures"]["net"][kept]
        assert less == pytest.approx(a_year, rel=1e-6), kept
        assert alone["figures"]["cash"][kept] == surveyed["figures"]["cash"][kept]


def test_phases_that_wait_for_each_other_are_said_by_every_door(folder, capsys):
    text = (folder / "survey.toml").read_text(encoding="utf-8")
    circle = '[[phases]]\nname = "design"\ndays = 4\nafter = ["works"]\n\n'
    circle += '[[phases]]\nname = "works"\ndays = 4\nafter = ["design"]\n'
    (folder / "survey.toml").write_text(f"{text}\n{circle}", encoding="utf-8")
    for command in (["survey"], ["check"], ["plan", "run"]):
        assert run([*command, str(folder)]) == 1
        assert "survey.phases-in-circle" in capsys.readouterr().err
