"""The invoice in sentences: where every quantity is from and how every amount is reckoned."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from exotherm.bill.invoice import Invoice, InvoiceLine
from exotherm.core.money import RoundingRule, round_money
from exotherm.core.units import NO_BREAK_SPACE, format_decimal, format_number, format_quantity

# Not the machine's locale: the same invoice reads the same everywhere.
_MONTHS = dict(
    enumerate(
        (
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        start=1,
    )
)


def explain_invoice(invoice: Invoice) -> tuple[str, ...]:
    """Say each line of an invoice, its availability, its VAT and its meter in a sentence each."""
    sentences = [explain_line(invoice, line) for line in invoice.lines]
    sentences.append(explain_availability(invoice))
    sentences.append(_explain_vat(invoice))
    sentences.append(explain_metering(invoice))
    sentences.append(explain_meter_error(invoice))
    return tuple(sentence for sentence in sentences if sentence)


def explain_line(invoice: Invoice, line: InvoiceLine) -> str:
    """Say in a sentence where a line's quantity is from and how its amount is reckoned."""
    quantity = f"{write_quantity(line)}{NO_BREAK_SPACE}{write_unit(line)}"
    price = f"{write_price(line)}{NO_BREAK_SPACE}{invoice.currency}"
    return (
        f"{line.clause}: {source_of_line(invoice, line)}: {quantity} × {price} = "
        f"{write_amount(invoice, line.amount)}."
    )


def explain_availability(invoice: Invoice) -> str:
    """Say how many of the quarter-hours were what, and the share that was kept."""
    tally = invoice.tally
    parts = [
        (tally.delivered, "delivered"),
        (tally.reduced, "cooler than promised"),
        (tally.unpaid, "cooler than promised and unpaid"),
        (tally.failed, "without heat that was called for"),
        (tally.excused, "in planned maintenance or otherwise excused"),
        (tally.not_measured, "not measured"),
        (tally.no_obligation, "without obligation"),
    ]
    counts = ", ".join(f"{format_number(count, 0)} {words}" for count, words in parts if count)
    total = format_number(tally.total, 0)
    return f"QOS-5: {total} quarter-hours: {counts}; {explain_kept(invoice)}."


def explain_kept(invoice: Invoice) -> str:
    """Say which share of the quarter-hours that count was delivered in full, and which promised."""
    if invoice.available_frac is None:
        return "none of them counts"
    kept = format_quantity("kept_frac", invoice.available_frac, decimals=2)
    promised = format_quantity("promised_frac", invoice.available_frac_promised, decimals=2)
    delivered = format_number(invoice.tally.delivered, 0)
    counted = format_number(invoice.counted, 0)
    return f"{delivered} of the {counted} that count are {kept}; promised are {promised}"


def explain_metering(invoice: Invoice) -> str:
    """Say which meter was read when, and how much of the time between its readings was bridged."""
    metering = invoice.metering
    words = (
        f"MET-4: meter {metering.serial}, class {metering.accuracy_class}, verified until "
        f"{spell_day(metering.verified_until)}, was read ({metering.reading_type} readings) at "
        f"{spell_moment(invoice, metering.opening_at)} and at "
        f"{spell_moment(invoice, metering.closing_at)}."
    )
    if metering.rolled_over:
        words += " Its register passed its highest number in between and began again at nought."
    words += "".join(f" {one}" for one in explain_breaks(invoice))
    if metering.gaps:
        times = "once" if len(metering.gaps) == 1 else f"{len(metering.gaps)} times"
        words += (
            f" Readings in between were missing {times}; the register ran on, so the heat is known."
        )
    return words


_WHY = {
    "exchange": "The meter was exchanged",
    "reset": "The register was reset",
    "overflow": "The register passed its highest number",
}


def explain_breaks(invoice: Invoice) -> tuple[str, ...]:
    """Say of each jump of the register when and why, and what it showed before and after."""
    register = invoice.metering.registers.register
    return tuple(
        f"{_WHY[one.why]} at {spell_moment(invoice, one.at)}: it showed "
        f"{register.write_last(one.count_before)} before and "
        f"{register.write(one.count_after)} after; both ways count."
        for one in invoice.metering.breaks
    )


def explain_meter_error(invoice: Invoice) -> str:
    """Say what the meter's largest allowed error is worth; empty where flow or lift is unknown."""
    amount = meter_error_amount(invoice)
    error = invoice.metering.error_frac_max
    if amount is None or error is None:
        return ""
    return (
        f"MET-1: a meter of class {invoice.metering.accuracy_class} may be wrong by up to "
        f"±{format_quantity('error_frac', error)} at this month's flow and temperatures, which is "
        f"±{write_amount(invoice, amount)} net; the amount is what the register says."
    )


def meter_error_amount(invoice: Invoice) -> Decimal | None:
    """Give what the meter's largest allowed error is worth in money; None where it is unknown."""
    error = invoice.metering.error_frac_max
    if error is None:
        return None
    heat = sum((line.amount for line in invoice.lines if line.registers), Decimal(0))
    return round_money(
        heat * Decimal(str(error)), rule=RoundingRule.HALF_UP, currency=invoice.currency
    )


def spell_day(day: date) -> str:
    """Write a date in full, as a letter does: ``2 November 2026``."""
    return f"{day.day}{NO_BREAK_SPACE}{_MONTHS[day.month]}{NO_BREAK_SPACE}{day.year}"


def spell_days(first: date, last: date) -> str:
    """Write the days from first to last, both included; a whole calendar month by its name."""
    following = date.fromordinal(last.toordinal() + 1)
    whole = first.day == following.day == 1
    if whole and (first.year, first.month) == (last.year, last.month):
        return f"{_MONTHS[first.month]}{NO_BREAK_SPACE}{first.year}"
    return f"{spell_day(first)} to {spell_day(last)}"


def spell_moment(invoice: Invoice, instant: datetime) -> str:
    """Write an instant by the contract's clock: ``1 October 2026, 00:00 CEST``."""
    local = instant.astimezone(invoice.clock)
    return f"{spell_day(local.date())}, {local:%H:%M}{NO_BREAK_SPACE}{local:%Z}"


def write_amount(invoice: Invoice, amount: Decimal) -> str:
    """Write an amount with its currency."""
    return f"{format_decimal(amount)}{NO_BREAK_SPACE}{invoice.currency}"


def write_quantity(line: InvoiceLine) -> str:
    """Write a line's quantity with all its digits, without unit."""
    return format_decimal(line.quantity)


def write_price(line: InvoiceLine) -> str:
    """Write a line's price with all the digits of the contract, without unit."""
    return format_decimal(line.price, decimals_min=2)


def write_unit(line: InvoiceLine) -> str:
    """Write a line's unit as people read it."""
    return line.unit.replace("kwh", "kWh").replace("kw_month", "kW·months")


def source_of_line(invoice: Invoice, line: InvoiceLine) -> str:
    """Say where a line's quantity is from: a span of days, two readings, a share kept."""
    source = _SOURCES.get(line.clause)
    return source(invoice, line) if source else line.description


def _source_of_standing(invoice: Invoice, _: InvoiceLine) -> str:
    return f"Standing ready in {spell_days(invoice.first_day, invoice.last_day)}"


def _source_of_heat(invoice: Invoice, line: InvoiceLine) -> str:
    registers = line.registers
    assert registers is not None
    register = registers.register
    advance = register.value_of(invoice.metering.advance_count)
    less = advance - line.quantity
    unit = f"{NO_BREAK_SPACE}kWh"
    words = (
        f"Register {register.write(registers.opening_count)} → "
        f"{register.write(registers.closing_count)}: "
        f"{format_number(advance, register.decimals)}{unit}"
    )
    if not less:
        return words
    cool = sum((one.quantity for one in invoice.lines if one.clause == "HEAT-2"), Decimal(0))
    where = "below spec" if less == cool else "on other lines"
    return f"{words}, {format_number(less, register.decimals)}{unit} of it {where}"


def _source_of_cool_heat(invoice: Invoice, _: InvoiceLine) -> str:
    return (
        f"Counted in {format_number(invoice.tally.reduced + invoice.tally.unpaid, 0)} "
        "quarter-hours cooler than promised"
    )


def _source_of_credit(invoice: Invoice, line: InvoiceLine) -> str:
    share = format_quantity("credit_frac", -line.quantity, decimals=0)
    delivered = format_number(invoice.tally.delivered, 0)
    return (
        f"{share} of the standing fee comes back: {delivered} of the "
        f"{format_number(invoice.counted, 0)} quarter-hours that count were delivered in full"
    )


_SOURCES: dict[str, Callable[[Invoice, InvoiceLine], str]] = {
    "TAR-1": _source_of_standing,
    "TAR-2": _source_of_heat,
    "HEAT-2": _source_of_cool_heat,
    "CRD-1": _source_of_credit,
}


def _explain_vat(invoice: Invoice) -> str:
    net, vat, total = (
        write_amount(invoice, amount)
        for amount in (invoice.net_amount, invoice.vat_amount, invoice.total_amount)
    )
    rate = format_quantity("vat_frac", invoice.vat_frac)
    return (
        f"BIL-9: the lines sum to {net}; VAT of {rate} on it, rounded once "
        f"({invoice.rounding_rule}), is {vat}; together {total}."
    )
