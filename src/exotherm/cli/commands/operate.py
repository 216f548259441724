"""``exotherm operate``: read the meters, or serve a simulated plant to read."""

import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.failing import OUTSIDE_WORLD
from exotherm.cli.operate_balance import balance
from exotherm.cli.operate_broker import twin_broker
from exotherm.cli.operate_commission import commission
from exotherm.cli.operate_ledger import COMMANDS as LEDGER_COMMANDS
from exotherm.cli.operate_ledger import Shown
from exotherm.cli.operate_probe import probe
from exotherm.cli.operate_run import run_command
from exotherm.cli.options import (
    Instant,
    NumberRange,
    as_json,
    at_now,
    for_month,
    ready_workspace,
    workspace_folder,
)
from exotherm.cli.output import (
    exit_code_of,
    findings_json,
    note,
    progress,
    say,
    say_json,
    say_rows,
    show_findings,
)
from exotherm.cli.paths import FilePath
from exotherm.core.sentences import counted
from exotherm.core.units import NO_BREAK_SPACE, format_number, label_of

if TYPE_CHECKING:
    from exotherm.core.errors import UnableTo
    from exotherm.core.samples import Point, Sample
    from exotherm.devices.line import Address
    from exotherm.usecases.twin_server import ServedTwin


@click.group("operate")
def operate_command() -> None:
    """Read the site's meters into the store, or serve its simulated twin."""


for one in (*LEDGER_COMMANDS, run_command, commission, balance, probe):
    operate_command.add_command(one)


@operate_command.command("poll")
@workspace_folder
@as_json
def poll(folder: Path, *, as_json: bool) -> int:
    """Read every meter once; exits with 3 where none answers, and trying again makes sense."""
    from exotherm.store.sqlite import open_store
    from exotherm.usecases.gateway import poll_site

    workspace = ready_workspace(folder, as_json=as_json)
    if workspace is None:
        return 1
    with open_store(workspace.store) as store:
        report = poll_site(workspace.site, store, folder=workspace.folder)
        points = store.points()
    if as_json:
        samples = [_sample_json(sample, points) for sample in report.samples]
        say_json({"samples": samples, "findings": findings_json(report.findings)})
    else:
        show_findings(report.findings)
        say_rows(
            (sample.point, f"{_shown(sample, points)}  {sample.quality.value}")
            for sample in report.samples
        )
    if exit_code_of(report.findings) or any(meter.answer for meter in report.meters):
        return exit_code_of(report.findings)
    return OUTSIDE_WORLD


@operate_command.command("simulate")
@workspace_folder
@for_month
@twin_broker
@as_json
def simulate(folder: Path, *, month: str, broker: "Address | None", as_json: bool) -> int:
    r"""Live a month of the site's twin and read it through its real protocols.

    \b
    Example:
      exotherm operate simulate riverside --month 2026-10

    The twin serves M-Bus, Modbus, SNMP, BACnet/IP and Redfish on free ports of 127.0.0.1 and
    publishes by MQTT to the broker; its clock moves from reading to reading. What is stored already
    is not read again, so an interrupted run can be continued.
    """
    from exotherm.store.sqlite import open_store
    from exotherm.usecases.simulate import simulate_month

    workspace = ready_workspace(folder, as_json=as_json)
    if workspace is None:
        return 1
    with open_store(workspace.store) as store, progress("Month") as advance:
        report = simulate_month(
            workspace,
            store,
            month,
            broker=broker,
            on_progress=lambda frac: advance(frac, "reading meters"),
        )
    if as_json:
        say_json(
            {
                "month": month,
                "readings": report.edges,
                "polled": report.polled,
                "samples_stored": report.stored,
                "samples_refused": len(report.refused),
                "meters_left_out": list(report.left_out),
            }
        )
    else:
        say(
            f"{format_number(report.polled, 0)} of {format_number(report.edges, 0)} readings "
            f"taken, {counted(report.stored, 'sample')} stored in {workspace.store}."
        )
        for name in report.left_out:
            note(f"{name} was left out: its readings arrive as files.")
    return 0


@operate_command.command("twin")
@workspace_folder
@click.option("--start", type=Instant(), help="Instant at which it begins; now if left out.")
@click.option(
    "--speed",
    type=NumberRange(0.01, 100_000),
    default=1.0,
    show_default=True,
    help="Simulated seconds in a real one.",
)
@twin_broker
@at_now
def twin(
    folder: Path,
    *,
    start: datetime | None,
    speed: float,
    broker: "Address | None",
    now: datetime,
) -> int:
    r"""Serve the site's simulated meters on their ports until Ctrl-C.

    \b
    Example, in two terminals:
      exotherm operate twin riverside
      exotherm operate poll riverside

    They speak what the site file says: M-Bus, Modbus, SNMP (v2c and v3), BACnet/IP, Redfish; those
    of MQTT publish to the broker. Whatever they show comes from one simulated plant.
    """
    from exotherm.usecases.simulate import operate_twin

    workspace = ready_workspace(folder, as_json=False)
    if workspace is None:
        return 1
    operate_twin(
        workspace.site,
        workspace.surroundings,
        start=start or now,
        speed=speed,
        broker=broker,
        on_ready=_tell_ports,
        on_trouble=_tell_trouble,
    )
    return 0


@operate_command.command("enter")
@workspace_folder
@click.option("--point", required=True, help="Register, like heat_meter.heat_kwh.")
@click.option("--value", type=Shown(), required=True, help="What the display shows, like 123456.")
@click.option("--at", type=Instant(), required=True, help="When it showed that.")
@click.option("--author", required=True, help="Who read it.")
@click.option("--evidence", required=True, help="What shows it: a photograph, a signed sheet.")
@as_json
@at_now
def enter(
    folder: Path,
    *,
    point: str,
    value: Decimal,
    at: datetime,
    author: str,
    evidence: str,
    as_json: bool,
    now: datetime,
) -> int:
    r"""Enter a register reading that a person took off the display.

    \b
    Example:
      exotherm operate enter riverside --point heat_meter.heat_kwh --value 123199 \
        --at 2026-11-01T00:00+01:00 --author "the caretaker" --evidence "photograph 0117"

    It is held against the readings before and after it: by which the register would have gone
    backwards is refused, and what the plant can hardly have moved is kept as suspect, not billed.
    """
    from exotherm.store.sqlite import open_store
    from exotherm.usecases.hand_reading import enter_reading

    workspace = ready_workspace(folder, as_json=as_json)
    if workspace is None:
        return 1
    with open_store(workspace.store) as store:
        entered = enter_reading(
            workspace.site,
            store,
            point_name=point,
            value=value,
            at=at,
            author=author,
            evidence=evidence,
            now=now,
        )
        points = store.points()
    if as_json:
        sample = _sample_json(entered.sample, points)
        say_json({"sample": sample, "findings": findings_json(entered.findings)})
    else:
        show_findings(entered.findings)
        suspect = "" if entered.sample.quality.value == "good" else ", as suspect"
        say(f"kept {point} {_shown(entered.sample, points)}, read by {author}{suspect}")
    return 0


@operate_command.command("decode")
@click.argument("protocol", type=click.Choice(["mbus"]))
@click.argument("file", type=FilePath(allow_dash=True))
@as_json
def decode(protocol: str, file: Path, *, as_json: bool) -> int:  # noqa: ARG001 - one so far
    r"""Show every record of captured telegrams, the invalid ones with their reason.

    \b
    Examples:
      exotherm operate decode mbus telegram.hex
      exotherm operate decode mbus capture.bin --json
      printf '%s' "$DIGITS" | exotherm operate decode mbus -

    FILE, or what comes through a pipe where it is -, holds frames as hexadecimal digits, with or
    without spaces, commas and 0x, as a dump or a log of them, or as the bytes themselves. Exits
    with 1 where it holds no telegram, or a record is invalid.
    """
    from exotherm.cli.show_mbus import say_telegram
    from exotherm.usecases.decode_mbus import decode_file, decode_stream, decoded_json

    piped = str(file) == "-"
    decoded = decode_stream(sys.stdin.buffer, file="-") if piped else decode_file(file)
    if as_json:
        say_json(decoded_json(decoded, str(file)))
    else:
        show_findings(decoded.findings)
        for telegram in decoded.telegrams:
            say_telegram(telegram)
    return 0 if decoded.good else 1


@operate_command.command("status")
@workspace_folder
@as_json
@at_now
def status(folder: Path, *, as_json: bool, now: datetime) -> int:
    """Show the newest reading of every point, its age, and what stands open."""
    from exotherm.store.sqlite import open_store
    from exotherm.usecases.meter_ledger import standing_events
    from exotherm.usecases.storekeeping import newest_samples

    workspace = ready_workspace(folder, as_json=as_json)
    if workspace is None:
        return 1
    with open_store(workspace.store) as store:
        newest, points = newest_samples(store, now=now), store.points()
        findings = [event.finding for event in standing_events(store)]
    if as_json:
        samples = [_sample_json(sample, points) for sample in newest.values()]
        say_json({"samples": samples, "findings": findings_json(findings)})
        return 0
    show_findings(findings)
    for name, sample in newest.items():
        age_min = (now - sample.source_at).total_seconds() / 60
        age = f"{format_number(age_min, 0)} min ago"
        say(f"  {name:<26} {_shown(sample, points):>16}  {sample.quality.value:<8} {age:>12}")
    if not newest:
        say(f"No readings yet. `exotherm operate poll {folder}` reads the meters once.")
    return 0


def _shown(sample: "Sample", points: "dict[str, Point]") -> str:
    point = points[sample.point]
    value = format_number(point.value_of(sample.count), point.decimals)
    return f"{value}{NO_BREAK_SPACE}{label_of(point.name)}"


def _sample_json(sample: "Sample", points: "dict[str, Point]") -> dict[str, object]:
    point = points[sample.point]
    return {
        "point": sample.point,
        "value": str(point.value_of(sample.count)),
        "count": sample.count,
        "unit": point.unit,
        "quality": sample.quality.value,
        "source_at": sample.source_at.isoformat(),
        "received_at": sample.received_at.isoformat(),
    }


def _tell_ports(served: "ServedTwin") -> None:
    for name, where in served.places.items():
        note(f"{name} answers on {where}")
    for name in served.left_out:
        note(f"{name} is left out: its readings arrive as files.")
    note("Ctrl-C ends.")


def _tell_trouble(error: "UnableTo") -> None:
    note(f"{error} {error.remedy}")
