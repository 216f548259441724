"""CRD: what the customer gets back when the promise is missed."""

from decimal import Decimal
from typing import Annotated, Literal

from annotated_types import Ge
from pydantic import Field, StringConstraints

from exotherm.contract.terms.clause import (
    Clause,
    Days,
    Fraction,
    Months,
    Need,
    Part,
    Price,
    Text,
    Weight,
)

ClauseNumber = Annotated[
    str, StringConstraints(pattern=r"^(PAR|BND|OWN|HEAT|QOS|CAL|OUT|FBK|MET|BIL|LEG)-\d{1,2}$")
]


class CreditBand(Part):
    """A step of the service credit."""

    says = ("Below {available_frac_below} availability {credit_frac} are credited.",)

    available_frac_below: Fraction
    """the band applies where availability is below this"""
    credit_frac: Fraction
    """share of the base that is credited"""


class ServiceCredit(Clause):
    """What the customer gets back when the promise is missed."""

    number = "CRD-1"
    title = "Credit schedule"
    why = "a promise without a consequence is none"
    says = (
        (
            "Where the promise of a month is missed, a share of the {base:standing fee=standing"
            " fee|bill without credit=bill, as it is summed up to there (TAR-4),} is credited."
        ),
        "{bands} The lowest band that applies counts.",
    )

    bands: Annotated[tuple[CreditBand, ...], Field(min_length=1, max_length=20)]
    """steps; the lowest one that applies counts"""
    base: Literal["standing fee", "bill without credit"]
    """what the credit is a share of"""


class CreditLimits(Clause):
    """How much may be credited at most."""

    number = "CRD-2"
    title = "Limits of credits"
    why = "without them a bill could become negative"
    weight = Weight.HIGH
    says = (
        "The credits of a month are at most {month_frac_max} of their base.",
        (
            "Those of a contract year are at most {year_frac_max} of the bases of its months so"
            " far; what that holds back is credited as soon as there is room in the year."
        ),
        "A credit above the bill is {above_bill:lost=lost|paid out=paid out}.",
    )

    month_frac_max: Fraction
    """largest credit of a month, as a share of its base"""
    year_frac_max: Fraction
    """largest credit of a contract year, as a share of the bases of its months"""
    above_bill: Literal["lost", "paid out"]
    """what happens to a credit above the bill; paid out, a bill may become negative"""


class CreditExclusions(Clause):
    """What takes a quarter of an hour out of the count; nothing else does."""

    number = "CRD-3"
    title = "Exclusions"
    why = "only a closed list keeps a promise from having back doors"
    says = (
        "What is excused or without obligation by {references} does not count towards a credit.",
        "Nothing else {closed:yes=is left out}.",
    )

    references: Annotated[tuple[ClauseNumber, ...], Field(min_length=1, max_length=40)]
    """numbers of the clauses that excuse, or say that nothing is owed"""
    closed: Literal[True]
    """the list is closed: what no clause in it excuses, counts"""


class CreditNature(Clause):
    """What a credit is in law."""

    number = "CRD-4"
    title = "Legal nature"
    why = "it decides whether a credit lowers the VAT"
    says = ("A credit is a {nature}: it lowers the price and with it the base of VAT.",)

    nature: Literal["price reduction"]
    """a price reduction lowers the base of VAT; damages would need a document of their own"""


class CreditPayment(Clause):
    """How a credit reaches the customer."""

    number = "CRD-5"
    title = "Payment of credits"
    why = "a credit that has to be asked for is often lost"
    weight = Weight.HIGH
    says = (
        "Credits come {made} and are taken off {paid}.",
        "A credit that is missing may be claimed for {claim_months}.",
    )

    made: Literal["without being asked for"]
    """the same readings that make the bill make the credit, so nobody has to claim it"""
    paid: Literal["the bill of the same month"]
    """when a credit is paid"""
    claim_months: Months
    """months after the bill in which a missing credit may be claimed"""


class StatutoryPayments(Clause):
    """How credits and payments that the law prescribes go together."""

    number = "CRD-6"
    title = "Statutory payments"
    why = "the same outage could be paid for twice, or not at all"
    weight = Weight.HIGH
    needed = Need.HOMES
    says = (
        (
            "Payments that law or a scheme prescribes, by {source}, {effect:additive=come on top of"
            " credits|set off=are set off against credits for the same outage}."
        ),
    )

    source: Text
    """law or scheme that prescribes them"""
    effect: Literal["additive", "set off"]
    """whether they come on top of credits"""


class SoleRemedy(Clause):
    """Whether the customer may ask for more than the credit."""

    number = "CRD-7"
    title = "Sole remedy"
    why = "it decides what a missed promise costs beyond the credit"
    weight = Weight.HIGH
    says = (
        "For a missed promise the credit is {sole:yes=all that is owed|no=not all that is owed}.",
        "This does not hold for: {carve_outs}.",
    )

    sole: bool
    """whether the credit settles a missed promise"""
    carve_outs: Annotated[tuple[Text, ...], Field(max_length=40)]
    """cases in which that does not hold; an empty list says that there are none"""


class CreditWithoutData(Clause):
    """What counts where the supplier's readings are missing."""

    number = "CRD-8"
    title = "Credits without data"
    why = "who reads the meter could lose what speaks against it"
    says = (
        (
            "For credits a quarter of an hour without a valid reading {counts_as:failed=counts as"
            " failed|left out=is left out}."
        ),
    )

    counts_as: Literal["failed", "left out"]
    """what it counts as; the same as in QOS-5"""


class BillCredit(Clause):
    """What the customer gets for a bill that is late or wrong."""

    number = "CRD-9"
    title = "Late or wrong bill"
    why = "the customer has a right to know what that costs"
    weight = Weight.MEDIUM
    says = (
        "A bill that comes more than {late_days} late is reduced by {late_amount}.",
        "A bill that has to be corrected because it was wrong is reduced by {wrong_amount}.",
    )

    late_days: Days
    """days after the day on which a bill is due to be made (BIL-3) that are free"""
    late_amount: Annotated[Price, Ge(Decimal(0))]
    """what a later bill is reduced by; 0 where it costs nothing"""
    wrong_amount: Annotated[Price, Ge(Decimal(0))]
    """what a bill is reduced by that was wrong; 0 where it costs nothing"""
