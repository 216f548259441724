from zoneinfo import ZoneInfo

import pytest

from exotherm.feeds.utilisation import read_utilisation


def read(text, *, column="load", in_percent=True):
    return read_utilisation(text, file="load.csv", column=column, in_percent=in_percent)


def week(values="50"):
    return "hour,load\n" + "\n".join(f"{hour},{values}" for hour in range(168))


def test_a_week_in_percent_and_its_remark():
    trace, findings = read("# measured in May\n" + week())
    assert findings == ()
    assert trace is not None
    assert set(trace.utilisation_frac) == {0.5}
    assert trace.source == "measured in May"


def test_the_unit_decides_what_is_possible():
    assert [f.code for f in read(week(), in_percent=False)[1]] == ["utilisation.bad-value"] * 5
    assert "to true where 50 is in per cent" in read(week(), in_percent=False)[1][0].remedy
    trace, _ = read(week("0.5"), in_percent=False)
    assert trace is not None


@pytest.mark.parametrize("cell", ["-1", "101", "", "busy", "nan", "inf"])
def test_a_value_that_cannot_be_is_named_with_its_line(cell):
    trace, (finding,) = read(week().replace("2,50", f"2,{cell}", 1))
    assert trace is None
    assert (finding.code, finding.where.line) == ("utilisation.bad-value", 4)


def test_a_missing_column_and_an_empty_file():
    assert [f.code for f in read(week(), column="cpu")[1]] == ["utilisation.column-missing"]
    assert [f.code for f in read("")[1]] == ["utilisation.column-missing"]
    assert [f.code for f in read("hour,load\n")[1]] == ["utilisation.bad-length"]


def test_a_length_that_is_no_whole_number_of_weeks_is_a_note():
    trace, (finding,) = read(week() + "\n168,50")
    assert trace is not None
    assert finding.code == "utilisation.no-whole-weeks"


def test_a_decimal_comma_between_commas_is_no_other_value():
    read, findings = read_utilisation(
        "hour,busy\n0,0.5\n1,0,7\n", file="busy.csv", column="busy", in_percent=False
    )
    assert read is None
    assert [(one.code, one.where.line) for one in findings] == [("csv.too-many-values", 3)]
    assert "3 values for 2 columns" in findings[0].message


def test_a_mark_of_byte_order_before_a_remark_is_no_part_of_it():
    text = "\ufeff# a trace\nhour,busy\n" + "\n".join(f"{hour},0.5" for hour in range(168))
    read, _ = read_utilisation(text, file="busy.csv", column="busy", in_percent=False)
    assert read is not None
    assert read.source == "a trace"


def test_semicolons_and_decimal_commas_are_read():
    trace, findings = read("hour;load\n" + "\n".join(f"{hour};50,5" for hour in range(168)))
    assert findings == ()
    assert trace is not None
    assert set(trace.utilisation_frac) == {0.505}


def timed(instants, column="time"):
    lines = "\n".join(f"{instant},50" for instant in instants)
    return read_utilisation(
        f"{column},load\n{lines}\n",
        file="load.csv",
        column="load",
        in_percent=True,
        zone=ZoneInfo("Europe/Berlin"),
    )[1]


HOURS = [f"2025-06-02T{hour:02}:00" for hour in range(24)]
SPRING = ["2025-03-30T00:00", "2025-03-30T01:00", "2025-03-30T03:00", "2025-03-30T04:00"]
AUTUMN = ["2025-10-26T01:00", "2025-10-26T02:00", "2025-10-26T02:00", "2025-10-26T03:00"]
NO_SUMMER = [f"2025-03-30T{hour:02}:00" for hour in range(5)]


@pytest.mark.parametrize("instants", [HOURS, SPRING, AUTUMN, NO_SUMMER, [f"{t}Z" for t in HOURS]])
def test_hours_that_follow_each_other_by_some_clock_are_right(instants):
    assert [one.code for one in timed(instants)] == ["utilisation.no-whole-weeks"]


@pytest.mark.parametrize(
    ("instants", "line", "said"),
    [
        ([*HOURS[:5], *HOURS[7:]], 7, "2 h are missing"),
        ([*HOURS[:5], *HOURS[4:]], 7, "the hour is there twice"),
        ([*HOURS[12:], *HOURS[:12]], 14, "the lines are out of order"),
    ],
)
def test_an_hour_that_does_not_follow_is_named(instants, line, said):
    (finding,) = timed(instants)
    assert (finding.code, finding.where.line) == ("utilisation.hour-out-of-step", line)
    assert said in finding.message


def test_running_numbers_show_holes_and_hours_of_the_day_begin_again():
    (finding,) = timed([0, 1, 2, 4, 5], column="hour")
    assert "After 2 comes 4: 1 h are missing" in finding.message
    again = timed([*range(24), *range(24)], column="hour")
    assert [one.code for one in again] == ["utilisation.no-whole-weeks"]


def test_quarter_hours_are_no_hours_and_unread_times_are_said():
    quarters = [f"2025-06-02T00:{minute:02}" for minute in (0, 15, 30, 45)]
    assert [one.code for one in timed(quarters)] == ["utilisation.not-hourly"]
    assert "utilisation.hours-unread" in [one.code for one in timed(["1.6.2025 00:00"] * 3)]


def test_a_trace_of_zeros_and_a_year_with_an_end_missing_are_said():
    assert [one.code for one in read(week("0"))[1]] == ["utilisation.never-busy"]
    for hours, codes in {8760: [], 8784: [], 8000: ["utilisation.year-incomplete"]}.items():
        text = "hour,load\n" + "\n".join(f"{hour},50" for hour in range(hours))
        assert [one.code for one in read(text)[1]] == codes
