"""The one table of outcomes: from the facts of an interval to what it is, and by which clause.

The table is made of rules, each from a clause of the contract. The check of the contract proves
that for every combination of facts exactly one outcome stands; study, bill and evidence look their
intervals up in the same table.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import product
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from exotherm.contract.terms.calendar import InterruptionNotice
from exotherm.contract.terms.clause import Clause
from exotherm.contract.terms.credits import CreditWithoutData
from exotherm.contract.terms.heat import BelowSpecHeat
from exotherm.contract.terms.outage import CAUSES, CauseAllocation, ExcusedEvents
from exotherm.contract.terms.quality import Availability, Firmness, ItLoad, ReturnTemperature


class Outcome(StrEnum):
    """What an interval was."""

    DELIVERED = "delivered"
    """As promised, or nothing was called for and the heat stood ready."""
    REDUCED = "reduced"
    """Heat came, but cooler than promised; a part of the price is paid for it."""
    UNPAID = "unpaid"
    """Heat came, but so much cooler than promised that nothing is paid for it."""
    FAILED = "failed"
    """Heat was called for and none came; it counts towards the service credit."""
    EXCUSED = "excused"
    """The contract says that this interval does not count."""
    NOT_MEASURED = "not measured"
    """No valid reading tells; the register's advance is billed."""
    NO_OBLIGATION = "no obligation"
    """Out of season, or the customer is closed: nothing is owed."""


class Hour(StrEnum):
    """What the calendar says of an interval."""

    NORMAL = "a usual hour"
    COMMISSIONING = "before the promise holds"
    MAINTENANCE = "in a maintenance window"
    OFF_SEASON = "out of season"
    CLOSED = "while the customer is closed"


class Reading(StrEnum):
    """What the meter says of an interval."""

    KEPT = "supply as promised"
    COOL = "supply low"
    NO_HEAT = "no heat though called for"
    NO_CALL = "no call for heat"
    SILENT = "meter silent"


class Announced(StrEnum):
    """Whether the customer was told before."""

    NO_RECORD = "no record of a notice"
    YES = "announced"
    NO = "not announced"


class Limit(StrEnum):
    """Which limit of the customer's own the call exceeded."""

    WITHIN = "within the limits"
    CAPACITY = "call above the capacity"
    RETURN = "return too warm"
    FLOW = "flow above the limit"


HOURS, READINGS, ANNOUNCED, LIMITS = tuple(Hour), tuple(Reading), tuple(Announced), tuple(Limit)
_SHORT = (Reading.COOL, Reading.NO_HEAT)
_WITHOUT_OBLIGATION = (Hour.OFF_SEASON, Hour.CLOSED)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that an outcome depends on."""

    hour: Hour = Hour.NORMAL
    reading: Reading = Reading.KEPT
    cause: str = CAUSES[0]
    announced: Announced = Announced.NO_RECORD
    limit: Limit = Limit.WITHIN
    overlong: bool = False
    """whether an excused event has lasted longer than it excuses"""

    @property
    def words(self) -> str:
        """Say the facts that matter, as one says them to another."""
        said = ["meter fine" if self.reading is not Reading.SILENT else "", self.reading.value]
        if self.hour is not Hour.NORMAL:
            said.append(self.hour.value)
        if self.cause != CAUSES[0]:
            said.append(f"cause {self.cause}")
        if self.announced is not Announced.NO_RECORD:
            said.append(self.announced.value)
        if self.limit is not Limit.WITHIN:
            said.append(self.limit.value)
        if self.overlong:
            said.append("longer than it excuses")
        return ", ".join(part for part in said if part)

    @property
    def size(self) -> int:
        """How many facts differ from the plainest case; the smallest example has the fewest."""
        plain = (Hour.NORMAL, CAUSES[0], Announced.NO_RECORD, Limit.WITHIN, False)
        own = (self.hour, self.cause, self.announced, self.limit, self.overlong)
        return sum(one != other for one, other in zip(own, plain, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """An outcome with the number of the clause that decides it and the reason in words."""

    outcome: Outcome
    clause: str
    reason: str
    counts_as_failed: bool = False
    """whether an interval that was not measured counts as failed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """Facts for which no clause says what happens, and the clause that would."""

    facts: Facts
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Facts for which two clauses say different things."""

    facts: Facts
    judgements: tuple[Judgement, ...]


Clauses = Mapping[str, Clause | None]
Bearer = Literal["supplier", "customer", "nobody"]
_Kind = TypeVar("_Kind", bound=Clause)
_Codes = npt.NDArray[np.int16]


class OutcomeTable:
    """What every combination of facts is, by the clauses of a contract.

    ``clauses`` are the clauses by their table in the file; any may be absent, then its rules are.
    """

    def __init__(self, clauses: Clauses) -> None:
        self._clauses = clauses
        self._known: dict[Facts, Judgement | Hole | Conflict] = {}
        events = self._get("excused_events", ExcusedEvents)
        self._hours_of_event = (
            {event.name: event.lasting_h_max for event in events.events} if events else {}
        )
        allocation = self._get("cause_allocation", CauseAllocation)
        listed = (*allocation.supplier_bears, *allocation.customer_bears) if allocation else ()
        self.causes = tuple(dict.fromkeys((*CAUSES, *listed, *self._hours_of_event)))
        """every cause that the contract names, and those that every contract has to allocate"""

    def _get(self, table: str, kind: type[_Kind]) -> _Kind | None:
        clause = self._clauses.get(table)
        assert clause is None or isinstance(clause, kind), table
        return clause

    def is_overlong(self, cause: str, lasted_h: float) -> bool:
        """Tell whether an excused event has lasted longer than it excuses."""
        return lasted_h > self.excused_h_max(cause)

    def excused_h_max(self, cause: str) -> float:
        """Give for how many hours a cause excuses at most; without end where no event is named."""
        return self._hours_of_event.get(cause, math.inf)

    def look_up(self, facts: Facts) -> Judgement | Hole | Conflict:
        """Give what facts are: total and single-valued where the contract is."""
        found = self._known.get(facts)
        if found is None:
            found = self._known[facts] = self._found(facts)
        return found

    def judge(self, facts: Facts) -> Judgement:
        """Give what facts are by a contract that was checked; asserts that it is total."""
        found = self.look_up(facts)
        assert isinstance(found, Judgement), found
        return found

    def all_facts(self) -> Iterator[Facts]:
        """Walk through every combination of facts."""
        for parts in product(HOURS, READINGS, self.causes, ANNOUNCED, LIMITS, (False, True)):
            yield Facts(*parts)

    @cached_property
    def judgements(self) -> tuple[Judgement, ...]:
        """The different judgements of the whole table, which ``codes`` number."""
        return tuple(dict.fromkeys(self.judge(facts) for facts in self.all_facts()))

    @cached_property
    def codes(self) -> _Codes:
        """The number of its judgement for every combination of facts.

        Shape: hours, readings, causes, announced, limits, overlong; in the order of ``HOURS``,
        ``READINGS``, ``causes``, ``ANNOUNCED``, ``LIMITS`` and no, yes.
        """
        numbers = {judgement: number for number, judgement in enumerate(self.judgements)}
        flat = [numbers[self.judge(facts)] for facts in self.all_facts()]
        shape = (len(HOURS), len(READINGS), len(self.causes), len(ANNOUNCED), len(LIMITS), 2)
        return np.array(flat, dtype=np.int16).reshape(shape)

    # --- The stages, in the order in which they decide; the first that has a rule is final.

    def _found(self, facts: Facts) -> Judgement | Hole | Conflict:
        stages = (self._without_obligation, self._in_maintenance, self._silent, self._kept)
        for stage in stages:
            found = tuple(dict.fromkeys(stage(facts)))
            if found:
                return _only(facts, found)
        excuses = tuple(self._own_limits(facts))
        return excuses[0] if excuses else self._short(facts)

    def _without_obligation(self, facts: Facts) -> Iterator[Judgement | Hole]:
        """Out of season and in closures nothing is owed; HEAT-3 prices what comes all the same."""
        if facts.hour not in _WITHOUT_OBLIGATION:
            return
        clause = "CAL-5" if facts.hour is Hour.CLOSED else "CAL-2"
        if facts.reading in (Reading.KEPT, Reading.COOL):
            if self._clauses.get("unrequested_heat") is None:
                yield Hole(facts=facts, clause="HEAT-3")
                return
            yield _judged(Outcome.NO_OBLIGATION, "HEAT-3", f"heat came {facts.hour.value}")
            return
        yield _judged(Outcome.NO_OBLIGATION, clause, facts.hour.value)

    def _in_maintenance(self, facts: Facts) -> Iterator[Judgement]:
        """An announced window is excused, whatever the meter says."""
        if facts.hour is not Hour.MAINTENANCE:
            return
        notice = self._get("interruption_notice", InterruptionNotice)
        excused, clause = True, "CAL-3"
        if notice is not None:
            announced = facts.announced is Announced.YES or (
                facts.announced is Announced.NO_RECORD and notice.without_record == "announced"
            )
            if not announced:
                excused, clause = notice.if_missed == "excused", "CAL-4"
        if excused:
            yield _judged(Outcome.EXCUSED, clause, "planned maintenance window")

    def _silent(self, facts: Facts) -> Iterator[Judgement | Hole]:
        """Where the meter is silent, QOS-5 says what counts, and CRD-8 must not say otherwise."""
        if facts.reading is not Reading.SILENT:
            return
        own = self._get("availability", Availability)
        if own is None:
            yield Hole(facts=facts, clause="QOS-5")
            return
        yield _not_measured("QOS-5", own.not_measured_is)
        other = self._get("credit_without_data", CreditWithoutData)
        if other is not None and other.counts_as != own.not_measured_is:
            yield _not_measured("CRD-8", other.counts_as)

    def _kept(self, facts: Facts) -> Iterator[Judgement | Hole]:
        """No call is delivered by HEAT-1, a warm supply by QOS-2."""
        rules = {
            Reading.NO_CALL: ("delivered_heat", "HEAT-1", "no call for heat; it stood ready"),
            Reading.KEPT: ("supply_temperature", "QOS-2", "supply as promised"),
        }
        if facts.reading not in rules:
            return
        table, clause, reason = rules[facts.reading]
        if self._clauses.get(table) is None:
            yield Hole(facts=facts, clause=clause)
            return
        yield _judged(Outcome.DELIVERED, clause, reason)

    def _own_limits(self, facts: Facts) -> Iterator[Judgement]:
        """Short heat is excused before the promise holds, and by the customer's own excess."""
        assert facts.reading in _SHORT, facts
        if facts.hour is Hour.COMMISSIONING:
            yield _judged(Outcome.EXCUSED, "CAL-6", f"{facts.reading.value}; {facts.hour.value}")
        back = self._get("return_temperature", ReturnTemperature)
        excuses = {
            # Whoever gets nothing has not called for more than there is.
            Limit.CAPACITY: ("QOS-1", "capacity", facts.reading is Reading.COOL),
            Limit.RETURN: (
                "QOS-3",
                "return_temperature",
                bool(back and back.if_warmer == "excused"),
            ),
            Limit.FLOW: ("QOS-4", "flow_limits", True),
        }
        if facts.limit in excuses:
            clause, table, holds = excuses[facts.limit]
            if holds and self._clauses.get(table) is not None:
                yield _judged(
                    Outcome.EXCUSED, clause, f"{facts.reading.value}; {facts.limit.value}"
                )

    def _short(self, facts: Facts) -> Judgement | Hole | Conflict:
        """Where heat was short, who bears the cause decides, and then what it costs."""
        bearers = dict.fromkeys(self._bearers(facts))
        found = []
        for bearer, clause in bearers:
            judged = self._borne(facts, bearer, clause)
            if isinstance(judged, Hole):
                return judged
            found.append(judged)
        if not found:
            return Hole(facts=facts, clause=_CLAUSE_OF_CAUSE.get(facts.cause, "OUT-4"))
        return _only(facts, tuple(found))

    def _bearers(self, facts: Facts) -> Iterator[tuple[Bearer, str]]:
        """Give every party that a clause makes bear the cause, with the clause."""
        allocation = self._get("cause_allocation", CauseAllocation)
        if allocation is not None:
            if facts.cause == CAUSES[0]:
                yield allocation.unknown_borne_by, "OUT-4"
            if facts.cause in allocation.supplier_bears:
                yield "supplier", "OUT-4"
            if facts.cause in allocation.customer_bears:
                yield "customer", "OUT-4"
        load = self._get("it_load", ItLoad)
        if load is not None and facts.cause == "server load low":
            yield load.borne_by, "QOS-7"
        if load is not None and facts.cause == "servers moved or off":
            yield load.removal_borne_by, "QOS-7"
        firm = self._get("firmness", Firmness)
        if firm is not None and facts.cause == "held back":
            may = firm.kind == "interruptible" and facts.announced is Announced.YES
            yield ("nobody" if may else "supplier"), "QOS-6"
        if facts.cause in self._hours_of_event:
            yield ("supplier" if facts.overlong else "nobody"), "OUT-5"

    def _borne(self, facts: Facts, bearer: Bearer, clause: str) -> Judgement | Hole:
        why = facts.reading.value
        if facts.cause != CAUSES[0]:
            why += f"; {facts.cause}"
        if bearer != "supplier":
            return _judged(Outcome.EXCUSED, clause, why)
        if facts.reading is Reading.NO_HEAT:
            if self._clauses.get("availability") is None:
                return Hole(facts=facts, clause="QOS-5")
            return _judged(Outcome.FAILED, "QOS-5", why)
        below = self._get("below_spec_heat", BelowSpecHeat)
        if below is None:
            return Hole(facts=facts, clause="HEAT-2")
        outcome = Outcome.REDUCED if below.price_frac > 0 else Outcome.UNPAID
        return _judged(outcome, "HEAT-2", why)


_CLAUSE_OF_CAUSE = {
    "server load low": "QOS-7",
    "servers moved or off": "QOS-7",
    "held back": "QOS-6",
}


def _judged(outcome: Outcome, clause: str, reason: str) -> Judgement:
    return Judgement(outcome=outcome, clause=clause, reason=reason)


def _not_measured(clause: str, counts_as: str) -> Judgement:
    return Judgement(
        outcome=Outcome.NOT_MEASURED,
        clause=clause,
        reason="no valid reading",
        counts_as_failed=counts_as == "failed",
    )


def _only(facts: Facts, found: tuple[Judgement | Hole, ...]) -> Judgement | Hole | Conflict:
    """Give the one outcome that all rules agree on; a conflict where they differ."""
    holes = [one for one in found if isinstance(one, Hole)]
    if holes:
        return holes[0]
    judgements = tuple(one for one in found if isinstance(one, Judgement))
    if len({(one.outcome, one.counts_as_failed) for one in judgements}) > 1:
        return Conflict(facts=facts, judgements=judgements)
    return judgements[0]
