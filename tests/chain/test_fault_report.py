"""What a person sees when all else fails: a report without secrets, output that may be closed."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from cases import EXAMPLES

from exotherm.cli import main


def test_a_fault_is_reported_without_secrets(monkeypatch, capsys):
    secret = "correct horse battery"  # noqa: S105 - of nobody

    def break_down(**_: object) -> None:
        raise RuntimeError(f"key {secret} is bad")

    monkeypatch.setenv("EXOTHERM_PDU_AUTH_KEY", secret)
    monkeypatch.setattr(main.exotherm, "main", break_down)
    assert main.run(["check"]) == main.OUR_FAULT
    told = capsys.readouterr().err
    found = re.search(r"report is in (\S+\.txt)", told)
    assert found is not None
    report = Path(found[1])
    text = report.read_text("utf-8")
    report.unlink()
    assert secret not in text + told
    assert "(withheld) is bad" in text


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_output_ends_no_command(closed):
    line = f"{shlex.quote(sys.executable)} -m exotherm check {shlex.quote(str(EXAMPLES / 'pool'))}"
    done = subprocess.run(["/bin/sh", "-c", f"{line} {closed}"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_letters_that_an_output_has_not_are_replaced():
    done = subprocess.run(
        [sys.executable, "-m", "exotherm", "survey", str(EXAMPLES / "pool")],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"Riverside Pool" in done.stdout
    assert b"kN/m?" in done.stdout
