"""How far what a plan assumes may be off: what one in ten lies below, and one in ten above.

Factors multiply what the plan has; 1 is the plan. The ranges that stand here are for a first look;
a quotation, a measured year or an offer of electricity is worth more than any of them.
"""

from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le
from pydantic import model_validator

from exotherm.core.documents import Document, default
from exotherm.site.quantities import NotNegative

_ESTIMATE = "estimate; replace it by what you know"
Factor = Annotated[float, Gt(0), Le(10)]
Kelvin = Annotated[float, Ge(-10), Le(10)]
Share = Annotated[float, Ge(0), Le(0.5)]
Years = Annotated[float, Ge(0), Le(5)]


class _Around(Document):
    """A range around the plan, 1 times what it has."""

    frac_p10: Factor
    """one in ten lies below, over the plan"""
    frac_p90: Factor
    """one in ten lies above, over the plan"""

    @model_validator(mode="after")
    def _holds_the_plan(self) -> "_Around":
        _refuse_outside(self.low, self.plan, self.high)
        return self

    @property
    def low(self) -> float:
        """What one in ten lies below."""
        return self.frac_p10

    @property
    def plan(self) -> float:
        """What the plan has."""
        return 1.0

    @property
    def high(self) -> float:
        """What one in ten lies above."""
        return self.frac_p90


def _refuse_outside(low: float, plan: float, high: float) -> None:
    if low > high:
        raise ValueError(f"its lower end, {low:g}, lies above its upper one, {high:g}")
    if not low <= plan <= high:
        raise ValueError(f"the range from {low:g} to {high:g} does not hold the plan, {plan:g}")


class OutdoorRange(Document):
    """Kelvin by which the years of the term are warmer than the planned one."""

    warmer_k_p10: Kelvin = default(-0.5, source=_ESTIMATE)
    """one in ten lies below"""
    warmer_k_p90: Kelvin = default(1.0, source=f"a warming climate: {_ESTIMATE}")
    """one in ten lies above"""

    @model_validator(mode="after")
    def _holds_the_plan(self) -> "OutdoorRange":
        _refuse_outside(self.low, self.plan, self.high)
        return self

    @property
    def low(self) -> float:
        """What one in ten lies below."""
        return self.warmer_k_p10

    @property
    def plan(self) -> float:
        """What the plan has: its own weather."""
        return 0.0

    @property
    def high(self) -> float:
        """What one in ten lies above."""
        return self.warmer_k_p90


class UtilisationRange(_Around):
    """How busy the servers are, over what the plan has."""

    frac_p10: Factor = default(0.70, source=f"hosting that fills slowly: {_ESTIMATE}")
    """one in ten lies below"""
    frac_p90: Factor = default(1.15, source=_ESTIMATE)
    """one in ten lies above"""


class DemandRange(_Around):
    """The customers' heat, over what the plan has."""

    frac_p10: Factor = default(0.85, source=f"insulation and closures: {_ESTIMATE}")
    """one in ten lies below"""
    frac_p90: Factor = default(1.05, source=_ESTIMATE)
    """one in ten lies above"""


class ElectricityRange(_Around):
    """The price of electricity, over what the plan has."""

    frac_p10: Factor = default(0.75, source=f"order of EU's spread from 2019 to 2024: {_ESTIMATE}")
    """one in ten lies below"""
    frac_p90: Factor = default(1.50, source=f"order of EU's spread from 2019 to 2024: {_ESTIMATE}")
    """one in ten lies above"""


class FuelRange(_Around):
    """The price of the customer's fuel, over what the plan has."""

    frac_p10: Factor = default(0.70, source=f"order of EU's spread from 2019 to 2024: {_ESTIMATE}")
    """one in ten lies below"""
    frac_p90: Factor = default(1.50, source=f"order of EU's spread from 2019 to 2024: {_ESTIMATE}")
    """one in ten lies above"""


class InvestmentRange(_Around):
    """What the plant costs, over what the plan has."""

    frac_p10: Factor = default(0.90, source="before quotations")
    """one in ten lies below"""
    frac_p90: Factor = default(1.30, source="before quotations: AACE class 4, +20 to +50 %")
    """one in ten lies above"""


class HeatPumpRange(_Around):
    """How well the heat pump works, over what the plan has."""

    frac_p10: Factor = default(0.88, source=f"fouling, cycling, refrigerant lost: {_ESTIMATE}")
    """one in ten lies below"""
    frac_p90: Factor = default(1.03, source=_ESTIMATE)
    """one in ten lies above"""


class DowntimeRange(_Around):
    """Share of the year in which the plant stands still."""

    frac_p10: Share = default(0.0, source="the plan has no faults")
    """one in ten lies below"""
    frac_p90: Share = default(0.02, source="a week a year: see the faults of the site")
    """one in ten lies above"""

    @property
    def plan(self) -> float:
        """What the plan has: none."""
        return 0.0


class FirstHeatRange(Document):
    """Years by which the first heat comes after the plant is paid; never before."""

    late_years_p90: Years = default(0.5, source=f"permits, connections, deliveries: {_ESTIMATE}")
    """one in ten is later than this"""

    @property
    def low(self) -> float:
        """What nothing lies below."""
        return 0.0

    @property
    def plan(self) -> float:
        """What the plan has: heat from the day on which the plant is paid."""
        return 0.0

    @property
    def high(self) -> float:
        """What one in ten lies above."""
        return self.late_years_p90


class BuildOutRange(_Around):
    """How long it takes until all servers are there, over what the plan has."""

    frac_p10: Factor = default(0.80, source=_ESTIMATE)
    """one in ten lies below, over the plan"""
    frac_p90: Factor = default(2.00, source=f"hosting that is sold slowly: {_ESTIMATE}")
    """one in ten lies above, over the plan"""


class CustomerRange(Document):
    """How much of the term the customer stays; most stay to its end."""

    stays_frac_p10: Annotated[float, Gt(0), Le(1)] = default(
        0.70, source=f"one in a hundred a year closes, sells or leaves: {_ESTIMATE}"
    )
    """one in ten leaves before this share of the term is over"""

    @property
    def low(self) -> float:
        """What one in ten lies below."""
        return self.stays_frac_p10

    @property
    def plan(self) -> float:
        """What the plan has: all of it."""
        return 1.0

    @property
    def high(self) -> float:
        """What nobody lies above."""
        return 1.0


class FindingOut(Document):
    """A way to find out about an assumption before the decision, and what that costs."""

    about: Literal[
        "outdoor",
        "utilisation",
        "demand",
        "electricity",
        "fuel",
        "investment",
        "heat_pump",
        "downtime",
        "first_heat",
        "build_out",
        "customer",
    ]
    """the assumption, by the name of its table under `[risk]`"""
    name: str
    """what is done: quotations of two installers, a heat meter for a year"""
    amount: NotNegative
    """what it costs, without VAT"""
    source: str
    """where that figure is from"""


class Risk(Document):
    """What may come otherwise than planned, all at once."""

    outdoor: OutdoorRange = OutdoorRange()
    utilisation: UtilisationRange = UtilisationRange()
    demand: DemandRange = DemandRange()
    electricity: ElectricityRange = ElectricityRange()
    fuel: FuelRange = FuelRange()
    investment: InvestmentRange = InvestmentRange()
    heat_pump: HeatPumpRange = HeatPumpRange()
    downtime: DowntimeRange = DowntimeRange()
    first_heat: FirstHeatRange = FirstHeatRange()
    build_out: BuildOutRange = BuildOutRange()
    customer: CustomerRange = CustomerRange()
    electricity_fuel_correlation: Annotated[float, Ge(-0.99), Le(0.99)] = default(
        0.6, source=f"gas sets the price of electricity in many hours: {_ESTIMATE}"
    )
    """correlation of the prices of electricity and fuel"""
    finding_out: tuple[FindingOut, ...] = ()
    """ways to find out about an assumption, which `exotherm plan sensitivity` weighs"""
