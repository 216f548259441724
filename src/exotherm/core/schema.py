"""JSON Schemas of the documents, so that an editor completes and checks the TOML as it is typed."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from exotherm.core.documents import Document
from exotherm.core.units import Unit, unit_of

_DIALECT = GenerateJsonSchema.schema_dialect
_Node = dict[str, Any]


def write_schema(
    model: type[Document], *, title: str, tables: Mapping[str, tuple[str, str]] | None = None
) -> str:
    """Write the JSON Schema (draft 2020-12) of a document, the same text every time.

    Each field has its meaning, unit, default and where the default is from. ``tables`` gives
    title and description of a table by the name of its model, where its room knows better words.
    """
    schema = model.model_json_schema(mode="validation")
    nodes = [schema, *schema.get("$defs", {}).values()]
    for node in nodes:
        name = node.pop("title", "")
        node.update(zip(("title", "description"), (tables or {}).get(name, ()), strict=False))
        for field, about in node.get("properties", {}).items():
            node["properties"][field] = _for_editors(field, about)
    head = {"$schema": _DIALECT, "title": title}
    return json.dumps({**head, **schema, "title": title}, indent=2, ensure_ascii=False) + "\n"


def _for_editors(field: str, about: _Node) -> _Node:
    """Give a field as an editor shows it: unit and source of the default in words."""
    about = _as_toml(about)
    about.pop("title", None)
    source = about.pop("source", "")
    unit = unit_of(field)
    words = str(about.pop("description", "")).strip().rstrip(".")
    words = words[:1].upper() + words[1:]
    if unit is not None:
        words += f" ({_label(unit)})"
    if "default" in about and source:
        words += f". Default {json.dumps(about['default'])}: {source}"
    if words:
        about["description"] = words + "."
    if unit is not None:
        about["x-unit"] = _label(unit)
    if source:
        about["x-source"] = source
    return about


def _as_toml(about: _Node) -> _Node:
    """Give a decimal as the number that stands in the file; JSON would allow its text as well."""
    kinds = about.get("anyOf", [])
    if [kind.get("type") for kind in kinds] != ["number", "string"]:
        return dict(about)
    rest = {key: value for key, value in about.items() if key != "anyOf"}
    return {**kinds[0], **rest}


def _label(unit: Unit) -> str:
    if unit.scale != 1:
        return "fraction, 0 to 1"
    return unit.label.format(currency="currency")
