"""Assumptions off, one by one and all at once: what is drawn, what it is worth, what it means."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from certain import CERTAIN

from exotherm.plan.risk import RiskResult, try_assumptions
from exotherm.plan.risk_alone import Alone, Worth
from exotherm.plan.risk_desk import RiskDesk, _standstill
from exotherm.plan.risk_ranges import RISK_FACTORS, Range, RiskFactor, ranges_of, sequence
from exotherm.plan.risk_verdict import explain_risk, explain_still, explain_turns, judge_risk
from exotherm.plan.study import make_study
from exotherm.plan.verdict import Verdict
from exotherm.site.risk import Risk
from exotherm.site.series import Utilisation
from exotherm.usecases.workspace import load_workspace, ready

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="module")
def pool(pool_site, pool_contract, pool_surroundings):
    return pool_site, pool_contract, pool_surroundings


@pytest.fixture(scope="module")
def risk(pool):
    return try_assumptions(*pool, draws=20, threads=2)


# --- What is drawn


def test_a_point_stays_what_it_is_however_many_follow():
    assert (sequence(50, 8) == sequence(400, 8)[:50]).all()


def test_points_fill_the_cube_more_evenly_than_chance():
    points = sequence(256, 8)
    random = np.random.default_rng(1).random((256, 8))
    grid = np.linspace(0.05, 1.0, 20)

    def worst(sample):
        """Largest gap between the share below a corner and its volume, along all diagonals."""
        return max(
            abs(float((sample[:, [one, other]] < edge).all(axis=1).mean()) - edge**2)
            for edge in grid
            for one in range(8)
            for other in range(one)
        )

    assert worst(points) < 0.4 * worst(random)


def test_one_in_ten_lies_below_and_above(pool):
    values = RiskDesk(*pool).values_of(4_000)
    for column, name in enumerate(RISK_FACTORS):
        own = ranges_of(pool[0], pool[2])[name]
        if own.low < own.plan:
            assert (values[:, column] < own.low).mean() == pytest.approx(0.1, abs=0.01)
        # Nobody stays longer than to the end.
        above = 0.0 if name is RiskFactor.CUSTOMER else 0.1
        assert (values[:, column] > own.high).mean() == pytest.approx(above, abs=0.01)


def test_prices_of_electricity_and_fuel_rise_together(pool):
    values = RiskDesk(*pool).values_of(4_000)
    electricity, fuel, demand = (
        values[:, RISK_FACTORS.index(name)]
        for name in (RiskFactor.ELECTRICITY, RiskFactor.FUEL, RiskFactor.DEMAND)
    )
    assert np.corrcoef(electricity, fuel)[0, 1] == pytest.approx(0.6, abs=0.06)
    assert np.corrcoef(electricity, demand)[0, 1] == pytest.approx(0.0, abs=0.05)


def test_a_rosy_plan_is_held_against_what_is_usual(pool_site, pool_surroundings):
    full = replace(
        pool_surroundings, utilisation=Utilisation(utilisation_frac=np.full(168, 0.9), source="-")
    )
    cheap = pool_site.model_copy(
        update={
            "economics": pool_site.economics.model_copy(
                update={"electricity_per_kwh": 0.06, "fuel_per_kwh": 0.15}
            )
        }
    )
    ranges = ranges_of(cheap, full)
    assert ranges[RiskFactor.UTILISATION].low == pytest.approx(0.5)
    assert ranges[RiskFactor.ELECTRICITY].high == pytest.approx(3.0)
    assert ranges[RiskFactor.FUEL].low == pytest.approx(0.4)
    assert ranges[RiskFactor.FUEL].widened
    assert not any(one.widened for one in ranges_of(pool_site, pool_surroundings).values())


@pytest.mark.parametrize("share", [0.0, 0.0007, 0.01, 0.02, 0.3, 1.0])
def test_the_plant_stands_still_for_just_that_share(share):
    still = _standstill(35_040, share).delivery
    assert still.sum() == round(share * 35_040)


# --- What it is worth


def test_any_number_of_threads_gives_the_same_digits(pool, risk):
    again = try_assumptions(*pool, draws=20, threads=1)
    assert again.draws == risk.draws
    assert again.alone == risk.alone
    more = try_assumptions(*pool, draws=24, threads=3)
    assert more.draws[:20] == risk.draws


def test_the_plan_is_that_of_the_study_and_so_are_its_setbacks(pool):
    """Two ways: setbacks of the study, and the ends of ranges put where the setbacks are."""
    site, contract, surroundings = pool
    study = make_study(site, contract, surroundings)
    ranges = {
        "demand": {"frac_p10": 0.8, "frac_p90": 1.0},
        "investment": {"frac_p10": 1.0, "frac_p90": 1.25},
        "electricity": {"frac_p10": 1.0, "frac_p90": 1.5},
    }
    own = Risk.model_validate(CERTAIN.model_dump() | ranges)
    tried = try_assumptions(
        site.model_copy(update={"risk": own}), contract, surroundings, draws=20, threads=2
    )
    assert tried.planned.operator == pytest.approx(study.finance.npv, rel=1e-3)
    customer = next(one for one in study.ownership.deals).customer.npv
    assert tried.planned.customer == pytest.approx(customer, rel=1e-3)
    alone = {one.factor: one.adverse for one in tried.alone}
    setbacks = {one.name: one.npv for one in study.setbacks}
    for name, setback in (
        (RiskFactor.DEMAND, "heat demand a fifth lower"),
        (RiskFactor.INVESTMENT, "investment a quarter higher"),
        (RiskFactor.ELECTRICITY, "electricity half again as dear"),
    ):
        assert alone[name] == pytest.approx(setbacks[setback], rel=1e-3), name


def test_where_nothing_may_fail_every_draw_is_the_plan(pool):
    site, contract, surroundings = pool
    sure = site.model_copy(update={"risk": CERTAIN})
    tried = try_assumptions(sure, contract, surroundings, draws=20, threads=2)
    assert set(tried.draws) == {tried.planned}
    assert tried.worst == tried.planned
    assert all(one.swing == 0.0 and one.break_even is None for one in tried.alone)


def test_at_the_break_even_the_project_is_worth_nothing():
    workspace = ready(load_workspace(EXAMPLES / "housing-block"))
    assert workspace is not None
    desk = RiskDesk(workspace.site, workspace.contract, workspace.surroundings)
    plan = {name: own.plan for name, own in desk.ranges.items()}
    planned = desk.worth(tuple(plan.values()))
    alone = desk.alone(RiskFactor.ELECTRICITY, desk.operation_at(desk.plan))
    assert alone.break_even is not None
    assert 1.0 < alone.break_even < 1.5
    there = desk.worth(tuple((plan | {RiskFactor.ELECTRICITY: alone.break_even}).values()))
    assert abs(there.operator) < 0.01 * abs(planned.operator)


def test_a_worse_heat_pump_and_standstill_cost():
    workspace = ready(load_workspace(EXAMPLES / "housing-block"))
    assert workspace is not None
    desk = RiskDesk(workspace.site, workspace.contract, workspace.surroundings)
    plan = {name: own.plan for name, own in desk.ranges.items()}

    def worth(**changes: float) -> float:
        own = plan | {RiskFactor[name.upper()]: value for name, value in changes.items()}
        return desk.worth(tuple(own.values())).operator

    assert worth(heat_pump=0.9) < worth() < worth(heat_pump=1.1)
    assert worth(downtime=0.1) < worth(downtime=0.02) < worth()


def test_the_worst_price_may_lie_between_the_ends():
    """Dear electricity stops the school's heat pump, and then less is lost than just before."""
    school = ready(load_workspace(EXAMPLES / "school"))
    assert school is not None
    tried = try_assumptions(school.site, school.contract, school.surroundings, draws=20, threads=2)
    dear = next(one for one in tried.alone if one.factor is RiskFactor.ELECTRICITY)
    assert dear.turn is not None
    assert dear.range.plan < dear.turn.value < dear.range.high
    ends = (dear.at_low.operator, dear.at_high.operator)
    assert dear.adverse < tried.planned.operator < min(ends)
    assert tried.worst.operator < min(one.adverse for one in tried.alone)
    (said,) = explain_turns(tried)
    assert "The plan would gain if it were off." in said


# --- What moves nothing


def test_an_assumption_that_moves_nothing_says_why(risk):
    still = {one.factor: one.no_effect for one in risk.still}
    assert still == {
        RiskFactor.FUEL: "the operator is paid and pays the same at both ends; it moves the "
        "customer's side",
        RiskFactor.HEAT_PUMP: "the plant has no heat pump",
        RiskFactor.BUILD_OUT: "all servers are there from the first day",
    }
    by = {one.factor: one for one in risk.alone}
    for factor in still:
        ends = (by[factor].at_low.operator, by[factor].at_high.operator)
        assert ends == pytest.approx((risk.planned.operator, risk.planned.operator), abs=0.5)
    fuel = by[RiskFactor.FUEL]
    assert abs(fuel.at_low.customer - fuel.at_high.customer) > 1_000.0
    assert {one.factor for one in risk.moving} == set(RISK_FACTORS) - set(still)
    said = explain_still((one.factor, one.no_effect) for one in risk.still)
    assert said.startswith("No effect on this plan: ")
    assert "efficiency of the heat pump (the plant has no heat pump)" in said
    assert explain_still(()) == ""


def test_what_has_a_heat_pump_and_fills_in_steps_is_moved_by_both():
    own = ready(load_workspace(EXAMPLES / "school"))
    assert own is not None
    computing = own.site.computing.model_copy(update={"filled_frac": (0.5,)})
    site = own.site.model_copy(update={"computing": computing})
    desk = RiskDesk(site, own.contract, own.surroundings)
    operation = desk.operation_at(desk.plan)
    for factor in (RiskFactor.HEAT_PUMP, RiskFactor.BUILD_OUT):
        assert desk.why_still(factor) == ""
        assert desk.alone(factor, operation).no_effect == ""


def test_a_range_of_nothing_is_named_as_such(pool):
    site, contract, surroundings = pool
    risk = try_assumptions(
        site.model_copy(update={"risk": CERTAIN}), contract, surroundings, draws=20, threads=2
    )
    assert risk.moving == ()
    reasons = {one.no_effect for one in risk.still if one.factor is not RiskFactor.UTILISATION}
    assert "its range is the plan alone" in reasons


# --- What it means


def result(
    *operator: float, planned: float = 10.0, adverse: float = 5.0, customer: float = 0.0
) -> RiskResult:
    one = Alone(
        factor=RiskFactor.UTILISATION,
        range=Range(low=0.7, plan=1.0, high=1.1),
        at_low=Worth(adverse, 0.0),
        at_high=Worth(20.0, 0.0),
        break_even=0.85 if adverse < 0 else None,
    )
    return RiskResult(
        planned=Worth(planned, customer),
        draws=tuple(Worth(value, 1.0) for value in operator),
        values=np.ones((len(operator), len(RISK_FACTORS))),
        alone=(one,),
        worst=Worth(-5.0, 0.0),
        currency="EUR",
    )


GOOD, BAD = 5.0, -5.0
RULES = [
    (result(*[GOOD] * 10), Verdict.ROBUST, "no single assumption"),
    (result(*[GOOD] * 9, BAD), Verdict.ROBUST, "10.0 % of 10 draws lose"),
    (result(*[GOOD] * 10, customer=-0.4), Verdict.ROBUST, "no single assumption"),
    (
        result(*[GOOD] * 10, customer=-900.0),
        Verdict.CONDITIONAL,
        "It has to be so that the customer signs although it loses 900 EUR by the plan.",
    ),
    (
        result(*[GOOD] * 8, *[BAD] * 2, adverse=-1.0, customer=-900.0),
        Verdict.HIGH_RISK,
        "85.0 % of the planned one and the customer signs although it loses 900 EUR by the plan.",
    ),
    (result(*[GOOD] * 8, *[BAD] * 2), Verdict.CONDITIONAL, "no single assumption is enough"),
    (result(*[GOOD] * 9, BAD, adverse=-1.0), Verdict.CONDITIONAL, "at least 85.0 % of the plan"),
    (
        result(*[GOOD] * 8, *[BAD] * 2, adverse=-1.0),
        Verdict.HIGH_RISK,
        "It works only if the utilisation of the servers is at least 85.0 % of the planned one.",
    ),
    (result(*[GOOD] * 5, *[BAD] * 5), Verdict.DO_NOT_BUILD, "50.0 % of 10 draws lose"),
    (result(*[GOOD] * 10, planned=-1.0), Verdict.DO_NOT_BUILD, "the plan itself is worth −1 EUR"),
]


@pytest.mark.parametrize(("risk", "verdict", "said"), RULES)
def test_the_rules_of_the_verdict(risk, verdict, said):
    assert judge_risk(risk) is verdict
    assert said in explain_risk(risk).replace("\u202f", " ").replace("\xa0", " ")


def test_quantiles_are_those_of_the_operator():
    spread = result(*map(float, range(101)))
    assert (spread.quantile(0.1), spread.quantile(0.5)) == (10.0, 50.0)
    assert spread.customer_loss_frac == 0.0
