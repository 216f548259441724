"""MET: the meter: which one it is, how it hangs and counts, how it is exchanged and shared.

Its readings stand in ``metering_data``, what makes them trusted in ``metering_trust``.
"""

from datetime import date
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le
from pydantic import Field, model_validator

from exotherm.contract.terms.clause import (
    Clause,
    Days,
    Fraction,
    Need,
    Text,
    Texts,
    Weight,
)
from exotherm.contract.terms.parties import first_twice
from exotherm.core.register import RegisterFormat

# A meter is approved only where its permanent flow is ten times its smallest (MID annex VI).
_FLOW_RANGE_MIN = 10.0
_HOURS_OF_YEAR_MAX = 8784


class HeatMeter(Clause):
    """The meter whose register is billed."""

    number = "MET-1"
    title = "Meter record"
    why = "it is the legal value of the reading"
    says = (
        "Heat is measured by meter {serial}, {make}, approved by {certificate}.",
        (
            "It is of accuracy class {accuracy_class}, made for flows from {flow_m3h_min} to"
            " {flow_m3h_rated} and approved for differences of temperature from {lift_k_min}."
        ),
        "It measures {medium:water=water without glycol}.",
        "Its verification is valid until {verified_until}.",
    )

    serial: str = Field(pattern=r"^\d{1,8}$")
    """identification number on the meter"""
    make: Text
    """maker and type, as on its plate"""
    certificate: Text
    """certificate of its conformity with the Measuring Instruments Directive"""
    accuracy_class: Literal[1, 2, 3]
    """accuracy class of MID annex VI"""
    flow_m3h_rated: Annotated[float, Gt(0)]
    """permanent flow qp"""
    flow_m3h_min: Annotated[float, Gt(0)]
    """smallest flow qi at which it is exact enough"""
    lift_k_min: Annotated[float, Gt(0)]
    """smallest temperature difference that the meter is approved for"""
    medium: Literal["water"]
    """heat carrier; glycol needs a meter approved for it, with its table of the fluid"""
    verified_until: date
    """last day of the verification's validity"""

    @model_validator(mode="after")
    def _has_the_range_of_its_approval(self) -> "HeatMeter":
        if self.flow_m3h_rated < _FLOW_RANGE_MIN * self.flow_m3h_min:
            raise ValueError(
                "a heat meter's permanent flow is at least ten times its smallest flow"
            )
        return self


class MeterInstallation(Clause):
    """How the meter is built in."""

    number = "MET-2"
    title = "Installation"
    why = "a good meter in a bad place counts wrong"
    weight = Weight.HIGH
    says = (
        (
            "The flow sensor sits in the {flow_sensor_in}, behind {diameters_before} and before"
            " {diameters_behind} pipe diameters of straight pipe."
        ),
        "Its temperature sensors are {sensors}.",
        "These seals are set by the {sealed_by} and stay whole: {seals}.",
    )

    flow_sensor_in: Literal["supply pipe", "return pipe"]
    """pipe in which the flow is measured; the meter's own setting says the same"""
    diameters_before: Annotated[float, Ge(0), Le(100)]
    """straight pipe before the flow sensor, in pipe diameters"""
    diameters_behind: Annotated[float, Ge(0), Le(100)]
    """straight pipe behind the flow sensor, in pipe diameters"""
    sensors: Literal["immersed in the water", "in pockets made for them"]
    """how the pair of temperature sensors is built in"""
    seals: Texts
    """what is sealed"""
    sealed_by: Literal["supplier", "customer", "inspection body"]
    """who sets the seals"""


class Registers(Clause):
    """How the billed register counts."""

    number = "MET-3"
    title = "Registers"
    why = "a roll-over must be told from a fault"
    says = (
        (
            "The billed register is {register_id}; it counts {unit:kwh=kilowatt hours},"
            " {direction:forward only=forward only}, with {digits} digits of which {decimals}"
            " stand behind the point."
        ),
        (
            "When its digits are full it starts again at nought; a reading is multiplied by"
            " {multiplier}."
        ),
    )

    register_id: Text
    """how the meter itself calls it: an OBIS code, or the record of its telegram"""
    unit: Literal["kwh"]
    """unit of the register"""
    digits: Annotated[int, Ge(4), Le(12)]
    """digits in all"""
    decimals: Annotated[int, Ge(0), Le(4)]
    """digits after the point"""
    multiplier: Literal[1]
    """what a reading is multiplied by; the register counts what is billed"""
    direction: Literal["forward only"]
    """way in which it counts; heat that flows back is a matter of HEAT-5"""

    @model_validator(mode="after")
    def _counts_whole_units(self) -> "Registers":
        if self.decimals >= self.digits:
            raise ValueError("the register has no digit before the point")
        return self

    @property
    def format(self) -> RegisterFormat:
        """The register's way of counting."""
        return RegisterFormat(unit=self.unit, digits=self.digits, decimals=self.decimals)


class MeterExchange(Clause):
    """What happens when the meter is exchanged."""

    number = "MET-10"
    title = "Meter exchange"
    why = "two registers have to make one chain"
    says = (
        (
            "An exchange of the meter is announced {notice_days} before and witnessed by"
            " {witnessed_by:both parties=both parties|customer=the customer|fitter with"
            " photographs=the fitter, with photographs of both displays}."
        ),
        "Written down with their time are the readings {readings}.",
        "Both meters run side by side for {overlap_h}; 0 h mean that they do not.",
        (
            "Heat while no meter hangs there, for at most {unmetered_h_max}, is"
            " {unmetered_is:not billed=not billed|mean of the days before and after=taken as the"
            " mean of the days before and after|agreed estimate=estimated by both parties}."
        ),
    )

    notice_days: Days
    """days of notice before the meter is exchanged"""
    witnessed_by: Literal["both parties", "customer", "fitter with photographs"]
    """who sees both readings"""
    readings: Literal["of both meters: the last of the old one and the first of the new one"]
    """which readings are written down"""
    overlap_h: Annotated[float, Ge(0), Le(_HOURS_OF_YEAR_MAX)]
    """hours for which old and new meter run side by side; 0 where they do not"""
    unmetered_h_max: Annotated[float, Ge(0), Le(_HOURS_OF_YEAR_MAX)]
    """longest time without a meter; 0 where there is none"""
    unmetered_is: Literal["not billed", "mean of the days before and after", "agreed estimate"]
    """what heat in that time counts as"""

    @model_validator(mode="after")
    def _leaves_no_time_twice(self) -> "MeterExchange":
        if self.overlap_h > 0 and self.unmetered_h_max > 0:
            raise ValueError("meters that run side by side leave no time without a meter")
        return self


class SubMetering(Clause):
    """How the heat of a building is shared among its units."""

    number = "MET-15"
    title = "Sub-metering and allocation"
    why = "tenants pay by a rule that they can check"
    weight = Weight.HIGH
    needed = Need.SEVERAL_UNITS
    says = (
        (
            "{allocated_by:supplier=The supplier|customer=The customer|third party=A third party}"
            " shares the heat among the units, measured by {measured_by}."
        ),
        "The registers of the units are {points}.",
        "{by_consumption_frac} of the cost goes by consumption, the rest by {rest_by}.",
    )

    allocated_by: Literal["supplier", "customer", "third party"]
    """who reads the units and shares the heat among them"""
    measured_by: Literal["heat meters", "heat cost allocators"]
    """what measures the heat of a unit"""
    points: Annotated[tuple[str, ...], Field(max_length=500)] = ()
    """registers of the units, as meter.quantity; left out where this site does not read them"""
    by_consumption_frac: Fraction
    """share of the cost that goes by consumption"""
    rest_by: Literal["heated floor area", "floor area", "heated volume", "number of units"]
    """what the rest goes by"""

    @model_validator(mode="after")
    def _each_unit_once(self) -> "SubMetering":
        twice = first_twice(self.points)
        if twice is not None:
            raise ValueError(f"the register {twice} stands twice among those of the units")
        return self
