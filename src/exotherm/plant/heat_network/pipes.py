"""The pipes of `network.toml` as the tree that flows are worked out on."""

from dataclasses import dataclass

import numpy as np

from exotherm.physics.computing import FloatArray
from exotherm.physics.heat_network import PipeTree
from exotherm.physics.pipe import bonded_pipe, pair_w_per_mk
from exotherm.site.heat_network import HeatNetwork, PipePair, Trench
from exotherm.site.heat_network_tree import Walk, walk

SPEED_MS_MAX = (
    (25, 0.8), (32, 0.9), (40, 1.0), (50, 1.2), (65, 1.4), (80, 1.6), (100, 1.8), (125, 2.0),
    (150, 2.3), (200, 2.7), (250, 3.0), (300, 3.3),
)  # fmt: skip
"""nominal sizes up to which water may run so fast on the busiest hour: expert values, verify"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipes:
    """A network's tree, with its nodes by name."""

    walked: Walk
    tree: PipeTree

    def at(self, node: str) -> int:
        """Give the number of a node."""
        return self.walked.number(node)


def lay_pipes(network: HeatNetwork) -> Pipes:
    """Lay out a checked network's tree, each pipe with its bore and the loss of its insulation."""
    walked = walk(network)
    assert not walked.rings
    assert not walked.unreached
    pipes = [network.pipes[number] for number in walked.pipes[1:]]

    def per_node(values: list[float]) -> FloatArray:
        return np.array([0.0, *values])

    tree = PipeTree(
        parent=np.array(walked.parents, dtype=np.int64),
        length_m=per_node([pipe.length_m for pipe in pipes]),
        bore_m=per_node([bonded_pipe(pipe.dn, pipe.series).bore_m for pipe in pipes]),
        w_per_mk=per_node([_loss_w_per_mk(pipe, network.trench) for pipe in pipes]),
        fittings=per_node([pipe.fittings for pipe in pipes]),
        roughness_m=network.trench.roughness_m,
        ground_c=network.water.ground_c,
    )
    return Pipes(walked=walked, tree=tree)


def speed_ms_max(dn: int) -> float:
    """Give how fast water may run in a pipe of a nominal size."""
    return next(speed for size, speed in SPEED_MS_MAX if dn <= size)


def _loss_w_per_mk(pipe: PipePair, trench: Trench) -> float:
    bonded = bonded_pipe(pipe.dn, pipe.series)
    return pair_w_per_mk(
        bonded,
        depth_m=max(trench.depth_m, 0.5 * bonded.casing_m + 0.1),
        apart_m=trench.apart_m + bonded.casing_m,
        insulation_w_per_mk=trench.insulation_w_per_mk,
        ground_w_per_mk=trench.ground_w_per_mk,
    )
