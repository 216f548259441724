"""``exotherm operate probe``: what a device says, for somebody who sees it for the first time."""

import click

from exotherm.cli.probe_bacnet import probe_bacnet
from exotherm.cli.probe_mbus import probe_mbus_command
from exotherm.cli.probe_modbus import probe_modbus
from exotherm.cli.probe_mqtt import probe_mqtt
from exotherm.cli.probe_redfish import probe_redfish
from exotherm.cli.probe_snmp import probe_snmp


@click.group("probe")
def probe() -> None:
    """Show what a device says: who it is, which profiles fit, its values, the next step.

    Only questions are sent, nothing is ever written. Exits with 1 where no profile fits, with 3
    where nobody answers.
    """


for command in (
    probe_mbus_command,
    probe_modbus,
    probe_snmp,
    probe_redfish,
    probe_bacnet,
    probe_mqtt,
):
    probe.add_command(command)
