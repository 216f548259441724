"""The read models: what every page shows, held against a second computation."""

import hashlib
import io
import json
import math
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

import pytest
from october import OCTOBER, QUARTER, local, sample
from operated_pool import NOW, copy_pool, operate_pool, read_october

from exotherm.core.samples import Quality
from exotherm.plan.study import make_study
from exotherm.store.sqlite import open_store
from exotherm.usecases import show
from exotherm.usecases.show_state import state_of
from exotherm.usecases.workspace import load_workspace

ROME = "Europe/Rome"


def told(function: Callable[..., object]) -> Callable[..., Any]:
    """Give what a reader of the JSON gets from a page's function."""

    def tell(*args: object, **kwargs: object) -> Any:
        return json.loads(json.dumps(function(*args, **kwargs), allow_nan=False))

    return tell


show_today, show_site = told(show.show_today), told(show.show_site)
show_plan, show_plan_missing = told(show.show_plan), told(show.show_plan_missing)
show_invoice, show_invoices = told(show.show_invoice), told(show.show_invoices)
show_evidence, show_evidences = told(show.show_evidence), told(show.show_evidences)


@pytest.fixture(scope="module")
def operated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("show") / "pool"
    proof = operate_pool(folder)
    return load_workspace(folder), proof


@pytest.fixture
def workspace(operated):
    return operated[0]


@pytest.fixture
def store(workspace):
    with open_store(workspace.store) as store:
        yield store


@pytest.fixture(scope="module")
def study(pool_site, pool_contract, pool_surroundings):
    return make_study(pool_site, pool_contract, pool_surroundings)


def numbers_in(value: object) -> list[float]:
    if isinstance(value, dict):
        return [number for one in value.values() for number in numbers_in(one)]
    if isinstance(value, list):
        return [number for one in value for number in numbers_in(one)]
    return [value] if isinstance(value, float) else []


def test_everything_shown_is_plain_and_never_nan(workspace, store, study, pool_site, pool_contract):
    everything = [
        show.show_today(workspace, store, now=NOW),
        show.show_site(workspace, store, now=NOW),
        show.show_plan(study, pool_site, pool_contract),
        show.show_invoices(store, folder="f", now=NOW),
        show.show_invoice(store, "EX-2026-0001", now=NOW),
        show.show_evidences(store, folder="f", zone=ROME),
        show.show_evidence(store, "2026-10", zone=ROME),
    ]
    for shown in everything:
        assert json.loads(json.dumps(shown, allow_nan=False)) == shown
        assert all(math.isfinite(number) for number in numbers_in(shown))


class TestToday:
    def test_delivers_while_readings_are_fresh_and_as_promised(self, workspace, store):
        shown = show_today(workspace, store, now=NOW)
        assert shown["state"]["word"] == "Delivering"
        assert shown["last_reading_age_s"] == 240.0
        assert shown["next"] is None

    def test_says_that_the_meter_is_silent_and_what_to_do(self, workspace, store):
        shown = show_today(workspace, store, now=OCTOBER.end + timedelta(minutes=31))
        assert shown["state"]["word"] == "No readings"
        assert shown["next"]["command"] == f"exotherm operate poll {workspace.folder}"

    def test_gives_the_last_documents_with_their_digits(self, workspace, store):
        shown = show_today(workspace, store, now=NOW)
        issued = json.loads(store.documents("invoice")[-1].json)
        claim = json.loads(store.documents("evidence")[-1].json)
        assert shown["last_invoice"]["total_amount"] == issued["total_amount"]
        assert (
            shown["last_evidence"]["conservative_kgco2e"]
            == claim["emissions"]["conservative_kgco2e"]
        )

    def test_asks_to_bill_a_month_that_is_over(self, tmp_path):
        parts = copy_pool(tmp_path / "pool")
        read_october(parts)
        with open_store(parts.store) as store:
            shown = show_today(load_workspace(parts.folder), store, now=NOW)
        assert [one["command"] for one in shown["to_do"]] == [
            f"exotherm bill close {parts.folder} --month 2026-10"
        ]

    def test_has_nothing_to_ask_where_all_is_billed_and_proved(self, workspace, store):
        assert show_today(workspace, store, now=NOW)["to_do"] == []

    def test_without_a_store_says_how_to_begin(self, workspace):
        shown = show_today(workspace, None, now=NOW)
        assert shown["state"]["word"] == "No readings yet"
        assert shown["next"]["command"] == f"exotherm operate poll {workspace.folder}"

    def test_without_files_says_what_is_missing(self, tmp_path):
        shown = show_today(load_workspace(tmp_path), None, now=NOW)
        assert shown["state"]["word"] == "Not ready"
        assert {one["where"]["file"] for one in shown["findings"]} == {"site.toml", "contract.toml"}
        assert shown["next"]["command"] == f"exotherm check {tmp_path}"


AT = datetime(2026, 10, 14, 12, 0, tzinfo=UTC)


class TestState:
    """The last reading judged as the bill would judge it; 14 October 2026 is a Wednesday."""

    @pytest.mark.parametrize(
        ("heat", "flow", "supply", "word", "tone"),
        [
            (120, 1050, 3120, "Delivering", "good"),
            (0, 0, 2500, "Standing by", "good"),
            (110, 1050, 2900, "Reduced", "watch"),
            (120, 1050, 2900, "Excused", "watch"),  # the whole capacity is drawn
            (120, 1050, 2950, "Delivering", "good"),  # within the tolerance
            (0, 1050, 3120, "Fault", "bad"),
        ],
    )
    def test_is_what_the_contract_says(
        self, pool_site, pool_contract, heat, flow, supply, word, tone
    ):
        last = readings(heat=heat, flow=flow, supply=supply)
        state = state_of(pool_site, pool_contract, last, now=AT)
        assert (state.word, state.tone) == (word, tone)

    def test_is_excused_in_the_maintenance_window(self, pool_site, pool_contract):
        tuesday = local(13, 5)
        last = {k: replace(v, source_at=tuesday) for k, v in readings(heat=0).items()}
        assert state_of(pool_site, pool_contract, last, now=tuesday).word == "Excused"

    def test_does_not_believe_a_suspect_reading(self, pool_site, pool_contract):
        last = readings()
        name = "heat_meter.supply_c"
        last[name] = replace(last[name], quality=Quality.SUSPECT)
        assert state_of(pool_site, pool_contract, last, now=AT).word == "Not measured"


def readings(*, heat=120, flow=1050, supply=3120):
    values = {"heat_kw": heat, "flow_m3h": flow, "supply_c": supply}
    return {f"heat_meter.{k}": sample(f"heat_meter.{k}", AT, v) for k, v in values.items()}


class TestSite:
    def test_shows_the_last_reading_of_every_point(self, workspace, store):
        shown = show_site(workspace, store, now=NOW)
        points = {point["name"]: point for point in shown["points"]}
        heat = points["heat_meter.heat_kw"]
        assert set(points) == set(store.last_samples())
        assert (heat["value"], heat["quality"], heat["age_s"], heat["stale"]) == (
            11.0,
            "good",
            240.0,
            False,
        )

    def test_marks_old_readings_as_stale(self, workspace, store):
        shown = show_site(workspace, store, now=OCTOBER.end + timedelta(hours=3))
        assert all(point["stale"] for point in shown["points"])

    def test_the_flow_picture_closes_with_what_is_not_accounted_for(self, workspace, store):
        flow = show_site(workspace, store, now=NOW)["now"]
        assert flow["power_kw"] == flow["heat_kw"] + flow["unaccounted_kw"]
        assert flow["lift_k"] == 10.0
        assert flow["flow_m3h"] == 1.05

    def test_the_day_is_that_of_the_last_reading(self, workspace, store):
        history = show_site(workspace, store, now=NOW)["history"]
        assert history["day"] == "2026-10-31"
        assert history["heat_kwh"] == 96 // 3 * (3 + 2 + 4)
        assert history["heat_kw"] == [11.0] * 96

    def test_the_day_on_which_clocks_go_back_has_a_hundred_quarter_hours(self, workspace, store):
        shown = show_site(workspace, store, now=NOW, day=date(2026, 10, 25))
        assert len(shown["history"]["at"]) == 100
        assert len(shown["history"]["supply_c"]) == 100
        assert shown["history"]["steps_missing"] == 0

    def test_a_day_without_readings_is_empty_and_says_so(self, workspace, store):
        history = show_site(workspace, store, now=NOW, day=date(2026, 9, 1))["history"]
        assert history["heat_kw"] == [None] * 96
        assert (history["steps_missing"], history["heat_kwh"]) == (96, None)

    def test_hours_to_come_are_not_missing(self, workspace, store):
        now = OCTOBER.end - 5 * QUARTER
        history = show_site(workspace, store, now=now, day=date(2026, 10, 31))["history"]
        assert (history["steps_past"], history["steps_missing"]) == (91, 0)
        assert history["day_after"] is None


class TestPlan:
    def test_has_what_the_command_line_promises(self, study, pool_site, pool_contract):
        shown = show_plan(study, pool_site, pool_contract)
        assert shown["npv"] == study.finance.npv
        assert shown["verdict_text"] == study.verdict_text
        for name in (
            "heat_demand_kwh",
            "heat_delivered_kwh",
            "recoverable_frac",
            "delivery_cost_per_kwh",
            "irr_frac",
            "payback_years",
            "verdict",
            "energy_balance_error_kwh",
            "setbacks",
            "findings",
        ):
            assert name in shown

    def test_values_have_the_unit_in_which_the_file_counts_them(
        self, study, pool_site, pool_contract
    ):
        shown = show_plan(study, pool_site, pool_contract)["assumptions"]
        units = {one["path"]: (one["value"], one["unit"]) for one in shown}
        assert units["boiler.efficiency_frac"] == (0.8, "fraction")
        assert units["pool.area_m2"][1] == "m²"
        assert units["economics.fuel_per_kwh"][1] == f"{study.currency}/kWh"
        assert units["site.name"][1] == ""

    def test_months_sum_to_the_year(self, study, pool_site, pool_contract):
        months = show_plan(study, pool_site, pool_contract)["months"]
        assert [month["month"] for month in months][0::11] == ["2026-01", "2026-12"]
        whole = sum(month["heat_kwh"] for month in months)
        assert whole == pytest.approx(study.heat_delivered_kwh, abs=1.0)
        assert sum(month["hours"] for month in months) == 8760.0

    def test_cash_adds_up_year_by_year(self, study, pool_site, pool_contract):
        cash = show_plan(study, pool_site, pool_contract)["cash"]
        parts = ("investment", "grant", "heat_revenue", "cooling_saved", "electricity", "upkeep")
        net = [sum(year[f"{part}_amount"] for part in parts) for year in cash]
        assert [year["net_amount"] for year in cash] == pytest.approx(net)
        running = list(accumulate(net))
        assert [year["cumulative_amount"] for year in cash] == pytest.approx(running)

    def test_without_a_study_says_what_stands_against_it(self, tmp_path):
        shown = show_plan_missing(load_workspace(tmp_path).findings, folder="here")
        assert shown["verdict"] is None
        assert shown["next"]["command"] == "exotherm check here"


class TestInvoice:
    def test_is_the_document_as_issued(self, store):
        shown = show_invoice(store, "EX-2026-0001", now=NOW)
        document = store.documents("invoice")[0]
        assert shown["invoice"] == json.loads(document.json)
        assert shown["files"][0]["sha256"] == hashlib.sha256(document.content).hexdigest()
        assert [file["name"] for file in shown["files"]] == [
            "EX-2026-0001.pdf",
            "EX-2026-0001.xml",
        ]

    def test_its_lines_sum_to_what_is_due(self, store):
        invoice = show_invoice(store, "EX-2026-0001", now=NOW)["invoice"]
        net = sum(Decimal(line["amount"]) for line in invoice["lines"])
        assert net + Decimal(invoice["vat_amount"]) == Decimal(invoice["total_amount"])

    def test_the_register_explains_the_quantity(self, store):
        shown = show_invoice(store, "EX-2026-0001", now=NOW)
        heat = sum(
            Decimal(line["quantity"]) for line in shown["invoice"]["lines"] if line["registers"]
        )
        assert Decimal(shown["how_measured"]["advance_shown"]) == heat

    def test_says_how_many_days_are_left_by_the_contracts_clock(self, store):
        late = datetime(2026, 12, 3, 23, 30, tzinfo=UTC)  # 4 December in Rome
        assert show_invoice(store, "EX-2026-0001", now=late)["due_days"] == -2

    def test_a_number_that_was_never_issued_is_none(self, store):
        assert show_invoice(store, "EX-2026-0002", now=NOW) is None

    def test_an_empty_list_says_how_invoices_come_about(self):
        shown = show_invoices(None, folder="here", now=NOW)
        assert shown["invoices"] == []
        assert shown["next"]["command"] == "exotherm bill close here --month YYYY-MM"


class TestEvidence:
    def test_says_the_claim_in_the_words_in_which_it_was_made(self, operated, store):
        shown = show_evidence(store, "2026-10", zone=ROME)
        assert shown["statement"] == list(operated[1].claim.statement)

    def test_hashes_are_those_of_the_packs_own_manifest(self, store):
        shown = show_evidence(store, "2026-10", zone=ROME)
        content = store.documents("evidence")[0].content
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            manifest = pack.read("manifest-sha256.txt").decode()
        listed = {name: digest for digest, name in map(str.split, manifest.splitlines())}
        shown_hashes = {file["name"]: file["sha256"] for file in shown["files"]}
        assert {name: shown_hashes[name] for name in listed} == listed
        assert set(shown_hashes) - set(listed) == {"manifest-sha256.txt", "log/checkpoint"}

    def test_names_the_key_in_the_command_that_verifies(self, store):
        shown = show_evidence(store, "2026-10", zone=ROME)
        invoice = json.loads(store.documents("invoice")[0].json)
        assert shown["verify"]["key"] == invoice["evidence_key"]
        assert shown["verify"]["commands"][-1].endswith(f"--key {invoice['evidence_key']}")

    def test_a_month_without_a_pack_is_none(self, store):
        assert show_evidence(store, "2026-09", zone=ROME) is None

    def test_an_empty_list_says_how_evidence_comes_about(self):
        shown = show_evidences(None, folder="here", zone=ROME)
        assert shown["next"]["command"] == "exotherm prove pack here --month YYYY-MM"
