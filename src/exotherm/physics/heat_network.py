"""A heat network of pipe pairs in the shape of a tree: flows, temperatures, losses, pressures.

Supply and return lie in one trench and mirror each other. The tree begins at the plant room, node
0, which gives what the sources elsewhere do not, or takes what they give beyond (a store that is
charged). Steady state in every step: the time that water takes is not modelled.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from exotherm.core.kernel import inner_kernel, kernel
from exotherm.physics.computing import FloatArray, IntArray
from exotherm.physics.pipe import outlet_c, pressure_drop_pa
from exotherm.physics.pump import pump_power_kw
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, density_kg_per_m3

RESIDUAL_KW_MAX = 1e-7
"""by how much a consumer's or a source's heat may be missed when flows count as settled"""
_ROUNDS_MAX = 3000
_ROUNDS_OF_SHARE = 50
_SPREAD_K_MIN = 0.5
# What is kept of each node while a step is worked out: flow fed in, mass and heat that mix, heat
# fed into the return.
_GIVEN, _MASS, _HEAT, _EXTRA = 0, 1, 2, 3


class PipeTree(NamedTuple):
    """The pipe pairs of a network, each by the node at its outer end; all of shape (nodes,).

    Nodes stand behind their parents, node 0 is the root and its pipe is none.
    """

    parent: IntArray
    length_m: FloatArray
    bore_m: FloatArray
    w_per_mk: FloatArray
    """loss of one of both pipes, by `buried_w_per_mk`"""
    fittings: FloatArray
    """sum of the loss coefficients in one of both pipes"""
    roughness_m: float
    ground_c: float

    @property
    def nodes(self) -> int:
        """The number of nodes."""
        return int(self.parent.size)


class Taken(NamedTuple):
    """What customers take: the node of each (n,), heats (steps, n) and returns (n,).

    ``bypass_c`` is the supply that a bypass at each customer keeps by letting water pass unused;
    nought where there are none.
    """

    node: IntArray
    heat_kw: FloatArray
    return_c: FloatArray
    bypass_c: float


class Fed(NamedTuple):
    """What sources outside the plant room feed in: the node of each (n,) and heats (steps, n)."""

    node: IntArray
    heat_kw: FloatArray


class NetworkFlows(NamedTuple):
    """How a network runs: per pipe or node (steps, nodes), and per step of the plant room (steps,).

    ``flow_kgs`` is that of a pipe's supply, away from the root; negative where water comes back
    towards it. ``missed_kw`` is the largest heat by which any customer or source was missed.
    """

    flow_kgs: FloatArray
    supply_c: FloatArray
    return_c: FloatArray
    """of the mixed return at each node, warmed by what is fed into it there"""
    return_flow_kgs: FloatArray
    """of the mixed return at each node"""
    loss_kw: FloatArray
    """of both pipes"""
    fall_pa: FloatArray
    """what friction takes in both pipes"""
    taken_kgs: FloatArray
    """flow through each customer's station, (steps, customers)"""
    bypass_kgs: FloatArray
    """flow past it, (steps, customers)"""
    fed_kgs: FloatArray
    """flow of each source that feeds the supply, (steps, sources)"""
    plant_kgs: FloatArray
    """flow that the plant room gives; negative where it takes"""
    plant_kw: FloatArray
    """heat that the plant room gives; negative where it takes"""
    warmed_kw: FloatArray
    """heat fed into the return, (steps, sources of it); nought where no water comes by"""
    missed_kw: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pumping:
    """The pumps of a network: what they hold up and draw in every step, (steps,)."""

    head_pa: FloatArray
    """difference of supply and return that the plant room holds"""
    power_kw: FloatArray
    worst: IntArray
    """the customer whose station has just its least pressure"""


@kernel
def run_network(
    tree: PipeTree,
    taken: Taken,
    fed: Fed,
    warmed: Fed,
    supply_c: FloatArray,
    plant_return_c: float,
) -> NetworkFlows:
    """Find flows and temperatures of every step, so that each customer gets its heat.

    Sources give water of ``supply_c`` (steps,), those of ``warmed`` warm the return that passes
    their node. A flow is raised by what its heat is missed by, (h - m c (T_s - T_r)) over the
    spread without losses; this rises or falls to the largest flows that solve it. Where a customer
    takes little or nothing, enough water flows through its station that supply stays as warm as
    its return at least, or as ``bypass_c`` where bypasses let more pass. Charging the plant room's
    store takes water of the supply and gives it back with ``plant_return_c``. Returns are warmer
    than the ground and at least half a kelvin colder than the supply.

    Continuity and energy at each node; T_g + (T - T_g) exp(-U L / (m c)) along each pipe.
    """
    steps, nodes = supply_c.size, tree.parent.size
    flows = _empty_flows(steps, nodes, taken.node.size, fed.node.size, warmed.node.size)
    space = np.zeros((4, nodes))
    for step in range(steps):
        hot_c = supply_c[step]
        _first_guess(step, taken, fed, hot_c, flows)
        share, before_kw = 1.0, np.inf
        for number in range(_ROUNDS_MAX):
            _continue_flows(step, tree, taken, fed, space, flows)
            _mix_supply(step, tree, hot_c, space, flows)
            _mix_return(step, tree, taken, warmed, plant_return_c, space, flows)
            missed_kw = _correct(step, taken, fed, hot_c, share, flows)
            if missed_kw <= RESIDUAL_KW_MAX:
                break
            if number % _ROUNDS_OF_SHARE == _ROUNDS_OF_SHARE - 1:
                # Where water nearly stands in a pipe corrections may swing: then smaller ones.
                share = 0.5 * share if missed_kw > 0.95 * before_kw else share
                before_kw = missed_kw
        _count_losses(step, tree, hot_c, plant_return_c, flows)
        _count_falls(step, tree, flows)
    return flows


@kernel
def _empty_flows(
    steps: int, nodes: int, customers: int, sources: int, warming: int
) -> NetworkFlows:
    return NetworkFlows(
        np.zeros((steps, nodes)),
        np.zeros((steps, nodes)),
        np.zeros((steps, nodes)),
        np.zeros((steps, nodes)),
        np.zeros((steps, nodes)),
        np.zeros((steps, nodes)),
        np.zeros((steps, customers)),
        np.zeros((steps, customers)),
        np.zeros((steps, sources)),
        np.zeros(steps),
        np.zeros(steps),
        np.zeros((steps, warming)),
        np.zeros(steps),
    )


@inner_kernel
def _first_guess(step: int, taken: Taken, fed: Fed, hot_c: float, flows: NetworkFlows) -> None:
    """Begin above the flows sought, with twice what the heat asks and a trickle."""
    for one in range(taken.node.size):
        spread_k = hot_c - taken.return_c[one]
        heat_kw = 2.0 * taken.heat_kw[step, one] + 1.0
        flows.taken_kgs[step, one] = heat_kw / (HEAT_CAPACITY_KJ_PER_KGK * spread_k)
    for one in range(fed.node.size):
        spread_k = hot_c - taken.return_c[0]
        flows.fed_kgs[step, one] = fed.heat_kw[step, one] / (HEAT_CAPACITY_KJ_PER_KGK * spread_k)


@inner_kernel
def _continue_flows(
    step: int, tree: PipeTree, taken: Taken, fed: Fed, space: FloatArray, flows: NetworkFlows
) -> None:
    """Lay flows on the pipes by continuity; the plant room gives or takes the rest."""
    nodes, needed = tree.parent.size, flows.flow_kgs
    for node in range(nodes):
        space[_GIVEN, node] = 0.0
        needed[step, node] = 0.0
    for one in range(taken.node.size):
        needed[step, taken.node[one]] += flows.taken_kgs[step, one] + flows.bypass_kgs[step, one]
    for one in range(fed.node.size):
        space[_GIVEN, fed.node[one]] += flows.fed_kgs[step, one]
    for node in range(nodes):
        needed[step, node] -= space[_GIVEN, node]
    for node in range(nodes - 1, 0, -1):
        needed[step, tree.parent[node]] += needed[step, node]
    plant_kgs = needed[step, 0]
    needed[step, 0] = 0.0
    flows.plant_kgs[step] = plant_kgs
    space[_GIVEN, 0] += max(0.0, plant_kgs)


@inner_kernel
def _mix_supply(
    step: int, tree: PipeTree, hot_c: float, space: FloatArray, flows: NetworkFlows
) -> None:
    """Carry temperatures along the supply: towards the root first, then away from it."""
    nodes = tree.parent.size
    for node in range(nodes):
        space[_MASS, node] = space[_GIVEN, node]
        space[_HEAT, node] = space[_GIVEN, node] * hot_c
    for node in range(nodes - 1, 0, -1):
        flow_kgs = -flows.flow_kgs[step, node]
        if flow_kgs > 0.0:
            end_c = _along(tree, node, space[_HEAT, node] / space[_MASS, node], flow_kgs)
            space[_MASS, tree.parent[node]] += flow_kgs
            space[_HEAT, tree.parent[node]] += flow_kgs * end_c
    flows.supply_c[step, 0] = space[_HEAT, 0] / space[_MASS, 0] if space[_MASS, 0] > 0.0 else hot_c
    for node in range(1, nodes):
        flow_kgs = flows.flow_kgs[step, node]
        if flow_kgs > 0.0:
            end_c = _along(tree, node, flows.supply_c[step, tree.parent[node]], flow_kgs)
            space[_MASS, node] += flow_kgs
            space[_HEAT, node] += flow_kgs * end_c
        flows.supply_c[step, node] = tree.ground_c
        if space[_MASS, node] > 0.0:
            flows.supply_c[step, node] = space[_HEAT, node] / space[_MASS, node]


@inner_kernel
def _mix_return(
    step: int,
    tree: PipeTree,
    taken: Taken,
    warmed: Fed,
    plant_return_c: float,
    space: FloatArray,
    flows: NetworkFlows,
) -> None:
    """Carry temperatures along the return, which flows against the supply."""
    nodes = tree.parent.size
    for node in range(nodes):
        space[_MASS, node] = space[_HEAT, node] = space[_EXTRA, node] = 0.0
    for one in range(taken.node.size):
        flow_kgs, node = flows.taken_kgs[step, one], taken.node[one]
        past_kgs = flows.bypass_kgs[step, one]
        space[_MASS, node] += flow_kgs + past_kgs
        space[_HEAT, node] += flow_kgs * taken.return_c[one] + past_kgs * flows.supply_c[step, node]
    stored_kgs = max(0.0, -flows.plant_kgs[step])
    space[_MASS, 0] += stored_kgs
    space[_HEAT, 0] += stored_kgs * plant_return_c
    for one in range(warmed.node.size):
        space[_EXTRA, warmed.node[one]] += warmed.heat_kw[step, one]
    for node in range(nodes - 1, 0, -1):
        flow_kgs = flows.flow_kgs[step, node]
        if flow_kgs > 0.0:
            end_c = _along(tree, node, _warm(node, space), flow_kgs)
            space[_MASS, tree.parent[node]] += flow_kgs
            space[_HEAT, tree.parent[node]] += flow_kgs * end_c
    for node in range(nodes):
        flow_kgs = -flows.flow_kgs[step, node]
        if flow_kgs > 0.0:
            end_c = _along(tree, node, flows.return_c[step, tree.parent[node]], flow_kgs)
            space[_MASS, node] += flow_kgs
            space[_HEAT, node] += flow_kgs * end_c
        passing = space[_MASS, node] > 0.0
        flows.return_flow_kgs[step, node] = space[_MASS, node]
        flows.return_c[step, node] = _warm(node, space) if passing else tree.ground_c
    for one in range(warmed.node.size):
        passing = space[_MASS, warmed.node[one]] > 0.0
        flows.warmed_kw[step, one] = warmed.heat_kw[step, one] if passing else 0.0


@inner_kernel
def _along(tree: PipeTree, node: int, inlet_c: float, flow_kgs: float) -> float:
    return outlet_c(inlet_c, tree.ground_c, tree.w_per_mk[node], tree.length_m[node], flow_kgs)


@inner_kernel
def _warm(node: int, space: FloatArray) -> float:
    """Mix what comes to a node's return, and warm it by what is fed into it there."""
    warmed = space[_HEAT, node] + space[_EXTRA, node] / HEAT_CAPACITY_KJ_PER_KGK
    return float(warmed / space[_MASS, node])


@inner_kernel
def _correct(
    step: int, taken: Taken, fed: Fed, hot_c: float, share: float, flows: NetworkFlows
) -> float:
    """Correct flows by a share of the heat they miss; gives the most that any missed."""
    missed_kw = 0.0
    for one in range(taken.node.size):
        flow_kgs, back_c = flows.taken_kgs[step, one], taken.return_c[one]
        spread_k = flows.supply_c[step, taken.node[one]] - back_c
        lacking_kw = taken.heat_kw[step, one] - flow_kgs * HEAT_CAPACITY_KJ_PER_KGK * spread_k
        flow_kgs += share * lacking_kw / (HEAT_CAPACITY_KJ_PER_KGK * (hot_c - back_c))
        flows.taken_kgs[step, one] = max(0.0, flow_kgs)
        missed_kw = max(missed_kw, abs(lacking_kw))
        if taken.bypass_c > 0.0:
            missed_kw = max(missed_kw, _bypass(step, one, taken, hot_c, share, flows))
    for one in range(fed.node.size):
        spread_k = max(_SPREAD_K_MIN, hot_c - flows.return_c[step, fed.node[one]])
        wanted_kgs = fed.heat_kw[step, one] / (HEAT_CAPACITY_KJ_PER_KGK * spread_k)
        lacking_kgs = wanted_kgs - flows.fed_kgs[step, one]
        flows.fed_kgs[step, one] += share * lacking_kgs
        missed_kw = max(missed_kw, abs(lacking_kgs) * HEAT_CAPACITY_KJ_PER_KGK * spread_k)
    flows.missed_kw[step] = missed_kw
    return missed_kw


@inner_kernel
def _bypass(
    step: int, one: int, taken: Taken, hot_c: float, share: float, flows: NetworkFlows
) -> float:
    """Let so much pass a customer that its supply is as warm as the bypass keeps it.

    What the way loses is m c (T_hot - T): a flow of that over c (T_hot - T_bypass) would end
    there. Gives by what heat the bypass was changed.
    """
    through_kgs, past_kgs = flows.taken_kgs[step, one], flows.bypass_kgs[step, one]
    cooled_k = hot_c - flows.supply_c[step, taken.node[one]]
    wanted_kgs = (through_kgs + past_kgs) * cooled_k / (hot_c - taken.bypass_c)
    change_kgs = share * (max(0.0, wanted_kgs - through_kgs) - past_kgs)
    flows.bypass_kgs[step, one] = past_kgs + change_kgs
    return float(abs(change_kgs) * HEAT_CAPACITY_KJ_PER_KGK * (hot_c - taken.bypass_c))


@inner_kernel
def _count_losses(
    step: int, tree: PipeTree, hot_c: float, plant_return_c: float, flows: NetworkFlows
) -> None:
    """Count what each pair loses, and what the plant room gives."""
    for node in range(1, tree.parent.size):
        flow_kgs, parent = flows.flow_kgs[step, node], tree.parent[node]
        near, far = (parent, node) if flow_kgs > 0.0 else (node, parent)
        flow_kgs = abs(flow_kgs)
        fall_k = flows.supply_c[step, near] - _along(
            tree, node, flows.supply_c[step, near], flow_kgs
        )
        fall_k += flows.return_c[step, far] - _along(
            tree, node, flows.return_c[step, far], flow_kgs
        )
        flows.loss_kw[step, node] = flow_kgs * HEAT_CAPACITY_KJ_PER_KGK * fall_k
    plant_kgs = flows.plant_kgs[step]
    spread_k = flows.supply_c[step, 0] - plant_return_c
    if plant_kgs > 0.0:
        spread_k = hot_c - flows.return_c[step, 0]
    flows.plant_kw[step] = plant_kgs * HEAT_CAPACITY_KJ_PER_KGK * spread_k


@inner_kernel
def _count_falls(step: int, tree: PipeTree, flows: NetworkFlows) -> None:
    """Count what friction takes in each pair, by `pressure_drop_pa`."""
    for node in range(1, tree.parent.size):
        flow_kgs, fall_pa = abs(flows.flow_kgs[step, node]), 0.0
        for water_c in (flows.supply_c[step, node], flows.return_c[step, node]):
            fall_pa += pressure_drop_pa(
                flow_kgs,
                tree.bore_m[node],
                tree.length_m[node],
                tree.roughness_m,
                tree.fittings[node],
                water_c,
            )
        flows.fall_pa[step, node] = fall_pa


def pumping(
    tree: PipeTree,
    taken: Taken,
    fed: Fed,
    flows: NetworkFlows,
    *,
    station_pa: float,
    efficiency_frac: float,
) -> Pumping:
    """Give what the pumps draw so that every customer's station has ``station_pa`` at least.

    Each source's pump lifts its own flow from return to supply where it stands, and overcomes a
    station of its own: P = Δp V / η. What the pumps warm the water by is left out, below a
    per cent of the heat.
    """
    fall_pa = np.sign(flows.flow_kgs) * flows.fall_pa
    held_pa = np.zeros_like(fall_pa)
    for node in range(1, tree.nodes):
        held_pa[:, node] = held_pa[:, tree.parent[node]] - fall_pa[:, node]
    at_customers = held_pa[:, taken.node]
    worst = at_customers.argmin(axis=1)
    # A store that is charged is a customer of the plant room.
    charged_pa = np.where(flows.plant_kgs < 0.0, 0.0, np.inf)
    head_pa = station_pa - np.minimum(at_customers.min(axis=1), charged_pa)
    power_kw = _pump_kw(head_pa + station_pa, np.maximum(0.0, flows.plant_kgs), efficiency_frac)
    for one, node in enumerate(fed.node):
        lifted_pa = head_pa + held_pa[:, node] + station_pa
        power_kw = power_kw + _pump_kw(lifted_pa, flows.fed_kgs[:, one], efficiency_frac)
    return Pumping(head_pa=head_pa, power_kw=power_kw, worst=worst)


@kernel
def _pump_kw(lifted_pa: FloatArray, flow_kgs: FloatArray, efficiency_frac: float) -> FloatArray:
    drawn = np.empty_like(flow_kgs)
    density = density_kg_per_m3(50.0)
    for step in range(flow_kgs.size):
        drawn[step] = pump_power_kw(lifted_pa[step], flow_kgs[step], density, efficiency_frac)
    return drawn


def before_warming_c(flows: NetworkFlows, warmed: Fed) -> FloatArray:
    """Give the mixed return at each node, (steps, nodes), before what is fed into it there."""
    warmed_kw = np.zeros_like(flows.return_c)
    for one, node in enumerate(warmed.node):
        warmed_kw[:, node] += flows.warmed_kw[:, one]
    kw_per_k = flows.return_flow_kgs * HEAT_CAPACITY_KJ_PER_KGK
    rise_k = np.divide(warmed_kw, kw_per_k, out=np.zeros_like(kw_per_k), where=kw_per_k > 0.0)
    return np.asarray(flows.return_c - rise_k, dtype=np.float64)


def speeds_ms(tree: PipeTree, flows: NetworkFlows) -> FloatArray:
    """Give how fast water flows in each pipe, (steps, nodes); nought at the root."""
    area_m2 = 0.25 * np.pi * np.where(tree.bore_m > 0.0, tree.bore_m, 1.0) ** 2
    return np.asarray(np.abs(flows.flow_kgs) / density_kg_per_m3(50.0) / area_m2)
