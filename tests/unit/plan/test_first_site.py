"""Which site to build first."""

from dataclasses import replace

import pytest

from exotherm.plan.first_site import Candidate, choose_first
from exotherm.plan.study import StudyResult, make_study
from exotherm.plan.verdict import Verdict


@pytest.fixture(scope="module")
def study(pool_site, pool_contract, pool_surroundings) -> StudyResult:
    return make_study(pool_site, pool_contract, pool_surroundings)


def candidate(study: StudyResult, name: str, *, npv: float, verdict: Verdict) -> Candidate:
    finance = replace(study.finance, npv=npv)
    return Candidate(name=name, study=replace(study, finance=finance, verdict=verdict))


def test_the_better_verdict_comes_first_then_what_money_does(study):
    found = choose_first(
        [
            candidate(study, "rich but risky", npv=900_000.0, verdict=Verdict.HIGH_RISK),
            candidate(study, "steady", npv=20_000.0, verdict=Verdict.ROBUST),
            candidate(study, "steadier", npv=41_200.0, verdict=Verdict.ROBUST),
            candidate(study, "no", npv=-1.0, verdict=Verdict.DO_NOT_BUILD),
        ]
    )
    assert [one.name for one in found.ranked] == ["steadier", "steady", "rich but risky", "no"]
    # 41,200 EUR are invested in the example.
    assert found.ranked[0].value_per_invested == pytest.approx(1.0)
    assert found.text.startswith(
        "Build steadier first: it is robust, each EUR invested is worth 1.00"
    )


def test_none_is_built_where_none_is_worth_it(study):
    no = [candidate(study, name, npv=-1.0, verdict=Verdict.DO_NOT_BUILD) for name in ("a", "b")]
    found = choose_first(no)
    assert found.text == "Build none of them at these inputs: each is worth less than nothing."


def test_one_site_is_the_first_of_none(study):
    found = choose_first([candidate(study, "only", npv=9.0, verdict=Verdict.ROBUST)])
    assert found.text == (
        "There is nothing to compare only with: name two sites or more. By itself it is judged "
        "“robust”."
    )
