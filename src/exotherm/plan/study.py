"""The study of a site: its year, its money, its verdict, in one value."""

from collections.abc import Callable
from dataclasses import dataclass

from exotherm.contract.outcome import Tally
from exotherm.contract.terms import Contract
from exotherm.core.documents import Assumption, assumptions_of
from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.units import format_quantity
from exotherm.plan.finance import Finance, Operation, finance_of
from exotherm.plan.verdict import Setback, Verdict, explain_verdict, judge
from exotherm.plan.year import Month, Year, rate_months, simulate_year, tally_of_months
from exotherm.site.document import Site
from exotherm.site.series import Utilisation, Weather


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """What the customer pays in a year, with the service and with the boiler alone."""

    fuel_before: float
    fuel_after: float
    heat_bill: float

    @property
    def saving(self) -> float:
        """What the service saves the customer in a year; negative where it costs."""
        return self.fuel_before - self.fuel_after - self.heat_bill


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyResult:
    """Everything the study says; the first three are the core variables of the business."""

    heat_demand_kwh: float
    recoverable_frac: float
    delivery_cost_per_kwh: float | None
    heat_delivered_kwh: float
    heat_displaced_kwh: float
    it_energy_kwh: float
    site_energy_kwh: float
    auxiliary_kwh: float
    rejected_kwh: float
    backup_kwh: float
    energy_balance_error_kwh: float
    coolant_c_max: float
    tally: Tally
    year: Year
    months: tuple[Month, ...]
    finance: Finance
    customer: Customer
    setbacks: tuple[Setback, ...]
    verdict: Verdict
    verdict_text: str
    currency: str
    weather_source: str
    utilisation_source: str
    assumptions: tuple[Assumption, ...]
    findings: tuple[Finding, ...]

    @property
    def displaced_frac(self) -> float:
        """The share of the customer's heat that no longer comes from the boiler."""
        return self.heat_displaced_kwh / self.heat_demand_kwh if self.heat_demand_kwh else 0.0


SETBACKS = (
    ("heat demand a fifth lower", "demand"),
    ("servers a fifth less busy", "servers"),
    ("investment a quarter higher", "investment"),
    ("electricity half again as dear", "electricity"),
    ("heat price a tenth lower", "price"),
)
"""The single setbacks every study is held against, in the words of the report."""


def make_study(
    site: Site,
    contract: Contract,
    weather: Weather,
    utilisation: Utilisation,
    *,
    on_stage: Callable[[str], None] = lambda _: None,
) -> StudyResult:
    """Study a site under its contract. ``on_stage`` hears the name of each stage as it begins."""
    on_stage("simulating the year")
    year = simulate_year(site, weather, utilisation)
    on_stage("rating the months")
    months = rate_months(contract, year.with_heat)
    operation = _operation(year, months)
    finance = finance_of(site.economics, operation)
    on_stage("trying setbacks")
    setbacks = tuple(
        Setback(name=name, npv=_npv_after(kind, site, contract, weather, utilisation))
        for name, kind in SETBACKS
    )
    verdict = judge(finance.npv, setbacks)
    sums = year.with_heat.energy_kwh
    demand_kwh = year.boiler_alone.energy_kwh("backup_kw")
    it_kwh = sums("it_kw")
    currency = site.site.currency
    return StudyResult(
        heat_demand_kwh=demand_kwh,
        recoverable_frac=operation.heat_delivered_kwh / it_kwh if it_kwh else 0.0,
        delivery_cost_per_kwh=finance.delivery_cost_per_kwh,
        heat_delivered_kwh=operation.heat_delivered_kwh,
        heat_displaced_kwh=demand_kwh - sums("backup_kw"),
        it_energy_kwh=it_kwh,
        site_energy_kwh=sums("site_kw"),
        auxiliary_kwh=operation.auxiliary_kwh,
        rejected_kwh=sums("rejected_kw"),
        backup_kwh=sums("backup_kw"),
        energy_balance_error_kwh=_balance_error_kwh(year),
        coolant_c_max=float(year.with_heat.flows["coolant_c"].max()),
        tally=tally_of_months(months),
        year=year,
        months=months,
        finance=finance,
        customer=_customer(site, year, operation),
        setbacks=setbacks,
        verdict=verdict,
        verdict_text=explain_verdict(verdict, finance.npv, setbacks, currency=currency),
        currency=currency,
        weather_source=weather.source,
        utilisation_source=utilisation.source,
        assumptions=assumptions_of(site),
        findings=_findings(site, year),
    )


def _operation(year: Year, months: tuple[Month, ...]) -> Operation:
    """Sum a steady year. Cooling saved is what the same fans would draw if all were rejected."""
    with_heat = year.with_heat
    return Operation(
        heat_delivered_kwh=with_heat.energy_kwh("delivered_kw"),
        auxiliary_kwh=with_heat.energy_kwh("auxiliary_kw"),
        cooling_saved_kwh=year.servers_alone.energy_kwh("fan_kw") - with_heat.energy_kwh("fan_kw"),
        heat_revenue=float(sum(month.rated.net_amount for month in months)),
    )


def _customer(site: Site, year: Year, operation: Operation) -> Customer:
    price = site.economics.fuel_per_kwh
    return Customer(
        fuel_before=year.boiler_alone.energy_kwh("fuel_kw") * price,
        fuel_after=year.with_heat.energy_kwh("fuel_kw") * price,
        heat_bill=operation.heat_revenue,
    )


def _npv_after(
    kind: str, site: Site, contract: Contract, weather: Weather, utilisation: Utilisation
) -> float:
    """Give the net present value after one setback, with the year simulated anew."""
    economics = site.economics
    match kind:
        case "demand":
            pool = site.pool.model_copy(update={"area_m2": 0.8 * site.pool.area_m2})
            site = site.model_copy(update={"pool": pool})
        case "servers":
            computing = site.computing.model_copy(
                update={"power_kw_rated": 0.8 * site.computing.power_kw_rated}
            )
            site = site.model_copy(update={"computing": computing})
        case "investment":
            dearer = tuple(
                item.model_copy(update={"amount": 1.25 * item.amount})
                for item in economics.investment
            )
            economics = economics.model_copy(update={"investment": dearer})
        case "electricity":
            economics = economics.model_copy(
                update={"electricity_per_kwh": 1.5 * economics.electricity_per_kwh}
            )
        case "price":
            price = contract.energy_price.price_per_kwh * 9 / 10
            cheaper = contract.energy_price.model_copy(update={"price_per_kwh": price})
            contract = contract.model_copy(update={"energy_price": cheaper})
    year = simulate_year(site, weather, utilisation)
    return finance_of(economics, _operation(year, rate_months(contract, year.with_heat))).npv


def _balance_error_kwh(year: Year) -> float:
    simulations = (year.with_heat, year.boiler_alone, year.servers_alone)
    return max(one.balance_error_kw * one.step_h for one in simulations)


def _findings(site: Site, year: Year) -> tuple[Finding, ...]:
    return (*_coolant_findings(site, year), *_comfort_findings(site, year))


def _coolant_findings(site: Site, year: Year) -> tuple[Finding, ...]:
    """The servers come first: say where rejection alone did not keep them cool."""
    coolant_c = year.with_heat.flows["coolant_c"]
    over_h = float((coolant_c > site.capture.coolant_c_max + 0.01).sum() * year.with_heat.step_h)
    if not over_h:
        return ()
    return (
        Finding(
            code="plan.coolant-over-limit",
            severity=Severity.ERROR,
            where=Where(file="site.toml", path="rejection.heat_kw_rated"),
            message=f"For {format_quantity('over_h', over_h)} of the year the coolant passes "
            f"{format_quantity('coolant_c', site.capture.coolant_c_max)}, up to "
            f"{format_quantity('coolant_c', float(coolant_c.max()))}: the dry cooler is too small.",
            remedy="Choose a dry cooler that rejects all server heat on the hottest day alone.",
            data={"hours": over_h, "coolant_c_max": float(coolant_c.max())},
        ),
    )


def _comfort_findings(site: Site, year: Year) -> tuple[Finding, ...]:
    """The customer stays warm: say where boiler and heat together did not hold the pool."""
    pool_c = year.with_heat.flows["pool_c"]
    cold_h = float((pool_c < site.pool.water_c_set - 0.5).sum() * year.with_heat.step_h)
    if not cold_h:
        return ()
    return (
        Finding(
            code="plan.demand-unmet",
            severity=Severity.WARNING,
            where=Where(file="site.toml", path="boiler.heat_kw_rated"),
            message=f"For {format_quantity('cold_h', cold_h)} of the year the pool is colder than "
            f"{format_quantity('water_c', site.pool.water_c_set - 0.5)}, down to "
            f"{format_quantity('water_c', float(pool_c.min()))}.",
            remedy="Check the boiler's output and the pool's losses; backup must carry the pool.",
            data={"hours": cold_h, "pool_c_min": float(pool_c.min())},
        ),
    )
