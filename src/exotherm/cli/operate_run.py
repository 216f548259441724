"""``exotherm operate run``: the gateway, and how it tells what happens."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import ready_workspace, workspace_folder
from exotherm.cli.output import note, show_findings
from exotherm.core.sentences import counted

if TYPE_CHECKING:
    from exotherm.usecases.forwarding import UplinkEvent, UplinkNews
    from exotherm.usecases.polling import MeterReport


@click.command("run")
@workspace_folder
def run_command(folder: Path) -> int:
    """Read the meters at every interval until Ctrl-C; a silent one is tried again.

    Each meter in a task of its own, so that a silent one holds up no other. What is kept goes on to
    the broker under [uplink] in site.toml, where there is one: later, while it is away. A workspace
    has one gateway at a time: a second one exits with 1. A database that is locked is waited for.
    """
    from exotherm.usecases.gateway import operate_gateway

    workspace = ready_workspace(folder, as_json=False)
    if workspace is None:
        return 1
    meters = counted(len(workspace.site.meters), "meter")
    note(f"Reading {meters} into {workspace.store}, Ctrl-C ends.")
    operate_gateway(workspace, on_event=_tell)
    return 0


def _tell(event: "MeterReport | UplinkEvent") -> None:
    from exotherm.usecases.forwarding import UplinkNews, UplinkOpened

    if isinstance(event, UplinkOpened):
        note(f"The uplink hears of this site under {event.topic}/samples.")
        return
    if isinstance(event, UplinkNews):
        _tell_uplink(event)
        return
    if isinstance(event, Exception):
        note(f"Unable to store readings for now: {event} {event.remedy}".rstrip())
        return
    samples = counted(len(event.samples), "sample")
    note(f"{event.at:%Y-%m-%d %H:%M:%S} UTC  {event.meter}: {samples}")
    show_findings(event.findings)


def _tell_uplink(news: "UplinkNews") -> None:
    readings = counted(news.count, "reading")
    if news.failure is None:
        note(f"The uplink is back: {readings} went on to it after waiting.")
        return
    note(f"The uplink takes nothing for now: {news.failure}")
    note(f"  In the store's outbox until it is back: {readings}.")
    note(f"  hint: {news.failure.remedy}")
