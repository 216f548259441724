"""Demand: what each customer asks of the plant, as heat with the temperatures it comes at."""

from exotherm.plant.demand.load import Acceptance, Load
from exotherm.plant.demand.loads import loads_on

__all__ = ["Acceptance", "Load", "loads_on"]
