"""``exotherm operate exchange``, ``reset``, ``overflow``, ``correct``, ``withdraw``, ``ledger``."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from exotherm.cli.options import Instant, as_json, at_now, ready_workspace, workspace_folder
from exotherm.cli.output import findings_json, note, say, say_json, show_findings
from exotherm.core.ledger import EntryKind
from exotherm.core.period import write_instant
from exotherm.core.slips import number_meant
from exotherm.core.units import format_number

if TYPE_CHECKING:
    from exotherm.core.ledger import Entry
    from exotherm.core.samples import Point
    from exotherm.usecases.meter_ledger import Entered


class _Given(TypedDict):
    """What every entry of a jump is given by its options."""

    point: str
    at: datetime
    author: str
    evidence: str
    as_json: bool


class _Showed(_Given):
    """What an entry of a jump is given where the register showed numbers around it."""

    last: Decimal
    first: Decimal


class Shown(click.ParamType[Decimal]):
    """A number as a display shows it, like 123456 or 12.5."""

    name = "value"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """Read an exact number; one with a comma is told how it is written."""
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            hint = number_meant("value", str(value))
            told = f"{value!r} is not what a display shows."
            self.fail(f"{told} {hint}" if hint else told, param, ctx)
        return number


_point = click.option("--point", required=True, help="Point, like heat_meter.heat_kwh.")
_at = click.option("--at", type=Instant(), required=True, help="When it happened.")
_author = click.option("--author", required=True, help="Who says so, by role.")
_evidence = click.option("--evidence", required=True, help="What shows it: a signed sheet.")
_last = click.option("--last", type=Shown(), required=True, help="What was shown last before.")
_first = click.option("--first", type=Shown(), required=True, help="What was shown first after.")


@click.command("exchange")
@workspace_folder
@_point
@_at
@_last
@_first
@_author
@_evidence
@as_json
@at_now
def exchange_command(folder: Path, *, now: datetime, **given: Unpack[_Showed]) -> int:
    r"""Enter that a meter was exchanged: the old one's last reading and the new one's first.

    \b
    Example:
      exotherm operate exchange riverside --point heat_meter.heat_kwh \
        --at 2026-10-12T09:30+02:00 --last 123199 --first 5 \
        --author "the installer" --evidence "exchange sheet 0117, signed"

    Both ways count on the bill. Give the new meter's number in the site file and the contract.
    """
    return _jump(EntryKind.EXCHANGE, folder, now=now, **given)


@click.command("reset")
@workspace_folder
@_point
@_at
@_last
@_first
@_author
@_evidence
@as_json
@at_now
def reset_command(folder: Path, *, now: datetime, **given: Unpack[_Showed]) -> int:
    """Enter that a register was set back: what it showed before and after."""
    return _jump(EntryKind.RESET, folder, now=now, **given)


@click.command("overflow")
@workspace_folder
@_point
@_at
@_author
@_evidence
@as_json
@at_now
def overflow_command(folder: Path, *, now: datetime, **given: Unpack[_Given]) -> int:
    """Enter that a register ran over its top where readings are too sparse to show it."""
    return _jump(EntryKind.OVERFLOW, folder, now=now, last=None, first=None, **given)


@click.command("correct")
@workspace_folder
@_point
@_at
@click.option("--value", type=Shown(), help="What stands instead.")
@click.option("--nothing", is_flag=True, help="What was read is wrong, and nothing stands instead.")
@_author
@_evidence
@as_json
@at_now
def correct_command(
    folder: Path,
    *,
    point: str,
    at: datetime,
    value: Decimal | None,
    nothing: bool,
    author: str,
    evidence: str,
    as_json: bool,
    now: datetime,
) -> int:
    r"""Correct what a point showed at an instant; what was stored stays and can be shown.

    \b
    Example:
      exotherm operate correct riverside --point heat_meter.heat_kwh \
        --at 2026-10-12T06:00Z --value 123250 --author "the caretaker" --evidence "photograph 0118"
    """
    from exotherm.usecases.meter_ledger import Said, enter_correction

    if (value is None) is not nothing:
        raise click.UsageError("Say either `--value` or `--nothing`.")
    said = Said(author=author, evidence=evidence, now=now)
    enter = partial(enter_correction, point_name=point, at=at, value=value, said=said)
    return _entered(folder, enter, as_json=as_json)


@click.command("withdraw")
@workspace_folder
@click.argument("number", type=click.IntRange(1))
@_author
@_evidence
@as_json
@at_now
def withdraw_command(
    folder: Path, number: int, *, author: str, evidence: str, as_json: bool, now: datetime
) -> int:
    """Enter that entry NUMBER of the ledger was wrong; it stays, and counts no more."""
    from exotherm.usecases.meter_ledger import Said, withdraw_entry

    said = Said(author=author, evidence=evidence, now=now)
    return _entered(folder, lambda _, store: withdraw_entry(store, number, said), as_json=as_json)


@click.command("ledger")
@workspace_folder
@as_json
def ledger_command(folder: Path, *, as_json: bool) -> int:
    """List what was entered of the meters: exchanges, resets, overflows, corrections."""
    from exotherm.core.ledger import standing
    from exotherm.store.sqlite import open_store
    from exotherm.usecases.meter_ledger import came_with_another
    from exotherm.usecases.storekeeping import store_of

    with open_store(store_of(folder)) as store:
        entries, points = store.entries(), store.points()
    counting = {one.number for one in standing(entries)}
    if as_json:
        say_json({"entries": [_entry_json(one, points) for one in entries]})
        return 0
    listed = [one for one in entries if not came_with_another(one)]
    for one in listed:
        gone = one.number not in counting and one.kind is not EntryKind.WITHDRAWAL
        _say_entry(one, points, end="  (withdrawn)" if gone else "")
    if len(listed) < len(entries):
        more = format_number(len(entries) - len(listed), 0)
        note(f"{more} entries more make readings good by these; `--json` lists them all.")
    if not entries:
        note("Nothing was entered yet. `exotherm operate --help` names what can be.")
    return 0


COMMANDS = (
    exchange_command,
    reset_command,
    overflow_command,
    correct_command,
    withdraw_command,
    ledger_command,
)


def _jump(
    kind: EntryKind,
    folder: Path,
    *,
    point: str,
    at: datetime,
    last: Decimal | None,
    first: Decimal | None,
    author: str,
    evidence: str,
    as_json: bool,
    now: datetime,
) -> int:
    from exotherm.usecases.meter_ledger import Said, enter_jump

    said = Said(author=author, evidence=evidence, now=now)
    enter = partial(
        enter_jump, kind=kind, point_name=point, at=at, last=last, first=first, said=said
    )
    return _entered(folder, enter, as_json=as_json)


def _entered(folder: Path, enter: "Callable[..., Entered]", *, as_json: bool) -> int:
    from exotherm.store.sqlite import open_store

    workspace = ready_workspace(folder, as_json=as_json)
    if workspace is None:
        return 1
    with open_store(workspace.store) as store:
        entered = enter(workspace.site, store)
        points = store.points()
    if as_json:
        entry = _entry_json(entered.entry, points)
        findings = findings_json(entered.findings)
        say_json({"entry": entry, "readings_made_good": entered.made_good, "findings": findings})
        return 0
    show_findings(entered.findings)
    _say_entry(entered.entry, points)
    if entered.made_good:
        say(f"{entered.made_good} suspect readings since then are good by it.")
    return 0


def _say_entry(entry: "Entry", points: "dict[str, Point]", *, end: str = "") -> None:
    from exotherm.usecases.meter_ledger import words_of

    words = words_of(points[entry.point], entry)
    say(f"{entry.number:>4}  {write_instant(entry.at)}  {entry.point}: {words}{end}")
    say(f"      {entry.author}; {entry.evidence}; known since {write_instant(entry.known_at)}")


def _entry_json(entry: "Entry", points: "dict[str, Point]") -> dict[str, object]:
    from exotherm.usecases.meter_ledger import words_of

    return {
        "number": entry.number,
        "kind": entry.kind.value,
        "point": entry.point,
        "at": write_instant(entry.at),
        "known_at": write_instant(entry.known_at),
        "author": entry.author,
        "evidence": entry.evidence,
        "count_before": entry.count_before,
        "count_after": entry.count_after,
        "quality": entry.quality.value if entry.quality else None,
        "withdraws": entry.withdraws,
        "words": words_of(points[entry.point], entry),
    }
