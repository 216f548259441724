"""The catalogue of facts: what a rule may ask for, how a reason names it, how a person is asked."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from math import inf, isfinite
from typing import Literal

from exotherm.comply.values import Several, Span, Value
from exotherm.core.period import write_day
from exotherm.core.units import NO_BREAK_SPACE, format_number, unit_of

Kind = Literal["yes or no", "number", "word", "words", "day"]
TYPE_OF_KIND: Mapping[str, type] = {
    "yes or no": bool,
    "number": Span,
    "word": str,
    "words": Several,
    "day": date,
}

_WANTED: Mapping[str, str] = {
    "yes or no": "a yes or no",
    "number": "a number that is not negative",
    "word": "a word",
    "words": "a list of words",
    "day": "a day",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKind:
    """A fact that rules may ask for."""

    name: str
    kind: Kind
    tell: str
    """completes "tell …", for who has to tell it"""
    says: str = ""
    """what the fact is called in a reason; a yes or no has ``yes`` and ``no`` instead"""
    yes: str = ""
    no: str = ""
    unit: str = ""
    """label of the unit where the name carries none of ours"""

    def __post_init__(self) -> None:
        assert self.kind in TYPE_OF_KIND, self.name
        assert bool(self.yes and self.no) == (self.kind == "yes or no"), self.name
        assert bool(self.says) == (self.kind != "yes or no"), self.name

    def fits(self, value: Value) -> bool:
        """Tell whether a value is of this kind."""
        return type(value) is TYPE_OF_KIND[self.kind]

    def read(self, raw: object) -> Value:
        """Take what a person or a file wrote. Raises ValueError where it is of another kind."""
        match self.kind, raw:
            case "yes or no", bool():
                return raw
            case "number", int() | float() if type(raw) is not bool and 0.0 <= raw < inf:
                return Span.exactly(float(raw))
            case "word", str() if raw:
                return raw
            case "words", list() | tuple() if all(isinstance(word, str) for word in raw):
                return Several(tuple(raw))
            case "day", date() if type(raw) is date:
                return raw
        wanted = _WANTED[self.kind]
        raise ValueError(f"{self.name} is {wanted}, so it cannot be {raw!r}: tell {self.tell}")

    def write(self, number: float) -> str:
        """Write a number of this fact with its unit: as many digits as it has, at most four."""
        unit = unit_of(self.name)
        label = self.unit or (unit.label if unit else "")
        number *= unit.scale if unit else 1
        whole = len(str(int(abs(number))))
        text = format_number(number, max(0, 4 - whole))
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return f"{text}{NO_BREAK_SPACE}{label}" if label else text

    def describe(self, value: Value) -> str:
        """Say what is known: "the rated power of the servers is 28 kW"."""
        match value:
            case bool():
                return self.yes if value else self.no
            case Span():
                return f"{self.says} is {self._span(value)}"
            case Several():
                return f"{self.says}: {', '.join(value.words) or 'none'}"
            case date():
                return f"{self.says} is {write_day(value)}"
            case str():
                return f"{self.says} is {value}"

    def _span(self, span: Span) -> str:
        if span.is_exact:
            return self.write(span.low)
        if not isfinite(span.high):
            return f"{self.write(span.low)} or more"
        return f"between {self.write(span.low)} and {self.write(span.high)}"


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, FactKind]:
    """Read the catalogue that comes with the program."""
    text = files("exotherm.comply").joinpath("facts.toml").read_text(encoding="utf-8")
    return {name: FactKind(name=name, **about) for name, about in tomllib.loads(text).items()}


def kind_of(name: str) -> FactKind:
    """Give the kind of a fact. Raises KeyError where the catalogue has none of this name."""
    return catalogue()[name]
