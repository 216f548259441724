"""What a data centre may feed in: by hand, by energy, and supply against return."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.physics.heat_pump import KELVIN, carnot_efficiency_frac
from exotherm.plant.heat_network.offers import into_return, into_supply
from exotherm.site.heat_network import DataCentre


def centre(**changes) -> DataCentre:
    given_here = {
        "name": "Hall",
        "node": "a",
        "heat_kw_rated": 400.0,
        "utilisation_frac": 1.0,
        "coolant_c": 48.0,
        "coolant_return_c": 38.0,
        "heat_pump_kw_rated": 480.0,
    }
    return DataCentre(**{**given_here, **changes})


def ones(value) -> np.ndarray:
    return np.array([value], dtype=np.float64)


def supplied(one, *, supply_c=65.0, return_c=35.0, coolant_kw=400.0, price=0.12):
    return into_supply(
        one,
        ones(coolant_kw),
        supply_c=ones(supply_c),
        return_c=ones(return_c),
        electricity_per_kwh=ones(price),
    )


def returned(one, *, supply_c=65.0, return_c=35.0, flow_kgs=5.0, coolant_kw=400.0, price=0.12):
    return into_return(
        one,
        ones(coolant_kw),
        supply_c=ones(supply_c),
        return_c=ones(return_c),
        flow_kgs=ones(flow_kgs),
        electricity_per_kwh=ones(price),
    )


def test_supply_by_hand():
    """48 °C less 3 K warms 35 to 45 °C, a third of the way to 65; the pump lifts 30 to 65 °C."""
    offer = supplied(centre())
    cop = carnot_efficiency_frac(480.0) * (65.0 + KELVIN) / (65.0 - 30.0)
    pumped = 2.0 / 3.0
    assert offer.power_frac[0] == pytest.approx(pumped * (1.0 / cop + 0.01))
    assert offer.source_frac[0] == pytest.approx(1.0 - pumped / cop)
    assert offer.heat_kw_max[0] == pytest.approx(400.0 / (1.0 - pumped / cop))
    cost = 0.12 * (pumped * (1.0 / cop + 0.01) - 0.03 * (1.0 - pumped / cop))
    assert offer.cost_per_kwh[0] == pytest.approx(cost)


def test_coolant_warmer_than_the_supply_needs_no_electricity_and_spares_the_cooler():
    offer = supplied(centre(coolant_c=70.0, coolant_return_c=60.0), supply_c=60.0)
    assert offer.power_frac[0] == 0.0
    assert offer.heat_kw_max[0] == pytest.approx(400.0)
    assert offer.cost_per_kwh[0] == pytest.approx(-0.03 * 0.12)


def test_the_machine_bounds_the_heat_by_what_it_lifts():
    offer = supplied(centre(heat_pump_kw_rated=100.0))
    assert offer.heat_kw_max[0] == pytest.approx(150.0)


@pytest.mark.parametrize("supply_c", [80.5, 95.0])
def test_beyond_the_machine_nothing_is_fed(supply_c):
    assert supplied(centre(), supply_c=supply_c).heat_kw_max[0] == 0.0


def test_without_a_heat_pump_only_the_return_is_within_reach():
    bare = centre(heat_pump_kw_rated=0.0)
    assert supplied(bare).heat_kw_max[0] == 0.0
    assert returned(bare).heat_kw_max[0] == pytest.approx(5.0 * 4.18 * 5.0)


def test_what_passes_bounds_what_the_return_takes():
    one = centre(return_lift_k=8.0)
    assert returned(one, flow_kgs=2.0).heat_kw_max[0] == pytest.approx(2.0 * 4.18 * 8.0)
    assert returned(one, flow_kgs=0.0).heat_kw_max[0] == 0.0
    assert returned(one, flow_kgs=500.0).heat_kw_max[0] < 480.0


def test_the_lift_never_passes_the_supply():
    offer = returned(centre(return_lift_k=40.0), supply_c=50.0, return_c=45.0)
    assert offer.asked_c[0] == 50.0


ANY = {
    "coolant_c": st.floats(30, 70),
    "supply_c": st.floats(55, 100),
    "return_c": st.floats(20, 50),
    "rated": st.sampled_from((0.0, 1.0, 60.0, 480.0, 3000.0)),
    "price": st.floats(0.01, 1),
}


@settings(max_examples=300, deadline=None)
@given(**ANY)
def test_heat_is_source_and_electricity_and_never_less(coolant_c, supply_c, return_c, rated, price):
    one = centre(
        coolant_c=coolant_c,
        coolant_return_c=coolant_c - 8.0,
        heat_pump_kw_rated=rated,
        auxiliary_frac=0.0,
        sink_c_max=110.0,
    )
    offer = supplied(one, supply_c=supply_c, return_c=return_c, price=price)
    assert offer.source_frac[0] + offer.power_frac[0] == pytest.approx(1.0)
    assert 0.0 <= offer.power_frac[0] < 1.0
    used_kw = offer.heat_kw_max[0] * offer.source_frac[0]
    assert used_kw <= 400.0 * (1 + 1e-12)


@settings(max_examples=200, deadline=None)
@given(**ANY)
def test_the_return_takes_less_electricity_than_the_supply(
    coolant_c, supply_c, return_c, rated, price
):
    one = centre(
        coolant_c=coolant_c,
        coolant_return_c=coolant_c - 8.0,
        heat_pump_kw_rated=rated,
        sink_c_max=110.0,
    )
    into = supplied(one, supply_c=supply_c, return_c=return_c, price=price)
    back = returned(one, supply_c=supply_c, return_c=return_c, price=price)
    assert back.power_frac[0] <= into.power_frac[0] + 1e-12
    assert back.cost_per_kwh[0] <= into.cost_per_kwh[0] + 1e-12
