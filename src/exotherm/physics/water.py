"""Water and moist air: the few properties that heat balances need."""

import math

from exotherm.core.kernel import kernel

HEAT_CAPACITY_KJ_PER_KGK = 4.18
"""Specific heat of water between 20 and 60 °C; within 0.1 % there (IAPWS-95)."""

KJ_PER_KWH = 3600.0


@kernel
def density_kg_per_m3(water_c: float) -> float:
    """Give the density of water between 0 and 100 °C at normal pressure, within 0.02 %.

    Kell (1975), J. Chem. Eng. Data 20(1), equation 16, as a rational polynomial in °C.
    """
    above = 999.83952 + water_c * (
        16.945176
        + water_c
        * (
            -7.9870401e-3
            + water_c * (-46.170461e-6 + water_c * (105.56302e-9 - water_c * 280.54253e-12))
        )
    )
    return above / (1.0 + 16.879850e-3 * water_c)


@kernel
def saturation_pressure_pa(temperature_c: float) -> float:
    """Give the saturation pressure of water vapour over water, for 0 to 60 °C.

    Magnus form with the coefficients of Sonntag (1990): 611.2 exp(17.62 t / (243.12 + t)).
    """
    return 611.2 * math.exp(17.62 * temperature_c / (243.12 + temperature_c))


@kernel
def evaporation_heat_kj_per_kg(water_c: float) -> float:
    """Give the heat that evaporating a kilogram of water takes, 2501 - 2.37 t, for 0 to 60 °C."""
    return 2501.0 - 2.37 * water_c
