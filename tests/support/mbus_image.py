"""What a heat meter shows, and a bus of such meters, for tests that need any."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

from exotherm.core.findings import Finding
from exotherm.devices.mbus.server import MbusBus
from exotherm.devices.mbus.slave import MeterImage, SimulatedMeter
from exotherm.devices.mbus.wires import TcpWay
from exotherm.usecases.probe_mbus import Question, probe_mbus

IMAGE = MeterImage(
    identification="10203040",
    heat_kwh=5,
    volume_m3=Decimal(7),
    heat_kw=Decimal(1),
    flow_m3h=Decimal(0),
    supply_c=Decimal(50),
    return_c=Decimal(40),
    clock=datetime.fromisoformat("2026-10-01T00:15"),
)


class NamedWay(TcpWay):
    """A way to a bus on loopback that is always called the same, whatever its port is."""

    def __str__(self) -> str:
        return "192.168.1.50:10001"


@contextmanager
def bus_of(meters: Sequence[SimulatedMeter]) -> Iterator[int]:
    """Serve meters on loopback in a thread of its own, and give their port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    bus = MbusBus(meters)
    asyncio.run_coroutine_threadsafe(bus.start(), loop).result()
    try:
        yield bus.port
    finally:
        asyncio.run_coroutine_threadsafe(bus.close(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def probed(
    meters: Sequence[SimulatedMeter], *, meter: str = "", prefix: str = ""
) -> tuple[Finding, ...]:
    """Give what a probe of a bus with these meters finds."""
    question = Question(meter=meter, search=bool(prefix), prefix=prefix)
    with bus_of(meters) as port:
        return probe_mbus(NamedWay("127.0.0.1", port), question, timeout_s=0.2).findings
