"""What the pages ask of a workspace: its files, its study, its store; kept while files stay."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock

from exotherm.plan.study import StudyResult
from exotherm.store.sqlite import Store, open_store
from exotherm.usecases.study import study_workspace
from exotherm.usecases.surroundings import series_files_of
from exotherm.usecases.weather import SITE_FILE
from exotherm.usecases.workspace import (
    CONTRACT_FILE,
    Ready,
    Workspace,
    load_workspace,
    ready,
)

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
        if self._workspace is None or self._signature != _signature_of(self._workspace):
            self._workspace, self._study = load_workspace(self.folder), None
            self._signature = _signature_of(self._workspace)
        return self._workspace


def _signature_of(workspace: Workspace) -> _Signature:
    """Tell one state of a workspace's files from another, by their times and sizes."""
    names = [SITE_FILE, CONTRACT_FILE]
    if workspace.site is not None:
        names += series_files_of(workspace.site)
    files = [workspace.folder / name for name in names]
    stats = ((file, file.stat()) for file in files if file.exists())
    return tuple((str(file), stat.st_mtime_ns, stat.st_size) for file, stat in stats)
