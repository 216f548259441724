"""Simulating a period: the step function over every step, and the proof that energy closes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from exotherm.core.kernel import kernel
from exotherm.core.period import Period
from exotherm.physics.computing import FloatArray, IntArray
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, KJ_PER_KWH
from exotherm.plant.account import burn_alone, reject_all
from exotherm.plant.expose import Exposure
from exotherm.plant.parts import Flows, Laid, Plant, State
from exotherm.plant.pool import pool_need
from exotherm.plant.serving import new_desk
from exotherm.plant.step import advance, moment_at, new_streams

BALANCE_FRAC_MAX = 1e-9
"""Largest error of a step's balance, relative to what flows, that is rounding of the computer."""

_FLOWS = len(Flows._fields)
_NO_ROWS = np.empty(0, dtype=np.int64)
# No flow is larger than one of these by much.
_LARGE = ("captured_kw", "heat_pump_kw", "delivered_kw", "load_kw", "backup_kw", "pool_stored_kw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What flowed in every step of a period: ``flows[name]`` has shape (steps,)."""

    period: Period
    step_h: float
    flows: dict[str, FloatArray]

    def energy_kwh(self, name: str) -> float:
        """Sum a flow in kW over the period."""
        return float(self.flows[name].sum() * self.step_h)

    def part(self, period: Period) -> dict[str, FloatArray]:
        """Give the flows of the steps that lie in a part of the period."""
        step = timedelta(hours=self.step_h)
        first = (period.start - self.period.start) // step
        last = (period.end - self.period.start) // step
        return {name: values[first:last] for name, values in self.flows.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation(Delivered):
    """The flows of a plant in every step of a period, named as Flows."""

    end: State

    @property
    def balance_error_kw(self) -> float:
        """The largest amount by which any part of the plant fails to close in any step."""
        return max(float(np.abs(error).max()) for error in balance_errors_kw(self.flows))


def simulate(plant: Plant, exposure: Exposure, start: State) -> Simulation:
    """Run the plant through a period. Energy closes in every step, or the program is wrong."""
    table, end = _run(plant, start, exposure.laid, exposure.step_h)
    flows = dict(zip(Flows._fields, table, strict=True))
    simulation = Simulation(
        period=exposure.period, step_h=exposure.step_h, flows=flows, end=State(*end)
    )
    assert np.isfinite(table).all(), "a flow is not a number"
    assert simulation.balance_error_kw <= BALANCE_FRAC_MAX * scale_kw(flows, plant, exposure.step_h)
    return simulation


def sum_year(plant: Plant, exposure: Exposure, start: State) -> dict[str, float]:
    """Run the plant through a period and give the sums alone, in kWh, by the names of Flows.

    For thousands of scenarios: the same steps as ``simulate`` and no table of them.
    Temperatures and shares are summed over hours as well. Runs beside others in threads.
    """
    _, sums = _keep(plant, start, exposure.laid, exposure.step_h, _NO_ROWS)
    assert np.isfinite(sums).all(), "a sum is not a number"
    return dict(zip(Flows._fields, sums.tolist(), strict=True))


def sum_and_keep(
    plant: Plant, exposure: Exposure, start: State, names: Sequence[str]
) -> tuple[Delivered, dict[str, float]]:
    """Run the plant through a period; keep the flows that are named, and sum all as ``sum_year``.

    For thousands of scenarios that are rated: the table of all flows takes as long as a fifth of
    the steps. Energy closes over the period, or the program is wrong.
    """
    rows = np.array([Flows._fields.index(name) for name in names])
    table, sums = _keep(plant, start, exposure.laid, exposure.step_h, rows)
    assert np.isfinite(table).all(), "a flow is not a number"
    summed = dict(zip(Flows._fields, sums.tolist(), strict=True))
    whole = {name: np.array([value]) for name, value in summed.items()}
    error_kwh = max(float(np.abs(error).max()) for error in balance_errors_kw(whole))
    assert error_kwh <= BALANCE_FRAC_MAX * max(1.0, *(abs(summed[name]) for name in _LARGE))
    kept = Delivered(
        period=exposure.period,
        step_h=exposure.step_h,
        flows=dict(zip(names, table, strict=True)),
    )
    return kept, summed


def cooling_kwh_alone(plant: Plant, exposure: Exposure) -> float:
    """Sum what cooler and chiller draw in a period if all heat of the servers is rejected.

    It depends on no store, so a step needs nothing of the one before.
    """
    return _cooling(plant, exposure.laid, exposure.step_h)


def fuel_kwh_alone(plant: Plant, exposure: Exposure, start: State) -> float:
    """Sum the fuel that the customers' own boiler burns in a period without any service.

    The same as of ``simulate`` without servers, which the store has no part in either.
    """
    return _heating(plant, start.pool_c, exposure.laid, exposure.step_h)


def scale_kw(flows: dict[str, FloatArray], plant: Plant, step_h: float) -> float:
    """Give what a balance is rounded against: the largest flow, and what the store holds a step.

    Stored heat is a small difference of large contents, so it is known to their rounding.
    """
    store_kwh_per_k = (
        plant.tank_layers * plant.tank.layer_kg * HEAT_CAPACITY_KJ_PER_KGK / KJ_PER_KWH
    )
    held_kwh = store_kwh_per_k * float(np.abs(flows["buffer_c"]).max())
    largest_kw = max(float(np.abs(flows[name]).max()) for name in _LARGE)
    return max(1.0, largest_kw, held_kwh / step_h)


def balance_errors_kw(flows: dict[str, FloatArray]) -> Iterator[FloatArray]:
    """Give for each part of the plant what goes in less what goes out and stays.

    In this order: servers, coolant, heat pump, store, pool, the other customers.
    """
    yield (flows["it_kw"] + flows["capture_fan_kw"] - flows["captured_kw"] - flows["uncaptured_kw"])
    yield flows["captured_kw"] - flows["exchanged_kw"] - flows["source_kw"] - flows["rejected_kw"]
    yield (
        flows["source_kw"]
        + flows["heat_pump_power_kw"]
        - flows["heat_pump_kw"]
        - flows["heat_pump_loss_kw"]
    )
    yield (
        flows["exchanged_kw"]
        + flows["heat_pump_kw"]
        - flows["delivered_kw"]
        - flows["buffer_loss_kw"]
        - flows["buffer_stored_kw"]
    )
    yield (
        flows["pool_delivered_kw"]
        + flows["pool_backup_kw"]
        - flows["evaporation_kw"]
        - flows["convection_kw"]
        - flows["makeup_kw"]
        - flows["ground_kw"]
        - flows["pool_stored_kw"]
    )
    yield (
        flows["delivered_kw"]
        - flows["pool_delivered_kw"]
        + flows["backup_kw"]
        - flows["pool_backup_kw"]
        + flows["unmet_kw"]
        - flows["load_kw"]
    )


@kernel
def _run(plant: Plant, start: State, laid: Laid, step_h: float) -> tuple[FloatArray, State]:
    steps = laid.moments.shape[0]
    table = np.empty((_FLOWS, steps))
    layers_c, pool_c = start.layers_c.copy(), start.pool_c
    streams, desk = new_streams(layers_c), new_desk(laid)
    for step in range(steps):
        flows = advance(plant, layers_c, pool_c, laid, step, step_h, streams, desk)
        pool_c = flows.pool_c
        for row, value in enumerate(flows):
            table[row, step] = value
    return table, State(layers_c, pool_c)


@kernel
def _keep(
    plant: Plant, start: State, laid: Laid, step_h: float, rows: IntArray
) -> tuple[FloatArray, FloatArray]:
    steps = laid.moments.shape[0]
    table, sums = np.empty((rows.size, steps)), np.zeros(_FLOWS)
    layers_c, pool_c = start.layers_c.copy(), start.pool_c
    streams, desk = new_streams(layers_c), new_desk(laid)
    for step in range(steps):
        flows = advance(plant, layers_c, pool_c, laid, step, step_h, streams, desk)
        pool_c = flows.pool_c
        for row, value in enumerate(flows):
            sums[row] += value * step_h
        for place in range(rows.size):
            table[place, step] = flows[rows[place]]
    return table, sums


@kernel
def _heating(plant: Plant, pool_c: float, laid: Laid, step_h: float) -> float:
    total_kwh = 0.0
    for step in range(laid.moments.shape[0]):
        moment, load_kw = moment_at(laid.moments, step), 0.0
        for load in range(laid.orders.shape[1]):
            load_kw += laid.orders[step, load, 0]
        need = pool_need(plant.pool, moment, pool_c, step_h)
        fuel_kw, pool_c = burn_alone(plant, need, load_kw, pool_c, step_h)
        total_kwh += fuel_kw * step_h
    return total_kwh


@kernel
def _cooling(plant: Plant, laid: Laid, step_h: float) -> float:
    total_kwh = 0.0
    for step in range(laid.moments.shape[0]):
        fan_kw, chiller_kw = reject_all(plant, moment_at(laid.moments, step))
        total_kwh += (fan_kw + chiller_kw) * step_h
    return total_kwh
