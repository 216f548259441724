"""The single setbacks that every study is held against: one assumption made worse on its own."""

from dataclasses import replace
from decimal import Decimal

from exotherm.contract.rate import rate_in_turn
from exotherm.contract.repricing import with_heat_price
from exotherm.core.units import format_quantity
from exotherm.plan.cash import Operation
from exotherm.plan.changes import with_demand, with_investment, with_servers, with_table
from exotherm.plan.finance import finance_of
from exotherm.plan.operation import Rater, rests
from exotherm.plan.rating import Month
from exotherm.plan.verdict import Setback
from exotherm.site.document import Site

LESS_HEAT = "heat demand a fifth lower"
LESS_BUSY = "servers a fifth less busy"

_DEARER = 1.5
_ON_THE_WAY = (1.1, 1.2, 1.3, 1.4)
"""dearer electricity that is tried as well where the heat pump rests before its end"""


def setbacks_of(
    site: Site, rater: Rater, operation: Operation, months: tuple[Month, ...]
) -> tuple[Setback, ...]:
    """Give what is left after each setback, simulated and rated anew where the plant is touched.

    ``operation`` and ``months`` are those of the plan.
    """
    less, surroundings = with_demand(site, rater.surroundings, 0.8)
    demand = replace(rater, surroundings=surroundings).operation(less)
    servers = with_servers(site, 0.8)
    investment = with_investment(site, 1.25).economics
    return (
        Setback(name=LESS_HEAT, npv=finance_of(less.economics, demand).npv),
        Setback(name=LESS_BUSY, npv=finance_of(servers.economics, rater.operation(servers)).npv),
        Setback(name="investment a quarter higher", npv=finance_of(investment, operation).npv),
        _dear_electricity(site, rater, operation),
        Setback(name="heat price a tenth lower", npv=_cheap_heat(site, rater, operation, months)),
    )


def _dear_electricity(site: Site, rater: Rater, operation: Operation) -> Setback:
    """Give the worst price of electricity up to half again as dear.

    That is the last, unless a heat pump that runs when it pays rests before: where it loses
    money, the plan is worth least just before that.
    """
    name = "electricity half again as dear"
    if site.heat_pump is None:
        dear = _at_electricity(site, _DEARER)
        return Setback(name=name, npv=finance_of(dear.economics, operation).npv)
    npv, lived = _lived_at(site, rater, _DEARER)
    if not rests(lived, operation):
        return Setback(name=name, npv=npv)
    least, at = min((_lived_at(site, rater, dearer)[0], dearer) for dearer in _ON_THE_WAY)
    if least >= npv:
        return Setback(name=name, npv=npv)
    dearer = format_quantity("_frac", at - 1.0, decimals=0)
    return Setback(name=f"electricity {dearer} dearer", npv=least)


def _lived_at(site: Site, rater: Rater, dearer: float) -> tuple[float, Operation]:
    """Live the year at another price of electricity, and give its present value with it."""
    touched = _at_electricity(site, dearer)
    lived = rater.operation(touched)
    return finance_of(touched.economics, lived).npv, lived


def _at_electricity(site: Site, dearer: float) -> Site:
    price = dearer * site.economics.electricity_per_kwh
    return with_table(site, "economics", electricity_per_kwh=price)


def _cheap_heat(site: Site, rater: Rater, operation: Operation, months: tuple[Month, ...]) -> float:
    cheaper = replace(rater, contract=with_heat_price(rater.contract, Decimal("0.9")))
    if operation.first_years:
        return finance_of(site.economics, cheaper.operation(site)).npv
    # The same year, whose months are read already.
    rated = rate_in_turn(cheaper.contract, [month.consumption for month in months])
    revenue = float(sum(one.net_amount for one in rated))
    return finance_of(site.economics, replace(operation, heat_revenue=revenue)).npv
