"""Drawing in inline SVG that is as wide as its place: per cent across, pixels down, no script.

Text keeps its size at every width because nothing is scaled: what lies across is given in per cent
of the drawing, what lies down in pixels. Colours come from classes of the style sheet, so one
drawing serves light, dark and print; tones differ in pattern as well as in colour.
"""

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum

from markupsafe import Markup, escape

Attributes = Mapping[str, str | float | None]


class Tone(StrEnum):
    """What an area stands for; each has its colour and its own pattern."""

    RECOVERED = "recovered"
    PUMPED = "pumped"
    BOILER = "boiler"
    REJECTED = "rejected"
    CHILLED = "chilled"
    LOST = "lost"
    UNKNOWN = "unknown"
    GAIN = "gain"
    COST = "cost"
    PLAIN = "plain"
    FED = "fed"
    SHARED = "shared"


_SOLID = frozenset({Tone.RECOVERED, Tone.GAIN, Tone.PLAIN})
# Lines within a tile of 6 by 6 pixels; the tile repeats without a seam.
_PATTERNS = {
    Tone.PUMPED: "M0,3 h6 M3,0 v6",
    Tone.CHILLED: "M0,1.5 l3,3 l3,-3",
    Tone.BOILER: "M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2",
    Tone.REJECTED: "M1.5,1.5 h1.6 M4.5,4.5 h1.6",
    Tone.LOST: "M0,1.5 h6 M0,4.5 h6",
    Tone.UNKNOWN: "M1.5,0 v6 M4.5,0 v6",
    Tone.FED: "M1.5,0.2 v2.6 M4.5,3.2 v2.6",
    Tone.SHARED: "M3,0 l3,3 l-3,3 l-3,-3 z",
    Tone.COST: "M-1,5 l2,2 M0,0 l6,6 M5,-1 l2,2",
}


def tag(name: str, attributes: Attributes, body: str = "") -> Markup:
    """Write an element; attributes that are None are left out, text is escaped."""
    written = "".join(
        f' {key}="{_value(value)}"' for key, value in attributes.items() if value is not None
    )
    return Markup(f"<{name}{written}>{escape(body)}</{name}>")  # noqa: S704 - all parts escaped


def _value(value: str | float) -> str:
    if isinstance(value, str):
        return str(escape(value))
    assert math.isfinite(value), value
    return f"{value:.2f}".rstrip("0").rstrip(".")


def join(parts: Sequence[str]) -> Markup:
    """Put parts after one another, each escaped unless it is markup."""
    return Markup("").join(parts)


def percent(share: float) -> str:
    """Write a place across the drawing, 0 to 1, as it stands in an attribute."""
    return f"{_value(100.0 * share)}%"


def text(x: str | float, y: float, words: str, *, kind: str = "", anchor: str = "start") -> Markup:
    """Write words at a place; ``anchor`` says whether they start, end or are centred there."""
    return tag("text", {"x": x, "y": y, "text-anchor": anchor, "class": kind or None}, words)


def rectangle(
    name: str,
    tone: Tone,
    *,
    across: tuple[float, float],
    down: tuple[float, float],
    tip: str = "",
    clip: str | None = None,
) -> Markup:
    """Draw a filled rectangle: from and to across as shares, from and to down in pixels."""
    left, right = across
    top, bottom = down
    assert all(math.isfinite(edge) for edge in (*across, *down)), (across, down)
    attributes: dict[str, str | float | None] = {
        "x": percent(left),
        "y": top,
        "width": percent(max(0.0, right - left)),
        "height": max(0.0, bottom - top),
        **paint(name, tone),
        "clip-path": f"url(#{clip})" if clip else None,
    }
    return tag("rect", attributes, tag("title", {}, tip) if tip else "")


def paint(name: str, tone: Tone) -> dict[str, str | float | None]:
    """Give the attributes that fill a shape of the drawing ``name`` with a tone."""
    if tone in _SOLID:
        return {"class": f"tone {tone.value}"}
    return {"class": f"tone {tone.value}", "fill": f"url(#{name}-{tone.value})"}


def patterns(name: str, tones: Sequence[Tone]) -> Markup:
    """Define the patterns of the tones that a drawing uses; ids begin with the drawing's name."""
    wanted = [tone for tone in dict.fromkeys(tones) if tone not in _SOLID]
    return join([_pattern(name, tone) for tone in wanted])


def _pattern(name: str, tone: Tone) -> Markup:
    ground = tag("rect", {"width": 6.0, "height": 6.0, "class": f"ground {tone.value}"})
    lines = tag("path", {"d": _PATTERNS[tone], "class": f"lines {tone.value}"})
    attributes: Attributes = {
        "id": f"{name}-{tone.value}",
        "width": 6.0,
        "height": 6.0,
        "patternUnits": "userSpaceOnUse",
    }
    return tag("pattern", attributes, join([ground, lines]))


def swatch(name: str, tone: Tone) -> Markup:
    """Draw the small square that shows a tone in a key; decoration, since words stand beside it."""
    square = tag("rect", {"width": 14.0, "height": 14.0, **paint(name, tone)})
    return tag(
        "svg", {"class": "swatch", "width": 14.0, "height": 14.0, "aria-hidden": "true"}, square
    )


def line_swatch(kind: str) -> Markup:
    """Draw the short line that shows a line's dashes in a key."""
    line = tag("line", {"x1": 0.0, "x2": 22.0, "y1": 7.0, "y2": 7.0, "class": f"line {kind}"})
    return tag(
        "svg", {"class": "swatch", "width": 22.0, "height": 14.0, "aria-hidden": "true"}, line
    )


def stretched(height: float, body: str) -> Markup:
    """Hold lines whose places across are thousandths of the width; strokes keep their width."""
    attributes: Attributes = {
        "width": "100%",
        "height": height,
        "viewBox": f"0 0 1000 {_value(height)}",
        "preserveAspectRatio": "none",
        "overflow": "visible",
    }
    return tag("svg", attributes, body)


def path_of(points: Sequence[tuple[float, float] | None]) -> str:
    """Write the path through points, broken where a point is missing."""
    written, pen_down = [], False
    for point in points:
        if point is None:
            pen_down = False
            continue
        written.append(f"{'L' if pen_down else 'M'}{_value(point[0])},{_value(point[1])}")
        pen_down = True
    return " ".join(written)


def ticks_between(low: float, high: float, *, wanted: int = 4) -> tuple[float, ...]:
    """Choose round numbers for an axis that cover ``low`` to ``high``, nought among them."""
    low, high = min(low, 0.0), max(high, 0.0)
    if high - low < 1e-300:
        high = 1.0
    rough = (high - low) / wanted
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(scale * factor for factor in (1, 2, 2.5, 5, 10) if scale * factor >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(step * number for number in range(first, last + 1))
