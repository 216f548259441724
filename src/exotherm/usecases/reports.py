"""Writing a page of ours to a file: as it stands, or set on paper."""

from datetime import datetime
from pathlib import Path

from exotherm.core.errors import UnableTo
from exotherm.render.paper import render_paper
from exotherm.usecases.files import write_whole

_PAGES, _PAPERS = (".html", ".htm"), (".pdf",)


class UnableToWriteReport(UnableTo):
    """The report could not be written where it was asked for."""


def write_page(
    page: str, path: Path, *, made_at: datetime, foot: str, option: str = "--report"
) -> Path:
    """Write a self-contained page as HTML or PDF, by the name's end. Raises UnableToWriteReport.

    ``foot`` stands at the bottom of every sheet of paper; ``option`` is what named the file.
    """
    _check_page_name(path)
    is_paper = path.suffix.lower() in _PAPERS
    content = render_paper(page, made_at=made_at, foot=foot) if is_paper else page.encode()
    return _written(content, path, option=option)


def _check_page_name(path: Path) -> None:
    """Refuse a name that is no page's. Raises UnableToWriteReport."""
    if path.suffix.lower() not in (*_PAGES, *_PAPERS):
        raise UnableToWriteReport(
            f"{path} is not the name of a page or a paper",
            remedy="Name a file that ends in .html or .pdf; no other file is ever written over.",
        )


def _check_book_name(path: Path) -> None:
    """Refuse a name that is no workbook's. Raises UnableToWriteReport."""
    if path.suffix.lower() != ".xlsx":
        raise UnableToWriteReport(
            f"{path} is not the name of a workbook",
            remedy="Name a file that ends in .xlsx; no other file is ever written over.",
        )


def write_book(content: bytes, path: Path) -> Path:
    """Write a workbook. Raises UnableToWriteReport."""
    _check_book_name(path)
    return _written(content, path, option="--workbook")


def _written(content: bytes, path: Path, *, option: str) -> Path:
    try:
        write_whole(path, content)
    except OSError as error:
        raise UnableToWriteReport(
            f"{path} cannot be written: {error.strerror}",
            remedy=f"Name another file with {option}.",
        ) from error
    return path
