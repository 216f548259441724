"""A chart of a page as a drawing for paper: of one width, in the style sheet's light colours."""

import re
from functools import lru_cache

from lxml import etree

from exotherm.render.templating import style_sheet

GUTTER = 58.0
"""pixels left of a drawing for the numbers of its axis"""
WIDE = 400.0
"""pixels from which on there is room for the longer words of an axis"""
_SVG = "http://www.w3.org/2000/svg"
_KEEPS_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_DRAWN = re.compile(
    r"^((?:svg text|\.(?:grid|nought|mark|dot|tone|ground|lines|line|ribbon|pipe))[^{]*)"
    r"\{([^}]*)\}",
    re.MULTILINE,
)
_LIGHT = re.compile(r"--([\w-]+):\s*light-dark\(([^,]+),")
_VARIABLE = re.compile(r"var\(--([\w-]+)\)")
_POINT = re.compile(r"([ML])(-?[\d.]+),")
# HTML has no upper case in names; SVG has.
_SPELLED = {
    name.lower(): name
    for name in ("viewBox", "preserveAspectRatio", "clipPath", "clipPathUnits", "patternUnits")
}


def drawing_of(svg: etree._Element, *, width: float) -> str:
    """Give a chart's ``svg`` element as a document, ``width`` pixels wide with its gutter."""
    flush = "flush" in svg.get("class", "").split()
    gutter, height = 0.0 if flush else GUTTER, svg.get("height", "0")
    document = _document(width, height)
    place = etree.SubElement(document, f"{{{_SVG}}}svg")
    for name, value in (("x", gutter), ("width", width - gutter), ("height", height)):
        place.set(name, str(value))
    place.set("overflow", "visible")
    for child in svg:
        _copy(child, place, width - gutter)
    return etree.tostring(document, encoding="unicode")


def swatch_of(svg: etree._Element) -> str:
    """Give the small mark of a chart's key as a document."""
    document = _document(float(svg.get("width", "14")), svg.get("height", "14"))
    # The pattern that a swatch is filled with stands in its chart.
    for chart in svg.iterancestors("figure"):
        for pattern in chart.iter("pattern"):
            _copy(pattern, document, 1000.0)
    for child in svg:
        _copy(child, document, 1000.0)
    return etree.tostring(document, encoding="unicode")


def _document(width: float, height: str) -> etree._Element:
    document = etree.Element(f"{{{_SVG}}}svg", nsmap={None: _SVG})  # type: ignore[dict-item]
    document.set("width", str(width))
    document.set("height", height)
    document.set(_KEEPS_SPACE, "preserve")
    etree.SubElement(document, f"{{{_SVG}}}style").text = _style()
    return document


def _copy(element: etree._Element, into: etree._Element, width: float) -> None:
    """Copy an element, with names as SVG spells them and stretched lines drawn to the width.

    Paper's drawings keep no stroke's width while they are stretched, so places across that are
    thousandths of the width become pixels instead.
    """
    name = str(element.tag)
    if name == "title":
        return
    if name == "svg" and element.get("preserveaspectratio") == "none":
        for path in element:
            drawn = etree.SubElement(into, f"{{{_SVG}}}path")
            drawn.set("class", path.get("class", ""))
            drawn.set("d", _POINT.sub(lambda found: _placed(found, width), path.get("d", "")))
        return
    copied = etree.SubElement(into, f"{{{_SVG}}}{_SPELLED.get(name, name)}")
    for key, value in element.attrib.items():
        copied.set(_SPELLED.get(str(key), str(key)), value)
    copied.text = element.text
    for child in element:
        if width < WIDE and child.get("class") == "wide":
            continue
        _copy(child, copied, width)
    copied.tail = element.tail


def _placed(found: re.Match[str], width: float) -> str:
    return f"{found[1]}{float(found[2]) * width / 1000.0:.2f},"


@lru_cache(maxsize=1)
def _style() -> str:
    """Give the rules of the style sheet that colour drawings, as they are in light."""
    sheet = style_sheet()
    colours = dict(_LIGHT.findall(sheet))
    rules = ['text { font-family: "Libertinus Serif"; }']
    for selector, body in _DRAWN.findall(sheet):
        plain = _VARIABLE.sub(lambda found: colours[found[1]], body)
        rules.append(f"{selector.replace('svg text', 'text')}{{{plain}}}")
    return "\n".join(rules)
