"""Words as sentences have them."""

import pytest

from exotherm.core.sentences import counted, is_line, listed, visible


@pytest.mark.parametrize(
    ("names", "said"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_names_are_listed_as_in_a_sentence(names, said) -> None:
    assert listed(names) == said


def test_names_with_commas_are_kept_apart_by_semicolons():
    names = ["pipes, valves", "tank", "pumps"]
    assert listed(names) == "pipes, valves; tank; and pumps"
    assert listed(["pipes, valves"]) == "pipes, valves"


def test_of_none_there_is_nothing_to_list():
    assert listed([]) == ""


def test_the_last_may_be_a_choice():
    assert listed(["W17", "W27", "W32"], before_last="or") == "W17, W27 or W32"


def test_what_would_steer_a_terminal_is_written_out_and_letters_of_all_people_stay():
    assert visible("a\x1b[31m\x07\r\x9b\u202e\ud800") == (
        "a\\u001b[31m\\u0007\\u000d\\u009b\\u202e\\ud800"
    )
    for text in ("Zähler Süd, 1\u202f000\u00a0kWh", "συντηρητής", "заведующий", "設置者 №7"):
        assert visible(text) == text
        assert is_line(text)
    assert visible("two\n\tlines") == "two\n\tlines"
    assert not is_line("two\nlines")


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "no warnings or notes"), (1, "1 warning or note"), (1200, "1\u202f200 warnings or notes")],
)
def test_things_are_counted_as_in_a_sentence(count, said):
    assert counted(count, "warning or note") == said
