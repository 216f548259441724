import tomllib
from typing import Any

import pytest

from exotherm.core.toml_lines import line_of, write_path

TEXT = '''\
# a comment with key = 1
[site]
name = "Pool = [1]"   # [no.header]
"odd key" = 1
dotted.inner = 2

[pool]
words = """
[not.a.header]
key = "no"
"""
list = [
  1, 2,
  3,
]
after = true

[[pool.opening]]
at = 7
[pool.opening.rest]
from = 12

[[pool.opening]]
at = 9
days = [ { day = 1 },
         { day = 2 } ]

[[meters]]
[[meters.points]]
name = 'a'
[[meters]]
[[meters.points]]
name = 'b'
[[meters.points]]
name = 'c'
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("site",), 2),
        (("site", "name"), 3),
        (("site", "odd key"), 4),
        (("site", "dotted", "inner"), 5),
        (("site", "nothing"), 2),
        (("pool", "words"), 8),
        (("not",), None),
        (("pool", "key"), 7),
        (("pool", "list"), 12),
        (("pool", "list", 0), 13),
        (("pool", "list", 2), 14),
        (("pool", "after"), 16),
        (("pool", "opening"), 18),
        (("pool", "opening", 0, "at"), 19),
        (("pool", "opening", 0, "rest", "from"), 21),
        (("pool", "opening", 1), 23),
        (("pool", "opening", 1, "at"), 24),
        (("pool", "opening", 1, "nothing"), 23),
        (("pool", "opening", 1, "days", 1, "day"), 26),
        (("meters", 0, "points", 0, "name"), 30),
        (("meters", 1, "points", 0, "name"), 33),
        (("meters", 1, "points", 1, "name"), 35),
        (("meters", 2), 28),
        ((), None),
    ],
)
def test_a_path_is_found_where_it_is_set(path, line):
    assert line_of(TEXT, path) == line


def test_the_example_is_toml():
    document: dict[str, Any] = tomllib.loads(TEXT)
    assert document["pool"]["opening"][1]["days"][1]["day"] == 2


def test_a_table_that_only_its_parts_name_has_the_line_of_the_first():
    assert line_of("[parties.customer]\nname = 1\n", ("parties", "supplier")) == 1


def test_an_empty_text_has_no_lines():
    assert line_of("", ("site",)) is None


def test_lines_are_those_an_editor_counts():
    assert line_of('note = "a\u2028b"\r\nname = 1\r\n', ("name",)) == 2


def test_the_way_down_is_bounded():
    deep = ".".join("a" * 1 for _ in range(200))
    assert line_of(f"{deep} = 1\n", ("a",) * 200) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("pool", "area_m2"), "pool.area_m2"),
        (("meters", 0, "serial"), "meters[0].serial"),
    ],
)
def test_a_path_is_written_as_people_read_it(path, text):
    assert write_path(path) == text
