"""The whole contract: every clause of the catalogue, one table each."""

from typing import get_args
from zoneinfo import ZoneInfo

from exotherm.contract.terms.billing import (
    BillContent,
    BillFrequency,
    BillingPeriod,
    FinalBill,
    Proration,
    Rounding,
    SelfBilling,
    SmallBalances,
)
from exotherm.contract.terms.boundary import (
    Access,
    ConnectionWorks,
    DeliveryPoint,
    LossesToBoundary,
    RiskSplit,
)
from exotherm.contract.terms.calendar import (
    Calendar,
    Closures,
    Commissioning,
    Holidays,
    InterruptionNotice,
    Maintenance,
    Season,
)
from exotherm.contract.terms.clause import Clause
from exotherm.contract.terms.conduct import (
    CapacityChange,
    Complaints,
    DataProtection,
    Disconnection,
    Disputes,
    GoverningLaw,
    IncludedMaintenance,
    Paper,
    PerformanceReport,
    Procurement,
    Safety,
)
from exotherm.contract.terms.corrections import Corrections, Estimates, LookBack
from exotherm.contract.terms.credits import (
    BillCredit,
    CreditExclusions,
    CreditLimits,
    CreditNature,
    CreditPayment,
    CreditWithoutData,
    ServiceCredit,
    SoleRemedy,
    StatutoryPayments,
)
from exotherm.contract.terms.fallback import (
    Exclusivity,
    FallbackCost,
    FallbackPlant,
    FallbackSwitch,
    FallbackTests,
    SelfHelp,
)
from exotherm.contract.terms.heat import (
    BelowSpecHeat,
    BuyerPriority,
    DeliveredHeat,
    FallbackHeat,
    GreenAttributes,
    QuantityResolution,
    ReverseFlow,
    StoragePosition,
    UnrequestedHeat,
)
from exotherm.contract.terms.index_changes import (
    IndexElements,
    IndexExample,
    IndexLimits,
    IndexRounding,
    IndexTiming,
)
from exotherm.contract.terms.indexation import (
    IndexObservation,
    IndexRebasing,
    IndexSeriesList,
    PriceFormula,
)
from exotherm.contract.terms.law import (
    Assignment,
    ChangeInLaw,
    Indemnities,
    Insurance,
    Liability,
    StepIn,
    Term,
    TerminationEvents,
    TerminationPayment,
)
from exotherm.contract.terms.metering import (
    HeatMeter,
    MeterExchange,
    MeterInstallation,
    Registers,
    SubMetering,
)
from exotherm.contract.terms.metering_data import (
    DataAccess,
    ErrorCorrection,
    MissingData,
    ReadingPlan,
    Retention,
)
from exotherm.contract.terms.metering_trust import (
    ChallengeTest,
    CheckMeter,
    SignedReadings,
    Tampering,
    Verification,
)
from exotherm.contract.terms.outage import (
    CauseAllocation,
    ExcusedEvents,
    OutageClasses,
    OutageMessages,
    RepeatedFailure,
    RestoreTimes,
    VulnerableSites,
)
from exotherm.contract.terms.ownership import (
    HostingExchange,
    ItTitle,
    MeterTitle,
    PlantTitle,
    RemovalAtEnd,
)
from exotherm.contract.terms.parties import (
    ConditionsPrecedent,
    Definitions,
    Notices,
    Parties,
    Precedence,
    RegulatoryStatus,
    Roles,
    Signatories,
)
from exotherm.contract.terms.payment import (
    Advances,
    DisputedAmounts,
    EInvoice,
    Payment,
    Security,
    Vat,
)
from exotherm.contract.terms.quality import (
    Availability,
    Capacity,
    Firmness,
    FlowLimits,
    Hygiene,
    ItLoad,
    Noise,
    RampUp,
    ReturnTemperature,
    SupplyTemperature,
    WaterQuality,
)
from exotherm.contract.terms.tariff import (
    AvailabilityFee,
    CapacityFee,
    Composition,
    EnergyPrice,
    StandingFee,
)
from exotherm.contract.terms.tariff_limits import PriceLimits, TakeOrPay
from exotherm.contract.terms.tariff_models import (
    OtherCharges,
    OutdoorPrice,
    PassThrough,
    PaymentDirection,
    PriceBase,
    ReturnBonus,
    SharedSavings,
)
from exotherm.core.documents import Document
from exotherm.core.period import Period, days_period


class Contract(Document):
    """All clauses, in the order of the catalogue.

    Those that forecast, bill or outcome are made of have to be there; the others may be left out
    of the file, and the check of the contract says which of them are needed.
    """

    contract: Paper
    parties: Parties
    roles: Roles | None = None
    regulatory_status: RegulatoryStatus | None = None
    precedence: Precedence | None = None
    definitions: Definitions | None = None
    notices: Notices | None = None
    conditions_precedent: ConditionsPrecedent | None = None
    signatories: Signatories | None = None
    delivery_point: DeliveryPoint
    risk_split: RiskSplit | None = None
    losses_to_boundary: LossesToBoundary | None = None
    access: Access | None = None
    connection_works: ConnectionWorks | None = None
    it_title: ItTitle | None = None
    plant_title: PlantTitle | None = None
    meter_title: MeterTitle | None = None
    removal_at_end: RemovalAtEnd | None = None
    hosting_exchange: HostingExchange | None = None
    delivered_heat: DeliveredHeat
    below_spec_heat: BelowSpecHeat
    unrequested_heat: UnrequestedHeat
    fallback_heat: FallbackHeat | None = None
    reverse_flow: ReverseFlow | None = None
    storage_position: StoragePosition | None = None
    quantity_resolution: QuantityResolution | None = None
    green_attributes: GreenAttributes | None = None
    buyer_priority: BuyerPriority | None = None
    capacity: Capacity
    supply_temperature: SupplyTemperature
    return_temperature: ReturnTemperature | None = None
    flow_limits: FlowLimits | None = None
    availability: Availability
    firmness: Firmness
    it_load: ItLoad
    ramp_up: RampUp | None = None
    water_quality: WaterQuality | None = None
    hygiene: Hygiene | None = None
    noise: Noise | None = None
    calendar: Calendar
    season: Season
    maintenance: Maintenance
    interruption_notice: InterruptionNotice | None = None
    closures: Closures | None = None
    commissioning: Commissioning | None = None
    holidays: Holidays | None = None
    outage_classes: OutageClasses | None = None
    restore_times: RestoreTimes | None = None
    vulnerable_sites: VulnerableSites | None = None
    cause_allocation: CauseAllocation
    excused_events: ExcusedEvents
    outage_messages: OutageMessages | None = None
    repeated_failure: RepeatedFailure | None = None
    fallback_plant: FallbackPlant
    fallback_switch: FallbackSwitch | None = None
    fallback_cost: FallbackCost | None = None
    fallback_tests: FallbackTests | None = None
    self_help: SelfHelp | None = None
    exclusivity: Exclusivity | None = None
    heat_meter: HeatMeter
    meter_installation: MeterInstallation | None = None
    registers: Registers
    reading_plan: ReadingPlan
    data_access: DataAccess | None = None
    verification: Verification | None = None
    challenge_test: ChallengeTest | None = None
    error_correction: ErrorCorrection | None = None
    missing_data: MissingData
    meter_exchange: MeterExchange | None = None
    check_meter: CheckMeter | None = None
    tampering: Tampering | None = None
    signed_readings: SignedReadings | None = None
    retention: Retention | None = None
    sub_metering: SubMetering | None = None
    standing_fee: StandingFee | None = None
    energy_price: EnergyPrice | None = None
    capacity_fee: CapacityFee | None = None
    composition: Composition
    availability_fee: AvailabilityFee | None = None
    take_or_pay: TakeOrPay | None = None
    price_limits: PriceLimits | None = None
    outdoor_price: OutdoorPrice | None = None
    return_bonus: ReturnBonus | None = None
    payment_direction: PaymentDirection
    pass_through: PassThrough | None = None
    price_base: PriceBase
    shared_savings: SharedSavings | None = None
    other_charges: OtherCharges | None = None
    price_formula: PriceFormula | None = None
    index_series: IndexSeriesList | None = None
    index_observation: IndexObservation | None = None
    index_rebasing: IndexRebasing | None = None
    index_rounding: IndexRounding | None = None
    index_timing: IndexTiming | None = None
    index_limits: IndexLimits | None = None
    index_elements: IndexElements | None = None
    index_example: IndexExample | None = None
    service_credit: ServiceCredit
    credit_limits: CreditLimits | None = None
    credit_exclusions: CreditExclusions | None = None
    credit_nature: CreditNature | None = None
    credit_payment: CreditPayment | None = None
    statutory_payments: StatutoryPayments | None = None
    sole_remedy: SoleRemedy | None = None
    credit_without_data: CreditWithoutData
    bill_credit: BillCredit | None = None
    billing_period: BillingPeriod
    bill_content: BillContent | None = None
    bill_frequency: BillFrequency | None = None
    estimates: Estimates | None = None
    advances: Advances | None = None
    corrections: Corrections | None = None
    look_back: LookBack | None = None
    rounding: Rounding
    vat: Vat
    payment: Payment
    e_invoice: EInvoice | None = None
    proration: Proration
    disputed_amounts: DisputedAmounts | None = None
    final_bill: FinalBill | None = None
    security: Security | None = None
    self_billing: SelfBilling | None = None
    small_balances: SmallBalances | None = None
    term: Term
    termination_events: TerminationEvents | None = None
    termination_payment: TerminationPayment | None = None
    step_in: StepIn | None = None
    assignment: Assignment | None = None
    change_in_law: ChangeInLaw | None = None
    liability: Liability | None = None
    indemnities: Indemnities | None = None
    insurance: Insurance | None = None
    safety: Safety | None = None
    data_protection: DataProtection | None = None
    disputes: Disputes | None = None
    governing_law: GoverningLaw | None = None
    disconnection: Disconnection | None = None
    complaints: Complaints | None = None
    included_maintenance: IncludedMaintenance | None = None
    capacity_change: CapacityChange | None = None
    procurement: Procurement | None = None
    performance_report: PerformanceReport | None = None

    @property
    def clauses(self) -> dict[str, Clause]:
        """The clauses that are there, by the table that holds them."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: clause for name, clause in found.items() if clause is not None}

    @property
    def zone(self) -> ZoneInfo:
        """The contract's clock."""
        return self.calendar.clock

    @property
    def term_period(self) -> Period:
        """The term as instants: its last day is part of it."""
        return days_period(self.term.starts_on, self.term.ends_on, self.zone)

    @property
    def billed_period(self) -> Period:
        """The part of the term that is billed: it begins with the first day billed (CAL-6)."""
        first = self.term.starts_on
        if self.commissioning is not None:
            first = max(first, self.commissioning.first_bill_on)
        return days_period(min(first, self.term.ends_on), self.term.ends_on, self.zone)

    @property
    def currency(self) -> str:
        """The currency of all prices."""
        return self.payment.currency


def clauses_of(contract: type[Contract] = Contract) -> dict[str, type[Clause]]:
    """List the clauses by the table that holds them in the file."""
    clauses: dict[str, type[Clause]] = {}
    for name, field in contract.model_fields.items():
        kinds = [
            kind for kind in (field.annotation, *get_args(field.annotation)) if _is_clause(kind)
        ]
        assert len(kinds) == 1, name
        clauses[name] = kinds[0]
    return clauses


def _is_clause(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Clause)
