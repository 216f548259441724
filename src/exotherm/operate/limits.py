"""How far a value and a register can go on a site, so that a wrong one shows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from exotherm.core.samples import Point
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, KJ_PER_KWH
from exotherm.site.document import Site, points_of
from exotherm.site.heat_path import (
    capture_at,
    coolant_heat_kw,
    coolest_return_c,
    heat_path_of,
    reachable_supply_c,
    serves_pool_alone,
)
from exotherm.site.pumped import cop_of, full_heat_kw

CLOCK_OFF_MAX = timedelta(minutes=5)
"""By how much a meter's clock may differ from ours: a third of a quarter-hour."""

_MARGIN = 1.5
# Without flow a heat meter shows small values of either sign.
_STILL_FRAC = -0.1
_WATER_C = (-10.0, 110.0)
_COOLANT_C = (-20.0, 120.0)
# Pressurised networks pass the boiling point; a sensor shows a little more than there is.
_WARMER_K = 20.0
# A sensor in its pocket follows the hottest water at a start of a pump within minutes.
_JUMP_K = 40.0
# No machine that runs does worse, whatever its points say far from where they were measured.
_COP_MIN = 1.2
# Meters tell the time to the minute, so the time between two readings may be a minute longer.
_CLOCK_SLACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is plausible for each point of a site, by name; a point without an entry is free.

    ``range`` is the least and the largest value of an instant in its unit; ``per_hour_max`` how far
    a register can go in an hour in its unit.
    """

    range: Mapping[str, tuple[float, float]]
    per_hour_max: Mapping[str, float]
    clock_off_max: timedelta = CLOCK_OFF_MAX
    per_minute_max: Mapping[str, float] = field(default_factory=dict)
    """how far an instant can go in a minute in its unit, where something is known of that"""

    def count_max(self, point: Point, elapsed: timedelta) -> int | None:
        """Give how many counts a register can have gone in a time, or None where nothing is known.

        One count more is allowed, since a register shows only digits that are complete.
        """
        per_hour = self.per_hour_max.get(point.name)
        if per_hour is None:
            return None
        hours = (elapsed + _CLOCK_SLACK) / timedelta(hours=1)
        return int(per_hour * hours * 10**point.decimals) + 1


def limits_of(site: Site) -> Limits:
    """Work out what is plausible from the ratings in the site file, with a margin of a half."""
    kw_max = power_kw_max(site)
    flow_m3h_max = _MARGIN * site.delivery.flow_kgs * KJ_PER_KWH / 1000.0
    water_c = (_WATER_C[0], max(_WATER_C[1], reachable_supply_c(site) + _WARMER_K))
    ranges = {quantity: (_STILL_FRAC * kw, kw) for quantity, kw in kw_max.items()}
    ranges |= {
        "flow_m3h": (_STILL_FRAC * flow_m3h_max, flow_m3h_max),
        "supply_c": water_c,
        "return_c": water_c,
        "coolant_c": _COOLANT_C,
    }
    rates = {quantity.removesuffix("kw") + "kwh": kw for quantity, kw in kw_max.items()}
    rates["volume_m3"] = flow_m3h_max
    rejection, rejected_kw = _of_rejection(site), _MARGIN * coolant_heat_kw(site)
    points = points_of(site)
    known = {name: _quantity(name) for name in points if name not in rejection}
    heats = {name for name in rejection if _quantity(name) == "heat_kw"}
    registers = {name for name in rejection if _quantity(name) in ("heat_kwh", "energy_kwh")}
    return Limits(
        range={name: ranges[quantity] for name, quantity in known.items() if quantity in ranges}
        | dict.fromkeys(heats, (_STILL_FRAC * rejected_kw, rejected_kw)),
        per_hour_max={
            name: rates[quantity] for name, quantity in known.items() if quantity in rates
        }
        | dict.fromkeys(registers, rejected_kw),
        per_minute_max={name: _JUMP_K for name in points if _quantity(name).endswith("_c")},
    )


def _of_rejection(site: Site) -> frozenset[str]:
    """Name the points of the meters that measure what is rejected."""
    return frozenset(
        f"{meter.name}.{point.name}"
        for meter in site.meters
        if meter.measures == "rejected"
        for point in meter.points
    )


def _quantity(name: str) -> str:
    return name.partition(".")[2]


def power_kw_max(site: Site) -> dict[str, float]:
    """Give the largest power of each kind that the site can have, by the name of its quantity."""
    servers_kw, delivery = site.computing.power_kw_rated, site.delivery
    largest = {
        "heat_kw": _delivered_kw(site),
        "power_kw": servers_kw,
        "it_kw": servers_kw,
        "site_kw": _site_kw(site),
        "auxiliary_kw": delivery.pump_kw + delivery.controls_kw + _heat_pump_kw(site),
        "fuel_kw": site.boiler.heat_kw_rated
        * (1.0 / site.boiler.efficiency_frac + site.boiler.standby_frac),
    }
    return {quantity: _MARGIN * kw for quantity, kw in largest.items()}


def _delivered_kw(site: Site) -> float:
    """Give what passes the heat meter from the warmest store to the coolest customer.

    A pool's exchanger passes less than the flow carries.
    """
    lift_k = max(0.0, reachable_supply_c(site) - coolest_return_c(site))
    if serves_pool_alone(site):
        return heat_path_of(site).delivery_kw_per_k * lift_k
    return site.delivery.flow_kgs * HEAT_CAPACITY_KJ_PER_KGK * lift_k


def _site_kw(site: Site) -> float:
    """Give the electricity of the data centre while full servers have all their heat cooled."""
    computing, capture, full = site.computing, site.capture, capture_at(site)
    cooling_kw = site.rejection.fan_kw_rated
    if site.rejection.chiller_eer is not None:
        cooling_kw += coolant_heat_kw(site) / site.rejection.chiller_eer
    if site.air_cooling is not None:
        cooling_kw += full.to_air_kw / site.air_cooling.eer
    supply_kw = computing.power_kw_rated * (1.0 + computing.ups_loss_frac)
    return supply_kw + full.fan_kw + computing.controls_kw + capture.pump_kw + cooling_kw


def _heat_pump_kw(site: Site) -> float:
    """Give the electricity of a heat pump at full load and its hardest lift, controls included."""
    pump = site.heat_pump
    if pump is None:
        return 0.0
    hardest = {"source_out_c": pump.source_c_min, "sink_c": pump.sink_c_max}
    cop = max(cop_of(pump, **hardest), _COP_MIN)
    heat_kw = max(pump.heat_kw_rated, full_heat_kw(pump, **hardest))
    return heat_kw * (1.0 / cop + pump.auxiliary_frac)
