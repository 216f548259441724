"""Documents: TOML that a person wrote, read into a typed model or explained in findings."""

import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from types import NoneType
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails, PydanticKnownError, PydanticUndefined

from exotherm.core.complaints import Complaint, complain, meant_path, path_of, write_value
from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.slips import number_meant_in_line
from exotherm.core.toml_lines import Path, line_of, write_path
from exotherm.core.units import format_number

__all__ = [
    "Assumption",
    "Document",
    "Path",
    "Read",
    "Source",
    "assumptions_of",
    "default",
    "line_of",
    "read_document",
    "write_path",
]

CHARACTERS_MAX = 1_000_000
"""longest document that is read; the longest of ours has a few thousand"""
LINE_CHARACTERS_MAX = 2_000
"""longest line that is read; a longer one is data, or an attempt to keep the reader busy"""
FINDINGS_MAX = 100
"""findings that one document gives at most; who mends these sees the others"""
INTEGER_MAX = 10**18
"""bound of whole numbers, within the 64 bits that TOML promises"""


class Document(BaseModel):
    """A part of a document: frozen, strict about names, silent about nothing."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _as_written(cls, value: object, info: ValidationInfo) -> object:
        """Refuse what would have to be converted by guess: `true` as a number, "12" as twelve."""
        assert info.field_name is not None
        _refuse_guess(value, cls.model_fields[info.field_name].annotation)
        return value

    def fill(self, values: Mapping[str, object]) -> None:
        """Give fields that were left out these values, as a kind of thing has them.

        For a validator that knows the kind; the fields stay marked as left out.
        """
        for name, value in values.items():
            assert name in type(self).model_fields, name
            if name not in self.model_fields_set:
                self.__dict__[name] = value


QUANTITY_MAX = 1e12
"""bound of quantities; beyond it, or nearer to nought than its inverse, sums lose their meaning"""

_Kind = Literal["float_type", "decimal_type", "int_type", "bool_type", "date_type"]
_REFUSED: dict[object, tuple[_Kind, tuple[type, ...]]] = {
    float: ("float_type", (bool, str)),
    # A price comes back from JSON as the text of its digits.
    Decimal: ("decimal_type", (bool, float)),
    int: ("int_type", (bool, str)),
    # A date comes back from JSON as text; a number would be taken for seconds since 1970.
    date: ("date_type", (bool, int, float, Decimal)),
}


def _refuse_guess(value: object, annotation: Any) -> None:  # noqa: ANN401 - as annotations are
    if value is not None and NoneType in get_args(annotation):
        # A field that may be left out is read like the same one that may not.
        (annotation,) = (one for one in get_args(annotation) if one is not NoneType)
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is tuple and isinstance(value, list | tuple):
        for number, entry in enumerate(value, start=1):
            try:
                _refuse_guess(entry, get_args(annotation)[0])
            except PydanticKnownError as error:
                raise ValueError(
                    f"its entry {number}, {write_value(entry)}, is none here"
                ) from error
        return
    if annotation is int or type(value) is int:
        _refuse_endless(value)
    if annotation is bool and not isinstance(value, bool):
        raise PydanticKnownError("bool_type")
    kind, refused = _REFUSED.get(annotation, (None, ()))
    if kind is not None and isinstance(value, refused):
        raise PydanticKnownError(kind)
    if annotation is float and isinstance(value, int | float | Decimal):
        _refuse_extreme(float(value))


def _refuse_endless(value: object) -> None:
    """Refuse a whole number without bounds, before anything has to write down its digits."""
    if isinstance(value, Decimal) and not value.is_finite():
        return
    if isinstance(value, int | Decimal) and not -INTEGER_MAX <= value <= INTEGER_MAX:
        raise PydanticKnownError("int_parsing_size")


def _refuse_extreme(value: float) -> None:
    size = abs(value)
    if not math.isfinite(size) or size == 0.0:
        return
    if not 1.0 / QUANTITY_MAX <= size <= QUANTITY_MAX:
        raise ValueError("no quantity here is so large or so small")


_Model = TypeVar("_Model", bound=Document)


def default(value: object, *, source: str, **bounds: Any) -> Any:  # noqa: ANN401 - as pydantic's Field
    """Declare a field that may be left out: the value then taken and where that value is from."""
    return Field(default=value, json_schema_extra={"source": source}, **bounds)


@dataclass(frozen=True, slots=True)
class Read(Generic[_Model]):
    """What came of reading a document: the model where nothing blocks, and all findings."""

    document: _Model | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file that a document was read from, to say where in it a finding lies.

    ``text`` may be left empty, then places have no line.
    """

    file: str
    text: str = ""

    def where(self, *path: str | int) -> Where:
        """Give the place of a path in this file."""
        return Where(file=self.file, line=line_of(self.text, path), path=write_path(path))

    def error(
        self, code: str, *path: str | int, message: str, remedy: str, **data: object
    ) -> Finding:
        """Give a finding that blocks, at a path of this file; the rest are its data."""
        return self._finding(Severity.ERROR, code, path, message, remedy, data)

    def warning(
        self, code: str, *path: str | int, message: str, remedy: str, **data: object
    ) -> Finding:
        """Give a finding that costs, at a path of this file; the rest are its data."""
        return self._finding(Severity.WARNING, code, path, message, remedy, data)

    def note(
        self, code: str, *path: str | int, message: str, remedy: str, **data: object
    ) -> Finding:
        """Give a finding that explains, at a path of this file; the rest are its data."""
        return self._finding(Severity.NOTE, code, path, message, remedy, data)

    def _finding(
        self,
        severity: Severity,
        code: str,
        path: Path,
        message: str,
        remedy: str,
        data: dict[str, object],
    ) -> Finding:
        where = self.where(*path)
        return Finding(
            code=code, severity=severity, where=where, message=message, remedy=remedy, data=data
        )


def read_document(
    text: str,
    model: type[_Model],
    *,
    file: str,
    missing: Callable[[Path], Complaint | None] = lambda _: None,
    complete: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda raw: raw,
) -> Read[_Model]:
    """Read a TOML text into a model, or explain each thing that stands against it.

    ``missing`` may name a field that is absent in the words of its room: it gives code, message
    and remedy for a path, or None for the common words. ``complete`` may add tables that the file
    leaves to something else.
    """
    text = text.removeprefix("\ufeff")  # some editors begin a file with a byte-order mark
    too_large = _too_large(text, file=file)
    if too_large:
        return Read(None, (too_large,))
    try:
        # Decimal keeps the digits as written; fields that want a float make one of them.
        raw = tomllib.loads(text, parse_float=_decimal)
    except RecursionError:
        return Read(None, (_too_deep(file=file),))
    except ValueError as error:  # TOMLDecodeError is one; so is a number without bounds
        return Read(None, (_not_toml(error, text=text, file=file),))
    try:
        return Read(model.model_validate(complete(raw)), ())
    except ValidationError as error:
        source = Source(file=file, text=text)
        return Read(None, _findings_of(error, model, source=source, missing=missing))


def _decimal(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation as error:
        raise ValueError(f"{digits[:30]} is beyond every number that is counted with") from error


def _too_large(text: str, *, file: str) -> Finding | None:
    line, longest = 1, 0
    if len(text) <= CHARACTERS_MAX:
        lengths = [len(one) for one in text.split("\n")]
        longest = max(lengths)
        line = lengths.index(longest) + 1
        if longest <= LINE_CHARACTERS_MAX:
            return None
    holder, characters = (f"Line {line}", longest) if longest else ("This file", len(text))
    most = LINE_CHARACTERS_MAX if longest else CHARACTERS_MAX
    return Finding(
        code="document.too-large",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"{holder} has {format_number(characters, 0)} characters; at most "
        f"{format_number(most, 0)} are read.",
        remedy="Give a document as `exotherm new` writes it; long series stand in files of theirs.",
        data={"characters": characters, "characters_max": most},
    )


def _too_deep(*, file: str) -> Finding:
    return Finding(
        code="document.too-deep",
        severity=Severity.ERROR,
        where=Where(file=file),
        message="Lists or tables stand in each other so deep that this file is not read.",
        remedy="Give a document as `exotherm new` writes it; none of its lists holds another.",
    )


def _not_toml(error: ValueError, *, text: str, file: str) -> Finding:
    said = str(error).strip().rstrip(".") or "something is wrong"
    line = re.search(r"\(at line (\d+), column \d+\)$", said)
    if line:
        number: int | None = int(line[1])
    else:
        number = text.count("\n") + 1 if said.endswith("(at end of document)") else None
    lines = text.split("\n")
    slip = number_meant_in_line(lines[number - 1]) if number and number <= len(lines) else ""
    return Finding(
        code="document.not-toml",
        severity=Severity.ERROR,
        where=Where(file=file, line=number),
        message=f"This is not TOML that can be read: {_in_words(said)}.",
        remedy=slip
        or "Mend the line; strings stand in quotes and each key stands once in its table.",
    )


def _in_words(said: str) -> str:
    """Say what the TOML reader says of a table that stands twice in words for people."""
    twice = re.match(r"Cannot declare \((?P<keys>.*?),?\) twice", said)
    if twice is None:
        return said
    table = ".".join(re.findall(r"'([^']*)'", twice["keys"]))
    return f"the table [{table}] stands twice, and there is but one{said[twice.end() :]}"


def _findings_of(
    error: ValidationError,
    model: type[Document],
    *,
    source: Source,
    missing: Callable[[Path], Complaint | None],
) -> tuple[Finding, ...]:
    errors = _without_echoes(error.errors(include_url=False), model)
    found = [
        _finding_of(details, model, source=source, missing=missing)
        for details in errors[:FINDINGS_MAX]
    ]
    found.sort(key=lambda finding: finding.where.line or 0)
    if len(errors) > FINDINGS_MAX:
        found.append(_more(len(errors) - FINDINGS_MAX, file=source.file))
    return tuple(found)


def _without_echoes(errors: list[ErrorDetails], model: type[Document]) -> list[ErrorDetails]:
    """Leave out what another error says already: each mistake is one finding.

    A name that is not known and the field it was meant for are one mistake; a list whose entries
    are wrong is not also too short.
    """
    meant = {meant_path(details, model) for details in errors[:FINDINGS_MAX]}
    paths = [path_of(details) for details in errors]
    holders = {path[:depth] for path in paths for depth in range(len(path))}
    return [
        details
        for details in errors
        if not (details["type"] == "missing" and _begins_with(path_of(details), meant))
        and not (details["type"] == "too_short" and path_of(details) in holders)
    ]


def _begins_with(path: Path, beginnings: set[Path | None]) -> bool:
    return any(path[:depth] in beginnings for depth in range(1, len(path) + 1))


def _finding_of(
    details: ErrorDetails,
    model: type[Document],
    *,
    source: Source,
    missing: Callable[[Path], Complaint | None],
) -> Finding:
    path = path_of(details)
    absent = details["type"] == "missing"
    code, message, remedy = (absent and missing(path)) or complain(details, model)
    where = source.where(*path)
    if absent and where.line is None:
        # What stands nowhere is added at the end of the file.
        end = source.text.rstrip("\n").count("\n") + 1
        where = Where(file=where.file, line=end, path=where.path)
    return Finding(code=code, severity=Severity.ERROR, where=where, message=message, remedy=remedy)


def _more(count: int, *, file: str) -> Finding:
    return Finding(
        code="document.more-findings",
        severity=Severity.NOTE,
        where=Where(file=file),
        message=f"Of {format_number(FINDINGS_MAX + count, 0)} things that stand against this file "
        f"the first {FINDINGS_MAX} are shown.",
        remedy="Mend these and check again.",
        data={"more": count},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One value that a document states or leaves to its default, with where it is from."""

    path: str
    value: object
    description: str
    source: str
    given: bool


def assumptions_of(document: Document, *, prefix: str = "") -> tuple[Assumption, ...]:
    """List every plain value of a document with its source, for the table in the report."""
    rows: list[Assumption] = []
    for name, field in type(document).model_fields.items():
        value, path = getattr(document, name), f"{prefix}{name}"
        if isinstance(value, Document):
            rows.extend(assumptions_of(value, prefix=f"{path}."))
        elif isinstance(value, tuple) and value and isinstance(value[0], Document):
            for index, item in enumerate(value):
                rows.extend(assumptions_of(item, prefix=f"{path}[{index}]."))
        elif not (value in (None, ()) and _holds_document(field.annotation)):
            rows.append(
                Assumption(
                    path=path,
                    value=value,
                    description=(field.description or "").strip().rstrip("."),
                    source=_source_of(field),
                    given=name in document.model_fields_set,
                )
            )
    return tuple(rows)


def _holds_document(annotation: Any) -> bool:  # noqa: ANN401 - as annotations are
    """Tell whether a field is a table of its own, or a list of such, that may be left out."""
    if isinstance(annotation, type) and issubclass(annotation, Document):
        return True
    return any(_holds_document(inner) for inner in get_args(annotation))


def _source_of(field: Any) -> str:  # noqa: ANN401 - pydantic's FieldInfo
    extra = field.json_schema_extra
    if isinstance(extra, dict) and field.default is not PydanticUndefined:
        return str(extra.get("source", ""))
    return ""
