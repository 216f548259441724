"""The list of due diligence and the gate: proved, signed, missing, ready."""

import re
import tomllib
from datetime import date
from typing import get_args

import pytest

from exotherm.comply.catalogue import catalogue
from exotherm.comply.conditions import leaves
from exotherm.comply.diligence import AREAS, Item, diligence
from exotherm.comply.duties import duties_of
from exotherm.comply.facts import facts_of
from exotherm.comply.papers import Papers, Plan
from exotherm.comply.proofs import PROOFS
from exotherm.comply.readiness import State, by_area, readiness_of, settle, signoff_template
from exotherm.comply.signoff import Signed, Signoff, read_signoffs
from exotherm.core.findings import Finding, Severity, Where

ON = date(2026, 11, 26)
ERROR = Finding(
    code="site.some-code",
    severity=Severity.ERROR,
    where=Where(file="site.toml"),
    message="It is wrong.",
    remedy="Mend it.",
)
HASHES = {area: str(number) * 64 for number, area in enumerate(AREAS)}


@pytest.fixture(scope="module")
def papers(pool_site, pool_contract):
    facts = facts_of(pool_site, pool_contract, ON)
    return Papers(
        site=pool_site,
        contract=pool_contract,
        findings=(),
        facts=facts,
        duties=duties_of(facts),
        plan=Plan(worth_building=True, words="Worth it.", customer_npv=10.0, currency="EUR"),
    )


def item(identifier: str) -> Item:
    found = diligence().find(identifier)
    assert found is not None
    return found


def signature(one: Item, lapsed: str = "") -> Signed:
    assert one.signed_by is not None
    return Signed(
        signoff=Signoff(item=one.id, role=one.signed_by, signed_on=ON, evidence="paper 7"),
        lapsed=lapsed,
    )


def everything_signed() -> dict[str, Signed]:
    return {one.id: signature(one) for one in diligence().items if one.signed_by}


class TestTheList:
    def test_it_covers_all_three_areas_and_is_neither_short_nor_endless(self):
        found = diligence()
        assert 35 <= len(found.items) <= 50
        assert {one.area for one in found.items} == set(AREAS)
        assert found.find("no such item") is None

    def test_every_proof_that_it_names_is_there_and_no_other(self):
        assert {one.proof for one in diligence().items if one.proof} == set(PROOFS)

    def test_conditions_ask_for_facts_of_the_catalogue(self):
        for one in diligence().items:
            if one.when is not None:
                assert {leaf.fact for leaf in leaves(one.when)} <= set(catalogue()), one.id

    @pytest.mark.parametrize("one", diligence().items, ids=[one.id for one in diligence().items])
    def test_its_words_fit_the_sentences_that_use_them(self, one):
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", one.id)
        assert one.title[0].isupper()
        assert not one.title.endswith(".")
        assert len(one.title) <= 60
        assert one.shown_by[0].islower()
        assert not one.shown_by.endswith(".")
        assert "  " not in one.title + one.shown_by

    def test_a_signature_is_given_for_files_of_its_area(self):
        assert diligence().files["technical"] == ("site.toml",)
        for area in AREAS:
            assert "site.toml" in diligence().files[area]


class TestSettling:
    def test_what_the_files_prove_is_proved_with_numbers(self, papers):
        found = settle(item("fallback"), papers, None)
        assert found.state == "proved"
        assert "180.0" in found.words
        assert found.next == ""

    def test_what_needs_a_person_waits_for_its_role(self, papers):
        found = settle(item("structure"), papers, None)
        assert (found.state, found.may_be_signed) == ("missing", True)
        assert found.next.startswith("The structural engineer signs, shown by ")

    def test_a_signature_settles_it_and_says_who_when_and_what(self, papers):
        found = settle(item("structure"), papers, signature(item("structure")))
        assert found.state == "signed"
        assert found.words == "signed by the structural engineer on 26 Nov 2026: paper 7"

    def test_a_signature_may_stand_in_a_file_and_end(self, papers):
        signed = Signed(
            signoff=Signoff(
                item="structure",
                role="structural engineer",
                signed_on=ON,
                evidence="paper 7",
                evidence_file="papers/7.pdf",
                valid_until=date(2027, 11, 26),
            )
        )
        words = settle(item("structure"), papers, signed).words
        assert words.endswith("valid until 26 Nov 2027: paper 7 (papers/7.pdf)")

    def test_a_lapsed_signature_is_none_and_says_why(self, papers):
        found = settle(item("structure"), papers, signature(item("structure"), "it is old"))
        assert (found.state, found.words) == ("missing", "it is old")

    def test_what_the_project_does_not_have_is_not_needed(self, papers):
        found = settle(item("refrigerant"), papers, None)
        assert (found.state, found.words) == ("not needed", "there is no heat pump")

    def test_what_cannot_be_told_is_asked_and_may_be_signed(self, papers):
        found = settle(item("streets"), papers, None)
        assert found.state == "missing"
        assert "the length of pipes in the ground" in found.words
        assert found.remedy == "Answer `trench_m` in regulation.toml."
        assert "Or the local authority signs" in found.next
        signed = settle(item("streets"), papers, signature(item("streets")))
        assert signed.state == "signed"

    def test_no_signature_heals_what_the_files_disprove(self, papers):
        plan = Plan(worth_building=False, words="Do not build.", customer_npv=1.0, currency="EUR")
        against = Papers(
            site=papers.site,
            contract=papers.contract,
            findings=(),
            facts=papers.facts,
            duties=papers.duties,
            plan=plan,
        )
        found = settle(item("plan"), against, signature(item("plan")))
        assert (found.state, found.words) == ("disproved", "Do not build")
        assert not found.may_be_signed
        assert found.next == found.remedy


class TestTheGate:
    def test_unsigned_it_names_everything_that_is_missing_by_area(self, papers):
        found = readiness_of(papers, {}, ())
        assert not found.is_ready
        assert re.fullmatch(
            r"Not ready to commit capex: \d+ items are missing "
            r"\(\d+ technical, \d+ commercial, \d+ regulatory\)\.",
            found.verdict,
        )
        assert sum(found.count(state) for state in get_args(State)) == len(diligence().items)

    def test_with_every_signature_it_is_ready(self, papers):
        found = readiness_of(papers, everything_signed(), ())
        assert found.missing == ()
        assert found.is_ready
        assert found.verdict == "Ready to commit capex."

    @pytest.mark.parametrize(
        "one",
        [one for one in diligence().items if one.signed_by and one.blocking and not one.proof],
        ids=lambda one: one.id,
    )
    def test_each_blocking_signature_alone_keeps_it_shut(self, papers, one):
        signed = everything_signed()
        del signed[one.id]
        found = readiness_of(papers, signed, ())
        if one.id in {"refrigerant", "grant"}:  # the pool has neither
            assert found.is_ready
        else:
            assert [missing.item.id for missing in found.missing] == [one.id]
            assert found.verdict == (
                f"Not ready to commit capex: 1 item is missing (1 {one.area})."
            )

    def test_what_is_only_advised_does_not_keep_it_shut_but_is_said(self, papers):
        signed = everything_signed()
        del signed["service"]
        found = readiness_of(papers, signed, ())
        assert found.is_ready
        assert found.verdict == "Ready to commit capex; 1 item that is advised is open."

    def test_an_error_keeps_it_shut_whoever_signed(self, papers):
        found = readiness_of(papers, everything_signed(), (ERROR,))
        assert not found.is_ready
        assert found.verdict == "Not ready to commit capex: 1 error stands."

    def test_without_a_contract_its_proofs_cannot_be_made(self, papers):
        facts = facts_of(papers.site, None, ON)
        alone = Papers(
            site=papers.site, contract=None, findings=(), facts=facts, duties=duties_of(facts)
        )
        found = readiness_of(alone, everything_signed(), ())
        words = {one.item.id: one.words for one in found.missing}
        assert words["capacity"] == "there is no contract that can be read"
        assert "contract-complete" in words

    def test_areas_come_in_order_and_empty_ones_are_left_out(self, papers):
        found = readiness_of(papers, {}, ())
        assert [area for area, _ in by_area(found.missing)] == list(AREAS)
        technical = tuple(one for one in found.missing if one.item.area == "technical")
        assert [area for area, _ in by_area(technical)] == ["technical"]


class TestTemplate:
    def test_as_printed_it_signs_nothing(self, papers):
        text = signoff_template(readiness_of(papers, {}, ()), HASHES)
        assert tomllib.loads(text) == {}
        assert max(map(len, text.splitlines())) <= 110

    def test_without_its_marks_and_with_days_it_signs_everything_that_was_open(self, papers):
        before = readiness_of(papers, {}, ())
        text = signoff_template(before, HASHES)
        blocks = re.findall(r"^# (\[\[signoff\]\]|\w+ += .*)$", text, re.MULTILINE)
        filled = "\n".join(blocks).replace("YYYY-MM-DD", "2026-11-20")
        filled = filled.replace('evidence   = ""', 'evidence   = "paper 7"')
        read = read_signoffs(filled)
        assert read.document is not None, read.findings
        signed = {one.item: Signed(signoff=one) for one in read.document.signoff}
        assert readiness_of(papers, signed, ()).is_ready
        for one in read.document.signoff:
            assert one.role == item(one.item).signed_by
            assert one.files_hash == HASHES[item(one.item).area]

    def test_a_day_that_was_not_filled_in_cannot_be_read(self, papers):
        text = signoff_template(readiness_of(papers, {}, ()), HASHES)
        (first, *_) = re.findall(r"^# (signed_on.*)$", text, re.MULTILINE)
        (finding,) = read_signoffs(f"[[signoff]]\n{first}\n").findings
        assert finding.code == "document.not-toml"

    def test_what_is_settled_is_not_asked_again(self, papers):
        signed = {"structure": signature(item("structure"))}
        text = signoff_template(readiness_of(papers, signed, ()), HASHES)
        assert '"structure"' not in text
        assert '"electrical"' in text
