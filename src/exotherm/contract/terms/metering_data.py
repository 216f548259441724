"""MET: the readings: how they are taken, kept, corrected, and replaced where missing."""

from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le
from pydantic import Field, model_validator

from exotherm.contract.terms.clause import (
    Clause,
    Days,
    Months,
    Part,
    Text,
    Texts,
    Weight,
    Years,
)
from exotherm.contract.terms.parties import first_twice

_SECONDS_PER_MINUTE = 60
_HOURS_PER_DAY = 24


class ReadingPlan(Clause):
    """Which reading closes a period."""

    number = "MET-4"
    title = "Reading plan"
    why = "the edges of a period decide the quantity"
    says = (
        "The meter is read every {interval_min}; its clock is wrong by at most {clock_s_max}.",
        (
            "The reading that counts for the edge of a period is the last one {cut_off} it, not"
            " older than {edge_gap_min_max}."
        ),
    )

    interval_min: Annotated[int, Ge(1), Le(60)]
    """minutes from one reading to the next"""
    cut_off: Literal["at or before"]
    """the reading that counts for an edge is the last one at or before it"""
    edge_gap_min_max: Annotated[int, Ge(0), Le(1440)]
    """oldest that reading may be, in minutes"""
    clock_s_max: Annotated[int, Ge(1), Le(3600)]
    """most that the clock behind the readings may be wrong"""

    @model_validator(mode="after")
    def _knows_its_interval(self) -> "ReadingPlan":
        if 2 * self.clock_s_max > self.interval_min * _SECONDS_PER_MINUTE:
            raise ValueError(
                "a clock that may be wrong by more than half an interval does not tell in which"
                " interval heat came"
            )
        return self


class DataAccess(Clause):
    """How readings come to both parties."""

    number = "MET-5"
    title = "Data route and access"
    why = "the customer has a right to its own consumption"
    weight = Weight.HIGH
    says = (
        (
            "The {read_by:supplier=supplier reads|customer=customer reads|third party=parties have"
            " a third party read} the meter {remote:yes=from afar|no=on the spot} by {route}, as"
            " {format}."
        ),
        "A reading is there for both parties within {latency_min}.",
        (
            "The customer finds all readings {customer_access},"
            " {charge_free:yes=free of charge|no=at the charge that TAR-14 lists}."
        ),
    )

    read_by: Literal["supplier", "customer", "third party"]
    """who reads the meter"""
    remote: bool
    """whether the meter is read from afar"""
    route: Text
    """way from the meter to the reader: bus, gateway, line"""
    format: Text
    """form in which readings are passed on"""
    latency_min: Annotated[int, Ge(1), Le(44_640)]
    """time from a reading until both parties have it"""
    customer_access: Annotated[
        tuple[
            Literal["on the meter's display", "on a web page", "in files", "by an interface"], ...
        ],
        Field(min_length=1, max_length=4),
    ]
    """where the customer finds the readings"""
    charge_free: bool
    """whether the customer pays nothing for them"""

    @model_validator(mode="after")
    def _each_way_once(self) -> "DataAccess":
        twice = first_twice(self.customer_access)
        if twice is not None:
            raise ValueError(f"the access {twice} stands twice")
        return self


class ErrorCorrection(Clause):
    """What a wrong measurement is replaced by, and how far back."""

    number = "MET-8"
    title = "Error correction"
    why = "an error that is found late is money that somebody owes"
    says = (
        (
            "A quantity that was measured wrong is corrected by the first of these methods that"
            " can be used: {methods}."
        ),
        (
            "The correction goes back to where the error began, but at most {months_max}, and at"
            " most {unknown_start_months} where nobody knows when it began."
        ),
        (
            "It leads to {settles:refund and back-charge=a refund or to a back-charge|refund"
            " only=a refund, never to a back-charge}."
        ),
    )

    methods: Annotated[
        tuple[
            Literal[
                "measured error",
                "check meter",
                "same period last year",
                "mean of the periods before and after",
                "agreed estimate",
            ],
            ...,
        ],
        Field(min_length=1, max_length=5),
    ]
    """methods, the first that can be used counts"""
    months_max: Annotated[Months, Ge(1)]
    """months for which an error is corrected at most"""
    unknown_start_months: Annotated[Months, Ge(1)]
    """months for which it is corrected at most where its beginning is not known"""
    settles: Literal["refund and back-charge", "refund only"]
    """in which direction an error is settled"""

    @model_validator(mode="after")
    def _is_a_ladder(self) -> "ErrorCorrection":
        twice = first_twice(self.methods)
        if twice is not None:
            raise ValueError(f"the method {twice} stands twice")
        if self.unknown_start_months > self.months_max:
            raise ValueError(
                "an error whose beginning is unknown is corrected further back than one whose"
                " beginning is known"
            )
        return self


RungMethod = Literal[
    "register",
    "check meter",
    "same period last year",
    "mean of the periods before and after",
    "agreed estimate",
]
"""What a long gap is filled by."""


class Rung(Part):
    """A rung of the ladder: what fills a gap, and how long a one."""

    says = (
        (
            "{method:register=the register itself|check meter=the check meter (MET-11)"
            "|same period last year=the same period of the year before"
            "|mean of the periods before and after=the mean of the periods before and after"
            "|agreed estimate=an estimate that both parties agree on} for at most {days_max}"
        ),
    )

    method: RungMethod
    """what fills the gap"""
    days_max: Annotated[Days, Ge(1)]
    """longest gap that is filled so"""


class MissingData(Clause):
    """What is billed when readings are missing inside a period."""

    number = "MET-9"
    title = "Missing-data ladder"
    why = "a gap must not stop the bill, nor be filled by guess"
    says = (
        (
            "Through a gap of at most {gap_h_max} {bridge:register=the register runs on, so its"
            " heat is known from both ends}; a longer one stops the bill until a person has looked."
        ),
        "It is then filled by the first of these that can be had: {rungs}.",
        "That needs the approval of {approval}.",
        (
            "What was filled {replaced_by:actual reading=is always replaced once there is an"
            " actual reading}."
        ),
    )

    bridge: Literal["register"]
    """the register runs on through a gap, so the energy of a gap is known from its two ends"""
    gap_h_max: Annotated[float, Gt(0), Le(8784)]
    """longest gap that is bridged; a longer one stops the bill until a person has looked"""
    rungs: Annotated[tuple[Rung, ...], Field(min_length=1, max_length=10)]
    """what fills a longer gap, from the best evidence to the weakest"""
    approval: Literal["both parties", "the customer", "the supplier"]
    """who has to approve what fills a longer gap"""
    replaced_by: Literal["actual reading"]
    """what replaces it in the end, always"""

    @model_validator(mode="after")
    def _goes_on_where_the_bridge_ends(self) -> "MissingData":
        longest_h = _HOURS_PER_DAY * max(rung.days_max for rung in self.rungs)
        if longest_h <= self.gap_h_max:
            raise ValueError("no rung fills a gap that is longer than those the register bridges")
        return self


class Retention(Clause):
    """How long readings and invoices are kept, and for what."""

    number = "MET-14"
    title = "Retention and privacy"
    why = "what is gone proves nothing, and what is kept too long is a breach"
    weight = Weight.HIGH
    says = (
        (
            "Readings are kept for {readings_years} and invoices for {invoices_years}, for these"
            " purposes and no others: {purposes}."
        ),
        "Within {deletion_days} after that they are {then}.",
    )

    readings_years: Years
    """years for which readings are kept"""
    invoices_years: Years
    """years for which invoices are kept, as tax law wants it"""
    purposes: Texts
    """closed list of what they are kept for"""
    deletion_days: Days
    """days within which they are gone after that"""
    then: Literal["deleted", "made anonymous"]
    """what happens to them"""
