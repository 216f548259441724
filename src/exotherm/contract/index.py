"""Prices in force on a day: each price of the contract times the factor of its formula."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from exotherm.contract.index_factor import (
    Factor,
    Moved,
    Observed,
    factor,
    factor_of_values,
)
from exotherm.contract.index_values import Missing, Release
from exotherm.contract.terms import Contract
from exotherm.contract.terms.index_changes import IndexRounding
from exotherm.contract.terms.tariff_limits import PriceLimits
from exotherm.core.money import round_decimal

__all__ = [
    "Factor",
    "Missing",
    "Moved",
    "Observed",
    "PriceBook",
    "Release",
    "factor",
    "factor_of_values",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBook:
    """The factors in force on a day, and what rounds and limits the prices that they make."""

    factors: Mapping[Moved, Factor] = field(default_factory=dict)
    rounding: IndexRounding | None = None
    limits: PriceLimits | None = None

    @classmethod
    def at_start(cls, contract: Contract) -> "PriceBook":
        """Give the prices as they stand in the contract."""
        named = "price limits" in contract.composition.order
        limits = contract.price_limits if named else None
        return cls(rounding=contract.index_rounding, limits=limits)

    @classmethod
    def on(
        cls, contract: Contract, day: date, releases: Iterable[Release], *, known_on: date
    ) -> "PriceBook | Missing":
        """Give the prices in force on a day, or what is missing to know them.

        Prices change on the first of a month only (IDX-6), so a bill has one book.
        """
        start = cls.at_start(contract)
        if "indexation" not in contract.composition.order:
            return start
        known, factors = tuple(releases), dict[Moved, Factor]()
        moved: tuple[Moved, ...] = ("energy price", "standing fee", "capacity fee", "fuel")
        for one in moved:
            found = factor(contract, one, day, known, known_on)
            if isinstance(found, Missing):
                return found
            factors[one] = found
        return cls(factors=factors, rounding=start.rounding, limits=start.limits)

    def price(self, of: Moved, at_start: Decimal) -> Decimal:
        """Give a price in force: that at the start times its factor, rounded (IDX-5).

        Without a change it is the price of the contract to the digit. A collar holds the energy
        price after that (TAR-7).
        """
        own, price = self.factors.get(of), at_start
        if own is not None and own.effective_on is not None:
            assert self.rounding is not None, "a formula needs IDX-5"
            price = round_decimal(
                at_start * own.value,
                rule=self.rounding.rule,
                decimals=self.rounding.price_decimals,
            )
        return self.collared(price) if of == "energy price" else price

    def collared(self, price: Decimal) -> Decimal:
        """Hold a price of heat within the limits of a kilowatt hour (TAR-7)."""
        limits = self.limits
        if limits is not None and limits.price_per_kwh_min is not None:
            price = max(price, limits.price_per_kwh_min)
        if limits is not None and limits.price_per_kwh_max is not None:
            price = min(price, limits.price_per_kwh_max)
        return price
