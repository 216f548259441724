import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from changing import changed
from other_sites import (
    OTHER_SITES,
    measured,
    network,
    pool_and_school,
    school_by_cold_plates,
    school_by_heat_pump,
)

from exotherm.contract.check import check_contract
from exotherm.contract.terms.credits import CreditBand
from exotherm.core.findings import Severity
from exotherm.core.samples import Point
from exotherm.site.customers import OpeningHours
from exotherm.site.document import Site, points_of

TEXT = (Path(__file__).parents[3] / "examples" / "pool" / "contract.toml").read_text("utf-8")
ERROR, WARNING = Severity.ERROR, Severity.WARNING
SiteMaker = Callable[[Site], Site]


def bands(*steps: tuple[float, float]) -> tuple[CreditBand, ...]:
    return tuple(
        CreditBand(available_frac_below=below, credit_frac=credit) for below, credit in steps
    )


@pytest.fixture
def quiet(pool_contract, pool_site):
    """A contract and its site against which nothing stands, with the numbers of the cases."""
    contract = changed(
        pool_contract,
        heat_meter__verified_until=date(2041, 1, 1),
        heat_meter__lift_k_min=2.0,
        heat_meter__flow_m3h_rated=3.5,
        credit_exclusions__references=(
            *pool_contract.credit_exclusions.references,
            "QOS-7",
            "QOS-5",
        ),
    )
    site = changed(pool_site, delivery__flow_kgs=0.8, computing__power_kw_rated=28.0)
    assert check_contract(contract, site, points_of(site)) == ()
    return contract, site


@pytest.fixture
def elsewhere(quiet):
    """That contract with the numbers of the sites that are not a pool alone."""
    return changed(
        quiet[0],
        heat_meter__flow_m3h_rated=6.0,
        heat_meter__lift_k_min=0.5,
        capacity__heat_kw=12.0,
        it_load__heat_kw_min=5.0,
        supply_temperature__supply_c_min=39.0,
    )


def fitting(contract, site):
    """The contract with parties for the machines that the site has, and for no others."""
    party, nobody = (
        contract.roles.it,
        contract.roles.it.model_copy(
            update=dict.fromkeys(("owner", "operator", "maintainer", "payer"), "none")
        ),
    )
    return changed(
        contract,
        roles__heat_pump=party if site.heat_pump else nobody,
        roles__heat_exchanger=party if site.exchanger else nobody,
    )


def codes_of(contract, site, **more) -> list[str]:
    return [finding.code for finding in check_contract(contract, site, points_of(site), **more)]


# code, severity, path of the finding, changes to the contract, changes to the site
CASES: list[tuple[str, Severity, str, dict[str, Any], dict[str, Any]]] = [
    ("point-unknown", ERROR, "delivered_heat.point",
     {"delivered_heat__point": "other.heat_kwh"}, {}),
    ("point-unknown", ERROR, "delivered_heat.flow_point",
     {"delivered_heat__flow_point": "heat_meter.flow_ls"}, {}),
    ("point-wrong-kind", ERROR, "delivered_heat.supply_point",
     {"delivered_heat__supply_point": "heat_meter.heat_kw"}, {}),
    ("point-wrong-kind", ERROR, "delivered_heat.point",
     {"delivered_heat__point": "heat_meter.heat_kw"}, {}),
    ("point-of-other-meter", WARNING, "delivered_heat.supply_point",
     {"delivered_heat__supply_point": "rack.coolant_c"}, {}),
    ("register-differs", ERROR, "registers.digits", {"registers__digits": 7}, {}),
    ("register-differs", ERROR, "registers.decimals", {"registers__decimals": 1}, {}),
    ("meter-serial-differs", ERROR, "heat_meter.serial", {"heat_meter__serial": "61440113"}, {}),
    ("interval-not-judgeable", ERROR, "reading_plan.interval_min",
     {"reading_plan__interval_min": 20}, {}),
    ("interval-not-judgeable", ERROR, "reading_plan.interval_min",
     {"reading_plan__interval_min": 7}, {"metering__interval_min": 7}),
    ("read-too-seldom", ERROR, "reading_plan.interval_min", {}, {"metering__interval_min": 30}),
    ("gap-too-short", ERROR, "reading_plan.edge_gap_min_max",
     {"reading_plan__edge_gap_min_max": 14}, {}),
    ("gap-too-short", ERROR, "missing_data.gap_h_max", {"missing_data__gap_h_max": 0.2}, {}),
    ("verification-expired", ERROR, "heat_meter.verified_until",
     {"heat_meter__verified_until": date(2025, 12, 31)}, {}),
    ("meter-too-small", ERROR, "heat_meter.flow_m3h_rated",
     {"heat_meter__flow_m3h_rated": 2.5}, {}),
    ("lift-below-meter", WARNING, "heat_meter.lift_k_min", {"heat_meter__lift_k_min": 2.1}, {}),
    ("tolerance-below-sensor", WARNING, "supply_temperature.tolerance_k",
     {"supply_temperature__tolerance_k": 0.44}, {}),
    ("zone-differs", ERROR, "calendar.zone", {"calendar__zone": "Europe/Berlin"}, {}),
    ("capacity-not-reachable", ERROR, "capacity.heat_kw",
     {"capacity__heat_kw": 25.0}, {}),
    ("idle-heat-not-reachable", ERROR, "it_load.heat_kw_min", {"it_load__heat_kw_min": 8.1}, {}),
    ("idle-heat-above-capacity", ERROR, "it_load.heat_kw_min",
     {"it_load__heat_kw_min": 8.0, "capacity__heat_kw": 7.9}, {}),
    ("supply-not-reachable", ERROR, "supply_temperature.supply_c_min",
     {"supply_temperature__supply_c_min": 49.0, "it_load__borne_by": "customer",
      "supply_temperature__tolerance_k": 0.6}, {}),
    ("supply-cool-when-idle", WARNING, "supply_temperature.supply_c_min",
     {"supply_temperature__supply_c_min": 32.0}, {}),
    ("supply-not-above-pool", ERROR, "supply_temperature.supply_c_min",
     {"supply_temperature__supply_c_min": 28.0, "fallback_switch__supply_c_below": 27.0}, {}),
    ("promise-inside-tolerance", WARNING, "supply_temperature.tolerance_k",
     {"supply_temperature__tolerance_k": 2.0}, {}),
    ("fallback-too-small", ERROR, "fallback_plant.heat_kw",
     {"fallback_plant__heat_kw": 11.9, "fallback_plant__owner": "supplier"}, {}),
    ("fallback-differs", WARNING, "fallback_plant.heat_kw", {"fallback_plant__heat_kw": 200.0}, {}),
    ("maintenance-notice-short", WARNING, "interruption_notice.lead_days",
     {"interruption_notice__lead_days": 4}, {}),
    ("maintenance-hours-short", ERROR, "maintenance.hours_h_max",
     {"maintenance__hours_h_max": 104.0}, {}),
    ("maintenance-in-opening-hours", WARNING, "maintenance.windows[0]",
     {"maintenance__windows__0__ends_at": 8, "maintenance__hours_h_max": 300.0}, {}),
    ("year-outside-term", WARNING, "term.starts_on", {}, {"study__year": 2025}),
    ("year-outside-term", WARNING, "term.starts_on", {
        "term__starts_on": date(2026, 1, 2),
        "commissioning__first_bill_on": date(2026, 1, 2),
        "commissioning__promise_from": date(2026, 1, 2),
     }, {}),
    ("notice-not-reachable", ERROR, "term.notice_months", {"term__notice_months": 180}, {}),
    ("currency-differs", ERROR, "payment.currency",
     {"payment__currency": "CHF", "price_base__currency": "CHF"}, {}),
    ("price-negative", ERROR, "energy_price.price_per_kwh",
     {"energy_price__price_per_kwh": Decimal("-0.01")}, {}),
    ("price-negative", ERROR, "standing_fee.price_per_month",
     {"standing_fee__price_per_month": Decimal("-0.01")}, {}),
    ("price-implausible", WARNING, "energy_price.price_per_kwh",
     {"energy_price__price_per_kwh": Decimal("68.0")}, {}),
    ("price-above-boiler", WARNING, "energy_price.price_per_kwh",
     {"energy_price__price_per_kwh": Decimal("0.0938")}, {}),
    ("band-repeated", ERROR, "service_credit.bands[1]",
     {"service_credit__bands": bands((0.97, 0.25), (0.97, 1.0))}, {}),
    ("bands-out-of-order", ERROR, "service_credit.bands[1]",
     {"service_credit__bands": bands((0.90, 1.0), (0.97, 0.25))}, {}),
    ("band-credit-not-more", ERROR, "service_credit.bands[1]",
     {"service_credit__bands": bands((0.97, 0.25), (0.90, 0.25))}, {}),
    ("band-above-promise", ERROR, "service_credit.bands[0]",
     {"service_credit__bands": bands((0.98, 0.25), (0.97, 1.0))}, {}),
    ("promise-without-credit", WARNING, "service_credit.bands",
     {"service_credit__bands": bands((0.96, 0.25))}, {}),
    ("credit-empty", WARNING, "service_credit.bands",
     {"standing_fee__price_per_month": Decimal(0)}, {}),
    ("credit-empty", WARNING, "service_credit.bands",
     {"service_credit__bands": bands((0.97, 0.0))}, {}),
    ("vat-differs", ERROR, "vat.vat_frac", {"vat__vat_frac": 0.0}, {}),
    ("vat-differs", ERROR, "vat.vat_frac", {"vat__category": "E"}, {}),
    ("iban-wrong", ERROR, "payment.iban", {"payment__iban": "IT60X0542811101000000123465"}, {}),
    ("parties-same", ERROR, "parties.customer.vat_id",
     {"parties__customer__vat_id": "IT00000000000"}, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "severity", "path", "in_contract", "in_site"),
    CASES,
    ids=[f"{case[0]}-{number}" for number, case in enumerate(CASES)],
)
def test_what_does_not_hold_is_found(quiet, code, severity, path, in_contract, in_site):
    contract, site = changed(quiet[0], **in_contract), changed(quiet[1], **in_site)
    found = check_contract(contract, site, points_of(site), text=TEXT)
    assert [finding.code for finding in found] == [f"contract.{code}"]
    finding = found[0]
    assert (finding.severity, finding.where.path) == (severity, path)
    assert finding.where.file == "contract.toml"
    assert finding.where.line is not None
    assert finding.remedy.endswith(".")
    assert json.loads(json.dumps(finding.to_json())) == finding.to_json()
    assert re.search(r"\d", finding.message) or code in {
        "point-unknown", "point-wrong-kind", "point-of-other-meter", "zone-differs",
        "currency-differs",
    }  # fmt: skip


def test_a_verification_that_nobody_renews_is_found(quiet):
    contract = changed(quiet[0], heat_meter__verified_until=date(2040, 12, 30), verification=None)
    assert "contract.verification-expires" in codes_of(contract, quiet[1])


def test_a_register_that_rolls_over_twice_in_a_gap_is_found(quiet):
    contract = changed(quiet[0], registers__digits=4, missing_data__gap_h_max=113.0)
    points = points_of(quiet[1])
    short = {**points, "heat_meter.heat_kwh": Point(
        name="heat_meter.heat_kwh", kind="register", unit="kwh", decimals=0, digits=4
    )}  # fmt: skip
    # 3.5 m³/h by 22 K are 89.4 kW: 10 000 kWh need 111.8 h.
    found = check_contract(contract, quiet[1], short)
    assert [finding.code for finding in found] == ["contract.roll-over-twice"]
    assert found[0].data["round_kwh"] == 10_000.0
    shorter = changed(contract, missing_data__gap_h_max=111.0)
    assert check_contract(shorter, quiet[1], short) == ()


def test_a_register_in_another_unit_is_found(quiet):
    points = points_of(quiet[1])
    point = Point(name="heat_meter.heat_kwh", kind="register", unit="mwh", decimals=0, digits=8)
    found = check_contract(quiet[0], quiet[1], {**points, "heat_meter.heat_kwh": point})
    assert [finding.code for finding in found] == [
        "contract.point-wrong-kind",
        "contract.register-differs",
    ]


# site, code, severity, path of the finding, changes to the contract, changes to the site
CASES_ELSEWHERE: list[
    tuple[SiteMaker, str, Severity, str, dict[str, Any], dict[str, Any]]
] = [
    (school_by_cold_plates, "capacity-not-reachable", ERROR, "capacity.heat_kw",
     {"capacity__heat_kw": 18.2}, {}),
    (school_by_cold_plates, "capacity-not-reachable", ERROR, "capacity.heat_kw",
     {}, {"delivery__flow_kgs": 0.08}),
    (school_by_cold_plates, "idle-heat-not-reachable", ERROR, "it_load.heat_kw_min",
     {"it_load__heat_kw_min": 5.6}, {}),
    (school_by_cold_plates, "supply-not-reachable", ERROR, "supply_temperature.supply_c_min",
     {"supply_temperature__supply_c_min": 43.0, "it_load__borne_by": "customer",
      "supply_temperature__tolerance_k": 0.6}, {}),
    (school_by_cold_plates, "supply-not-reachable", ERROR, "supply_temperature.supply_c_min",
     {"supply_temperature__supply_c_min": 40.0, "it_load__borne_by": "customer",
      "delivery_point__side": "customer"}, {}),
    (school_by_cold_plates, "supply-cool-when-idle", WARNING, "supply_temperature.supply_c_min",
     {"supply_temperature__supply_c_min": 41.9, "supply_temperature__tolerance_k": 0.6}, {}),
    (school_by_heat_pump, "capacity-not-reachable", ERROR, "capacity.heat_kw",
     {"capacity__heat_kw": 25.1, "supply_temperature__supply_c_min": 60.0,
      "supply_temperature__tolerance_k": 0.6}, {}),
    (school_by_heat_pump, "supply-not-reachable", ERROR, "supply_temperature.supply_c_min",
     {"supply_temperature__supply_c_min": 70.5, "it_load__borne_by": "customer",
      "supply_temperature__tolerance_k": 0.7}, {}),
    (school_by_cold_plates, "maintenance-in-opening-hours", WARNING, "maintenance.windows[0]",
     {"maintenance__windows__0__ends_at": 8, "maintenance__hours_h_max": 300.0}, {}),
    (network, "supply-not-above-return", ERROR, "supply_temperature.supply_c_min",
     {"supply_temperature__supply_c_min": 35.0}, {}),
    (network, "promise-inside-tolerance", WARNING, "supply_temperature.tolerance_k",
     {"supply_temperature__supply_c_min": 35.5, "supply_temperature__tolerance_k": 0.6}, {}),
    (network, "supply-below-network", ERROR, "supply_temperature.supply_c_min",
     {"supply_temperature__supply_c_min": 44.0, "supply_temperature__tolerance_k": 0.6}, {
        "network__feed": "supply", "network__supply_c_min": 45.0, "network__supply_c_max": 50.0}),
    (measured, "roll-over-twice", ERROR, "missing_data.gap_h_max",
     {"registers__digits": 4, "missing_data__gap_h_max": 140.0}, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("site_of", "code", "severity", "path", "in_contract", "in_site"),
    CASES_ELSEWHERE,
    ids=[f"{case[1]}-{number}" for number, case in enumerate(CASES_ELSEWHERE)],
)
def test_what_does_not_hold_elsewhere_is_found(
    pool_site, elsewhere, site_of, code, severity, path, in_contract, in_site
):
    contract, site = changed(elsewhere, **in_contract), changed(site_of(pool_site), **in_site)
    contract = fitting(contract, site)
    points = points_of(site)
    if code == "roll-over-twice":
        points["heat_meter.heat_kwh"] = Point(
            name="heat_meter.heat_kwh", kind="register", unit="kwh", decimals=0, digits=4
        )
    found = check_contract(contract, site, points)
    assert [finding.code for finding in found] == [f"contract.{code}"]
    assert (found[0].severity, found[0].where.path) == (severity, path)
    assert "pool" not in f"{found[0].message} {found[0].remedy}"
    assert json.loads(json.dumps(found[0].to_json())) == found[0].to_json()


@pytest.mark.parametrize("site_of", OTHER_SITES)
def test_a_sensible_contract_may_be_signed_elsewhere(pool_site, elsewhere, site_of):
    contract = elsewhere
    if site_of is pool_and_school:
        contract = changed(contract, fallback_plant__heat_kw=400.0)
    site = site_of(pool_site)
    assert codes_of(fitting(contract, site), site) == []


@pytest.mark.parametrize(
    ("fuel", "words"),
    [
        ("natural gas", "the customer's own boiler"),
        ("electricity", "the customer's own electric heater"),
        ("district heat", "the customer's own district heat"),
    ],
)
def test_the_customers_own_heat_is_called_by_what_it_is(quiet, fuel, words):
    contract = changed(
        quiet[0],
        energy_price__price_per_kwh=Decimal("0.20"),
        fallback_plant__heat_kw=200.0,
    )
    site = changed(quiet[1], boiler__fuel=fuel)
    found = check_contract(contract, site, points_of(site))
    assert [words in finding.message for finding in found] == [True, True]


def test_people_who_are_always_there_are_disturbed_at_any_hour(quiet):
    always = (OpeningHours(opens_at=0, closes_at=24),)
    assert codes_of(quiet[0], changed(quiet[1], pool__opening=always)) == []


def test_the_example_may_be_signed(pool_contract, pool_site):
    found = check_contract(pool_contract, pool_site, points_of(pool_site), text=TEXT)
    assert found == ()


def test_places_have_lines_only_where_there_is_a_text(quiet):
    contract = changed(quiet[0], vat__vat_frac=0.0)
    found = check_contract(contract, quiet[1], points_of(quiet[1]), file="draft.toml")
    assert str(found[0].where) == "draft.toml (vat.vat_frac)"


def test_a_site_without_meters_has_none_of_the_points(quiet):
    site = changed(quiet[1], meters=())
    assert codes_of(quiet[0], site) == ["contract.point-unknown"] * 3


@pytest.mark.parametrize("category", ["Z", "E"])
def test_no_tax_is_right_where_the_category_says_so(quiet, category):
    assert codes_of(changed(quiet[0], vat__category=category, vat__vat_frac=0.0), quiet[1]) == []


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "notice_months", "reachable"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), 11, True),
        (date(2026, 1, 1), date(2026, 12, 31), 12, False),
        (date(2026, 1, 15), date(2027, 1, 13), 12, False),
        (date(2026, 1, 15), date(2027, 1, 15), 12, True),
        (date(2026, 1, 1), date(2026, 12, 31), 10**18, False),
    ],
)
def test_notice_lies_in_the_term(quiet, starts_on, ends_on, notice_months, reachable):
    contract = changed(
        quiet[0],
        term__starts_on=starts_on,
        term__ends_on=ends_on,
        term__notice_months=notice_months,
    )
    found = codes_of(contract, quiet[1])
    assert ("contract.notice-not-reachable" in found) is not reachable


def test_maintenance_on_a_closed_day_disturbs_nobody(quiet):
    opening = (OpeningHours(opens_at=4, closes_at=6, weekdays=(1, 3)),)
    assert codes_of(quiet[0], changed(quiet[1], pool__opening=opening)) == []


def test_a_price_in_small_coins_is_compared_with_the_fuel(quiet):
    contract = changed(
        quiet[0],
        payment__currency="CZK",
        price_base__currency="CZK",
        energy_price__price_per_kwh=Decimal("1.80"),
    )
    site = changed(quiet[1], site__currency="CZK", economics__fuel_per_kwh=1.9)
    assert codes_of(contract, site) == []
    dear = changed(contract, energy_price__price_per_kwh=Decimal("11.88"))
    assert codes_of(dear, site) == ["contract.price-implausible"]
    per_mwh = changed(contract, energy_price__price_per_kwh=Decimal(1800))
    found = check_contract(per_mwh, site, points_of(site))
    assert "1800 CZK/MWh is written as 1.8" in found[0].remedy


@pytest.mark.parametrize(
    ("price", "meant"),
    [
        ("6.8", "6.8 ct/kWh is written as 0.068"),
        ("68", "68 EUR/MWh is written as 0.068"),
        ("0.000068", "68 EUR/MWh is written as 0.068"),
    ],
)
def test_a_price_in_another_unit_is_told_as_it_was_probably_meant(quiet, price, meant):
    contract = changed(quiet[0], energy_price__price_per_kwh=Decimal(price))
    found = check_contract(contract, quiet[1], points_of(quiet[1]))
    told = [one for one in found if one.code == "contract.price-implausible"]
    assert [one.severity for one in told] == [Severity.WARNING]
    assert meant in told[0].remedy


def test_heat_may_be_nearly_given_away(quiet):
    contract = changed(quiet[0], energy_price__price_per_kwh=Decimal("0.002"))
    assert "contract.price-implausible" not in codes_of(contract, quiet[1])


def test_prices_in_two_currencies_are_not_compared(quiet):
    contract = changed(
        quiet[0],
        payment__currency="CHF",
        price_base__currency="CHF",
        energy_price__price_per_kwh=Decimal("0.50"),
    )
    assert codes_of(contract, quiet[1]) == ["contract.currency-differs"]


def test_without_a_price_of_fuel_nothing_is_compared(quiet):
    site = changed(quiet[1], economics__fuel_per_kwh=0.0)
    assert codes_of(quiet[0], site) == []


def test_a_plant_without_exchange_delivers_nothing(quiet):
    site = changed(quiet[1], exchanger__fouling_frac=1.0, delivery__exchanger__fouling_frac=1.0)
    assert codes_of(quiet[0], site) == [
        "contract.capacity-not-reachable",
        "contract.idle-heat-not-reachable",
        "contract.supply-not-reachable",
    ]


def test_no_promise_for_idle_servers_needs_no_heat(quiet):
    contract = changed(quiet[0], it_load__heat_kw_min=0.0, it_load__borne_by="customer")
    assert codes_of(contract, quiet[1]) == []
