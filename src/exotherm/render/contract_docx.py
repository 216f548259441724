"""The contract as a Word document, for lawyers who write into it; always the same bytes.

WordprocessingML of ECMA-376, the few elements that a paper of headings, paragraphs and tables
needs. Word, LibreOffice and Pages open it.
"""

import io
import zipfile
from collections.abc import Iterable

from lxml import etree

from exotherm.contract.terms import Contract
from exotherm.render.contract_paper import ContractPaper, PaperClause, Table, paper_of

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_TYPES = {
    "/word/document.xml": "document.main+xml",
    "/word/styles.xml": "styles+xml",
    "/word/footer.xml": "footer+xml",
}
_PAGE = {"w": "11906", "h": "16838"}
_MARGIN = {"top": "1247", "bottom": "1361", "left": "1474", "right": "1361"}


def render_contract_docx(contract: Contract) -> bytes:
    """Set a contract as DOCX."""
    paper = paper_of(contract)
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations([("officeDocument", "word/document.xml")]),
        "word/_rels/document.xml.rels": _relations(
            [("styles", "styles.xml"), ("footer", "footer.xml")]
        ),
        "word/document.xml": _bytes(_document(paper)),
        "word/styles.xml": _bytes(_styles()),
        "word/footer.xml": _bytes(_footer(paper.foot)),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, date_time=_LONG_AGO), content)
    return file.getvalue()


def _document(paper: ContractPaper) -> etree._Element:
    root = etree.Element(_w("document"), nsmap={"w": _W, "r": _R})
    body = etree.SubElement(root, _w("body"))
    _paragraph(body, paper.title, style="Title")
    _paragraph(body, paper.subtitle, style="Subtitle")
    for word, lines, role in (
        ("between", paper.supplier, "– the supplier"),
        ("and", paper.customer, "– the customer"),
    ):
        _paragraph(body, word, style="Small")
        for line in lines:
            _paragraph(body, line)
        _paragraph(body, role, style="Small")
    _paragraph(body, paper.notice, style="Small")
    for section in paper.sections:
        _paragraph(body, section.title, style="Heading1")
        for clause in section.clauses:
            _clause(body, clause)
    _paragraph(body, "Signatures", style="Heading1")
    for signing in paper.signings:
        _paragraph(body, f"{signing.party}: {signing.name}", style="Heading2")
        for name, authority in signing.people:
            _paragraph(body, "_" * 34 + "    " + "_" * 16 + "    " + "_" * 14)
            who = f"{name}, {authority}" if authority else name
            _paragraph(body, f"{who}; place; date", style="Small")
    _paragraph(body, "Version and hash", style="Heading1")
    _table(body, Table(head=("", ""), rows=paper.chain))
    _section(body)
    return root


def _clause(body: etree._Element, clause: PaperClause) -> None:
    _paragraph(body, f"{clause.number}\t{clause.title}", style="Heading2")
    if clause.table is not None:
        _table(body, clause.table)
    else:
        _paragraph(body, clause.text, style="Clause")
    if clause.origin:
        _paragraph(body, clause.origin, style="Small")


def _paragraph(parent: etree._Element, text: str, *, style: str = "") -> etree._Element:
    paragraph = etree.SubElement(parent, _w("p"))
    if style:
        about = etree.SubElement(paragraph, _w("pPr"))
        etree.SubElement(about, _w("pStyle"), {_w("val"): style})
    for number, part in enumerate(text.split("\t")):
        if number:
            etree.SubElement(etree.SubElement(paragraph, _w("r")), _w("tab"))
        _runs(paragraph, part)
    return paragraph


def _runs(paragraph: etree._Element, text: str) -> None:
    """Write the words of a paragraph; what stands between backticks in a fixed width."""
    for number, part in enumerate(text.split("`")):
        if not part:
            continue
        run = etree.SubElement(paragraph, _w("r"))
        if number % 2:
            about = etree.SubElement(run, _w("rPr"))
            fonts = {_w(name): "Courier New" for name in ("ascii", "hAnsi", "cs")}
            etree.SubElement(about, _w("rFonts"), fonts)
        words = etree.SubElement(run, _w("t"))
        words.text = part
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _table(body: etree._Element, table: Table) -> None:
    element = etree.SubElement(body, _w("tbl"))
    about = etree.SubElement(element, _w("tblPr"))
    etree.SubElement(about, _w("tblW"), {_w("w"): "0", _w("type"): "auto"})
    borders = etree.SubElement(about, _w("tblBorders"))
    for side in ("top", "bottom", "insideH"):
        look = {_w("val"): "single", _w("sz"): "4", _w("color"): "C9CED4"}
        etree.SubElement(borders, _w(side), look)
    grid = etree.SubElement(element, _w("tblGrid"))
    for _ in table.head:
        etree.SubElement(grid, _w("gridCol"))
    head = (table.head,) if any(table.head) else ()
    for row in (*head, *table.rows):
        line = etree.SubElement(element, _w("tr"))
        for cell in row:
            _paragraph(etree.SubElement(line, _w("tc")), cell)
    _paragraph(body, "")


def _section(body: etree._Element) -> None:
    section = etree.SubElement(body, _w("sectPr"))
    etree.SubElement(section, _w("footerReference"), {_w("type"): "default", f"{{{_R}}}id": "rId2"})
    etree.SubElement(section, _w("pgSz"), {_w(key): value for key, value in _PAGE.items()})
    etree.SubElement(section, _w("pgMar"), {_w(key): value for key, value in _MARGIN.items()})


def _footer(foot: str) -> etree._Element:
    root = etree.Element(_w("ftr"), nsmap={"w": _W})
    paragraph = _paragraph(root, f"{foot}\tPage ", style="Footer")
    _field(paragraph, "PAGE")
    _runs(paragraph, " of ")
    _field(paragraph, "NUMPAGES")
    return root


def _field(paragraph: etree._Element, name: str) -> None:
    field = etree.SubElement(paragraph, _w("fldSimple"), {_w("instr"): name})
    etree.SubElement(etree.SubElement(field, _w("r")), _w("t")).text = "1"


# name, size in half points, bold, colour, space before and after in twentieths, kept with next
_STYLES: tuple[tuple[str, str, int, bool, str, int, int, bool], ...] = (
    ("Normal", "Normal", 20, False, "1C2126", 0, 80, False),
    ("Title", "Title", 48, False, "8A3A10", 0, 60, False),
    ("Subtitle", "Subtitle", 24, False, "5B6470", 0, 360, False),
    ("Heading1", "heading 1", 26, True, "8A3A10", 480, 120, True),
    ("Heading2", "heading 2", 21, True, "1C2126", 200, 60, True),
    ("Clause", "Clause", 20, False, "1C2126", 0, 80, False),
    ("Small", "Small", 16, False, "5B6470", 60, 120, False),
    ("Footer", "footer", 15, False, "5B6470", 0, 0, False),
)
_INDENTED = {"Clause": "1021"}
_TABS = {"Heading2": ("1021", "left"), "Footer": ("9071", "right")}


def _styles() -> etree._Element:
    root = etree.Element(_w("styles"), nsmap={"w": _W})
    for identity, name, size, bold, colour, before, after, keep in _STYLES:
        about = {_w("type"): "paragraph", _w("styleId"): identity}
        if identity == "Normal":
            about[_w("default")] = "1"
        style = etree.SubElement(root, _w("style"), about)
        etree.SubElement(style, _w("name"), {_w("val"): name})
        paragraph = etree.SubElement(style, _w("pPr"))
        if keep:
            etree.SubElement(paragraph, _w("keepNext"))
        if identity in _TABS:
            place, side = _TABS[identity]
            tabs = etree.SubElement(paragraph, _w("tabs"))
            etree.SubElement(tabs, _w("tab"), {_w("val"): side, _w("pos"): place})
        space = {_w("before"): str(before), _w("after"): str(after)}
        etree.SubElement(paragraph, _w("spacing"), space)
        if identity in _INDENTED:
            etree.SubElement(paragraph, _w("ind"), {_w("left"): _INDENTED[identity]})
        run = etree.SubElement(style, _w("rPr"))
        if bold:
            etree.SubElement(run, _w("b"))
        etree.SubElement(run, _w("color"), {_w("val"): colour})
        etree.SubElement(run, _w("sz"), {_w("val"): str(size)})
    return root


def _content_types() -> bytes:
    openxml = "application/vnd.openxmlformats"
    defaults = {
        "rels": f"{openxml}-package.relationships+xml",
        "xml": "application/xml",
    }
    rows = [
        f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in defaults.items()
    ]
    rows += [
        f'<Override PartName="{name}" ContentType="{openxml}-officedocument.wordprocessingml.'
        f'{kind}"/>'
        for name, kind in _TYPES.items()
    ]
    return _small("Types", f"{_PACKAGE}/content-types", rows)


def _relations(targets: Iterable[tuple[str, str]]) -> bytes:
    rows = [
        f'<Relationship Id="rId{number}" Type="{_R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    ]
    return _small("Relationships", f"{_PACKAGE}/relationships", rows)


def _small(name: str, space: str, rows: list[str]) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}\n<{name} xmlns="{space}">{"".join(rows)}</{name}>'.encode()


def _w(name: str) -> str:
    return f"{{{_W}}}{name}"


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
