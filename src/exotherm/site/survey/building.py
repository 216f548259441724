"""The customer's building: its boiler, controls, meter, hot water, and when it can be cut off."""

from datetime import date
from typing import Annotated, Literal

from annotated_types import Ge, Le
from pydantic import Field, model_validator

from exotherm.core.documents import Document, default
from exotherm.site.quantities import NotNegative, Positive, WaterTemperature

Day = Annotated[date, Ge(date(1990, 1, 1)), Le(date(2199, 12, 31))]
"""a day that a programme can reckon with; beyond lie typing errors"""


class Building(Document):
    """What is known of the building as such."""

    built_in: Annotated[int, Ge(1000), Le(2100)] | None = None
    """year of its oldest part on the way of the pipes"""
    listed: bool | None = None
    """whether it is protected as a monument"""
    without_heat_days_max: NotNegative | None = None
    """longest time without any heat that its use allows in the season of the shutdown"""


class TieIn(Document):
    """Where the plant meets the existing boiler."""

    separation: Literal["low-loss header", "exchanger", "none"] | None = None
    """what keeps the flow of the boiler's loop from that of the plant"""
    boiler_return_c_min: Annotated[float, Ge(0), Le(90)] | None = None
    """return that the boiler needs so that its flue gas does not condense; 0 where it may"""
    condensing: bool | None = None
    """whether it is a condensing boiler, which wants a cool return"""
    valves_close: bool | None = None
    """whether the valves at the place of the tie-in were seen to close"""
    branches_free: bool | None = None
    """whether there are free branches, so that no pipe is cut"""


class Controls(Document):
    """What the plant has to talk to."""

    bms: Literal["none", "open", "closed"] | None = None
    """building management system: open where it speaks BACnet, Modbus or KNX to others"""
    boiler_enable: bool | None = None
    """whether the boiler can be held back and released by a contact or a bus"""
    network: bool | None = None
    """whether plant room and meter reach a data network"""


class MeterPlace(Document):
    """The place of the heat meter that is billed."""

    pipe_m: Positive | None = None
    """inner width of the pipe"""
    straight_before_m: NotNegative | None = None
    """straight pipe before the meter"""
    straight_behind_m: NotNegative | None = None
    """straight pipe behind it"""
    diameters_before: Annotated[float, Ge(0), Le(50)] = default(
        5.0, source="3 to 10 for static meters; the meter's sheet decides: estimate"
    )
    """straight pipe that the meter needs before it, in widths of the pipe"""
    diameters_behind: Annotated[float, Ge(0), Le(50)] = default(
        3.0, source="0 to 5 for static meters; the meter's sheet decides: estimate"
    )
    """straight pipe that it needs behind it, in widths of the pipe"""
    reachable: bool | None = None
    """whether it can be read, sealed and exchanged without a ladder or a key of somebody else"""


class HotWater(Document):
    """Drinking water that is warmed, and Legionella in it."""

    served: bool | None = None
    """whether the plant warms drinking water, also by preheating"""
    store_c: WaterTemperature | None = None
    """temperature at which hot water leaves the store"""
    dead_legs: bool | None = None
    """whether there are pipes without flow"""
    assessed: bool | None = None
    """whether there is a risk assessment of this system"""


class Shutdown(Document):
    """A span of days in which the building can be cut off."""

    from_on: Day
    """first day"""
    until_on: Day
    """last day"""
    weekdays: tuple[Annotated[int, Ge(1), Le(7)], ...] = default(
        (1, 2, 3, 4, 5, 6, 7), source="every day of the span", min_length=1
    )
    """days of the week on which it can, Monday is 1"""


class TemporaryPlant(Document):
    """A hired boiler that keeps the building warm while it is cut off."""

    heat_kw: Positive | None = None
    """heat that it has to give; left out: the boiler's own"""
    branches: bool | None = None
    """whether there are branches to which its hoses fit, and a place and fuel for it"""


class Span(Document):
    """Least, likely and most of a duration in calendar days."""

    days: Annotated[int, Ge(0), Le(3650)]
    """likely duration"""
    days_min: Annotated[int, Ge(0), Le(3650)] | None = None
    """shortest that is credible; left out: the likely one"""
    days_max: Annotated[int, Ge(0), Le(3650)] | None = None
    """longest that is credible; left out: the likely one"""

    @model_validator(mode="after")
    def _is_in_order(self) -> "Span":
        low, high = self.days_min, self.days_max
        self.fill({"days_min": self.days, "days_max": self.days})
        if (low is not None and low > self.days) or (high is not None and high < self.days):
            raise ValueError("days_min is not above days, and days not above days_max")
        return self


class Phase(Span):
    """A phase of the works."""

    name: str = Field(pattern=r"^[a-z][a-z0-9 -]*$", max_length=40)
    """word for it, by which others refer to it"""
    after: tuple[str, ...] = Field(default=(), max_length=50)
    """phases that have to be over before it begins"""
    shutdown: bool = False
    """whether the building is cut off while it lasts"""
