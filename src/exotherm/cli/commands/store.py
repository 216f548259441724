"""``exotherm store``: ask the database of a workspace, copy it, check it."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import Instant, as_json, at_now, workspace_folder
from exotherm.cli.output import (
    exit_code_of,
    findings_json,
    note,
    say,
    say_json,
    say_table,
    say_whole,
    show_findings,
)
from exotherm.cli.paths import FilePath, NewFile
from exotherm.core.period import write_instant
from exotherm.core.sentences import counted
from exotherm.core.units import format_number, label_of

if TYPE_CHECKING:
    from exotherm.store.verify import Verified
    from exotherm.usecases.storekeeping import Asked

_MINUTES = {"min": 1, "h": 60, "d": 1440}
_DAY = timedelta(days=1)
_SHOWN_HEAD = 16


class Step(click.ParamType[timedelta]):
    """A length of time like 15min, 1h or 1d."""

    name = "step"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Read a step of a minute to 366 days."""
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"([1-9][0-9]{0,5})(min|h|d)", str(value))
        minutes = int(match[1]) * _MINUTES[match[2]] if match else 0
        if not 0 < minutes <= 366 * 1440:
            self.fail(f"{value!r} is not a step like 15min, 1h or 1d", param, ctx)
        return timedelta(minutes=minutes)


@click.group("store")
def store_command() -> None:
    """Ask the database of a workspace, back it up, check that it is as it was kept."""


@store_command.command("query")
@workspace_folder
@click.argument("point")
@click.option("--from", "start", type=Instant(), help="Where it begins; a day before the end.")
@click.option("--to", "end", type=Instant(), help="Where it ends; the present if left out.")
@click.option("--step", type=Step(), default="15min", show_default=True, help="Like 15min, 1h, 1d.")
@click.option("--known-at", type=Instant(), help="Show what was known at that instant.")
@click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated lines.")
@as_json
@at_now
def query(
    folder: Path,
    point: str,
    *,
    start: datetime | None,
    end: datetime | None,
    step: timedelta,
    known_at: datetime | None,
    as_csv: bool,
    as_json: bool,
    now: datetime,
) -> int:
    r"""Show a point in steps of time.

    \b
    Example:
      exotherm store query riverside heat_meter.supply_c --from 2026-10-01T00:00+02:00 \
        --to 2026-10-02T00:00+02:00 --step 1h --csv

    Of a value of the moment each step has the mean, least, most and last of its good samples; of a
    register, how far it went. Steps without a reading are left out. Days are those of the site's
    clock: 23 or 25 hours long where it changes.
    """
    from exotherm.store.sqlite import open_store
    from exotherm.usecases.storekeeping import ask_store, store_of
    from exotherm.usecases.workspace import site_of

    end = end or now
    start = start or end - _DAY
    if start >= end:
        raise click.BadParameter("it has to lie before `--to`", param_hint="--from")
    site = site_of(folder)
    with open_store(store_of(folder)) as store:
        asked = ask_store(
            *(store, point),
            start=start,
            end=end,
            step=step,
            zone=site.zone if site else None,
            known_at=known_at,
        )
    rows = list(_rows_of(asked))
    if as_json:
        say_json({"point": point, "unit": label_of(point), "steps": rows})
    elif as_csv:
        _say_csv(asked, rows)
    elif rows:
        head = tuple(_heads_of(asked))
        say_table([head, *(tuple(str(value) for value in row.values()) for row in rows)])
    else:
        note(f"{point} has no good readings from {write_instant(start)} to {write_instant(end)}.")
    return 0


@store_command.command("backup")
@workspace_folder
@click.argument("file", type=NewFile())
@as_json
def backup(folder: Path, file: Path, *, as_json: bool) -> int:
    r"""Copy the database into one file while the gateway runs, and verify the copy.

    \b
    Example:
      exotherm store backup riverside /backup/riverside-2026-11-01.db
    """
    from exotherm.store.backup import back_up
    from exotherm.store.sqlite import open_store
    from exotherm.usecases.storekeeping import store_of

    with open_store(store_of(folder)) as store:
        verified = back_up(store, file)
    if as_json:
        say_json({"file": str(file), **_verified_json(verified)})
    else:
        say(f"{file} holds it all and verifies; its chains end as below.")
        _say_heads(verified)
    return 0


@store_command.command("restore")
@workspace_folder
@click.argument("file", type=FilePath())
@click.option("--replace", is_flag=True, help="Keep a database that is there under another name.")
@click.option("--other-site", is_flag=True, help="Take it though it is of a site of another name.")
@at_now
def restore(folder: Path, file: Path, *, replace: bool, other_site: bool, now: datetime) -> int:
    """Put a backup back, after verifying it; a database that is there is never overwritten.

    The backup of another site is refused.
    """
    from exotherm.store.backup import restore as put_back
    from exotherm.usecases.workspace import STORE_FILE, site_of

    target = folder / STORE_FILE
    site = site_of(folder)
    named = site.site.name if site and not other_site else ""
    beside = put_back(file, target, replace=replace, now=now, site=named)
    say(f"{target} is as {file} has it.")
    if beside is not None:
        note(f"What was there is now {beside}.")
    return 0


@store_command.command("export")
@workspace_folder
@click.argument("file", type=NewFile())
@click.option("--point", "names", multiple=True, help="Only this one; may be said several times.")
@click.option("--from", "start", type=Instant(), help="Where it begins; the first sample.")
@click.option("--to", "end", type=Instant(), help="Where it ends; the last sample.")
@at_now
def export(
    folder: Path,
    file: Path,
    *,
    names: tuple[str, ...],
    start: datetime | None,
    end: datetime | None,
    now: datetime,
) -> int:
    r"""Write samples as one Parquet file, for DuckDB, Polars and other tools.

    \b
    Example:
      exotherm store export riverside october.parquet --from 2026-10-01T00:00+02:00
    """
    from exotherm.store.sqlite import open_store
    from exotherm.usecases.storekeeping import export_store, store_of

    if start and end and start >= end:
        raise click.BadParameter("it has to lie before `--to`", param_hint="--from")
    if file.suffix.lower() != ".parquet":
        raise click.BadParameter(
            f"{file.name!r} does not end in .parquet, which is what is written; "
            "`exotherm store query --csv` prints values as CSV",
            param_hint="FILE",
        )
    with open_store(store_of(folder)) as store:
        rows = export_store(store, file, names, start=start, end=end, now=now)
    say(f"{file} holds {counted(rows, 'sample')}.")
    return 0


@store_command.command("compact")
@workspace_folder
@at_now
def compact(folder: Path, *, now: datetime) -> int:
    """Pack the days that have been over for a day; may be interrupted and run again."""
    from exotherm.store.sqlite import open_store
    from exotherm.usecases.storekeeping import LATENESS, store_of

    with open_store(store_of(folder)) as store:
        done = store.compact(now - LATENESS)
    say(
        f"{counted(done.samples, 'sample')} of {counted(done.days, 'day')} packed "
        f"into {counted(done.chunks, 'chunk')}."
    )
    return 0


@store_command.command("verify")
@workspace_folder
@as_json
def verify(folder: Path, *, as_json: bool) -> int:
    """Check every row against the chain it belongs to; exits with 1 where one does not fit.

    Note the ends of the chains elsewhere: that the newest rows are missing shows only against them.
    """
    from exotherm.store.sqlite import open_store
    from exotherm.store.verify import verify_store
    from exotherm.usecases.storekeeping import store_of

    with open_store(store_of(folder)) as store:
        verified = verify_store(store)
    if as_json:
        say_json({**_verified_json(verified), "findings": findings_json(verified.findings)})
    else:
        show_findings(verified.findings)
        _say_heads(verified)
        say(
            f"{counted(verified.samples, 'value')} of the moment and "
            f"{counted(verified.documents, 'document')} looked at."
        )
    return exit_code_of(verified.findings)


def _rows_of(asked: "Asked") -> Iterator[dict[str, object]]:
    """Give a row for each step that has readings: its instant, then numbers in the unit."""
    point = asked.point
    if asked.moments is not None:
        steps, places = asked.moments, point.decimals
        for number in range(len(steps.start)):
            yield {
                "start": write_instant(steps.start_at(number)),
                "samples": int(steps.samples[number]),
                "mean": round(float(steps.mean[number]), places + 1),
                "least": round(float(steps.least[number]), places),
                "most": round(float(steps.most[number]), places),
                "last": round(float(steps.last[number]), places),
            }
    for advance in asked.advances or ():
        if advance.count is not None:
            yield {
                "start": write_instant(advance.period.start),
                "advance": f"{point.value_of(advance.count):f}",
            }


def _heads_of(asked: "Asked") -> tuple[str, ...]:
    unit = label_of(asked.point.name)
    if asked.moments is None:
        return ("start", f"advance {unit}")
    return ("start", "samples", f"mean {unit}", "least", "most", "last")


def _say_csv(asked: "Asked", rows: list[dict[str, object]]) -> None:
    """Print one line a step; the columns of values carry the point's unit in their names."""
    quantity = asked.point.name.partition(".")[2]
    heads = {"advance": quantity, "samples": "samples", "start": "start"}
    names = ("start", "advance") if asked.moments is None else (*_MOMENT_COLUMNS,)
    say_whole(",".join(heads.get(name, f"{quantity}_{name}") for name in names))
    for row in rows:
        say_whole(",".join(str(row[name]) for name in names))


_MOMENT_COLUMNS = ("start", "samples", "mean", "least", "most", "last")


def _say_heads(verified: "Verified") -> None:
    rows = [
        (head.chain, format_number(head.rows, 0), head.link.hex()[:_SHOWN_HEAD])
        for head in verified.heads
        if head.rows
    ]
    if rows:
        say_table([("chain", "rows", "ends in"), *rows])


def _verified_json(verified: "Verified") -> dict[str, object]:
    return {
        "heads": [
            {"chain": head.chain, "rows": head.rows, "link": head.link.hex()}
            for head in verified.heads
        ],
        "samples": verified.samples,
        "documents": verified.documents,
    }
