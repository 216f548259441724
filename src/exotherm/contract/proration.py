"""Parts of months, cut so that they sum to the whole exactly.

A part is what has passed of the whole at its end less what had passed at its start, both rounded:
running totals, so that no digit is lost or made wherever a whole is cut.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from exotherm.contract.terms import Contract
from exotherm.core.money import RoundingRule, round_decimal
from exotherm.core.period import Period, month_period

SHARE_DECIMALS = 6
_SECOND = timedelta(seconds=1)


def month_of(contract: Contract, instant: datetime) -> Period:
    """Give the calendar month of the contract's clock in which an instant lies."""
    local = instant.astimezone(contract.zone)
    return month_period(local.year, local.month, contract.zone)


def share_of_month(contract: Contract, period: Period) -> Decimal:
    """Give the share of its month that a period covers, by hours or by days (BIL-12).

    The shares of the parts of a month sum to 1 wherever it is cut. A day that is cut belongs to
    the part in which it ends.
    """
    month = month_of(contract, period.start)
    assert period.end <= month.end, "a rated period lies within one month"
    passed = _days_passed if contract.proration.term_edge == "days" else _hours_passed

    def rounded(instant: datetime) -> Decimal:
        share = passed(contract, month, instant)
        return round_decimal(share, rule=contract.rounding.rule, decimals=SHARE_DECIMALS)

    return plain(rounded(period.end) - rounded(period.start))


def split_quantity(
    total: Decimal, weights: Sequence[Decimal], *, decimals: int
) -> tuple[Decimal, ...]:
    """Split a quantity by weights, such as degree-days, into parts that sum to it exactly.

    For heat of a period in which something changes and no reading tells how it fell (BIL-12).
    """
    whole, running, parts, before = sum(weights, Decimal(0)), Decimal(0), [], Decimal(0)
    assert whole > 0 <= min(weights), weights
    for weight in weights:
        running += weight
        edge = round_decimal(total * running / whole, rule=RoundingRule.HALF_UP, decimals=decimals)
        parts.append(edge - before)
        before = edge
    assert before == total, "a quantity has no more digits than its parts"
    return tuple(parts)


def plain(value: Decimal) -> Decimal:
    """Give the same decimal without noughts at its end, and without an exponent."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()


def _hours_passed(_: Contract, month: Period, instant: datetime) -> Decimal:
    return Decimal((instant - month.start) // _SECOND) / Decimal(month.duration // _SECOND)


def _days_passed(contract: Contract, month: Period, instant: datetime) -> Decimal:
    first, day, end = (
        moment.astimezone(contract.zone).date().toordinal()
        for moment in (month.start, instant, month.end)
    )
    return Decimal(day - first) / Decimal(end - first)
