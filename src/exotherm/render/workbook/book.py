"""The study as a workbook: inputs, years and results with live formulas, for a bank's own hands."""

from datetime import datetime

from exotherm.plan.study import StudyResult
from exotherm.render.workbook.flows import Writer
from exotherm.render.workbook.inputs import write_inputs
from exotherm.render.workbook.results import ResultsSheet
from exotherm.render.workbook.sheets import Book
from exotherm.site.document import Site

_SAID = (
    "Every figure on Results is found twice: by exotherm, and by this workbook's formulas.",
    "Blue cells on Inputs are assumptions: change one, and the formulas follow.",
    "The column exotherm and the verdict do not follow: they are those of the study.",
    "",
    "Violet rows on Year are stated: a year simulated in quarter-hours and rated by the contract.",
    "They do not follow a change of inputs. Where another price would make the heat pump run",
    "otherwise, or the customer take another amount, make a new study.",
    "",
    "Costs are negative. Money is that of each year, before VAT. Rates are real where they say so;",
    "money of each year is discounted at (1 + real) (1 + inflation) - 1.",
    "The columns are the years of the term. Another term takes a new study.",
)


def render_workbook(
    study: StudyResult, site: Site, *, made_at: datetime, computed: bool = True
) -> bytes:
    """Write a study's money as XLSX. The same study and instant give the same bytes.

    ``computed`` False leaves the values of formulas out, for a program that finds them anew.
    """
    book = Book(
        currency=study.currency,
        years=study.economics.term_years,
        made_at=made_at,
        computed=computed,
    )
    _cover(book, study, site)
    results = ResultsSheet(book)
    write_inputs(book, study, site.basis)
    results.write(study, Writer(book, study).write())
    return book.close()


def _cover(book: Book, study: StudyResult, site: Site) -> None:
    sheet = book.sheet("Read me", f"{site.site.name}: the money of the study", widths=(100.0,))
    book.wrapped(sheet, 2, 0, study.verdict_text, width=100)
    for row, words in enumerate(_SAID):
        sheet.write(4 + row, 0, words, book.style("general"))
    made = f"Made by exotherm on {book.made_at:%Y-%m-%d}. Weather: {study.weather_source}."
    book.wrapped(sheet, 5 + len(_SAID), 0, made, width=100)
