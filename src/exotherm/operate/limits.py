"""How far a value and a register can go on a site, so that a wrong one shows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from exotherm.core.samples import Point
from exotherm.physics.water import KJ_PER_KWH
from exotherm.plant.build import build_plant
from exotherm.site.document import Site, points_of

CLOCK_OFF_MAX = timedelta(minutes=5)
"""By how much a meter's clock may differ from ours: a third of a quarter-hour."""

_MARGIN = 1.5
# Without flow a heat meter shows small values of either sign.
_STILL_FRAC = -0.1
_WATER_C = (-10.0, 110.0)
_COOLANT_C = (-20.0, 120.0)
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
    ranges = {quantity: (_STILL_FRAC * kw, kw) for quantity, kw in kw_max.items()}
    ranges |= {
        "flow_m3h": (_STILL_FRAC * flow_m3h_max, flow_m3h_max),
        "supply_c": _WATER_C,
        "return_c": _WATER_C,
        "coolant_c": _COOLANT_C,
    }
    rates = {quantity.removesuffix("kw") + "kwh": kw for quantity, kw in kw_max.items()}
    rates["volume_m3"] = flow_m3h_max
    points = points_of(site)
    return Limits(
        range={name: ranges[_quantity(name)] for name in points if _quantity(name) in ranges},
        per_hour_max={name: rates[_quantity(name)] for name in points if _quantity(name) in rates},
    )


def _quantity(name: str) -> str:
    return name.partition(".")[2]


def power_kw_max(site: Site) -> dict[str, float]:
    """Give the largest power of each kind that the site can have, by the name of its quantity."""
    plant = build_plant(site)
    servers_kw = site.computing.power_kw_rated
    supply_kw = (
        servers_kw * (1.0 + plant.ups_loss_frac)
        + plant.controls_kw
        + plant.coolant_pump_kw
        + plant.fan_kw_rated
    )
    # What the exchanger passes from a buffer as hot as the coolant to a pool at its set-point.
    heat_kw = plant.delivery_kw_per_k * (plant.coolant_c_max - plant.pool_c_set)
    largest = {
        "heat_kw": heat_kw,
        "power_kw": servers_kw,
        "it_kw": servers_kw,
        "site_kw": supply_kw,
        "auxiliary_kw": plant.delivery_pump_kw + plant.delivery_controls_kw,
        "fuel_kw": plant.boiler_kw / plant.boiler_efficiency_frac,
    }
    return {quantity: _MARGIN * kw for quantity, kw in largest.items()}
