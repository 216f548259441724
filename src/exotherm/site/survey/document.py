"""The survey file as a typed document: who saw what and when, and what was found.

Every answer may be left out. Left out is not known, which is said with what it risks.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from annotated_types import Ge, Le
from pydantic import Field, model_validator

from exotherm.core.documents import Document
from exotherm.site.survey.building import (
    Building,
    Controls,
    Day,
    HotWater,
    MeterPlace,
    Phase,
    Shutdown,
    TemporaryPlant,
    TieIn,
)
from exotherm.site.survey.premises import Electricity, Noise, Place, Route, Side, Water

SURVEY_FILE = "survey.toml"

Surveyor = Literal[
    "heat engineer",
    "electrical engineer",
    "structural engineer",
    "building surveyor",
    "installer",
    "operator",
    "customer",
]
PaperKind = Literal[
    "as-built drawings",
    "asbestos register",
    "boiler service record",
    "electrical diagram",
    "fire strategy",
    "structural papers",
    "water analysis",
    "network operator's offer",
]
RuleName = Literal[
    "floor-load",
    "way-in",
    "headroom",
    "clearance",
    "crane",
    "pipe-length",
    "openings",
    "fire-stopping",
    "shaft",
    "road-crossing",
    "asbestos",
    "listed-building",
    "pool-air",
    "frost",
    "noise",
    "vibration",
    "condensate",
    "drain",
    "fill-water",
    "glycol",
    "power",
    "transformer",
    "tie-in",
    "boiler-return",
    "valves",
    "bms",
    "boiler-enable",
    "data-network",
    "meter-place",
    "legionella",
    "wet-cooler",
    "fire-compartment",
    "refrigerant",
    "shutdown",
    "temporary-plant",
    "papers",
]
"""The points that a survey is held against; each has its rule in the plan."""

_Amount = Annotated[Decimal, Ge(0), Le(1_000_000_000_000)]


class Visit(Document):
    """Who surveyed, as what, when, and what the money of the site file holds already."""

    surveyed_on: Day
    """last day on which somebody was there"""
    surveyed_by: tuple[Surveyor, ...] = Field(min_length=1)
    """who was there, by role"""
    visited: tuple[Side, ...] = Field(min_length=1)
    """what was walked through"""
    starts_on: Day | None = None
    """day on which the works may be ordered; left out: the day of the survey"""
    priced: tuple[RuleName, ...] = ()
    """points whose cost the investment in site.toml holds already"""


class Paper(Document):
    """A document that was looked for."""

    kind: PaperKind
    """what it is"""
    seen: bool
    """whether it was there and was read"""
    dated_on: Day | None = None
    """day on which it was made"""


class Quote(Document):
    """What somebody offers to settle a point for, in place of the program's own range."""

    rule: RuleName
    """the point"""
    amount: _Amount
    """price without VAT, in the currency of the site"""
    amount_min: _Amount | None = None
    """least that it may come to; left out: the price"""
    amount_max: _Amount | None = None
    """most that it may come to; left out: the price"""
    source: str = Field(min_length=3, max_length=200)
    """who offers it, by role, with number and day of the offer"""

    @model_validator(mode="after")
    def _is_in_order(self) -> "Quote":
        low, high = self.amount_min, self.amount_max
        self.fill({"amount_min": self.amount, "amount_max": self.amount})
        if (low is not None and low > self.amount) or (high is not None and high < self.amount):
            raise ValueError("amount_min is not above amount, and amount not above amount_max")
        return self


class Survey(Document):
    """All that was found on a visit, before anybody pays for a design."""

    survey: Visit
    building: Building = Building()
    places: tuple[Place, ...] = Field(default=(), max_length=50)
    routes: tuple[Route, ...] = Field(default=(), max_length=50)
    electricity: Electricity = Electricity()
    noise: Noise = Noise()
    water: Water = Water()
    tie_in: TieIn = TieIn()
    controls: Controls = Controls()
    meter_place: MeterPlace = MeterPlace()
    hot_water: HotWater = HotWater()
    temporary_plant: TemporaryPlant = TemporaryPlant()
    shutdowns: tuple[Shutdown, ...] = Field(default=(), max_length=100)
    phases: tuple[Phase, ...] = Field(default=(), max_length=50)
    papers: tuple[Paper, ...] = Field(default=(), max_length=50)
    quotes: tuple[Quote, ...] = Field(default=(), max_length=50)

    @property
    def starts_on(self) -> date:
        """The day from which the programme runs where nobody names another."""
        return self.survey.starts_on or self.survey.surveyed_on
