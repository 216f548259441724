"""``exotherm operate probe modbus``: a Modbus device, known by trying profiles."""

import re

import click

from exotherm.cli.probe_shown import address_from, probe_options, show_probe


class Frame(click.ParamType[str]):
    """The settings of a serial line, as in 19200 8E1."""

    name = "BAUD FRAME"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Take what a serial line can be set to."""
        if not re.fullmatch(r"[0-9]{3,6} [78][NEO][12]", str(value)):
            self.fail(f"{value!r} is no setting like '19200 8E1'.", param, ctx)
        return str(value)


@click.command("modbus")
@probe_options
@click.option(
    "--unit",
    type=click.IntRange(0, 250),
    default=1,
    show_default=True,
    help="Device id on the bus or behind the gateway.",
)
@click.option(
    "--line",
    type=Frame(),
    default="19200 8E1",
    show_default=True,
    help="A serial line's baud rate, data bits, parity and stop bits.",
)
def probe_modbus(
    address: str,
    *,
    unit: int,
    line: str,
    profile: str | None,
    timeout_s: float,
    as_json: bool,
) -> int:
    r"""Show what a Modbus device says, over TCP or a serial line.

    \b
    Examples:
      exotherm operate probe modbus 192.168.1.20 --unit 1
      exotherm operate probe modbus /dev/ttyUSB0 --unit 5 --line "9600 8N1"

    Without --profile every Modbus profile is tried, by reading only; those whose registers all are
    there and all can be what they claim are shown. Two may fit: the label on the device decides.
    """
    place = address_from(address, port=502, unit=unit, line=line)
    return show_probe("modbus", place, profile=profile, timeout_s=timeout_s, as_json=as_json)
