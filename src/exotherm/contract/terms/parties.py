"""PAR: who the parties are, which papers bind them, and how they speak to each other."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from exotherm.contract.terms.clause import (
    Clause,
    CountryCode,
    Email,
    Hours,
    Part,
    Text,
    Weight,
)

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hexadecimal digits, as ``sha256sum`` writes it."""
Answerable = Literal["supplier", "customer", "third party", "none"]
"""Who answers for an asset; ``none`` only where the asset is not there."""
PackName = Literal["eed21", "de-avb", "gb-ofgem", "fr-tva", "heat-trust"]
"""A rule pack that fills clauses which were left out, and whose rules are checked."""


def first_twice(words: Iterable[str]) -> str | None:
    """Give the first word that stands twice, whatever its capitals, or None."""
    seen: set[str] = set()
    for word in words:
        if word.casefold() in seen:
            return word
        seen.add(word.casefold())
    return None


class Party(Part):
    """One side of the contract, as an invoice has to name it."""

    says = (
        (
            "{name}, {registration}, VAT identification number {vat_id},"
            " {street}, {postcode} {city}, {country}, {email}, contact: {contact}."
        ),
    )

    name: str = Field(min_length=1)
    """legal name"""
    registration: str = Field(min_length=2, max_length=200)
    """register and number, or why there is none"""
    vat_id: str = Field(min_length=4)
    """VAT identification number"""
    street: str
    """street and number"""
    postcode: str
    """post code"""
    city: str
    """town"""
    country: CountryCode
    """country code of ISO 3166"""
    email: Email
    """address for notices and invoices"""
    contact: str = Field(min_length=2, max_length=200)
    """office that is asked for and its phone; no person, since persons change"""


class Parties(Clause):
    """Who sells heat to whom."""

    number = "PAR-1"
    title = "Parties"
    why = "contract and invoice need both parties"
    says = (
        "The supplier is {supplier}",
        "The customer is {customer}",
        "The same plant also serves {other_buyers}.",
    )

    supplier: Party
    """who delivers the heat and sends the invoice"""
    customer: Party
    """who takes the heat and pays"""
    other_buyers: tuple[Text, ...] = ()
    """names of others that the same plant serves; left out where there are none"""

    @model_validator(mode="before")
    @classmethod
    def _is_one_customer(cls, value: object) -> object:
        listed = isinstance(value, dict) and (
            isinstance(value.get("customer"), list) or "customers" in value or "buyers" in value
        )
        if listed:
            raise ValueError(
                "a contract has one customer, since each has its own meter, promise and bill: "
                "write a contract for each, and name the others in `other_buyers`"
            )
        return value

    @model_validator(mode="after")
    def _are_two(self) -> "Parties":
        twice = first_twice((self.supplier.name, self.customer.name, *self.other_buyers))
        if twice is not None:
            raise ValueError(f"{twice} stands twice among supplier, customer and other buyers")
        return self


class Role(Part):
    """Who answers for one asset."""

    says = (
        (
            "the owner is {owner:supplier=the supplier|customer=the customer"
            "|third party=a third party|none=nobody, as it is not there},"
            " the operator {operator:supplier=the supplier|customer=the customer"
            "|third party=a third party|none=nobody},"
            " the maintainer {maintainer:supplier=the supplier|customer=the customer"
            "|third party=a third party|none=nobody},"
            " the payer {payer:supplier=the supplier|customer=the customer"
            "|third party=a third party|none=nobody}."
        ),
    )

    owner: Answerable
    """who owns it"""
    operator: Answerable
    """who operates it"""
    maintainer: Answerable
    """who maintains it and has it repaired"""
    payer: Answerable
    """who pays for its operation and upkeep"""

    @property
    def is_there(self) -> bool:
        """Whether the asset exists."""
        return self.owner != "none"

    @model_validator(mode="after")
    def _is_there_or_not(self) -> "Role":
        nobody = [role == "none" for role in (self.operator, self.maintainer, self.payer)]
        if any(absent == self.is_there for absent in nobody):
            raise ValueError("an asset that is not there has none in every role, any other in no")
        return self


_ALWAYS_THERE = {"it": "the servers", "pipes": "the pipes", "meter": "the meter"}


class Roles(Clause):
    """Who owns, operates, maintains and pays for each asset."""

    number = "PAR-2"
    title = "Role matrix"
    why = "every fault needs exactly one party that answers for it"
    says = (
        "For each asset one party answers.",
        "Servers: {it}",
        "Heat exchanger: {heat_exchanger}",
        "Heat pump: {heat_pump}",
        "Pipes up to the delivery point: {pipes}",
        "Thermal store: {thermal_store}",
        "Heat meter: {meter}",
        "Data link: {data_link}",
        "Fallback plant: {fallback}",
        "Installation behind the delivery point: {building_side}",
    )

    it: Role
    """servers and their racks"""
    heat_exchanger: Role
    """exchanger between the coolant and the customer's water"""
    heat_pump: Role
    """heat pump that lifts the heat"""
    pipes: Role
    """pipes from the plant to the delivery point"""
    thermal_store: Role
    """tank that stores heat"""
    meter: Role
    """heat meter whose register is billed"""
    data_link: Role
    """gateway and line that carry the readings"""
    fallback: Role
    """plant that heats when the supplier cannot"""
    building_side: Role
    """installation behind the delivery point"""

    @model_validator(mode="after")
    def _has_what_sells_heat(self) -> "Roles":
        for asset, words in _ALWAYS_THERE.items():
            role: Role = getattr(self, asset)
            if not role.is_there:
                raise ValueError(f"without {words} there is no heat to sell, so each role has one")
        return self


class RegulatoryStatus(Clause):
    """What the parties are to the regulator."""

    number = "PAR-3"
    title = "Regulatory status and customer class"
    why = "it selects the rules, the VAT, the look-back and the payments that law prescribes"
    weight = Weight.HIGH
    says = (
        (
            "To the regulator the supplier is {supplier_is:supplier=the supplier of heat"
            "|operator=the operator of the network|supplier and operator=supplier and operator"
            "|bulk supplier=a bulk supplier of heat}."
        ),
        "Its authorisation is {authorisation}.",
        (
            "The customer is {customer_class:domestic=a household|micro business=a micro business"
            "|small or medium business=a small or medium business|public body=a public body"
            "|industrial=an industrial customer|heat network=a heat network}."
        ),
        "What the parties left open follows the rule packs {packs}.",
    )

    supplier_is: Literal["supplier", "operator", "supplier and operator", "bulk supplier"]
    """what the supplier is in the words of heat regulation"""
    authorisation: Text | None = None
    """authorisation and its number; left out where none is needed"""
    customer_class: Literal[
        "domestic",
        "micro business",
        "small or medium business",
        "public body",
        "industrial",
        "heat network",
    ]
    """kind of customer, as regulation and tax law tell them apart"""
    packs: tuple[PackName, ...] = ()
    """rule packs that fill what was left out and are checked; left out where none applies"""

    @model_validator(mode="after")
    def _fits_together(self) -> "RegulatoryStatus":
        twice = first_twice(self.packs)
        if twice is not None:
            raise ValueError(f"the pack {twice} stands twice")
        if self.supplier_is == "bulk supplier" and self.customer_class == "domestic":
            raise ValueError("a bulk supplier sells to who sells on, so no household is its buyer")
        return self


class RankedDocument(Part):
    """A document of the contract, in its rank."""

    says = ("{name} (version {version}).", "Its SHA-256 is {sha256}.")

    name: Text
    """title of the document"""
    version: Text
    """version or date of the document"""
    sha256: Sha256 | None = None
    """SHA-256 of its file; left out for laws and published standards"""


class Precedence(Clause):
    """Which document counts where two differ."""

    number = "PAR-4"
    title = "Order of precedence"
    why = "documents that differ would both bind"
    weight = Weight.HIGH
    says = ("Where documents differ, the one that is named earlier counts: {documents}",)

    documents: tuple[RankedDocument, ...] = Field(min_length=1, max_length=40)
    """documents of the contract, the strongest first"""

    @model_validator(mode="after")
    def _has_one_order(self) -> "Precedence":
        twice = first_twice(document.name for document in self.documents)
        if twice is not None:
            raise ValueError(f"{twice} has two ranks, so it would stand above itself")
        return self


class SymbolUnit(Part):
    """A symbol of the contract with its one unit."""

    says = ("{symbol} is {means}, in {unit}.",)

    symbol: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    """symbol or word as the contract uses it"""
    means: Text
    """what it stands for"""
    unit: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    """its only unit"""


class Definition(Part):
    """A word of the contract with its meaning."""

    says = ("“{term}” means {means}.",)

    term: Text
    """word that is defined"""
    means: Text
    """its meaning"""


class Definitions(Clause):
    """What words and symbols mean, each with one unit."""

    number = "PAR-5"
    title = "Definitions and units"
    why = "a symbol with two units is the costliest of disputes"
    says = (
        "A day is the time from {day} and a month is {month}, both by the contract's clock.",
        "An interval is {interval}; each stretch of time holds its first instant and not its last.",
        "Each symbol has one unit: {units}",
        "{terms}",
    )

    day: Literal["midnight to midnight"]
    """what a day is; it has 23 or 25 hours when the clocks change"""
    month: Literal["a calendar month"]
    """what a month is"""
    interval: Literal["a quarter of an hour"]
    """what an interval is"""
    units: tuple[SymbolUnit, ...] = Field(min_length=1, max_length=40)
    """symbols and their units"""
    terms: tuple[Definition, ...] = Field(default=(), max_length=40)
    """other words that are defined; left out where there are none"""

    @model_validator(mode="after")
    def _defines_once(self) -> "Definitions":
        words = (*(one.symbol for one in self.units), *(one.term for one in self.terms))
        # Capitals tell symbols apart: K is a kelvin, k a thousand.
        twice = next((word for word in words if words.count(word) > 1), None)
        if twice is not None:
            raise ValueError(f"{twice} is defined twice")
        return self


class Notices(Clause):
    """How one party tells the other something that counts."""

    number = "PAR-6"
    title = "Notices"
    why = "a notice starts every clock"
    weight = Weight.MEDIUM
    says = (
        (
            "A notice is given by {channel}, to the supplier at {supplier_address} and to the"
            " customer at {customer_address}."
        ),
        "It counts as received {deemed_h} after it was sent, in {deemed_by}.",
    )

    channel: Literal["e-mail", "letter", "registered letter", "e-mail and letter"]
    """how a notice is sent"""
    supplier_address: Text
    """where notices to the supplier go"""
    customer_address: Text
    """where notices to the customer go"""
    deemed_h: Hours
    """hours after which a notice counts as received"""
    deemed_by: Literal["hours of the clock", "hours of working days"]
    """which hours are counted"""


class Condition(Part):
    """A condition that has to be met before the contract starts."""

    says = ("The {obtained_by} obtains {what} ({kind}).", "It was met on {met_on}.")

    kind: Literal["consent", "lease", "planning", "grid", "finance", "other"]
    """what kind of condition it is"""
    what: Text
    """what has to be there"""
    obtained_by: Literal["supplier", "customer"]
    """who has to obtain it"""
    met_on: date | None = None
    """day on which it was met; left out while it is open"""


class ConditionsPrecedent(Clause):
    """What has to be there before the contract starts."""

    number = "PAR-7"
    title = "Conditions precedent"
    why = "the contract may never start"
    weight = Weight.MEDIUM
    says = (
        "Duties to deliver and to pay begin once these conditions are met: {conditions}",
        "If one is not met by {long_stop_on}, {if_missed}.",
    )

    conditions: tuple[Condition, ...] = Field(min_length=1, max_length=40)
    """conditions, each with the party that obtains it"""
    long_stop_on: date
    """last day for all of them"""
    if_missed: Literal["either party may withdraw", "the contract ends"]
    """what happens where one is open after that day"""

    @model_validator(mode="after")
    def _is_in_time(self) -> "ConditionsPrecedent":
        late = [
            one.met_on for one in self.conditions if one.met_on and one.met_on > self.long_stop_on
        ]
        if late:
            raise ValueError("a condition was met after the last day for it")
        return self


class Signatory(Part):
    """Somebody who signs for a party."""

    says = ("Signed by {name}, {authority}.", "It was signed on {signed_on}.")

    name: Text
    """who signs, by name, or by office until that is known"""
    authority: Text
    """by what authority"""
    signed_on: date | None = None
    """day of the signature; left out until then"""


class Signatories(Clause):
    """Who signs for each party, and how."""

    number = "PAR-8"
    title = "Signatories"
    why = "a contract that the wrong person signed is none"
    weight = Weight.HIGH
    says = (
        "For the supplier: {supplier}",
        "For the customer: {customer}",
        "All sign {method}.",
    )

    supplier: tuple[Signatory, ...] = Field(min_length=1, max_length=8)
    """who signs for the supplier"""
    customer: tuple[Signatory, ...] = Field(min_length=1, max_length=8)
    """who signs for the customer"""
    method: Literal[
        "by hand",
        "with a qualified electronic signature",
        "with an advanced electronic signature",
    ]
    """how they sign"""
