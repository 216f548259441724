"""The store's SQL means the same to PostgreSQL: it is run there, word for word, on its tables."""

import json
import re
from collections.abc import Sequence
from datetime import date
from importlib.resources import files

from servers import postgres
from store_samples import DAY, HEAT, MINUTE, POINTS, RETURN, START, WEEK, told

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.ledger import Entry, EntryKind
from exotherm.core.samples import Quality
from exotherm.store.connection import MIGRATIONS
from exotherm.store.sqlite import Store, open_store
from exotherm.store.values import LastAnswer

TABLES = (
    *("point", "sample", "event", "answer", "document"),
    *("ledger", "outbox", "acknowledged", "hot", "chunk", "last", "site"),
)
OF_SQLITE = ("PRAGMA", "BEGIN", "COMMIT", "ROLLBACK")
"""What each engine says in its own words."""


def live(store: Store) -> None:
    """What a gateway, a person and a bill do to a store, each thing also twice and late."""
    store.keep_site("Hallenbad", POINTS)
    store.keep_site("Hallenbad am See", POINTS)
    readings = [told(15 * step, 100 + step, HEAT) for step in range(200)]
    moments = [told(minute, 3000 + minute % 7) for minute in range(1500)]
    with store.together():
        store.save_samples((*readings, *moments))
        store.put_messages([("a", b"one"), ("b", b"\x00\xff"), ("a", b"again")], at=START)
    store.save_samples((*readings[:5], told(3, 7, RETURN, Quality.INVALID), told(1, 9)))
    store.compact(WEEK.end)
    store.save_samples([told(2, -5, RETURN, delay_s=9000), told(20000, 4)])
    answer = LastAnswer(meter="heat_meter", access_number=3, source_at=START, received_at=START)
    store.save_answer(answer)
    store.save_answer(answer)
    finding = Finding(
        severity=Severity.WARNING,
        code="meter.frozen",
        where=Where(path="heat_meter.supply_c"),
        message="It stands still — “since” noon.",
        remedy="Look at it.",
        data={"hours": 3},
    )
    for step in (0, 5, 3):
        store.save_findings([finding], at=START + step * MINUTE)
    store.clear_findings("heat_meter", {"meter.frozen"}, at=START + DAY)
    store.save_findings([finding], at=START + 2 * DAY)
    kept = store.save_entry(
        Entry(
            kind=EntryKind.EXCHANGE,
            point=HEAT.name,
            at=START + DAY,
            known_at=START + 2 * DAY,
            author="plant operator",
            evidence="protocol 7",
            count_before=196,
            count_after=0,
        )
    )
    store.save_entry(
        Entry(
            kind=EntryKind.WITHDRAWAL,
            point=HEAT.name,
            at=kept.at,
            known_at=START + 3 * DAY,
            author="finance",
            evidence="wrong meter",
            withdraws=kept.number,
        )
    )
    for _ in range(2):
        store.save_document(
            kind="invoice",
            number=store.next_number("invoice", "RE-"),
            issued_on=date(2026, 11, 2),
            period=WEEK,
            text="{}",
            content=b"%PDF",
        )
    store.acknowledge("cloud", 2)
    store.acknowledge("cloud", 1)
    store.drop_messages(before=START + DAY)


def ask(store: Store) -> None:
    names = [point.name for point in POINTS]
    store.points()
    store.samples(names, WEEK)
    store.readings_at([HEAT.name], START + DAY)
    store.last_samples()
    store.first_at()
    store.last_at()
    store.last_answers()
    store.events(WEEK)
    store.standing_events()
    store.entries()
    store.documents("invoice")
    store.waiting_messages("cloud")
    store.count_waiting("cloud")


def tables() -> str:
    """The tables as PostgreSQL takes them: the guards are each engine's own."""
    scripts = [step for version in MIGRATIONS for step in version if isinstance(step, str)]
    text = "\n".join(
        files("exotherm.store").joinpath("migrations", script).read_text("utf-8")
        for script in scripts
        if "guards" not in script
    )
    text = re.sub(r"^DROP TRIGGER .*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\bINTEGER\b", "BIGINT", text).replace("BLOB", "BYTEA")
    return text.replace(") WITHOUT ROWID", ")")


def without_guards(store: Store) -> None:
    """SQLite tells a statement once more for each guard that it wakes."""
    (*names,) = store._connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in names:
        store._connection.execute(f"DROP TRIGGER {name}")


def for_postgres(statement: str) -> str:
    """Write bytes as PostgreSQL does; everything else stays as SQLite was given it."""
    text = re.sub(r"(?i)\bx'([0-9A-Fa-f]*)'", r"'\\x\1'::bytea", statement)
    return f"{text.rstrip().rstrip(';')};"


def plain(row: Sequence[object]) -> list[object]:
    return [f"\\x{one.hex()}" if isinstance(one, bytes) else one for one in row]


def test_what_a_store_does_gives_the_same_rows_in_postgresql(tmp_path):
    said: list[str] = []
    with open_store(tmp_path / "exotherm.db") as store, postgres() as run:
        without_guards(store)
        store._connection.set_trace_callback(said.append)
        live(store)
        written, said[:] = [one for one in said if not one.startswith(OF_SQLITE)], []
        ask(store)
        store._connection.set_trace_callback(None)
        asked = [one for one in said if not one.startswith(OF_SQLITE)]
        run(tables())
        run("\n".join(map(for_postgres, written)))
        for table in TABLES:
            assert store._connection.execute(f"SELECT 1 FROM {table}").fetchone(), table  # noqa: S608
        for query in (*(f"SELECT * FROM {table}" for table in TABLES), *dict.fromkeys(asked)):  # noqa: S608
            ours = list(map(plain, store._connection.execute(query).fetchall()))
            asking = f"SELECT row_to_json(found) FROM ({for_postgres(query)[:-1]}) AS found;"  # noqa: S608
            theirs = [list(json.loads(row).values()) for row in run(asking).splitlines()]
            if "ORDER BY" not in query:
                ours, theirs = sorted(ours, key=repr), sorted(theirs, key=repr)
            assert ours == theirs, query
