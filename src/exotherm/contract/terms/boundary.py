"""BND: where the supplier's heat becomes the customer's, and who answers on which side."""

from datetime import date
from typing import Annotated, Literal

from annotated_types import Ge, Gt
from pydantic import Field, model_validator

from exotherm.contract.terms.clause import (
    Clause,
    Days,
    Fraction,
    HourOfDay,
    Hours,
    Need,
    Part,
    Price,
    Text,
    Texts,
    Weekday,
    Weight,
)


class DeliveryPoint(Clause):
    """Where the supplier's heat becomes the customer's."""

    number = "BND-1"
    title = "Delivery point"
    why = "title, risk and measurement sit there"
    says = (
        "Heat is delivered at: {place}.",
        "Drawing {drawing} shows it, and its pipes are labelled {pipe_labels}.",
        "Its coordinates are {coordinates}.",
        (
            "The meter hangs on the {side}'s side of the delivery exchanger,"
            " {meter_at_boundary:yes=at the delivery point itself|no=away from the delivery point}."
        ),
    )

    place: str = Field(min_length=5, max_length=600)
    """where it is, so that a stranger finds it"""
    drawing: Text
    """drawing that shows it, with its revision"""
    pipe_labels: Texts
    """labels on the pipes at the delivery point"""
    coordinates: Text | None = None
    """coordinates of the building; left out where the address is enough"""
    side: Literal["supplier", "customer"]
    """on whose side of the delivery exchanger heat is measured"""
    meter_at_boundary: bool
    """whether the meter hangs at the delivery point, so that no losses lie between"""


Bearer = Literal["supplier", "customer"]


class SideRisks(Part):
    """Who answers for what on one side of the delivery point."""

    says = (
        (
            "the {water} answers for the water, the {pressure} for its pressure, the {leak} for a"
            " leak, the {losses} for heat losses and the {repair} for repair."
        ),
    )

    water: Bearer
    """who answers for quality and filling of the water"""
    pressure: Bearer
    """who keeps the pressure"""
    leak: Bearer
    """who bears a leak and its damage"""
    losses: Bearer
    """who bears heat losses"""
    repair: Bearer
    """who repairs"""


class RiskSplit(Clause):
    """Who bears which risk on which side of the delivery point."""

    number = "BND-2"
    title = "Risk and responsibility split"
    why = "a leak would have no owner"
    weight = Weight.HIGH
    says = (
        "On the supplier's side of the delivery point {supplier_side}",
        "On the customer's side {customer_side}",
    )

    supplier_side: SideRisks
    """before the delivery point, seen from the plant"""
    customer_side: SideRisks
    """behind the delivery point"""


class LossesToBoundary(Clause):
    """How heat that is lost between meter and delivery point is counted."""

    number = "BND-3"
    title = "Losses between meter and boundary"
    why = "they change the quantity that is billed"
    needed = Need.METER_AWAY
    says = (
        (
            "Heat lost between meter and delivery point is {counted_as:nothing=not counted"
            "|share=counted as a share of the reading"
            "|heat flow=counted as a heat flow without pause}."
        ),
        "The share is {loss_frac}.",
        "The heat flow is {loss_kw}.",
        "What is counted is {direction} the reading.",
        "The parties review this on {review_on}.",
    )

    counted_as: Literal["nothing", "share", "heat flow"]
    """how losses are counted"""
    loss_frac: Fraction | None = None
    """share of the reading; left out where losses are not counted as a share"""
    loss_kw: Annotated[float, Gt(0)] | None = None
    """heat flow that is lost all the time; left out where losses are not counted as one"""
    direction: Literal["added to", "taken off"] | None = None
    """added where the meter hangs behind the delivery point, taken off where it hangs before"""
    review_on: date | None = None
    """day on which the rule is reviewed; left out where losses are not counted"""

    @model_validator(mode="after")
    def _has_what_it_counts(self) -> "LossesToBoundary":
        if (self.loss_frac is not None) != (self.counted_as == "share"):
            raise ValueError(
                "a share of losses belongs to losses counted as a share, and only there"
            )
        if (self.loss_kw is not None) != (self.counted_as == "heat flow"):
            raise ValueError("a heat flow belongs to losses counted as a heat flow, and only there")
        counted = self.counted_as != "nothing"
        if counted != (self.direction is not None) or counted != (self.review_on is not None):
            raise ValueError(
                "losses that count have a direction and a day of review, others neither"
            )
        return self


class Access(Clause):
    """When and how one party enters the other's rooms."""

    number = "BND-4"
    title = "Access and keys"
    why = "what is out of reach is not repaired"
    weight = Weight.MEDIUM
    says = (
        (
            "The {given_by} gives access to plant and meter on {weekdays}, from {opens_at} to"
            " {closes_at}, {escort:yes=with an escort|no=without an escort}."
        ),
        "Keys: {keys}.",
        "In an emergency access is given at any time, within {emergency_h}.",
    )

    given_by: Literal["supplier", "customer"]
    """who holds the rooms and lets the other party in"""
    weekdays: tuple[Weekday, ...] = Field(min_length=1, max_length=7)
    """days of the week, Monday is 1"""
    opens_at: HourOfDay
    """hour from which access is given"""
    closes_at: HourOfDay
    """hour until which access is given"""
    escort: bool
    """whether somebody goes along"""
    keys: Text
    """who holds which key, badge or code"""
    emergency_h: Hours
    """hours within which access is given in an emergency"""

    @model_validator(mode="after")
    def _opens(self) -> "Access":
        if self.closes_at <= self.opens_at:
            raise ValueError("access closes at or before it opens")
        if list(self.weekdays) != sorted(set(self.weekdays)):
            raise ValueError("the days of access are each named once, in the order of the week")
        return self


class ConnectionWorks(Clause):
    """What is built to connect the customer, and for how much."""

    number = "BND-5"
    title = "Connection works and charge"
    why = "they are a supply of their own, with VAT of its own"
    weight = Weight.MEDIUM
    says = (
        "The {built_by} builds the connection: {scope}.",
        "The customer pays {charge_amount} for it, {vat}, {due_days} after it was accepted.",
        "It then belongs to the {owner_after}.",
    )

    built_by: Literal["supplier", "customer"]
    """who has it built"""
    scope: Text
    """what is built"""
    charge_amount: Annotated[Price, Ge(0)]
    """what the customer pays once; 0 where the supplier bears it"""
    vat: Literal["plus VAT", "VAT included", "outside the scope of VAT"]
    """how VAT stands to that price"""
    due_days: Days
    """days from acceptance until it is due"""
    owner_after: Literal["supplier", "customer"]
    """who owns what was built"""
