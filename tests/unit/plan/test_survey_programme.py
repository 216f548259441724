"""The critical path against a search by hand: every path, every shift, every window."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from exotherm.plan.survey.programme import HORIZON_DAYS, Activity, runs_of, schedule
from exotherm.site.survey.building import Shutdown

START = date(2025, 3, 3)  # a Monday


def activity(name, days, *after, shutdown=False):
    return Activity(name=name, title=name, days=days, after=after, shutdown=shutdown)


@st.composite
def networks(draw, *, cut_off=False):
    """Draw up to seven activities, each behind some of those before it."""
    size = draw(st.integers(1, 7))
    made = []
    for number in range(size):
        after = draw(st.sets(st.integers(0, number - 1))) if number else set()
        made.append(
            activity(
                f"a{number}",
                draw(st.integers(0, 9)),
                *(f"a{one}" for one in sorted(after)),
                shutdown=cut_off and draw(st.booleans()),
            )
        )
    return draw(st.permutations(made))


@st.composite
def windows(draw):
    edges = sorted(draw(st.sets(st.integers(0, 120), min_size=2, max_size=8)))
    return [pair for number, pair in enumerate(pairwise(edges)) if number % 2 == 0]


def longest_path(activities):
    """Walk every path from end to beginning; the longest is the length of all."""
    by_name = {one.name: one for one in activities}

    def length(one):
        return one.days + max((length(by_name[name]) for name in one.after), default=0)

    return max(length(one) for one in activities)


def planned(activities, runs=None):
    found = schedule(activities, starts_on=START, runs=runs)
    assert found is not None
    return found


@given(networks())
def test_the_length_is_that_of_the_longest_path(activities):
    found = planned(activities)
    assert found.days == longest_path(activities)
    assert found.ends_on == START + timedelta(days=found.days)


@given(networks())
def test_slack_is_what_an_activity_may_grow_and_no_day_more(activities):
    found = planned(activities)
    for one in found.scheduled:
        for more, moved in ((one.slack, 0), (one.slack + 1, 1)):
            longer = [
                activity(
                    other.name, other.days + more * (other.name == one.activity.name), *other.after
                )
                for other in activities
            ]
            assert planned(longer).days == found.days + moved


@given(networks(cut_off=True), windows())
def test_days_keep_their_order_and_their_windows(activities, runs):
    found = schedule(activities, starts_on=START, runs=runs)
    widest = max(end - begin for begin, end in runs)
    if found is None:
        assert any(one.shutdown and one.days for one in activities)
        return
    by_name = {one.activity.name: one for one in found.scheduled}
    for one in found.scheduled:
        ready = max((by_name[name].end for name in one.activity.after), default=0)
        assert one.end - one.start == one.activity.days
        assert one.start == ready + one.waited
        assert one.slack >= 0
        if one.activity.shutdown and one.activity.days:
            assert one.activity.days <= widest
            assert any(begin <= one.start and one.end <= end for begin, end in runs)
            # No day before would do: every earlier start after `ready` leaves a window.
            for start in range(ready, one.start):
                end = start + one.activity.days
                assert not any(begin <= start and end <= last for begin, last in runs)
        else:
            assert one.waited == 0


@given(networks(cut_off=True), windows())
def test_none_is_said_only_where_no_window_is_left(activities, runs):
    found = schedule(activities, starts_on=START, runs=runs)
    whole_year = schedule(activities, starts_on=START, runs=[(0, 10_000)])
    assert whole_year is not None
    if found is None:
        last = max(end for _, end in runs)
        off = [one for one in activities if one.shutdown and one.days]
        assert (
            any(
                one.days > max(end - begin for begin, end in runs) or last < whole_year.days
                for one in off
            )
            or len(off) > 1
        )
    else:
        assert found.days >= whole_year.days


def test_slack_before_a_shutdown_is_the_wait_for_it():
    works, off = activity("works", 5), activity("off", 2, "works", shutdown=True)
    found = planned([off, works], [(3, 6), (10, 14), (20, 30)])
    first, second = found.scheduled
    assert (first.start, first.end, first.slack) == (0, 5, 5)
    assert (second.start, second.waited, second.slack) == (10, 5, 0)
    assert found.off_days == 2
    assert found.waited == 5


def test_a_window_is_whole_days_of_the_week_named():
    # 2025-03-03 is a Monday; Saturday and Sunday are days 5 and 6.
    weekend = Shutdown(from_on=START, until_on=date(2025, 3, 16), weekdays=(6, 7))
    assert runs_of([weekend], starts_on=START) == ((5, 7), (12, 14))
    assert runs_of([weekend], starts_on=date(2025, 3, 9)) == ((0, 1), (6, 8))
    three = activity("off", 3, shutdown=True)
    assert schedule([three], starts_on=START, runs=runs_of([weekend], starts_on=START)) is None


def test_windows_that_touch_are_one_and_past_ones_are_none():
    spans = [
        Shutdown(from_on=date(2025, 3, 5), until_on=date(2025, 3, 6)),
        Shutdown(from_on=date(2025, 3, 7), until_on=date(2025, 3, 7)),
        Shutdown(from_on=date(2024, 1, 1), until_on=date(2024, 12, 31)),
    ]
    assert runs_of(spans, starts_on=START) == ((2, 5),)
    endless = Shutdown(from_on=date(1990, 1, 1), until_on=date(2199, 12, 31))
    assert runs_of([endless], starts_on=START) == ((0, HORIZON_DAYS + 1),)


def test_of_nothing_there_is_nothing():
    assert planned([]).days == 0
