"""BIL: the bill: what it covers and shows, how it is rounded, split and ended, who writes it.

How it is put right stands in ``corrections``, how it is taxed and paid in ``payment``.
"""

from decimal import Decimal
from typing import Annotated, Literal

from annotated_types import Ge, Le
from pydantic import Field, model_validator

from exotherm.contract.terms.clause import (
    Clause,
    Days,
    Months,
    Need,
    Price,
    Text,
    Weight,
)
from exotherm.contract.terms.parties import PackName, first_twice
from exotherm.core.money import RoundingRule


class BillingPeriod(Clause):
    """What one invoice covers."""

    number = "BIL-1"
    title = "Period and cut-off"
    why = "every quantity belongs to a period"
    says = (
        (
            "An invoice covers a {each}, from the first instant of its first day to the last of"
            " its last day by the contract's clock (CAL-1), or the part of it that the term covers."
        ),
    )

    each: Literal["calendar month"]
    """an invoice covers a calendar month of the contract's clock"""


Shown = Literal[
    "readings at both edges",
    "unit prices",
    "fees on lines of their own",
    "service credits with their reasons",
    "meter error in money",
    "comparison with the year before",
    "energy mix and emissions",
    "taxes and levies",
    "where to complain",
]
"""Something that a bill shows beside its sum."""


class BillContent(Clause):
    """What a bill shows."""

    number = "BIL-2"
    title = "Bill content profile"
    why = "law wants some of it, and the customer the rest"
    weight = Weight.HIGH
    says = (
        "A bill has the content that the rule pack {profile} prescribes.",
        "It shows {shows}.",
    )

    profile: PackName | None = None
    """rule pack whose content it has; left out where no law prescribes any"""
    shows: Annotated[tuple[Shown, ...], Field(min_length=1, max_length=9)]
    """what every bill shows"""

    @model_validator(mode="after")
    def _each_once(self) -> "BillContent":
        twice = first_twice(self.shows)
        if twice is not None:
            raise ValueError(f"{twice} stands twice in the content of a bill")
        return self


class BillFrequency(Clause):
    """How often the customer gets a bill, and word of its consumption."""

    number = "BIL-3"
    title = "Frequency"
    why = "a customer who hears of its consumption once a year cannot change it"
    weight = Weight.HIGH
    says = (
        "A bill follows {bill:each billing period=each billing period} within {invoice_days}.",
        (
            "The customer is told its consumption {information_by}, with {information_months} from"
            " one time to the next, {charge_free:yes=free of charge|no=at the charge that TAR-14"
            " lists}."
        ),
    )

    bill: Literal["each billing period"]
    """how often a bill is made (BIL-1)"""
    invoice_days: Days
    """days from the end of the period until the bill is made"""
    information_months: Annotated[Months, Ge(1), Le(12)]
    """months from one information on consumption to the next"""
    information_by: Literal["on the bill", "on a web page", "by e-mail"]
    """how the customer is told"""
    charge_free: bool
    """whether bills and information cost nothing"""


class Rounding(Clause):
    """How amounts become coins."""

    number = "BIL-8"
    title = "Rounding policy"
    why = "cents decide disputes"
    says = (
        "Half a coin goes {rule:half-up=away from nought|half-even=to the even coin}.",
        (
            "{lines:each line=Each line is rounded}, totals are sums of lines,"
            " and VAT is rounded {vat:once per rate=once on the sum of each rate}."
        ),
        (
            "Where an amount is split, the parts are rounded {parts:by running totals=by running"
            " totals, so that they sum to the whole}."
        ),
    )

    rule: RoundingRule
    """what happens to half a coin; each line is rounded, totals are sums of lines"""
    lines: Literal["each line"]
    """which amounts are rounded first"""
    vat: Literal["once per rate"]
    """where VAT is rounded"""
    parts: Literal["by running totals"]
    """how parts of an amount are rounded"""


TimeBasis = Literal["hours", "days", "degree-days"]
"""What an amount is split by where something changes within a period."""


class Proration(Clause):
    """How an amount is split where something changes within a period."""

    number = "BIL-12"
    title = "Proration"
    why = "a change in the middle of a month has to fall on one side or the other"
    says = (
        "Where the term covers a part of a period, fees count by its {term_edge}.",
        "Where a price changes within a period, heat is split by {price_change}.",
        "Where the rate of VAT changes within a period, amounts are split by {vat_change}.",
        (
            "Where the meter is exchanged, heat is split by the {meter_exchange:registers=registers"
            " of both meters}."
        ),
        "Degree-days are counted from the outdoor temperature of {degree_day_station}.",
        "Where the capacity changes within a period, fees for it are split by {capacity_change}.",
    )

    term_edge: Literal["hours", "days"]
    """how fees are split where the term begins or ends within a period"""
    price_change: TimeBasis
    """how heat is split where a price changes within a period"""
    vat_change: TimeBasis
    """how amounts are split where the rate of VAT changes within a period"""
    degree_day_station: Text | None = None
    """whose outdoor temperature counts, where something is split by degree-days"""
    meter_exchange: Literal["registers"]
    """how heat is split where the meter is exchanged"""
    capacity_change: Literal["hours", "days"] | None = None
    """how fees are split where the capacity changes; left out where it never does so in a period"""


class FinalBill(Clause):
    """How the last bill is made."""

    number = "BIL-14"
    title = "Final bill"
    why = "who leaves wants to be quit"
    weight = Weight.HIGH
    says = (
        (
            "At the end the meter is read {reading:by both parties=by both parties on the last day"
            "|from afar=from afar at the last midnight}."
        ),
        (
            "The final bill follows within {deadline_days}, and what was paid too much comes back"
            " within {refund_days} after it."
        ),
    )

    reading: Literal["by both parties", "from afar"]
    """how the last reading is taken"""
    deadline_days: Days
    """days from the last day until the final bill"""
    refund_days: Days
    """days from the final bill until what was paid too much comes back"""


class SelfBilling(Clause):
    """How the customer, or an agent, writes the supplier's invoices."""

    number = "BIL-16"
    title = "Agent or self-billing"
    why = "an invoice that somebody else writes still binds the supplier"
    weight = Weight.HIGH
    needed = Need.USED
    says = (
        "The {issued_by} writes the invoices, by this mandate: {mandate}.",
        "They are numbered like this: {numbering}.",
        "The supplier may object to one within {objection_days}; after that it counts as its own.",
    )

    issued_by: Literal["customer", "agent"]
    """who writes the invoices in the supplier's name"""
    mandate: Text
    """agreement that allows it, with its date"""
    numbering: Text
    """series of numbers that it uses"""
    objection_days: Days
    """days for the supplier to object"""


class SmallBalances(Clause):
    """What happens to sums that are not worth a transfer."""

    number = "BIL-17"
    title = "Small balances"
    why = "a transfer may cost more than it moves"
    weight = Weight.LOW
    says = (
        (
            "A balance below {balance_amount_min} is {carry:carried to the next bill=carried to the"
            " next bill|waived=waived}; on the final bill it is"
            " {at_end:settled=settled|waived=waived}."
        ),
    )

    balance_amount_min: Annotated[Price, Ge(Decimal(0))]
    """smallest balance that is paid at once; 0 where every balance is"""
    carry: Literal["carried to the next bill", "waived"]
    """what happens to a smaller one"""
    at_end: Literal["settled", "waived"]
    """what happens to it on the final bill"""
