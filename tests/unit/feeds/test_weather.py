import pytest

from exotherm.feeds.weather import read_pvgis


@pytest.fixture(scope="module")
def text(pool_folder):
    return (pool_folder / "weather.csv").read_text(encoding="utf-8")


def codes(text):
    weather, findings = read_pvgis(text, file="weather.csv")
    assert (weather is None) == bool(findings)
    return [finding.code for finding in findings]


def test_a_year_as_downloaded(text):
    weather, findings = read_pvgis(text, file="weather.csv")
    assert findings == ()
    assert weather is not None
    assert weather.outdoor_c[0] == 2.04
    assert weather.outdoor_c[-1] == 2.1
    assert weather.source.startswith("PVGIS (c) European Union")


def test_an_hour_that_is_missing_is_named(text):
    lines = text.splitlines()
    del lines[20]
    weather, (finding,) = read_pvgis("\n".join(lines), file="weather.csv")
    assert weather is None
    assert finding.code == "weather.hours-missing"
    assert "01 Jan 02:00" in finding.message
    assert finding.data["missing"] == 1


def test_half_a_year_is_refused(text):
    assert codes("\n".join(text.splitlines()[:4000])) == ["weather.hours-missing"]


def test_an_hour_that_comes_twice_is_named(text):
    lines = text.splitlines()
    lines.insert(25, lines[25])
    assert codes("\n".join(lines)) == ["weather.bad-value"]


@pytest.mark.parametrize("cell", ["nan", "inf", "999", "", "warm"])
def test_a_temperature_that_cannot_be_is_named(text, cell):
    bad = text.replace("20180101:0000,2.04", f"20180101:0000,{cell}")
    assert codes(bad) == ["weather.bad-value", "weather.hours-missing"]


@pytest.mark.parametrize("other", ["", "Date,T\n1,2\n", "time(UTC),RH\n20180101:0000,50\n"])
def test_another_kind_of_file_is_refused(other):
    assert codes(other) == ["weather.not-pvgis"]
