from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.core.period import (
    Period,
    local_midnight,
    month_period,
    months_of,
    name_of_month,
    read_month,
    write_day,
    write_instant,
)

ROME = ZoneInfo("Europe/Rome")
ZONES = ["Europe/Rome", "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
instants = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - made aware below
    max_value=datetime(2060, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
periods = st.tuples(instants, st.integers(1, 40_000_000)).map(
    lambda pair: Period(pair[0], pair[0] + timedelta(seconds=pair[1]))
)


@given(periods, st.integers(min_value=3600, max_value=5_000_000))
def test_the_parts_of_a_split_are_the_whole(period, seconds):
    step = timedelta(seconds=seconds)
    parts = list(period.split(step))
    assert (parts[0].start, parts[-1].end) == (period.start, period.end)
    assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]
    assert all(part.duration == step for part in parts[:-1])
    assert sum((part.duration for part in parts), timedelta(0)) == period.duration


@given(periods, st.sampled_from(ZONES))
def test_the_months_of_a_period_are_the_whole(period, name):
    zone = ZoneInfo(name)
    months = list(months_of(period, zone))
    assert (months[0].start, months[-1].end) == (period.start, period.end)
    assert sum((month.duration for month in months), timedelta(0)) == period.duration
    names = [name_of_month(month, zone) for month in months]
    assert names == sorted(set(names))


@given(st.integers(2000, 2060), st.sampled_from(ZONES))
def test_twelve_months_are_a_year(year, name):
    zone = ZoneInfo(name)
    months = [month_period(year, month, zone) for month in range(1, 13)]
    assert months[0].start == local_midnight(date(year, 1, 1), zone)
    assert months[-1].end == local_midnight(date(year + 1, 1, 1), zone)
    assert [month.end for month in months[:-1]] == [month.start for month in months[1:]]


@pytest.mark.parametrize(
    ("month", "hours", "quarters"),
    [
        ("2026-03", 743, 2972),
        ("2026-07", 744, 2976),
        ("2026-10", 745, 2980),
        ("2028-02", 696, 2784),
    ],
)
def test_a_month_has_the_hours_that_are_lived(month, hours, quarters):
    period = read_month(month, ROME)
    assert period.hours == hours
    assert len(list(period.split(timedelta(minutes=15)))) == quarters


def test_october_begins_in_september_of_utc():
    assert read_month("2026-10", ROME) == Period(
        datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)
    )


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "26-10", "2026/10", "", "october"])
def test_a_month_is_written_in_one_way(text):
    with pytest.raises(ValueError, match="month"):
        read_month(text, ROME)


@given(periods, periods)
def test_an_overlap_lies_in_both(one, other):
    shared = one.overlap(other)
    assert shared == other.overlap(one)
    assert (shared is None) is (one.end <= other.start or other.end <= one.start)
    if shared:
        assert shared.start in one
        assert shared.start in other
        assert shared.duration <= min(one.duration, other.duration)


def test_the_end_is_not_in_a_period():
    period = read_month("2026-10", ROME)
    assert period.start in period
    assert period.end not in period


def test_a_period_needs_a_zone_and_an_end_after_its_start():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="aware"):
        Period(start, start.replace(tzinfo=None, year=2027))
    with pytest.raises(ValueError, match="ends after"):
        Period(start, start)


def test_instants_are_kept_and_written_in_utc():
    there = timezone(timedelta(hours=5, minutes=45))
    period = Period(
        datetime(2026, 1, 1, 5, 45, tzinfo=there), datetime(2026, 1, 1, 6, 45, tzinfo=there)
    )
    assert period.start.tzinfo is UTC
    assert write_instant(datetime(2026, 1, 1, 5, 45, tzinfo=there)) == "2026-01-01T00:00:00Z"


def test_a_day_is_written_as_people_read_it():
    assert write_day(date(2026, 11, 1)) == "1 Nov 2026"
