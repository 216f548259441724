"""What the cash of the term comes to: present value, returns, a loan, the price that is needed."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyxirr

from exotherm.plan.cash import (
    Operation,
    YearOfCash,
    cash_flows,
    growth_of,
    nominal_frac,
)
from exotherm.site.economics import Economics

_PRICE_MAX = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """A loan on the plant, and what is left to whoever owns it."""

    amount: float
    service_per_year: float
    """interest and repayment of each of its years"""
    dscr_min: float
    """smallest ratio of what running brings after tax to that"""
    owner_cash: tuple[float, ...]
    owner_npv: float
    owner_irr_frac: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Growing:
    """The same capital in plain hosting growth."""

    power_kw: float
    npv: float
    irr_frac: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finance:
    """What the cash flows come to; None where a figure does not exist."""

    cash: tuple[YearOfCash, ...]
    npv: float
    irr_frac: float | None
    payback_years: float | None
    discounted_payback_years: float | None
    delivery_cost_per_kwh: float | None
    price_for_target_per_kwh: float | None
    """what a kilowatt-hour has to bring, fees and all, for the return that the operator wants"""
    loan: Loan | None
    growing: Growing | None


def finance_of(economics: Economics, operation: Operation) -> Finance:
    """Work out the operator's cash flows over the term, and their figures."""
    cash = cash_flows(economics, operation)
    net = [year.net for year in cash]
    rate = nominal_frac(economics, economics.discount_frac)
    discounted = [amount / (1.0 + rate) ** year for year, amount in enumerate(net)]
    return Finance(
        cash=cash,
        npv=npv_of(rate, net),
        irr_frac=irr_of(net),
        payback_years=payback_of(net),
        discounted_payback_years=payback_of(discounted),
        delivery_cost_per_kwh=_delivery_cost(economics, cash, operation),
        price_for_target_per_kwh=_price_for_target(economics, operation),
        loan=_loan(economics, cash),
        growing=_growing(economics, cash),
    )


def irr_of(net: Sequence[float]) -> float | None:
    """Give the internal rate of return, or None where there is none.

    Nothing that is not invested in year 0 has a return, nor flows that no rate makes worth nothing.
    """
    if net[0] >= 0 or not any(amount > 0 for amount in net):
        return None
    found = pyxirr.irr(list(net))
    return None if found is None else float(found)


def payback_of(net: Sequence[float]) -> float | None:
    """Give the years until the running sum stays at nought or above, parts of a year in line."""
    running, since = 0.0, None
    for year, amount in enumerate(net):
        before, running = running, running + amount
        if running < 0:
            since = None
        elif since is None:
            since = year - running / amount if before < 0 else float(year)
    return since


def npv_of(rate: float, amounts: Sequence[float]) -> float:
    """Discount yearly amounts to year 0, the first of them."""
    value = pyxirr.npv(rate, list(amounts))
    assert value is not None, "flows of at least a year have a present value"
    return float(value)


def capital_per_year(economics: Economics) -> float:
    """Give what the plant costs in each year of the term: its investment as an annuity.

    Replacements are in it and grants off it. Equal payments at the end of each year, in the money
    of year 0, are worth what is invested: a = P r / (1 - (1 + r)^-n).
    """
    nothing = Operation(
        heat_delivered_kwh=0.0, auxiliary_kwh=0.0, cooling_saved_kwh=0.0, heat_revenue=0.0
    )
    invested = [-(year.investment + year.grant) for year in cash_flows(economics, nothing)]
    worth = npv_of(nominal_frac(economics, economics.discount_frac), invested)
    return _equal_payment(economics.discount_frac, economics.term_years, worth)


def _equal_payment(rate: float, years: int, worth: float) -> float:
    payment = pyxirr.pmt(rate, years, -worth)
    assert payment is not None, "a term of at least a year has equal payments"
    return float(payment)


def _delivery_cost(
    economics: Economics, cash: tuple[YearOfCash, ...], operation: Operation
) -> float | None:
    """Give the levelised cost of delivered heat: all its costs over all its heat, discounted.

    Grants, tax and cooling saved are left out: this is what delivery costs, whoever pays. It is in
    the money of year 0: costs at the nominal rate, heat at the real one.
    """
    rate = nominal_frac(economics, economics.discount_frac)
    costs = [-(year.investment + year.electricity + year.upkeep + year.residual) for year in cash]
    years = range(1, economics.term_years + 1)
    heat = [0.0, *(operation.in_year(year).heat_delivered_kwh for year in years)]
    heat_discounted = npv_of(economics.discount_frac, heat)
    return npv_of(rate, costs) / heat_discounted if heat_discounted else None


def _price_for_target(economics: Economics, operation: Operation) -> float | None:
    """Give the mean price per kilowatt-hour at which the return is the one that is wanted.

    By halving, since tax bends the line between price and present value. None where no price is
    needed at all, or none is enough.
    """
    target, heat_kwh = economics.irr_frac_target, operation.heat_delivered_kwh
    if target is None or not heat_kwh:
        return None

    def value_at(price: float) -> float:
        priced = cash_flows(economics, operation.at_price(price))
        return npv_of(target, [year.net for year in priced])

    low, high = 0.0, 1.0
    while value_at(high) < 0.0 and high < _PRICE_MAX:
        high *= 2.0
    if value_at(low) > 0.0 or value_at(high) < 0.0:
        return None
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if value_at(middle) < 0.0 else (low, middle)
    return 0.5 * (low + high)


def _loan(economics: Economics, cash: tuple[YearOfCash, ...]) -> Loan | None:
    """Lay a loan over the flows: equal payments at the end of each of its years."""
    debt = economics.debt
    amount = debt.share_frac * max(0.0, -(cash[0].investment + cash[0].grant))
    if not amount:
        return None
    service = _equal_payment(debt.interest_frac, debt.years, amount)
    paid = [service if 1 <= year.year <= debt.years else 0.0 for year in cash]
    paid[-1] += _still_owed(debt.interest_frac, debt.years, len(cash) - 1, service)
    owner = [year.net - out for year, out in zip(cash, paid, strict=True)]
    owner[0] += amount
    ratios = [(year.operating + year.tax) / service for year in cash[1 : debt.years + 1]]
    return Loan(
        amount=amount,
        service_per_year=service,
        dscr_min=min(ratios),
        owner_cash=tuple(owner),
        owner_npv=npv_of(nominal_frac(economics, economics.discount_frac), owner),
        owner_irr_frac=irr_of(owner),
    )


def _still_owed(interest_frac: float, years: int, term_years: int, service: float) -> float:
    """Give what is still owed at the end of a term that is shorter than the loan."""
    left = years - term_years
    if left <= 0:
        return 0.0
    return npv_of(interest_frac, [0.0] + [service] * left)


def _growing(economics: Economics, cash: tuple[YearOfCash, ...]) -> Growing | None:
    """Put the same capital into servers: as many kilowatts as it buys, for the same term."""
    hosting = economics.hosting
    capital = -(cash[0].investment + cash[0].grant)
    if hosting is None or capital <= 0:
        return None
    power_kw = capital / hosting.amount_per_kw
    flows = hosting_flows(economics, power_kw)
    return Growing(
        power_kw=power_kw,
        npv=npv_of(nominal_frac(economics, economics.discount_frac), flows),
        irr_frac=irr_of(flows),
    )


def hosting_flows(economics: Economics, power_kw: float) -> list[float]:
    """Give the cash of every year that kilowatts of plain hosting cost and bring, before tax."""
    hosting, last = economics.hosting, economics.term_years
    assert hosting is not None, "asked for where hosting is stated"
    growth = growth_of(economics, is_indexed=True).general
    return [
        growth[year]
        * power_kw
        * (
            (0.0 if year == 0 else 12.0 * hosting.margin_per_kw_month)
            - (hosting.amount_per_kw if year < last and year % hosting.life_years == 0 else 0.0)
        )
        for year in range(last + 1)
    ]
