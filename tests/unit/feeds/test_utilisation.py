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
    assert [(one.code, one.where.line) for one in findings] == [("utilisation.bad-value", 3)]
    assert "3 values for 2 columns" in findings[0].message


def test_a_mark_of_byte_order_before_a_remark_is_no_part_of_it():
    text = "\ufeff# a trace\nhour,busy\n" + "\n".join(f"{hour},0.5" for hour in range(168))
    read, _ = read_utilisation(text, file="busy.csv", column="busy", in_percent=False)
    assert read is not None
    assert read.source == "a trace"
