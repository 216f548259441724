"""Refrigerants: how warm a heat pump with each can deliver and be fed."""

from dataclasses import dataclass

from exotherm.physics.confidence import Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Refrigerant:
    """What a refrigerant allows, where the machine's own data sheet says nothing.

    The critical temperature is a fact (IIR, CoolProp). The limits are what machines on the market
    reach, by expert knowledge: the sink's within 5 K, the source's within 10 K. A data sheet
    always goes before them.
    """

    name: str
    critical_c: float
    standard_sink_c_max: float
    """warmest sink outlet of standard machines"""
    special_sink_c_max: float
    """warmest sink outlet of machines made for it"""
    source_c_max: float
    """warmest source inlet; above it a mixing valve recirculates"""
    needs_cool_return: bool = False
    """whether the COP falls steeply with the temperature at which the sink comes back"""
    confidence: Confidence = "expert value, verify"
    """how far the three limits may be trusted"""


REFRIGERANTS: tuple[Refrigerant, ...] = (
    Refrigerant(
        name="R134a",
        critical_c=101.1,
        standard_sink_c_max=70.0,
        special_sink_c_max=75.0,
        source_c_max=30.0,
    ),
    Refrigerant(
        name="R1234ze",
        critical_c=109.4,
        standard_sink_c_max=85.0,
        special_sink_c_max=95.0,
        source_c_max=40.0,
    ),
    Refrigerant(
        name="R290",
        critical_c=96.7,
        standard_sink_c_max=70.0,
        special_sink_c_max=75.0,
        source_c_max=25.0,
    ),
    Refrigerant(
        name="R600a",
        critical_c=134.7,
        standard_sink_c_max=80.0,
        special_sink_c_max=95.0,
        source_c_max=40.0,
    ),
    Refrigerant(
        name="R717",
        critical_c=132.4,
        standard_sink_c_max=80.0,
        special_sink_c_max=95.0,
        source_c_max=35.0,
    ),
    Refrigerant(
        name="R744",
        critical_c=31.0,
        standard_sink_c_max=60.0,
        special_sink_c_max=90.0,
        source_c_max=25.0,
        needs_cool_return=True,
    ),
)


def refrigerant(name: str) -> Refrigerant | None:
    """Find a refrigerant by its ASHRAE 34 number, or None where the table does not have it."""
    return next((entry for entry in REFRIGERANTS if entry.name == name), None)
