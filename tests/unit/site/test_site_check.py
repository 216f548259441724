import json
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from changing import changed

from exotherm.core.findings import Severity
from exotherm.site import check, check_meters, check_values
from exotherm.site.check import check_site
from exotherm.site.check_values import standard_offset_h
from exotherm.site.document import Investment, Meter, OpeningHours
from exotherm.site.heat_path import HeatPath, captured_kw, heat_path_of

TEXT = (Path(__file__).parents[3] / "examples" / "pool" / "site.toml").read_text("utf-8")
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@pytest.fixture
def quiet(pool_site):
    """The example with the numbers that the cases below are made for."""
    site = changed(pool_site, delivery__flow_kgs=0.8, computing__power_kw_rated=28.0)
    assert check_site(site) == ()
    return site


def opening(opens_at: int, closes_at: int, *weekdays: int) -> OpeningHours:
    return OpeningHours(opens_at=opens_at, closes_at=closes_at, weekdays=weekdays)


def meter(**more: Any) -> Meter:
    usual: dict[str, Any] = {
        "name": "third", "protocol": "modbus-tcp", "port": 502, "address": 3,
        "profile": "plantroom", "serial": "77", "utc_offset_h": 0.0,
    }  # fmt: skip
    return Meter(**{**usual, **more})


# code, severity, path of the finding, changes
CASES: list[tuple[str, Severity, str, dict[str, Any]]] = [
    ("coolant-below-outdoor", ERROR, "weather.outdoor_c_design",
     {"weather__outdoor_c_design": 50.0}),
    ("rejection-too-small", ERROR, "rejection.heat_kw_rated", {"rejection__heat_kw_rated": 27.2}),
    ("rejection-too-small", ERROR, "rejection.heat_kw_rated", {"weather__outdoor_c_design": 38.0}),
    ("coolant-flow-too-small", ERROR, "capture.flow_kgs",
     {"capture__flow_kgs": 1.3, "capture__heat_capacity_kj_per_kgk": 1.39,
      "exchanger__ua_kw_per_k": 50.0, "delivery__exchanger__ua_kw_per_k": 50.0}),
    ("coolant-too-cool", ERROR, "capture.coolant_c_max",
     {"pool__water_c_set": 33.0, "pool__water_c_max": 34.0, "pool__hall_air_c": 34.0,
      "capture__coolant_c_max": 34.0, "weather__outdoor_c_design": 16.0}),
    ("exchangers-limit-heat", WARNING, "exchanger.ua_kw_per_k", {"exchanger__ua_kw_per_k": 2.0}),
    ("pool-band-wide", WARNING, "pool.water_c_max", {"pool__water_c_max": 31.1}),
    ("hall-air-too-cool", WARNING, "pool.hall_air_c", {"pool__hall_air_c": 25.9}),
    ("boiler-too-small", WARNING, "boiler.heat_kw_rated", {"boiler__heat_kw_rated": 24.9}),
    ("buffer-too-small", WARNING, "buffer.volume_m3", {"buffer__volume_m3": 0.23}),
    ("opening-backwards", ERROR, "pool.opening[1]", {"pool__opening__1": opening(9, 8, 6)}),
    ("opening-overlaps", ERROR, "pool.opening[1]", {"pool__opening__1": opening(21, 23, 5, 6)}),
    ("opening-overlaps", ERROR, "pool.opening[1]", {"pool__opening__1": opening(9, 19, 6, 6)}),
    ("never-open", WARNING, "pool.opening", {"pool__opening": ()}),
    ("never-open", WARNING, "pool.opening", {"pool__opening": (opening(9, 9, 1),)}),
    ("value-unusual", WARNING, "computing.idle_frac", {"computing__idle_frac": 0.61}),
    ("value-unusual", WARNING, "delivery.exchanger.fouling_frac",
     {"delivery__exchanger__fouling_frac": 0.41, "delivery__exchanger__ua_kw_per_k": 9.0}),
    ("value-unusual", WARNING, "pool.mains_c_mean", {"pool__mains_c_mean": 3.9}),
    ("value-unusual", WARNING, "carbon.grid.gco2e_per_kwh", {"carbon__grid__gco2e_per_kwh": 0.331}),
    ("price-implausible", WARNING, "economics.fuel_per_kwh", {"economics__fuel_per_kwh": 75.0}),
    ("price-implausible", WARNING, "economics.electricity_per_kwh",
     {"economics__electricity_per_kwh": -0.05}),
    ("place-outside-zone", WARNING, "site.longitude_deg", {"site__longitude_deg": -70.0}),
    ("place-outside-zone", WARNING, "site.longitude_deg",
     {"site__zone": "Pacific/Auckland", "meters": (meter(profile="heat-meter"),)}),
    ("investment-missing", NOTE, "economics.investment", {"economics__investment": ()}),
    ("grant-above-investment", WARNING, "economics.grant_amount",
     {"economics__investment": (Investment(name="Pipes", amount=900.0, life_years=20),),
      "economics__grant_amount": 901.0}),
    ("factor-without-uncertainty", WARNING, "carbon.fuel.uncertainty_frac",
     {"carbon__fuel__uncertainty_frac": 0.0}),
    ("meters-missing", NOTE, "meters", {"meters": ()}),
    ("heat-meter-missing", WARNING, "meters", {"meters": (meter(),)}),
    ("profile-unknown", ERROR, "meters[1].profile", {"meters__1__profile": "plant-room"}),
    ("meter-name-repeated", ERROR, "meters[1].name", {"meters__1__name": "heat_meter"}),
    ("meter-address-repeated", ERROR, "meters[1].address", {"meters__1__port": 10001}),
    ("meter-serial-repeated", ERROR, "meters[1].serial", {"meters__1__serial": "061440112"[-8:]}),
    ("meter-clock-unusual", WARNING, "meters[0].utc_offset_h", {"meters__0__utc_offset_h": 2.0}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "severity", "path", "changes"),
    CASES,
    ids=[f"{case[0]}-{number}" for number, case in enumerate(CASES)],
)
def test_what_makes_no_sense_is_found(quiet, code, severity, path, changes):
    found = check_site(changed(quiet, **changes), text=TEXT)
    assert [finding.code for finding in found] == [f"site.{code}"]
    finding = found[0]
    assert (finding.severity, finding.where.path) == (severity, path)
    assert finding.where.file == "site.toml"
    assert finding.where.line is not None
    assert finding.remedy.endswith(".")
    assert json.loads(json.dumps(finding.to_json())) == finding.to_json()


def test_every_check_has_a_case():
    sources = [
        Path(str(module.__file__)).read_text("utf-8")
        for module in (check, check_meters, check_values)
    ]
    written = set(re.findall(r'"site\.(?!toml)([a-z-]+)"', "".join(sources)))
    assert written == {case[0] for case in CASES}


def test_the_example_makes_sense(pool_site):
    assert check_site(pool_site, text=TEXT) == ()


def test_places_have_lines_only_where_there_is_a_text(quiet):
    found = check_site(changed(quiet, boiler__heat_kw_rated=0.0), file="draft.toml")
    assert str(found[0].where) == "draft.toml (boiler.heat_kw_rated)"


def test_rejection_that_just_suffices_is_enough(quiet):
    # 28 kW by 96 % and 0.4 kW of the pump are 27.28 kW, at the rated lift of 15 K.
    assert check_site(changed(quiet, rejection__heat_kw_rated=27.28)) == ()
    found = check_site(changed(quiet, rejection__heat_kw_rated=27.27))
    assert [finding.code for finding in found] == ["site.rejection-too-small"]
    assert found[0].data["needed_kw"] == 27.28
    assert "27.3\u00a0kW or more at its rating" in found[0].remedy


def test_hours_that_only_touch_do_not_overlap(quiet):
    hours = (opening(7, 12, 1, 2), opening(12, 20, 1, 2))
    assert check_site(changed(quiet, pool__opening=hours)) == ()


def test_a_pool_that_nobody_visits_may_stay_closed(quiet):
    assert check_site(changed(quiet, pool__opening=(), pool__bathers_per_day=0.0)) == ()


def test_prices_in_small_coins_are_not_judged(quiet):
    site = changed(quiet, site__currency="CZK", economics__fuel_per_kwh=1.9)
    assert check_site(site) == ()


def test_meters_on_one_gateway_have_addresses_of_their_own(quiet):
    meters = (*quiet.meters, meter(port=10001, address=2, utc_offset_h=1.0))
    assert check_site(changed(quiet, meters=meters)) == ()


@pytest.mark.parametrize(
    ("zone", "winter_h"),
    [
        ("Europe/Rome", 1.0),
        ("Europe/Dublin", 0.0),
        ("Australia/Sydney", 10.0),
        ("America/St_Johns", -3.5),
        ("Asia/Tokyo", 9.0),
    ],
)
def test_winter_time_is_the_smaller_offset_of_the_year(zone, winter_h):
    assert standard_offset_h(ZoneInfo(zone), 2026) == winter_h


def test_heat_passes_as_through_two_resistances(quiet):
    path = heat_path_of(quiet)
    heat_kw = path.heat_kw(coolant_c=50.0, pool_c=28.0)
    buffer_c = 50.0 - heat_kw / path.exchanger_kw_per_k
    assert heat_kw == pytest.approx(path.delivery_kw_per_k * (buffer_c - 28.0))
    assert captured_kw(quiet) == pytest.approx(26.88)
    assert captured_kw(quiet, power_frac=0.3) == pytest.approx(8.064)


@pytest.mark.parametrize(("first", "second"), [(0.0, 2.0), (2.0, 0.0), (0.0, 0.0)])
def test_nothing_passes_an_exchanger_that_is_blocked(first, second):
    path = HeatPath(exchanger_kw_per_k=first, delivery_kw_per_k=second)
    assert path.heat_kw(coolant_c=50.0, pool_c=28.0) == 0.0
