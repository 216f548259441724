"""What the files prove: each proof with its numbers, refuted where the files say otherwise."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from exotherm.comply.duties import duties_of
from exotherm.comply.facts import facts_of
from exotherm.comply.papers import Papers, Plan, Proof
from exotherm.comply.proofs import PROOFS
from exotherm.contract.check import check_contract
from exotherm.contract.terms import Contract
from exotherm.site.check import check_site
from exotherm.site.document import Site, points_of

ON = date(2026, 11, 26)
PLAN = Plan(worth_building=True, words="Worth it.", customer_npv=120.0, currency="EUR")


def papers_of(site: Site, contract: Contract | None, *, on: date = ON, **told: Any) -> Papers:
    """Read and check a workspace as the door does, without its series."""
    facts = facts_of(site, contract, on, told=told)
    findings = check_site(site)
    if contract is not None:
        findings += check_contract(contract, site, points_of(site))
    return Papers(
        site=site, contract=contract, findings=findings, facts=facts, duties=duties_of(facts)
    )


def with_(document: Any, table: str, **values: Any) -> Any:
    """The same site or contract with other values in one of its tables."""
    inner = getattr(document, table).model_copy(update=values)
    return document.model_copy(update={table: inner})


def proof(name: str, papers: Papers) -> Proof:
    found = PROOFS[name](papers)
    assert "\n" not in found.words
    assert not found.words.endswith(".")
    assert found.remedy == "" or found.remedy.endswith(".")
    return found


@pytest.fixture(scope="module")
def pool(pool_site, pool_contract):
    return papers_of(pool_site, pool_contract)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("capacity", "12.0\u00a0kW promised"),
        ("supply temperature", "30.0\u00a0°C promised"),
        ("heat rejection", "the cooler is rated for 32.0\u00a0kW"),
        ("fallback", "180.0\u00a0kW of fallback"),
        ("meters", "`heat_meter.heat_kwh` of meter 61440112"),
        ("verification", "verified until 31 Dec 2032, then every 6\u00a0years"),
        ("contract complete", "116 of 142 clauses"),
        ("outcomes total", "combinations of calendar, meter, cause, notice and limit"),
        ("term", "the contract runs 15.0\u00a0years"),
        ("exposure", "liability at most 50\u202f000\u00a0EUR a year (LEG-7)"),
        ("duties ahead", "no rule that is known comes into force"),
    ],
)
def test_the_pool_proves_it_with_numbers(pool, name, words):
    found = proof(name, pool)
    assert found.holds is True
    assert words in found.words


@pytest.mark.parametrize(
    "name", ["demand measured", "plan", "customer saves", "insurance", "award", "coverage"]
)
def test_what_the_pools_files_cannot_tell_stays_open(pool, name):
    assert proof(name, pool).holds is None


def test_more_heat_than_the_plant_gives_is_disproved(pool_site, pool_contract):
    greedy = with_(pool_contract, "capacity", heat_kw=100.0)
    found = proof("capacity", papers_of(pool_site, greedy))
    assert found.holds is False
    assert "100.0\u00a0kW promised" in found.words
    idle = with_(pool_contract, "it_load", heat_kw_min=11.0)
    assert proof("capacity", papers_of(pool_site, idle)).holds is False


def test_a_month_with_more_capacity_counts_for_heat_and_fallback(pool_site, pool_contract):
    month = {"months": (1,), "heat_kw": 190.0}
    capacity = pool_contract.capacity.model_validate({"heat_kw": 12.0, "seasonal": (month,)})
    papers = papers_of(pool_site, pool_contract.model_copy(update={"capacity": capacity}))
    assert proof("capacity", papers).holds is False
    assert proof("fallback", papers).holds is False


@pytest.mark.parametrize(
    ("name", "table", "values", "words"),
    [
        ("supply temperature", "supply_temperature", {"supply_c_min": 70.0}, "70.0"),
        ("fallback", "fallback_plant", {"heat_kw": 5.0}, "5.0"),
        ("meters", "delivered_heat", {"point": "heat_meter.heat"}, "`heat_meter.heat`"),
        ("meters", "heat_meter", {"flow_m3h_rated": 1.0}, "1.00"),
        ("verification", "heat_meter", {"verified_until": date(2025, 1, 1)}, "1 Jan 2025"),
    ],
)
def test_a_contract_that_promises_too_much_is_disproved(
    pool_site, pool_contract, name, table, values, words
):
    found = proof(name, papers_of(pool_site, with_(pool_contract, table, **values)))
    assert found.holds is False
    assert words in found.words
    assert found.remedy


def test_a_cooler_that_is_too_small_is_disproved(pool_site, pool_contract):
    small = with_(pool_site, "rejection", heat_kw_rated=5.0)
    found = proof("heat rejection", papers_of(small, pool_contract))
    assert found.holds is False
    assert "reject" in found.words


def test_a_cooling_machine_behind_the_cooler_is_said(pool_site, pool_contract):
    chilled = with_(pool_site, "rejection", chiller_eer=4.0)
    assert "a cooling machine" in proof("heat rejection", papers_of(chilled, pool_contract)).words


def test_a_verification_that_outlasts_the_term_needs_no_plan(pool_site, pool_contract):
    long = with_(pool_contract, "heat_meter", verified_until=date(2041, 1, 1))
    assert "past the term's end" in proof("verification", papers_of(pool_site, long)).words
    none = pool_contract.model_copy(update={"verification": None})
    assert proof("verification", papers_of(pool_site, none)).holds is False


def test_demand_is_measured_where_every_customer_is(pool_site, pool_contract):
    measured = pool_site.model_copy(update={"pool": None, "measured": (object(),)})
    papers = replace(papers_of(pool_site, pool_contract), site=measured)
    assert proof("demand measured", papers).holds is True
    both = replace(papers, site=pool_site.model_copy(update={"measured": (object(),)}))
    assert proof("demand measured", both).holds is None


def test_a_blocking_clause_that_is_missing_is_named(pool_site, pool_contract):
    less = pool_contract.model_copy(update={"fallback_switch": None})
    found = proof("contract complete", papers_of(pool_site, less))
    assert found.holds is False
    assert "FBK-2" in found.words


def test_clauses_that_are_only_advised_are_counted(pool_site, pool_contract):
    less = pool_contract.model_copy(update={"insurance": None, "retention": None})
    found = proof("contract complete", papers_of(pool_site, less))
    assert found.holds is True
    assert "114 of 142" in found.words
    assert "but for 2 that are advised" in found.words


def test_hours_without_an_outcome_are_counted(pool_site, pool_contract):
    causes = with_(pool_contract, "cause_allocation", supplier_bears=(), customer_bears=())
    found = proof("outcomes total", papers_of(pool_site, causes))
    assert found.holds is False
    assert "have no outcome or several" in found.words


def test_the_plan_decides_once_it_is_made(pool):
    planned = replace(pool, plan=PLAN)
    assert proof("plan", planned).holds is True
    assert proof("customer saves", planned).holds is True
    poor = replace(PLAN, worth_building=False, customer_npv=-3.0)
    assert proof("plan", replace(pool, plan=poor)).holds is False
    assert proof("customer saves", replace(pool, plan=poor)).holds is False


def test_a_term_shorter_than_the_plan_needs_a_person(pool_site, pool_contract):
    short = with_(pool_contract, "term", ends_on=date(2030, 12, 31))
    found = proof("term", papers_of(pool_site, short))
    assert found.holds is None
    assert "runs 5.0" in found.words


def test_what_no_clause_limits_is_named(pool_site, pool_contract):
    open_ended = pool_contract.model_copy(
        update={"credit_limits": None, "termination_payment": None}
    )
    found = proof("exposure", papers_of(pool_site, open_ended))
    assert found.holds is None
    assert "CRD-2 and LEG-3" in found.words
    bare = pool_contract.model_copy(update={"insurance": None, "procurement": None})
    assert "no insurance" in proof("insurance", papers_of(pool_site, bare)).words
    assert "no procedure" in proof("award", papers_of(pool_site, bare)).words


def test_an_authorisation_that_is_named_is_proof(pool_site, pool_contract):
    assert proof("authorisation", papers_of(pool_site, pool_contract)).holds is None
    named = with_(pool_contract, "regulatory_status", authorisation="heat licence 12")
    found = proof("authorisation", papers_of(pool_site, named))
    assert (found.holds, found.words) == (True, "authorised by heat licence 12 (PAR-3)")


ANSWERS: dict[str, Any] = {
    "contract_value_eur": 90_000.0,
    "central_government": False,
    "claims_to_consumers": False,
    "hosts_for_others": False,
    "operator_medium": False,
}


class TestDuties:
    def test_they_are_told_once_every_question_is_answered(self, pool_site, pool_contract):
        before = proof("duties told", papers_of(pool_site, pool_contract))
        assert before.holds is None
        assert "5 facts are missing" in before.words
        after = proof("duties told", papers_of(pool_site, pool_contract, **ANSWERS))
        assert after.holds is True

    def test_each_has_an_owner_once_the_installer_is_named(self, pool):
        before = proof("duties owned", pool)
        assert before.holds is None
        assert "installer (EU-EN1717" in before.words
        named = replace(pool, owners={"installer": "Works Ltd"})
        after = proof("duties owned", named)
        assert after.holds is True
        assert "Works Ltd for 4" in after.words

    def test_rules_to_come_within_the_term_are_named(self, site_of, pool_contract):
        site = site_of("district-heating")
        before = papers_of(site, pool_contract, on=date(2026, 11, 26))
        found = proof("duties ahead", before)
        assert found.holds is None
        assert "EU-MACHINERY-2023 on 20 Jan 2027" in found.words
        over = with_(pool_contract, "term", ends_on=date(2026, 12, 31))
        assert proof("duties ahead", replace(before, contract=over)).holds is True

    def test_a_country_without_rules_proves_nothing(self, pool_site, pool_contract):
        abroad = with_(pool_site, "site", country="JP")
        papers = papers_of(abroad, pool_contract)
        for name in ("duties told", "duties owned", "coverage"):
            assert proof(name, papers).holds is None
        assert "no rule of JP is known" in proof("coverage", papers).words

    def test_a_country_of_the_union_without_a_pack_is_said(self, pool_site, pool_contract):
        abroad = with_(pool_site, "site", country="PT")
        assert "none of PT itself" in proof("coverage", papers_of(abroad, pool_contract)).words
