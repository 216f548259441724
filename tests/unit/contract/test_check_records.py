"""What contradicts itself in metering, look-back, bill and fallback is found, and only that."""

from datetime import date
from typing import Any, cast

import pytest
from changing import changed
from metering_clauses import PLAUSIBLE, built

from exotherm.contract.case import Case
from exotherm.contract.check_records import RECORD_CHECKS
from exotherm.contract.terms import Contract, clauses_of
from exotherm.contract.terms.corrections import LookBackLimit
from exotherm.contract.terms.metering_data import Rung
from exotherm.core.documents import Source
from exotherm.core.findings import Severity
from exotherm.core.samples import Point
from exotherm.site.document import Site

ERROR, WARNING = Severity.ERROR, Severity.WARNING
TABLES = clauses_of()
# None of these checks looks at the site.
NO_SITE = cast("Site", None)
POINTS = {
    point.name: point
    for point in (
        Point(name="heat_meter.heat_kwh", kind="register", unit="kwh", decimals=0),
        Point(name="heat_meter.supply_c", kind="instant", unit="c", decimals=1),
        Point(name="second_meter.heat_kwh", kind="register", unit="kwh", decimals=0),
        Point(name="second_meter.volume_m3", kind="register", unit="m3", decimals=2),
        Point(name="unit_1.heat_kwh", kind="register", unit="kwh", decimals=0),
        Point(name="unit_2.heat_kwh", kind="register", unit="kwh", decimals=0),
    )
}


def some(table: str, **fields: Any) -> Any:
    """Build a clause of another family from the fields alone that these checks look at."""
    kind = TABLES[table]
    assert set(fields) <= set(kind.model_fields), table
    return kind.model_construct(**fields)


def party(country: str) -> Any:
    kind = TABLES["parties"].model_fields["supplier"].annotation
    assert kind is not None
    return kind.model_construct(country=country)


def limits(*each: tuple[Any, int, int]) -> tuple[LookBackLimit, ...]:
    return tuple(
        LookBackLimit(cause=cause, back_charge_months=back, refund_months=refund)
        for cause, back, refund in each
    )


def rungs(*each: tuple[Any, int]) -> tuple[Rung, ...]:
    return tuple(Rung(method=method, days_max=days_max) for method, days_max in each)


ALL_LIMITS = limits(
    ("meter error", 12, 24),
    ("billing error", 12, 24),
    ("missing readings", 12, 24),
    ("estimate", 12, 12),
    ("tampering", 12, 0),
)


@pytest.fixture
def quiet():
    """A contract of all clauses MET, BIL, FBK and what they look at, without a contradiction."""
    own: dict[str, Any] = {
        table: built(kind) for table, kind in TABLES.items() if kind in PLAUSIBLE
    }
    own["look_back"] = own["look_back"].model_copy(update={"limits": ALL_LIMITS})
    others = {
        "delivered_heat": some("delivered_heat", point="heat_meter.heat_kwh"),
        "composition": some("composition", order=("standing fee", "heat", "credit", "VAT")),
        "parties": some("parties", supplier=party("GB"), customer=party("GB")),
        "regulatory_status": some(
            "regulatory_status", customer_class="public body", packs=("gb-ofgem",)
        ),
        "season": some("season", by="all year", spans=(), weather=None),
        "supply_temperature": some(
            "supply_temperature", supply_c_min=30.0, outdoor_point="roof.outdoor_c"
        ),
        "it_load": some("it_load", borne_by="supplier"),
        "cause_allocation": some("cause_allocation", unknown_borne_by="supplier"),
        "assignment": some("assignment", run_off_reading_days=14),
        "capacity_change": some("capacity_change", notice_days=28),
        "other_charges": some("other_charges"),
        "term": some("term", ends_on=date(2040, 12, 31)),
    }
    empty = dict.fromkeys(Contract.model_fields)
    contract = Contract.model_construct(**{**empty, **own, **others})
    assert found(contract) == []
    return contract


def findings(contract):
    case = Case(contract=contract, site=NO_SITE, points=POINTS, source=Source(file="contract.toml"))
    return [finding for check in RECORD_CHECKS for finding in check(case)]


def found(contract):
    return [
        (finding.code.removeprefix("contract."), finding.severity, finding.where.path)
        for finding in findings(contract)
    ]


# code, severity, path of the finding, changes to the contract
CASES: list[tuple[str, Severity, str, dict[str, Any]]] = [
    ("point-unknown", ERROR, "check_meter.point", {"check_meter__point": "third.heat_kwh"}),
    ("point-unknown", ERROR, "sub_metering.points[1]", {"sub_metering__points__1": "unit_3.heat"}),
    (
        "point-wrong-kind",
        ERROR,
        "check_meter.point",
        {"check_meter__point": "second_meter.volume_m3"},
    ),
    (
        "point-wrong-kind",
        ERROR,
        "sub_metering.points[0]",
        {"sub_metering__points__0": "heat_meter.supply_c"},
    ),
    (
        "check-meter-same",
        ERROR,
        "check_meter.point",
        {"check_meter__point": "heat_meter.heat_kwh"},
    ),
    (
        "reference-to-nothing",
        ERROR,
        "missing_data.rungs",
        {
            "check_meter": None,
            "error_correction__methods": ("measured error",),
            "missing_data__rungs": rungs(("check meter", 31), ("agreed estimate", 366)),
        },
    ),
    ("reference-to-nothing", ERROR, "error_correction.methods", {"check_meter": None}),
    (
        "reference-to-nothing",
        ERROR,
        "tampering.estimated_by",
        {
            "check_meter": None,
            "error_correction__methods": ("measured error",),
            "tampering__estimated_by": "check meter",
        },
    ),
    ("reference-to-nothing", ERROR, "check_meter.precedence", {"challenge_test": None}),
    (
        "reference-to-nothing",
        ERROR,
        "data_access.charge_free",
        {"data_access__charge_free": False, "other_charges": None},
    ),
    (
        "reference-to-nothing",
        ERROR,
        "bill_frequency.charge_free",
        {"bill_frequency__charge_free": False, "other_charges": None},
    ),
    (
        "rung-repeated",
        ERROR,
        "missing_data.rungs[1]",
        {"missing_data__rungs": rungs(("register", 31), ("register", 99))},
    ),
    (
        "rungs-out-of-order",
        ERROR,
        "missing_data.rungs[2]",
        {
            "missing_data__rungs": rungs(
                ("same period last year", 31), ("agreed estimate", 99), ("register", 99)
            )
        },
    ),
    (
        "ladder-too-short",
        ERROR,
        "missing_data.rungs",
        {"missing_data__rungs": rungs(("register", 10), ("agreed estimate", 30))},
    ),
    (
        "retention-too-short",
        ERROR,
        "retention.readings_years",
        {"retention__readings_years": 1},
    ),
    (
        "retention-too-short",
        ERROR,
        "retention.invoices_years",
        {"retention__invoices_years": 1, "e_invoice__archive_years": 1},
    ),
    (
        "retention-too-short",
        ERROR,
        "retention.readings_years",
        {"look_back": None, "retention__readings_years": 1},
    ),
    ("archive-differs", WARNING, "e_invoice.archive_years", {"e_invoice__archive_years": 11}),
    (
        "estimates-for-a-year",
        WARNING,
        "estimates.consecutive_max",
        {"estimates__consecutive_max": 12},
    ),
    (
        "estimates-beyond-ladder",
        ERROR,
        "estimates.consecutive_max",
        {"missing_data__rungs": rungs(("register", 31), ("agreed estimate", 61))},
    ),
    (
        "estimates-beyond-look-back",
        ERROR,
        "estimates.consecutive_max",
        {"look_back__limits__3__refund_months": 1, "look_back__limits__3__back_charge_months": 1},
    ),
    (
        "estimate-not-allowed",
        ERROR,
        "verification.if_expired",
        {"verification__if_expired": "estimated until verified"},
    ),
    *(
        (
            "look-back-undefined",
            ERROR,
            "look_back.limits",
            {"look_back__limits": tuple(one for one in ALL_LIMITS if one is not limit)},
        )
        for limit in ALL_LIMITS
    ),
    (
        "look-back-too-short",
        ERROR,
        "look_back.limits[2].refund_months",
        {"look_back__limits__2__refund_months": 0},
    ),
    (
        "look-back-one-sided",
        WARNING,
        "look_back.limits[3].refund_months",
        {"look_back__limits__3__back_charge_months": 13},
    ),
    (
        "look-back-differs",
        ERROR,
        "error_correction.months_max",
        {"error_correction__months_max": 36},
    ),
    (
        "look-back-differs",
        ERROR,
        "error_correction.settles",
        {"error_correction__settles": "refund only"},
    ),
    (
        "look-back-differs",
        ERROR,
        "tampering.back_charge_months_max",
        {"tampering__back_charge_months_max": 24},
    ),
    (
        "vat-nature-missing",
        ERROR,
        "vat.applies_to",
        {"composition__order": ("standing fee", "take-or-pay", "heat", "credit", "VAT")},
    ),
    (
        "vat-component-unused",
        WARNING,
        "vat.applies_to",
        {"composition__order": ("standing fee", "indexation", "heat", "VAT")},
    ),
    ("e-invoice-not-accepted", WARNING, "e_invoice.format", {"e_invoice__format": "FatturaPA"}),
    (
        "e-invoice-not-accepted",
        WARNING,
        "e_invoice.format",
        {"parties__supplier__country": "DE", "parties__customer__country": "DE"}
        | {"e_invoice__format": "PDF"},
    ),
    (
        "profile-not-chosen",
        WARNING,
        "bill_content.profile",
        {"bill_content__profile": "eed21"},
    ),
    ("profile-not-chosen", WARNING, "bill_content.profile", {"regulatory_status": None}),
    (
        "proration-undefined",
        ERROR,
        "proration.capacity_change",
        {
            "composition__order": ("capacity fee", "heat", "VAT"),
            "vat__applies_to": ("capacity fee", "heat"),
            "proration__capacity_change": None,
        },
    ),
    (
        "proration-without-weather",
        ERROR,
        "proration.price_change",
        {"supply_temperature__outdoor_point": None},
    ),
    (
        "proration-without-weather",
        ERROR,
        "proration.vat_change",
        {
            "supply_temperature__outdoor_point": None,
            "proration__price_change": "days",
            "proration__vat_change": "degree-days",
        },
    ),
    (
        "dispute-window-short",
        WARNING,
        "disputed_amounts.window_months",
        {"disputed_amounts__window_months": 1, "payment__due_days": 29},
    ),
    (
        "dispute-without-refund",
        WARNING,
        "disputed_amounts.window_months",
        {"disputed_amounts__window_months": 25},
    ),
    (
        "final-bill-before-reading",
        ERROR,
        "final_bill.deadline_days",
        {"final_bill__deadline_days": 13},
    ),
    (
        "final-reading-not-remote",
        ERROR,
        "final_bill.reading",
        {"final_bill__reading": "from afar", "data_access__remote": False},
    ),
    (
        "fallback-trigger-above-promise",
        ERROR,
        "fallback_switch.supply_c_below",
        {"fallback_switch__supply_c_below": 30.5},
    ),
    (
        "fallback-cost-differs",
        WARNING,
        "fallback_cost.server_load",
        {"it_load__borne_by": "customer"},
    ),
    (
        "fallback-cost-differs",
        WARNING,
        "fallback_cost.unknown",
        {"fallback_cost__unknown": "customer"},
    ),
    (
        "fallback-cost-differs",
        WARNING,
        "fallback_cost.supplier_failure",
        {"fallback_cost__supplier_failure": "customer"},
    ),
]


@pytest.mark.parametrize(("code", "severity", "path", "changes"), CASES)
def test_each_contradiction_is_found_where_it_stands(quiet, code, severity, path, changes):
    assert found(changed(quiet, **changes)) == [(code, severity, path)]


@pytest.mark.parametrize("changes", [changes for *_, changes in CASES])
def test_each_finding_is_said_in_whole_sentences(quiet, changes):
    for finding in findings(changed(quiet, **changes)):
        for words in (finding.message, finding.remedy):
            assert words[-1] in ".?"
            assert not words[0].islower()
            assert "None" not in words


QUIET: list[dict[str, Any]] = [
    # Bounds that are just kept.
    {"retention__readings_years": 2},
    {"disputed_amounts__window_months": 1, "payment__due_days": 28},
    {"missing_data__rungs": rungs(("register", 31), ("agreed estimate", 62))},
    {"look_back__limits__3__refund_months": 2, "look_back__limits__3__back_charge_months": 2},
    {"estimates__consecutive_max": 11, "missing_data__rungs": rungs(("agreed estimate", 366))},
    {"final_bill__deadline_days": 14},
    {"fallback_switch__supply_c_below": 30.0},
    # Two methods of one rank stand in either order.
    {
        "missing_data__rungs": rungs(
            ("mean of the periods before and after", 31), ("same period last year", 99)
        )
    },
    # What is not estimated, not charged for, or not there needs nothing else.
    {
        "estimates__consecutive_max": 0,
        "look_back__limits": limits(
            *(
                (one.cause, one.back_charge_months, one.refund_months)
                for one in ALL_LIMITS
                if one.cause != "estimate"
            )
        ),
    },
    {"bill_content__profile": None, "regulatory_status": None},
    {"fallback_switch__supply_c_below": None},
    {"tampering": None, "look_back__limits": ALL_LIMITS[:4]},
    {"sub_metering__points": ()},
    {"capacity_change": None, "proration__capacity_change": None},
    {"proration__capacity_change": None},
    # An outdoor temperature is named elsewhere, or not needed.
    {"supply_temperature__outdoor_point": None, "proration__price_change": "hours"},
    # No country of these wants another form from these two, or not yet.
    {"parties__supplier__country": "FR", "e_invoice__format": "PDF"},
    {
        "parties__supplier__country": "DE",
        "parties__customer__country": "DE",
        "e_invoice__format": "PDF",
        "term__ends_on": date(2027, 12, 31),
    },
    {
        "parties__supplier__country": "IT",
        "parties__customer__country": "IT",
        "e_invoice__format": "FatturaPA",
    },
    {
        "parties__supplier__country": "BE",
        "parties__customer__country": "BE",
        "e_invoice__format": "PDF",
        "regulatory_status__customer_class": "domestic",
    },
]


@pytest.mark.parametrize("changes", QUIET)
def test_what_holds_is_not_complained_about(quiet, changes):
    assert found(changed(quiet, **changes)) == []


def test_a_contract_without_optional_clauses_is_not_complained_about(quiet):
    needed = {
        *("missing_data", "vat", "payment", "proration", "composition", "parties", "term"),
        *("delivered_heat", "supply_temperature", "season", "it_load", "cause_allocation"),
    }
    bare = {table: None for table in Contract.model_fields if table not in needed}
    assert found(changed(quiet, **bare)) == []


def test_a_vat_finding_names_every_component(quiet):
    contract = changed(
        quiet, composition__order=("standing fee", "pass-through", "heat", "return bonus", "credit")
    )
    (finding,) = findings(contract)
    assert finding.data["components"] == ["pass-through", "return bonus"]
    assert finding.message == (
        "The price has “pass-through”, “return bonus”, but BIL-9 does not say what VAT those bear."
    )


def test_months_are_counted_as_people_say_them(quiet):
    contract = changed(quiet, disputed_amounts__window_months=1, payment__due_days=60)
    (finding,) = findings(contract)
    assert finding.message == (
        "An invoice can be disputed for 1 month, but is due after 60 days: the right ends before"
        " the payment."
    )
