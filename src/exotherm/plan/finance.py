"""Cash flows and what follows from them: forecasts in floats, real terms, before tax."""

from dataclasses import dataclass

import pyxirr

from exotherm.site.document import Economics, Investment


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOfCash:
    """What one year brings and costs the operator because of the heat. Year 0 is the building."""

    year: int
    investment: float
    grant: float
    heat_revenue: float
    cooling_saved: float
    electricity: float
    upkeep: float

    @property
    def net(self) -> float:
        """The sum: costs are negative."""
        return (
            self.investment
            + self.grant
            + self.heat_revenue
            + self.cooling_saved
            + self.electricity
            + self.upkeep
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A steady year of operation: energies in kWh and what the contract brings."""

    heat_delivered_kwh: float
    auxiliary_kwh: float
    cooling_saved_kwh: float
    heat_revenue: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finance:
    """What the cash flows come to; None where a figure does not exist."""

    cash: tuple[YearOfCash, ...]
    npv: float
    irr_frac: float | None
    payback_years: float | None
    discounted_payback_years: float | None
    delivery_cost_per_kwh: float | None


def finance_of(economics: Economics, operation: Operation) -> Finance:
    """Work out the operator's cash flows over the term, and their figures."""
    cash = cash_flows(economics, operation)
    net = [year.net for year in cash]
    rate = economics.discount_frac
    discounted = [amount / (1.0 + rate) ** year for year, amount in enumerate(net)]
    return Finance(
        cash=cash,
        npv=npv_of(rate, net),
        irr_frac=irr_of(net),
        payback_years=payback_of(net),
        discounted_payback_years=payback_of(discounted),
        delivery_cost_per_kwh=_delivery_cost(economics, cash, operation),
    )


def cash_flows(economics: Economics, operation: Operation) -> tuple[YearOfCash, ...]:
    """Lay out the years: building in year 0, then equal years, and replacements at end of life.

    What has life left at the end of the term is worth nothing here: the cautious end.
    """
    electricity = operation.auxiliary_kwh * economics.electricity_per_kwh
    saved = operation.cooling_saved_kwh * economics.electricity_per_kwh
    first = YearOfCash(
        year=0,
        investment=-sum(item.amount for item in economics.investment),
        grant=economics.grant_amount,
        heat_revenue=0.0,
        cooling_saved=0.0,
        electricity=0.0,
        upkeep=0.0,
    )
    running = (
        YearOfCash(
            year=year,
            investment=-sum(
                item.amount
                for item in economics.investment
                if _is_replaced(item, year, economics.term_years)
            ),
            grant=0.0,
            heat_revenue=operation.heat_revenue,
            cooling_saved=saved,
            electricity=-electricity,
            upkeep=-economics.upkeep_per_year,
        )
        for year in range(1, economics.term_years + 1)
    )
    return (first, *running)


def _is_replaced(item: Investment, year: int, term_years: int) -> bool:
    return year < term_years and year % item.life_years == 0


def irr_of(net: list[float]) -> float | None:
    """Give the internal rate of return, or None where no rate makes the flows worth nothing."""
    if not (any(amount > 0 for amount in net) and any(amount < 0 for amount in net)):
        return None
    found = pyxirr.irr(net)
    return None if found is None else float(found)


def payback_of(net: list[float]) -> float | None:
    """Give the years until the running sum stays at nought or above, parts of a year in line."""
    running, since = 0.0, None
    for year, amount in enumerate(net):
        before, running = running, running + amount
        if running < 0:
            since = None
        elif since is None:
            since = year - running / amount if before < 0 else float(year)
    return since


def _delivery_cost(
    economics: Economics, cash: tuple[YearOfCash, ...], operation: Operation
) -> float | None:
    """Give the levelised cost of delivered heat: all its costs over all its heat, discounted.

    Grants and cooling saved are left out: this is what delivery costs, whoever pays.
    """
    rate = economics.discount_frac
    costs = [-(year.investment + year.electricity + year.upkeep) for year in cash]
    heat = [0.0] + [operation.heat_delivered_kwh] * economics.term_years
    heat_discounted = npv_of(rate, heat)
    return npv_of(rate, costs) / heat_discounted if heat_discounted else None


def npv_of(rate: float, amounts: list[float]) -> float:
    """Discount yearly amounts to year 0, the first of them."""
    value = pyxirr.npv(rate, amounts)
    assert value is not None, "flows of at least a year have a present value"
    return float(value)


def capital_per_year(economics: Economics) -> float:
    """Give what the plant costs in each year of the term: its investment as an annuity.

    Replacements are in it and grants off it. Equal payments at the end of each year of the term
    are worth what is invested: a = P r / (1 - (1 + r)^-n).
    """
    nothing = Operation(
        heat_delivered_kwh=0.0, auxiliary_kwh=0.0, cooling_saved_kwh=0.0, heat_revenue=0.0
    )
    invested = [-(year.investment + year.grant) for year in cash_flows(economics, nothing)]
    worth = npv_of(economics.discount_frac, invested)
    payment = pyxirr.pmt(economics.discount_frac, economics.term_years, -worth)
    assert payment is not None, "a term of at least a year has equal payments"
    return float(payment)
