"""The example sites: each runs, is silent, closes its energy, and is what its folder says."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from exotherm.core.units import format_quantity
from exotherm.plan.study import StudyResult
from exotherm.plan.year import year_period
from exotherm.plant.build import build_plant, initial_state
from exotherm.plant.expose import expose
from exotherm.plant.simulate import balance_errors_kw, scale_kw, simulate
from exotherm.usecases.study import study_workspace
from exotherm.usecases.workspace import Ready, load_workspace, ready

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(site.parent for site in (ROOT / "examples").glob("*/site.toml"))
STUDY_NAMES = (
    "heat_demand_kwh",
    "heat_delivered_kwh",
    "recoverable_frac",
    "delivery_cost_per_kwh",
    "npv",
    "irr_frac",
    "payback_years",
    "energy_balance_error_kwh",
    "verdict",
)
every_example = pytest.mark.parametrize("name", [folder.name for folder in FOLDERS])
_STUDIES: dict[str, tuple[Ready, StudyResult]] = {}


def example(name: str) -> Ready:
    workspace = load_workspace(ROOT / "examples" / name)
    loaded = ready(workspace)
    assert loaded is not None, workspace.findings
    return loaded


def studied(name: str) -> tuple[Ready, StudyResult]:
    """Study an example, once for all tests."""
    if name not in _STUDIES:
        loaded = example(name)
        study = study_workspace(loaded)
        _STUDIES[name] = (loaded, study)
    return _STUDIES[name]


def test_there_is_an_example_of_every_archetype():
    assert {folder.name for folder in FOLDERS} == {
        "pool",
        "school",
        "care-home",
        "housing-block",
        "district-heating",
    }


# --- Through the door


@every_example
def test_plan_runs_and_says_all_nine_names(name, ask):
    code, plan = ask("plan", "run", str(ROOT / "examples" / name))
    assert code == 0
    assert set(STUDY_NAMES) <= set(plan)
    # A school pays too little for heat that has to be lifted to 60 °C: that is what it shows.
    said = ["plan.heat-pump-loses"] if name == "school" else []
    assert [one["code"] for one in plan["findings"]] == said


@every_example
@pytest.mark.parametrize("command", [("check",), ("contract", "check")])
def test_checks_are_silent(name, command, ask):
    code, answer = ask(*command, str(ROOT / "examples" / name))
    assert (code, answer["findings"]) == (0, [])


# --- The year


@every_example
def test_energy_closes_in_every_step(name):
    loaded, study = studied(name)
    for year in (study.year.with_heat, study.year.boiler_alone, study.year.servers_alone):
        scale = scale_kw(year.flows, build_plant(loaded.site), year.step_h)
        for error in balance_errors_kw(year.flows):
            assert np.abs(error).max() <= 1e-9 * scale


@every_example
def test_steps_of_an_hour_a_quarter_and_a_minute_give_the_same_year(name):
    loaded = example(name)
    plant, period = build_plant(loaded.site), year_period(loaded.site)
    years = [
        simulate(
            plant,
            expose(loaded.site, loaded.surroundings, period, step=timedelta(minutes=minutes)),
            initial_state(plant),
        )
        for minutes in (60, 15, 1)
    ]
    for flow in ("delivered_kw", "heat_pump_power_kw", "backup_kw"):
        hour, quarter, minute = (year.energy_kwh(flow) for year in years)
        assert hour == pytest.approx(minute, rel=0.01), flow
        assert quarter == pytest.approx(minute, rel=0.01), flow


@every_example
def test_no_temperature_is_absurd(name):
    loaded, study = studied(name)
    flows, site = study.year.with_heat.flows, loaded.site
    pump_c = site.heat_pump.sink_c_max if site.heat_pump else 0.0
    warmest_c = max(site.capture.coolant_c_max, pump_c)
    coldest_c = min(site.buffer.room_c, 4.0)
    for layer in ("buffer_c", "buffer_c_min", "supply_c"):
        assert flows[layer].min() >= coldest_c
        assert flows[layer].max() <= warmest_c + 1e-9
    assert flows["coolant_c"].max() <= site.capture.coolant_c_max + 0.01
    assert (flows["buffer_c"] >= flows["buffer_c_min"] - 1e-9).all()


@every_example
def test_the_promise_is_kept_in_nearly_every_month(name):
    loaded, study = studied(name)
    promised = loaded.contract.availability.available_frac_min
    available = [month.rated.available_frac for month in study.months]
    assert sum(frac is not None and frac >= promised for frac in available) >= 11


# --- What each shows


@dataclass(frozen=True)
class Shown:
    """What the folder says of its site: the ways of the heat in the year, and the verdict."""

    direct: bool
    pump: bool
    verdict: str


SHOWN = {
    "pool": Shown(direct=True, pump=False, verdict="robust"),
    "school": Shown(direct=True, pump=True, verdict="do not build"),
    "care-home": Shown(direct=True, pump=False, verdict="robust"),
    "housing-block": Shown(direct=False, pump=True, verdict="conditional"),
    "district-heating": Shown(direct=True, pump=True, verdict="robust"),
}


@every_example
def test_heat_takes_the_ways_that_the_folder_says(name):
    loaded, study = studied(name)
    energy_kwh, shown = study.year.with_heat.energy_kwh, SHOWN[name]
    assert (loaded.site.exchanger is not None) == shown.direct
    assert (loaded.site.heat_pump is not None) == shown.pump
    # Each way that is there carries a good part.
    least_kwh = 0.1 * study.heat_delivered_kwh
    assert (energy_kwh("exchanged_kw") > least_kwh) == shown.direct
    assert (energy_kwh("heat_pump_kw") > least_kwh) == shown.pump
    assert study.verdict.value == shown.verdict
    assert 0.2 < study.displaced_frac < 0.95
    assert study.unmet_kwh == 0.0


@pytest.mark.parametrize("name", ["school", "housing-block", "district-heating"])
def test_the_heat_pump_is_as_good_as_such_machines_are(name):
    """Seasonal COP between 3.5 and 5.5 for lifts of 30 to 50 K, as large heat pumps report."""
    loaded, study = studied(name)
    energy_kwh = study.year.with_heat.energy_kwh
    cop = energy_kwh("heat_pump_kw") / energy_kwh("heat_pump_power_kw")
    assert 3.5 < cop < 5.5
    assert loaded.site.heat_pump is not None
    full_h = energy_kwh("heat_pump_kw") / loaded.site.heat_pump.heat_kw_rated
    assert 2000 < full_h < 8000


def test_a_school_rejects_in_summer_what_it_lacks_in_winter():
    _, study = studied("school")
    year = study.year.with_heat.flows
    winter, summer = months_of_quarters(year, 0), months_of_quarters(year, 7)
    assert summer["rejected_kw"] > 0.6 * summer["captured_kw"]
    assert winter["rejected_kw"] < 0.2 * winter["captured_kw"]
    assert winter["backup_kw"] > 3.0 * winter["delivered_kw"]


def months_of_quarters(flows, month):
    """Sum flows over about a month: a twelfth of the year."""
    steps = next(iter(flows.values())).size // 12
    return {
        name: values[month * steps : (month + 1) * steps].sum() for name, values in flows.items()
    }


def test_the_school_pays_without_its_heat_pump():
    loaded, study = studied("school")
    assert not study.heat_pump.needed
    economics = loaded.site.economics
    others = tuple(one for one in economics.investment if "Heat pump" not in one.name)
    assert len(others) == len(economics.investment) - 1
    site = loaded.site.model_copy(
        update={
            "heat_pump": None,
            "economics": economics.model_copy(update={"investment": others}),
        }
    )
    direct = study_workspace(replace(loaded, site=site))
    assert direct.finance.npv > 0.0
    assert direct.heat_delivered_kwh > 0.6 * study.heat_delivered_kwh


def test_the_care_home_needs_no_heat_pump():
    _, study = studied("care-home")
    assert not study.heat_pump.stands
    assert not study.heat_pump.needed


def test_the_housing_block_and_the_network_need_theirs():
    for name in ("housing-block", "district-heating"):
        _, study = studied(name)
        assert study.heat_pump.needed
        assert study.heat_pump.direct_frac < 0.01


# --- The page


HEAD = "| example | demand | delivered | displaced | rejected | COP | net present value | verdict |"


def row_of(name: str) -> str:
    """Write the row of an example as it stands in the page."""
    loaded, study = studied(name)
    energy_kwh, currency = study.year.with_heat.energy_kwh, loaded.site.site.currency
    power_kwh = energy_kwh("heat_pump_power_kw")
    cells = (
        f"[{name}](../examples/{name}/site.toml)",
        f"{round(study.heat_demand_kwh / 1000)} MWh",
        f"{round(study.heat_delivered_kwh / 1000)} MWh",
        f"{study.displaced_frac:.0%}".replace("%", " %"),
        f"{round(study.rejected_kwh / 1000)} MWh",
        f"{energy_kwh('heat_pump_kw') / power_kwh:.1f}" if power_kwh else "none",
        format_quantity("npv", round(study.finance.npv, -3), currency=currency),
        study.verdict.value,
    )
    return f"| {' | '.join(cells)} |"


@every_example
def test_the_page_has_the_numbers_of_the_plan(name):
    page = (ROOT / "docs" / "examples.md").read_text(encoding="utf-8")
    assert HEAD in page
    assert row_of(name) in page.splitlines(), row_of(name)


def test_what_a_page_links_to_is_there():
    page = (ROOT / "docs" / "examples.md").read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)", page):
        assert (ROOT / "docs" / link).exists(), link
