"""The study of a site: its year, its money, its verdict, in one value."""

from collections.abc import Callable
from dataclasses import dataclass

from exotherm.contract.outcome import Tally
from exotherm.contract.terms import Contract
from exotherm.core.documents import Assumption, assumptions_of
from exotherm.core.findings import Finding
from exotherm.plan.basis import Foundation, foundation_of
from exotherm.plan.cash import Operation
from exotherm.plan.changes import with_servers
from exotherm.plan.customer import (
    Customer,
    Loss,
    customer_of,
    loss_of,
    renewed_customer_of,
    renewed_from_year,
)
from exotherm.plan.finance import Finance, finance_of
from exotherm.plan.findings import UNMET, findings_of, losing_customer, losing_heat_pump
from exotherm.plan.heat_pump import HeatPumpAnswer, ask_for_heat_pump
from exotherm.plan.operation import rater_of
from exotherm.plan.ownership import Ownership, ownership_of
from exotherm.plan.rating import Month, tally_of_months
from exotherm.plan.revenue_stack import SMALLER_FRAC, RevenueStack, pending_of, stack_of
from exotherm.plan.setbacks import setbacks_of
from exotherm.plan.survey.effect import SurveyEffect, effect_of, judge_survey, with_survey
from exotherm.plan.survey.result import SurveyResult
from exotherm.plan.verdict import Pending, Setback, Verdict, explain_verdict, judge, judge_loss
from exotherm.plan.year import Year, simulate_year
from exotherm.site.document import Site
from exotherm.site.economics import Economics
from exotherm.site.series import Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyResult:
    """Everything the study says; the first three are the core variables of the business."""

    heat_demand_kwh: float
    recoverable_frac: float
    heat_recovered_kwh: float
    """what is delivered less what the heat pump's electricity adds to it"""
    delivery_cost_per_kwh: float | None
    heat_delivered_kwh: float
    heat_displaced_kwh: float
    it_energy_kwh: float
    site_energy_kwh: float
    auxiliary_kwh: float
    rejected_kwh: float
    backup_kwh: float
    unmet_kwh: float
    heat_pump_power_kwh: float
    energy_balance_error_kwh: float
    coolant_c_max: float
    heat_pump: HeatPumpAnswer
    tally: Tally
    year: Year
    months: tuple[Month, ...]
    economics: Economics
    """as the site states it, with what a survey adds"""
    operation: Operation
    finance: Finance
    customer: Customer
    customer_renewed: Customer | None
    """the same once the customer's own boiler is replaced; None where the term sees no such year"""
    ownership: Ownership
    stack: RevenueStack
    foundation: Foundation
    setbacks: tuple[Setback, ...]
    verdict: Verdict
    verdict_text: str
    currency: str
    weather_source: str
    utilisation_source: str
    assumptions: tuple[Assumption, ...]
    findings: tuple[Finding, ...]
    survey: SurveyEffect | None = None
    """what a survey found, where there is one; its money is in the figures above"""

    @property
    def customer_first(self) -> Customer:
        """The customer's first year: its own heat is new in it where that is due at once."""
        if self.customer_renewed is not None and renewed_from_year(self.economics) <= 1:
            return self.customer_renewed
        return self.customer

    @property
    def displaced_frac(self) -> float:
        """The share of the customer's heat that no longer comes from the boiler."""
        return self.heat_displaced_kwh / self.heat_demand_kwh if self.heat_demand_kwh else 0.0


def make_study(
    site: Site,
    contract: Contract,
    surroundings: Surroundings,
    *,
    survey: SurveyResult | None = None,
    on_stage: Callable[[str], None] = lambda _: None,
) -> StudyResult:
    """Study a site under its contract. ``on_stage`` hears the name of each stage as it begins.

    What a survey adds is part of the investment, and what it stops or leaves open of the verdict.
    """
    site = with_survey(site, survey)
    on_stage("simulating the year")
    year = simulate_year(site, surroundings)
    on_stage("rating the months")
    rater = rater_of(contract, surroundings, year)
    months = rater.months_of(year)
    operation = rater.operation_of(site, year, months)
    finance = finance_of(site.economics, operation)
    on_stage("asking for a heat pump")
    heat_pump = ask_for_heat_pump(site, surroundings, demand_kwh=year.heat_demand_kwh)
    on_stage("trying setbacks")
    stack = stack_of(
        site.economics,
        operation,
        half_hosted=rater.operation(with_servers(site, SMALLER_FRAC)),
        power_kw_rated=site.computing.power_kw_rated,
        currency=site.site.currency,
    )
    setbacks = (
        *setbacks_of(site, rater, operation, months),
        *(
            Setback(name=f"{one.layer} that do not come", npv=one.npv_off, granted=str(one.layer))
            for one in stack.layers
            if one.is_granted
        ),
    )
    pending = pending_of(site.economics, operation, currency=site.site.currency)
    findings = findings_of(site, year)
    customer = customer_of(site.economics, year, operation)
    renewed = renewed_customer_of(site.economics, operation)
    ownership = ownership_of(site.economics, operation, finance, currency=site.site.currency)
    # What leaves the customer cold burns too little to be compared with.
    cold = any(one.code in UNMET for one in findings)
    loss = None if cold else _loss(site.economics, ownership, customer, renewed)
    judged = _judged(site, contract, finance, setbacks, survey, pending, loss)
    return StudyResult(
        **_energies(year, operation),
        delivery_cost_per_kwh=finance.delivery_cost_per_kwh,
        heat_pump=heat_pump,
        tally=tally_of_months(months),
        year=year,
        months=months,
        economics=site.economics,
        operation=operation,
        finance=finance,
        customer=customer,
        customer_renewed=renewed,
        ownership=ownership,
        stack=stack,
        foundation=foundation_of(site, operation, finance.npv, setbacks),
        setbacks=setbacks,
        verdict=judged.verdict,
        verdict_text=judged.text,
        currency=site.site.currency,
        weather_source=surroundings.weather.source,
        utilisation_source=surroundings.utilisation.source,
        assumptions=assumptions_of(site),
        findings=(
            *findings,
            *losing_heat_pump(site, rater, operation, finance.npv),
            *losing_customer(loss, currency=site.site.currency),
        ),
        survey=judged.survey,
    )


def _energies(year: Year, operation: Operation) -> dict[str, float]:
    """Sum what the study says of the year's energies and temperatures, by its fields' names."""
    sums = year.with_heat.energy_kwh
    it_kwh = sums("it_kw")
    recovered_kwh = operation.heat_delivered_kwh - (sums("heat_pump_kw") - sums("source_kw"))
    return {
        "heat_demand_kwh": year.heat_demand_kwh,
        "recoverable_frac": recovered_kwh / it_kwh if it_kwh else 0.0,
        "heat_recovered_kwh": recovered_kwh,
        "heat_delivered_kwh": operation.heat_delivered_kwh,
        "heat_displaced_kwh": year.boiler_alone.energy_kwh("backup_kw") - sums("backup_kw"),
        "it_energy_kwh": it_kwh,
        "site_energy_kwh": sums("site_kw"),
        "auxiliary_kwh": operation.auxiliary_kwh,
        "rejected_kwh": max(0.0, sums("rejected_kw")),
        "backup_kwh": sums("backup_kw"),
        "unmet_kwh": sums("unmet_kw"),
        "heat_pump_power_kwh": sums("heat_pump_power_kw"),
        "energy_balance_error_kwh": _balance_error_kwh(year),
        "coolant_c_max": float(year.with_heat.flows["coolant_c"].max()),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """The verdict with its words, and what the survey had to do with it."""

    verdict: Verdict
    text: str
    survey: SurveyEffect | None


def _judged(
    site: Site,
    contract: Contract,
    finance: Finance,
    setbacks: tuple[Setback, ...],
    survey: SurveyResult | None,
    pending: Pending | None,
    loss: Loss | None,
) -> _Judged:
    """Judge by the setbacks, then by what the customer loses and a survey stops or leaves open."""
    verdict = judge(finance.npv, setbacks)
    text = explain_verdict(
        verdict, finance.npv, setbacks, currency=site.site.currency, pending=pending
    )
    if loss is not None:
        verdict, text = judge_loss(verdict, text, finance.npv, loss, currency=site.site.currency)
    if survey is None:
        return _Judged(verdict=verdict, text=text, survey=None)
    effect = effect_of(
        survey,
        npv=finance.npv,
        invested=-finance.cash[0].investment,
        surplus_per_year=finance.cash[1].operating,
        contract_starts_on=contract.term.starts_on,
    )
    verdict, text = judge_survey(verdict, text, finance.npv, effect)
    return _Judged(verdict=verdict, text=text, survey=effect)


def _loss(
    economics: Economics, ownership: Ownership, customer: Customer, renewed: Customer | None
) -> Loss | None:
    return loss_of(
        ownership.service.customer.npv,
        customer.saving,
        None if renewed is None else renewed.saving,
        from_year=renewed_from_year(economics),
    )


def _balance_error_kwh(year: Year) -> float:
    simulations = (year.with_heat, year.boiler_alone, year.servers_alone)
    return max(one.balance_error_kw * one.step_h for one in simulations)
