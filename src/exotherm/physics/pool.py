"""An indoor pool: what its water loses to air, ground and drain."""

from exotherm.core.kernel import kernel
from exotherm.physics.water import evaporation_heat_kj_per_kg, saturation_pressure_pa


@kernel
def evaporation_kgs(
    area_m2: float,
    water_c: float,
    air_c: float,
    humidity_frac: float,
    air_speed_ms: float,
    activity: float,
) -> float:
    """Give the water that evaporates from a pool, never less than nought.

    A (p_w - p_a)(0.089 + 0.0782 v) F / Y with pressures in kPa and Y the heat of evaporation in
    kJ/kg: ASHRAE Handbook, HVAC Applications, natatoriums, after Carrier (1918). The activity
    factor F is 0.5 to 0.6 over still water and 0.7 to 0.8 with bathers where it was measured;
    design guides size ventilation with 1.0.
    """
    water_kpa = saturation_pressure_pa(water_c) / 1000.0
    air_kpa = humidity_frac * saturation_pressure_pa(air_c) / 1000.0
    drive_kw_per_m2 = (water_kpa - air_kpa) * (0.089 + 0.0782 * air_speed_ms) * activity
    return max(0.0, area_m2 * drive_kw_per_m2 / evaporation_heat_kj_per_kg(water_c))


@kernel
def convection_kw(area_m2: float, water_c: float, air_c: float, w_per_m2k: float) -> float:
    """Give the dry heat from water to air; negative where the air is warmer."""
    return area_m2 * w_per_m2k * (water_c - air_c) / 1000.0
