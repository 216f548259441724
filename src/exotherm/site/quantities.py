"""The bounds that quantities of a site file keep, by the kind of quantity."""

from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from annotated_types import Ge, Gt, Le, Lt
from pydantic import AfterValidator

Positive = Annotated[float, Gt(0)]
NotNegative = Annotated[float, Ge(0)]
Fraction = Annotated[float, Ge(0), Le(1)]
ShareBelowOne = Annotated[float, Ge(0), Lt(1)]
WaterTemperature = Annotated[float, Gt(0), Lt(100)]
SupplyTemperature = Annotated[float, Gt(0), Le(160)]
"""of a heat network, which may run above 100 °C under pressure"""
AirTemperature = Annotated[float, Ge(-50), Le(60)]
Hour = Annotated[int, Ge(0), Le(24)]
Uncertainty = Annotated[float, Ge(0), Le(0.3)]
"""Relative standard uncertainty; no claim can rest on anything less known than this."""


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("a zone is named as in the IANA table, like Europe/Rome")
    return name


ZoneName = Annotated[str, AfterValidator(_known_zone)]
