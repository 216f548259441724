"""Simulating a period: the step function over every step, and the proof that energy closes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from exotherm.core.kernel import kernel
from exotherm.core.period import Period
from exotherm.physics.computing import FloatArray
from exotherm.plant.build import Exposure
from exotherm.plant.step import Conditions, Flows, Plant, State, step_plant

BALANCE_KW_MAX = 1e-6
"""Largest error of a step's balance that is rounding and not a fault of the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """The flows of every step of a period: ``flows[name]`` has shape (steps,), named as Flows."""

    period: Period
    step_h: float
    flows: dict[str, FloatArray]
    end: State

    def energy_kwh(self, name: str) -> float:
        """Sum a flow in kW over the period."""
        return float(self.flows[name].sum() * self.step_h)

    def part(self, period: Period) -> dict[str, FloatArray]:
        """Give the flows of the steps that lie in a part of the period."""
        step = timedelta(hours=self.step_h)
        first = (period.start - self.period.start) // step
        last = (period.end - self.period.start) // step
        return {name: values[first:last] for name, values in self.flows.items()}

    @property
    def balance_error_kw(self) -> float:
        """The largest amount by which any part of the plant fails to close in any step."""
        return max(float(np.abs(error).max()) for error in balance_errors_kw(self.flows))


def simulate(plant: Plant, exposure: Exposure, start: State) -> Simulation:
    """Run the plant through a period. Energy closes in every step, or the program is wrong."""
    table, end = _run(
        plant,
        start,
        exposure.it_kw,
        exposure.outdoor_c,
        exposure.mains_c,
        exposure.activity,
        exposure.makeup_kgs,
        exposure.step_h,
    )
    flows = {name: table[:, column] for column, name in enumerate(Flows._fields)}
    simulation = Simulation(
        period=exposure.period, step_h=exposure.step_h, flows=flows, end=State(*end)
    )
    assert np.isfinite(table).all(), "a flow is not a number"
    assert simulation.balance_error_kw < BALANCE_KW_MAX, simulation.balance_error_kw
    return simulation


def balance_errors_kw(flows: dict[str, FloatArray]) -> Iterator[FloatArray]:
    """Give for servers, coolant, buffer and pool what goes in less what goes out and stays."""
    yield flows["it_kw"] - flows["captured_kw"] - flows["uncaptured_kw"]
    yield flows["captured_kw"] - flows["exchanged_kw"] - flows["rejected_kw"]
    yield (
        flows["exchanged_kw"]
        - flows["delivered_kw"]
        - flows["buffer_loss_kw"]
        - flows["buffer_stored_kw"]
    )
    yield (
        flows["delivered_kw"]
        + flows["backup_kw"]
        - flows["evaporation_kw"]
        - flows["convection_kw"]
        - flows["makeup_kw"]
        - flows["ground_kw"]
        - flows["pool_stored_kw"]
    )


@kernel
def _run(
    plant: Plant,
    state: State,
    it_kw: FloatArray,
    outdoor_c: FloatArray,
    mains_c: FloatArray,
    activity: FloatArray,
    makeup_kgs: FloatArray,
    step_h: float,
) -> tuple[FloatArray, State]:
    table = np.empty((it_kw.size, 25))
    for step in range(it_kw.size):
        conditions = Conditions(
            it_kw[step], outdoor_c[step], mains_c[step], activity[step], makeup_kgs[step]
        )
        state, flows = step_plant(plant, state, conditions, step_h)
        for column, value in enumerate(flows):
            table[step, column] = value
    return table, state
