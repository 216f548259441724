"""The outcome of every quarter of an hour of the term: exactly one, with the clause that says so.

The study, the bill and the evidence look their intervals up in the same table (``rules``), so they
cannot disagree about what an interval was.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeGuard

from exotherm.contract.hours import WHOLE_YEAR, InSeason, hour_of
from exotherm.contract.rules import (
    Announced,
    Facts,
    Judgement,
    Limit,
    Outcome,
    OutcomeTable,
    Reading,
)
from exotherm.contract.terms import Contract
from exotherm.contract.terms.outage import CAUSES
from exotherm.core.period import Period

__all__ = [
    "Judgement",
    "Outcome",
    "Situation",
    "Tally",
    "outcome",
    "supply_c_kept",
    "table_of",
    "tally_of",
]

SERVER_LOAD_LOW = "server load low"
"""the cause that only a data centre's heat has (QOS-7)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of an interval; None where something was not measured or not recorded."""

    interval: Period
    called: bool | None
    """whether the customer called for heat"""
    heated: bool | None
    """whether heat passed the meter"""
    supply_c: float | None
    """supply temperature in °C"""
    cool_min: float | None = None
    """minutes for which the supply has been too cool without a break, this interval included"""
    heat_kw: float | None = None
    """heat drawn, in kW"""
    return_c: float | None = None
    """return temperature in °C"""
    flow_m3h: float | None = None
    """flow in m³/h"""
    outdoor_c: float | None = None
    """outdoor temperature in °C, where the promise follows it"""
    cause: str = CAUSES[0]
    """why heat was short, in the words of the contract"""
    lasted_h: float = 0.0
    """hours for which the cause has lasted"""
    announced: bool | None = None
    """whether the interruption was announced in time"""


def outcome(
    contract: Contract, situation: Situation, *, in_season: InSeason = WHOLE_YEAR
) -> Judgement:
    """Judge an interval: total, so every situation has an outcome, and single-valued."""
    return table_of(contract).judge(facts_of(contract, situation, in_season=in_season))


_TABLES: dict[int, tuple[Contract, OutcomeTable]] = {}
_TABLES_MAX = 16


def table_of(contract: Contract) -> OutcomeTable:
    """Give the table of a contract's outcomes; made once, as long as the contract is in use."""
    known = _TABLES.get(id(contract))
    if known is None:
        if len(_TABLES) >= _TABLES_MAX:
            _TABLES.clear()
        # The contract is kept beside its table, so that its identity is not given away.
        known = _TABLES[id(contract)] = (contract, OutcomeTable(contract.clauses))
    return known[1]


def facts_of(contract: Contract, situation: Situation, *, in_season: InSeason) -> Facts:
    """Tell the facts of an interval by the numbers of the contract."""
    return Facts(
        hour=hour_of(contract, situation.interval, in_season),
        reading=_reading(contract, situation),
        cause=situation.cause,
        announced={None: Announced.NO_RECORD, True: Announced.YES, False: Announced.NO}[
            situation.announced
        ],
        limit=_limit(contract, situation),
        overlong=table_of(contract).is_overlong(situation.cause, situation.lasted_h),
    )


def _reading(contract: Contract, situation: Situation) -> Reading:
    if situation.called is None or situation.heated is None:
        return Reading.SILENT
    if not situation.called:
        return Reading.NO_CALL
    if not situation.heated:
        return Reading.NO_HEAT
    if not _is_number(situation.supply_c):
        return Reading.SILENT
    if situation.supply_c >= supply_c_kept(contract, situation.outdoor_c):
        return Reading.KEPT
    lasted, needed = situation.cool_min, contract.below_spec_heat.lasting_min
    return Reading.KEPT if lasted is not None and lasted < needed else Reading.COOL


def supply_c_kept(contract: Contract, outdoor_c: float | None = None) -> float:
    """Give the coolest supply that keeps the promise, rounded to the digits a person wrote.

    In binary 30.3 less 0.4 is more than 29.9, and a supply of 29.90 would miss its own limit.
    """
    promise = contract.supply_temperature
    return round(promise.at(outdoor_c) - promise.tolerance_k, 6)


def _limit(contract: Contract, situation: Situation) -> Limit:
    """Tell which limit the customer's call exceeded; the capacity counts before the others."""
    month = situation.interval.start.astimezone(contract.zone).month
    heat_kw = situation.heat_kw
    if _is_number(heat_kw) and heat_kw >= contract.capacity.in_month(month):
        return Limit.CAPACITY
    back, flow = contract.return_temperature, contract.flow_limits
    flow_m3h = situation.flow_m3h
    # Where nothing flows nothing comes back, whatever the sensor in the pipe shows.
    comes_back = not (_is_number(flow_m3h) and flow_m3h <= 0)
    is_warm = back and _is_number(situation.return_c) and situation.return_c > back.return_c_max
    if comes_back and is_warm:
        return Limit.RETURN
    if flow and _is_number(flow_m3h) and flow_m3h > flow.flow_m3h_max:
        return Limit.FLOW
    return Limit.WITHIN


def _is_number(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many intervals of a period had each outcome."""

    delivered: int = 0
    reduced: int = 0
    unpaid: int = 0
    failed: int = 0
    excused: int = 0
    not_measured: int = 0
    no_obligation: int = 0

    @property
    def total(self) -> int:
        """All intervals."""
        return sum(getattr(self, one.name.lower()) for one in Outcome)

    @property
    def obliged(self) -> int:
        """Intervals in which something was owed and nothing excused it."""
        return self.total - self.excused - self.no_obligation

    def __add__(self, other: "Tally") -> "Tally":
        """Add up the intervals of two periods."""
        names = [one.name.lower() for one in Outcome]
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in names})


def tally_of(outcomes: Iterable[Outcome]) -> Tally:
    """Count outcomes."""
    counts = dict.fromkeys(Outcome, 0)
    for one in outcomes:
        counts[one] += 1
    return Tally(**{one.name.lower(): count for one, count in counts.items()})
