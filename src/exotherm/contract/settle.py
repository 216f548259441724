"""What a bill is settled by: the minimum of the year, limits of amounts, service credits.

Each of these changes what was summed up before it, so their place in the composition counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from exotherm.contract.contract_year import Carried, ContractYear, contract_year
from exotherm.contract.draft import Draft, LineUnit, RatedLine
from exotherm.contract.hours import is_within
from exotherm.contract.outcome import Tally
from exotherm.contract.terms import Contract
from exotherm.contract.terms.credits import CreditBand
from exotherm.contract.terms.tariff_limits import TakeOrPay
from exotherm.core.money import decimals_of_currency, round_decimal
from exotherm.core.period import Period, local_midnight
from exotherm.core.units import format_number


def take_or_pay(draft: Draft) -> Iterator[RatedLine]:
    """Settle the minimum of a contract year with its last bill (TAR-6)."""
    clause, period = draft.contract.take_or_pay, draft.consumption.period
    if clause is None:
        return
    year = contract_year(draft.contract, period.start)
    if period.end < year.covered.end or (year.is_part and clause.part_year == "not settled"):
        return
    if draft.year is None:
        draft.unsettled.append("TAR-6")
        return
    billed = [*(month.consumption for month in draft.year.months), draft.consumption]
    taken = sum((one.heat_kwh for one in billed), Decimal(0))
    minimum = minimum_of_year(draft.contract, clause, year, [one.tally for one in billed])
    price = _price_of_minimum(draft, clause)
    if taken < minimum:
        lacking = minimum - taken
        text = f"Minimum of the year {minimum:f} kWh, taken {taken:f} kWh"
        yield draft.line("TAR-6", text, lacking, "kwh not taken", price)
        new = Carried(year=year.number, heat_kwh=lacking, price_per_kwh=price)
        draft.carried = (*draft.carried, new)
    else:
        yield from _made_up(draft, clause, year, taken - minimum)
    draft.carried = tuple(
        one for one in draft.carried if one.year + clause.make_up_years > year.number
    )


def minimum_of_year(
    contract: Contract, clause: TakeOrPay, year: ContractYear, tallies: list[Tally]
) -> Decimal:
    """Give the minimum of a contract year in whole kilowatt hours, after all that reduces it.

    Quarter-hours in which something was owed share it evenly: those in which the supplier failed,
    and excused ones where the contract says so, take their share with them. Closed days do where
    CAL-5 says so; they are counted beside the hours in which something was owed.
    """
    share = Fraction(year.share) if year.is_part else Fraction(1)
    owed = sum(tally.total - tally.no_obligation for tally in tallies)
    without = sum(tally.no_obligation for tally in tallies)
    missed = sum(tally.failed for tally in tallies)
    if clause.excused_reduces:
        missed += sum(tally.excused for tally in tallies)
    if owed:
        closures = contract.closures
        reduce = closures is not None and closures.reduce_minimum
        closed = min(without, closed_intervals(contract, year.covered)) if reduce else 0
        share *= Fraction(owed - missed, owed + closed)
    exact = Fraction(str(clause.heat_kwh_min)) * share
    return round_decimal(
        Decimal(exact.numerator) / Decimal(exact.denominator),
        rule=contract.rounding.rule,
        decimals=0,
    )


def closed_intervals(contract: Contract, period: Period) -> int:
    """Count the quarter-hours of days on which the customer is closed (CAL-5)."""
    closures = contract.closures
    first, last = (
        instant.astimezone(contract.zone).date().toordinal()
        for instant in (period.start, period.end - timedelta(microseconds=1))
    )
    step = timedelta(minutes=contract.availability.interval_min)
    count = 0
    for ordinal in range(first, last + 1):
        day = date.fromordinal(ordinal)
        if closures and any(is_within(day, one.span) for one in closures.closures):
            midnight, next_one = (
                local_midnight(date.fromordinal(one), contract.zone)
                for one in (ordinal, ordinal + 1)
            )
            count += (next_one - midnight) // step
    return count


def _price_of_minimum(draft: Draft, clause: TakeOrPay) -> Decimal:
    """Give what a kilowatt hour costs that was not taken."""
    price, energy = clause.price_per_kwh, draft.contract.energy_price
    if price is None:
        outdoor = draft.contract.outdoor_price
        at_start = energy.price_per_kwh if energy else None
        if at_start is None and outdoor is not None:
            at_start = outdoor.fallback_price_per_kwh
        assert at_start is not None, "a minimum at the energy price needs one"
        price = draft.book.price("energy price", at_start)
    return price * Decimal(str(clause.pay_frac))


def _made_up(
    draft: Draft, clause: TakeOrPay, year: ContractYear, beyond: Decimal
) -> Iterator[RatedLine]:
    """Pay back heat of earlier years that was taken now, the oldest first and within the bill."""
    room, left = max(draft.amount, Decimal(0)), []
    for one in draft.carried:
        taken = Decimal(0)
        if year.number <= one.year + clause.make_up_years:
            taken = min(one.heat_kwh, beyond, _affordable(room, one.price_per_kwh))
        if taken:
            line = draft.line(
                "TAR-6",
                "Taken now and paid for in an earlier year",
                -taken,
                "kwh not taken",
                one.price_per_kwh,
            )
            beyond, room = beyond - taken, room + line.amount
            yield line
        if taken < one.heat_kwh:
            left.append(replace(one, heat_kwh=one.heat_kwh - taken))
    draft.carried = tuple(left)


def _affordable(room: Decimal, price: Decimal) -> Decimal:
    """Give the whole kilowatt hours that a bill can still pay back."""
    if not price:
        return Decimal("Infinity")
    return (room / price).to_integral_value(rounding=ROUND_DOWN)


def price_limits(draft: Draft) -> Iterator[RatedLine]:
    """Hold the bill so far within the limits of a month, then of the contract year (TAR-7).

    The year's cap is what the year may still cost after its earlier months, so it holds in every
    month and never has to be paid back.
    """
    clause = draft.contract.price_limits
    if clause is None:
        return
    amount = draft.amount
    for text, line_of in (("Smallest", _lacking), ("Largest", _exceeding)):
        limit = clause.month_amount_min if text == "Smallest" else clause.month_amount_max
        if limit is None:
            continue
        net = net_limit(draft, limit, draft.share)
        line = line_of(draft, f"{text} amount of a month, {net:f}", amount, net)
        if line is not None:
            amount += line.amount
            yield line
    if clause.year_amount_max is None:
        return
    if draft.year is None:
        draft.unsettled.append("TAR-7")
        return
    year = contract_year(draft.contract, draft.consumption.period.start)
    whole = net_limit(draft, clause.year_amount_max, year.share)
    rest = max(whole - draft.year.net_amount, Decimal(0))
    line = _exceeding(draft, f"Largest amount of a contract year, {whole:f}", amount, rest)
    if line is not None:
        yield line


def net_limit(draft: Draft, limit: Decimal, share: Decimal) -> Decimal:
    """Give a limit without VAT, for a share of its month or year.

    A limit with VAT is cut down to the coin, so that the bill with VAT never exceeds it.
    """
    clause, vat = draft.contract.price_limits, draft.contract.vat
    own = draft.coins(limit * share)
    if clause is None or clause.amounts == "without VAT":
        return own
    coin = Decimal(1).scaleb(-decimals_of_currency(draft.contract.currency))
    return (own / (1 + Decimal(str(vat.vat_frac)))).quantize(coin, rounding=ROUND_DOWN)


def _lacking(draft: Draft, text: str, amount: Decimal, limit: Decimal) -> RatedLine | None:
    lack = limit - amount
    return draft.line("TAR-7", text, Decimal(1), "adjustment", lack) if lack > 0 else None


def _exceeding(draft: Draft, text: str, amount: Decimal, limit: Decimal) -> RatedLine | None:
    excess = amount - limit
    return draft.line("TAR-7", text, Decimal(-1), "adjustment", excess) if excess > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """What a credit is a share of."""

    unit: LineUnit
    amount: Decimal


def credit(draft: Draft) -> Iterator[RatedLine]:
    """Make the line of the service credit (CRD-1), and of what its limits change (CRD-2)."""
    base, due = _base_of_credit(draft), Decimal(0)
    if base is None:
        return
    room, band = max(draft.amount, Decimal(0)), band_of(draft.contract, draft.available_frac)
    if band is not None:
        line = _credit_line(draft, base, band)
        due = -line.amount
        yield line
    allowed = _allowed(draft, base, due, room)
    difference = due - allowed
    if difference > 0:
        text = "Service credit above its limit"
        yield draft.line("CRD-2", text, Decimal(1), "adjustment", difference)
    elif difference < 0:
        text = "Service credit that was held back before"
        yield draft.line("CRD-2", text, Decimal(-1), "adjustment", -difference)


def _base_of_credit(draft: Draft) -> _Base | None:
    if draft.contract.service_credit.base == "bill without credit":
        return _Base(unit="bill", amount=max(draft.amount, Decimal(0)))
    if not any(line.clause == "TAR-1" for line in draft.lines):
        return None
    return _Base(unit="standing fee", amount=draft.amount_of("TAR-1"))


def band_of(contract: Contract, available_frac: Decimal | None) -> CreditBand | None:
    """Give the lowest band that applies; None where the promise is kept or nothing counts."""
    if available_frac is None:
        return None
    bands = [
        band
        for band in contract.service_credit.bands
        if available_frac < Decimal(str(band.available_frac_below))
    ]
    return min(bands, key=lambda one: one.available_frac_below, default=None)


def _credit_line(draft: Draft, base: _Base, band: CreditBand) -> RatedLine:
    promised, kept = draft.contract.availability.available_frac_min, draft.available_frac
    assert kept is not None
    text = (
        f"Service credit: {format_number(kept * 100, 2)} % of quarter-hours kept, "
        f"promised {format_number(promised * 100, 2)} %"
    )
    quantity = -Decimal(str(band.credit_frac))
    return draft.line("CRD-1", text, quantity, base.unit, base.amount)


def _allowed(draft: Draft, base: _Base, due: Decimal, room: Decimal) -> Decimal:
    """Hold a credit within its month, the bill and the contract year (CRD-2).

    Over the year credits are what is due so far or the limit so far, whichever is less: so what a
    limit holds back comes as soon as the bases have grown, and the sum is right at any time.
    """
    limits, allowed = draft.contract.credit_limits, due
    if limits is not None:
        month = draft.coins(base.amount * Decimal(str(limits.month_frac_max)))
        allowed = min(allowed, month)
    if limits is None or limits.above_bill == "lost":
        allowed = min(allowed, room)
    draft.credit_base_amount, draft.credit_due_amount = base.amount, allowed
    # A limit of the year that is no less than that of each month takes nothing off.
    may_bite = limits is not None and limits.year_frac_max < limits.month_frac_max
    if may_bite and draft.year is None and due:
        draft.unsettled.append("CRD-2")
    if limits is not None and draft.year is not None and may_bite:
        bases = draft.year.credit_base_amount + base.amount
        most = draft.coins(bases * Decimal(str(limits.year_frac_max)))
        so_far = min(draft.year.credit_due_amount + allowed, most)
        allowed = max(so_far - draft.year.credit_amount, Decimal(0))
        allowed = min(allowed, room) if limits.above_bill == "lost" else allowed
    draft.credit_amount = allowed
    return allowed
