"""What is dispatched: heat at hand, heat wanted and prices of every step, and the plant."""

import math
from dataclasses import dataclass, replace

import numpy as np

from exotherm.physics.computing import FloatArray

SERIES = ("source_kw", "demand_kw", "direct_kw_max", "cop", "electricity_per_kwh")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dispatch:
    """A plant over steps of one length, all of it known beforehand.

    The first five have shape (steps,). In every step the source's heat is used directly, is lifted
    by the heat pump, or is rejected:

        direct + (cop - 1) power + rejected = source,   direct ≤ direct_kw_max

    and heat goes to the demand and to the tank, which loses a share of its content an hour:

        direct + cop power + boiler = demand + (content_end - kept content_start) / step_h

    The cost is that of the heat pump's electricity, the cooler's, and the boiler's heat. Energy is
    all that counts here: demand of several temperatures has to be split before, by what the source
    reaches directly (``direct_kw_max``) and the COP of what it does not.
    """

    source_kw: FloatArray
    demand_kw: FloatArray
    direct_kw_max: FloatArray
    cop: FloatArray
    electricity_per_kwh: FloatArray
    step_h: float
    heat_pump_kw_max: float
    """electric power of the heat pump at full load"""
    tank_kwh: float
    tank_loss_frac_per_h: float
    """share of its content that the tank loses in an hour"""
    boiler_kw_max: float
    boiler_cost_per_kwh: float
    """fuel of a kilowatt-hour of the boiler's heat"""
    rejection_frac: float
    """electricity of the cooler per heat that it rejects"""
    unmet_cost_per_kwh: float = math.inf
    """what a kilowatt-hour of demand costs that nobody meets; endless where all has to be met"""

    def __post_init__(self) -> None:
        steps = self.source_kw.shape
        assert len(steps) == 1
        assert steps[0] > 0
        for name in SERIES:
            values = getattr(self, name)
            assert values.shape == steps, name
            assert np.isfinite(values).all(), name
        for name in ("source_kw", "demand_kw", "direct_kw_max"):
            assert (getattr(self, name) >= 0).all(), name
        assert (self.cop >= 1).all()
        sizes = (self.heat_pump_kw_max, self.tank_kwh, self.boiler_kw_max)
        assert all(np.isfinite(size) and size >= 0 for size in sizes)
        assert np.isfinite(self.boiler_cost_per_kwh)
        assert not math.isnan(self.unmet_cost_per_kwh)
        assert 0 <= self.tank_loss_frac_per_h < 1
        assert self.rejection_frac >= 0
        assert self.step_h > 0

    @property
    def steps(self) -> int:
        """The number of steps."""
        return int(self.source_kw.size)

    @property
    def kept_frac(self) -> float:
        """The share of the tank's content that a step leaves."""
        return float((1.0 - self.tank_loss_frac_per_h) ** self.step_h)

    def sized(self, *, heat_pump_kw_max: float, tank_kwh: float) -> "Dispatch":
        """Give the same problem with another heat pump and tank."""
        return replace(self, heat_pump_kw_max=heat_pump_kw_max, tank_kwh=tank_kwh)
