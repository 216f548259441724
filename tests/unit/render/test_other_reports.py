"""The report of sites that are no pool: it speaks of what they have, as the JSON does."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from changing import changed
from lxml import html
from other_sites import (
    OTHER_SITES,
    measured,
    network,
    pool_and_school,
    school_by_cold_plates,
    school_by_heat_pump,
)

from exotherm.core.units import format_number, format_quantity
from exotherm.plan.study import StudyResult, make_study
from exotherm.render.report import render_study
from exotherm.render.study_charts import render_study_charts
from exotherm.site.document import Site
from exotherm.site.series import HeatDemand
from exotherm.usecases.show import show_plan

MADE_AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
NEW_YEAR = datetime(2025, 12, 31, 23, tzinfo=UTC)
"""Of 2026 in Rome."""


def parsed(markup: str) -> Any:
    return html.fromstring(markup)


def cells_of(figure: str) -> list[list[str]]:
    """The table of a figure, its head first."""
    rows = parsed(str(figure)).findall(".//tr")
    return [[cell.text_content() for cell in row] for row in rows]


class Case:
    """A site, its study and its report as one reads them."""

    def __init__(self, site: Site, study: StudyResult, contract) -> None:
        self.site, self.study, self.contract = site, study, contract
        self.report = render_study(study, site, contract, made_at=MADE_AT)
        self.page = parsed(self.report)
        self.json: Any = show_plan(study, site, contract)

    @property
    def said(self) -> str:
        """What stands before the assumptions, which list every value of the file."""
        before, _, _ = self.report.partition("<h2>Assumptions</h2>")
        page = parsed(before)
        for one in page.xpath("//dt | //dd"):
            one.tail = " "
        return " ".join(page.find("body").text_content().split())

    def table(self, label: str) -> dict[str, list[str]]:
        """The rows of a table by their name, as they are written."""
        (region,) = self.page.xpath(f"//div[@aria-label='{label}']")
        return {
            row[0].text_content(): [cell.text_content() for cell in row[1:]]
            for row in region.xpath(".//tbody/tr | .//tfoot/tr")
        }


@pytest.fixture(scope="module")
def case_of(pool_site, pool_contract, pool_surroundings):
    """Study a site once and give it with its report."""
    kept: dict[object, Case] = {}
    heat = HeatDemand(
        start=NEW_YEAR, step=timedelta(hours=1), heat_kw=np.full(8760, 12.0), source="a test"
    )
    contract = changed(
        pool_contract,
        parties__customer__name="City of Example",
        delivery_point__place="Plant room, flange V3",
    )

    def make(site_of) -> Case:
        if site_of not in kept:
            site = changed(site_of(pool_site), site__name="Hill Street")
            # What was bought for a pool has its name.
            parts = tuple(
                item.model_copy(update={"name": f"part {number}"})
                for number, item in enumerate(site.economics.investment)
            )
            site = changed(site, economics__investment=parts)
            lived = replace(pool_surroundings, measured=(heat,) * len(site.measured))
            kept[site_of] = Case(site, make_study(site, contract, lived), contract)
        return kept[site_of]

    return make


EVERY = pytest.mark.parametrize("site_of", OTHER_SITES)


@EVERY
def test_a_site_without_a_pool_is_not_spoken_of_as_one(case_of, site_of) -> None:
    case = case_of(site_of)
    assert ("pool" in case.said.lower()) == (case.site.pool is not None)


@EVERY
def test_identities_are_unique_and_nothing_is_styled_inline(case_of, site_of) -> None:
    case = case_of(site_of)
    identities = case.page.xpath("//@id")
    assert len(set(identities)) == len(identities)
    assert not re.findall(r'\sstyle="', case.report)


@EVERY
def test_the_flow_of_the_year_closes(case_of, site_of) -> None:
    """Electricity of servers, their fans and the heat pump goes somewhere, all of it."""
    case = case_of(site_of)
    _, *rows = cells_of(render_study_charts(case.study, case.site).flow)
    sums = {way: sum(float(row[3]) for row in rows if row[1] == way) for way in ("in", "out")}
    assert {way: round(value, 6) for way, value in sums.items()} == {"in": 100.0, "out": 100.0}
    names = {row[0] for row in rows}
    assert ("Electricity of the heat pump" in names) == (case.study.heat_pump_power_kwh > 0)


@EVERY
def test_months_sum_to_what_is_delivered_and_backed_up(case_of, site_of) -> None:
    case = case_of(site_of)
    (_, *head), *rows = cells_of(render_study_charts(case.study, case.site).months)
    columns = zip(*(row[1:] for row in rows), strict=True)
    sums = {
        name: sum(float(cell.replace("\u202f", "")) for cell in column)
        for name, column in zip(head, columns, strict=True)
    }
    study = case.study
    recovered = sum(sums.get(f"{name}, kWh", 0.0) for name in RECOVERED)
    assert recovered == pytest.approx(study.heat_delivered_kwh, abs=12.0)
    whole = study.heat_delivered_kwh + study.backup_kwh + study.unmet_kwh
    assert sums["Together, kWh"] == pytest.approx(whole, abs=12.0)


RECOVERED = ("Recovered from the servers", "Through the exchanger", "Through the heat pump")


@EVERY
def test_the_answer_is_that_of_the_json(case_of, site_of) -> None:
    case = case_of(site_of)
    told, rows = case.json["heat_pump"], case.table("Heat with and without a heat pump")
    assert " ".join(told["text"].split()) in case.said
    assert rows["Reached without a heat pump"][:2] == [
        format_number(told["direct_kwh"], 0),
        format_number(100 * told["direct_frac"], 1),
    ]
    assert rows["Added by a heat pump"][:2] == [
        format_number(told["pumped_kwh"], 0),
        format_number(100 * told["pumped_frac"], 1),
    ]
    assert rows["Needed in the year"][0] == format_number(case.json["heat_demand_kwh"], 0)
    if told["power_cost_per_kwh"] is None:
        assert rows["Added by a heat pump"][2] == "–"
    else:
        whole = told["power_cost_per_kwh"] + told["capital_cost_per_kwh"]
        assert rows["Added by a heat pump"][2] == format_number(whole, 4)
        assert rows["its electricity"][2] == format_number(told["power_cost_per_kwh"], 4)
    standing = "The site's own heat pump" in case.said
    assert standing == told["stands"] == (case.site.heat_pump is not None)


@pytest.mark.parametrize(
    "site_of", [school_by_cold_plates, school_by_heat_pump, network, pool_and_school]
)
def test_customers_are_those_of_the_json_and_sum_to_the_demand(case_of, site_of) -> None:
    case = case_of(site_of)
    rows, told = case.table("Customers"), case.json["customers"]
    assert [name.lower() for name in rows] == [one["name"].lower() for one in told] + ["together"]
    for one, cells in zip(told, rows.values(), strict=False):
        assert cells[0] == format_number(one["heat_kwh"], 0)
        assert cells[2] == format_number(one["heat_kw_max"], 1)
        for cell, name in ((cells[3], "supply_c_max"), (cells[4], "return_c_mean")):
            assert cell == ("–" if one[name] is None else format_number(one[name], 1))
    assert sum(one["heat_kwh"] for one in told) == pytest.approx(case.json["heat_demand_kwh"])


def test_the_largest_load_is_named(case_of) -> None:
    case = case_of(school_by_heat_pump)
    assert (
        "of the heat is for the space heat of Hill School, in water of up to 70.0 °C." in case.said
    )
    pool = case_of(pool_and_school)
    most = max(pool.json["customers"], key=lambda one: one["heat_kwh"])
    assert most["name"] == "Hill School: space heat"


def test_one_customer_with_one_load_needs_no_table(case_of) -> None:
    assert case_of(measured).page.xpath("//div[@aria-label='Customers']") == []


class TestSchoolWithHeatPump:
    @pytest.fixture
    def case(self, case_of) -> Case:
        case: Case = case_of(school_by_heat_pump)
        return case

    def test_tells_the_heat_pumps_year_as_the_json_does(self, case) -> None:
        told = case.json["heat_pump_year"]
        assert told["power_kwh"] == case.json["heat_pump_power_kwh"]
        rated_kw = case.study.year.heat_pump_kw_rated
        assert told["full_load_h"] * rated_kw == pytest.approx(told["heat_kwh"])
        for shown in (
            format_quantity("heat_kwh", told["heat_kwh"]),
            format_quantity("power_kwh", told["power_kwh"]),
            f"over that electricity {format_number(told['heat_kwh'] / told['power_kwh'], 2)}",
            format_quantity("full_load_h", told["full_load_h"], decimals=0),
        ):
            assert " ".join(shown.split()) in case.said

    def test_names_the_school_and_its_boiler(self, case) -> None:
        for words in (
            "What Hill School needs in the year.",
            "Delivered to Hill School",
            "Hill School's own boiler",
            "Heat to Hill School, kWh a month",
            "Needed by Hill School",
            "Hill School needs more than the servers give in",
        ):
            assert words in case.said

    def test_says_that_the_heat_pumps_electricity_is_in_the_heat(self, case) -> None:
        recovered = format_quantity("heat_kwh", case.study.heat_recovered_kwh)
        all_of_it = format_quantity("heat_kwh", case.study.heat_delivered_kwh)
        assert f"{' '.join(recovered.split())} arrive as heat" in case.said
        assert (
            f"with the heat pump's electricity {' '.join(all_of_it.split())} are delivered"
            in case.said
        )
        assert case.study.recoverable_frac < 1
        assert "of what the servers and the heat pump draw arrives as heat" in case.said

    def test_has_no_exchanger_so_nothing_passes_through_one(self, case) -> None:
        assert "Through the exchanger" not in case.said
        assert "Through the heat pump" in case.said

    def test_shows_what_nobody_gives(self, case) -> None:
        assert case.study.unmet_kwh >= 1
        shown = " ".join(format_quantity("heat_kwh", case.study.unmet_kwh).split())
        assert f"Heat that nobody gives {shown}" in case.said

    def test_a_chiller_has_its_part_of_the_heat(self, case) -> None:
        sums = case.study.year.with_heat.energy_kwh
        chilled = format_number(sums("chiller_kw") * case.site.rejection.chiller_eer, 0)
        cells = {
            row[0]: row[2] for row in cells_of(render_study_charts(case.study, case.site).flow)
        }
        assert cells["Taken by the chiller"] == chilled


def test_a_network_says_what_cannot_be_fed_in(case_of) -> None:
    case = case_of(network)
    beyond = sum(one["heat_kwh"] for one in case.json["customers"] if not one["is_reached"])
    share = format_quantity("share_frac", beyond / case.study.heat_demand_kwh)
    said = "of the heat is the network's own: it cannot be fed in from here."
    assert f"{' '.join(share.split())} {said}" in case.said


def test_a_pool_and_its_neighbour_are_told_apart(case_of) -> None:
    case = case_of(pool_and_school)
    sums = case.study.year.with_heat.energy_kwh
    cells = {row[0]: row[2] for row in cells_of(render_study_charts(case.study, case.site).flow)}
    beside = sums("delivered_kw") - sums("pool_delivered_kw")
    assert cells["Delivered to the pool's water"] == format_number(sums("pool_delivered_kw"), 0)
    assert cells["Delivered to the others"] == format_number(beside, 0)
    assert "The 2 customers need more than the servers give" in case.said
