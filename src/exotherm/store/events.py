"""What happened, in the store: the last answer of each meter, and findings that come and go."""

import json
import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime

from exotherm.core.findings import Finding
from exotherm.core.period import Period
from exotherm.store.base import Connected
from exotherm.store.chain import FIRST, link_of
from exotherm.store.rows import EVENT_COLUMNS, answer_of, event_of
from exotherm.store.values import Event, LastAnswer, seconds_of

_INSERT_EVENT = """
    INSERT INTO event (id, code, severity, place, apart, message, remedy, data,
                       first_at, last_at, times, link)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)
"""


class Events(Connected):
    """The part of the store that keeps answers and events."""

    def save_answer(self, answer: LastAnswer) -> None:
        """Remember the last answer of a meter in place of the one before."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO answer (meter, access_number, source_at, received_at)"
                " VALUES (?, ?, ?, ?) ON CONFLICT (meter) DO UPDATE SET"
                " access_number = excluded.access_number, source_at = excluded.source_at,"
                " received_at = excluded.received_at",
                (
                    answer.meter,
                    answer.access_number,
                    seconds_of(answer.source_at),
                    seconds_of(answer.received_at),
                ),
            )

    def last_answers(self) -> dict[str, LastAnswer]:
        """Give the last answer of every meter that ever answered."""
        query = "SELECT meter, access_number, source_at, received_at FROM answer ORDER BY meter"
        return {answer.meter: answer for answer in self._read(query, answer_of)}

    def save_findings(self, findings: Iterable[Finding], *, at: datetime, apart: str = "") -> None:
        """Keep findings of an instant; one that still stands at its place is only seen again.

        ``apart`` keeps apart what is told of one place by the same code, but is not the same.
        """
        with self._writing() as connection:
            for found in findings:
                save_finding(connection, found, at=at, apart=apart)

    def clear_findings(
        self,
        meter: str,
        codes: Collection[str],
        *,
        at: datetime,
        still: Iterable[Finding] = (),
    ) -> None:
        """Note that what stood against a meter or its points is gone, unless it still stands."""
        standing = {(found.code, found.where.path) for found in still}
        with self._writing() as connection:
            rows = connection.execute(
                "SELECT id, code, place FROM event WHERE cleared_at IS NULL"
            ).fetchall()
            for number, code, place in rows:
                of_meter = place == meter or place.startswith(f"{meter}.")
                if of_meter and code in codes and (code, place) not in standing:
                    connection.execute(
                        "UPDATE event SET cleared_at = ? WHERE id = ?", (seconds_of(at), number)
                    )

    def events(self, period: Period) -> tuple[Event, ...]:
        """Give the events that were seen in a period or around it, in order of their beginning."""
        events = self._read(
            f"SELECT {EVENT_COLUMNS} FROM event"  # noqa: S608 - a constant of this module
            " WHERE first_at < ? AND last_at >= ? ORDER BY first_at, id",
            event_of,
            (seconds_of(period.end), seconds_of(period.start)),
        )
        return tuple(events)

    def standing_events(self) -> tuple[Event, ...]:
        """Give the events that are not gone, in order of their beginning."""
        events = self._read(
            f"SELECT {EVENT_COLUMNS} FROM event"  # noqa: S608 - a constant of this module
            " WHERE cleared_at IS NULL ORDER BY first_at, id",
            event_of,
        )
        return tuple(events)


def save_finding(
    connection: sqlite3.Connection, found: Finding, *, at: datetime, apart: str = ""
) -> None:
    """Keep a finding of an instant, or see the event again that stands for it already.

    ``apart`` keeps runs of the same code at the same place apart.
    """
    place, second = found.where.path, seconds_of(at)
    seen = connection.execute(
        "UPDATE event SET last_at = CASE WHEN last_at < ? THEN ? ELSE last_at END,"
        " times = times + 1 WHERE cleared_at IS NULL AND place = ? AND code = ? AND apart = ?",
        (second, second, place, found.code, apart),
    )
    if seen.rowcount:
        return
    number, before = connection.execute(
        "SELECT id, link FROM event ORDER BY id DESC LIMIT 1"
    ).fetchone() or (0, FIRST)
    data = json.dumps(dict(found.data), ensure_ascii=False, sort_keys=True)
    words = (found.message, found.remedy, data)
    row = (number + 1, found.code, found.severity.value, place, apart, *words, second)
    connection.execute(_INSERT_EVENT, (*row, second, link_of(before, row)))
