"""Clauses in words: sentences with fields in braces, filled from the document and read back.

In braces stand
- ``{heat_kw}``: a field of the clause. A number is written with the unit of its name and all the
  digits of the document, a day as a date, a list as ``a, b and c``, tables by their own sentences;
- ``{availability.available_frac_min}``: a field of another clause, by its table;
- ``{side:supplier=the supplier's side|customer=the customer's side}``: words for each value, for
  what is chosen from a list or is true or false.

Every number and day that is written is read back and compared with the document, so the paper that
is signed and the data that bills cannot differ.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from string import Formatter

from exotherm.contract.terms.clause import Clause, Face, Part
from exotherm.core.documents import Document
from exotherm.core.period import MONTH_NAMES, read_day, write_day
from exotherm.core.units import (
    MINUS,
    NO_BREAK_SPACE,
    THIN_SPACE,
    format_number,
    format_quantity,
    unit_of,
)

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Units that are words take a singular: "1 day", "5 days".
_WORD_UNITS = {"days": "day", "months": "month", "years": "year"}
_DAY_OF_YEAR = re.compile(r"\d\d-\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a sentence; where it writes a field, its path in the file and its value."""

    text: str
    path: str = ""
    value: object = None

    @property
    def is_number(self) -> bool:
        """Whether it writes a number or a day, which can be read back."""
        return isinstance(self.value, int | float | Decimal | date) and not isinstance(
            self.value, bool
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """Where a sentence takes its fields from: a clause or part, its path, the whole document."""

    holder: Document
    path: str
    document: Document
    currency: str

    def find(self, name: str) -> tuple[Document, str, str]:
        """Give the table that has a field, the field's name and its path in the file."""
        table, _, field = name.rpartition(".")
        if not table:
            return self.holder, name, f"{self.path}.{name}"
        holder = self.document
        for step in table.split("."):
            holder = getattr(holder, step)
        return holder, field, name


def say_clause(
    clause: Clause, *, table: str, document: Document, currency: str
) -> tuple[Piece, ...]:
    """Say a clause of a document: its sentences as pieces, each number tied to its field."""
    scope = _Scope(holder=clause, path=table, document=document, currency=currency)
    pieces = tuple(_said(clause.says, scope))
    for piece in pieces:
        if piece.is_number:
            assert read_piece(piece) == piece.value, piece
    return pieces


def _said(sentences: tuple[str, ...], scope: _Scope) -> Iterator[Piece]:
    first = True
    for sentence in sentences:
        pieces = _sentence(sentence, scope)
        if pieces is None:
            continue
        if not first:
            yield Piece(text=" ")
        yield from pieces
        first = False


def _sentence(sentence: str, scope: _Scope) -> list[Piece] | None:
    """Fill a sentence, or give None where a field that it names was left out."""
    pieces: list[Piece] = []
    for literal, name, words, _ in Formatter().parse(sentence):
        if literal:
            pieces.append(Piece(text=literal))
        if name is None:
            continue
        holder, field, path = scope.find(name)
        value = getattr(holder, field)
        if value is None or value == ():
            return None
        pieces.extend(_written(holder, field, value, path=path, words=words or "", scope=scope))
    return pieces


def _written(
    holder: Document, field: str, value: object, *, path: str, words: str, scope: _Scope
) -> Iterator[Piece]:
    if words:
        yield Piece(text=_chosen(value, words), path=path, value=value)
    elif isinstance(value, Part):
        yield from _part(value, path, scope)
    elif isinstance(value, tuple):
        yield from _list(holder, field, value, path=path, scope=scope)
    else:
        yield Piece(
            text=write_field(holder, field, value, currency=scope.currency), path=path, value=value
        )


def _part(part: Part, path: str, scope: _Scope) -> Iterator[Piece]:
    inner = _Scope(holder=part, path=path, document=scope.document, currency=scope.currency)
    return _said(part.says, inner)


def _list(
    holder: Document, field: str, values: tuple[object, ...], *, path: str, scope: _Scope
) -> Iterator[Piece]:
    whole = all(isinstance(value, Part) and value.says[-1].endswith(".") for value in values)
    for index, value in enumerate(values):
        if index:
            last = " and " if index == len(values) - 1 else ", "
            yield Piece(text=" " if whole else last)
        own = f"{path}[{index}]"
        if isinstance(value, Part):
            yield from _part(value, own, scope)
        else:
            text = write_field(holder, field, value, currency=scope.currency)
            yield Piece(text=text, path=own, value=value)


def _chosen(value: object, words: str) -> str:
    """Give the words for a value: ``yes`` and ``no`` stand for true and false."""
    plain = ("yes" if value else "no") if isinstance(value, bool) else str(_plain(value))
    choices = dict(choice.split("=", 1) for choice in words.split("|"))
    assert plain in choices, f"no words for {plain!r} among {sorted(choices)}"
    return choices[plain]


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def write_field(holder: Document, field: str, value: object, *, currency: str) -> str:
    """Write a value of a field as people read it, so that nothing of it is lost."""
    value = _plain(value)
    face = _face_of(holder, field)
    if isinstance(value, date):
        return write_day(value)
    if isinstance(value, str):
        return _day_of_year(value) if _DAY_OF_YEAR.fullmatch(value) else value
    assert isinstance(value, int | float | Decimal), (field, value)
    assert not isinstance(value, bool), f"{field} needs words for yes and no"
    if face is not None:
        return _on_face(face, int(value))
    return write_exactly(field, value, currency=currency)


def _face_of(holder: Document, field: str) -> Face | None:
    about = type(holder).model_fields[field]
    found = [*about.metadata, *getattr(about.annotation, "__metadata__", ())]
    for inner in getattr(about.annotation, "__args__", ()):
        found.extend(getattr(inner, "__metadata__", ()))
    return next((one for one in found if isinstance(one, Face)), None)


def _on_face(face: Face, value: int) -> str:
    if face is Face.WEEKDAY:
        return _WEEKDAYS[value - 1]
    if face is Face.MONTH:
        return MONTH_NAMES[value - 1]
    return f"{value:02d}:00"


def _day_of_year(text: str) -> str:
    month, day = text.split("-")
    return f"{int(day)} {MONTH_NAMES[int(month) - 1]}"


def write_exactly(name: str, value: float | Decimal, *, currency: str = "") -> str:
    """Write a quantity with the decimals of its unit, and more where the document has more."""
    exact, unit = Decimal(str(value)), unit_of(name)
    if unit is None:
        return format_number(exact, _places(exact))
    places = _places(exact * unit.scale)
    # Per cent are written as people say them: 97 %, or 97.25 % where a quarter was agreed.
    decimals = places if unit.scale != 1 else max(unit.decimals, places)
    if unit.suffix in _WORD_UNITS:
        word = _WORD_UNITS[unit.suffix] + ("" if exact == 1 else "s")
        return f"{format_number(exact, places)} {word}"
    return format_quantity(name, exact, currency=currency, decimals=decimals)


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int), value
    return max(0, -exponent)


def read_piece(piece: Piece) -> object:
    """Read a written number or day back, from its words and the name of its field alone."""
    text = piece.text
    if isinstance(piece.value, date):
        return read_day(text)
    if text in _WEEKDAYS:
        return _WEEKDAYS.index(text) + 1
    if text in MONTH_NAMES:
        return MONTH_NAMES.index(text) + 1
    if re.fullmatch(r"\d\d:00", text):
        return int(text[:2])
    shown = text.split(NO_BREAK_SPACE)[0].split(" ")[0]
    number = Decimal(shown.replace(THIN_SPACE, "").replace(MINUS, "-"))
    unit = unit_of(re.sub(r"\[\d+\]", "", piece.path).rpartition(".")[2])
    exact = number / unit.scale if unit else number
    kind = type(piece.value)
    assert issubclass(kind, int | float | Decimal), piece
    return kind(exact)
