"""Words put together as a sentence has them."""

import re
from collections.abc import Iterable

from exotherm.core.units import format_number

# Control characters but the tab and the line feed, marks that turn the direction of writing,
# separators of lines, halves of letters.
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""Write out whatever would steer a terminal instead of being read, like ``\u001b``."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def is_line(text: str) -> bool:
    """Tell whether a text is one line in which everything can be read."""
    return visible(text) == text and not {"\n", "\t"} & set(text)


def listed(words: Iterable[str], *, before_last: str = "and") -> str:
    """List words as a sentence does: one, two and three; nothing of none.

    Names with a comma in them are kept apart by semicolons.
    """
    *others, last = tuple(words) or ("",)
    if not others:
        return last
    if any("," in one for one in (*others, last)):
        return f"{'; '.join(others)}; {before_last} {last}"
    return f"{', '.join(others)} {before_last} {last}"


def counted(count: float, words: str) -> str:
    """Count things as a sentence does: no errors, 1 error, 2 warnings or notes."""
    shown = format_number(count, 0) if count else "no"
    many = " or ".join(f"{one}s" for one in words.split(" or "))
    return f"{shown} {words if shown == '1' else many}"
