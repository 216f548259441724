"""What stands against a document, in the words of the person who wrote it."""

import difflib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from exotherm.core.slips import (
    beyond,
    bounds_of,
    in_file,
    may_be,
    number_meant,
    share_meant,
)
from exotherm.core.toml_lines import Path, write_path
from exotherm.core.units import QUALIFIERS, UNITS, unit_of

Complaint = tuple[str, str, str]
"""Code, message and remedy."""
_SHOWN_MAX = 60


def path_of(details: ErrorDetails) -> Path:
    """Give the path that an error of pydantic is about, as it stands in the file.

    The kinds of a union, which pydantic adds, are dropped: a person's file has no such word.
    """
    path = details["loc"]
    inner = tuple(part for part in path[:-1] if not (isinstance(part, str) and "[" in part))
    return (*inner, *path[-1:])


def complain(details: ErrorDetails, model: type[BaseModel]) -> Complaint:
    """Say in plain words what an error of pydantic means for the file and what to do."""
    path = path_of(details)
    if details["type"] == "missing":
        return _missing(path, model)
    if details["type"] == "extra_forbidden":
        return _unknown(path, details["input"], model)
    return _wrong(path, details, model)


def write_value(value: object) -> str:
    """Write a value as it stands in the file, shortened where it is long."""
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, dict):
        text = "a table"
    elif isinstance(value, list | tuple):
        text = "a list" if value else "an empty list"
    elif isinstance(value, date):
        text = value.isoformat()
    elif isinstance(value, float):
        text = f"{value:g}"
    elif isinstance(value, Decimal):
        text = str(value).lower().replace("infinity", "inf")
    else:
        try:
            text = str(value)
        except ValueError:  # Python does not write whole numbers of more than 4,300 digits
            text = "a number of thousands of digits"
    return text if len(text) <= _SHOWN_MAX else text[: _SHOWN_MAX - 1] + "…"


# --- What is missing


def _missing(path: Path, model: type[BaseModel]) -> Complaint:
    about = _description(path, model)
    return (
        "document.field-missing",
        f"`{write_path(path)}` is not given" + (f": {about}." if about else "."),
        _add(path, model),
    )


def _add(path: Path, model: type[BaseModel]) -> str:
    inner = _inner_model(_annotation(path, model))
    if inner is not None:
        fields = ", ".join(f"`{name}`" for name in inner.model_fields)
        header = _header(path, is_list=_is_list(_annotation(path, model)))
        return f"Add a table `{header}` with {fields}."
    key, table = path[-1], path[:-1]
    if not table:
        return f"Add `{key}`."
    if isinstance(table[-1], int):
        return f"Add `{key}` to table {table[-1] + 1} of `[[{_dotted(table)}]]`."
    return f"Add `{key}` to `[{_dotted(table)}]`."


def _dotted(path: Path) -> str:
    return ".".join(part for part in path if isinstance(part, str))


def _header(path: Path, *, is_list: bool) -> str:
    return f"[[{_dotted(path)}]]" if is_list else f"[{_dotted(path)}]"


# --- What is not known


def meant_path(details: ErrorDetails, model: type[BaseModel]) -> Path | None:
    """Give the path that a name which is not known was probably meant for, or None."""
    if details["type"] != "extra_forbidden":
        return None
    path = path_of(details)
    key, names = str(path[-1]), _names_beside(path, model)
    near = _same_quantity(key, names) or _nearest(key, names)
    return (*path[:-1], near) if near else None


def _unknown(path: Path, value: object, model: type[BaseModel]) -> Complaint:
    key = str(path[-1])
    names = _names_beside(path, model)
    meant = _same_quantity(key, names)
    unit = unit_of(meant) if meant else None
    if meant and unit and key.lower() != meant and unit_of(key) != unit:
        return (
            "document.wrong-unit",
            f"`{key}` is not a field here; this quantity is given {in_file(unit)}.",
            f"Convert the value and write `{meant}`; nothing is converted by guess."
            + _in_per_cent(key, meant, value),
        )
    holder = "this table" if path[:-1] else "this file"
    message = f"`{key}` is not a field of {holder}."
    return "document.unknown-field", message, _meant(key, meant, names, path, model)


def _in_per_cent(key: str, meant: str, value: object) -> str:
    """Give the number of a share whose name says that it is in per cent; empty for all others."""
    if _PER_CENT.isdisjoint(key.lower().split("_")):
        return ""
    share = share_meant(meant, value, lambda one: abs(one) <= 1)
    return f" {share}" if share else ""


def _meant(
    key: str, meant: str | None, names: tuple[str, ...], path: Path, model: type[BaseModel]
) -> str:
    near = meant or _nearest(key, names)
    if near:
        return f"Did you mean `{near}`?"
    elsewhere = sorted(table for table, fields in _tables(model) if key in fields)
    if elsewhere:
        return f"`{key}` belongs to {_one_of(elsewhere)}: move it below that line."
    header = f"`[{_dotted(path[:-1])}]`" if path[:-1] else "The file"
    return f"{header} has: {', '.join(f'`{name}`' for name in sorted(names))}."


def _nearest(key: str, names: tuple[str, ...]) -> str | None:
    lower = {name.lower(): name for name in names}
    near = difflib.get_close_matches(key.lower(), lower, n=1)
    return lower[near[0]] if near else None


def _one_of(words: Iterable[str]) -> str:
    return " or ".join(f"`{word}`" for word in words)


# Units people bring that are not ours; only to recognise the quantity that was meant.
_FOREIGN_WORDS = """
w wh gj mj btu btuh mmbtu therm therms f degc degf deg rad celsius fahrenheit kelvin
g t lb kgh kghr lbh ft ft2 ft3 sqft in inch cm mm km gal lpm gpm lps ls lh m3s m3hr cfm hr
hrs hour hours sec secs second seconds minute minutes day week weeks month year pct percent
percentage ratio fraction hpa kpa mpa bar mbar psi eur usd gbp chf sek nok dkk pln czk ct
cent cents p pence cur currency per mps kmh ton tons tonnes
"""
_PER_CENT = frozenset({"pct", "percent", "percentage"})
_FOREIGN = frozenset(_FOREIGN_WORDS.split()).union(*(unit.suffix.split("_") for unit in UNITS))


def _stem(name: str) -> tuple[str, ...]:
    words = name.lower().split("_")
    return tuple(word for word in words if word not in _FOREIGN and word not in QUALIFIERS)


def _same_quantity(key: str, names: Iterable[str]) -> str | None:
    """Find the field that means the same quantity as a key with another unit, or None."""
    stem = _stem(key)
    same = [name for name in names if unit_of(name) and _stem(name) == stem]
    if not stem:  # nothing but units, as in `amount_eur`: one word at least has to agree
        same = [name for name in same if set(name.split("_")) & set(key.lower().split("_"))]
    if not same:
        return None
    return difflib.get_close_matches(key.lower(), same, n=1, cutoff=0.0)[0]


# --- What has a wrong value

_KINDS = {
    "float": "a number",
    "decimal": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "string": "a text in quotes",
    "date": "a date like 2026-12-31, without quotes",
    "model": "a table",
    "dict": "a table",
    "tuple": "a list in square brackets",
    "list": "a list in square brackets",
}
_NUMBERS_WANTED = ("float_type", "decimal_type", "int_type", "decimal_parsing")
_OF_KIND = ("_type", "_parsing", "_from_float", "_attributes_type", "_inexact")

_LIMITS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "greater_than": lambda ctx: f"must be more than {_limit(ctx['gt'])}",
    "greater_than_equal": lambda ctx: f"must be at least {_limit(ctx['ge'])}",
    "less_than": lambda ctx: f"must be less than {_limit(ctx['lt'])}",
    "less_than_equal": lambda ctx: f"must be at most {_limit(ctx['le'])}",
}
_SAYINGS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "finite_number": lambda _: "must be a number, neither infinite nor undefined",
    "int_parsing_size": lambda _: "must be a whole number of at most 18 digits",
    "string_pattern_mismatch": lambda _: "does not have the form that is wanted here",
    "string_too_short": lambda ctx: f"must have {ctx['min_length']} characters at least",
    "string_too_long": lambda ctx: f"must have {ctx['max_length']} characters at most",
    "too_short": lambda ctx: f"must have {_entries(ctx['min_length'])} at least",
    "too_long": lambda ctx: f"must have {_entries(ctx['max_length'])} at most",
    "decimal_max_digits": lambda ctx: f"must have {ctx['max_digits']} digits at most",
}


def _limit(value: object) -> str:
    # The reader gives the limit of a date as text.
    return value if isinstance(value, str) else write_value(value)


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _wrong(path: Path, details: ErrorDetails, model: type[BaseModel]) -> Complaint:
    name, value = write_path(path), details["input"]
    error, context = details["type"], details.get("ctx", {})
    about = _description(path, model)
    remedy = f"Correct the value: {about}." if about else "Correct the value."
    if error == "value_error":
        message = _own_words(path, value, context)
    elif error in _LIMITS:
        message = f"`{name}` is {write_value(value)}, but {_LIMITS[error](context)}{_unit(path)}."
        remedy = _number_hint(path, value, error, model) or remedy
    elif error in _SAYINGS:
        message = f"`{name}` is {write_value(value)}, but {_SAYINGS[error](context)}."
    elif error in ("literal_error", "enum"):
        choices = _choices(_annotation(path, model))
        message = f"`{name}` is {write_value(value)}, but must be {_one_of(choices)}."
    elif kind := _kind_wanted(error):
        message = f"`{name}` must be {kind}, not {write_value(value)}."
        remedy = _how_to_write(path, model) or _number_hint(path, value, error, model) or remedy
    else:
        said = details["msg"][:1].lower() + details["msg"][1:]
        message = f"`{name}` is {write_value(value)}: {said}."
    return "document.wrong-value", message, remedy


def _own_words(path: Path, value: object, context: Mapping[str, Any]) -> str:
    """Use the words of our own validators, without the prefix that pydantic gives them."""
    said = str(context["error"])
    if isinstance(value, dict):
        return f"`[{_dotted(path)}]`: {said}." if path else f"{said[:1].upper()}{said[1:]}."
    return f"`{write_path(path)}` is {write_value(value)}: {said}."


def _unit(path: Path) -> str:
    unit = unit_of(str(path[-1]))
    if unit is None or unit.scale != 1 or "{" in unit.label:
        return ""
    return f" {unit.label}"


def _number_hint(path: Path, value: object, error: str, model: type[BaseModel]) -> str:
    """Say how a number is written that the person probably meant; empty where nobody can tell."""
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    if isinstance(value, str):
        return number_meant(name, value) if error in _NUMBERS_WANTED else ""
    bounds = _bounds(path, model)
    return beyond(bounds, value) or share_meant(name, value, may_be(bounds))


def _bounds(path: Path, model: type[BaseModel]) -> tuple[object, ...]:
    if path and isinstance(path[-1], int):  # an entry keeps the bounds of its list's annotation
        return bounds_of(_annotation(path[:-1], model))
    at = _model_at(path[:-1], model)
    field = at.model_fields.get(str(path[-1])) if at and path else None
    return (*field.metadata, *bounds_of(field.annotation)) if field else ()


def _kind_wanted(error: str) -> str:
    first = error.partition("_")[0]
    return _KINDS.get(first, "") if error.endswith(_OF_KIND) else ""


def _how_to_write(path: Path, model: type[BaseModel]) -> str:
    annotation = _annotation(path, model)
    if _inner_model(annotation) is None:
        return ""
    return f"Write `{_header(path, is_list=_is_list(annotation))}` and its fields below it."


def _choices(annotation: Any) -> tuple[str, ...]:  # noqa: ANN401 - annotations have no type
    if get_origin(annotation) is Literal:
        return tuple(write_value(choice) for choice in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(write_value(choice.value) for choice in annotation)
    inner = [_choices(part) for part in get_args(annotation)]
    return next((choices for choices in inner if choices), ())


# --- The models behind the file


def _annotation(path: Path, model: type[BaseModel]) -> Any:  # noqa: ANN401 - as above
    if path and isinstance(path[-1], int):  # an entry of a list
        entries = get_args(_annotation(path[:-1], model))
        return entries[0] if entries else None
    at = _model_at(path[:-1], model)
    field = at.model_fields.get(str(path[-1])) if at and path else None
    return field.annotation if field else None


def _is_list(annotation: Any) -> bool:  # noqa: ANN401 - as above
    return get_origin(annotation) is tuple


def _model_at(path: Path, model: type[BaseModel]) -> type[BaseModel] | None:
    """Follow a path through the models to the one that holds its last part."""
    at: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, int):
            continue
        field = at.model_fields.get(part) if at else None
        at = _inner_model(field.annotation) if field else None
    return at


def _inner_model(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - as above
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_inner_model(part) for part in get_args(annotation))
    return next((found for found in inner if found is not None), None)


def _names_beside(path: Path, model: type[BaseModel]) -> tuple[str, ...]:
    at = _model_at(path[:-1], model)
    return tuple(at.model_fields) if at else ()


def _tables(model: type[BaseModel], path: Path = ()) -> Iterator[tuple[str, frozenset[str]]]:
    """List the tables of a document by their headers, each with the names of its fields."""
    for name, field in model.model_fields.items():
        inner = _inner_model(field.annotation)
        if inner is None:
            continue
        header = _header((*path, name), is_list=_is_list(field.annotation))
        yield header, frozenset(inner.model_fields)
        yield from _tables(inner, (*path, name))


def _description(path: Path, model: type[BaseModel]) -> str:
    if path and isinstance(path[-1], int):  # an entry means what its list means
        return _description(path[:-1], model)
    at = _model_at(path[:-1], model)
    field = at.model_fields.get(str(path[-1])) if at and path else None
    return (field.description or "").strip().rstrip(".") if field else ""
