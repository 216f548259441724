import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from changing import changed
from other_sites import (
    OTHER_SITES,
    measured,
    network,
    pool_and_school,
    school,
    school_by_cold_plates,
    school_by_heat_pump,
)

from exotherm.core.findings import Severity
from exotherm.core.samples import Point
from exotherm.site import check
from exotherm.site.check import check_site
from exotherm.site.check_values import standard_offset_h
from exotherm.site.customers import Closed, Emitter, OpeningHours, Ventilation
from exotherm.site.document import Meter, Site
from exotherm.site.economics import Investment
from exotherm.site.machines import AirCooling, Exchanger, HeatPump, HeatPumpPoint
from exotherm.site.meters import Measured
from exotherm.site.uplink import Uplink

TEXT = (Path(__file__).parents[3] / "examples" / "pool" / "site.toml").read_text("utf-8")
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
SiteMaker = Callable[[Site], Site]


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


def point(source_in_c: float, sink_out_c: float, *, cop: float = 3.8) -> HeatPumpPoint:
    return HeatPumpPoint(source_in_c=source_in_c, sink_out_c=sink_out_c, cop=cop)


# code, severity, path of the finding, changes
CASES: list[tuple[str, Severity, str, dict[str, Any]]] = [
    ("coolant-below-outdoor", ERROR, "weather.outdoor_c_design",
     {"weather__outdoor_c_design": 50.0}),
    ("rejection-too-small", ERROR, "rejection.heat_kw_rated", {"rejection__heat_kw_rated": 27.2}),
    ("rejection-too-small", ERROR, "rejection.heat_kw_rated", {"weather__outdoor_c_design": 38.0}),
    ("fans-too-strong", WARNING, "rejection.fan_kw_rated", {"rejection__fan_kw_rated": 8.0}),
    ("coolant-flow-too-small", ERROR, "capture.flow_kgs",
     {"capture__flow_kgs": 1.3, "capture__heat_capacity_kj_per_kgk": 1.39,
      "exchanger__ua_kw_per_k": 50.0, "delivery__exchanger__ua_kw_per_k": 50.0}),
    ("coolant-too-cool", ERROR, "capture.coolant_c_max",
     {"pool__water_c_set": 33.0, "pool__water_c_max": 34.0, "pool__hall_air_c": 34.0,
      "capture__coolant_c_max": 33.0, "weather__outdoor_c_design": 16.0}),
    ("coolant-too-cool", WARNING, "capture.coolant_c_max",
     {"pool__water_c_set": 33.0, "pool__water_c_max": 34.0, "pool__hall_air_c": 34.0,
      "capture__coolant_c_max": 34.0, "weather__outdoor_c_design": 16.0}),
    ("exchangers-limit-heat", WARNING, "exchanger.ua_kw_per_k", {"exchanger__ua_kw_per_k": 2.0}),
    ("return-above-supply", ERROR, "pool.ventilation",
     {"pool__ventilation": Ventilation(supply_c=35.0, return_c=35.0)}),
    ("pool-band-wide", WARNING, "pool.water_c_max", {"pool__water_c_max": 31.1}),
    ("hall-air-too-cool", WARNING, "pool.hall_air_c", {"pool__hall_air_c": 25.9}),
    ("boiler-too-small", WARNING, "boiler.heat_kw_rated", {"boiler__heat_kw_rated": 24.9}),
    ("buffer-too-small", WARNING, "buffer.volume_m3", {"buffer__volume_m3": 0.23}),
    ("buffer-layer-too-thin", ERROR, "buffer.layers", {"buffer__layers": 124}),
    ("coolant-above-class", ERROR, "capture.liquid_class", {"capture__liquid_class": "W40"}),
    ("air-outside-class", ERROR, "capture.air_class",
     {"capture__room_c": 34.0, "capture__air_class": "A1"}),
    ("room-not-cooled", WARNING, "capture",
     {"capture__capture_frac": 0.80, "exchanger__ua_kw_per_k": 6.1}),
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
    ("value-unusual", WARNING, "capture.capture_frac",
     {"capture__capture_frac": 0.79, "air_cooling": AirCooling()}),
    ("value-unusual", WARNING, "boiler.efficiency_frac",
     {"boiler__fuel": "electricity", "boiler__efficiency_frac": 0.89}),
    ("value-unusual", WARNING, "pool.ventilation.wet_area_frac",
     {"pool__ventilation": Ventilation(wet_area_frac=3.1)}),
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
    ("meter-name-repeated", ERROR, "meters[1].name", {"meters__1__name": "heat_meter"}),
    ("meter-address-repeated", ERROR, "meters[1].address", {"meters__1__port": 10001}),
    ("meter-serial-repeated", ERROR, "meters[1].serial", {"meters__1__serial": "061440112"[-8:]}),
    ("meter-before-unknown", ERROR, "meters[1].part_of", {"meters__1__part_of": "main"}),
    ("meters-in-a-ring", ERROR, "meters[0].part_of",
     {"meters__0__part_of": "rack", "meters__1__part_of": "heat_meter"}),
    ("meter-cannot-measure", ERROR, "meters[0].measures", {"meters__0__measures": "it"}),
    ("meter-cannot-measure", ERROR, "meters[1].measures", {"meters__1__measures": "rejected"}),
    ("basis-of-nothing", WARNING, "basis[1].values", {"basis__1__values": "computers"}),
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


# site, code, severity, path of the finding, changes
CASES_ELSEWHERE: list[tuple[SiteMaker, str, Severity, str, dict[str, Any]]] = [
    # Meters
    (lambda site: site, "uplink-in-clear", WARNING, "uplink.port",
     {"uplink": Uplink(host="broker.example.org", port=1883)}),
    # Coolant
    (school_by_cold_plates, "coolant-flow-too-small", ERROR, "capture.flow_kgs",
     {"capture__flow_kgs": 0.2, "exchanger__ua_kw_per_k": 80.0, "delivery__flow_kgs": 0.5}),
    (school_by_heat_pump, "coil-too-small", WARNING, "capture.ua_kw_per_k",
     {"capture__ua_kw_per_k": 0.9, "air_cooling": AirCooling()}),
    (school_by_cold_plates, "coolant-above-class", ERROR, "capture.liquid_class",
     {"capture__liquid_class": "W32"}),
    (school_by_heat_pump, "air-outside-class", ERROR, "capture.air_class",
     {"capture__room_c": 26.0, "capture__air_class": "H1"}),
    (school_by_heat_pump, "door-below-dew-point", WARNING, "capture.coolant_c_set",
     {"capture__coolant_c_set": 14.8}),
    (school_by_cold_plates, "room-not-cooled", WARNING, "capture", {"air_cooling": None}),
    # Rejection
    (school_by_heat_pump, "coolant-below-outdoor", ERROR, "weather.outdoor_c_design",
     {"rejection__chiller_eer": None}),
    (school_by_heat_pump, "coolant-below-outdoor", ERROR, "weather.outdoor_c_design",
     {"rejection__chiller_eer": None, "weather__outdoor_c_design": 18.0,
      "rejection__heat_kw_rated": 200.0}),
    (school_by_heat_pump, "coolant-below-outdoor", ERROR, "weather.outdoor_c_design",
     {"rejection__chiller_eer": None, "rejection__kind": "closed wet"}),
    (school_by_heat_pump, "rejection-too-small", ERROR, "rejection.heat_kw_rated",
     {"rejection__chiller_eer": None, "weather__outdoor_c_design": 17.0}),
    (school_by_heat_pump, "chiller-always-runs", NOTE, "rejection.chiller_eer",
     {"rejection__heat_kw_rated": 20.0}),
    (school_by_cold_plates, "rejection-too-small", ERROR, "rejection.heat_kw_rated",
     {"rejection__heat_kw_rated": 11.0}),
    (school_by_cold_plates, "rejection-too-small", ERROR, "rejection.heat_kw_rated",
     {"capture__liquid_class": "W40", "rejection__heat_kw_rated": 31.0}),
    (school_by_cold_plates, "coolant-not-held", WARNING, "capture.coolant_c_set",
     {"weather__outdoor_c_design": 38.0}),
    # Exchanger and store
    (school_by_cold_plates, "exchangers-limit-heat", WARNING, "exchanger.ua_kw_per_k",
     {"exchanger__ua_kw_per_k": 0.4}),
    (pool_and_school, "exchanger-idle", WARNING, "exchanger",
     {"buildings": (), "capture__coolant_c_max": 31.0, "weather__outdoor_c_design": 15.0,
      "pool__water_c_set": 31.0, "pool__water_c_max": 31.8}),
    (measured, "coolant-too-cool", ERROR, "capture.coolant_c_max",
     {"measured__0__supply_c_design": 70.0, "measured__0__return_c_design": 50.0}),
    (measured, "coolant-too-cool", WARNING, "capture.coolant_c_max",
     {"measured__0__supply_c_design": 70.0, "measured__0__return_c_design": 45.0}),
    (school_by_heat_pump, "coolant-too-cool", WARNING, "capture.coolant_c_set",
     {"heat_pump": None, "exchanger": Exchanger(ua_kw_per_k=20.0, flow_kgs=2.0)}),
    (school_by_heat_pump, "buffer-layer-too-thin", ERROR, "buffer.layers",
     {"heat_pump__heat_kw_rated": 80.0, "buffer__layers": 60}),
    # Heat pump
    (school_by_heat_pump, "sink-above-limit", WARNING, "heat_pump.sink_c_max",
     {"heat_pump__refrigerant": "R744", "heat_pump__sink_c_max": 58.0}),
    (school_by_heat_pump, "sink-above-limit", NOTE, "heat_pump.sink_c_set",
     {"heat_pump__sink_c_set": 50.0}),
    (school_by_heat_pump, "sink-above-limit", WARNING, "heat_pump.sink_c_set",
     {"heat_pump__sink_c_set": 71.0}),
    (school_by_heat_pump, "sink-beyond-refrigerant", ERROR, "heat_pump.sink_c_max",
     {"heat_pump__sink_c_max": 75.5}),
    (school_by_heat_pump, "sink-beyond-refrigerant", ERROR, "heat_pump.sink_c_max",
     {"heat_pump__sink_c_max": 97.0, "heat_pump__method": "points",
      "heat_pump__points": (point(20, 97, cop=2.0), point(20, 60))}),
    (school_by_heat_pump, "source-beyond-refrigerant", WARNING, "heat_pump.source_c_max",
     {"heat_pump__source_c_max": 26.0}),
    (school_by_heat_pump, "source-too-cold", ERROR, "heat_pump.source_c_min",
     {"heat_pump__source_c_min": 14.0}),
    (pool_and_school, "source-too-warm", ERROR, "heat_pump.mixing_valve",
     {"heat_pump__mixing_valve": False}),
    (school_by_heat_pump, "cop-above-carnot", ERROR, "heat_pump.points[1]",
     {"heat_pump__method": "points", "heat_pump__runs": "always",
      "heat_pump__points": (point(20, 60), point(20, 60, cop=8.0))}),
    (school_by_heat_pump, "points-unused", WARNING, "heat_pump.points",
     {"heat_pump__points": (point(20, 60),)}),
    (school_by_heat_pump, "points-elsewhere", WARNING, "heat_pump.points",
     {"heat_pump__method": "points", "heat_pump__points": (point(0, 60, cop=3.0),)}),
    (school_by_heat_pump, "points-elsewhere", WARNING, "heat_pump.points",
     {"heat_pump__method": "points", "heat_pump__points": (point(20, 35, cop=5.0),)}),
    (school_by_heat_pump, "points-of-other-size", WARNING, "heat_pump.heat_kw_rated",
     {"heat_pump__method": "points", "heat_pump__points": (HeatPumpPoint(
         source_in_c=19.0, sink_out_c=70.0, cop=3.0, heat_kw=90.0),)}),
    (network, "return-above-map", WARNING, "heat_pump.sink_return_c",
     {"heat_pump": HeatPump(heat_kw_rated=20.0, refrigerant="R744", method="map",
                            sink_return_c=30.0, runs="always")}),
    (school_by_heat_pump, "heat-pump-too-large", WARNING, "heat_pump.heat_kw_rated",
     {"heat_pump__heat_kw_rated": 150.0}),
    (school_by_heat_pump, "heat-pump-never-pays", WARNING, "heat_pump.runs",
     {"economics__electricity_per_kwh": 0.40}),
    # Customers
    (school_by_cold_plates, "boiler-too-small", WARNING, "boiler.heat_kw_rated",
     {"boiler__heat_kw_rated": 90.0}),
    (network, "boiler-too-small", WARNING, "boiler.heat_kw_rated",
     {"network__heat_kwh": 700_000.0}),
    (school_by_cold_plates, "customer-name-repeated", ERROR, "buildings[1].name",
     {"buildings": (school(floor_m2=900.0), school(floor_m2=800.0))}),
    (school_by_cold_plates, "heating-below-room", ERROR, "buildings[0]",
     {"buildings": (school(set_c=25.0, emitter=Emitter(supply_c_design=35.0,
                                                       return_c_design=25.0)),)}),
    (school_by_cold_plates, "opening-backwards", ERROR, "buildings[0].opening[0]",
     {"buildings__0__opening": (opening(9, 8, 1), opening(9, 10, 1))}),
    (school_by_cold_plates, "opening-overlaps", ERROR, "buildings[0].opening[1]",
     {"buildings__0__opening": (opening(9, 12, 1), opening(11, 13, 1))}),
    (school_by_cold_plates, "never-open", WARNING, "buildings[0].opening",
     {"buildings__0__opening": ()}),
    (school_by_cold_plates, "day-not-in-calendar", ERROR, "buildings[0].closed[0].to_day",
     {"buildings__0__closed": (Closed(from_day="02-01", to_day="02-30"),)}),
    (school_by_cold_plates, "day-not-in-calendar", ERROR, "buildings[0].closed[0].from_day",
     {"buildings__0__closed": (Closed(from_day="04-31", to_day="05-02"),)}),
    # Network
    (network, "network-without-demand", ERROR, "network", {"network__heat_kwh": 0.0}),
    (network, "network-heat-unused", WARNING, "network.heat_kwh", {"buildings": (school(),)}),
    (network, "network-out-of-reach", ERROR, "network.supply_c_min", {"network__feed": "supply"}),
    (network, "network-out-of-reach", ERROR, "network.return_c", {"network__return_c": 50.0}),
    (network, "network-out-of-reach", ERROR, "network.supply_c_min",
     {"network__feed": "supply", "network__supply_c_min": 75.0, "network__supply_c_max": 80.0,
      "heat_pump": HeatPump(heat_kw_rated=20.0, refrigerant="R290", runs="always")}),
    # Single values
    (school_by_cold_plates, "value-unusual", WARNING, "buildings[0].space_heat_kwh_per_m2",
     {"buildings__0__space_heat_kwh_per_m2": 401.0, "boiler__heat_kw_rated": 900.0}),
    (school_by_cold_plates, "value-unusual", WARNING, "buildings[0].space_heat_kwh_per_m2",
     {"buildings__0__space_heat_kwh_per_m2": 0.0}),
    (school_by_cold_plates, "value-unusual", WARNING, "buildings[0].loss_w_per_k",
     {"buildings__0__loss_w_per_k": 20_000.0}),
    (school_by_cold_plates, "value-unusual", WARNING, "capture.capture_frac",
     {"capture__capture_frac": 0.98, "rejection__heat_kw_rated": 60.0}),
    (school_by_heat_pump, "value-unusual", WARNING, "capture.coolant_c_max",
     {"capture__coolant_c_max": 41.0}),
    (school_by_heat_pump, "value-unusual", WARNING, "heat_pump.cop_max",
     {"heat_pump__cop_max": 11.0}),
    (network, "value-unusual", WARNING, "network.trench_m", {"network__trench_m": 5001.0}),
    (measured, "value-unusual", WARNING, "measured[0].supply_c_design",
     {"measured__0__supply_c_design": 24.0, "measured__0__return_c_design": 18.0}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("site_of", "code", "severity", "path", "changes"),
    CASES_ELSEWHERE,
    ids=[f"{case[1]}-{number}" for number, case in enumerate(CASES_ELSEWHERE)],
)
def test_what_makes_no_sense_elsewhere_is_found(pool_site, site_of, code, severity, path, changes):
    found = check_site(changed(site_of(pool_site), **changes))
    assert [finding.code for finding in found] == [f"site.{code}"]
    assert (found[0].severity, found[0].where.path) == (severity, path)
    assert json.loads(json.dumps(found[0].to_json())) == found[0].to_json()


@pytest.mark.parametrize("site_of", OTHER_SITES)
def test_other_sites_make_sense(pool_site, site_of):
    assert check_site(site_of(pool_site)) == ()


def test_every_check_has_a_case():
    folder = Path(str(check.__file__)).parent
    sources = [file.read_text("utf-8") for file in folder.glob("check*.py")]
    written = set(re.findall(r'"site\.(?!toml)([a-z-]+)"', "".join(sources)))
    assert written == {case[0] for case in CASES} | {case[1] for case in CASES_ELSEWHERE}


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


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"boiler__efficiency_frac": 0.0092}, "92 % is written as 0.92."),
        ({"boiler__efficiency_frac": 1.0}, "on the gross one: 0.90."),
        ({"boiler__part_load_frac": 0.99}, "on the gross one: 0.89."),
        ({"boiler__fuel": "heating oil", "carbon__fuel__gco2e_per_kwh": 310.0,
          "boiler__efficiency_frac": 1.0}, "on the gross one: 0.94."),
        ({"computing__ups_loss_frac": 0.4}, "0.4 % is written as 0.004."),
        ({"economics__discount_frac": 0.5}, "0.5 % is written as 0.005."),
    ],
)  # fmt: skip
def test_what_an_unusual_share_was_probably_meant_to_be_is_said(quiet, changes, hint):
    found = check_site(changed(quiet, **changes))
    assert [one.code for one in found] == ["site.value-unusual"]
    assert hint in found[0].remedy
    assert found[0].remedy.endswith("If it is as written, note beside it where it is from.")


@pytest.mark.parametrize(
    ("currency", "price", "meant"),
    [
        ("EUR", 12.5, "EUR: 12.5 ct/kWh is written as 0.125."),
        ("EUR", 75.0, "EUR: 75 EUR/MWh is written as 0.075."),
        ("EUR", 35.0, "EUR: 35 ct/kWh is written as 0.35 or 35 EUR/MWh as 0.035."),
        ("EUR", 0.0012, "EUR: 12 ct/kWh is written as 0.12."),
        ("EUR", 0.00012, "EUR: 120 EUR/MWh is written as 0.12."),
        ("EUR", 5000.0, "EUR, or note beside it why it is so."),
        ("EUR", 0.0, "EUR, or note beside it why it is so."),
        ("GBP", 7.5, "GBP: 7.5 p/kWh is written as 0.075."),
        ("SEK", 85.0, "SEK: 85 öre/kWh is written as 0.85."),
        ("SEK", 850.0, "SEK: 850 SEK/MWh is written as 0.85."),
    ],
)
def test_a_price_in_another_unit_is_told_as_it_was_probably_meant(quiet, currency, price, meant):
    changes = {"economics__fuel_per_kwh": price, "economics__electricity_per_kwh": 0.3}
    found = check_site(changed(quiet, site__currency=currency, **changes))
    assert {one.code for one in found} == {"site.price-implausible"}
    told = [one for one in found if one.where.path == "economics.fuel_per_kwh"]
    assert [one.severity for one in told] == [WARNING]
    assert f"Give the price of one kilowatt hour in {meant}" in told[0].remedy


def test_prices_usual_in_their_currency_are_not_told_of(quiet):
    site = changed(quiet, site__currency="SEK", economics__fuel_per_kwh=0.9)
    assert check_site(changed(site, economics__electricity_per_kwh=1.4)) == ()


def test_heat_and_certificates_may_earn_nothing_but_not_cents(quiet):
    cents = changed(quiet, economics__sale__heat_per_kwh=4.0)
    free = changed(quiet, economics__sale__heat_per_kwh=0.0, economics__lease__heat_per_kwh=0.002)
    assert check_site(free) == ()
    assert [one.where.path for one in check_site(cents)] == ["economics.sale.heat_per_kwh"]


def test_prices_in_a_currency_of_unknown_worth_are_not_judged(quiet):
    site = changed(quiet, site__currency="CZK", economics__fuel_per_kwh=1.9)
    assert check_site(site) == ()


def test_meters_on_one_gateway_have_addresses_of_their_own(quiet):
    meters = (*quiet.meters, meter(port=10001, address=2, utc_offset_h=1.0))
    assert check_site(changed(quiet, meters=meters)) == ()


@pytest.mark.parametrize(
    ("quantities", "countable"),
    [
        (("power_kw", "energy_kwh"), {"it", "site", "auxiliary", "fuel"}),
        (("heat_kwh", "volume_m3"), {"heat", "rejected"}),
        (("heat_kw", "flow_m3h"), {"heat", "rejected"}),
        (("heat_kw", "power_kw"), {"heat", "rejected", "it", "site", "auxiliary", "fuel"}),
        (("energy_kwh",), {"heat", "rejected", "it", "site", "auxiliary", "fuel"}),
        (("it_kwh", "fuel_kwh"), {"it", "fuel"}),
        (("supply_c", "flow_m3h"), set()),
    ],
)
def test_a_meter_measures_only_what_its_kind_can_count(quiet, quantities, countable):
    points = tuple(
        Point(name=name, kind="register" if "kwh" in name else "instant", unit="kw", decimals=1)
        for name in quantities
    )
    for kind in get_args(Measured):
        third = meter(measures=kind, profile="own.toml").telling(
            points, profile="/home/us/own.toml"
        )
        found = check_site(changed(quiet, meters=(*quiet.meters, third)), text=TEXT)
        expected = [] if kind in countable else ["site.meter-cannot-measure"]
        assert [one.code for one in found] == expected, kind
        assert all("/home" not in one.message for one in found)
    # What is said of a meter that nobody knows yet stands against nothing.
    unknown = meter(measures="rejected", profile="own.toml")
    assert check_site(changed(quiet, meters=(*quiet.meters, unknown))) == ()


def test_each_ring_of_meters_is_told_once_and_what_hangs_on_it_is_not(quiet):
    names = ("a", "b"), ("b", "a"), ("c", "d"), ("d", "c"), ("e", "a")
    meters = tuple(
        meter(name=name, part_of=before, address=number, serial=f"7{number}")
        for number, (name, before) in enumerate(names, start=10)
    )
    found = check_site(changed(quiet, meters=(*quiet.meters, *meters)))
    assert [one.code for one in found] == ["site.meters-in-a-ring"] * 2
    assert [one.data["ring"] for one in found] == [["a", "b"], ["c", "d"]]
    assert "`a` is part of `b`, `b` is part of `a`" in found[0].message


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
