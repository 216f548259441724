"""``exotherm demo``: the whole chain on an example site, in one screen and five pages."""

from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json
from exotherm.cli.output import note, progress, say, say_json, show_findings
from exotherm.cli.paths import FolderPath
from exotherm.core.units import format_number, format_quantity

if TYPE_CHECKING:
    from exotherm.usecases.demo import Demonstration


@click.command("demo")
@click.option(
    "--out",
    type=FolderPath(exists=False),
    default="demo",
    show_default=True,
    help="Folder for the example workspace.",
)
@click.option("--serve/--no-serve", default=True, help="Serve the pages afterwards, or end.")
@click.option("--port", type=click.IntRange(1, 65535), default=8099, show_default=True)
@as_json
def demo_command(out: Path, *, serve: bool, port: int, as_json: bool) -> int:
    r"""Plan a pool over a small data centre, live a month of it, bill it and prove it.

    \b
    Example:
      exotherm demo --no-serve --out demo

    Everything happens on this machine: the meters are simulated, the protocols are real.
    """
    from exotherm.usecases.demo import demonstrate, verifies

    with progress("Demo") as advance:
        demonstration = demonstrate(out, on_progress=advance)
    verdicts = StringIO()
    with redirect_stdout(verdicts):
        accepted = verifies(demonstration)
    if as_json:
        say_json(_summary(demonstration, accepted=accepted))
    else:
        show_findings(demonstration.findings)
        _say_summary(demonstration)
        say("Verify", style="bold")
        for line in verdicts.getvalue().splitlines():
            say(f"  {line}")
    if serve and not as_json:
        _serve(demonstration, port)
    return 0 if accepted else 1


def _say_summary(demonstration: "Demonstration") -> None:
    invoice = demonstration.issued.invoice
    place = demonstration.workspace.site.site
    say(f"\n{place.name}, contract {invoice.contract_reference}", style="bold")
    for name, text in _story(demonstration):
        say(f"  {name:<9} {text}")
    say("Files", style="bold")
    paths = (
        demonstration.report,
        *demonstration.issued.files,
        demonstration.proof.file,
        demonstration.workspace.store,
    )
    for path in paths:
        say(f"  {path}")


def _story(demonstration: "Demonstration") -> Iterator[tuple[str, str]]:
    """Tell each link of the chain in a line or two."""
    study, invoice = demonstration.study, demonstration.issued.invoice
    delivered = format_quantity("heat_mwh", study.heat_delivered_kwh / 1000)
    demand = format_quantity("heat_mwh", study.heat_demand_kwh / 1000)
    displaced = format_quantity("displaced_frac", study.displaced_frac)
    yield "Plan", study.verdict_text
    yield "", f"{delivered} delivered a year; {displaced} of the pool's {demand} from the boiler go"
    yield "Contract", "no blocking finding"
    readings = format_number(demonstration.run.edges, 0)
    samples = format_number(demonstration.run.stored, 0)
    yield "Operate", f"{readings} readings over M-Bus and Modbus, {samples} samples"
    heat = format_quantity("heat_kwh", invoice.heat_kwh)
    total = format_quantity("amount", invoice.total_amount, currency=invoice.currency)
    yield "Bill", f"{invoice.number}: {heat}, {total} with VAT, due {invoice.due_on}"
    avoided, claimed, *_ = demonstration.proof.claim.statement
    yield "Prove", avoided
    yield "", claimed


def _summary(demonstration: "Demonstration", *, accepted: bool) -> dict[str, object]:
    invoice, claim = demonstration.issued.invoice, demonstration.proof.claim
    return {
        "verdict": demonstration.study.verdict.value,
        "npv": demonstration.study.finance.npv,
        "samples_stored": demonstration.run.stored,
        "invoice": invoice.number,
        "heat_kwh": str(invoice.heat_kwh),
        "total_amount": str(invoice.total_amount),
        "conservative_kgco2e": str(claim.avoided.conservative_kgco2e),
        "verified": accepted,
        "files": {
            "study": str(demonstration.report),
            "invoice": [str(path) for path in demonstration.issued.files],
            "evidence": str(demonstration.proof.file),
            "store": str(demonstration.workspace.store),
        },
    }


def _serve(demonstration: "Demonstration", port: int) -> None:
    from exotherm.web.app import serve

    # The simulated month ends here and now, so the pages show a site that is alive.
    end = demonstration.run.period.end
    as_of = f"as of {end:%Y-%m-%d %H:%M} UTC; Ctrl-C ends."
    serve(
        demonstration.workspace.folder,
        port=port,
        now=lambda: end,
        on_listening=lambda address: note(f"\nThe pages are on {address} {as_of}"),
    )
