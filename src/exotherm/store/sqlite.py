"""The store in SQLite: what is kept, how it is read, and nothing that changes what was kept."""

from pathlib import Path
from types import TracebackType
from typing import Self

from exotherm.store.connection import connect
from exotherm.store.documents import Documents
from exotherm.store.events import Events
from exotherm.store.outbox import Outbox
from exotherm.store.samples import Samples


def open_store(path: Path, *, timeout_s: float = 5.0) -> "Store":
    """Open the database of a workspace, or make it where there is none.

    ``timeout_s`` is how long another writer is waited for. Raises UnableToOpenStore.
    """
    return Store(connect(path, timeout_s=timeout_s), path)


class Store(Samples, Events, Documents, Outbox):
    """Append-only samples, events, entries and documents in one SQLite file.

    Instants are kept to the second, rounded down. Every method is one transaction: what it was
    asked to keep is on the disk when it returns, or nothing of it is; only values of the moment,
    where nothing else is kept with them, reach the disk a little later. All may raise
    UnableToUseStore. Use it from the thread that opened it.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
