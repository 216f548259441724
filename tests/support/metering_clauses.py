"""Plausible tables of the clauses MET, BIL and FBK, as a contract file would have them."""

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from exotherm.contract.terms import (
    billing,
    corrections,
    fallback,
    metering,
    metering_data,
    metering_trust,
    payment,
)
from exotherm.contract.terms.clause import Clause

_Kind = TypeVar("_Kind", bound=Clause)

PLAUSIBLE: dict[type[Clause], dict[str, Any]] = {
    fallback.FallbackPlant: {
        "owner": "customer",
        "heat_kw": 180.5,
        "fuel": "natural gas",
        "maintainer": "customer",
    },
    fallback.FallbackSwitch: {
        "supply_c_below": 29.5,
        "no_heat_min": 20,
        "delay_min": 5,
        "commanded_by": "controller",
        "return_min": 45,
        "returned_by": "customer",
    },
    fallback.FallbackCost: {
        "supplier_failure": "supplier",
        "server_load": "supplier",
        "excused": "customer",
        "unknown": "supplier",
        "price_source": "the customer's last gas invoice, divided by the boiler's efficiency",
        "supplier_per_year_max": Decimal("2500.50"),
    },
    fallback.FallbackTests: {
        "interval_months": 6,
        "lasting_min": 60,
        "tested_by": "customer",
        "log": "the log book of the boiler room",
    },
    fallback.SelfHelp: {
        "without_heat_h": 24,
        "right": "heat with a plant of its own",
        "paid_by": "by cause",
    },
    fallback.Exclusivity: {
        "purchase_frac_min": 0.625,
        "demand": "all heat of its building",
        "other_sources": "fallback only",
    },
    metering.HeatMeter: {
        "serial": "61440112",
        "make": "Example Metering, type U-35",
        "certificate": "EU type examination DE-00-MI004-EX000",
        "accuracy_class": 2,
        "flow_m3h_rated": 3.5,
        "flow_m3h_min": 0.035,
        "lift_k_min": 3.0,
        "medium": "water",
        "verified_until": date(2032, 12, 31),
    },
    metering.MeterInstallation: {
        "flow_sensor_in": "return pipe",
        "diameters_before": 10,
        "diameters_behind": 5.5,
        "sensors": "in pockets made for them",
        "seals": ["both sensors", "the cover of the calculator"],
        "sealed_by": "inspection body",
    },
    metering.Registers: {
        "register_id": "6-0:1.0.0",
        "unit": "kwh",
        "digits": 8,
        "decimals": 2,
        "multiplier": 1,
        "direction": "forward only",
    },
    metering_data.ReadingPlan: {
        "interval_min": 15,
        "cut_off": "at or before",
        "edge_gap_min_max": 60,
        "clock_s_max": 30,
    },
    metering_data.DataAccess: {
        "read_by": "supplier",
        "remote": True,
        "route": "M-Bus to the gateway in the plant room",
        "format": "CSV, one file a day",
        "latency_min": 90,
        "customer_access": ["on a web page", "in files"],
        "charge_free": True,
    },
    metering_trust.Verification: {
        "interval_years": 6,
        "payer": "supplier",
        "if_expired": "not billed until agreed",
    },
    metering_trust.ChallengeTest: {
        "asked_by": "either party",
        "laboratory": "a test centre that the state approved",
        "test_days": 28,
        "error_limit": "in service",
        "paid_by": "by its result",
    },
    metering_data.ErrorCorrection: {
        "methods": ["measured error", "check meter", "mean of the periods before and after"],
        "months_max": 24,
        "unknown_start_months": 12,
        "settles": "refund and back-charge",
    },
    metering_data.MissingData: {
        "bridge": "register",
        "gap_h_max": 48,
        "rungs": [
            {"method": "register", "days_max": 31},
            {"method": "same period last year", "days_max": 62},
            {"method": "agreed estimate", "days_max": 366},
        ],
        "approval": "both parties",
        "replaced_by": "actual reading",
    },
    metering.MeterExchange: {
        "notice_days": 7,
        "witnessed_by": "fitter with photographs",
        "readings": "of both meters: the last of the old one and the first of the new one",
        "overlap_h": 0,
        "unmetered_h_max": 2.5,
        "unmetered_is": "mean of the days before and after",
    },
    metering_trust.CheckMeter: {
        "installed": True,
        "point": "second_meter.heat_kwh",
        "location": "on the customer's side, before the manifold",
        "tolerance_frac": 0.075,
        "precedence": "billed meter",
    },
    metering_trust.Tampering: {
        "detected_by": ["a seal that is broken", "heat that leaves the plant and is not metered"],
        "told_days": 3,
        "estimated_by": "same period last year",
        "back_charge_months_max": 12,
    },
    metering_trust.SignedReadings: {
        "key_id": "exotherm/riverside-pool",
        "algorithm": "Ed25519",
        "signed_at": "gateway",
        "canonical_form": "one line for each reading, version 1",
        "verifier": "the program inside of each evidence pack",
    },
    metering_data.Retention: {
        "readings_years": 8,
        "invoices_years": 10,
        "purposes": ["billing", "proof of savings", "tax"],
        "deletion_days": 90,
        "then": "deleted",
    },
    metering.SubMetering: {
        "allocated_by": "third party",
        "measured_by": "heat meters",
        "points": ["unit_1.heat_kwh", "unit_2.heat_kwh"],
        "by_consumption_frac": 0.7,
        "rest_by": "heated floor area",
    },
    billing.BillingPeriod: {"each": "calendar month"},
    billing.BillContent: {
        "profile": "gb-ofgem",
        "shows": ["readings at both edges", "unit prices", "where to complain"],
    },
    billing.BillFrequency: {
        "bill": "each billing period",
        "invoice_days": 10,
        "information_months": 1,
        "information_by": "on a web page",
        "charge_free": True,
    },
    corrections.Estimates: {
        "allowed_when": ["no reading", "meter fault"],
        "consecutive_max": 2,
        "capped_by": "next actual reading",
        "corrected_days": 30,
    },
    payment.Advances: {
        "advance_per_month": Decimal("310.00"),
        "recalculated_months": 12,
        "settled_months": 6,
        "settlement": "an invoice for the rest",
        "vat": "on each advance",
    },
    corrections.Corrections: {
        "by": "credit note and new invoice",
        "period": "original period",
        "within_days": 14,
        "numbering": "in the series of all invoices",
    },
    corrections.LookBack: {
        "limits": [
            {"cause": "meter error", "back_charge_months": 12, "refund_months": 24},
            {"cause": "billing error", "back_charge_months": 0, "refund_months": 36},
        ],
    },
    billing.Rounding: {
        "rule": "half-up",
        "lines": "each line",
        "vat": "once per rate",
        "parts": "by running totals",
    },
    payment.Vat: {
        "category": "S",
        "vat_frac": 0.055,
        "evidence": "reduced rate, as the tax adviser wrote on 2 March",
        "applies_to": ["standing fee", "heat", "credit"],
        "rate_change": "by delivery date",
        "tax_point": "end of the period",
    },
    payment.Payment: {
        "currency": "GBP",
        "due_days": 30,
        "iban": "GB33BUKB20201555555555",
        "method": "bank transfer",
        "interest_frac": 0.0825,
        "interest_is": "above the base rate",
        "dunning_days": 7,
        "dunning_amount": Decimal("2.50"),
        "set_off": "undisputed claims",
    },
    payment.EInvoice: {
        "format": "Peppol BIS Billing 3",
        "channel": "Peppol",
        "supplier_id": "9932:GB000000000",
        "customer_id": "9932:GB000000001",
        "buyer_reference": "order 4500012",
        "archive_years": 10,
    },
    billing.Proration: {
        "term_edge": "hours",
        "price_change": "degree-days",
        "vat_change": "days",
        "meter_exchange": "registers",
        "capacity_change": "days",
    },
    payment.DisputedAmounts: {
        "window_months": 24,
        "withheld": "disputed part",
        "evidence": "the invoice's replay pack",
        "evidence_days": 10,
    },
    billing.FinalBill: {"reading": "by both parties", "deadline_days": 42, "refund_days": 14},
    payment.Security: {
        "kind": "deposit",
        "asked_when": "two invoices in a row were late",
        "amount_max": Decimal(900),
        "interest_frac": 0.01,
        "returned_days": 30,
    },
    billing.SelfBilling: {
        "issued_by": "customer",
        "mandate": "the agreement of 1 March, annex 4",
        "numbering": "the customer's series SB",
        "objection_days": 21,
    },
    billing.SmallBalances: {
        "balance_amount_min": Decimal("5.00"),
        "carry": "carried to the next bill",
        "at_end": "settled",
    },
}


def built(clause: type[_Kind], /, **changes: Any) -> _Kind:
    """Build a clause from its plausible table with some fields changed, or left out by None."""
    raw = deepcopy(PLAUSIBLE[clause])
    for path, value in changes.items():
        holder: Any = raw
        *tables, field = (int(step) if step.isdigit() else step for step in path.split("__"))
        for table in tables:
            holder = holder[table]
        if value is None:
            del holder[field]
        else:
            holder[field] = value
    return clause.model_validate(raw)
