"""What the pages ask of a workspace: its files, its study, its store; kept while files stay."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock

from exotherm.plan.study import StudyResult
from exotherm.store.sqlite import Store, open_store
from exotherm.usecases.study import study_workspace
from exotherm.usecases.workspace import Ready, Workspace, load_workspace, ready

_READ = (".toml", ".csv")
_Signature = tuple[tuple[str, int, int], ...]


class Desk:
    """A workspace as the pages see it. Files are read again only when one of them changed.

    Safe for threads: pages are made in several at once.
    """

    def __init__(self, folder: Path, *, now: Callable[[], datetime]) -> None:
        self.folder = folder
        self.now = now
        self._lock = Lock()
        self._signature: _Signature | None = None
        self._workspace: Workspace | None = None
        self._study: StudyResult | None = None

    def workspace(self) -> Workspace:
        """Give the workspace as its files are now."""
        with self._lock:
            return self._fresh()

    def study(self) -> tuple[StudyResult, Ready] | None:
        """Give the study and what it is of, or None where the files are not ready for one."""
        with self._lock:
            parts = ready(self._fresh())
            if parts is None:
                return None
            if self._study is None:
                self._study = study_workspace(parts)
            return self._study, parts

    @contextmanager
    def store(self) -> Iterator[Store | None]:
        """Open the store for a page, or give None where the workspace has none yet."""
        path = self.workspace().store
        if not path.exists():
            yield None
            return
        with open_store(path) as store:
            yield store

    def _fresh(self) -> Workspace:
        signature = _signature_of(self.folder)
        if self._workspace is None or signature != self._signature:
            self._workspace, self._study = load_workspace(self.folder), None
            self._signature = signature
        return self._workspace


def _signature_of(folder: Path) -> _Signature:
    """Tell one state of a folder's files from another, by names, times and sizes."""
    files = sorted(file for file in folder.rglob("*") if file.suffix in _READ)
    stats = ((file, file.stat()) for file in files)
    return tuple((str(file), stat.st_mtime_ns, stat.st_size) for file, stat in stats)
