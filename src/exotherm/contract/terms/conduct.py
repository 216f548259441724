"""LEG-10 to LEG-20: which law holds, how the parties behave, what the customer has a right to."""

from datetime import date
from typing import Annotated, Literal

from annotated_types import Ge, Le
from pydantic import Field, StringConstraints, model_validator

from exotherm.contract.terms.clause import (
    Clause,
    CountryCode,
    Days,
    Fraction,
    Hours,
    Need,
    Text,
    Texts,
    Weight,
)
from exotherm.contract.terms.parties import Sha256


class Safety(Clause):
    """Who answers for safety and hygiene."""

    number = "LEG-10"
    title = "Safety and hygiene"
    why = "somebody gets hurt where nobody is in charge"
    weight = Weight.HIGH
    says = (
        (
            "For the supplier {supplier_office} answers for safety, for the customer"
            " {customer_office}."
        ),
        "Water hygiene follows this plan: {hygiene_plan}.",
        "The plan is reviewed every {reviewed_months}.",
        (
            "In danger either of them {may_stop:yes=may stop the plant at once"
            "|no=has to ask the other before stopping the plant}."
        ),
    )

    supplier_office: Text
    """office that answers for the supplier; no person, since persons change"""
    customer_office: Text
    """office that answers for the customer"""
    hygiene_plan: Text
    """plan against legionella, or why none is needed"""
    reviewed_months: Annotated[int, Ge(1), Le(120)]
    """months from one review of the plan to the next"""
    may_stop: bool
    """whether either may stop the plant in danger without asking"""


DataRole = Literal["controller", "joint controller", "processor", "no role"]


class DataProtection(Clause):
    """Who may use readings, and who answers for personal data in them."""

    number = "LEG-11"
    title = "Data protection and security"
    why = "readings of a home tell how people live"
    weight = Weight.MEDIUM
    says = (
        (
            "For personal data the supplier is {supplier_role:controller=the controller"
            "|joint controller=a joint controller|processor=the processor|no role=without a role}"
            " and the customer is {customer_role:controller=the controller"
            "|joint controller=a joint controller|processor=the processor|no role=without a role}."
        ),
        "Readings are used for these purposes and no others: {uses}.",
        "These measures protect them: {security}.",
        "A breach is reported to the other party within {breach_h}.",
    )

    supplier_role: DataRole
    """supplier's role under data protection law"""
    customer_role: DataRole
    """customer's role under data protection law"""
    uses: Texts
    """closed list of what readings are used for"""
    security: Text
    """measures that protect plant and data"""
    breach_h: Hours
    """hours to report a breach to the other party"""

    @model_validator(mode="after")
    def _roles_fit(self) -> "DataProtection":
        roles = {self.supplier_role, self.customer_role}
        if "processor" in roles and "controller" not in roles:
            raise ValueError("a processor works for a controller, and here neither party is one")
        if "joint controller" in roles and len(roles) > 1:
            raise ValueError("joint controllers are two, and here one party is another thing")
        return self


class Disputes(Clause):
    """How a dispute is decided."""

    number = "LEG-12"
    title = "Disputes"
    why = "a dispute without a way out ends the business"
    weight = Weight.HIGH
    says = (
        "A dispute first goes to {escalation}, for {escalation_days}.",
        "Questions of measuring and counting are decided by {expert}.",
        "Settlement out of court begins like this: {adr}.",
        "What is then still open is decided by {final:courts=the courts|arbitration=arbitration}.",
        (
            "Heat and payments that are not disputed"
            " {service_goes_on:yes=go on|no=may be held back}"
            " meanwhile."
        ),
    )

    escalation: Text
    """offices of both parties that try to settle first"""
    escalation_days: Days
    """days for that"""
    expert: Text
    """expert, or who names one"""
    adr: Text
    """how settlement out of court is begun, and with whom"""
    final: Literal["courts", "arbitration"]
    """who decides in the end; the place is that of LEG-13"""
    service_goes_on: bool
    """whether heat and undisputed payments go on meanwhile"""


class GoverningLaw(Clause):
    """Which law, language and courts hold."""

    number = "LEG-13"
    title = "Law, language and jurisdiction"
    why = "the same words mean another thing under another law"
    weight = Weight.HIGH
    says = (
        "The contract is under {law} ({country}).",
        "Its binding language is {language}.",
        "The place of jurisdiction is {courts}.",
    )

    country: CountryCode
    """country of that law, code of ISO 3166"""
    law: Text
    """law in words, such as the law of Scotland"""
    language: Annotated[str, StringConstraints(min_length=2, max_length=40)]
    """language whose text binds"""
    courts: Text
    """place of the courts or of arbitration"""


class Paper(Clause):
    """The contract itself: which paper, which version, and how it is changed."""

    number = "LEG-14"
    title = "Contract and version"
    why = "every bill says which version of which contract it follows"
    says = (
        "This is version {version} of contract {reference}; it holds from {effective_on}.",
        "It is changed in {amended_in}, and each change makes a new version.",
        "The version before it has the SHA-256 {previous_hash}.",
    )

    reference: str = Field(min_length=1, max_length=40)
    """number of the contract, as both parties file it"""
    version: Annotated[int, Ge(1)]
    """version of these terms; a change makes a new one"""
    effective_on: date
    """first day on which this version holds"""
    amended_in: Text
    """form that a change needs: writing, signed by both parties"""
    previous_hash: Sha256 | None = None
    """SHA-256 of the version before, in hexadecimal digits; version 1 has none"""

    @model_validator(mode="after")
    def _follows_the_version_before(self) -> "Paper":
        if self.version == 1 and self.previous_hash is not None:
            raise ValueError("version 1 has no version before it, so `previous_hash` is left out")
        if self.version > 1 and self.previous_hash is None:
            raise ValueError(
                f"version {self.version} follows another, so `previous_hash` has to name it"
            )
        return self


class Disconnection(Clause):
    """When a household may be cut off."""

    number = "LEG-15"
    title = "Disconnection"
    why = "a home without heat harms people"
    weight = Weight.HIGH
    needed = Need.HOMES
    says = (
        "The supplier may cut heat off for: {grounds}.",
        "It says so {notice_days} before.",
        (
            "People who are vulnerable {vulnerable_protected:yes=are never cut off"
            "|no=may be cut off as well}."
        ),
        "Heat is back within {reconnection_h} after the ground is gone.",
    )

    grounds: Texts
    """closed list of grounds"""
    notice_days: Days
    """days of notice before heat is cut off"""
    vulnerable_protected: bool
    """whether people who are vulnerable are never cut off"""
    reconnection_h: Hours
    """hours until heat is back"""


class Complaints(Clause):
    """Where a customer complains and what the customer's rights are."""

    number = "LEG-16"
    title = "Complaints and consumer rights"
    why = "law wants these words in a household's contract"
    weight = Weight.HIGH
    needed = Need.HOMES
    says = (
        "Complaints: {procedure}.",
        "They go to {contacts} and are answered within {answer_days}.",
        "A customer who is not content after {ombudsman_days} may turn to {ombudsman}.",
        "The customer's rights stand here: {rights}.",
    )

    procedure: Text
    """how a complaint is made and handled, as bill and website say it"""
    contacts: Texts
    """where complaints and questions go"""
    answer_days: Days
    """days until a complaint is answered"""
    ombudsman: Text | None = None
    """body outside of the supplier that decides then; left out where there is none"""
    ombudsman_days: Days | None = None
    """days after a complaint from which that body may be asked"""
    rights: Text
    """where bill or website tells the customer's rights"""

    @model_validator(mode="after")
    def _ombudsman_has_a_clock(self) -> "Complaints":
        if (self.ombudsman is None) != (self.ombudsman_days is None):
            raise ValueError("an ombudsman and the days until one may be asked go together")
        return self


class IncludedMaintenance(Clause):
    """Which upkeep is part of the price."""

    number = "LEG-17"
    title = "Included maintenance"
    why = "the customer would pay for upkeep twice"
    weight = Weight.MEDIUM
    says = ("This upkeep is part of the price: {works}.",)

    works: Texts
    """upkeep at no extra charge"""


class CapacityChange(Clause):
    """How the customer may ask for less capacity."""

    number = "LEG-18"
    title = "Capacity change right"
    why = "German law lets the customer reduce capacity"
    weight = Weight.MEDIUM
    needed = Need.GERMANY
    says = (
        (
            "Once in a year the customer may reduce the capacity by up to {cut_frac_max},"
            " announced {notice_days} before."
        ),
        (
            "For heat from renewable sources the customer"
            " {renewables_free:yes=may reduce it further or end the contract"
            "|no=has no further right}."
        ),
    )

    cut_frac_max: Fraction
    """share of the capacity by which it may be reduced in a year"""
    notice_days: Days
    """days of notice"""
    renewables_free: bool
    """whether the customer may reduce further, or end it, to use renewable sources"""


class Procurement(Clause):
    """On what basis a public body may sign."""

    number = "LEG-19"
    title = "Procurement, subsidy and state aid"
    why = "a contract that was not tendered may be void"
    weight = Weight.MEDIUM
    needed = Need.PUBLIC
    says = (
        "The customer awards the contract by {procedure}, on the basis of {legal_basis}.",
        "Public money in it: {subsidies}.",
        "State aid: {state_aid}.",
    )

    procedure: Text
    """kind of award"""
    legal_basis: Text
    """law and section that allow it"""
    subsidies: Text
    """grants and who receives them, or that there are none"""
    state_aid: Text
    """why there is no state aid, or what allows it"""


class PerformanceReport(Clause):
    """What the supplier reports on its service."""

    number = "LEG-20"
    title = "Performance report"
    why = "a promise is kept where somebody shows it"
    weight = Weight.MEDIUM
    says = (
        "The supplier reports for each {each}, within {deadline_days} after its end, on {content}.",
        "Without the report {if_missing}.",
    )

    each: Literal["calendar month", "quarter", "calendar year"]
    """what one report covers"""
    content: Texts
    """what it tells"""
    deadline_days: Days
    """days after the end until it is there"""
    if_missing: Literal[
        "availability of that time counts as failed",
        "the standing fee is not due until it is there",
        "nothing follows",
    ]
    """what follows where it is not there in time"""
