"""BIL: how a bill is taxed, sent, paid, disputed and secured."""

from decimal import Decimal
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le
from pydantic import Field, model_validator

from exotherm.contract.terms.clause import (
    Clause,
    CurrencyCode,
    Days,
    Fraction,
    Months,
    Need,
    Price,
    Text,
    Weight,
    Years,
)
from exotherm.contract.terms.components import Component
from exotherm.contract.terms.parties import first_twice


class Advances(Clause):
    """What is paid before the quantity is known."""

    number = "BIL-5"
    title = "Advances"
    why = "an advance is money of which somebody has to give account"
    needed = Need.USED
    says = (
        "The customer pays {advance_per_month} in advance.",
        "The advance is set anew every {recalculated_months} and settled every {settled_months}.",
        "It is settled by {settlement}; VAT is due {vat}.",
    )

    advance_per_month: Annotated[Price, Gt(Decimal(0))]
    """advance of each month, net of VAT"""
    recalculated_months: Annotated[Months, Ge(1), Le(60)]
    """months after which the advance follows what was used"""
    settled_months: Annotated[Months, Ge(1), Le(12)]
    """months after which advances are set off against what was used"""
    settlement: Literal["an invoice for the rest", "an invoice that takes off all advances"]
    """paper by which they are settled"""
    vat: Literal["on each advance", "on the settlement"]
    """when VAT on an advance is due"""

    @model_validator(mode="after")
    def _has_a_paper_that_can_carry_it(self) -> "Advances":
        if self.vat == "on each advance" and self.settlement != "an invoice for the rest":
            raise ValueError(
                "an e-invoice cannot tell the VAT of advances that it takes off, so advances with"
                " VAT are settled by an invoice for the rest"
            )
        return self


class Vat(Clause):
    """Value-added tax."""

    number = "BIL-9"
    title = "VAT treatment"
    why = "a wrong rate is the supplier's loss"
    says = (
        (
            "VAT is of category {category:S=S (standard or reduced rate)|Z=Z (zero rate)|E=E"
            " (exempt)}, at {vat_frac}, on: {applies_to}."
        ),
        "This rests on: {evidence}.",
        (
            "Where the rate changes, the {rate_change:by delivery date=day of delivery|by invoice"
            " date=date of the invoice} decides; the tax point is the {tax_point}."
        ),
    )

    category: Literal["S", "Z", "E"]
    """category by UNTDID 5305: S standard or reduced rate, Z zero rate, E exempt"""
    vat_frac: Fraction
    """rate"""
    evidence: str = Field(min_length=5)
    """why this rate applies, and who said so"""
    applies_to: Annotated[tuple[Component, ...], Field(min_length=1, max_length=15)]
    """components of the price (TAR-4) that bear this VAT"""
    rate_change: Literal["by delivery date", "by invoice date"]
    """what decides where the rate changes"""
    tax_point: Literal["end of the period", "date of the invoice"]
    """day on which VAT falls due"""

    @model_validator(mode="after")
    def _applies_once(self) -> "Vat":
        twice = first_twice(self.applies_to)
        if twice is not None:
            raise ValueError(f"{twice} stands twice among what bears VAT")
        if "VAT" in self.applies_to:
            raise ValueError("VAT bears no VAT itself")
        return self


class Payment(Clause):
    """How and when the customer pays."""

    number = "BIL-10"
    title = "Payment"
    why = "an invoice without a due date is a letter"
    weight = Weight.HIGH
    says = (
        "All prices are in {currency}.",
        (
            "An invoice is due {due_days} after its date and paid by {method}; the supplier's"
            " account is {iban}."
        ),
        (
            "What is late bears interest of {interest_frac} a year,"
            " {interest_is:above the base rate=above the central bank's base rate|in all=in all}."
        ),
        "A reminder is sent {dunning_days} after the due day and costs {dunning_amount}.",
        (
            "The customer may set off {set_off:undisputed claims=claims that nobody disputes|any"
            " claim=any claim of its own|nothing=nothing}."
        ),
    )

    currency: CurrencyCode
    """currency of all prices"""
    due_days: Annotated[int, Ge(0), Le(120)]
    """days from the invoice date until it is due"""
    iban: str = Field(pattern=r"^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$")
    """account that is paid to"""
    method: Literal["bank transfer", "direct debit"]
    """how it is paid"""
    interest_frac: Fraction
    """interest of a year on what is late; 0 where there is none"""
    interest_is: Literal["above the base rate", "in all"]
    """whether that comes on top of the central bank's base rate"""
    dunning_days: Days
    """days after the due day until a reminder is sent"""
    dunning_amount: Annotated[Price, Ge(Decimal(0))]
    """what a reminder costs"""
    set_off: Literal["undisputed claims", "any claim", "nothing"]
    """claims that the customer may set off"""


EInvoiceFormat = Literal[
    "EN 16931 (UBL)",
    "EN 16931 (CII)",
    "Peppol BIS Billing 3",
    "XRechnung",
    "Factur-X",
    "FatturaPA",
    "FA(3)",
    "PDF",
]
"""What an invoice is written in; PDF alone is none that a machine reads."""


class EInvoice(Clause):
    """In what form and on which way an invoice travels."""

    number = "BIL-11"
    title = "E-invoice"
    why = "more and more buyers may pay no other"
    weight = Weight.HIGH
    says = (
        "Invoices are written as {format} and sent by {channel}.",
        "The supplier's address there is {supplier_id}.",
        "The customer's address there is {customer_id}.",
        "The customer's reference is {buyer_reference}.",
        "Both parties archive invoices for {archive_years}.",
    )

    format: EInvoiceFormat
    """form of the invoice"""
    channel: Literal["Peppol", "e-mail", "the customer's portal", "the state's platform"]
    """way of the invoice"""
    supplier_id: Text | None = None
    """supplier's address on that way, with its scheme; left out where the way needs none"""
    customer_id: Text | None = None
    """customer's address on that way, with its scheme; left out where the way needs none"""
    buyer_reference: Text
    """reference that the customer wants on its invoices, such as an order or an office"""
    archive_years: Years
    """years for which invoices are archived as they were sent"""

    @model_validator(mode="after")
    def _fits_its_way(self) -> "EInvoice":
        if self.channel == "Peppol" and not (self.supplier_id and self.customer_id):
            raise ValueError("on Peppol both parties have an address, `supplier_id` and others")
        if self.channel in ("Peppol", "the state's platform") and self.format == "PDF":
            raise ValueError("this way carries no invoice that only people can read")
        return self


class DisputedAmounts(Clause):
    """What happens to an invoice that the customer disputes."""

    number = "BIL-13"
    title = "Disputed amount"
    why = "a customer who may neither pay nor refuse does nothing"
    weight = Weight.HIGH
    says = (
        "An invoice can be disputed for {window_months} after its date.",
        (
            "Until it is decided the customer may hold back {withheld:disputed part=the part that"
            " is disputed|whole invoice=the whole invoice|nothing=nothing}."
        ),
        "Within {evidence_days} the supplier hands over {evidence}.",
    )

    window_months: Annotated[Months, Ge(1)]
    """months from its date for which an invoice can be disputed"""
    withheld: Literal["disputed part", "whole invoice", "nothing"]
    """what the customer may hold back meanwhile"""
    evidence: Text
    """what the supplier hands over, so that the invoice can be recomputed"""
    evidence_days: Days
    """days to hand it over"""


class Security(Clause):
    """What secures the payment."""

    number = "BIL-15"
    title = "Security or prepayment"
    why = "heat that was delivered cannot be taken back"
    weight = Weight.MEDIUM
    says = (
        (
            "The customer gives {kind:none=no security|deposit=a deposit|guarantee=a bank's"
            " guarantee|prepayment=payment in advance}."
        ),
        "It is asked for where {asked_when}, of at most {amount_max}.",
        "It bears interest of {interest_frac} a year.",
        "It is given back within {returned_days} after the final bill.",
    )

    kind: Literal["none", "deposit", "guarantee", "prepayment"]
    """kind of security"""
    asked_when: Text | None = None
    """condition under which it is asked for, following "where"; left out where there is none"""
    amount_max: Annotated[Price, Gt(Decimal(0))] | None = None
    """most that is asked for; left out where there is none"""
    interest_frac: Fraction | None = None
    """interest of a year on a deposit; left out for every other kind"""
    returned_days: Days | None = None
    """days from the final bill until it is given back; left out where there is none"""

    @model_validator(mode="after")
    def _is_there_or_not(self) -> "Security":
        absent = [one is None for one in (self.asked_when, self.amount_max, self.returned_days)]
        if any(one != (self.kind == "none") for one in absent):
            raise ValueError(
                "a security has a condition, a largest amount and a day of return; no security has"
                " none of them"
            )
        if (self.interest_frac is not None) != (self.kind == "deposit"):
            raise ValueError("interest belongs to a deposit, and a deposit has a rate of it")
        return self
