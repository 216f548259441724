"""A load: heat that water of a temperature carries to a customer and comes back from."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from exotherm.physics.computing import FloatArray


class Acceptance(IntEnum):
    """What a customer takes from the plant."""

    ANY_LIFT = 0
    """water warmed part of the way is welcome; the customer's own heat does the rest"""
    WHOLE_LIFT = 1
    """only water as warm as asked is taken, as a network takes into its supply"""
    OWN_PLANT = 2
    """nothing is taken: the heat lies beyond what may be fed in"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one customer asks in every step, each array of shape (steps,).

    ``heat_kw`` is carried by water that arrives at ``supply_c`` and leaves at ``return_c``; the
    flow is ``heat / (c (supply - return))``. Temperatures hold also in steps without heat.
    ``heat_kw_max`` is the largest heat of the year, for which the customer's station is sized.
    """

    name: str
    heat_kw: FloatArray
    supply_c: FloatArray
    return_c: FloatArray
    heat_kw_max: float
    acceptance: Acceptance = Acceptance.ANY_LIFT

    def __post_init__(self) -> None:
        assert self.heat_kw.shape == self.supply_c.shape == self.return_c.shape
        assert np.isfinite(self.heat_kw).all(), self.name
        assert (self.heat_kw >= 0.0).all(), self.name
        assert (self.supply_c > self.return_c).all(), self.name
