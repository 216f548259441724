"""What an outdoor pool gets from the sun and loses to the sky."""

from exotherm.core.kernel import kernel

STEFAN_BOLTZMANN_W_PER_M2K4 = 5.670374e-8

WATER_EMISSIVITY = 0.95
"""Emissivity of a water surface in the infrared: textbook value, 0.95 to 0.96."""

SOLAR_ABSORBED_FRAC = 0.85
"""Share of the sun's radiation that a pool keeps: expert value, verify; less in shallow pools."""


@kernel
def clear_sky_c(outdoor_c: float, dew_point_c: float) -> float:
    """Give the temperature of a clear sky as the water sees it.

    T_air (0.711 + 0.0056 t_dp + 0.000073 t_dp²)^(1/4) with T in kelvin: Berdahl and Martin (1984),
    Solar Energy 32(5), without its small term for the hour; dew points of -20 to 30 °C. Clouds
    bring the sky towards the air's temperature.
    """
    emissivity = 0.711 + 0.0056 * dew_point_c + 0.000073 * dew_point_c * dew_point_c
    return float((outdoor_c + 273.15) * emissivity**0.25 - 273.15)


@kernel
def sky_loss_kw(area_m2: float, water_c: float, sky_c: float) -> float:
    """Give the heat a water surface loses to the sky, ε σ A (T_w^4 - T_sky^4); kelvin inside."""
    water_k = water_c + 273.15
    sky_k = sky_c + 273.15
    w_per_m2 = WATER_EMISSIVITY * STEFAN_BOLTZMANN_W_PER_M2K4 * (water_k**4 - sky_k**4)
    return area_m2 * w_per_m2 / 1000.0


@kernel
def solar_gain_kw(area_m2: float, horizontal_w_per_m2: float, absorbed_frac: float) -> float:
    """Give the heat a pool gains from the sun on the horizontal, what it reflects left out."""
    return area_m2 * horizontal_w_per_m2 * absorbed_frac / 1000.0
