import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.feeds.cop_maps import COP_MAPS, load_cop_map, read_cop_map
from exotherm.physics.cop_map import CopMap, inner_carnot_cop, map_cop
from exotherm.physics.heat_pump import KELVIN

MAPS = {name: load_cop_map(name) for name in COP_MAPS}


@settings(deadline=None)
@given(
    name=st.sampled_from(COP_MAPS),
    source_c=st.floats(-10, 60),
    lift_k=st.floats(5, 110),
    more_k=st.floats(0.5, 20),
)
def test_maps_stay_below_carnot_and_fall_with_lift(name, source_c, lift_k, more_k):
    """With carbon dioxide the sink's return rules, so over its outlet the COP may be flat."""
    cop = map_cop(MAPS[name], source_c, source_c + lift_k, 1e9)
    assert 1.0 < cop < (source_c + lift_k + KELVIN) / lift_k
    assert map_cop(MAPS[name], source_c, source_c + lift_k + more_k, 1e9) <= cop * 1.001
    colder_c = max(-10.0, source_c - more_k)
    assert map_cop(MAPS[name], colder_c, source_c + lift_k, 1e9) <= cop * 1.001


def test_between_points_the_share_of_carnot_is_straight_both_ways():
    shares = np.array([[0.5, 0.7], [0.6, 0.4]])
    cop_map = CopMap(0.0, 5.0, 40.0, 5.0, shares)
    cop = map_cop(cop_map, 1.0, 42.0, 100.0)
    share = 0.8 * (0.6 * 0.5 + 0.4 * 0.7) + 0.2 * (0.6 * 0.6 + 0.4 * 0.4)
    assert cop == pytest.approx(share * (42 + 5 + 273.15) / (41 + 10))


def test_beyond_the_map_its_edge_holds():
    cop_map = CopMap(0.0, 5.0, 40.0, 5.0, np.array([[0.5, 0.7], [0.6, 0.4]]))
    assert map_cop(cop_map, -9.0, 20.0, 100.0) == pytest.approx(0.5 * inner_carnot_cop(-9.0, 20.0))
    assert map_cop(cop_map, 30.0, 90.0, 100.0) == pytest.approx(0.4 * inner_carnot_cop(30.0, 90.0))


def test_the_best_cop_is_a_limit():
    assert map_cop(MAPS["R717"], 40.0, 45.0, 8.0) == 8.0


def test_a_lift_below_five_kelvin_counts_as_five():
    assert inner_carnot_cop(40.0, 30.0) == inner_carnot_cop(40.0, 45.0)
    assert map_cop(MAPS["R290"], 40.0, 30.0, 99.0) == map_cop(MAPS["R290"], 40.0, 45.0, 99.0)


def test_the_points_of_a_map_come_back():
    text = "# a remark\nsource_out_c,40,45,50\n0,4.0,3.6,3.2\n5,4.5,4.0,3.5\n"
    cop_map = read_cop_map(text)
    assert cop_map[:4] == (0.0, 5.0, 40.0, 5.0)
    assert cop_map.efficiency_frac.shape == (2, 3)
    for source_c, sink_c, cop in ((0, 40, 4.0), (0, 50, 3.2), (5, 45, 4.0), (5, 50, 3.5)):
        assert map_cop(cop_map, float(source_c), float(sink_c), 9.0) == pytest.approx(cop)


@pytest.mark.parametrize(
    "text",
    [
        "sink,40,45\n0,4.0,3.6\n5,4.5,4.0\n",
        "source_out_c,40,45\n0,4.0,3.6\n5,4.5,0.0\n",
        "source_out_c,40,45,55\n0,4.0,3.6,3.3\n5,4.5,4.0,3.5\n",
        "source_out_c,45,40\n0,4.0,3.6\n5,4.5,4.0\n",
    ],
)
def test_a_flaw_in_a_map_of_ours_is_asserted(text):
    with pytest.raises(AssertionError):
        read_cop_map(text)


def test_a_map_that_does_not_exist_is_asserted():
    with pytest.raises(AssertionError):
        load_cop_map("R22")
