"""What the customer of a plan pays a year, with the service and by its own heat alone."""

from dataclasses import dataclass

from exotherm.plan.cash import Operation
from exotherm.plan.own_heat import own_heat
from exotherm.plan.year import Year
from exotherm.site.economics import Economics

SMALLEST = 0.5
"""of the currency: less than that is shown as nothing"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """What the customer pays in a year, with the service and with the boiler alone."""

    fuel_before: float
    fuel_after: float
    heat_bill: float

    @property
    def saving(self) -> float:
        """What the service saves the customer in a year; negative where it costs."""
        return self.fuel_before - self.fuel_after - self.heat_bill


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What a customer loses by its contract."""

    npv: float
    """over the term, what a renewal spares it counted; below nought"""
    amount: float
    """paid a year more than its own heat would cost; nought where no single year shows it"""
    from_year: int
    """year of the term, counted from 1, from which on it is paid"""


def customer_of(economics: Economics, year: Year, operation: Operation) -> Customer:
    """Give the planned year, the boiler as it is, at the prices of year 0."""
    return Customer(
        fuel_before=year.boiler_alone.energy_kwh("fuel_kw") * economics.fuel_per_kwh,
        fuel_after=year.with_heat.energy_kwh("fuel_kw") * economics.fuel_per_kwh,
        heat_bill=operation.heat_revenue,
    )


def renewed_customer_of(economics: Economics, operation: Operation) -> Customer | None:
    """Give the year as it is from the renewal of the boiler on; None where the term has none."""
    renewal = economics.boiler_renewal
    if renewal is None or renewal.due_in_years >= economics.term_years:
        return None
    own = own_heat(economics, operation)
    return Customer(
        fuel_before=own.burnt_alone_frac[-1] * operation.fuel_alone,
        fuel_after=own.burnt_served_frac[-1] * (operation.fuel_alone - operation.fuel_saved),
        heat_bill=operation.heat_revenue,
    )


def renewed_from_year(economics: Economics) -> int:
    """Give the year of the term, counted from 1, from which the customer's boiler is new."""
    return 1 if economics.boiler_renewal is None else economics.boiler_renewal.due_in_years + 1


def loss_of(npv: float, kept: float, renewed: float | None, *, from_year: int) -> Loss | None:
    """Give what a customer loses whose present value over the term is ``npv``.

    ``kept`` is what it saves a year with its boiler as it is, ``renewed`` with a new one, which
    comes in ``from_year``; one that is due at once is never kept. None where it does not lose.
    """
    if npv > -SMALLEST:
        return None
    if renewed is not None and from_year <= 1:
        kept = renewed
    if kept <= -SMALLEST:
        return Loss(npv=npv, amount=-kept, from_year=1)
    if renewed is not None and renewed <= -SMALLEST:
        return Loss(npv=npv, amount=-renewed, from_year=from_year)
    return Loss(npv=npv, amount=0.0, from_year=1)
