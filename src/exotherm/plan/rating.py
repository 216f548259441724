"""Rating the planned year: what the contract makes of every quarter of an hour and every month."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import add

from exotherm.contract.consumption import Consumption, DayHeat, SlotHeat
from exotherm.contract.heat_split import Cell, priced_by, slots_of, whole_kwh
from exotherm.contract.hours import InSeason
from exotherm.contract.outcome import Tally
from exotherm.contract.price_slots import slot_keys, varies_in_month
from exotherm.contract.rate import Rated, rate_in_turn
from exotherm.contract.season import season_of
from exotherm.contract.series import Intervals, Judged, Series, intervals_of, judge_series
from exotherm.contract.terms import Contract
from exotherm.core.period import Period, months_of
from exotherm.physics.computing import FloatArray
from exotherm.physics.water import KJ_PER_KWH
from exotherm.plan.year import STEP, Year
from exotherm.plant.simulate import Delivered

_WATER_KG_PER_M3 = 1000.0

MEASURED = ("called", "delivered_kw", "supply_c", "return_c", "flow_kgs", "heat_pump_power_kw")
"""the flows of a plant that its bill goes by"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of the plan: what was consumed, and what the contract makes of it."""

    period: Period
    consumption: Consumption
    rated: Rated


def rate_months(contract: Contract, year: Year) -> tuple[Month, ...]:
    """Rate every month of a simulated year as its invoice would be, by the same ``rate()``."""
    return _rated(contract, consumptions_of(contract, year))


def rate_known(contract: Contract, year: Year, intervals: Intervals) -> tuple[Month, ...]:
    """Rate every month of a simulated year whose quarter-hours the calendar was asked for already.

    ``intervals`` are those of the same contract and weather, of this year or another plant's.
    """
    judged = judge_year(contract, year.with_heat, intervals, outdoor_c=year.outdoor_c)
    return rate_judged(contract, year.with_heat, judged, outdoor_c=year.outdoor_c)


def rate_judged(
    contract: Contract, year: Delivered, judged: Judged, *, outdoor_c: FloatArray
) -> tuple[Month, ...]:
    """Rate every month of a simulation whose steps were judged already."""
    return _rated(contract, _read_months(contract, year, judged, outdoor_c=outdoor_c))


def _rated(contract: Contract, read: Iterable[Consumption]) -> tuple[Month, ...]:
    consumptions = tuple(read)
    return tuple(
        Month(period=consumption.period, consumption=consumption, rated=rated)
        for consumption, rated in zip(
            consumptions, rate_in_turn(contract, consumptions), strict=True
        )
    )


def consumptions_of(contract: Contract, year: Year) -> Iterator[Consumption]:
    """Read every billed month of a simulated year off its register and its outcomes."""
    intervals = intervals_of_year(contract, year.period, outdoor_c=year.outdoor_c)
    judged = judge_year(contract, year.with_heat, intervals, outdoor_c=year.outdoor_c)
    return _read_months(contract, year.with_heat, judged, outdoor_c=year.outdoor_c)


def _read_months(
    contract: Contract, year: Delivered, judged: Judged, *, outdoor_c: FloatArray
) -> Iterator[Consumption]:
    reader = _Reader(contract=contract, year=year, judged=judged, outdoor_c=outdoor_c)
    for period in months_of(year.period, contract.zone):
        covered = period.overlap(contract.billed_period)
        if covered is not None:
            yield reader.month(covered)


def intervals_of_year(contract: Contract, period: Period, *, outdoor_c: FloatArray) -> Intervals:
    """Note what the calendar says of each quarter-hour, in the weather of these quarter-hours."""
    season = season_of_year(contract, period, outdoor_c)
    return intervals_of(contract, period, step=STEP, in_season=season)


def season_of_year(contract: Contract, period: Period, outdoor_c: FloatArray) -> InSeason:
    """Decide a season by weather from the outdoor temperature of the planned year (CAL-2)."""
    rule = contract.season.weather
    outdoor: dict[date, float] = {}
    if rule is not None:
        for interval, air_c in zip(period.split(STEP), outdoor_c, strict=True):
            local = interval.start.astimezone(contract.zone)
            if local.hour == rule.hour % 24:
                outdoor.setdefault(local.date(), float(air_c))
    last = (period.end - timedelta(microseconds=1)).astimezone(contract.zone).date()
    return season_of(contract, outdoor, until=last)


def judge_year(
    contract: Contract, year: Delivered, intervals: Intervals, *, outdoor_c: FloatArray
) -> Judged:
    """Judge every step of a simulation as the bill would judge it if it were measured."""
    return judge_series(contract, intervals, measured(year, outdoor_c=outdoor_c))


def measured(year: Delivered, *, outdoor_c: FloatArray) -> Series:
    """Give what a meter would have seen of every step of a simulation."""
    flows = year.flows
    return Series(
        called=flows["called"] > 0,
        heated=flows["delivered_kw"] > 0,
        supply_c=flows["supply_c"],
        heat_kw=flows["delivered_kw"],
        return_c=flows["return_c"],
        flow_m3h=flows["flow_kgs"] * KJ_PER_KWH / _WATER_KG_PER_M3,
        outdoor_c=outdoor_c,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads months off a simulated year as a meter would: whole kilowatt-hours at their edges."""

    contract: Contract
    year: Delivered
    judged: Judged
    outdoor_c: FloatArray

    def month(self, period: Period) -> Consumption:
        step = timedelta(hours=self.year.step_h)
        first = (period.start - self.year.period.start) // step
        last = (period.end - self.year.period.start) // step
        flows = self.year.part(period)
        heat_kwh = _whole(self._register(last)) - _whole(self._register(first))
        reduced = min(heat_kwh, self._heat_at("HEAT-2", first, last))
        unrequested = min(heat_kwh - reduced, self._heat_at("HEAT-3", first, last))
        slots: tuple[SlotHeat, ...] = ()
        if varies_in_month(self.contract):
            cells = whole_kwh(self._cells(period, first, last), int(heat_kwh))
            slots = slots_of(cells)
            reduced, unrequested = priced_by(cells, "HEAT-2"), priced_by(cells, "HEAT-3")
        flow = flows["flow_kgs"]
        return Consumption(
            period=period,
            heat_kwh=heat_kwh,
            reduced_heat_kwh=reduced,
            unrequested_heat_kwh=unrequested,
            tally=self.judged.tally(first, last),
            slots=slots,
            return_c_mean=_weighted(flows["return_c"], flow),
            supply_c_mean=_weighted(flows["supply_c"], flow),
            heat_kw_peak=float(flows["delivered_kw"].max()),
            daily=tuple(self._days(period)) if self._needs_days else (),
            heat_pump_power_kwh=_whole(flows["heat_pump_power_kw"].sum() * self.year.step_h),
        )

    def _register(self, step: int) -> float:
        return float(self.year.flows["delivered_kw"][:step].sum() * self.year.step_h)

    def _heat_at(self, clause: str, first: int, last: int) -> Decimal:
        """Sum the heat that a clause prices, rounded down to whole kilowatt-hours."""
        held = self.judged.at(clause, first, last)
        heat_kw = self.year.flows["delivered_kw"][first:last]
        return _whole((heat_kw * held).sum() * self.year.step_h)

    def _cells(self, period: Period, first: int, last: int) -> Iterator[tuple[Cell, float]]:
        """Sum the heat of each price and clause that prices it."""
        step = timedelta(hours=self.year.step_h)
        outdoor = [float(one) for one in self.outdoor_c[first:last]]
        keys = slot_keys(self.contract, tuple(period.split(step)), outdoor)
        heat = self.year.flows["delivered_kw"][first:last] * self.year.step_h
        sums: dict[Cell, float] = {}
        for key, code, counted in zip(keys, self.judged.codes[first:last], heat, strict=True):
            clause = self.judged.judgements[code].clause
            cell = Cell(key, clause if clause in ("HEAT-2", "HEAT-3") else "")
            sums[cell] = sums.get(cell, 0.0) + float(counted)
        yield from sums.items()

    @property
    def _needs_days(self) -> bool:
        fee = self.contract.capacity_fee
        return fee is not None and fee.basis == "outdoor regression"

    def _days(self, period: Period) -> Iterator[DayHeat]:
        """Give the mean heat and outdoor temperature of each day, by the contract's clock."""
        step = timedelta(hours=self.year.step_h)
        first = (period.start - self.year.period.start) // step
        by_day: dict[date, list[int]] = {}
        for number, interval in enumerate(period.split(step), start=first):
            by_day.setdefault(interval.start.astimezone(self.contract.zone).date(), []).append(
                number
            )
        for day, places in by_day.items():
            yield DayHeat(
                day=day,
                heat_kw_mean=float(self.year.flows["delivered_kw"][places].mean()),
                outdoor_c_mean=float(self.outdoor_c[places].mean()),
            )


def _weighted(values: FloatArray, weights: FloatArray) -> float | None:
    whole = float(weights.sum())
    return float((values * weights).sum()) / whole if whole > 0.0 else None


def _whole(counted_kwh: float) -> Decimal:
    """Give the digits that are full; one that lacks a millionth is, since sums are not exact."""
    return Decimal(int(round(float(counted_kwh), 6)))


def tally_of_months(months: tuple[Month, ...]) -> Tally:
    """Add up the outcomes of all months."""
    return reduce(add, (month.consumption.tally for month in months), Tally())
