"""Documents: TOML that a person wrote, read into a typed model or explained in findings."""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticUndefined

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.units import QUALIFIERS, unit_of

Path = tuple[str | int, ...]


class Document(BaseModel):
    """A part of a document: frozen, strict about names, silent about nothing."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True
    )


_Model = TypeVar("_Model", bound=Document)


def default(value: object, *, source: str, **bounds: Any) -> Any:  # noqa: ANN401 - as pydantic's Field
    """Declare a field that may be left out: the value then taken and where that value is from."""
    return Field(default=value, json_schema_extra={"source": source}, **bounds)


@dataclass(frozen=True, slots=True)
class Read(Generic[_Model]):
    """What came of reading a document: the model where nothing blocks, and all findings."""

    document: _Model | None
    findings: tuple[Finding, ...]


def read_document(
    text: str,
    model: type[_Model],
    *,
    file: str,
    missing: Callable[[Path], tuple[str, str, str] | None] = lambda _: None,
) -> Read[_Model]:
    """Read a TOML text into a model, or explain each thing that stands against it.

    ``missing`` may name a field that is absent in the words of its room: it gives code, message
    and remedy for a path, or None for the common words.
    """
    try:
        # Decimal keeps the digits as written; fields that want a float make one of them.
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        return Read(None, (_not_toml(error, file=file),))
    try:
        return Read(model.model_validate(raw), ())
    except ValidationError as error:
        found = [
            _explain(details, model, text=text, file=file, missing=missing)
            for details in error.errors(include_url=False)
        ]
        found.sort(key=lambda finding: (finding.where.line or 0, finding.where.path))
        return Read(None, tuple(found))


def line_of(text: str, path: Path) -> int | None:
    """Find the line of a TOML text that sets a path, or the nearest table that should hold it.

    The standard parser keeps no positions, so this looks for table headers and keys. Inline
    tables count as the line they stand on.
    """
    best: tuple[int, int] | None = None
    for number, here in _lines_with_paths(text):
        depth = _common(here, path)
        if depth and (best is None or depth > best[0]):
            best = (depth, number)
    return best[1] if best else None


_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*((?:[\w-]+|\"[^\"]*\")(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"))*)\s*=")


def _words(dotted: str) -> Path:
    return tuple(part.strip().strip('"') for part in re.findall(r'"[^"]*"|[^.\s]+', dotted))


def _lines_with_paths(text: str) -> Iterable[tuple[int, Path]]:
    table: Path = ()
    counts: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _words(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield number, table
        elif key := _KEY.match(line):
            yield number, (*table, *_words(key[1]))


def _common(here: Path, path: Path) -> int:
    if len(here) > len(path) or here != path[: len(here)]:
        return 0
    return len(here)


def write_path(path: Path) -> str:
    """Write a path as a person reads it: ``meters[0].serial``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _not_toml(error: tomllib.TOMLDecodeError, *, file: str) -> Finding:
    line = re.search(r"at line (\d+)", str(error))
    return Finding(
        code="document.not-toml",
        severity=Severity.ERROR,
        where=Where(file=file, line=int(line[1]) if line else None),
        message=f"This is not TOML that can be read: {error}.",
        remedy="Mend the line; strings stand in quotes and each key stands once in its table.",
    )


def _explain(
    details: ErrorDetails,
    model: type[Document],
    *,
    text: str,
    file: str,
    missing: Callable[[Path], tuple[str, str, str] | None],
) -> Finding:
    path = _without_tags(details["loc"])
    if details["type"] == "missing":
        code, message, remedy = missing(path) or _missing(path, model)
    elif details["type"] == "extra_forbidden":
        code, message, remedy = _unknown(path, model)
    else:
        code, message, remedy = _wrong(path, details, model)
    return Finding(
        code=code,
        severity=Severity.ERROR,
        where=Where(file=file, line=line_of(text, path), path=write_path(path)),
        message=message,
        remedy=remedy,
    )


def _without_tags(loc: Path) -> Path:
    """Drop what pydantic adds for the kinds of a union; a person's file has no such word."""
    return tuple(part for part in loc if not (isinstance(part, str) and "[" in part))


def _missing(path: Path, model: type[Document]) -> tuple[str, str, str]:
    about = _description(path, model)
    return (
        "document.field-missing",
        f"`{write_path(path)}` is not given" + (f": {about}." if about else "."),
        f"Add `{path[-1]}`" + (f" to `[{write_path(path[:-1])}]`." if path[:-1] else "."),
    )


def _unknown(path: Path, model: type[Document]) -> tuple[str, str, str]:
    key = str(path[-1])
    names = _names_beside(path, model)
    meant = _same_quantity(key, names)
    if meant:
        unit = unit_of(meant)
        assert unit is not None
        return (
            "document.wrong-unit",
            f"`{key}` is not a field here; this quantity is given in {unit.label}.",
            f"Convert the value and write `{meant}`; nothing is converted by guess.",
        )
    near = difflib.get_close_matches(key, names, n=1)
    remedy = f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(sorted(names))}."
    return "document.unknown-field", f"`{key}` is not a field of this table.", remedy


def _wrong(path: Path, details: ErrorDetails, model: type[Document]) -> tuple[str, str, str]:
    unit = unit_of(str(path[-1])) if path else None
    about = _description(path, model)
    said = details["msg"][:1].lower() + details["msg"][1:]
    value = repr(details["input"])
    shown = value if len(value) <= 60 else value[:57] + "…"
    message = f"`{write_path(path)}` is {shown}, but {said}" + (
        f" ({unit.label})." if unit and unit.label != "%" else "."
    )
    return "document.wrong-value", message, about + "." if about else "Correct the value."


def _model_at(path: Path, model: type[Document]) -> type[Document] | None:
    """Follow a path through the models to the one that holds its last part."""
    at: Any = model
    for part in path:
        if isinstance(part, int):
            continue
        field = getattr(at, "model_fields", {}).get(part)
        if field is None:
            return None
        at = _inner_model(field.annotation)
    return at if isinstance(at, type) and issubclass(at, Document) else None


def _inner_model(annotation: Any) -> Any:  # noqa: ANN401 - annotations have no type of their own
    if isinstance(annotation, type) and issubclass(annotation, Document):
        return annotation
    for inner in get_args(annotation):
        found = _inner_model(inner)
        if found is not None:
            return found
    return None


def _names_beside(path: Path, model: type[Document]) -> tuple[str, ...]:
    at = _model_at(path[:-1], model)
    return tuple(at.model_fields) if at else ()


def _description(path: Path, model: type[Document]) -> str:
    at = _model_at(path[:-1], model)
    if at is None or not path or str(path[-1]) not in at.model_fields:
        return ""
    return (at.model_fields[str(path[-1])].description or "").strip().rstrip(".")


# Units people bring that are not ours; only to recognise the quantity that was meant.
_FOREIGN = frozenset(
    {
        "w",
        "mw",
        "kw",
        "wh",
        "kwh",
        "mwh",
        "gj",
        "mj",
        "btu",
        "btuh",
        "mmbtu",
        "therm",
        "c",
        "f",
        "degc",
        "degf",
        "k",
        "kg",
        "g",
        "t",
        "lb",
        "kgs",
        "kgh",
        "kgco2e",
        "gco2e",
        "tco2e",
        "m",
        "m2",
        "m3",
        "ft",
        "ft2",
        "ft3",
        "in",
        "cm",
        "mm",
        "l",
        "gal",
        "lpm",
        "gpm",
        "lps",
        "m3h",
        "m3s",
        "h",
        "hr",
        "hrs",
        "hour",
        "hours",
        "min",
        "s",
        "sec",
        "day",
        "days",
        "month",
        "year",
        "years",
        "pct",
        "percent",
        "frac",
        "pa",
        "bar",
        "kpa",
        "psi",
        "eur",
        "usd",
        "gbp",
        "ct",
        "p",
        "cent",
        "per",
    }
)


def _stem(name: str) -> tuple[str, ...]:
    return tuple(
        word for word in name.split("_") if word not in _FOREIGN and word not in QUALIFIERS
    )


def _same_quantity(key: str, names: Iterable[str]) -> str | None:
    """Find the field that means the same quantity as a key with another unit, or None."""
    stem = _stem(key)
    same = [name for name in names if stem and _stem(name) == stem and unit_of(name)]
    if not same or key in names:
        return None
    return difflib.get_close_matches(key, same, n=1, cutoff=0.0)[0]


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
        else:
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


def _source_of(field: Any) -> str:  # noqa: ANN401 - pydantic's FieldInfo
    extra = field.json_schema_extra
    if isinstance(extra, dict) and field.default is not PydanticUndefined:
        return str(extra.get("source", ""))
    return ""
