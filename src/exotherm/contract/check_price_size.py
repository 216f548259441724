"""Whether a price is one of a kilowatt hour, and not of a megawatt hour or in cents."""

from decimal import Decimal

from exotherm.contract.case import Case
from exotherm.core.findings import Finding
from exotherm.site.prices import PriceSpan, span_by_fuel, span_of

# Of the customer's own fuel or heat, where nothing is known of a currency's worth.
_TIMES_FUEL_MAX = 5


def price_of_other_size(
    case: Case, *place: str | int, price: Decimal, fuel_per_kwh: Decimal
) -> Finding | None:
    """Find a price far from what a kilowatt hour costs; ``fuel_per_kwh`` is the customer's own."""
    span = _span(case, fuel_per_kwh)
    if price <= 0 or span.least <= price <= span.high:
        return None
    return case.source.warning(
        "contract.price-implausible",
        *place,
        message=f"This price is {span.write(price)}, far from what a kilowatt hour costs.",
        remedy=span.remedy(price),
        price_per_kwh=str(price),
    )


def _span(case: Case, fuel_per_kwh: Decimal) -> PriceSpan:
    currency = case.contract.currency
    known = span_of(currency)
    if known is not None:
        return known
    high = max(Decimal(1), _TIMES_FUEL_MAX * fuel_per_kwh)
    return span_by_fuel(currency, fuel_per_kwh, high=high)
