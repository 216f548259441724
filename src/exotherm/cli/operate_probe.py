"""``exotherm operate probe``: what a device says, shown to somebody who has only its address."""

import click

from exotherm.cli.probe_mbus import probe_mbus_command


@click.group("probe")
def probe_command() -> None:
    """Ask a device what it is and what it says; nothing is written to it."""


probe_command.add_command(probe_mbus_command)
