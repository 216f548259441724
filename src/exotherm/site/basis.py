"""What the values of a site rest on: measured, quoted, or a guess, with source and day."""

from datetime import date
from typing import Literal

from pydantic import Field

from exotherm.core.documents import Document

BasisKind = Literal["measured", "quoted", "guess"]


class Basis(Document):
    """What one value rests on, or all values of a table."""

    values: str = Field(min_length=1, max_length=200)
    """field of this file, like economics.electricity_per_kwh, or a table of it, like pool; an
    investment is named by its place, economics.investment[0]"""
    kind: BasisKind
    """measured, quoted by whoever will sell it, or a guess"""
    source: str = Field(min_length=3)
    """meter, offer or person by role"""
    dated_on: date
    """day of the reading, the offer or the guess"""

    def covers(self, path: str) -> bool:
        """Tell whether a field is the one that is named, or lies in the table that is."""
        return path == self.values or path.startswith((f"{self.values}.", f"{self.values}["))


def basis_of(path: str, bases: tuple[Basis, ...]) -> Basis | None:
    """Find what a field rests on: the closest entry that covers it, the last of these."""
    covering = [one for one in bases if one.covers(path)]
    return max(covering, key=lambda one: len(one.values), default=None)
