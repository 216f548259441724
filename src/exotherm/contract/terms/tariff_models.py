"""TAR-8 to TAR-14: prices by weather, return or another plant; direction, start, other charges."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le, Lt
from pydantic import Field, model_validator

from exotherm.contract.terms.clause import (
    Clause,
    CurrencyCode,
    Fraction,
    HourOfDay,
    Need,
    Part,
    Price,
    Text,
    Weight,
)
from exotherm.contract.terms.tariff import Outdoors

WaterCelsius = Annotated[float, Gt(0), Lt(120)]
PerKelvin = Annotated[float, Ge(0), Le(1)]


class OutdoorStep(Part):
    """A price that holds from an outdoor temperature on."""

    says = ("From {outdoor_c_min} outside and warmer a kilowatt hour costs {price_per_kwh}.",)

    outdoor_c_min: Outdoors
    """coldest outdoor temperature of the step; it reaches up to the next one"""
    price_per_kwh: Price
    """price of delivered heat in the step"""


class OutdoorPrice(Clause):
    """A price of heat that follows the weather, in steps or by a published list."""

    number = "TAR-8"
    title = "Spot or outdoor-indexed price"
    why = "a price that somebody publishes needs a source, an hour and a fallback"
    needed = Need.USED
    says = (
        (
            "The price of delivered heat follows {kind:steps=the outdoor temperature, in steps"
            "|published=a list that is published for each hour; less than nought counts as nought}."
        ),
        "{steps} Of the steps that are reached the warmest counts.",
        (
            "The outdoor temperature is that of `{outdoor_point}` at the end of each quarter of an"
            " hour."
        ),
        "{publisher} publishes the list by {published_at} of the day before.",
        "These prices hold for a supply of at least {supply_c_min}.",
        (
            "Where temperature or price is unknown, {if_unpublished:fallback price=the fallback"
            " price counts|price before=the price before it goes on, or the fallback price where"
            " there is none}."
        ),
        "The fallback price is {fallback_price_per_kwh}.",
    )

    kind: Literal["steps", "published"]
    """what the price follows"""
    steps: Annotated[tuple[OutdoorStep, ...], Field(max_length=20)] = ()
    """prices by outdoor temperature, from the coldest step to the warmest"""
    outdoor_point: str | None = None
    """outdoor temperature that decides, as meter.quantity; needed with steps"""
    publisher: Text | None = None
    """who publishes the list, and where; needed with a published price"""
    published_at: HourOfDay | None = None
    """hour of the day before by which it is published; needed with a published price"""
    supply_c_min: WaterCelsius
    """supply temperature that the prices presume"""
    if_unpublished: Literal["fallback price", "price before"]
    """what holds where the temperature is unknown or the list was not published in time"""
    fallback_price_per_kwh: Price
    """price that holds where nothing else is known"""

    @model_validator(mode="after")
    def _has_its_source(self) -> "OutdoorPrice":
        steps = (bool(self.steps), self.outdoor_point is not None)
        if any(one != (self.kind == "steps") for one in steps):
            raise ValueError("`steps` and `outdoor_point` belong to a price in steps, both of them")
        published = (self.publisher is not None, self.published_at is not None)
        if any(one != (self.kind == "published") for one in published):
            raise ValueError(
                "`publisher` and `published_at` belong to a published price, both of them"
            )
        return self


class ReturnBonus(Clause):
    """What cool return water is worth, and what warm return water costs."""

    number = "TAR-9"
    title = "Return-temperature bonus and malus"
    why = "a motivation without band and limits cannot be counted"
    needed = Need.USED
    says = (
        (
            "A mean return of the month, weighted by {weighted_by}, from {return_c_min} to"
            " {return_c_max} changes nothing."
        ),
        (
            "Below that the price of heat falls by {bonus_per_k}, as a share of it, and by"
            " {bonus_frac_max} at most."
        ),
        "Above that it rises by {malus_per_k}, as a share of it, and by {malus_frac_max} at most.",
        "There only what the cooling of the water lacks to {lift_k_min} counts.",
        (
            "Both temperatures rise by {shift_frac} of what the mean supply of the month lacks to"
            " {supply_c_below}."
        ),
        "The share is rounded to a hundredth of a per cent; where nothing was measured, it is 0.",
    )

    return_c_min: WaterCelsius
    """return below which there is a bonus"""
    return_c_max: WaterCelsius
    """return above which there is a malus"""
    bonus_per_k: PerKelvin
    """share of the price of heat that each kelvin below gives"""
    malus_per_k: PerKelvin
    """share of the price of heat that each kelvin above costs"""
    bonus_frac_max: Fraction
    """largest bonus"""
    malus_frac_max: Fraction
    """largest malus"""
    weighted_by: Literal["volume"]
    """what the mean return is weighted by, as a heat meter sees it"""
    lift_k_min: Annotated[float, Gt(0), Le(100)] | None = None
    """cooling of the water that makes up for a warm return; left out where nothing does"""
    supply_c_below: WaterCelsius | None = None
    """supply temperature below which the band rises; left out where it stays"""
    shift_frac: Fraction | None = None
    """share of what the supply lacks by which the band rises; needed with that temperature"""

    @model_validator(mode="after")
    def _is_a_band(self) -> "ReturnBonus":
        if self.return_c_max < self.return_c_min:
            raise ValueError("the band of the return ends below its beginning")
        if (self.supply_c_below is None) != (self.shift_frac is None):
            raise ValueError("`supply_c_below` and `shift_frac` go together")
        return self


class PaymentDirection(Clause):
    """Who pays whom, and who writes the bill."""

    number = "TAR-10"
    title = "Direction of payment"
    why = "without it nobody knows who owes the balance"
    says = (
        "Heat is paid for by the {payer}.",
        (
            "The supplier pays a gate fee of {gate_fee_per_kwh} for each kilowatt hour that passes"
            " the meter."
        ),
        (
            "What both sides owe is {netting:set off on one bill=set off on one bill|billed"
            " apart=billed by each side on its own}."
        ),
        "Bills are written by the one who {self_billed:yes=pays|no=is paid}.",
    )

    payer: Literal["customer", "supplier"]
    """who pays for heat"""
    gate_fee_per_kwh: Annotated[Price, Ge(Decimal(0))] | None = None
    """what the supplier pays for each kilowatt hour taken off; left out where it pays nothing"""
    netting: Literal["set off on one bill", "billed apart"]
    """whether what the supplier owes is taken off the bill"""
    self_billed: bool
    """whether the one who pays writes the bills (BIL-16)"""

    @model_validator(mode="after")
    def _has_its_price(self) -> "PaymentDirection":
        if self.payer == "supplier" and self.gate_fee_per_kwh is None:
            raise ValueError("a supplier who pays for heat needs `gate_fee_per_kwh`")
        return self


class PassThrough(Clause):
    """Costs that the customer pays as they come."""

    number = "TAR-11"
    title = "Pass-through"
    why = "a cost that is passed on has to be shown"
    weight = Weight.HIGH
    needed = Need.USED
    says = (
        (
            "The customer pays {share_frac} of {what:heat pump electricity=the electricity that"
            " the heat pump draws}, at {price_per_kwh}."
        ),
        "This price, with all levies on it, is from: {price_source}.",
        "The quantity is shown by: {evidence}.",
    )

    what: Literal["heat pump electricity"]
    """what is passed on; nothing else is"""
    share_frac: Fraction
    """share of it that the customer pays"""
    price_per_kwh: Price
    """price of a kilowatt hour of it"""
    price_source: Text
    """where the price is from"""
    evidence: Text
    """what shows the quantity"""


class PriceBase(Clause):
    """Of which day the prices are."""

    number = "TAR-12"
    title = "Price at start"
    why = "an index needs a day to start from"
    says = ("All prices are those of {priced_on}, in {currency} and {prices_are}.",)

    priced_on: date
    """day of the prices in this contract"""
    currency: CurrencyCode
    """currency of the prices; that of payment (BIL-10)"""
    prices_are: Literal["without VAT"]
    """whether VAT is in them"""


class SharedSavings(Clause):
    """A share of what the heat would have cost from another plant."""

    number = "TAR-13"
    title = "Counterfactual reference"
    why = "a saving is counted against a plant that does not run"
    needed = Need.USED
    says = (
        (
            "The customer pays {share_frac} of what it saves: what the same heat would have cost"
            " from {plant}, less the price of that heat on the bill; a loss counts as nought."
        ),
        (
            "That plant turns {efficiency_frac} of its fuel into heat, and its fuel costs"
            " {fuel_price_per_kwh}."
        ),
        "The fuel's price moves with “{fuel_series}” (IDX-2), from its value at the start.",
        "The saving is audited by: {audit}.",
    )

    plant: Text
    """plant that would have made the heat"""
    efficiency_frac: Annotated[float, Gt(0), Le(1.2)]
    """heat per fuel, as a mean of the year, on the calorific value that the fuel's price is per"""
    fuel_price_per_kwh: Price
    """price of its fuel"""
    fuel_series: Text | None = None
    """name of the index that the fuel's price follows; left out where it stays as it is"""
    share_frac: Fraction
    """share of the saving that the supplier gets"""
    audit: Text
    """who may check the saving, and how"""


class OtherCharge(Part):
    """A charge for something that happens now and then."""

    says = ("{name} costs {charge_amount}.",)

    name: Text
    """what is charged, to begin a sentence"""
    charge_amount: Annotated[Price, Ge(Decimal(0))]
    """charge each time it happens"""


class OtherCharges(Clause):
    """What else may be charged; nothing that is not listed."""

    number = "TAR-14"
    title = "Other charges"
    why = "only a closed list shows what the service costs"
    weight = Weight.HIGH
    says = ("Nothing is charged that this contract does not name.", "{charges}")

    charges: Annotated[tuple[OtherCharge, ...], Field(max_length=40)]
    """closed list; an empty one says that there is no other charge"""
