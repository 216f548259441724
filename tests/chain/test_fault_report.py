"""What a person sees when all else fails: a report without secrets, output that may be closed."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import cast

import click
import pytest
from cases import EXAMPLES

from exotherm.bill.invoice import Invoice
from exotherm.cli import main
from exotherm.cli.commands.bill import _ask
from exotherm.cli.failing import OUR_FAULT, OUTSIDE_WORLD


def test_a_fault_is_reported_without_secrets(monkeypatch, capsys):
    secret = "correct horse battery"  # noqa: S105 - of nobody

    def break_down(**_: object) -> None:
        raise RuntimeError(f"key {secret} is bad")

    monkeypatch.setenv("EXOTHERM_PDU_AUTH_KEY", secret)
    monkeypatch.setattr(main.exotherm, "main", break_down)
    assert main.run(["check"]) == OUR_FAULT
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


@pytest.mark.parametrize(
    ("code", "command"),
    [
        (0, ("check", str(EXAMPLES / "pool"))),
        (0, ("--help",)),
        (1, ("check", "{broken}")),
        (1, ("check", "{broken}", "--json")),
        (2, ("check", "--nonsense")),
        (3, ("operate", "probe", "mbus", "127.0.0.1:1")),
    ],
)
def test_a_reader_that_goes_away_changes_no_exit_code(code, command, tmp_path):
    (tmp_path / "site.toml").write_text("nonsense = 1\n", encoding="utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    told = [part.format(broken=tmp_path) for part in command]
    done = subprocess.run(
        [sys.executable, "-m", "exotherm", *told], stdout=writer, stderr=writer, check=False
    )
    os.close(writer)
    assert done.returncode == code


def test_an_invoice_that_is_not_asked_for_as_text_is_not_shown_as_text(capsys):
    with pytest.raises(click.UsageError, match="add --yes"):
        _ask(cast("Invoice", None), as_json=True)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("code", "command"),
    [
        (1, ("operate", "probe", "modbus", "127.0.0.1:1", "--profile", "apc-rpdu2")),
        (2, ("check", "/not/there")),
        (2, ("check", "--nonsense")),
        (3, ("operate", "probe", "modbus", "127.0.0.1:1")),
    ],
)
def test_a_failure_is_json_where_json_was_asked_for(code, command, capsys):
    assert main.run([*command, "--json"]) == code
    told = capsys.readouterr()
    failure = json.loads(told.out)["failure"]
    assert failure.keys() == {"exit_code", "message", "remedy"}
    assert failure["exit_code"] == code
    assert failure["message"] in told.err


def test_a_port_that_is_taken_is_the_outside_world_s_doing(tmp_path, capsys):
    folder = Path(shutil.copytree(EXAMPLES / "pool", tmp_path / "pool"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        site = (folder / "site.toml").read_text("utf-8")
        (folder / "site.toml").write_text(site.replace("= 10001", f"= {port}"), encoding="utf-8")
        assert main.run(["web", str(folder), "--port", port]) == OUTSIDE_WORLD
        assert "Address already in use" in capsys.readouterr().err
        assert main.run(["operate", "twin", str(folder)]) == OUTSIDE_WORLD
        assert f"cannot listen on 127.0.0.1:{port}" in capsys.readouterr().err


def test_an_export_is_never_called_what_it_is_not(tmp_path, capsys):
    assert main.run(["store", "export", str(tmp_path), str(tmp_path / "october.csv")]) == 2
    assert "store query --csv" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
