"""What every part of the store stands on: one connection, transactions, rows as values."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from exotherm.core.errors import UnableTo
from exotherm.store.errors import UnableToUseStore, changed_by_others, explained
from exotherm.store.rows import Row

_Made = TypeVar("_Made")


class Connected:
    """A connection to one database file, and how it is written and read."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self._connection = connection

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def _writing(
        self, error_type: type[UnableTo] = UnableToUseStore, *, durable: bool = True
    ) -> Iterator[sqlite3.Connection]:
        """Hold the one right to write for a transaction, which is kept whole or not at all.

        What need not be ``durable`` survives the end of this program at any moment, but where the
        power fails the last seconds of it may be missing. Inside another transaction it is as that.
        """
        if self._connection.in_transaction:
            yield self._connection
            return
        with explained(self.path, error_type, "written"):
            if not durable:
                self._connection.execute("PRAGMA synchronous = NORMAL")
            try:
                with self._transaction():
                    yield self._connection
            finally:
                if not durable:
                    self._connection.execute("PRAGMA synchronous = FULL")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.rollback()
            self._forget()
            raise

    def _forget(self) -> None:
        """Forget what was read inside a transaction that then was not kept."""

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep all that is kept inside this block in one transaction, or nothing of it."""
        with self._writing():
            yield

    @contextmanager
    def _as_of_now(self) -> Iterator[None]:
        """Read all of one moment, whatever another program writes meanwhile."""
        if self._connection.in_transaction:
            yield
            return
        with explained(self.path, UnableToUseStore, "read"):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.rollback()

    def _rows(self, query: str, values: Row = ()) -> list[Row]:
        with explained(self.path, UnableToUseStore, "read"):
            return self._connection.execute(query, values).fetchall()

    def _read(self, query: str, made: Callable[[Row], _Made], values: Row = ()) -> list[_Made]:
        """Make values of rows; a row that this program cannot have written is the world's doing."""
        rows = self._rows(query, values)
        with self._ours():
            return [made(row) for row in rows]

    @contextmanager
    def _ours(self) -> Iterator[None]:
        """Take a value that cannot be ours for what another program did to the file."""
        try:
            yield
        except ValueError as error:
            raise changed_by_others(self.path, error) from error
