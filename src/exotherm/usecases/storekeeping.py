"""What a person does with the database of a workspace: ask it, copy it, check it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from exotherm.core.errors import UnableTo
from exotherm.core.ledger import breaks_of, standing
from exotherm.core.period import Period
from exotherm.core.samples import Point, Sample
from exotherm.store.parquet import export_parquet
from exotherm.store.sqlite import Store
from exotherm.store.steps import Advance, Steps, register_steps_of, steps_of
from exotherm.usecases.workspace import STORE_FILE

# A register that opens a step may have been read so long before it.
_OPENING = timedelta(days=1)
_AN_HOUR = timedelta(hours=1)
LATENESS = timedelta(hours=24)
"""For so long after a day is over its samples are waited for before it is packed."""


class UnableToAskStore(UnableTo):
    """What was asked for is not in the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a store tells of a point in steps; one of the two, by what kind of point it is."""

    point: Point
    moments: Steps | None = None
    advances: tuple[Advance, ...] | None = None


def store_of(folder: Path) -> Path:
    """Give the database of a workspace. Raises UnableToAskStore where there is none yet."""
    path = folder / STORE_FILE
    if not path.exists():
        raise UnableToAskStore(
            f"{folder} has no database yet",
            remedy=f"`exotherm operate poll {folder}` reads the meters once and makes it.",
        )
    return path


def ask_store(
    store: Store,
    name: str,
    *,
    start: datetime,
    end: datetime,
    step: timedelta,
    zone: ZoneInfo | None = None,
    known_at: datetime | None = None,
    opening: timedelta = _OPENING,
) -> Asked:
    """Give a point in steps, as it is known now or was known at an instant.

    Whole days are those of the ``zone``, where one is given. The reading that opens the first step
    of a register is at most ``opening`` older than it.
    Raises UnableToAskStore for a point that is not there, or a register that went backwards.
    """
    point = points_named(store, [name])[0]
    period = Period(start, end)
    if point.kind == "instant":
        series = store.series([name], start, end, known_at=known_at)[name]
        return Asked(point=point, moments=steps_of(point, series, period, step, zone))
    readings = store.samples([name], Period(start - opening, end), known_at=known_at)[name]
    breaks = breaks_of(standing(store.entries([name]), known_at=known_at), name)
    advances = register_steps_of(point, readings, breaks, period, step, zone)
    if advances is None:
        raise UnableToAskStore(
            f"{name} went backwards between {start:%Y-%m-%d} and {end:%Y-%m-%d}, and no entry of "
            "the ledger says why",
            remedy="Enter what happened with `exotherm operate exchange`, `reset` or `correct`.",
        )
    return Asked(point=point, advances=advances)


def newest_samples(store: Store, *, now: datetime) -> dict[str, Sample]:
    """Give each point's newest sample up to now; months that were simulated ahead hide none.

    Where nothing but such months is there, it is the newest of them.
    """
    return store.last_samples(until=now) or store.last_samples()


def points_named(store: Store, names: Collection[str]) -> tuple[Point, ...]:
    """Give points by name, or all where none is named. Raises UnableToAskStore."""
    known = store.points()
    for name in names:
        if name not in known:
            raise UnableToAskStore(
                f"The database has no point {name}",
                remedy=f"It has {', '.join(sorted(known)) or 'none yet'}.",
            )
    return tuple(known[name] for name in names) if names else tuple(known.values())


def export_store(
    store: Store,
    target: Path,
    names: Collection[str],
    *,
    start: datetime | None,
    end: datetime | None,
    now: datetime,
) -> int:
    """Write samples as Parquet; all points and all time where none is said."""
    first = start or _first_of(store, now)
    period = Period(first, end or max(first, store.last_at() or now) + _AN_HOUR)
    return export_parquet(store, target, points_named(store, names), period)


def _first_of(store: Store, now: datetime) -> datetime:
    """Give an instant before the first sample, so that no empty months are looked through."""
    first = store.first_at()
    return min(first, now) if first is not None else now - _AN_HOUR
