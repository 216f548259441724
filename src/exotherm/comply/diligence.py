"""The list of due diligence: what has to be settled before capex, what shows it, who signs it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, get_args

from exotherm.comply.conditions import Condition, read_condition

Area = Literal["technical", "commercial", "regulatory"]
Signer = Literal[
    "heat engineer",
    "electrical engineer",
    "structural engineer",
    "fire engineer",
    "IT operations",
    "finance",
    "lawyer",
    "insurer",
    "customer's authorised officer",
    "hygiene officer",
    "grid operator",
    "local authority",
]
"""Who signs, by role: persons change, and a role can be asked again."""

AREAS: tuple[Area, ...] = get_args(Area)
_OFFICES: tuple[Signer, ...] = ("IT operations", "finance")


def who(role: Signer) -> str:
    """Name a role within a sentence."""
    return role if role in _OFFICES else f"the {role}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that has to be settled before money is spent."""

    id: str
    area: Area
    title: str
    """what has to be true"""
    shown_by: str
    """completes "shown by …" """
    blocking: bool
    """whether capex waits for it; the others are advised"""
    proof: str | None = None
    """name of the proof that the files may give; None where they cannot"""
    signed_by: Signer | None = None
    """who signs where the files do not prove it; None where they alone decide"""
    when: Condition | None = None
    """projects for which it is asked; None for all"""

    def __post_init__(self) -> None:
        assert self.area in AREAS, self.id
        assert self.proof or self.signed_by, self.id
        assert self.signed_by is None or self.signed_by in get_args(Signer), self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Diligence:
    """The list, the day on which it was last gone through, and what signatures are given for."""

    checked_on: date
    files: Mapping[Area, tuple[str, ...]]
    """files that a signature was given for, by area"""
    items: tuple[Item, ...]

    def find(self, identifier: str) -> Item | None:
        """Find an item by its name; None where there is none."""
        return next((item for item in self.items if item.id == identifier), None)


@lru_cache(maxsize=1)
def diligence() -> Diligence:
    """Read the list that comes with the program."""
    text = files("exotherm.comply").joinpath("due_diligence.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    items = tuple(_item(about) for about in raw["items"])
    assert len({item.id for item in items}) == len(items), "each item has a name of its own"
    return Diligence(
        checked_on=raw["checked_on"],
        files={area: tuple(raw["files"][area]) for area in AREAS},
        items=items,
    )


def _item(about: Mapping[str, Any]) -> Item:
    when = read_condition(about["when"]) if "when" in about else None
    return Item(**{**about, "when": when})
