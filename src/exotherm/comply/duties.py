"""Which rules apply to a project, why, and what has to be told where that cannot be said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from exotherm.comply.catalogue import kind_of
from exotherm.comply.conditions import Answer
from exotherm.comply.facts import Facts
from exotherm.comply.rules import AREAS, Rule, packs_of
from exotherm.core.period import write_day

Applies = Literal["applies", "does not apply", "cannot be told"]
Stage = Literal["in force", "not yet in force", "no longer in force", "draft", "elsewhere"]
"""Where a rule stands on the day; ``elsewhere`` is the law of other countries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A rule held against a project on a day."""

    rule: Rule
    applies: Applies
    because: str
    """why, in words that complete "because …"; empty where it cannot be told"""
    stage: Stage
    met: bool | None
    """whether its condition is met, whatever its stage; None where a fact is missing"""
    missing: tuple[str, ...] = ()
    """facts without which it cannot be told"""

    def __post_init__(self) -> None:
        if self.stage == "in force":
            assert self.applies == _APPLIES[self.met], self
        else:
            assert self.applies == "does not apply", self
        assert (self.met is None) == bool(self.missing), self

    @property
    def is_ahead(self) -> bool:
        """Whether it is law to come, or a draft of one, that would hold for the project."""
        return self.stage in ("not yet in force", "draft") and self.met is not False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A fact that neither file holds, and the rules that wait for it."""

    fact: str
    tell: str
    rules: tuple[str, ...]


_APPLIES: dict[bool | None, Applies] = {
    True: "applies",
    False: "does not apply",
    None: "cannot be told",
}


def duties_of(facts: Facts) -> tuple[Duty, ...]:
    """Hold every rule of the site's country and of its union against the project.

    Ordered by area, then as the packs have them. For a country without a pack only the Union's
    rules come out, or none: ``words.coverage`` says so.
    """
    duties = [judge(rule, facts) for pack in packs_of(facts.country) for rule in pack.rules]
    return tuple(sorted(duties, key=lambda duty: AREAS.index(duty.rule.area)))


def judge(rule: Rule, facts: Facts) -> Duty:
    """Hold one rule against the project on the day of its facts."""
    answer = rule.when.answer(facts.known)
    stage = stage_of(rule, facts)
    return Duty(
        rule=rule,
        applies=_APPLIES[answer.met] if stage == "in force" else "does not apply",
        because=_because(rule, answer, stage),
        stage=stage,
        met=answer.met,
        missing=answer.missing,
    )


def stage_of(rule: Rule, facts: Facts) -> Stage:
    """Tell where a rule stands on the day, in the country of the site."""
    if not rule.holds_in(facts.country):
        return "elsewhere"
    if rule.in_force_from is None:
        return "draft"
    if facts.on < rule.in_force_from:
        return "not yet in force"
    if rule.until is not None and facts.on > rule.until:
        return "no longer in force"
    return "in force"


def open_questions(duties: Iterable[Duty]) -> tuple[Question, ...]:
    """List what has to be told, the fact that most rules wait for first.

    Rules that are over or drafts ask nothing; rules not yet in force do.
    """
    waiting: dict[str, list[str]] = {}
    for duty in duties:
        if duty.stage in ("in force", "not yet in force"):
            for name in duty.missing:
                waiting.setdefault(name, []).append(duty.rule.id)
    questions = (
        Question(fact=name, tell=kind_of(name).tell, rules=tuple(rules))
        for name, rules in waiting.items()
    )
    return tuple(sorted(questions, key=lambda one: (-len(one.rules), one.fact)))


def _because(rule: Rule, answer: Answer, stage: Stage) -> str:
    if stage == "elsewhere":
        return f"it is law of another country ({rule.jurisdiction})"
    if stage == "draft":
        return "it is a draft and binds nobody yet"
    if stage == "not yet in force":
        return f"it is in force from {_day(rule.in_force_from)} only"
    if stage == "no longer in force":
        return f"it was in force until {_day(rule.until)}"
    return "; ".join(answer.because)


def _day(day: date | None) -> str:
    assert day is not None, "this stage has the day"
    return write_day(day)
