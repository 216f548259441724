"""Checks of single values of a site against what is usual, and of its place and money."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from exotherm.core.documents import Document, Source
from exotherm.core.findings import Finding
from exotherm.core.units import format_quantity
from exotherm.site.document import Site

_HOUR = timedelta(hours=1)
# In China's west the clock is three hours ahead of the sun; nowhere is it four.
_CLOCK_AND_SUN_H_MAX = 3.5
# Currencies in which a kilowatt hour costs cents; elsewhere a price above 1 is usual.
_CENTS_PER_KWH = frozenset({"EUR", "GBP", "USD", "CHF"})
_PER_KWH_MIN, _PER_KWH_MAX = 0.01, 1.0


@dataclass(frozen=True, slots=True)
class _Usual:
    """The range in which a value lies at sites that exist, and where that range is from."""

    path: tuple[str, ...]
    low: float
    high: float
    because: str


_USUAL = (
    _Usual(("weather", "outdoor_c_design"), 15, 50, "hottest hours of places people live in"),
    _Usual(("computing", "idle_frac"), 0.10, 0.60, "accelerator nodes 15 to 30 %, CPU 30 to 50 %"),
    _Usual(("computing", "ups_loss_frac"), 0, 0.12, "a double-conversion UPS loses 3 to 6 %"),
    _Usual(("capture", "capture_frac"), 0.80, 1.0, "immersion captures 95 to 98 %"),
    _Usual(("capture", "coolant_c_max"), 30, 65, "immersion coolant leaves with 45 to 60 °C"),
    _Usual(("capture", "heat_capacity_kj_per_kgk"), 1, 4.3, "dielectric oil 2.1, water 4.18"),
    _Usual(("exchanger", "fouling_frac"), 0, 0.4, "10 % treated water, 20 % pool water"),
    _Usual(("delivery", "exchanger", "fouling_frac"), 0, 0.4, "10 % treated, 20 % pool water"),
    _Usual(("rejection", "lift_k_rated"), 3, 30, "dry coolers are rated at 10 to 15 K"),
    _Usual(("pool", "area_m2"), 20, 3000, "a school pool to a 50 m hall with its basins"),
    _Usual(("pool", "depth_m"), 0.3, 5, "a learner pool to a diving pit"),
    _Usual(("pool", "water_c_set"), 24, 36, "competition 26 to 28 °C, therapy 33 to 36 °C"),
    _Usual(("pool", "hall_air_c"), 22, 36, "one to two kelvin above the water, seldom over 31"),
    _Usual(("pool", "hall_humidity_frac"), 0.40, 0.70, "50 to 60 %"),
    _Usual(("pool", "air_speed_ms"), 0, 0.5, "0.1 m/s over still water indoors"),
    _Usual(("pool", "activity_occupied"), 0.4, 1.5, "0.7 to 0.8 measured, 1.0 for sizing"),
    _Usual(("pool", "activity_unoccupied"), 0.3, 1.0, "0.50 to 0.57 measured"),
    _Usual(("pool", "covered_frac"), 0.05, 1.0, "10 % of the area alone, 30 % with open edges"),
    _Usual(("pool", "mains_c_mean"), 4, 25, "10 °C in temperate places"),
    _Usual(("boiler", "efficiency_frac"), 0.60, 0.98, "old 65 %, condensing 84 to 90 %, gross"),
    _Usual(("carbon", "grid", "gco2e_per_kwh"), 5, 1200, "hydro to lignite, life cycle"),
    _Usual(("carbon", "fuel", "gco2e_per_kwh"), 150, 400, "natural gas 213, oil about 310, gross"),
    _Usual(("economics", "discount_frac"), 0.0, 0.20, "real rates of operators, 3 to 10 %"),
)


def _values_are_usual(site: Site, source: Source) -> Iterator[Finding]:
    """Check single values against the ranges of sites that exist."""
    for usual in _USUAL:
        value = _value_at(site, usual.path)
        if not usual.low <= value <= usual.high:
            name = usual.path[-1]
            yield source.warning(
                "site.value-unusual",
                *usual.path,
                message=f"`{'.'.join(usual.path)}` is {format_quantity(name, value)}; usual is "
                f"{format_quantity(name, usual.low)} to {format_quantity(name, usual.high)}: "
                f"{usual.because}.",
                remedy="Correct the value, or note beside it where it is from.",
                value=value,
                low=usual.low,
                high=usual.high,
            )


def _value_at(document: Document, path: tuple[str, ...]) -> float:
    value: object = document
    for part in path:
        value = getattr(value, part)
    assert isinstance(value, int | float), path
    return float(value)


def _prices_are_usual(site: Site, source: Source) -> Iterator[Finding]:
    """Check that prices of energy are per kilowatt hour, where a kilowatt hour costs cents."""
    currency = site.site.currency
    if currency not in _CENTS_PER_KWH:
        return
    for name in ("electricity_per_kwh", "fuel_per_kwh"):
        price = _value_at(site, ("economics", name))
        if not _PER_KWH_MIN <= price <= _PER_KWH_MAX:
            yield source.warning(
                "site.price-implausible",
                "economics",
                name,
                message=f"`economics.{name}` is "
                f"{format_quantity(name, price, currency=currency)}; is this per MWh?",
                remedy="Give the price of one kilowatt hour: 75 per MWh is 0.075.",
                price_per_kwh=price,
            )


def _place_fits_zone(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the sun of the place and the clock of its zone agree, to a few hours."""
    clock_h = standard_offset_h(site.zone, site.study.year)
    sun_h = site.site.longitude_deg / 15.0
    apart_h = abs((clock_h - sun_h + 12.0) % 24.0 - 12.0)
    if apart_h > _CLOCK_AND_SUN_H_MAX:
        yield source.warning(
            "site.place-outside-zone",
            "site",
            "longitude_deg",
            message=f"At longitude {format_quantity('longitude_deg', site.site.longitude_deg)} the "
            f"sun and the clock of {site.site.zone} are {format_quantity('apart_h', apart_h)} "
            "apart.",
            remedy="Correct latitude, longitude or zone; west and south are negative.",
            apart_h=round(apart_h, 3),
        )


def standard_offset_h(zone: ZoneInfo, year: int) -> float:
    """Give a zone's winter time against UTC in hours: the smaller offset of the year."""
    offsets = (datetime(year, month, 1, tzinfo=zone).utcoffset() for month in (1, 7))
    return min(offset / _HOUR for offset in offsets if offset is not None)


def _money_is_complete(site: Site, source: Source) -> Iterator[Finding]:
    """Check that something is bought and that a grant does not pay for more than that."""
    economics = site.economics
    bought = sum(one.amount for one in economics.investment)
    if not economics.investment:
        yield source.note(
            "site.investment-missing",
            "economics",
            "investment",
            message="Nothing is bought to deliver heat, so the plan has no investment to pay back.",
            remedy="Add `[[economics.investment]]` for exchangers, buffer, pipes and controls.",
        )
    elif economics.grant_amount > bought:
        currency = site.site.currency
        grant = format_quantity("grant_amount", economics.grant_amount, currency=currency)
        yield source.warning(
            "site.grant-above-investment",
            "economics",
            "grant_amount",
            message=f"The grant of {grant} is more than all that is bought for "
            f"{format_quantity('bought_amount', bought, currency=currency)}.",
            remedy="Correct the grant, or add what else it pays for.",
            grant_amount=economics.grant_amount,
            bought_amount=bought,
        )


def _factors_are_uncertain(site: Site, source: Source) -> Iterator[Finding]:
    """Check that no emission factor claims to be exact."""
    for name, factor in (("grid", site.carbon.grid), ("fuel", site.carbon.fuel)):
        if not factor.uncertainty_frac:
            yield source.warning(
                "site.factor-without-uncertainty",
                "carbon",
                name,
                "uncertainty_frac",
                message=f"The emission factor of {name} claims to be exact; savings are then "
                "claimed without caution.",
                remedy="Give its standard uncertainty: about 0.02 for gas, 0.15 for a grid.",
            )


VALUE_CHECKS: tuple[Callable[[Site, Source], Iterator[Finding]], ...] = (
    _values_are_usual,
    _prices_are_usual,
    _place_fits_zone,
    _money_is_complete,
    _factors_are_uncertain,
)
