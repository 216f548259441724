"""The example pool after an October: read by rule, billed and proved; no sockets, a second long."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from october import OCTOBER, QUARTER, perfect_month, sample

from exotherm.core.samples import Sample
from exotherm.site.document import points_of
from exotherm.store.sqlite import open_store
from exotherm.usecases.billing import Issued, issue_invoice
from exotherm.usecases.proving import Proof, issue_pack
from exotherm.usecases.workspace import Ready, load_workspace, ready

POOL = Path(__file__).parents[2] / "examples" / "pool"
ISSUED_ON = date(2026, 11, 2)
NOW = OCTOBER.end + timedelta(minutes=4)
"""Four minutes after the last reading."""
# Where each register of the plant room stands at first, and how far it counts in a quarter-hour.
_REGISTERS = {
    "rack.it_kwh": (400_000, 40),
    "rack.site_kwh": (450_000, 43),
    "rack.auxiliary_kwh": (6_000, 1),
    "rack.fuel_kwh": (90_000, 2),
}
_INSTANTS = {"rack.power_kw": 1600, "rack.coolant_c": 4410}


def copy_pool(folder: Path) -> Ready:
    """Copy the example into a folder and read it."""
    shutil.copytree(POOL, folder, ignore=shutil.ignore_patterns("*.db*"))
    workspace = ready(load_workspace(folder))
    assert workspace is not None
    return workspace


def read_october(workspace: Ready) -> None:
    """Put the month's readings into the store."""
    with open_store(workspace.store) as store:
        store.keep_points(points_of(workspace.site).values())
        store.save_samples([*perfect_month(), *_plant_room()])


def operate_pool(folder: Path) -> Proof:
    """Make the whole: readings, one invoice, one evidence pack."""
    workspace = copy_pool(folder)
    read_october(workspace)
    with open_store(workspace.store) as store:
        issued = issue_invoice(workspace, store, "2026-10", issued_on=ISSUED_ON)
        assert isinstance(issued, Issued), issued
        proof = issue_pack(workspace, store, "2026-10", issued_on=ISSUED_ON)
    assert isinstance(proof, Proof), proof
    return proof


def _plant_room() -> Iterator[Sample]:
    edges = (*(one.start for one in OCTOBER.split(QUARTER)), OCTOBER.end)
    for number, edge in enumerate(edges):
        for point, (first, step) in _REGISTERS.items():
            yield sample(point, edge, first + number * step)
        for point, count in _INSTANTS.items():
            yield sample(point, edge, count)
