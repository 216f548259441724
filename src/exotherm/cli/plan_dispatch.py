"""``exotherm plan dispatch``: the cheapest dispatch of a year that stands in files."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import NumberRange, as_json
from exotherm.cli.output import findings_json, say, say_json, say_rows, show_findings
from exotherm.cli.paths import FilePath, NewFile
from exotherm.core.units import format_number

if TYPE_CHECKING:
    from exotherm.usecases.dispatch import Dispatched

_FILE = FilePath()


@click.command("dispatch")
@click.argument("series", type=_FILE, metavar="SERIES.csv")
@click.argument("parameters", type=_FILE, metavar="PARAMS.json")
@click.option("--size", is_flag=True, help="Choose the sizes of heat pump and tank as well.")
@click.option(
    "--lowest-load",
    type=NumberRange(0.0, 1.0),
    default=0.0,
    help="Share of its power below which the heat pump cannot run; mended, with the gap.",
)
@click.option(
    "--start-cost",
    type=NumberRange(0.0, 1e9),
    default=0.0,
    help="What a start of the heat pump costs; needs --lowest-load, and is shown with its gap.",
)
@click.option(
    "--out",
    type=NewFile(),
    help="Also write the schedule as CSV.",
)
@as_json
def dispatch_command(
    series: Path,
    parameters: Path,
    *,
    size: bool,
    lowest_load: float,
    start_cost: float,
    out: Path | None,
    as_json: bool,
) -> int:
    r"""Dispatch a known year at the least cost, exactly, and prove it.

    SERIES.csv has columns q_src, demand, dmax, cop and p_el; PARAMS.json the plant. The tank ends
    as full as it began. No dispatch is cheaper than the bound that is shown; how both are found is
    said in docs/models/dispatch.md.

    \b
    Example:
      exotherm plan dispatch year.csv plant.json --out schedule.csv
    """
    from exotherm.usecases.dispatch import dispatch_files, dispatched_json, write_schedule

    if size and lowest_load:
        raise click.UsageError("Sizes are chosen for a heat pump that runs as slowly as it likes.")
    if start_cost and not lowest_load:
        raise click.UsageError(
            "A heat pump that runs as slowly as it likes never has to stop: give --lowest-load too."
        )
    done = dispatch_files(
        series,
        parameters,
        to_size=size,
        load_frac_min=lowest_load,
        cost_per_start=start_cost,
    )
    if out is not None and done.schedule is not None:
        write_schedule(done, out, inputs=(series, parameters))
    if as_json:
        say_json({**dispatched_json(done), "findings": findings_json(done.findings)})
        return 1 if done.schedule is None else 0
    show_findings(done.findings)
    if done.schedule is None:
        return 1
    say_rows(_rows(done))
    if out is not None:
        say(f"\nwrote {out}")
    return 0


def _rows(done: "Dispatched") -> Iterator[tuple[str, str]]:
    schedule, problem, sizes, proved = done.schedule, done.problem, done.sizes, done.proved
    assert schedule is not None
    assert problem is not None
    assert proved is not None
    hours = problem.step_h
    yield "least cost, in the prices' currency", format_number(proved.cost, 2)
    yield "at most above the least", f"{format_number(100.0 * proved.gap_frac, 4)} %"
    yield "proved bound", format_number(proved.cost_min, 2)
    if done.starts is not None:
        yield "starts of the heat pump", format_number(done.starts, 0)
    if sizes is not None:
        yield "heat pump, electric", f"{format_number(sizes.heat_pump_kw, 2)} kW"
        yield "tank", f"{format_number(sizes.tank_kwh, 1)} kWh"
        yield "years dispatched", str(len(sizes.tried))
    for words, power_kw in (
        ("demand", problem.demand_kw),
        ("used directly", schedule.direct_kw),
        ("from the heat pump", problem.cop * schedule.heat_pump_power_kw),
        ("from the boiler", schedule.boiler_kw),
        ("rejected", schedule.rejected_kw),
        ("heat pump's electricity", schedule.heat_pump_power_kw),
    ):
        yield words, f"{format_number(float(power_kw.sum()) * hours, 0)} kWh"
    yield "solved in", f"{format_number(done.solve_ms, 1)} ms"
