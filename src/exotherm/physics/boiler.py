"""The customer's own heat: boilers at part load, calorific values, and district heat bought in."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from exotherm.core.kernel import kernel
from exotherm.physics.confidence import Confidence

GROSS_PER_NET: Mapping[str, float] = {
    "natural gas": 1.11,
    "liquefied gas": 1.09,
    "heating oil": 1.06,
    "wood": 1.08,
}
"""Gross over net calorific value, DIN V 18599-1: gas and oil reported, the others expert values,
verify. Wood follows its moisture; 1.08 is for pellets and dry chips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoilerKind:
    """The least efficiency that a kind of boiler must reach, and how it follows the water.

    In per cent of the net calorific value: constant plus slope times log10 of the rated kW, at
    full load and at 30 % load. The rules state the mean water temperature: 70 °C at full load is
    a return of 60 °C, and at part load 50 and 40 °C are returns of 45 and 35 °C here.
    """

    name: str
    full_percent: float
    full_slope: float
    part_percent: float
    part_slope: float
    part_return_c: float
    fall_per_k: float
    """efficiency lost per kelvin of warmer return; EN 15316-4-1, expert value, verify"""
    kw_min: float
    kw_max: float
    """range of the rule; the value at its end holds beyond"""
    source: str
    confidence: Confidence


_DIRECTIVE = "Council Directive 92/42/EEC, article 5; 4 to 400 kW"
_STOKED = "EN 303-5:2012, class 5; constant above 100 kW"

BOILER_KINDS: tuple[BoilerKind, ...] = (
    BoilerKind(
        name="standard",
        full_percent=84.0,
        full_slope=2.0,
        part_percent=80.0,
        part_slope=3.0,
        part_return_c=45.0,
        fall_per_k=0.0004,
        kw_min=4.0,
        kw_max=400.0,
        source=_DIRECTIVE,
        confidence="reported",
    ),
    BoilerKind(
        name="low temperature",
        full_percent=87.5,
        full_slope=1.5,
        part_percent=87.5,
        part_slope=1.5,
        part_return_c=35.0,
        fall_per_k=0.0004,
        kw_min=4.0,
        kw_max=400.0,
        source=_DIRECTIVE,
        confidence="reported",
    ),
    BoilerKind(
        name="condensing gas",
        full_percent=91.0,
        full_slope=1.0,
        part_percent=97.0,
        part_slope=1.0,
        part_return_c=30.0,
        fall_per_k=0.002,
        kw_min=4.0,
        kw_max=400.0,
        source=_DIRECTIVE,
        confidence="reported",
    ),
    BoilerKind(
        name="biomass",
        full_percent=87.0,
        full_slope=1.0,
        part_percent=87.0,
        part_slope=1.0,
        part_return_c=60.0,
        fall_per_k=0.0,
        kw_min=4.0,
        kw_max=100.0,
        source=_STOKED,
        confidence="expert value, verify",
    ),
    BoilerKind(
        name="electric",
        full_percent=99.0,
        full_slope=0.0,
        part_percent=99.0,
        part_slope=0.0,
        part_return_c=60.0,
        fall_per_k=0.0,
        kw_min=1.0,
        kw_max=1e6,
        source="resistance heating; the rest is the casing's loss",
        confidence="expert value, verify",
    ),
)


def least_efficiency_frac(kind: BoilerKind, *, power_kw_rated: float) -> tuple[float, float]:
    """Give the least efficiency at full and at 30 % load, of the net calorific value."""
    decades = math.log10(min(max(power_kw_rated, kind.kw_min), kind.kw_max))
    full = kind.full_percent + kind.full_slope * decades
    part = kind.part_percent + kind.part_slope * decades
    return full / 100.0, part / 100.0


@kernel
def at_return_frac(
    tested_frac: float, tested_return_c: float, return_c: float, fall_per_k: float, cap_frac: float
) -> float:
    """Give an efficiency at another return temperature: η + f (T_tested - T), at most a cap.

    EN 15316-4-1's correction; f is 0.002 per kelvin for condensing gas boilers and 0.0004 for
    others (expert values, verify). The cap is gross over net calorific value: no boiler gives
    more heat than its fuel's gross one.
    """
    return min(cap_frac, tested_frac + fall_per_k * (tested_return_c - return_c))


@kernel
def boiler_fuel_kw(
    heat_kw: float, power_kw_rated: float, full_frac: float, part_frac: float, standby_frac: float
) -> float:
    """Give the fuel of a boiler, by the calorific value its efficiencies are stated in.

    Fuel is heat plus loss, and the loss is straight between its values at stand-by, 30 % and full
    load: the case-specific method of EN 15316-4-1. ``standby_frac`` is the loss at no heat over
    the rated power, 0.003 to 0.02 for a boiler held warm (expert value, verify) and nought for one
    that goes cold. Heat is from nought to the rated power.
    """
    part_kw = 0.3 * power_kw_rated
    part_loss_kw = part_kw * (1.0 / part_frac - 1.0)
    if heat_kw <= part_kw:
        standby_kw = standby_frac * power_kw_rated
        load = max(0.0, heat_kw) / part_kw
        return max(0.0, heat_kw) + standby_kw + (part_loss_kw - standby_kw) * load
    full_loss_kw = power_kw_rated * (1.0 / full_frac - 1.0)
    load = (heat_kw - part_kw) / (power_kw_rated - part_kw)
    return heat_kw + part_loss_kw + (full_loss_kw - part_loss_kw) * load


@kernel
def gross_from_net_kwh(net_kwh: float, gross_per_net: float) -> float:
    """Give fuel energy by gross calorific value, as bills and emission factors often state it."""
    return net_kwh * gross_per_net


@kernel
def net_from_gross_kwh(gross_kwh: float, gross_per_net: float) -> float:
    """Give fuel energy by net calorific value, as boilers' efficiencies are stated."""
    return gross_kwh / gross_per_net


@kernel
def district_heat_kw(heat_kw: float, station_loss_frac: float) -> float:
    """Give the heat to buy for a need: the station loses a share of what passes.

    ``station_loss_frac`` 0.05 by the Danish Energy Agency's catalogue (reported), 0 where the
    meter stands behind the station.
    """
    return max(0.0, heat_kw) / (1.0 - station_loss_frac)
