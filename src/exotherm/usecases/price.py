"""Pricing a month that has not happened: the contract's own ``rate()`` on stated quantities."""

from decimal import Decimal

from exotherm.contract.outcome import Tally
from exotherm.contract.rate import Consumption, Rated, rate
from exotherm.contract.terms import Contract
from exotherm.core.period import read_month


def price_month(
    contract: Contract,
    month: str,
    *,
    heat_kwh: Decimal,
    reduced_heat_kwh: Decimal,
    failed_intervals: int,
) -> Rated:
    """Rate a month of the term with given heat; raises ValueError for a month outside of it."""
    period = read_month(month, contract.zone).overlap(contract.term_period)
    if period is None:
        raise ValueError(f"{month} lies outside the contract's term.")
    intervals = round(period.hours * 60 / contract.availability.interval_min)
    if failed_intervals > intervals:
        raise ValueError(f"{month} has {intervals} quarter-hours, fewer than have failed.")
    consumption = Consumption(
        period=period,
        heat_kwh=heat_kwh,
        reduced_heat_kwh=reduced_heat_kwh,
        tally=Tally(delivered=intervals - failed_intervals, failed=failed_intervals),
    )
    return rate(contract, consumption)


def rated_json(rated: Rated, *, currency: str) -> dict[str, object]:
    """Give rated lines as plain values; amounts keep their digits as text."""
    return {
        "currency": currency,
        "net_amount": str(rated.net_amount),
        "available_frac": None if rated.available_frac is None else str(rated.available_frac),
        "lines": [
            {
                "clause": line.clause,
                "description": line.text,
                "quantity": str(line.quantity),
                "unit": line.unit,
                "price": str(line.price),
                "amount": str(line.amount),
            }
            for line in rated.lines
        ],
    }
