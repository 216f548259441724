"""The charts, one small vocabulary for report and web: columns, steps, bars, cash, flow."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from exotherm.core.units import format_number
from exotherm.render.figure import (
    Axis,
    Line,
    Mark,
    Series,
    Table,
    Words,
    definitions,
    figure,
    grid_of,
    key_of,
    marks_of,
)
from exotherm.render.svg import (
    Tone,
    join,
    path_of,
    percent,
    rectangle,
    stretched,
    swatch,
    tag,
    text,
    ticks_between,
)

Point = tuple[float, float]


def render_columns(
    words: Words,
    *,
    labels: Sequence[str],
    series: Sequence[Series],
    unit: str,
    head: str = "Month",
    height: float = 250.0,
) -> Markup:
    """Draw stacked columns, the first series at the bottom; ``labels`` name the columns."""
    totals = [sum(one.values[at] or 0.0 for one in series) for at in range(len(labels))]
    axis = Axis(ticks=ticks_between(0.0, max(totals)), height=height)
    slot = 1.0 / len(labels)
    parts = [
        definitions(words.name, [one.tone for one in series]),
        grid_of(axis),
        *(
            _column(words.name, at, label, series, unit, axis, slot)
            for at, label in enumerate(labels)
        ),
        marks_of(
            [_short_mark((at + 0.5) * slot, label, len(labels)) for at, label in enumerate(labels)],
            axis=axis,
        ),
    ]
    table = Table(
        caption=words.title,
        head=(head, *(f"{one.label}, {unit}" for one in series), f"Together, {unit}"),
        rows=tuple(
            (
                label,
                *(format_number(one.values[at] or 0.0, 0) for one in series),
                format_number(totals[at], 0),
            )
            for at, label in enumerate(labels)
        ),
    )
    key = key_of(words.name, series)
    return figure(words, join(parts), height=height, key=key, table=table)


def _short_mark(at: float, label: str, number: int) -> Mark:
    """Shorten the names of many columns to their first letter where there is little room."""
    cut = 1 if number > 8 else len(label)
    return Mark(at=at, label=label[:cut], more=label[cut:])


def _column(
    name: str,
    at: int,
    label: str,
    series: Sequence[Series],
    unit: str,
    axis: Axis,
    slot: float,
) -> Markup:
    parts, base = [], 0.0
    for one in series:
        value = one.values[at] or 0.0
        parts.append(
            rectangle(
                name,
                one.tone,
                across=((at + 0.16) * slot, (at + 0.84) * slot),
                down=(axis.y(base + value), axis.y(base)),
                tip=f"{label}: {one.label}, {format_number(value, 0)} {unit}",
            )
        )
        base += value
    return join(parts)


def render_steps(
    words: Words,
    *,
    areas: Sequence[Series] = (),
    lines: Sequence[Line] = (),
    marks: Sequence[Mark],
    table: Table,
    low: float = 0.0,
    height: float = 230.0,
) -> Markup:
    """Draw quantities of equal steps: areas stacked from nought, lines over them.

    Used for a week, for a day and for duration curves. A value of None leaves a break in a line.
    ``low`` is the least that the axis shows; with areas that is nought.
    """
    size = len(areas[0].values if areas else lines[0].values)
    tops = _stacked(areas, size)
    seen = [value for line in lines for value in line.values if value is not None]
    highest = max([low, *(tops[-1] if tops else ()), *seen])
    axis = Axis(
        ticks=tuple(low + tick for tick in ticks_between(0.0, highest - low)), height=height
    )
    identities = [f"{words.name}-clip-{number}" for number in range(len(areas))]
    floors: list[list[float]] = [[0.0] * size, *tops]
    clips = [
        _clip(identity, [*_edges(top, axis), *reversed(_edges(floor, axis))])
        for identity, floor, top in zip(identities, floors, tops, strict=False)
    ]
    parts = [
        definitions(words.name, [one.tone for one in areas], clips),
        grid_of(axis),
        *(
            rectangle(words.name, one.tone, across=(0, 1), down=axis.down, clip=identity)
            for one, identity in zip(areas, identities, strict=True)
        ),
        stretched(height, join([_stroke(line, axis) for line in lines])),
        marks_of(marks, axis=axis),
    ]
    key = key_of(words.name, areas, lines)
    return figure(words, join(parts), height=height, key=key, table=table)


def _stacked(areas: Sequence[Series], size: int) -> list[list[float]]:
    tops: list[list[float]] = []
    running = [0.0] * size
    for one in areas:
        running = [below + (value or 0.0) for below, value in zip(running, one.values, strict=True)]
        tops.append(running)
    return tops


def _edges(values: Sequence[float], axis: Axis) -> list[Point]:
    """Give both ends of every step, in shares of the drawing across and down."""
    size = len(values)
    ends = ((at, at + 1, axis.depth(value)) for at, value in enumerate(values))
    return [(at / size, depth) for start, end, depth in ends for at in (start, end)]


def _clip(identity: str, outline: Sequence[Point]) -> Markup:
    """Cut an area out of the whole drawing, in shares of it, so that patterns are not stretched."""
    points = " L".join(f"{x:.5f},{y:.5f}" for x, y in outline)
    shape = tag("path", {"d": f"M{points} Z"})
    return tag("clipPath", {"id": identity, "clipPathUnits": "objectBoundingBox"}, shape)


def _stroke(line: Line, axis: Axis) -> Markup:
    size = len(line.values)
    points: list[Point | None] = []
    for at, value in enumerate(line.values):
        if value is None:
            points.append(None)
            continue
        y = axis.y(value)
        points += [(1000.0 * at / size, y), (1000.0 * (at + 1) / size, y)]
    return tag("path", {"d": path_of(points), "class": f"line {line.kind}"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A lying bar: its name, its value, and the value as people read it."""

    label: str
    value: float
    written: str


def render_bars(
    words: Words, *, reference: Bar, bars: Sequence[Bar], head: tuple[str, str]
) -> Markup:
    """Draw lying bars from nought, each with its name above it.

    ``reference`` is what the bars are held against: the first bar, and a mark beside each.
    """
    every = (reference, *bars)
    low = min(0.0, *(bar.value for bar in every))
    span = (max(0.0, *(bar.value for bar in every)) - low) or 1.0
    step = 46.0
    height = step * len(every) + 4.0
    parts = [definitions(words.name, (Tone.COST,))]
    for number, bar in enumerate(every):
        y = number * step
        good = Tone.PLAIN if number == 0 else Tone.GAIN
        start, end = sorted(((0.0 - low) / span, (bar.value - low) / span))
        tone = Tone.COST if bar.value < 0 else good
        parts += [
            text(0.0, y + 14.0, bar.label, kind="name"),
            text("100%", y + 14.0, bar.written, kind="value", anchor="end"),
            rectangle(words.name, tone, across=(start, end), down=(y + 22.0, y + 38.0)),
            _upright(percent((0.0 - low) / span), y + 20.0, y + 40.0, "nought"),
            _upright(percent((reference.value - low) / span), y + 20.0, y + 40.0, "mark"),
        ]
    table = Table(
        caption=words.title, head=head, rows=tuple((bar.label, bar.written) for bar in every)
    )
    return figure(words, join(parts), height=height, key=Markup(""), table=table, flush=True)


def _upright(x: str, top: float, bottom: float, kind: str) -> Markup:
    return tag("line", {"x1": x, "x2": x, "y1": top, "y2": bottom, "class": kind})


def render_cash(
    words: Words,
    *,
    cumulative: Sequence[float],
    paid_back: tuple[float, str] | None,
    head: tuple[str, str],
    height: float = 250.0,
) -> Markup:
    """Draw the running sum of cash from year 0, under nought patterned as cost, above it solid.

    ``paid_back`` marks a year, parts of it included, with words.
    """
    years = len(cumulative) - 1
    axis = Axis(ticks=ticks_between(min(cumulative), max(cumulative)), height=height)
    curve = _with_crossings(cumulative)
    sides = ((Tone.COST, min), (Tone.GAIN, max))
    nought = axis.depth(0.0)
    clips, areas = [], []
    for tone, side in sides:
        identity = f"{words.name}-clip-{tone.value}"
        outline = [(year / years, axis.depth(side(value, 0.0))) for year, value in curve]
        clips.append(_clip(identity, [(0.0, nought), *outline, (1.0, nought)]))
        areas.append(rectangle(words.name, tone, across=(0, 1), down=axis.down, clip=identity))
    line = path_of([(1000.0 * year / years, axis.y(value)) for year, value in curve])
    parts = [
        definitions(words.name, (Tone.COST,), clips),
        *areas,
        grid_of(axis),
        stretched(height, tag("path", {"d": line, "class": "line measured"})),
        _paid_back(paid_back, years, axis) if paid_back else "",
        marks_of(_year_marks(years), axis=axis),
    ]
    table = Table(
        caption=words.title,
        head=head,
        rows=tuple((str(year), format_number(value, 0)) for year, value in enumerate(cumulative)),
    )
    return figure(words, join(parts), height=height, key=Markup(""), table=table)


def _with_crossings(cumulative: Sequence[float]) -> list[Point]:
    """Give year and value of every year, and where the straight lines between cross nought."""
    points: list[Point] = [(0.0, cumulative[0])]
    for year, (before, after) in enumerate(pairwise(cumulative)):
        if before * after < 0:
            points.append((year + before / (before - after), 0.0))
        points.append((year + 1.0, after))
    return points


def _paid_back(paid_back: tuple[float, str], years: int, axis: Axis) -> Markup:
    year, words = paid_back
    x, y = percent(year / years), axis.y(0.0)
    # On a telephone the words are most of the drawing's width.
    anchor = "start" if year < 0.3 * years else "end" if year > 0.7 * years else "middle"
    return join(
        [
            _upright(x, axis.down[0] + 18.0, y, "mark"),
            tag("circle", {"cx": x, "cy": y, "r": 4.5, "class": "dot"}),
            text(x, axis.down[0] + 12.0, words, kind="value", anchor=anchor),
        ]
    )


def _year_marks(years: int) -> list[Mark]:
    every = 5 if years > 8 else 1
    marks = [Mark(at=year / years, label=str(year)) for year in range(0, years, every)]
    return [*(mark for mark in marks if mark.at < 0.93), Mark(at=1.0, label=f"year {years}")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a flow: what it is, how much, not negative."""

    label: str
    tone: Tone
    value: float


def render_flow(
    words: Words, *, inflows: Sequence[Part], outflows: Sequence[Part], unit: str, decimals: int = 0
) -> Markup:
    """Draw where a flow comes from and where it goes; both sides are the same whole.

    The parts of each side are shown in per cent that sum to 100.0 exactly. It is a fault of the
    program to call this with sides that differ.
    """
    whole = sum(part.value for part in inflows)
    going = sum(part.value for part in outflows)
    assert abs(whole - going) <= 1e-6 * max(1.0, whole), (whole, going)
    tones = [part.tone for part in (*inflows, *outflows)]
    parts = [
        definitions(words.name, tones),
        stretched(132.0, _ribbons(outflows, whole)),
        _flow_row(words.name, inflows, whole, (0.0, 40.0)),
        _flow_row(words.name, outflows, whole, (92.0, 132.0)),
    ]
    rows = tuple(
        (side, part.label, format_number(part.value, decimals), f"{share:.1f}")
        for side, side_parts in (("in", inflows), ("out", outflows))
        for part, share in zip(side_parts, shares_of(side_parts), strict=True)
    )
    table = Table(
        caption=words.title,
        head=("Part", "Way", unit, "%"),
        rows=tuple((label, side, value, share) for side, label, value, share in rows),
    )
    key = join(
        [
            tag(
                "li",
                {},
                join([swatch(words.name, part.tone), f"{part.label} ", tag("b", {}, f"{share} %")]),
            )
            for part, (side, _, _, share) in zip((*inflows, *outflows), rows, strict=True)
            if side == "out" or len(inflows) > 1
        ]
    )
    return figure(words, join(parts), height=134.0, key=key, table=table, flush=True)


def shares_of(parts: Sequence[Part]) -> tuple[float, ...]:
    """Give the share of each part in per cent to one decimal, so that they sum to 100.0 exactly.

    Each is the rounded running share less the one before it; nought all through if all is nought.
    """
    whole = sum(part.value for part in parts)
    running, edges = 0.0, [0]
    for part in parts:
        running += part.value
        edges.append(round(1000.0 * running / whole) if whole else 0)
    return tuple((after - before) / 10.0 for before, after in pairwise(edges))


def _flow_row(name: str, parts: Sequence[Part], whole: float, down: tuple[float, float]) -> Markup:
    drawn, left = [], 0.0
    for part in parts:
        share = part.value / whole if whole else 0.0
        drawn.append(rectangle(name, part.tone, across=(left, left + share), down=down))
        if _fits(part, share):
            middle = percent(left + share / 2)
            y = sum(down) / 2 + 5.0
            drawn.append(text(middle, y, part.label, kind=f"on-{part.tone.value}", anchor="middle"))
        left += share
    return join(drawn)


def _fits(part: Part, share: float) -> bool:
    """Tell whether a label is to be read on its part, on a telephone too; on patterns none is."""
    return part.tone in (Tone.RECOVERED, Tone.PLAIN) and share * 300.0 > 8.0 * len(part.label)


def _ribbons(outflows: Sequence[Part], whole: float) -> Markup:
    """Draw the way of each part that goes, down from the parts that come in."""
    drawn, left = [], 0.0
    for part in outflows:
        share = 1000.0 * part.value / whole if whole else 0.0
        corners = f"M{left:.2f},40 H{left + share:.2f} V92 H{left:.2f} Z"
        drawn.append(tag("path", {"d": corners, "class": f"ribbon {part.tone.value}"}))
        left += share
    return join(drawn)
