"""Pool evaporation, moist air and hall ventilation: published cases."""

import math

import pytest

from exotherm.physics.evaporation import (
    VDI_OLD_G_PER_M2H_MBAR,
    VDI_TRANSFER_M_PER_H,
    shah_density_difference_kg_per_m3,
    shah_evaporation_kgs,
    shah_still_evaporation_kgs,
    vdi_evaporation_kgs,
    vdi_old_evaporation_kgs,
)
from exotherm.physics.hall_air import drying_air_kgs, ventilation_kw
from exotherm.physics.moist_air import (
    SEA_LEVEL_PA,
    dew_point_c,
    humidity_ratio,
    pressure_pa,
    vapour_pressure_pa,
    wet_bulb_c,
)
from exotherm.physics.open_air import clear_sky_c, sky_loss_kw
from exotherm.physics.pool import evaporation_kgs
from exotherm.physics.water import saturation_pressure_pa

G_PER_H = 3.6e6  # in a kg/s


def test_vdi_2089_at_rest():
    """28 m² of 30 °C, air of 32 °C and 48 %: 2,737.6 g/h new and 2,744.8 g/h old."""
    case = (28.0, 30.0, 32.0, 0.48)
    new = vdi_evaporation_kgs(*case, VDI_TRANSFER_M_PER_H["at rest"])
    old = vdi_old_evaporation_kgs(*case, VDI_OLD_G_PER_M2H_MBAR["at rest"])
    assert new * G_PER_H == pytest.approx(2737.6, rel=0.01)
    assert old * G_PER_H == pytest.approx(2744.8, rel=0.01)


@pytest.mark.parametrize(
    ("water_c", "air_c", "humidity_frac", "shah", "vdi"),
    [
        (30.0, 32.0, 0.48, 0.0978, 0.0978),
        (28.0, 30.0, 0.60, 0.0615, 0.0618),
        (29.0, 30.0, 0.60, 0.0728, 0.0730),
    ],
)
def test_shah_without_bathers_equals_vdi_at_rest(water_c, air_c, humidity_frac, shah, vdi):
    """kg/(m² h) of two independent methods at usual conditions."""
    still = shah_still_evaporation_kgs(1.0, water_c, air_c, humidity_frac) * 3600
    at_rest = vdi_evaporation_kgs(1.0, water_c, air_c, humidity_frac, 7.0) * 3600
    assert still == pytest.approx(shah, rel=0.015)
    assert at_rest == pytest.approx(vdi, rel=0.015)
    assert still == pytest.approx(at_rest, rel=0.015)


@pytest.mark.parametrize(
    ("water_c", "film_pa", "air_c", "room_pa", "factor"),
    [(30.0, 4246.9, 25.0, 1584.9, 35.0), (28.0, 3782.9, 28.0, 1891.5, 40.0)],
)
def test_shah_by_hand_where_natural_convection_rules(water_c, film_pa, air_c, room_pa, factor):
    """Air of 50 % and pressures of the steam tables, on both sides of his step at 0.02 kg/m³."""
    film_dry = (101325 - film_pa) / (287.055 * (water_c + 273.15))
    room_dry = (101325 - room_pa) / (287.055 * (air_c + 273.15))
    film_ratio = 0.621945 * film_pa / (101325 - film_pa)
    room_ratio = 0.621945 * room_pa / (101325 - room_pa)
    lighter = room_dry * (1 + room_ratio) - film_dry * (1 + film_ratio)
    assert (lighter > 0.02) == (factor == 35.0)
    expected = factor * film_dry * lighter ** (1 / 3) * (film_ratio - room_ratio)
    assert expected > 5e-5 * (film_pa - room_pa)
    still = shah_still_evaporation_kgs(1.0, water_c, air_c, 0.5) * 3600
    assert still == pytest.approx(expected, rel=0.005)


def test_ashrae_with_half_activity_lies_above_vdi_at_rest():
    """By 44 %, for the same water and air."""
    ashrae = evaporation_kgs(1.0, 29.0, 30.0, 0.6, 0.1, 0.5)
    vdi = vdi_evaporation_kgs(1.0, 29.0, 30.0, 0.6, 7.0)
    assert ashrae / vdi == pytest.approx(1.44, abs=0.02)


def test_shah_with_bathers_lies_in_the_measured_activity_band():
    """Norway, 75 lessons: activity factors of 0.7 to 0.8 in ASHRAE's formula, at most 1.1."""
    for water_c in (27.0, 28.0, 29.0):
        for bathers_per_m2 in (0.05, 0.10):
            shah = shah_evaporation_kgs(1.0, water_c, water_c + 1.0, 0.6, bathers_per_m2)
            factor = shah / evaporation_kgs(1.0, water_c, water_c + 1.0, 0.6, 0.1, 1.0)
            assert 0.7 <= factor <= 0.85


def test_shah_with_bathers_in_pound_units():
    """The author's I-P form, E/E0 = 1.9 - 336 (D_r - D_w) + 57 N/A, per lb/ft³ and ft²."""
    still = shah_still_evaporation_kgs(100.0, 30.0, 27.0, 0.5)
    lighter_lb_per_ft3 = shah_density_difference_kg_per_m3(30.0, 27.0, 0.5) / 16.01846
    expected = 1.9 - 336 * lighter_lb_per_ft3 + 57 * 20 / (100 * 10.76391)
    ratio = shah_evaporation_kgs(100.0, 30.0, 27.0, 0.5, 20.0) / still
    assert ratio == pytest.approx(expected, rel=0.002)


@pytest.mark.parametrize(
    ("air_c", "ratio"), [(0, 0.003790), (10, 0.007661), (20, 0.014758), (30, 0.027329)]
)
def test_humidity_ratio_of_saturated_air(air_c, ratio):
    """ASHRAE Fundamentals, table of moist air at sea level, which counts real-gas effects."""
    computed = humidity_ratio(saturation_pressure_pa(float(air_c)), SEA_LEVEL_PA)
    assert computed == pytest.approx(ratio, rel=0.008)


def test_dew_point_turns_back_into_vapour_pressure():
    """25 °C and 50 %: 13.9 °C."""
    point_c = dew_point_c(25.0, 0.5)
    assert point_c == pytest.approx(13.9, abs=0.1)
    assert saturation_pressure_pa(point_c) == pytest.approx(vapour_pressure_pa(25.0, 0.5), rel=1e-9)


@pytest.mark.parametrize(("altitude_m", "expected_pa"), [(0, 101325), (1000, 89875), (2000, 79495)])
def test_standard_atmosphere(altitude_m, expected_pa):
    """ASHRAE Fundamentals, standard atmospheric data."""
    assert pressure_pa(float(altitude_m)) == pytest.approx(expected_pa, rel=2e-4)


def test_wet_bulb_of_standard_air():
    """20 °C and 50 % at sea level: 13.8 °C on every psychrometric chart."""
    assert wet_bulb_c(20.0, 0.5, SEA_LEVEL_PA) == pytest.approx(13.8, abs=0.05)


def test_wet_bulb_against_an_independent_fit():
    """Stull (2011), J. Appl. Meteor. Climatol. 50, 2267: errors of -1.0 to +0.65 K, mean < 0.3."""
    errors_k = [
        _stull_wet_bulb_c(air_c, percent) - wet_bulb_c(float(air_c), percent / 100, SEA_LEVEL_PA)
        for air_c in range(36)
        for percent in range(20, 100, 5)
    ]
    assert max(errors_k) <= 0.65
    assert min(errors_k) >= -1.0
    assert sum(map(abs, errors_k)) / len(errors_k) <= 0.3


def _stull_wet_bulb_c(air_c: float, percent: float) -> float:
    return (
        air_c * math.atan(0.151977 * math.sqrt(percent + 8.313659))
        + math.atan(air_c + percent)
        - math.atan(percent - 1.676331)
        + 0.00391838 * percent * math.sqrt(percent) * math.atan(0.023101 * percent)
        - 4.686035
    )


def test_drying_a_hall_by_outdoor_air():
    """VDI 2089: 14.3 g/kg in the hall, 9 g/kg outdoors; 10 kg/h leave by 1,887 kg/h of air."""
    air_kgs = drying_air_kgs(10.0 / 3600, 0.0143, 0.0090, 5.0)
    assert air_kgs * 3600 == pytest.approx(1886.8, rel=1e-4)
    heat_kw = ventilation_kw(air_kgs, 30.0, 0.0, 0.0030, 0.75)
    assert heat_kw == pytest.approx(1886.8 / 3600 * (1.006 + 1.86 * 0.003) * 30 * 0.25, rel=1e-4)


def test_clear_sky_stands_below_the_air():
    """Duffie and Beckman: from about 5 K in hot moist to 30 K in cold dry weather."""
    assert 5.0 <= 30.0 - clear_sky_c(30.0, 27.0) <= 8.0
    assert 25.0 <= 0.0 - clear_sky_c(0.0, -15.0) <= 30.0


def test_sky_loss_of_a_heated_pool():
    """26 °C under a sky of 5 °C loses 0.95 σ (299.15⁴ - 278.15⁴) = 109 W/m²."""
    expected = 0.95 * 5.670374e-8 * (299.15**4 - 278.15**4) / 1000
    assert expected == pytest.approx(0.109, abs=0.001)
    assert sky_loss_kw(1.0, 26.0, 5.0) == pytest.approx(expected, rel=1e-12)
    assert math.isclose(sky_loss_kw(1.0, 5.0, 5.0), 0.0, abs_tol=1e-12)
