"""``exotherm operate probe mqtt``: a broker's topics, and a device behind it."""

import click

from exotherm.cli.probe_shown import address_from, probe_options, show_probe


@click.command("mqtt")
@probe_options
@click.option("--member", default="", help="What stands for the device in its topics.")
def probe_mqtt(
    address: str,
    *,
    member: str,
    profile: str | None,
    timeout_s: float,
    as_json: bool,
) -> int:
    r"""Show what a broker passes on, and what a device behind it tells.

    \b
    Examples:
      exotherm operate probe mqtt 192.168.1.60
      exotherm operate probe mqtt 192.168.1.60 --member shellypro3em-1 --profile shelly-pro-3em

    Without --member it listens to everything for the time of --timeout-s. Credentials come from
    EXOTHERM_PROBE_USER and EXOTHERM_PROBE_PASSWORD; port 8883 speaks TLS.
    """
    place = address_from(address, port=1883, member=member)
    return show_probe("mqtt", place, profile=profile, timeout_s=timeout_s, as_json=as_json)
