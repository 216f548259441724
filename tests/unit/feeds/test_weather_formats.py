"""EPW, TMY3 and TRY: the same year told in each format's own way is the same year in UTC."""

from datetime import datetime, timedelta
from math import isclose
from typing import Any

import numpy as np
import pytest
from weather_files import cell, epw, outdoor_c, tmy3, tmy3_short, try_2011, try_2017

from exotherm.feeds.weather import read_epw, read_tmy3, read_try
from exotherm.site.series import hour_of_typical_year


def short(text, *, file):
    return read_tmy3(text, file=file, utc_offset_h=-7.0)


READERS: dict[str, tuple[Any, Any, float]] = {
    "epw": (read_epw, epw, 1.0),
    "tmy3": (read_tmy3, tmy3, -7.0),
    "tmy3 short": (short, tmy3_short, -7.0),
    "try 2011": (read_try, try_2011, 1.0),
    "try 2017": (read_try, try_2017, 1.0),
}
FORMATS = pytest.mark.parametrize(("read", "make", "offset_h"), READERS.values(), ids=READERS)


def codes(findings):
    return [finding.code for finding in findings]


def without_line(text, number):
    lines = text.splitlines()
    del lines[number - 1]
    return "\n".join(lines)


def twice(text, number):
    lines = text.splitlines()
    lines.insert(number, lines[number - 1])
    return "\n".join(lines)


@FORMATS
def test_each_local_hour_comes_to_its_hour_of_utc(read, make, offset_h):
    weather, findings = read(make(), file="weather")
    assert findings == ()
    assert weather is not None
    for month, day, hour in ((1, 1, 0), (1, 1, 23), (3, 1, 5), (7, 15, 15), (12, 31, 12)):
        local = datetime(2001, month, day, hour)  # noqa: DTZ001
        utc = local - timedelta(hours=offset_h)
        assert outdoor_c(local) == weather.outdoor_c[hour_of_typical_year(utc)], local


@FORMATS
def test_what_a_file_has_besides(read, make, offset_h):
    del offset_h
    weather, _ = read(make(), file="weather")
    assert weather is not None
    assert weather.humidity_frac is not None
    assert weather.global_w_per_m2 is not None
    assert weather.wind_ms is not None
    assert {0.8} == set(weather.humidity_frac)
    assert {120.0} == set(weather.global_w_per_m2)
    assert {2.5} == set(weather.wind_ms)


@FORMATS
def test_a_year_with_a_29_february_is_read_without_it(read, make, offset_h):
    del offset_h
    weather, (note,) = read(make(year=2004), file="weather")
    plain, _ = read(make(), file="weather")
    assert weather is not None
    assert plain is not None
    assert note.code == "weather.leap-day-left-out"
    day = np.arange(8760) // 24
    # The rule of the made year counts days, so those after February differ by one day.
    assert (weather.outdoor_c[day < 58] == plain.outdoor_c[day < 58]).all()
    assert np.abs(weather.outdoor_c - plain.outdoor_c).max() <= 0.3


@FORMATS
def test_a_missing_hour_and_a_repeated_one_are_named(read, make, offset_h):
    del offset_h
    weather, (finding,) = read(without_line(make(), 100), file="weather")
    assert weather is None
    assert finding.code == "weather.hours-missing"
    assert finding.data["missing"] == 1
    weather, (finding,) = read(twice(make(), 100), file="weather")
    assert weather is None
    assert (finding.code, finding.where.line) == ("weather.bad-value", 101)
    assert "repeats the hour" in finding.message


@FORMATS
def test_any_other_text_is_refused(read, make, offset_h):
    del make, offset_h
    for text in ("", "\n\n", "time(UTC),T2m\n20180101:0000,2\n", '"', "***", "a,b\n***\n"):
        weather, (finding,) = read(text, file="weather")
        assert weather is None
        assert finding.code.startswith("weather.not-")


@pytest.mark.parametrize(
    ("text", "read", "line"),
    [
        (cell(epw(), 20, 6, "99.9"), read_epw, 20),
        (cell(tmy3(), 20, 3, "-9900"), read_tmy3, 20),
    ],
    ids=["epw", "tmy3"],
)
def test_a_temperature_that_is_marked_as_missing_is_named(text, read, line):
    weather, findings = read(text, file="weather")
    assert weather is None
    assert codes(findings) == ["weather.bad-value", "weather.hours-missing"]
    assert findings[0].where.line == line
    assert "missing" in findings[0].message


@pytest.mark.parametrize(
    ("column", "code", "lost"),
    [(8, "999", "humidity_frac"), (13, "9999", "global_w_per_m2"), (21, "999", "wind_ms")],
)
def test_a_column_with_a_missing_value_is_not_used(column, code, lost):
    weather, (note,) = read_epw(cell(epw(), 20, column, code), file="weather.epw")
    assert weather is not None
    assert note.code == "weather.column-incomplete"
    assert note.data["missing"] == 1
    assert "01 Jan 11:00" in note.message
    kept = {"humidity_frac", "global_w_per_m2", "wind_ms"} - {lost}
    assert getattr(weather, lost) is None
    assert all(getattr(weather, name) is not None for name in kept)


@pytest.mark.parametrize("air", ["", "warm", "nan", "inf", "61", "-71", "9999"])
def test_a_temperature_that_cannot_be_is_named(air):
    weather, findings = read_epw(cell(epw(), 9, 6, air), file="weather.epw")
    assert weather is None
    assert codes(findings) == ["weather.bad-value", "weather.hours-missing"]


@pytest.mark.parametrize(
    ("column", "value"), [(1, "13"), (2, "32"), (2, "0"), (3, "25"), (3, "0"), (1, "x")]
)
def test_a_time_that_cannot_be_is_named(column, value):
    weather, findings = read_epw(cell(epw(), 9, column, value), file="weather.epw")
    assert weather is None
    assert codes(findings) == ["weather.bad-value", "weather.hours-missing"]


def test_a_line_with_too_few_columns_is_named():
    text = epw().replace("2001,1,1,1,60", "2001,1,1,1", 1)
    _, findings = read_epw(text, file="weather.epw")
    assert "34 columns" in findings[0].message


@pytest.mark.parametrize("offset", ["", "x", "15", "-13", "nan"])
def test_a_file_that_does_not_tell_its_clock_is_refused(offset):
    assert codes(read_epw(epw(offset=offset), file="w")[1]) == ["weather.zone-missing"]
    assert codes(read_tmy3(tmy3(offset=offset), file="w")[1]) == ["weather.zone-missing"]


def test_a_short_tmy3_needs_to_be_told_its_clock():
    assert codes(read_tmy3(tmy3_short(), file="w")[1]) == ["weather.zone-missing"]


@pytest.mark.parametrize("per_hour", ["2", "", "x"])
def test_an_epw_in_finer_steps_is_refused(per_hour):
    assert codes(read_epw(epw(per_hour=per_hour), file="w")[1]) == ["weather.not-hourly"]


def test_a_half_hour_of_offset_shares_hours():
    """India: 05:30 h before UTC. An hour of UTC lies in two local ones, and the mean stays."""
    weather, _ = read_epw(epw(offset="5.5"), file="w")
    plain, _ = read_epw(epw(offset="0"), file="w")
    assert weather is not None
    assert plain is not None
    half = (plain.outdoor_c[5] + plain.outdoor_c[6]) / 2
    assert isclose(half, weather.outdoor_c[0])
    assert isclose(plain.outdoor_c.mean(), weather.outdoor_c.mean())


def test_sources_name_what_was_read():
    named = set()
    for read, make, _ in READERS.values():
        weather, _ = read(make(), file="w")
        assert weather is not None
        named.add(weather.source)
    assert "EPW Somewhere, ITA (Made by rule)" in named
    assert "NREL TMY3 SOMEWHERE, UP, CO" in named
    assert "DWD test reference year: TRY12 Made by rule (Klimaregion 12)" in named
