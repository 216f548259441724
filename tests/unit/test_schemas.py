import json
import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from exotherm.contract.schema import write_contract_schema
from exotherm.contract.terms import clauses_of
from exotherm.core.documents import Document, default
from exotherm.core.schema import write_schema
from exotherm.site.schema import write_network_schema, write_site_schema
from exotherm.site.survey.reading import write_survey_schema
from exotherm.usecases.new import EXAMPLES

FOLDER = Path(__file__).parents[2] / "examples"
DOCUMENTS = [
    ("site", write_site_schema),
    ("contract", write_contract_schema),
    ("survey", write_survey_schema),
    ("network", write_network_schema),
]
KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str, date),
    "number": (int, float, Decimal),
    "integer": (int,),
    "boolean": (bool,),
}


def misfits(value: Any, node: dict[str, Any], defs: dict[str, Any], path: str = "") -> list[str]:
    """Check a value against the words of JSON Schema that ours use."""
    if "anyOf" in node:
        # What may be left out is never null in TOML.
        node = {**node, **next(one for one in node["anyOf"] if one.get("type") != "null")}
    if "$ref" in node:
        node = {**defs[node["$ref"].rpartition("/")[2]], **node}
    bad = []
    if "type" in node:
        is_flag = isinstance(value, bool) and node["type"] != "boolean"
        bad += [path] * (is_flag or not isinstance(value, KINDS[node["type"]]))
    bad += [path] * ("enum" in node and value not in node["enum"])
    bad += [path] * ("const" in node and value != node["const"])
    bad += [path] * ("pattern" in node and not re.search(node["pattern"], value))
    bad += [path] * ("minimum" in node and value < node["minimum"])
    bad += [path] * ("maximum" in node and value > node["maximum"])
    bad += [path] * ("exclusiveMinimum" in node and value <= node["exclusiveMinimum"])
    if isinstance(value, list):
        for index, entry in enumerate(value):
            bad += misfits(entry, node["items"], defs, f"{path}[{index}]")
    if isinstance(value, dict):
        known = node["properties"]
        bad += [f"{path}.{name}" for name in node.get("required", []) if name not in value]
        bad += [f"{path}.{name}" for name in value if name not in known]
        for name in set(value) & set(known):
            bad += misfits(value[name], known[name], defs, f"{path}.{name}")
    return bad


@pytest.mark.parametrize(("name", "write"), DOCUMENTS)
def test_the_schema_beside_the_examples_is_fresh(name, write):
    kept = (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
    assert kept == write(), "write it anew with `make docs`"


def test_every_example_that_can_be_asked_for_is_there_and_no_other():
    assert {folder.name for folder in FOLDER.iterdir() if folder.is_dir()} == set(EXAMPLES)


@pytest.mark.parametrize(
    ("example", "name", "write"),
    [
        *((example, *document) for example in EXAMPLES for document in DOCUMENTS[:3]),
        ("district-heating", *DOCUMENTS[3]),
    ],
)
def test_an_example_fits_its_schema_and_names_it(example, name, write):
    text = (FOLDER / example / f"{name}.toml").read_text(encoding="utf-8")
    assert text.startswith(f"#:schema ../{name}.schema.json\n")
    schema = json.loads(write())
    assert misfits(tomllib.loads(text), schema, schema["$defs"]) == []
    wrong = {**tomllib.loads(text), "poool": {}}
    assert misfits(wrong, schema, schema["$defs"]) == [".poool"]


@pytest.mark.parametrize(("name", "write"), DOCUMENTS)
def test_every_field_is_described_and_no_title_is_a_guess(name, write):
    schema = json.loads(write())
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == f"exotherm {name}"
    for table, node in schema["$defs"].items():
        if node["type"] != "object":
            continue
        assert node["description"], table
        for field, about in node["properties"].items():
            assert "title" not in about, (table, field)
            assert about.get("description") or "$ref" in about, (table, field)


def test_clauses_carry_their_number():
    schema = json.loads(write_contract_schema())
    for clause in clauses_of().values():
        node = schema["$defs"][clause.__name__]
        assert node["title"] == f"{clause.number} {clause.title}"
        assert clause.why in node["description"]


class Tank(Document):
    """A tank."""

    volume_m3: float = Field(gt=0)
    """water content"""
    loss_frac: float = default(0.1, source="a leaflet")
    """share that is lost."""
    price_per_kwh: Decimal
    name: str = "tank"
    spare_kw: float = default(None, source="none")


def test_a_field_says_its_meaning_unit_default_and_source():
    fields = json.loads(write_schema(Tank, title="tank"))["properties"]
    assert fields["volume_m3"] == {
        "exclusiveMinimum": 0,
        "type": "number",
        "description": "Water content (m³).",
        "x-unit": "m³",
    }
    assert fields["loss_frac"]["description"] == (
        "Share that is lost (fraction, 0 to 1). Default 0.1: a leaflet."
    )
    assert fields["loss_frac"]["x-source"] == "a leaflet"
    assert fields["price_per_kwh"]["type"] == "number"
    assert fields["price_per_kwh"]["x-unit"] == "currency/kWh"
    assert fields["name"] == {"default": "tank", "type": "string"}


def test_a_schema_is_the_same_text_every_time():
    assert write_schema(Tank, title="tank") == write_schema(Tank, title="tank")
    assert write_schema(Tank, title="tank").endswith("}\n")
