"""FBK: what keeps the customer warm when the supplier cannot, who switches and who pays."""

from decimal import Decimal
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le, Lt
from pydantic import model_validator

from exotherm.contract.terms.clause import (
    Clause,
    Fraction,
    Hours,
    Months,
    Need,
    Price,
    Text,
    Weight,
)


class FallbackPlant(Clause):
    """What keeps the customer warm when the supplier cannot."""

    number = "FBK-1"
    title = "Fallback plant"
    why = "the customer stays warm when servers stop"
    says = (
        (
            "A fallback of {heat_kw} stands ready, owned by the {owner} and maintained by the"
            " {maintainer}; 0 kW mean that there is none."
        ),
        "It is heated by {fuel}.",
    )

    owner: Literal["supplier", "customer"]
    """who owns it; where there is none, who would have to build one"""
    heat_kw: Annotated[float, Ge(0), Le(1e6)]
    """its heat output; 0 where there is no fallback"""
    fuel: Text | None = None
    """what it burns or draws; left out where there is no fallback"""
    maintainer: Literal["supplier", "customer"]
    """who maintains it"""

    @model_validator(mode="after")
    def _burns_something(self) -> "FallbackPlant":
        if (self.heat_kw > 0) != (self.fuel is not None):
            raise ValueError("a fallback has a fuel, and none without a fallback")
        return self


class FallbackSwitch(Clause):
    """When the fallback takes over, and when it gives back."""

    number = "FBK-2"
    title = "Switch rule"
    why = "it decides which hours the fallback heats"
    needed = Need.FALLBACK
    says = (
        "The fallback takes over where supply is below {supply_c_below} while heat is called for.",
        "The fallback takes over where no heat has come for {no_heat_min} though called for.",
        (
            "It starts after a delay of {delay_min}, on the command of"
            " {commanded_by:supplier=the supplier|customer=the customer|controller=the plant's"
            " controller, without a person}."
        ),
        (
            "It gives back once the supplier's heat has been as promised for {return_min},"
            " {returned_by:supplier=on the command of the supplier|customer=on the command of the"
            " customer|controller=without a person}."
        ),
    )

    supply_c_below: Annotated[float, Gt(0), Lt(120)] | None = None
    """supply temperature below which it takes over; left out where only missing heat counts"""
    no_heat_min: Annotated[int, Ge(1), Le(1440)] | None = None
    """time without heat after which it takes over; left out where only the temperature counts"""
    delay_min: Annotated[int, Ge(0), Le(1440)]
    """time from the trigger until it starts"""
    commanded_by: Literal["supplier", "customer", "controller"]
    """who gives the command to take over"""
    return_min: Annotated[int, Ge(0), Le(1440)]
    """time that the supplier's heat has to be as promised before it gives back"""
    returned_by: Literal["supplier", "customer", "controller"]
    """who gives the command to give back"""

    @model_validator(mode="after")
    def _has_a_trigger(self) -> "FallbackSwitch":
        if self.supply_c_below is None and self.no_heat_min is None:
            raise ValueError("nothing makes the fallback take over: neither cool supply nor none")
        return self


Payer = Literal["supplier", "customer"]


class FallbackCost(Clause):
    """Who pays for the fallback's energy."""

    number = "FBK-3"
    title = "Cost of fallback energy"
    why = "each hour that the fallback heats is paid by one of the two"
    needed = Need.FALLBACK
    says = (
        (
            "The fallback's energy is paid by the {supplier_failure} where the supplier failed, by"
            " the {server_load} where server load was low, by the {excused} where the supplier was"
            " excused, and by the {unknown} where nobody knows the cause."
        ),
        "Its price is taken from: {price_source}.",
        "The supplier pays at most {supplier_per_year_max}.",
    )

    supplier_failure: Payer
    """who pays where the supplier failed"""
    server_load: Payer
    """who pays where servers had too little to do"""
    excused: Payer
    """who pays where the supplier was excused: maintenance, excused events, the customer's part"""
    unknown: Payer
    """who pays where nobody knows the cause"""
    price_source: Text
    """where the price of that energy is taken from"""
    supplier_per_year_max: Annotated[Price, Gt(Decimal(0))] | None = None
    """most that the supplier pays in a year; left out where there is no limit"""

    @model_validator(mode="after")
    def _has_a_cap_where_it_pays(self) -> "FallbackCost":
        payers = (self.supplier_failure, self.server_load, self.excused, self.unknown)
        if "supplier" not in payers and self.supplier_per_year_max is not None:
            raise ValueError("the supplier pays for none of the fallback, so it needs no limit")
        return self


class FallbackTests(Clause):
    """How it is known that the fallback would start."""

    number = "FBK-4"
    title = "Fallback tests"
    why = "a boiler that never runs does not start in the cold"
    weight = Weight.MEDIUM
    needed = Need.FALLBACK
    says = (
        "The {tested_by} tests the fallback every {interval_months}, for {lasting_min} each time.",
        "Each test is written down in {log}.",
    )

    interval_months: Annotated[Months, Ge(1), Le(24)]
    """months from one test to the next"""
    lasting_min: Annotated[int, Ge(1), Le(1440)]
    """time for which it runs in a test"""
    tested_by: Literal["supplier", "customer"]
    """who tests"""
    log: Text
    """where tests are written down"""


class SelfHelp(Clause):
    """When the customer may help itself."""

    number = "FBK-5"
    title = "Self-help right"
    why = "nobody has to wait in the cold"
    weight = Weight.MEDIUM
    says = (
        "After {without_heat_h} without heat the customer may {right}.",
        (
            "What that costs more than the supplier's heat is paid by {paid_by:supplier=the"
            " supplier|customer=the customer|by cause=who bears the cause of the interruption}."
        ),
    )

    without_heat_h: Hours
    """hours without heat after which it may"""
    right: Literal[
        "heat with a plant of its own",
        "heat with a plant of its own or have others do so",
    ]
    """what it may do until heat is back"""
    paid_by: Literal["supplier", "customer", "by cause"]
    """who pays what that costs more"""


class Exclusivity(Clause):
    """How much of its heat the customer buys here."""

    number = "FBK-6"
    title = "Exclusivity or minimum purchase"
    why = "a plant that was built for a customer needs its demand"
    weight = Weight.HIGH
    says = (
        (
            "Of {demand} the customer buys at least {purchase_frac_min} from the supplier; 0 %"
            " mean that it is free."
        ),
        (
            "Other sources of heat are {other_sources:allowed=allowed|fallback only=not allowed"
            " beside the fallback and its tests|not allowed=not allowed}."
        ),
        "Heat that the supplier failed to deliver counts as bought.",
    )

    purchase_frac_min: Fraction
    """share of that demand that is bought at least; 0 where the customer is free"""
    demand: Literal[
        "all heat of its building",
        "heat that the capacity covers",
        "heat that the supply temperature can give",
    ]
    """demand of which that is a share"""
    other_sources: Literal["allowed", "fallback only", "not allowed"]
    """which other sources of heat the customer may use"""

    @model_validator(mode="after")
    def _share_fits_sources(self) -> "Exclusivity":
        if self.purchase_frac_min == 0 and self.other_sources != "allowed":
            raise ValueError("a customer that need not buy may use other sources of heat")
        if self.purchase_frac_min == 1 and self.other_sources == "allowed":
            raise ValueError("a customer that buys all heat here has no other sources")
        return self
