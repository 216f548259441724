"""Conditions on facts, as rules hold them: three-valued, with the reason for each answer.

A condition is met, not met, or cannot be told because a fact is missing. A missing fact decides
nothing unless the others already do.

In a pack a comparison is ``{ fact = "it_power_kw_rated", min = 500 }`` and a group holds any of
``all``, ``any`` and ``none``, which have to hold together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from exotherm.comply.catalogue import kind_of
from exotherm.comply.values import Several, Span, Value
from exotherm.core.period import write_day

Op = Literal["is", "one_of", "includes", "min", "above", "max", "below"]
Target = bool | str | float | date | tuple[str, ...]
Known = Mapping[str, Value]
_OPS: tuple[Op, ...] = ("is", "one_of", "includes", "min", "above", "max", "below")
_GROUPS = ("all", "any", "none")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a condition comes to, the reasons that decide it, and the facts that are missing."""

    met: bool | None
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """One fact against a threshold, a word or several."""

    fact: str
    op: Op
    target: Target

    def __post_init__(self) -> None:
        assert _fits(self), self

    def answer(self, known: Known) -> Answer:
        """Compare what is known of the fact."""
        value = known.get(self.fact)
        if value is None:
            return Answer(None, missing=(self.fact,))
        met = self._holds(value)
        if met is None:
            return Answer(None, missing=(self.fact,))
        return Answer(met, because=(self._reason(value, met=met),))

    def _holds(self, value: Value) -> bool | None:
        target = self.target
        if self.op == "is":
            return value == target
        if isinstance(target, tuple):
            return value.any_of(target) if isinstance(value, Several) else value in target
        if isinstance(target, date):
            assert isinstance(value, date), self
            return _compare(self.op, value.toordinal(), target.toordinal())
        assert isinstance(value, Span), self
        low = _compare(self.op, value.low, float(target))
        high = _compare(self.op, value.high, float(target))
        return low if low == high else None

    def _reason(self, value: Value, *, met: bool) -> str:
        kind = kind_of(self.fact)
        said, target = kind.describe(value), self.target
        if isinstance(target, bool) or (met and isinstance(target, str)):
            return said
        if isinstance(target, str):
            return f"{said}, not {target}"
        if isinstance(target, tuple):
            return said if met else f"{said}, not {' or '.join(target)}"
        words = _WORDS_OF_DAYS if isinstance(target, date) else _WORDS
        shown = write_day(target) if isinstance(target, date) else kind.write(target)
        return f"{said}, {words[self.op][0 if met else 1]} {shown}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Conditions that have to hold all, at least one, or none of them; the three hold together."""

    all: tuple["Condition", ...] = ()
    any: tuple["Condition", ...] = ()
    none: tuple["Condition", ...] = ()

    def answer(self, known: Known) -> Answer:
        """Answer the parts and join them."""
        answers = [part.answer(known) for part in self.all]
        if self.any:
            answers.append(_either([part.answer(known) for part in self.any]))
        answers += [_not(part.answer(known)) for part in self.none]
        return _both(answers)


Condition = Compare | Group


def leaves(condition: Condition) -> Iterator[Compare]:
    """List every comparison in a condition."""
    if isinstance(condition, Compare):
        yield condition
        return
    for part in (*condition.all, *condition.any, *condition.none):
        yield from leaves(part)


def read_condition(raw: object) -> Condition:
    """Read a condition as a pack holds it. Asserts that its facts and comparisons exist."""
    assert isinstance(raw, Mapping), raw
    if "fact" not in raw:
        assert raw, "a group holds something"
        assert set(raw) <= set(_GROUPS), raw
        return Group(**{key: tuple(read_condition(part) for part in raw[key]) for key in raw})
    ((op, target),) = ((key, value) for key, value in raw.items() if key != "fact")
    assert op in _OPS, raw
    if isinstance(target, list):
        target = tuple(target)
    elif isinstance(target, int) and not isinstance(target, bool):
        target = float(target)
    return Compare(fact=raw["fact"], op=op, target=target)


# --- Joining


def _both(answers: Iterable[Answer]) -> Answer:
    answers = tuple(answers)
    if against := [one for one in answers if one.met is False]:
        return _joined(against, met=False)
    if open_ones := [one for one in answers if one.met is None]:
        return _joined(open_ones, met=None)
    return _joined(answers, met=True)


def _either(answers: Iterable[Answer]) -> Answer:
    return _not(_both([_not(one) for one in answers]))


def _not(one: Answer) -> Answer:
    return Answer(None if one.met is None else not one.met, one.because, one.missing)


def _joined(answers: Iterable[Answer], *, met: bool | None) -> Answer:
    answers = tuple(answers)
    return Answer(
        met,
        because=tuple(dict.fromkeys(reason for one in answers for reason in one.because)),
        missing=tuple(dict.fromkeys(name for one in answers for name in one.missing)),
    )


# --- Comparing

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "min": lambda value, target: value >= target,
    "above": lambda value, target: value > target,
    "max": lambda value, target: value <= target,
    "below": lambda value, target: value < target,
}
_WORDS: Mapping[str, tuple[str, str]] = {
    "min": ("at least", "below"),
    "above": ("more than", "not more than"),
    "max": ("at most", "more than"),
    "below": ("below", "at least"),
}
_WORDS_OF_DAYS: Mapping[str, tuple[str, str]] = {
    "min": ("not before", "before"),
    "above": ("after", "not after"),
    "max": ("not after", "after"),
    "below": ("before", "not before"),
}


def _compare(op: Op, value: float, target: float) -> bool:
    return _COMPARE[op](value, target)


def _fits(one: Compare) -> bool:
    """Whether a comparison is one that its fact allows."""
    match kind_of(one.fact).kind:
        case "yes or no":
            return one.op == "is" and isinstance(one.target, bool)
        case "word":
            wanted = str if one.op == "is" else tuple
            return one.op in ("is", "one_of") and isinstance(one.target, wanted)
        case "words":
            return one.op == "includes" and isinstance(one.target, tuple)
        case "number":
            return one.op in _COMPARE and isinstance(one.target, float)
        case "day":
            return one.op in _COMPARE and isinstance(one.target, date)
