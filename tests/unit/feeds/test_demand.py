from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from demand_files import (
    HOUR,
    ROME,
    YEAR,
    by_local_clock,
    csv_of,
    heat_kw,
    in_winter_time,
    instants,
    with_offset,
    without_times,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.feeds.demand import explain_length, read_demand, reading_of

QUARTER = timedelta(minutes=15)
HALF = timedelta(minutes=30)
DUBLIN = ZoneInfo("Europe/Dublin")


def read(text, *, year=YEAR, zone=ROME, **others):
    return read_demand(text, file="heat.csv", year=year, zone=zone, **others)


def codes(findings):
    return [finding.code for finding in findings]


def only_code(text, **others):
    demand, (finding,) = read(text, **others)
    assert demand is None
    return finding.code


# --- What a number of values is


@pytest.mark.parametrize(
    ("rows", "year", "each"),
    [
        (1, 2025, "year"),
        (12, 2025, "months"),
        (365, 2025, "days"),
        (366, 2024, "days"),
        (8760, 2025, "hours"),
        (8784, 2024, "hours"),
        (17520, 2025, "half-hours"),
        (35040, 2025, "quarter-hours"),
        (35136, 2024, "quarter-hours"),
    ],
)
def test_the_number_of_values_tells_what_they_are(rows, year, each):
    reading = reading_of(rows, year=year)
    assert reading is not None
    assert each == reading.each


@pytest.mark.parametrize(
    ("rows", "year"), [(0, 2025), (2, 2025), (8784, 2025), (8760, 2024), (8759, 2025), (366, 2025)]
)
def test_other_numbers_are_no_year(rows, year):
    assert reading_of(rows, year=year) is None


def test_a_length_is_explained_in_words():
    assert "8\u202f760 values are the hours of 2025" == explain_length(8760, year=2025)
    assert "1 value is the year of 2025" == explain_length(1, year=2025)
    assert "leap year, which 2025 is not" in explain_length(8784, year=2025)
    assert "365 days, which 2024 is not" in explain_length(8760, year=2024)
    assert "no whole year" in explain_length(8759, year=2025)


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=40_000), st.integers(min_value=2000, max_value=2100))
def test_every_length_has_words(rows, year):
    assert explain_length(rows, year=year)


# --- Times


@pytest.mark.parametrize("zone", [ROME, DUBLIN, ZoneInfo("Asia/Kolkata"), ZoneInfo("UTC")])
@pytest.mark.parametrize("step", [HOUR, HALF, QUARTER])
@pytest.mark.parametrize("lines", [with_offset, by_local_clock])
def test_a_year_comes_back_at_its_instants(lines, step, zone):
    demand, findings = read(csv_of(lines(step=step, zone=zone)), zone=zone)
    assert findings == ()
    assert demand is not None
    assert step == demand.step
    assert demand.start == datetime(YEAR, 1, 1, tzinfo=zone).astimezone(UTC)
    assert [heat_kw(each) for each in instants(step=step, zone=zone)] == list(demand.heat_kw)


@pytest.mark.parametrize("zone", [ROME, DUBLIN])
@pytest.mark.parametrize("step", [HOUR, QUARTER])
def test_a_clock_that_never_changed_is_recognised(step, zone):
    demand, (finding,) = read(csv_of(in_winter_time(step=step, zone=zone)), zone=zone)
    assert demand is not None
    assert finding.code == "demand.clock-not-changed"
    assert [heat_kw(each) for each in instants(step=step, zone=zone)] == list(demand.heat_kw)


@pytest.mark.parametrize(("step", "each"), [(HOUR, 1), (QUARTER, 4)])
def test_the_repeated_hour_that_comes_once_stands_for_both(step, each):
    lines = by_local_clock(step=step)
    once = list(dict(reversed(lines)).items())[::-1]
    assert len(lines) - each == len(once)
    demand, (finding,) = read(csv_of(once))
    assert demand is not None
    assert finding.code == "demand.clock-hour-missing"
    assert demand.heat_kw.size == len(lines)
    first = once.index(next(line for line in once if line[0] == "2025-10-26T02:00"))
    assert list(demand.heat_kw[first : first + each]) == list(
        demand.heat_kw[first + each : first + 2 * each]
    )


def test_an_hour_that_no_clock_showed_is_refused():
    lines = by_local_clock()
    at = next(n for n, line in enumerate(lines) if line[0] == "2025-03-30T03:00")
    lines.insert(at, ("2025-03-30T02:00", 0.0))
    assert only_code(csv_of(lines)) == "demand.clock-hour-extra"


def test_times_at_the_end_of_their_steps_are_recognised():
    ends = [(f"{each + QUARTER:%Y-%m-%dT%H:%M}Z", heat_kw(each)) for each in instants(step=QUARTER)]
    demand, (note,) = read(csv_of(ends))
    assert demand is not None
    assert note.code == "demand.stamped-at-end"
    assert [heat_kw(each) for each in instants(step=QUARTER)] == list(demand.heat_kw)


def test_a_gap_is_named_and_not_filled():
    lines = with_offset()
    del lines[100:107]
    demand, (finding,) = read(csv_of(lines))
    assert demand is None
    assert finding.code == "demand.steps-missing"
    assert finding.data["missing"] == 7
    assert lines[99][0][:11] in finding.message
    assert "and 2 more" in finding.message


def test_a_time_that_comes_twice_is_named():
    lines = with_offset()
    lines.insert(50, lines[50])
    demand, (finding,) = read(csv_of(lines))
    assert demand is None
    assert (finding.code, finding.where.line) == ("demand.time-repeated", 53)


@pytest.mark.parametrize("lines", [with_offset, by_local_clock])
def test_the_newest_may_come_first(lines):
    demand, findings = read(csv_of(lines()[::-1]))
    assert findings == ()
    assert demand is not None
    assert [heat_kw(each) for each in instants()] == list(demand.heat_kw)


@pytest.mark.parametrize(
    "time", ["", "yesterday", "26.10.2025 02:00", "2025-13-01T00:00Z", "0001-01-01T00:00Z"]
)
def test_a_time_that_cannot_be_read_is_named(time):
    lines = with_offset()
    lines[3] = (time, 20.0)
    demand, (finding,) = read(csv_of(lines))
    assert demand is None
    assert (finding.code, finding.where.line) == ("demand.bad-time", 5)


def test_a_mixture_of_clocks_is_refused():
    lines = with_offset()
    lines[3] = (lines[3][0].removesuffix("Z"), 20.0)
    assert only_code(csv_of(lines)) == "demand.bad-time"


# --- Units and coarse values


@pytest.mark.parametrize(
    ("column", "values", "mean_kw"),
    [
        ("heat_kw", [25.0] * 35040, 25.0),
        ("heat_kwh", [6.25] * 35040, 25.0),
        ("heat_mwh", [0.00625] * 35040, 25.0),
        ("heat_kwh", [12.5] * 17520, 25.0),
        ("heat_kwh", [25.0] * 8760, 25.0),
    ],
)
def test_energy_becomes_mean_power(column, values, mean_kw):
    demand, findings = read(without_times(values, column=column))
    assert findings == ()
    assert demand is not None
    assert demand.heat_kw == pytest.approx(np.full(len(values), mean_kw))
    assert demand.heat_kwh == pytest.approx(mean_kw * 8760)


def test_days_are_as_long_as_they_were():
    """24 kWh on each day: 1 kW, but more on the day of 23 hours and less on that of 25."""
    demand, (note,) = read(without_times([24.0] * 365, column="heat_kwh"))
    assert demand is not None
    assert note.code == "demand.days-spread-evenly"
    assert demand.heat_kwh == pytest.approx(24.0 * 365)
    assert np.unique(demand.heat_kw) == pytest.approx([24 / 25, 1.0, 24 / 23])
    assert [int((demand.heat_kw > 1).sum()), int((demand.heat_kw < 1).sum())] == [23, 25]


PROFILE = 1.0 + np.arange(8760) % 24


@pytest.mark.parametrize("profile", [PROFILE, 1000 * PROFILE, np.ones(8760)])
def test_months_are_laid_on_hours_by_the_profile(profile):
    months = [1000.0 * month for month in range(1, 13)]
    demand, findings = read(without_times(months, column="heat_kwh"), profile=profile)
    assert findings == ()
    assert demand is not None
    assert demand.heat_kw.size == 8760
    for month, heat_kwh in enumerate(months, start=1):
        lived = [
            kw
            for kw, each in zip(demand.heat_kw, instants(), strict=True)
            if each.astimezone(ROME).month == month
        ]
        assert sum(lived) == pytest.approx(heat_kwh)
    assert demand.heat_kw[1] / demand.heat_kw[2] == pytest.approx(profile[0] / profile[1])


def test_a_year_is_laid_on_hours_by_the_profile():
    demand, _ = read("heat_mwh\n250\n", profile=PROFILE, year=2024)
    assert demand is not None
    assert demand.heat_kw.size == 8784
    assert demand.heat_kwh == pytest.approx(250_000)


def test_a_month_for_which_the_profile_has_nothing_keeps_its_heat():
    summerless = np.where((np.arange(8760) > 4000) & (np.arange(8760) < 6500), 0.0, 1.0)
    demand, _ = read(without_times([100.0] * 12, column="heat_kwh"), profile=summerless)
    assert demand is not None
    assert demand.heat_kwh == pytest.approx(1200.0)


@pytest.mark.parametrize("rows", [1, 12])
def test_months_and_a_year_need_a_profile(rows):
    text = without_times([1000.0] * rows, column="heat_kwh")
    assert only_code(text) == "demand.profile-needed"


@pytest.mark.parametrize("rows", [0, 2, 11, 364, 8759, 8784, 40000])
def test_a_length_that_is_no_year_is_refused(rows):
    assert only_code(without_times([1.0] * rows)) == "demand.bad-length"


def test_months_of_two_years_or_out_of_order_are_refused():
    months = [(f"2025-{month:02d}", 100.0) for month in range(1, 13)]
    assert read(csv_of(months), profile=PROFILE)[0] is not None
    assert only_code(csv_of([*months[1:], ("2026-01", 1.0)]), profile=PROFILE) == (
        "demand.time-outside-year"
    )
    months[4], months[5] = months[5], months[4]
    assert only_code(csv_of(months), profile=PROFILE) == "demand.time-repeated"
    # Names of months are heeded as dates are; see test_demand_months.
    named = [(name, 100.0) for name in ("Jan", "Feb", "Mar", "April") * 3]
    assert only_code(csv_of(named), profile=PROFILE) == "demand.time-repeated"


# --- The table


@pytest.mark.parametrize(
    "text", ["", "# only a remark\n", "time,heat_mj\n", "heat_kw,heat_kwh\n1,2\n", "kWh\n1\n"]
)
def test_a_column_in_a_known_unit_is_needed(text):
    demand, (finding,) = read(text)
    assert demand is None
    assert finding.code == "demand.column-missing"


@pytest.mark.parametrize("cell", ["", "x", "nan", "inf", "1.234.5"])
def test_a_value_that_is_no_number_is_named(cell):
    text = without_times([1.0] * 12).replace("1", cell, 1)
    demand, (finding,) = read("time;" + text.replace("\n", "\n;").rstrip(";"), profile=PROFILE)
    assert demand is None
    assert (finding.code, finding.where.line) == ("demand.bad-value", 2)


def test_heat_is_never_below_nought():
    text = without_times([1.0] * 8759 + [-0.5])
    demand, (finding,) = read(text)
    assert demand is None
    assert (finding.code, finding.where.line) == ("demand.negative", 8761)


def test_decimal_commas_between_semicolons():
    text = "# meter of the boiler room\nmonth;heat_mwh\n" + "".join(
        f"{month};1,5\n" for month in range(1, 13)
    )
    demand, _ = read(text, profile=PROFILE)
    assert demand is not None
    assert demand.heat_kwh == pytest.approx(18_000)
    assert demand.source == "meter of the boiler room"


def test_a_point_beside_decimal_commas_may_part_thousands_and_is_refused():
    text = "month;heat_kwh\n" + "x;1.234\n" + "x;900,5\n" * 11
    assert only_code(text, profile=PROFILE) == "demand.bad-value"


# --- A thousand times off


@pytest.mark.parametrize(
    ("factor", "suspected"), [(1.0, False), (1000.0, True), (0.001, True), (3.0, False)]
)
def test_a_boiler_tells_values_in_a_wrong_unit(factor, suspected):
    text = without_times([25.0 * factor] * 8760)
    demand, findings = read(text, heat_kw_rated=100.0)
    assert demand is not None
    assert suspected == ("demand.factor-thousand" in codes(findings))


@pytest.mark.parametrize(("mean_kw", "suspected"), [(0.01, True), (0.3, False), (2e6, True)])
def test_without_a_boiler_only_the_impossible_is_suspected(mean_kw, suspected):
    _, findings = read(without_times([mean_kw] * 8760))
    assert suspected == ("demand.factor-thousand" in codes(findings))


def test_a_few_steps_in_another_unit_are_noticed():
    values = [25.0 + hour % 10 for hour in range(8760)]
    values[4000:4200] = [1000 * value for value in values[4000:4200]]
    _, (finding,) = read(without_times(values), heat_kw_rated=10_000.0)
    assert finding.code == "demand.factor-thousand"
    assert finding.message.startswith("200 of the steps")


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(min_value=0, max_value=500), min_size=1, max_size=40))
def test_no_heat_is_lost_or_made_by_reading(values):
    days = (values * 365)[:365]
    demand, _ = read(without_times(days, column="heat_kwh"), profile=PROFILE)
    assert demand is not None
    written = sum(float(f"{value:g}") for value in days)
    assert demand.heat_kwh == pytest.approx(written)
