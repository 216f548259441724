"""Sums of a simulated period, as pictures and words of a year are made of them."""

from typing import NamedTuple

from exotherm.core.period import Period
from exotherm.plant.simulate import Simulation

SOURCE = "simulation of the year in quarter-hours"
"""Where these sums are from, as it stands under a picture."""
SEEN_KWH = 1.0
"""Heat in a period below which nothing of it is to be seen or said."""


class Sources(NamedTuple):
    """Where the customers' heat of a period is from, in kWh."""

    direct: float
    pumped: float
    own: float
    unmet: float

    @property
    def recovered(self) -> float:
        """What the plant delivered."""
        return self.direct + self.pumped

    @property
    def recovered_frac(self) -> float:
        """The share of it in what was asked; nought where nothing was."""
        whole = sum(self)
        return self.recovered / whole if whole else 0.0


def sources_of(year: Simulation, period: Period) -> Sources:
    """Sum a period. Delivered heat is shared as the store was charged in it: direct and pumped."""
    delivered = part_kwh(year, period, "delivered_kw")
    direct = part_kwh(year, period, "exchanged_kw")
    pumped = part_kwh(year, period, "heat_pump_kw")
    share = pumped / (direct + pumped) if direct + pumped > 0.0 else 0.0
    return Sources(
        direct=delivered * (1.0 - share),
        pumped=delivered * share,
        own=part_kwh(year, period, "backup_kw"),
        unmet=part_kwh(year, period, "unmet_kw"),
    )


def part_kwh(year: Simulation, period: Period, flow: str) -> float:
    """Sum a flow over a part of a simulated period."""
    return float(year.part(period)[flow].sum() * year.step_h)
