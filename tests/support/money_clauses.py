"""Plausible clauses TAR, IDX and CRD, as a contract file would have them."""

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from exotherm.contract.terms import (
    credits as crd,
)
from exotherm.contract.terms import (
    index_changes,
    indexation,
    tariff,
    tariff_limits,
    tariff_models,
)
from exotherm.contract.terms.clause import Clause

_Kind = TypeVar("_Kind", bound=Clause)

PLAUSIBLE: dict[type[Clause], dict[str, Any]] = {
    tariff.StandingFee: {"price_per_month": Decimal("120.00")},
    tariff.EnergyPrice: {
        "price_per_kwh": Decimal("0.0680"),
        "tiers": [
            {"from_kwh": 10000, "price_per_kwh": Decimal("0.0600")},
            {"from_kwh": 20000.5, "price_per_kwh": Decimal("0.0550")},
        ],
    },
    tariff.CapacityFee: {
        "price_per_kw_month": Decimal("4.20"),
        "basis": "outdoor regression",
        "heat_kw_min": 10.0,
        "outdoor_c_design": -15.0,
        "outdoor_c_max": 10.0,
        "cold_days_min": 20,
        "if_unknown": "contracted capacity",
    },
    tariff.Composition: {"order": ["standing fee", "heat", "below-spec heat", "credit", "VAT"]},
    tariff.AvailabilityFee: {"price_per_month": Decimal("75.50"), "loss": "in proportion"},
    tariff_limits.TakeOrPay: {
        "heat_kwh_min": 60000.0,
        "pay_frac": 0.8,
        "priced": "own price",
        "price_per_kwh": Decimal("0.05"),
        "excused_reduces": True,
        "make_up_years": 2,
        "settled": "contract year",
        "part_year": "in proportion",
    },
    tariff_limits.PriceLimits: {
        "price_per_kwh_min": Decimal("0.04"),
        "price_per_kwh_max": Decimal("0.12"),
        "month_amount_min": Decimal(100),
        "month_amount_max": Decimal(2500),
        "year_amount_max": Decimal(20000),
        "amounts": "without VAT",
        "credit_order": "before the credit",
    },
    tariff_models.OutdoorPrice: {
        "kind": "steps",
        "steps": [
            {"outdoor_c_min": -50.0, "price_per_kwh": Decimal("0.090")},
            {"outdoor_c_min": -2.1, "price_per_kwh": Decimal("0.075")},
            {"outdoor_c_min": 10.0, "price_per_kwh": Decimal("0.020")},
        ],
        "outdoor_point": "weather.outdoor_c",
        "supply_c_min": 68.0,
        "if_unpublished": "price before",
        "fallback_price_per_kwh": Decimal("0.05"),
    },
    tariff_models.ReturnBonus: {
        "return_c_min": 30.0,
        "return_c_max": 37.0,
        "bonus_per_k": 0.02,
        "malus_per_k": 0.02,
        "bonus_frac_max": 0.2,
        "malus_frac_max": 0.25,
        "weighted_by": "volume",
        "lift_k_min": 23.0,
        "supply_c_below": 65.0,
        "shift_frac": 0.5,
    },
    tariff_models.PaymentDirection: {
        "payer": "supplier",
        "gate_fee_per_kwh": Decimal("0.012"),
        "netting": "set off on one bill",
        "self_billed": False,
    },
    tariff_models.PassThrough: {
        "what": "heat pump electricity",
        "share_frac": 0.5,
        "price_per_kwh": Decimal("0.21"),
        "price_source": "the supplier's electricity contract of 2026",
        "evidence": "the meter of the heat pump, read with the heat meter",
    },
    tariff_models.PriceBase: {
        "priced_on": date(2026, 1, 1),
        "currency": "EUR",
        "prices_are": "without VAT",
    },
    tariff_models.SharedSavings: {
        "plant": "the pool's gas boiler",
        "efficiency_frac": 0.88,
        "fuel_price_per_kwh": Decimal("0.0825"),
        "fuel_series": "gas",
        "share_frac": 0.4,
        "audit": "either party's auditor, once a year",
    },
    tariff_models.OtherCharges: {
        "charges": [{"name": "A call-out without fault", "charge_amount": Decimal(80)}]
    },
    indexation.PriceFormula: {
        "formulas": [
            {
                "of": "energy price",
                "fixed_frac": 0.13,
                "weights": [
                    {"series": "gas", "weight_frac": 0.52},
                    {"series": "wages", "weight_frac": 0.35},
                ],
            },
            {
                "of": "standing fee",
                "fixed_frac": 0.0,
                "weights": [{"series": "wages", "weight_frac": 1.0}],
            },
        ]
    },
    indexation.IndexSeriesList: {
        "series": [
            {
                "name": "gas",
                "publisher": "Destatis",
                "code": "GP09-352",
                "region": "Germany",
                "seasonally_adjusted": False,
                "base_year": "2015",
                "base_value": Decimal("105.4"),
            },
            {
                "name": "wages",
                "publisher": "Destatis",
                "code": "62231-0001",
                "region": "Germany",
                "seasonally_adjusted": True,
                "base_year": "2015",
                "base_value": Decimal("112.0"),
            },
            {
                "name": "heat index",
                "publisher": "Destatis",
                "code": "CC13-77",
                "region": "Germany",
                "seasonally_adjusted": False,
                "base_year": "2020",
            },
        ]
    },
    indexation.IndexObservation: {
        "lag_months": 3,
        "averaging_months": 2,
        "release": "first",
        "if_late": "price stays",
    },
    indexation.IndexRebasing: {
        "method": "chain link",
        "linked_at": "last common month",
        "successors": [{"series": "gas", "successor": "heat index", "from_on": date(2029, 1, 1)}],
        "expert": "the chamber of commerce",
    },
    index_changes.IndexRounding: {
        "factor_decimals": 4,
        "price_decimals": 5,
        "rule": "half-up",
    },
    index_changes.IndexTiming: {"each": "quarter", "effective_on": "01-01", "notice_days": 30},
    index_changes.IndexLimits: {
        "direction": "both ways",
        "step_frac_max": 0.1,
        "factor_frac_min": 0.7,
        "factor_frac_max": 1.5,
    },
    index_changes.IndexElements: {
        "cost_frac": 0.5,
        "market_frac": 0.5,
        "cost_basis": "electricity and wages, by their indices",
        "market_basis": "the heat index of the statistical office",
        "fuel_frac": 0.52,
    },
    index_changes.IndexExample: {
        "of": "energy price",
        "values": [
            {"series": "gas", "value": Decimal("115.94")},
            {"series": "wages", "value": Decimal("117.6")},
        ],
        "factor": Decimal("1.0695"),
        "result": Decimal("0.07273"),
    },
    crd.ServiceCredit: {
        "bands": [
            {"available_frac_below": 0.97, "credit_frac": 0.25},
            {"available_frac_below": 0.9, "credit_frac": 1.0},
        ],
        "base": "standing fee",
    },
    crd.CreditLimits: {"month_frac_max": 0.5, "year_frac_max": 0.2, "above_bill": "lost"},
    crd.CreditExclusions: {"references": ["CAL-2", "CAL-3", "OUT-5"], "closed": True},
    crd.CreditNature: {"nature": "price reduction"},
    crd.CreditPayment: {
        "made": "without being asked for",
        "paid": "the bill of the same month",
        "claim_months": 12,
    },
    crd.StatutoryPayments: {"source": "the Heat Trust scheme rules", "effect": "set off"},
    crd.SoleRemedy: {"sole": True, "carve_outs": ["intent and gross negligence"]},
    crd.CreditWithoutData: {"counts_as": "failed"},
    crd.BillCredit: {
        "late_days": 10,
        "late_amount": Decimal(10),
        "wrong_amount": Decimal("7.50"),
    },
}
"""One plausible table for each clause, with as many of its fields as go together."""


def table_of(kind: type[Clause], /, **other: Any) -> dict[str, Any]:
    """Give the plausible table of a clause with other values; one of None is left out."""
    values = {**deepcopy(PLAUSIBLE[kind]), **other}
    return {name: value for name, value in values.items() if value is not None}


def clause(kind: type[_Kind], /, **other: Any) -> _Kind:
    """Give the plausible clause with other values; a field of None is left out."""
    return kind.model_validate(table_of(kind, **other))
