"""Is the promise bankable? The contract against its own plant over many years as they may come.

Each year is drawn (``many_years``), simulated, judged quarter by quarter and rated month by month
by the table and the ``rate()`` that make the bill. Money is in real terms, before tax.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from exotherm.core.period import Period
from exotherm.plan.many_years import Fails

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
