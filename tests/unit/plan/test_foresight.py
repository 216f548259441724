"""The rule of the plant beside the best way to run it."""

from dataclasses import replace
from pathlib import Path

import pytest

from exotherm.plan.changes import with_table
from exotherm.plan.foresight import Foresight, foresee, levels_of, told_of
from exotherm.plan.year import STEP, simulate_year, year_period
from exotherm.plant.build import build_plant
from exotherm.plant.expose import expose
from exotherm.usecases.workspace import load_workspace, ready

EXAMPLES = Path(__file__).parents[3] / "examples"


def opened(example):
    workspace = ready(load_workspace(EXAMPLES / example))
    assert workspace is not None
    return workspace.site, workspace.surroundings


@pytest.mark.parametrize("example", ["school", "district-heating"])
def test_no_rule_is_better_than_the_best(example):
    site, surroundings = opened(example)
    found = foresee(site, surroundings, simulate_year(site, surroundings))
    assert found.cost_best < found.cost_rule < found.cost_boiler
    assert found.reached_frac is not None
    assert 0.4 < found.reached_frac < 1.0
    assert found.saved_per_store_m3 >= 0.0


def test_what_it_asks_and_gives_is_that_of_the_year():
    """A second sum: demand and source of the problem are those of the simulated year."""
    site, surroundings = opened("school")
    year = simulate_year(site, surroundings)
    conditions = expose(site, surroundings, year_period(site), step=STEP).conditions
    levels, own = levels_of(site, build_plant(site), conditions, year)
    asked = float((levels.low_demand_kw + levels.high_demand_kw).sum())
    assert asked == pytest.approx(year.heat_demand_kwh, rel=1e-9)
    assert float(levels.source_kw.sum()) == pytest.approx(year.with_heat.energy_kwh("captured_kw"))
    # What was exchanged directly is no more than the lower level asks and the store loses of it.
    lost = year.with_heat.energy_kwh("buffer_loss_kw") + year.with_heat.energy_kwh(
        "buffer_stored_kw"
    )
    exchanged = year.with_heat.energy_kwh("exchanged_kw")
    assert exchanged <= float(levels.low_demand_kw.sum()) + lost
    assert own == 1.0


def test_another_cubic_metre_saves_what_its_slope_says():
    site, surroundings = opened("school")
    larger = with_table(site, "buffer", volume_m3=site.buffer.volume_m3 * 1.02)
    before, after = (
        foresee(one, surroundings, simulate_year(one, surroundings)) for one in (site, larger)
    )
    saved = before.cost_best - after.cost_best
    assert saved == pytest.approx(0.02 * site.buffer.volume_m3 * before.saved_per_store_m3, rel=0.1)


def test_electricity_that_costs_the_earth_leaves_the_heat_pump_off():
    site, surroundings = opened("housing-block")
    dear = with_table(site, "economics", electricity_per_kwh=50.0)
    found = foresee(dear, surroundings, simulate_year(dear, surroundings))
    assert found.saved_per_heat_pump_kw == pytest.approx(0.0, abs=1e-3)


def test_a_rule_that_saves_more_than_the_bound_is_not_cut_to_it():
    """The bound holds at the plan's own temperatures; a rule that runs cooler may pass it."""
    found = Foresight(
        cost_boiler=100.0,
        cost_rule=40.0,
        cost_best=60.0,
        saved_per_store_m3=0.0,
        saved_per_heat_pump_kw=None,
        text="",
    )
    assert found.reached_frac == 1.5
    assert "150.0" in told_of(found, "EUR").text
    assert "cooler at times" in told_of(found, "EUR").text
    within = replace(found, cost_rule=70.0)
    assert "at most 10\N{NO-BREAK SPACE}EUR a year are left" in told_of(within, "EUR").text
