"""The command line as a person meets it: answers, exit codes, nothing lost."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from demand_files import heat_kw, instants
from parquet_files import parquet_of

from exotherm.cli.main import run
from exotherm.web.app import serve


@pytest.fixture
def workspace(tmp_path):
    folder = tmp_path / "pool"
    assert run(["new", str(folder)]) == 0
    return folder


@pytest.fixture
def billed(demo, tmp_path):
    """A copy of the demonstration that a test may harm."""
    folder = tmp_path / "billed"
    shutil.copytree(demo, folder)
    return folder


def test_plan_prints_what_a_banker_asks_for(workspace, ask):
    code, plan = ask("plan", "run", str(workspace))
    assert code == 0
    for key in (
        "heat_demand_kwh",
        "heat_delivered_kwh",
        "recoverable_frac",
        "delivery_cost_per_kwh",
        "npv",
        "irr_frac",
        "payback_years",
        "energy_balance_error_kwh",
    ):
        assert isinstance(plan[key], float), key
    assert plan["verdict"] in {"robust", "conditional", "high risk", "do not build"}
    assert plan["energy_balance_error_kwh"] < 1e-6


def test_a_month_is_billed_once(billed, ask):
    code, answer = ask("bill", "close", str(billed), "--month", "2026-10", "--yes")
    assert code == 1
    assert [finding["code"] for finding in answer["findings"]] == ["bill.already-issued"]
    assert "EX-2026-0001" in answer["findings"][0]["message"]


def test_a_month_without_readings_is_not_billed(workspace, ask):
    code, answer = ask("bill", "preview", str(workspace), "--month", "2026-09")
    assert code == 1
    assert "meter.reading-missing-at-edge" in {one["code"] for one in answer["findings"]}


def test_meters_that_are_not_there_are_the_outside_world(workspace, ask):
    site = workspace / "site.toml"
    text = site.read_text("utf-8").replace("timeout_s    = 2.0", "timeout_s    = 0.2")
    # Nobody listens where it is refused to ask; on the example's ports a twin might.
    for port, dead in (("10001", "1"), ("15020", "2")):
        assert text.count(f"port         = {port}") == 1
        text = text.replace(f"port         = {port}", f"port         = {dead}")
    site.write_text(text)
    code, answer = ask("operate", "poll", str(workspace))
    assert code == 3
    assert {one["code"] for one in answer["findings"]} == {"meter.no-answer"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["new", "no-such-folder", "--example", "mill"],
        ["plan", "run", "no-such-folder"],
        ["bill", "close", ".", "--month", "October"],
        ["bill", "close", ".", "--month", "2026-13"],
        ["verify", "no-such-pack.zip"],
        ["contract", "price", ".", "--month", "2026-10", "--heat-kwh", "many"],
        ["operate", "twin", ".", "--speed", "nan"],
        ["screen", "--archetypes", "--fuel", "nan"],
    ],
)
def test_misuse_is_two(arguments, capsys):
    assert run(arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_an_example_that_is_not_there_is_answered_with_the_list(tmp_path, capsys):
    assert run(["new", str(tmp_path / "mill"), "--example", "mill"]) == 2
    assert "'pool', 'school', 'care-home'" in capsys.readouterr().err
    assert not (tmp_path / "mill").exists()


def test_a_folder_that_is_not_empty_is_left_alone(workspace, capsys):
    (workspace / "site.toml").write_text("mine")
    assert run(["new", str(workspace)]) == 1
    assert (workspace / "site.toml").read_text() == "mine"
    assert run(["demo", "--no-serve", "--out", str(workspace)]) == 1
    assert (workspace / "site.toml").read_text() == "mine"
    assert "hint:" in capsys.readouterr().err


def test_our_own_fault_is_seventy_and_one_line(monkeypatch, capsys, workspace):
    def broken(_folder: Path) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("exotherm.usecases.workspace.load_workspace", broken)
    assert run(["check", str(workspace)]) == 70
    (line,) = capsys.readouterr().err.splitlines()
    report = Path(line.rsplit(" ", 1)[1].rstrip("."))
    assert "ZeroDivisionError" in report.read_text()
    report.unlink()


def test_data_goes_to_stdout_and_progress_to_stderr(workspace):
    command = [sys.executable, "-m", "exotherm", "plan", "run", str(workspace)]
    coloured = os.environ | {"NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=coloured)
    assert done.stdout.startswith("Worth building")
    assert "simulating the year" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_help_is_quick_because_nothing_heavy_is_imported():
    code = (
        "import sys; from exotherm.cli.main import run; run(['--help']); "
        "heavy = {'numpy', 'numba', 'pyarrow', 'pydantic', 'rich', 'starlette', 'typst'}; "
        "heavy &= set(sys.modules); "
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_keys_stay_with_their_owner(billed, capsys):
    key = billed / "evidence.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.chmod(0o644)
    assert run(["prove", "report", str(billed), "--month", "2026-10"]) == 1
    assert "chmod 600" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said(workspace, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["web", str(workspace), "--port", str(port)]) == 3
    told = capsys.readouterr().err
    assert f"--port {port + 1}" in told
    # Nobody is sent to an address that another program answers on.
    assert "Pages of" not in told


def test_the_pages_are_announced_once_their_address_answers(workspace):
    class AnnouncedError(Exception):
        pass

    def listening(address: str) -> None:
        host, port = address.removeprefix("http://").split(":")
        socket.create_connection((host, int(port))).close()
        raise AnnouncedError

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(AnnouncedError):
        serve(workspace, port=port, on_listening=listening)


def test_a_captured_telegram_shows_every_record(ask):
    telegrams = Path(__file__).parents[1] / "golden" / "mbus"
    code, told = ask("operate", "decode", "mbus", str(telegrams / "kamstrup_multical_601.hex"))
    assert code == 0
    energy = next(record for record in told["records"] if record["quantity"] == "energy")
    assert (energy["value"], energy["unit"], energy["valid"]) == (37351, "kWh", True)
    code, told = ask("operate", "decode", "mbus", str(telegrams / "ELS_Elster-F96-Plus.hex"))
    assert code == 1
    (power,) = [record for record in told["records"] if record["quantity"] == "power"]
    assert (power["function"], power["valid"]) == ("error", False)


def test_a_telegram_with_a_wrong_checksum_is_refused(ask, tmp_path):
    capture = tmp_path / "telegram.hex"
    capture.write_text("68 03 03 68 08 01 72 7C 16")
    code, told = ask("operate", "decode", "mbus", str(capture))
    assert code == 1
    (finding,) = told["findings"]
    assert "checksum" in finding["message"]
    capture.write_text("not hexadecimal")
    assert run(["operate", "decode", "mbus", str(capture)]) == 1


def test_files_of_an_issued_invoice_can_be_written_again(billed, ask):
    before = (billed / "invoices" / "EX-2026-0001.pdf").read_bytes()
    shutil.rmtree(billed / "invoices")
    code, answer = ask("bill", "export", str(billed), "EX-2026-0001")
    assert (code, len(answer["files"])) == (0, 2)
    assert (billed / "invoices" / "EX-2026-0001.pdf").read_bytes() == before
    assert run(["bill", "export", str(billed), "EX-2026-0009"]) == 1


def test_a_full_disk_is_the_outside_world(workspace):
    command = [sys.executable, "-m", "exotherm", "contract", "explain", str(workspace)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert "No space left" in done.stderr


@pytest.mark.parametrize("instant", ["0001-01-01T00:00Z", "9999-12-31T23:59Z", "2026-11-02"])
def test_an_instant_that_cannot_be_meant_is_misuse(instant, workspace):
    assert run(["operate", "status", str(workspace), "--now", instant]) == 2


def test_a_report_never_takes_the_place_of_the_site(workspace):
    before = (workspace / "site.toml").read_bytes()
    arguments = ["plan", "run", str(workspace), "--report", str(workspace / "site.toml")]
    assert run(arguments) == 2
    assert (workspace / "site.toml").read_bytes() == before


def test_a_lost_key_is_not_replaced_in_silence(billed, capsys):
    (billed / "evidence.key").unlink()
    assert run(["prove", "pack", str(billed), "--month", "2026-10"]) == 1
    assert "Restore" in capsys.readouterr().err
    assert not (billed / "evidence.key").exists()


def test_a_pack_that_would_not_verify_is_not_written(billed, capsys):
    """Somebody changed a reading behind the store's back after it was billed."""
    with sqlite3.connect(billed / "exotherm.db") as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute(
            "UPDATE sample SET count = count + 5 WHERE source_at = 1793487600 AND point_id ="
            " (SELECT id FROM point WHERE name = 'heat_meter.heat_kwh')"
        )
    assert run(["prove", "pack", str(billed), "--month", "2026-10"]) == 1
    assert "would not verify" in capsys.readouterr().err
    assert [path.name for path in (billed / "evidence").iterdir()] == ["EV-2026-10-0001.zip"]


def test_the_twin_lives_only_the_planned_years(workspace):
    for month in ("2025-12", "2300-01"):
        assert run(["operate", "simulate", str(workspace), "--month", month]) == 1


def test_a_simulated_month_is_called_so(billed):
    (pack,) = (billed / "evidence").glob("*.zip")
    with zipfile.ZipFile(pack) as files:
        assert "simulated" in json.loads(files.read("claim.json"))["site"]["name"]


def test_a_reading_off_the_display_is_kept_and_a_long_gap_still_stops_the_bill(workspace, ask):
    """The edges are there by hand; what the month did between them nobody knows."""
    reading = ("--point", "heat_meter.heat_kwh", "--author", "the caretaker")
    shown = ("--evidence", "photograph 0117", "--now", "2026-11-02T08:00Z")
    for at, value in (("2026-10-01T00:00+02:00", "1000"), ("2026-11-01T00:00+01:00", "1720")):
        code, answer = ask(
            "operate", "enter", str(workspace), *reading, *shown, "--at", at, "--value", value
        )
        assert (code, answer["sample"]["count"]) == (0, int(value))
    again = ("--at", "2026-11-01T00:00+01:00", "--value", "1721")
    assert run(["operate", "enter", str(workspace), *reading, *shown, *again]) == 1
    for wrong in ("1720.5", "123456789", "-1"):
        later = ("--at", "2026-11-01T01:00+01:00", "--value", wrong)
        assert run(["operate", "enter", str(workspace), *reading, *shown, *later]) == 1
    code, answer = ask("bill", "preview", str(workspace), "--month", "2026-10", *shown[2:])
    assert code == 1
    assert {one["code"] for one in answer["findings"]} >= {"meter.gap-too-long"}


def test_a_reader_that_goes_away_is_no_failure(workspace):
    command = f"'{sys.executable}' -m exotherm contract explain '{workspace}'"
    line = f"set -o pipefail; {command} | head -1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_customer_measured_in_parquet_is_planned_for(workspace, ask):
    """Half-hours of last year, as a building's own system exports them."""
    without = ask("plan", "run", str(workspace))[1]
    times = instants(step=timedelta(minutes=30), year=2025)
    heat = parquet_of(time=times, heat_kwh=[heat_kw(each) / 2 for each in times])
    (workspace / "mill.parquet").write_bytes(heat)
    with (workspace / "site.toml").open("a") as site:
        site.write('\n[[measured]]\nname = "Mill"\nfile = "mill.parquet"\n')
        site.write("supply_c_design = 42.0\nreturn_c_design = 30.0\n")
    code, checked = ask("check", str(workspace))
    assert "demand.other-year" in {one["code"] for one in checked["findings"]}
    code, plan = ask("plan", "run", str(workspace))
    assert code == 0
    mill_kwh = sum(map(heat_kw, times)) / 2
    assert plan["heat_demand_kwh"] - without["heat_demand_kwh"] == pytest.approx(mill_kwh, rel=1e-3)
    assert plan["backup_kwh"] > without["backup_kwh"]
