"""A month of readings in a workspace's store, with the faults that a case asks for; no sockets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from case_meters import example_site
from october import FLOW, HEAT, OCTOBER, SUPPLY, perfect_month, sample

from exotherm.core.samples import Sample
from exotherm.site.document import points_of
from exotherm.store.sqlite import open_store

_HOUR = timedelta(hours=1)
_BILLED = {HEAT, SUPPLY, FLOW}
# Where each register of the plant room stands at first, and how far it counts in an hour.
_PLANT_ROOM = {
    "rack.it_kwh": (400_000, 200),
    "rack.site_kwh": (450_000, 215),
    "rack.auxiliary_kwh": (6_000, 3),
    "rack.fuel_kwh": (90_000, 30),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with the readings of some points from one instant until before another.

    ``points`` are names of points, or of meters for all of theirs.
    """

    points: tuple[str, ...]
    start: datetime
    end: datetime
    missing: bool = False
    """no reading was taken"""
    add: int = 0
    """counts that the register is ahead of the truth"""
    share: float = 1.0
    """share of its true advance that the register counts"""

    def spoils(self, one: Sample) -> bool:
        named = one.point in self.points or one.point.partition(".")[0] in self.points
        return named and self.start <= one.source_at < self.end

    def spoil(self, one: Sample, first: int) -> Sample:
        count = first + int((one.count - first) * self.share) + self.add
        return replace(one, count=count)


def read_fault(table: Mapping[str, object]) -> Fault:
    """Read a fault from its table in a case; without ``from`` and ``to`` it lasts all month."""
    values = {
        "points": (),
        "from": OCTOBER.start,
        "to": OCTOBER.end + _HOUR,
        "missing": False,
        "add": 0,
        "share": 1.0,
    }
    unknown = set(table) - set(values)
    assert not unknown, f"a fault has no {unknown}"
    values |= table
    points, start, end = values["points"], values["from"], values["to"]
    missing, add, share = values["missing"], values["add"], values["share"]
    assert isinstance(points, list)
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    assert isinstance(missing, bool)
    assert isinstance(add, int)
    assert isinstance(share, float)
    return Fault(points=tuple(points), start=start, end=end, missing=missing, add=add, share=share)


def fill_store(folder: Path, faults: tuple[Fault, ...]) -> None:
    """Put October 2026 into the workspace's store, as it would be read, faults included."""
    (folder / "exotherm.db").write_bytes(_store_of(faults))


@lru_cache(maxsize=1)
def _store_of(faults: tuple[Fault, ...]) -> bytes:
    points = points_of(example_site())
    with TemporaryDirectory(prefix="exotherm-case-") as folder:
        file = Path(folder) / "exotherm.db"
        with open_store(file) as store:
            store.keep_points(points.values())
            store.save_samples(_spoiled(_truth(), faults))
        return file.read_bytes()


@lru_cache(maxsize=1)
def _truth() -> tuple[Sample, ...]:
    """What the meters show; the few points that a bill needs, since every sample costs time."""
    billed = (one for one in perfect_month() if one.point in _BILLED)
    return (*billed, *_plant_room())


def _plant_room() -> Iterator[Sample]:
    edges = (*(hour.start for hour in OCTOBER.split(_HOUR)), OCTOBER.end)
    for number, edge in enumerate(edges):
        for point, (first, per_hour) in _PLANT_ROOM.items():
            yield sample(point, edge, first + number * per_hour)


def _spoiled(truth: tuple[Sample, ...], faults: tuple[Fault, ...]) -> Iterator[Sample]:
    first: dict[str, int] = {}
    for one in truth:
        first.setdefault(one.point, one.count)
        told = one
        for fault in faults:
            if fault.spoils(one) and not fault.missing:
                told = fault.spoil(told, first[one.point])
        if not any(fault.spoils(one) and fault.missing for fault in faults):
            yield told
