"""The components of a price, by the names that the composition (TAR-4) puts in order."""

from collections.abc import Mapping
from typing import Literal

Component = Literal[
    "standing fee",
    "capacity fee",
    "availability fee",
    "heat",
    "below-spec heat",
    "unrequested heat",
    "outdoor price",
    "return bonus",
    "shared savings",
    "pass-through",
    "take-or-pay",
    "price limits",
    "credit",
    "indexation",
    "VAT",
]
"""A part of the price, or a step that changes what was summed up before it."""

TABLE_OF: Mapping[Component, str] = {
    "standing fee": "standing_fee",
    "capacity fee": "capacity_fee",
    "availability fee": "availability_fee",
    "heat": "energy_price",
    "below-spec heat": "below_spec_heat",
    "unrequested heat": "unrequested_heat",
    "outdoor price": "outdoor_price",
    "return bonus": "return_bonus",
    "shared savings": "shared_savings",
    "pass-through": "pass_through",
    "take-or-pay": "take_or_pay",
    "price limits": "price_limits",
    "credit": "service_credit",
    "indexation": "price_formula",
    "VAT": "vat",
}
"""The table of the clause that each component needs."""

HEAT_COMPONENTS: tuple[Component, ...] = ("heat", "outdoor price")
"""What may price the heat that comes as promised: one of the two, never both."""
