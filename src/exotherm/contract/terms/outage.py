"""OUT: when heat is missing: who finds out, how fast it returns, who answers for it."""

from typing import Annotated, Literal

from annotated_types import Ge, Le
from pydantic import Field, model_validator

from exotherm.contract.terms.clause import Clause, Hours, Need, Part, Text, Weight

CAUSES = (
    "unknown",
    "server load low",
    "servers moved or off",
    "supplier's plant",
    "customer's plant",
    "held back",
)
"""Causes that every contract has to allocate; excused events (OUT-5) come to them."""


class OutageClass(Part):
    """A kind of outage, and what starts and stops its clock."""

    says = ("{name}: the clock starts when {starts_when}, and stops when {stops_when}.",)

    name: Text
    """name of the class"""
    starts_when: Text
    """what starts the clock"""
    stops_when: Text
    """what stops the clock"""


class OutageClasses(Clause):
    """What counts as an outage, and when it begins and ends."""

    number = "OUT-1"
    title = "Outage classes and detection"
    why = "times to respond and restore need a beginning"
    says = ("{classes}",)

    classes: Annotated[tuple[OutageClass, ...], Field(min_length=1, max_length=20)]
    """the worst class first"""


class RestoreTime(Part):
    """How fast the supplier responds to a class of outages and ends it."""

    says = ("{name}: response within {response_h}, heat again within {restore_h}.",)

    name: Text
    """name of the class (OUT-1)"""
    response_h: Hours
    """hours until somebody works on it"""
    restore_h: Hours
    """hours until heat is there again"""


class RestoreTimes(Clause):
    """How fast the supplier responds and restores."""

    number = "OUT-2"
    title = "Response and restore times"
    why = "an outage without a deadline lasts"
    weight = Weight.HIGH
    says = (
        "{times}",
        "The clock runs {runs:always=day and night|working hours=in working hours only}.",
    )

    times: Annotated[tuple[RestoreTime, ...], Field(min_length=1, max_length=20)]
    """times for each class of outage"""
    runs: Literal["always", "working hours"]
    """when the clock runs"""


class VulnerableSites(Clause):
    """What holds where people cannot help themselves."""

    number = "OUT-3"
    title = "Vulnerable sites"
    why = "where people are old, ill or small, cold is dangerous"
    weight = Weight.HIGH
    needed = Need.CARE_OR_HOMES
    says = (
        "No room in use gets colder than {room_c_min}.",
        "If the fallback fails as well, the {interim_by} brings mobile heat within {interim_h}.",
    )

    room_c_min: Annotated[float, Ge(5), Le(30)]
    """coldest room that is bearable"""
    interim_by: Literal["supplier", "customer"]
    """who brings mobile heat"""
    interim_h: Hours
    """hours until mobile heat is there"""


class CauseAllocation(Clause):
    """Who answers for which cause of an interruption."""

    number = "OUT-4"
    title = "Cause allocation"
    why = "an interruption without an answerable party would have no outcome"
    says = (
        "An interruption whose cause nobody knows is borne by the {unknown_borne_by}.",
        "The supplier bears those from: {supplier_bears}.",
        "The customer bears those from: {customer_bears}.",
        "The {proof_by} has to prove the cause.",
    )

    unknown_borne_by: Literal["supplier", "customer"]
    """who bears an interruption of unknown cause"""
    supplier_bears: Annotated[tuple[Text, ...], Field(max_length=40)]
    """causes that the supplier bears, such as "supplier's plant" """
    customer_bears: Annotated[tuple[Text, ...], Field(max_length=40)]
    """causes that the customer bears, such as "customer's plant" """
    proof_by: Literal["supplier", "customer", "party that relies on it"]
    """who has to prove the cause of an interruption"""


class ExcusedEvent(Part):
    """An event that excuses the supplier for a while."""

    says = ("{name}, for at most {lasting_h_max}, shown by {evidence}",)

    name: Text
    """what happens"""
    lasting_h_max: Annotated[float, Ge(0), Le(8784)]
    """hours for which it excuses; what lasts longer is borne by the supplier"""
    evidence: Text
    """what proves it"""


class ExcusedEvents(Clause):
    """What excuses the supplier; nothing else does."""

    number = "OUT-5"
    title = "Excused events"
    why = "only a closed list keeps credits and a minimum purchase calculable"
    says = (
        "These events excuse the supplier, and no others: {events}.",
        "The supplier has to {mitigation}.",
    )

    events: Annotated[tuple[ExcusedEvent, ...], Field(max_length=40)]
    """closed list of events; an empty list says that nothing excuses"""
    mitigation: Text
    """what the supplier has to do while such an event lasts, following "has to" """

    @model_validator(mode="after")
    def _each_once(self) -> "ExcusedEvents":
        names = [event.name for event in self.events]
        if len(names) != len(set(names)):
            raise ValueError("an excused event stands twice")
        return self


class OutageMessages(Clause):
    """Who tells whom of an outage."""

    number = "OUT-6"
    title = "Messages during an outage"
    why = "people who know when heat returns can wait for it"
    weight = Weight.MEDIUM
    says = ("The {told_by} tells {told_to} within {within_h}, by {channel}.",)

    told_by: Literal["supplier", "customer"]
    """who tells"""
    told_to: Text
    """who is told"""
    within_h: Hours
    """hours from the start of the outage"""
    channel: Text
    """how"""


class RepeatedFailure(Clause):
    """What happens when the promise is missed again and again."""

    number = "OUT-7"
    title = "Repeated failure"
    why = "credits alone do not mend a service"
    weight = Weight.MEDIUM
    says = (
        "When the promise is missed in {missed_months} of twelve, the customer may {consequence}.",
    )

    missed_months: Annotated[int, Ge(1), Le(12)]
    """months with a missed promise, of the last twelve"""
    consequence: Text
    """what the customer may then do, following "may" """
