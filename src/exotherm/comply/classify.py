"""Energy asset, IT asset or hybrid: the criteria that hold, their points, and how firm it is."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, get_args

from exotherm.comply.conditions import Condition, read_condition
from exotherm.comply.facts import Facts

Asset = Literal["energy asset", "IT asset", "hybrid"]
Side = Literal["energy asset", "IT asset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A mark by which a project is taken for one side."""

    id: str
    side: Side
    points: int
    says: str
    """the mark in words that complete "… because …" """
    source: str
    when: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """All marks, and how many points make a side count."""

    counts_from: int
    checked_on: date
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A criterion that holds, or that cannot be told."""

    criterion: Criterion
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What a project is, why, and what it could be once more is told."""

    kind: Asset
    reasons: tuple[Reason, ...]
    """criteria that hold, in the order of the data"""
    energy_points: int
    it_points: int
    open: tuple[Reason, ...] = ()
    """criteria that cannot be told"""
    could_be: tuple[Asset, ...] = ()
    """what it might be instead, by what is open; empty where it is firm"""

    @property
    def is_firm(self) -> bool:
        """Whether nothing that is still open could change it."""
        return not self.could_be


@lru_cache(maxsize=1)
def load_criteria() -> Criteria:
    """Read the criteria that come with the program."""
    text = files("exotherm.comply").joinpath("classification.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    return Criteria(
        counts_from=raw["counts_from"],
        checked_on=raw["checked_on"],
        criteria=tuple(_criterion(about) for about in raw["criteria"]),
    )


def classify(facts: Facts) -> Classification:
    """Say whether a project is an energy asset, an IT asset or a hybrid."""
    holding, waiting = [], []
    for criterion in load_criteria().criteria:
        answer = criterion.when.answer(facts.known)
        if answer.met is None:
            waiting.append(Reason(criterion=criterion, missing=answer.missing))
        elif answer.met:
            holding.append(Reason(criterion=criterion))
    energy, it = _points(holding, "energy asset"), _points(holding, "IT asset")
    more_energy, more_it = _points(waiting, "energy asset"), _points(waiting, "IT asset")
    kind = _kind(energy, it)
    possible = {
        _kind(energy + one, it + other) for one in (0, more_energy) for other in (0, more_it)
    }
    return Classification(
        kind=kind,
        reasons=tuple(holding),
        energy_points=energy,
        it_points=it,
        open=tuple(waiting),
        could_be=tuple(asset for asset in get_args(Asset) if asset in possible - {kind}),
    )


def _points(reasons: Iterable[Reason], side: Side) -> int:
    return sum(one.criterion.points for one in reasons if one.criterion.side == side)


def _kind(energy: int, it: int) -> Asset:
    counts_from = load_criteria().counts_from
    if (energy >= counts_from) != (it >= counts_from):
        return "energy asset" if energy > it else "IT asset"
    if energy >= counts_from or energy == it:
        return "hybrid"
    return "energy asset" if energy > it else "IT asset"


def _criterion(about: Mapping[str, Any]) -> Criterion:
    assert about["side"] in get_args(Side), about
    return Criterion(**{**about, "when": read_condition(about["when"])})
