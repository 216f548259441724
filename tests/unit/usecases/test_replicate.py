"""The next site of a kind: what belongs to the old one is open, and the check says so."""

import shutil
from pathlib import Path

import pytest

from exotherm.cli.main import run
from exotherm.core.findings import Severity
from exotherm.usecases.new import EXAMPLES, UnableToMakeWorkspace
from exotherm.usecases.replicate import OPEN, opened, replicate
from exotherm.usecases.workspace import load_workspace, ready

FOLDER = Path(__file__).parents[3] / "examples"


def unmarked(folder: Path) -> None:
    """Take every mark away, as a person does who found each value anew."""
    for file in folder.glob("*.toml"):
        lines = [line.removeprefix(OPEN) for line in file.read_text("utf-8").split("\n")]
        file.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_is_open_is_said_and_what_is_found_makes_it_whole(example, tmp_path):
    """Two ways: the marks are what the check misses, and without them it is the old site."""
    folder = tmp_path / "next"
    replicate(folder, like=FOLDER / example)
    missing = [
        found for found in load_workspace(folder).findings if found.severity is Severity.ERROR
    ]
    assert {"site.name", "site.latitude_deg", "parties.customer.name", "capacity.heat_kw"} <= {
        found.where.path for found in missing
    }
    assert {found.code for found in missing} <= {"document.field-missing", "document.wrong-value"}
    assert all(found.where.line is not None for found in missing)
    unmarked(folder)
    for file in (FOLDER / example).iterdir():
        if file.suffix == ".csv":
            shutil.copy(file, folder)
    again, old = ready(load_workspace(folder)), ready(load_workspace(FOLDER / example))
    assert again is not None
    assert old is not None
    assert again.site == old.site
    assert again.contract == old.contract


def test_no_word_of_the_old_customer_is_left_in_force(tmp_path):
    folder = tmp_path / "next"
    replicate(folder, like=FOLDER / "pool")
    for name in ("site.toml", "contract.toml"):
        in_force = [
            line.partition("#")[0]
            for line in (folder / name).read_text("utf-8").split("\n")
            if not line.startswith("#")
        ]
        words = "\n".join(in_force)
        for old in ("Riverside", "61440112", "EX-C1", "weather.csv", "Via del Fiume"):
            assert old not in words, (name, old)


def test_the_protocol_has_the_meters_and_the_clauses(tmp_path):
    replicate(tmp_path / "next", like=FOLDER / "pool")
    text = (tmp_path / "next" / "mv-protocol.md").read_text("utf-8")
    for wanted in ("option B", "| heat_meter | mbus-tcp |", "**MET-1**", "**HEAT-1**", "80.0"):
        assert wanted in text, wanted


def test_a_folder_in_use_and_a_site_that_is_not_whole_are_refused(tmp_path):
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UnableToMakeWorkspace, match="is not empty"):
        replicate(tmp_path / "used", like=FOLDER / "pool")
    broken = Path(shutil.copytree(FOLDER / "pool", tmp_path / "broken"))
    (broken / "site.toml").write_text("[site]\n", encoding="utf-8")
    with pytest.raises(UnableToMakeWorkspace, match="its files have errors"):
        replicate(tmp_path / "next", like=broken)
    assert not (tmp_path / "next").exists()


def test_values_over_several_lines_are_open_as_a_whole():
    text = '[a]\nlist = [\n  1,\n  2,\n]\nkept = 1\n\n[[basis]]\nvalues = "a"\n'
    assert opened(text, {"a": ("list",)}).split("\n") == [
        "[a]",
        f"{OPEN}list = [",
        f"{OPEN}  1,",
        f"{OPEN}  2,",
        f"{OPEN}]",
        "kept = 1",
        "",
        f"{OPEN}[[basis]]",
        f'{OPEN}values = "a"',
        "",
    ]


def test_one_thing_to_begin_with_is_enough(tmp_path, capsys):
    new = ["new", str(tmp_path / "next"), "--like", str(FOLDER / "pool"), "--example", "school"]
    assert run(new) == 2
    assert "give one" in capsys.readouterr().err
    assert not (tmp_path / "next").exists()
