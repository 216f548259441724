"""What every ``operate probe`` command has in common: its options and how it shows a device."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from exotherm.cli.options import NumberRange, as_json
from exotherm.cli.output import say, say_json, say_rows, say_whole
from exotherm.core.hosts import is_ipv6
from exotherm.core.units import NO_BREAK_SPACE, format_decimal

if TYPE_CHECKING:
    from exotherm.devices.abilities import Value
    from exotherm.devices.line import Address
    from exotherm.usecases.probing import Probed

_F = TypeVar("_F", bound=Callable[..., object])
_SITE_PROTOCOL = {"modbus": "modbus-tcp"}


def probe_options(function: _F) -> _F:
    """Give a command the address, --profile, --timeout-s and --json of every probe."""
    for option in (
        as_json,
        click.option(
            "--timeout-s",
            type=NumberRange(0.1, 120),
            default=5.0,
            show_default=True,
            help="How long an answer is waited for.",
        ),
        click.option("--profile", help="Read by this profile alone; `docs/devices.md` lists them."),
        click.argument("address"),
    ):
        function = option(function)
    return function


def address_from(
    text: str,
    *,
    port: int,
    unit: int = 1,
    member: str = "",
    line: str = "19200 8E1",
    schemes: tuple[str, ...] = (),
) -> "Address":
    """Read HOST, HOST:PORT or [IPV6]:PORT; a path is a serial line.

    A scheme stays with it where it is one of ``schemes``, of which the first is the usual one.
    """
    from exotherm.devices.line import Address

    if text.startswith("/") or re.fullmatch(r"COM[0-9]+", text):
        return Address(host=text, port=0, unit=unit, serial=line)
    scheme, slashes, rest = text.rpartition("//")
    scheme = scheme.lower()
    if slashes and scheme.rstrip(":") not in schemes:
        raise click.BadParameter(_not_spoken(text, schemes, rest.rstrip("/"), port))
    if not scheme and is_ipv6(rest):
        rest = f"[{rest}]"
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+(?:%\w+)?\]|[^:/\s]+)(?::([0-9]{1,5}))?/?", rest)
    if found is None or (found[2] and not 0 < int(found[2]) < 65536):
        raise click.BadParameter(f"{text!r} is no address like 192.168.1.20:{port}.")
    host = found[1] if slashes else found[1].strip("[]")
    if scheme == "http:" and not found[2]:
        port = 80
    return Address(
        host=f"{scheme}{slashes}{host}", port=int(found[2] or port), unit=unit, member=member
    )


def _not_spoken(text: str, schemes: tuple[str, ...], rest: str, port: int) -> str:
    """Say how an address is written whose scheme is none that this protocol is spoken over."""
    bare = rest if re.fullmatch(r"[^/@\s]+", rest) else f"192.168.1.20:{port}"
    if not schemes:
        return f"{text!r} begins with a scheme; this address is written without one, as in {bare}."
    ways = " and ".join(f"{scheme}://" for scheme in schemes)
    return (
        f"{text!r} begins with a scheme that is not spoken here: {ways} are, and {schemes[0]}:// "
        f"is taken where none is written, as in {bare}."
    )


def show_probe(
    protocol: str, address: "Address", *, profile: str | None, timeout_s: float, as_json: bool
) -> int:
    """Probe a device and show what it says; gives 1 where no profile fits it."""
    from exotherm.usecases.clocks import SystemClock
    from exotherm.usecases.probing import probe_device

    probed = probe_device(
        protocol, address, profile=profile, timeout_s=timeout_s, now=SystemClock().now
    )
    if as_json:
        say_json(_json(probed))
    else:
        _say(probed)
    return 0 if probed.fits else 1


def _say(probed: "Probed") -> None:
    identity = probed.identity
    named = " ".join(part for part in (identity.maker, identity.model) if part)
    say(f"{probed.address}: {named or 'says no name'}", style="bold")
    told = (
        ("serial", identity.serial),
        ("firmware", identity.firmware),
        ("says", identity.about),
    )
    say_rows((name, text) for name, text in told if text)
    if probed.seen:
        say("\nIt has")
        say_rows((one.name, one.shows) for one in probed.seen)
    if not probed.fits:
        say("\nNo profile fits. `docs/devices.md` says how to write one; --profile tries another.")
        return
    say("\nProfiles that fit" if len(probed.fits) > 1 else "\nProfile that fits")
    say_rows(
        (fit.profile, f"{fit.title}, {fit.plausible} of {fit.described} values")
        for fit in probed.fits
    )
    best = probed.best
    assert best is not None
    say(f"\nBy {best.profile} it tells")
    say_rows((value.quantity, _shown(value)) for value in probed.values)
    say("\nNext: add this to site.toml, then prove its scales with `exotherm operate commission`.")
    say_whole("\n" + snippet(probed))


def _shown(value: "Value") -> str:
    if value.number is None:
        return f"none: {value.reason}"
    told = f"{format_decimal(value.number)}{NO_BREAK_SPACE}{value.unit}"
    return f"{told}  ({value.reason})" if value.reason else told


def snippet(probed: "Probed") -> str:
    """Write the lines of site.toml by which the device is read as it was probed."""
    from exotherm.site.meters import kinds_counted_by

    address, best = probed.address, probed.best
    assert best is not None
    protocol = _SITE_PROTOCOL.get(probed.protocol, probed.protocol)
    if probed.protocol == "modbus" and not address.port:
        protocol = "modbus-rtu"
    kinds = kinds_counted_by(value.quantity for value in probed.values)
    rows = [
        ("name", '"meter1"', "any name of yours"),
        ("protocol", f'"{protocol}"', ""),
        ("host", f'"{address.host}"', ""),
        *([("port", str(address.port), "")] if address.port else []),
        *([("line", f'"{address.serial}"', "")] if protocol == "modbus-rtu" else []),
        *([("address", str(address.unit), "")] if probed.protocol == "modbus" else []),
        *([("member", f'"{address.member}"', "")] if address.member else []),
        ("profile", f'"{best.profile}"', best.title),
        *(
            [("measures", f'"{kinds[0]}"', f"{' or '.join(kinds)}; or leave it out")]
            if kinds
            else []
        ),
        ("serial", f'"{probed.identity.serial or "1"}"', "as printed on the device"),
        ("utc_offset_h", "0.0", ""),
    ]
    lines = [f"{name:<12} = {value}" + (f"  # {why}" if why else "") for name, value, why in rows]
    return "\n".join(("[[meters]]", *lines))


def _json(probed: "Probed") -> dict[str, object]:
    identity = probed.identity
    return {
        "protocol": probed.protocol,
        "address": str(probed.address),
        "identity": {
            "maker": identity.maker,
            "model": identity.model,
            "serial": identity.serial,
            "firmware": identity.firmware,
            "about": identity.about,
        },
        "seen": [{"name": one.name, "shows": one.shows} for one in probed.seen],
        "profiles": [
            {
                "profile": fit.profile,
                "title": fit.title,
                "plausible": fit.plausible,
                "described": fit.described,
            }
            for fit in probed.fits
        ],
        "values": [
            {
                "quantity": value.quantity,
                "value": None if value.number is None else str(value.number),
                "unit": value.unit,
                "quality": value.quality.value,
                "reason": value.reason,
                "source_at": None if value.source_at is None else value.source_at.isoformat(),
                "received_at": value.received_at.isoformat(),
            }
            for value in probed.values
        ],
        "site_toml": snippet(probed) if probed.fits else None,
    }
