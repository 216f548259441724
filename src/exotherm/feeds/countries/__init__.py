"""What energy costs in a country, and a city whose weather stands for it: for screening alone.

``prices.csv`` has rounded orders of magnitude with their source in its head; a bill is worth more.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

SOURCE = "orders of magnitude after Eurostat, first half of 2024, other customers than households"


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country: prices in EUR per kWh without VAT, and the place whose weather is taken."""

    code: str
    city: str
    zone: str
    electricity_per_kwh: float
    fuel_per_kwh: float


@lru_cache(maxsize=1)
def load_countries() -> dict[str, Country]:
    """Read all countries, by their code."""
    text = (files(__package__) / "prices.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {
        row["country"]: Country(
            code=row["country"],
            city=row["city"],
            zone=row["zone"],
            electricity_per_kwh=float(row["electricity_per_kwh"]),
            fuel_per_kwh=float(row["fuel_per_kwh"]),
        )
        for row in rows
    }
