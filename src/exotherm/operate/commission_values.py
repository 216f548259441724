"""What commissioning is told and what it concludes, as values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from exotherm.core.samples import Point


class Verdict(StrEnum):
    """What is known of a scale."""

    PROVEN = "proven"
    CONTRADICTS = "contradicts"
    OPEN = "not provable yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a meter told at one moment: numbers by quantity, in their units."""

    at: datetime
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """A meter to be proved: its points without its name, what it counts, and what it told."""

    name: str
    points: tuple[Point, ...]
    measures: str | None
    looks: tuple[Look, ...]
    part_of: str | None = None
    """the meter before it, which counts all that it and the other parts count"""
    tells_units: bool = False
    """whether its telegrams carry the unit of every value, as M-Bus does"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """What a person read off a display."""

    point: str
    value: Decimal
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One second path: what it says of the point, in words and numbers, and what to do."""

    path: str
    verdict: Verdict
    message: str
    remedy: str = ""
    ratio: float | None = None
    hands_on: frozenset[str] | None = None
    """for an agreement within a meter: the quantities that hand on their proof to all in it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointProof:
    """What is known of one point's scale, by all paths there are."""

    point: str
    verdict: Verdict
    proofs: tuple[Proof, ...]
