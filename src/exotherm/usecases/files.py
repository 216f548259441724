"""Files: those of a workspace, read or explained; those for people, written whole or not at all."""

import errno
import os
from pathlib import Path

from exotherm.core.findings import Finding, Severity, Where

_BYTES_MAX = 64 * 1024 * 1024


class WorkspaceFiles:
    """Reads the files of a workspace, and collects what stands against them in ``findings``."""

    def __init__(self, folder: Path) -> None:
        self.findings: list[Finding] = []
        self._folder = folder

    def has(self, name: str) -> bool:
        """Tell whether the workspace has something of this name, which may still be unreadable."""
        return (self._folder / name).exists()

    def path(self, name: str) -> Path:
        """Give where a file of the workspace lies."""
        return self._folder.resolve() / name

    def text(self, name: str) -> str | None:
        """Give the text of a file, or None where a finding says why not."""
        content = self.content(name)
        if content is None:
            return None
        try:
            return content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            save = f"Open `{name}` in an editor and save it as UTF-8."
            self._unreadable(name, "is not text in UTF-8", remedy=save)
        return None

    def content(self, name: str) -> bytes | None:
        """Give the bytes of a file, or None where a finding says why not."""
        path = self._folder / name
        try:
            if not path.resolve().is_relative_to(self._folder.resolve()):
                self._unreadable(name, "lies outside the workspace")
            elif path.exists() and not path.is_file():
                self._unreadable(name, "is no plain file")
            elif path.stat().st_size > _BYTES_MAX:
                self._unreadable(name, f"is larger than {_BYTES_MAX // 2**20} MiB")
            else:
                return path.read_bytes()
        except FileNotFoundError:
            self._unreadable(name, "is not there")
        except ValueError:
            self._unreadable(name, "is no name that a file can have")
        except OSError as error:
            self._unreadable(name, f"cannot be read: {error.strerror}")
        return None

    def _unreadable(self, name: str, problem: str, *, remedy: str = "") -> None:
        put = f"Put `{name}` into the workspace; `exotherm new DIR` writes an example of each."
        self.findings.append(
            Finding(
                code="workspace.file-unreadable",
                severity=Severity.ERROR,
                where=Where(file=name),
                message=f"`{name}` {problem}.",
                remedy=remedy or put,
            )
        )


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or as it was before. Raises OSError."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no plain file")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
