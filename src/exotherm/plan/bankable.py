"""Is the promise bankable? The contract against its own plant over many years as they may come.

Each year is drawn (``many_years``), simulated, judged quarter by quarter and rated month by month
by the table and the ``rate()`` that make the bill. Money is in real terms, before tax.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

import numpy as np

from exotherm.contract.contract_year import contract_year
from exotherm.contract.outcome import Outcome, table_of
from exotherm.contract.rate import availability
from exotherm.contract.series import (
    BoolArray,
    Intervals,
    Judged,
    Series,
    is_short,
    judge_series,
)
from exotherm.contract.terms import Contract
from exotherm.core.period import Period
from exotherm.physics.computing import FloatArray
from exotherm.plan.blame import Undone, cause_of, with_causes
from exotherm.plan.finance import capital_per_year
from exotherm.plan.many_years import DrawnYear, Fails, draw_year, outages_of
from exotherm.plan.rating import (
    Month,
    intervals_of_year,
    measured,
    rate_judged,
    tally_of_months,
)
from exotherm.plan.year import STEP, STEP_H
from exotherm.plant.build import build_plant, initial_state
from exotherm.plant.expose import Exposure, expose
from exotherm.plant.outages import Outages
from exotherm.plant.parts import Plant
from exotherm.plant.simulate import Simulation, cooling_kwh_alone, simulate
from exotherm.site.document import Site
from exotherm.site.series import Surroundings, Utilisation

YEARS_MIN, YEARS_MAX = 10, 10_000
LOSS_FRAC_MAX = 0.10
"""share of years that may lose money in a promise that a bank takes"""
MISSED_FRAC_MAX = 0.10
"""share of months that may miss the promised availability before money has to be set aside"""
ENDED_FRAC_MAX = 0.10
"""share of years after which the customer may leave for repeated failure"""
_NORMAL_95 = 1.959964


class Bankable(StrEnum):
    """What a lender would make of the promise."""

    YES = "bankable"
    """Few years lose money, few months miss the promise."""
    WITH_RESERVE = "bankable with a reserve"
    """Few years lose money, though the promise is often missed: credits have to be set aside."""
    NO = "not bankable"
    """Too many years lose money, or end with a customer who may leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseHours:
    """Hours in which heat was short for a cause, and what the contract makes of them."""

    short_h: float = 0.0
    failed_h: float = 0.0
    """no heat, and the supplier answers for it"""
    below_spec_h: float = 0.0
    """heat too cool, and the supplier answers for it"""
    excused_h: float = 0.0

    def __add__(self, other: "CauseHours") -> "CauseHours":
        """Add up two times."""
        return CauseHours(
            short_h=self.short_h + other.short_h,
            failed_h=self.failed_h + other.failed_h,
            below_spec_h=self.below_spec_h + other.below_spec_h,
            excused_h=self.excused_h + other.excused_h,
        )

    def per_year(self, years: int) -> "CauseHours":
        """Give the mean of a year."""
        return CauseHours(
            short_h=self.short_h / years,
            failed_h=self.failed_h / years,
            below_spec_h=self.below_spec_h / years,
            excused_h=self.excused_h / years,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class YearMoney:
    """What a drawn year brings and costs the operator because of the heat."""

    heat_revenue: float
    """what the customer pays, credits taken off"""
    credits: float
    """service credits that were taken off; not negative"""
    below_minimum: float
    """what the customer pays for heat that he did not take"""
    cooling_saved: float
    electricity: float
    upkeep: float
    capital: float
    """the plant as equal payments over the term"""

    @property
    def cash(self) -> float:
        """What is left before the plant is paid for."""
        return self.heat_revenue + self.cooling_saved - self.electricity - self.upkeep

    @property
    def net(self) -> float:
        """What is left after it; the year loses money where this is negative."""
        return self.cash - self.capital


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialYear:
    """A drawn year as the contract saw it."""

    available_frac: float | None
    """over all its quarter-hours; None where none counts"""
    missed_months: int
    """months whose availability was less than promised"""
    months: int
    heat_kwh: float
    money: YearMoney
    causes: Mapping[str, CauseHours]
    """by the causes of the contract; those without a short hour left out"""
    faults: Mapping[Fails, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The contract against its plant over many years."""

    years: tuple[TrialYear, ...]
    promised_frac: float
    missed_months_max: int | None
    """missed months of a year from which on the customer may leave (OUT-7)"""
    period: Period
    seed: int
    counted_as: Mapping[Fails, str]
    """the cause, in the words of the contract, that each kind of fault is"""
    currency: str

    @property
    def loss_frac(self) -> float:
        """The share of years that lose money."""
        return self._share(one.money.net < 0 for one in self.years)

    @property
    def loss_frac_known(self) -> tuple[float, float]:
        """Between what shares that one is known from so many years: Wilson's interval, 95 %."""
        years, square = len(self.years), _NORMAL_95**2
        middle = self.loss_frac + square / (2 * years)
        share = self.loss_frac * (1 - self.loss_frac) + square / (4 * years)
        half = _NORMAL_95 * math.sqrt(share / years)
        scale = 1 + square / years
        return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)

    @property
    def cash_loss_frac(self) -> float:
        """The share of years that do not even pay for their running."""
        return self._share(one.money.cash < 0 for one in self.years)

    @property
    def missed_frac(self) -> float:
        """The share of months that miss the promised availability."""
        months = sum(one.months for one in self.years)
        return sum(one.missed_months for one in self.years) / months if months else 0.0

    @property
    def ended_frac(self) -> float:
        """The share of years after which the customer may leave for repeated failure."""
        most = self.missed_months_max
        return self._share(most is not None and one.missed_months >= most for one in self.years)

    @property
    def causes(self) -> dict[str, CauseHours]:
        """The mean hours of a year by cause, the cause with the most short hours first."""
        sums: dict[str, CauseHours] = {}
        for year in self.years:
            for cause, hours in year.causes.items():
                sums[cause] = sums.get(cause, CauseHours()) + hours
        means = {cause: hours.per_year(len(self.years)) for cause, hours in sums.items()}
        return dict(sorted(means.items(), key=lambda item: -item[1].short_h))

    @property
    def verdict(self) -> Bankable:
        """Judge by the rules; see ``docs/models/bankable.md``."""
        if self.loss_frac > LOSS_FRAC_MAX or self.ended_frac > ENDED_FRAC_MAX:
            return Bankable.NO
        return Bankable.WITH_RESERVE if self.missed_frac > MISSED_FRAC_MAX else Bankable.YES

    def spread_of(self, figure: Callable[[TrialYear], float | None]) -> "SpreadOf":
        """Give the mean of a figure over the years, and those one year in ten is below or above."""
        values = [value for value in map(figure, self.years) if value is not None]
        if not values:
            return SpreadOf(mean=0.0, low=0.0, median=0.0, high=0.0)
        low, median, high = np.percentile(values, [10, 50, 90])
        return SpreadOf(
            mean=float(np.mean(values)), low=float(low), median=float(median), high=float(high)
        )

    def _share(self, holds: Iterable[bool]) -> float:
        return sum(holds) / len(self.years)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadOf:
    """A figure over many years; one year in ten is below ``low``, one in ten above ``high``."""

    mean: float
    low: float
    median: float
    high: float


def try_promise(
    site: Site,
    contract: Contract,
    surroundings: Surroundings,
    *,
    years: int,
    seed: int,
    on_year: Callable[[int], None] = lambda _: None,
) -> Promise:
    """Hold a contract against its plant over many drawn years; ``on_year`` hears each that is done.

    Every year is the first contract year that is billed whole, with prices as they begin.
    """
    assert YEARS_MIN <= years <= YEARS_MAX
    trial = _Trial(site, contract, surroundings)
    done = []
    for number in range(years):
        drawn = draw_year(site, surroundings, trial.period, seed=seed, number=number)
        done.append(trial.year(drawn))
        on_year(number + 1)
    repeated = contract.repeated_failure
    return Promise(
        years=tuple(done),
        promised_frac=float(contract.availability.available_frac_min),
        missed_months_max=repeated.missed_months if repeated else None,
        period=trial.period,
        seed=seed,
        counted_as={what: cause_of(what, contract) for what in Fails if what is not Fails.METER},
        currency=site.site.currency,
    )


def trial_period(contract: Contract) -> Period:
    """Give the contract year that is tried: the first whole one, or the first there is."""
    first = contract_year(contract, contract.term_period.start)
    if not first.is_part or first.whole.end >= contract.term_period.end:
        return first.whole
    return contract_year(contract, first.whole.end).whole


class _Trial:
    """What is alike in all drawn years."""

    def __init__(self, site: Site, contract: Contract, surroundings: Surroundings) -> None:
        self.site, self.contract = site, contract
        self.period = trial_period(contract)
        self.plant = build_plant(site)
        self.capital = capital_per_year(site.economics)
        trace = surroundings.utilisation
        self.busy = Utilisation(utilisation_frac=np.ones(1), source=trace.source)
        self._intervals: Intervals | None = None

    def year(self, drawn: DrawnYear) -> TrialYear:
        """Live a drawn year: with its faults, without them, and with busy servers besides."""
        steps = self.period.duration // STEP
        outages = outages_of(drawn.faults, steps)
        lived = self._expose(drawn.surroundings, outages)
        outdoor_c = lived.conditions.outdoor_c
        simulation = self._simulate(self.plant, lived)
        without_faults = self._series(self._expose(drawn.surroundings))
        with_busy_servers = without_faults
        if is_short(self.contract, without_faults).any():
            busy = replace(drawn.surroundings, utilisation=self.busy)
            with_busy_servers = self._series(self._expose(busy))
        undone = Undone(without_faults=without_faults, with_busy_servers=with_busy_servers)
        series = with_causes(
            self.contract, measured(simulation, outdoor_c=outdoor_c), drawn.faults, undone
        )
        judged = judge_series(self.contract, self._intervals_in(outdoor_c), series)
        months = rate_judged(self.contract, simulation, judged, outdoor_c=outdoor_c)
        return self._seen(drawn, lived, simulation, series, judged, months)

    def _expose(self, surroundings: Surroundings, outages: Outages | None = None) -> Exposure:
        return expose(self.site, surroundings, self.period, step=STEP, outages=outages)

    def _simulate(self, plant: Plant, exposure: Exposure) -> Simulation:
        return simulate(plant, exposure, initial_state(plant))

    def _series(self, exposure: Exposure) -> Series:
        lived = self._simulate(self.plant, exposure)
        return measured(lived, outdoor_c=exposure.conditions.outdoor_c)

    def _intervals_in(self, outdoor_c: FloatArray) -> Intervals:
        """Give the calendar of the year: alike in all years, unless weather makes the season."""
        if self._intervals is None or self.contract.season.weather is not None:
            self._intervals = intervals_of_year(self.contract, self.period, outdoor_c=outdoor_c)
        return self._intervals

    def _seen(
        self,
        drawn: DrawnYear,
        lived: Exposure,
        simulation: Simulation,
        series: Series,
        judged: Judged,
        months: tuple[Month, ...],
    ) -> TrialYear:
        promised = self.contract.availability.available_frac_min
        whole = availability(self.contract, tally_of_months(months))
        kept = [one.rated.available_frac for one in months]
        return TrialYear(
            available_frac=None if whole is None else float(whole),
            missed_months=sum(one is not None and one < Decimal(str(promised)) for one in kept),
            months=len(months),
            heat_kwh=simulation.energy_kwh("delivered_kw"),
            money=self._money(lived, simulation, months),
            causes=_causes(self.contract, series, judged),
            faults={what: sum(one.what is what for one in drawn.faults) for what in Fails},
        )

    def _money(
        self, lived: Exposure, simulation: Simulation, months: tuple[Month, ...]
    ) -> YearMoney:
        """Price a year. Cooling saved is what the cooler would draw more if all were rejected."""
        economics = self.site.economics
        cooling_kwh = sum(simulation.energy_kwh(name) for name in ("fan_kw", "chiller_kw"))
        saved_kwh = cooling_kwh_alone(self.plant, lived) - cooling_kwh
        return YearMoney(
            heat_revenue=float(sum(one.rated.net_amount for one in months)),
            credits=0.0 - _sum_of_lines(months, "CRD-1", "CRD-2"),
            below_minimum=_sum_of_lines(months, "TAR-6"),
            cooling_saved=saved_kwh * economics.electricity_per_kwh,
            electricity=simulation.energy_kwh("auxiliary_kw") * economics.electricity_per_kwh,
            upkeep=economics.upkeep_per_year,
            capital=self.capital,
        )


def _sum_of_lines(months: tuple[Month, ...], *clauses: str) -> float:
    lines = (line for one in months for line in one.rated.lines if line.clause in clauses)
    return float(sum(line.amount for line in lines))


METER_SILENT = "meter silent"
"""what is told beside the causes of short heat: nobody knows whether it was"""


def _causes(contract: Contract, series: Series, judged: Judged) -> dict[str, CauseHours]:
    causes = dict(_hours_by_cause(contract, series, judged))
    silent = _not_measured(judged)
    return causes if silent is None else {**causes, METER_SILENT: silent}


def _hours_by_cause(
    contract: Contract, series: Series, judged: Judged
) -> Iterator[tuple[str, CauseHours]]:
    """Count the short hours of each cause, and what the contract made of them."""
    assert series.causes is not None
    no_heat, excused = judged.are(Outcome.FAILED), judged.are(Outcome.EXCUSED)
    below = judged.are(Outcome.REDUCED) | judged.are(Outcome.UNPAID)
    # A window of maintenance is excused while heat flows as well; that is no cause's.
    short = is_short(contract, series) & (no_heat | below | excused)
    for place, cause in enumerate(table_of(contract).causes):
        own = short & (series.causes == place)
        if own.any():
            yield (
                cause,
                CauseHours(
                    short_h=_hours(own),
                    failed_h=_hours(own & no_heat),
                    below_spec_h=_hours(own & below),
                    excused_h=_hours(own & excused),
                ),
            )


def _not_measured(judged: Judged) -> CauseHours | None:
    """Count the hours of which the meter told nothing, as the contract counts them (QOS-5)."""
    silent = judged.are(Outcome.NOT_MEASURED)
    if not silent.any():
        return None
    failing = np.array([one.counts_as_failed for one in judged.judgements])[judged.codes]
    return CauseHours(
        short_h=_hours(silent),
        failed_h=_hours(silent & failing),
        excused_h=_hours(silent & ~failing),
    )


def _hours(holds: BoolArray) -> float:
    return float(holds.sum()) * STEP_H
