"""Cash of every year of the term, in the money of that year: forecasts in floats, before VAT.

Year 0 is the building. Prices are those of the plan in year 0 and move by the site's outlook; with
an outlook of nought the flows are in real terms.
"""

from dataclasses import dataclass, replace

from exotherm.plan.course import Course
from exotherm.site.economics import Economics, Investment, Renewal


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A steady year of operation: energies in kWh, and what it brings at the prices of year 0."""

    heat_delivered_kwh: float
    auxiliary_kwh: float
    cooling_saved_kwh: float
    heat_revenue: float
    is_indexed: bool = True
    """whether the contract lets its prices follow inflation"""
    fuel_saved: float = 0.0
    """what the customer spends less on its own fuel"""
    fuel_alone: float = 0.0
    """what the customer would spend on its own fuel if no heat were delivered"""
    boiler_efficiency_frac: float = 1.0
    """of the customer's boiler as it is, which both go by: a new one burns less by its own"""
    first_years: tuple["Operation", ...] = ()
    """the years from the first on in which the servers are not all there yet"""

    course: Course | None = None
    """how the years run where that is not as planned"""

    def in_year(self, year: int) -> "Operation":
        """Give the operation of a year of the term: this one from where all servers are there."""
        if self.course is not None:
            return self._in_course(self.course, year)
        return self.first_years[year - 1] if 1 <= year <= len(self.first_years) else self

    def _in_course(self, course: Course, year: int) -> "Operation":
        """Sum the parts of a year; the customer's own heat goes on whatever is delivered."""
        stages = (*self.first_years, self)
        parts = [
            (share, stages[stage])
            for stage, share in course.stages_in(year, stages=len(self.first_years))
        ]
        return replace(
            self,
            heat_delivered_kwh=sum(share * one.heat_delivered_kwh for share, one in parts),
            auxiliary_kwh=sum(share * one.auxiliary_kwh for share, one in parts),
            cooling_saved_kwh=sum(share * one.cooling_saved_kwh for share, one in parts),
            heat_revenue=sum(share * one.heat_revenue for share, one in parts),
            fuel_saved=sum(share * one.fuel_saved for share, one in parts),
        )

    def at_price(self, price_per_kwh: float) -> "Operation":
        """Give the same operation with all its heat at one price."""
        return replace(
            self,
            heat_revenue=price_per_kwh * self.heat_delivered_kwh,
            first_years=tuple(year.at_price(price_per_kwh) for year in self.first_years),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOfCash:
    """What one year brings and costs the operator because of the heat. Costs are negative."""

    year: int
    investment: float
    grant: float
    heat_revenue: float
    cooling_saved: float
    electricity: float
    upkeep: float
    certificates: float = 0.0
    """what certificates and credits bring"""
    parting: float = 0.0
    """what a customer who leaves before the term ends pays for the plant"""
    renewal_avoided: float = 0.0
    """what need not be spent on a cooler that the customers relieve"""
    residual: float = 0.0
    """what is left of the plant at the end of the term"""
    tax: float = 0.0

    @property
    def operating(self) -> float:
        """What running the plant brings, before tax."""
        return (
            self.heat_revenue
            + self.cooling_saved
            + self.certificates
            + self.parting
            + self.electricity
            + self.upkeep
        )

    @property
    def net(self) -> float:
        """The sum of all."""
        return (
            self.investment
            + self.grant
            + self.operating
            + self.renewal_avoided
            + self.residual
            + self.tax
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """By what prices of year 0 are multiplied in each year of the term, year 0 first."""

    general: tuple[float, ...]
    electricity: tuple[float, ...]
    fuel: tuple[float, ...]
    heat: tuple[float, ...]


def growth_of(economics: Economics, *, is_indexed: bool) -> Growth:
    """Give the factors of every year; heat keeps its price where no index moves it."""
    outlook, years = economics.outlook, range(economics.term_years + 1)
    inflation = 1.0 + outlook.inflation_frac

    def rising(beyond_frac: float) -> tuple[float, ...]:
        return tuple((inflation * (1.0 + beyond_frac)) ** year for year in years)

    return Growth(
        general=rising(0.0),
        electricity=rising(outlook.electricity_frac),
        fuel=rising(outlook.fuel_frac),
        heat=rising(0.0) if is_indexed else tuple(1.0 for _ in years),
    )


def nominal_frac(economics: Economics, real_frac: float) -> float:
    """Give the rate that discounts money of each year, from one in real terms (Fisher)."""
    return (1.0 + real_frac) * (1.0 + economics.outlook.inflation_frac) - 1.0


def rates_of(economics: Economics) -> tuple[float, float]:
    """Give the rates by which operator and customer discount money of each year.

    A customer of whom no rate is given has the operator's.
    """
    mine, other = economics.discount_frac, economics.customer_discount_frac
    return (
        nominal_frac(economics, mine),
        nominal_frac(economics, mine if other is None else other),
    )


def cash_flows(economics: Economics, operation: Operation) -> tuple[YearOfCash, ...]:
    """Lay out the operator's years: building in year 0, then running, with tax."""
    return taxed(economics, flows_before_tax(economics, operation))


def flows_before_tax(economics: Economics, operation: Operation) -> tuple[YearOfCash, ...]:
    """Lay out the years without tax. Parts are replaced at the end of their life.

    A replacement costs what its year's prices make it; certificates keep the price they have.
    """
    growth, last = growth_of(economics, is_indexed=operation.is_indexed), economics.term_years
    per_kwh = economics.electricity_per_kwh
    course = operation.course or Course()
    avoided = renewals(economics.cooler_renewal, growth, course)
    years = []
    for year in range(last + 1):
        runs, lived = 0.0 if year == 0 else 1.0, operation.in_year(year)
        served = course.served_frac(year)
        years.append(
            YearOfCash(
                year=year,
                investment=-growth.general[year] * _bought(economics, year, course),
                grant=_granted(economics) if year == 0 else 0.0,
                heat_revenue=runs * growth.heat[year] * lived.heat_revenue,
                cooling_saved=runs * growth.electricity[year] * lived.cooling_saved_kwh * per_kwh,
                electricity=-runs * growth.electricity[year] * lived.auxiliary_kwh * per_kwh,
                upkeep=-runs * served * growth.general[year] * economics.upkeep_per_year,
                parting=runs * course.parting_in(year),
                certificates=lived.heat_delivered_kwh * _certified_per_kwh(economics, year),
                renewal_avoided=avoided[year],
                residual=growth.general[year] * _left(economics) if year == last else 0.0,
            )
        )
    return tuple(years)


def renewals(
    renewal: Renewal | None, growth: Growth, course: Course | None = None
) -> tuple[float, ...]:
    """Give what a renewal that would be due in any case costs less, in every year of the term.

    Nothing is avoided from where the customer has left. What is due at the end of the last year
    serves the years after, as the plant's own parts do that are not bought then any more.
    """
    last = len(growth.general) - 1
    ends = last if course is None else min(last, course.ends_after_years)
    years = range(last + 1)
    if renewal is None:
        return tuple(0.0 for _ in years)
    saved = renewal.amount * renewal.avoided_frac
    return tuple(
        saved * growth.general[year] if _is_due(renewal, year) and year < ends else 0.0
        for year in years
    )


def _is_due(renewal: Renewal, year: int) -> bool:
    since = year - renewal.due_in_years
    return since >= 0 and since % renewal.life_years == 0


def _bought(economics: Economics, year: int, course: Course) -> float:
    """Sum what is bought in a year, at prices of year 0; nothing once the customer has left."""
    if year and year >= course.ends_after_years:
        return 0.0
    return sum(
        item.amount for item in economics.investment if _is_bought(item, year, economics.term_years)
    )


def _is_bought(item: Investment, year: int, term_years: int) -> bool:
    return year < term_years and year % item.life_years == 0


def _granted(economics: Economics) -> float:
    sure = sum(grant.amount for grant in economics.grants if grant.state == "granted")
    return economics.grant_amount + sure


def _certified_per_kwh(economics: Economics, year: int) -> float:
    """Give what certificates that are contracted pay for a kilowatt-hour in a year."""
    return sum(
        one.amount_per_kwh
        for one in economics.certificates
        if one.state == "contracted" and 1 <= year <= one.years
    )


def _left(economics: Economics) -> float:
    """Give what parts with life left are worth at the end of the term, at prices of year 0."""
    if economics.residual == "nothing":
        return 0.0
    return sum(
        item.amount * ((-economics.term_years) % item.life_years) / item.life_years
        for item in economics.investment
    )


def taxed(economics: Economics, years: tuple[YearOfCash, ...]) -> tuple[YearOfCash, ...]:
    """Take tax off: on what is earned less what is written off, losses carried forward."""
    tax, loss = economics.tax, 0.0
    if not tax.rate_frac:
        return years
    written_off = _written_off(years, tax.depreciation_years)
    taxed = []
    for year, off in zip(years, written_off, strict=True):
        profit = year.operating + year.renewal_avoided + year.residual - off - loss
        loss = max(0.0, -profit)
        taxed.append(replace(year, tax=-tax.rate_frac * max(0.0, profit)))
    return tuple(taxed)


def _written_off(years: tuple[YearOfCash, ...], depreciation_years: int) -> list[float]:
    """Spread what each year invests, less grants, over the years that follow.

    What is not written off by then is in the last.
    """
    last = len(years) - 1
    off = [0.0] * len(years)
    for year in years:
        part = -(year.investment + year.grant) / depreciation_years
        for later in range(year.year + 1, year.year + depreciation_years + 1):
            off[min(later, last)] += part
    return off
