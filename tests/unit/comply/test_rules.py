"""The packs as data: every rule is whole, has its cases, and no part of its condition is idle."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from exotherm.comply.catalogue import catalogue, kind_of
from exotherm.comply.classify import load_criteria
from exotherm.comply.conditions import Compare, leaves
from exotherm.comply.rules import Rule, every_rule, has_own_pack, packs, packs_of, rule_of
from exotherm.comply.values import Span, Value


@dataclass(frozen=True)
class Case:
    """Facts under which a rule's condition is met, and changes that each unmake it."""

    rule: str
    met: Mapping[str, object]
    but: tuple[Mapping[str, object], ...]


def _cases() -> tuple[Case, ...]:
    raw = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))
    return tuple(
        Case(rule, one["met"], tuple(one["but"])) for rule, ones in raw.items() for one in ones
    )


CASES = _cases()
RULES = every_rule()


def _known(facts: Mapping[str, object]) -> Mapping[str, Value]:
    return {name: kind_of(name).read(raw) for name, raw in facts.items()}


def _changes(rule: Rule) -> Iterator[tuple[Mapping[str, Value], Mapping[str, Value]]]:
    """Every pair of facts that meet a rule and of the same with one change that does not."""
    for case in CASES:
        if case.rule == rule.id:
            for change in case.but:
                yield _known(case.met), _known({**case.met, **change})


class TestCases:
    def test_every_rule_has_one_that_meets_it_and_one_that_does_not(self):
        assert {case.rule for case in CASES} == {rule.id for rule in RULES}
        assert all(case.but for case in CASES)

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
    def test_the_condition_is_met(self, case: Case):
        answer = rule_of(case.rule).when.answer(_known(case.met))
        assert answer.met is True
        assert answer.because

    @pytest.mark.parametrize(
        ("rule", "facts"),
        [(case.rule, {**case.met, **change}) for case in CASES for change in case.but],
    )
    def test_one_change_unmakes_it(self, rule: str, facts: Mapping[str, object]):
        answer = rule_of(rule).when.answer(_known(facts))
        assert answer.met is False
        assert answer.because

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
    def test_nothing_known_is_never_a_pass(self, rule: Rule):
        answer = rule.when.answer({})
        assert answer.met is None
        assert set(answer.missing) <= {leaf.fact for leaf in leaves(rule.when)}

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
    def test_each_comparison_decides_somewhere(self, rule: Rule):
        for leaf in leaves(rule.when):
            assert any(
                _turns(leaf, met, unmet) and _differ_only_in(leaf.fact, met, unmet)
                for met, unmet in _changes(rule)
            ), leaf

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
    def test_each_threshold_bites_at_its_edge(self, rule: Rule):
        for leaf in leaves(rule.when):
            if _is_threshold(leaf):
                assert any(
                    _turns(leaf, met, unmet) and _at_edge(leaf, met[leaf.fact], unmet[leaf.fact])
                    for met, unmet in _changes(rule)
                ), leaf


def _turns(leaf: Compare, met: Mapping[str, Value], unmet: Mapping[str, Value]) -> bool:
    """Whether the comparison itself comes out otherwise."""
    answers = {leaf.answer(met).met, leaf.answer(unmet).met}
    return answers == {True, False}


def _differ_only_in(fact: str, met: Mapping[str, Value], unmet: Mapping[str, Value]) -> bool:
    return {name for name in met if met[name] != unmet[name]} == {fact}


def _is_threshold(leaf: Compare) -> bool:
    return isinstance(leaf.target, date) or type(leaf.target) is float


def _at_edge(leaf: Compare, one: Value, other: Value) -> bool:
    """Whether one value is the threshold itself and the other its near neighbour."""
    if isinstance(leaf.target, date):
        assert isinstance(one, date)
        assert isinstance(other, date)
        return leaf.target in (one, other) and abs(one - other) == timedelta(days=1)
    assert isinstance(leaf.target, float)
    assert isinstance(one, Span)
    assert isinstance(other, Span)
    # Things that are counted have no nearer neighbour than the next number.
    near = 1.0 if "number of" in kind_of(leaf.fact).says else max(0.1, 0.001 * leaf.target)
    return leaf.target in (one.low, other.low) and abs(one.low - other.low) <= near + 1e-9


class TestPacks:
    def test_names_are_unique_and_say_where_they_hold(self):
        names = [rule.id for rule in RULES]
        assert len(names) == len(set(names))
        for pack in packs():
            assert all(rule.id.startswith(f"{pack.name.upper()}-") for rule in pack.rules)

    def test_the_union_has_its_members(self):
        union = packs()[0]
        assert union.name == "eu"
        assert len(union.countries) == len(set(union.countries)) == 27
        assert "GB" not in union.countries

    @pytest.mark.parametrize("country", ["DE", "DK", "FI", "FR", "IT", "NL", "SE"])
    def test_a_member_has_the_unions_rules_before_its_own(self, country: str):
        assert [pack.name for pack in packs_of(country)] == ["eu", country.lower()]
        assert has_own_pack(country)

    def test_other_countries_have_what_there_is(self):
        assert [pack.name for pack in packs_of("GB")] == ["gb"]
        assert [pack.name for pack in packs_of("ES")] == ["eu"]
        assert not has_own_pack("ES")
        assert packs_of("US") == ()

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
    def test_a_rule_reads_as_sentences_without_addresses(self, rule: Rule):
        assert rule.duty.endswith(".")
        assert rule.duty[0].isupper()
        assert not rule.evidence.endswith(".")
        assert not rule.source.endswith(".")
        for words in (rule.title, rule.duty, rule.evidence, rule.source):
            assert "http" not in words
            assert "www" not in words

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
    def test_no_rule_was_checked_before_its_thresholds_were_known(self, rule: Rule):
        assert rule.checked_on >= date(2026, 11, 1)

    def test_a_name_that_is_no_rule_is_refused(self):
        with pytest.raises(KeyError):
            rule_of("EU-NOTHING")

    def test_every_fact_of_the_catalogue_is_asked_for(self):
        conditions = [rule.when for rule in RULES]
        conditions += [criterion.when for criterion in load_criteria().criteria]
        asked = {leaf.fact for condition in conditions for leaf in leaves(condition)}
        assert set(catalogue()) == asked
