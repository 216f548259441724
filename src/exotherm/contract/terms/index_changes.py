"""IDX-5 to IDX-9: when and how far prices change, and one change worked through."""

from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le
from pydantic import Field, model_validator

from exotherm.contract.terms.clause import (
    Clause,
    DayOfYear,
    Days,
    Fraction,
    Need,
    Part,
    Price,
    Text,
    Weight,
)
from exotherm.contract.terms.indexation import Indexed, IndexValue
from exotherm.core.money import RoundingRule


class IndexRounding(Clause):
    """How factor and price are rounded."""

    number = "IDX-5"
    title = "Rounding of factor and price"
    why = "the last digit of a price decides the cent of a bill"
    needed = Need.INDEXED
    says = (
        (
            "The factor is rounded to {factor_decimals} decimals and the price to"
            " {price_decimals}; half goes {rule:half-up=away from nought|half-even=to the even"
            " digit}."
        ),
    )

    factor_decimals: Annotated[int, Ge(0), Le(10)]
    """decimals of the factor"""
    price_decimals: Annotated[int, Ge(0), Le(8)]
    """decimals of the price"""
    rule: RoundingRule
    """what happens to half a digit"""


class IndexTiming(Clause):
    """When prices change."""

    number = "IDX-6"
    title = "Timing of changes"
    why = "a change in price needs a day and a notice"
    needed = Need.INDEXED
    says = (
        (
            "Prices change each {each}, counted from {effective_on}, for the first time after the"
            " day of the prices (TAR-12)."
        ),
        "A change is announced {notice_days} before.",
    )

    each: Literal["month", "quarter", "year"]
    """how often prices change"""
    effective_on: DayOfYear
    """day of a change; the first of a month, so that a bill has one price"""
    notice_days: Days
    """days of notice before a change"""

    @model_validator(mode="after")
    def _begins_a_month(self) -> "IndexTiming":
        if not self.effective_on.endswith("-01"):
            raise ValueError("prices change on the first of a month, so that a bill has one price")
        return self


class IndexLimits(Clause):
    """How far prices may move."""

    number = "IDX-7"
    title = "Symmetry and collar"
    why = "a price that only rises is unfair, and void in some countries"
    weight = Weight.HIGH
    needed = Need.INDEXED
    says = (
        "Prices move {direction}.",
        "One change moves a price by {step_frac_max} at most.",
        "A price never falls below {factor_frac_min} of that at the start.",
        "A price never rises above {factor_frac_max} of that at the start.",
    )

    direction: Literal["both ways", "upwards only", "downwards only"]
    """whether prices follow indices both ways"""
    step_frac_max: Annotated[float, Gt(0), Le(10)] | None = None
    """largest change at once, as a share of the price before; left out where there is no limit"""
    factor_frac_min: Annotated[float, Ge(0), Le(1)] | None = None
    """lowest price, as a share of that at the start; left out where there is no limit"""
    factor_frac_max: Annotated[float, Ge(1), Le(10)] | None = None
    """highest price, as a share of that at the start; left out where there is no limit"""


class IndexElements(Clause):
    """How far the price follows the supplier's cost and how far the market."""

    number = "IDX-8"
    title = "Cost and market element"
    why = "German law voids a price clause that lacks one of the two"
    weight = Weight.HIGH
    needed = Need.GERMANY
    says = (
        (
            "Of the energy price {cost_frac} follow the supplier's own cost and {market_frac} the"
            " heat market."
        ),
        "The supplier's own cost is: {cost_basis}.",
        "The heat market is: {market_basis}.",
        "Fuel and electricity make up {fuel_frac} of the energy price.",
    )

    cost_frac: Fraction
    """share of the energy price that follows the supplier's own cost"""
    market_frac: Fraction
    """share that follows the heat market"""
    cost_basis: Text
    """which real cost that is, and which indices stand for it"""
    market_basis: Text
    """which market that is, and which indices stand for it"""
    fuel_frac: Fraction
    """share of fuel and electricity in the energy price"""


class ExampleValue(Part):
    """The value of an index in the worked example."""

    says = ("Let “{series}” be {value}.",)

    series: Text
    """name of the index (IDX-2)"""
    value: IndexValue
    """its value, on the base year of IDX-2"""


class IndexExample(Clause):
    """One change of price, worked through."""

    number = "IDX-9"
    title = "Worked example"
    why = "a formula that nobody can follow is not understood"
    weight = Weight.MEDIUM
    needed = Need.INDEXED
    says = ("{values} Then the factor of the {of} is {factor}, and the price is {result}.",)

    of: Indexed
    """price that is worked out"""
    values: Annotated[tuple[ExampleValue, ...], Field(min_length=1, max_length=20)]
    """values of its indices"""
    factor: IndexValue
    """factor that follows, as rounded, before the limits of IDX-7"""
    result: Price
    """price that follows, as rounded"""
