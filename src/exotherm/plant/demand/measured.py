"""A customer whose heat was measured for a year, laid on any year."""

import numpy as np

from exotherm.physics.computing import FloatArray, IntArray
from exotherm.physics.supply_curve import WaterTemperatures, heating_curve, load_share
from exotherm.plant.demand.load import Load
from exotherm.plant.demand.space_heat import design_c_of, radiators_of
from exotherm.plant.demand.year import Year
from exotherm.site.customers import MeasuredHeat
from exotherm.site.series import HeatDemand

QUARTERS_OF_HOUR = 4
_QUARTERS_OF_DAY = 96
_DAYS_OF_YEAR = 365
_29_FEBRUARY = 59
_ROOM_C = 20.0
_DESIGN_SPAN_K_MIN = 1.0


def measured_load(customer: MeasuredHeat, demand: HeatDemand, year: Year, reference: Year) -> Load:
    """Give the heat of a measured customer in every quarter-hour of a year."""
    heat_kw = _quarters_kw(demand)[_quarters_of_source(demand, year)]
    water = _water(customer, year, reference)
    return Load(
        name=customer.name,
        heat_kw=heat_kw,
        supply_c=np.repeat(water.supply_c, QUARTERS_OF_HOUR),
        return_c=np.repeat(water.return_c, QUARTERS_OF_HOUR),
        heat_kw_max=float(heat_kw.max()),
    )


def _quarters_kw(demand: HeatDemand) -> FloatArray:
    steps_per_quarter = demand.step.total_seconds() / 900.0
    assert steps_per_quarter in (1.0, 2.0, 4.0), demand.step
    return np.repeat(demand.heat_kw, int(steps_per_quarter))


def _quarters_of_source(demand: HeatDemand, year: Year) -> IntArray:
    """Find for every quarter-hour of a year the one that was measured.

    By the time since local new year, without clock changes. 29 February is left out where the
    year has none; where only the measured year has none it is lived as the 28th. A year that is
    longer still, since its zone moved, begins again.
    """
    measured_days = demand.heat_kw.size * demand.step.total_seconds() / 86_400.0
    quarter = np.arange(year.hour.size * QUARTERS_OF_HOUR)
    day = quarter // _QUARTERS_OF_DAY
    leap_year, leap_measured = year.days > _DAYS_OF_YEAR, measured_days > _DAYS_OF_YEAR
    if leap_year and not leap_measured:
        day = np.where(day >= _29_FEBRUARY, day - 1, day)
    elif leap_measured and not leap_year:
        day = np.where(day >= _29_FEBRUARY, day + 1, day)
    source = day * _QUARTERS_OF_DAY + quarter % _QUARTERS_OF_DAY
    return np.asarray(source % int(measured_days * _QUARTERS_OF_DAY))


def _water(customer: MeasuredHeat, year: Year, reference: Year) -> WaterTemperatures:
    """Give constant temperatures, or those of radiators where the customer's follow the weather."""
    if not customer.follows_weather:
        return WaterTemperatures(
            supply_c=np.full_like(year.felt_c, customer.supply_c_design),
            return_c=np.full_like(year.felt_c, customer.return_c_design),
        )
    design_c = min(
        design_c_of(customer.outdoor_c_design, reference),
        customer.balance_c - _DESIGN_SPAN_K_MIN,
    )
    share = load_share(year.felt_c, balance_c=customer.balance_c, design_c=design_c)
    radiators = radiators_of(customer.supply_c_design, customer.return_c_design, room_c=_ROOM_C)
    return heating_curve(share, radiators)
