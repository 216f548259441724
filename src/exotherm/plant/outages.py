"""What of a plant stands still, step by step: faults and absences laid on its exposure."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outages:
    """Which parts stand still in which steps; arrays of shape (steps,)."""

    servers: BoolArray
    """the servers are off: no heat comes from them"""
    work: BoolArray
    """the servers are on with nothing to do: their work was moved elsewhere"""
    charging: BoolArray
    """coolant and store are apart"""
    heat_pump: BoolArray
    delivery: BoolArray
    """the loop from the store to the customers stands still"""


def no_outages(steps: int) -> Outages:
    """Give a time in which everything runs."""
    return Outages(
        **{name: np.zeros(steps, dtype=np.bool_) for name in Outages.__dataclass_fields__}
    )
