"""What is entered, sent and copied: the ledger, the outbox, backups, exports, older versions."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import DAY, HEAT, MINUTE, POINTS, RETURN, START, SUPPLY, WEEK, told

from exotherm.cli.main import run
from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.ledger import Entry, EntryKind
from exotherm.core.period import Period
from exotherm.core.samples import Origin, Quality
from exotherm.store import connection as opening
from exotherm.store.backup import back_up, restore
from exotherm.store.errors import UnableToBackUp, UnableToExport, UnableToRestore
from exotherm.store.packed import Series
from exotherm.store.parquet import export_parquet
from exotherm.store.sqlite import open_store
from exotherm.store.steps import steps_of
from exotherm.store.verify import verify_store

NOW = datetime(2026, 10, 9, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "exotherm.db"


@pytest.fixture
def store(path):
    with open_store(path) as opened:
        opened.keep_points(POINTS)
        yield opened


def correction(minute, count, *, known, point=HEAT, **other):
    return Entry(
        kind=EntryKind.CORRECTION,
        point=point.name,
        at=START + minute * MINUTE,
        known_at=START + known * MINUTE,
        author="the caretaker",
        evidence="photograph 7",
        count_after=count,
        quality=None if count is None else Quality.GOOD,
        **other,
    )


def counts_of(store, point=HEAT, **known):
    return [one.count for one in store.samples([point.name], WEEK, **known)[point.name]]


# The ledger


def test_a_correction_stands_from_when_it_is_known_and_what_was_stored_can_be_shown(store):
    for point in (HEAT, SUPPLY):
        store.save_samples([told(0, 100, point), told(1, 900, point), told(2, 104, point)])
        store.save_entry(correction(1, 102, known=30, point=point))
        store.save_entry(correction(2, None, known=60, point=point))
        at = [START + minute * MINUTE for minute in (29, 30, 60)]
        assert counts_of(store, point) == [100, 102]
        assert counts_of(store, point, known_at=at[0]) == [100, 900, 104]
        assert counts_of(store, point, known_at=at[1]) == [100, 102, 104]
        assert counts_of(store, point, known_at=at[2]) == [100, 102]
        stands = store.samples([point.name], WEEK)[point.name][1]
        assert (stands.origin, stands.received_at) == (Origin.HAND, at[1])


def test_a_withdrawn_correction_counts_no_more_and_the_last_one_decides(store):
    store.save_samples([told(0, 100, HEAT)])
    store.save_entry(correction(0, 110, known=10))
    assert store.save_entry(correction(0, 120, known=20)).number == 2
    assert counts_of(store) == [120]
    gone = correction(0, None, known=30)
    withdrawal = Entry(
        kind=EntryKind.WITHDRAWAL,
        point=gone.point,
        at=gone.at,
        known_at=gone.known_at,
        author="the caretaker",
        evidence="misread",
        withdraws=2,
    )
    store.save_entry(withdrawal)
    assert counts_of(store) == [110]
    assert counts_of(store, known_at=START + 25 * MINUTE) == [120]
    assert [one.number for one in store.entries()] == [1, 2, 3]


def test_what_is_known_at_an_instant_is_what_was_heard_by_then(store):
    store.save_samples([told(0, 1, HEAT), told(1, 2, HEAT, delay_s=7200), told(2, 3)])
    assert counts_of(store, known_at=START + 10 * MINUTE) == [1]
    assert counts_of(store, SUPPLY, known_at=START + 2 * MINUTE) == []


def test_the_newest_sample_is_the_one_that_stands(store):
    store.save_samples([told(0, 100, HEAT), told(1, 900, HEAT)])
    store.save_entry(correction(1, None, known=30))
    assert store.last_samples()[HEAT.name] == told(0, 100, HEAT)
    store.save_samples([told(2, 105, HEAT, Quality.SUSPECT)])
    store.save_entry(correction(2, 105, known=40))
    assert store.last_samples(Quality.GOOD)[HEAT.name].count == 105
    assert store.last_samples(Quality.GOOD)[HEAT.name].source_at == START + 2 * MINUTE


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET author = 'nobody'",
        "DELETE FROM ledger",
        (
            "INSERT INTO ledger SELECT number + 2, kind, point_id, at, known_at, author, evidence,"
            " count_before, count_after, quality, withdraws, link FROM ledger"
        ),
        (
            "INSERT INTO ledger SELECT number + 1, kind, point_id, at, known_at, '', evidence,"
            " count_before, count_after, quality, withdraws, link FROM ledger"
        ),
        (
            "INSERT INTO ledger SELECT number + 1, 'exchange', point_id, at, known_at, author,"
            " evidence, NULL, 5, NULL, NULL, link FROM ledger"
        ),
    ],
)
def test_an_entry_is_never_changed_and_has_an_author(store, path, statement):
    store.save_entry(correction(0, 1, known=0))
    with closing(sqlite3.connect(path)) as other, pytest.raises(sqlite3.IntegrityError):
        other.execute(statement)


# The outbox


def test_a_message_is_put_once_and_waits_until_its_receiver_has_it(store):
    assert store.put_messages([("a", b"1"), ("b", b"2"), ("a", b"1")], at=START) == 2
    assert store.put_messages([("b", b"2"), ("c", b"3")], at=START) == 1
    waiting = store.waiting_messages("fleet", most=2)
    assert [(one.position, one.key, one.payload) for one in waiting] == [
        (1, "a", b"1"),
        (2, "b", b"2"),
    ]
    store.acknowledge("fleet", 2)
    store.acknowledge("fleet", 1)
    assert [one.key for one in store.waiting_messages("fleet")] == ["c"]
    assert len(store.waiting_messages("another")) == 3


def test_messages_that_all_have_may_go_and_positions_go_on(store):
    store.put_messages([(key, b"") for key in "abc"], at=START)
    assert store.drop_messages(before=NOW) == 0
    store.acknowledge("fleet", 3)
    store.acknowledge("slow", 1)
    assert store.drop_messages(before=START) == 0
    assert store.drop_messages(before=NOW) == 1
    assert [one.key for one in store.waiting_messages("slow")] == ["b", "c"]
    store.acknowledge("slow", 3)
    assert store.drop_messages(before=NOW) == 1
    store.put_messages([("d", b"")], at=NOW)
    assert [(one.position, one.key) for one in store.waiting_messages("fleet")] == [(4, "d")]


def test_a_message_is_kept_with_the_samples_it_tells_of_or_neither_is(store):

    def keep_and_fail():
        with store.together():
            store.save_samples([told(0, 1)])
            store.put_messages([("a", b"1")], at=START)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        keep_and_fail()
    assert store.waiting_messages("fleet") == ()
    assert counts_of(store, SUPPLY) == []


# Verifying


def fill(store):
    store.save_samples([told(minute, minute, point) for minute in range(5) for point in POINTS])
    store.save_samples([told(2000, 7), told(3, 99, HEAT)])
    store.save_entry(correction(1, 102, known=30))
    store.save_entry(correction(2, None, known=30))
    store.compact(START + DAY)
    for place in ("heat_meter", "rack"):
        found = Finding(
            code="meter.no-answer",
            severity=Severity.WARNING,
            where=Where(path=place),
            message="It does not answer.",
            remedy="Look.",
        )
        store.save_findings([found], at=START)
    store.save_document(
        kind="invoice",
        number="A-0001",
        issued_on=START.date(),
        period=WEEK,
        text="{}",
        content=b"%PDF",
    )


def test_a_store_that_nobody_touched_verifies_and_says_where_its_chains_end(store):
    fill(store)
    store.clear_findings("rack", {"meter.no-answer"}, at=START + DAY)
    verified = verify_store(store)
    assert verified.findings == ()
    assert (verified.samples, verified.documents) == (11, 1)
    heads = {head.chain: head for head in verified.heads}
    assert {name: head.rows for name, head in heads.items()} == {
        HEAT.name: 5,
        "events": 3,
        "ledger": 2,
    }
    assert verify_store(store).heads == verified.heads


TOUCHES = {
    "UPDATE sample SET count = count + 1 WHERE seq = 2": HEAT.name,
    "UPDATE sample SET quality = 'suspect' WHERE seq = 4": HEAT.name,
    "UPDATE sample SET received_at = 0 WHERE seq = 0": HEAT.name,
    "DELETE FROM sample WHERE seq = 2": HEAT.name,
    "DELETE FROM event WHERE id = 2": "events",
    "UPDATE event SET message = 'all was well' WHERE id = 1": "events",
    "UPDATE ledger SET author = 'another' WHERE number = 1": "ledger",
    "UPDATE ledger SET count_after = 1 WHERE number = 2": "ledger",
    "UPDATE chunk SET count_max = 9": SUPPLY.name,
    "UPDATE chunk SET packed = substr(packed, 1, 20)": SUPPLY.name,
    "UPDATE hot SET samples = substr(samples, 2)": "hot",
    "UPDATE hot SET samples = samples || samples": "hot",
    "UPDATE document SET bytes = 'other'": "A-0001",
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_whatever_is_touched_is_found_and_named(store, path, touch):
    fill(store)
    with closing(sqlite3.connect(path)) as other:
        for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            other.execute(f"DROP TRIGGER {name}")
        other.execute("PRAGMA ignore_check_constraints = on")
        other.execute(touch)
        other.commit()
    found = verify_store(store).findings
    assert found
    assert found[0].where.path == TOUCHES[touch]
    assert {one.code for one in found} == {"store.not-as-kept"}


def test_that_the_newest_reading_is_gone_shows_against_the_head_of_before(store, path):
    fill(store)
    before = verify_store(store).heads
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TRIGGER sample_no_delete")
        other.execute("DELETE FROM sample WHERE seq = 4")
        other.commit()
    after = verify_store(store)
    assert after.findings == ()
    assert after.heads != before


# Backups


def test_a_backup_of_a_living_store_is_one_file_that_holds_it_all(store, tmp_path):
    fill(store)
    target = tmp_path / "backup.db"
    verified = back_up(store, target)
    assert verified.heads == verify_store(store).heads
    assert sorted(one.name for one in tmp_path.glob("backup*")) == ["backup.db"]
    shutil.copy(target, tmp_path / "carried.db")
    with open_store(tmp_path / "carried.db") as carried:
        assert counts_of(carried) == counts_of(store)
        assert counts_of(carried, SUPPLY) == counts_of(store, SUPPLY)


def test_a_backup_never_replaces_a_file(store, tmp_path):
    target = tmp_path / "backup.db"
    target.write_text("mine")
    with pytest.raises(UnableToBackUp, match="there already"):
        back_up(store, target)
    assert target.read_text() == "mine"


def test_a_store_that_does_not_verify_is_not_backed_up(store, path, tmp_path):
    fill(store)
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TRIGGER sample_no_update")
        other.execute("UPDATE sample SET count = 7 WHERE seq = 1")
        other.commit()
    with pytest.raises(UnableToBackUp, match="does not fit"):
        back_up(store, tmp_path / "backup.db")
    assert not list(tmp_path.glob("backup*"))


def test_restoring_needs_a_word_and_keeps_what_was_there(store, path, tmp_path):
    store.save_samples([told(0, 1, HEAT)])
    backup = tmp_path / "backup.db"
    back_up(store, backup)
    store.save_samples([told(1, 2, HEAT)])
    with pytest.raises(UnableToRestore, match="never replaces"):
        restore(backup, path, replace=False, now=NOW)
    store.close()
    beside = restore(backup, path, replace=True, now=NOW)
    assert beside is not None
    with open_store(path) as restored, open_store(beside) as old:
        assert (counts_of(restored), counts_of(old)) == ([1], [1, 2])


def test_a_store_in_use_is_not_set_aside(store, path, tmp_path):
    backup = tmp_path / "backup.db"
    back_up(store, backup)
    (tmp_path / "empty.db").touch()
    with pytest.raises(UnableToRestore, match="holds no database"):
        restore(tmp_path / "empty.db", tmp_path / "new.db", replace=True, now=NOW)
    with pytest.raises(UnableToRestore, match="another program"):
        restore(backup, path, replace=True, now=NOW)
    store.save_samples([told(0, 1, HEAT)])
    assert counts_of(store) == [1]


def test_a_damaged_store_is_set_aside_as_it_is(store, path, tmp_path):
    backup = tmp_path / "backup.db"
    back_up(store, backup)
    store.close()
    path.write_bytes(b"the disk ate it" * 999)
    beside = restore(backup, path, replace=True, now=NOW)
    assert beside is not None
    assert beside.read_bytes().startswith(b"the disk ate it")
    with open_store(path) as restored:
        assert set(restored.points()) == {point.name for point in POINTS}


def test_the_backup_of_another_site_is_named_and_only_put_back_where_that_is_said(
    store, tmp_path, pool_folder, capsys
):
    backup, folder = str(tmp_path / "backup.db"), tmp_path / "pool"
    shutil.copytree(pool_folder, folder, ignore=shutil.ignore_patterns("*.db*"))
    store.keep_site("Hillside School", POINTS)
    back_up(store, Path(backup))
    assert run(["store", "restore", str(folder), backup]) == 1
    told = capsys.readouterr().err
    assert "is of the site “Hillside School”, and this workspace is of “Riverside Pool”" in told
    assert not list(folder.glob("exotherm*"))
    assert run(["store", "restore", str(folder), backup, "--other-site"]) == 0
    with open_store(folder / "exotherm.db") as restored:
        assert restored.site_name() == "Hillside School"
        restored.keep_site("Riverside Pool", POINTS)
        assert restored.site_name() == "Riverside Pool"


def test_what_is_no_backup_is_not_put_anywhere(path, tmp_path):
    wrong = tmp_path / "wrong.db"
    wrong.write_bytes(b"no database" * 999)
    with pytest.raises(Exception, match="not a database"):
        restore(wrong, path, replace=False, now=NOW)
    assert not path.exists()


# Exports and steps


def test_an_export_holds_every_sample_once_with_value_and_exact_count(store, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    samples = [told(minute, 3000 + minute) for minute in range(0, 1440 * 70, 720)]
    store.save_samples([*samples, told(0, 12345, HEAT, origin=Origin.HAND)])
    store.compact(START + 35 * DAY)
    target = tmp_path / "all.parquet"
    number = export_parquet(store, target, POINTS, Period(START, START + 70 * DAY))
    rows = parquet.read_table(target).to_pylist()
    assert number == len(rows) == len(samples) + 1
    (heat,) = [row for row in rows if row["point"] == HEAT.name]
    assert (heat["value"], heat["count"], heat["origin"]) == (12345.0, 12345, "hand")
    supply = [row for row in rows if row["point"] == SUPPLY.name]
    assert [row["count"] for row in supply] == [one.count for one in samples]
    assert [row["source_at"] for row in supply] == [one.source_at for one in samples]
    assert supply[1]["value"] == 37.2
    with pytest.raises(UnableToExport, match="there already"):
        export_parquet(store, target, POINTS, WEEK)


def test_an_export_that_cannot_be_written_is_told_by_the_name_that_was_given(store, tmp_path):
    pytest.importorskip("pyarrow")
    store.save_samples([told(0, 3000)])
    (tmp_path / "file").touch()
    # The longest name that a file may have leaves no room for one beside it while it is written.
    longest = "x" * 247 + ".parquet"
    cases = {
        tmp_path / "nowhere" / "all.parquet": "nowhere is not there",
        tmp_path / "file" / "all.parquet": "file is a file, no folder",
        tmp_path / longest: "cannot be written: File name too long",
    }
    for target, why in cases.items():
        with pytest.raises(UnableToExport, match=why) as raised:
            export_parquet(store, target, POINTS, WEEK)
        assert str(raised.value).startswith(f"{target} cannot be written: ")
        assert ".part" not in str(raised.value)
        assert not raised.value.retryable
    assert list(tmp_path.glob("*.part")) == []


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 600), st.integers(-500, 500), st.booleans()),
        unique_by=lambda row: row[0],
    ),
    step_min=st.integers(1, 40),
)
def test_steps_are_what_a_loop_makes_of_the_good_samples(rows, step_min):
    rows = sorted(rows)
    import numpy as np

    begin = int(START.timestamp())
    series = Series(
        *(
            np.array(column, dtype=np.int64)
            for column in (
                [begin + 60 * row[0] for row in rows],
                [0] * len(rows),
                [row[1] for row in rows],
                [0 if row[2] else 1 for row in rows],
            )
        )
    )
    hours = Period(START, START + timedelta(hours=8))
    steps = steps_of(SUPPLY, series, hours, timedelta(minutes=step_min))
    expected: dict[int, list[float]] = {}
    for minute, count, good in rows:
        if good and minute < 480:
            expected.setdefault(minute // step_min, []).append(count / 100)
    assert steps.start.tolist() == [begin + number * step_min * 60 for number in expected]
    for place, values in enumerate(expected.values()):
        assert steps.samples[place] == len(values)
        assert steps.mean[place] == pytest.approx(sum(values) / len(values))
        assert (steps.least[place], steps.most[place]) == (min(values), max(values))
        assert steps.last[place] == values[-1]


# An older version


def test_a_database_of_the_first_version_opens_with_all_it_had(path, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(opening, "MIGRATIONS", opening.MIGRATIONS[:1])
        older.setattr(opening, "VERSION", 1)
        connection = opening.connect(path, timeout_s=1.0)
        connection.executescript(
            """
            INSERT INTO point VALUES (1, 'heat_meter.heat_kwh', 'register', 'kwh', 0, 8),
                (2, 'heat_meter.supply_c', 'instant', 'c', 2, 9);
            INSERT INTO sample VALUES (1, 0, 1790812800, 1790812802, 100, 'good'),
                (1, 1, 1790812860, 1790812862, 90, 'suspect'),
                (2, 0, 1790812800, 1790812802, 3120, 'good');
            INSERT INTO event VALUES (1, 'meter.no-answer', 'warning', 'rack', '', 'Silent.',
                'Look.', '{}', 5, 6, 2, NULL);
            """
        )
        connection.close()
    with open_store(path) as store:
        assert int(START.timestamp()) == 1790812800
        store.keep_points([RETURN])
        expected = (told(0, 100, HEAT), told(1, 90, HEAT, Quality.SUSPECT))
        assert store.samples([HEAT.name], WEEK)[HEAT.name] == expected
        assert store.last_samples() == {HEAT.name: expected[1], SUPPLY.name: told(0, 3120)}
        assert store.last_samples(Quality.GOOD)[HEAT.name] == expected[0]
        # What the older version has of a value of the moment is known, and not taken again.
        saved = store.save_samples([told(0, 3120), told(0, 9), told(1, 3121), told(2, 95, HEAT)])
        assert (saved.stored, saved.repeated, len(saved.refused)) == (2, 1, 1)
        assert counts_of(store, SUPPLY) == [3120, 3121]
        assert verify_store(store).findings == ()
        assert [head.rows for head in verify_store(store).heads] == [3, 1, 2, 0]
