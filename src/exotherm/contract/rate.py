"""What a month of heat costs: one pure function for forecast, invoice and evidence alike."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from exotherm.contract.outcome import Tally
from exotherm.contract.terms import Contract
from exotherm.core.money import round_decimal, round_money
from exotherm.core.period import Period, month_period
from exotherm.core.units import format_number

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumption:
    """What a period is rated by: exact energies in kWh and the outcomes of its intervals."""

    period: Period
    heat_kwh: Decimal
    """all heat past the billed register"""
    reduced_heat_kwh: Decimal
    """the part of it that came in intervals judged reduced"""
    tally: Tally

    def __post_init__(self) -> None:
        assert 0 <= self.reduced_heat_kwh <= self.heat_kwh, self


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedLine:
    """One line: quantity times price, rounded, is the amount. A credit has a negative quantity."""

    clause: str
    text: str
    quantity: Decimal
    unit: str
    price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """The lines of a period and their exact sum, without VAT."""

    lines: tuple[RatedLine, ...]
    net_amount: Decimal
    available_frac: Decimal | None
    """None where no interval counts"""


def rate(contract: Contract, consumption: Consumption) -> Rated:
    """Rate a period by the contract: standing fee, heat, below-spec heat, credit (TAR-4).

    The period lies within one calendar month of the contract's clock; where it covers a part,
    the standing fee is prorated by hours.
    """
    available_frac = availability(contract, consumption.tally)
    standing = _standing_fee(contract, consumption.period)
    lines = [standing, _full_heat(contract, consumption)]
    if consumption.reduced_heat_kwh:
        lines.append(_below_spec_heat(contract, consumption))
    credit = _credit(contract, standing, available_frac)
    if credit:
        lines.append(credit)
    net = sum((line.amount for line in lines), Decimal(0))
    return Rated(lines=tuple(lines), net_amount=net, available_frac=available_frac)


def availability(contract: Contract, tally: Tally) -> Decimal | None:
    """Give the share of counted intervals that were delivered in full (QOS-5).

    It is cut off after 4 places, never rounded up: 2842 of 2930 is less than 97 % and stays so.
    """
    counted = tally.total - tally.excused
    if contract.availability.not_measured_is == "left out":
        counted -= tally.not_measured
    if not counted:
        return None
    return Decimal(tally.delivered * 10_000 // counted).scaleb(-4)


def _line(
    contract: Contract, *, clause: str, text: str, quantity: Decimal, unit: str, price: Decimal
) -> RatedLine:
    amount = round_money(quantity * price, rule=contract.rounding.rule, currency=contract.currency)
    return RatedLine(
        clause=clause, text=text, quantity=quantity, unit=unit, price=price, amount=amount
    )


def _standing_fee(contract: Contract, period: Period) -> RatedLine:
    local = period.start.astimezone(contract.zone)
    month = month_period(local.year, local.month, contract.zone)
    assert period.end <= month.end, "a rated period lies within one month"
    share = Decimal(period.duration // _SECOND) / Decimal(month.duration // _SECOND)
    quantity = round_decimal(share, rule=contract.rounding.rule, decimals=6).normalize()
    return _line(
        contract,
        clause="TAR-1",
        text="Standing fee",
        quantity=quantity,
        unit="month",
        price=contract.standing_fee.price_per_month,
    )


def _full_heat(contract: Contract, consumption: Consumption) -> RatedLine:
    return _line(
        contract,
        clause="TAR-2",
        text="Heat delivered",
        quantity=consumption.heat_kwh - consumption.reduced_heat_kwh,
        unit="kwh",
        price=contract.energy_price.price_per_kwh,
    )


def _below_spec_heat(contract: Contract, consumption: Consumption) -> RatedLine:
    share = Decimal(str(contract.below_spec_heat.price_frac))
    return _line(
        contract,
        clause="HEAT-2",
        text=f"Heat below {contract.supply_temperature.supply_c_min:g} °C, "
        f"at {format_number(share * 100, 0)} % of the price",
        quantity=consumption.reduced_heat_kwh,
        unit="kwh",
        price=contract.energy_price.price_per_kwh * share,
    )


def _credit(
    contract: Contract, standing: RatedLine, available_frac: Decimal | None
) -> RatedLine | None:
    if available_frac is None:
        return None
    bands = [
        band
        for band in contract.service_credit.bands
        if available_frac < Decimal(str(band.available_frac_below))
    ]
    if not bands:
        return None
    band = min(bands, key=lambda one: one.available_frac_below)
    return _line(
        contract,
        clause="CRD-1",
        text=f"Service credit: {format_number(available_frac * 100, 2)} % of quarter-hours kept, "
        f"promised {format_number(contract.availability.available_frac_min * 100, 2)} %",
        quantity=-Decimal(str(band.credit_frac)),
        unit="standing fee",
        price=standing.amount,
    )
