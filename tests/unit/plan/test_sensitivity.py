"""Indices and the worth of knowing: functions whose answers are known, then a plant."""

import math

import numpy as np
import pytest
from certain import CERTAIN

from exotherm.plan.finding_out import explain_weighed, weigh
from exotherm.plan.risk_ranges import FIELD_OF, RISK_FACTORS, RiskFactor, deviates_of, sequence
from exotherm.plan.sensitivity import Sensitivity, indices_of, sense, worth_of_knowing
from exotherm.site.risk import FindingOut


def indices(function, dimensions: int, points: int = 8_192):
    both = sequence(points, 2 * dimensions)
    first, second = both[:, :dimensions], both[:, dimensions:]
    mixed = []
    for column in range(dimensions):
        changed = first.copy()
        changed[:, column] = second[:, column]
        mixed.append(function(changed))
    return indices_of(function(first), function(second), np.array(mixed))


def test_the_function_of_ishigami():
    """sin x + 7 sin² y + 0.1 z⁴ sin x: 0.3139, 0.4424, 0 alone; 0.5576, 0.4424, 0.2437 in all."""

    def ishigami(points):
        x, y, z = (2.0 * math.pi * points - math.pi).T
        return np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)

    firsts, totals = indices(ishigami, 3)
    assert firsts == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert totals == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)


def test_the_g_function_of_sobol():
    """Product of (|4x - 2| + a) / (1 + a): V_i = 1 / (3 (1 + a)²)."""
    shapes = np.array([0.0, 1.0, 4.5, 9.0])

    def g(points):
        return ((np.abs(4.0 * points - 2.0) + shapes) / (1.0 + shapes)).prod(axis=1)

    parts = 1.0 / (3.0 * (1.0 + shapes) ** 2)
    variance = (1.0 + parts).prod() - 1.0
    firsts, totals = indices(g, 4)
    assert firsts == pytest.approx(parts / variance, abs=0.02)
    whole = [part * np.delete(1.0 + parts, at).prod() for at, part in enumerate(parts)]
    assert totals == pytest.approx(np.array(whole) / variance, abs=0.02)


def test_what_does_not_move_has_no_indices():
    firsts, totals = indices(lambda points: np.ones(points.shape[0]), 3, points=64)
    assert (firsts == 0.0).all()
    assert (totals == 0.0).all()


@pytest.mark.parametrize(
    ("mean", "known", "other"), [(0.5, 1.0, 0.0), (0.2, 0.8, 0.6), (-1.0, 2.0, 1.0)]
)
def test_the_worth_of_knowing_a_part_of_a_normal_sum(mean, known, other):
    """E[max(0, m + sZ)] = m Φ(m/s) + s φ(m/s), less what deciding at once brings."""
    points = deviates_of(sequence(60_000, 2))
    worth = worth_of_knowing(points[:, 0], mean + known * points[:, 0] + other * points[:, 1])
    ratio = mean / known
    density = math.exp(-0.5 * ratio**2) / math.sqrt(2.0 * math.pi)
    chance = 0.5 * (1.0 + math.erf(ratio / math.sqrt(2.0)))
    assert worth == pytest.approx(mean * chance + known * density - max(0.0, mean), abs=0.01)


def test_knowing_what_has_no_part_in_it_is_worth_nothing():
    points = deviates_of(sequence(60_000, 2))
    assert worth_of_knowing(points[:, 0], 0.3 + points[:, 1]) < 0.01
    # Nor by as few runs as a project gets, where its worth scatters far around nought or above.
    some = points[:2_500]
    assert worth_of_knowing(some[:, 0], 0.2 + some[:, 1]) < 0.004
    # Few points do not make it look like something.
    assert worth_of_knowing(points[:40, 0], 0.3 + points[:40, 1]) == 0.0


@pytest.fixture(scope="module")
def pool(pool_site, pool_contract, pool_surroundings):
    return pool_site, pool_contract, pool_surroundings


@pytest.fixture(scope="module")
def found(pool) -> Sensitivity:
    return sense(*pool, runs=2_000, simulated=120, threads=2)


def test_a_plant_without_a_heat_pump_does_not_mind_its_efficiency(found):
    by = {one.factor: one for one in found.indices}
    assert by[RiskFactor.HEAT_PUMP].total_frac < 1e-4
    assert found.indices[0].factor is RiskFactor.UTILISATION
    assert sum(one.first_frac for one in found.indices) == pytest.approx(1.0, abs=0.15)
    assert found.fit_error_frac < 0.02
    assert 2_000 <= found.runs < 2_000 + len(RISK_FACTORS) + 2


def test_it_is_the_same_by_any_number_of_threads(pool, found):
    assert sense(*pool, runs=2_000, simulated=120, threads=1) == found


def test_what_cannot_move_the_plan_says_why(found):
    still = dict(found.still)
    assert still == {
        RiskFactor.HEAT_PUMP: "the plant has no heat pump",
        RiskFactor.BUILD_OUT: "all servers are there from the first day",
    }
    for one in found.indices:
        if one.factor in still:
            assert one.total_frac < 1e-4
            assert one.worth_knowing == pytest.approx(0.0, abs=1.0)


# --- What finding out costs


def way(about: str, amount: float) -> FindingOut:
    return FindingOut(about=about, name=f"ask about {about}", amount=amount, source="an offer")


def test_ways_to_find_out_are_weighed_by_what_they_may_bring_beyond_their_cost():
    worth = dict.fromkeys(RISK_FACTORS, 0.0) | {
        RiskFactor.INVESTMENT: 9_000.0,
        RiskFactor.DEMAND: 2_000.0,
    }
    ways = (way("demand", 500.0), way("investment", 8_500.0), way("demand", 2_000.0))
    weighed = weigh((*ways, way("outdoor", 1.0)), worth)
    assert [(one.factor, one.gain, one.is_worth_doing) for one in weighed] == [
        (RiskFactor.DEMAND, 1_500.0, True),
        (RiskFactor.INVESTMENT, 500.0, True),
        (RiskFactor.DEMAND, 0.0, False),
        (RiskFactor.OUTDOOR, -1.0, False),
    ]
    said = explain_weighed(weighed, "EUR").replace("\u202f", " ").replace("\xa0", " ")
    assert said == (
        "Of the ways to find out whose cost is stated, this is worth doing first: ask about "
        "demand, for 500 EUR, about the customers' heat, which is worth knowing up to 2 000 EUR."
    )
    assert explain_weighed(weighed[2:], "EUR").startswith("None of the ways")
    assert explain_weighed((), "EUR") == ""


def test_every_assumption_can_be_found_out_about():
    worth = dict.fromkeys(RISK_FACTORS, 1.0)
    ways = tuple(way(field, 0.5) for field in FIELD_OF.values())
    assert {one.factor for one in weigh(ways, worth)} == set(RISK_FACTORS)


def test_a_cost_that_the_site_states_stands_beside_the_worth(pool, found):
    site, contract, surroundings = pool
    assert found.finding_out == ()
    assert "cost is stated" not in found.text
    own = site.risk.model_copy(update={"finding_out": (way("utilisation", 1e9),)})
    asked = sense(
        site.model_copy(update={"risk": own}),
        contract,
        surroundings,
        runs=2_000,
        simulated=120,
        threads=2,
    )
    (one,) = asked.finding_out
    by = {index.factor: index for index in asked.indices}
    assert one.worth == by[RiskFactor.UTILISATION].worth_knowing
    assert not one.is_worth_doing
    assert asked.indices == found.indices


def test_where_nothing_is_uncertain_nothing_moves(pool):
    site, contract, surroundings = pool
    quiet = sense(
        site.model_copy(update={"risk": CERTAIN}), contract, surroundings, runs=200, simulated=20
    )
    assert quiet.text.startswith("Nothing moves the present value")
    assert all(one.total_frac == 0.0 for one in quiet.indices)
    assert len(quiet.indices) == len(RISK_FACTORS)
