"""Rows: every rule as sentences that say why, what, of whom, whence, and how sure it is."""

import pytest

from exotherm.comply.classify import classify
from exotherm.comply.duties import duties_of, judge
from exotherm.comply.facts import facts_of
from exotherm.comply.rules import every_rule, rule_of
from exotherm.comply.words import NOT_ADVICE, classified, coverage, rows, sentence, verdict


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


class TestSentence:
    def test_a_rule_that_applies(self, known):
        text = _plain(sentence(judge(rule_of("EU-EED-12"), known("DE", it_power_kw_rated=620))))
        assert text == (
            "EU-EED-12, Yearly publication of a data centre's energy figures: applies because the"
            " rated power of the servers is 620 kW, at least 500 kW. By 15 May of every year"
            " publish the figures of Annex VII for the year before: floor, rated power, energy,"
            " temperatures, reused heat, water and renewable share. Data centres for defence or"
            " civil protection alone are exempt. Answerable is the data centre operator; it is"
            " shown by the publication with its date, and the register readings behind each"
            " figure. Source: Directive (EU) 2023/1791, Article 12 and Annex VII; checked on"
            " 26 Nov 2026 by the text itself."
        )

    def test_a_rule_that_does_not_apply_asks_nothing(self, known):
        text = _plain(sentence(judge(rule_of("EU-EED-12"), known("DE", it_power_kw_rated=28))))
        assert "does not apply because the rated power of the servers is 28 kW" in text
        assert "Answerable" not in text
        assert "Source: Directive (EU) 2023/1791" in text

    def test_a_rule_that_cannot_be_told_says_what_to_tell(self, known):
        text = sentence(judge(rule_of("GB-FIRE-ORDER"), known("GB")))
        assert (
            "cannot be told: tell whether the servers stand in a building that people use." in text
        )
        assert "by trade knowledge only, so verify before relying on it." in text

    def test_a_draft_is_said_to_be_one(self, known):
        rule = rule_of("DE-ENEFG-DRAFT-PUE")
        text = sentence(judge(rule, known("DE", dc_input_kw_rated=300)))
        assert "does not apply because it is a draft and binds nobody yet." in text
        assert "As drafted it would apply to what is known now." in text
        open_text = sentence(judge(rule, known("DE")))
        assert "As drafted it cannot be told: tell the largest power" in open_text
        spared = sentence(judge(rule, known("DE", dc_input_kw_rated=299)))
        assert "As drafted" not in spared

    def test_a_rule_to_come_says_from_when(self, known):
        rule = rule_of("EU-MACHINERY-2023")
        text = sentence(judge(rule, known("DE", heat_pump=True)))
        assert "it is in force from 20 Jan 2027 only." in text
        assert "From then on it would apply to what is known now." in text

    def test_a_standard_is_said_to_be_one(self, known):
        text = sentence(judge(rule_of("EU-EN378"), known("DE", heat_pump=True)))
        assert "It is a standard and binds where law or a contract names it." in text
        law = sentence(judge(rule_of("EU-PED"), known("DE", heat_pump=True)))
        assert "standard and binds" not in law

    @pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.id)
    def test_every_rule_can_be_said_and_ends_well(self, rule, known, today):
        text = sentence(judge(rule, known(rule.countries[0], on=today)))
        assert text.endswith(".")
        assert ".." not in text
        assert "  " not in text
        assert "None" not in text


class TestRows:
    def test_what_applies_now_or_may_later_is_shown(self, site_of, terms, today):
        duties = duties_of(facts_of(site_of("care-home"), terms("DE"), today))
        shown = rows(duties)
        ids = {row.id for row in shown}
        assert "DE-AVB" in ids
        assert "EU-EED-12" not in ids
        assert len(rows(duties, every=True)) == len(duties)
        assert {row.id for row in shown if row.verdict == "draft"} == {"DE-AVB-DRAFT"}

    @pytest.mark.parametrize(
        ("identifier", "facts", "words"),
        [
            ("EU-EED-12", {"it_power_kw_rated": 500}, "applies"),
            ("EU-EED-12", {"it_power_kw_rated": 499}, "does not apply"),
            ("EU-EED-12", {}, "cannot be told"),
            ("EU-LABEL-DRAFT", {"it_power_kw_rated": 500}, "draft"),
            ("EU-LABEL-DRAFT", {"it_power_kw_rated": 499}, "does not apply"),
            ("EU-MACHINERY-2023", {"heat_pump": True}, "from 20 Jan 2027"),
            ("EU-MACHINERY-2023", {"heat_pump": False}, "does not apply"),
            ("GB-L8", {"hot_water": True}, "elsewhere"),
        ],
    )
    def test_verdicts(self, identifier, facts, words, known):
        assert verdict(judge(rule_of(identifier), known("DE", **facts))) == words

    def test_it_informs_and_is_no_advice(self):
        assert "not legal advice" in NOT_ADVICE


class TestClassified:
    def test_the_kind_its_points_and_what_could_change_it(self, site_of, today):
        lines = classified(classify(facts_of(site_of("pool"), None, today)))
        assert lines[0] == (
            "The project is an IT asset: 0 points for an energy asset and 2 points for an IT"
            " asset, where a side counts from 2."
        )
        assert lines[1].startswith("2 points for IT asset: most of the servers' load")
        assert lines[-1].startswith("It could still come out as hybrid: tell ")

    def test_a_firm_one_says_no_more(self, site_of, terms, today):
        lines = classified(classify(facts_of(site_of("school"), terms("GB"), today)))
        assert lines[0].startswith("The project is a hybrid: ")
        assert not any("could still" in line for line in lines)


class TestCoverage:
    def test_a_country_with_a_pack(self):
        union, own = coverage("DE")
        assert union.startswith("European Union, ")
        assert own.startswith("Germany, ")

    def test_a_member_without_a_pack_is_told_so(self):
        assert coverage("ES")[-1] == (
            "The law of ES itself was not checked: there is no pack for it."
        )

    def test_a_country_without_anything_is_told_so(self):
        assert coverage("US") == ("No rule of US is known here: nothing was checked.",)
