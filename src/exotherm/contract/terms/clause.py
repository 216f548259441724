"""What every clause has: its number in the catalogue, its weight, when it is needed, its words."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le
from pydantic import AfterValidator, Field, PlainSerializer, PrivateAttr, StringConstraints

from exotherm.core.documents import Document

Fraction = Annotated[float, Ge(0), Le(1)]
# Prices are read from the digits in the file: the reader never makes a binary float of them.
Price = Annotated[Decimal, Field(max_digits=14), PlainSerializer(str, return_type=str)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=600)]
"""Words that two parties agreed on, as they stand."""
Texts = Annotated[tuple[Text, ...], Field(min_length=1, max_length=40)]
"""A closed list of such words, with at least one entry."""
Days = Annotated[int, Ge(0), Le(3660)]
Months = Annotated[int, Ge(0), Le(600)]
Years = Annotated[int, Ge(1), Le(99)]
Hours = Annotated[float, Gt(0), Le(8784)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Face(StrEnum):
    """How a whole number without a unit is written: on a calendar, on a clock's face."""

    WEEKDAY = "weekday"
    HOUR = "hour"
    MONTH = "month"


Weekday = Annotated[int, Ge(1), Le(7), Face.WEEKDAY]
HourOfDay = Annotated[int, Ge(0), Le(24), Face.HOUR]
MonthOfYear = Annotated[int, Ge(1), Le(12), Face.MONTH]


def _is_a_day(text: str) -> str:
    # A leap year has all days that any year has.
    try:
        date.fromisoformat(f"2024-{text}")
    except ValueError as error:
        raise ValueError("a day of the year is written as month and day, like 10-01") from error
    return text


DayOfYear = Annotated[str, StringConstraints(min_length=5, max_length=5), AfterValidator(_is_a_day)]
"""A day that comes every year, as month and day: ``10-01``."""


class Weight(StrEnum):
    """What it means that a clause is missing."""

    BLOCKS = "blocks"
    """A bill or an outcome is undefined: the contract cannot be signed."""
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Need(StrEnum):
    """When a clause is needed. ``contract.check_needs`` knows how to tell."""

    ALWAYS = "always"
    USED = "where the composition of the price (TAR-4) names it"
    INDEXED = "where a price follows an index"
    METER_AWAY = "where the meter is not at the delivery point"
    FALLBACK = "where there is a fallback"
    STORE = "where there is a store"
    SEVERAL_BUYERS = "where the plant serves several buyers"
    HOT_WATER_OR_POOL = "where hot water or a pool is heated"
    POOL_OR_SCHOOL = "where a pool or a school is heated"
    CARE_OR_HOMES = "where a care home or homes are heated"
    SEVERAL_UNITS = "where the heat is shared among several units"
    HOMES = "where the customer is domestic"
    PUBLIC = "where the customer is a public body"
    GERMANY = "where German law applies"


class Clause(Document):
    """A clause of the catalogue.

    ``says`` holds its sentences, each with the names of fields in braces; a sentence whose field
    was left out is left out with it. ``contract.wording`` describes what may stand in braces.
    """

    number: ClassVar[str]
    title: ClassVar[str]
    why: ClassVar[str]
    weight: ClassVar[Weight] = Weight.BLOCKS
    needed: ClassVar[Need] = Need.ALWAYS
    says: ClassVar[tuple[str, ...]]

    _preset: str | None = PrivateAttr(default=None)

    @property
    def preset(self) -> str | None:
        """The preset that this clause was taken from; None where the parties wrote it."""
        return self._preset

    def note_preset(self, name: str) -> None:
        """Note that a preset gave this clause, once, when the file is read."""
        assert self._preset is None, self.number
        self._preset = name


class Part(Document):
    """A table inside a clause, such as a band of credits, with sentences of its own."""

    says: ClassVar[tuple[str, ...]] = ()
