"""Standard load profiles by name, and the one that stands for each kind of building."""

from collections.abc import Mapping
from typing import Literal

from exotherm.site.customers import BuildingKind

ProfileName = Literal["single family", "multi family", "commerce", "public", "lodging"]
"""a type of customer of BDEW's load profiles"""

PROFILE_BY_KIND: Mapping[BuildingKind, ProfileName] = {
    "school": "public",
    "office": "public",
    "care home": "lodging",
    "small hospital": "lodging",
    "housing block": "multi family",
    "leisure centre": "commerce",
}
"""Which profile lays the heat of a kind of building on the hours, where its method is a profile."""
