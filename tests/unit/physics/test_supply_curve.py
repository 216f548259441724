import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.physics.supply_curve import (
    FOURTH_GENERATION,
    THIRD_GENERATION,
    Radiators,
    load_share,
    network_supply_c,
    radiator_water,
)

OLD = Radiators(supply_c_design=75.0, return_c_design=65.0)
FLOOR = Radiators(supply_c_design=35.0, return_c_design=28.0, exponent=1.1)


def water(share, radiators=OLD):
    both = radiator_water(np.array([share]), radiators)
    return float(both.supply_c[0]), float(both.return_c[0])


def test_full_load_is_the_design_point_and_no_load_the_room():
    assert water(1.0) == pytest.approx((75.0, 65.0))
    assert water(0.0) == (20.0, 20.0)
    assert water(1.0, FLOOR) == pytest.approx((35.0, 28.0))


@given(st.floats(0.01, 1.0))
def test_radiators_give_just_the_share(share):
    """EN 442 by itself: heat with the logarithmic mean excess to the power n, and with the flow."""
    supply_c, return_c = water(share)
    assert supply_c - return_c == pytest.approx(10.0 * share)
    excess_k = (supply_c - return_c) / np.log((supply_c - 20.0) / (return_c - 20.0))
    design_k = 10.0 / np.log(55.0 / 45.0)
    assert (excess_k / design_k) ** 1.3 == pytest.approx(share)


def test_half_the_load_needs_much_cooler_water():
    supply_c, return_c = water(0.5)
    assert supply_c == pytest.approx(51.8, abs=0.1)
    assert return_c == pytest.approx(46.8, abs=0.1)


def test_the_share_of_the_load_is_straight_in_the_outdoor_air():
    outdoor_c = np.array([-20.0, -10.0, 2.5, 15.0, 30.0])
    share = load_share(outdoor_c, balance_c=15.0, design_c=-10.0)
    assert list(share) == pytest.approx([1.0, 1.0, 0.5, 0.0, 0.0])


@pytest.mark.parametrize(
    ("outdoor_c", "third_c", "fourth_c"),
    [(20, 75, 65), (5, 75, 65), (0, 82.5, 65), (-5, 90, 70), (-15, 105, 70), (-30, 105, 70)],
)
def test_heat_networks_run_by_their_curves(outdoor_c, third_c, fourth_c):
    outdoor = np.array([float(outdoor_c)])
    assert network_supply_c(outdoor, THIRD_GENERATION)[0] == pytest.approx(third_c)
    assert network_supply_c(outdoor, FOURTH_GENERATION)[0] == pytest.approx(fourth_c)
