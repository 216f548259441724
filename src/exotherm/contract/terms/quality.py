"""QOS: what is promised: how much heat, how warm, how often, and on what it depends."""

import math
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le, Lt
from pydantic import Field, model_validator

from exotherm.contract.terms.clause import (
    Clause,
    Fraction,
    Hours,
    MonthOfYear,
    Need,
    Part,
    Text,
    Texts,
    Weight,
)

Kilowatts = Annotated[float, Ge(0), Le(1e6)]


class SeasonalCapacity(Part):
    """A capacity that holds in some months only."""

    says = ("In {months} it is {heat_kw}.",)

    months: Annotated[tuple[MonthOfYear, ...], Field(min_length=1, max_length=12)]
    """months in which it holds, January is 1"""
    heat_kw: Kilowatts
    """heat that stands ready in these months"""


class Capacity(Clause):
    """How much heat stands ready."""

    number = "QOS-1"
    title = "Capacity"
    why = "it is the base of the promise and of the fallback's size"
    says = (
        "{heat_kw} of heat stand ready while the servers run at their usual load.",
        "{seasonal}",
        "While the customer draws that much or more, a supply that falls short is excused.",
    )

    heat_kw: Annotated[float, Gt(0), Le(1e6)]
    """heat that stands ready while the servers run at their usual load"""
    seasonal: Annotated[tuple[SeasonalCapacity, ...], Field(max_length=12)] = ()
    """months with another capacity"""

    @model_validator(mode="after")
    def _each_month_once(self) -> "Capacity":
        months = [month for part in self.seasonal for month in part.months]
        if len(months) != len(set(months)):
            raise ValueError("a month has two capacities")
        return self

    def in_month(self, month: int) -> float:
        """Give the capacity of a month, January is 1."""
        own = (part.heat_kw for part in self.seasonal if month in part.months)
        return next(own, self.heat_kw)


class CurvePoint(Part):
    """A point of the supply curve."""

    says = ("{supply_c} at {outdoor_c} outside",)

    outdoor_c: Annotated[float, Ge(-50), Le(50)]
    """outdoor temperature"""
    supply_c: Annotated[float, Gt(0), Lt(120)]
    """supply temperature that is promised then"""


class SupplyTemperature(Clause):
    """How warm the delivered heat is."""

    number = "QOS-2"
    title = "Supply temperature"
    why = "a promise that is not measurable cannot be kept"
    says = (
        (
            "From {term.starts_on} to {term.ends_on}: supply at least {supply_c_min} while heat is "
            "called for, in {availability.available_frac_min} of quarter-hours."
        ),
        "By the outdoor temperature it is more: {curve}, in between on a straight line.",
        (
            "The outdoor temperature is that of `{outdoor_point}`; where it is silent, "
            "{supply_c_min} hold."
        ),
        (
            "A supply that falls short by no more than {tolerance_k} still counts as kept; the "
            "value is {averaged:at the end=that at the end of the interval}."
        ),
    )

    supply_c_min: Annotated[float, Gt(0), Lt(120)]
    """lowest supply temperature at the delivery point while heat is called for"""
    curve: Annotated[tuple[CurvePoint, ...], Field(max_length=20)] = ()
    """supply by outdoor temperature, where more is promised in the cold"""
    outdoor_point: str | None = None
    """outdoor temperature by which the curve is read, as meter.quantity; needed with a curve"""
    tolerance_k: Annotated[float, Ge(0), Le(5)]
    """how far a measured temperature may fall short before it counts"""
    averaged: Literal["at the end"]
    """which value of an interval is judged: the last reading in it"""

    @model_validator(mode="after")
    def _falls_with_warmth(self) -> "SupplyTemperature":
        outdoor = [point.outdoor_c for point in self.curve]
        supply = [point.supply_c for point in self.curve]
        if len(self.curve) == 1:
            raise ValueError("a curve needs two points or none")
        if bool(self.curve) != (self.outdoor_point is not None):
            raise ValueError("`outdoor_point` belongs to a curve, and a curve needs it")
        if outdoor != sorted(set(outdoor)):
            raise ValueError("the points of the curve stand from the coldest day to the warmest")
        if supply != sorted(supply, reverse=True):
            raise ValueError("the curve promises warmer water on warmer days")
        if supply and min(supply) < self.supply_c_min:
            raise ValueError("the curve falls below `supply_c_min`")
        return self

    def at(self, outdoor_c: float | None) -> float:
        """Give the supply that is promised at an outdoor temperature, in °C."""
        if not self.curve or outdoor_c is None or not math.isfinite(outdoor_c):
            return self.supply_c_min
        before = self.curve[0]
        for point in self.curve:
            if outdoor_c <= point.outdoor_c:
                return _between(before, point, outdoor_c)
            before = point
        return before.supply_c


def _between(one: CurvePoint, other: CurvePoint, outdoor_c: float) -> float:
    if outdoor_c <= one.outdoor_c or other is one:
        return one.supply_c
    share = (outdoor_c - one.outdoor_c) / (other.outdoor_c - one.outdoor_c)
    return one.supply_c + share * (other.supply_c - one.supply_c)


class ReturnTemperature(Clause):
    """How cool the customer sends water back."""

    number = "QOS-3"
    title = "Return temperature"
    why = "warm return water costs capacity and the heat pump's efficiency"
    weight = Weight.HIGH
    says = (
        "The customer sends water back at {return_c_max} or cooler.",
        (
            "While it is warmer, a supply that falls short is {if_warmer:excused=excused|not "
            "excused=not excused}."
        ),
    )

    return_c_max: Annotated[float, Gt(0), Lt(120)]
    """warmest return water at the delivery point"""
    if_warmer: Literal["excused", "not excused"]
    """what holds for a short supply while the return is warmer"""


class FlowLimits(Clause):
    """Which flow and pressure the delivery point is made for."""

    number = "QOS-4"
    title = "Flow and differential pressure"
    why = "it tells a hydraulic fault of one side from one of the other"
    weight = Weight.MEDIUM
    says = (
        "The customer draws at most {flow_m3h_max}.",
        "While more is drawn, a supply that falls short is excused.",
        (
            "The differential pressure at {place} is between {pressure_bar_min} and "
            "{pressure_bar_max}."
        ),
    )

    flow_m3h_max: Annotated[float, Gt(0), Le(1e5)]
    """largest flow that the supplier has to serve"""
    place: Text
    """where the pressure is taken"""
    pressure_bar_min: Annotated[float, Ge(0), Le(40)]
    """smallest differential pressure"""
    pressure_bar_max: Annotated[float, Gt(0), Le(40)]
    """largest differential pressure"""

    @model_validator(mode="after")
    def _opens(self) -> "FlowLimits":
        if self.pressure_bar_max <= self.pressure_bar_min:
            raise ValueError("the largest differential pressure is no more than the smallest")
        return self


class Availability(Clause):
    """How much of the time the promise is kept."""

    number = "QOS-5"
    title = "Availability formula"
    why = "credits are counted from it"
    says = (
        "Each interval of {interval_min} is judged.",
        (
            "In a calendar month at least {available_frac_min} of them are delivered in full; the "
            "share is cut off after the second place of its per cent."
        ),
        (
            "Excused intervals and those without obligation are left out; one that was not "
            "measured {not_measured_is:failed=counts as failed|left out=is left out}."
        ),
    )

    available_frac_min: Fraction
    """share of the quarter-hours of a month, excused ones left out, that are delivered in full"""
    interval_min: Literal[15]
    """length of the intervals that are judged"""
    not_measured_is: Literal["failed", "left out"]
    """what an interval without a valid reading counts as"""


class Firmness(Clause):
    """Whether the supplier may hold heat back."""

    number = "QOS-6"
    title = "Firm or interruptible"
    why = "it decides whether heat that is held back is a failure"
    says = (
        (
            "The heat is {kind:firm=firm: the supplier may not hold it back|interruptible="
            "interruptible: the supplier may hold it back}."
        ),
        (
            "He may do so for {curtailed_h_max} in a calendar year and announces it {notice_h} "
            "before; these quarter-hours are excused."
        ),
    )

    kind: Literal["firm", "interruptible"]
    """whether heat that stands ready may be held back"""
    curtailed_h_max: Hours | None = None
    """hours in a calendar year for which it may be held back, where it is interruptible"""
    notice_h: Annotated[float, Ge(0), Le(720)] | None = None
    """hours of notice before that"""

    @model_validator(mode="after")
    def _says_how_long(self) -> "Firmness":
        given = (self.curtailed_h_max is not None, self.notice_h is not None)
        if given != (self.kind == "interruptible",) * 2:
            raise ValueError(
                "`curtailed_h_max` and `notice_h` belong to interruptible heat, both of them"
            )
        return self


class ItLoad(Clause):
    """What happens when servers have little to do."""

    number = "QOS-7"
    title = "Dependence on server load"
    why = "it is the hole that only a data centre's heat has"
    says = (
        "With idle servers there are still {heat_kw_min} of heat.",
        "That heat is short because server load is low is borne by the {borne_by}.",
        "That servers are moved away or switched off is borne by the {removal_borne_by}.",
        "A dummy load makes up for {dummy_load_kw}.",
    )

    heat_kw_min: Annotated[float, Ge(0), Le(1e6)]
    """heat that is there even with idle servers"""
    borne_by: Literal["supplier", "customer"]
    """who bears that heat is short because server load is low"""
    removal_borne_by: Literal["supplier", "customer"]
    """who bears that heat is short because servers were moved away or switched off"""
    dummy_load_kw: Annotated[float, Gt(0), Le(1e6)] | None = None
    """heat that an electric heater makes up when servers have too little to do; usually none"""


class RampUp(Clause):
    """How fast heat comes after a stop."""

    number = "QOS-8"
    title = "Ramp and start-up"
    why = "a stop is longer than its cause"
    weight = Weight.LOW
    says = ("After a stop the supply is as promised within {ramp_min}.",)

    ramp_min: Annotated[int, Ge(0), Le(1440)]
    """time from the start of the plant to the promised supply"""


class WaterQuality(Clause):
    """What water flows past the meter."""

    number = "QOS-9"
    title = "Water quality"
    why = "glycol makes meters wrong and dirt makes exchangers fail"
    weight = Weight.MEDIUM
    says = (
        "The carrier is {carrier}, by {standard}.",
        "It is sampled every {sampled_months}; the {treated_by} treats it.",
    )

    carrier: Literal["water without glycol"]
    """what flows past the meter"""
    standard: Text
    """guideline whose limits hold"""
    sampled_months: Annotated[int, Ge(1), Le(60)]
    """months from one sample to the next"""
    treated_by: Literal["supplier", "customer"]
    """who treats the water and bears the cost"""


class Hygiene(Clause):
    """Who keeps hot water and pool water safe."""

    number = "QOS-10"
    title = "Hygiene"
    why = "legionella is a matter of life and of liability"
    weight = Weight.HIGH
    needed = Need.HOT_WATER_OR_POOL
    says = (
        "These limits hold: {limits}.",
        (
            "The {disinfected_by} lifts hot water to the temperature that its hygiene needs, and "
            "keeps the log."
        ),
        "The supplier's water {touches_water:yes=touches|no=never touches} drinking or pool water.",
    )

    limits: Texts
    """limits of hot water and pool water, with their guideline"""
    disinfected_by: Literal["supplier", "customer"]
    """who heats hot water up against legionella"""
    touches_water: Literal[False]
    """an exchanger always parts heating water from water that people drink or swim in"""


class Noise(Clause):
    """How loud and warm the plant may be outside."""

    number = "QOS-11"
    title = "Noise and thermal emission"
    why = "permits name limits"
    weight = Weight.LOW
    says = (
        ("At {place} the plant is no louder than {day_db_max} by day and {night_db_max} by night."),
        "Heat that is not used is rejected {rejected_to}.",
    )

    place: Text
    """where it counts"""
    day_db_max: Annotated[float, Ge(0), Le(120)]
    """sound pressure level by day"""
    night_db_max: Annotated[float, Ge(0), Le(120)]
    """sound pressure level by night"""
    rejected_to: Text
    """where heat goes that nobody uses"""
