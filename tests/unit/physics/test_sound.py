import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.physics.sound import sound_at_db, sum_of_levels_db


def test_a_machine_of_80_db_is_52_db_loud_at_10_m():
    """The rule of the trade for hard ground: Lw - 20 lg r - 8."""
    assert sound_at_db(80.0, 10.0) == pytest.approx(80 - 20 - 8, abs=0.03)
    assert sound_at_db(86.0, 70.0) == pytest.approx(86 - 20 * math.log10(70) - 7.98, abs=0.01)


@given(st.floats(20, 120), st.floats(0.5, 1000))
def test_twice_the_distance_takes_six_db(power, metres):
    assert sound_at_db(power, metres) - sound_at_db(power, 2 * metres) == pytest.approx(
        6.02, abs=0.01
    )


def test_two_equal_machines_are_three_db_louder_and_none_is_silent():
    assert sum_of_levels_db([40.0, 40.0]) == pytest.approx(43.01, abs=0.01)
    assert sum_of_levels_db([50.0, 20.0]) == pytest.approx(50.0043, abs=0.001)
    assert sum_of_levels_db([]) == -math.inf
