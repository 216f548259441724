"""Flows of a heat network: by hand, by a dense Newton of the same equations, and by properties."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.physics.heat_network import (
    Fed,
    PipeTree,
    Taken,
    before_warming_c,
    pumping,
    run_network,
    speeds_ms,
)
from exotherm.physics.pipe import SERIES, bonded_pipe, pair_w_per_mk, viscosity_pa_s
from exotherm.physics.water import density_kg_per_m3

CP, GROUND = 4.18, 10.0
NOBODY = Fed(np.zeros(0, dtype=np.int64), np.zeros((1, 0)))


def tree_of(parents, lengths, dns, series=1, fittings=0.0) -> PipeTree:
    pipes = [bonded_pipe(dn, series) for dn in dns]
    losses = [
        pair_w_per_mk(
            pipe,
            depth_m=0.8,
            apart_m=0.15 + pipe.casing_m,
            insulation_w_per_mk=0.026,
            ground_w_per_mk=1.5,
        )
        for pipe in pipes
    ]
    return PipeTree(
        parent=np.array([-1, *parents], dtype=np.int64),
        length_m=np.array([0.0, *lengths]),
        bore_m=np.array([0.0, *(pipe.bore_m for pipe in pipes)]),
        w_per_mk=np.array([0.0, *losses]),
        fittings=np.array([0.0, *(fittings for _ in pipes)]),
        roughness_m=1e-4,
        ground_c=GROUND,
    )


def taken_of(nodes, heats_kw, returns_c, bypass_c=0.0) -> Taken:
    return Taken(
        np.array(nodes, dtype=np.int64),
        np.array([heats_kw], dtype=np.float64),
        np.array(returns_c, dtype=np.float64),
        bypass_c,
    )


def fed_of(nodes, heats_kw) -> Fed:
    return Fed(np.array(nodes, dtype=np.int64), np.array([heats_kw], dtype=np.float64))


def run(tree, taken, fed=NOBODY, warmed=NOBODY, hot_c=70.0, plant_return_c=40.0):
    return run_network(tree, taken, fed, warmed, np.array([hot_c]), plant_return_c)


def unexplained_kw(taken, fed, flows) -> float:
    given_kw = flows.plant_kw[0] + fed.heat_kw.sum() + flows.warmed_kw.sum()
    return float(abs(given_kw - taken.heat_kw.sum() - flows.loss_kw.sum()))


def test_one_pipe_by_bisection():
    """500 m of DN 50, 100 kW at its end, 70 °C in, 40 °C back: h = m c (T(m) - 40)."""
    tree, taken = tree_of([0], [500.0], [50]), taken_of([1], [100.0], [40.0])
    ul_kw = tree.w_per_mk[1] * 0.5
    low, high = 0.5, 2.0
    for _ in range(200):
        flow = 0.5 * (low + high)
        end_c = GROUND + 60.0 * math.exp(-ul_kw / (flow * CP))
        low, high = (flow, high) if flow * CP * (end_c - 40.0) < 100.0 else (low, flow)
    flows = run(tree, taken)
    assert flows.flow_kgs[0, 1] == pytest.approx(flow, rel=1e-9)
    assert flows.supply_c[0, 1] == pytest.approx(end_c, rel=1e-9)
    back_c = GROUND + 30.0 * math.exp(-ul_kw / (flow * CP))
    assert flows.return_c[0, 0] == pytest.approx(back_c, rel=1e-9)
    lost_kw = flow * CP * (70.0 - end_c + 40.0 - back_c)
    assert flows.loss_kw[0, 1] == pytest.approx(lost_kw, rel=1e-7)


# By hand with a pocket calculator for 10 bar steel in a 70/40 network without losses: flow is
# heat / (4.18 · 30); v = m / (978 · area), Re = v d / 0.413e-6 at 70 °C, f by Colebrook.
BY_HAND = [
    (50, 100.0, 0.7975, 0.349, 0.0264, 29.0),
    (65, 200.0, 1.595, 0.420, 0.0241, 29.4),
    (100, 800.0, 6.380, 0.724, 0.0211, 50.3),
    (150, 2500.0, 19.94, 1.011, 0.0191, 59.5),
]


@pytest.mark.parametrize(("dn", "heat_kw", "flow_kgs", "speed_ms", "factor", "pa_per_m"), BY_HAND)
def test_friction_by_hand(dn, heat_kw, flow_kgs, speed_ms, factor, pa_per_m):
    tree = tree_of([0], [1000.0], [dn])._replace(w_per_mk=np.zeros(2))
    flows = run(tree, taken_of([1], [heat_kw], [40.0]))
    assert flows.flow_kgs[0, 1] == pytest.approx(flow_kgs, rel=1e-3)
    assert speeds_ms(tree, flows)[0, 1] == pytest.approx(speed_ms, rel=0.015)
    bore_m = bonded_pipe(dn, 1).bore_m
    supply_pa_per_m = factor / bore_m * 978.0 * speed_ms**2 / 2.0
    assert supply_pa_per_m == pytest.approx(pa_per_m, rel=0.03)
    # Supply and return together; the return's water is thicker.
    assert flows.fall_pa[0, 1] / 2000.0 == pytest.approx(pa_per_m, rel=0.06)
    assert flows.fall_pa[0, 1] / 1000.0 == pytest.approx(
        sum(_colebrook_pa_per_m(flow_kgs, bore_m, water_c) for water_c in (70.0, 40.0)), rel=0.02
    )


def _colebrook_pa_per_m(flow_kgs: float, bore_m: float, water_c: float) -> float:
    density = density_kg_per_m3(water_c)
    speed = flow_kgs / density / (0.25 * math.pi * bore_m**2)
    reynolds = density * speed * bore_m / viscosity_pa_s(water_c)
    root = 8.0
    for _ in range(60):
        root = -2 * math.log10(1e-4 / bore_m / 3.7 + 2.51 * root / reynolds)
    return density * speed**2 / 2 / bore_m / root**2


# --- A dense Newton of the equations themselves


def newton(tree, taken, fed, hot_c):
    """Solve flows and all node temperatures at once, in given directions, by a dense Jacobian.

    The unknowns are the flows of customers and sources, and supply and return at each node.
    """
    nodes, customers, sources = tree.nodes, taken.node.size, fed.node.size

    def split(x):
        cut = np.cumsum([customers, sources, nodes])
        return np.split(x, cut)

    def pipe_flows(drawn, given_kgs):
        need = np.zeros(nodes)
        np.add.at(need, taken.node, drawn)
        np.subtract.at(need, fed.node, given_kgs)
        for node in range(nodes - 1, 0, -1):
            need[tree.parent[node]] += need[node]
        return need

    def cooled(water_c, node, flow):
        decay = np.exp(-tree.w_per_mk[node] * tree.length_m[node] / 1000.0 / (flow * CP))
        return GROUND + (water_c - GROUND) * decay

    def wrong(x):
        drawn, given_kgs, supply, back = split(x)
        need = pipe_flows(drawn, given_kgs)
        hot: list[list[tuple[float, float]]] = [[] for _ in range(nodes)]
        cold: list[list[tuple[float, float]]] = [[] for _ in range(nodes)]
        hot[0].append((need[0], hot_c))
        for one, node in enumerate(fed.node):
            hot[node].append((given_kgs[one], hot_c))
        for one, node in enumerate(taken.node):
            cold[node].append((drawn[one], taken.return_c[one]))
        for node in range(1, nodes):
            parent, flow = tree.parent[node], need[node]
            near, far = (parent, node) if flow > 0 else (node, parent)
            hot[far].append((abs(flow), cooled(supply[near], node, abs(flow))))
            cold[near].append((abs(flow), cooled(back[far], node, abs(flow))))
        mixed = [
            [sum(m for m, _ in ways) * own - sum(m * t for m, t in ways) for ways, own in pairs]
            for pairs in (zip(hot, supply, strict=True), zip(cold, back, strict=True))
        ]
        taken_kw = drawn * CP * (supply[taken.node] - taken.return_c) - taken.heat_kw[0]
        fed_kw = given_kgs * CP * (hot_c - back[fed.node]) - fed.heat_kw[0]
        return np.concatenate([taken_kw, fed_kw, *mixed])

    x = np.concatenate(
        [
            1.1 * taken.heat_kw[0] / (CP * (hot_c - taken.return_c)),
            fed.heat_kw[0] / (CP * 30.0),
            np.full(nodes, hot_c - 1.0),
            np.full(nodes, taken.return_c.mean()),
        ]
    )
    for _ in range(60):
        now = wrong(x)
        steps = 1e-7 * np.maximum(1e-3, np.abs(x))
        slopes = np.column_stack(
            [(wrong(x + h * np.eye(x.size)[k]) - now) / h for k, h in enumerate(steps)]
        )
        x = x - np.linalg.solve(slopes, now)
    assert np.abs(wrong(x)).max() < 1e-7
    drawn, given_kgs, supply, back = split(x)
    return drawn, given_kgs, supply, back, pipe_flows(drawn, given_kgs)


@pytest.mark.parametrize("fed_kw", [0.0, 40.0, 150.0, 420.0])
def test_a_branched_network_with_a_source_at_its_end(fed_kw):
    """Six nodes; what the source gives passes its branch backwards, at 420 kW to the trunk."""
    tree = tree_of([0, 1, 1, 3, 3], [320, 180, 210, 140, 260], [100, 65, 80, 50, 65])
    taken = taken_of([2, 4, 5, 1], [120.0, 80.0, 60.0, 210.0], [40.0, 45.0, 32.0, 38.0])
    fed = fed_of([5], [fed_kw]) if fed_kw else NOBODY
    flows = run(tree, taken, fed, hot_c=68.0)
    drawn, given_kgs, supply, back, need = newton(tree, taken, fed, 68.0)
    assert flows.taken_kgs[0] == pytest.approx(drawn, rel=1e-7)
    assert flows.fed_kgs[0] == pytest.approx(given_kgs, rel=1e-7)
    assert flows.supply_c[0] == pytest.approx(supply, abs=1e-6)
    assert flows.return_c[0] == pytest.approx(back, abs=1e-6)
    assert flows.flow_kgs[0, 1:] == pytest.approx(need[1:], abs=1e-7)
    assert flows.plant_kgs[0] == pytest.approx(need[0], abs=1e-7)
    assert (flows.flow_kgs[0, 5] < 0) == (fed_kw > 61.0)


# --- Properties

networks = st.integers(0, 10_000)


def any_network(seed, *, bypass_c=0.0):
    """Draw a tree, its customers (some take nothing), sources and warmers of the return."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 9))
    parents = [int(rng.integers(0, node)) for node in range(1, count + 1)]
    tree = tree_of(
        parents,
        rng.uniform(10, 600, count),
        rng.choice([25, 40, 65, 100, 200], count),
        series=int(rng.choice(SERIES)),
        fittings=float(rng.uniform(0, 10)),
    )
    customers = int(rng.integers(1, 6))
    heats = rng.uniform(0, 400, customers) * rng.choice([0, 1e-3, 1], customers)
    nodes = rng.integers(0, count + 1, customers)
    taken = taken_of(nodes, heats, rng.uniform(25, 50, customers), bypass_c)
    fed = fed_of(rng.integers(1, count + 1, 1), rng.uniform(0, 600, 1))
    return tree, taken, fed, float(rng.uniform(62, 95))


@settings(max_examples=250, deadline=None)
@given(networks)
def test_energy_and_water_close_at_every_node(seed):
    tree, taken, fed, hot_c = any_network(seed)
    flows = run(tree, taken, fed, hot_c=hot_c)
    missed_kw = flows.missed_kw[0]
    assert unexplained_kw(taken, fed, flows) <= 1e-6 + 10.0 * missed_kw
    assert flows.plant_kgs[0] + flows.fed_kgs.sum() == pytest.approx(
        flows.taken_kgs.sum(), abs=1e-6
    )
    assert (flows.loss_kw >= 0.0).all()
    assert missed_kw < 1e-3


@settings(max_examples=250, deadline=None)
@given(networks)
def test_no_water_is_warmer_than_its_source_or_colder_than_the_ground(seed):
    tree, taken, fed, hot_c = any_network(seed)
    flows = run(tree, taken, fed, hot_c=hot_c)
    for values in (flows.supply_c, flows.return_c):
        assert (values >= GROUND - 1e-9).all()
        assert (values <= hot_c + 1e-9).all()
    assert (flows.supply_c[0, taken.node] >= taken.return_c - 1e-3).all()


@settings(max_examples=100, deadline=None)
@given(networks)
def test_bypasses_keep_the_supply_warm_and_take_no_heat(seed):
    tree, taken, _, hot_c = any_network(seed, bypass_c=55.0)
    flows = run(tree, taken, hot_c=hot_c)
    assert (flows.supply_c[0, taken.node] >= 55.0 - 1e-4).all()
    assert unexplained_kw(taken, NOBODY, flows) <= 1e-5
    without = run(tree, taken._replace(bypass_c=0.0), hot_c=hot_c)
    assert flows.loss_kw.sum() >= without.loss_kw.sum() - 1e-6


@settings(max_examples=200, deadline=None)
@given(networks)
def test_pumps_give_what_friction_and_stations_take(seed):
    """Tellegen: what pumps add to the water is what pipes and stations take from it."""
    tree, taken, fed, hot_c = any_network(seed)
    flows = run(tree, taken, fed, hot_c=hot_c)
    found = pumping(tree, taken, fed, flows, station_pa=60_000.0, efficiency_frac=0.5)
    assert (found.power_kw >= 0.0).all()
    held_pa = np.zeros(tree.nodes)
    for node in range(1, tree.nodes):
        fall_pa = math.copysign(flows.fall_pa[0, node], flows.flow_kgs[0, node])
        held_pa[node] = held_pa[tree.parent[node]] - fall_pa
    held_pa += found.head_pa[0]
    assert held_pa[taken.node].min() >= 60_000.0 - 1e-6
    added = (flows.fed_kgs[0] * (held_pa[fed.node] + 60_000.0)).sum()
    added += max(0.0, flows.plant_kgs[0]) * (held_pa[0] + 60_000.0)
    used = (flows.taken_kgs[0] * held_pa[taken.node]).sum()
    used += (np.abs(flows.flow_kgs[0]) * flows.fall_pa[0]).sum()
    used += max(0.0, -flows.plant_kgs[0]) * held_pa[0]
    stations = 60_000.0 * (flows.fed_kgs.sum() + max(0.0, flows.plant_kgs[0]))
    assert added == pytest.approx(used + stations, rel=1e-6, abs=1.0)
    drawn_kw = added / density_kg_per_m3(50.0) / 0.5 / 1000.0
    assert found.power_kw[0] == pytest.approx(drawn_kw, rel=1e-6, abs=1e-9)


# --- What is fed in


def test_more_than_is_taken_charges_the_plant_room():
    tree, taken = tree_of([0, 1], [200.0, 100.0], [80, 80]), taken_of([1], [50.0], [40.0])
    flows = run(tree, taken, fed_of([2], [300.0]), hot_c=70.0)
    assert flows.plant_kw[0] == pytest.approx(50.0 + flows.loss_kw.sum() - 300.0, abs=1e-5)
    assert flows.plant_kgs[0] < 0.0
    assert (flows.flow_kgs[0, 1:] < 0.0).all()


def test_heat_into_the_return_warms_it_and_spares_the_plant_room():
    tree, taken = tree_of([0, 1], [200.0, 100.0], [80, 80]), taken_of([2], [150.0], [40.0])
    warmed = fed_of([1], [25.0])
    before, after = run(tree, taken), run(tree, taken, NOBODY, warmed)
    rise_k = 25.0 / (CP * after.return_flow_kgs[0, 1])
    assert after.return_c[0, 1] - before.return_c[0, 1] == pytest.approx(rise_k)
    assert before_warming_c(after, warmed)[0, 1] == pytest.approx(before.return_c[0, 1])
    more_loss_kw = after.loss_kw.sum() - before.loss_kw.sum()
    assert before.plant_kw[0] - after.plant_kw[0] == pytest.approx(25.0 - more_loss_kw, abs=1e-6)
    assert more_loss_kw > 0.0


def test_heat_into_a_return_where_nothing_passes_is_not_taken():
    tree, taken = tree_of([0, 1], [200.0, 100.0], [80, 80]), taken_of([1], [150.0], [40.0])
    flows = run(tree, taken, NOBODY, fed_of([2], [25.0]))
    assert flows.warmed_kw[0, 0] == 0.0
    assert unexplained_kw(taken, NOBODY, flows) < 1e-6


@pytest.mark.parametrize("dn", [20, 50, 150, 300])
def test_thicker_insulation_loses_less(dn):
    losses = [tree_of([0], [1.0], [dn], series).w_per_mk[1] for series in SERIES]
    assert losses == sorted(losses, reverse=True)
    assert losses[2] < 0.9 * losses[0]
