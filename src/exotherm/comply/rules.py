"""Rules: what a law, a draft or a standard asks, from when, of whom, and by which condition.

A pack is a TOML file beside ``packs/__init__.py``. Adding a rule is adding data: no rule has code.
Dates are days of the place; ``in_force_from`` is the first day of force and ``until`` the last.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, get_args

from exotherm.comply.conditions import Condition, read_condition

Area = Literal[
    "planning",
    "fire",
    "plumbing",
    "water hygiene",
    "electrical",
    "refrigerant",
    "machinery",
    "metering",
    "utility",
    "consumer",
    "energy efficiency",
    "reporting",
    "procurement",
    "tax",
    "data protection",
]
Status = Literal["law", "draft", "standard"]
Role = Literal[
    "data centre operator",
    "heat supplier",
    "plant operator",
    "customer",
    "building owner",
    "installer",
    "manufacturer",
    "contracting authority",
    "network operator",
]
Confidence = Literal["primary", "secondary", "expert"]
"""Whether the text itself was read, or what others write of it, or it is known by trade only."""

AREAS: tuple[Area, ...] = get_args(Area)
_WORDS: Mapping[str, tuple[str, ...]] = {
    "area": AREAS,
    "status": get_args(Status),
    "answerable": get_args(Role),
    "confidence": get_args(Confidence),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One duty with the condition under which it follows."""

    id: str
    title: str
    area: Area
    jurisdiction: str
    """title of the pack's country or union"""
    countries: tuple[str, ...]
    status: Status
    duty: str
    """what has to be done, in one to three plain sentences"""
    answerable: Role
    evidence: str
    """what shows that it was done; completes "shown by …" """
    source: str
    """act and article; no address, since addresses move"""
    checked_on: date
    confidence: Confidence
    when: Condition
    in_force_from: date | None = None
    """first day of force; None for drafts"""
    until: date | None = None
    """last day of force; None where no end is known"""

    def __post_init__(self) -> None:
        for name, words in _WORDS.items():
            assert getattr(self, name) in words, (self.id, name)
        assert (self.in_force_from is None) == (self.status == "draft"), self.id
        if self.in_force_from and self.until:
            assert self.in_force_from <= self.until, self.id

    def holds_in(self, country: str) -> bool:
        """Whether it is law of this country."""
        return country in self.countries


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The rules of one country, or of the Union."""

    name: str
    title: str
    countries: tuple[str, ...]
    checked_on: date
    note: str
    """what the pack leaves out, in a sentence"""
    rules: tuple[Rule, ...]


@lru_cache(maxsize=1)
def packs() -> tuple[Pack, ...]:
    """Read every pack that comes with the program, the Union's first, then by name."""
    folder = files("exotherm.comply.packs")
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml"))
    read = [_pack(folder.joinpath(name).read_text(encoding="utf-8")) for name in names]
    return tuple(sorted(read, key=lambda pack: (len(pack.countries) == 1, pack.name)))


def packs_of(country: str) -> tuple[Pack, ...]:
    """Give the packs that hold rules of a country; empty where the program knows nothing of it."""
    return tuple(pack for pack in packs() if country in pack.countries)


def has_own_pack(country: str) -> bool:
    """Whether the country's own law is in a pack, not only the Union's."""
    return any(pack.countries == (country,) for pack in packs())


def every_rule() -> tuple[Rule, ...]:
    """List the rules of all packs."""
    return tuple(rule for pack in packs() for rule in pack.rules)


def rule_of(identifier: str) -> Rule:
    """Find a rule. Raises KeyError where there is none of this name."""
    for rule in every_rule():
        if rule.id == identifier:
            return rule
    raise KeyError(identifier)


def _pack(text: str) -> Pack:
    raw = tomllib.loads(text)
    countries, checked_on = tuple(raw.pop("countries")), raw.pop("checked_on")
    rules = tuple(
        _rule(about, jurisdiction=raw["title"], countries=countries, checked_on=checked_on)
        for about in raw.pop("rules")
    )
    return Pack(countries=countries, checked_on=checked_on, rules=rules, **raw)


def _rule(
    about: dict[str, Any], *, jurisdiction: str, countries: tuple[str, ...], checked_on: date
) -> Rule:
    when = read_condition(about.pop("when"))
    usual = {"jurisdiction": jurisdiction, "countries": countries, "checked_on": checked_on}
    return Rule(**{**usual, **about}, when=when)
