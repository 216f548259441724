import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.period import Period
from exotherm.core.samples import Point, Quality, Sample
from exotherm.store import connection
from exotherm.store.errors import (
    UnableToIssue,
    UnableToKeepPoint,
    UnableToOpenStore,
    UnableToUseStore,
    explained,
)
from exotherm.store.sqlite import Store, open_store
from exotherm.store.values import LastAnswer, Saved

HEAT = Point(name="heat_meter.heat_kwh", kind="register", unit="kwh", decimals=0, digits=8)
SUPPLY = Point(name="heat_meter.supply_c", kind="instant", unit="c", decimals=2)
START = datetime(2026, 9, 30, 22, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
DAY = Period(START, START + timedelta(days=1))


def sample(quarter, count, *, point=HEAT, quality=Quality.GOOD):
    at = START + quarter * QUARTER
    return Sample(point=point.name, source_at=at, received_at=at, count=count, quality=quality)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "exotherm.db"


@pytest.fixture
def store(path):
    with open_store(path) as opened:
        opened.keep_points((HEAT, SUPPLY))
        yield opened


def test_samples_come_back_as_they_were_kept(store):
    kept = (sample(0, 100), sample(1, 103, quality=Quality.SUSPECT), sample(2, 105))
    assert store.save_samples(kept) == Saved(stored=3, repeated=0, refused=())
    assert store.samples([HEAT.name, SUPPLY.name], DAY) == {HEAT.name: kept, SUPPLY.name: ()}


def test_a_period_holds_the_samples_at_both_of_its_edges_and_a_margin_widens_it(store):
    store.save_samples([sample(quarter, quarter) for quarter in range(-2, 100)])
    counts = [one.count for one in store.samples([HEAT.name], DAY)[HEAT.name]]
    assert counts == list(range(97))
    wider = store.samples([HEAT.name], DAY, QUARTER)[HEAT.name]
    assert (wider[0].count, wider[-1].count) == (-1, 97)


def test_a_repeated_sample_is_passed_over_and_takes_no_number(store, path):
    store.save_samples([sample(0, 100)])
    again = store.save_samples([sample(0, 100), sample(1, 101), sample(1, 101)])
    assert again == Saved(stored=1, repeated=2, refused=())
    assert _sequence(path) == [0, 1]


def test_another_count_for_the_same_instant_is_refused_and_both_are_kept_in_an_event(store):
    store.save_samples([sample(0, 100)])
    refused = sample(0, 90)
    assert store.save_samples([refused, refused]).refused == (refused, refused)
    assert store.samples([HEAT.name], DAY)[HEAT.name] == (sample(0, 100),)
    (event,) = store.events(DAY)
    assert event.code == "meter.conflicting-sample"
    assert event.place == HEAT.name
    assert event.times == 2
    assert event.data == {
        "source_at": "2026-09-30T22:00:00Z",
        "count_kept": 100,
        "count_refused": 90,
    }
    assert "100\u00a0kWh" in event.message
    assert "90\u00a0kWh" in event.message


def test_two_different_conflicts_are_two_events(store):
    store.save_samples([sample(0, 100), sample(1, 101)])
    store.save_samples([sample(0, 90), sample(1, 90), sample(1, 91)])
    assert [event.data["count_refused"] for event in store.events(DAY)] == [90, 90, 91]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sample SET count = 1",
        "DELETE FROM sample",
        "UPDATE point SET unit = 'mwh'",
        "DELETE FROM point",
        "DELETE FROM event",
        "UPDATE event SET message = 'nothing'",
        "UPDATE event SET times = 0",
        "UPDATE document SET json = '{}'",
        "DELETE FROM document",
        "INSERT INTO sample VALUES (1, 7, 0, 0, 0, 'good', 'device', x'00')",
        """INSERT INTO document SELECT kind, prefix, 9, 'x', issued_on, period_start, period_end,
           sha256, json, bytes FROM document""",
    ],
)
def test_what_is_kept_cannot_be_changed_taken_away_or_numbered_with_a_gap(store, path, statement):
    store.save_samples([sample(0, 100)])
    store.save_samples([sample(0, 90)])
    issue(store, "2026-0001")
    with sqlite3.connect(path) as other, pytest.raises(sqlite3.IntegrityError):
        other.execute(statement)
    other.close()


def test_last_samples_are_those_stored_last_of_the_quality_asked_for(store):
    store.save_samples([sample(0, 100), sample(1, 40, quality=Quality.SUSPECT)])
    store.save_samples([sample(0, 2831, point=SUPPLY)])
    assert store.last_samples() == {
        HEAT.name: sample(1, 40, quality=Quality.SUSPECT),
        SUPPLY.name: sample(0, 2831, point=SUPPLY),
    }
    assert store.last_samples(Quality.GOOD)[HEAT.name] == sample(0, 100)
    assert store.last_samples(Quality.INVALID) == {}


def test_a_point_keeps_its_meaning(path):
    with open_store(path) as store:
        store.keep_points((HEAT, SUPPLY))
    with open_store(path) as again:
        again.keep_points((HEAT,))
        changed = Point(name=HEAT.name, kind="register", unit="mwh", decimals=3, digits=8)
        with pytest.raises(UnableToKeepPoint, match="mwh") as error:
            again.keep_points((changed,))
        assert not error.value.retryable
        assert "new name" in error.value.remedy
        assert again.points() == {HEAT.name: HEAT, SUPPLY.name: SUPPLY}


def test_a_batch_is_kept_whole_or_not_at_all(store):
    stranger = sample(1, 1, point=Point(name="x.y_kw", kind="instant", unit="kw", decimals=0))
    with pytest.raises(AssertionError):
        store.save_samples([sample(0, 100), stranger])
    assert store.samples([HEAT.name], DAY) == {HEAT.name: ()}
    assert store.save_samples([sample(0, 100)]).stored == 1


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    batches=st.lists(
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2)), max_size=6), max_size=6
    )
)
def test_the_first_count_of_an_instant_stays_and_numbers_have_no_gap(tmp_path, batches):
    path = tmp_path / "property.db"
    path.unlink(missing_ok=True)
    first: dict[int, int] = {}
    with open_store(path) as store:
        store.keep_points((HEAT,))
        for batch in batches:
            for quarter, count in batch:
                first.setdefault(quarter, count)
            store.save_samples([sample(quarter, count) for quarter, count in batch])
        kept = store.samples([HEAT.name], DAY)[HEAT.name]
    assert kept == tuple(sample(quarter, first[quarter]) for quarter in sorted(first))
    assert _sequence(path) == list(range(len(first)))


def _sequence(path):
    with sqlite3.connect(path) as other:
        rows = other.execute("SELECT seq FROM sample ORDER BY seq").fetchall()
    other.close()
    return [row[0] for row in rows]


# Events


def silent(place="heat_meter", number=1):
    return Finding(
        code="meter.no-answer",
        severity=Severity.WARNING,
        where=Where(path=place),
        message=f"Meter {number} does not answer.",
        remedy="Look.",
        data={"number": number},
    )


def test_a_finding_that_stays_is_one_event_with_first_last_and_how_often(store):
    for quarter in range(3):
        store.save_findings([silent(number=quarter)], at=START + quarter * QUARTER)
    (event,) = store.events(DAY)
    assert (event.first_at, event.last_at, event.times) == (START, START + 2 * QUARTER, 3)
    assert event.finding == silent(number=0)
    assert store.standing_events() == (event,)


def test_a_finding_that_comes_again_after_it_was_gone_is_a_new_event(store):
    store.save_findings([silent()], at=START)
    store.clear_findings("heat_meter", {"meter.no-answer"}, at=START + QUARTER)
    assert store.standing_events() == ()
    store.save_findings([silent()], at=START + 2 * QUARTER)
    first, second = store.events(DAY)
    assert (first.times, first.cleared_at) == (1, START + QUARTER)
    assert (second.first_at, second.cleared_at) == (START + 2 * QUARTER, None)


def test_clearing_leaves_other_meters_other_codes_and_what_still_stands(store):
    found = [silent("heat_meter"), silent("heat_meter.heat_kwh"), silent("heat_meter_2")]
    store.save_findings(found, at=START)
    store.clear_findings("heat_meter", {"meter.frozen"}, at=START)
    assert len(store.standing_events()) == 3
    store.clear_findings("heat_meter", {"meter.no-answer"}, at=START, still=[found[0]])
    assert [event.place for event in store.standing_events()] == ["heat_meter", "heat_meter_2"]


def test_events_of_a_period_are_those_seen_in_it_or_around_it(store):
    store.save_findings([silent()], at=START)
    store.save_findings([silent()], at=START + 8 * QUARTER)
    hour = timedelta(hours=1)
    assert len(store.events(Period(START + QUARTER, START + 2 * QUARTER))) == 1
    assert store.events(Period(START - hour, START)) == ()
    assert store.events(Period(START + 3 * hour, START + 4 * hour)) == ()


def test_the_last_answer_replaces_the_one_before(store):
    for number in (7, 8, None):
        answer = LastAnswer(
            meter="heat_meter", access_number=number, source_at=START, received_at=START
        )
        store.save_answer(answer)
        assert store.last_answers() == {"heat_meter": answer}


# Documents


def issue(store, number, content=b"%PDF", kind="invoice"):
    return store.save_document(
        kind=kind,
        number=number,
        issued_on=date(2026, 11, 2),
        period=DAY,
        text='{"total": "1.00"}',
        content=content,
    )


def test_documents_are_numbered_without_a_gap_by_kind_and_prefix(store):
    assert store.next_number("invoice", "2026-") == "2026-0001"
    assert store.next_number("invoice", "2026-") == "2026-0001"
    issued = issue(store, store.next_number("invoice", "2026-"))
    assert store.next_number("invoice", "2026-") == "2026-0002"
    assert store.next_number("invoice", "2027-") == "2027-0001"
    assert store.next_number("pack", "2026-") == "2026-0001"
    assert store.documents("invoice") == (issued,)
    assert issued.content == b"%PDF"
    # printf '%%PDF' | sha256sum
    assert issued.sha256 == ("315d429b7714cedb6ad04ac31240145257692630457f3c88253c5beceac76027")


@pytest.mark.parametrize("number", ["2026-0001", "2026-0003"])
def test_a_number_that_is_taken_or_leaves_a_gap_is_not_issued(store, number):
    issue(store, "2026-0001")
    with pytest.raises(UnableToIssue, match="2026-0002") as error:
        issue(store, number)
    assert error.value.retryable
    assert len(store.documents("invoice")) == 1


def test_a_prefix_that_ends_in_a_digit_is_refused(store):
    with pytest.raises(ValueError, match="digit"):
        store.next_number("invoice", "2026")
    with pytest.raises(ValueError, match="digits"):
        issue(store, "2026-1")


def test_the_ten_thousandth_document_has_five_digits(store):
    with store._writing() as connection:
        connection.execute("DROP TRIGGER document_no_gap")
    for ordinal in (9999, 10000):
        with store._writing() as connection:
            connection.execute(
                "INSERT INTO document VALUES ('invoice', 'A-', ?, ?, '', 0, 1, '', '', '')",
                (ordinal, f"A-{ordinal}"),
            )
    assert store.next_number("invoice", "A-") == "A-10001"


def test_bytes_that_are_not_those_issued_are_never_given_out(store):
    issue(store, "2026-0001")
    with store._writing() as connection:
        connection.execute("DROP TRIGGER document_no_update")
        connection.execute("UPDATE document SET bytes = ?", (b"%PDf",))
    with pytest.raises(UnableToUseStore, match="2026-0001"):
        store.documents("invoice")


# Opening


def test_an_opened_store_is_durable_and_has_its_version(store, path):
    connection = store._connection
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert connection.execute("PRAGMA user_version").fetchone() == (4,)
    with open_store(path) as again:
        versions = again._connection.execute("SELECT version FROM migration").fetchall()
        assert versions == [(1,), (2,), (3,), (4,)]


def test_two_programs_that_make_the_same_store_at_once_make_one(path):
    script = (
        "import sys; from pathlib import Path; from exotherm.store.sqlite import open_store;"
        "open_store(Path(sys.argv[1]), timeout_s=20).close()"
    )
    started = [subprocess.Popen([sys.executable, "-c", script, str(path)]) for _ in range(4)]
    assert [process.wait() for process in started] == [0, 0, 0, 0]


def test_a_store_of_a_newer_program_is_not_opened(store, path):
    store._connection.execute("PRAGMA user_version = 99")
    with pytest.raises(UnableToOpenStore, match="version 99") as error:
        open_store(path)
    assert not error.value.retryable
    assert "Update exotherm" in error.value.remedy


def test_a_database_of_another_program_is_not_touched(path):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(UnableToOpenStore, match="another program") as error:
        open_store(path)
    assert not error.value.retryable
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_not_opened(path):
    path.write_bytes(b"these are not the bytes of a database" * 100)
    with pytest.raises(UnableToOpenStore, match="not a database") as error:
        open_store(path)
    assert not error.value.retryable
    assert "backup" in error.value.remedy


def test_a_damaged_page_is_reported_when_it_is_read(store, path):
    store.save_samples([sample(quarter, quarter) for quarter in range(2000)])
    store.close()
    content = bytearray(path.read_bytes())
    for page in range(40 * 4096, len(content), 4096):
        content[page : page + 64] = b"\xff" * 64
    path.write_bytes(content)
    with open_store(path) as damaged, pytest.raises(UnableToUseStore, match="damaged") as error:
        damaged.samples([HEAT.name], Period(START, START + timedelta(days=30)))
    assert not error.value.retryable


def test_a_folder_in_the_place_of_the_database_is_said(tmp_path):
    with pytest.raises(UnableToOpenStore, match="it is a folder") as error:
        open_store(tmp_path)
    assert not error.value.retryable


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UnableToOpenStore, match="nowhere") as error:
        open_store(tmp_path / "nowhere" / "exotherm.db")
    assert not error.value.retryable
    assert "folder" in error.value.remedy


def test_a_store_that_another_writer_holds_may_be_tried_again(store, path):
    store._connection.execute("BEGIN IMMEDIATE")
    with (
        open_store(path, timeout_s=0.01) as other,
        pytest.raises(UnableToUseStore, match="another program is writing") as error,
    ):
        other.save_samples([sample(0, 1)])
    assert error.value.retryable
    store._connection.execute("ROLLBACK")


def test_a_store_that_may_not_be_written_says_so(path):
    open_store(path).close()
    read_only = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    with (
        pytest.raises(UnableToOpenStore, match="may not be written") as error,
        explained(path, UnableToOpenStore, "opened"),
    ):
        read_only.execute("DELETE FROM answer")
    read_only.close()
    assert not error.value.retryable


def test_what_another_program_did_to_the_tables_is_said(tmp_path):
    """Neither a missing table nor a value of another kind is our own fault."""
    damages: dict[str, Callable[[Store], object]] = {
        "DROP TABLE last": Store.last_samples,
        "UPDATE point SET digits = 'many'": Store.points,
    }
    for damage, read in damages.items():
        path = tmp_path / f"{damage[:4]}.db"
        with open_store(path) as store:
            store.keep_points([Point(name="m.heat_kwh", kind="register", unit="kwh", decimals=0)])
        database = sqlite3.connect(path)
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("PRAGMA ignore_check_constraints = on")
        database.execute("PRAGMA writable_schema = on")
        database.execute(damage)
        database.commit()
        database.close()
        with open_store(path) as store, pytest.raises(UnableToUseStore) as raised:
            read(store)
        assert "backup" in raised.value.remedy


@pytest.mark.parametrize("others", [False, True])
def test_a_copy_that_may_not_be_written_is_read_and_nothing_is_put_beside_it(
    path, others, monkeypatch
):
    with open_store(path) as store:
        store.keep_points((HEAT,))
        store.save_samples([sample(0, 100)])
        if others:
            # Whoever has it open has it with its log, in which the newest may stand alone.
            monkeypatch.setattr(connection, "may_be_written", lambda _: False)
            with open_store(path) as copy:
                assert [one.count for one in copy.samples([HEAT.name], DAY)[HEAT.name]] == [100]
    monkeypatch.setattr(connection, "may_be_written", lambda _: False)
    before = sorted(path.parent.iterdir())
    with open_store(path) as copy:
        assert [one.count for one in copy.samples([HEAT.name], DAY)[HEAT.name]] == [100]
        with pytest.raises(UnableToUseStore, match="it may not be written"):
            copy.save_samples([sample(1, 101)])
    assert sorted(path.parent.iterdir()) == before == [path]
