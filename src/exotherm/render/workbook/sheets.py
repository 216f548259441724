"""Laying out a workbook: cells with names, rows of years, every formula with the value it has.

A formula is written with the number that we found, so that a viewer without arithmetic shows the
same, and a program with it finds it anew. Nothing else in the house writes cells.
"""

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

Value = float | str | None
_FIRST_YEAR_COLUMN = 3
_LINE_POINTS = 15.0
_HEAD_ROW = 3
_INK, _SOFT, _RULE, _INPUT, _STATED = "#17202c", "#556070", "#dfe4ea", "#0b57a4", "#7a4f8f"
FORMATS: dict[str, str] = {
    "money": "#,##0;[Red]-#,##0",
    "cents": "#,##0.00;[Red]-#,##0.00",
    "price": "0.0000",
    "share": "0.0%",
    "factor": "0.0000",
    "energy": "#,##0",
    "years": "0.0",
    "whole": "0",
    "general": "General",
}


@dataclass(slots=True)
class Book:
    """A workbook that is being written. ``computed`` False leaves nought where formulas stand."""

    currency: str
    years: int
    """years of the term; year 0 comes before them"""
    made_at: datetime
    computed: bool = True
    _stream: io.BytesIO = field(default_factory=io.BytesIO)
    _book: xlsxwriter.Workbook = field(init=False)
    _formats: dict[tuple[str, str], object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._book = xlsxwriter.Workbook(self._stream, {"in_memory": True})
        self._book.set_properties({"created": self.made_at.astimezone(UTC).replace(tzinfo=None)})
        self._book.set_calc_mode("auto")

    def style(self, number: str, look: str = "") -> object:
        """Give a cell's format: how its number is written, and what it is."""
        key = number, look
        if key not in self._formats:
            made: dict[str, object] = {"num_format": FORMATS[number], "font_color": _INK}
            made |= _LOOKS.get(look, {})
            self._formats[key] = self._book.add_format(made)
        return self._formats[key]

    def sheet(self, name: str, title: str, *, widths: Sequence[float]) -> Worksheet:
        """Add a sheet with its title, printed on one page's width."""
        sheet = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.write(0, 0, title, self.style("general", "title"))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&8&F  &A&R&8Page &P of &N")
        return sheet

    def wrapped(self, sheet: Worksheet, row: int, column: int, words: str, *, width: float) -> None:
        """Write words in lines, in a row as high as they take in a column so many letters wide."""
        sheet.write(row, column, words, self.style("general", "soft"))
        lines = max(1, math.ceil(len(words) / (0.95 * width)))
        if lines > 1:
            sheet.set_row(row, _LINE_POINTS * lines)

    def name(self, name: str, place: str) -> None:
        """Give a cell or range a name that formulas use."""
        self._book.define_name(name, f"={place}")

    def formula(
        self, sheet: Worksheet, row: int, column: int, formula: str, value: Value, style: object
    ) -> None:
        """Write a formula with the value we found for it; what does not exist is ``none``."""
        found: float | str = "none" if value is None else value
        sheet.write_formula(row, column, formula, style, found if self.computed else 0)

    def close(self) -> bytes:
        """Give the bytes of the workbook."""
        self._book.close()
        return self._stream.getvalue()


_HEAD: dict[str, object] = {
    "bold": True,
    "font_color": _SOFT,
    "bottom": 1,
    "bottom_color": _SOFT,
}
_LOOKS: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "head": _HEAD | {"text_wrap": True},
    "right": _HEAD | {"align": "right"},
    "input": {"font_color": _INPUT, "bg_color": "#eef4fb"},
    "stated": {"font_color": _STATED},
    "total": {"bold": True, "top": 1, "top_color": _RULE},
    "soft": {"font_color": _SOFT, "text_wrap": True, "valign": "top"},
    "unit": {"font_color": _SOFT, "indent": 1},
    "found": {"align": "right"},
    "wrap": {"text_wrap": True, "valign": "top"},
    "group": {"bold": True},
}


@dataclass(slots=True)
class YearSheet:
    """A sheet with a row for each quantity and a column for each year."""

    book: Book
    name: str
    title: str
    _sheet: Worksheet = field(init=False)
    _row: int = field(default=_HEAD_ROW, init=False)

    def __post_init__(self) -> None:
        years = self.book.years
        widths = (33.0, 6.0, 1.0, *([9.0] * (years + 1)))
        self._sheet = self.book.sheet(self.name, self.title, widths=widths)
        head, right = self.book.style("general", "head"), self.book.style("whole", "right")
        self._sheet.write(self._row, 0, "Year", head)
        self._sheet.write(self._row, 1, "Unit", head)
        for year in range(years + 1):
            self._sheet.write_number(self._row, _FIRST_YEAR_COLUMN + year, year, right)
        self._sheet.freeze_panes(self._row + 1, _FIRST_YEAR_COLUMN)
        self._sheet.repeat_rows(0, self._row)
        self._sheet.repeat_columns(0, 1)

    def group(self, words: str) -> None:
        """Begin a group of rows."""
        self._row += 2
        self._sheet.write(self._row, 0, words, self.book.style("general", "group"))

    def ahead(self, rows: int) -> "Row":
        """Give a row that will be written as the next, the one after it, and so on."""
        return Row(self.name, self._row + rows, self.book.years)

    def stated(self, label: str, unit: str, values: Sequence[float], number: str) -> "Row":
        """Add a row of values that no formula of a workbook can find: a simulation's."""
        return self._add(label, unit, number, "stated", lambda _: None, values)

    def row(
        self,
        label: str,
        unit: str,
        formula: Callable[["At"], str],
        values: Sequence[Value],
        number: str = "money",
        look: str = "",
    ) -> "Row":
        """Add a row whose cell of each year has a formula."""
        return self._add(label, unit, number, look, formula, values)

    def _add(
        self,
        label: str,
        unit: str,
        number: str,
        look: str,
        formula: Callable[["At"], str | None],
        values: Sequence[Value],
    ) -> "Row":
        assert len(values) == self.book.years + 1, label
        self._row += 1
        style = self.book.style(number, look)
        self._sheet.write(self._row, 0, label, self.book.style("general", look))
        self._sheet.write(self._row, 1, unit, self.book.style("general", "soft"))
        row = Row(self.name, self._row, self.book.years)
        for year, value in enumerate(values):
            column = _FIRST_YEAR_COLUMN + year
            written = formula(At(year, self.book.years))
            if written is None:
                self._sheet.write_number(self._row, column, float(value or 0.0), style)
            else:
                self.book.formula(self._sheet, self._row, column, written, value, style)
        return row


@dataclass(frozen=True, slots=True)
class At:
    """A year's place: its column, that of the year before, and the row that names years."""

    year: int
    last: int

    @property
    def column(self) -> str:
        """Letter of the year's column."""
        return str(xl_col_to_name(_FIRST_YEAR_COLUMN + self.year))

    @property
    def number(self) -> str:
        """The cell that says which year it is."""
        return f"{self.column}${_HEAD_ROW + 1}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of years that other formulas refer to."""

    sheet: str
    row: int
    years: int

    def at(self, at: At) -> str:
        """Give the cell of the same year."""
        return f"'{self.sheet}'!{at.column}{self.row + 1}"

    def before(self, at: At) -> str:
        """Give the cell of the year before; there is none before year 0."""
        return "0" if at.year == 0 else self.at(At(at.year - 1, at.last))

    def from_here(self, at: At) -> str:
        """Give the cells from a year to the last."""
        last = xl_col_to_name(_FIRST_YEAR_COLUMN + self.years)
        return f"'{self.sheet}'!{at.column}{self.row + 1}:${last}{self.row + 1}"

    @property
    def all(self) -> str:
        """Give the cells of all years."""
        first, last = (xl_col_to_name(_FIRST_YEAR_COLUMN + year) for year in (0, self.years))
        return f"'{self.sheet}'!${first}${self.row + 1}:${last}${self.row + 1}"

    @property
    def first(self) -> str:
        """Give the cell of year 0."""
        return self.at(At(0, self.years))

    @property
    def numbers(self) -> str:
        """Give the cells that number the years on this row's sheet."""
        first, last = (xl_col_to_name(_FIRST_YEAR_COLUMN + year) for year in (0, self.years))
        return f"'{self.sheet}'!${first}${_HEAD_ROW + 1}:${last}${_HEAD_ROW + 1}"


def due(machine: str, at: At) -> str:
    """Give the condition that a machine whose renewal is on Inputs is replaced in a year.

    Not in the last, since what is bought at its end serves the years after.
    """
    since = f"{at.number}-{machine}_due_years"
    inside = f"{at.number}>={machine}_due_years,{at.number}<term_years"
    return f"AND({inside},MOD({since},{machine}_life_years)=0)"
