"""The pipes of a heat network walked outwards from its plant room."""

from collections import deque
from dataclasses import dataclass

from exotherm.site.heat_network import HeatNetwork


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """The nodes that pipes reach, each behind the one it is reached from; the plant room first.

    ``parents`` and ``pipes`` are the number of that node and of the pipe between, -1 for the
    plant room. ``rings`` are pipes that close one, ``unreached`` those that nothing leads to.
    """

    nodes: tuple[str, ...]
    parents: tuple[int, ...]
    pipes: tuple[int, ...]
    rings: tuple[int, ...]
    unreached: tuple[int, ...]

    def number(self, node: str) -> int:
        """Give the number of a node that is reached."""
        return self.nodes.index(node)


def walk(network: HeatNetwork) -> Walk:
    """Walk all pipes from the plant room on, whichever way round they are written."""
    start = network.network.plant_node
    at: dict[str, list[tuple[int, str]]] = {}
    for number, pipe in enumerate(network.pipes):
        at.setdefault(pipe.from_node, []).append((number, pipe.to_node))
        at.setdefault(pipe.to_node, []).append((number, pipe.from_node))
    nodes, parents, pipes = {start: 0}, [-1], [-1]
    walked: set[int] = set()
    rings: list[int] = []
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for number, there in at.get(here, ()):
            if number in walked:
                continue
            walked.add(number)
            if there in nodes:
                rings.append(number)
                continue
            nodes[there] = len(nodes)
            parents.append(nodes[here])
            pipes.append(number)
            waiting.append(there)
    return Walk(
        nodes=tuple(nodes),
        parents=tuple(parents),
        pipes=tuple(pipes),
        rings=tuple(sorted(rings)),
        unreached=tuple(sorted(set(range(len(network.pipes))) - walked)),
    )
