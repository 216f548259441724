"""What the checks of a contract look at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from exotherm.contract.terms import Contract
from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.samples import Point
from exotherm.core.units import format_quantity
from exotherm.site.document import Meter, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A contract with the site it is for, the points of that site's meters, and its file."""

    contract: Contract
    site: Site
    points: Mapping[str, Point]
    source: Source

    @property
    def billed_point(self) -> Point | None:
        """The point whose register is billed, where the site has it."""
        return self.points.get(self.contract.delivered_heat.point)

    @property
    def billed_meter(self) -> Meter | None:
        """The meter whose register is billed, where the site has it."""
        name = self.contract.delivered_heat.point.partition(".")[0]
        return next((meter for meter in self.site.meters if meter.name == name), None)

    def price(self, name: str, value: float | Decimal) -> str:
        """Write a price or an amount in the contract's currency."""
        return format_quantity(name, value, currency=self.contract.currency)


_OWN_HEAT = {
    "electricity": "the customer's own electric heater",
    "district heat": "the customer's own district heat",
}


def own_heat(site: Site) -> str:
    """Name what warms the customer without the supplier, to stand within a sentence."""
    return _OWN_HEAT.get(site.boiler.fuel, "the customer's own boiler")


Check = Callable[[Case], Iterator[Finding]]


def kw(value: float) -> str:
    """Write a heat flow."""
    return format_quantity("heat_kw", value)


def celsius(value: float) -> str:
    """Write a temperature."""
    return format_quantity("supply_c", value)


def kelvin(value: float) -> str:
    """Write a difference of temperatures."""
    return format_quantity("lift_k", value)


def minutes(value: float) -> str:
    """Write a number of minutes."""
    return format_quantity("interval_min", value)


def percent(value: float) -> str:
    """Write a share in per cent."""
    return format_quantity("share_frac", value)
