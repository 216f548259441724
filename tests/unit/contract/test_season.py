"""A season that the weather decides, as contracts have it: three days in a row at 21 o'clock."""

from datetime import date, timedelta

import pytest
from changing import changed

from exotherm.contract.hours import WHOLE_YEAR, hour_of
from exotherm.contract.rules import Hour
from exotherm.contract.season import season_of
from exotherm.contract.terms.calendar import Season, WeatherRule
from exotherm.core.period import Period, local_midnight

FIRST = date(2026, 9, 1)


def rule(**other) -> WeatherRule:
    values = {
        "outdoor_c_start": 15.0,
        "outdoor_c_end": 15.0,
        "hour": 21,
        "days_in_a_row": 3,
        "station": "weather.outdoor_c",
        "station_silent": "as before",
        "first_day": "off season",
    }
    return WeatherRule.model_validate({**values, **other})


@pytest.fixture
def by_weather(pool_contract):
    return lambda **other: changed(
        pool_contract, season=Season(by="weather", weather=rule(**other))
    )


def season(contract, temperatures):
    """The season over days from 1 September; None stands for a silent station."""
    told = {
        FIRST + timedelta(days=number): value
        for number, value in enumerate(temperatures)
        if value is not None
    }
    until = FIRST + timedelta(days=len(temperatures) - 1)
    decided = season_of(contract, told, until=until)
    return [decided(FIRST + timedelta(days=number)) for number in range(len(temperatures))]


def test_it_begins_on_the_third_cold_evening_and_ends_on_the_third_warm_one(by_weather):
    said = season(by_weather(), [16, 14, 14, 16, 14, 13, 12, 16, 16, 14, 16, 16, 16, 14])
    assert said == [False] * 6 + [True] * 6 + [False] * 2


def test_exactly_fifteen_degrees_count_neither_way(by_weather):
    assert season(by_weather(), [14, 14, 15, 14, 14]) == [False] * 5


@pytest.mark.parametrize(
    ("silent", "expected"),
    [
        ("as before", [True, True, True]),
        ("in season", [True] * 3),
        ("off season", [True, False, True]),
    ],
)
def test_a_silent_station_counts_as_agreed(by_weather, silent, expected):
    said = season(by_weather(station_silent=silent), [14, 14, 14, None, 14])
    assert said[2:] == expected


def test_silence_breaks_the_days_in_a_row(by_weather):
    assert season(by_weather(), [14, 14, None, 14, 14]) == [False] * 5


def test_the_calendar_follows_it(by_weather):
    contract = by_weather()
    told = {FIRST + timedelta(days=number): 10.0 for number in range(5)}
    decided = season_of(contract, told, until=FIRST + timedelta(days=9))
    noon = [
        local_midnight(FIRST + timedelta(days=number), contract.zone) + timedelta(hours=12)
        for number in (1, 2, 9)
    ]
    hours = [hour_of(contract, Period(at, at + timedelta(minutes=15)), decided) for at in noon]
    assert hours == [Hour.OFF_SEASON, Hour.NORMAL, Hour.NORMAL]


def test_without_any_temperature_it_is_what_the_contract_says(by_weather):
    contract = by_weather(first_day="in season")
    assert season_of(contract, {}, until=FIRST) is WHOLE_YEAR
    at = local_midnight(FIRST, contract.zone) + timedelta(hours=12)
    assert hour_of(contract, Period(at, at + timedelta(minutes=15))) is Hour.NORMAL
