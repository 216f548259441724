"""Exact dispatch against HiGHS, by its own proof, and at its edges."""

from dataclasses import replace

import numpy as np
import pytest
from dispatch_lp import solve_lowest_load, solve_lp

from exotherm.plant.dispatch.levels import Levels, dispatch_levels
from exotherm.plant.dispatch.problem import Dispatch
from exotherm.plant.dispatch.repair import dispatch_with_lowest_load
from exotherm.plant.dispatch.sizing import size_year
from exotherm.plant.dispatch.solve import Infeasible, Schedule, dispatch_ahead, dispatch_year
from exotherm.plant.dispatch.starts import Started, dispatch_with_starts

INSTANCES, BATCHES = 1_000, 8


def any_problem(seed: int) -> Dispatch:
    """Draw a plant and its time: idle servers, negative prices, no tank, a vast tank, no boiler."""
    rng = np.random.default_rng(seed)
    steps = int(rng.choice([1, 2, 3, 8, 24, 48, 96]))
    return Dispatch(
        source_kw=rng.uniform(0, 120, steps) * rng.choice([0, 1], steps, p=[0.1, 0.9]),
        demand_kw=rng.uniform(0, 200, steps) * rng.choice([0, 1], steps, p=[0.1, 0.9]),
        direct_kw_max=np.where(rng.random(steps) < 0.2, 0.0, rng.uniform(0, 120, steps)),
        cop=np.where(rng.random(steps) < 0.1, 1.0, rng.uniform(1, 7, steps)),
        electricity_per_kwh=rng.normal(0.12, 0.12, steps),
        step_h=float(rng.choice([0.25, 0.5, 1.0, 3.0])),
        heat_pump_kw_max=float(rng.choice([0, 5, 30, 500])),
        tank_kwh=float(rng.choice([0, 1, 50, 600, 20_000])),
        tank_loss_frac_per_h=float(rng.choice([0, 0, 0.002, 0.05, 0.5])),
        boiler_kw_max=float(rng.choice([0, 20, 60, 400, 400, 400])),
        boiler_cost_per_kwh=float(rng.choice([0.08, 0.03, 0.2])),
        rejection_frac=float(rng.choice([0, 0.03, 0.2])),
    )


def long_year(hours: int = 8_760, seed: int = 5) -> Dispatch:
    rng = np.random.default_rng(seed)
    hour = np.arange(hours)
    winter = 1.0 + np.cos(2 * np.pi * hour / 8_760)
    return Dispatch(
        source_kw=np.full(hours, 100.0),
        demand_kw=20.0 + 60.0 * winter * rng.uniform(0.5, 1.5, hours),
        direct_kw_max=np.full(hours, 35.0),
        cop=rng.uniform(3.0, 6.0, hours),
        electricity_per_kwh=rng.normal(0.13, 0.05, hours),
        step_h=1.0,
        heat_pump_kw_max=30.0,
        tank_kwh=600.0,
        tank_loss_frac_per_h=0.002,
        boiler_kw_max=400.0,
        boiler_cost_per_kwh=0.0815,
        rejection_frac=0.03,
    )


def assert_holds(problem: Dispatch, schedule: Schedule) -> None:
    """Check by the equations of the problem that a schedule is one, and what it costs."""
    supplied_kw = (
        schedule.direct_kw
        + problem.cop * schedule.heat_pump_power_kw
        + schedule.boiler_kw
        + schedule.unmet_kw
    )
    before = problem.kept_frac * np.roll(schedule.content_kwh, 1)
    balance = before + problem.step_h * (supplied_kw - problem.demand_kw) - schedule.content_kwh
    scale = 1.0 + problem.tank_kwh + problem.demand_kw.max() * problem.step_h
    assert np.abs(balance).max() <= 1e-9 * scale
    taken_kw = schedule.direct_kw + (problem.cop - 1.0) * schedule.heat_pump_power_kw
    assert np.abs(taken_kw + schedule.rejected_kw - problem.source_kw).max() <= 1e-9 * scale
    slack = 1e-9 * scale
    for flow, most in (
        (schedule.direct_kw, problem.direct_kw_max),
        (schedule.heat_pump_power_kw, problem.heat_pump_kw_max),
        (schedule.boiler_kw, problem.boiler_kw_max),
        (schedule.content_kwh, problem.tank_kwh),
        (schedule.rejected_kw, problem.source_kw),
    ):
        assert (flow >= -slack).all()
        assert (flow <= most + slack).all()
    electricity_kw = schedule.heat_pump_power_kw + problem.rejection_frac * schedule.rejected_kw
    cost = problem.step_h * (
        problem.electricity_per_kwh @ electricity_kw
        + problem.boiler_cost_per_kwh * schedule.boiler_kw.sum()
    )
    assert schedule.cost == pytest.approx(cost, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_it_is_the_optimum_of_highs(batch):
    infeasible = 0
    for seed in range(batch, INSTANCES, BATCHES):
        problem = any_problem(seed)
        found, expected = dispatch_year(problem), solve_lp(problem).cost
        if isinstance(found, Infeasible):
            assert expected is None, seed
            assert 0 <= found.step < problem.steps
            infeasible += 1
            continue
        assert expected is not None, seed
        assert found.cost == pytest.approx(expected, rel=1e-8, abs=1e-8), seed
        assert found.is_optimal, (seed, found.gap_frac)
        assert_holds(problem, found)
    assert infeasible > 10


def test_a_year_is_the_optimum_of_highs():
    problem = long_year()
    found = dispatch_year(problem)
    assert isinstance(found, Schedule)
    assert found.cost == pytest.approx(solve_lp(problem).cost, rel=1e-9)
    assert found.is_optimal
    assert_holds(problem, found)


@pytest.mark.parametrize(
    "changes",
    [
        {"tank_kwh": 0.0},
        {"tank_kwh": 1e6, "tank_loss_frac_per_h": 0.0},
        {"tank_kwh": 1e6, "tank_loss_frac_per_h": 1e-4},
        {"heat_pump_kw_max": 0.0},
        {"boiler_kw_max": 130.0},
    ],
)
def test_tanks_that_are_never_full_and_plants_that_lack_a_part(changes):
    problem = replace(long_year(1_000), **changes)
    found, expected = dispatch_year(problem), solve_lp(problem).cost
    if expected is None:
        assert isinstance(found, Infeasible)
        return
    assert isinstance(found, Schedule)
    assert found.cost == pytest.approx(expected, rel=1e-8)
    assert found.gap_frac <= 1e-8
    assert_holds(problem, found)


def test_steps_of_a_quarter_see_the_same_year():
    """The same hours in quarters, without losses, cost the same."""
    problem = replace(long_year(500), tank_loss_frac_per_h=0.0)
    quarters = replace(
        problem,
        step_h=0.25,
        source_kw=np.repeat(problem.source_kw, 4),
        demand_kw=np.repeat(problem.demand_kw, 4),
        direct_kw_max=np.repeat(problem.direct_kw_max, 4),
        cop=np.repeat(problem.cop, 4),
        electricity_per_kwh=np.repeat(problem.electricity_per_kwh, 4),
    )
    hourly, quarterly = dispatch_year(problem), dispatch_year(quarters)
    assert isinstance(hourly, Schedule)
    assert isinstance(quarterly, Schedule)
    assert quarterly.cost == pytest.approx(hourly.cost, rel=1e-9)


def test_prices_are_what_another_kilowatt_hour_costs():
    problem = long_year(200)
    found = dispatch_year(problem)
    assert isinstance(found, Schedule)
    for step in (0, 17, 60, 140, 199):
        more = problem.demand_kw.copy()
        more[step] += 1e-3
        dearer = dispatch_year(replace(problem, demand_kw=more))
        assert isinstance(dearer, Schedule)
        slope = (dearer.cost - found.cost) / 1e-3
        less = problem.demand_kw.copy()
        less[step] -= 1e-3
        cheaper = dispatch_year(replace(problem, demand_kw=less))
        assert isinstance(cheaper, Schedule)
        before = (found.cost - cheaper.cost) / 1e-3
        price = found.heat_price_per_kwh[step]
        assert before - 1e-6 <= price <= slope + 1e-6


def test_demand_that_nobody_can_meet_is_named_or_priced():
    problem = replace(long_year(300), boiler_kw_max=0.0, heat_pump_kw_max=5.0)
    found = dispatch_year(problem)
    assert isinstance(found, Infeasible)
    priced = dispatch_year(replace(problem, unmet_cost_per_kwh=10.0))
    assert isinstance(priced, Schedule)
    assert priced.unmet_kw.sum() > 0.0
    assert priced.is_optimal
    assert priced.heat_price_per_kwh.max() == pytest.approx(10.0)


@pytest.mark.parametrize("seed", range(6))
def test_sizes_are_those_of_highs(seed):
    problem = replace(long_year(1_500, seed), heat_pump_kw_max=200.0, tank_kwh=20_000.0)
    costs = {"heat_pump_cost_per_kw": 60.0 + 10 * seed, "tank_cost_per_kwh": 0.2 + 0.1 * seed}
    found = size_year(problem, **costs)
    assert not isinstance(found, Infeasible)
    lp = solve_lp(
        problem,
        heat_pump_cost=costs["heat_pump_cost_per_kw"],
        tank_cost=costs["tank_cost_per_kwh"],
    )
    assert found.cost == pytest.approx(lp.cost, rel=1e-7)
    assert found.cost_min <= found.cost * (1 + 1e-12)
    assert found.gap_frac <= 1e-7


def test_sizes_where_the_boiler_is_not_enough():
    problem = replace(long_year(800), heat_pump_kw_max=200.0, tank_kwh=5_000.0, boiler_kw_max=60.0)
    found = size_year(problem, heat_pump_cost_per_kw=60.0, tank_cost_per_kwh=0.3)
    assert not isinstance(found, Infeasible)
    lp = solve_lp(problem, heat_pump_cost=60.0, tank_cost=0.3)
    assert found.cost == pytest.approx(lp.cost, rel=1e-6)
    assert found.schedule.unmet_kw.max() <= 1e-6


def test_slopes_of_sizes_are_those_of_the_cost():
    """By differences: what another kW and kWh change, at sizes inside of a piece."""
    problem = long_year(600)
    found = size_year(problem, heat_pump_cost_per_kw=0.0, tank_cost_per_kwh=0.0)
    assert not isinstance(found, Infeasible)
    middle = found.tried[0]

    def cost(heat_pump_kw: float, tank_kwh: float) -> float:
        year = dispatch_year(problem.sized(heat_pump_kw_max=heat_pump_kw, tank_kwh=tank_kwh))
        assert isinstance(year, Schedule)
        return year.cost

    at, step = (middle.heat_pump_kw, middle.tank_kwh), 1e-4
    for slope, left, right in (
        (middle.per_heat_pump_kw, cost(at[0] - step, at[1]), cost(at[0] + step, at[1])),
        (middle.per_tank_kwh, cost(at[0], at[1] - step), cost(at[0], at[1] + step)),
    ):
        here = cost(*at)
        assert (here - left) / step - 1e-4 <= slope <= (right - here) / step + 1e-4


# --- A lowest load


@pytest.mark.parametrize("seed", range(12))
def test_a_mended_schedule_keeps_the_lowest_load_and_its_gap_is_true(seed):
    """HiGHS's branch and bound lies between the bound and the mended cost."""
    problem = replace(long_year(60, seed), heat_pump_kw_max=20.0 + 5.0 * (seed % 3))
    share = (0.2, 0.4, 0.6)[seed % 3]
    found = dispatch_with_lowest_load(problem, share)
    assert isinstance(found, Schedule)
    assert_holds(problem, found)
    power_kw = found.heat_pump_power_kw
    lowest_kw = share * problem.heat_pump_kw_max
    assert ((power_kw <= 1e-6) | (power_kw >= lowest_kw - 1e-6)).all()
    least = solve_lowest_load(problem, share)
    assert least is not None
    assert found.cost_min <= least + 1e-6
    assert least <= found.cost + 1e-6
    assert found.cost <= least * 1.02


def test_without_a_lowest_load_it_is_the_optimum():
    problem = long_year(300)
    plain, mended = dispatch_year(problem), dispatch_with_lowest_load(problem, 0.0)
    assert isinstance(plain, Schedule)
    assert isinstance(mended, Schedule)
    assert mended.cost == plain.cost


def test_a_source_that_cannot_feed_the_lowest_load_never_runs_it():
    problem = replace(long_year(200), source_kw=np.full(200, 20.0))
    found = dispatch_with_lowest_load(problem, 0.9)
    assert isinstance(found, Schedule)
    assert found.heat_pump_power_kw.max() <= 1e-9
    assert found.gap_frac > 0.0


# --- Starts that cost


@pytest.mark.parametrize("batch", range(4))
def test_starts_cost_what_branch_and_bound_finds(batch):
    """Any plant and time, up to a hundred steps: cost, bound and HiGHS's own optimum agree."""
    tried = 0
    for seed in range(batch, 160, 4):
        problem = any_problem(seed)
        # A single step is its own before, which the oracle cannot write down.
        if problem.heat_pump_kw_max == 0.0 or problem.steps == 1:
            continue
        rng = np.random.default_rng(seed)
        share, cost = float(rng.choice([0.2, 0.4, 0.7])), float(rng.choice([0.1, 1.0, 5.0, 20.0]))
        found = dispatch_with_starts(problem, load_frac_min=share, cost_per_start=cost)
        least = solve_lowest_load(problem, share, cost_per_start=cost)
        if least is None:
            assert isinstance(found, Infeasible), seed
            continue
        assert isinstance(found, Started), seed
        slack = 3e-6 * max(1.0, abs(least))
        assert found.schedule.cost_min - slack <= least <= found.schedule.cost + slack, seed
        assert found.schedule.cost <= least + slack, seed
        assert_starts_hold(problem, found, share, cost)
        tried += 1
    assert tried > 10


def assert_starts_hold(problem: Dispatch, found: Started, share: float, cost: float) -> None:
    """Check a schedule by the problem's equations, its lowest load and the starts it pays."""
    plain = replace(found.schedule, cost=found.schedule.cost - cost * found.starts)
    assert_holds(problem, plain)
    power_kw, lowest_kw = plain.heat_pump_power_kw, share * problem.heat_pump_kw_max
    slack_kw = 1e-6 * (1.0 + problem.heat_pump_kw_max)
    assert (power_kw[found.running] >= lowest_kw - slack_kw).all()
    assert (power_kw[~found.running] <= slack_kw).all()
    before = np.roll(found.running, 1)
    assert found.starts == (found.running & ~before).sum()


def test_the_dearer_a_start_the_fewer_there_are():
    problem = long_year(1_500)
    found = [
        dispatch_with_starts(problem, load_frac_min=0.3, cost_per_start=cost)
        for cost in (0.01, 0.5, 5.0)
    ]
    assert all(isinstance(one, Started) for one in found)
    starts = [one.starts for one in found if isinstance(one, Started)]
    assert starts == sorted(starts, reverse=True)
    assert starts[0] > starts[-1]
    for one, cost in zip(found, (0.01, 0.5, 5.0), strict=True):
        assert isinstance(one, Started)
        assert_starts_hold(problem, one, 0.3, cost)
        assert one.schedule.gap_frac < 0.02


def test_the_bound_with_free_starts_is_no_worse_than_the_convex_one():
    problem = long_year(600)
    convex = dispatch_year(problem)
    found = dispatch_with_starts(problem, load_frac_min=0.5, cost_per_start=0.0)
    mended = dispatch_with_lowest_load(problem, 0.5)
    assert isinstance(convex, Schedule)
    assert isinstance(mended, Schedule)
    assert isinstance(found, Started)
    assert convex.cost <= found.schedule.cost_min + 1e-6
    assert found.schedule.cost <= mended.cost + 1e-6


def test_a_rare_peak_is_met_by_what_is_built_however_dear():
    """One hour of ten kilowatts in a year of one: sizes meet it, or the penalty was too small."""
    demand_kw = np.ones(8_760)
    demand_kw[500] = 10.0
    ones = np.ones(8_760)
    problem = replace(
        long_year(),
        source_kw=20.0 * ones,
        demand_kw=demand_kw,
        direct_kw_max=ones,
        cop=2.0 * ones,
        electricity_per_kwh=0.05 * ones,
        heat_pump_kw_max=30.0,
        tank_kwh=50.0,
        boiler_kw_max=8.0,
    )
    found = size_year(problem, heat_pump_cost_per_kw=300.0, tank_cost_per_kwh=60.0)
    assert not isinstance(found, Infeasible)
    assert found.schedule.unmet_kw.max() <= 1e-6
    assert found.cost == pytest.approx(
        solve_lp(problem, heat_pump_cost=300.0, tank_cost=60.0).cost, rel=1e-6
    )


def test_a_vast_empty_tank_meets_no_demand():
    nothing = np.zeros(1)
    problem = replace(
        long_year(1),
        source_kw=nothing,
        demand_kw=np.ones(1),
        step_h=0.25,
        heat_pump_kw_max=0.0,
        boiler_kw_max=0.0,
        tank_kwh=1e9,
    )
    assert isinstance(dispatch_year(problem), Infeasible)


# --- The time ahead


@pytest.mark.parametrize("batch", range(4))
def test_a_plan_ahead_is_the_optimum_of_highs(batch):
    """Any start, any worth of what is left; the proof that comes with it holds as well."""
    for seed in range(batch, 240, 4):
        problem = any_problem(50_000 + seed)
        rng = np.random.default_rng(seed)
        start_kwh = float(rng.choice([0.0, rng.random(), 1.0])) * problem.tank_kwh
        worth = float(rng.choice([0.0, 0.05, 0.3, -0.1]))
        ours = dispatch_ahead(problem, start_kwh=start_kwh, worth_per_kwh=worth)
        theirs = solve_lp(problem, ahead=(start_kwh, worth))
        if theirs.cost is None:
            assert isinstance(ours, Infeasible), seed
            continue
        assert isinstance(ours, Schedule), seed
        left = worth * ours.content_kwh[-1]
        assert ours.cost - left == pytest.approx(theirs.cost, rel=1e-9, abs=1e-7), seed
        assert ours.gap_frac <= 1e-8, seed


def test_a_year_opened_at_its_joint_is_the_same_year():
    """What a year's own prices say content is worth, and its own content, give it again."""
    problem = long_year(8_760)
    year = dispatch_year(problem)
    assert isinstance(year, Schedule)
    ahead = dispatch_ahead(
        problem,
        start_kwh=float(year.content_kwh[-1]),
        worth_per_kwh=problem.kept_frac * float(year.heat_price_per_kwh[0]),
    )
    assert isinstance(ahead, Schedule)
    assert ahead.cost == pytest.approx(year.cost, rel=1e-6)


# --- Two levels


def levels_of(problem: Dispatch, **changes) -> Levels:
    """Give the same plant with all of its demand on the lower level."""
    return Levels(
        **{
            "source_kw": problem.source_kw,
            "low_demand_kw": problem.demand_kw,
            "high_demand_kw": np.zeros(problem.steps),
            "direct_kw_max": problem.direct_kw_max,
            "cop": problem.cop,
            "heat_pump_kw_max": np.full(problem.steps, problem.heat_pump_kw_max),
            "electricity_per_kwh": problem.electricity_per_kwh,
            "step_h": problem.step_h,
            "tank_low_kwh": problem.tank_kwh,
            "tank_kwh": problem.tank_kwh,
            "tank_loss_frac_per_h": problem.tank_loss_frac_per_h,
            "boiler_cost_per_kwh": problem.boiler_cost_per_kwh,
            "rejection_frac": problem.rejection_frac,
            **changes,
        }
    )


@pytest.mark.parametrize("seed", range(60))
def test_a_single_level_is_the_exact_dispatch(seed):
    """Two programs that share no line: HiGHS on two levels, and the values of one store."""
    problem = replace(any_problem(80_000 + seed), boiler_kw_max=1e6)
    exact = dispatch_year(problem)
    assert isinstance(exact, Schedule)
    assert dispatch_levels(levels_of(problem)).cost == pytest.approx(exact.cost, rel=1e-7, abs=1e-6)


@pytest.mark.parametrize("seed", range(30))
def test_what_the_source_does_not_reach_costs_more(seed):
    """Demand moved to the upper level never costs less; without direct use it costs the same."""
    problem = replace(any_problem(90_000 + seed), boiler_kw_max=1e6)
    low = levels_of(problem)
    nothing = np.zeros(problem.steps)
    high = levels_of(problem, low_demand_kw=nothing, high_demand_kw=problem.demand_kw)
    # The cheapest may reject at a gain where electricity is paid for, on either level alike.
    assert dispatch_levels(high).cost >= dispatch_levels(low).cost - 1e-6
    without = replace(problem, direct_kw_max=nothing)
    exact = dispatch_year(without)
    assert isinstance(exact, Schedule)
    pumped = levels_of(without, low_demand_kw=nothing, high_demand_kw=problem.demand_kw)
    assert dispatch_levels(pumped).cost == pytest.approx(exact.cost, rel=1e-7, abs=1e-6)


def test_the_slopes_of_two_levels_are_those_of_the_cost():
    problem = long_year(240)
    half = 0.5 * problem.demand_kw
    levels = levels_of(problem, low_demand_kw=half, high_demand_kw=half, tank_low_kwh=200.0)
    at = dispatch_levels(levels)
    more = 1e-3
    larger = replace(
        levels,
        tank_low_kwh=levels.tank_low_kwh * (1 + more),
        tank_kwh=levels.tank_kwh * (1 + more),
    )
    assert at.cost - dispatch_levels(larger).cost == pytest.approx(
        more * at.saved_per_store, rel=0.05
    )
    stronger = replace(levels, heat_pump_kw_max=levels.heat_pump_kw_max + more)
    assert at.cost - dispatch_levels(stronger).cost == pytest.approx(
        more * at.saved_per_heat_pump_kw, rel=0.05
    )
