"""The proposal as a person asks for it: every example, a draft, another file, and stopped."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from exotherm.cli.main import run

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = "2026-03-01T09:30Z"


def pages_of(path: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


@pytest.mark.parametrize(
    "name", ["pool", "school", "care-home", "housing-block", "district-heating"]
)
def test_every_example_has_its_proposal(ask, tmp_path, name):
    folder = tmp_path / name
    shutil.copytree(EXAMPLES / name, folder)
    code, told = ask("plan", "proposal", str(folder), "--draws", "20", "--now", NOW)
    assert code == 0
    assert told["file"] == str(folder / "proposal.pdf")
    assert not told["is_draft"]
    assert pages_of(folder / "proposal.pdf") >= 8
    years = {"care-home": 10, "pool": 15}.get(name, 20)
    assert told["term_years"] == years
    assert told["year"]["heat_kwh_min"] > 0
    for one in told["scenarios"]:
        given_kwh = one["service_kwh"] + one["own_kwh"] + one["short_kwh"]
        if one["scenario"] != "usual year, hours with own heat" and name != "pool":
            assert given_kwh == pytest.approx(one["wanted_kwh"], rel=1e-6)
    faults = {one["fault"]: one for one in told["faults"]}
    assert faults["data centre off"]["short_kwh"] < 1.0
    assert faults["customer's own heat out"]["short_kwh"] > 1.0
    assert ("heat pump out" in faults) == ("[heat_pump]" in (folder / "site.toml").read_text())


def test_a_draft_says_so_in_json_and_at_the_foot_of_every_sheet(ask, tmp_path):
    folder = tmp_path / "pool"
    shutil.copytree(EXAMPLES / "pool", folder)
    contract = folder / "contract.toml"
    text = contract.read_text("utf-8")
    cut = re.sub(r"\[roles\.it\].*?(?=\n\[regulatory_status\])", "", text, flags=re.DOTALL)
    contract.write_text(cut, "utf-8")
    code, told = ask(
        "plan", "proposal", str(folder), "--draws", "20", "--out", str(tmp_path / "p.pdf")
    )
    assert (code, told["is_draft"]) == (0, True)
    assert any(one.startswith("The contract is not ready to sign") for one in told["open"])
    assert "contract.clause-missing" in {one["code"] for one in told["findings"]}
    told_by_sheet = sheets(tmp_path / "p.pdf")
    assert len(told_by_sheet) >= 8
    assert all("DRAFT, the contract is not ready to sign" in sheet for sheet in told_by_sheet)


def sheets(path: Path) -> list[str]:
    """Read the words of every sheet, as a reader of PDFs has them."""
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not there")
    words = subprocess.run([reader, "-layout", path, "-"], capture_output=True, check=True)
    return words.stdout.decode().split("\f")[:-1]


def test_another_kind_of_file_is_never_written_over(capsys, tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    folder = str(EXAMPLES / "pool")
    assert run(["plan", "proposal", folder, "--draws", "20", "--out", str(other)]) == 2
    assert other.read_text() == "mine"
    told = " ".join(capsys.readouterr().err.split())
    assert "does not end in .html, .htm or .pdf" in told
    assert "simulating" not in told, "a wrong name is refused before anything is lived"


def test_a_place_that_cannot_be_written_is_named_with_its_option(capsys, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    out = tmp_path / "file" / "proposal.html"
    arguments = ["plan", "proposal", str(EXAMPLES / "pool"), "--draws", "20", "--out", str(out)]
    assert run(arguments) == 2
    told = capsys.readouterr().err
    assert "'--out'" in told
    assert "is a file, and nothing can lie in it" in told
    assert "simulating" not in told


def test_a_folder_without_a_contract_is_told_what_is_missing(ask, tmp_path):
    shutil.copytree(EXAMPLES / "pool", tmp_path / "pool")
    (tmp_path / "pool" / "contract.toml").unlink()
    code, told = ask("plan", "proposal", str(tmp_path / "pool"))
    assert code == 1
    assert told["findings"]
    assert not (tmp_path / "pool" / "proposal.pdf").exists()


def test_the_terminal_says_what_it_does_and_can_be_stopped(tmp_path):
    """Stopped among its draws it ends at once, by 130, and leaves no file."""
    out = tmp_path / "proposal.pdf"
    arguments = ["plan", "proposal", str(EXAMPLES / "pool"), "--draws", "2000", "--out", str(out)]
    said = []
    with subprocess.Popen(
        [sys.executable, "-m", "exotherm", *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=os.environ,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line.strip())
            if "living 2000 draws" in line:
                process.send_signal(signal.SIGINT)
                break
        rest = process.stderr.read()
        assert process.wait(timeout=60) == 130
    assert "Stopped" in rest
    assert said[:3] == [
        "Proposal: simulating the year",
        "Proposal: trying scenarios",
        "Proposal: trying single faults",
    ]
    assert not out.exists()


def test_json_holds_plain_values_alone(capsys, tmp_path):
    arguments = [
        "plan",
        "proposal",
        str(EXAMPLES / "pool"),
        "--draws",
        "20",
        "--json",
        "--now",
        NOW,
    ]
    assert run([*arguments, "--out", str(tmp_path / "p.html")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == [
        "file",
        "is_draft",
        "currency",
        "draws",
        "term_years",
        "discount_frac",
        "year",
        "lifetimes",
        "moves",
        "scenarios",
        "faults",
        "rests",
        "open",
        "findings",
    ]
    assert "<!DOCTYPE html>" in (tmp_path / "p.html").read_text("utf-8")
