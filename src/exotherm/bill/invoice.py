"""The invoice as a value: every line from clause and register, every sum checked when it is made.

An issued invoice is never computed again; a correction is another document.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from exotherm.contract.accuracy import error_frac_of
from exotherm.contract.measure import Metered
from exotherm.contract.outcome import Tally
from exotherm.contract.rate import Rated, RatedLine, vat_on
from exotherm.contract.terms import Contract, Party
from exotherm.core.money import RoundingRule, round_money
from exotherm.core.period import Period, write_instant
from exotherm.core.register import Break, RegisterFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRegisters:
    """The register readings that a line's quantity comes from."""

    point: str
    opening_count: int
    closing_count: int
    register: RegisterFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """Quantity times price, rounded, is the amount. A credit has a negative quantity."""

    clause: str
    description: str
    quantity: Decimal
    unit: str
    price: Decimal
    amount: Decimal
    registers: LineRegisters | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metering:
    """How the heat of the period was measured."""

    serial: str
    accuracy_class: int
    verified_until: date
    place: str
    registers: LineRegisters
    opening_at: datetime
    closing_at: datetime
    rolled_over: bool
    breaks: tuple[Break, ...]
    """jumps of the register in between: an exchanged meter's last reading, its successor's first"""
    gaps: tuple[Period, ...]
    """times between readings that the register bridged"""
    error_frac_max: float | None
    """largest error that the meter may have by its class; None where flow or lift was not read"""
    reading_type: Literal["actual"] = "actual"

    @property
    def advance_count(self) -> int:
        """How far the register came, over the top where it rolled over and over known jumps."""
        way = self.registers.closing_count - self.registers.opening_count
        way += sum(one.count_before - one.count_after for one in self.breaks)
        return way + self.registers.register.modulus if self.rolled_over else way


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """What the customer owes for a period, why, and how it was measured."""

    number: str
    contract_reference: str
    contract_version: int
    supplier: Party
    customer: Party
    period: Period
    zone: str
    issued_on: date
    due_on: date
    currency: str
    lines: tuple[InvoiceLine, ...]
    net_amount: Decimal
    vat_category: Literal["S", "Z", "E"]
    vat_frac: Decimal
    vat_reason: str
    vat_amount: Decimal
    total_amount: Decimal
    rounding_rule: RoundingRule
    iban: str
    metering: Metering
    tally: Tally
    not_measured_is: Literal["failed", "left out"]
    available_frac: Decimal | None
    """share of the intervals that count which were delivered in full; None where none counts"""
    available_frac_promised: Decimal
    evidence_key: str | None = None
    """identity of the key that signs the evidence of this period"""

    def __post_init__(self) -> None:
        rounded = [
            round_money(line.quantity * line.price, rule=self.rounding_rule, currency=self.currency)
            for line in self.lines
        ]
        assert rounded == [line.amount for line in self.lines], self.number
        assert sum(rounded, Decimal(0)) == self.net_amount, self.number
        assert self.net_amount + self.vat_amount == self.total_amount, self.number
        billed = sum(
            (line.quantity for line in self.lines if line.registers is not None), Decimal(0)
        )
        assert billed == self.heat_kwh, self.number

    @property
    def heat_kwh(self) -> Decimal:
        """The heat that is billed: what the register advanced, exactly."""
        register = self.metering.registers.register
        return register.value_of(self.metering.advance_count)

    @property
    def clock(self) -> ZoneInfo:
        """The clock of the contract."""
        return ZoneInfo(self.zone)

    @property
    def first_day(self) -> date:
        """The first day of the period by the contract's clock."""
        return self.period.start.astimezone(self.clock).date()

    @property
    def last_day(self) -> date:
        """The last day that is part of the period, by the contract's clock."""
        return (self.period.end - timedelta(microseconds=1)).astimezone(self.clock).date()

    @property
    def counted(self) -> int:
        """The intervals that availability is counted from (QOS-5)."""
        counted = self.tally.obliged
        return counted - (self.tally.not_measured if self.not_measured_is == "left out" else 0)

    def to_json(self) -> dict[str, object]:
        """Give the invoice as plain JSON values; every quantity and amount is a decimal string.

        ``period_start`` and ``period_end`` are days of the contract's clock, the end left out.
        """
        return _to_json(self)


def make_invoice(
    contract: Contract,
    rated: Rated,
    metered: Metered,
    *,
    number: str,
    issued_on: date,
    evidence_key: str | None = None,
) -> Invoice:
    """Make the invoice of a rated period; VAT is rounded once, on the sum of the lines."""
    vat_amount = vat_on(contract, rated.net_amount)
    metering = _metering(contract, metered)
    return Invoice(
        number=number,
        contract_reference=contract.contract.reference,
        contract_version=contract.contract.version,
        supplier=contract.parties.supplier,
        customer=contract.parties.customer,
        period=metered.consumption.period,
        zone=contract.calendar.zone,
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=contract.payment.due_days),
        currency=contract.currency,
        lines=tuple(_line(line, metering.registers) for line in rated.lines),
        net_amount=rated.net_amount,
        vat_category=contract.vat.category,
        vat_frac=Decimal(str(contract.vat.vat_frac)),
        vat_reason=contract.vat.evidence,
        vat_amount=vat_amount,
        total_amount=rated.net_amount + vat_amount,
        rounding_rule=contract.rounding.rule,
        iban=contract.payment.iban,
        metering=metering,
        tally=metered.consumption.tally,
        not_measured_is=contract.availability.not_measured_is,
        available_frac=rated.available_frac,
        available_frac_promised=Decimal(str(contract.availability.available_frac_min)),
        evidence_key=evidence_key,
    )


def _line(line: RatedLine, registers: LineRegisters) -> InvoiceLine:
    return InvoiceLine(
        clause=line.clause,
        description=line.text,
        quantity=line.quantity,
        unit=line.unit,
        price=line.price,
        amount=line.amount,
        registers=registers if line.unit == registers.register.unit else None,
    )


def _metering(contract: Contract, metered: Metered) -> Metering:
    edges, meter = metered.edges, contract.heat_meter
    return Metering(
        serial=meter.serial,
        accuracy_class=meter.accuracy_class,
        verified_until=meter.verified_until,
        place=contract.delivery_point.place,
        registers=LineRegisters(
            point=edges.point.name,
            opening_count=edges.opening.count,
            closing_count=edges.closing.count,
            register=edges.point.register,
        ),
        opening_at=edges.opening.source_at,
        closing_at=edges.closing.source_at,
        rolled_over=metered.advanced.rolled_over,
        breaks=metered.advanced.breaks,
        gaps=tuple(gap.period for gap in metered.advanced.gaps),
        error_frac_max=error_frac_of(meter, metered.intervals),
    )


def _to_json(invoice: Invoice) -> dict[str, object]:
    return {
        "number": invoice.number,
        "period_start": invoice.first_day.isoformat(),
        "period_end": (invoice.last_day + timedelta(days=1)).isoformat(),
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "currency": invoice.currency,
        "lines": [_line_to_json(line) for line in invoice.lines],
        "net_amount": f"{invoice.net_amount:f}",
        "vat_frac": f"{invoice.vat_frac:f}",
        "vat_amount": f"{invoice.vat_amount:f}",
        "total_amount": f"{invoice.total_amount:f}",
        "rounding_rule": invoice.rounding_rule.value,
        "contract": {
            "reference": invoice.contract_reference,
            "version": invoice.contract_version,
        },
        "supplier": invoice.supplier.model_dump(mode="json"),
        "customer": invoice.customer.model_dump(mode="json"),
        "period": {
            "start": write_instant(invoice.period.start),
            "end": write_instant(invoice.period.end),
            "first_day": invoice.first_day.isoformat(),
            "last_day": invoice.last_day.isoformat(),
            "zone": invoice.zone,
        },
        "vat_category": invoice.vat_category,
        "vat_reason": invoice.vat_reason,
        "iban": invoice.iban,
        "availability": _availability_to_json(invoice),
        "metering": _metering_to_json(invoice.metering),
        "evidence_key": invoice.evidence_key,
    }


def _line_to_json(line: InvoiceLine) -> dict[str, object]:
    registers = line.registers
    return {
        "clause": line.clause,
        "description": line.description,
        "quantity": f"{line.quantity:f}",
        "unit": line.unit,
        "price": f"{line.price:f}",
        "amount": f"{line.amount:f}",
        "registers": registers
        and {
            "point": registers.point,
            "opening_count": registers.opening_count,
            "closing_count": registers.closing_count,
            "decimals": registers.register.decimals,
            "digits": registers.register.digits,
        },
    }


def _availability_to_json(invoice: Invoice) -> dict[str, object]:
    tally, available = invoice.tally, invoice.available_frac
    return {
        "available_frac": None if available is None else f"{available:f}",
        "available_frac_promised": f"{invoice.available_frac_promised:f}",
        "intervals": tally.total,
        "intervals_counted": invoice.counted,
        "delivered": tally.delivered,
        "reduced": tally.reduced,
        "unpaid": tally.unpaid,
        "failed": tally.failed,
        "excused": tally.excused,
        "not_measured": tally.not_measured,
        "no_obligation": tally.no_obligation,
        "not_measured_is": invoice.not_measured_is,
    }


def _metering_to_json(metering: Metering) -> dict[str, object]:
    registers, error = metering.registers, metering.error_frac_max
    return {
        "serial": metering.serial,
        "accuracy_class": metering.accuracy_class,
        "verified_until": metering.verified_until.isoformat(),
        "place": metering.place,
        "point": registers.point,
        "unit": registers.register.unit,
        "reading_type": metering.reading_type,
        "opening_at": write_instant(metering.opening_at),
        "opening_shown": registers.register.write(registers.opening_count),
        "closing_at": write_instant(metering.closing_at),
        "closing_shown": registers.register.write(registers.closing_count),
        "rolled_over": metering.rolled_over,
        **({"breaks": [_break_to_json(one) for one in metering.breaks]} if metering.breaks else {}),
        "gaps": [
            {"from": write_instant(gap.start), "to": write_instant(gap.end)}
            for gap in metering.gaps
        ],
        "error_frac_max": None if error is None else f"{error:.4f}",
    }


def _break_to_json(one: Break) -> dict[str, object]:
    return {
        "at": write_instant(one.at),
        "why": one.why,
        "count_before": one.count_before,
        "count_after": one.count_after,
    }
