"""A bill while its lines are made: quantity times price, rounded, is the amount of a line."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from exotherm.contract.consumption import Consumption
from exotherm.contract.contract_year import Carried, YearSoFar
from exotherm.contract.index import PriceBook
from exotherm.contract.proration import SHARE_DECIMALS, plain, share_of_month
from exotherm.contract.terms import Contract
from exotherm.core.money import round_decimal, round_money

LineUnit = Literal[
    "month",
    "kw_month",
    "kwh",
    "kwh not taken",
    "kwh taken off",
    "kwh of electricity",
    "standing fee",
    "heat charge",
    "saving",
    "bill",
    "adjustment",
]
"""What a line counts. Only "kwh" is heat past the meter: those lines sum to the register's advance.

"standing fee", "heat charge", "saving" and "bill" are shares of an amount, "adjustment" is one.
"""
AMOUNT_UNITS: tuple[LineUnit, ...] = ("standing fee", "heat charge", "saving", "bill", "adjustment")
"""units of quantities that cannot be summed up over months, since each is a part of an amount"""
HEAT_CLAUSES = ("TAR-2", "TAR-8", "HEAT-2", "HEAT-3")
"""Clauses whose lines are heat past the meter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedLine:
    """One line: quantity times price, rounded, is the amount. A credit has a negative quantity."""

    clause: str
    text: str
    quantity: Decimal
    unit: LineUnit
    price: Decimal
    amount: Decimal


@dataclass(slots=True, kw_only=True)
class Draft:
    """A bill while its lines are made, in the order of the composition."""

    contract: Contract
    consumption: Consumption
    book: PriceBook
    year: YearSoFar | None
    """the contract year before this period; None where it is not known in full"""
    available_frac: Decimal | None
    lines: list[RatedLine] = field(default_factory=list)
    tier_kwh: Decimal = Decimal(0)
    """heat that has filled the tiers of the month"""
    capacity_kw: Decimal | None = None
    """kilowatts that the capacity fee was billed for"""
    carried: tuple[Carried, ...] = ()
    """heat that was paid for and may still be taken (TAR-6)"""
    credit_base_amount: Decimal = Decimal(0)
    credit_due_amount: Decimal = Decimal(0)
    """the credit of the month before the limit of the year"""
    credit_amount: Decimal = Decimal(0)
    """the credit that was given, as a positive amount"""
    unsettled: list[str] = field(default_factory=list)

    @property
    def amount(self) -> Decimal:
        """The sum of the lines so far."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def share(self) -> Decimal:
        """The share of its month that the period covers."""
        return share_of_month(self.contract, self.consumption.period)

    @property
    def month(self) -> int:
        """The month of the contract's clock, January is 1."""
        return self.consumption.period.start.astimezone(self.contract.zone).month

    def amount_of(self, *clauses: str) -> Decimal:
        """Sum up the lines of these clauses so far."""
        return sum((line.amount for line in self.lines if line.clause in clauses), Decimal(0))

    def coins(self, amount: Decimal) -> Decimal:
        """Round an amount to the coin by the contract's rule (BIL-8)."""
        contract = self.contract
        return round_money(amount, rule=contract.rounding.rule, currency=contract.currency)

    def line(
        self, clause: str, text: str, quantity: Decimal, unit: LineUnit, price: Decimal
    ) -> RatedLine:
        """Make a line: its amount is quantity times price, rounded."""
        amount = self.coins(quantity * price)
        return RatedLine(
            clause=clause, text=text, quantity=quantity, unit=unit, price=price, amount=amount
        )

    def rounded(self, share: Decimal, decimals: int = SHARE_DECIMALS) -> Decimal:
        """Round a share, without noughts at its end."""
        return plain(round_decimal(share, rule=self.contract.rounding.rule, decimals=decimals))
