"""Assumptions that move nothing in a plan, and why: nobody shall puzzle over rows all alike."""

from exotherm.plan.risk_alone import Alone, Worth
from exotherm.plan.risk_ranges import Range, RiskFactor
from exotherm.site.document import Site

_STILL = 0.5
"""of a present value, in the currency: what nobody sees in a table"""


def why_still(site: Site, factor: RiskFactor, own: Range) -> str:
    """Say why an assumption cannot move a plan as it is stated; empty where it may."""
    if own.low == own.plan == own.high:
        return "its range is the plan alone"
    if factor is RiskFactor.HEAT_PUMP and site.heat_pump is None:
        return "the plant has no heat pump"
    if factor is RiskFactor.BUILD_OUT and not site.computing.filled_frac:
        return "all servers are there from the first day"
    if factor is RiskFactor.INVESTMENT and not any(one.amount for one in site.economics.investment):
        return "nothing is invested"
    return ""


def why_no_effect(site: Site, alone: Alone, planned: Worth) -> str:
    """Say why an assumption that was tried moves nothing of the operator's; empty where it does."""
    ends = (alone.at_low, alone.at_high)
    if alone.turn is not None or _moves([end.operator for end in ends], planned.operator):
        return ""
    reason = why_still(site, alone.factor, alone.range)
    if reason:
        return reason
    if _moves([end.customer for end in ends], planned.customer):
        return "the operator is paid and pays the same at both ends; it moves the customer's side"
    return "the operator is paid and pays the same at both ends"


def _moves(ends: list[float], planned: float) -> bool:
    return any(abs(end - planned) >= _STILL for end in ends)
