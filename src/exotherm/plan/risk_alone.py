"""What one assumption does on its own: at both ends, between them, and where nothing is left."""

from collections.abc import Callable
from dataclasses import dataclass

from exotherm.plan.risk_ranges import Range, RiskFactor

_BREAK_EVEN_FRAC = 2e-4
"""of the way from the plan to where the search ends: how far off a break-even may be"""
_TRIALS_MAX = 16
_TURNS = (0.2, 0.4, 0.6, 0.8)
"""parts of the way to an end at which a heat pump rests that are tried"""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a draw is worth to both sides over the term, against no heat delivered.

    To the customer as far as that is up to others: while it stays to the end.
    """

    operator: float
    customer: float


@dataclass(frozen=True, slots=True)
class Turn:
    """A value between the ends of a range that is worse than both, and what it leaves."""

    value: float
    worth: Worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """What one assumption does on its own."""

    factor: RiskFactor
    range: Range
    at_low: Worth
    at_high: Worth
    break_even: float | None
    """value at which the operator's present value is nought; None within three times the range"""
    turn: Turn | None = None
    """where a heat pump that loses money rests at an end: the price at which it still runs"""
    no_effect: str = ""
    """why it moves nothing of what the operator has; empty where it does"""

    @property
    def adverse(self) -> float:
        """The operator's present value at the worse end, or between the ends where worse."""
        if self.turn is not None:
            return self.turn.worth.operator
        return min(self.at_low.operator, self.at_high.operator)

    @property
    def swing(self) -> float:
        """By how much the operator's present value differs between both ends."""
        return abs(self.at_high.operator - self.at_low.operator)

    @property
    def adverse_value(self) -> float:
        """The assumption's value that is worst."""
        if self.turn is not None:
            return self.turn.value
        worse_low = self.at_low.operator <= self.at_high.operator
        return self.range.low if worse_low else self.range.high


def turn_of(
    plan: float,
    resting: list[float],
    planned: Worth,
    *,
    better: float,
    worth: Callable[[float], Worth],
) -> Turn | None:
    """Find what is worse than both ends of a range: the plan, or a price short of a resting end.

    A heat pump whose heat brings less than its electricity costs loses most just before it rests.
    ``better`` is what the operator has at the worse end.
    """
    if not resting:
        return None
    way = [plan + share * (end - plan) for end in resting for share in _TURNS]
    tried = [Turn(plan, planned), *(Turn(value, worth(value)) for value in way)]
    worst = min(tried, key=lambda one: one.worth.operator)
    return worst if worst.worth.operator < better else None


def find_break_even(
    npv: Callable[[float], float], plan: float, farthest: float, planned: float
) -> float | None:
    """Find where the present value changes its sign between the plan and far beyond its range.

    By false position with the end that stays halved (the Illinois rule), since every value is a
    year simulated: four or five where halving the range took twelve.
    """
    if plan == farthest:
        return None
    near, near_npv, far, far_npv = plan, planned, farthest, npv(farthest)
    if (far_npv < 0) == (near_npv < 0):
        return None
    found = far
    for _ in range(_TRIALS_MAX):
        before, found = found, far - far_npv * (far - near) / (far_npv - near_npv)
        found_npv = npv(found)
        if abs(found - before) <= _BREAK_EVEN_FRAC * abs(farthest - plan):
            break
        if (found_npv < 0) == (far_npv < 0):
            near_npv *= 0.5
        else:
            near, near_npv = far, far_npv
        far, far_npv = found, found_npv
    return found
