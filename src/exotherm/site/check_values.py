"""Checks of a site's place, prices, money and emission factors."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.units import format_quantity
from exotherm.site.document import Site

_HOUR = timedelta(hours=1)
# In China's west the clock is three hours ahead of the sun; nowhere is it four.
_CLOCK_AND_SUN_H_MAX = 3.5
# Currencies in which a kilowatt hour costs cents; elsewhere a price above 1 is usual.
_CENTS_PER_KWH = frozenset({"EUR", "GBP", "USD", "CHF"})
_PER_KWH_MIN, _PER_KWH_MAX = 0.01, 1.0


def _prices_are_usual(site: Site, source: Source) -> Iterator[Finding]:
    """Check that prices of energy are per kilowatt hour, where a kilowatt hour costs cents."""
    currency = site.site.currency
    if currency not in _CENTS_PER_KWH:
        return
    for name in ("electricity_per_kwh", "fuel_per_kwh"):
        price = float(getattr(site.economics, name))
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
    _prices_are_usual,
    _place_fits_zone,
    _money_is_complete,
    _factors_are_uncertain,
)
