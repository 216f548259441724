"""Proofs of what follows from law: whether every rule can be told, who answers, what comes."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from exotherm.comply.duties import open_questions
from exotherm.comply.owners import owners_of
from exotherm.comply.papers import Papers, Proof, ProofOf
from exotherm.comply.rules import has_own_pack, packs_of
from exotherm.core.period import write_day

_NAMED_MAX = 4
_NOTHING_KNOWN = "no rule of {country} is known here: nothing was checked"


def _duties_told(papers: Papers) -> Proof:
    questions, rules = open_questions(papers.duties), len(papers.duties)
    if not rules:
        return Proof(holds=None, words=_NOTHING_KNOWN.format(country=papers.facts.country))
    if not questions:
        return Proof(holds=True, words=f"of each of {rules} rules it is known whether it applies")
    waiting = {rule for question in questions for rule in question.rules}
    return Proof(
        holds=None,
        words=f"{_count(len(questions), 'fact is', 'facts are')} missing, for which "
        f"{_count(len(waiting), 'rule waits', 'rules wait')}",
        remedy="Answer them in regulation.toml; `exotherm regulation` lists the questions.",
    )


def _duties_owned(papers: Papers) -> Proof:
    applying = [duty for duty in papers.duties if duty.applies == "applies"]
    owners = owners_of(papers.contract, papers.owners)
    if not applying:
        return Proof(holds=None, words="no rule is known to apply")
    nobody: dict[str, list[str]] = {}
    owned: Counter[str] = Counter()
    for duty in applying:
        role = duty.rule.answerable
        if role in owners:
            owned[owners[role]] += 1
        else:
            nobody.setdefault(role, []).append(duty.rule.id)
    if nobody:
        roles = "; ".join(f"{role} ({_named(rules)})" for role, rules in nobody.items())
        return Proof(
            holds=None,
            words=f"nobody is named as {roles}",
            remedy="Name them in `[owners]` of regulation.toml.",
        )
    shares = ", ".join(f"{name} for {count}" for name, count in owned.most_common())
    return Proof(
        holds=True,
        words=f"{_count(len(applying), 'rule applies', 'rules apply')}; answerable is {shares}",
    )


def _duties_ahead(papers: Papers) -> Proof:
    ends_on = papers.contract.term.ends_on if papers.contract else date.max
    coming = [
        f"{duty.rule.id} on {write_day(duty.rule.in_force_from)}"
        for duty in papers.duties
        if duty.stage == "not yet in force"
        and duty.is_ahead
        and duty.rule.in_force_from is not None
        and duty.rule.in_force_from <= ends_on
    ]
    if not coming:
        return Proof(holds=True, words="no rule that is known comes into force for the project")
    return Proof(
        holds=None,
        words=f"{_count(len(coming), 'rule comes', 'rules come')} into force: {_named(coming)}",
    )


def _coverage(papers: Papers) -> Proof:
    """Say what was looked at; whether that is enough only a person can tell."""
    country = papers.facts.country
    packs = packs_of(country)
    if not packs:
        return Proof(holds=None, words=_NOTHING_KNOWN.format(country=country))
    sizes = ", ".join(f"{pack.title} {len(pack.rules)} rules" for pack in packs)
    own = "" if has_own_pack(country) else f", none of {country} itself"
    read = write_day(min(pack.checked_on for pack in packs))
    return Proof(
        holds=None,
        words=f"looked at are {sizes}{own}, as read on {read}; `exotherm regulation` says what "
        "they leave out",
    )


def _named(words: list[str]) -> str:
    more = len(words) - _NAMED_MAX
    shown = ", ".join(words[:_NAMED_MAX])
    return f"{shown} and {more} more" if more > 0 else shown


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


DUTY_PROOFS: Mapping[str, ProofOf] = {
    "duties told": _duties_told,
    "duties owned": _duties_owned,
    "duties ahead": _duties_ahead,
    "coverage": _coverage,
}
