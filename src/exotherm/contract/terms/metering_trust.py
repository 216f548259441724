"""MET: what makes a meter trusted: verification, tests, a second meter, seals and signatures."""

from typing import Literal

from pydantic import model_validator

from exotherm.contract.terms.clause import (
    Clause,
    Days,
    Fraction,
    Months,
    Text,
    Texts,
    Weight,
    Years,
)


class Verification(Clause):
    """How often the meter is verified anew, and what holds without it."""

    number = "MET-6"
    title = "Verification"
    why = "a reading of a meter that is not verified may not be billed"
    weight = Weight.HIGH
    says = (
        "The meter is verified or exchanged every {interval_years}, at the {payer}'s cost.",
        (
            "While its verification has expired, heat is"
            " {if_expired:not billed until agreed=not billed until both parties have agreed on its"
            " quantity|estimated until verified=estimated by MET-9 until a verified meter hangs"
            " there}."
        ),
    )

    interval_years: Years
    """years after which it is verified anew; the last day of the present one stands in MET-1"""
    payer: Literal["supplier", "customer"]
    """who pays for it"""
    if_expired: Literal["not billed until agreed", "estimated until verified"]
    """what happens to heat while the verification has expired"""


class ChallengeTest(Clause):
    """How a party that doubts the meter has it tested."""

    number = "MET-7"
    title = "Challenge test"
    why = "who doubts a meter needs a way to know"
    weight = Weight.MEDIUM
    says = (
        (
            "{asked_by:either party=Either party|customer=The customer|supplier=The supplier} may"
            " at any time have {laboratory} test the meter; the test is made within {test_days}."
        ),
        "The limit of error is the one {error_limit}.",
        (
            "The test is paid {paid_by:by its result=by the supplier where the meter is beyond"
            " that limit and otherwise by who asked|supplier=by the supplier|who asked=by who"
            " asked}."
        ),
    )

    asked_by: Literal["either party", "customer", "supplier"]
    """who may ask for a test"""
    laboratory: Text
    """who tests: an accredited or state-approved laboratory"""
    test_days: Days
    """days from the request until the meter is tested"""
    error_limit: Literal["on verification", "in service"]
    """limit of error that decides; in service it is usually twice that on verification"""
    paid_by: Literal["by its result", "supplier", "who asked"]
    """who pays for the test"""


class CheckMeter(Clause):
    """A second meter that watches the first."""

    number = "MET-11"
    title = "Check meter"
    why = "two meters that disagree show what one alone hides"
    weight = Weight.MEDIUM
    says = (
        "There is {installed:yes=a|no=no} check meter beside the billed one.",
        "It hangs {location}; its register is `{point}`.",
        (
            "Where the two meters differ by more than {tolerance_frac} in a billing period, the"
            " {precedence} counts until a test (MET-7) has decided."
        ),
    )

    installed: bool
    """whether there is one; the other fields belong to one that is there"""
    point: str | None = None
    """register of the check meter, as meter.quantity"""
    location: Text | None = None
    """where it hangs, following "hangs" """
    tolerance_frac: Fraction | None = None
    """difference in a billing period that both meters' errors explain"""
    precedence: Literal["billed meter", "check meter"] | None = None
    """which of the two counts until a test has decided"""

    @model_validator(mode="after")
    def _is_whole(self) -> "CheckMeter":
        given = [self.point, self.location, self.tolerance_frac, self.precedence]
        if any((one is not None) != self.installed for one in given):
            raise ValueError(
                "`point`, `location`, `tolerance_frac` and `precedence` belong to a check meter "
                "that is installed, all of them"
            )
        return self


class Tampering(Clause):
    """What happens where somebody meddles with the meter or leads heat past it."""

    number = "MET-12"
    title = "Tampering and bypass"
    why = "heat that passes no meter is paid by nobody"
    weight = Weight.MEDIUM
    says = (
        "Tampering and bypass are detected by: {detected_by}.",
        "Who notices it tells the other party within {told_days}.",
        (
            "Heat that was not measured is taken from the {estimated_by}, for at most"
            " {back_charge_months_max} back."
        ),
    )

    detected_by: Texts
    """how it is noticed"""
    told_days: Days
    """days until the other party is told"""
    estimated_by: Literal[
        "check meter",
        "same period last year",
        "mean of the periods before and after",
        "agreed estimate",
    ]
    """where the quantity is taken from that was not measured"""
    back_charge_months_max: Months
    """months for which such heat is charged later at most"""


class SignedReadings(Clause):
    """How readings are signed so that anybody can check them."""

    number = "MET-13"
    title = "Signed readings"
    why = "a customer who can recompute the bill need not trust it"
    weight = Weight.MEDIUM
    says = (
        (
            "Readings are signed {signed_at:gateway=by the gateway as it reads them, since the"
            " meter does not sign|meter=by the meter itself}, with {algorithm} and the key"
            " {key_id}."
        ),
        "What is signed is {canonical_form}.",
        "It is checked with {verifier}, without help of the supplier.",
    )

    key_id: Text
    """public key, or the name under which it is published"""
    algorithm: Literal["Ed25519"]
    """way of signing"""
    signed_at: Literal["gateway", "meter"]
    """where a reading is signed first"""
    canonical_form: Text
    """the one way in which a reading is written down before it is signed"""
    verifier: Text
    """program or page that checks signatures"""
