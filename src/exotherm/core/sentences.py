"""Words put together as a sentence has them."""

from collections.abc import Iterable

from exotherm.core.units import format_number


def listed(words: Iterable[str], *, before_last: str = "and") -> str:
    """List words as a sentence does: one, two and three; nothing of none."""
    *others, last = tuple(words) or ("",)
    return f"{', '.join(others)} {before_last} {last}" if others else last


def counted(count: float, words: str) -> str:
    """Count things as a sentence does: no errors, 1 error, 2 warnings or notes."""
    shown = format_number(count, 0) if count else "no"
    many = " or ".join(f"{one}s" for one in words.split(" or "))
    return f"{shown} {words if shown == '1' else many}"
