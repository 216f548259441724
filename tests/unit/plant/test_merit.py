"""Many sources and one store against HiGHS, by their own proof, and at their edges."""

from dataclasses import replace

import numpy as np
import pytest
from dispatch_lp import cost_of_sources

from exotherm.plant.dispatch.merit import STORE, Sources, route

INSTANCES, BATCHES = 400, 4


def any_sources(seed: int) -> Sources:
    """Draw sources and their time: some off, negative costs, no store, a vast one."""
    rng = np.random.default_rng(seed)
    steps, count = int(rng.choice([1, 2, 3, 8, 24, 48])), int(rng.integers(1, 7))
    shape = (steps, count)
    return Sources(
        heat_kw_max=rng.uniform(0, 100, shape) * rng.choice([0, 1], shape, p=[0.2, 0.8]),
        cost_per_kwh=np.round(rng.normal(0.1, 0.1, shape), int(rng.choice([1, 9]))),
        demand_kw=rng.uniform(0, 200, steps) * rng.choice([0, 1], steps, p=[0.1, 0.9]),
        step_h=float(rng.choice([0.25, 1.0, 3.0])),
        store_kwh=float(rng.choice([0, 1, 50, 600, 20_000])),
        store_loss_frac_per_h=float(rng.choice([0, 0, 0.002, 0.05, 0.5])),
        unmet_cost_per_kwh=float(rng.choice([0.5, 3.0])),
    )


def three_days(**changes) -> Sources:
    hour = np.arange(72)
    rng = np.random.default_rng(4)
    given = {
        "heat_kw_max": np.column_stack([np.full(72, 60.0), np.full(72, 40.0), np.full(72, 300.0)]),
        "cost_per_kwh": np.column_stack(
            [0.02 + 0.01 * np.cos(hour / 4.0), rng.uniform(0.03, 0.08, 72), np.full(72, 0.11)]
        ),
        "demand_kw": 40.0 + 110.0 * np.sin(hour / 3.8) ** 2,
        "step_h": 1.0,
        "store_kwh": 150.0,
        "store_loss_frac_per_h": 0.002,
        "unmet_cost_per_kwh": 2.0,
    }
    return Sources(**{**given, **changes})


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_dispatch_is_cheaper_says_highs(batch):
    for seed in range(batch, INSTANCES, BATCHES):
        problem = any_sources(seed)
        found = route(problem)
        assert found.cost == pytest.approx(cost_of_sources(problem), rel=1e-9, abs=1e-9), seed
        assert found.is_optimal, seed


@pytest.mark.parametrize("seed", range(120))
def test_the_dispatch_is_one(seed):
    problem = any_sources(seed)
    found = route(problem)
    slack = 1e-9 * (1.0 + problem.store_kwh + problem.demand_kw.sum())
    assert (found.heat_kw >= -slack).all()
    assert (found.heat_kw <= problem.heat_kw_max + slack).all()
    assert (found.content_kwh >= -slack).all()
    assert (found.content_kwh <= problem.store_kwh + slack).all()
    given_kwh = (found.heat_kw.sum(axis=1) + found.unmet_kw) * problem.step_h
    stored_kwh = found.content_kwh - problem.kept_frac * np.roll(found.content_kwh, 1)
    assert given_kwh - stored_kwh == pytest.approx(problem.demand_kw * problem.step_h, abs=slack)
    cost = (found.heat_kw * problem.cost_per_kwh).sum() * problem.step_h
    cost += found.unmet_kw.sum() * problem.step_h * problem.unmet_cost_per_kwh
    assert found.cost == pytest.approx(cost, rel=1e-9, abs=1e-9)


def test_without_a_store_the_cheapest_run_first():
    problem = three_days(store_kwh=0.0)
    found = route(problem)
    for step in range(72):
        left_kw = problem.demand_kw[step]
        for number in np.argsort(problem.cost_per_kwh[step]):
            used_kw = min(left_kw, problem.heat_kw_max[step, number])
            assert found.heat_kw[step, number] == pytest.approx(used_kw, abs=1e-9)
            left_kw -= used_kw
        at = int(found.marginal[step])
        assert found.heat_price_per_kwh[step] == pytest.approx(problem.cost_per_kwh[step, at])


def test_the_price_is_what_a_little_more_demand_costs():
    problem = three_days()
    before = route(problem)
    for step in (3, 20, 41, 66):
        more = problem.demand_kw.copy()
        more[step] += 1e-4
        after = route(replace(problem, demand_kw=more))
        price = (after.cost - before.cost) / 1e-4
        assert before.heat_price_per_kwh[step] == pytest.approx(price, rel=1e-4)


def test_the_stores_worth_is_what_a_little_more_of_it_saves():
    before, after = route(three_days(store_kwh=40.0)), route(three_days(store_kwh=40.01))
    saved = (before.cost - after.cost) / 0.01
    assert before.saved_per_store_kwh == pytest.approx(saved, rel=1e-3)
    assert saved > 0.0


def test_demand_beyond_all_sources_is_unmet_and_sets_the_price():
    problem = three_days(demand_kw=np.full(72, 500.0), store_kwh=0.0)
    found = route(problem)
    assert found.unmet_kw == pytest.approx(100.0)
    assert set(found.marginal) == {3}
    assert found.heat_price_per_kwh == pytest.approx(2.0)


def test_where_the_store_moves_heat_it_sets_the_price():
    found = route(three_days())
    assert (found.marginal == STORE).any()
    assert set(found.marginal) <= {STORE, 0, 1, 2}
