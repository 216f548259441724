"""The tree of a heat network as a drawing: pipes as thick as they are, who takes and who gives."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from exotherm.render.figure import Table, Words, figure
from exotherm.render.svg import join, line_swatch, percent, tag, text

_ROW, _TOP = 38.0, 14.0
_LEFT, _STEP, _RIGHT = 0.015, 0.05, 0.55
"""shares of the width: where the plant room stands, how far each node is in, and at most"""
_THIN, _THICK = 1.5, 7.0
_BESIDE = 13.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A node of the tree: what stands at it, the node it hangs on, and the pipe between."""

    name: str
    parent: int
    """number of the node before it, -1 for the plant room"""
    dn: int
    gives: bool
    said: str
    """who is there"""
    carries: str
    """what the pipe to it carries at its most; empty for the plant room"""


def render_map(words: Words, *, spots: Sequence[Spot], table: Table) -> Markup:
    """Draw the tree: a row for every node under the one it hangs on, a step further in."""
    rows, depths = _rows(spots), _depths(spots)
    step = min(_STEP, (_RIGHT - _LEFT) / max(1, *depths))
    thickest = max(spot.dn for spot in spots) or 1

    def at(number: int) -> tuple[float, float]:
        return _LEFT + step * depths[number], _TOP + _ROW * rows[number]

    pipes: list[Markup] = []
    nodes: list[Markup] = []
    for number, spot in enumerate(spots):
        x, y = at(number)
        if spot.parent >= 0:
            above, top = at(spot.parent)
            width = _THIN + (_THICK - _THIN) * spot.dn / thickest
            pipes += [_pipe((above, top), (above, y), width), _pipe((above, y), (x, y), width)]
        kind = "dot gives" if spot.gives else "dot"
        nodes += [
            tag("circle", {"cx": percent(x), "cy": y, "r": 5.0, "class": kind}),
            _beside(x, y + 3.0, spot.name, "name"),
            _beside(x, y + 18.0, spot.said),
            text("100%", y + 3.0, spot.carries, anchor="end"),
        ]
    height = _TOP + _ROW * len(spots)
    key = join(
        [
            tag("li", {}, join([line_swatch("measured"), "Pipe pair, thick as its size"])),
            tag("li", {}, join([_dot("dot gives"), "Gives heat"])),
            tag("li", {}, join([_dot("dot"), "Takes heat, or parts"])),
        ]
    )
    return figure(words, join([*pipes, *nodes]), height=height, key=key, table=table, flush=True)


def _beside(x: float, y: float, words: str, kind: str | None = None) -> Markup:
    return tag("text", {"x": percent(x), "dx": _BESIDE, "y": y, "class": kind}, words)


def _dot(kind: str) -> Markup:
    circle = tag("circle", {"cx": 7.0, "cy": 7.0, "r": 5.0, "class": kind})
    return tag(
        "svg", {"class": "swatch", "width": 14.0, "height": 14.0, "aria-hidden": "true"}, circle
    )


def _pipe(start: tuple[float, float], end: tuple[float, float], width: float) -> Markup:
    return tag(
        "line",
        {
            "x1": percent(start[0]),
            "y1": start[1],
            "x2": percent(end[0]),
            "y2": end[1],
            "class": "pipe",
            "stroke-width": width,
        },
    )


def _depths(spots: Sequence[Spot]) -> list[int]:
    depths: list[int] = []
    for spot in spots:
        depths.append(0 if spot.parent < 0 else depths[spot.parent] + 1)
    return depths


def _rows(spots: Sequence[Spot]) -> list[int]:
    """Give each node its row, every branch whole before the next begins."""
    branches: dict[int, list[int]] = {}
    for number, spot in enumerate(spots):
        branches.setdefault(spot.parent, []).append(number)
    rows, taken, waiting = [0] * len(spots), 0, [0]
    while waiting:
        number = waiting.pop()
        rows[number] = taken
        taken += 1
        waiting.extend(reversed(branches.get(number, [])))
    return rows
