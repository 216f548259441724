import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.physics.cop_points import points_cop, points_efficiency_frac, points_heat_kw
from exotherm.physics.heat_pump import KELVIN

POINTS = np.array(
    [
        [0.0, 35.0, 4.58, 40.0],
        [0.0, 55.0, 2.91, 36.0],
        [10.0, 35.0, 6.00, 51.0],
        [10.0, 55.0, 3.73, 47.0],
    ]
)


@pytest.mark.parametrize("row", range(4))
def test_a_measured_point_comes_back(row):
    source_in_c, sink_out_c, cop, heat_kw = POINTS[row]
    at = (POINTS, 3.0, source_in_c - 3.0, sink_out_c)
    assert points_cop(*at, 20.0) == pytest.approx(cop, rel=1e-6)
    assert points_heat_kw(*at) == pytest.approx(heat_kw, rel=1e-6)


@settings(deadline=None)
@given(source_c=st.floats(-20, 45), lift_k=st.floats(5, 90))
def test_far_from_all_points_the_cop_stays_physical(source_c, lift_k):
    sink_c = source_c + lift_k
    cop = points_cop(POINTS, 3.0, source_c, sink_c, 1e9)
    measured = [point[2] * (point[1] - point[0] + 3.0) / (point[1] + KELVIN) for point in POINTS]
    share = cop * lift_k / (sink_c + KELVIN)
    assert min(measured) - 1e-9 <= share <= max(measured) + 1e-9 < 1
    assert share == pytest.approx(points_efficiency_frac(POINTS, 3.0, source_c, sink_c))


def test_the_best_cop_is_a_limit():
    assert points_cop(POINTS, 3.0, 40.0, 45.0, 8.0) == 8.0


def test_a_single_point_is_carried_over_by_carnot():
    one = POINTS[:1]
    share = 4.58 * 38 / 308.15
    assert points_cop(one, 3.0, 20.0, 60.0, 20.0) == pytest.approx(share * 333.15 / 40)


def test_capacity_follows_the_source_to_15_kelvin_beyond_the_warmest_point():
    one = POINTS[:1]
    assert points_heat_kw(one, 3.0, 7.0, 35.0) == pytest.approx(40 * np.exp(0.24))
    assert points_heat_kw(one, 3.0, -3.0, 55.0) == pytest.approx(40 * np.exp(-0.10))
    assert points_heat_kw(one, 3.0, 30.0, 35.0) == pytest.approx(40 * np.exp(0.024 * 15))


def test_points_without_a_capacity_are_passed_over():
    bare = POINTS.copy()
    bare[1:, 3] = 0.0
    assert points_heat_kw(bare, 3.0, 7.0, 35.0) == points_heat_kw(POINTS[:1], 3.0, 7.0, 35.0)
    bare[0, 3] = 0.0
    assert points_heat_kw(bare, 3.0, 7.0, 35.0) == 0.0
