"""What it costs, and how long it takes, to settle what a survey finds: dated unit rates.

Amounts are euros of the middle of 2025, without VAT, installed, in western Europe; low, likely and
high. Every one of them is an estimate of the trade and none is a measured mean: a quote in
survey.toml goes before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

RATES_CHECKED_ON = date(2026, 11, 26)
"""day on which the list was last gone through"""


@dataclass(frozen=True, slots=True)
class Rate:
    """A price per unit: low, likely, high."""

    low: int
    likely: int
    high: int
    per: str
    """what one of it is"""


RATES: Mapping[str, Rate] = {
    "structural check": Rate(800, 1_500, 3_500, "statement"),
    "spreader frame": Rate(250, 450, 900, "m² of floor"),
    "foundation": Rate(200, 350, 700, "m² of ground"),
    "strengthening": Rate(600, 1_200, 3_000, "m² of floor"),
    "tank in parts": Rate(400, 800, 1_600, "m³ of tank"),
    "rearranging": Rate(500, 1_500, 5_000, "place"),
    "crane": Rate(900, 1_800, 4_500, "day"),
    "pipes": Rate(120, 220, 400, "m of way"),
    "opening": Rate(120, 250, 600, "opening"),
    "fire stop": Rate(250, 550, 1_400, "opening"),
    "shaft": Rate(2_000, 5_000, 12_000, "shaft"),
    "road": Rate(500, 900, 1_800, "m of crossing"),
    "road permit": Rate(500, 1_500, 5_000, "crossing"),
    "asbestos removal": Rate(3_000, 8_000, 30_000, "way"),
    "asbestos survey": Rate(600, 1_200, 3_000, "building"),
    "monument consent": Rate(1_500, 4_000, 12_000, "building"),
    "corrosion-proof pipes": Rate(30, 70, 150, "m of way"),
    "trace heating": Rate(40, 80, 160, "m of way"),
    "quieter machine": Rate(300, 700, 1_500, "dB"),
    "noise study": Rate(1_200, 2_500, 6_000, "study"),
    "vibration isolators": Rate(300, 900, 2_500, "place"),
    "vapour insulation": Rate(600, 1_800, 5_000, "place"),
    "drain": Rate(300, 700, 1_800, "place"),
    "treated fill": Rate(60, 120, 300, "m³ of water"),
    "water set": Rate(300, 700, 1_500, "set"),
    "glycol": Rate(3_000, 5_000, 9_000, "m³ of glycol"),
    "loop apart": Rate(2_000, 5_000, 12_000, "loop"),
    "more power": Rate(80, 150, 400, "kVA"),
    "new transformer": Rate(25_000, 60_000, 150_000, "transformer"),
    "separation": Rate(8, 15, 30, "kW of plant"),
    "return raise": Rate(600, 1_500, 3_500, "boiler"),
    "valves": Rate(400, 1_200, 3_000, "tie-in"),
    "branches": Rate(300, 900, 2_500, "tie-in"),
    "control interface": Rate(800, 2_500, 8_000, "system"),
    "boiler contact": Rate(300, 800, 2_000, "boiler"),
    "data cable": Rate(200, 600, 1_500, "room"),
    "meter place": Rate(300, 900, 2_500, "meter"),
    "hygiene assessment": Rate(500, 1_200, 3_000, "system"),
    "dead legs": Rate(300, 900, 3_000, "system"),
    "hotter store": Rate(800, 2_500, 7_000, "store"),
    "fire compartment": Rate(1_500, 4_000, 12_000, "room"),
    "refrigerant safety": Rate(2_500, 6_000, 15_000, "room"),
    "temporary set-up": Rate(1_500, 3_000, 6_000, "set-up"),
    "temporary branches": Rate(500, 1_200, 3_000, "set-up"),
    "second visit": Rate(300, 800, 2_500, "paper"),
}
"""unit rates by name"""

TEMPORARY_PER_KW_DAY = (Decimal("0.8"), Decimal("1.2"), Decimal("2.5"))
"""hire of a mobile boiler, its fuel beyond the own boiler's not counted, per kW and day"""
