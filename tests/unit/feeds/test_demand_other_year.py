from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from demand_files import HOUR, ROME, YEAR, csv_of, instants, with_offset, without_times

from exotherm.feeds.demand import read_demand
from exotherm.feeds.demand.other_year import twin_days

QUARTER = timedelta(minutes=15)


def read(text, *, year, **others):
    return read_demand(text, file="heat.csv", year=year, zone=ROME, **others)


def days_of(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def weekend_heat(instant):
    """Heat at weekends and by the clock's hour, so that both can be seen again."""
    local = instant.astimezone(ROME)
    return 100.0 * (local.weekday() >= 5) + local.hour


@pytest.mark.parametrize("year", range(2019, 2032))
@pytest.mark.parametrize("measured", [2023, 2024, 2025])
def test_each_day_has_a_near_twin_of_its_weekday(year, measured):
    twins = [
        date(measured, 1, 1) + timedelta(days=n) for n in twin_days(measured=measured, year=year)
    ]
    for day, twin in zip(days_of(year), twins, strict=True):
        assert twin.year == measured
        assert twin.weekday() == day.weekday()
        same = day.replace(day=28, year=measured) if day.month == 2 and day.day == 29 else None
        apart = twin - (same or day.replace(year=measured))
        assert abs(apart) <= timedelta(days=6 if (day.month, day.day) in _ENDS else 3)


_ENDS = {(month, day) for month, days in ((1, (1, 2, 3)), (12, (29, 30, 31))) for day in days}


def test_the_same_year_is_its_own_twin():
    assert twin_days(measured=2025, year=2025) == list(range(365))


@pytest.mark.parametrize("step", [HOUR, QUARTER])
@pytest.mark.parametrize("year", [2026, 2028])
def test_a_measured_year_is_laid_on_the_planned_one_by_weekday_and_clock(step, year):
    lines = [(f"{each:%Y-%m-%dT%H:%M}Z", weekend_heat(each)) for each in instants(step=step)]
    demand, (note,) = read(csv_of(lines), year=year)
    assert demand is not None
    assert note.code == "demand.other-year"
    assert demand.start == datetime(year, 1, 1, tzinfo=ROME).astimezone(UTC)
    expected = np.array([weekend_heat(each) for each in instants(step=step, year=year)])
    scale = sum(value for _, value in lines) / expected.sum()
    # Where clocks change on a day whose twin is another, two days are an hour off.
    assert (np.abs(demand.heat_kw - scale * expected) > 1e-9).sum() <= 48 * (HOUR / step)


def test_the_heat_of_the_year_stays_what_it_was():
    demand, _ = read(csv_of(with_offset()), year=2028)
    own, _ = read(csv_of(with_offset()), year=YEAR)
    assert demand is not None
    assert own is not None
    assert demand.heat_kwh == pytest.approx(own.heat_kwh)


def test_days_of_another_year_are_laid_by_weekday_before_they_become_hours():
    days = [(f"{day}", 240.0 if day.weekday() < 5 else 24.0) for day in days_of(2024)]
    demand, notes = read(csv_of(days, column="heat_kwh"), year=2026)
    assert demand is not None
    assert [note.code for note in notes] == ["demand.days-spread-evenly", "demand.other-year"]
    assert demand.heat_kw.size == 8760
    assert demand.heat_kwh == pytest.approx(sum(value for _, value in days))
    saturday = datetime(2026, 6, 13, 12, tzinfo=ROME)
    hour = (saturday - demand.start) // HOUR
    assert demand.heat_kw[hour + 48] / demand.heat_kw[hour] == pytest.approx(10.0)


def test_months_of_another_year_stay_the_months_they_are():
    months = [(f"2024-{month:02d}", 100.0 * month) for month in range(1, 13)]
    demand, (note,) = read(csv_of(months, column="heat_kwh"), year=2026, profile=np.ones(8760))
    assert demand is not None
    assert note.code == "demand.other-year"
    assert demand.heat_kw[: 31 * 24].sum() == pytest.approx(100.0)


def test_a_file_without_times_is_of_the_year_that_is_planned():
    demand, findings = read(without_times([20.0] * 8784), year=2028)
    assert demand is not None
    assert findings == ()


def test_a_year_that_cannot_be_meant_is_not_taken():
    days = [(f"9999-{day:%m-%d}", 24.0) for day in days_of(2025)]
    demand, (finding,) = read(csv_of(days, column="heat_kwh"), year=2025)
    assert demand is None
    assert finding.code == "demand.time-outside-year"


def test_a_year_without_heat_stays_without():
    lines = [(time, 0.0) for time, _ in with_offset()]
    demand, _ = read(csv_of(lines), year=2026)
    assert demand is not None
    assert demand.heat_kwh == 0.0
