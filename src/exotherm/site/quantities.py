"""The bounds that quantities of a site file keep, by the kind of quantity."""

from decimal import Decimal
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from annotated_types import Ge, Gt, Le, Lt
from pydantic import AfterValidator

from exotherm.core.sentences import listed
from exotherm.core.slips import Beyond
from exotherm.physics.boiler import GROSS_PER_NET

Positive = Annotated[float, Gt(0)]
NotNegative = Annotated[float, Ge(0)]
Fraction = Annotated[float, Ge(0), Le(1)]


def _on_the_net_one(efficiency: Decimal) -> str:
    """Say what an efficiency on the net calorific value is on the gross one, fuel by fuel."""
    gross = {fuel: efficiency / Decimal(str(per_net)) for fuel, per_net in GROSS_PER_NET.items()}
    each = listed(f"{share:.2f} with {fuel}" for fuel, share in gross.items() if share <= 1)
    return (
        "Above 1 it is on the net calorific value (Hi, PCI, LHV), as condensing boilers are sold; "
        f"this field is on the gross one (Hs, PCS, HHV): {efficiency.normalize():f} on the net "
        f"one is written as {each}."
    )


_NET_MOST = Decimal(str(max(GROSS_PER_NET.values())))
GrossEfficiency = Annotated[float, Gt(0), Le(1), Beyond(_NET_MOST, _on_the_net_one)]
"""heat over fuel, on the gross calorific value"""
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
