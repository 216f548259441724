from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest
from changing import changed
from pydantic import ValidationError

from exotherm.core.samples import Point
from exotherm.site.document import POINTS_OF_PROFILE, Meter, points_of
from exotherm.site.reading import read_site

TEXT = (Path(__file__).parents[3] / "examples" / "pool" / "site.toml").read_text("utf-8")


# What counts for other captures, coolers and methods of evaporation than the example's.
ELSEWHERE = {
    *("coolant_c_set", "ua_kw_per_k", "room_c", "air_rise_k", "fan_frac", "fall_per_k"),
    *("saturation_frac", "wetted_from_c"),
    *("transfer_occupied_m_per_h", "transfer_unoccupied_m_per_h", "stay_h"),
}


def without_line(key: str) -> str:
    return "\n".join(line for line in TEXT.split("\n") if line.partition("=")[0].strip() != key)


def test_the_example_is_whole():
    assert read_site(TEXT).findings == ()


def test_the_example_states_every_default():
    site = read_site(TEXT).document
    assert site is not None
    for table in ("weather", "computing", "capture", "buffer", "rejection", "pool", "carbon"):
        part = getattr(site, table)
        fields = type(part).model_fields.items()
        stated = {name for name, field in fields if field.default is not None}
        if table != "buffer":
            stated -= ELSEWHERE
        assert stated <= part.model_fields_set


@pytest.mark.parametrize("key", ["outdoor_c_design", "idle_frac", "grant_amount", "timeout_s"])
def test_a_default_may_be_left_out(key):
    assert read_site(without_line(key)).findings == ()


@pytest.mark.parametrize("key", ["power_kw_rated", "water_c_set", "cover", "zone", "serial"])
def test_what_nobody_can_guess_is_asked_for(key):
    found = read_site(without_line(key)).findings
    assert {finding.code for finding in found} == {"document.field-missing"}
    assert {finding.where.path.rpartition(".")[2] for finding in found} == {key}


def test_meters_and_their_plan_may_wait():
    text = TEXT[: TEXT.index("[metering]")]
    site = read_site(text).document
    assert site is not None
    assert (site.meters, site.metering.interval_min, points_of(site)) == ((), 15, {})


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("water_c_max          = 28.8", "water_c_max = 27.9", "pool"),
        ("hall_humidity_frac   = 0.60", "hall_humidity_frac = 60", "pool.hall_humidity_frac"),
        ('country       = "IT"', 'country = "Italy"', "site.country"),
        ("closes_at = 22", "closes_at = 25", "pool.opening[0].closes_at"),
        ('name         = "rack"', 'name = "Rack 1"', "meters[1].name"),
        ('fuel            = "natural gas"', 'fuel = "gas"', "boiler.fuel"),
        ("port         = 15020", 'host = "http://room"\nport = 15020', "meters[1]"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(old, new, path):
    assert old in TEXT
    found = read_site(TEXT.replace(old, new)).findings
    assert [(finding.code, finding.where.path) for finding in found] == [
        ("document.wrong-value", path)
    ]


@pytest.mark.parametrize(
    ("protocol", "host", "told"),
    [
        ("mqtt", "mqtt://broker", "the `host` of mqtt is written without `mqtt://`"),
        ("redfish", "ftp://bmc", "Redfish is spoken by `https://` or `http://`, never by `ftp://`"),
        ("redfish", "http://bmc", None),
        ("redfish", "https://bmc", None),
    ],
)
def test_a_host_has_only_a_scheme_that_is_spoken(protocol, host, told):
    given = {"name": "m", "protocol": protocol, "host": host, "profile": "shelly-pro-3em"}
    with nullcontext() if told is None else pytest.raises(ValidationError, match=told):
        Meter.model_validate({**given, "serial": "1", "utc_offset_h": 0.0})


def test_the_site_knows_its_clock_and_first_day(pool_site):
    assert (pool_site.zone.key, pool_site.first_day) == ("Europe/Rome", date(2026, 1, 1))


def test_points_carry_the_name_of_their_meter(pool_site):
    points = points_of(pool_site)
    assert points["heat_meter.heat_kwh"] == Point(
        name="heat_meter.heat_kwh", kind="register", unit="kwh", decimals=0, digits=8
    )
    assert all(name == point.name for name, point in points.items())
    assert len(points) == sum(len(told) for told in POINTS_OF_PROFILE.values())


def test_a_meter_of_an_unknown_profile_tells_nothing(pool_site):
    assert points_of(changed(pool_site, meters__0__profile="x", meters__1__profile="y")) == {}


@pytest.mark.parametrize(
    ("written", "says", "gas"),
    [("1.05", "1.05 on the net one", "0.95"), ("107", "1.07 on the net one", "0.96")],
)
def test_an_efficiency_on_the_net_calorific_value_is_turned_into_the_gross_one(written, says, gas):
    found = read_site(TEXT.replace("efficiency_frac = 0.80", f"efficiency_frac = {written}"))
    hint = found.findings[0].remedy
    assert says in hint
    assert f"{gas} with natural gas" in hint


def test_an_efficiency_in_per_cent_is_written_as_a_fraction():
    found = read_site(TEXT.replace("efficiency_frac = 0.80", "efficiency_frac = 92"))
    assert found.findings[0].remedy == "A share is written as a fraction: 92 % is written as 0.92."
