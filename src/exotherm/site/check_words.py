"""Quantities in the words of a site's findings."""

from collections.abc import Callable, Iterator

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.units import format_quantity
from exotherm.site.document import Site

SiteCheck = Callable[[Site, Source], Iterator[Finding]]


def kw(value: float) -> str:
    """Write a heat flow."""
    return format_quantity("heat_kw", value)


def celsius(value: float) -> str:
    """Write a temperature."""
    return format_quantity("water_c", value)


def kelvin(value: float) -> str:
    """Write a difference of temperatures."""
    return format_quantity("lift_k", value)


def kgs(value: float) -> str:
    """Write a mass flow."""
    return format_quantity("flow_kgs", value)


def percent(value: float) -> str:
    """Write a share in whole per cent."""
    return format_quantity("share_frac", value, decimals=0)
