"""TAR-1 to TAR-5: the parts of the price and their order.

The minimum and the limits stand in ``tariff_limits``; what follows the weather, the return or
another plant in ``tariff_models``.
"""

from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le
from pydantic import Field, model_validator

from exotherm.contract.terms.clause import (
    Clause,
    HourOfDay,
    MonthOfYear,
    Need,
    Part,
    Price,
    Weekday,
)
from exotherm.contract.terms.components import Component
from exotherm.contract.terms.parties import first_twice

Kilowatts = Annotated[float, Ge(0), Le(1e6)]
Outdoors = Annotated[float, Ge(-60), Le(50)]
"""An outdoor temperature."""


class StandingFee(Clause):
    """The price for standing ready."""

    number = "TAR-1"
    title = "Standing fee"
    why = "it is the fixed part of the bill"
    needed = Need.USED
    says = (
        (
            "Standing ready costs {price_per_month}; where the term covers a part of a month,"
            " the fee counts by its {proration.term_edge}."
        ),
    )

    price_per_month: Price
    """fee for a calendar month"""


class PriceTier(Part):
    """A price that holds beyond a quantity."""

    says = ("Beyond {from_kwh} in a calendar month a kilowatt hour costs {price_per_kwh}.",)

    from_kwh: Annotated[float, Gt(0), Le(1e9)]
    """heat of a calendar month beyond which the price holds"""
    price_per_kwh: Price
    """price of each further kilowatt hour"""


class SeasonPrice(Part):
    """A price that holds in some months."""

    says = ("In {months} it costs {price_per_kwh}.",)

    months: Annotated[tuple[MonthOfYear, ...], Field(min_length=1, max_length=12)]
    """months in which it holds, January is 1"""
    price_per_kwh: Price
    """price of delivered heat in these months"""


class HourPrice(Part):
    """A price that holds at some hours of the week."""

    says = ("On {weekdays} from {starts_at} to {ends_at} it costs {price_per_kwh}.",)

    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)]
    """days of the week, Monday is 1"""
    starts_at: HourOfDay
    """hour at which it begins, by the contract's clock"""
    ends_at: HourOfDay
    """hour at which it ends"""
    price_per_kwh: Price
    """price of delivered heat in these hours"""

    @model_validator(mode="after")
    def _is_open(self) -> "HourPrice":
        if self.ends_at <= self.starts_at:
            raise ValueError(
                "a price for some hours ends at or before it starts; one that runs over midnight "
                "has two entries"
            )
        return self


class EnergyPrice(Clause):
    """The price of heat."""

    number = "TAR-2"
    title = "Energy price"
    why = "it is the variable part of the bill"
    needed = Need.USED
    says = (
        "Delivered heat costs {price_per_kwh}.",
        (
            "{tiers} Heat that came as promised counts first, then heat that was too cool, then"
            " heat that nobody had to deliver."
        ),
        "{seasons}",
        "{hours}",
    )

    price_per_kwh: Price
    """price of delivered heat, wherever no tier, season or hour has its own"""
    tiers: Annotated[tuple[PriceTier, ...], Field(max_length=20)] = ()
    """prices beyond a quantity in a month; none where the price does not depend on it"""
    seasons: Annotated[tuple[SeasonPrice, ...], Field(max_length=12)] = ()
    """prices of some months; none where all months cost the same"""
    hours: Annotated[tuple[HourPrice, ...], Field(max_length=50)] = ()
    """prices of some hours of the week; none where all hours cost the same"""

    @model_validator(mode="after")
    def _varies_in_one_way(self) -> "EnergyPrice":
        if sum(map(bool, (self.tiers, self.seasons, self.hours))) > 1:
            raise ValueError("the energy price has either tiers, seasons or hours, not two of them")
        return self


Basis = Literal[
    "contracted capacity", "peak of the month", "peak of twelve months", "outdoor regression"
]


class CapacityFee(Clause):
    """The price of the capacity that a customer takes up."""

    number = "TAR-3"
    title = "Capacity fee"
    why = "without its basis nobody knows for how many kilowatts it is due"
    needed = Need.USED
    says = (
        (
            "Capacity costs {price_per_kw_month}, for {basis:contracted capacity=the capacity that"
            " stands ready (QOS-1)|peak of the month=the largest mean heat of a quarter of an hour"
            " in the month|peak of twelve months=the largest mean heat of a quarter of an hour in"
            " the contract year so far; when the year ends, its earlier months are settled to the"
            " largest of all|outdoor regression=the heat that a straight line through the cold"
            " days of the contract year so far shows}."
        ),
        "At least {heat_kw_min} are billed.",
        (
            "The line goes through the daily means of days colder than {outdoor_c_max} outside"
            " and is read at {outdoor_c_design}; it needs at least {cold_days_min}."
        ),
        (
            "Measured kilowatts are rounded to a tenth; where too little was measured, the"
            " {if_unknown} is billed."
        ),
    )

    price_per_kw_month: Price
    """price of a kilowatt for a calendar month"""
    basis: Basis
    """for which kilowatts it is due"""
    heat_kw_min: Kilowatts | None = None
    """smallest capacity that is billed; left out where there is none"""
    outdoor_c_design: Outdoors | None = None
    """outdoor temperature at which the line is read; needed with the outdoor regression"""
    outdoor_c_max: Outdoors | None = None
    """outdoor temperature below which a day counts for the line; needed with it"""
    cold_days_min: Annotated[int, Ge(3), Le(366)] | None = None
    """days that the line needs; needed with it"""
    if_unknown: Literal["contracted capacity", "smallest billed capacity"] | None = None
    """what is billed where too little was measured; needed with every measured basis"""

    @model_validator(mode="after")
    def _has_what_its_basis_needs(self) -> "CapacityFee":
        line = (self.outdoor_c_design, self.outdoor_c_max, self.cold_days_min)
        if any((one is None) == (self.basis == "outdoor regression") for one in line):
            raise ValueError(
                "`outdoor_c_design`, `outdoor_c_max` and `cold_days_min` belong to the outdoor "
                "regression, all of them"
            )
        if self.basis == "outdoor regression" and self.heat_kw_min is None:
            raise ValueError("the outdoor regression needs `heat_kw_min`")
        if (self.basis == "contracted capacity") != (self.if_unknown is None):
            raise ValueError("`if_unknown` belongs to a measured basis, and each of them needs it")
        if self.if_unknown == "smallest billed capacity" and self.heat_kw_min is None:
            raise ValueError("the smallest billed capacity needs `heat_kw_min`")
        return self


class Composition(Clause):
    """In which order the parts of the price apply."""

    number = "TAR-4"
    title = "Composition"
    why = "the order changes the amount"
    says = ("A bill is made in this order: {order}.",)

    order: Annotated[tuple[Component, ...], Field(min_length=1, max_length=15)]
    """order in which the lines of the bill are made"""

    @model_validator(mode="after")
    def _each_once(self) -> "Composition":
        twice = first_twice(self.order)
        if twice is not None:
            raise ValueError(f"{twice} stands twice in the order of the bill")
        if "VAT" in self.order[:-1]:
            raise ValueError("VAT stands last in the order of the bill")
        return self


class AvailabilityFee(Clause):
    """A fee that is earned by keeping the promise."""

    number = "TAR-5"
    title = "Guaranteed-availability fee"
    why = "without a rule of loss the guarantee costs nothing"
    needed = Need.USED
    says = (
        (
            "For guaranteed availability (QOS-5) the customer pays {price_per_month}, prorated as"
            " the standing fee would be."
        ),
        (
            "Where less was available than promised, {loss:in proportion=the fee falls to the"
            " share of the promise that was kept|all below the promise=nothing of it is due}."
        ),
    )

    price_per_month: Price
    """fee for a calendar month in which the promise is kept"""
    loss: Literal["in proportion", "all below the promise"]
    """what is lost of it in a month in which the promise is missed"""
