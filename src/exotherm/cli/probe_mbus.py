"""``exotherm operate probe mbus``: what meters are on a bus, and what they say."""

from typing import TYPE_CHECKING

import click

from exotherm.cli.failing import OUTSIDE_WORLD
from exotherm.cli.options import NumberRange, as_json
from exotherm.cli.output import exit_code_of, note, say, say_json, show_findings

if TYPE_CHECKING:
    from exotherm.devices.mbus.search import Found

_BAUDS = ("300", "600", "1200", "2400", "4800", "9600", "19200", "38400")


@click.command("mbus")
@click.argument("address", metavar="HOST:PORT|SERIAL_PORT")
@click.option("--meter", metavar="N|DIGITS", default="", help="One meter: 0 to 250, or its number.")
@click.option("--scan", is_flag=True, help="Call all primary addresses; takes minutes.")
@click.option("--search", is_flag=True, help="Find all meters by their identifications.")
@click.option("--prefix", default="", help="First digits of the identifications to search for.")
@click.option(
    "--baud",
    type=click.Choice(_BAUDS),
    default="2400",
    help="Speed of a serial port.",
    show_default=True,
)
@click.option("--timeout-s", type=NumberRange(0.05, 60.0), help="How long an answer is waited for.")
@as_json
def probe_mbus_command(
    address: str,
    *,
    meter: str,
    scan: bool,
    search: bool,
    prefix: str,
    baud: str,
    timeout_s: float | None,
    as_json: bool,
) -> int:
    r"""Show which meters are on an M-Bus and what they say.

    ADDRESS is a level converter on the network, or the serial port of one. Without options the only
    meter is read; where several answer, all are searched for. Nothing is written to any meter.
    Exits with 3 where no meter can be read.

    \b
    Examples:
      exotherm operate probe mbus 192.168.1.50:10001
      exotherm operate probe mbus /dev/ttyUSB0 --search
      exotherm operate probe mbus 192.168.1.50:10001 --meter 17 --json
    """
    from exotherm.usecases.probe_mbus import Question, probe_mbus, way_of

    if sum((bool(meter), scan, search or bool(prefix))) > 1:
        raise click.UsageError("Give one of --meter, --scan and --search.")
    if prefix and not (prefix.isascii() and prefix.isdecimal() and len(prefix) <= 8):
        raise click.BadParameter("it is up to 8 decimal digits", param_hint="--prefix")
    question = Question(meter=meter, scan=scan, search=search or bool(prefix), prefix=prefix)
    try:
        way = way_of(address, baud=int(baud))
        if not as_json:
            note(f"Asking on {way} …")
        tell = _ignore if as_json else _say_found
        probed = probe_mbus(way, question, timeout_s=timeout_s, tell=tell)
    except ValueError as error:
        raise click.UsageError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    if as_json:
        say_json(probed.to_json())
    else:
        show_findings(probed.findings)
    read = any(each.telegram is not None for each in probed.found)
    return exit_code_of(probed.findings) if read else OUTSIDE_WORLD


def _ignore(found: "Found") -> None:
    del found


def _say_found(found: "Found") -> None:
    from exotherm.cli.show_mbus import say_telegram
    from exotherm.devices.mbus.search import called_by

    if found.telegram is not None:
        say(f"Called by {called_by(found)}", style="dim")
        say_telegram(found.telegram)
        say()
