"""BIL: how a bill is estimated and put right, and how far back."""

from typing import Annotated, Literal

from annotated_types import Ge, Le
from pydantic import Field, model_validator

from exotherm.contract.terms.clause import (
    Clause,
    Days,
    Months,
    Part,
    Text,
)
from exotherm.contract.terms.parties import first_twice

EstimateReason = Literal["no reading", "no access", "meter fault", "verification expired"]
"""Why a bill may be estimated."""


class Estimates(Clause):
    """When a bill may be estimated, and how an estimate ends."""

    number = "BIL-4"
    title = "Estimates and true-up"
    why = "an estimate without an end is a price that somebody made up"
    says = (
        "A bill may be estimated, by the ladder of MET-9, only for: {allowed_when}.",
        (
            "At most {consecutive_max} estimated bills follow each other; 0 means that no bill is"
            " estimated."
        ),
        (
            "An estimate is marked as one, never exceeds what the {capped_by} allows, and is"
            " corrected within {corrected_days} of that reading."
        ),
    )

    allowed_when: Annotated[tuple[EstimateReason, ...], Field(max_length=4)] = ()
    """reasons for an estimate; left out where no bill is ever estimated"""
    consecutive_max: Annotated[int, Ge(0), Le(36)]
    """most estimated bills in a row; 0 where no bill is ever estimated"""
    capped_by: Literal["next actual reading"]
    """what an estimate never exceeds"""
    corrected_days: Days
    """days from that reading until the estimate is corrected"""

    @model_validator(mode="after")
    def _has_a_reason(self) -> "Estimates":
        twice = first_twice(self.allowed_when)
        if twice is not None:
            raise ValueError(f"the reason {twice} stands twice")
        if bool(self.allowed_when) != (self.consecutive_max > 0):
            raise ValueError(
                "reasons for an estimate belong to bills that may be estimated, and only to them"
            )
        return self


class Corrections(Clause):
    """How a wrong bill is put right."""

    number = "BIL-6"
    title = "Corrections"
    why = "what was sent is never changed, so a mistake needs a paper of its own"
    says = (
        (
            "A wrong invoice is corrected by {by:credit note and new invoice=a credit note and a"
            " new invoice}, within {within_days} after it is found out."
        ),
        "Both papers belong to the {period} and name the invoice that they correct.",
        "They are numbered like this: {numbering}.",
    )

    by: Literal["credit note and new invoice"]
    """papers that correct a bill; an e-invoice of one month cannot carry a line of another"""
    period: Literal["original period"]
    """period to which they belong"""
    within_days: Days
    """days to correct a bill after the mistake is found out"""
    numbering: Text
    """how credit notes and new invoices are numbered"""


LookBackCause = Literal[
    "meter error",
    "billing error",
    "estimate",
    "missing readings",
    "late bill",
    "tampering",
]
"""Why a bill is corrected later."""


class LookBackLimit(Part):
    """How far back bills are corrected for one cause, each way."""

    says = (
        (
            "For {cause:meter error=an error of the meter|billing error=an error of the bill"
            "|estimate=an estimate|missing readings=missing readings|late bill=a bill that came"
            " late|tampering=tampering} at most {back_charge_months} are charged later and at most"
            " {refund_months} refunded."
        ),
    )

    cause: LookBackCause
    """why a bill is corrected"""
    back_charge_months: Months
    """months for which the supplier may charge later; 0 where it may not"""
    refund_months: Months
    """months for which the customer gets money back"""


class LookBack(Clause):
    """How far back bills are corrected."""

    number = "BIL-7"
    title = "Look-back limits"
    why = "without a limit no bill is ever final"
    says = ("{limits}",)

    limits: Annotated[tuple[LookBackLimit, ...], Field(min_length=1, max_length=6)]
    """limits by cause, in months before the mistake was found out"""

    @model_validator(mode="after")
    def _each_cause_once(self) -> "LookBack":
        twice = first_twice(limit.cause for limit in self.limits)
        if twice is not None:
            raise ValueError(f"the cause {twice} has two limits")
        return self

    @property
    def months_max(self) -> int:
        """The longest look-back of all, in either direction."""
        return max(max(one.back_charge_months, one.refund_months) for one in self.limits)

    def limit_of(self, cause: LookBackCause) -> LookBackLimit | None:
        """Give the limit for a cause, or None where the parties set none."""
        return next((limit for limit in self.limits if limit.cause == cause), None)
