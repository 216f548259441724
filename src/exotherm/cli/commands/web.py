"""``exotherm web``: the pages of a workspace, on this machine."""

from pathlib import Path

import click

from exotherm.cli.options import workspace_folder
from exotherm.cli.output import note


@click.command("web")
@workspace_folder
@click.option("--port", type=click.IntRange(1, 65535), default=8099, show_default=True)
def web_command(folder: Path, *, port: int) -> None:
    """Serve the pages on 127.0.0.1 until Ctrl-C; nobody else can reach them."""
    from exotherm.web.app import serve

    serve(
        folder,
        port=port,
        on_listening=lambda address: note(f"Pages of {folder} on {address}, Ctrl-C ends."),
    )
