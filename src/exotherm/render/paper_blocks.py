"""A page taken apart into what paper is set from: headings, text, pairs, tables, charts, cards.

Page and paper say the same, since the paper is read off the page. What unfolds on a screen is left
out, and so is what has no print.
"""

import re
from collections.abc import Callable, Iterator

from lxml import etree

from exotherm.render.paper_charts import drawing_of, swatch_of

Block = dict[str, object]
Run = tuple[str, str]

WHOLE, HALF = 760.0, 368.0
"""pixels that a drawing is laid out on where it has the whole width, and where half of it"""
_LOOKS = ("eyebrow", "under", "label", "big", "why", "place", "lead", "muted")
_STYLES = {"code": "code", "b": "strong", "strong": "strong", "small": "small", "em": "strong"}
_SPACE = re.compile(r"[ \t\r\n]+")


def blocks_of(element: etree._Element, *, narrow: bool = False) -> list[Block]:
    """Take an element's children apart; ``narrow`` where they share the width with others."""
    blocks: list[Block] = []
    for child in element:
        blocks.extend(_blocks(child, narrow))
    return blocks


def _blocks(element: etree._Element, narrow: bool) -> Iterator[Block]:  # noqa: FBT001
    name, classes = str(element.tag), element.get("class", "").split()
    if not isinstance(element.tag, str) or name in ("details", "svg") or "no-print" in classes:
        return
    if name in _READERS:
        yield _READERS[name](element, classes, narrow)
    elif "cards" in classes or "charts" in classes:
        columns = 3 if "cards" in classes and "two" not in classes else 2
        cells = [list(_blocks(child, True)) for child in element]  # noqa: FBT003
        yield {"kind": "grid", "columns": min(columns, len(cells)), "cells": cells}
    elif "card" in classes:
        yield {"kind": "card", "blocks": blocks_of(element, narrow=narrow)}
    else:
        yield from blocks_of(element, narrow=narrow)


def runs_of(element: etree._Element) -> list[Run]:
    """Give an element's words in runs of one style each, its white space as a browser shows it."""
    runs: list[Run] = []
    for style, words in _runs(element, ""):
        text = _SPACE.sub(" ", words) if style != "break" else ""
        ends = not runs or runs[-1][0] == "break" or runs[-1][1].endswith(" ")
        if text.startswith(" ") and ends:
            text = text[1:]
        if style == "break" or text:
            runs.append((style, text))
    if runs and runs[-1][1].endswith(" "):
        runs[-1] = (runs[-1][0], runs[-1][1].rstrip(" "))
    return runs


def _runs(element: etree._Element, style: str) -> Iterator[Run]:
    if element.text:
        yield style, element.text
    for child in element:
        if isinstance(child.tag, str):
            classes = child.get("class", "").split()
            if child.tag == "br":
                yield "break", ""
            elif child.tag in ("details", "svg", "p", "dl", "table") or "unseen" in classes:
                pass
            else:
                own = "muted" if "muted" in classes else "state" if "state" in classes else style
                yield from _runs(child, _STYLES.get(str(child.tag), own))
        if child.tail:
            yield style, child.tail


def _pairs(element: etree._Element, *, wide: bool) -> Block:
    """Read a list of names and what they are; a total has its line above."""
    rows: list[dict[str, object]] = []
    for child in element.iter("dt", "dd"):
        if child.tag == "dt":
            total = "total" in child.get("class", "").split()
            rows.append({"name": runs_of(child), "value": [], "total": total})
        elif rows:
            rows[-1]["value"] = runs_of(child)
    return {"kind": "pairs", "wide": wide, "rows": rows}


def _table(element: etree._Element) -> Block:
    classes, caption = element.get("class", "").split(), element.find("caption")
    bodies = [row for body in element.findall("tbody") for row in body.findall("tr")]
    foot = [row for part in element.findall("tfoot") for row in part.findall("tr")]
    head = [row for part in element.findall("thead") for row in part.findall("tr")]
    rows = [_row(row) for row in (*head, *bodies, *foot)]
    return {
        "kind": "table",
        "numbers": "numbers" in classes,
        "with_units": "with-units" in classes,
        "caption": [] if caption is None else runs_of(caption),
        "columns": max((sum(_span(cell) for cell in row) for row in rows), default=0),
        "head": [_row(row) for row in head],
        "body": [_row(row) for row in bodies],
        "foot": [_row(row) for row in foot],
    }


def _row(element: etree._Element) -> list[Block]:
    looks = element.get("class", "").split()
    look = next((look for look in ("group", "part") if look in looks), "")
    return [
        {
            "runs": runs_of(cell),
            "span": int(cell.get("colspan", "1")),
            "named": cell.tag == "th",
            "look": look,
        }
        for cell in element
        if cell.tag in ("th", "td")
    ]


def _span(cell: Block) -> int:
    span = cell["span"]
    assert isinstance(span, int)
    return span


def _chart(element: etree._Element, width: float) -> Block:
    """Read a chart: its title, key, drawing and source; its table is for the screen."""
    drawing = element.find("svg")
    assert drawing is not None, "a chart has a drawing"
    title, axis, source = (
        element.find(path) for path in ("figcaption/h3", "p[@class='axis']", "p[@class='source']")
    )
    key = []
    for entry in element.findall("ul/li"):
        mark = entry.find("svg")
        drawn = None if mark is None else swatch_of(mark)
        key.append({"drawing": drawn, "runs": runs_of(entry)})
    return {
        "kind": "chart",
        "title": [] if title is None else runs_of(title),
        "key": key,
        "axis": [] if axis is None else runs_of(axis),
        "drawing": drawing_of(drawing, width=width),
        "width": width,
        "alt": drawing.get("aria-label", ""),
        "source": [] if source is None else runs_of(source),
    }


def _item(element: etree._Element, narrow: bool) -> Block:  # noqa: FBT001
    """Read an item of a list: its own words, and the blocks within."""
    classes = element.get("class", "").split()
    state = next((one for one in ("error", "warning", "note") if one in classes), "")
    inner = [block for block in blocks_of(element, narrow=narrow) if block["kind"] != "heading"]
    return {"state": state, "runs": runs_of(element), "blocks": inner}


def _heading(element: etree._Element, _: list[str], __: bool) -> Block:  # noqa: FBT001
    return {"kind": "heading", "level": int(str(element.tag)[1:]), "runs": runs_of(element)}


def _text(element: etree._Element, classes: list[str], _: bool) -> Block:  # noqa: FBT001
    look = next((look for look in _LOOKS if look in classes), "")
    return {"kind": "text", "look": look, "runs": runs_of(element)}


def _list(element: etree._Element, _: list[str], narrow: bool) -> Block:  # noqa: FBT001
    return {"kind": "list", "items": [_item(child, narrow) for child in element]}


_READERS: dict[str, Callable[[etree._Element, list[str], bool], Block]] = {
    **dict.fromkeys(("h1", "h2", "h3"), _heading),
    "p": _text,
    "dl": lambda element, classes, _: _pairs(element, wide="wide-facts" in classes),
    "table": lambda element, _, __: _table(element),
    "figure": lambda element, _, narrow: _chart(element, HALF if narrow else WHOLE),
    **dict.fromkeys(("ul", "ol"), _list),
    "footer": lambda element, _, __: {"kind": "footer", "blocks": blocks_of(element)},
}
