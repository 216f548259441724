"""Files: those of a workspace, read or explained; those for people, written whole or not at all."""

import codecs
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
        """Give the text of a file without its byte-order mark, or None where a finding says why."""
        content = self.content(name)
        if content is None:
            return None
        if b"\0" in content:
            problem, remedy = _not_text(content, name)
            self._unreadable(name, problem, remedy=remedy)
            return None
        try:
            text = content.decode("utf-8").removeprefix("\ufeff")
            return text.replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            self._unreadable(name, "is not text in UTF-8", remedy=_save_as_utf8(name))
        return None

    def content(self, name: str) -> bytes | None:
        """Give the bytes of a file, or None where a finding says why not."""
        path = self._folder / name
        try:
            if not path.resolve().is_relative_to(self._folder.resolve()):
                self._unreadable(name, "lies outside the workspace", remedy=_put(name))
            elif path.is_dir():
                self._unreadable(
                    name,
                    "is a folder, and a file is wanted",
                    remedy="Name the file that lies in it.",
                )
            elif path.exists() and not path.is_file():
                remedy = "Copy what it gives into a file of that name."
                self._unreadable(name, "is no plain file", remedy=remedy)
            elif path.stat().st_size > _BYTES_MAX:
                remedy = "Keep only the lines and columns in it that are read."
                self._unreadable(name, f"is larger than {_BYTES_MAX // 2**20} MiB", remedy=remedy)
            else:
                return path.read_bytes()
        except FileNotFoundError:
            self._unreadable(name, "is not there", remedy=_put(name))
        except ValueError:
            self._unreadable(name, "is no name that a file can have", remedy=_put(name))
        except OSError as error:
            remedy = "Give yourself the right to read the file and its folder."
            self._unreadable(name, f"cannot be read: {error.strerror}", remedy=remedy)
        return None

    def _unreadable(self, name: str, problem: str, *, remedy: str) -> None:
        self.findings.append(
            Finding(
                code="workspace.file-unreadable",
                severity=Severity.ERROR,
                where=Where(file=name),
                message=f"`{name}` {problem}.",
                remedy=remedy,
            )
        )


def _put(name: str) -> str:
    return f"Put `{name}` into the workspace; `exotherm new DIR` writes an example of each."


def _save_as_utf8(name: str) -> str:
    return f"Open `{name}` in an editor and save it as UTF-8."


def _not_text(content: bytes, name: str) -> tuple[str, str]:
    """Say what a file is that holds bytes of nought, which no text in UTF-8 has, and what to do."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "is text in UTF-16, and UTF-8 is wanted", _save_as_utf8(name)
    again = (
        "Save the file again from where it is from; a workbook and a copy that broke off look so."
    )
    return "is no text: it holds bytes of nought", again


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or as it was before. Raises OSError."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no plain file")
    above = next(one for one in path.absolute().parents if one.exists())
    if not above.is_dir():
        raise OSError(errno.ENOTDIR, f"{above} is a file, and nothing can lie in it")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
