"""What a price of a kilowatt hour was probably meant to be that is far from what one costs."""

from dataclasses import dataclass
from decimal import Decimal

from exotherm.core.currencies import PER_EUR
from exotherm.core.sentences import listed
from exotherm.core.slips import write_plainly

_COINS = {
    "EUR": "ct",
    "USD": "ct",
    "GBP": "p",
    "CHF": "Rp.",
    "DKK": "øre",
    "SEK": "öre",
    "NOK": "øre",
}
# In euros: what anything that is sold by the kilowatt hour may cost, and what heat, fuel and
# electricity mostly do, within which a price is sought that was written in another unit.
_LOW_EUR, _HIGH_EUR = Decimal("0.01"), Decimal(1)
_MOSTLY_LOW_EUR, _MOSTLY_HIGH_EUR = Decimal("0.02"), Decimal("0.6")
# Heat may be nearly given away; below this a price that is none of nought is a slip.
_LEAST_EUR = Decimal("0.001")
# Of the customer's own fuel, where nothing is known of a currency.
_FUEL_LOW, _FUEL_HIGH = Decimal("0.2"), Decimal(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSpan:
    """Prices of a kilowatt hour in a currency: the usual ones, and the common ones among these.

    ``least`` is the smallest of heat that is nearly given away.
    """

    currency: str
    least: Decimal
    low: Decimal
    high: Decimal
    common_low: Decimal
    common_high: Decimal

    def write(self, price: Decimal) -> str:
        """Write a price with all its digits and its unit."""
        return f"{write_plainly(price)} {self.currency}/kWh"

    def remedy(self, price: Decimal) -> str:
        """Say how the price is written that was probably meant, by the unit it stands in."""
        meant = self.meant(price)
        wanted = f"Give the price of one kilowatt hour in {self.currency}"
        if not meant:
            return f"{wanted}, or note beside it why it is so."
        return f"{wanted}: {meant}. If it is right as it stands, note beside it why."

    def meant(self, price: Decimal) -> str:
        """Say how the price is written that was probably meant; empty where nobody can tell."""
        readings = listed(self._meant(price), before_last="or")
        return readings.replace(" as ", " is written as ", 1)

    def _meant(self, price: Decimal) -> list[str]:
        coin = _COINS.get(self.currency, "hundredths")
        readings = (
            (price / 100, f"{write_plainly(price)} {coin}/kWh"),
            (price / 1000, f"{write_plainly(price)} {self.currency}/MWh"),
            (price * 100, f"{write_plainly(price * 10_000)} {coin}/kWh"),
            (price * 1000, f"{write_plainly(price * 1_000_000)} {self.currency}/MWh"),
        )
        return [
            f"{written} as {write_plainly(one)}"
            for one, written in readings
            if self.common_low <= one <= self.common_high
        ]


def span_of(currency: str) -> PriceSpan | None:
    """Give the prices of a currency, or None where nothing is known of its worth."""
    return _span(currency) if currency in PER_EUR else None


def _span(currency: str) -> PriceSpan:
    rate = Decimal(str(PER_EUR[currency]))
    return PriceSpan(
        currency=currency,
        least=_LEAST_EUR * rate,
        low=_LOW_EUR * rate,
        high=_HIGH_EUR * rate,
        common_low=_MOSTLY_LOW_EUR * rate,
        common_high=_MOSTLY_HIGH_EUR * rate,
    )


def span_by_fuel(currency: str, fuel_per_kwh: Decimal, *, high: Decimal) -> PriceSpan:
    """Give the prices of any currency by what the customer's own fuel costs in it."""
    return PriceSpan(
        currency=currency,
        least=Decimal(0),
        low=Decimal(0),
        high=high,
        common_low=_FUEL_LOW * fuel_per_kwh,
        common_high=_FUEL_HIGH * fuel_per_kwh,
    )


IN_EUR = _span("EUR")
"""the prices of what is in euros whatever the country"""
