"""The broker to which a twin's MQTT meters publish, as an option of commands with a twin."""

from typing import TYPE_CHECKING

import click

from exotherm.cli.probe_shown import address_from

if TYPE_CHECKING:
    from exotherm.devices.line import Address

_PORT = 1883


class BrokerAddress(click.ParamType["Address"]):
    """A broker like 127.0.0.1:1883."""

    name = "HOST:PORT"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> "Address":
        """Read host and port; the port may be left out."""
        del param, ctx
        return address_from(str(value), port=_PORT)


twin_broker = click.option(
    "--broker",
    type=BrokerAddress(),
    help="Broker to which the twin's MQTT meters publish; never the one of real devices.",
)
