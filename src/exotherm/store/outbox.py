"""The outbox: what is to reach others, kept until they have it. Store and forward.

A message is put under a key that says what it is, so that putting it again changes nothing. A
receiver asks for what follows its position and acknowledges what it has kept; it may get a message
twice, never lose one, and knows a second one by its key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from exotherm.store.base import Connected
from exotherm.store.rows import Row, bytes_of, int_of
from exotherm.store.values import seconds_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in the outbox: its place, its key, what it carries."""

    position: int
    key: str
    payload: bytes


class Outbox(Connected):
    """The part of the store that keeps messages to others."""

    def put_messages(self, messages: Iterable[tuple[str, bytes]], *, at: datetime) -> int:
        """Put messages, each by its key, at the end; give how many were not there yet.

        Within `together` they are kept with the samples they tell of, or neither is.
        """
        put = 0
        with self._writing() as connection:
            for key, payload in messages:
                put += connection.execute(
                    "INSERT INTO outbox (position, key, payload, put_at)"
                    " SELECT COALESCE((SELECT MAX(position) FROM outbox),"
                    "  (SELECT MAX(position) FROM acknowledged), 0) + 1, ?, ?, ? WHERE true"
                    " ON CONFLICT (key) DO NOTHING",
                    (key, payload, seconds_of(at)),
                ).rowcount
        return put

    def waiting_messages(self, receiver: str, *, most: int = 1000) -> tuple[Message, ...]:
        """Give the messages that a receiver has not acknowledged, oldest first."""
        messages = self._read(
            "SELECT position, key, payload FROM outbox WHERE position >"
            " COALESCE((SELECT position FROM acknowledged WHERE receiver = ?), 0)"
            " ORDER BY position LIMIT ?",
            _message_of,
            (receiver, most),
        )
        return tuple(messages)

    def count_waiting(self, receiver: str) -> int:
        """Tell how many messages a receiver has not acknowledged."""
        (count,) = self._read(
            "SELECT COUNT(*) FROM outbox WHERE position >"
            " COALESCE((SELECT position FROM acknowledged WHERE receiver = ?), 0)",
            lambda row: int_of(row[0]),
            (receiver,),
        )
        return count

    def acknowledge(self, receiver: str, position: int) -> None:
        """Note that a receiver has kept all up to a position; it never goes back."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO acknowledged (receiver, position) VALUES (?, ?)"
                " ON CONFLICT (receiver) DO UPDATE SET position = excluded.position"
                " WHERE excluded.position > acknowledged.position",
                (receiver, position),
            )

    def drop_messages(self, *, before: datetime) -> int:
        """Let go of messages that every known receiver has, put before an instant.

        Their keys are forgotten with them, so ``before`` lies further back than anything is ever
        put again. The newest one stays, so that positions go on from it.
        """
        with self._writing() as connection:
            dropped = connection.execute(
                "DELETE FROM outbox WHERE put_at < ?"
                " AND position <= (SELECT MIN(position) FROM acknowledged)"
                " AND position < (SELECT MAX(position) FROM outbox)",
                (seconds_of(before),),
            )
        return dropped.rowcount


def _message_of(row: Row) -> Message:
    position, key, payload = row
    return Message(position=int_of(position), key=str(key), payload=bytes_of(payload))
