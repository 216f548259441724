"""What may be known of a project: a yes or no, a word, a day, words, or a span of numbers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """A number that is known to lie from ``low`` to ``high``; both are the same where it is known.

    A file often tells a bound rather than the number: the sum of what the data centre draws is the
    least that its connection carries.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        assert self.low <= self.high, self

    @classmethod
    def exactly(cls, number: float) -> "Span":
        """Give the span of a number that is known."""
        return cls(number, number)

    @property
    def is_exact(self) -> bool:
        """Whether the number itself is known."""
        return self.low == self.high

    def times(self, factor: float) -> "Span":
        """Give the span of the number times a factor that is not negative."""
        return Span(self.low * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class Several:
    """Words of a list, and whether these are all of them."""

    words: tuple[str, ...]
    complete: bool = True

    def any_of(self, wanted: Iterable[str]) -> bool | None:
        """Tell whether one of these is in the list; None where it may hold more than is known."""
        if set(wanted) & set(self.words):
            return True
        return False if self.complete else None


Value = bool | str | date | Span | Several
"""What is known of one fact."""
UNBOUNDED = math.inf
"""The upper end of a span of which only the least is known."""
