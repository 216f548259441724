"""Loss of cooling: rates computed from published heat capacities."""

import math

import pytest

from exotherm.physics.inertia import heat_capacity_kj_per_k, minutes_to_limit, warmed_c


@pytest.mark.parametrize(
    ("power_kw", "air_m3", "servers", "water_m3", "oil_m3", "k_per_min"),
    [
        (100.0, 300.0, 0.0, 0.0, 0.0, 16.6),
        (100.0, 300.0, 200.0, 0.0, 0.0, 2.2),  # 12 kJ/K for a 2U server: Ibrahim et al.
        (50.0, 0.0, 0.0, 0.5, 0.0, 1.44),
        (50.0, 0.0, 0.0, 2.0, 0.0, 0.36),
        (50.0, 0.0, 0.0, 0.0, 1.0, 1.8),
    ],
)
def test_rates_of_warming(power_kw, air_m3, servers, water_m3, oil_m3, k_per_min):
    capacity = heat_capacity_kj_per_k(air_m3, servers, water_m3, oil_m3)
    rise_k = warmed_c(25.0, power_kw, capacity, 0.0, 20.0, 1.0) - 25.0
    assert rise_k == pytest.approx(k_per_min, rel=0.015)


def test_air_passes_its_limit_within_minutes():
    """27 to 32 °C in 0.3 to 2.5 minutes, with the air alone and with the servers."""
    alone = heat_capacity_kj_per_k(300.0, 0.0, 0.0, 0.0)
    together = heat_capacity_kj_per_k(300.0, 200.0, 0.0, 0.0)
    assert minutes_to_limit(27.0, 32.0, 100.0, alone, 0.0, 20.0) == pytest.approx(0.30, abs=0.01)
    assert 2.2 <= minutes_to_limit(27.0, 32.0, 100.0, together, 0.0, 20.0) <= 2.5


def test_time_constant_of_a_cabinet():
    """A cabinet with a measured time constant of 25 min has done 1 - 1/e of its rise then."""
    capacity = 25.0 * 60.0 * 0.4
    end_c = 20.0 + 10.0 / 0.4
    after_c = warmed_c(20.0, 10.0, capacity, 0.4, 20.0, 25.0)
    assert after_c == pytest.approx(20.0 + (end_c - 20.0) * (1 - math.exp(-1)), rel=1e-12)
