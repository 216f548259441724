"""TAR-6 and TAR-7: what is paid for in any case, and how little or much may be paid."""

from decimal import Decimal
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le
from pydantic import model_validator

from exotherm.contract.terms.clause import Clause, Fraction, Need, Price


class TakeOrPay(Clause):
    """A quantity that is paid for, taken or not."""

    number = "TAR-6"
    title = "Take-or-pay"
    why = "a minimum without period, price and excuses cannot be settled"
    needed = Need.USED
    says = (
        (
            "In a contract year the customer takes {heat_kwh_min} or pays {pay_frac} of the price"
            " for what it took less; all heat past the meter counts."
        ),
        (
            "The price is {priced:own price=one of its own|energy price=the energy price without"
            " tiers, seasons and hours, as it is in the last month of the year}."
        ),
        "The price of its own is {price_per_kwh}.",
        (
            "Quarter-hours in which the supplier failed reduce the quantity in proportion; excused"
            " ones {excused_reduces:yes=do so too|no=do not}."
        ),
        (
            "What was paid for may be taken within {make_up_years} after, beyond the quantity of"
            " those years, and is then paid back; 0 years mean that it is lost."
        ),
        (
            "It is settled with the last bill of each {settled}: twelve calendar months, the first"
            " of them that in which the term begins."
        ),
        (
            "In a contract year that the term covers in part {part_year:in proportion=the quantity"
            " holds in proportion|not settled=nothing is settled}."
        ),
    )

    heat_kwh_min: Annotated[float, Gt(0), Le(1e9)]
    """heat of a contract year that is paid for in any case"""
    pay_frac: Fraction
    """share of the price that is paid for heat that was not taken"""
    priced: Literal["own price", "energy price"]
    """which price that is"""
    price_per_kwh: Price | None = None
    """the price of its own, where it has one"""
    excused_reduces: bool
    """whether excused quarter-hours reduce the quantity"""
    make_up_years: Annotated[int, Ge(0), Le(20)]
    """years after in which paid heat may still be taken; 0 where it may not"""
    settled: Literal["contract year"]
    """period that is settled"""
    part_year: Literal["in proportion", "not settled"]
    """what holds in a first or last contract year that the term covers in part"""

    @model_validator(mode="after")
    def _has_its_price(self) -> "TakeOrPay":
        if (self.priced == "own price") != (self.price_per_kwh is not None):
            raise ValueError("`price_per_kwh` belongs to a price of its own, and only to one")
        return self


class PriceLimits(Clause):
    """How little or much a kilowatt hour, a month or a year may cost."""

    number = "TAR-7"
    title = "Caps, floors and collars"
    why = "the order in which limits and credits apply changes the amount"
    needed = Need.USED
    says = (
        "After indexation a kilowatt hour never costs less than {price_per_kwh_min}.",
        "After indexation a kilowatt hour never costs more than {price_per_kwh_max}.",
        "A calendar month costs at least {month_amount_min}.",
        "A calendar month costs at most {month_amount_max}.",
        "A contract year costs at most {year_amount_max}.",
        (
            "Limits of a month or a year hold {amounts:without VAT=without VAT|with VAT=with VAT}"
            " and {credit_order:before the credit=before a service credit is taken off|after the"
            " credit=after a service credit was taken off}; in a part of a month or year they hold"
            " in proportion."
        ),
    )

    price_per_kwh_min: Annotated[Price, Ge(Decimal(0))] | None = None
    """lowest price of a kilowatt hour; left out where there is none"""
    price_per_kwh_max: Annotated[Price, Ge(Decimal(0))] | None = None
    """highest price of a kilowatt hour; left out where there is none"""
    month_amount_min: Annotated[Price, Ge(Decimal(0))] | None = None
    """least that a calendar month costs; left out where there is no such floor"""
    month_amount_max: Annotated[Price, Ge(Decimal(0))] | None = None
    """most that a calendar month costs; left out where there is no such cap"""
    year_amount_max: Annotated[Price, Ge(Decimal(0))] | None = None
    """most that a contract year costs; left out where there is no such cap"""
    amounts: Literal["without VAT", "with VAT"]
    """whether limits of amounts include VAT"""
    credit_order: Literal["before the credit", "after the credit"]
    """whether limits of amounts apply before or after service credits; as in TAR-4"""

    @model_validator(mode="after")
    def _leaves_room(self) -> "PriceLimits":
        pairs = (
            (self.price_per_kwh_min, self.price_per_kwh_max),
            (self.month_amount_min, self.month_amount_max),
        )
        if any(low is not None and high is not None and low > high for low, high in pairs):
            raise ValueError("a lower limit is above its upper limit")
        limits = (*pairs[0], *pairs[1], self.year_amount_max)
        if all(limit is None for limit in limits):
            raise ValueError("a clause of limits needs at least one limit")
        return self
