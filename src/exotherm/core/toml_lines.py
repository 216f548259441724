"""Where things stand in a TOML text: the standard parser keeps no positions, so this finds them."""

import re
from collections.abc import Iterator
from functools import lru_cache

Path = tuple[str | int, ...]
"""The keys from the top of a document to a value, with numbers where a list is entered."""

# No document of ours is deeper; a text that is must not fill the memory with paths.
_DEPTH_MAX = 16

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_BARE_OR_QUOTED = r"(?:[\w-]+|\"[^\"]*\"|'[^']*')"
_KEY = re.compile(rf"\s*({_BARE_OR_QUOTED}(?:\s*\.\s*{_BARE_OR_QUOTED})*)\s*=")
_WORD = re.compile(r"\"[^\"]*\"|'[^']*'|[^.\s]+")
_LEXEME = re.compile(r"\"\"\"|'''|\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*|[\[\]{},]")


def line_of(text: str, path: Path) -> int | None:
    """Find the line of a TOML text that sets a path, or the nearest table that should hold it.

    Entries of a list have the line on which they begin; what stands in an inline table has the
    line of that table. None where the text has nothing of the path.
    """
    lines = _lines_of_paths(text)
    for depth in range(min(len(path), _DEPTH_MAX), 0, -1):
        line = lines.get(path[:depth])
        if line is not None:
            return line
    return None


def lines_of(text: str) -> tuple[tuple[int, Path], ...]:
    """Give every line that begins to set a path, with that path, from the top down."""
    return tuple(_walk(text))


def write_path(path: Path) -> str:
    """Write a path as a person reads it: ``meters[0].serial``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


@lru_cache(maxsize=8)
def _lines_of_paths(text: str) -> dict[Path, int]:
    lines: dict[Path, int] = {}
    for number, path in _walk(text):
        for depth in range(1, min(len(path), _DEPTH_MAX) + 1):
            lines.setdefault(path[:depth], number)
    return lines


def _walk(text: str) -> Iterator[tuple[int, Path]]:
    """Give the path that each line begins to set, tables and entries of lists included."""
    table: Path = ()
    counts: dict[Path, int] = {}
    value = _Value()
    for number, line in enumerate(text.split("\n"), start=1):
        begin = 0
        if value.open:
            if value.entry is not None:
                yield number, value.entry
        elif header := _HEADER.match(line):
            table = _enter(_words(header[2]), counts, new_entry=header[1] == "[[")
            yield number, table
            continue
        elif key := _KEY.match(line):
            value = _Value((*table, *_words(key[1])))
            yield number, value.path
            begin = key.end()
        value.read(line, begin)


def _words(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _WORD.findall(dotted))


def _enter(words: tuple[str, ...], counts: dict[Path, int], *, new_entry: bool) -> Path:
    """Give the path of a header: a list on the way is entered at its latest entry."""
    path: Path = ()
    for depth, word in enumerate(words, start=1):
        path = (*path, word)
        if new_entry and depth == len(words):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


class _Value:
    """A value while its lines are read: the brackets and the long string that are still open."""

    def __init__(self, path: Path = ()) -> None:
        self.path = path
        self._brackets: list[str] = []
        self._quotes = ""
        self._index = 0

    @property
    def open(self) -> bool:
        return bool(self._brackets or self._quotes)

    @property
    def entry(self) -> Path | None:
        """The entry of the outermost list that the next line may begin."""
        at_entry = self._brackets == ["["] and not self._quotes
        return (*self.path, self._index) if at_entry else None

    def read(self, line: str, begin: int) -> None:
        at = begin
        while at < len(line):
            if self._quotes:
                end = line.find(self._quotes, at)
                if end < 0:
                    return
                at, self._quotes = end + 3, ""
                continue
            found = _LEXEME.search(line, at)
            if found is None:
                return
            at = found.end()
            self._take(found[0])

    def _take(self, lexeme: str) -> None:
        if lexeme in ('"""', "'''"):
            self._quotes = lexeme
        elif lexeme in "[{":
            self._brackets.append(lexeme)
        elif lexeme in "]}" and self._brackets:
            self._brackets.pop()
        elif lexeme == "," and self._brackets == ["["]:
            self._index += 1
