"""Buried pipes, friction and pumps: published tables and independent equations."""

import math

import pytest

from exotherm.physics.pipe import (
    BONDED_PIPES,
    GROUND_W_PER_MK,
    INSULATION_W_PER_MK,
    buried_w_per_mk,
    friction_factor,
    outlet_c,
    pair_loss_w_per_m,
    pair_w_per_mk,
    pressure_drop_pa,
    viscosity_pa_s,
)
from exotherm.physics.pump import pump_power_kw

PIPES = {pipe.dn: pipe for pipe in BONDED_PIPES}


def _loss_of(dn: int) -> float:
    pipe = PIPES[dn]
    return buried_w_per_mk(pipe.outer_m, pipe.casing_m, 0.8, INSULATION_W_PER_MK, GROUND_W_PER_MK)


@pytest.mark.parametrize(
    ("dn", "w_per_mk"), [(25, 0.156), (40, 0.185), (50, 0.208), (65, 0.246), (100, 0.269)]
)
def test_loss_of_bonded_pipes(dn, w_per_mk):
    """Insulation 0.026, ground 1.5 W/(m K), 0.8 m deep."""
    assert _loss_of(dn) == pytest.approx(w_per_mk, abs=0.0005)


def test_trench_of_a_70_40_network():
    """14 to 24 W per metre from DN 25 to DN 100 in ground of 10 °C."""
    assert pair_loss_w_per_m(70.0, 40.0, 10.0, _loss_of(25)) == pytest.approx(14.0, abs=0.5)
    assert pair_loss_w_per_m(70.0, 40.0, 10.0, _loss_of(100)) == pytest.approx(24.0, abs=0.5)


def test_leaving_the_mutual_warming_out_overstates_the_loss_by_less_than_five_per_cent():
    """EN 13941's third resistance, ln(1 + (2 Z/E)²) / (4 π λ_g), pipes 0.3 m apart."""
    mutual = math.log(1 + (2 * 0.8 / 0.3) ** 2) / (4 * math.pi * GROUND_W_PER_MK)
    for dn in (25, 40, 50, 65, 100):
        apart = _loss_of(dn)
        together = pair_w_per_mk(
            PIPES[dn], depth_m=0.8, apart_m=0.3, insulation_w_per_mk=0.026, ground_w_per_mk=1.5
        )
        assert together == pytest.approx(1 / (1 / apart + mutual))
        assert 1.025 <= apart / together <= 1.05


def test_pipe_cools_like_a_thousand_short_ones():
    """The exponential against an explicit march, 500 m of DN 50 at 0.5 kg/s."""
    temperature_c = 70.0
    for _ in range(1000):
        temperature_c -= 0.208 * 0.5 * (temperature_c - 10.0) / (0.5 * 4180)
    assert outlet_c(70.0, 10.0, 0.208, 500.0, 0.5) == pytest.approx(temperature_c, abs=0.001)


@pytest.mark.parametrize(
    ("water_c", "mpa_s"), [(10, 1.3059), (20, 1.0016), (40, 0.6527), (60, 0.4660), (80, 0.3540)]
)
def test_viscosity_of_water(water_c, mpa_s):
    """IAPWS tables at 101 kPa."""
    assert viscosity_pa_s(float(water_c)) * 1000 == pytest.approx(mpa_s, rel=0.01)


@pytest.mark.parametrize("reynolds", [4e3, 1e4, 1e5, 1e6, 1e7])
@pytest.mark.parametrize("roughness", [1e-6, 1e-4, 1e-3, 1e-2, 5e-2])
def test_friction_against_colebrook(reynolds, roughness):
    """Colebrook and White (1939), iterated; Haaland states 2 %."""
    root = 8.0
    for _ in range(60):
        root = -2 * math.log10(roughness / 3.7 + 2.51 * root / reynolds)
    assert friction_factor(reynolds, roughness) == pytest.approx(1 / root**2, rel=0.02)


def test_friction_of_oil_in_cast_iron():
    """White, Fluid Mechanics, pipe examples: Re 128,000 and ε/d 0.0013 give f = 0.0225."""
    assert friction_factor(128_000.0, 0.0013) == pytest.approx(0.0225, rel=0.01)


def test_pressure_drop_of_a_network_pipe():
    """DN 50, 1 kg/s of 60 °C, 0.1 mm: by hand with Colebrook's friction, and fittings of 5."""
    pipe = PIPES[50]
    speed_ms = 1.0 / 983.2 / (math.pi / 4 * pipe.bore_m**2)
    reynolds = 983.2 * speed_ms * pipe.bore_m / 0.4660e-3
    root = 8.0
    for _ in range(60):
        root = -2 * math.log10(0.0001 / pipe.bore_m / 3.7 + 2.51 * root / reynolds)
    by_hand = (100 / pipe.bore_m / root**2 + 5) * 983.2 / 2 * speed_ms**2
    drop_pa = pressure_drop_pa(1.0, pipe.bore_m, 100.0, 0.0001, 5.0, 60.0)
    assert drop_pa == pytest.approx(by_hand, rel=0.02)


def test_laminar_drop_is_hagen_poiseuille():
    """8 μ L V / (π r⁴)."""
    viscosity = viscosity_pa_s(20.0)
    volume_m3s = 0.005 / 998.2
    expected = 8 * viscosity * 10 * volume_m3s / (math.pi * 0.01**4)
    assert pressure_drop_pa(0.005, 0.02, 10.0, 0.0, 0.0, 20.0) == pytest.approx(expected, rel=1e-4)


def test_pumping_takes_a_hundredth_of_the_heat():
    """Typical is 1 to 2 %: 2 x 500 m at 150 Pa/m and 50 kPa in stations for 30 K, η 0.6."""
    heat_kw = 10.0 * 4.18 * 30.0
    pump_kw = pump_power_kw(2 * 500 * 150.0 + 50_000.0, 10.0, 980.0, 0.6)
    assert pump_kw == pytest.approx(3.4, abs=0.01)
    assert pump_kw / heat_kw <= 0.02
