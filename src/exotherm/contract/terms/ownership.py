"""OWN: who owns servers, plant and meter, and what becomes of them at the end."""

from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le
from pydantic import Field, model_validator

from exotherm.contract.terms.clause import Clause, Days, Part, Price, Text, Weight

Owner = Literal["supplier", "customer", "third party"]


class ItTitle(Clause):
    """Who owns the servers, and that nobody else may lay hands on them."""

    number = "OWN-1"
    title = "IT equipment title"
    why = "a landlord or an insolvency could keep the servers"
    weight = Weight.HIGH
    says = (
        (
            "The servers and their racks belong to"
            " {owner:supplier=the supplier|customer=the customer|third party=a third party}"
            " and never become part of the building."
        ),
        "Liens of the customer and of the building's owner on them are {lien}.",
        (
            "Their owner may take them away"
            " {removable:yes=at any time, also in an insolvency"
            "|no=at the end of the contract only},"
            " announced {removal_notice_days} before."
        ),
    )

    owner: Owner
    """who owns servers and racks"""
    lien: Literal["waived", "not waived"]
    """whether customer and owner of the building waive liens on them"""
    removable: bool
    """whether their owner may take them away before the end of the contract"""
    removal_notice_days: Days
    """days of notice before they are taken away"""


class BuyOut(Part):
    """A step of the price at which the customer may buy the plant."""

    says = ("After {after_years} the price is {price_amount}.",)

    after_years: Annotated[int, Ge(0), Le(99)]
    """full years from the first day of the term, from which the price holds"""
    price_amount: Annotated[Price, Ge(0)]
    """price of the whole thermal plant"""


class PlantTitle(Clause):
    """Who owns the thermal plant, and at what price it changes hands."""

    number = "OWN-2"
    title = "Thermal plant title"
    why = "nobody knows what the plant is worth at the end"
    weight = Weight.HIGH
    says = (
        (
            "The thermal plant up to the delivery point belongs to {owner:supplier=the supplier"
            "|customer=the customer|third party=a third party}."
        ),
        "The customer may buy it. {buy_out}",
        "These prices are meant {vat}.",
    )

    owner: Owner
    """who owns the thermal plant"""
    buy_out: tuple[BuyOut, ...] = Field(default=(), max_length=100)
    """prices at which the customer may buy it; left out where the customer may not"""
    vat: Literal["plus VAT", "VAT included"] | None = None
    """how VAT stands to these prices; left out where there are none"""

    @model_validator(mode="after")
    def _falls_with_age(self) -> "PlantTitle":
        if self.buy_out and self.owner == "customer":
            raise ValueError("the plant is the customer's already, so there is nothing to buy")
        if bool(self.buy_out) != (self.vat is not None):
            raise ValueError("prices say how VAT stands to them, and without prices there is none")
        for before, after in zip(self.buy_out, self.buy_out[1:], strict=False):
            if after.after_years <= before.after_years:
                raise ValueError("the prices of the plant are not in the order of their years")
            if after.price_amount >= before.price_amount:
                raise ValueError(
                    f"the price of the plant does not fall from year {before.after_years}"
                    f" to year {after.after_years}"
                )
        return self


class MeterTitle(Clause):
    """Who owns the meter and what it records."""

    number = "OWN-3"
    title = "Meter and data title"
    why = "evidence that one party alone holds convinces nobody"
    weight = Weight.HIGH
    says = (
        (
            "The heat meter belongs to {owner:supplier=the supplier|customer=the customer"
            "|third party=a third party}."
        ),
        (
            "Its keys and passwords are held by {key_holder:supplier=the supplier"
            "|customer=the customer|third party=a third party}."
        ),
        "The readings may be used as follows: {data_licence}.",
    )

    owner: Owner
    """who owns the meter"""
    key_holder: Owner
    """who holds the keys that read or sign it"""
    data_licence: Text
    """what each party may do with the readings"""


class RemovalAtEnd(Clause):
    """What becomes of the plant when the contract ends."""

    number = "OWN-4"
    title = "Transfer or removal at end"
    why = "removal is a cost that nobody planned for"
    weight = Weight.MEDIUM
    says = (
        (
            "At the end the plant {at_end}; the {done_by} carries it out at the cost of the"
            " {paid_by}."
        ),
        "What is left behind: {make_good}.",
        "It is done within {deadline_days}; then the other decides, at the cost of who is late.",
    )

    at_end: Literal[
        "is removed", "passes to the customer", "is removed unless the customer buys it"
    ]
    """what becomes of the plant"""
    done_by: Literal["supplier", "customer"]
    """who carries it out"""
    paid_by: Literal["supplier", "customer"]
    """who pays for it"""
    make_good: Text
    """in what state rooms and pipes are left"""
    deadline_days: Days
    """days from the end until it is done"""


class HostingExchange(Clause):
    """What the operator gives for the room, and whether heat is part of it."""

    number = "OWN-5"
    title = "Hosting quid pro quo"
    why = "what is given in exchange bears VAT too"
    weight = Weight.MEDIUM
    says = (
        "The supplier uses this space: {space_licence}.",
        "It pays a rent of {rent_per_month} for it, {rent_vat}.",
        "The {electricity_payer} pays for the electricity of the servers: {electricity_price}.",
        "The price of heat is {linked_to_heat_price:yes=linked to both|no=not linked to either}.",
        "Heat or space given in exchange is worth {exchange_per_month} and is invoiced both ways.",
    )

    space_licence: Text
    """which rooms, on what right"""
    rent_per_month: Annotated[Price, Ge(0)]
    """rent that the supplier pays; 0 where there is none"""
    rent_vat: Literal["plus VAT", "free of VAT"]
    """whether VAT comes on top of the rent"""
    electricity_payer: Literal["supplier", "customer"]
    """who pays for the electricity of the servers"""
    electricity_price: Text
    """how electricity is metered and priced between the parties"""
    linked_to_heat_price: bool
    """whether space or electricity is given in exchange for cheaper heat"""
    exchange_per_month: Annotated[Price, Gt(0)] | None = None
    """value of what is given in exchange; left out where nothing is"""

    @model_validator(mode="after")
    def _names_what_is_exchanged(self) -> "HostingExchange":
        if self.linked_to_heat_price and self.exchange_per_month is None:
            raise ValueError(
                "the price of heat is linked to the space, so its value has to be named"
            )
        if not self.linked_to_heat_price and self.exchange_per_month is not None:
            raise ValueError("a value is given in exchange though the price of heat is not linked")
        return self
