"""Presets: what a law or a scheme says of heat contracts, as dated data with its source.

A preset is a TOML file beside this one. Its ``[clauses.<table>]`` fill whole clauses that the
parties left out and that do not block, each with its ``values`` and its source; where a clause
blocks, or where the source says too little, ``[suggestions.<table>]`` only says what the parties
might write. Its ``[[rules]]`` are bounds that a contract is checked against.

What a preset fills beyond the words of its source is listed in ``chosen``; what rests on a
secondary source only has ``confidence = "secondary"``. No preset is legal advice.
"""

import tomllib
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, get_args

from exotherm.contract.terms.parties import PackName

PRESET_NAMES: tuple[str, ...] = get_args(PackName)
Confidence = Literal["primary", "secondary"]
"""Whether the words of the source itself were read, or only what others write of it."""
Op = Literal["min", "max", "equals", "one of", "includes", "present"]
"""How a rule compares: ``includes`` wants the value among a list, ``present`` wants any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A bound that a law or a scheme sets to a field of a contract."""

    id: str
    table: str
    op: Op
    words: str
    """what the source wants, as a sentence"""
    source: str
    """law and section"""
    field: str = ""
    """field of the table, with points to fields of tables in it; empty for the table itself"""
    value: object = None
    confidence: Confidence = "primary"
    entries: tuple[str, ...] = ()
    """entries of a list for which it holds, by their first field; empty where it holds for all"""
    customers: tuple[str, ...] = ()
    """customer classes for which it holds; empty where it holds for all"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A clause that a preset fills where the parties left it out."""

    values: Mapping[str, Any]
    source: str
    confidence: Confidence = "primary"
    chosen: tuple[str, ...] = ()
    """fields that the source leaves open, so that the preset chose a value for the parties"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What the parties might write in a clause that no preset fills."""

    words: str
    source: str
    confidence: Confidence = "primary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What one law or scheme says of heat contracts, on the day that it was read."""

    name: str
    title: str
    checked_on: date
    status: str
    source: tuple[str, ...]
    clauses: Mapping[str, Filling]
    suggestions: Mapping[str, Suggestion]
    rules: tuple[Rule, ...]


@lru_cache(maxsize=len(PRESET_NAMES))
def preset_of(name: str) -> Preset:
    """Read the preset of this name. Raises KeyError where there is none."""
    if name not in PRESET_NAMES:
        raise KeyError(name)
    text = files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text, parse_float=Decimal)
    return Preset(
        name=name,
        title=raw.pop("title"),
        checked_on=raw.pop("checked_on"),
        status=raw.pop("status"),
        source=tuple(raw.pop("source")),
        clauses={table: Filling(**_frozen(of)) for table, of in raw.pop("clauses", {}).items()},
        suggestions={table: Suggestion(**of) for table, of in raw.pop("suggestions", {}).items()},
        rules=tuple(Rule(**_frozen(of)) for of in raw.pop("rules", ())),
        **raw,  # nothing is left, or the constructor says what
    )


def _frozen(about: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(one) if isinstance(one, list) else one for key, one in about.items()}


def fill(
    raw: Mapping[str, Any], presets: Iterable[object]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Fill the tables that a contract left out, and tell which table came from which preset.

    ``raw`` is a contract as its file has it, and is not changed. ``presets`` are names in the
    order of the contract: the first that has a table gives it. A name that is no preset is left
    to the reading of the contract, which refuses it.
    """
    filled, origin = dict(raw), dict[str, str]()
    for preset in _known(presets):
        for table, filling in preset.clauses.items():
            if table not in filled:
                filled[table] = deepcopy(dict(filling.values))
                origin[table] = preset.name
    return filled, origin


def suggestion_for(table: str, presets: Iterable[object]) -> str:
    """Say what these presets suggest for a clause; empty where they say nothing."""
    return " ".join(
        f"{preset.title}: {suggestion.words} ({suggestion.source})."
        for preset in _known(presets)
        if (suggestion := preset.suggestions.get(table)) is not None
    )


def _known(presets: Iterable[object]) -> Iterable[Preset]:
    """Read each preset that exists, once, in the order of the names."""
    names = [name for name in presets if isinstance(name, str) and name in PRESET_NAMES]
    return tuple(preset_of(name) for name in dict.fromkeys(names))
