"""``exotherm operate probe redfish``: a server or PDU, known by its collections."""

import click

from exotherm.cli.probe_shown import address_from, probe_options, show_probe


@click.command("redfish")
@probe_options
@click.option("--member", default="", help="Chassis or PDU to read, where there are several.")
def probe_redfish(
    address: str,
    *,
    member: str,
    profile: str | None,
    timeout_s: float,
    as_json: bool,
) -> int:
    r"""Show what a server or a rack PDU says by Redfish.

    \b
    Example:
      export EXOTHERM_PROBE_USER=reader EXOTHERM_PROBE_PASSWORD=...
      exotherm operate probe redfish 192.168.1.40

    It speaks TLS and checks the certificate; name the device's own in EXOTHERM_PROBE_CA_FILE. Plain
    HTTP is spoken only where the address begins with http://.
    """
    place = address_from(address, port=443, member=member, schemes=("https", "http"))
    return show_probe("redfish", place, profile=profile, timeout_s=timeout_s, as_json=as_json)
