"""LEG-1 to LEG-9: how the contract runs and ends, and who bears law, damage and insurance."""

from datetime import date, timedelta
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le
from pydantic import Field, model_validator

from exotherm.contract.terms.clause import (
    Clause,
    Days,
    Fraction,
    Months,
    Part,
    Price,
    Text,
    Texts,
    Weight,
    Years,
)
from exotherm.contract.terms.parties import first_twice


class Term(Clause):
    """How long the contract runs."""

    number = "LEG-1"
    title = "Term and renewal"
    why = "obligations begin and end"
    says = (
        "The contract runs from {starts_on} to {ends_on}, both days included.",
        "Either party may end it on that day with {notice_months} of notice.",
        "Without notice it runs on for {renews_months} at a time; 0 months mean that it ends.",
    )

    starts_on: date = Field(ge=date(1990, 1, 1))
    """first day"""
    ends_on: date = Field(le=date(2199, 12, 31))
    """last day; a term without end has its first possible end here"""
    notice_months: Months
    """months of notice before the end"""
    renews_months: Months
    """months for which it runs on without notice, again and again; 0 where it ends"""

    @model_validator(mode="after")
    def _runs_forward(self) -> "Term":
        if self.ends_on <= self.starts_on:
            raise ValueError("the term ends on or before the day it starts")
        if 0 < self.renews_months < self.notice_months:
            raise ValueError("the notice is longer than a renewal, so nobody could end one")
        return self

    @property
    def length_months(self) -> int:
        """Months that the term has begun when it ends, counted from its first day."""
        after = self.ends_on + timedelta(days=1)
        months = 12 * (after.year - self.starts_on.year) + after.month - self.starts_on.month
        return months + (after.day > self.starts_on.day)


class TerminationEvents(Clause):
    """Why a party may end the contract early."""

    number = "LEG-2"
    title = "Termination events"
    why = "heat could stop from one day to the next"
    weight = Weight.HIGH
    says = (
        "The supplier may end the contract early for: {supplier_grounds}.",
        "The customer may end it early for: {customer_grounds}.",
        "Who can mend the ground has {cure_days} after a notice to do so.",
        (
            "The supplier announces that the servers leave the site {site_closure_months} before;"
            " it then counts as {site_closure_is}."
        ),
    )

    supplier_grounds: Texts
    """grounds on which the supplier may end it"""
    customer_grounds: Texts
    """grounds on which the customer may end it"""
    cure_days: Days
    """days to mend a ground after notice of it"""
    site_closure_months: Months
    """months of notice before the servers leave the site"""
    site_closure_is: Literal["ended by the supplier", "ended without fault"]
    """how the contract then counts as ended, for the termination payment (LEG-3)"""


class TerminationPayment(Clause):
    """What is paid where the contract ends early."""

    number = "LEG-3"
    title = "Termination payment"
    why = "somebody is left with a plant or without heat"
    weight = Weight.HIGH
    says = (
        (
            "The plant cost {investment_amount} and is written off in equal months over"
            " {write_off_years}; what is left of it is its residual value."
        ),
        (
            "A customer who ends the contract, or gives the ground for its end, pays"
            " {customer_pays_frac} of the residual value."
        ),
        (
            "A supplier who does so pays what heat from elsewhere costs more,"
            " for {supplier_pays_months} and at most {supplier_pays_amount_max}."
        ),
        "In words: {formula}.",
        "Payment is due {due_days} after the end and counts as {nature}.",
    )

    investment_amount: Annotated[Price, Ge(0)]
    """net cost of the plant after grants, on the first day of the term"""
    write_off_years: Years
    """years over which that falls to nought in equal months"""
    customer_pays_frac: Fraction
    """share of the residual value that the customer pays"""
    supplier_pays_months: Months
    """months for which the supplier pays the extra cost of other heat"""
    supplier_pays_amount_max: Annotated[Price, Ge(0)]
    """most that the supplier pays for it"""
    formula: Text
    """the same in words, with what happens to the plant"""
    due_days: Days
    """days from the end until it is due"""
    nature: Literal["damages without VAT", "a supply with VAT"]
    """what the payment is for VAT"""


class StepIn(Clause):
    """Who goes on delivering where the supplier cannot."""

    number = "LEG-4"
    title = "Step-in, continuity and insolvency"
    why = "an insolvent supplier's customer would freeze"
    weight = Weight.HIGH
    says = (
        "In these cases somebody else may step in: {triggers}.",
        "Then {substitute} may operate the plant.",
        "The supplier hands over {handed_over}, within {handover_days}.",
    )

    triggers: Texts
    """cases in which somebody else may step in"""
    substitute: Text
    """who may step in"""
    handed_over: Texts
    """what is handed over: plant, meter, keys, data"""
    handover_days: Days
    """days until it is handed over"""


class Assignment(Clause):
    """How another company or occupier takes over the contract."""

    number = "LEG-5"
    title = "Assignment and change of occupier"
    why = "the last bill of who leaves would never come"
    weight = Weight.MEDIUM
    says = (
        (
            "A party may pass the contract on"
            " {consent:needed=with the other's consent only"
            "|not needed within a group=without consent within its group and with consent otherwise"
            "|not needed=without the other's consent}, announced {notice_days} before."
        ),
        (
            "When the occupier changes, the meter is read within {run_off_reading_days} and who"
            " leaves gets a final bill."
        ),
        (
            "Who leaves {leaver_liable:yes=stays liable until a successor has entered"
            "|no=is free from the day of leaving}."
        ),
    )

    consent: Literal["needed", "not needed within a group", "not needed"]
    """whether the other party has to agree"""
    notice_days: Days
    """days of notice before the contract is passed on"""
    run_off_reading_days: Days
    """days from a change of occupier until the meter is read"""
    leaver_liable: bool
    """whether who leaves stays liable until somebody has entered"""


Reopener = Literal["heat zoning", "carbon price", "VAT", "metering law", "price regulation"]


class ChangeInLaw(Clause):
    """Who bears what a new law costs."""

    number = "LEG-6"
    title = "Change in law"
    why = "a new levy could ruin one of the two"
    weight = Weight.HIGH
    says = (
        (
            "What a change in law costs is borne {borne_by:supplier=by the supplier"
            "|customer=by the customer|equal shares=by both in equal shares}."
        ),
        "Either party may ask for new terms where the change concerns {reopeners}.",
        "Without agreement in {negotiation_days} {then}.",
    )

    borne_by: Literal["supplier", "customer", "equal shares"]
    """who bears the cost until new terms are agreed"""
    reopeners: tuple[Reopener, ...] = Field(default=(), max_length=5)
    """changes for which new terms may be asked; left out where for none"""
    negotiation_days: Days
    """days to agree on new terms"""
    then: Literal["the expert decides", "either party may end the contract", "the terms stay"]
    """what happens without agreement; the expert is that of LEG-12"""

    @model_validator(mode="after")
    def _names_each_once(self) -> "ChangeInLaw":
        twice = first_twice(self.reopeners)
        if twice is not None:
            raise ValueError(f"{twice} stands twice among the changes")
        return self


class Liability(Clause):
    """Up to what a party is liable."""

    number = "LEG-7"
    title = "Liability"
    why = "without a limit neither party knows its exposure"
    weight = Weight.HIGH
    says = (
        (
            "The supplier is liable for up to {supplier_amount_max} and the customer for up to"
            " {customer_amount_max},"
            " {per:year=in each year of the contract|term=in the whole term}."
        ),
        "No limit holds for {carve_outs}.",
        "Law sets this floor, which no clause goes below: {statutory_floor}.",
        "A damage below {damage_amount_min} is not paid.",
    )

    supplier_amount_max: Annotated[Price, Ge(0)]
    """most that the supplier is liable for"""
    customer_amount_max: Annotated[Price, Ge(0)]
    """most that the customer is liable for, beside the price of heat"""
    per: Literal["year", "term"]
    """for what time each limit holds"""
    carve_outs: Texts
    """what no limit holds for"""
    statutory_floor: Text
    """liability that law does not let the parties limit"""
    damage_amount_min: Annotated[Price, Gt(0)] | None = None
    """damage below which nothing is paid; left out where every damage counts"""


Damaged = Literal["supplier", "customer", "causer"]


class Indemnities(Clause):
    """Who makes good which damage of the other or of others."""

    number = "LEG-8"
    title = "Indemnities"
    why = "water on servers and servers without cooling are nobody's damage otherwise"
    weight = Weight.HIGH
    says = (
        (
            "Damage by water is made good by {water_damage:supplier=the supplier"
            "|customer=the customer|causer=who caused it}."
        ),
        (
            "Loss of data or of computing is made good by {data_loss:supplier=the supplier"
            "|customer=the customer|causer=who caused it}."
        ),
        (
            "Claims of others are met by {third_parties:supplier=the supplier"
            "|customer=the customer|causer=who caused them}."
        ),
        "A claim is announced within {claim_days} after it is known.",
    )

    water_damage: Damaged
    """who makes good damage by water from plant or pipes"""
    data_loss: Damaged
    """who makes good lost data and lost computing"""
    third_parties: Damaged
    """who meets the claims of others"""
    claim_days: Days
    """days to announce a claim after it is known"""


class Policy(Part):
    """An insurance that a party keeps."""

    says = (
        (
            "{insured:supplier=The supplier keeps|customer=The customer keeps"
            "|both=Each party keeps}"
            " {kind} for at least {sum_amount}, shown by {evidence_on}."
        ),
    )

    kind: Text
    """kind of insurance"""
    insured: Literal["supplier", "customer", "both"]
    """who keeps it and is insured by it"""
    sum_amount: Annotated[Price, Gt(0)]
    """smallest sum insured for one damage"""
    evidence_on: date
    """day by which the policy is shown"""


class Insurance(Clause):
    """Which insurance each party keeps."""

    number = "LEG-9"
    title = "Insurance"
    why = "an indemnity is worth what stands behind it"
    weight = Weight.HIGH
    says = ("{policies}", "The evidence is renewed every {renewed_months}.")

    policies: tuple[Policy, ...] = Field(min_length=1, max_length=20)
    """insurances"""
    renewed_months: Annotated[int, Ge(1), Le(120)]
    """months after which the evidence is shown anew"""
