"""Any of our pages as paper: PDF/A, tagged, always the same bytes; read off the page itself."""

import json
from datetime import datetime
from importlib.resources import files

from lxml import html

from exotherm.render.paper_blocks import blocks_of
from exotherm.render.pdf import set_pdf


def render_paper(page: str, *, made_at: datetime, foot: str) -> bytes:
    """Set a self-contained page of ours as PDF. Raises UnableToRender.

    ``foot`` stands at the bottom of every sheet beside its number.
    """
    root = html.document_fromstring(page)
    main, title = root.find(".//main"), root.find(".//title")
    assert main is not None, "our pages have a main part"
    assert title is not None, "our pages have a title"
    data = {
        "title": title.text or "",
        "language": root.get("lang", "en"),
        "made": {"year": made_at.year, "month": made_at.month, "day": made_at.day},
        "foot": foot,
        "blocks": blocks_of(main),
    }
    template = files("exotherm.render").joinpath("templates/paper.typ").read_bytes()
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    return set_pdf(template, inputs, at=made_at.replace(microsecond=0))
