"""The money of a site: prices and costs, how they move, who pays, and what it is compared with."""

from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le, Lt

from exotherm.core.documents import Document, default
from exotherm.site.quantities import Fraction, GrossEfficiency, NotNegative

YearlyChange = Annotated[float, Ge(-0.2), Le(0.3)]


class Investment(Document):
    """One thing bought to deliver heat that plain hosting would not need."""

    name: str
    """what is bought"""
    amount: NotNegative
    """price installed, without VAT"""
    life_years: Annotated[int, Ge(1), Le(60)]
    """years until it is replaced at the same price"""
    sized_by: Literal["servers", "heat pump", "store", "exchanger"] | None = None
    """size that its price goes by where sizes are sought; left out: it always costs the same"""
    size_exponent: Annotated[float, Ge(0), Le(1.5)] = default(
        0.7,
        source="six-tenths rule, a little cautious; heat pumps 0.73, large stores 0.53: Danish "
        "Energy Agency",
    )
    """power of the size by which its price rises"""


class Sale(Document):
    """The customer buys the plant that delivers the heat, runs it and pays for its electricity."""

    amount: NotNegative | None = None
    """what the customer pays for the plant, without VAT; left out: its investment and a margin"""
    margin_frac: Fraction = default(0.15, source="usual trade margin: estimate")
    """the operator's margin where the amount is left out"""
    heat_per_kwh: NotNegative = default(0.0, source="estimate: many operators give their heat away")
    """what the customer then pays for a kilowatt-hour of heat"""


class Lease(Document):
    """The customer rents the plant: the operator owns and maintains it, the customer runs it."""

    amount_per_year: NotNegative | None = None
    """rent of a year, without VAT; left out: equal payments for investment, upkeep and a margin"""
    margin_frac: Fraction = default(0.10, source="usual lessor's margin: estimate")
    """the operator's margin where the rent is left out"""
    heat_per_kwh: NotNegative = default(0.0, source="estimate: many operators give their heat away")
    """what the customer then pays for a kilowatt-hour of heat"""


class PriceOutlook(Document):
    """How prices move over the term; all nought is a plan in the money of its first year."""

    inflation_frac: YearlyChange = default(0.0, source="a plan in real terms")
    """rise of all prices a year: upkeep, replacements, and heat where the contract indexes it"""
    electricity_frac: YearlyChange = default(0.0, source="no opinion on electricity")
    """rise of the price of electricity a year, beyond inflation"""
    fuel_frac: YearlyChange = default(0.0, source="no opinion on fuel")
    """rise of the price of the customer's fuel a year, beyond inflation"""


class Tax(Document):
    """Tax on the operator's profit, simply: straight depreciation, losses carried forward."""

    rate_frac: Annotated[float, Ge(0), Lt(1)] = default(0.0, source="a plan before tax")
    """share of the profit"""
    depreciation_years: Annotated[int, Ge(1), Le(50)] = default(
        15, source="estimate; ask your tax adviser"
    )
    """years over which an investment is written off in equal parts"""


class Debt(Document):
    """A loan that pays a share of the investment, paid back in equal payments."""

    share_frac: Annotated[float, Ge(0), Le(1)] = default(0.0, source="no loan assumed")
    """share of the investment, less grants, that is lent"""
    interest_frac: Annotated[float, Ge(0), Le(0.5)] = default(0.05, source="estimate")
    """interest a year, in the money of each year"""
    years: Annotated[int, Ge(1), Le(40)] = default(10, source="estimate")
    """years of the loan"""


class Grant(Document):
    """A grant that depends on something."""

    name: str
    """who grants what"""
    amount: NotNegative
    """amount, received with the investment"""
    condition: str
    """what it depends on"""
    state: Literal["granted", "applied for", "hoped for"]
    """how sure it is; only what is granted counts"""


class Certificate(Document):
    """A certificate or carbon credit that delivered heat earns."""

    name: str
    """which programme pays for what"""
    amount_per_kwh: NotNegative
    """what a kilowatt-hour of delivered heat earns; of a carbon credit the price of a tonne times
    the tonnes that its programme credits for it"""
    years: Annotated[int, Ge(1), Le(40)] = default(5, source="estimate: few programmes bind longer")
    """years from the first in which it is paid"""
    condition: str
    """what it depends on"""
    state: Literal["contracted", "applied for", "hoped for"]
    """how sure it is; only what is contracted counts"""


class Renewal(Document):
    """A machine that would have to be replaced in any case, and what of that is then avoided."""

    amount: NotNegative
    """price of its replacement, installed"""
    due_in_years: Annotated[int, Ge(0), Le(60)]
    """years from now until it is due; 0 is now"""
    life_years: Annotated[int, Ge(1), Le(60)] = default(20, source="VDI 2067: boilers 20 years")
    """years until it is due again"""
    avoided_frac: Fraction = default(0.0, source="a backup as large as before avoids nothing")
    """share of that price which is saved because of the heat that is delivered"""


class BoilerRenewal(Renewal):
    """The customer's boiler, where it has to be replaced in any case, and what replaces it."""

    efficiency_frac: GrossEfficiency = default(
        0.90,
        source="condensing boiler, seasonal, gross calorific value: 0.84 to 0.90; that of the old "
        "one where it is better",
    )
    """seasonal efficiency of the new one, on the gross calorific value"""


class Hosting(Document):
    """What the same capital would earn in plain hosting growth."""

    amount_per_kw: Annotated[float, Gt(0)]
    """investment of another kilowatt of servers and their place"""
    margin_per_kw_month: float
    """what that kilowatt brings a month after its running costs"""
    life_years: Annotated[int, Ge(1), Le(60)] = default(5, source="servers: 4 to 6 years")
    """years until it is bought again"""


class Economics(Document):
    """Prices and costs before VAT, in the currency of the site and the money of its first year."""

    term_years: Annotated[int, Ge(1), Le(40)]
    """years over which the project is judged"""
    discount_frac: Annotated[float, Gt(-0.5), Lt(1)]
    """real discount rate of the operator"""
    electricity_per_kwh: float
    """price of electricity to the operator"""
    fuel_per_kwh: NotNegative
    """price of backup fuel to the customer per kWh gross"""
    upkeep_per_year: NotNegative
    """maintenance, meter verification and insurance of the heat plant"""
    grant_amount: NotNegative = default(0.0, source="none assumed")
    """grant received with the investment, on no condition"""
    grants: tuple[Grant, ...] = ()
    """grants on a condition"""
    certificates: tuple[Certificate, ...] = ()
    """certificates and credits"""
    investment: tuple[Investment, ...]
    """everything bought to deliver heat"""
    customer_discount_frac: Annotated[float, Gt(-0.5), Lt(1)] | None = None
    """real yearly rate by which the customer values later years; left out: the operator's"""
    residual: Literal["nothing", "remaining life"] = default("nothing", source="the cautious end")
    """what a part is worth at the end of the term that has life left"""
    irr_frac_target: Annotated[float, Gt(-0.5), Lt(1)] | None = None
    """return that the operator wants, in the money of each year; left out: none is stated"""
    outlook: PriceOutlook = PriceOutlook()
    tax: Tax = Tax()
    debt: Debt = Debt()
    boiler_renewal: BoilerRenewal | None = None
    """the customer's boiler, where it has to be replaced in any case"""
    cooler_renewal: Renewal | None = None
    """the operator's cooler, where it has to be replaced in any case"""
    hosting: Hosting | None = None
    """plain hosting growth, to compare the same capital with"""
    sale: Sale = Sale()
    lease: Lease = Lease()
