"""What the customer's own heat costs in each year, with the service and without it.

The one place that says so: study, ownership, sizes, risk, proposal and workbook all ask here. What
the service is held against is the customer's boiler as the site file has it: kept, or replaced by
``[economics.boiler_renewal]`` now or when it is due, and a new one burns less. The boiler beside
the service is replaced as well, unless the service spares it: then the old one burns on as it does.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from exotherm.plan.cash import Operation, growth_of, renewals
from exotherm.plan.course import Course
from exotherm.site.economics import BoilerRenewal, Economics


class Situation(StrEnum):
    """What becomes of the customer's own heat, with the service or without."""

    KEPT = "kept"
    NOW = "replaced now"
    DUE = "replaced when due"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHeat:
    """The customer's own fuel and boilers in each year, year 0 first; money of each year, >= 0."""

    burnt_alone_frac: tuple[float, ...]
    """fuel as a share of what the boiler of today would burn for the same heat, if left alone"""
    burnt_served_frac: tuple[float, ...]
    """the same beside the service"""
    fuel_alone: tuple[float, ...]
    fuel_served: tuple[float, ...]
    bought_alone: tuple[float, ...]
    bought_served: tuple[float, ...]

    @property
    def alone(self) -> tuple[float, ...]:
        """All that own heat costs without the service."""
        return _both(self.fuel_alone, self.bought_alone)

    @property
    def served(self) -> tuple[float, ...]:
        """All that own heat costs beside the service, heat bills apart."""
        return _both(self.fuel_served, self.bought_served)

    @property
    def saved(self) -> tuple[float, ...]:
        """What the service saves before it is paid: fuel, and what need not be bought."""
        return tuple(one - other for one, other in zip(self.alone, self.served, strict=True))


def own_heat(economics: Economics, operation: Operation) -> OwnHeat:
    """Lay out the customer's own heat over the term, as the boiler's renewal is stated."""
    growth = growth_of(economics, is_indexed=operation.is_indexed)
    course, renewal = operation.course or Course(), economics.boiler_renewal
    all_of_it = renewal and renewal.model_copy(update={"avoided_frac": 1.0})
    bought, avoided = renewals(all_of_it, growth), renewals(renewal, growth, course)
    years = len(growth.fuel)
    share = burnt_by_new_frac(renewal, operation.boiler_efficiency_frac)
    alone = _from_renewal(share, math.inf if renewal is None else renewal.due_in_years, years)
    served = _from_renewal(share, _renewed_beside(renewal, course), years)
    lived = [operation.in_year(year) for year in range(1, years)]
    return OwnHeat(
        burnt_alone_frac=alone,
        burnt_served_frac=served,
        fuel_alone=_priced(alone, growth.fuel, [0.0, *(one.fuel_alone for one in lived)]),
        fuel_served=_priced(
            served, growth.fuel, [0.0, *(one.fuel_alone - one.fuel_saved for one in lived)]
        ),
        bought_alone=bought,
        bought_served=tuple(one - less for one, less in zip(bought, avoided, strict=True)),
    )


def in_situation(economics: Economics, situation: Situation) -> Economics:
    """Give the same economics with the boiler kept, replaced now, or as it is stated."""
    renewal = economics.boiler_renewal
    if renewal is None or situation is Situation.DUE:
        return economics
    now = renewal.model_copy(update={"due_in_years": 0})
    changed = None if situation is Situation.KEPT else now
    return economics.model_copy(update={"boiler_renewal": changed})


def situations_of(economics: Economics, years: int) -> tuple[Situation, ...]:
    """Tell which situations can be compared: replacing needs a price, and to be due in time."""
    renewal = economics.boiler_renewal
    if renewal is None:
        return (Situation.KEPT,)
    if 0 < renewal.due_in_years < years:
        return tuple(Situation)
    return (Situation.KEPT, Situation.NOW)


def burnt_by_new_frac(renewal: BoilerRenewal | None, efficiency_frac: float) -> float:
    """Give what a new boiler burns as a share of what the old one does: by both efficiencies.

    A new one is no worse than the old, and none burns what the old one does.
    """
    return 1.0 if renewal is None else min(1.0, efficiency_frac / renewal.efficiency_frac)


def heat_bills(economics: Economics, operation: Operation) -> tuple[float, ...]:
    """Give what the customer pays for heat each year, year 0 first."""
    growth = growth_of(economics, is_indexed=operation.is_indexed)
    return tuple(
        0.0 if year == 0 else factor * operation.in_year(year).heat_revenue
        for year, factor in enumerate(growth.heat)
    )


def customer_cash(economics: Economics, operation: Operation) -> tuple[float, ...]:
    """Give what the service saves the customer each year less its bill, before tax."""
    saved, bills = own_heat(economics, operation).saved, heat_bills(economics, operation)
    course = operation.course or Course()
    return tuple(
        one - paid - (course.parting_in(year) if year else 0.0)
        for year, (one, paid) in enumerate(zip(saved, bills, strict=True))
    )


def _renewed_beside(renewal: BoilerRenewal | None, course: Course) -> float:
    """Give the year in which the boiler beside the service is replaced; infinite for never.

    One that the service spares altogether is replaced when it is next due after the customer left.
    """
    if renewal is None:
        return math.inf
    if renewal.avoided_frac < 1.0 or course.ends_after_years <= renewal.due_in_years:
        return renewal.due_in_years
    if math.isinf(course.ends_after_years):
        return math.inf
    lives = (course.ends_after_years - renewal.due_in_years) / renewal.life_years
    return renewal.due_in_years + math.ceil(lives) * renewal.life_years


def _from_renewal(share: float, renewed_in: float, years: int) -> tuple[float, ...]:
    """Give what is burnt in each year: all until the renewal, a share in the years after its own.

    Boilers are replaced at the end of a year, as all parts are.
    """
    return tuple(share if year > renewed_in else 1.0 for year in range(years))


def _priced(
    burnt_frac: tuple[float, ...], growth: tuple[float, ...], fuel: list[float]
) -> tuple[float, ...]:
    return tuple(
        share * factor * one for share, factor, one in zip(burnt_frac, growth, fuel, strict=True)
    )


def _both(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(fuel + bought for fuel, bought in zip(one, other, strict=True))
