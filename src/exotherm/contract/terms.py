"""The contract file as typed terms: one clause, one table, each with its number in the catalogue.

A clause whose absence leaves a bill or an outcome undefined blocks: without it the contract does
not load, and the finding names the clause.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo

from annotated_types import Ge, Gt, Le, Lt
from pydantic import Field, PlainSerializer, model_validator

from exotherm.core.documents import Document
from exotherm.core.money import RoundingRule
from exotherm.core.period import Period, local_midnight
from exotherm.core.register import RegisterFormat
from exotherm.site.quantities import ZoneName

Fraction = Annotated[float, Ge(0), Le(1)]
# Prices are read from the digits in the file: the reader never makes a binary float of them.
Price = Annotated[Decimal, Field(max_digits=14), PlainSerializer(str, return_type=str)]


class Clause(Document):
    """A clause: its number and title in the catalogue, and why it cannot be left out."""

    number: ClassVar[str]
    title: ClassVar[str]
    why: ClassVar[str]


class Paper(Clause):
    """The contract itself: which paper, which version."""

    number = "LEG-14"
    title = "Contract and version"
    why = "every bill says which version of which contract it follows"

    reference: str = Field(min_length=1, max_length=40)
    """number of the contract, as both parties file it"""
    version: Annotated[int, Ge(1)]
    """version of these terms; a change makes a new one"""


class Party(Document):
    """One side of the contract, as an invoice has to name it."""

    name: str = Field(min_length=1)
    """legal name"""
    vat_id: str = Field(min_length=4)
    """VAT identification number"""
    street: str
    """street and number"""
    postcode: str
    """post code"""
    city: str
    """town"""
    country: str = Field(pattern=r"^[A-Z]{2}$")
    """country code of ISO 3166"""
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    """address for notices and invoices"""


class Parties(Clause):
    """Who sells heat to whom."""

    number = "PAR-1"
    title = "Parties"
    why = "contract and invoice need both parties"

    supplier: Party
    """who delivers the heat and sends the invoice"""
    customer: Party
    """who takes the heat and pays"""


class DeliveryPoint(Clause):
    """Where the supplier's heat becomes the customer's."""

    number = "BND-1"
    title = "Delivery point"
    why = "title, risk and measurement sit there"

    place: str = Field(min_length=5)
    """where it is, so that a stranger finds it"""
    side: Literal["supplier", "customer"]
    """on whose side of the delivery exchanger heat is measured"""


class DeliveredHeat(Clause):
    """What counts as delivered heat."""

    number = "HEAT-1"
    title = "Delivered heat"
    why = "it defines the quantity that is billed"

    point: str
    """register that is billed, as meter.quantity"""
    supply_point: str
    """temperature that shows whether heat meets the promise"""
    flow_point: str
    """flow that shows whether the customer calls for heat"""


class BelowSpecHeat(Clause):
    """What heat below the promised temperature costs."""

    number = "HEAT-2"
    title = "Below-spec heat"
    why = "without it heat that is too cool has no price"

    price_frac: Fraction
    """share of the energy price that is paid for it"""


class FallbackHeat(Clause):
    """Whether heat of the customer's own boiler is delivered heat."""

    number = "HEAT-4"
    title = "Fallback heat"
    why = "without it backup heat could be billed twice"

    counts_as_delivered: Literal[False]
    """backup heat is behind the meter and never billed by the supplier"""


class Capacity(Clause):
    """How much heat stands ready."""

    number = "QOS-1"
    title = "Capacity"
    why = "it is the base of the promise and of the fallback's size"

    heat_kw: Annotated[float, Gt(0)]
    """heat that stands ready while the servers run at their usual load"""


class SupplyTemperature(Clause):
    """How warm the delivered heat is."""

    number = "QOS-2"
    title = "Supply temperature"
    why = "a promise that is not measurable cannot be kept"

    supply_c_min: Annotated[float, Gt(0), Lt(120)]
    """lowest supply temperature at the delivery point while heat is called for"""
    tolerance_k: Annotated[float, Ge(0), Le(5)]
    """how far a measured temperature may fall short before it counts"""


class Availability(Clause):
    """How much of the time the promise is kept."""

    number = "QOS-5"
    title = "Availability formula"
    why = "credits are counted from it"

    available_frac_min: Fraction
    """share of the quarter-hours of a month, excused ones left out, that are delivered in full"""
    interval_min: Literal[15]
    """length of the intervals that are judged"""
    not_measured_is: Literal["failed", "left out"]
    """what an interval without a valid reading counts as"""


class ItLoad(Clause):
    """What happens when servers have little to do."""

    number = "QOS-7"
    title = "Dependence on server load"
    why = "it is the hole that only a data centre's heat has"

    heat_kw_min: Annotated[float, Ge(0)]
    """heat that is there even with idle servers"""
    borne_by: Literal["supplier", "customer"]
    """who bears that heat is short because server load is low"""


class Calendar(Clause):
    """Whose clock the contract follows."""

    number = "CAL-1"
    title = "Time zone and intervals"
    why = "October has 745 hours in one zone and 744 in another"

    zone: ZoneName
    """time zone that says what a month, a night and a weekday is"""

    @property
    def clock(self) -> ZoneInfo:
        """The zone as Python's own."""
        return ZoneInfo(self.zone)


class Maintenance(Clause):
    """When the plant may stand still by plan."""

    number = "CAL-3"
    title = "Planned maintenance"
    why = "these hours are excused"

    weekday: Annotated[int, Ge(1), Le(7)]
    """day of the week, Monday is 1"""
    starts_at: Annotated[int, Ge(0), Le(23)]
    """hour at which the window opens, by the contract's clock"""
    ends_at: Annotated[int, Ge(1), Le(24)]
    """hour at which the window closes"""
    notice_days: Annotated[int, Ge(0)]
    """days of notice before the window is used"""

    @model_validator(mode="after")
    def _window_is_open(self) -> "Maintenance":
        if self.ends_at <= self.starts_at:
            raise ValueError("the maintenance window ends at or before it starts")
        return self


class CauseAllocation(Clause):
    """Who answers for an interruption nobody has explained."""

    number = "OUT-4"
    title = "Cause allocation"
    why = "an interruption without a cause would have no outcome"

    unknown_borne_by: Literal["supplier", "customer"]
    """who bears an interruption of unknown cause"""


class FallbackPlant(Clause):
    """What keeps the customer warm when the supplier cannot."""

    number = "FBK-1"
    title = "Fallback plant"
    why = "the customer stays warm when servers stop"

    owner: Literal["supplier", "customer"]
    """who owns and maintains it"""
    heat_kw: Annotated[float, Ge(0)]
    """its heat output"""


class HeatMeter(Clause):
    """The meter whose register is billed."""

    number = "MET-1"
    title = "Meter record"
    why = "it is the legal value of the reading"

    serial: str = Field(pattern=r"^\d{1,8}$")
    """identification number on the meter"""
    accuracy_class: Literal[1, 2, 3]
    """accuracy class of MID annex VI"""
    flow_m3h_rated: Annotated[float, Gt(0)]
    """permanent flow qp"""
    lift_k_min: Annotated[float, Gt(0)]
    """smallest temperature difference that the meter is approved for"""
    medium: Literal["water"]
    """heat carrier; glycol needs a meter approved for it"""
    verified_until: date
    """last day of the verification's validity"""
    verified_every_years: Annotated[int, Ge(1), Le(20)] | None = None
    """years after which the supplier has it verified anew (MET-6); left out where not agreed"""


class Registers(Clause):
    """How the billed register counts."""

    number = "MET-3"
    title = "Registers"
    why = "a roll-over must be told from a fault"

    unit: Literal["kwh"]
    """unit of the register"""
    digits: Annotated[int, Ge(4), Le(12)]
    """digits in all"""
    decimals: Annotated[int, Ge(0), Le(4)]
    """digits after the point"""

    @property
    def format(self) -> RegisterFormat:
        """The register's way of counting."""
        return RegisterFormat(unit=self.unit, digits=self.digits, decimals=self.decimals)


class ReadingPlan(Clause):
    """Which reading closes a period."""

    number = "MET-4"
    title = "Reading plan"
    why = "the edges of a period decide the quantity"

    interval_min: Annotated[int, Ge(1), Le(60)]
    """minutes from one reading to the next"""
    cut_off: Literal["at or before"]
    """the reading that counts for an edge is the last one at or before it"""
    edge_gap_min_max: Annotated[int, Ge(0), Le(1440)]
    """oldest that reading may be, in minutes"""


class MissingData(Clause):
    """What is billed when readings are missing inside a period."""

    number = "MET-9"
    title = "Missing-data ladder"
    why = "a gap must not stop the bill, nor be filled by guess"

    bridge: Literal["register"]
    """the register runs on through a gap, so the energy of a gap is known from its two ends"""
    gap_h_max: Annotated[float, Gt(0)]
    """longest gap that is bridged; a longer one stops the bill until a person has looked"""


class StandingFee(Clause):
    """The price for standing ready."""

    number = "TAR-1"
    title = "Standing fee"
    why = "it is the fixed part of the bill"

    price_per_month: Price
    """fee for a calendar month, prorated by hours where the term covers a part"""


class EnergyPrice(Clause):
    """The price of heat."""

    number = "TAR-2"
    title = "Energy price"
    why = "it is the variable part of the bill"

    price_per_kwh: Price
    """price of delivered heat"""


class Composition(Clause):
    """In which order the parts of the price apply."""

    number = "TAR-4"
    title = "Composition"
    why = "the order changes the amount"

    order: Literal["standing fee, heat, below-spec heat, credit, VAT"]
    """order in which the lines of the bill are made"""


class CreditBand(Document):
    """A step of the service credit."""

    available_frac_below: Fraction
    """the band applies where availability is below this"""
    credit_frac: Fraction
    """share of the standing fee that is credited"""


class ServiceCredit(Clause):
    """What the customer gets back when the promise is missed."""

    number = "CRD-1"
    title = "Credit schedule"
    why = "a promise without a consequence is none"

    bands: tuple[CreditBand, ...] = Field(min_length=1)
    """steps; the lowest one that applies counts"""
    nature: Literal["price reduction"]
    """a price reduction lowers the base of VAT; damages would need a document of their own"""


class BillingPeriod(Clause):
    """What one invoice covers."""

    number = "BIL-1"
    title = "Period and cut-off"
    why = "every quantity belongs to a period"

    each: Literal["calendar month"]
    """an invoice covers a calendar month of the contract's clock"""


class Rounding(Clause):
    """How amounts become coins."""

    number = "BIL-8"
    title = "Rounding policy"
    why = "cents decide disputes"

    rule: RoundingRule
    """what happens to half a coin; each line is rounded, totals are sums of lines"""


class Vat(Clause):
    """Value-added tax."""

    number = "BIL-9"
    title = "VAT treatment"
    why = "a wrong rate is the supplier's loss"

    category: Literal["S", "Z", "E"]
    """category by UNTDID 5305: S standard or reduced rate, Z zero rate, E exempt"""
    vat_frac: Fraction
    """rate"""
    evidence: str = Field(min_length=5)
    """why this rate applies, and who said so"""


class Payment(Clause):
    """How and when the customer pays."""

    number = "BIL-10"
    title = "Payment"
    why = "an invoice without a due date is a letter"

    currency: str = Field(pattern=r"^[A-Z]{3}$")
    """currency of all prices"""
    due_days: Annotated[int, Ge(0), Le(120)]
    """days from the invoice date until it is due"""
    iban: str = Field(pattern=r"^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$")
    """account that is paid to"""


class Term(Clause):
    """How long the contract runs."""

    number = "LEG-1"
    title = "Term and renewal"
    why = "obligations begin and end"

    starts_on: date = Field(ge=date(1990, 1, 1))
    """first day"""
    ends_on: date = Field(le=date(2199, 12, 31))
    """last day; a term without end has its first possible end here"""
    notice_months: Annotated[int, Ge(0)]
    """months of notice before the end; without notice it runs on for a year"""

    @model_validator(mode="after")
    def _runs_forward(self) -> "Term":
        if self.ends_on <= self.starts_on:
            raise ValueError("the term ends on or before the day it starts")
        return self


class Contract(Document):
    """All clauses that the chain from forecast to evidence follows; each of them blocks."""

    contract: Paper
    parties: Parties
    delivery_point: DeliveryPoint
    delivered_heat: DeliveredHeat
    below_spec_heat: BelowSpecHeat
    fallback_heat: FallbackHeat
    capacity: Capacity
    supply_temperature: SupplyTemperature
    availability: Availability
    it_load: ItLoad
    calendar: Calendar
    maintenance: Maintenance
    cause_allocation: CauseAllocation
    fallback_plant: FallbackPlant
    heat_meter: HeatMeter
    registers: Registers
    reading_plan: ReadingPlan
    missing_data: MissingData
    standing_fee: StandingFee
    energy_price: EnergyPrice
    composition: Composition
    service_credit: ServiceCredit
    billing_period: BillingPeriod
    rounding: Rounding
    vat: Vat
    payment: Payment
    term: Term

    @property
    def zone(self) -> ZoneInfo:
        """The contract's clock."""
        return self.calendar.clock

    @property
    def term_period(self) -> Period:
        """The term as instants: its last day is part of it."""
        after = date.fromordinal(self.term.ends_on.toordinal() + 1)
        return Period(
            local_midnight(self.term.starts_on, self.zone), local_midnight(after, self.zone)
        )

    @property
    def currency(self) -> str:
        """The currency of all prices."""
        return self.payment.currency


def clauses_of(contract: type[Contract] = Contract) -> dict[str, type[Clause]]:
    """List the clauses by the table that holds them in the file."""
    clauses: dict[str, type[Clause]] = {}
    for name, field in contract.model_fields.items():
        kind = field.annotation
        assert isinstance(kind, type)
        assert issubclass(kind, Clause)
        clauses[name] = kind
    return clauses
