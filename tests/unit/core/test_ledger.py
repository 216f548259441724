"""The meter ledger: what follows from entries, in whatever order readings came."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.core.ledger import (
    Entry,
    EntryKind,
    advances_in,
    between,
    breaks_of,
    count_on,
    standing,
)
from exotherm.core.period import Period
from exotherm.core.register import Break, RegisterFormat, advance_across
from exotherm.core.samples import Quality, Sample

START = datetime(2026, 10, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
REGISTER = RegisterFormat(unit="kwh", digits=4, decimals=0)
STEP_MAX = 40


def entry(kind=EntryKind.EXCHANGE, *, number=1, quarter=4, before=120, after=5, known=5, **other):
    return Entry(
        kind=kind,
        point="heat_meter.heat_kwh",
        at=START + quarter * QUARTER,
        known_at=START + known * QUARTER,
        author="the installer",
        evidence="sheet 7",
        count_before=before,
        count_after=after,
        number=number,
        **other,
    )


def reading(quarter, count, quality=Quality.GOOD):
    at = START + quarter * QUARTER
    return Sample(
        point="heat_meter.heat_kwh", source_at=at, received_at=at, count=count, quality=quality
    )


def test_an_entry_counts_from_when_it_is_known_until_it_is_withdrawn() -> None:
    jump = entry()
    gone = entry(EntryKind.WITHDRAWAL, number=2, known=9, withdraws=1)
    assert standing([gone, jump]) == ()
    assert standing([gone, jump], known_at=START + 8 * QUARTER) == (jump,)
    assert standing([gone, jump], known_at=START + 4 * QUARTER) == ()


def test_an_exchange_counts_the_old_meters_way_and_the_new_ones() -> None:
    (jump,) = breaks_of([entry()], "heat_meter.heat_kwh")
    assert jump == Break(at=START + 4 * QUARTER, why="exchange", count_before=120, count_after=5)
    counted = count_on(REGISTER, [reading(3, 110), reading(4, 5), reading(5, 12)], [jump])
    assert counted is not None
    # 110 to 120 on the old meter; the reading of the very instant is the new one's.
    assert [one.count for one in counted] == [0, 10, 17]


def test_a_jump_that_nobody_explains_is_no_advance() -> None:
    assert count_on(REGISTER, [reading(3, 5110), reading(4, 5)], []) is None


def test_an_overflow_may_be_entered_where_readings_are_too_sparse() -> None:
    over = entry(EntryKind.OVERFLOW, before=REGISTER.modulus, after=0)
    readings = [reading(3, 5000), reading(200, 4000)]
    assert count_on(REGISTER, readings, []) is None
    counted = count_on(REGISTER, readings, breaks_of([over], "heat_meter.heat_kwh"), count_max=9999)
    assert counted is not None
    assert counted[-1].count == 9000


def test_only_good_readings_count() -> None:
    readings = [reading(0, 10), reading(1, 900, Quality.SUSPECT), reading(2, 14)]
    counted = count_on(REGISTER, readings, [])
    assert counted is not None
    assert [one.count for one in counted] == [0, 4]


@settings(deadline=None)
@given(
    data=st.data(),
    steps=st.lists(st.integers(0, STEP_MAX), min_size=2, max_size=200),
    start=st.integers(0, REGISTER.modulus - 1),
)
def test_the_total_of_edges_of_parts_and_of_what_went_in_is_one(data, steps, start) -> None:
    """A register of few digits, exchanged anywhere, rolling over anywhere, with readings missing.

    The independent count is what was put in: the sum of the steps, less than a whole round.
    """
    changes = data.draw(st.sets(st.integers(1, len(steps) - 1), max_size=3))
    missing = data.draw(st.sets(st.integers(1, len(steps) - 1)))
    readings, breaks, count = [reading(0, start)], [], start
    for number, step in enumerate(steps, start=1):
        count = (count + step) % REGISTER.modulus
        if number in changes:
            after = data.draw(st.integers(0, REGISTER.modulus - 1))
            at = START + number * QUARTER
            breaks.append(Break(at=at, why="exchange", count_before=count, count_after=after))
            count = after
        if number not in missing:
            readings.append(reading(number, count))
    most = REGISTER.modulus - 1
    counted = count_on(REGISTER, readings, breaks, count_max=most)
    assert counted is not None
    assert counted[-1].count == sum(steps)
    month = Period(START, readings[-1].source_at)
    parts = advances_in(counted, month.split(QUARTER))
    assert sum(one or 0 for one in parts) == sum(steps)
    edges = advance_across(
        REGISTER,
        earlier=readings[0].count,
        later=readings[-1].count,
        breaks=between(breaks, readings[0].source_at, readings[-1].source_at),
        count_max=most,
    )
    assert edges is not None
    assert edges.count == sum(steps)


def test_a_part_in_which_nothing_was_read_is_not_told_and_its_heat_stands_at_the_next() -> None:
    counted = count_on(REGISTER, [reading(0, 10), reading(1, 13), reading(3, 20)], [])
    assert counted is not None
    parts = Period(START - QUARTER, START + 5 * QUARTER).split(QUARTER)
    assert advances_in(counted, parts) == (None, 3, None, 7, None, None)
