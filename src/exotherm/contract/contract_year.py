"""The contract year: what was billed of it so far, and heat that was paid for and not taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from exotherm.contract.consumption import Consumption
from exotherm.contract.terms import Contract
from exotherm.core.period import Period, days_period, local_midnight, month_period

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractYear:
    """Twelve calendar months, the first of them that in which the term begins or began."""

    number: int
    """0 for the first one"""
    whole: Period
    """all of its twelve months"""
    covered: Period
    """what is billed of them: within the term, and from the first day that is billed (CAL-6)"""

    @property
    def share(self) -> Decimal:
        """The share of the twelve months that is billed, by hours."""
        covered, whole = (
            Decimal(period.duration // _SECOND) for period in (self.covered, self.whole)
        )
        return covered / whole

    @property
    def is_part(self) -> bool:
        """Whether a part of it only is billed."""
        return self.covered != self.whole


def contract_year(contract: Contract, instant: datetime) -> ContractYear:
    """Give the contract year in which an instant of the term lies (TAR-6)."""
    term, commissioning = contract.term, contract.commissioning
    billed_from = term.starts_on if commissioning is None else commissioning.first_bill_on
    return _year_of(term.starts_on, term.ends_on, billed_from, contract.zone, instant)


@lru_cache(maxsize=1024)
def _year_of(
    starts_on: date, ends_on: date, billed_from: date, zone: ZoneInfo, instant: datetime
) -> ContractYear:
    local = instant.astimezone(zone)
    number = ((local.year - starts_on.year) * 12 + local.month - starts_on.month) // 12
    year = starts_on.year + number
    whole = Period(
        month_period(year, starts_on.month, zone).start,
        month_period(year + 1, starts_on.month, zone).start,
    )
    covered = whole.overlap(days_period(starts_on, ends_on, zone))
    assert covered is not None, "a contract year lies within the term"
    start = max(covered.start, local_midnight(billed_from, zone))
    if covered.start < start < covered.end:
        covered = Period(start, covered.end)
    return ContractYear(number=number, whole=whole, covered=covered)


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledMonth:
    """A month of the contract year with what later months of it need to know."""

    consumption: Consumption
    net_amount: Decimal
    credit_base_amount: Decimal = Decimal(0)
    credit_due_amount: Decimal = Decimal(0)
    """the credit before the limit of the year"""
    credit_amount: Decimal = Decimal(0)
    """the credit that was given"""
    capacity_kw: Decimal | None = None
    """kilowatts that the capacity fee was billed for"""
    share: Decimal = Decimal(1)
    """the share of the calendar month that was covered"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Heat that was paid for in a contract year and may still be taken (TAR-6)."""

    year: int
    """number of the contract year in which it was paid for"""
    heat_kwh: Decimal
    price_per_kwh: Decimal
    """what was paid for each kilowatt hour"""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSoFar:
    """The months of a contract year before the one that is rated, in their order."""

    months: tuple[BilledMonth, ...] = ()
    carried: tuple[Carried, ...] = ()
    """from earlier contract years"""

    def reaches(self, contract: Contract, period: Period) -> bool:
        """Tell whether these months are all that the contract year had before a period."""
        edge = contract_year(contract, period.start).covered.start
        for month in self.months:
            if month.consumption.period.start != edge:
                return False
            edge = month.consumption.period.end
        return edge == period.start

    @property
    def net_amount(self) -> Decimal:
        """The sum of the months' bills without VAT."""
        return _sum([month.net_amount for month in self.months])

    @property
    def credit_base_amount(self) -> Decimal:
        """The sum of what credits were a share of."""
        return _sum([month.credit_base_amount for month in self.months])

    @property
    def credit_due_amount(self) -> Decimal:
        """The credits before the limit of the year."""
        return _sum([month.credit_due_amount for month in self.months])

    @property
    def credit_amount(self) -> Decimal:
        """The credits that were given."""
        return _sum([month.credit_amount for month in self.months])


def _sum(amounts: Sequence[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
