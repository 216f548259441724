"""A tornado: lying bars from a plan to where each assumption alone would take it, either way."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from exotherm.render.figure import Table, Words, definitions, figure
from exotherm.render.svg import Tone, join, percent, rectangle, swatch, tag, text

_STEP, _HEAD = 46.0, 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where an assumption takes the plan: at its worse end, at its better one, both in words."""

    label: str
    worse: float
    better: float
    written: str


def render_tornado(
    words: Words, *, planned: float, spans: Sequence[Span], table: Table, key: tuple[str, str]
) -> Markup:
    """Draw the spans, each with its name above it; ``key`` names the worse and the better side.

    The line through all bars is nought, the other one the plan.
    """
    values = [planned, 0.0, *(end for one in spans for end in (one.worse, one.better))]
    low, span = min(values), (max(values) - min(values)) or 1.0
    height = _STEP * len(spans) + _HEAD

    def at(value: float) -> float:
        return (value - low) / span

    parts = [definitions(words.name, (Tone.COST,))]
    for number, one in enumerate(spans):
        y = number * _STEP
        down = (y + 22.0, y + 38.0)
        parts += [
            text(0.0, y + 14.0, one.label, kind="name"),
            text("100%", y + 14.0, one.written, kind="value", anchor="end"),
            _side(words.name, Tone.COST, at(min(planned, one.worse)), at(planned), down),
            _side(words.name, Tone.GAIN, at(planned), at(max(planned, one.better)), down),
            _upright(at(0.0), y + 20.0, y + 40.0, "nought"),
            _upright(at(planned), y + 20.0, y + 40.0, "mark"),
        ]
    entries = [
        tag("li", {}, join([swatch(words.name, tone), label]))
        for tone, label in zip((Tone.COST, Tone.GAIN), key, strict=True)
    ]
    return figure(words, join(parts), height=height, key=join(entries), table=table, flush=True)


def _side(name: str, tone: Tone, start: float, end: float, down: tuple[float, float]) -> Markup:
    return rectangle(name, tone, across=(start, end), down=down) if end > start else Markup("")


def _upright(share: float, top: float, bottom: float, kind: str) -> Markup:
    x = percent(share)
    return tag("line", {"x1": x, "x2": x, "y1": top, "y2": bottom, "class": kind})
