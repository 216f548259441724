"""Values of the moment: kept once, whatever comes again, late or in another order, or is packed."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import DAY, HEAT, MINUTE, POINTS, RETURN, START, SUPPLY, WEEK, told

from exotherm.core.period import Period
from exotherm.core.samples import Origin, Quality
from exotherm.store.sqlite import open_store
from exotherm.store.telemetry import Compacted
from exotherm.store.values import Saved

NAMES = [point.name for point in POINTS]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "exotherm.db"


@pytest.fixture
def store(path):
    with open_store(path) as opened:
        opened.keep_points(POINTS)
        yield opened


def test_samples_come_back_with_all_they_carry_before_and_after_packing(store):
    kept = (
        told(0, 3120),
        told(1, -15, quality=Quality.SUSPECT, delay_s=7200),
        told(2, 3121, quality=Quality.INVALID, origin=Origin.IMPORT, delay_s=-30),
    )
    assert store.save_samples(kept) == Saved(stored=3, repeated=0, refused=())
    assert store.samples([SUPPLY.name], WEEK)[SUPPLY.name] == kept
    assert store.compact(WEEK.end) == Compacted(days=1, chunks=1, samples=3)
    assert store.samples([SUPPLY.name], WEEK)[SUPPLY.name] == kept
    assert store.compact(WEEK.end) == Compacted(days=0, chunks=0, samples=0)


def test_a_day_is_packed_once_it_is_over_and_no_sooner(store):
    store.save_samples([told(0, 1), told(1440, 2), told(1441, 3, RETURN)])
    assert store.compact(START + 2 * DAY - MINUTE) == Compacted(days=1, chunks=1, samples=1)
    assert store.compact(START + 2 * DAY) == Compacted(days=1, chunks=2, samples=2)


def test_a_late_sample_joins_the_day_that_is_packed_already(store):
    store.save_samples([told(0, 1), told(2, 3)])
    store.compact(WEEK.end)
    late = replace(told(1, 2), received_at=START + 3 * DAY)
    assert store.save_samples([late, told(2, 3)]) == Saved(stored=1, repeated=1, refused=())
    expected = (told(0, 1), late, told(2, 3))
    assert store.samples([SUPPLY.name], WEEK)[SUPPLY.name] == expected
    assert store.compact(WEEK.end) == Compacted(days=1, chunks=1, samples=1)
    assert store.samples([SUPPLY.name], WEEK)[SUPPLY.name] == expected


def test_another_count_for_an_instant_is_refused_before_and_after_packing(store):
    store.save_samples([told(0, 1)])
    assert store.save_samples([told(0, 2)]).refused == (told(0, 2),)
    store.compact(WEEK.end)
    assert store.save_samples([told(0, 3), told(0, 1)]) == Saved(
        stored=0, repeated=1, refused=(told(0, 3),)
    )
    assert [event.data["count_refused"] for event in store.events(WEEK)] == [2, 3]
    assert store.samples([SUPPLY.name], WEEK)[SUPPLY.name] == (told(0, 1),)


def test_the_newest_is_by_the_devices_time_whatever_comes_later(store):
    store.save_samples([told(5, 50), told(4, 40, quality=Quality.SUSPECT), told(3, 7, HEAT)])
    store.save_samples([told(1, 10), told(2, 9, RETURN)])
    assert store.last_samples() == {
        SUPPLY.name: told(5, 50),
        RETURN.name: told(2, 9, RETURN),
        HEAT.name: told(3, 7, HEAT),
    }
    suspect = told(4, 40, quality=Quality.SUSPECT)
    assert store.last_samples(Quality.SUSPECT) == {SUPPLY.name: suspect}


def test_the_newest_up_to_an_instant_is_found_however_far_back_it_lies(store):
    weeks = 50 * 7 * 24 * 60
    ahead = [told(5, 50), told(5, 60, HEAT), told(weeks, 70), told(weeks, 80, HEAT)]
    store.save_samples([told(0, 1, RETURN), *ahead, told(weeks, 9, RETURN)])
    store.compact(WEEK.end)
    for minute in (6, 2_000, 60_000, weeks):
        found = store.last_samples(until=START + minute * MINUTE)
        assert found == {
            SUPPLY.name: told(5, 50), HEAT.name: told(5, 60, HEAT), RETURN.name: told(0, 1, RETURN)
        }  # fmt: skip
    assert store.last_samples(until=START - MINUTE) == {}
    assert store.last_samples(until=START + (weeks + 1) * MINUTE) == store.last_samples()
    assert store.last_samples(Quality.SUSPECT, until=START + 9 * MINUTE) == {}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE hot SET samples = substr(samples, 1, 21)",
        "UPDATE hot SET source_at = source_at + 1, samples = samples || samples",
        "DELETE FROM hot WHERE source_at >= 86400 * (SELECT MAX(day) + 1 FROM chunk)",
        "DELETE FROM chunk",
        "UPDATE chunk SET packed = x'00'",
        "UPDATE chunk SET day = day + 1, samples = samples + 1",
        "UPDATE chunk SET samples = samples + 1, last_at = last_at - 1",
    ],
)
def test_what_is_kept_cannot_become_less_or_move_in_time(store, path, statement):
    store.save_samples([told(0, 1), told(2000, 5)])
    store.compact(START + DAY)
    with closing(sqlite3.connect(path)) as other, pytest.raises(sqlite3.IntegrityError):
        other.execute(statement)


_ARRIVALS = st.lists(
    st.tuples(st.integers(0, 4000), st.sampled_from([SUPPLY, RETURN, HEAT])), max_size=40
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), arrivals=_ARRIVALS)
def test_order_repetition_and_packing_in_between_change_nothing(tmp_path, data, arrivals):
    """Contents are the set of what was told: the model is a dictionary."""
    samples = {
        (minute, point.name): told(minute, minute % 977, point) for minute, point in arrivals
    }
    repeated = data.draw(st.permutations([*samples.values(), *samples.values()]))
    path = tmp_path / "property.db"
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    with open_store(path) as store:
        store.keep_points(POINTS)
        while repeated:
            number = data.draw(st.integers(1, 15))
            batch, repeated = repeated[:number], repeated[number:]
            saved = store.save_samples(batch)
            assert not saved.refused
            if data.draw(st.booleans()):
                store.compact(START + data.draw(st.integers(0, 5)) * DAY)
        found = store.samples(NAMES, WEEK)
        newest = store.last_samples()
    for name in NAMES:
        own = [samples[key] for key in sorted(samples) if key[1] == name]
        assert found[name] == tuple(own)
        assert newest.get(name) == (own[-1] if own else None)


def test_a_period_is_cut_at_its_seconds_in_hot_and_in_chunks(store):
    store.save_samples([told(minute, minute) for minute in range(10)])
    inside = Period(START + 3 * MINUTE, START + 5 * MINUTE)
    for _ in range(2):
        counts = [one.count for one in store.samples([SUPPLY.name], inside)[SUPPLY.name]]
        assert counts == [3, 4, 5]
        store.compact(WEEK.end)


def test_a_packing_that_fails_leaves_all_as_it_was(store, path):
    store.save_samples([told(0, 1), told(1441, 2)])
    with closing(sqlite3.connect(path)) as other:
        other.execute(
            "CREATE TRIGGER fail BEFORE DELETE ON hot WHEN OLD.source_at > 0"
            " BEGIN SELECT RAISE(ABORT, 'pulled the plug'); END"
        )
    with pytest.raises(sqlite3.IntegrityError, match="plug"):
        store.compact(WEEK.end)
    assert [one.count for one in store.samples([SUPPLY.name], WEEK)[SUPPLY.name]] == [1, 2]
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT COUNT(*) FROM chunk").fetchone() == (0,)
        other.execute("DROP TRIGGER fail")
    assert store.compact(WEEK.end).samples == 2


def test_values_of_the_moment_alone_need_no_disk_and_readings_do(store):
    statements: list[str] = []
    store._connection.set_trace_callback(statements.append)
    store.save_samples([told(0, 1)])
    assert "PRAGMA synchronous = NORMAL" in statements
    assert statements[-1] == "PRAGMA synchronous = FULL"
    statements.clear()
    store.save_samples([told(1, 1), told(0, 1, HEAT)])
    assert not [one for one in statements if "synchronous" in one]
    assert store._connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_an_instant_keeps_to_the_second(store):
    sharp = replace(told(0, 1), source_at=START + timedelta(milliseconds=900))
    store.save_samples([sharp])
    assert store.save_samples([told(0, 1)]).repeated == 1


def test_points_that_were_not_kept_after_all_are_forgotten(path):
    with open_store(path) as store:

        def keep_and_fail():
            with store.together():
                store.keep_points([SUPPLY, HEAT])
                store.save_samples([told(0, 1)])
                raise RuntimeError

        with pytest.raises(RuntimeError):
            keep_and_fail()
        # In another order they have other numbers.
        store.keep_points([HEAT, SUPPLY])
        store.save_samples([told(0, 1)])
    with open_store(path) as again:
        assert again.samples(NAMES, WEEK)[SUPPLY.name] == (told(0, 1),)
        assert again.last_samples() == {SUPPLY.name: told(0, 1)}
