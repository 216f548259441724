"""What finding out about an assumption costs beside what knowing it is worth.

Nobody but the user says what a quotation or a measured year costs: where nothing is stated, nothing
is said. What knowing is worth is told for knowing for certain, so it is the most that finding out
may bring; what costs more than that is never worth doing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from exotherm.core.units import format_quantity
from exotherm.plan.risk_ranges import FIELD_OF, RiskFactor
from exotherm.site.risk import FindingOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One way to find out, its cost, and the most that it may be worth."""

    way: FindingOut
    factor: RiskFactor
    worth: float

    @property
    def gain(self) -> float:
        """What it may bring beyond its cost at most; negative where it cannot pay."""
        return self.worth - self.way.amount

    @property
    def is_worth_doing(self) -> bool:
        """Whether it may bring more than it costs."""
        return self.gain > 0.0


def weigh(ways: Iterable[FindingOut], worth: Mapping[RiskFactor, float]) -> tuple[Weighed, ...]:
    """Set the cost of each way beside the worth of knowing, that which may gain most first."""
    of = {field: factor for factor, field in FIELD_OF.items()}
    weighed = (Weighed(way=way, factor=of[way.about], worth=worth[of[way.about]]) for way in ways)
    return tuple(sorted(weighed, key=lambda one: -one.gain))


def explain_weighed(weighed: tuple[Weighed, ...], currency: str) -> str:
    """Say which way to find out is worth doing first; empty where no cost is stated."""
    if not weighed:
        return ""
    best = weighed[0]
    cost, worth = (
        format_quantity("npv", amount, currency=currency)
        for amount in (best.way.amount, best.worth)
    )
    if not best.is_worth_doing:
        return "None of the ways to find out whose cost is stated may bring what it costs."
    return (
        "Of the ways to find out whose cost is stated, this is worth doing first: "
        f"{best.way.name}, for {cost}, about the {best.factor.value}, which is worth knowing up to "
        f"{worth}."
    )
