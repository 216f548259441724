import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.physics.inertia import minutes_to_limit, warmed_c

powers_kw = st.floats(0.1, 500)
capacities = st.floats(50, 1e5)
losses = st.one_of(st.just(0.0), st.floats(1e-6, 5))


@settings(max_examples=400, deadline=None)
@given(powers_kw, capacities, losses, st.floats(15, 40), st.floats(1, 30))
def test_the_limit_stands_at_the_minute_it_is_said_to(power_kw, capacity, loss, start_c, above_k):
    limit_c = start_c + above_k
    minutes = minutes_to_limit(start_c, limit_c, power_kw, capacity, loss, 15.0)
    if math.isinf(minutes):
        assert 15.0 + power_kw / loss <= limit_c
        assert warmed_c(start_c, power_kw, capacity, loss, 15.0, 1e5) <= limit_c + 1e-6
    else:
        at_c = warmed_c(start_c, power_kw, capacity, loss, 15.0, minutes)
        assert at_c == pytest.approx(limit_c, abs=1e-5)


@settings(max_examples=200, deadline=None)
@given(powers_kw, st.floats(0, 100), capacities, losses)
def test_more_power_never_leaves_more_time(power_kw, more_kw, capacity, loss):
    little = minutes_to_limit(25.0, 32.0, power_kw, capacity, loss, 20.0)
    much = minutes_to_limit(25.0, 32.0, power_kw + more_kw, capacity, loss, 20.0)
    assert much <= little


def test_a_limit_already_passed_leaves_no_time():
    assert minutes_to_limit(33.0, 32.0, 10.0, 100.0, 0.0, 20.0) == 0.0


def test_without_power_the_limit_is_never_passed():
    assert math.isinf(minutes_to_limit(25.0, 32.0, 0.0, 100.0, 0.0, 20.0))


@settings(max_examples=200, deadline=None)
@given(powers_kw, capacities, st.floats(0, 600))
def test_a_vanishing_loss_is_no_loss(power_kw, capacity, minutes):
    without = warmed_c(25.0, power_kw, capacity, 0.0, 20.0, minutes)
    barely = warmed_c(25.0, power_kw, capacity, 1e-9, 20.0, minutes)
    assert barely == pytest.approx(without, rel=1e-6)
