"""Sizes of the plant: priced by hand, sought within limits, the best of all that were tried."""

from dataclasses import replace
from pathlib import Path

import pytest

from exotherm.plan.changes import with_table
from exotherm.plan.sized import PARTS, Part, sized
from exotherm.plan.sizing import GRID, Edge, Objective, Sizing, size_plant
from exotherm.plan.sizing_words import explain_edges, explain_sizing
from exotherm.plan.study import make_study
from exotherm.site.document import Site
from exotherm.usecases.workspace import load_workspace, ready

EXAMPLES = Path(__file__).parents[3] / "examples"
STORE = PARTS.index(Part.STORE)


@pytest.fixture(scope="module")
def pool(pool_site, pool_contract, pool_surroundings):
    return pool_site, pool_contract, pool_surroundings


@pytest.fixture(scope="module")
def sizing(pool) -> Sizing:
    return size_plant(*pool, threads=2)


def without_exchanger_price(site: Site) -> Site:
    investment = tuple(
        item.model_copy(update={"sized_by": None}) if item.sized_by == "exchanger" else item
        for item in site.economics.investment
    )
    economics = site.economics.model_copy(update={"investment": investment})
    return site.model_copy(update={"economics": economics})


def test_sizes_and_prices_by_hand(pool_site):
    """Twice the store: 5,500 EUR times 2 to 0.53; its surface grows by 2 to two thirds."""
    larger = sized(pool_site, (1.0, 1.0, 2.0, 1.0))
    before, after = (
        {item.name: item.amount for item in site.economics.investment}
        for site in (pool_site, larger)
    )
    changed = {name for name in before if before[name] != after[name]}
    (name,) = changed
    assert name.startswith("Buffer")
    assert after[name] == pytest.approx(5_500.0 * 2.0**0.53)
    assert larger.buffer.volume_m3 == 4.0
    assert larger.buffer.loss_w_per_k == pytest.approx(4.0 * 2.0 ** (2 / 3))
    more = sum(after.values()) / sum(before.values())
    assert larger.economics.upkeep_per_year == pytest.approx(900.0 * more)


def test_the_present_size_is_the_plan(pool, sizing):
    study = make_study(*pool)
    assert sizing.now.npv == pytest.approx(study.finance.npv)
    service = study.ownership.deals[0]
    assert sizing.now.customer_npv == pytest.approx(service.customer.npv)
    assert sizing.now.shares == (1.0,) * len(PARTS)


def test_the_best_is_the_best_of_all_that_keep_the_limits(sizing):
    assert sizing.best is not None
    kept = [one for one in sizing.tried if not one.broken]
    assert sizing.best.worth(sizing.objective) == max(one.worth(sizing.objective) for one in kept)
    assert sizing.parts == (Part.STORE, Part.EXCHANGER)
    assert len(sizing.surface) == len(GRID)


def test_a_slope_is_a_difference(pool, sizing):
    site, contract, surroundings = pool
    assert sizing.best is not None
    slope = dict(sizing.slopes)[Part.STORE]
    more = tuple(
        share * (1.03 if at == STORE else 1.0) for at, share in enumerate(sizing.best.shares)
    )
    larger = sized(site, more)
    added = make_study(larger, contract, surroundings)
    worth = added.finance.npv + added.ownership.deals[0].customer.npv
    size = sizing.best.sizes[STORE]
    assert size is not None
    assert slope == pytest.approx((worth - sizing.best.worth(Objective.BOTH)) / (0.03 * size))


def test_the_front_rises(sizing):
    front = sizing.front
    assert [one.investment for one in front] == sorted(one.investment for one in front)
    worths = [one.worth(sizing.objective) for one in front]
    assert worths == sorted(worths)
    assert front[-1] is sizing.best
    for one in sizing.tried:
        if not one.broken:
            assert any(
                other.investment <= one.investment
                and other.worth(sizing.objective) >= one.worth(sizing.objective)
                for other in front
            )


def test_limits_are_kept_and_threads_change_nothing(pool):
    site, contract, surroundings = pool
    site = with_table(without_exchanger_price(site), "limits", store_m3_max=0.9)
    one, two = (size_plant(site, contract, surroundings, threads=n) for n in (1, 2))
    assert one == two
    assert one.parts == (Part.STORE,)
    assert one.fixed == (Part.EXCHANGER,)
    assert one.best is not None
    assert (one.best.sizes[STORE] or 0.0) <= 0.9
    assert one.now.broken == ("store_m3_max",)
    assert "which break store_m3_max" in explain_sizing(one, "EUR")


def test_no_plant_may_cost_more_than_there_is(pool):
    site, contract, surroundings = pool
    poor = with_table(without_exchanger_price(site), "limits", investment_amount_max=10_000.0)
    found = size_plant(poor, contract, surroundings)
    assert found.best is None
    assert (
        explain_sizing(found, "EUR")
        == "Nothing that was tried keeps the limits: investment_amount_max."
    )


def test_a_price_that_goes_by_no_size_leaves_nothing_to_seek(pool):
    site, contract, surroundings = pool
    bare = without_exchanger_price(site)
    investment = tuple(
        item.model_copy(update={"sized_by": None}) for item in bare.economics.investment
    )
    bare = with_investment_of(bare, investment)
    found = size_plant(bare, contract, surroundings)
    assert found.parts == ()
    assert explain_sizing(found, "EUR").startswith("No size can be sought")


def test_a_best_at_an_edge_is_said_with_what_it_means(sizing):
    """A pool is a store itself: of one beside it less is always better, down to what is tried."""
    smallest = Edge(part=Part.STORE, is_smallest=True, broken=())
    assert smallest in sizing.edges
    assert sizing.best is not None
    others = (one for one in sizing.tried if one.shares[STORE] < sizing.best.shares[STORE])
    assert all(one.worth(sizing.objective) < sizing.best.worth(sizing.objective) for one in others)
    (said,) = explain_edges(sizing)
    assert said.startswith("The store of ")
    assert "the smallest that was tried, and smaller was always better" in said
    held = replace(
        sizing, edges=(Edge(part=Part.STORE, is_smallest=False, broken=("store_m3_max",)),)
    )
    (limited,) = explain_edges(held)
    assert limited.endswith("is worth more, but breaks store_m3_max.")
    losing = replace(sizing, best=replace(sizing.best, npv=-1e9))
    assert "worth building" in explain_edges(losing)[-1]


def with_investment_of(site, investment):
    economics = site.economics.model_copy(update={"investment": investment})
    return site.model_copy(update={"economics": economics})


def test_a_promise_keeps_the_heat_pump_from_shrinking():
    """An operator with a standing fee would do best with no machine at all."""
    block = ready(load_workspace(EXAMPLES / "housing-block"))
    assert block is not None
    site = block.site.model_copy(
        update={
            "economics": block.site.economics.model_copy(
                update={
                    "investment": tuple(
                        item
                        if item.sized_by == "heat pump"
                        else item.model_copy(update={"sized_by": None})
                        for item in block.site.economics.investment
                    )
                }
            )
        }
    )
    found = size_plant(
        site, block.contract, block.surroundings, objective=Objective.OPERATOR, threads=2
    )
    assert found.best is not None
    promised_kw = block.contract.capacity.heat_kw
    assert (found.best.sizes[PARTS.index(Part.HEAT_PUMP)] or 0.0) >= 0.9 * promised_kw
    small = next(one for one in found.surface if one.shares[PARTS.index(Part.HEAT_PUMP)] == 0.25)
    assert "capacity.heat_kw" in small.broken
    machine = site.heat_pump
    assert machine is not None
    half = sized(site, (1.0, 0.5, 1.0, 1.0)).heat_pump
    assert half is not None
    assert [point.heat_kw for point in half.points] == [
        None if point.heat_kw is None else 0.5 * point.heat_kw for point in machine.points
    ]
