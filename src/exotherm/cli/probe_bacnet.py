"""``exotherm operate probe bacnet``: a building's control, with its analog objects."""

import click

from exotherm.cli.probe_shown import address_from, probe_options, show_probe


@click.command("bacnet")
@probe_options
def probe_bacnet(
    address: str,
    *,
    profile: str | None,
    timeout_s: float,
    as_json: bool,
) -> int:
    r"""Show what a building's own control says by BACnet/IP.

    \b
    Example:
      exotherm operate probe bacnet 192.168.1.50

    It lists the analog objects with value and units. Which of them is what, the contractor's list
    says; docs/devices.md tells how to write a profile from it.
    """
    place = address_from(address, port=47808)
    return show_probe("bacnet", place, profile=profile, timeout_s=timeout_s, as_json=as_json)
