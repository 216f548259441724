"""What a person tells in regulation.toml: typed by the catalogue, never against a file."""

import json
from datetime import date

import pytest

from exotherm.comply.answers import (
    Told,
    check_owners,
    read_regulation,
    told_by,
    weigh,
    write_regulation_schema,
)
from exotherm.comply.catalogue import catalogue
from exotherm.comply.duties import duties_of, open_questions
from exotherm.comply.facts import TOLD
from exotherm.comply.owners import owners_of
from exotherm.comply.values import Span

ON = date(2026, 11, 26)


def told(text: str) -> Told:
    read = read_regulation(text)
    assert read.document is not None, read.findings
    return told_by(read.document)


class TestReading:
    def test_an_empty_file_tells_nothing(self):
        assert told("") == Told()

    def test_answers_and_owners_come_as_they_were_written(self):
        found = told(
            "[answers]\ntrench_m = 12\nheat_pump = false\noperation_starts_on = 2026-05-01\n"
            'building_kinds = ["office"]\n[owners]\nbuilding_owner = "Town of Example"\n'
        )
        assert found.answers == {
            "trench_m": 12.0,
            "heat_pump": False,
            "operation_starts_on": date(2026, 5, 1),
            "building_kinds": ("office",),
        }
        assert found.owners == {"building owner": "Town of Example"}

    @pytest.mark.parametrize(
        ("text", "code", "words"),
        [
            ("[answers]\ntrnch_m = 12\n", "document.unknown-field", "trnch_m"),
            ("[answers]\ntrench_m = -1\n", "document.wrong-value", "at least 0"),
            ('[answers]\ntrench_m = "12"\n', "document.wrong-value", "a number"),
            ("[answers]\npool = 1\n", "document.wrong-value", "true or false"),
            ("[answers]\nreused_by_network_frac = 40\n", "document.wrong-value", "at most 1"),
            ('[answers]\nsupplier_is = ""\n', "document.wrong-value", "1 characters"),
            ('[owners]\nneighbour = "x"\n', "document.unknown-field", "neighbour"),
        ],
    )
    def test_what_no_rule_asks_or_is_of_another_kind_is_refused(self, text, code, words):
        read = read_regulation(text)
        assert read.document is None
        assert [one.code for one in read.findings] == [code]
        assert words in read.findings[0].message

    def test_every_fact_of_the_catalogue_can_be_answered_and_says_what_to_tell(self):
        schema = json.loads(write_regulation_schema())
        fields = schema["$defs"]["Answers"]["properties"]
        assert set(fields) == set(catalogue())
        for name, kind in catalogue().items():
            words = fields[name]["description"].lower()
            assert words.startswith(kind.tell.lower()), name


class TestWeighing:
    def test_an_answer_settles_the_rules_that_waited_for_it(self, pool_site, pool_contract):
        before, _ = weigh(Told(), pool_site, pool_contract, ON)
        answers = {"claims_to_consumers": False, "central_government": False}
        after, findings = weigh(Told(answers=answers), pool_site, pool_contract, ON)
        assert findings == ()
        open_before = {one.fact for one in open_questions(duties_of(before))}
        open_after = {one.fact for one in open_questions(duties_of(after))}
        assert set(answers) <= open_before
        assert not set(answers) & open_after
        assert after.facts["claims_to_consumers"].source == TOLD

    def test_an_answer_against_a_file_is_a_finding_and_the_others_count(
        self, pool_site, pool_contract
    ):
        answers = {"heat_sold": False, "claims_to_consumers": False}
        text = "[answers]\nclaims_to_consumers = false\nheat_sold = false\n"
        facts, (finding,) = weigh(Told(answers=answers), pool_site, pool_contract, ON, text=text)
        assert (finding.code, finding.where.line) == ("regulation.answer-wrong", 3)
        assert "contract: [parties]" in finding.message
        assert facts.known["heat_sold"] is True
        assert facts.known["claims_to_consumers"] is False

    def test_what_a_file_only_bounds_may_be_narrowed(self, pool_site, pool_contract):
        plain, _ = weigh(Told(), pool_site, pool_contract, ON)
        bounds = plain.known["dc_input_kw_rated"]
        assert isinstance(bounds, Span)
        middle = (bounds.low + bounds.high) / 2.0
        facts, findings = weigh(
            Told(answers={"dc_input_kw_rated": middle}), pool_site, pool_contract, ON
        )
        assert findings == ()
        assert facts.known["dc_input_kw_rated"] == Span.exactly(middle)
        _, (finding,) = weigh(
            Told(answers={"dc_input_kw_rated": 10 * bounds.high}), pool_site, pool_contract, ON
        )
        assert "between" in finding.message


class TestOwners:
    def test_the_contract_names_supplier_customer_and_who_operates(self, pool_contract):
        owners = owners_of(pool_contract, {})
        supplier, customer = pool_contract.parties.supplier, pool_contract.parties.customer
        assert owners == {
            "heat supplier": supplier.name,
            "customer": customer.name,
            "data centre operator": supplier.name,
            "plant operator": supplier.name,
            "contracting authority": customer.name,
        }

    def test_without_a_contract_only_what_was_told_is_known(self):
        assert owners_of(None, {"installer": "Works Ltd"}) == {"installer": "Works Ltd"}

    def test_a_heat_network_operates_itself(self, pool_contract):
        status = pool_contract.regulatory_status.model_copy(
            update={"customer_class": "heat network"}
        )
        contract = pool_contract.model_copy(update={"regulatory_status": status})
        owners = owners_of(contract, {})
        assert owners["network operator"] == contract.parties.customer.name
        assert "contracting authority" not in owners

    def test_a_third_party_has_no_name_until_it_is_told(self, pool_contract):
        third = pool_contract.roles.it.model_copy(update={"operator": "third party"})
        roles = pool_contract.roles.model_copy(update={"it": third})
        contract = pool_contract.model_copy(update={"roles": roles})
        assert "data centre operator" not in owners_of(contract, {})
        owners = {"data centre operator": "Operations Ltd"}
        assert owners_of(contract, owners)["data centre operator"] == "Operations Ltd"
        assert check_owners(Told(owners=owners), contract) == ()

    def test_who_is_named_otherwise_is_a_finding_and_the_contract_counts(self, pool_contract):
        owners = {"plant operator": "Another Ltd"}
        text = '[owners]\nplant_operator = "Another Ltd"\n'
        (finding,) = check_owners(Told(owners=owners), pool_contract, text=text)
        assert (finding.code, finding.where.line) == ("regulation.owner-differs", 2)
        assert owners_of(pool_contract, owners)["plant operator"] != "Another Ltd"
