"""``exotherm operate probe snmp``: a rack PDU, known by its sysObjectID."""

import click

from exotherm.cli.probe_shown import address_from, probe_options, show_probe


@click.command("snmp")
@probe_options
def probe_snmp(
    address: str,
    *,
    profile: str | None,
    timeout_s: float,
    as_json: bool,
) -> int:
    r"""Show what a rack PDU says by SNMP.

    \b
    Example, with a community that only reads:
      EXOTHERM_PROBE_COMMUNITY=public exotherm operate probe snmp 192.168.1.30

    Credentials come from the environment: EXOTHERM_PROBE_COMMUNITY for v2c; for v3
    EXOTHERM_PROBE_USER, EXOTHERM_PROBE_AUTH_KEY (SHA-256) and EXOTHERM_PROBE_PRIV_KEY (AES-128).
    """
    place = address_from(address, port=161)
    return show_probe("snmp", place, profile=profile, timeout_s=timeout_s, as_json=as_json)
