"""What the pages show, as plain values: one function a page, for web, its JSON twin and the CLI.

Every function gives a dict of numbers, words and ISO times, with names that carry their units, and
never a NaN; money that was issued keeps its digits as text.
"""

from dataclasses import fields
from itertools import accumulate

from exotherm.contract.outcome import Tally
from exotherm.contract.terms import Contract
from exotherm.core.documents import Assumption
from exotherm.core.findings import Finding
from exotherm.core.period import name_of_month, write_instant
from exotherm.core.units import label_in_file
from exotherm.plan.basis import Foundation
from exotherm.plan.customer import renewed_from_year
from exotherm.plan.finance import Loan
from exotherm.plan.heat_pump import HeatPumpAnswer
from exotherm.plan.ownership import RISK_OF, Ownership, Side
from exotherm.plan.rating import Month
from exotherm.plan.revenue_stack import RevenueStack
from exotherm.plan.study import StudyResult
from exotherm.plan.year import HeatPumpYear, LoadYear
from exotherm.prove.carbon import AvoidedEmissions
from exotherm.site.document import Site
from exotherm.usecases.show_live import show_site, show_today
from exotherm.usecases.show_papers import (
    show_evidence,
    show_evidences,
    show_invoice,
    show_invoices,
)
from exotherm.usecases.survey import show_effect

__all__ = [
    "show_evidence",
    "show_evidences",
    "show_invoice",
    "show_invoices",
    "show_plan",
    "show_plan_missing",
    "show_site",
    "show_today",
]

Shown = dict[str, object]


def show_plan(
    study: StudyResult,
    site: Site,
    contract: Contract,
    *,
    carbon: AvoidedEmissions | None = None,
    findings: tuple[Finding, ...] = (),
) -> Shown:
    """Show a study: its verdict, the core variables, months, cash, setbacks, what it rests on.

    ``carbon`` is its year's planned account, where it was drawn up; ``findings`` are what stands
    against its files without blocking it, and come first.
    """
    finance, year = study.finance, study.year.period
    return {
        "page": "plan",
        "site": {"name": site.site.name, "zone": site.site.zone, "country": site.site.country},
        "contract": {
            "reference": contract.contract.reference,
            "version": contract.contract.version,
        },
        "period": {"start": write_instant(year.start), "end": write_instant(year.end)},
        "year": site.study.year,
        "currency": study.currency,
        "verdict": study.verdict.value,
        "verdict_text": study.verdict_text,
        "heat_demand_kwh": study.heat_demand_kwh,
        "recoverable_frac": study.recoverable_frac,
        "heat_recovered_kwh": study.heat_recovered_kwh,
        "delivery_cost_per_kwh": study.delivery_cost_per_kwh,
        "heat_delivered_kwh": study.heat_delivered_kwh,
        "heat_displaced_kwh": study.heat_displaced_kwh,
        "displaced_frac": study.displaced_frac,
        "it_kwh": study.it_energy_kwh,
        "site_kwh": study.site_energy_kwh,
        "auxiliary_kwh": study.auxiliary_kwh,
        "rejected_kwh": study.rejected_kwh,
        "backup_kwh": study.backup_kwh,
        "unmet_kwh": study.unmet_kwh,
        "heat_pump_power_kwh": study.heat_pump_power_kwh,
        "heat_pump": _heat_pump(study.heat_pump),
        "heat_pump_year": _heat_pump_year(study.year.heat_pump),
        "customers": [_load(load) for load in study.year.loads],
        "energy_balance_error_kwh": study.energy_balance_error_kwh,
        "coolant_c_max": study.coolant_c_max,
        "npv": finance.npv,
        "irr_frac": finance.irr_frac,
        "payback_years": finance.payback_years,
        "discounted_payback_years": finance.discounted_payback_years,
        "price_for_target_per_kwh": finance.price_for_target_per_kwh,
        "loan": finance.loan and _loan(finance.loan),
        "growing": finance.growing
        and {
            "power_kw": finance.growing.power_kw,
            "npv": finance.growing.npv,
            "irr_frac": finance.growing.irr_frac,
        },
        "customer": {
            "fuel_before_per_year": study.customer.fuel_before,
            "fuel_after_per_year": study.customer.fuel_after,
            "heat_bill_per_year": study.customer.heat_bill,
            "saving_per_year": study.customer.saving,
            "saving_renewed_per_year": study.customer_renewed and study.customer_renewed.saving,
            "renewed_from_year": study.customer_renewed and renewed_from_year(study.economics),
            "saving_first_per_year": study.customer_first.saving,
        },
        "emissions": carbon and _emissions(carbon),
        "ownership": _ownership(study.ownership),
        "intervals": _tally(study.tally),
        "months": [_month(month, contract) for month in study.months],
        "cash": _cash(study),
        "stack": _stack(study.stack),
        "foundation": _foundation(study.foundation),
        "strategy": [one.model_dump(mode="json") for one in site.strategy],
        "setbacks": [{"name": one.name, "npv": one.npv} for one in study.setbacks],
        "survey": show_effect(study.survey),
        "findings": [finding.to_json() for finding in (*findings, *study.findings)],
        "assumptions": [_assumption(one, study.currency) for one in study.assumptions],
    }


def show_plan_missing(findings: tuple[Finding, ...], *, folder: str) -> Shown:
    """Show why there is no study yet: all that stands against it, and what to do."""
    return {
        "page": "plan",
        "verdict": None,
        "verdict_text": "No study yet: the files of this workspace are not ready.",
        "findings": [finding.to_json() for finding in findings],
        "next": {
            "text": "Mend the errors below, then open this page again. To see them all:",
            "command": f"exotherm check {folder}",
        },
    }


def _emissions(carbon: AvoidedEmissions) -> Shown:
    named = ((one.name, getattr(carbon, one.name)) for one in fields(carbon))
    return {name: None if value is None else float(value) for name, value in named}


def _heat_pump(answer: HeatPumpAnswer) -> Shown:
    return {
        "needed": answer.needed,
        "text": answer.text,
        "stands": answer.stands,
        "heat_kw_rated": answer.heat_kw_rated,
        "refrigerant": answer.refrigerant,
        "demand_kwh": answer.demand_kwh,
        "direct_kwh": answer.direct_kwh,
        "direct_frac": answer.direct_frac,
        "pumped_kwh": answer.pumped_kwh,
        "pumped_frac": answer.pumped_frac,
        "power_kwh": answer.power_kwh,
        "power_cost_per_kwh": answer.power_cost_per_kwh,
        "capital_cost_per_kwh": answer.capital_cost_per_kwh,
        "boiler_cost_per_kwh": answer.boiler_cost_per_kwh,
    }


def _heat_pump_year(year: HeatPumpYear | None) -> Shown | None:
    if year is None:
        return None
    return {
        "heat_kwh": year.heat_kwh,
        "power_kwh": year.power_kwh,
        "cop": year.cop,
        "full_load_h": year.full_load_h,
    }


def _load(load: LoadYear) -> Shown:
    return {
        "name": load.name,
        "heat_kwh": load.heat_kwh,
        "heat_kw_max": load.heat_kw_max,
        "supply_c_max": load.supply_c_max,
        "return_c_mean": load.return_c_mean,
        "is_reached": load.is_reached,
    }


def _stack(stack: RevenueStack) -> Shown:
    return {
        "text": stack.text,
        "npv": stack.npv,
        "hosting_npv": stack.hosting_npv,
        "costs_npv": stack.costs,
        "tax_npv": stack.tax,
        "layers": [
            {
                "layer": str(one.layer),
                "worth_npv": one.worth,
                "off_npv": one.npv_off,
                "late_npv": one.npv_late,
                "smaller_npv": one.npv_smaller,
            }
            for one in stack.layers
        ],
    }


def _foundation(found: Foundation) -> Shown:
    return {
        "text": found.text,
        "unvouched_frac": found.unvouched_frac,
        "inputs": [
            {
                "input": one.name,
                "field": one.path,
                "basis": one.kind,
                "source": one.source,
                "swing_npv": one.swing,
            }
            for one in found.inputs
        ],
    }


def _tally(tally: Tally) -> Shown:
    return {
        "total": tally.total,
        "delivered": tally.delivered,
        "reduced": tally.reduced,
        "failed": tally.failed,
        "excused": tally.excused,
        "not_measured": tally.not_measured,
        "unpaid": tally.unpaid,
        "no_obligation": tally.no_obligation,
    }


def _month(month: Month, contract: Contract) -> Shown:
    available = month.rated.available_frac
    return {
        "month": name_of_month(month.period, contract.zone),
        "hours": month.period.hours,
        "heat_kwh": int(month.consumption.heat_kwh),
        "reduced_heat_kwh": int(month.consumption.reduced_heat_kwh),
        "available_frac": None if available is None else float(available),
        "intervals": _tally(month.consumption.tally),
        "net_amount": float(month.rated.net_amount),
    }


def _loan(loan: Loan) -> Shown:
    return {
        "amount": loan.amount,
        "service_per_year": loan.service_per_year,
        "dscr_min": loan.dscr_min,
        "owner_npv": loan.owner_npv,
        "owner_irr_frac": loan.owner_irr_frac,
    }


def _ownership(ownership: Ownership) -> Shown:
    return {
        "text": ownership.text,
        "best": None if ownership.best is None else ownership.best.arrangement.value,
        "deals": [
            {
                "arrangement": deal.arrangement.value,
                "amount": deal.amount,
                "amount_low": deal.amount_low,
                "amount_high": deal.amount_high,
                "risk": RISK_OF[deal.arrangement],
                "operator": _side(deal.operator),
                "customer": _side(deal.customer),
            }
            for deal in ownership.deals
        ],
    }


def _side(side: Side) -> Shown:
    return {
        "npv": side.npv,
        "irr_frac": side.irr_frac,
        "payback_years": side.payback_years,
        "cash_amounts": list(side.cash),
    }


def _cash(study: StudyResult) -> list[Shown]:
    years = study.finance.cash
    running = accumulate(year.net for year in years)
    return [
        {
            "year": year.year,
            "investment_amount": year.investment,
            "grant_amount": year.grant,
            "heat_revenue_amount": year.heat_revenue,
            "cooling_saved_amount": year.cooling_saved,
            "electricity_amount": year.electricity,
            "upkeep_amount": year.upkeep,
            "renewal_avoided_amount": year.renewal_avoided,
            "residual_amount": year.residual,
            "tax_amount": year.tax,
            "net_amount": year.net,
            "cumulative_amount": cumulative,
        }
        for year, cumulative in zip(years, running, strict=True)
    ]


def _assumption(one: Assumption, currency: str) -> Shown:
    plain = one.value if isinstance(one.value, int | float | str | None) else str(one.value)
    if isinstance(one.value, tuple):
        plain = ", ".join(str(value) for value in one.value)
    return {
        "path": one.path,
        "value": plain,
        "unit": label_in_file(one.path.rpartition(".")[2], currency=currency),
        "given": one.given,
        "description": one.description,
        "source": one.source,
    }
