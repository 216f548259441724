"""Who should own the thermal plant: the service beside its sale and its lease, over the term.

The plant does the same in all three. What differs is who pays for it and who pays whom, so that
the sum of both parties' cash is the same in every year; only how each values later years is not.
"""

from dataclasses import dataclass
from enum import StrEnum

from exotherm.core.sentences import listed
from exotherm.core.units import format_quantity
from exotherm.plan.cash import Operation, cash_flows, growth_of, rates_of
from exotherm.plan.finance import Finance, capital_per_year, irr_of, npv_of, payback_of
from exotherm.plan.own_heat import heat_bills, own_heat
from exotherm.site.economics import Economics, Tax


class Arrangement(StrEnum):
    """How customer and operator share the plant."""

    SERVICE = "service"
    """The operator owns and runs the plant, the customer pays by the contract."""
    SALE = "sale"
    """The customer buys the plant, replaces its parts and runs it."""
    LEASE = "lease"
    """The operator owns and maintains the plant, the customer rents and runs it."""


RISK_OF = {
    Arrangement.SERVICE: "the operator answers for heat, faults and electricity",
    Arrangement.SALE: "the customer answers for faults, electricity and replacements",
    Arrangement.LEASE: "the operator answers for the plant's parts, the customer for electricity",
}
"""who answers for what, in the words of the report"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One party's side of an arrangement: its cash of each year, year 0 first, and what it is."""

    cash: tuple[float, ...]
    npv: float
    irr_frac: float | None
    payback_years: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """An arrangement with both sides of it.

    ``amount`` is what the customer pays for it: for the plant once, as rent each year, or for the
    heat each year. Between ``amount_low`` and ``amount_high`` both sides gain; where the first is
    above the second, no amount lets both gain.
    """

    arrangement: Arrangement
    amount: float
    amount_low: float
    amount_high: float
    operator: Side
    customer: Side

    @property
    def both_gain(self) -> bool:
        """Whether both sides are better off than without any heat being delivered."""
        return self.operator.npv >= 0 and self.customer.npv >= 0

    @property
    def joint_npv(self) -> float:
        """What it is worth to both, each by its own rate."""
        return self.operator.npv + self.customer.npv


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """All arrangements, and a sentence on which to take."""

    deals: tuple[Deal, ...]
    text: str

    @property
    def service(self) -> Deal:
        """Heat by the kilowatt-hour, as the contract has it."""
        return next(one for one in self.deals if one.arrangement is Arrangement.SERVICE)

    @property
    def best(self) -> Deal | None:
        """The arrangement that is worth most to both, of those in which both gain."""
        gaining = [deal for deal in self.deals if deal.both_gain]
        return max(gaining, key=lambda deal: deal.joint_npv, default=None)


def ownership_of(
    economics: Economics,
    operation: Operation,
    finance: Finance,
    *,
    currency: str,
) -> Ownership:
    """Compare service, sale and lease of the same plant in the same steady year.

    Without VAT, and before tax, which each side pays by its own rules.
    """
    untaxed = economics.model_copy(update={"tax": Tax()})
    desk = _Desk(untaxed, operation)
    deals = (desk.service(), desk.sale(), desk.lease())
    if not economics.tax.rate_frac:
        assert abs(deals[0].operator.npv - finance.npv) <= 1e-6 * max(1.0, abs(finance.npv))
    return Ownership(deals=deals, text=_advice(deals, currency))


class _Desk:
    """Lays out both sides of each arrangement: lists of cash by year, year 0 first."""

    def __init__(self, economics: Economics, operation: Operation) -> None:
        self._economics = economics
        own = cash_flows(economics, operation)
        self._building = [own[0].investment] + [0.0] * economics.term_years
        self._replaced = [0.0, *(year.investment for year in own[1:])]
        self._grant = [year.grant for year in own]
        self._residual = [year.residual for year in own]
        self._certificates = [year.certificates for year in own]
        self._run = [year.electricity for year in own]
        self._upkeep = [year.upkeep for year in own]
        self._cooling = [year.cooling_saved + year.renewal_avoided for year in own]
        growth = growth_of(economics, is_indexed=operation.is_indexed)
        self._heat_kwh = [
            factor * operation.in_year(year).heat_delivered_kwh
            for year, factor in enumerate(growth.heat)
        ]
        self._heat_kwh[0] = 0.0
        self._rent_growth = [0.0, *growth.general[1:]]
        self._bill = operation.heat_revenue
        self._bills = list(heat_bills(economics, operation))
        self._fuel = list(own_heat(economics, operation).saved)
        self._rates = rates_of(economics)

    @property
    def _owning(self) -> list[float]:
        """What whoever owns the plant gets and pays beside its building and its upkeep."""
        return _sum(self._replaced, self._grant, self._residual, self._certificates)

    def service(self) -> Deal:
        """The operator builds, runs and maintains; the customer pays by the contract."""
        return self._deal(
            Arrangement.SERVICE,
            amount=self._bill,
            paid=[bill / self._bill for bill in self._bills] if self._bill else self._rent_growth,
            operator=_sum(self._building, self._owning, self._run, self._upkeep, self._cooling),
            customer=self._fuel,
        )

    def sale(self) -> Deal:
        """The operator builds and hands over in year 0; the customer replaces, runs, maintains."""
        sale = self._economics.sale
        first = -self._building[0]
        amount = first * (1.0 + sale.margin_frac) if sale.amount is None else sale.amount
        heat = self._heat_at(sale.heat_per_kwh)
        return self._deal(
            Arrangement.SALE,
            amount=amount,
            paid=[1.0] + [0.0] * self._economics.term_years,
            operator=_sum(self._building, self._cooling, heat),
            customer=_sum(self._fuel, self._owning, self._run, self._upkeep, _negative(heat)),
        )

    def lease(self) -> Deal:
        """The operator builds, replaces and maintains; the customer pays rent and electricity."""
        lease, economics = self._economics.lease, self._economics
        cost = capital_per_year(economics) + economics.upkeep_per_year
        rent = lease.amount_per_year
        heat = self._heat_at(lease.heat_per_kwh)
        return self._deal(
            Arrangement.LEASE,
            amount=cost * (1.0 + lease.margin_frac) if rent is None else rent,
            paid=self._rent_growth,
            operator=_sum(self._building, self._owning, self._upkeep, self._cooling, heat),
            customer=_sum(self._fuel, self._run, _negative(heat)),
        )

    def _heat_at(self, price_per_kwh: float) -> list[float]:
        return [heat_kwh * price_per_kwh for heat_kwh in self._heat_kwh]

    def _deal(
        self,
        arrangement: Arrangement,
        *,
        amount: float,
        paid: list[float],
        operator: list[float],
        customer: list[float],
    ) -> Deal:
        """Settle an arrangement: ``paid`` says in which years its amount is paid.

        Each side's present value is a straight line in the amount, so each breaks even once.
        """
        mine, others = self._rates
        return Deal(
            arrangement=arrangement,
            amount=amount,
            amount_low=-npv_of(mine, operator) / npv_of(mine, paid),
            amount_high=npv_of(others, customer) / npv_of(others, paid),
            operator=_side(mine, _sum(operator, [amount * year for year in paid])),
            customer=_side(others, _sum(customer, [-amount * year for year in paid])),
        )


def _side(rate: float, cash: list[float]) -> Side:
    return Side(
        cash=tuple(cash),
        npv=npv_of(rate, cash),
        irr_frac=irr_of(cash),
        payback_years=payback_of(cash),
    )


def _sum(*flows: list[float]) -> list[float]:
    return [sum(year) for year in zip(*flows, strict=True)]


def _negative(flows: list[float]) -> list[float]:
    return [-year for year in flows]


def _advice(deals: tuple[Deal, ...], currency: str) -> str:
    """Say in a sentence which arrangement to take, and why."""
    gaining = [deal for deal in deals if deal.both_gain]
    if not gaining:
        possible = [deal for deal in deals if deal.amount_low <= deal.amount_high]
        if not possible:
            return (
                "In none of them do both sides gain, at any amount: the heat is worth less than "
                "it costs to deliver."
            )
        names = " or ".join(deal.arrangement.value for deal in possible)
        return (
            f"At these amounts one side loses in each of them; at another amount both would gain "
            f"by {names}."
        )
    best = max(gaining, key=lambda deal: deal.joint_npv)
    alike = [
        deal for deal in gaining if abs(deal.joint_npv - best.joint_npv) <= 0.005 * best.joint_npv
    ]
    names = listed([deal.arrangement.value for deal in gaining])
    if len(alike) == len(gaining) > 1:
        return (
            f"Both sides gain by {names}, and they are worth the same together: who owns the plant "
            "decides who carries its risk, not what there is to share."
        )
    worth = format_quantity("npv", best.joint_npv, currency=currency)
    if len(gaining) == 1:
        return f"Both sides gain by {best.arrangement.value} alone, worth {worth} to both together."
    return (
        f"Both sides gain by {names}; {best.arrangement.value} is worth most to both together, "
        f"{worth}."
    )
