"""Words put together as a sentence has them."""

from collections.abc import Iterable


def listed(words: Iterable[str], *, before_last: str = "and") -> str:
    """List words as a sentence does: one, two and three; nothing of none."""
    *others, last = tuple(words) or ("",)
    return f"{', '.join(others)} {before_last} {last}" if others else last
