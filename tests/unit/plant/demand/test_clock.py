from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.plant.clock import hours_of_day, local_times, typical_days, weekdays
from exotherm.plant.demand.year import year_at
from exotherm.site.series import hour_of_typical_year

# Whole hours; changes on a half hour of UTC; half an hour of change; a quarter; four changes a
# year; changes at a minute past midnight until 2011; none; clocks back over midnight.
ZONES = (
    "Europe/Rome",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/St_Johns",
    "Asia/Kolkata",
    "Asia/Beirut",
)
instants = st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(zone=st.sampled_from(ZONES), start=instants, hours=st.integers(1, 400))
def test_local_times_are_those_of_the_standard_library(zone, start, hours):
    start = start.replace(microsecond=0)
    first = np.datetime64(start.replace(tzinfo=None), "s")
    starts = first + np.arange(0, hours * 3600, 1234).astype("timedelta64[s]")
    local = local_times(ZoneInfo(zone), starts)
    expected = [
        (start + timedelta(seconds=1234 * index)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        for index in range(starts.size)
    ]
    assert local.tolist() == expected
    assert weekdays(local).tolist() == [moment.isoweekday() for moment in expected]
    assert hours_of_day(local).tolist() == [moment.hour for moment in expected]


def test_no_instant_has_no_local_time():
    none = np.array([], dtype="datetime64[s]")
    assert local_times(ZoneInfo("Europe/Rome"), none).size == 0


@given(instants)
def test_days_are_those_of_the_typical_year(instant):
    hour = np.array([np.datetime64(instant.replace(tzinfo=None), "h")])
    assert int(typical_days(hour)[0]) == hour_of_typical_year(instant) // 24


@pytest.mark.parametrize(
    ("zone", "number", "hours", "days", "lengths"),
    [
        ("Europe/Rome", 2026, 8760, 365, {23: 1, 24: 363, 25: 1}),
        ("Europe/Rome", 2028, 8784, 366, {23: 1, 24: 364, 25: 1}),
        ("Asia/Kolkata", 2026, 8760, 365, {24: 365}),
        # Days of 23 and a half hours and of 24 and a half, by the hours that begin in them.
        ("Australia/Lord_Howe", 2026, 8760, 365, {23: 1, 24: 363, 25: 1}),
        # Samoa skipped 30 December.
        ("Pacific/Apia", 2011, 8736, 364, {23: 1, 24: 362, 25: 1}),
    ],
)
def test_a_year_has_its_hours_and_days(zone, number, hours, days, lengths):
    year = year_at(ZoneInfo(zone), number, np.arange(8760.0))
    assert year.hour.size == hours
    assert year.days == days
    assert Counter(np.bincount(year.day).tolist()) == lengths
    assert (year.date[0], year.date[-1]) == (101, 1231)


def test_weather_is_laid_by_its_hours_of_utc():
    year = year_at(ZoneInfo("Europe/Rome"), 2028, np.arange(8760.0))
    # New year in Rome is at 23:00 UTC of 31 December.
    assert year.outdoor_c[0] == 8759.0
    assert year.outdoor_c[1] == 0.0
    # By UTC 29 February is lived as the 28th; its first local hour still is the 28th there.
    leap_day = year.outdoor_c[year.date == 229]
    assert leap_day.tolist()[1:] == year.outdoor_c[year.date == 228].tolist()[1:]


def test_where_hours_begin_within_those_of_utc_each_is_the_mean_of_the_two_it_lies_in():
    """Kolkata's new year is at 18:30 UTC, Kathmandu's at 18:15."""
    half = year_at(ZoneInfo("Asia/Kolkata"), 2026, np.arange(8760.0))
    assert half.outdoor_c[10] == pytest.approx(4.5)
    quarter = year_at(ZoneInfo("Asia/Kathmandu"), 2026, np.arange(8760.0))
    assert quarter.outdoor_c[10] == pytest.approx(4.25)
