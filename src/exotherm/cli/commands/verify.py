"""``exotherm verify``: the pack's own verifier, run from here."""

from pathlib import Path

import click


@click.command("verify")
@click.argument("pack", type=click.Path(exists=True, path_type=Path))
@click.option("--key", metavar="VKEY", help="The operator's key, from the invoice or contract.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify_command(pack: Path, *, key: str | None, as_json: bool) -> int:
    r"""Check an evidence pack: signature, completeness, and every number computed anew.

    \b
    Example:
      exotherm verify riverside/evidence/EV-2026-10-0001.zip

    Exits with 1 and a named cause where anything is wrong. The same program lies in the pack
    as verify.py and needs nothing but Python: `python3 -S -I verify.py PACK`.
    """
    from exotherm.prove.verify import main

    arguments = [str(pack)]
    if key:
        arguments += ["--key", key]
    if as_json:
        arguments.append("--json")
    return main(arguments)
