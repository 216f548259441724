"""The report of a study: one file that says what the study says."""

import base64
import hashlib
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from lxml import html

from exotherm.core.units import format_number, format_quantity, label_of
from exotherm.plan.study import StudyResult, make_study
from exotherm.prove.carbon import AvoidedEmissions
from exotherm.render.report import render_study, report_policy
from exotherm.render.study_charts import render_study_charts
from exotherm.render.templating import age, coded, digits, exact, exact_parts, month, quantity

MADE_AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def study(pool_site, pool_contract, pool_surroundings) -> StudyResult:
    return make_study(pool_site, pool_contract, pool_surroundings)


@pytest.fixture(scope="module")
def report(study, pool_site, pool_contract) -> str:
    return render_study(study, pool_site, pool_contract, made_at=MADE_AT)


def parsed(markup: str) -> Any:
    return html.fromstring(markup)


def words(markup: str) -> str:
    return " ".join(parsed(markup).text_content().split())


def test_begins_with_the_verdict(report, study) -> None:
    (heading,) = parsed(report).findall(".//h1")
    assert heading.text_content() == study.verdict_text


def test_says_the_core_variables_and_the_money(report, study) -> None:
    said = words(report)
    for shown in (
        format_number(study.heat_demand_kwh, 0),
        f"{format_number(100 * study.recoverable_frac, 1)} %",
        f"{format_number(study.delivery_cost_per_kwh, 4)} EUR/kWh",
        format_quantity("npv", study.finance.npv),
        format_quantity("payback_years", study.finance.payback_years),
        format_quantity("irr_frac", study.finance.irr_frac),
        format_quantity("npv", study.customer.saving),
    ):
        assert " ".join(shown.split()) in said


def test_both_sides_add_up_to_what_is_left(report, study) -> None:
    steady = study.finance.cash[1]
    left = steady.heat_revenue + steady.cooling_saved + steady.electricity + steady.upkeep
    assert " ".join(format_quantity("npv", left).split()) in words(report)


def test_months_are_those_of_the_study_and_their_sum(report, study) -> None:
    tables = parsed(report).findall(".//table")
    table = next(one for one in tables if "rated by" in one.findtext("caption/span"))
    amounts = [
        Decimal(row.findall("td")[-1].text.replace("\u202f", ""))
        for row in table.findall("tbody/tr")
    ]
    assert amounts == [month.rated.net_amount for month in study.months]
    total = table.findall("tfoot/tr/td")[-1].text.replace("\u202f", "")
    assert Decimal(total) == sum(amounts)


def test_lists_every_assumption_with_where_it_is_from(report, study) -> None:
    table = parsed(report).find(".//table[@class='assumptions with-units']")
    paths = [code.text for code in table.findall(".//th/code")]
    assert paths == [one.path for one in study.assumptions]
    said = words(html.tostring(table, encoding="unicode"))
    assert said.count(" given") >= sum(one.given for one in study.assumptions)


def test_needs_nothing_from_outside(report) -> None:
    page = parsed(report)
    addresses = [value for _, _, value, _ in page.iterlinks() if not value.startswith("#")]
    assert addresses == ["data:,"]
    assert "@import" not in report
    assert page.findall(".//script") == []


def test_may_be_served_under_the_policy_of_its_style_alone(report) -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", report, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in report_policy()
    assert not re.findall(r'\sstyle="', report)


def test_identities_are_unique_on_the_page(report) -> None:
    identities = parsed(report).xpath("//@id")
    assert len(set(identities)) == len(identities)


def test_says_when_and_by_what_it_was_made(report) -> None:
    assert "2 Nov 2026, 10:30 (Europe/Rome)" in words(report)


def test_is_the_same_for_the_same_study(report, study, pool_site, pool_contract) -> None:
    assert render_study(study, pool_site, pool_contract, made_at=MADE_AT) == report


def test_planned_emissions_are_shown_where_given_and_called_a_plan(
    study, pool_site, pool_contract
) -> None:
    kg = {name: Decimal(1000 + at) for at, name in enumerate(AvoidedEmissions.__slots__)}
    carbon = AvoidedEmissions(**kg)
    report = render_study(study, pool_site, pool_contract, made_at=MADE_AT, carbon=carbon)
    said = words(report)
    assert " ".join(format_quantity("kgco2e", carbon.conservative_kgco2e).split()) in said
    assert "A plan, not a claim" in said


def test_a_study_that_is_not_paid_back_says_so(study, pool_site) -> None:
    from dataclasses import replace

    poor = replace(
        study,
        finance=replace(
            study.finance,
            cash=tuple(replace(one, heat_revenue=0.0) for one in study.finance.cash),
            payback_years=None,
        ),
    )
    assert "Not paid back within the term" in render_study_charts(poor, pool_site).cash


def test_the_flow_of_the_year_closes(study, pool_site) -> None:
    figure = parsed(str(render_study_charts(study, pool_site).flow))
    rows = [[cell.text_content() for cell in row] for row in figure.findall(".//tbody/tr")]
    sums = {way: sum(float(row[3]) for row in rows if row[1] == way) for way in ("in", "out")}
    assert {way: round(value, 6) for way, value in sums.items()} == {"in": 100.0, "out": 100.0}


@pytest.mark.parametrize(
    ("value", "name", "shown"),
    [
        (0.25, "pump_kw", "0.25\u00a0kW"),
        (28.0, "power_kw_rated", "28\u00a0kW"),
        (0.96, "capture_frac", "96\u00a0%"),
        (0.068, "price_per_kwh", "0.068\u00a0EUR/kWh"),
        (2026, "year", "2026"),
        (10002, "port", "10002"),
        (1.0, "times_per_year", "1\u00a0times/year"),
        (2500.0, "upkeep_per_year", "2\u202f500\u00a0EUR/year"),
        (True, "cover", "yes"),
        (None, "grant", "none"),
        ((1, 2), "weekdays", "1, 2"),
        ((), "weekdays", "none"),
        ("immersion", "kind", "immersion"),
    ],
)
def test_values_of_documents_are_never_rounded(value, name, shown) -> None:
    assert exact(value, name) == shown


@pytest.mark.parametrize(
    ("value", "name", "shown", "unit"),
    [
        (28.0, "power_kw_rated", "28", "kW"),
        (0.96, "capture_frac", "96", "%"),
        (0.068, "price_per_kwh", "0.068", "GBP/kWh"),
        (None, "store_m3_max", "none", "m³"),
        ((0.5, 1.0), "filled_frac", "50, 100", "%"),
        ((), "filled_frac", "none", "%"),
        (3.5, "eer", "3.5", "–"),
        (30.0, "makeup_l_per_bather", "30", "l/bather"),
        (10002, "port", "10002", ""),
        (True, "mixing_valve", "yes", ""),
        ("GBP", "currency", "GBP", ""),
    ],
)
def test_a_value_has_the_unit_of_its_field_beside_it(value, name, shown, unit) -> None:
    assert exact_parts(value, name, "GBP") == (shown, unit)


def test_every_quantity_of_a_study_has_its_unit_in_a_cell(report) -> None:
    (table,) = parsed(report).findall(".//table[@class='assumptions with-units']")
    cells = {
        row.findtext("th/code"): [cell.text for cell in row.findall("td")]
        for row in table.findall(".//tr[td]")
    }
    assert cells["boiler.efficiency_frac"][:2] == ["80", "%"]
    assert cells["pool.backwash_m3_per_week"][:2] == ["5", "m³/week"]
    assert [
        path for path in cells if label_of(path.rpartition(".")[2]) and len(cells[path]) != 3
    ] == []


def test_what_is_not_known_is_said() -> None:
    assert quantity(None, "heat_kwh") == "not known"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0\u00a0s"),
        (59, "59\u00a0s"),
        (14 * 60, "14\u00a0min"),
        (86399, "23\u00a0h"),
        (86400, "1\u00a0day"),
        (8 * 86400, "8\u00a0days"),
    ],
)
def test_ages_are_written_in_their_largest_unit(seconds, shown) -> None:
    assert age(seconds) == shown


def test_digits_stay_as_they_were_issued() -> None:
    assert [digits(one) for one in ("1189.87", "0.0680", "12578", "-0.25")] == [
        "1\u202f189.87",
        "0.0680",
        "12\u202f578",
        "\u22120.25",
    ]


def test_words_between_backticks_are_code_and_all_else_is_escaped() -> None:
    assert coded("Run `a <b>` & go") == "Run <code>a &lt;b&gt;</code> &amp; go"
    assert coded("one ` alone") == "one ` alone"


def test_months_are_written_in_words() -> None:
    assert month("2026-10") == "October\u00a02026"
