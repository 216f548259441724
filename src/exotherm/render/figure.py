"""What every chart is made of: its words, key, axis, marks, and the same numbers as a table.

A chart is a ``figure``: a title that says what is to be seen, the unit of its axis, a key in which
words stand beside pattern and colour, the drawing with a summary for those who hear it, its source,
and a table to unfold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from exotherm.core.units import NO_BREAK_SPACE, format_number
from exotherm.render.svg import Tone, join, line_swatch, patterns, percent, swatch, tag, text

_TOP, _FLOOR = 8.0, 26.0
"""Pixels above the highest tick, and below the lowest for the words of the axis."""

_MILLION = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said of a chart. ``name`` is a word for ids, unique on its page."""

    name: str
    title: str
    """the finding, as a sentence"""
    summary: str
    """what the picture shows, for those who cannot see it"""
    source: str
    axis: str = ""
    """quantity and unit of the upright axis"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The numbers of a chart as they are read: a caption, the head, rows that begin with a name."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One quantity along the drawing; None where there is no value."""

    label: str
    tone: Tone
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line along the drawing; ``kind`` is its dashes: demand, level, second or measured."""

    label: str
    kind: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Words under the drawing at a place 0 to 1; ``more`` is added where there is room."""

    at: float
    label: str
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The upright axis: round numbers, and where a value lies in pixels from the top."""

    ticks: tuple[float, ...]
    height: float

    @property
    def low(self) -> float:
        """The lowest tick."""
        return self.ticks[0]

    @property
    def high(self) -> float:
        """The highest tick."""
        return self.ticks[-1]

    @property
    def down(self) -> tuple[float, float]:
        """Where the drawing begins and ends, in pixels from the top."""
        return _TOP, self.height - _FLOOR

    def y(self, value: float) -> float:
        """Place a value, in pixels from the top."""
        top, bottom = self.down
        return top + (bottom - top) * self.depth(value)

    def depth(self, value: float) -> float:
        """Place a value as a share of the way from the highest tick to the lowest, cut at both."""
        within = min(max(value, self.low), self.high)
        return (self.high - within) / (self.high - self.low)

    def written(self, tick: float) -> str:
        """Write a tick as short as all of them can be: from a million on in millions."""
        in_millions = max(abs(self.low), abs(self.high)) >= _MILLION
        scale = _MILLION if in_millions else 1.0
        step = (self.ticks[1] - self.ticks[0]) / scale
        decimals = next((places for places in (0, 1) if _is_whole(step * 10.0**places)), 2)
        unit = f"{NO_BREAK_SPACE}M" if in_millions and tick else ""
        return f"{format_number(tick / scale, decimals if tick else 0)}{unit}"


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) < 1e-6


def figure(
    words: Words, drawing: Markup, *, height: float, key: Markup, table: Table, flush: bool = False
) -> Markup:
    """Put a drawing together with its title, key, source and table.

    ``flush`` draws from the very left, for charts without numbers beside an upright axis.
    """
    picture = tag(
        "svg",
        {
            "class": "plot flush" if flush else "plot",
            "role": "img",
            "aria-label": words.summary,
            "width": "100%",
            "height": height,
        },
        drawing,
    )
    parts = [
        tag("figcaption", {}, tag("h3", {}, words.title)),
        tag("ul", {"class": "key"}, key) if key else "",
        tag("p", {"class": "axis"}, words.axis) if words.axis else "",
        picture,
        tag("p", {"class": "source"}, f"Source: {words.source}"),
        _twin(words, table),
    ]
    return tag("figure", {"class": "chart", "id": words.name}, join(parts))


def table_of(table: Table) -> Markup:
    """Write a table: numbers to the right, the name of each row as its header."""
    head = join([tag("th", {"scope": "col"}, cell) for cell in table.head])
    rows = [
        join([tag("th", {"scope": "row"}, name), *(tag("td", {}, cell) for cell in cells)])
        for name, *cells in table.rows
    ]
    parts = [
        tag("caption", {}, tag("span", {}, table.caption)),
        tag("thead", {}, tag("tr", {}, head)),
        tag("tbody", {}, join([tag("tr", {}, row) for row in rows])),
    ]
    attributes = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": table.caption}
    return tag("div", attributes, tag("table", {"class": "numbers"}, join(parts)))


def _twin(words: Words, table: Table) -> Markup:
    hidden = tag("span", {"class": "unseen"}, f": {words.title}")
    summary = tag("summary", {}, join(["Show as table", hidden]))
    return tag("details", {"class": "twin"}, join([summary, table_of(table)]))


def key_of(name: str, series: Sequence[Series] = (), lines: Sequence[Line] = ()) -> Markup:
    """Write the key of a chart: the mark of each series and line with its words."""
    areas = [tag("li", {}, join([swatch(name, one.tone), one.label])) for one in series]
    strokes = [tag("li", {}, join([line_swatch(one.kind), one.label])) for one in lines]
    return join([*areas, *strokes])


def grid_of(axis: Axis) -> Markup:
    """Draw a rule at every tick of the axis with its number to the left."""
    return join([_rule(axis, tick) for tick in axis.ticks])


def _rule(axis: Axis, tick: float) -> Markup:
    y = axis.y(tick)
    kind = "nought" if tick == 0 else "grid"
    rule = tag("line", {"x1": 0.0, "x2": "100%", "y1": y, "y2": y, "class": kind})
    return join([rule, text(-8.0, y + 4.0, axis.written(tick), anchor="end")])


def marks_of(marks: Sequence[Mark], *, axis: Axis) -> Markup:
    """Write words below the drawing; at its edges they stay inside of it."""
    return join([_mark(mark, axis.height - 8.0) for mark in marks])


def _mark(mark: Mark, y: float) -> Markup:
    anchor = "start" if mark.at <= 0.01 else "end" if mark.at >= 0.99 else "middle"
    more = tag("tspan", {"class": "wide"}, mark.more) if mark.more else ""
    return text(percent(mark.at), y, join([mark.label, more]), anchor=anchor)


def definitions(name: str, tones: Sequence[Tone], shapes: Sequence[Markup] = ()) -> Markup:
    """Define what a drawing refers to: the patterns of its tones and the shapes it is cut to."""
    return tag("defs", {}, join([patterns(name, tones), *shapes]))
