"""Judging many intervals at once: the same table as for one, looked up by arrays."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from exotherm.contract.hours import WHOLE_YEAR, InSeason, hour_of
from exotherm.contract.outcome import Judgement, Tally, supply_c_kept, table_of
from exotherm.contract.rules import (
    ANNOUNCED,
    HOURS,
    LIMITS,
    READINGS,
    Announced,
    Limit,
    Outcome,
    Reading,
)
from exotherm.contract.terms import Contract
from exotherm.core.period import Period

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """Equal intervals of a period with what the contract's calendar says of each.

    ``hours`` are places in ``HOURS``; ``capacity_kw`` is what stands ready in each; ``months``
    number the calendar months of the contract's clock from nought.
    """

    period: Period
    step: timedelta
    hours: IntArray
    capacity_kw: FloatArray
    months: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What is known of every interval: arrays of one length.

    ``causes`` are places in the table's ``causes``; nought is a cause that nobody knows.
    ``lasted_h`` is for how many hours its cause has lasted, nought where that is left out.
    ``silent`` tells where nothing was measured; where it is left out, everything was.
    """

    called: BoolArray
    heated: BoolArray
    supply_c: FloatArray
    heat_kw: FloatArray
    return_c: FloatArray | None = None
    flow_m3h: FloatArray | None = None
    outdoor_c: FloatArray | None = None
    causes: IntArray | None = None
    lasted_h: FloatArray | None = None
    silent: BoolArray | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A judgement for every interval: its place in ``judgements``."""

    codes: IntArray
    judgements: tuple[Judgement, ...]

    def are(self, outcome: Outcome) -> BoolArray:
        """Tell which intervals have an outcome."""
        return np.array([one.outcome is outcome for one in self.judgements])[self.codes]

    def at(self, clause: str, first: int = 0, last: int | None = None) -> BoolArray:
        """Tell which intervals of a stretch a clause decided."""
        return np.array([one.clause == clause for one in self.judgements])[self.codes[first:last]]

    def tally(self, first: int = 0, last: int | None = None) -> Tally:
        """Count the outcomes of a stretch of intervals."""
        counts = np.bincount(self.codes[first:last], minlength=len(self.judgements))
        sums = dict.fromkeys(Outcome, 0)
        for judgement, count in zip(self.judgements, counts, strict=True):
            sums[judgement.outcome] += int(count)
        return Tally(**{one.name.lower(): count for one, count in sums.items()})


def intervals_of(
    contract: Contract,
    period: Period,
    *,
    step: timedelta = timedelta(minutes=15),
    in_season: InSeason = WHOLE_YEAR,
) -> Intervals:
    """Walk once through a period and note what the calendar says of each of its intervals."""
    assert timedelta(hours=1) % step == timedelta(0), "intervals part an hour evenly"
    known: dict[datetime, int] = {}
    hours, months, capacity = [], [], []
    by_month = [contract.capacity.in_month(month) for month in range(1, 13)]
    number, month_before = -1, 0
    for interval in period.split(step):
        local = interval.start.astimezone(contract.zone)
        # Windows open on the hour, so all intervals of an hour are alike.
        hour = local.replace(minute=0, second=0, microsecond=0, tzinfo=None, fold=0)
        if hour not in known:
            known[hour] = HOURS.index(hour_of(contract, interval, in_season))
        if local.month != month_before:
            number, month_before = number + 1, local.month
        hours.append(known[hour])
        months.append(number)
        capacity.append(by_month[local.month - 1])
    return Intervals(
        period=period,
        step=step,
        hours=np.array(hours),
        months=np.array(months),
        capacity_kw=np.array(capacity, dtype=np.float64),
    )


def judge_series(contract: Contract, intervals: Intervals, series: Series) -> Judged:
    """Judge every interval as ``outcome`` judges one, by the same table.

    All arrays have one entry for each interval.
    """
    table = table_of(contract)
    number = len(intervals.hours)
    causes = np.zeros(number, dtype=np.int64) if series.causes is None else series.causes
    places = (
        intervals.hours,
        _readings(contract, intervals, series),
        causes,
        np.full(number, ANNOUNCED.index(Announced.NO_RECORD)),
        _limits(contract, intervals, series),
        _overlong(contract, series, causes),
    )
    return Judged(codes=table.codes[places].astype(np.int64), judgements=table.judgements)


def is_short(contract: Contract, series: Series) -> BoolArray:
    """Tell where heat was called for and none came, or it was cooler than promised."""
    cool = series.supply_c < _supply_c_kept(contract, series)
    return series.called & (~series.heated | cool)


def _overlong(contract: Contract, series: Series, causes: IntArray) -> IntArray:
    """Tell where an excused event has lasted longer than it excuses."""
    if series.lasted_h is None:
        return np.zeros(len(causes), dtype=np.int64)
    table = table_of(contract)
    most_h = np.array([table.excused_h_max(cause) for cause in table.causes])
    return (series.lasted_h > most_h[causes]).astype(np.int64)


def _readings(contract: Contract, intervals: Intervals, series: Series) -> IntArray:
    short = series.supply_c < _supply_c_kept(contract, series)
    lasting = contract.below_spec_heat.lasting_min / (intervals.step / timedelta(minutes=1))
    cool = short & series.heated & series.called
    cool &= _run_lengths(cool, intervals.months) >= lasting
    silent = np.zeros_like(short) if series.silent is None else series.silent
    kinds = (
        (silent, Reading.SILENT),
        (~series.called, Reading.NO_CALL),
        (~series.heated, Reading.NO_HEAT),
        (~np.isfinite(series.supply_c), Reading.SILENT),
        (cool, Reading.COOL),
    )
    kept = READINGS.index(Reading.KEPT)
    return np.select(
        [holds for holds, _ in kinds], [READINGS.index(one) for _, one in kinds], kept
    ).astype(np.int64)


def _supply_c_kept(contract: Contract, series: Series) -> FloatArray | float:
    if not contract.supply_temperature.curve or series.outdoor_c is None:
        return supply_c_kept(contract)
    return np.array([supply_c_kept(contract, float(one)) for one in series.outdoor_c])


def _run_lengths(holds: BoolArray, months: IntArray) -> IntArray:
    """Count for each interval how many in a row up to it hold, anew in each month."""
    place = np.arange(len(holds))
    breaks = ~holds
    first_of_month = np.concatenate(([True], months[1:] != months[:-1]))
    last_break = np.maximum.accumulate(np.where(breaks, place, -1))
    month_start = np.maximum.accumulate(np.where(first_of_month, place, 0))
    lengths = place - np.maximum(last_break, month_start - 1)
    return np.where(holds, lengths, 0)


def _limits(contract: Contract, intervals: Intervals, series: Series) -> IntArray:
    number = len(intervals.hours)
    back, flow = contract.return_temperature, contract.flow_limits
    never = np.zeros(number, dtype=np.bool_)
    # Where nothing flows nothing comes back, whatever the sensor in the pipe shows.
    still = never if series.flow_m3h is None else series.flow_m3h <= 0
    exceeded = [
        series.heat_kw >= intervals.capacity_kw,
        never
        if back is None or series.return_c is None
        else (series.return_c > back.return_c_max) & ~still,
        never if flow is None or series.flow_m3h is None else series.flow_m3h > flow.flow_m3h_max,
    ]
    places = [LIMITS.index(one) for one in (Limit.CAPACITY, Limit.RETURN, Limit.FLOW)]
    return np.select(exceeded, places, LIMITS.index(Limit.WITHIN)).astype(np.int64)
