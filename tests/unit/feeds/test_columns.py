import pytest

from exotherm.feeds.columns import read_columns, shown_names


def test_commas_within_texts_make_no_decimal_commas():
    table = read_columns("name;price\n1,5 km, the pool;0.08\n", rows_max=9)
    assert not table.decimal_commas
    assert table.number_of("0.08") == 0.08


@pytest.mark.parametrize("line", ["a;0,08", "0,08;a", '"0,08";a', "-,5;a", "a; 1,5e-3 "])
def test_a_cell_with_a_decimal_comma_tells_of_all(line):
    table = read_columns(f"x;y\na;1\n{line}\n", rows_max=9)
    assert table.decimal_commas
    assert (table.digits_of("0,08"), table.digits_of("1.000")) == ("0.08", None)


def test_rows_are_by_the_names_of_their_columns():
    table = read_columns("# a remark\nx,y\n1,2\n3\n", rows_max=9)
    assert list(table.rows()) == [(3, {"x": "1", "y": "2"}), (4, {"x": "3", "y": ""})]


def test_lines_that_would_be_lost_are_said():
    table = read_columns("x\n" + "1\n" * 4, rows_max=3)
    (finding,) = table.too_many_lines(file="a.csv", rows_max=3)
    assert (finding.code, finding.where.line) == ("csv.too-many-lines", 5)
    assert read_columns("x\n1\n", rows_max=3).too_many_lines(file="a.csv", rows_max=3) == ()


def test_names_are_shown_as_far_as_anybody_reads():
    assert shown_names(()) == "none"
    shown = shown_names(["x" * 100] * 30)
    assert shown.endswith("x, and 18 more")
    assert len(shown) < 600
