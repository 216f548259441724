"""What law and standards say of refrigerants: kind, safety class and warming potential, as data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class RefrigerantLaw:
    """One refrigerant as the law on fluorinated gases and ISO 817 see it."""

    family: Literal["HFC", "HFO", "natural"]
    safety_class: str
    gwp: float
    """warming potential over 100 years against carbon dioxide, as the law counts it"""

    def charge_tco2e(self, charge_kg: float) -> float:
        """Give a charge in tonnes of carbon dioxide with the same warming."""
        return charge_kg * self.gwp / 1000.0


@lru_cache(maxsize=1)
def refrigerant_laws() -> Mapping[str, RefrigerantLaw]:
    """Read the refrigerants that the site file knows, by their number in ASHRAE 34."""
    text = files("exotherm.comply").joinpath("refrigerants.toml").read_text(encoding="utf-8")
    return {name: RefrigerantLaw(**about) for name, about in tomllib.loads(text).items()}
