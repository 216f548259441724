"""The outcome of every quarter of an hour of the term: exactly one, with the clause that says so.

The study, the bill and the evidence call the same function, so they cannot disagree about what
an interval was.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from exotherm.contract.terms import Contract
from exotherm.core.period import Period


class Outcome(StrEnum):
    """What an interval was."""

    DELIVERED = "delivered"
    """As promised, or nothing was called for and the heat stood ready."""
    REDUCED = "reduced"
    """Heat came, but cooler than promised."""
    FAILED = "failed"
    """Heat was called for and none came."""
    EXCUSED = "excused"
    """The contract says that this interval does not count."""
    NOT_MEASURED = "not measured"
    """No valid reading tells."""


class Cause(StrEnum):
    """Why heat was short, where somebody knows."""

    UNKNOWN = "unknown"
    IT_LOAD = "server load low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of an interval. ``supply_c`` in °C; None where it was not measured."""

    interval: Period
    called: bool | None
    """Whether the customer called for heat; None where that was not measured."""
    heated: bool | None
    """Whether heat passed the meter; None where that was not measured."""
    supply_c: float | None
    cause: Cause = Cause.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """An outcome with the number of the clause that decides it and the reason in words."""

    outcome: Outcome
    clause: str
    reason: str


def outcome(contract: Contract, situation: Situation) -> Judgement:
    """Judge an interval: total, so every situation has an outcome, and single-valued."""
    if in_maintenance(contract, situation.interval):
        return Judgement(
            outcome=Outcome.EXCUSED, clause="CAL-3", reason="planned maintenance window"
        )
    if situation.called is None or situation.heated is None:
        return _not_measured()
    if not situation.called:
        return Judgement(
            outcome=Outcome.DELIVERED, clause="HEAT-1", reason="no call for heat; it stood ready"
        )
    if not situation.heated:
        return _short(contract, situation, Outcome.FAILED, "heat was called for and none came")
    if situation.supply_c is None or not math.isfinite(situation.supply_c):
        return _not_measured()
    if situation.supply_c < _supply_c_kept(contract):
        return _short(contract, situation, Outcome.REDUCED, "supply cooler than promised")
    return Judgement(outcome=Outcome.DELIVERED, clause="QOS-2", reason="supply as promised")


def _supply_c_kept(contract: Contract) -> float:
    """Give the coolest supply that keeps the promise, rounded to the digits a person wrote.

    In binary 30.3 less 0.4 is more than 29.9, and a supply of 29.90 would miss its own limit.
    """
    promise = contract.supply_temperature
    return round(promise.supply_c_min - promise.tolerance_k, 6)


def in_maintenance(contract: Contract, interval: Period) -> bool:
    """Tell whether an interval lies in the planned window, by the contract's clock."""
    window = contract.maintenance
    start = interval.start.astimezone(contract.zone)
    last = (interval.end - timedelta(microseconds=1)).astimezone(contract.zone)
    same_day = start.date() == last.date() and start.isoweekday() == window.weekday
    return same_day and window.starts_at <= start.hour and last.hour < window.ends_at


def _not_measured() -> Judgement:
    return Judgement(outcome=Outcome.NOT_MEASURED, clause="QOS-5", reason="no valid reading")


def _short(contract: Contract, situation: Situation, short: Outcome, reason: str) -> Judgement:
    """Judge an interval in which the promise was missed: who bears the cause decides."""
    if situation.cause is Cause.IT_LOAD:
        clause, bearer = "QOS-7", contract.it_load.borne_by
        reason = f"{reason}; server load low"
    else:
        clause, bearer = "OUT-4", contract.cause_allocation.unknown_borne_by
    if bearer == "customer":
        return Judgement(outcome=Outcome.EXCUSED, clause=clause, reason=reason)
    own_clause = {Outcome.REDUCED: "HEAT-2", Outcome.FAILED: "QOS-5"}[short]
    return Judgement(outcome=short, clause=own_clause, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many intervals of a period had each outcome."""

    delivered: int = 0
    reduced: int = 0
    failed: int = 0
    excused: int = 0
    not_measured: int = 0

    @property
    def total(self) -> int:
        """All intervals."""
        return self.delivered + self.reduced + self.failed + self.excused + self.not_measured


def tally_of(outcomes: Iterable[Outcome]) -> Tally:
    """Count outcomes."""
    counts = dict.fromkeys(Outcome, 0)
    for one in outcomes:
        counts[one] += 1
    return Tally(
        delivered=counts[Outcome.DELIVERED],
        reduced=counts[Outcome.REDUCED],
        failed=counts[Outcome.FAILED],
        excused=counts[Outcome.EXCUSED],
        not_measured=counts[Outcome.NOT_MEASURED],
    )
