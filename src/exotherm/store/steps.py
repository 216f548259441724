"""A point in steps of time: how values of the moment lay, how far a register went. Pure.

Only good samples count. Steps begin at the start of what is asked for; one in which nothing was
read is not there, rather than filled with what nobody measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from exotherm.core.ledger import advances_in, count_on
from exotherm.core.period import Period
from exotherm.core.register import Break
from exotherm.core.samples import Point, Sample
from exotherm.store.packed import Ints, Series
from exotherm.store.values import instant_of, seconds_of

_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """A point of the moment in steps, each with its number of samples; values in its unit."""

    start: Ints
    """seconds since 1970-01-01 UTC"""
    samples: Ints
    mean: Floats
    least: Floats
    most: Floats
    last: Floats

    def start_at(self, number: int) -> datetime:
        """Give the instant at which a step begins."""
        return instant_of(int(self.start[number]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """How far a register went in a step, in counts; None where no reading opens the step."""

    period: Period
    count: int | None


def steps_of(
    point: Point, series: Series, period: Period, step: timedelta, zone: ZoneInfo | None = None
) -> Steps:
    """Give the mean, the least, the most and the last of each step that has good samples.

    The mean is over samples, not over time; a sample at the end of the period is left out. Whole
    days are those of the ``zone``, as `Period.split` has them.
    """
    begin, end = seconds_of(period.start), seconds_of(period.end)
    inside = series.good & (series.source_at >= begin) & (series.source_at < end)
    own = series.taken(inside)
    opening = _openings(own.source_at, period, step, zone)
    firsts = np.flatnonzero(np.concatenate(([True], np.diff(opening) != 0))[: len(opening)])
    lasts = np.concatenate((firsts[1:], [len(opening)]))[: len(firsts)]
    samples = lasts - firsts
    scale = 10.0**point.decimals
    if not len(firsts):
        nothing = np.empty(0)
        return Steps(
            start=firsts, samples=firsts, mean=nothing, least=nothing, most=nothing, last=nothing
        )
    return Steps(
        start=opening[firsts],
        samples=samples,
        mean=np.add.reduceat(own.counts.astype(np.float64), firsts) / samples / scale,
        least=np.minimum.reduceat(own.counts, firsts) / scale,
        most=np.maximum.reduceat(own.counts, firsts) / scale,
        last=own.counts[lasts - 1] / scale,
    )


def _openings(seconds: Ints, period: Period, step: timedelta, zone: ZoneInfo | None) -> Ints:
    """Give the second at which each one's step begins."""
    if zone is None or step % _DAY:
        begin, width = seconds_of(period.start), step // _SECOND
        return begin + (seconds - begin) // width * width
    starts = np.array([seconds_of(one.start) for one in period.split(step, zone)], dtype=np.int64)
    return starts[np.searchsorted(starts, seconds, side="right") - 1]


def register_steps_of(
    point: Point,
    readings: Sequence[Sample],
    breaks: Sequence[Break],
    period: Period,
    step: timedelta,
    zone: ZoneInfo | None = None,
) -> tuple[Advance, ...] | None:
    """Give how far a register went in each step, over its top and over known breaks.

    None where it went backwards without an entry of the ledger that says why.
    """
    counted = count_on(point.register, readings, breaks)
    if counted is None:
        return None
    parts = tuple(period.split(step, zone))
    counts = advances_in(counted, parts)
    return tuple(
        Advance(period=part, count=count) for part, count in zip(parts, counts, strict=True)
    )
