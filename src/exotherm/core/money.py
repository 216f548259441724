"""Money: decimals, and the only place where any of it is rounded, always by a rule with a name."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import pairwise

# Decimal places of the currencies' smallest coin (ISO 4217); two unless named here.
_DECIMALS = {"ISK": 0, "JPY": 0, "KRW": 0, "CLP": 0, "BHD": 3, "KWD": 3, "TND": 3}


class RoundingRule(StrEnum):
    """How an amount that falls between two coins is decided."""

    HALF_UP = "half-up"
    """Half a cent goes away from nought: the commercial rule, and the default of EN 16931."""
    HALF_EVEN = "half-even"
    """Half a cent goes to the even cent: the banker's rule, without bias over many amounts."""


_MODES = {RoundingRule.HALF_UP: ROUND_HALF_UP, RoundingRule.HALF_EVEN: ROUND_HALF_EVEN}


def decimals_of_currency(currency: str) -> int:
    """Give the decimals of a currency's smallest coin."""
    return _DECIMALS.get(currency, 2)


def round_money(amount: Decimal, *, rule: RoundingRule, currency: str) -> Decimal:
    """Round an amount to the currency's smallest coin by a named rule."""
    return round_decimal(amount, rule=rule, decimals=decimals_of_currency(currency))


def round_decimal(value: Decimal, *, rule: RoundingRule, decimals: int) -> Decimal:
    """Round a decimal to a number of places by a named rule."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=_MODES[rule])


def split_exactly(
    total: Decimal, weights: Sequence[Decimal], *, rule: RoundingRule, currency: str
) -> tuple[Decimal, ...]:
    """Split an amount by weights into parts that sum to it exactly.

    Each part is the rounded running total less the one before it, so no cent is lost or made
    anywhere and every part is within a coin of its share. Raises ValueError where the weights
    have no positive sum.
    """
    whole = sum(weights, Decimal(0))
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("the weights of a split are not negative and have a positive sum")
    edges = [Decimal(0)]
    running = Decimal(0)
    for weight in weights[:-1]:
        running += weight
        edges.append(round_money(total * running / whole, rule=rule, currency=currency))
    edges.append(total)
    parts = tuple(after - before for before, after in pairwise(edges))
    assert sum(parts, Decimal(0)) == total
    return parts
