"""Dry, adiabatic and wet coolers: survey medians and rules of the trade."""

import pytest

from exotherm.physics.dry_cooler import coolant_needed_c
from exotherm.physics.moist_air import SEA_LEVEL_PA, wet_bulb_c
from exotherm.physics.wet_cooler import (
    COOLER_KINDS,
    adiabatic_air_c,
    adiabatic_water_kgs,
    leaving_c,
    tower_water_kgs,
)

KINDS = {kind.name: kind for kind in COOLER_KINDS}


def test_median_approaches():
    """A survey of 6,730 models: 10 K to the dry bulb, 5 and 6.5 K to the wet bulb."""
    assert leaving_c(35.0, 100.0, 100.0, KINDS["dry"].approach_k) == 45.0
    assert leaving_c(21.0, 100.0, 100.0, KINDS["open wet"].approach_k) == 26.0
    assert leaving_c(21.0, 100.0, 100.0, KINDS["closed wet"].approach_k) == 27.5


def test_approach_and_conductance_are_the_same_dry_cooler():
    conductance_kw_per_k = 100.0 / KINDS["dry"].approach_k
    for rejected_kw in (0.0, 20.0, 70.0, 130.0):
        assert leaving_c(20.0, rejected_kw, 100.0, 10.0) == pytest.approx(
            coolant_needed_c(rejected_kw, 20.0, conductance_kw_per_k)
        )


@pytest.mark.parametrize(("outdoor_c", "humidity_frac"), [(25.0, 0.55), (30.0, 0.45), (35.0, 0.40)])
def test_pads_cool_warm_days_by_three_to_eight_kelvin(outdoor_c, humidity_frac):
    wet_c = wet_bulb_c(outdoor_c, humidity_frac, SEA_LEVEL_PA)
    for saturation_frac in (0.6, 0.7):
        assert 3.0 <= outdoor_c - adiabatic_air_c(outdoor_c, wet_c, saturation_frac) <= 8.0


def test_pads_evaporate_what_the_cooling_takes():
    """10 kg/s from 35 to 28 °C: 71.4 kW over 2435 kJ/kg."""
    assert adiabatic_water_kgs(10.0, 35.0, 28.0) == pytest.approx(71.4 / 2434.6, rel=1e-4)


def test_towers_evaporate_about_a_hundredth_per_seven_kelvin():
    """Cooling tower practice: 0.85 % of the flow per 10 °F of range; ours counts all as latent."""
    range_k = 10.0 / 1.8
    evaporated_frac = tower_water_kgs(4.18 * range_k, 30.0, 1e9)
    assert 1.0 <= evaporated_frac / 0.0085 <= 1.25
