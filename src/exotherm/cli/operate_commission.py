"""``exotherm operate commission``: the scale of each meter, proved by a second path."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.failing import OUTSIDE_WORLD
from exotherm.cli.operate_broker import twin_broker
from exotherm.cli.options import NumberRange, as_json, at_now, ready_workspace, workspace_folder
from exotherm.cli.output import exit_code_of, findings_json, progress, say, say_json, show_findings

if TYPE_CHECKING:
    from exotherm.devices.line import Address
    from exotherm.operate.commission_values import PointProof, Proof
    from exotherm.usecases.commission import Commissioned

_STYLES = {"proven": "green", "contradicts": "red", "not provable yet": "yellow"}


class Shown(click.ParamType[tuple[str, Decimal]]):
    """A point and what its display shows, as in heat_meter.heat_kwh=123456."""

    name = "POINT=VALUE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Decimal]:
        """Read the two, or say what is wrong."""
        point, equals, digits = str(value).partition("=")
        try:
            number = Decimal(digits)
        except InvalidOperation:
            number = Decimal("NaN")
        if not (point and equals and number.is_finite()):
            self.fail(
                f"{value!r} is no point and value, like heat_meter.heat_kwh=123456.", param, ctx
            )
        return point, number


@click.command("commission")
@workspace_folder
@click.option(
    "--display",
    "displays",
    type=Shown(),
    multiple=True,
    help="What a display shows, like heat_meter.heat_kwh=123456; may be given again.",
)
@click.option(
    "--minutes",
    type=NumberRange(0.01, 10_000),
    default=5.0,
    show_default=True,
    help="How long the meters are read; registers have to advance.",
)
@click.option("--twin", is_flag=True, help="Read the site's twin instead of its meters.")
@twin_broker
@as_json
@at_now
def commission(
    folder: Path,
    *,
    displays: tuple[tuple[str, Decimal], ...],
    minutes: float,
    twin: bool,
    broker: "Address | None",
    as_json: bool,
    now: datetime,
) -> int:
    r"""Prove the scale of every meter by a second path, before anything rests on it.

    \b
    Example, after a look at the heat meter's display:
      exotherm operate commission riverside --display heat_meter.heat_kwh=123456

    Registers are held against the power they sum, a heat meter's power against its own flow and
    temperatures, parts against the meter before them, and readings against displays.
    Nothing is written to any meter. Exits with 1 where a scale is contradicted, where another
    meter answers than the one in the site file, or where one cannot be asked as things stand.
    """
    from exotherm.usecases.commission import commission_site, commission_twin

    workspace = ready_workspace(folder, as_json=as_json)
    if workspace is None:
        return 1
    with progress("Meters") as advance:
        report = (
            commission_twin(
                workspace.site,
                workspace.surroundings,
                start=now,
                displays=displays,
                minutes=minutes,
                broker=broker,
                on_progress=lambda frac: advance(frac, "reading"),
            )
            if twin
            else commission_site(
                workspace.site,
                displays=displays,
                minutes=minutes,
                on_progress=lambda frac: advance(frac, "reading"),
            )
        )
    if as_json:
        say_json(_json(report))
    else:
        _say(report)
    if report.contradicted or exit_code_of(report.findings):
        return 1
    return 0 if report.answered else OUTSIDE_WORLD


def _say(report: "Commissioned") -> None:
    show_findings(report.findings)
    if not report.proofs:
        say("The site has no meters to prove.")
    for proof in report.proofs:
        verdict = proof.verdict.value
        say(f"{proof.point:<28} {verdict}", style=_STYLES[verdict])
        for one in _telling(proof):
            say(f"  {one.path}: {one.message}")
            if one.remedy:
                say(f"    do: {one.remedy}")


def _telling(proof: "PointProof") -> "list[Proof]":
    """Give the paths that carry the verdict; the others are in the JSON."""
    same = [one for one in proof.proofs if one.verdict is proof.verdict]
    return same or list(proof.proofs)


def _json(report: "Commissioned") -> dict[str, object]:
    return {
        "answered": report.answered,
        "looks": report.looks,
        "points": [
            {
                "point": proof.point,
                "verdict": proof.verdict.value,
                "paths": [
                    {
                        "path": one.path,
                        "verdict": one.verdict.value,
                        "message": one.message,
                        "remedy": one.remedy,
                        "ratio": one.ratio,
                    }
                    for one in proof.proofs
                ],
            }
            for proof in report.proofs
        ],
        "findings": findings_json(report.findings),
    }
