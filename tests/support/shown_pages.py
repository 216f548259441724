"""What a page of ours shows, read off it."""

import re
from typing import Any

from lxml import html


def parsed(markup: str) -> Any:
    """Give a page as its elements."""
    return html.fromstring(markup)


def words(markup: str) -> str:
    """Give all words of a page in a row; narrow and other fixed spaces stay what they are."""
    return re.sub(r"[ \t\n]+", " ", parsed(markup).text_content())


def rows_of(page: str, name: str) -> list[list[str]]:
    """Give the cells of a chart's own table, row by row."""
    figure = parsed(page).get_element_by_id(name)
    return [[cell.text_content() for cell in row] for row in figure.findall(".//tbody/tr")]


def number_of(text: str) -> float:
    """Read a number as people write it."""
    return float(re.sub(r"[^\d.\-]", "", text.replace("−", "-")))
