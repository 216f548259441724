"""The water of a heat network in a year, for what its sources give."""

from dataclasses import dataclass

import numpy as np

from exotherm.physics.computing import FloatArray
from exotherm.physics.heat_network import Fed, NetworkFlows, Taken, before_warming_c, run_network
from exotherm.plant.heat_network.laid import Laid, feeds_return


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Water:
    """What the dispatch has to know of the pipes: losses, returns, and what passes each node.

    ``loss_kw`` (steps,), the others (steps, nodes); the return is that before anything warms it.
    """

    loss_kw: FloatArray
    return_c: FloatArray
    passing_kgs: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Feeding:
    """What customers take, and what sources feed outside the plant room or into the return."""

    taken: Taken
    supply: Fed
    into_return: Fed


def feeding_of(laid: Laid, heat_kw: FloatArray) -> Feeding:
    """Split what sources give, (steps, sources), by where they feed; the plant room's is left."""
    network, at = laid.network, laid.pipes.at
    nodes = [at(one.node) for one in laid.sources]
    warms = [feeds_return(one) for one in laid.sources]
    returns = [number for number, into in enumerate(warms) if into]
    supplies = [number for number, into in enumerate(warms) if not into and nodes[number] != 0]
    return Feeding(
        taken=Taken(
            np.array([at(one.node) for one in network.buildings], dtype=np.int64),
            laid.demand.heat_kw,
            laid.demand.return_c,
            network.water.bypass_c or 0.0,
        ),
        supply=_fed(nodes, heat_kw, supplies),
        into_return=_fed(nodes, heat_kw, returns),
    )


def _fed(nodes: list[int], heat_kw: FloatArray, numbers: list[int]) -> Fed:
    return Fed(
        np.array([nodes[number] for number in numbers], dtype=np.int64),
        np.ascontiguousarray(heat_kw[:, numbers]),
    )


def run_water(laid: Laid, heat_kw: FloatArray) -> tuple[NetworkFlows, Water]:
    """Work out the water where sources give ``heat_kw`` (steps, sources)."""
    feeding = feeding_of(laid, heat_kw)
    flows = run_network(
        laid.pipes.tree,
        feeding.taken,
        feeding.supply,
        feeding.into_return,
        laid.supply_c,
        laid.network.water.return_c,
    )
    return flows, Water(
        loss_kw=flows.loss_kw.sum(axis=1),
        return_c=before_warming_c(flows, feeding.into_return),
        passing_kgs=flows.return_flow_kgs,
    )
