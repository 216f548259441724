"""A gateway beside a twin, in a process of its own that may be killed at any moment.

Called as a program with the folder of a workspace, the broker's port, the instant at which its
clock begins, and how many simulated seconds pass in a real one.
"""

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from exotherm.site.uplink import Uplink
from exotherm.store.gateway_lock import only_gateway
from exotherm.store.sqlite import open_store
from exotherm.usecases.clocks import FastClock
from exotherm.usecases.gateway import run_gateway
from exotherm.usecases.twin_server import serve_twin
from exotherm.usecases.workspace import load_workspace, ready


async def live(folder: Path, port: int, start: datetime, speed: float) -> None:
    """Serve the twin and read it by the gateway until somebody ends this."""
    workspace = ready(load_workspace(folder))
    assert workspace is not None
    site = workspace.site.model_copy(
        update={"uplink": Uplink(host="127.0.0.1", port=port, topic="test")}
    )
    clock = FastClock(start, speed=speed)
    with only_gateway(folder), open_store(workspace.store) as store:
        async with serve_twin(site, workspace.surroundings, clock=clock, free_ports=True) as served:
            print("ready", flush=True)  # noqa: T201 - its only word
            await run_gateway(served.site, store, on_event=lambda _: None, clock=clock)


if __name__ == "__main__":
    asyncio.run(
        live(
            Path(sys.argv[1]),
            int(sys.argv[2]),
            datetime.fromisoformat(sys.argv[3]),
            float(sys.argv[4]),
        )
    )
