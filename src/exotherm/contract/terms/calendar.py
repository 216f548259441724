"""CAL: whose clock, which season, when the plant may stand still and when the customer is away."""

from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from annotated_types import Ge, Le
from pydantic import Field, model_validator

from exotherm.contract.terms.clause import (
    Clause,
    DayOfYear,
    Days,
    HourOfDay,
    Hours,
    Need,
    Part,
    Text,
    Weekday,
    Weight,
)
from exotherm.site.quantities import ZoneName


class Calendar(Clause):
    """Whose clock the contract follows."""

    number = "CAL-1"
    title = "Time zone and intervals"
    why = "October has 745 hours in one zone and 744 in another"
    says = (
        "Months, days and hours are those of the clock of {zone}.",
        (
            "A day lasts from midnight to midnight of that clock and has 23 or 25 hours where the "
            "clock is changed; an interval belongs to the day and hour in which it begins."
        ),
    )

    zone: ZoneName
    """time zone that says what a month, a night and a weekday is"""

    @property
    def clock(self) -> ZoneInfo:
        """The zone as Python's own."""
        return ZoneInfo(self.zone)


class YearlySpan(Part):
    """Days that come every year; a span may run over new year."""

    says = ("from {first} to {last}",)

    first: DayOfYear
    """first day, as month and day: 10-01"""
    last: DayOfYear
    """last day, which is part of it; 02-29 is the last of February in every year"""


class WeatherRule(Part):
    """A season that begins and ends by the outdoor temperature."""

    says = (
        (
            "It begins after {days_in_a_row} days in a row on which the outdoor temperature at "
            "{hour} is below {outdoor_c_start}, and ends after as many on which it is above "
            "{outdoor_c_end}."
        ),
        "The temperature is that of {station}.",
        (
            "While the station is silent, {station_silent:as before=the season stays as it was|in "
            "season=it counts as the season|off season=it does not count as the season}."
        ),
        "The term begins {first_day:in season=in season|off season=out of season}.",
    )

    outdoor_c_start: Annotated[float, Ge(-30), Le(40)]
    """outdoor temperature below which the season may begin"""
    outdoor_c_end: Annotated[float, Ge(-30), Le(40)]
    """outdoor temperature above which it may end; not below the first, or it would flutter"""
    hour: HourOfDay
    """hour of the day at which the temperature counts"""
    days_in_a_row: Annotated[int, Ge(1), Le(30)]
    """days in a row on which it has to be so"""
    station: Text
    """weather station, or the sensor, as meter.quantity"""
    station_silent: Literal["as before", "in season", "off season"]
    """what holds on days of which the station tells nothing"""
    first_day: Literal["in season", "off season"]
    """what holds on the first day of the term"""

    @property
    def is_season_when_silent(self) -> bool:
        """Whether it is season where no temperature was ever told."""
        if self.station_silent == "as before":
            return self.first_day == "in season"
        return self.station_silent == "in season"


class Season(Clause):
    """When heat is owed at all."""

    number = "CAL-2"
    title = "Season"
    why = "the obligation to deliver begins and ends with it"
    says = (
        (
            "Heat is owed {by:all year=all year|dates=in the season|weather=in a season that the "
            "weather decides}."
        ),
        "The season lasts {spans}.",
        "{weather}",
    )

    by: Literal["all year", "dates", "weather"]
    """what decides the season"""
    spans: Annotated[tuple[YearlySpan, ...], Field(max_length=12)] = ()
    """days of the season, where dates decide"""
    weather: WeatherRule | None = None
    """rule of the season, where the weather decides"""

    @model_validator(mode="after")
    def _has_its_rule(self) -> "Season":
        if (self.by == "dates") != bool(self.spans):
            raise ValueError("`spans` belong to a season by dates, and only to one")
        if (self.by == "weather") != (self.weather is not None):
            raise ValueError("`weather` belongs to a season by weather, and only to one")
        return self


class MaintenanceWindow(Part):
    """Hours of a weekday in which the plant may stand still by plan."""

    says = ("on {weekday}s from {starts_at} to {ends_at}",)

    weekday: Weekday
    """day of the week, Monday is 1"""
    starts_at: HourOfDay
    """hour at which the window opens, by the contract's clock"""
    ends_at: HourOfDay
    """hour at which the window closes"""

    @model_validator(mode="after")
    def _window_is_open(self) -> "MaintenanceWindow":
        if self.ends_at <= self.starts_at:
            raise ValueError(
                "the maintenance window ends at or before it starts; one over midnight is two "
                "windows, until 24 o'clock and from 0 o'clock of the next day"
            )
        return self


class Maintenance(Clause):
    """When the plant may stand still by plan."""

    number = "CAL-3"
    title = "Planned maintenance"
    why = "these hours are excused"
    says = (
        (
            "The plant may stand still for maintenance {windows}, in all at most {hours_h_max} in "
            "a calendar year; these quarter-hours are excused."
        ),
        "There is no planned maintenance {blackouts}.",
    )

    windows: Annotated[tuple[MaintenanceWindow, ...], Field(min_length=1, max_length=50)]
    """weekly windows"""
    hours_h_max: Hours
    """hours of announced maintenance in a calendar year that are excused at most"""
    blackouts: Annotated[tuple[YearlySpan, ...], Field(max_length=12)] = ()
    """days on which no window opens"""


class InterruptionNotice(Clause):
    """How planned interruptions are announced."""

    number = "CAL-4"
    title = "Notice of interruption"
    why = "people have to know when it gets cold"
    weight = Weight.HIGH
    says = (
        "A planned interruption is announced {lead_days} before, by {channel}.",
        (
            "One that was not announced is {if_missed:excused=excused all the same|not excused=not "
            "excused}."
        ),
        (
            "Where no record tells, it counts as {without_record:announced=announced|not "
            "announced=not announced}."
        ),
    )

    lead_days: Days
    """days of notice before a window is used"""
    channel: Text
    """how it is announced"""
    if_missed: Literal["excused", "not excused"]
    """what an interruption is that nobody announced"""
    without_record: Literal["announced", "not announced"]
    """what counts where no record tells whether it was announced"""


class Closure(Part):
    """Days on which the customer takes no heat."""

    says = ("{why}: {span}",)

    why: Text
    """why the customer is closed"""
    span: YearlySpan
    """first and last day, every year"""


class Closures(Clause):
    """When the customer is closed and takes no heat."""

    number = "CAL-5"
    title = "Customer closures"
    why = "in these days nothing is owed, neither heat nor a minimum"
    weight = Weight.HIGH
    needed = Need.POOL_OR_SCHOOL
    says = (
        "The customer takes no heat on these days: {closures}.",
        "Further closures are announced {lead_days} before.",
        (
            "Closed days {reduce_minimum:yes=reduce|no=do not reduce} a minimum that is bought "
            "(TAR-6)."
        ),
    )

    closures: Annotated[tuple[Closure, ...], Field(max_length=40)]
    """yearly closures; an empty list says that there are none"""
    lead_days: Days
    """days of notice for closures that are not listed"""
    reduce_minimum: bool
    """whether closed days reduce the quantity of a take-or-pay"""


class Commissioning(Clause):
    """How the service begins."""

    number = "CAL-6"
    title = "Commissioning and ramp-up"
    why = "the first invoice and the first credit need a day to begin"
    weight = Weight.HIGH
    says = (
        "The plant is accepted by this test: {acceptance_test}.",
        "Heat is billed from {first_bill_on}.",
        (
            "Until {promise_from} heat that is short or too cool is excused; from then the promise "
            "holds in full."
        ),
    )

    acceptance_test: Text
    """what is tested, and what counts as passed"""
    first_bill_on: date
    """first day that is billed"""
    promise_from: date
    """first day on which the promise of the service level holds"""


class Holidays(Clause):
    """Which days are no working days."""

    number = "CAL-7"
    title = "Holidays"
    why = "deadlines in working days need a calendar"
    weight = Weight.LOW
    says = (
        "Working days are Monday to Friday, without the public holidays of {region}.",
        "Further days without work are {days}.",
    )

    region: Text
    """country or region whose public holidays count"""
    days: Annotated[tuple[DayOfYear, ...], Field(max_length=40)] = ()
    """further days, every year"""
