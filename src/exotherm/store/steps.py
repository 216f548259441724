"""A point in steps of time: how values of the moment lay, how far a register went. Pure.

Only good samples count. Steps begin at the start of what is asked for; one in which nothing was
read is not there, rather than filled with what nobody measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from exotherm.core.ledger import advances_in, count_on
from exotherm.core.period import Period
from exotherm.core.register import Break
from exotherm.core.samples import Point, Sample
from exotherm.store.packed import Ints, Series
from exotherm.store.values import instant_of, seconds_of

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


def steps_of(point: Point, series: Series, period: Period, step: timedelta) -> Steps:
    """Give the mean, the least, the most and the last of each step that has good samples.

    The mean is over samples, not over time; a sample at the end of the period is left out.
    """
    begin, end, width = seconds_of(period.start), seconds_of(period.end), step // _SECOND
    inside = series.good & (series.source_at >= begin) & (series.source_at < end)
    own = series.taken(inside)
    number = (own.source_at - begin) // width
    firsts = np.flatnonzero(np.concatenate(([True], np.diff(number) != 0))[: len(number)])
    lasts = np.concatenate((firsts[1:], [len(number)]))[: len(firsts)]
    samples = lasts - firsts
    scale = 10.0**point.decimals
    if not len(firsts):
        nothing = np.empty(0)
        return Steps(
            start=firsts, samples=firsts, mean=nothing, least=nothing, most=nothing, last=nothing
        )
    return Steps(
        start=begin + number[firsts] * width,
        samples=samples,
        mean=np.add.reduceat(own.counts.astype(np.float64), firsts) / samples / scale,
        least=np.minimum.reduceat(own.counts, firsts) / scale,
        most=np.maximum.reduceat(own.counts, firsts) / scale,
        last=own.counts[lasts - 1] / scale,
    )


def register_steps_of(
    point: Point,
    readings: Sequence[Sample],
    breaks: Sequence[Break],
    period: Period,
    step: timedelta,
) -> tuple[Advance, ...] | None:
    """Give how far a register went in each step, over its top and over known breaks.

    None where it went backwards without an entry of the ledger that says why.
    """
    counted = count_on(point.register, readings, breaks)
    if counted is None:
        return None
    parts = tuple(period.split(step))
    counts = advances_in(counted, parts)
    return tuple(
        Advance(period=part, count=count) for part, count in zip(parts, counts, strict=True)
    )


_SECOND = timedelta(seconds=1)
