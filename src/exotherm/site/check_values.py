"""Checks of a site's place, prices, money and emission factors."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.slips import write_plainly
from exotherm.core.toml_lines import Path, write_path
from exotherm.core.units import format_quantity
from exotherm.site.document import Site
from exotherm.site.prices import span_of

_HOUR = timedelta(hours=1)
# In China's west the clock is three hours ahead of the sun; nowhere is it four.
_CLOCK_AND_SUN_H_MAX = 3.5
_BOUGHT = ("electricity_per_kwh", "fuel_per_kwh")
# What may be nothing: heat that is given away, a certificate of another kind.
_SOLD = (("sale", "heat_per_kwh"), ("lease", "heat_per_kwh"))


def _prices_are_usual(site: Site, source: Source) -> Iterator[Finding]:
    """Check that prices are those of a kilowatt hour, where a currency's worth is known."""
    span = span_of(site.site.currency)
    if span is None:
        return
    for place, price in _prices(site):
        is_bought = place[-1] in _BOUGHT
        low = span.low if is_bought else span.least
        if low <= price <= span.high or (not is_bought and price == 0):
            continue
        path = ("economics", *place)
        yield source.warning(
            "site.price-implausible",
            *path,
            message=f"`{write_path(path)}` is {span.write(price)}; usual is "
            f"{write_plainly(low)} to {span.write(span.high)}.",
            remedy=span.remedy(price),
            price_per_kwh=float(price),
        )


def _prices(site: Site) -> Iterator[tuple[Path, Decimal]]:
    """Give each price of a kilowatt hour with its place in the economics."""
    economics = site.economics
    for name in _BOUGHT:
        yield (name,), Decimal(str(getattr(economics, name)))
    for table, name in _SOLD:
        yield (table, name), Decimal(str(getattr(getattr(economics, table), name)))
    for index, one in enumerate(economics.certificates):
        yield ("certificates", index, "amount_per_kwh"), Decimal(str(one.amount_per_kwh))


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
