import shutil
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from demand_files import ROME, csv_of, heat_kw, instants, without_times
from parquet_files import parquet_of

from exotherm.core.findings import Severity
from exotherm.feeds.cop_maps import COP_MAPS, cop_map_name, load_cop_map
from exotherm.feeds.load_profiles import load_profile
from exotherm.site.customers import BUILDING_BY_KIND
from exotherm.site.profiles import PROFILE_BY_KIND
from exotherm.site.reading import read_site
from exotherm.site.series import hour_of_typical_year
from exotherm.usecases.files import WorkspaceFiles
from exotherm.usecases.surroundings import profile_of_year, series_files_of, surroundings_of
from exotherm.usecases.workspace import load_workspace, ready

HOUR = timedelta(hours=1)
MEASURED = """
[[measured]]
name            = "Mill"
file            = "heat.{suffix}"
supply_c_design = 60.0
return_c_design = 40.0
{more}
"""
BUILDING = """
[[buildings]]
name     = "{kind}"
kind     = "{kind}"
floor_m2 = 2000.0
method   = "{method}"
"""
HEAT_PUMP = """
[heat_pump]
heat_kw_rated = 20.0
refrigerant   = "{refrigerant}"
method        = "{method}"
{more}
"""


@pytest.fixture
def folder(pool_folder, tmp_path):
    return shutil.copytree(pool_folder, tmp_path / "site")


def load(folder, more):
    """Read the pool's site with more in its file, and what it asks for."""
    text = (folder / "site.toml").read_text("utf-8") + more
    read = read_site(text)
    assert read.document is not None, read.findings
    files = WorkspaceFiles(folder)
    return surroundings_of(read.document, files, site_text=text), files.findings


def measured(suffix="csv", more=""):
    return MEASURED.format(suffix=suffix, more=more)


# --- The bundle


def test_a_workspace_has_its_surroundings(pool_folder, pool_surroundings):
    workspace = ready(load_workspace(pool_folder))
    assert workspace is not None
    lived = workspace.surroundings
    assert lived.weather.source == pool_surroundings.weather.source
    assert lived.utilisation.utilisation_frac.size == 672
    assert (lived.measured, lived.load_profiles, lived.cop_map) == ((), {}, None)


@pytest.mark.parametrize("name", ["weather.csv", "utilisation.csv", "heat.csv"])
def test_without_a_part_there_are_none(folder, name):
    (folder / "heat.csv").write_text(without_times([20.0] * 8760))
    (folder / name).unlink()
    surroundings, findings = load(folder, measured())
    assert surroundings is None
    (finding,) = [one for one in findings if one.severity is Severity.ERROR]
    assert (finding.code, finding.where.file) == ("workspace.file-unreadable", name)


def test_every_series_of_a_site_is_named(folder):
    text = (folder / "site.toml").read_text("utf-8") + measured() + measured("parquet")
    site = read_site(text).document
    assert site is not None
    named = ("weather.csv", "utilisation.csv", "heat.csv", "heat.parquet")
    assert series_files_of(site) == named


# --- Measured heat


def test_measured_heat_is_read_for_the_planned_year(folder):
    lines = [(f"{each:%Y-%m-%dT%H:%M}Z", heat_kw(each)) for each in instants(year=2025)]
    (folder / "heat.csv").write_text(csv_of(lines))
    surroundings, findings = load(folder, measured())
    assert [finding.code for finding in findings] == ["demand.other-year"]
    (demand,) = surroundings.measured
    assert demand.start == datetime(2026, 1, 1, tzinfo=ROME).astimezone(UTC)
    assert demand.heat_kwh == pytest.approx(sum(value for _, value in lines))


def test_measured_heat_may_be_parquet(folder):
    heat = [heat_kw(each) for each in instants(year=2026)]
    (folder / "heat.parquet").write_bytes(parquet_of(time=instants(year=2026), heat_kw=heat))
    surroundings, findings = load(folder, measured("parquet"))
    assert findings == []
    assert list(surroundings.measured[0].heat_kw) == heat


def test_each_customer_has_its_own_heat_in_the_order_of_the_file(folder):
    (folder / "heat.csv").write_text(without_times([20.0] * 8760))
    (folder / "heat.parquet").write_bytes(parquet_of(heat_kw=[30.0] * 8760))
    surroundings, _ = load(folder, measured() + measured("parquet"))
    assert [one.heat_kw[0] for one in surroundings.measured] == [20.0, 30.0]


def test_a_flaw_is_named_with_file_and_line(folder):
    (folder / "heat.csv").write_text(without_times([20.0] * 99 + [-1.0] + [20.0] * 8660))
    surroundings, (finding,) = load(folder, measured())
    assert surroundings is None
    assert (finding.code, str(finding.where)) == ("demand.negative", "heat.csv:101")


def test_flaws_of_all_series_are_collected(folder):
    (folder / "weather.csv").unlink()
    (folder / "heat.csv").write_text("month,heat_kwh\nJan,many\n")
    _, findings = load(folder, measured(more='profile = "public"'))
    assert [one.code for one in findings] == ["workspace.file-unreadable", "demand.bad-value"]


def test_the_customers_boiler_tells_a_wrong_unit(folder):
    (folder / "heat.csv").write_text(without_times([20_000.0] * 8760))
    surroundings, (finding,) = load(folder, measured())
    assert surroundings is not None
    assert finding.code == "demand.factor-thousand"


def test_months_are_laid_on_the_hours_by_a_load_profile(folder):
    months = [300.0 - 40.0 * min(month, 12 - month) for month in range(12)]
    (folder / "heat.csv").write_text(without_times(months, column="heat_mwh"))
    assert load(folder, measured())[1][0].code == "demand.profile-needed"
    surroundings, findings = load(folder, measured(more='profile = "public"'))
    assert [one.code for one in findings] in ([], ["demand.factor-thousand"])
    (demand,) = surroundings.measured
    assert demand.heat_kwh == pytest.approx(1000.0 * sum(months))
    assert demand.heat_kw[: 31 * 24].sum() == pytest.approx(300_000.0)
    by_week = demand.heat_kw[24 * 4 : 24 * (4 + 21)].reshape(3, 7, 24).sum(axis=(0, 2))
    assert by_week.argmin() == 5, "offices use least on Saturdays"


# --- Load profiles


@pytest.mark.parametrize("year", [2026, 2028])
@pytest.mark.parametrize("zone", ["Europe/Rome", "America/New_York", "Asia/Kolkata", "UTC"])
def test_a_profile_lives_by_the_local_clock_in_summer_and_winter(pool_surroundings, zone, year):
    place = ZoneInfo(zone)
    laid = profile_of_year(load_profile("public"), pool_surroundings.weather, year=year, zone=place)
    assert laid.shape == (8760,)
    assert np.isfinite(laid).all()
    assert (laid > 0).all()
    for month in (1, 6, 11):
        # Offices begin to heat in the morning, by their own clock; from the second Monday on.
        first = datetime(year, month, 8, tzinfo=place)
        day = first + timedelta(days=-first.weekday() % 7)
        hours = [day.replace(hour=hour).astimezone(UTC) for hour in range(24)]
        of_day = laid[[hour_of_typical_year(hour) for hour in hours]]
        assert 4 <= int(of_day.argmax()) <= 9, (zone, month)


def test_weekdays_are_those_of_the_planned_year_also_after_a_leap_day(pool_surroundings):
    laid = profile_of_year(load_profile("public"), pool_surroundings.weather, year=2028, zone=ROME)
    lived = dict.fromkeys(range(7), 0.0)
    for hour in instants(year=2028):
        local = hour.astimezone(ROME)
        if local.month in (10, 11, 12) and local.day <= 28:
            lived[local.weekday()] += laid[hour_of_typical_year(hour)]
    assert set(sorted(lived, key=lived.__getitem__)[:2]) == {5, 6}


def test_every_kind_of_building_has_a_profile():
    assert set(PROFILE_BY_KIND) == set(BUILDING_BY_KIND)


def test_only_the_profiles_that_buildings_ask_for_are_loaded(folder):
    buildings = (("school", "profile"), ("office", "profile"), ("care home", "degree hours"))
    more = "".join(BUILDING.format(kind=kind, method=method) for kind, method in buildings)
    surroundings, findings = load(folder, more)
    assert findings == []
    assert dict(surroundings.load_profiles) == {"public": load_profile("public")}


# --- COP maps


@pytest.mark.parametrize(
    ("refrigerant", "more", "name"),
    [
        ("R290", "", "R290"),
        ("R717", "", "R717"),
        ("R744", "sink_return_c = 24.0", "R744-return-20"),
        ("R744", "sink_return_c = 25.0", "R744-return-30"),
        ("R744", "", "R744-return-40"),
        ("R744", "sink_return_c = 55.0", "R744-return-40"),
    ],
)
def test_the_map_is_that_of_the_refrigerant(folder, refrigerant, more, name):
    pump = HEAT_PUMP.format(refrigerant=refrigerant, method="map", more=more)
    surroundings, _ = load(folder, pump)
    expected = load_cop_map(name)
    assert surroundings.cop_map is not None
    assert (surroundings.cop_map.efficiency_frac == expected.efficiency_frac).all()


def test_a_pump_that_asks_for_no_map_has_none(folder):
    pump = HEAT_PUMP.format(refrigerant="R290", method="size", more="")
    assert load(folder, pump)[0].cop_map is None


def test_every_map_has_a_name_that_leads_to_it():
    refrigerants = {name.partition("-")[0] for name in COP_MAPS}
    names = {
        cop_map_name(refrigerant, sink_return_c=float(at))
        for refrigerant in refrigerants
        for at in (20, 30, 40)
    }
    assert names == set(COP_MAPS)
