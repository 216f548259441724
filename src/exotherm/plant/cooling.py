"""The air that a cooler works against, hour by hour of a typical year."""

import numpy as np

from exotherm.core.kernel import kernel
from exotherm.physics.computing import FloatArray
from exotherm.physics.moist_air import SEA_LEVEL_PA, wet_bulb_c
from exotherm.physics.weather import synthetic_humidity_frac
from exotherm.physics.wet_cooler import adiabatic_air_c
from exotherm.site.machines import Rejection
from exotherm.site.series import Weather


def cooler_air_c(rejection: Rejection, weather: Weather) -> FloatArray:
    """Give the temperature against which a cooler rejects heat, shape (8760,).

    The outdoor air of a dry cooler; what wetted pads leave of it, from the outdoor air on at
    which they are wetted; the wet bulb of a tower. Where the weather tells no humidity it is the
    generator's: 80 % at the day's mean.
    """
    if rejection.kind == "dry":
        return weather.outdoor_c
    humidity_frac = weather.humidity_frac
    if humidity_frac is None:
        humidity_frac = synthetic_humidity_frac(weather.outdoor_c)
    wet_c = _wet_bulbs_c(weather.outdoor_c, humidity_frac)
    if rejection.kind != "adiabatic":
        return wet_c
    cooled_c = _behind_pads_c(weather.outdoor_c, wet_c, rejection.saturation_frac)
    return np.where(weather.outdoor_c >= rejection.wetted_from_c, cooled_c, weather.outdoor_c)


@kernel
def _wet_bulbs_c(outdoor_c: FloatArray, humidity_frac: FloatArray) -> FloatArray:
    wet_c = np.empty_like(outdoor_c)
    for hour in range(outdoor_c.size):
        wet_c[hour] = wet_bulb_c(outdoor_c[hour], humidity_frac[hour], SEA_LEVEL_PA)
    return wet_c


@kernel
def _behind_pads_c(outdoor_c: FloatArray, wet_c: FloatArray, saturation_frac: float) -> FloatArray:
    cooled_c = np.empty_like(outdoor_c)
    for hour in range(outdoor_c.size):
        cooled_c[hour] = adiabatic_air_c(outdoor_c[hour], wet_c[hour], saturation_frac)
    return cooled_c
